"""The books: whatever dies whenever, what may have gone out is in them, and nothing twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.errors import MailError
from letters.mail.attempts import Attempt, Fate, State, Word
from letters.mail.books import VERSION
from letters.mail.ledger import Ledger

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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE attempts SET again = 'x'", "again of attempt 1 is 'x'"),
        ("UPDATE attempts SET issue = '1st'", "issue of attempt 1 is '1st'"),
        ("UPDATE attempts SET issue = 1.5", "issue of attempt 1 is 1.5"),
        ("UPDATE attempts SET handed_over_at = x'00'", r"handed_over_at of attempt 1 is b'\\x00'"),
        (
            "PRAGMA ignore_check_constraints = 1; UPDATE attempts SET state = 'sent'",
            "state of attempt 1 is 'sent'",
        ),
        ("UPDATE words SET fate = 'bounced'", "fate of attempt 1 is 'bounced'"),
        ("UPDATE words SET place = 'first'", "place of attempt 1 is 'first'"),
        ("UPDATE words SET words = x'ff'", r"words of attempt 1 is b'\\xff'"),
        ("ALTER TABLE words DROP COLUMN role", "role of attempt 1 is None"),
    ],
)
def test_what_somebody_wrote_into_the_books_and_they_cannot_hold_is_told(
    tmp_path: Path, change: str, said: str
) -> None:
    path = tmp_path / "ledger.sqlite3"
    books = Ledger(path)
    books.hear([Word(claim(books).id, 0, "Chief Executive", "c" * 64, Fate.TAKEN, "", "then")])
    books.close()
    sqlite(path, f"{change}; SELECT 1")
    with pytest.raises(
        MailError,
        match=f"ledger.sqlite3 is none of ours, or damaged: {said}; nothing more is sent. Bring back",
    ):
        Ledger(path)


def test_a_further_column_that_somebody_added_hinders_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    books = Ledger(path)
    books.hear([Word(claim(books).id, 0, "Chief Executive", "c" * 64, Fate.TAKEN, "", "then")])
    known = books.attempts(), books.words()
    books.close()
    sqlite(path, "ALTER TABLE words ADD note TEXT; ALTER TABLE attempts ADD note TEXT; SELECT 1")
    books = Ledger(path)
    assert (books.attempts(), books.words()) == known
    claim(books, "barnet")
    books.close()


def test_books_in_which_no_further_attempt_has_a_number_say_so(tmp_path: Path) -> None:
    books = Ledger(tmp_path / "ledger.sqlite3", used=2**63 - 1)
    with pytest.raises(MailError, match=r"camden: the ledger .* cannot be used: .*; nothing more"):
        claim(books)
    books.close()


# Versions -----------------------------------------------------------------------------------------------------------

#: The books as the first program began them.
FIRST = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    issue INTEGER NOT NULL,
    letter TEXT NOT NULL,
    envelope TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'accepted', 'refused', 'deferred', 'unknown')),
    claimed_at TEXT NOT NULL,
    handed_over_at TEXT NOT NULL DEFAULT '',
    settled_at TEXT NOT NULL DEFAULT '',
    reply TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
);
INSERT INTO attempts VALUES (1, 'camden', 1, 'a', 'b', '<1@x>', 'accepted', 'then', 'then', 'then', '250 OK', '');
"""


def sqlite(path: Path, script: str) -> list[tuple[object, ...]]:
    """Run a script on a file with SQLite itself; what its last statement gives."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        *all_but_last, last = [one for one in script.split(";") if one.strip()]
        database.executescript(";".join(all_but_last))
        return database.execute(last).fetchall()


def test_books_of_the_first_program_are_brought_up_with_all_that_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    sqlite(path, FIRST)
    books = Ledger(path)
    assert [(one.slug, one.state) for one in books.attempts()] == [("camden", State.ACCEPTED)]
    with pytest.raises(MailError, match="camden: the ledger has this letter as sent"):
        claim(books)
    books.close()
    assert sqlite(path, "PRAGMA user_version") == [(VERSION,)]


def test_books_of_a_newer_program_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Ledger(path).close()
    sqlite(path, f"PRAGMA user_version = {VERSION + 1}; SELECT 1")
    before = path.read_bytes()
    with pytest.raises(MailError, match=rf"is of version {VERSION + 1}, and this program knows"):
        Ledger(path)
    assert path.read_bytes() == before


# Emptied, deleted, replaced, locked ---------------------------------------------------------------------------------


def truncate(path: Path, older: Path) -> None:
    path.write_bytes(b"")


def copy_over(path: Path, older: Path) -> None:
    path.write_bytes(older.read_bytes())


def move_over(path: Path, older: Path) -> None:
    older.rename(path)


def delete(path: Path, older: Path) -> None:
    path.unlink()


def delete_all(path: Path, older: Path) -> None:
    shutil.rmtree(path.parent)


def scribble(path: Path, older: Path) -> None:
    path.write_bytes(b"no ledger" * 1000)


def scribble_over(path: Path, older: Path) -> None:
    older.write_bytes(b"no ledger" * 1000)
    older.rename(path)


def put_a_folder(path: Path, older: Path) -> None:
    path.unlink()
    path.mkdir()


def drop_the_table(path: Path, older: Path) -> None:
    sqlite(path, "DROP TABLE attempts; SELECT 1")


def drop_a_column(path: Path, older: Path) -> None:
    sqlite(path, "ALTER TABLE attempts DROP COLUMN reason; SELECT 1")


def cut_in_half(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_anywhere(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size - 5000)


MISHAPS = [truncate, copy_over, move_over, delete, delete_all, scribble, scribble_over]
MISHAPS += [put_a_folder, drop_the_table, cut_in_half, cut_anywhere]


@pytest.fixture
def used(tmp_path: Path) -> Iterator[tuple[Ledger, Path, Path]]:
    """Books with an accepted and a refused attempt, where they are, and an older copy of them."""
    path, older = tmp_path / "records" / "ledger.sqlite3", tmp_path / "older.sqlite3"
    books = Ledger(path)
    books.settle(claim(books, "ashby"), State.ACCEPTED, "250 OK", NOW)
    older.write_bytes(path.read_bytes())
    books.settle(claim(books, "birch"), State.REFUSED, "550 no", NOW)
    yield books, path, older
    books.close()


def in_the_file(path: Path) -> list[tuple[str, str]]:
    books = Ledger(path)
    try:
        return [(one.slug, str(one.state)) for one in books.attempts()]
    finally:
        books.close()


KNOWN = [("ashby", "accepted"), ("birch", "refused")]


@pytest.mark.parametrize("mishap", [*MISHAPS, drop_a_column])
def test_before_a_claim_nothing_is_claimed_and_what_was_known_stands_in_the_books_again(
    used: tuple[Ledger, Path, Path], mishap: Callable[[Path, Path], None]
) -> None:
    books, path, older = used
    mishap(path, older)
    with pytest.raises(MailError, match=r"camden: .* What this run knows stands in it again"):
        claim(books)
    assert in_the_file(path) == KNOWN


@pytest.mark.parametrize("mishap", MISHAPS)
def test_before_the_hand_over_the_message_must_not_go_and_its_claim_is_known(
    used: tuple[Ledger, Path, Path], mishap: Callable[[Path, Path], None]
) -> None:
    books, path, older = used
    attempt = claim(books)
    mishap(path, older)
    with pytest.raises(MailError, match=r"camden: .* What this run knows stands in it again"):
        books.hand_over(attempt, NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", "claimed")]
    books.settle(attempt, State.DEFERRED, "not sent", NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", "deferred")]


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNKNOWN])
def test_after_the_hand_over_what_became_of_the_message_stands_in_the_books_again(
    used: tuple[Ledger, Path, Path], mishap: Callable[[Path, Path], None], state: State
) -> None:
    books, path, older = used
    attempt = claim(books)
    books.hand_over(attempt, NOW)
    mishap(path, older)
    with pytest.raises(MailError, match=r"camden: .* What this run knows stands in it again"):
        books.settle(attempt, state, "250 OK", NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", str(state))]


def test_books_that_know_of_other_letters_keep_them(used: tuple[Ledger, Path, Path]) -> None:
    books, path, _ = used
    attempt = claim(books)
    other = Ledger(path.with_name("other.sqlite3"))
    for slug in ("dale", "elm", "fern"):
        other.settle(claim(other, slug), State.ACCEPTED, "250 OK", NOW)
    other.close()
    path.with_name("other.sqlite3").rename(path)
    with pytest.raises(MailError, match="What this run knows stands in it again"):
        books.hand_over(attempt, NOW)
    books.settle(attempt, State.DEFERRED, "not sent", NOW)
    others = [("dale", "accepted"), ("elm", "accepted"), ("fern", "accepted")]
    assert in_the_file(path) == [*others, *KNOWN, ("camden", "deferred")]


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ("accepted", "accepted"),
        ("unknown", "unknown"),
        ("deferred", "deferred"),
        ("refused", "refused"),
    ],
)
def test_what_another_program_settled_meanwhile_is_not_opened_again(
    used: tuple[Ledger, Path, Path], there: str, then: str
) -> None:
    books, path, _ = used
    attempt = claim(books)
    sqlite(path, f"UPDATE attempts SET state = '{there}' WHERE slug = 'camden'")
    with pytest.raises(MailError, match="or is another program sending"):
        books.hand_over(attempt, NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", then)]


def test_what_was_accepted_is_never_made_less_by_who_knows_less(
    used: tuple[Ledger, Path, Path],
) -> None:
    books, path, _ = used
    attempt = claim(books)
    sqlite(path, "UPDATE attempts SET state = 'accepted' WHERE slug = 'camden'")
    with pytest.raises(MailError, match="no longer has this attempt as claimed"):
        books.settle(attempt, State.DEFERRED, "the sender died before the message went out", NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", "accepted")]


def test_an_attempt_that_contradicts_the_books_keeps_no_other_out_of_them(
    used: tuple[Ledger, Path, Path],
) -> None:
    books, path, older = used
    books.settle(claim(books), State.UNKNOWN, "lost", NOW)
    shutil.copyfile(path, older)
    later = Ledger(older)  # in which a person has decided, and it was sent again
    later.resolve("camden", False, "Ada", NOW)
    later.settle(claim(later, "camden"), State.ACCEPTED, "250 OK", NOW)
    later.close()
    in_hand = claim(books, "dale")
    books.hand_over(in_hand, NOW)
    older.rename(path)
    with pytest.raises(MailError, match="What this run knows stands in it again"):
        books.settle(in_hand, State.ACCEPTED, "250 OK", NOW)
    twice = [("camden", "deferred"), ("camden", "accepted")]
    assert in_the_file(path) == [*KNOWN, *twice, ("dale", "accepted")]


def test_what_was_accepted_takes_the_place_of_an_older_doubt(
    used: tuple[Ledger, Path, Path],
) -> None:
    books, path, older = used
    books.settle(claim(books), State.UNKNOWN, "lost", NOW)
    shutil.copyfile(path, older)
    books.resolve("camden", False, "Ada", NOW)
    books.settle(claim(books), State.ACCEPTED, "250 OK", NOW)
    older.rename(path)
    with pytest.raises(MailError, match="What this run knows stands in it again"):
        claim(books, "dale")
    again = Ledger(path)
    assert again.latest()["camden"].state is State.ACCEPTED
    with pytest.raises(MailError, match="camden: there is nothing to resolve"):
        again.resolve("camden", False, "Ada", NOW)
    again.close()


def test_of_two_that_were_accepted_both_stay_in_the_books(used: tuple[Ledger, Path, Path]) -> None:
    books, path, older = used
    books.settle(claim(books), State.ACCEPTED, "250 ours", NOW)
    other = Ledger(older)
    attempt = other.claim("camden", 1, "a" * 64, "b" * 64, "<other@x>", NOW)
    other.settle(attempt, State.ACCEPTED, "250 theirs", NOW)
    other.close()
    older.rename(path)
    with pytest.raises(MailError, match="What this run knows stands in it again"):
        claim(books, "dale")
    again = Ledger(path)
    both = [one for one in again.attempts() if one.slug == "camden"]
    again.close()
    assert {(one.message_id, one.state, one.reply) for one in both} == {
        ("<other@x>", "accepted", "250 theirs"),
        ("<1@x>", "deferred", "accepted beside another attempt that counts: 250 ours"),
    }


def test_what_is_no_books_is_kept_under_another_name(used: tuple[Ledger, Path, Path]) -> None:
    books, path, _ = used
    for number in (1, 2):
        path.write_bytes(b"not ours" * number)
        with pytest.raises(MailError, match="What this run knows stands in it again"):
            claim(books)
        assert path.with_name(f"ledger.sqlite3.not-books-{number}").read_bytes() == (
            b"not ours" * number
        )


def test_of_the_attempts_that_excluded_each_other_the_one_that_counts_is_the_latest(
    books: Ledger,
) -> None:
    books.settle(claim(books), State.UNKNOWN, "lost", NOW)
    books._books.insert("attempts", asdict(attempt_of("camden", State.REFUSED)) | {"id": None})
    books.close()
    assert books._books.path is not None
    again = Ledger(books._books.path)
    assert again.latest()["camden"].state is State.UNKNOWN
    assert again.resolve("camden", True, "Ada", NOW).state is State.ACCEPTED
    again.close()


def attempt_of(slug: str, state: State) -> Attempt:
    return Attempt(0, slug, 1, "a" * 64, "b" * 64, "<1@x>", state, "", "", "", "", "")


def test_books_that_are_replaced_again_and_again_are_written_again_each_time(
    used: tuple[Ledger, Path, Path],
) -> None:
    books, path, _ = used
    attempt = claim(books)
    for slugs, state in ((("elm", "fern", "gale"), ""), (("hill",), State.DEFERRED)):
        other = Ledger(path.with_name("other.sqlite3"))
        for slug in slugs:
            other.settle(claim(other, slug), State.ACCEPTED, "250 OK", NOW)
        other.close()
        path.with_name("other.sqlite3").rename(path)
        with pytest.raises(MailError, match="What this run knows stands in it again"):
            if state:
                books.settle(attempt, State(state), "", NOW)
            else:
                books.hand_over(attempt, NOW)
    known = {*KNOWN, ("camden", "deferred"), ("hill", "accepted")}
    assert set(in_the_file(path)) == known


def test_books_that_are_deleted_are_missed_also_in_another_journal_mode(
    used: tuple[Ledger, Path, Path],
) -> None:
    books, path, _ = used
    attempt = claim(books)
    sqlite(path, "PRAGMA journal_mode = WAL")
    for file in path.parent.iterdir():
        file.unlink()
    with pytest.raises(MailError, match=r"camden: the ledger .* was deleted or replaced; nothing"):
        books.hand_over(attempt, NOW)
    assert in_the_file(path) == [*KNOWN, ("camden", "claimed")]
    assert sqlite(path, "PRAGMA journal_mode") == [("delete",)]


def test_books_that_cannot_be_written_any_more_say_so_and_are_left_as_they_are() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        books = Ledger(folder / "ledger.sqlite3")
        attempt = claim(books)
        folder.chmod(0o555)
        with somebody(), pytest.raises(MailError, match=r"camden: the ledger .* cannot be used: "):
            books.hand_over(attempt, NOW)
        folder.chmod(0o755)
        books.close()
        assert in_the_file(folder / "ledger.sqlite3") == [("camden", "claimed")]


def test_who_may_only_read_the_books_can_look_at_them() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        books = Ledger(folder / "ledger.sqlite3")
        claim(books)
        books.close()
        (folder / "ledger.sqlite3").chmod(0o444)
        folder.chmod(0o555)
        with somebody():
            assert in_the_file(folder / "ledger.sqlite3") == [("camden", "claimed")]
        folder.chmod(0o755)


@contextmanager
def somebody() -> Iterator[None]:
    """As who may write only where everybody may: root may write everywhere."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_locked_file_is_waited_for_and_told(tmp_path: Path) -> None:
    path, told = tmp_path / "ledger.sqlite3", list[str]()
    with closing(sqlite3.connect(path, isolation_level=None)) as viewer:

        def tell(sentence: str) -> None:
            told.append(sentence)
            viewer.execute("COMMIT")

        books = Ledger(path, tell, wait=0.01)
        viewer.execute("BEGIN EXCLUSIVE")
        books.settle(claim(books), State.ACCEPTED, "250 OK", NOW)
        books.close()
    assert told == [f"the ledger {path} is locked by another program, such as a viewer; waiting"]
    assert in_the_file(path) == [("camden", "accepted")]


def test_a_file_that_another_program_keeps_in_another_journal_mode_is_waited_for_too(
    tmp_path: Path,
) -> None:
    path, told = tmp_path / "ledger.sqlite3", list[str]()
    Ledger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as viewer:
        viewer.execute("PRAGMA journal_mode = WAL")
        viewer.execute("SELECT * FROM attempts").fetchall()

        def tell(sentence: str) -> None:
            told.append(sentence)
            viewer.close()

        books = Ledger(path, tell, wait=0.1)
        claim(books)
        books.close()
    assert len(told) == 1


def test_a_file_that_stays_locked_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    books = Ledger(path, wait=0.01)
    attempt = claim(books)
    with closing(sqlite3.connect(path, isolation_level=None)) as viewer:
        viewer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MailError, match=r"camden: .* cannot be used: database is locked"):
            books.settle(attempt, State.ACCEPTED, "250 OK", NOW)
    books.close()


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
