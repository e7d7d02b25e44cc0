"""The letters as a list to proof-read from: searched, filtered, the oddest first. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from letters.campaign.load import Campaign
from letters.errors import Problem
from letters.figures import Figures
from letters.mail.approvals import Standing
from letters.preview.marks import Mark, marks_of
from letters.typesetting.context import printed

#: orders; the others are a measure's name, "-" before it or not
ODDEST, BY_NAME, BY_GROUP = ("oddest", "name", "group")

_FIRST = 20  #: of the oddest, chosen so that they differ


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the list."""

    measure: str
    value: str  #: "64%", "–" when there is none
    average: str  #: "45%", "" when there is none
    exact: Fraction | None


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in the list."""

    slug: str
    name: str
    peer_group: str  #: "" for none
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]

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

    def holds(self, row: Row) -> bool:
        """Whether a letter is wanted."""
        text = row.search_text
        return (
            all(word in text for word in plain(self.words).split())
            and (not self.mark or self.mark in row.keys)
            and (not self.group or self.group == (row.peer_group or "none"))
        )


def rows_of(
    campaign: Campaign,
    figures: Mapping[str, Figures],
    problems: Sequence[Problem],
    lengths: Mapping[str, int],
    pages: Mapping[str, int],
    standings: Mapping[str, Standing],
) -> tuple[Row, ...]:
    """A row for each letter, in the order of the campaign.

    By slug are the `figures` of each letter and, as far as they are known, `lengths`, the characters
    of its words, `pages`, and `standings`, how it stands with its approvals.
    """
    marks = marks_of(campaign, figures, problems, lengths, pages, standings)
    return tuple(
        Row(
            slug,
            campaign.register[slug].name,
            campaign.register[slug].peer_group or "",
            _cells(campaign, figures[slug]),
            marks[slug],
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
    measure, sign = order.removeprefix("-"), -1 if order.startswith("-") else 1

    def value(row: Row) -> tuple[bool, Fraction]:
        exact = next((cell.exact for cell in row.cells if cell.measure == measure), None)
        return exact is None, sign * (exact or Fraction(0))

    return sorted(by_name, key=value)


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


def plain(text: str) -> str:
    """Small letters without accents, apostrophes or hyphens: a search finds what is meant."""
    letters = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(
        letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’"
    )
    return " ".join(kept.replace("-", " ").split())


def _cells(campaign: Campaign, figures: Figures) -> tuple[Cell, ...]:
    measures = campaign.letter.measures
    return tuple(
        Cell(
            name,
            printed(figure.printed, measures[name]) or "–",
            printed(figure.printed_average, measures[name]) or "",
            figure.value,
        )
        for name, figure in figures.items()
    )
