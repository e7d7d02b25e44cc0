"""The books: whatever dies whenever, what may have gone out is in them, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.errors import MailError
from letters.mail.ledger import Attempt, Ledger, State

NOW = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "records" / "ledger.sqlite3")
    yield ledger
    ledger.close()


def claim(books: Ledger, slug: str = "camden", issue: int = 1) -> Attempt:
    return books.claim(slug, issue, "a" * 64, "b" * 64, "<1@x>", NOW)


def test_an_attempt_is_claimed_then_settled(books: Ledger) -> None:
    attempt = claim(books)
    assert (attempt.state, attempt.claimed_at, attempt.settled_at) == (
        "claimed",
        "2020-07-22 09:30:00",
        "",
    )
    books.hand_over(attempt, NOW + timedelta(seconds=1))
    books.settle(attempt, State.ACCEPTED, "250 OK", NOW + timedelta(seconds=2))
    settled = books.latest()["camden"]
    assert (settled.state, settled.handed_over_at, settled.settled_at, settled.reply) == (
        "accepted", "2020-07-22 09:30:01", "2020-07-22 09:30:02", "250 OK",
    )  # fmt: skip


@pytest.mark.parametrize("state", [State.CLAIMED, State.ACCEPTED, State.UNKNOWN])
def test_a_second_attempt_beside_an_open_accepted_or_doubtful_one_is_impossible(
    books: Ledger, state: State
) -> None:
    books.settle(claim(books), state, "", NOW)
    with pytest.raises(
        MailError, match="camden: the ledger has this letter as sent, or as perhaps sent, already"
    ):
        claim(books)
    claim(books, "barnet")
    claim(books, issue=2)


@pytest.mark.parametrize("state", [State.REFUSED, State.DEFERRED])
def test_what_was_not_sent_may_be_tried_again(books: Ledger, state: State) -> None:
    books.settle(claim(books), state, "", NOW)
    assert claim(books).id == 2


def test_what_a_dead_sender_left_open_is_in_doubt_only_if_the_message_went_out(
    books: Ledger,
) -> None:
    claim(books, "camden")
    books.hand_over(claim(books, "barnet"), NOW)
    recovered = {attempt.slug: attempt.state for attempt in books.recover(NOW)}
    assert recovered == {"camden": State.DEFERRED, "barnet": State.UNKNOWN}
    assert books.recover(NOW) == ()


@pytest.mark.parametrize(("sent", "state"), [(True, "accepted"), (False, "deferred")])
def test_a_person_s_word_ends_a_doubt_and_is_kept(books: Ledger, sent: bool, state: str) -> None:
    books.settle(claim(books), State.UNKNOWN, "lost", NOW)
    resolved = books.resolve("camden", sent, "Ada", NOW)
    assert (resolved.state, resolved.reply) == (
        state,
        f"Ada says that it was {'' if sent else 'not '}sent (lost)",
    )


def test_where_there_is_no_doubt_there_is_nothing_to_resolve(books: Ledger) -> None:
    with pytest.raises(MailError, match="barnet: there is nothing to resolve: it has no attempt"):
        books.resolve("barnet", True, "Ada", NOW)
    books.settle(claim(books), State.ACCEPTED, "", NOW)
    with pytest.raises(
        MailError, match="camden: there is nothing to resolve: its last attempt is accepted"
    ):
        books.resolve("camden", True, "Ada", NOW)


def test_a_claim_that_is_no_longer_in_the_books_is_not_settled_in_silence(books: Ledger) -> None:
    attempt = claim(books)
    books.recover(NOW)  # as another program would
    with pytest.raises(
        MailError, match=r"camden: the ledger .* no longer has this attempt as claimed"
    ):
        books.hand_over(attempt, NOW)
    with pytest.raises(
        MailError, match=r"camden: the ledger .* no longer has this attempt as claimed"
    ):
        books.settle(attempt, State.ACCEPTED, "250 OK", NOW)


def test_the_books_outlive_the_program(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "ledger.sqlite3")
    claim(first)
    first.close()
    second = Ledger(tmp_path / "ledger.sqlite3")
    assert [attempt.slug for attempt in second.attempts()] == ["camden"]
    second.close()


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_text("no ledger" * 1000)
    with pytest.raises(
        MailError, match="cannot be used: file is not a database; nothing more is sent"
    ):
        Ledger(tmp_path / "ledger.sqlite3")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(State))), max_size=30))
def test_whatever_happens_no_letter_is_accepted_twice(steps: list[tuple[str, State]]) -> None:
    books = Ledger(None)
    for slug, state in steps:
        try:
            books.settle(claim(books, slug), state, "", NOW)
        except MailError:
            continue
    taken = [
        attempt.slug
        for attempt in books.attempts()
        if attempt.state in (State.ACCEPTED, State.UNKNOWN)
    ]
    assert len(taken) == len(set(taken))
    books.close()
