"""Cells of a workbook as values with a place, whatever program wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from letters.errors import CampaignError, Place, Problem, Severity

Value: TypeAlias = int | Decimal | str | date | bool | None

MOST_ROWS = 200_000  #: of a sheet with cases
MOST_ROWS_OF_AUTHORITIES = 5_000
MOST_COLUMNS = 200
MOST_CELLS = 3_000_000  #: of a workbook
_MOST_DIGITS = 320  #: before or after the point; more are in no spreadsheet
LONGEST_TEXT = 32_767  #: characters of a cell, as Excel has it

_NOTE = re.compile(r"(?:\s*+\[(?:notes?|r|p|b)\b[^\[\]]*+\]|[\s⁰¹²³⁴-⁹*†‡])++$", re.IGNORECASE)


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"  #: #N/A, #DIV/0! ...
    BLANK = "blank"
    UNCOMPUTED = "uncomputed"  #: a formula whose value was never worked out


class Cell(NamedTuple):
    """What stands in a cell, and how it is shown."""

    place: Place
    value: Value  #: exact; of an error its name, such as #N/A; None for blank and uncomputed
    kind: Kind
    shown: str  #: as a person reads it in the sheet; of text all of it, raised characters too
    number_format: str = ""  #: as the workbook has it, "" for none
    raised: str = ""  #: characters above or below the line, which `value` is without
    also_shown: str | None = None  #: how a conditional format may show it instead
    formula: str = ""  #: that gave the value

    @property
    def words(self) -> str:
        """The text that is shown, without raised characters, on one line; "" for nothing."""
        return folded(self.value if isinstance(self.value, str) else self.shown)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells that hold something, and which of its parts nobody sees."""

    file: str  #: the workbook's name
    name: str
    cells: Mapping[tuple[int, int], Cell]  #: by row and column, from 1; blank ones are left out
    hidden: bool = False
    merged: Sequence[tuple[int, int, int, int]] = ()  #: first row and column, last row and column
    hidden_rows: frozenset[int] = frozenset()  #: filtered ones, too
    hidden_columns: frozenset[int] = frozenset()
    #: of text alone, as a csv file is: that its numbers are text means nothing
    plain: bool = False
    #: of text, whose numbers may have dots or commas between thousands, or for decimals
    unsure_of_points: bool = False
    problems: tuple[Problem, ...] = ()  #: of the file, to be told when it is used
    last_row: int = field(init=False)
    last_column: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "last_row", max((row for row, _ in self.cells), default=0))
        object.__setattr__(self, "last_column", max((col for _, col in self.cells), default=0))

    def place(self, row: int = 1, column: int = 1) -> Place:
        """The place of a cell, there or not."""
        return Place(self.file, row, column, sheet=self.name)

    def cell(self, row: int, column: int) -> Cell:
        """The cell, a blank one where the sheet holds nothing."""
        return self.cells.get((row, column)) or Cell(self.place(row, column), None, Kind.BLANK, "")

    def heading(self, row: int, column: int) -> Cell:
        """The cell of a heading: what is merged belongs to each cell that it covers."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return self.cell(top, left)
        return self.cell(row, column)

    def merged_over(self, row: int, column: int) -> bool:
        """Whether a cell is part of a merged one."""
        return any(
            top <= row <= bottom and left <= column <= right
            for top, left, bottom, right in self.merged
        )


def exact(text: str) -> int | Decimal:
    """A number out of a file as it is written there. Raises ValueError for none, or an endless one."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"no number of a sheet: {text[:40]}")
    return int(number) if number == number.to_integral_value() else number


def folded(text: str) -> str:
    """The text on one line, each run of spaces, of whatever kind, one space."""
    return " ".join(text.split())


def without_notes(text: str) -> str:
    """A name or heading without marks of footnotes behind it: `Kent [note 1]`, `Essex¹`."""
    return _NOTE.sub("", folded(text))


@lru_cache(maxsize=65536)  # a column has few that differ
def same_words(text: str) -> str:
    """By which two headings are the same: without notes, spaces folded, case ignored."""
    return without_notes(text).casefold()


def refuse(place: Place, code: str, sentence: str, hint: str = "") -> CampaignError:
    """The error of a workbook that cannot be read."""
    return CampaignError((Problem(place, Severity.ERROR, code, sentence, hint),))


def require_size(file: str, sheet: str, rows: int, columns: int) -> None:
    """Raise CampaignError for a sheet that is larger than any of an office."""
    for number, most, what in ((rows, MOST_ROWS, "rows"), (columns, MOST_COLUMNS, "columns")):
        if number > most:
            sentence = f"the sheet has more than {most:,} {what}"
            hint = f"delete what is not needed, also empty {what} that have a format"
            raise refuse(Place(file, sheet=sheet), "sheet-too-large", sentence, hint)


def ranges(numbers: Sequence[int]) -> str:
    """Row numbers, sorted, as people write them: 12, 77, 90-92."""
    return ", ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in _runs(numbers)
    )


def numbers_of(text: str) -> tuple[int, ...]:
    """The row numbers of such a text."""
    found = list[int]()
    for part in filter(None, (one.strip() for one in text.split(","))):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last
