"""What was sent: every attempt, written before and after.

An attempt is claimed before anything is said to the mail server, marked before the message itself
is handed over, and settled after, each committed at once. So whatever dies whenever, what may have
gone out is in the books. A unique index makes a second open or accepted attempt for the same
authority and issue impossible. Books that are emptied, deleted, replaced or damaged while they are
open are written again as they were known, and nothing more is sent.

No address is kept: the contacts have them, and the envelope's digest tells whether they changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_type_hints

from letters.errors import MailError
from letters.mail.attempts import ONCE, WEIGHTS, Attempt, State, Word
from letters.mail.books import BRING_BACK, AlreadyThere, Books, BooksError, set_aside
from letters.wording import universal_time

_TYPES = {kind: get_type_hints(kind) for kind in (Attempt, Word)}  #: by name, of what rows hold
_COLUMNS = tuple(_TYPES[Attempt])
_MOMENT = 0.25  #: seconds that who only reads waits for a sender, and twelve times that at most

T = TypeVar("T", Attempt, Word)


def read(path: Path) -> tuple[tuple[Attempt, ...], tuple[Word, ...]]:
    """What books that are there have: attempts, and what was said of addresses.

    They are not changed, and who sends meanwhile does not wait. Raises MailError.
    """
    books = Books(path, _COLUMNS, lambda sentence: None, _MOMENT, copied=True)
    try:
        return _attempts(books), _words(books)
    finally:
        books.close()


class Witness(Protocol):
    """What sees each hand-over and each end beside the books."""

    def note(self, attempt: Attempt) -> None:
        """Write down an attempt as it is now. Raises MailError."""


class Ledger:
    """One year's books, open as long as this is."""

    def __init__(
        self,
        path: Path | None,
        tell: Callable[[str], None] = lambda sentence: None,
        wait: float = 5,
        witness: Witness | None = None,
        used: int = 0,
    ) -> None:
        """Open or begin the books; None for forgotten ones.

        While another program keeps the file locked it is told, and waited for a minute: twelve
        times `wait` seconds. Numbers of attempts are above `used`, the highest that was given
        before, in books that are lost perhaps. Raises MailError when the books cannot be used.
        """
        self._tell, self._wait, self._witness, self._used = tell, wait, witness, used
        self._books = Books(path, _COLUMNS, tell, wait)
        #: every attempt as this program knows it, by its number when this began
        self._known = {attempt.id: attempt for attempt in _attempts(self._books)}
        self._words = list(_words(self._books))
        self._numbers: dict[int, int] = {}  # in books that were written again

    def close(self) -> None:
        """Close the books."""
        self._books.close()

    def recover(self, now: datetime) -> tuple[Attempt, ...]:
        """Settle what a dead sender left open, as unknown if perhaps sent. Hold the year's lock."""
        died = [one for one in self._known.values() if one.state is State.CLAIMED]
        for attempt in died:
            state, why = State.DEFERRED, "the sender died before the message went out"
            if attempt.handed_over_at:
                state = State.UNKNOWN
                why = "the sender died while the message went out, or could not note its end"
            self.settle(attempt, state, why, now)
        return tuple(self._known[one.id] for one in died)

    def claim(
        self,
        slug: str,
        issue: int,
        letter: str,
        envelope: str,
        message_id: str,
        now: datetime,
        reason: str = "",
        again: int = 0,
        whom: str = "",
    ) -> Attempt:
        """Begin an attempt. Raises MailError if the issue has an open, unknown or accepted one.

        An issue may be sent `again`, and then have one more such attempt.
        """
        at, state = universal_time(now), State.CLAIMED
        return self.enter(
            Attempt(
                *(0, slug, issue, letter, envelope, message_id, state, at, "", "", "", reason),
                again=again,
                whom=whom,
            )
        )

    def enter(self, attempt: Attempt) -> Attempt:
        """Have an attempt in the books, with a number of its own. Raises MailError as `claim`."""
        slug = attempt.slug
        try:
            self._require_as_known()
            free = max(self._used, *self._known, 0) + 1
            number = self._books.insert("attempts", asdict(attempt) | {"id": free})
        except AlreadyThere as error:
            raise MailError(
                f"{slug}: the ledger has this letter as sent, or as perhaps sent, already"
            ) from error
        except BooksError as error:
            raise MailError(f"{slug}: {error}{self._written_again(error)}") from error
        self._known[number] = replace(attempt, id=number)
        return self._known[number]

    def hand_over(self, attempt: Attempt, now: datetime) -> None:
        """Note that the message itself is about to go out; on MailError it must not."""
        self._change(attempt, handed_over_at=universal_time(now))
        self._have_seen(attempt.id)

    def settle(self, attempt: Attempt, state: State, reply: str, now: datetime) -> None:
        """Note what became of an attempt; on MailError the next run finds it open."""
        self._change(attempt, state=state, reply=reply, settled_at=universal_time(now))
        if self._known[attempt.id].handed_over_at or state is State.REFUSED:
            self._have_seen(attempt.id)

    def _have_seen(self, number: int) -> None:
        if self._witness:
            self._witness.note(self._known[number])

    def hear(self, words: Iterable[Word]) -> None:
        """Note what was said about addresses; what was noted before is passed over.

        Raises MailError when it cannot be noted.
        """
        there = {(one.attempt, one.place, one.source) for one in self._words}
        new = [one for one in words if (one.attempt, one.place, one.source) not in there]
        self._words += new
        try:
            if new:
                self._require_as_known()
            for word in new:
                number = self._numbers.get(word.attempt, word.attempt)
                self._books.insert("words", asdict(word) | {"attempt": number})
        except BooksError as error:
            slug = self._known[new[0].attempt].slug
            raise MailError(f"{slug}: {error}{self._written_again(error)}") from error

    def words(self) -> tuple[Word, ...]:
        """All that was said about addresses, as it was noted."""
        return tuple(self._words)

    def resolve(self, slug: str, sent: bool, by: str, now: datetime) -> Attempt:
        """Take a person's word on an unknown attempt. Raises MailError when there is none."""
        last = self.latest().get(slug)
        if last is None or last.state is not State.UNKNOWN:
            found = f"its last attempt is {last.state}" if last else "it has no attempt"
            raise MailError(f"{slug}: there is nothing to resolve: {found}")
        word = f"{by} says that it was {'' if sent else 'not '}sent ({last.reply})"
        self.settle(last, State.ACCEPTED if sent else State.DEFERRED, word, now)
        return self._known[last.id]

    def latest(self) -> Mapping[str, Attempt]:
        """The attempt that counts for each authority, by slug."""
        found: dict[str, Attempt] = {}
        for one in self._known.values():
            found[one.slug] = max(one, found.get(one.slug, one), key=lambda one: one.weight)
        return found

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, as they were made."""
        return tuple(self._known.values())

    def _require_as_known(self) -> None:
        """Raise BooksError when others have changed the books, or put some in their place."""
        if _attempts(self._books) != tuple(self._known.values()):
            raise BooksError(
                f"{self._books.name} is not as this run left it: was it replaced, or is another"
                " program sending? Nothing more is sent"
            )

    def _change(self, attempt: Attempt, **changes: str) -> None:
        """Change an attempt that is as it was: another program or a replaced file may differ."""
        number, values = self._numbers.get(attempt.id, attempt.id), dict[str, Any](changes)
        now = replace(self._known[attempt.id], **values)
        columns = ", ".join(f"{name} = ?" for name in changes)
        try:
            changed = self._books.do(
                f"UPDATE attempts SET {columns} WHERE id = ? AND message_id = ? AND state = ?",
                (*changes.values(), number, attempt.message_id, attempt.state),
            )
            if changed.rowcount != 1:
                raise BooksError(
                    f"{self._books.name} no longer has this attempt as {attempt.state}: was it"
                    " replaced, or is another program sending? Nothing more is sent"
                )
        except BooksError as error:
            if now.state is not State.CLAIMED:  # it is over, whatever the books say
                self._known[attempt.id] = now
            raise MailError(f"{attempt.slug}: {error}{self._written_again(error)}") from error
        self._known[attempt.id] = now

    def _written_again(self, error: BooksError) -> str:
        """Have what is known in the books that are there now; a sentence on how that went."""
        path = self._books.path
        if path is None or error.locked:
            return ""
        try:
            self._write_into(path)
        except BooksError as trouble:
            if not trouble.damaged:
                return ""
            try:
                set_aside(path)
                self._write_into(path)
            except (BooksError, OSError):
                return ""
        return ". What this run knows stands in it again; find out before the next run"

    def _write_into(self, path: Path) -> None:
        books = Books(path, _COLUMNS, self._tell, self._wait)
        try:
            books.require_whole()
            books.do("BEGIN IMMEDIATE")
            numbers = {
                number: _enter(books, replace(one, id=self._numbers.get(number, number)))
                for number, one in self._known.items()
            }
            for word in self._words:
                _say(books, replace(word, attempt=numbers.get(word.attempt, word.attempt)))
            books.do("COMMIT")
        except BaseException:
            books.close()
            raise
        self._books.close()
        self._books, self._numbers = books, numbers


def _enter(books: Books, attempt: Attempt) -> int:
    """Have an attempt in the books as it is known, unless they know more of it; its number there.

    Of two that exclude each other the one of which more is known stays, and the other is kept as
    one that was put off, which says what it was.
    """
    taken = next(iter(_attempts(books, "WHERE id = ?", attempt.id)), None)
    whose = (attempt.slug, attempt.message_id)
    there = taken if taken and (taken.slug, taken.message_id) == whose else None
    if there and _knows(there) >= _knows(attempt):
        return attempt.id
    same_sending = "WHERE slug = ? AND issue = ? AND again = ? AND id != ?"
    rivals = _attempts(books, same_sending, attempt.slug, attempt.issue, attempt.again, attempt.id)
    for rival in rivals if attempt.state in ONCE else ():
        if rival.state in ONCE and _knows(rival) < _knows(attempt):
            _write(books, _put_off(rival))
        elif rival.state in ONCE:
            attempt = _put_off(attempt)
    if there:
        return _write(books, attempt)
    return books.insert("attempts", asdict(attempt) | {"id": None if taken else attempt.id})


def _say(books: Books, word: Word) -> None:
    """Have a word in the books, unless it stands there."""
    values = (word.attempt, word.place, word.source)
    if not books.rows("words", "WHERE attempt = ? AND place = ? AND source = ?", *values):
        books.insert("words", asdict(word))


def _write(books: Books, attempt: Attempt) -> int:
    values = asdict(attempt)
    changes = ", ".join(f"{name} = :{name}" for name in values)
    books.do(f"UPDATE attempts SET {changes} WHERE id = :id", values)
    return attempt.id


def _put_off(attempt: Attempt) -> Attempt:
    """The same beside another of its issue of which more is known."""
    why = f"{attempt.state} beside another attempt that counts: {attempt.reply}"
    return replace(attempt, state=State.DEFERRED, reply=why)


def _knows(attempt: Attempt) -> int:
    return WEIGHTS.index(attempt.state)


def _attempts(books: Books, condition: str = "", *values: object) -> tuple[Attempt, ...]:
    """The attempts in the books, by their numbers. Raises BooksError for rows that are none."""
    rows = books.rows("attempts", condition, *values)
    return tuple(_record(books, Attempt, row) for row in rows)


def _words(books: Books) -> tuple[Word, ...]:
    """What was said of addresses, in its order. Raises BooksError for rows that say nothing."""
    return tuple(_record(books, Word, row) for row in books.rows("words"))


def _record(books: Books, kind: type[T], row: Mapping[str, Any]) -> T:
    """A row as what it holds, whatever else somebody wrote beside it. Raises BooksError."""
    values, number = dict[str, Any](), row.get("id", row.get("attempt"))
    for name, type_ in _TYPES[kind].items():
        value = row.get(name)
        try:
            if not isinstance(value, int if type_ is int else str):
                raise TypeError
            values[name] = type_(value)
        except (TypeError, ValueError) as error:
            raise BooksError(
                f"{books.name} is none of ours, or damaged: {name} of attempt {number} is"
                f" {value!r}; nothing more is sent{BRING_BACK}",
                damaged=True,
            ) from error
    return kind(**values)
