"""The letters as a list to proof-read from: searched, filtered, the oddest first. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from letters.campaign.load import Campaign
from letters.errors import Problem
from letters.figures import Figures
from letters.mail.stages import Stage, Stand
from letters.preview.marks import Mark, marks_of
from letters.typesetting.context import printed

#: orders; the others are a measure's name with what is before it: see LOWEST
ODDEST, BY_NAME, BY_GROUP, BY_STAGE = ("oddest", "name", "group", "stage")
#: what stands before a measure's name in an order by its figure, or by how far from the average
LOWEST, HIGHEST, FAR_ABOVE, FAR_BELOW = ("", "-", "above:", "below:")

_FIRST = 20  #: of the oddest, chosen so that they differ


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the list."""

    measure: str
    value: str  #: "64%", "none" when there is none
    average: str  #: "45%", "no peers", "no average", "" where none is wanted
    exact: Fraction | None
    exact_average: Fraction | None = None
    full: Fraction = Fraction(100)  #: the value whose bar is full

    @property
    def distance(self) -> Fraction | None:
        """How far the figure is above the average, below 0 beneath it; None without both."""
        if self.exact is None or self.exact_average is None:
            return None
        return self.exact - self.exact_average

    @property
    def share(self) -> Fraction | None:
        """How much of its bar is filled, from 0 to 1; None without a figure."""
        return _share(self.exact, self.full)

    @property
    def average_share(self) -> Fraction | None:
        """Where in the bar the average is, from 0 to 1; None without an average."""
        return _share(self.exact_average, self.full)


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in the list."""

    slug: str
    name: str
    peer_group: str  #: "" for none
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    stand: Stand | None = None  #: None before all letters were looked through

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of the strip under which it is found."""
        return tuple(kind.key for kind in self.stand.kinds) if self.stand else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The marks it carries, each once."""
        return tuple(dict.fromkeys(mark.key for mark in self.marks if mark.key))

    @property
    def oddness(self) -> int:
        """How much its marks and reasons weigh together."""
        return sum(mark.weight for mark in self.marks)

    @property
    def search_text(self) -> str:
        """What a search looks in: name, slug and peer group, plain small letters."""
        return plain(f"{self.name} {self.slug} {self.peer_group}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters are wanted, and in what order."""

    words: str = ""
    mark: str = ""
    group: str = ""
    order: str = ODDEST
    stage: str = ""

    def holds(self, row: Row) -> bool:
        """Whether a letter is wanted."""
        text = row.search_text
        return (
            all(word in text for word in plain(self.words).split())
            and (not self.mark or self.mark in row.keys)
            and (not self.group or self.group == (row.peer_group or "none"))
            and (not self.stage or self.stage in row.stages)
        )


def rows_of(
    campaign: Campaign,
    figures: Mapping[str, Figures],
    problems: Sequence[Problem],
    lengths: Mapping[str, int],
    pages: Mapping[str, int],
    stands: Mapping[str, Stand],
) -> tuple[Row, ...]:
    """A row for each letter, in the order of the campaign.

    By slug are the `figures` of each letter and, as far as they are known, `lengths`, the characters
    of its words, `pages`, and `stands`, how far it is.
    """
    scales = _scales(campaign, figures)
    standings = {slug: one.standing for slug, one in stands.items()}
    marks = marks_of(campaign, figures, problems, lengths, pages, standings)
    return tuple(
        Row(
            slug,
            campaign.register[slug].name,
            campaign.register[slug].peer_group or "",
            _cells(campaign, slug, figures[slug], scales),
            marks[slug],
            stands.get(slug),
        )
        for slug in figures
    )


def arranged(rows: Iterable[Row], order: str) -> list[Row]:
    """The rows in an order; of equals the names decide, as they do in an unknown order.

    Of the oddest, the first show what those before them do not; the others follow by weight.
    """
    by_name = sorted(rows, key=lambda row: plain(row.name))
    if order == ODDEST:
        return _oddest(by_name)
    if order == BY_GROUP:
        return sorted(by_name, key=lambda row: row.peer_group or "~")
    if order == BY_STAGE:
        return sorted(by_name, key=_stage_of)
    sign = -1 if order.startswith((HIGHEST, FAR_ABOVE)) else 1

    def key(row: Row) -> tuple[bool, Fraction]:
        value = _ordered_by(row, order)
        return value is None, sign * (value or Fraction(0))

    return sorted(by_name, key=key)


def _ordered_by(row: Row, order: str) -> Fraction | None:
    """What an order by a measure goes by: its figure, or how far that is from the average."""
    way, _, measure = order.rpartition(":")
    name = measure.removeprefix(HIGHEST)
    cell = next((cell for cell in row.cells if cell.measure == name), None)
    if cell is None:
        return None
    return cell.distance if way else cell.exact


def _stage_of(row: Row) -> int:
    stages = list(Stage)
    return stages.index(row.stand.stage) if row.stand else len(stages)


def _oddest(rows: list[Row]) -> list[Row]:
    """What many letters share counts less with each further one: twenty alike prove nothing."""
    rest = sorted(rows, key=lambda row: -row.oddness)
    first: list[Row] = []
    seen: Counter[str] = Counter()
    while rest and len(first) < _FIRST:
        row = max(
            rest, key=lambda row: sum(mark.weight / (1 + seen[mark.kind]) for mark in row.marks)
        )
        if not row.marks:
            break
        rest.remove(row)
        first.append(row)
        seen.update(mark.kind for mark in row.marks)
    return [*first, *rest]


@lru_cache(maxsize=4096)  # of each letter
def plain(text: str) -> str:
    """Small letters without accents, apostrophes or hyphens: a search finds what is meant."""
    letters = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(
        letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’"
    )
    return " ".join(kept.replace("-", " ").split())


def _share(value: Fraction | None, full: Fraction) -> Fraction | None:
    if value is None:
        return None
    return min(max(value / full, Fraction(0)), Fraction(1)) if full else Fraction(0)


def _scales(campaign: Campaign, figures: Mapping[str, Figures]) -> Mapping[str, Fraction]:
    """By measure, the value of a full bar: 100 for a percentage, for a rate the largest there is."""
    return {
        name: Fraction(100) if measure.per == 100 else _largest(figures, name)
        for name, measure in campaign.letter.measures.items()
    }


def _largest(figures: Mapping[str, Figures], name: str) -> Fraction:
    known = [figure for measures in figures.values() if (figure := measures.get(name))]
    return max(
        (one for f in known for one in (f.value, f.peer_average) if one), default=Fraction(0)
    )


def _cells(
    campaign: Campaign, slug: str, figures: Figures, scales: Mapping[str, Fraction]
) -> tuple[Cell, ...]:
    measures = campaign.letter.measures
    without = "no average" if campaign.register[slug].peer_group else "no peers"
    return tuple(
        Cell(
            name,
            printed(figure.printed, measures[name]) or "none",
            (printed(figure.printed_average, measures[name]) or without)
            if measures[name].compared
            else "",
            figure.value,
            figure.peer_average,
            scales[name],
        )
        for name, figure in figures.items()
    )
