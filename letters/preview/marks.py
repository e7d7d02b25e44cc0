"""What wants a look in each letter, and how much: the marks that proof-readers see. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from letters.campaign.load import Campaign
from letters.errors import Problem, Severity
from letters.figures import Figures
from letters.mail.approvals import Standing
from letters.typesetting.context import printed
from letters.wording import spaced

_FEW = 3  #: authorities that may share an extreme of their peer group before it is nothing special
_SMALLEST_GROUP = 5  #: authorities, to speak of extremes
_LONGEST = 5  #: names and letters that count as the longest

#: The marks that a letter can carry: what they are called, and how much each adds to its oddness.
MARKS: Mapping[str, tuple[str, int]] = {
    "problem": ("problem", 100),
    "warning": ("warning", 60),
    "zero": ("zero base", 40),
    "below": ("below target", 35),
    "long": ("more pages", 30),
    "paragraph": ("bespoke paragraph", 30),
    "contact": ("no contact", 20),
    "changed": ("changed since approved", 50),
    "partly": ("partly approved", 0),
    "approved": ("approved", 0),
}
_KEYS = {Standing.CHANGED: "changed", Standing.PARTLY: "partly", Standing.APPROVED: "approved"}
_EXTREME, _LONG_NAME, _FULL = 15, 15, 15


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a letter that wants a look."""

    key: str  #: of MARKS, "" for a reason that is no mark
    kind: str  #: the same for letters that are odd in the same way
    reason: str  #: "no upheld decisions"
    weight: int


def marks_of(
    campaign: Campaign,
    figures: Mapping[str, Figures],
    problems: Sequence[Problem],
    lengths: Mapping[str, int],
    pages: Mapping[str, int],
    standings: Mapping[str, Standing],
) -> Mapping[str, tuple[Mark, ...]]:
    """The marks of each letter by slug, the weightiest first.

    By slug, as far as they are known: `lengths` are the characters of each letter's words, `pages`
    its pages, and `standings` how it stands with its approvals.
    """
    found: dict[str, list[Mark]] = {slug: [] for slug in figures}
    for slug, mark in (
        *_problems(problems),
        *_figures(campaign, figures),
        *_extremes(campaign, figures),
        *_letters(campaign, pages),
        *_longest(campaign, lengths),
        *_approvals(standings),
    ):
        if slug in found:
            found[slug].append(mark)
    return {
        slug: tuple(sorted(marks, key=lambda mark: -mark.weight)) for slug, marks in found.items()
    }


def _approvals(standings: Mapping[str, Standing]) -> Iterator[tuple[str, Mark]]:
    for slug, standing in standings.items():
        if key := _KEYS.get(standing):
            yield slug, _mark(key, MARKS[key][0])


def _mark(key: str, reason: str, of: str = "") -> Mark:
    return Mark(key, f"{key} {of}", reason, MARKS[key][1])


def _problems(problems: Sequence[Problem]) -> Iterator[tuple[str, Mark]]:
    keys = {Severity.ERROR: "problem", Severity.WARNING: "warning"}
    for problem in problems:
        if problem.severity in keys:
            key = "warning" if problem.unfinished else keys[problem.severity]
            yield problem.authority, _mark(key, problem.sentence)


def _figures(campaign: Campaign, figures: Mapping[str, Figures]) -> Iterator[tuple[str, Mark]]:
    letter = campaign.letter
    for slug, measures in figures.items():
        for name, figure in measures.items():
            measure = letter.measures[name]
            if figure.value is None:
                yield slug, _mark("zero", f"no {letter.counts[measure.of].plural}", measure.of)
            elif measure.watch_below is not None and figure.value < measure.watch_below:
                value = printed(figure.printed, measure)
                yield (
                    slug,
                    _mark("below", f"{spaced(name)} {value}, below {measure.watch_below}", name),
                )


def _extremes(campaign: Campaign, figures: Mapping[str, Figures]) -> Iterator[tuple[str, Mark]]:
    """The highest and the lowest of each measure in each peer group, unless many share it."""
    groups: dict[tuple[str, str], list[tuple[Fraction, str]]] = defaultdict(list)
    for slug, measures in figures.items():
        peers = campaign.register[slug].peer_group
        for name, figure in measures.items():
            if peers and figure.value is not None:
                groups[peers, name].append((figure.value, slug))
    for (group, name), values in groups.items():
        if len(values) < _SMALLEST_GROUP:
            continue
        for word, extreme in (("highest", max(values)[0]), ("lowest", min(values)[0])):
            holders = [slug for value, slug in values if value == extreme]
            if len(holders) <= _FEW:
                for slug in holders:
                    reason = f"{word} {spaced(name)} of {len(values)} {group} authorities"
                    yield slug, Mark("", f"{word} {name}", reason, _EXTREME)


def _letters(campaign: Campaign, pages: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    standard = campaign.letter.pages
    for slug in campaign.statistics:
        if slug in campaign.paragraphs:
            yield slug, _mark("paragraph", "bespoke paragraph")
        if standard and pages.get(slug, 0) > standard:
            yield slug, _mark("long", f"{pages[slug]} pages")
        contacts = campaign.contacts.get(slug)
        if not (contacts and contacts.chief_executive and contacts.chief_executive.email):
            yield slug, _mark("contact", "no address to send it to")
        elif not contacts.chief_executive.surname:
            yield slug, Mark("", "no name", "no name known", 5)


def _longest(campaign: Campaign, lengths: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    names = {slug: len(campaign.register[slug].name) for slug in campaign.statistics}
    for slug in _top(names):
        yield slug, Mark("", "long name", f"long name: {names[slug]} characters", _LONG_NAME)
    for slug in _top(lengths):
        yield slug, Mark("", "full pages", f"full pages: {lengths[slug]:,} characters", _FULL)


def _top(numbers: Mapping[str, int]) -> list[str]:
    """The few with the highest numbers; none where there are few altogether."""
    if len(numbers) < 4 * _LONGEST:
        return []
    return sorted(numbers, key=lambda slug: -numbers[slug])[:_LONGEST]
