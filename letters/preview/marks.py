"""What wants a look in each letter, and how much: the marks that proof-readers see. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from letters.campaign.load import Campaign
from letters.errors import Problem, Severity
from letters.figures import Figures
from letters.mail.stages import Standing
from letters.typesetting.context import printed
from letters.wording import spaced

_FEW = 3  #: authorities that may share an extreme of their peer group before it is nothing special
_SMALLEST_GROUP = 5  #: authorities, to speak of extremes
_LONGEST = 5  #: names and letters that count as the longest


class Tone(StrEnum):
    """What sort of thing a mark tells."""

    PROBLEM = "problem"  #: to be mended, or to be looked into
    GAP = "gap"  #: something that letters have is not there
    FACT = "fact"  #: unlike others, and right
    STATE = "state"  #: how far the letter is


class Named(NamedTuple):
    """A mark that letters can be found by."""

    label: str
    weight: int  #: how much it adds to a letter's oddness
    tone: Tone


#: The marks that a letter can carry.
MARKS: Mapping[str, Named] = {
    "problem": Named("problem", 100, Tone.PROBLEM),
    "warning": Named("warning", 60, Tone.PROBLEM),
    "zero": Named("no figure", 40, Tone.GAP),
    "below": Named("below target", 35, Tone.PROBLEM),
    "long": Named("more pages", 30, Tone.FACT),
    "paragraph": Named("own paragraph", 30, Tone.FACT),
    "contact": Named("no address", 20, Tone.GAP),
    "changed": Named("changed since approved", 50, Tone.STATE),
    "partly": Named("partly approved", 0, Tone.STATE),
    "approved": Named("approved", 0, Tone.STATE),
}
#: What some problems are called in a few words; others by their code.
_SHORT = {
    "printed-as-written": "code in the text",
    "no-contact": "no address",
    "drawing": "drawing",
    "invisible": "invisible words",
    "overflow": "overflows",
    "pages": "too many pages",
    "panels": "panels collide",
    "rendering": "not typeset",
    "split": "split over pages",
    "template": "template fails",
}
_MOST_CHIPS = 2
_WIDEST_CHIPS = 26  #: characters that a row has room for
_KEYS = {Standing.CHANGED: "changed", Standing.PARTLY: "partly", Standing.APPROVED: "approved"}
_EXTREME, _LONG_NAME, _FULL = 15, 15, 15


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a letter that wants a look."""

    key: str  #: of MARKS, "" for a reason that is no mark
    kind: str  #: the same for letters that are odd in the same way
    reason: str  #: "lowest uphold rate of 32 county authorities"
    weight: int
    short: str = ""  #: "lowest of 32"; "" where the reason is short
    tone: Tone = Tone.FACT

    @property
    def name(self) -> str:
        """What it says in a few words."""
        return self.short or self.reason


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


def chips(marks: Sequence[Mark]) -> tuple[tuple[Mark, ...], int]:
    """The few marks that a row has room for, each unlike the others, and how many more there are.

    How far the letter is has a column of its own, and is none of them.
    """
    told = [mark for mark in marks if mark.tone is not Tone.STATE]
    unlike = {mark.key or mark.name: mark for mark in reversed(told)}
    shown: list[Mark] = []
    for mark in sorted(unlike.values(), key=told.index):
        names = {one.name for one in shown} | {mark.name}
        width = sum(map(len, names))
        if len(shown) < len(names) <= _MOST_CHIPS and (not shown or width <= _WIDEST_CHIPS):
            shown.append(mark)
    return tuple(shown), len(told) - len(shown)


def _approvals(standings: Mapping[str, Standing]) -> Iterator[tuple[str, Mark]]:
    for slug, standing in standings.items():
        if key := _KEYS.get(standing):
            yield slug, _mark(key, MARKS[key].label)


def _mark(key: str, reason: str, of: str = "", short: str = "") -> Mark:
    named = MARKS[key]
    return Mark(key, f"{key} {of}", reason, named.weight, short, named.tone)


def _short(problem: Problem) -> str:
    """What kind of problem it is, in a few words: its code, where nothing better is known."""
    return _SHORT.get(problem.code, problem.code.replace("-", " "))


def _problems(problems: Sequence[Problem]) -> Iterator[tuple[str, Mark]]:
    keys = {Severity.ERROR: "problem", Severity.WARNING: "warning"}
    for problem in problems:
        if problem.severity in keys:
            key = "warning" if problem.unfinished else keys[problem.severity]
            yield problem.authority, _mark(key, problem.sentence, short=_short(problem))


def _figures(campaign: Campaign, figures: Mapping[str, Figures]) -> Iterator[tuple[str, Mark]]:
    letter = campaign.letter
    for slug, measures in figures.items():
        for name, figure in measures.items():
            measure = letter.measures[name]
            if figure.value is None:
                yield slug, _mark("zero", f"no {letter.counts[measure.of].plural}", measure.of)
            elif measure.watch_below is not None and figure.value < measure.watch_below:
                value = printed(figure.printed, measure)
                reason = f"{spaced(name)} {value}, below {measure.watch_below}"
                short = f"{value} {spaced(measure.count)}"
                if figure.printed is not None and figure.printed >= measure.watch_below:
                    reason = f"{spaced(name)} below {measure.watch_below}, and printed as {value}"
                    short = f"not quite {value}"
                yield slug, _mark("below", reason, name, short)


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
                    short = f"{word} of {len(values)}"
                    yield slug, Mark("", f"{word} {name}", reason, _EXTREME, short)


def _letters(campaign: Campaign, pages: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    standard = campaign.letter.pages
    for slug in campaign.statistics:
        if slug in campaign.paragraphs:
            yield slug, _mark("paragraph", "a paragraph of its own", short="own paragraph")
        if standard and pages.get(slug, 0) > standard:
            yield slug, _mark("long", f"{pages[slug]} pages")
        contacts = campaign.contacts.get(slug)
        if not (contacts and contacts.chief_executive and contacts.chief_executive.email):
            yield slug, _mark("contact", "no address to send it to", short="no address")
        elif not contacts.chief_executive.surname:
            yield slug, Mark("", "no name", "no name known", 5, "no name", Tone.GAP)


def _longest(campaign: Campaign, lengths: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    names = {slug: len(campaign.register[slug].name) for slug in campaign.statistics}
    for slug in _top(names):
        reason = f"long name: {names[slug]} characters"
        yield slug, Mark("", "long name", reason, _LONG_NAME, "long name")
    for slug in _top(lengths):
        reason = f"full pages: {lengths[slug]:,} characters"
        yield slug, Mark("", "full pages", reason, _FULL, "full pages")


def _top(numbers: Mapping[str, int]) -> list[str]:
    """The few with the highest numbers; none where there are few altogether."""
    if len(numbers) < 4 * _LONGEST:
        return []
    return sorted(numbers, key=lambda slug: -numbers[slug])[:_LONGEST]
