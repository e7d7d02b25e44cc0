"""The file of a year's books: opened, kept to, brought up, waited for; only user of sqlite3."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from letters.errors import MailError
from letters.files import sync_folder

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
    """
ALTER TABLE attempts ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN whom TEXT NOT NULL DEFAULT '';
DROP INDEX IF EXISTS once;
CREATE UNIQUE INDEX once ON attempts (slug, issue, again) \
WHERE state IN ('claimed', 'accepted', 'unknown');
CREATE TABLE IF NOT EXISTS words (
    attempt INTEGER NOT NULL,
    place INTEGER NOT NULL,
    role TEXT NOT NULL,
    address TEXT NOT NULL,
    fate TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_word ON words (attempt, place, source);
""",
)
VERSION = len(_STEPS)  #: of the books; those of the first program have none, 0

#: the end of a sentence about books that are damaged
BRING_BACK = (
    ". Bring back the latest copy of it; what was sent after it was made would be sent again"
)
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  #: extended codes begin with these
_WAITS = 12  #: a locked file is waited for so many times as long as the library waits by itself


class BooksError(MailError):
    """The books cannot be used; the text says why."""

    def __init__(self, sentence: str, locked: bool = False, damaged: bool = False) -> None:
        super().__init__(sentence)
        self.locked = locked  #: by another program
        self.damaged = damaged  #: what is there is no books, or no longer


class AlreadyThere(BooksError):
    """A row would stand beside one that excludes it."""


class Books:
    """One file of books, open as long as this is: what is done is done in this very file."""

    def __init__(
        self,
        path: Path | None,
        columns: Sequence[str],
        tell: Callable[[str], None],
        wait: float,
        copied: bool = False,
    ) -> None:
        """Open or begin the file; None for one that is forgotten. Raises BooksError.

        What is `copied` is read once: the file stays as it is, and nobody waits for who reads it.
        """
        self.path, self._tell, self._wait = path, tell, wait
        self._in_memory = copied or path is None
        with self._told():
            if path and not (copied or path.exists()):
                _make_folder(path.parent)
                path.touch()
            place = ":memory:" if self._in_memory else path
            self._database = sqlite3.connect(place or "", isolation_level=None, timeout=wait)
            if path and copied:
                self._copy(path)
            self._database.row_factory = sqlite3.Row
            self._file = self._there()
            try:
                self._bring_up(columns)
            except BaseException:
                self._database.close()
                raise

    def _copy(self, path: Path) -> None:
        """Have what a file holds in memory; wait while another program has it locked, not for ever."""
        end = time.monotonic() + _WAITS * self._wait

        def in_time(code: int, *_: int) -> None:
            if code in _LOCKED and time.monotonic() >= end:
                raise sqlite3.OperationalError("it is locked by another program, such as a viewer")

        there = f"file:{quote(str(path.absolute()))}?mode=ro"
        with closing(sqlite3.connect(there, uri=True, timeout=0)) as original:
            original.backup(self._database, progress=in_time, sleep=self._wait / 10)

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"the ledger {self.path}" if self.path else "the ledger"

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def do(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        """Carry out a statement. Raises BooksError, and AlreadyThere for a row that is excluded."""
        with self._told():
            if self._there() != self._file:
                raise BooksError(f"{self.name} was deleted or replaced; nothing more is sent")
            return self._patiently(partial(self._database.execute, statement, values))

    def rows(
        self, table: str, condition: str = "", *values: object
    ) -> tuple[Mapping[str, Any], ...]:
        """The rows of a table as they stand in it, in their order."""
        found = self.do(f"SELECT * FROM {table} {condition} ORDER BY rowid", values)
        with self._told():
            return tuple(dict(row) for row in found.fetchall())

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """A further row, and its number. Raises AlreadyThere."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return self.do(f"INSERT INTO {table} ({names}) VALUES ({marks})", values).lastrowid or 0

    def require_whole(self) -> None:
        """Read all of it. Raises BooksError, which says that it is damaged, unless it is whole."""
        with self._told():
            (said,) = self.do("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise BooksError(f"{self.name} is damaged; nothing more is sent", damaged=True)

    def _bring_up(self, columns: Sequence[str]) -> None:
        """To the present version."""
        # one file alone: no other is lost or left when it is copied
        self.do("PRAGMA journal_mode = DELETE")
        self.do("PRAGMA synchronous = EXTRA")
        version = self.do("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise BooksError(
                f"{self.name} is of version {version}, and this program knows {VERSION}:"
                " use the newer one that wrote it"
            )
        if not self.do("SELECT * FROM sqlite_master WHERE name = 'attempts'").fetchone():
            version = 0  # they begin now, or somebody has emptied them
        for number, step in enumerate(_STEPS[version:], start=version + 1):
            script = f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;"
            self._patiently(partial(self._database.executescript, script))
        there = [row["name"] for row in self.do("PRAGMA table_info(attempts)")]
        if missing := [name for name in columns if name not in there]:
            sentence = f"{self.name} is none of ours, or damaged: it has no {', '.join(missing)}"
            raise BooksError(f"{sentence}; nothing more is sent", damaged=True)

    def _there(self) -> tuple[int, int]:
        """Device and number of the file that is there now; zeros for none."""
        if self.path is None or self._in_memory or not self.path.exists():
            return 0, 0
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def _patiently(self, action: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        """Do something with the file, and wait while another program has it locked."""
        end, told = time.monotonic() + _WAITS * self._wait, False
        while True:
            try:
                return action()
            except sqlite3.OperationalError as error:
                if not _is_locked(error) or time.monotonic() >= end:
                    raise
            if not told:
                self._tell(f"{self.name} is locked by another program, such as a viewer; waiting")
            told = True
            time.sleep(self._wait / 50)  # the library does not wait for every lock

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise AlreadyThere(f"{self.name} excludes this: {error}") from error
        except (sqlite3.Error, OSError, OverflowError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            damaged = code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
            damaged = damaged or bool(self.path and self.path.is_dir())
            what = BRING_BACK if damaged else ""
            sentence = f"{self.name} cannot be used: {error}; nothing more is sent{what}"
            raise BooksError(sentence, _is_locked(error), damaged) from error


def set_aside(path: Path) -> None:
    """Give what is no books, and stands in their place, another name beside them. Raises OSError."""
    others = (path.with_name(f"{path.name}.not-books-{number}") for number in count(1))
    path.rename(next(other for other in others if not other.exists()))


def _is_locked(error: BaseException) -> bool:
    """Whether another program has the file locked."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they are there after a power cut too."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)
