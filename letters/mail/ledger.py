"""The books of what was sent: a row per attempt, written before and after; only user of sqlite3.

An attempt is claimed before anything is said to the mail server, marked before the message itself
is handed over, and settled after, each committed at once. So whatever dies whenever, what may have
gone out is in the books. A unique index makes a second open or accepted attempt for the same
authority and issue impossible. Books that are emptied, deleted or replaced while they are open are
written again as they were known, and nothing more is sent.

No address is kept: the contacts have them, and the envelope's digest tells whether they changed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from letters.errors import MailError
from letters.wording import universal_time


class State(StrEnum):
    """What became of an attempt; nobody can know that a message was delivered."""

    CLAIMED = "claimed"  #: under way
    ACCEPTED = "accepted"  #: the mail server took it
    REFUSED = "refused"  #: the mail server will not take it
    DEFERRED = "deferred"  #: not sent; another attempt may be made
    UNKNOWN = "unknown"  #: it may have been taken or not: a person must decide


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at handing a message to the mail server."""

    id: int
    slug: str
    issue: int  #: 1 for the letter, 2 and more when a corrected one follows
    letter: str  #: SHA-256 of the PDF
    envelope: str  #: digest of who receives it and of what goes with it
    message_id: str
    state: State
    claimed_at: str  #: universal time
    handed_over_at: str  #: when the message itself began to go out, "" when it did not
    settled_at: str
    reply: str  #: of the server, or why it was not sent
    reason: str  #: why it is sent again, of a re-issue


#: what is known of an attempt, from little to much
_WEIGHTS = (State.CLAIMED, State.DEFERRED, State.REFUSED, State.UNKNOWN, State.ACCEPTED)
ONCE = (State.CLAIMED, State.ACCEPTED, State.UNKNOWN)  #: there is one such attempt of an issue

#: The way up, a step a version; a year's books outlive the program that began them.
_STEPS = (
    """
CREATE TABLE IF NOT EXISTS attempts (
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
CREATE UNIQUE INDEX IF NOT EXISTS once ON attempts (slug, issue) \
WHERE state IN ('claimed', 'accepted', 'unknown');
""",
)
VERSION = len(_STEPS)  #: of the books; those of the first program have none, 0

_FIRST_BYTES = b"SQLite format 3\0"
_WAITS = 12  #: times that a locked file is waited for, each as long as the library waits by itself


class Ledger:
    """One year's books, open as long as this is."""

    def __init__(
        self,
        path: Path | None,
        tell: Callable[[str], None] = lambda sentence: None,
        wait: float = 5,
    ) -> None:
        """Open or begin the books; None for forgotten ones.

        While another program keeps the file locked it is told, and waited for a minute: twelve
        times `wait` seconds. Raises MailError when the books cannot be used.
        """
        self._path, self._tell, self._wait = path, tell, wait
        self._file = (0, 0)  # device and number of the file that is open
        self._database = self._opened()
        #: every attempt as this program knows it, by its number when this began
        self._known = {attempt.id: attempt for attempt in self._attempts("")}
        self._numbers: dict[int, int] = {}  # in books that were written again

    def close(self) -> None:
        """Close the books."""
        self._database.close()

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
    ) -> Attempt:
        """Begin an attempt. Raises MailError if the issue has an open, unknown or accepted one."""
        at = universal_time(now)
        values = (slug, issue, letter, envelope, message_id, State.CLAIMED, at, reason)
        columns = "slug, issue, letter, envelope, message_id, state, claimed_at, reason"
        try:
            self._require_as_known()
            with self._told():
                added = self._do(
                    f"INSERT INTO attempts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
                )
            [claimed] = self._attempts("WHERE id = ?", added.lastrowid)
        except MailError as error:
            if isinstance(error.__cause__, sqlite3.IntegrityError):
                raise MailError(
                    f"{slug}: the ledger has this letter as sent, or as perhaps sent, already"
                ) from error
            raise MailError(f"{slug}: {error}{self._written_again(error)}") from error
        self._known[claimed.id] = claimed
        return claimed

    def hand_over(self, attempt: Attempt, now: datetime) -> None:
        """Note that the message itself is about to go out; on MailError it must not."""
        self._change(attempt, handed_over_at=universal_time(now))

    def settle(self, attempt: Attempt, state: State, reply: str, now: datetime) -> None:
        """Note what became of an attempt; on MailError the next run finds it open."""
        self._change(attempt, state=state, reply=reply, settled_at=universal_time(now))

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
        """The last attempt for each authority, by slug."""
        return {attempt.slug: attempt for attempt in self._known.values()}

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, as they were made."""
        return tuple(self._known.values())

    def _attempts(self, condition: str, *values: object) -> tuple[Attempt, ...]:
        query = f"SELECT * FROM attempts {condition} ORDER BY id"
        with self._told():
            return tuple(_attempt(row) for row in self._do(query, values).fetchall())

    def _require_as_known(self) -> None:
        """Raise MailError when somebody else has changed the books, or put others in their place."""
        if self._attempts("") != tuple(self._known.values()):
            raise MailError(
                f"{self._name} is not as this run left it: was it replaced, or is another program"
                " sending? Nothing more is sent"
            )

    def _change(self, attempt: Attempt, **changes: str) -> None:
        """Change an attempt that is as it was: another program or a replaced file may differ."""
        number, values = self._numbers.get(attempt.id, attempt.id), dict[str, Any](changes)
        now = replace(self._known[attempt.id], **values)
        columns = ", ".join(f"{name} = ?" for name in changes)
        try:
            with self._told():
                changed = self._do(
                    f"UPDATE attempts SET {columns} WHERE id = ? AND message_id = ? AND state = ?",
                    (*changes.values(), number, attempt.message_id, attempt.state),
                )
            if changed.rowcount != 1:
                raise MailError(
                    f"{self._name} no longer has this attempt as {attempt.state}: was it replaced,"
                    " or is another program sending? Nothing more is sent"
                )
        except MailError as error:
            if now.state is not State.CLAIMED:  # it is over, whatever the books say
                self._known[attempt.id] = now
            raise MailError(f"{attempt.slug}: {error}{self._written_again(error)}") from error
        self._known[attempt.id] = now

    def _written_again(self, error: MailError) -> str:
        """Have what is known in the books that are there now; a sentence when that was done."""
        if self._path is None or _is_locked(error.__cause__):
            return ""
        before, file = self._database, self._file
        try:
            self._set_aside()
            self._database = self._opened()
            self._do("BEGIN IMMEDIATE")
            self._numbers = {
                number: self._enter(number, one) for number, one in self._known.items()
            }
            self._do("COMMIT")
        except (MailError, sqlite3.Error, OSError):
            self._database, self._file = before, file
            return ""
        before.close()
        return ". What this run knows stands in it again; find out before the next run"

    def _set_aside(self) -> None:
        """Give what stands in the books' place and is no database another name beside it."""
        path = self._path
        if path is None or not path.exists():
            return
        if path.is_file() and path.read_bytes()[: len(_FIRST_BYTES)] in (b"", _FIRST_BYTES):
            return
        others = (path.with_name(f"{path.name}.not-books-{number}") for number in count(1))
        path.rename(next(other for other in others if not other.exists()))

    def _enter(self, number: int, attempt: Attempt) -> int:
        """Have one attempt in the books as it is known, unless they know more; its number there."""
        number = self._numbers.get(number, number)
        values = asdict(attempt) | {"id": number}
        row = self._do("SELECT * FROM attempts WHERE id = ?", (number,)).fetchone()
        there = _attempt(row) if row else None
        if there and (there.slug, there.message_id) == (attempt.slug, attempt.message_id):
            if _WEIGHTS.index(there.state) < _WEIGHTS.index(attempt.state):
                changes = ", ".join(f"{name} = :{name}" for name in values)
                self._do(f"UPDATE OR IGNORE attempts SET {changes} WHERE id = :id", values)
            return number
        added = self._do(
            f"INSERT OR IGNORE INTO attempts ({', '.join(values)})"
            f" VALUES ({', '.join(f':{name}' for name in values)})",
            values | {"id": None if there else number},
        )
        return (added.rowcount and added.lastrowid) or number

    def _opened(self) -> sqlite3.Connection:
        """The books, brought up to the present version."""
        with self._told():
            if self._path and not self._path.exists():
                _make_folder(self._path.parent)
                self._path.touch()
            database = sqlite3.connect(
                self._path or ":memory:", isolation_level=None, timeout=self._wait
            )
            database.row_factory = sqlite3.Row
            self._database, self._file = database, self._there()
            # one file alone: no other is lost or left when it is copied
            self._do("PRAGMA journal_mode = DELETE")
            self._do("PRAGMA synchronous = EXTRA")
            version = self._do("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise MailError(
                    f"{self._name} is of version {version}, and this program knows {VERSION}:"
                    " use the newer one that wrote it"
                )
            if not self._do("SELECT * FROM sqlite_master WHERE name = 'attempts'").fetchone():
                version = 0  # they begin now, or somebody has emptied them
            for number, step in enumerate(_STEPS[version:], start=version + 1):
                script = f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;"
                self._patiently(partial(database.executescript, script))
            return database

    def _there(self) -> tuple[int, int]:
        """Device and number of the file that is there now; zeros for none."""
        if self._path is None or not self._path.exists():
            return 0, 0
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _do(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        if self._there() != self._file:
            raise MailError(f"{self._name} was deleted or replaced; nothing more is sent")
        return self._patiently(lambda: self._database.execute(statement, values))

    def _patiently(self, action: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        """Do something with the file, and wait while another program has it locked."""
        for number in range(_WAITS):
            try:
                return action()
            except sqlite3.OperationalError as error:
                if not _is_locked(error) or number == _WAITS - 1:
                    raise
                if not number:
                    said = "is locked by another program, such as a viewer; waiting"
                    self._tell(f"{self._name} {said}")
        raise AssertionError

    @property
    def _name(self) -> str:
        return f"the ledger {self._path}" if self._path else "the ledger"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise MailError(
                f"{self._name} cannot be used: {error}; nothing more is sent{_what_to_do(error)}"
            ) from error


def _what_to_do(error: Exception) -> str:
    """Where the file is no database, or no longer one."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    damaged = code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return ". Bring back the latest copy of it" if damaged else ""


def _is_locked(error: BaseException | None) -> bool:
    """Whether another program has the file locked."""
    locked = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # extended codes begin with these
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in locked


def _attempt(row: Mapping[str, Any]) -> Attempt:
    values = {field.name: row[field.name] for field in fields(Attempt)}
    return Attempt(**values | {"state": State(row["state"])})


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they are there after a power cut too."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        handle = os.open(one.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
