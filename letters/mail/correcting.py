"""What a correction reaches: which letters are otherwise than when they were sent, and in what.

The proof that nothing else has changed: the letter of today with the figures of then is, word for
word, the one that was sent. Where it is not, these places are told.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from letters.batch.draft import Drafts
from letters.campaign.corrections import Correction, Passage
from letters.campaign.load import Campaign
from letters.campaign.records import Letter
from letters.errors import MailError
from letters.figures import Figures, figure_of, peer_averages
from letters.mail.archive import Kept, kept_letter
from letters.mail.attempts import Attempt, State
from letters.mail.choice import last_attempts
from letters.mail.parcels import Parcel
from letters.rounding import half_up
from letters.typesetting.markup import Markup
from letters.wording import series

_AROUND = 4  #: words before and after a place that differs
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

    Raises LetterError for a letter that cannot be written, and MailError where the counts of now
    are others than those of then.
    """
    campaign = drafts.campaign
    accepted = _accepted(campaign, attempts)
    kept = {slug: kept_letter(root, campaign.year, one) for slug, one in accepted.items()}
    sent = {slug: one for slug in campaign.statistics if (one := kept.get(slug))}
    averages = _averages_then(campaign, sent)
    found = {
        slug: _reached(drafts, slug, accepted[slug], one, averages.get(_group(campaign, slug), {}))
        for slug, one in sent.items()
    }
    groups = {_group(campaign, one.slug) for one in found.values() if one.kind is Kind.OWN} - {""}
    if campaign.letter.peer_averages == "computed":
        for slug, reached in found.items():
            if reached.kind is Kind.SAME and _group(campaign, slug) in groups:
                found[slug] = replace(reached, kind=Kind.UNSEEN)
    return Reach(
        found,
        not_sent=tuple(slug for slug in campaign.statistics if slug not in accepted),
        not_kept=tuple(slug for slug in accepted if slug not in sent),
    )


def _accepted(campaign: Campaign, attempts: Iterable[Attempt]) -> Mapping[str, Attempt]:
    return last_attempts(campaign, (one for one in attempts if one.state is State.ACCEPTED))


def _group(campaign: Campaign, slug: str) -> str:
    return campaign.register[slug].peer_group or ""


def _averages_then(
    campaign: Campaign, sent: Mapping[str, Kept]
) -> Mapping[str, Mapping[str, Fraction]]:
    """The averages by what was sent: exact where they are worked out, else as published now."""
    counts = {slug: one.statistics["counts"] for slug, one in sent.items()}
    for slug, own in counts.items():
        if missing := campaign.letter.counts.keys() - own.keys():
            raise MailError(
                f"{slug}: the letter that was sent has no count {series(sorted(missing))}: what has"
                " changed since cannot be told; take it out of letter.yaml"
            )
    return peer_averages(replace(campaign, statistics={**campaign.statistics, **counts}))


def _reached(
    drafts: Drafts, slug: str, sent: Attempt, kept: Kept, averages: Mapping[str, Fraction]
) -> Reached:
    """One letter; `averages` are those of its peers then, as far as they can be told."""
    campaign = drafts.campaign
    counts = campaign.statistics[slug]
    before = kept.statistics
    was, now = values_of(before), values_of(drafts.draft(slug).entry.statistics)
    old = {name: value for name, value in was.items() if value != now.get(name)}
    new = {name: now.get(name) for name in old}
    corrections = _sent_before(campaign.corrections, slug, sent.issue)

    def words(counts: Mapping[str, int], figures: Figures) -> list[str]:
        return _public(drafts.writer.with_figures(slug, counts, figures, corrections))

    figures = _figures_then(campaign.letter, before, averages)
    then = words(before["counts"], figures)
    right = words(counts, drafts.writer.figures[slug])
    printed = tuple(
        name
        for name in old
        if (
            name in counts and words({**before["counts"], name: counts[name]}, figures) != then
            if name in before["counts"]
            else _says(then, old[name]) and _says(right, new[name])
        )
    )
    elsewhere = tuple(_passages(_public(kept.markup), then))
    return Reached(slug, _kind(old, printed, elsewhere), sent, old, new, printed, elsewhere)


def _kind(old: Values, printed: Sequence[str], elsewhere: Sequence[Passage]) -> Kind:
    if any(not name.endswith(_AVERAGE) for name in old):
        return Kind.OWN
    if printed:
        return Kind.AVERAGE
    if elsewhere:
        return Kind.WORDS
    return Kind.UNSEEN if old else Kind.SAME


def _figures_then(
    letter: Letter, statistics: Mapping[str, Any], averages: Mapping[str, Fraction]
) -> Figures:
    """The figures of a letter that was sent: an average that prints otherwise now is as it was."""
    figures = {}
    for name, measure in letter.measures.items():
        stated = statistics["figures"].get(name, {}).get("peer_average")
        exact = averages.get(name)
        known = exact is not None and half_up(exact, measure.decimals) == Decimal(str(stated or 0))
        average = None if stated is None else exact if known else Fraction(str(stated))
        is_exact = known and letter.peer_averages == "computed"
        figures[name] = figure_of(measure, statistics["counts"], average, is_exact)
    return figures


def addressed_otherwise(
    drafts: Drafts, root: Path, parcels: Mapping[str, Parcel], attempts: Sequence[Attempt]
) -> frozenset[str]:
    """Letters that say the same as those that were accepted, but for the person they address.

    A chief executive has left, say: nothing that is published in print has changed.
    """
    year = drafts.campaign.year
    return frozenset(
        slug
        for slug, one in _accepted(drafts.campaign, attempts).items()
        if slug in parcels
        and one.letter != parcels[slug].sha256
        and (kept := kept_letter(root, year, one))
        and _public(kept.markup) == _public(drafts.draft(slug).markup)
    )


def _sent_before(
    corrections: Sequence[Correction], slug: str, issue: int
) -> tuple[Correction, ...]:
    """The corrections that the issue which was sent last already had."""
    return tuple(
        one for one in corrections if slug in one.letters and one.letters[slug].issue <= issue
    )


def values_of(statistics: Mapping[str, Any]) -> Values:
    """Each count, figure and average of a letter's embedded statistics, as printed."""
    values: Values = dict(statistics["counts"])
    for name, figure in statistics["figures"].items():
        values[name] = _shown(figure["value"], figure["per"])
        values[f"{name}{_AVERAGE}"] = _shown(figure["peer_average"], figure["per"])
    return values


def _shown(value: int | str | None, per: int) -> str | None:
    if value is None:
        return None
    return f"{value}%" if per == 100 else str(value)


def _says(lines: Sequence[str], value: int | str | None) -> bool:
    """Whether a value is printed; what is nothing has words of its own, whatever they are."""
    words = " ".join(lines).split()
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
