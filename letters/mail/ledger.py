"""The books of what was sent: a row per attempt, written before and after; only user of sqlite3.

An attempt is claimed before anything is said to the mail server, marked before the message itself
is handed over, and settled after, each committed at once. So whatever dies whenever, what may have
gone out is in the books. A unique index makes a second open or accepted attempt for the same
authority and issue impossible.

No address is kept: the contacts have them, and the envelope's digest tells whether they changed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
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


_TABLE = """
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
"""


class Ledger:
    """One year's books."""

    def __init__(self, path: Path | None) -> None:
        """Open or begin the books; None for forgotten ones. Raises MailError when it cannot."""
        self._path = path
        with self._told():
            if path:
                _make_folder(path.parent)
            self._database = sqlite3.connect(path or ":memory:", isolation_level=None)
            self._database.row_factory = sqlite3.Row
            self._database.execute("PRAGMA synchronous = EXTRA")
            self._database.executescript(_TABLE)

    def close(self) -> None:
        """Close the books."""
        self._database.close()

    def recover(self, now: datetime) -> tuple[Attempt, ...]:
        """Settle what a dead sender left open, as unknown if perhaps sent. Hold the year's lock."""
        died = self._attempts("WHERE state = 'claimed'")
        for attempt in died:
            state, why = State.DEFERRED, "the sender died before the message went out"
            if attempt.handed_over_at:
                state, why = State.UNKNOWN, "the sender died while the message went out"
            self.settle(attempt, state, why, now)
        return tuple(self._one(attempt.id) for attempt in died)

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
        with self._told():
            try:
                added = self._database.execute(
                    f"INSERT INTO attempts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
                )
            except sqlite3.IntegrityError as error:
                raise MailError(
                    f"{slug}: the ledger has this letter as sent, or as perhaps sent, already"
                ) from error
            return self._one(added.lastrowid or 0)

    def hand_over(self, attempt: Attempt, now: datetime) -> None:
        """Note that the message itself is about to go out; on MailError it must not."""
        self._change(attempt, State.CLAIMED, "handed_over_at = ?", universal_time(now))

    def settle(self, attempt: Attempt, state: State, reply: str, now: datetime) -> None:
        """Note what became of an attempt; on MailError the next run finds it open."""
        changes, at = "state = ?, reply = ?, settled_at = ?", universal_time(now)
        self._change(attempt, attempt.state, changes, state, reply, at)

    def resolve(self, slug: str, sent: bool, by: str, now: datetime) -> Attempt:
        """Take a person's word on an unknown attempt. Raises MailError when there is none."""
        last = self.latest().get(slug)
        if last is None or last.state is not State.UNKNOWN:
            found = f"its last attempt is {last.state}" if last else "it has no attempt"
            raise MailError(f"{slug}: there is nothing to resolve: {found}")
        word = f"{by} says that it was {'' if sent else 'not '}sent ({last.reply})"
        self.settle(last, State.ACCEPTED if sent else State.DEFERRED, word, now)
        return self._one(last.id)

    def latest(self) -> Mapping[str, Attempt]:
        """The last attempt for each authority, by slug."""
        return {attempt.slug: attempt for attempt in self.attempts()}

    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, as they were made."""
        return self._attempts("")

    def _attempts(self, condition: str) -> tuple[Attempt, ...]:
        with self._told():
            query = f"SELECT * FROM attempts {condition} ORDER BY id"
            rows = self._database.execute(query).fetchall()
        return tuple(_attempt(row) for row in rows)

    def _one(self, number: int) -> Attempt:
        with self._told():
            rows = self._database.execute("SELECT * FROM attempts WHERE id = ?", (number,))
            return _attempt(rows.fetchone())

    def _change(self, attempt: Attempt, was: State, changes: str, *values: str) -> None:
        """Change an attempt that is as it was: another program or a replaced file may differ."""
        with self._told():
            changed = self._database.execute(
                f"UPDATE attempts SET {changes} WHERE id = ? AND message_id = ? AND state = ?",
                (*values, attempt.id, attempt.message_id, was),
            )
        if changed.rowcount != 1:
            raise MailError(
                f"{attempt.slug}: the ledger {self._path or ''} no longer has this attempt as {was}"
                ": was it replaced, or is another program sending? Nothing more is sent; find out"
                " before the next run"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise MailError(
                f"the ledger {self._path or ''} cannot be used: {error}; nothing more is sent"
            ) from error


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
