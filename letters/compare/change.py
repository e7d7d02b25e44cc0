"""What is otherwise between two letters: blocks that changed, and the differences inside of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple


class Mark(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    GONE = "gone"
    NEW = "new"


class What(StrEnum):
    """What became of a block."""

    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    MOVED = "moved"


class Piece(NamedTuple):
    """Some of a block's text."""

    text: str
    mark: Mark


class Hunk(NamedTuple):
    """One difference inside of a block."""

    was: str
    now: str
    masked_was: str
    masked_now: str
    before: str = ""  #: the words before it, masked
    after: str = ""  #: the words behind it, masked
    what: What = What.CHANGED  #: what became of it; a block that moved may differ besides
    kind: str = ""  #: of the block that it is in: "paragraph"; "panel" for a whole one, "link"
    place: str = ""  #: of that block: "paragraph 3"
    id: str = ""  #: of the class of changes that it is of

    @property
    def is_masked(self) -> bool:
        """Whether only what is masked differs."""
        return self.masked_was == self.masked_now

    @property
    def holds_masks(self) -> bool:
        """Whether letters of its class may say something else there."""
        return (self.was, self.now) != (self.masked_was, self.masked_now)


@dataclass(frozen=True, slots=True)
class Change:
    """One block that is otherwise."""

    what: What
    place: str  #: "paragraph 3"; of what is gone, where it stood
    kind: str  #: of the block; "panel" for a whole one
    panel: str  #: that it is in
    pieces: tuple[
        Piece, ...
    ]  #: all of its text: what is equal or gone was, what is equal or new is
    hunks: tuple[Hunk, ...]

    @property
    def was(self) -> str:
        """The text that was."""
        return "".join(one.text for one in self.pieces if one.mark is not Mark.NEW)

    @property
    def now(self) -> str:
        """The text that is."""
        return "".join(one.text for one in self.pieces if one.mark is not Mark.GONE)


def numbered(hunk: Hunk, kind: str, panel: str, what: What, place: str) -> Hunk:
    """A difference in its place, with the id of its class: of kind, masked panel and masked words."""
    own = _id(kind, panel, what, *hunk[2:6])
    return hunk._replace(what=what, kind=kind, place=place, id=own)


def told_apart(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes of a letter, those of one class apart where what is masked may differ in them."""
    times = Counter[str]()
    for change in changes:
        hunks = list[Hunk]()
        for one in change.hunks:
            times[one.id] += 1
            again = one.holds_masks and times[one.id] > 1
            hunks.append(one._replace(id=_id(one.id, str(times[one.id]))) if again else one)
        yield replace(change, hunks=tuple(hunks)) if hunks != list(change.hunks) else change


@lru_cache(maxsize=65536)  # the same for all letters that have the change
def _id(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:12]
