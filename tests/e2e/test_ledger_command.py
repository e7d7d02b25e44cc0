"""The books of what was sent, as people and as programs read them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from letters.mail.attempts import Attempt, Fate, State, Word
from letters.mail.ledger import Ledger
from letters.mail.witness import SentFile
from tests.doing import edit, run

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def books(small_year: Path) -> Iterator[Ledger]:
    """The books of the small year, where the command looks for them."""
    ledger = Ledger(small_year / "records/2024/ledger.sqlite3")
    yield ledger
    ledger.close()


def note(
    books: Ledger,
    slug: str,
    state: State,
    reply: str,
    issue: int = 1,
    reason: str = "",
    at: datetime = NOW,
) -> None:
    """An attempt from its claim to its end, a minute later."""
    attempt = books.claim(slug, issue, "a" * 64, "b" * 64, f"<{issue}.{slug}@x>", at, reason)
    books.hand_over(attempt, at)
    books.settle(attempt, state, reply, at + A_MINUTE)


def test_the_books_are_a_line_for_each_authority_by_slug_and_a_line_that_counts(
    books: Ledger, small_year: Path
) -> None:
    note(books, CEDAR, State.ACCEPTED, "250 2.0.0 Taken")
    note(books, ASHBY, State.ACCEPTED, "250 2.0.0 Taken; refused: Leader")
    note(books, BIRCH, State.REFUSED, "550 5.1.1 No such mailbox")
    shown = run("ledger", "2024", "--root", small_year)
    assert shown.exit_code == 0
    assert shown.stdout == (
        f"2024-07-18 09:31:00 UTC  accepted  {ASHBY}  250 2.0.0 Taken; refused: Leader\n"
        f"2024-07-18 09:31:00 UTC  refused   {BIRCH}  550 5.1.1 No such mailbox\n"
        f"2024-07-18 09:31:00 UTC  accepted  {CEDAR}    250 2.0.0 Taken\n"
        "2024: 2 accepted, 1 refused\n"
    )


def test_of_several_attempts_the_last_is_shown_and_counted(books: Ledger, small_year: Path) -> None:
    note(books, ASHBY, State.DEFERRED, "451 4.7.1 Greylisted")
    note(books, ASHBY, State.ACCEPTED, "250 2.0.0 Taken", at=NOW + 5 * A_MINUTE)
    assert run("ledger", "2024", "--root", small_year).stdout == (
        f"2024-07-18 09:36:00 UTC  accepted  {ASHBY}  250 2.0.0 Taken\n2024: 1 accepted\n"
    )


def test_of_a_corrected_letter_the_issue_and_the_reason_are_shown(
    books: Ledger, small_year: Path
) -> None:
    note(books, CEDAR, State.ACCEPTED, "250 2.0.0 Taken")
    note(books, CEDAR, State.ACCEPTED, "250 2.0.0 Taken", 2, "The population was wrong")
    assert run("ledger", "2024", "--root", small_year).stdout == (
        f"2024-07-18 09:31:00 UTC  accepted  {CEDAR}  issue 2: The population was wrong;"
        " 250 2.0.0 Taken\n2024: 1 accepted\n"
    )


def test_an_attempt_under_way_is_shown_with_the_time_when_it_was_claimed(
    books: Ledger, small_year: Path
) -> None:
    books.claim(ASHBY, 1, "a" * 64, "b" * 64, "<1@x>", NOW)
    (line, count) = run("ledger", "2024", "--root", small_year).stdout.splitlines()
    assert line.rstrip() == f"2024-07-18 09:30:00 UTC  claimed  {ASHBY}"
    assert count == "2024: 1 claimed"


def test_of_what_came_back_the_reason_is_shown_and_whose_copy_it_was(
    books: Ledger, small_year: Path
) -> None:
    for slug in (ASHBY, BIRCH):
        note(books, slug, State.ACCEPTED, "250 2.0.0 Taken")
    books.settle(
        books.claim(ASHBY, 1, "a" * 64, "b" * 64, "<2@x>", NOW, again=1, whom="copies"),
        *(State.ACCEPTED, "250 2.0.0 Taken again", NOW + 5 * A_MINUTE),
    )
    for of, place, role, fate in (
        (1, 1, "Leader", Fate.FAILED),
        (3, 1, "Leader", Fate.TAKEN),
        (1, 2, "Chair", Fate.FAILED),
        (2, 0, "Chief Executive", Fate.FAILED),
    ):
        said, source = "550 5.1.1 No such mailbox", "" if fate is Fate.TAKEN else f"{of}"
        books.hear([Word(of, place, role, role, fate, said, "2024-07-20 10:00:00", source)])
    assert run("ledger", "2024", "--root", small_year).stdout == (
        f"2024-07-18 09:35:00 UTC  accepted  {ASHBY}  250 2.0.0 Taken again; a copy came back: Chair\n"
        f"2024-07-20 10:00:00 UTC  returned  {BIRCH}  550 5.1.1 No such mailbox\n"
        "2024: 1 accepted, 1 returned\n"
    )


def test_a_letter_that_came_back_and_went_again_in_doubt_is_unknown(
    books: Ledger, small_year: Path
) -> None:
    note(books, BIRCH, State.ACCEPTED, "250 2.0.0 Taken")
    books.hear([Word(1, 0, "Chief Executive", "x", Fate.FAILED, "550", "2024-07-20 10:00:00", "r")])
    claim = books.claim(BIRCH, 1, "a" * 64, "b" * 64, "<2@x>", NOW, again=1)
    books.hand_over(claim, NOW)
    books.settle(claim, State.UNKNOWN, "the connection was lost", NOW)
    assert "2024: 1 unknown\n" in run("ledger", "2024", "--root", small_year).stdout


def test_as_csv_every_attempt_is_a_row_with_all_that_is_known(
    books: Ledger, small_year: Path
) -> None:
    said = '451 4.7.1 "Greylisted", come back'
    note(books, BIRCH, State.DEFERRED, said)
    note(books, ASHBY, State.UNKNOWN, "the connection was lost")
    note(books, BIRCH, State.ACCEPTED, "250 2.0.0 Taken")
    note(books, BIRCH, State.ACCEPTED, "250 2.0.0 Taken", 2, "Wrong, twice")
    shown = run("ledger", "2024", "--csv", "--root", small_year)
    assert shown.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(row["id"], row["slug"], row["issue"], row["state"]) for row in rows] == [
        ("1", BIRCH, "1", "deferred"),
        ("2", ASHBY, "1", "unknown"),
        ("3", BIRCH, "1", "accepted"),
        ("4", BIRCH, "2", "accepted"),
    ]
    assert (rows[0]["reply"], rows[3]["reason"]) == (said, "Wrong, twice")
    assert rows[0] | {"reply": ""} == {
        "id": "1", "slug": BIRCH, "issue": "1", "letter": "a" * 64, "envelope": "b" * 64,
        "message_id": f"<1.{BIRCH}@x>", "state": "deferred", "claimed_at": "2024-07-18 09:30:00",
        "handed_over_at": "2024-07-18 09:30:00", "settled_at": "2024-07-18 09:31:00", "reply": "",
        "reason": "", "again": "0", "whom": "",
    }  # fmt: skip


def test_books_in_which_nothing_stands_say_so(books: Ledger, small_year: Path) -> None:
    assert books.attempts() == ()
    assert run("ledger", "2024", "--root", small_year).stdout == "2024: nothing sent\n"
    heading, *rows = run("ledger", "2024", "--csv", "--root", small_year).stdout.splitlines()
    assert heading.startswith("id,slug,issue,letter,envelope,message_id,state,")
    assert rows == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "2024: nothing was sent from here\n"),
        ((ASHBY,), f"2024: nothing has happened to the letter of {ASHBY} yet\n"),
        (("--json",), "[]\n"),
        (("--csv",), f"{','.join(field.name for field in fields(Attempt))}\n"),
    ],
)
def test_where_there_are_no_books_a_sentence_says_that_nothing_was_sent_from_here(
    small_year: Path, options: tuple[str, ...], said: str
) -> None:
    shown = run("ledger", "2024", *options, "--root", small_year)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, said, "")
    assert not (small_year / "records").exists()


def test_books_that_are_gone_though_something_was_sent_are_an_error(small_year: Path) -> None:
    records = small_year / "records/2024"
    ledger = Ledger(records / "ledger.sqlite3", witness=SentFile(small_year, "2024"))
    ledger.settle(
        ledger.claim(ASHBY, 1, "a" * 64, "b" * 64, "<2024.ashby-district-council.1@x>", NOW),
        *(State.REFUSED, "550 5.1.1 No such mailbox", NOW),
    )
    ledger.close()
    shutil.rmtree(records)
    shown = run("ledger", "2024", "--root", small_year)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "the books of 2024 lack 1 message that data/2024/sent.yaml has" in shown.stderr
    assert "refused at 2024-07-18 09:30:00 UTC" in shown.stderr


def test_as_json_each_authority_s_letter_is_an_object_with_how_it_stands(
    books: Ledger, small_year: Path
) -> None:
    note(books, CEDAR, State.ACCEPTED, "250 2.0.0 Taken", 2, "The population was wrong")
    note(books, BIRCH, State.REFUSED, "550 5.1.1 No such mailbox")
    refused, corrected = json.loads(run("ledger", "2024", "--json", "--root", small_year).stdout)
    assert refused == {
        "authority": BIRCH, "state": "refused", "at": "2024-07-18 09:31:00", "issue": 1,
        "reason": "", "said": "550 5.1.1 No such mailbox", "message_id": f"<1.{BIRCH}@x>",
    }  # fmt: skip
    assert (corrected["issue"], corrected["reason"]) == (2, "The population was wrong")
    assert run("ledger", "2024", "--json", "--csv", "--root", small_year).exit_code == 2


def test_a_doubt_under_the_slug_of_before_is_resolved_though_the_new_one_was_tried_since(
    books: Ledger, small_year: Path
) -> None:
    note(books, "elder-council", State.UNKNOWN, "the connection was lost")
    note(books, BIRCH, State.DEFERRED, "451 4.7.1 Greylisted")
    said = ("ledger", "resolve", "2024", BIRCH, "--sent", "--by", "Ada", "--root", small_year)
    assert "there is nothing to resolve: its last attempt is deferred" in run(*said).stderr
    edit(
        small_year / "data/authorities.yaml",
        "Birch District Council,",
        "Birch District Council, formerly: [elder-council],",
    )
    assert run(*said).stdout.startswith(f"{BIRCH}: accepted: Ada says that it was sent")
    shown = run("ledger", "2024", "--root", small_year).stdout
    assert "accepted  elder-council" in shown


def test_a_year_that_does_not_exist_is_told_with_those_that_do(
    books: Ledger, small_year: Path
) -> None:
    shown = run("ledger", "2023", "--root", small_year)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "2023" in shown.stderr and "2024" in shown.stderr


def test_books_that_are_no_database_are_told(small_year: Path) -> None:
    (small_year / "records/2024").mkdir(parents=True)
    (small_year / "records/2024/ledger.sqlite3").write_text("no ledger" * 1000)
    shown = run("ledger", "2024", "--root", small_year)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "ledger.sqlite3 cannot be used: file is not a database" in shown.stderr
