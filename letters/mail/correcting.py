"""What a correction reaches: which letters are otherwise than when they were sent, and in what.

The proof that nothing else has changed: the letter of today with the figures of then is, word for
word, the one that was sent; and with those of its values that are told as they are right, it is the
letter of today. Where it is not, these places are told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from letters.batch.draft import Drafts
from letters.campaign.corrections import Correction, Passage
from letters.campaign.load import Campaign
from letters.campaign.records import Measure
from letters.errors import MailError
from letters.figures import Averages, Figure, Figures, figure_of, peer_averages
from letters.mail.archive import Kept, kept_letter
from letters.mail.attempts import DOUBTFUL, Attempt, State
from letters.mail.choice import last_accepted, last_attempts
from letters.mail.parcels import Parcel
from letters.rounding import half_up
from letters.typesetting.formats import in_words, number
from letters.typesetting.markup import Markup
from letters.wording import series

_AROUND = 4  #: words before and after a place that differs
_LONGEST = 60  #: words of a place that are told; of more the first and the last ones
_AVERAGE = ".average"  #: how the name of a measure's average ends

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
    dated: date  #: which day it says that it is of, or was issued on
    old: Values = field(default_factory=dict)
    new: Values = field(default_factory=dict)
    printed: tuple[str, ...] = ()  #: names of those of the values that the letter prints
    words: tuple[Passage, ...] = ()  #: what differs beside these values
    elsewhere: bool = False  #: whether that is more than what follows from the figures

    @property
    def is_wrong(self) -> bool:
        """Whether the letter that was sent says something that is not right."""
        return bool(self.printed or self.words)

    @property
    def of_average(self) -> bool:
        """Whether all that is wrong follows from an average of others."""
        return self.kind is Kind.AVERAGE and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Reach:
    """All letters that were sent, and what a correction would do to each."""

    letters: Mapping[str, Reached]
    not_sent: tuple[str, ...]
    not_kept: tuple[str, ...]  #: sent, and not kept here as they were
    left_out: tuple[str, ...]  #: sent, and without a letter since
    unknown: tuple[str, ...]  #: of whose last message nobody knows whether it went out

    @property
    def wrong(self) -> tuple[Reached, ...]:
        """Letters that say something that is not right, in the campaign's order."""
        return tuple(one for one in self.letters.values() if one.is_wrong)

    def of(self, *kinds: Kind) -> tuple[Reached, ...]:
        """The letters of some kinds, in the campaign's order."""
        return tuple(one for one in self.letters.values() if one.kind in kinds)


def reach_of(drafts: Drafts, root: Path, attempts: Sequence[Attempt]) -> Reach:
    """Which of a year's letters are otherwise than when they were sent, and in what.

    Raises LetterError for a letter that cannot be written, and MailError where the counts of now
    are others than those of then.
    """
    campaign = drafts.campaign
    accepted = last_accepted(campaign, attempts)
    last = last_attempts(campaign, attempts)
    kept = {slug: kept_letter(root, campaign.year, one) for slug, one in accepted.items()}
    sent = {slug: one for slug in campaign.statistics if (one := kept.get(slug))}
    averages = _averages_then(campaign, accepted, sent)
    found = {
        slug: _reached(drafts, slug, accepted[slug], one, averages) for slug, one in sent.items()
    }
    groups = {_group(campaign, one.slug) for one in found.values() if one.kind is Kind.OWN} - {""}
    if campaign.letter.peer_averages == "computed":
        for slug, reached in found.items():
            if reached.kind is Kind.SAME and _group(campaign, slug) in groups:
                found[slug] = replace(reached, kind=Kind.UNSEEN)
    unknown = tuple(slug for slug, one in last.items() if one.state in DOUBTFUL)
    return Reach(
        found,
        not_sent=tuple(
            slug for slug in campaign.statistics if slug not in accepted and slug not in unknown
        ),
        not_kept=tuple(slug for slug in accepted if slug not in sent),
        left_out=_left_out(campaign, attempts),
        unknown=unknown,
    )


def _left_out(campaign: Campaign, attempts: Sequence[Attempt]) -> tuple[str, ...]:
    sent = {one.slug for one in attempts if one.state is State.ACCEPTED}
    return tuple(sorted(sent - campaign.slugs_of_now.keys()))


def _group(campaign: Campaign, slug: str) -> str:
    return campaign.register[slug].peer_group or ""


def _averages_then(
    campaign: Campaign, accepted: Mapping[str, Attempt], sent: Mapping[str, Kept]
) -> Sequence[Averages]:
    """The averages by what was sent, after each correction and before the first, the last ones first.

    They are exact where they are worked out, else as published now.
    """
    counts = {slug: one.statistics["counts"] for slug, one in sent.items()}
    for slug, own in counts.items():
        if missing := campaign.letter.counts.keys() - own.keys():
            raise MailError(
                f"{slug}: the letter that was sent has no count {series(sorted(missing))}: what has"
                " changed since cannot be told; take it out of letter.yaml"
            )
    issues = {slug: accepted[slug].issue for slug in counts}
    stages = [
        {slug: _counts_after(campaign.corrections, after, slug, own, issues[slug])
         for slug, own in counts.items()}
        for after in range(len(campaign.corrections), -1, -1)
    ]  # fmt: skip
    distinct = [one for index, one in enumerate(stages) if one not in stages[:index]]
    if campaign.letter.peer_averages != "computed":
        distinct = distinct[:1]
    return [
        peer_averages(replace(campaign, statistics={**campaign.statistics, **one}))
        for one in distinct
    ]


def _counts_after(
    corrections: Sequence[Correction], after: int, slug: str, sent: Mapping[str, int], issue: int
) -> Mapping[str, int]:
    """An authority's counts after so many corrections; `sent` are those of an issue of its letter."""
    counts = dict(sent)
    for place, one in reversed(list(enumerate(corrections, start=1))):
        letter = one.letters.get(slug)
        if letter and letter.issue <= issue and place > after:
            counts |= _whole(letter.old, counts)
    for one in corrections[:after]:
        letter = one.letters.get(slug)
        if letter and letter.issue > issue:
            counts |= _whole(letter.new, counts)
    return counts


def _whole(values: Mapping[str, object], counts: Mapping[str, int]) -> dict[str, int]:
    return {
        name: value for name, value in values.items() if name in counts and isinstance(value, int)
    }


def _reached(
    drafts: Drafts, slug: str, sent: Attempt, kept: Kept, averages: Sequence[Averages]
) -> Reached:
    """One letter; `averages` are those that there were, of which it had one, the last ones first."""
    said, before = _public(kept.markup), kept.statistics
    dated = date.fromisoformat(before.get("replaces", {}).get("issued") or before["letter_date"])
    group = _group(drafts.campaign, slug)
    versions = [_Version(drafts, slug, sent, before, one.get(group, {})) for one in averages]
    was_sent = (one for one in versions if one.lines() == said)
    version = next(was_sent, versions[0])
    was, now = values_of(before), values_of(drafts.draft(slug).entry.statistics)
    old = {name: value for name, value in was.items() if value != now.get(name)}
    new = {name: now.get(name) for name in old}
    then, listed, today = version.lines(), version.lines(old), version.right()
    if today == said:
        seen = any(not name.endswith(_AVERAGE) for name in old)
        kind = Kind.OWN if seen else Kind.UNSEEN if old else Kind.SAME
        return Reached(slug, kind, sent, dated, old, new)
    printed = tuple(
        name
        for name in old
        if _stands(old[name], said)
        and _stands(new[name], today)
        and (version.lines({name}) != then or version.lines(old.keys() - {name}) != listed)
    )
    elsewhere = _changes(said, then)
    told = _changes(said, version.lines(printed))
    words = tuple(_passages(said, today, elsewhere, told))
    kind, is_elsewhere = _kind(old, elsewhere), bool(elsewhere and words)
    return Reached(slug, kind, sent, dated, old, new, printed, words, is_elsewhere)


@dataclass(frozen=True, slots=True)
class _Version:
    """A letter that was sent, as it would read today by some of its values then and others now."""

    drafts: Drafts
    slug: str
    sent: Attempt
    before: Mapping[str, Any]  #: the statistics that the letter which was sent carries
    averages: Mapping[str, Fraction]  #: of its peers then, as far as they can be told

    def right(self) -> list[str]:
        """By the values of now."""
        counts = self.drafts.campaign.statistics[self.slug]
        return self._words(counts, self.drafts.writer.figures[self.slug])

    def lines(self, right: Collection[str] = ()) -> list[str]:
        """By the values of then, but for those that are named."""
        counts = self.drafts.campaign.statistics[self.slug]
        then = self.before["counts"]
        mixed = {name: counts[name] if name in right else then[name] for name in counts}
        figures = {}
        for name, measure in self.drafts.campaign.letter.measures.items():
            own = counts if name in right else then
            average = f"{name}{_AVERAGE}" in right
            now = self.drafts.writer.figures[self.slug][name]
            beside = now if average else self._average(name, measure)
            figures[name] = replace(
                figure_of(measure, own, beside.peer_average, beside.average_is_exact),
                count=mixed[measure.count],
                base=mixed[measure.of],
                stated_base=mixed[measure.stated_base or measure.of],
            )
        return self._words(mixed, figures)

    def _average(self, name: str, measure: Measure) -> Figure:
        """A figure of then: an average that prints otherwise now is as it was."""
        counts = self.before["counts"]
        stated = self.before["figures"].get(name, {}).get("peer_average")
        exact = self.averages.get(name) if measure.compared else None
        known = exact is not None and (
            not counts[measure.of]  # nothing was compared, and no average carried
            or half_up(exact, measure.decimals) == Decimal(str(stated or 0))
        )
        average = exact if known else None if stated is None else Fraction(str(stated))
        computed = self.drafts.campaign.letter.peer_averages == "computed"
        return figure_of(measure, counts, average, known and computed)

    def _words(self, counts: Mapping[str, int], figures: Figures) -> list[str]:
        """With the corrections that the issue which was sent last had already."""
        corrections = tuple(
            one
            for one in self.drafts.campaign.corrections
            if self.slug in one.letters and one.letters[self.slug].issue <= self.sent.issue
        )
        return _public(self.drafts.writer.with_figures(self.slug, counts, figures, corrections))


def _kind(old: Values, elsewhere: Collection[object]) -> Kind:
    """Of a letter that reads otherwise than the one that was sent."""
    if any(not name.endswith(_AVERAGE) for name in old):
        return Kind.OWN
    return Kind.WORDS if elsewhere and not old else Kind.AVERAGE


def addressed_otherwise(
    drafts: Drafts, root: Path, parcels: Mapping[str, Parcel], attempts: Sequence[Attempt]
) -> frozenset[str]:
    """Letters that say the same as those that were accepted, but for the person they address.

    A chief executive has left, say: nothing that is published in print has changed.
    """
    return frozenset(
        slug
        for slug, one in last_accepted(drafts.campaign, attempts).items()
        if slug in parcels
        and one.letter != parcels[slug].sha256
        and says_otherwise(drafts, root, slug, one) is False
    )


def says_otherwise(drafts: Drafts, root: Path, slug: str, sent: Attempt) -> bool | None:
    """Whether a letter says something else now than when it was sent, but for whom it addresses.

    None where what was sent is not kept here. Raises LetterError where it cannot be written.
    """
    now = _public(drafts.draft(slug).markup)
    try:
        return _said(root, drafts.campaign.year, sent) != now
    except LookupError:
        return None


@lru_cache(maxsize=2000)
def _said(root: Path, year: str, sent: Attempt) -> list[str]:
    """What a letter said that was sent, which never changes. Raises LookupError without it."""
    if kept := kept_letter(root, year, sent):
        return _public(kept.markup)
    raise LookupError(sent.slug)


def values_of(statistics: Mapping[str, Any]) -> Values:
    """Each count, figure and average of a letter's embedded statistics, as printed."""
    values: Values = dict(statistics["counts"])
    for name, figure in statistics["figures"].items():
        values[name] = _shown(figure["value"], figure["per"])
        values[f"{name}{_AVERAGE}"] = _shown(figure["peer_average"], figure["per"])
    return values


def _shown(value: int | str | None, per: int) -> str | None:
    """A figure or an average as letters print it: `printed` of its number."""
    if value is None:
        return None
    return f"{Decimal(str(value)):,}{'%' if per == 100 else ''}"


def _stands(value: int | str | None, lines: Sequence[str]) -> bool:
    """Whether a value stands in print; what is nothing has words of its own, whatever they are."""
    if value is None:
        return True
    forms = {number(value), in_words(value)} if isinstance(value, int) else {value}
    text = " ".join(lines)
    return any(re.search(rf"(?<![\w.,]){re.escape(one)}(?![\w%]|[.,]\d)", text) for one in forms)


def _public(markup: Markup) -> list[str]:
    """What a letter says, its title first, but for whom it is addressed to."""
    own = [one.words for one in markup.lines if not (one.in_address or one.is_greeting)]
    return [markup.title, *own]


class _Change(NamedTuple):
    """Words that were replaced, from one place to another among those that were sent."""

    start: int
    end: int
    by: tuple[str, ...]


def _changes(sent: Sequence[str], now: Sequence[str]) -> tuple[_Change, ...]:
    """What was replaced in the words of some lines, in their order."""
    before, after = " ".join(sent).split(), " ".join(now).split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        _Change(start, end, tuple(after[first:last]))
        for kind, start, end, first, last in matcher.get_opcodes()
        if kind != "equal"
    )


def _passages(
    sent: Sequence[str], now: Sequence[str], elsewhere: Sequence[_Change], told: Sequence[_Change]
) -> Iterator[Passage]:
    """The places where words differ, beside values that are told, each with a few words around.

    That is `elsewhere`, or of what follows from the figures what does not follow from those `told`.
    """
    before, after = " ".join(sent).split(), " ".join(now).split()
    found: list[tuple[int, int, int, int]] = []  # in both texts, from one place to another
    shift = 0
    for change in _changes(sent, now):
        first = change.start + shift
        shift += len(change.by) - (change.end - change.start)
        apart = any(one.start <= change.end and change.start <= one.end for one in elsewhere)
        if not apart and change in told:
            continue
        place = (change.start, change.end, first, first + len(change.by))
        if found and change.start - found[-1][1] <= _AROUND:
            place = (found[-1][0], change.end, found.pop()[2], place[3])
        found.append(place)
    for start, end, first, last in found:
        yield Passage(was=_piece(before, start, end), now=_piece(after, first, last))


def _piece(words: Sequence[str], start: int, end: int) -> str:
    begin, finish = max(0, start - _AROUND), min(len(words), end + _AROUND)
    head, tail = "… " if begin else "", " …" if finish < len(words) else ""
    shown = list(words[begin:finish])
    if len(shown) > _LONGEST:
        shown[_LONGEST // 2 : -(_LONGEST // 2)] = ["…"]
    return f"{head}{' '.join(shown)}{tail}"
