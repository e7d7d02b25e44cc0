"""Many letters: in parallel, only what changed, nothing half-written, and a manifest that tells the truth."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from letters.batch import verify
from letters.batch.build import Build
from letters.batch.draft import Drafts
from letters.batch.manifest import read_manifest, unfinished
from letters.batch.pool import StartMethod, pool
from letters.batch.store import letters_folder, year_folder
from letters.batch.workers import BUNDLE, Bundle, typeset
from letters.campaign.load import load
from letters.check import gather
from letters.errors import BuildError
from letters.files import only_one
from letters.typesetting.engine import engine_versions
from tests.conftest import PROJECT
from tests.doing import edit, wait_for

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

COUNCILS = 14  #: of the year that most tests here build


def differences(root: Path, year: str, slugs: Sequence[str] = ()) -> tuple[int, tuple[str, ...]]:
    """How many letters the manifest names, and what is not as it says."""
    number, found = verify.differences(root, year, slugs)
    return number, tuple(one.sentence for one in found)


@pytest.fixture
def year(small_year: Path) -> Path:
    """The small year with more councils."""
    statistics = small_year / "data" / "2024" / "statistics.yaml"
    register = small_year / "data" / "authorities.yaml"
    for number in range(COUNCILS - 3):
        with register.open("a") as file:
            file.write(f"elm-{number:02}: {{name: Elm {number:02}, peer_group: unitary}}\n")
        with statistics.open("a") as file:
            file.write(
                f"elm-{number:02}: {{investigations: 9, upheld: {number % 9}, remedied: 0, population: 5000}}\n"
            )
    return small_year


def build(
    root: Path, *slugs: str, workers: int = 2, method: StartMethod = "fork", force: bool = False
) -> Build:
    """Build the year 2024 and return the build, done."""
    made = Build(Drafts(root, load(root, "2024")), slugs, force)
    with pool(workers, method) as executor:
        failed = [outcome for outcome in made.run(executor, workers) if outcome.error]
    assert not failed
    return made


def due(root: Path) -> dict[str, tuple[str, ...]]:
    """What a build would make, and why."""
    return dict(Build(Drafts(root, load(root, "2024"))).plan.due)


def files(root: Path) -> dict[str, bytes]:
    """Every file of the year's build folder, but for the lock."""
    folder = year_folder(root, "2024")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@contextmanager
def command(
    root: Path, *arguments: str, temporary: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A build of the year 2024 in a process of its own, which does not outlive the test."""
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "letters",
            "build",
            "2024",
            "--root",
            str(root),
            "--jobs",
            "2",
            *arguments,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(temporary)} if temporary else None,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_results_do_not_depend_on_workers_or_start_methods(year: Path) -> None:
    build(year)
    once = files(year)
    variants: list[tuple[int, StartMethod]] = [(1, "spawn"), (2, "forkserver"), (5, "fork")]
    for workers, method in variants:
        shutil.rmtree(year / "build")
        build(year, workers=workers, method=method)
        assert files(year) == once, f"{workers} workers by {method}"


def test_results_do_not_depend_on_the_executor(year: Path) -> None:
    build(year)
    once = files(year)
    shutil.rmtree(year / "build")
    made = Build(Drafts(year, load(year, "2024")))
    with ThreadPoolExecutor(3) as threads:
        assert all(outcome.error is None for outcome in made.run(threads, 3))
    assert files(year) == once


def test_built_twice_there_is_nothing_to_do(year: Path) -> None:
    build(year)
    before = files(year)
    again = build(year)
    assert (again.plan.due, again.plan.html_only, again.plan.unchanged) == ({}, (), COUNCILS)
    assert files(year) == before


ASHBY, BIRCH = "ashby-district-council", "birch-district-council"
ALL = "all"


@pytest.mark.parametrize(
    ("file", "old", "new", "changed", "why"),
    [
        (
            "data/2024/statistics.yaml",
            "remedied: 2",
            "remedied: 1",
            {ASHBY, BIRCH},
            "statistics: remedied 2 -> 1",
        ),
        (
            "data/2024/statistics.yaml",
            "population: 51000",
            "population: 51001",
            {"cedar-fire-authority"},
            "population",
        ),
        ("data/2024/contacts.yaml", "surname: Oak", "surname: Ash", {ASHBY}, "contact changed"),
        ("data/2024/contacts.yaml", "oak@ashby.example", "o@ashby.example", set(), ""),
        (
            "data/authorities.yaml",
            "Birch District",
            "Birch-District",
            {BIRCH},
            "statistics: authority.name Birch",
        ),
        (
            "data/2024/letter.yaml",
            "returned: 1203",
            "returned: 1204",
            ALL,
            "letter.yaml: facts.casework.returned 1203",
        ),
        ("data/2024/letter.yaml", "pages: 2", "pages: 3", ALL, "letter.yaml: pages 2 -> 3"),
        (
            "templates/2024/letter.html.jinja",
            "Casework was",
            "Our work was",
            ALL,
            "template 2024/letter.html.jinja changed",
        ),
        ("templates/2024/letter.html.jinja", "{% extends", "{# a remark #}{% extends", set(), ""),
        (
            "templates/base/print.css",
            "margin: 0 0 2.9mm",
            "margin: 0 0 3mm",
            ALL,
            "file base/print.css changed",
        ),
    ],
)
def test_a_change_rebuilds_exactly_the_letters_it_should(
    year: Path, file: str, old: str, new: str, changed: set[str] | str, why: str
) -> None:
    build(year)
    edit(year / file, old, new)
    planned = due(year)
    expected = set(load(year, "2024").statistics) if changed == ALL else set(changed)
    assert set(planned) == expected
    assert all(
        why in "; ".join(reasons)
        for slug, reasons in planned.items()
        if slug != BIRCH or len(expected) != 2
    )


def test_a_bespoke_paragraph_rebuilds_its_letter_when_it_comes_and_when_it_goes(year: Path) -> None:
    edit(
        year / "templates/2024/letter.html.jinja",
        "<p>Casework",
        "{{ letter.paragraph or '' }}<p>Casework",
    )
    build(year)
    paragraph = year / "data/2024/paragraphs" / f"{ASHBY}.md"
    paragraph.parent.mkdir()
    paragraph.write_text("Well done.")
    assert due(year) == {ASHBY: ("bespoke paragraph added",)}
    build(year)
    paragraph.unlink()
    assert due(year) == {ASHBY: ("bespoke paragraph removed",)}


def test_a_newer_renderer_rebuilds_all(year: Path) -> None:
    build(year)
    edit(year / "build/2024/manifest.json", '"WeasyPrint": "', '"WeasyPrint": "0.')
    for entry in (text := json.loads((year / "build/2024/manifest.json").read_text()))["letters"]:
        entry["fingerprint"] = "of another renderer"
    (year / "build/2024/manifest.json").write_text(json.dumps(text))
    planned = due(year)
    assert len(planned) == COUNCILS
    assert all("WeasyPrint 0." in "; ".join(reasons) for reasons in planned.values())


def test_styles_for_screens_rewrite_the_html_pages_alone(year: Path) -> None:
    build(year)
    pdfs = {name: content for name, content in files(year).items() if name.endswith(".pdf")}
    edit(year / "templates/base/screen.css", "max-width: 48rem", "max-width: 50rem")
    again = build(year)
    assert (again.plan.due, len(again.plan.html_only)) == ({}, COUNCILS)
    assert {name: content for name, content in files(year).items() if name.endswith(".pdf")} == pdfs
    assert differences(year, "2024") == (COUNCILS, ())


def test_a_tampered_or_missing_file_is_noticed_and_made_again(year: Path) -> None:
    build(year)
    before = files(year)
    folder = letters_folder(year, "2024")
    (folder / "elm-00.pdf").write_bytes(b"%PDF-1.7 something else")
    (folder / "elm-01.pdf").unlink()
    (folder / "elm-02.html").write_text("something else")
    assert differences(year, "2024")[1] == (
        f"{folder}/elm-00.pdf: not the one that was built",
        f"{folder}/elm-01.pdf: missing",
        f"{folder}/elm-02.html: not the one that was built",
    )
    plan = build(year).plan
    assert plan.due == {
        "elm-00": ("its PDF is not the one that was built",),
        "elm-01": ("its PDF is missing",),
    }
    assert plan.html_only == ("elm-02",)
    assert files(year) == before


def test_a_letter_whose_authority_left_is_removed(year: Path) -> None:
    build(year)
    statistics = year / "data/2024/statistics.yaml"
    statistics.write_text(
        "\n".join(line for line in statistics.read_text().splitlines() if "elm-03" not in line)
        + "\n"
    )
    plan = build(year).plan
    assert plan.left == ("elm-03",)
    assert not [name for name in files(year) if "elm-03" in name]
    assert differences(year, "2024") == (COUNCILS - 1, ())


def test_a_letter_whose_authority_left_is_removed_however_the_builds_before_ended(
    year: Path,
) -> None:
    build(year)
    statistics = year / "data/2024/statistics.yaml"
    statistics.write_text(
        "\n".join(line for line in statistics.read_text().splitlines() if "elm-03" not in line)
        + "\n"
    )
    build(year, ASHBY)
    assert "elm-03" in read_manifest(year_folder(year, "2024")).letters
    manifest = year_folder(year, "2024") / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace('"slug": "elm-03"', '"slug": "elm-00"')
    )  # forgotten, not removed
    assert "elm-03" in build(year).plan.left
    assert not [name for name in files(year) if "elm-03" in name]


def test_an_html_page_that_the_manifest_does_not_know_is_written_again(year: Path) -> None:
    build(year)
    manifest = year_folder(year, "2024") / "manifest.json"
    before = manifest.read_text()
    digest = read_manifest(year_folder(year, "2024")).letters["elm-00"].html_sha256
    manifest.write_text(
        before.replace(digest, "0" * 64)
    )  # as when a build is killed between page and journal
    assert build(year).plan.html_only == ("elm-00",)
    assert manifest.read_text() == before


def test_a_worker_with_another_engine_makes_no_letter() -> None:
    bundle = Bundle((), "digest", engine={**engine_versions(), "WeasyPrint": "0.1"})
    with pytest.raises(
        BuildError,
        match=f"a worker has WeasyPrint {engine_versions()['WeasyPrint']}, and 0.1 is wanted",
    ):
        typeset(bundle)


def test_the_engine_is_known_down_to_the_libraries_of_the_system() -> None:
    assert {"letters", "WeasyPrint", "Pango", "HarfBuzz"} <= {
        name for name, known in engine_versions().items() if known
    }


def test_stray_files_make_no_letter_due(year: Path) -> None:
    build(year)
    problems = gather(year, "2024").problems
    for folder in (year / "templates/2024", year / "templates/base", year / "templates/base/fonts"):
        for name in ("notes.txt", "print.css~", "._letter.html.jinja", "letter.html.jinja.orig"):
            (folder / name).write_bytes(b"\xff")
    with (year / "templates/base/fonts/LICENSE").open("a") as licence:
        licence.write(",")
    assert due(year) == {}
    assert gather(year, "2024").problems == problems


def test_force_makes_all_again(year: Path) -> None:
    build(year)
    before = files(year)
    assert len(build(year, force=True).plan.due) == COUNCILS
    assert files(year) == before


def test_a_branch_that_only_some_letters_reach_fails_those_alone(year: Path) -> None:
    edit(
        year / "templates/2024/letter.html.jinja",
        "<p>Casework",
        "{% if letter.counts.upheld.value == 3 %}{{ letter.nothing }}{% endif %}<p>Casework",
    )
    made = Build(Drafts(year, load(year, "2024")))
    with pool(2, "fork") as executor:
        failed = {outcome.slug for outcome in made.run(executor, 2) if outcome.error}
    assert failed == {BIRCH, "elm-03"}
    assert differences(year, "2024") == (COUNCILS - 2, ())


@pytest.mark.parametrize(
    "finished", [0, *(pytest.param(count, marks=pytest.mark.slow) for count in (1, 3, 6, 10))]
)
def test_killed_at_any_moment_the_next_build_makes_what_an_undisturbed_one_makes(
    year: Path, finished: int
) -> None:
    build(year)
    undisturbed = files(year)
    shutil.rmtree(year / "build")
    letters = letters_folder(year, "2024")
    with command(year) as killed:
        wait_for(lambda: letters.exists() and len(list(letters.glob("*.pdf"))) >= finished)
        time.sleep(random.random() / 20)  # at no particular moment
        killed.kill()
    for name, content in files(year).items():
        if name.startswith("letters/") and ".part-" not in name:
            assert content == undisturbed[name], f"{name} is not whole"
    folder = year_folder(year, "2024")
    if read_manifest(folder).letters and unfinished(folder):  # else it had begun or ended just now
        _, (first, *others) = differences(year, "2024")
        assert first.endswith("build/2024: a build has not ended; build the year again")
        assert all(difference.endswith(": not in the manifest") for difference in others)
    build(year)
    assert files(year) == undisturbed


def test_a_killed_build_leaves_no_workers(year: Path) -> None:
    letters = letters_folder(year, "2024")
    with command(year) as killed:
        wait_for(lambda: letters.exists() and list(letters.glob("*.pdf")))
        workers = _children(killed.pid)
        assert workers
        killed.kill()
    wait_for(
        lambda: (
            not [pid for pid in workers if Path(f"/proc/{pid}/cmdline").exists() and _alive(pid)]
        )
    )


@contextmanager
def stuck(root: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A build that cannot end before a worker counts as stuck, and its workers: one is stopped
    with its first letters in hand, all other letters are made.
    """
    letters = letters_folder(root, "2024")
    with command(root) as running:
        wait_for(lambda: len(_workers(running.pid)) == 2)
        workers = _workers(running.pid)
        os.kill(workers[1], signal.SIGSTOP)
        wait_for(lambda: len(list(letters.glob("*.pdf"))) == COUNCILS - BUNDLE, 120)
        yield running, workers


def test_a_worker_killed_once_is_replaced_and_the_build_goes_on(year: Path) -> None:
    with stuck(year) as (running, workers):
        os.kill(workers[1], signal.SIGKILL)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert differences(year, "2024") == (COUNCILS, ())


@pytest.mark.slow
def test_a_worker_killed_again_and_again_ends_the_build_with_a_sentence_and_the_next_one_carries_on(
    year: Path,
) -> None:
    with stuck(year) as (running, workers):
        os.kill(workers[1], signal.SIGKILL)
        wait_for(lambda: set(_workers(running.pid)) - set(workers))
        (anew,) = set(_workers(running.pid)) - set(workers)
        os.kill(anew, signal.SIGKILL)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "error: a worker process was killed" in errors
    assert "Traceback" not in errors
    assert len(build(year).plan.due) == BUNDLE
    assert differences(year, "2024") == (COUNCILS, ())


@pytest.mark.slow
def test_a_stopped_worker_is_replaced_and_the_build_goes_on(year: Path) -> None:
    made = Build(Drafts(year, load(year, "2024")))
    with pool(2, "fork", longest=3) as executor:
        os.kill(executor.submit(os.getpid).result(), signal.SIGSTOP)
        assert all(outcome.error is None for outcome in made.run(executor, 2))
    assert differences(year, "2024") == (COUNCILS, ())


def test_ctrl_c_ends_the_build_with_a_sentence(year: Path) -> None:
    with stuck(year) as (running, workers):
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "error: stopped; what is done is kept" in errors
    assert "Traceback" not in errors
    wait_for(partial(_all_gone, workers))


@pytest.mark.slow
def test_ctrl_c_pressed_again_and_again_ends_the_build_all_the_same(year: Path) -> None:
    with stuck(year) as (running, workers):
        for _ in range(3):
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=0.05)
        _, errors = running.communicate(timeout=30)
    assert running.returncode != 0
    assert "Traceback" not in errors
    wait_for(partial(_all_gone, workers))


@pytest.mark.slow
def test_a_build_that_ends_early_leaves_no_fonts_in_the_temporary_folder(
    year: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    letters = letters_folder(year, "2024")
    for signal_sent in (signal.SIGINT, signal.SIGKILL):
        with command(year, "--force", temporary=temporary) as running:
            wait_for(lambda: letters.exists() and list(letters.glob("*.pdf")))
            workers = _workers(running.pid)
            running.send_signal(signal_sent)
            running.communicate(timeout=60)
        assert running.returncode != 0
        wait_for(partial(_all_gone, workers))
        wait_for(lambda: not list(temporary.iterdir()))
        shutil.rmtree(year / "build")


#: Makes a year's letters in threads of its own and ends as programs do, like a cluster's worker.
_BY_ITSELF = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from letters.batch.build import Build
from letters.batch.draft import Drafts
from letters.campaign.load import load
root = Path(sys.argv[1])
with ThreadPoolExecutor(1) as threads:
    list(Build(Drafts(root, load(root, "2024"))).run(threads, 1))
"""


@pytest.mark.slow
def test_a_worker_that_ends_as_programs_do_says_nothing_and_leaves_no_fonts(
    year: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _BY_ITSELF, str(year)],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list(letters_folder(year, "2024").glob("*.pdf"))) == COUNCILS
    assert not list(temporary.iterdir())


def test_a_second_build_of_the_year_says_who_is_building(year: Path) -> None:
    with only_one(year_folder(year, "2024"), "process 4711"), command(year) as second:
        _, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert errors.startswith("error: ")
    assert "is being built by process 4711" in errors


def test_a_damaged_manifest_ends_the_build_and_removes_nothing(year: Path) -> None:
    build(year)
    victim = year / "victim.pdf"
    victim.write_text("of somebody")
    edit(year / "build/2024/manifest.json", '"slug": "elm-03"', '"slug": "../../../victim"')
    with pytest.raises(
        BuildError, match=r"manifest\.json is none of ours, or damaged; delete it and build again"
    ):
        due(year)
    with command(year) as running:
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "manifest.json is none of ours, or damaged" in errors
    assert victim.exists()


def change_manifest(root: Path, change: Callable[[Any], object]) -> None:
    """Change the manifest, as somebody does with an editor."""
    path = year_folder(root, "2024") / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def forget_format(document: Any) -> None:
    """As versions wrote it that knew no formats, with a letter of a council long gone."""
    del document["format"]
    document["letters"].append({"slug": "gone-council", "pages": "of another kind"})


def test_a_year_of_an_older_format_is_built_anew_and_what_left_is_removed(year: Path) -> None:
    build(year)
    before = files(year)
    change_manifest(year, forget_format)
    gone = letters_folder(year, "2024") / "gone-council.pdf"
    gone.write_text("a letter")
    with pytest.raises(BuildError, match="built by an older version of letters; build the year"):
        differences(year, "2024")
    plan = build(year).plan
    assert set(plan.due.values()) == {("new",)}
    assert (len(plan.due), plan.left) == (COUNCILS, ("gone-council",))
    assert files(year) == before


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("sha256", "0" * 64, "not the one that was built"),
        ("pages", 7, "of other pages than the manifest says"),
        ("bytes", 7, "of other bytes than the manifest says"),
        ("statistics", {}, "of other statistics than the manifest says"),
    ],
)
def test_what_the_manifest_says_otherwise_than_a_pdf_is_told_and_made_again(
    year: Path, name: str, value: object, fault: str
) -> None:
    build(year)
    before = files(year)
    change_manifest(year, lambda document: document["letters"][0].update({name: value}))
    found = differences(year, "2024")[1]
    assert f"{letters_folder(year, '2024')}/{ASHBY}.pdf: {fault}" in found
    assert build(year).plan.due == {ASHBY: (f"its PDF is {fault}",)}
    assert files(year) == before


def swap(root: Path) -> None:
    """Two PDFs in each other's place, and the manifest made to fit."""
    one, other = (letters_folder(root, "2024") / f"{slug}.pdf" for slug in (ASHBY, BIRCH))
    pdfs = one.read_bytes(), other.read_bytes()
    other.write_bytes(pdfs[0])
    one.write_bytes(pdfs[1])

    def fit(document: Any) -> None:
        first, second = document["letters"][:2]
        for name in ("sha256", "bytes", "pages"):
            first[name], second[name] = second[name], first[name]

    change_manifest(root, fit)


def test_swapped_letters_are_told_and_made_again_whatever_the_manifest_says(year: Path) -> None:
    build(year)
    before = files(year)
    swap(year)
    folder = letters_folder(year, "2024")
    assert differences(year, "2024")[1] == (
        f"{folder}/{ASHBY}.pdf: the letter of {BIRCH}",
        f"{folder}/{BIRCH}.pdf: the letter of {ASHBY}",
    )
    assert build(year).plan.due == {
        ASHBY: (f"its PDF is the letter of {BIRCH}",),
        BIRCH: (f"its PDF is the letter of {ASHBY}",),
    }
    assert files(year) == before


def test_a_pdf_that_is_no_letter_is_made_again_though_the_manifest_has_its_digest(
    year: Path,
) -> None:
    build(year)
    (letters_folder(year, "2024") / f"{ASHBY}.pdf").write_bytes(b"%PDF-1.7 something else")
    digest = sha256(b"%PDF-1.7 something else").hexdigest()
    change_manifest(year, lambda document: document["letters"][0].update(sha256=digest))
    assert due(year) == {ASHBY: ("its PDF is no letter's PDF",)}


def test_a_wrong_total_is_told_and_written_right_by_the_next_build(year: Path) -> None:
    build(year)
    before = files(year)
    change_manifest(year, lambda document: document["totals"].update(letters=99))
    (told,) = differences(year, "2024")[1]
    assert told.endswith(f"manifest.json: totals.letters is 99, and {COUNCILS} is right")
    assert build(year).plan.due == {}
    assert files(year) == before


def test_a_letter_of_the_campaign_that_was_not_built_is_told(year: Path) -> None:
    build(year, ASHBY, BIRCH)
    (letters_folder(year, "2024") / "elm-01.pdf").write_text("of somebody")
    slugs = (ASHBY, BIRCH, "elm-00", "elm-01")
    assert differences(year, "2024", slugs) == (
        2,
        (
            f"{letters_folder(year, '2024')}/elm-00.pdf: not built",
            f"{letters_folder(year, '2024')}/elm-01.pdf: not in the manifest",
        ),
    )


def test_a_full_disk_ends_the_build_with_a_sentence_and_whole_files(
    year: Path, little_disk: Path
) -> None:
    (year / "build").symlink_to(little_disk)
    with command(year) as running:
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "No space left on device" in errors
    assert "Traceback" not in errors
    assert not list(letters_folder(year, "2024").glob(".part-*"))
    assert all(
        path.read_bytes().endswith(b"%%EOF\n")
        for path in letters_folder(year, "2024").glob("*.pdf")
    )


class Misfortune(Executor):
    """Workers that fail for a reason of their own."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(self._error)
        return future


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            OSError(28, "No space left on device"),
            "No space left on device; the temporary folder of the workers may be full",
        ),
        (OSError(24, "Too many open files", "/tmp/a"), "/tmp/a: Too many open files"),
        (MemoryError(), "MemoryError"),
    ],
    ids=["full disk", "open files", "memory"],
)
def test_misfortunes_of_workers_are_told_and_are_no_letter_s_fault(
    year: Path, error: Exception, reason: str
) -> None:
    made = Build(Drafts(year, load(year, "2024")))
    with pytest.raises(BuildError) as raised:
        list(made.run(Misfortune(error), 1))
    assert str(raised.value).startswith(f"the workers failed ({reason}); what is done is kept")


def _workers(pid: int) -> list[int]:
    return [
        child
        for child in _children(pid)
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()
    ]


def _all_gone(pids: list[int]) -> bool:
    return not any(_alive(pid) for pid in pids)


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    ).stdout
    return [int(number) for number in found.split()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
