"""A second year from beginning to end: refused while it holds last year's, shown meanwhile, then made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from letters.campaign.load import load
from letters.preview.app import preview
from letters.source.places import leaves
from tests.doing import edit, run
from tests.reading import pdf_text
from tests.second_year import (
    MAIDSTONE,
    begin_2021,
    confirm,
    project_of_2020,
    to_confirm,
    write_2021,
)

pytestmark = pytest.mark.no_cover


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2020 built, then 2021 begun and its first figures written."""
    root = project_of_2020(tmp_path_factory.mktemp("second"))
    assert run("build", "2020", "--root", root, "--jobs", "1").exit_code == 0
    begin_2021(root)
    write_2021(root)

    return root


def built(root: Path, year: str) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "build" / year / "letters").glob("*.*"))
    }


@pytest.mark.parametrize("command", [("build", "--jobs", "1"), ("approve",), ("send",), ("pack",)])
def test_nothing_is_made_or_sent_of_a_year_that_is_to_be_confirmed(
    begun: Path, command: tuple[str, ...]
) -> None:
    told = run(command[0], "2021", *command[1:], "--root", begun)

    assert told.exit_code == 1
    assert "stopped: 4 things of 2020 to confirm" in told.output
    assert not (begun / "build/2021/letters").exists()


def test_drafts_go_on_and_say_what_is_to_be_confirmed(begun: Path) -> None:
    told = run("build", "2021", MAIDSTONE, "--root", begun, "--draft")

    assert told.exit_code == 1
    assert "2021: 4 things of 2020 to confirm" in told.output
    assert "1 draft in" in told.output
    pages = pdf_text((begun / "build/2021/failed" / f"{MAIDSTONE}.pdf").read_bytes())
    assert len(pages) == 4
    assert "DRAFT" in pages[0]
    assert "still as in 2020" in pages[3]
    assert not (begun / "build/2021/letters").exists()


@pytest.mark.slow
def test_a_draft_that_cannot_be_written_is_told_and_a_year_without_letters_is_not_done(
    tmp_path: Path,
) -> None:
    root = begin_2021(project_of_2020(tmp_path))
    write_2021(root)
    edit(
        root / "templates/2021/letter.html.jinja",
        "{{ letter.letter_date | day }}",
        "{{ letter.nothing }}",
    )
    told = run("build", "2021", "--root", root, "--draft", "--jobs", "1")
    assert (told.exit_code, "error" in told.output.splitlines()[-1]) == (1, True)
    assert "listed by: letters check 2021" in told.output.splitlines()[-1]

    (root / "data/2021/statistics.yaml").write_text(f"{MAIDSTONE}: {{}}\n", encoding="utf-8")
    told = run("build", "2021", "--root", root, "--draft", "--jobs", "1")
    assert (told.exit_code, "0 drafts in" in told.output) == (1, True)


@pytest.fixture
def client(begun: Path) -> Iterator[TestClient]:
    app, _ = preview(begun, "2021")
    with TestClient(app, base_url="http://127.0.0.1:8343") as client:
        yield client


def test_the_preview_goes_on_and_lists_what_is_to_be_confirmed(client: TestClient) -> None:
    page = client.get("/2021/").text

    assert "Before letters can be made: 4 things of 2020 to confirm" in page
    assert 'data-errors="0"' in page
    assert "Maidstone Borough Council" in page
    assert client.get(f"/2021/letters/{MAIDSTONE}/letter.pdf").content.startswith(b"%PDF")


def test_a_finished_second_year_holds_nothing_of_the_first_that_nobody_confirmed(
    tmp_path: Path,
) -> None:
    root = project_of_2020(tmp_path)
    run("build", "2020", "--root", root, "--jobs", "1")
    sent = built(root, "2020")
    begin_2021(root)
    write_2021(root)
    confirm(root, to_confirm(root))
    done = run("build", "2021", "--root", root, "--jobs", "1")

    assert (done.exit_code, run("check", "2021", "--root", root).output) == (
        0,
        "2021: no problems\n",
    )
    words = " ".join(pdf_text((root / "build/2021/letters" / f"{MAIDSTONE}.pdf").read_bytes()))
    confirmed = load(root, "2021").letter.confirmed
    for path, value in leaves(load(root, "2020").letter.facts):
        name = ".".join(map(str, ("facts", *path)))
        if name not in confirmed and value != "London":  # its boroughs are a peer group
            printed = f"{value:,}" if isinstance(value, int) else str(value)
            assert not re.search(rf"(?<![\w,]){re.escape(printed)}(?![\w,])", words), (path, value)
    for last in ("last year", "Earlier this year", "2019", "Michael King", "22 July", "64%", "45%"):
        assert last not in words
    assert "for the period between 1 April 2020 to 31 March 2021" in " ".join(words.split())
    again = run("build", "2020", "--root", root, "--jobs", "1")
    assert "nothing to do" in again.output
    assert built(root, "2020") == sent
