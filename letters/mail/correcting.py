"""What a correction reaches: which letters are otherwise than when they were sent, and in what.

The proof that nothing else has changed: the letter of today with the figures of then is, word for
word, the one that was sent. Where it is not, these places are told.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from letters.batch.draft import Drafts
from letters.campaign.corrections import Correction, Passage
from letters.campaign.records import Letter
from letters.errors import MailError
from letters.mail.archive import kept_letter
from letters.mail.attempts import Attempt, State
from letters.mail.choice import last_attempts
from letters.mail.parcels import Parcel
from letters.typesetting.finished import tell
from letters.typesetting.markup import Markup, read_markup

_AROUND = 4  #: words before and after a place that differs

Values = dict[str, int | str | None]


class Kind(StrEnum):
    """In what a letter is otherwise than when it was sent."""

    OWN = "own figures changed"
    AVERAGE = "only an average of others changed, in print"
    UNSEEN = "only an average of others changed, not in print"
    WORDS = "only words changed"
    SAME = "unchanged"


@dataclass(frozen=True, slots=True)
class Reached:
    """One letter that was sent, as it was and as it is right."""

    slug: str
    kind: Kind
    sent: Attempt  #: the last issue that was accepted
    old: Values = field(default_factory=dict)
    new: Values = field(default_factory=dict)
    printed: tuple[str, ...] = ()  #: names of those of the values that the letter prints
    words: tuple[Passage, ...] = ()  #: what differs beside these values


@dataclass(frozen=True, slots=True)
class Reach:
    """All letters that were sent, and what a correction would do to each."""

    letters: Mapping[str, Reached]
    not_sent: tuple[str, ...]
    not_kept: tuple[str, ...]  #: sent, and not kept here as they were

    def of(self, *kinds: Kind) -> tuple[Reached, ...]:
        """The letters of some kinds, in the campaign's order."""
        return tuple(one for one in self.letters.values() if one.kind in kinds)


def reach_of(drafts: Drafts, root: Path, attempts: Sequence[Attempt]) -> Reach:
    """Which of a year's letters are otherwise than when they were sent, and in what.

    Raises LetterError for a letter that cannot be written.
    """
    campaign = drafts.campaign
    accepted = last_attempts(campaign, (one for one in attempts if one.state is State.ACCEPTED))
    found, not_kept = dict[str, Reached](), []
    for slug in campaign.statistics:
        if slug not in accepted:
            continue
        kept = kept_letter(root, campaign.year, accepted[slug])
        if kept is None:
            not_kept.append(slug)
        else:
            statistics = tell(kept.pdf).statistics
            found[slug] = _reached(drafts, accepted[slug], statistics, read_markup(kept.html), slug)
    groups = {
        campaign.register[slug].peer_group for slug, one in found.items() if one.kind is Kind.OWN
    } - {None}
    if campaign.letter.peer_averages == "computed":
        for slug, one in found.items():
            if one.kind is Kind.SAME and campaign.register[slug].peer_group in groups:
                found[slug] = Reached(slug, Kind.UNSEEN, one.sent)
    not_sent = tuple(slug for slug in campaign.statistics if slug not in accepted)
    return Reach(found, not_sent, tuple(not_kept))


def _reached(
    drafts: Drafts, sent: Attempt, statistics: Mapping[str, Any], said: Markup, slug: str
) -> Reached:
    letter = drafts.campaign.letter
    before, now = (
        values_of(statistics, letter),
        values_of(drafts.draft(slug).entry.statistics, letter),
    )
    old = {name: value for name, value in before.items() if value != now.get(name)}
    new = {name: now.get(name) for name in old}
    corrections = _sent_before(drafts.campaign.corrections, slug, sent.issue)
    writing = _Writing(drafts, slug, statistics, corrections)
    as_it_was = _public(writing.words())
    words = tuple(_passages(_public(said), as_it_was))
    printed = tuple(_printed(writing, old, new, as_it_was, drafts.draft(slug).markup))
    own = [name for name in old if not name.endswith(".average")]
    kind = Kind.SAME
    if own:
        kind = Kind.OWN
    elif printed:
        kind = Kind.AVERAGE
    elif words:
        kind = Kind.WORDS
    elif old:
        kind = Kind.UNSEEN
    return Reached(slug, kind, sent, old, new, printed, words)


def addressed_otherwise(
    drafts: Drafts, root: Path, parcels: Mapping[str, Parcel], attempts: Sequence[Attempt]
) -> frozenset[str]:
    """Letters that differ from those that were accepted only in the person whom they address.

    A chief executive has left, say: nothing that is published has changed.
    """
    accepted = last_attempts(
        drafts.campaign, (one for one in attempts if one.state is State.ACCEPTED)
    )
    return frozenset(
        slug
        for slug, one in accepted.items()
        if slug in parcels
        and one.letter != parcels[slug].sha256
        and _same_but_for_person(drafts, root, one, parcels[slug])
    )


def _same_but_for_person(drafts: Drafts, root: Path, sent: Attempt, parcel: Parcel) -> bool:
    kept = kept_letter(root, drafts.campaign.year, sent)
    return (
        kept is not None
        and tell(kept.pdf).statistics == parcel.statistics
        and _public(read_markup(kept.html)) == _public(drafts.draft(parcel.slug).markup)
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes a letter with the figures of then, and perhaps other counts in print."""

    drafts: Drafts
    slug: str
    statistics: Mapping[str, Any]
    corrections: tuple[Correction, ...]

    def words(self, shown: Mapping[str, int] | None = None) -> Markup:
        counts = dict(self.statistics["counts"])
        averages = {
            name: Fraction(str(figure["peer_average"]))
            for name, figure in self.statistics["figures"].items()
            if figure["peer_average"] is not None
        }
        try:
            return self.drafts.writer.as_it_was(
                self.slug, counts, averages, self.corrections, shown
            )
        except KeyError as error:
            raise MailError(
                f"{self.slug}: the letter that was sent has no count {error}: what has changed since"
                " cannot be told; bring the counts of letter.yaml back"
            ) from error


def _sent_before(
    corrections: Sequence[Correction], slug: str, issue: int
) -> tuple[Correction, ...]:
    """The corrections that the issue which was sent last already had."""
    return tuple(
        one for one in corrections if slug in one.letters and one.letters[slug].issue <= issue
    )


def values_of(statistics: Mapping[str, Any], letter: Letter) -> Values:
    """Each count, figure and average of a letter's embedded statistics, as printed."""
    values: Values = dict(statistics["counts"])
    for name, figure in statistics["figures"].items():
        values[name] = _shown(figure["value"], figure["per"])
        values[f"{name}.average"] = _shown(figure["peer_average"], figure["per"])
    return values


def _shown(value: int | str | None, per: int) -> str | None:
    if value is None:
        return None
    return f"{value}%" if per == 100 else str(value)


def _printed(
    writing: _Writing, old: Values, new: Values, as_it_was: Sequence[str], now: Markup
) -> Iterator[str]:
    """The names of the values that the letter prints, both as they were and as they are."""
    counts = dict(writing.statistics["counts"])
    before, after = (" ".join(lines).split() for lines in (as_it_was, _public(now)))
    for name, was in old.items():
        if name in counts and isinstance(new[name], int):
            other = writing.words({**counts, name: int(str(new[name]))})
            if _public(other) != as_it_was:
                yield name
        elif _says(before, was) and _says(after, new[name]) and name not in counts:
            yield name


def _says(words: Sequence[str], value: int | str | None) -> bool:
    """Whether a value is printed; what is nothing has words of its own, whatever they are."""
    return value is None or any(word.strip(".,;:()") == str(value) for word in words)


def _public(markup: Markup) -> list[str]:
    """What a letter says, but for whom it is addressed to."""
    return [one.words for one in markup.lines if not (one.in_address or one.is_greeting)]


def _passages(sent: Sequence[str], now: Sequence[str]) -> Iterator[Passage]:
    """The places where words differ, each with a few words around."""
    before, after = " ".join(sent).split(), " ".join(now).split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield Passage(was=_piece(before, start, end), now=_piece(after, first, last))


def _piece(words: Sequence[str], start: int, end: int) -> str:
    begin, finish = max(0, start - _AROUND), min(len(words), end + _AROUND)
    head, tail = "… " if begin else "", " …" if finish < len(words) else ""
    return f"{head}{' '.join(words[begin:finish])}{tail}"
