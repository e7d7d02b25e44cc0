"""One sheet with a row an authority: its counts, held against its own totals and printed rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from letters.campaign.mapping import Figures
from letters.campaign.records import LetterParts, Measure
from letters.errors import Place, Problem, Severity
from letters.intake.authorities import Names, NotKnown, is_total
from letters.intake.cells import (
    MOST_ROWS_OF_AUTHORITIES,
    Cell,
    Kind,
    Sheet,
    folded,
    refuse,
    same_words,
)
from letters.intake.numbers import count_in, passed_over
from letters.intake.rates import PER_CENT, wrong_rate
from letters.intake.rows import gone, name_and_code, unusable
from letters.intake.tables import Table, table_of
from letters.wording import quoted, series, spaced

_FEWEST = 2  #: rows that a row without a name may be the sum of
_FEWEST_NAMED = 5  #: rows that one may be the sum of, whatever it is called
_WHY = {
    "c": "confidential",
    "x": "not available",
    "z": "not applicable",
    "low": "low",
    "u": "unreliable",
    "w": "withheld",
}


_LEFT = "its figures are left out, and it gets no letter"
_HEADING = "correct the heading in import.yaml"


class Supplied(NamedTuple):
    """A count as a sheet gives it, and the cells that it is the sum of."""

    number: int
    cells: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """What one sheet gives."""

    table: Table | None = None
    counts: Mapping[str, Mapping[str, Supplied]] = field(default_factory=dict)  #: by slug and count
    withheld: Mapping[str, str] = field(default_factory=dict)  #: slugs with a number not shown, why
    totals: int = 0  #: columns that were held against the total of the sheet
    rates: int = 0  #: rates that were worked out again
    problems: tuple[Problem, ...] = ()


def read_figures(
    sheets: Sequence[Sheet],
    source: Figures,
    names: Names,
    letter: LetterParts,
    with_hidden: bool = False,
) -> FigureSheet:
    """The counts in one sheet of a workbook, and all that is wrong or doubtful with it."""
    table, problems = table_of(sheets, source, with_hidden)
    if table is None:
        return FigureSheet(problems=problems)
    if len(table.rows) > MOST_ROWS_OF_AUTHORITIES:
        sentence = f"the sheet has more than {MOST_ROWS_OF_AUTHORITIES:,} rows"
        hint = "one with a row a case belongs under cases: in import.yaml"
        raise refuse(table.sheet.place(), "sheet-too-large", sentence, hint)
    reading = _Reading(table, source, names, letter)
    reading.look_at_headings()
    reading.read()
    return FigureSheet(
        table,
        reading.counts,
        reading.withheld,
        reading.totals,
        reading.rates,
        (*table.sheet.problems, *problems, *reading.problems),
    )


@dataclass(slots=True)
class _Column:
    """One column of counts, while its rows are added up."""

    sum: int = 0
    of_text: int = 0  #: what numbers stored as text add to it
    texts: list[Cell] = field(default_factory=list)
    unknown: Cell | None = None  #: the first one without a number


@dataclass(slots=True)
class _Reading:
    table: Table
    source: Figures
    names: Names
    letter: LetterParts
    counts: dict[str, dict[str, Supplied]] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    totals: int = 0
    rates: int = 0
    _columns: dict[str, _Column] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)  #: by slug
    _suppressed: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        headings = (one for several in self.source.counts.values() for one in several)
        self._columns = {heading: _Column() for heading in headings}
        self._suppressed = {
            folded(key).casefold(): why for key, why in self.source.suppressed.items()
        }

    def look_at_headings(self) -> None:
        """What is odd about the columns of counts."""
        first = dict[frozenset[int], str]()
        for count, headings in self.source.counts.items():
            columns = [self.table.columns[heading] for heading in headings]
            place = self.table.sheet.place(self.table.header, columns[0])
            other = first.setdefault(frozenset(columns), count)
            if len(set(columns)) < len(columns):
                sentence = f"a column is taken twice for {spaced(count)}"
                self._say(Severity.ERROR, "column-twice", place, sentence, _HEADING)
            elif other != count:
                sentence = f"this is taken for {spaced(other)}, and for {spaced(count)}, too"
                self._say(Severity.WARNING, "column-of-two-counts", place, sentence, _HEADING)
            for column in columns:
                words = self.table.sheet.heading(self.table.header, column).words
                if PER_CENT.search(words):
                    place = self.table.sheet.place(self.table.header, column)
                    sentence = f"{quoted(words)} is a rate, and no count"
                    self._say(Severity.ERROR, "rate-as-count", place, sentence, _HEADING)

    def read(self) -> None:
        rates, totals = self._rates(), list[int]()
        for row in self.table.rows:
            name, code = name_and_code(self.table, row, self.source.authority)
            if bad := unusable(self.table, row, self.source.authority):
                self.problems.append(bad)
            elif is_total(name, code):
                if self._rows:
                    self._total(row)
                else:  # it stands above what it is the sum of
                    totals.append(row)
            elif self._repeats_headings(row):
                continue
            elif slug := self._authority(row, name, code):
                self._row(row, slug)
                for measure, column in rates:
                    self._rate(row, slug, measure, column)
        for row in totals:
            self._total(row)

    def _repeats_headings(self, row: int) -> bool:
        """Whether a row has the headings once more."""
        return all(
            same_words(self.table.cell(row, heading).words)
            == same_words(self.table.sheet.heading(self.table.header, column).words)
            for heading, column in self.table.columns.items()
        )

    def _add_up(self, row: int) -> None:
        """Add the numbers of a row that is nobody's to its columns: the totals have them, too."""
        for heading, column in self._columns.items():
            cell = self.table.cell(row, heading)
            taken = count_in(cell, self.table.sheet, self._suppressed)
            column.sum += taken.number or 0
            column.unknown = column.unknown or (cell if taken.number is None else None)

    def _authority(self, row: int, name: str, code: str) -> str:
        """Whose the row is; "" when it is nobody's, which is told unless it is the sum."""
        empty = all(self.table.cell(row, one).kind is Kind.BLANK for one in self._columns)
        try:
            slug, by_name = self.names.of(name, code)
        except NotKnown as error:
            if empty:
                sentence = f"{quoted(name or code)} is no authority and has no figures"
                self._say(Severity.NOTICE, "row-passed-over", row, sentence)
            elif self._is_sum(row, named=bool(name or code)):
                if name or code:
                    sentence = (
                        f"{quoted(name or code)} is no authority, and was taken for the total"
                    )
                    self._say(Severity.WARNING, "row-taken-for-total", row, sentence)
                self._total(row)
            else:
                nobody = "this row has figures, and nobody knows whose"
                told = (error.code, error.sentence, error.hint)
                code, sentence, hint = (
                    told if name or code else ("no-authority", nobody, "write the authority")
                )
                self._say(Severity.ERROR, code, row, sentence, hint)
                self._add_up(row)
            return ""
        if name and not by_name:
            sentence = f"{quoted(name)} is taken for {self.names.register[slug].name} by its code"
            self._say(Severity.NOTICE, "known-by-code", row, sentence)
        if (other := self._rows.setdefault(slug, row)) != row:
            sentence = f"{self.names.register[slug].name} is in row {other}, too"
            hint = "delete one of the two rows"
            self._say(Severity.ERROR, "authority-twice", row, sentence, hint)
            self._add_up(row)
            return ""
        return slug

    def _row(self, row: int, slug: str) -> None:
        found = dict[str, Supplied]()
        for count, headings in self.source.counts.items():
            numbers = [self._count(row, slug, heading) for heading in headings]
            if None not in numbers:
                cells = tuple(self.table.cell(row, one).place for one in headings)
                found[count] = Supplied(sum(filter(None, numbers)), cells)
        body, day = self.names.register[slug], self.names.day
        if reason := gone(body, day, self.names.register):
            self._say(Severity.WARNING, "authority-left-out", row, f"{body.name}: {reason}", _LEFT)
        elif slug not in self.withheld:
            self.counts[slug] = found

    def _count(self, row: int, slug: str, heading: str) -> int | None:
        cell, column = self.table.cell(row, heading), self._columns[heading]
        taken = count_in(cell, self.table.sheet, self._suppressed)
        if taken.withheld and slug not in self.withheld:
            self.withheld[slug] = taken.withheld
            why = _WHY[taken.withheld]
            sentence = f"the number is not shown ({why}), so no letter is made for {self.names.register[slug].name}"
            self._say(Severity.WARNING, "count-suppressed", cell, sentence)
        if taken.problem:
            self.problems.append(taken.problem)
        elif texts := passed_over(cell, self.table.sheet):
            where = series([one.place.cell for one in texts], most=6)
            sentence = f"this sum passes over what is stored as text in {where}"
            hint = "turn it into a number"
            self._say(Severity.ERROR, "sum-without-texts", cell, sentence, hint)
        if taken.number is None:
            column.unknown = column.unknown or cell
            return None
        column.sum += taken.number
        if cell.kind is Kind.TEXT and not self.table.sheet.plain:
            column.of_text += taken.number
            column.texts.append(cell)
        return taken.number

    def _total(self, row: int) -> None:
        """Hold a row that is the sum of those above against them."""
        for heading, column in self._columns.items():
            cell = self.table.cell(row, heading)
            if cell.kind is Kind.BLANK or column.unknown or not self.table.whole:
                continue
            taken = count_in(cell, self.table.sheet, {})
            if taken.number is None or taken.number == column.sum:
                self.problems += [taken.problem] if taken.number is None and taken.problem else []
                self.totals += taken.number is not None
                continue
            if taken.number == column.sum - column.of_text:
                texts = series([one.place.cell for one in column.texts], most=6)
                sentence = f"this total passes over what is stored as text in {texts}"
                hint = "turn the texts into numbers"
                self._say(Severity.WARNING, "total-without-texts", cell, sentence, hint)
                continue
            sentence = f"the total is {taken.number:,}, and the rows above add up to {column.sum:,}"
            hint = "find out which of them is wrong"
            self._say(Severity.ERROR, "total-differs", cell, sentence, hint)

    def _is_sum(self, row: int, named: bool) -> bool:
        """Whether it is the last row of several, and each number in it the sum of those above."""
        last = max(
            one
            for one in self.table.rows
            if any(
                self.table.cell(one, heading).kind is not Kind.BLANK for heading in self._columns
            )
        )
        if row != last or len(self._rows) < (_FEWEST_NAMED if named else _FEWEST):
            return False
        taken = [
            (count_in(self.table.cell(row, heading), self.table.sheet, {}).number, column)
            for heading, column in self._columns.items()
        ]
        return any(column.sum for _, column in taken) and all(
            number == column.sum for number, column in taken
        )

    def _rates(self) -> list[tuple[Measure, int]]:
        """The measures that are printed beside the counts, each with its column."""
        columns = {same_words(heading): column for heading, column in self.table.headings()}
        found = list[tuple[Measure, int]]()
        for name, measure in self.letter.measures.items():
            given = self.source.rates.get(name)
            plain = {PER_CENT.sub("", key).strip(" ()"): at for key, at in columns.items()}
            column = self.table.columns[given] if given else plain.get(spaced(name))
            if column:
                found.append((measure, column))
        return found

    def _rate(self, row: int, slug: str, measure: Measure, column: int) -> None:
        counts = self.counts.get(slug, {})
        if measure.count not in counts or measure.of not in counts:
            return
        cell = self.table.sheet.cell(row, column)
        heading = self.table.sheet.heading(self.table.header, column).words
        count, base = counts[measure.count].number, counts[measure.of].number
        self.rates += cell.kind is not Kind.BLANK
        if wrong := wrong_rate(cell, measure, count, base, bool(PER_CENT.search(heading))):
            self.problems.append(wrong)

    def _say(
        self, severity: Severity, code: str, at: int | Place | Cell, sentence: str, hint: str = ""
    ) -> None:
        """Note a problem of a row, a heading or a cell."""
        where = self.table.place(at) if isinstance(at, int) else at
        self.problems.append(self.table.problem(severity, code, where, sentence, hint))
