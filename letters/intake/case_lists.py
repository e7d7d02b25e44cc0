"""One sheet with a row a case: whose each row is, and in which counts it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from letters.campaign.mapping import Cases, headings_of
from letters.errors import Place, Problem, Severity
from letters.intake.authorities import Names, NotKnown, is_total
from letters.intake.case_doubts import nearly, never, of_two, too_long, twice, unreadable
from letters.intake.cells import Kind, Sheet, folded, same_words
from letters.intake.rows import gone, name_and_code, unusable
from letters.intake.tables import Table, table_of, without_words
from letters.wording import numbered, series, spaced

_FEW = 0.1  #: of the cells that decide; where more are empty, that is how "no" is written
_LEFT = "its rows are left out, and it gets no letter"

Conditions = Mapping[str, Sequence[str]]  #: by heading, the values of which one must stand there


@dataclass(frozen=True, slots=True)
class CaseList:
    """What one sheet gives: rows by authority, and those of them that count."""

    source: Cases
    table: Table | None = None
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  #: by slug
    #: by count, then by slug: the rows that count; none for an authority without any
    counted: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    #: by heading and value, how many rows have it
    values: Mapping[tuple[str, str], int] = field(default_factory=dict)
    #: by heading, those that stand below it, of columns that have some
    dates: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    whole: bool = True  #: whether it is known of every row whose it is
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The workbook and the sheet: Complaints decided 2020-21.xlsx!Decided."""
        return f"{self.source.file}!{self.table.sheet.name}" if self.table else self.source.file


def read_cases(
    sheets: Sequence[Sheet], source: Cases, names: Names, with_hidden: bool = False
) -> CaseList:
    """The cases in one sheet of a workbook, and all that is wrong or doubtful with it."""
    table, problems = table_of(sheets, source, with_hidden)
    if table is None:
        return CaseList(source, problems=problems)
    rows, of_rows = _rows_by_authority(table, source, names)
    used = [one for one in headings_of(source) if one not in source.authority.headings]
    counted, of_counts = _counted(table, source, rows)
    values = _values(table, source, rows)
    return CaseList(
        source,
        table,
        rows,
        counted,
        values,
        _dates(table, rows, used),
        table.whole and not any(one.severity is Severity.ERROR for one in of_rows),
        (
            *without_words(table.sheet.problems),
            *problems,
            *of_rows,
            *unreadable(table, rows, used),
            *of_counts,
            *nearly(table, source, values),
            *never(table, source, values),
            *twice(table, rows),
            *of_two(table, source, rows, names),
            *too_long(table, source, rows),
        ),
    )


def holds(conditions: Conditions, said: Mapping[str, str]) -> bool:
    """Whether a row counts, by what it says below each heading."""
    return all(
        same_words(said[heading]) in {same_words(one) for one in values}
        for heading, values in conditions.items()
    )


def _rows_by_authority(
    table: Table, source: Cases, names: Names
) -> tuple[dict[str, tuple[int, ...]], list[Problem]]:
    rows, left_out = dict[str, list[int]](), dict[str, list[int]]()
    problems = list[Problem]()
    for row in table.rows:
        name, code = name_and_code(table, row, source.authority)
        if bad := unusable(table, row, source.authority):
            problems.append(bad)
            continue
        if is_total(name, code):
            problems += _total(table, row, sum(map(len, (*rows.values(), *left_out.values()))))
            continue
        try:
            slug, _ = names.of(name, code)
        except NotKnown as error:
            others = [one for one in table.columns.values() if (row, one) in table.sheet.cells]
            if len(others) == 1:  # a note, below the table or in it
                sentence = "this row has one value only, and was passed over"
                problems.append(
                    table.problem(Severity.NOTICE, "row-passed-over", table.place(row), sentence)
                )
                continue
            known = (error.code, error.sentence, error.hint)
            nobody = ("no-authority", "nobody knows whose this row is", "write the authority")
            told = known if name or code else nobody
            problems.append(
                table.problem(Severity.ERROR, told[0], table.place(row), told[1], told[2])
            )
            continue
        has_gone = bool(gone(names.register[slug], names.day, names.register))
        (left_out if has_gone else rows).setdefault(slug, []).append(row)
    for slug, others in left_out.items():
        body = names.register[slug]
        reason = gone(body, names.day, names.register)
        sentence = f"{body.name} ({numbered(len(others), 'row')}): {reason}"
        place = table.place(others[0])
        problems.append(
            table.problem(Severity.WARNING, "authority-left-out", place, sentence, _LEFT)
        )
    return {slug: tuple(found) for slug, found in rows.items()}, _once(problems)


def _total(table: Table, row: int, above: int) -> Iterator[Problem]:
    """An error for a row that says how many cases there are, and is wrong."""
    cells = (table.sheet.cell(row, column) for column in range(1, table.sheet.last_column + 1))
    numbers = [cell for cell in cells if cell.kind is Kind.NUMBER]
    if numbers and all(cell.value != above for cell in numbers):
        sentence = f"the total is {numbers[0].shown}, and there are {numbered(above, 'row')} above"
        hint = "find out which of them is wrong"
        yield table.problem(Severity.ERROR, "total-differs", numbers[0], sentence, hint)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """Of many rows with the same unknown name the first, with how many there are."""
    counts = Counter((one.code, one.sentence, one.hint) for one in problems)
    told = dict[tuple[str, str, str], Problem]()
    for one in problems:
        told.setdefault((one.code, one.sentence, one.hint), one)
    return [
        Problem(
            one.place,
            one.severity,
            one.code,
            f"{one.sentence} ({counts[key]} rows)" if counts[key] > 1 else one.sentence,
            one.hint,
        )
        for key, one in told.items()
    ]


def _counted(
    table: Table, source: Cases, rows: Mapping[str, tuple[int, ...]]
) -> tuple[dict[str, dict[str, tuple[int, ...]]], list[Problem]]:
    """By count and slug the rows that count, and warnings where that hangs on an empty cell."""
    counted, empty = dict[str, dict[str, tuple[int, ...]]](), dict[Place, list[str]]()
    for count, conditions in source.counts.items():
        condition = _Condition(table, conditions)
        counted[count] = {
            slug: tuple(row for row in own if condition.holds(row)) for slug, own in rows.items()
        }
        for place in condition.odd():
            empty.setdefault(place, []).append(spaced(count))
    problems = list[Problem]()
    for place, counts in empty.items():
        sentence = f"this cell is empty, so the row does not count as {series(counts, 'or')}"
        told = table.problem(
            Severity.WARNING, "condition-empty", place, sentence, "write what it is"
        )
        problems.append(told)
    return counted, problems


class _Condition:
    """What must stand in a row for it to count."""

    def __init__(self, table: Table, conditions: Conditions) -> None:
        self._table = table
        self._wanted = {
            heading: frozenset(same_words(one) for one in values)
            for heading, values in conditions.items()
        }
        self._decided = Counter[str]()  # rows by the heading that alone decides about them
        self._empty = dict[str, list[Place]]()

    def holds(self, row: int) -> bool:
        """Whether the row counts; an empty cell never does."""
        empty, others = list[tuple[str, Place]](), list[str]()
        for heading, values in self._wanted.items():
            cell = self._table.cell(row, heading)
            if cell.kind is Kind.BLANK:
                empty.append((heading, cell.place))
            elif same_words(cell.words) not in values:
                others.append(heading)
        if not others:
            for heading, place in empty:
                self._empty.setdefault(heading, []).append(place)
        if not empty and len(others) < 2:
            self._decided.update(others or list(self._wanted))
        return not others and not empty

    def odd(self) -> Iterator[Place]:
        """Empty cells that decide about their rows, in columns where few of those are."""
        for heading, places in self._empty.items():
            if len(places) <= _FEW * (len(places) + self._decided[heading]):
                yield from places


def _values(
    table: Table, source: Cases, rows: Mapping[str, tuple[int, ...]]
) -> dict[tuple[str, str], int]:
    """How often what stands below each heading that conditions are about."""
    headings = dict.fromkeys(one for conditions in source.counts.values() for one in conditions)
    return dict(
        Counter(
            (heading, folded(table.cell(row, heading).words))
            for heading in headings
            for own in rows.values()
            for row in own
        )
    )


def _dates(
    table: Table, rows: Mapping[str, tuple[int, ...]], headings: Sequence[str]
) -> dict[str, tuple[date, ...]]:
    found = dict[str, list[date]]()
    for own in rows.values():
        for row in own:
            for heading in headings:
                value = table.cell(row, heading).value
                if isinstance(value, date):
                    found.setdefault(heading, []).append(value)
    return {heading: tuple(dates) for heading, dates in found.items()}
