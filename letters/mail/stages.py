"""The stages at which a letter can be, and where all of a year's stand.

Nothing here needs another library: where letters stand is told at once when no file has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from letters.wording import numbered


class _Kind(StrEnum):
    """What letters are counted by."""

    @property
    def key(self) -> str:
        """Its words as a part of an address or an option: to-approve."""
        return self.replace(" ", "-")

    @property
    def is_bad(self) -> bool:
        """Whether somebody must do something about each of its letters."""
        return self in _BAD


class Stage(_Kind):
    """How far a letter is. Each is at one of these, in the order of an office's work."""

    MEND = "to mend"  #: an error hinders it
    BUILD = "to build"  #: it is not built as data and templates now are
    APPROVE = "to approve"
    READY = "ready"
    SENT = "sent"  #: the mail server took it, or it went by hand or by post
    REFUSED = "refused"  #: the mail server did not take it
    UNKNOWN = "unknown"  #: a person must say whether it went out
    BOUNCED = "bounced"  #: it came back from the chief executive, or a copy did, or was refused


class Part(_Kind):
    """What is more to be said of a letter."""

    BY_POST = "by post"  #: it has no address, and the office has looked at that
    CHANGED = "changed since sent"  #: and no correction is recorded
    CORRECTED = "corrected"  #: a corrected one went out in its place
    PUBLISHED = "published"  #: sent, and the day has come on which it says that it is published


_BAD = (Stage.MEND, Stage.REFUSED, Stage.UNKNOWN, Stage.BOUNCED, Part.CHANGED)
_FOR_SENDING = (Stage.APPROVE, Stage.READY, Part.BY_POST)


class Standing(StrEnum):
    """How a letter stands with its approvals."""

    NEW = "new"  #: nobody has approved it
    CHANGED = "changed"  #: what was approved is not what would be sent
    PARTLY = "partly approved"  #: not by enough people
    APPROVED = "approved"
    LOST = "lost"  #: approved, and no longer there


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one letter stands."""

    stage: Stage
    why: str = ""  #: a few words, "" where the stage says it all
    parts: frozenset[Part] = frozenset()
    standing: Standing = Standing.NEW  #: with its approvals; one that is not built has changed
    told_by: str = "check"  #: the command that tells what is to mend, where something is

    @property
    def kinds(self) -> tuple[Stage | Part, ...]:
        """All that it is counted by."""
        return (self.stage, *sorted(self.parts))


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a sentence, and the words of a command after `letters`, none for none."""

    sentence: str
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Where the letters of a year stand."""

    year: str
    letters: Mapping[str, Stand] = field(default_factory=dict)  #: by slug, in the campaign's order
    trouble: tuple[str, ...] = ()  #: why some of it cannot be told, a sentence each
    errors: int = 0  #: problems that must be mended
    specimen: bool = False  #: then it is never sent

    @property
    def counts(self) -> Mapping[Stage | Part, int]:
        """How many letters are at each stage, and of how many more is to be said; 0 for none."""
        found = Counter[Stage | Part]()
        for one in self.letters.values():
            found.update(one.kinds)
        return {one: found[one] for one in (*Stage, *Part)}

    def of(self, kind: Stage | Part) -> tuple[str, ...]:
        """The slugs of the letters of a kind, in their order."""
        return tuple(slug for slug, one in self.letters.items() if kind in one.kinds)

    def _left(self, kind: Stage | Part) -> int:
        """How many letters of a kind wait for something; of those by post once they are ready."""
        ready = self.of(Stage.READY)
        by_post = [slug for slug in ready if Part.BY_POST in self.letters[slug].parts]
        if kind is Part.BY_POST:
            return len(by_post)
        return self.counts[kind] - (len(by_post) if kind is Stage.READY else 0)

    @property
    def _mends(self) -> str:
        """The command that tells what is to mend: what the files tell comes before pages."""
        told_by = {self.letters[slug].told_by for slug in self.of(Stage.MEND)}
        return "build" if told_by == {"build"} else "check"

    @property
    def next(self) -> Step:
        """What to do next, the gravest first; its command can be typed as it is."""
        year = self.year
        if self.trouble:
            return Step("mend what is told here of the books or the build")
        for kind, sentence, command in (
            (Stage.UNKNOWN, "that may have gone out, or not", ("ledger", year)),
            (Stage.MEND, "with something to mend", (self._mends, year)),
            (Stage.BUILD, "to make", ("build", year)),
            (Part.CHANGED, "with other words than were sent", ("compare", year, "--with", "sent")),
            (Stage.APPROVE, "to look at and approve", ("approve", year)),
            (Stage.READY, "to rehearse, then send", ("send", year)),
            (Part.BY_POST, "to send by post, and then enter", ("ledger", "note", "--help")),
            (Stage.REFUSED, "that the mail server refused", ("ledger", year)),
            (Stage.BOUNCED, "that came back, or went without a copy", ("ledger", year)),
        ):
            number = self._left(kind)
            if number and not (self.specimen and kind in _FOR_SENDING):
                return Step(f"{numbered(number, 'letter')} {sentence}", command)
        if self.errors:
            return Step(f"{numbered(self.errors, 'error')} to mend", ("check", year))
        if self.counts[Stage.SENT]:
            return Step("see that what is built is what was sent", ("verify", year, "--sent"))
        return Step("nothing: a specimen is never sent" if self.specimen else "nothing")

    def plain(self, names: Mapping[str, str]) -> dict[str, Any]:
        """All of it for programs; `names` are those of the authorities, by slug."""
        return {
            "year": self.year,
            "specimen": self.specimen,
            "counts": {kind.key: count for kind, count in self.counts.items()},
            "errors": self.errors,
            "trouble": list(self.trouble),
            "next": {"sentence": self.next.sentence, "command": list(self.next.command)},
            "letters": [
                {
                    "authority": slug,
                    "name": names[slug],
                    "stage": one.stage.key,
                    "why": one.why,
                    "parts": sorted(part.key for part in one.parts),
                    "standing": str(one.standing),
                    **({"told_by": one.told_by} if one.stage is Stage.MEND else {}),
                }
                for slug, one in self.letters.items()
            ],
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The same again. Raises KeyError, TypeError or ValueError for anything else."""
        stages = {one.key: one for one in Stage}
        parts = {one.key: one for one in Part}
        letters = {
            one["authority"]: Stand(
                stages[one["stage"]],
                one["why"],
                frozenset(parts[key] for key in one["parts"]),
                Standing(one["standing"]),
                one.get("told_by", "check"),
            )
            for one in plain["letters"]
        }
        trouble = tuple(plain["trouble"])
        return cls(plain["year"], letters, trouble, plain["errors"], plain["specimen"])
