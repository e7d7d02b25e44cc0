"""The second witness: what it has and the books lack was sent all the same."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.sent import read_sent
from letters.errors import CampaignError, MailError
from letters.mail.attempts import Attempt, State
from letters.mail.ledger import Ledger
from letters.mail.witness import SentFile, lacking, require_known

NOW = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data/2020").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def books(root: Path) -> Iterator[Ledger]:
    ledger = Ledger(root / "records/ledger.sqlite3", witness=SentFile(root, "2020"))
    yield ledger
    ledger.close()


def claim(books: Ledger, slug: str = "camden", issue: int = 1, number: str = "<1@x>") -> Attempt:
    return books.claim(slug, issue, "a" * 64, "b" * 64, number, NOW)


def sent(
    books: Ledger, slug: str, state: State, at: datetime = NOW, number: str = "<1@x>"
) -> Attempt:
    attempt = claim(books, slug, number=number)
    books.hand_over(attempt, at)
    books.settle(attempt, state, "said", at + SECOND)
    return attempt


def lines(root: Path) -> list[tuple[str, int, str, str]]:
    return [(one.slug, one.issue, str(one.state), one.at) for one in read_sent(root, "2020")]


def test_a_line_stands_there_before_the_hand_over_and_another_when_it_is_settled(
    books: Ledger, root: Path
) -> None:
    attempt = claim(books)
    assert lines(root) == []
    books.hand_over(attempt, NOW)
    assert lines(root) == [("camden", 1, "claimed", "2020-07-22 09:30:00")]
    books.settle(attempt, State.ACCEPTED, "250 OK", NOW + SECOND)
    assert lines(root)[1:] == [("camden", 1, "accepted", "2020-07-22 09:30:01")]
    text = (root / "data/2020/sent.yaml").read_text()
    assert text.endswith(
        f'- {{slug: camden, issue: 1, state: accepted, sha256: "{"a" * 64}", message_id: "<1@x>",'
        ' at: "2020-07-22 09:30:01"}\n'
    )


def test_what_was_never_handed_over_has_no_line_and_a_refusal_has_one(
    books: Ledger, root: Path
) -> None:
    books.settle(claim(books), State.DEFERRED, "451 later", NOW)
    books.settle(claim(books, "barnet"), State.REFUSED, "550 no", NOW)
    assert lines(root) == [("barnet", 1, "refused", "2020-07-22 09:30:00")]


def test_books_that_know_all_that_the_witness_has_lack_nothing(books: Ledger, root: Path) -> None:
    sent(books, "camden", State.DEFERRED)
    sent(books, "camden", State.ACCEPTED, NOW + 5 * SECOND)
    sent(books, "barnet", State.UNKNOWN)
    books.resolve("barnet", False, "Ada", NOW + 9 * SECOND)
    assert lacking(read_sent(root, "2020"), books.attempts()) == ()


@pytest.mark.parametrize("steps", range(5))
def test_whatever_step_older_books_are_from_they_lack_the_message(root: Path, steps: int) -> None:
    """A message is put off and then accepted within the same second; the copy is of any moment."""
    books = Ledger(root / "records/ledger.sqlite3", witness=SentFile(root, "2020"))
    copies = []

    def copy() -> None:
        copies.append(books.attempts())

    for state in (State.DEFERRED, State.ACCEPTED):
        copy()
        attempt = claim(books)
        books.hand_over(attempt, NOW)
        copy()
        books.settle(attempt, state, "", NOW)
        copy()
    whole = copies.pop()
    books.close()
    assert [one.state for one in lacking(read_sent(root, "2020"), copies[steps])] == ["accepted"]
    assert lacking(read_sent(root, "2020"), whole) == ()


def test_books_that_were_settled_when_the_witness_could_not_be_lack_nothing_and_complete_it(
    root: Path, books: Ledger
) -> None:
    attempt = claim(books)
    books.hand_over(attempt, NOW)
    before = (root / "data/2020/sent.yaml").read_bytes()
    books.settle(attempt, State.ACCEPTED, "250 OK", NOW)
    (root / "data/2020/sent.yaml").write_bytes(before)
    witness = SentFile(root, "2020")
    assert lacking(witness.lines, books.attempts()) == ()
    assert witness.complete(books.attempts()) == 1
    assert [state for _, _, state, _ in lines(root)] == ["claimed", "accepted"]
    assert SentFile(root, "2020").complete(books.attempts()) == 0


def test_without_the_file_the_books_write_it_again(root: Path, books: Ledger) -> None:
    sent(books, "camden", State.DEFERRED)
    sent(books, "camden", State.ACCEPTED, NOW + 5 * SECOND)
    (root / "data/2020/sent.yaml").unlink()
    assert SentFile(root, "2020").complete(books.attempts()) == 1
    assert [state for _, _, state, _ in lines(root)] == ["accepted"]


@pytest.mark.parametrize(
    "text", ["", "\n", "# What was sent", "# What was sent\n\n", "null\n", "[]\n", "---\n...\n"]
)
def test_one_that_is_emptied_is_as_good_as_none(root: Path, books: Ledger, text: str) -> None:
    sent(books, "camden", State.ACCEPTED)
    (root / "data/2020/sent.yaml").write_text(text)
    witness = SentFile(root, "2020")
    assert witness.lines == []
    assert witness.complete(books.attempts()) == 1
    assert [state for _, _, state, _ in lines(root)] == ["accepted"]


def test_an_accepted_message_counts_though_another_of_the_same_issue_came_to_nothing(
    root: Path, books: Ledger
) -> None:
    sent(books, "camden", State.ACCEPTED)
    again = books.claim("camden", 1, "a" * 64, "c" * 64, "<2@x>", NOW, "came back", again=1)
    books.hand_over(again, NOW)
    books.settle(again, State.DEFERRED, "", NOW + SECOND)
    assert [one.state for one in lacking(read_sent(root, "2020"), ())] == ["accepted", "deferred"]


def test_what_is_lacking_is_listed_and_stops(root: Path, books: Ledger) -> None:
    for number in range(12):
        sent(books, f"council-{number:02}", State.ACCEPTED)
    with pytest.raises(MailError, match="the books of 2020 lack 12 messages") as raised:
        require_known("2020", read_sent(root, "2020"), ())
    text = str(raised.value)
    assert "    council-00 (issue 1): accepted at 2020-07-22 09:30:01 UTC\n" in text
    assert "    and 2 more\n" in text and "letters ledger restore 2020" in text


def test_a_witness_that_was_changed_meanwhile_lets_nothing_go_out(
    root: Path, books: Ledger
) -> None:
    sent(books, "camden", State.ACCEPTED)
    attempt = claim(books, "barnet")
    with (root / "data/2020/sent.yaml").open("a") as file:
        file.write("# somebody else\n")
    with pytest.raises(MailError, match=r"barnet: data/2020/sent\.yaml has changed since this run"):
        books.hand_over(attempt, NOW)


@pytest.mark.parametrize("change", ["letter = 'a'", "settled_at = 'yesterday'", "issue = -1"])
def test_an_attempt_that_no_program_wrote_so_is_told(
    root: Path, books: Ledger, change: str
) -> None:
    sent(books, "camden", State.ACCEPTED)
    with sqlite3.connect(root / "records/ledger.sqlite3") as database:
        database.execute(f"UPDATE attempts SET {change}")
    database.close()
    again = Ledger(root / "records/ledger.sqlite3")
    with pytest.raises(MailError, match="camden: attempt 1 stands in the books as no program"):
        SentFile(root, "2020").complete(again.attempts())
    again.close()


def test_a_witness_that_is_lost_while_a_message_is_under_way_is_written_again(
    root: Path, books: Ledger
) -> None:
    sent(books, "camden", State.ACCEPTED)
    attempt = claim(books, "barnet")
    books.hand_over(attempt, NOW)
    (root / "data/2020/sent.yaml").unlink()
    books.settle(attempt, State.ACCEPTED, "", NOW)
    assert [slug for slug, *_ in lines(root)] == ["camden", "camden", "barnet", "barnet"]


def test_half_a_line_that_a_power_cut_left_is_taken_out(root: Path, books: Ledger) -> None:
    sent(books, "camden", State.ACCEPTED)
    path = root / "data/2020/sent.yaml"
    whole = path.read_text()
    path.write_text(whole + "- {slug: barnet, issue: 1, sta")
    assert len(SentFile(root, "2020").lines) == 2
    assert path.read_text() == whole


def test_a_later_try_of_another_machine_does_not_know_what_went_out_before(
    root: Path, books: Ledger
) -> None:
    """The message has the same number there; it was put off before anything went out."""
    sent(books, "camden", State.ACCEPTED)
    elsewhere = Ledger(None)
    attempt = elsewhere.claim("camden", 1, "a" * 64, "b" * 64, "<1@x>", NOW + timedelta(hours=1))
    elsewhere.settle(attempt, State.DEFERRED, "451 Greylisted", NOW + timedelta(hours=1))
    lines = SentFile(root, "2020").lines
    assert [one.state for one in lacking(lines, elsewhere.attempts())] == ["accepted"]
    elsewhere.close()


def test_a_last_line_that_only_lacks_its_end_counts(root: Path, books: Ledger) -> None:
    sent(books, "camden", State.ACCEPTED)
    path = root / "data/2020/sent.yaml"
    whole = path.read_text()
    path.write_text(whole.rstrip("\n"))
    assert len(SentFile(root, "2020").lines) == 2
    assert path.read_text() == whole


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- {slug: camden, issue: 1}\n", "state"),
        ("camden: accepted\n", "list"),
        (
            "- {slug: camden, issue: 1, state: delivered, sha256: x, message_id: y, at: z}\n",
            "state",
        ),
        (
            f'- {{slug: camden, issue: 1, state: accepted, sha256: "{"0" * 64}",'
            ' message_id: y, at: "2020-02-30 09:30:00"}\n',
            "moment",
        ),
    ],
)
def test_a_witness_that_cannot_be_understood_is_told_with_its_place(
    root: Path, text: str, sentence: str
) -> None:
    (root / "data/2020/sent.yaml").write_text(text)
    with pytest.raises(CampaignError) as raised:
        SentFile(root, "2020")
    assert any(
        one.place.file == "data/2020/sent.yaml" and sentence in f"{one.field} {one.sentence}"
        for one in raised.value.problems
    ), raised.value.problems


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_witness_that_may_not_be_written_lets_nothing_go_out(root: Path, books: Ledger) -> None:
    sent(books, "camden", State.ACCEPTED)
    attempt = claim(books, "barnet")
    (root / "data/2020/sent.yaml").chmod(0o400)
    with pytest.raises(MailError, match=r"sent\.yaml cannot be written"):
        books.hand_over(attempt, NOW)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(State))), max_size=12))
def test_books_never_lack_what_they_wrote_themselves(steps: list[tuple[str, State]]) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "data/2020").mkdir(parents=True)
        books = Ledger(None, witness=SentFile(Path(folder), "2020"))
        _carry_out(books, steps)
        assert lacking(read_sent(Path(folder), "2020"), books.attempts()) == ()
        books.close()


def _carry_out(books: Ledger, steps: list[tuple[str, State]]) -> None:
    for slug, state in steps:
        try:
            attempt = claim(books, slug)
        except MailError:
            continue
        if state is not State.REFUSED:
            books.hand_over(attempt, NOW)
        if state is not State.CLAIMED:
            books.settle(attempt, state, "", NOW)
