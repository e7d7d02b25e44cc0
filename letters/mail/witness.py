"""The second witness of what was sent: `data/YEAR/sent.yaml`, in git, without names and addresses.

A line is appended, and on disk, before each hand-over, and another when it is settled. What it has
and the books lack was sent by books that are lost, or from somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from letters.campaign.sent import Sent, read_sent, sent_file
from letters.errors import MailError
from letters.files import append, exists, sync_folder, write_whole
from letters.mail.attempts import Attempt, State
from letters.wording import numbered, reason_of, with_zone

_HEADING = b"""\
# yaml-language-server: $schema=../schema/sent.schema.json
# What was sent, beside the books in records/: a line before each message and one when it is settled. Of each message
# the last line counts. `letters send` writes it: add it to git after each run, and never take a line out.

"""
_SHOWN = 10  #: lines that a sentence names


@dataclass
class SentFile:
    """The witness of one year, appended to as long as this is."""

    root: Path
    year: str
    lines: list[Sent] = field(default_factory=list)
    _content: bytes = b""  #: of the file as this left it

    def __post_init__(self) -> None:
        """Read it; a last line that a power cut tore is taken out, for nothing followed it.

        Raises CampaignError, and MailError when it cannot be read.
        """
        try:
            self._content = self.path.read_bytes() if exists(self.path) else b""
            whole, end, torn = self._content.rpartition(b"\n")
            if torn:
                self._mend(whole + end, torn)
        except OSError as error:
            raise self._unwritten(error) from error
        self.lines = list(read_sent(self.root, self.year))

    @property
    def path(self) -> Path:
        """The file."""
        return self.root / sent_file(self.year)

    def note(self, attempt: Attempt) -> None:
        """Append a line for an attempt as it is now. Raises MailError when it cannot.

        Before a hand-over the file must be as this left it.
        """
        line = line_of(attempt)
        try:
            there = self.path.read_bytes() if exists(self.path) else b""
            if there != self._content and attempt.state is State.CLAIMED:
                raise MailError(
                    f"{attempt.slug}: {sent_file(self.year)} has changed since this run began;"
                    " nothing more is sent. Find out who changed it before the next run"
                )
            self._append(there, line)
        except OSError as error:
            raise self._unwritten(error) from error

    def complete(self, attempts: Iterable[Attempt]) -> int:
        """Append what the books know and it does not; how many lines. Raises MailError."""
        known = {message_of(one): one for one in self.lines}
        gone_out = (one for one in attempts if one.handed_over_at or one.state is State.REFUSED)
        last = {message_of(one): one for one in gone_out}
        missing = [one for key, one in last.items() if known.get(key) != line_of(one)]
        for attempt in missing:
            self.note(attempt)
        return len(missing)

    def _append(self, there: bytes, line: Sent) -> None:
        text = _text(line).encode()
        if there and self.lines:
            append(self.path, text)
        else:  # it begins, or somebody took it away
            there = self._content if self.lines else _HEADING
            write_whole({self.path: there + text})
            sync_folder(self.path.parent)
        self._content = there + text
        self.lines.append(line)

    def _mend(self, whole: bytes, torn: bytes) -> None:
        """Take out half a line; a whole one that only lacks its end is ended."""
        mended = whole + torn + b"\n" if torn.rstrip().endswith(b"}") else whole
        write_whole({self.path: mended})
        self._content = mended

    def _unwritten(self, error: OSError) -> MailError:
        return MailError(
            f"{sent_file(self.year)} cannot be written: {reason_of(error)}; nothing more is sent"
        )


def lacking(lines: Sequence[Sent], attempts: Sequence[Attempt]) -> tuple[Sent, ...]:
    """Of each message the last line, where the books know less of it, in the order of the file."""
    return tuple(line for line in _last(lines) if not any(_knows(one, line) for one in attempts))


def require_known(year: str, lines: Sequence[Sent], attempts: Sequence[Attempt]) -> None:
    """Raise MailError, with the list, when the books lack what the witness has."""
    missing = lacking(lines, attempts)
    if not missing:
        return
    shown = [
        f"    {one.slug} (issue {one.issue}): {one.state} at {with_zone(one.at)}" for one in missing
    ]
    more = len(shown) - _SHOWN
    rest = [f"    and {more} more"] if more > 0 else []
    listed = "\n".join([*shown[:_SHOWN], *rest])
    raise MailError(
        f"the books of {year} lack {numbered(len(missing), 'message')} that {sent_file(year)} has:"
        f"\n{listed}\n"
        "They are older, emptied, or those of another place: nothing is sent. Bring the latest books"
        f" here; if they are lost: letters ledger restore {year}"
    )


def line_of(attempt: Attempt) -> Sent:
    """What the witness says of an attempt as it is now. Raises MailError for one of no program."""
    try:
        return Sent.model_validate(
            {
                "slug": attempt.slug,
                "issue": attempt.issue,
                "state": str(attempt.state),
                "sha256": attempt.letter,
                "message_id": attempt.message_id,
                "at": _at(attempt),
            }
        )
    except ValueError as error:
        raise MailError(
            f"{attempt.slug}: attempt {attempt.id} stands in the books as no program wrote it, and"
            " the second witness can have no line of it: was it changed by hand? Nothing more is"
            " sent. Bring back the latest copy of the books"
        ) from error


def _at(attempt: Attempt) -> str:
    return attempt.settled_at or attempt.handed_over_at or attempt.claimed_at


def message_of(one: Attempt | Sent) -> tuple[str, int, str]:
    """By what the books and the witness know a message."""
    return one.slug, one.issue, one.message_id


def _last(lines: Iterable[Sent]) -> tuple[Sent, ...]:
    """Of each message its last line, in their order."""
    last: dict[tuple[str, int, str], Sent] = {}
    for line in lines:
        last.pop(message_of(line), None)
        last[message_of(line)] = line
    return tuple(last.values())


def _knows(attempt: Attempt, line: Sent) -> bool:
    """Whether an attempt in the books is as far as a line, or further.

    What went out is known by one that went out, whatever the time of another try.
    """
    if message_of(attempt) != message_of(line):
        return False
    if attempt.state is State.ACCEPTED or line.state == "accepted":
        return attempt.state is State.ACCEPTED
    if line.state in ("claimed", "unknown") and not attempt.handed_over_at:
        return False
    if line.state == "claimed" and attempt.handed_over_at == line.at:
        return True
    later = max(attempt.settled_at, attempt.handed_over_at)
    return later > line.at or (State(line.state) is attempt.state and attempt.settled_at == line.at)


def _text(line: Sent) -> str:
    return (
        f"- {{slug: {line.slug}, issue: {line.issue}, state: {line.state},"
        f' sha256: "{line.sha256}", message_id: "{line.message_id}", at: "{line.at}"}}\n'
    )
