"""Where letters stand is told at once, as it was found last, as long as no file looks otherwise."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from letters.mail.found_last import found_last, keep, looks
from letters.mail.ledger import Ledger
from letters.mail.stages import Part, Stage, Stand, Standing, Status
from tests.doing import edit, opened_by, run, wait_for
from tests.paper import put_on_paper

ASHBY = "ashby-district-council"
TODAY = date(2024, 7, 18)


@pytest.fixture
def built(small_year: Path) -> Path:
    put_on_paper(small_year)
    return small_year


def settled(root: Path, today: date = TODAY) -> str:
    """How all files look, once none has changed for a moment."""
    wait_for(lambda: looks(root, "2024", today))
    return looks(root, "2024", today)


def test_a_status_is_the_same_after_it_was_kept() -> None:
    stands = {
        ASHBY: Stand(Stage.SENT, "2024-07-18", frozenset({Part.CORRECTED}), Standing.APPROVED),
        "birch": Stand(Stage.MEND, "why"),
    }
    status = Status("2024", stands, ("the books are gone",), 3, True)
    plain = json.loads(json.dumps(status.plain(dict.fromkeys(stands, "A name"))))
    assert Status.of_plain(plain) == status


def test_what_is_kept_is_found_while_files_look_as_they_did(built: Path) -> None:
    look = settled(built)
    plain = Status("2024").plain({})
    keep(built, "2024", look, plain)
    assert looks(built, "2024", TODAY) == look, "what is kept is not looked at"
    assert found_last(built, "2024", look) == plain
    assert found_last(built, "2024", "other") is None
    assert found_last(built, "2024", "") is None


def begin_books(root: Path) -> None:
    Ledger(root / "records/2024/ledger.sqlite3").close()


def the_same_size(root: Path) -> None:
    """As long as before, and with the time of before: only when it was put there tells."""
    path = root / "data/2024/statistics.yaml"
    before = path.stat()
    edit(path, "upheld: 5", "upheld: 6")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "of the same size and time": the_same_size,
    "books are begun": begin_books,
    "a file that is new": lambda root: (root / "templates/2024/more.css").write_text(""),
    "a folder that is new": lambda root: (root / "data/2024/attachments/x").mkdir(parents=True),
    "a link to nowhere": lambda root: (root / "data/2024/x.pdf").symlink_to("/nowhere"),
    "no manifest": lambda root: (root / "build/2024/manifest.json").unlink(),
    "another PDF": lambda root: (root / f"build/2024/letters/{ASHBY}.pdf").write_bytes(b""),
    "approvals": lambda root: (root / "data/2024/approvals.yaml").write_text("{}"),
    "office": lambda root: edit(root / "data/office.yaml", "answers@office", "other@office"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_a_file_shows(built: Path, change: Callable[[Path], object]) -> None:
    before = settled(built)
    change(built)
    assert settled(built) != before


def test_so_does_another_day(built: Path) -> None:
    assert settled(built) != settled(built, date(2024, 7, 24))


def test_just_after_a_change_nothing_is_kept_for_a_further_one_might_not_show(built: Path) -> None:
    (built / "data/2024/approvals.yaml").write_text("{}")
    os.utime(built / "data/2024/approvals.yaml", ns=(0, time.time_ns() + 10**11))
    assert looks(built, "2024", TODAY) == ""
    keep(built, "2024", "", {"year": "2024"})
    assert not (built / "build/2024/status.json").exists()


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"look": "x"}', '{"look": "x", "status": {}}'])
def test_a_damaged_one_counts_for_nothing(built: Path, kept: str) -> None:
    (built / "build/2024/status.json").write_text(kept)
    assert found_last(built, "2024", "x") is None


def test_without_a_build_nothing_is_kept(small_year: Path) -> None:
    keep(small_year, "2024", "x", {})
    assert not (small_year / "build").exists()


def test_a_link_that_leads_back_is_followed_once(built: Path) -> None:
    (built / "data/2024/round").symlink_to(built / "data", target_is_directory=True)
    assert settled(built)


def test_the_command_reads_no_data_a_second_time_and_says_the_same(built: Path) -> None:
    settled(built)
    first = run("status", "2024", "--root", built)
    assert "data/2024/statistics.yaml" not in "".join(opened_by("status", "2024", "--root", built))
    assert run("status", "2024", "--root", built).stdout == first.stdout
