"""Where a table is in a workbook: its sheet, the row of its headings, its columns and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from letters.campaign.mapping import People, Source, headings_of
from letters.errors import Place, Problem, Severity, column_letters, in_order
from letters.intake.cells import Cell, Kind, Sheet, folded, ranges, same_words
from letters.wording import did_you_mean, numbered, quoted, series

_LEVELS = 3  #: rows of headings above one another, at most
_LOOKED_AT = 200  #: rows, from the top, for headings
_SLASH = re.compile(r"\s*/\s*")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one sheet."""

    sheet: Sheet
    header: int  #: the row of its headings, the last one of several
    columns: Mapping[str, int]  #: by heading, as asked for
    #: those below that hold something in one of its columns, and are to be read
    rows: tuple[int, ...]
    whole: bool = True  #: whether these are all: hidden rows are left out, and told

    def cell(self, row: int, heading: str) -> Cell:
        """The cell of a row below a heading."""
        return self.sheet.cell(row, self.columns[heading])

    def place(self, row: int) -> Place:
        """The place of a row: that of the column that was asked for first."""
        return self.sheet.place(row, next(iter(self.columns.values())))

    def headings(self) -> tuple[tuple[str, int], ...]:
        """Every heading of the sheet with its column, as it stands there."""
        return headings_at(self.sheet, self.header)

    def problem(
        self, severity: Severity, code: str, at: Cell | Place, sentence: str, hint: str = ""
    ) -> Problem:
        """A problem of a cell."""
        return Problem(at.place if isinstance(at, Cell) else at, severity, code, sentence, hint)


def table_of(
    sheets: Sequence[Sheet], source: Source, with_hidden: bool = False
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table that a source in `import.yaml` means, as `find_table` gives it.

    What stands in a sheet of people is never shown: what is taken for headings may be a person.
    """
    table, problems = find_table(
        sheets, headings_of(source), source.sheet, source.header, with_hidden
    )
    if isinstance(source, People):
        problems = tuple(
            replace(one, hint="") if one.code == "no-such-column" else one for one in problems
        )
    return table, problems


def find_table(
    sheets: Sequence[Sheet],
    wanted: Sequence[str],
    name: str | None = None,
    header: int | None = None,
    with_hidden: bool = False,
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table of a workbook that has all the headings, None for none, and what is wrong with it.

    It is in the sheet of that name, if one is said, its headings in the row `header`, if one is.
    Headings in several rows are joined: Detailed investigations / Upheld. What is hidden and in use
    is an error, unless it is asked for.
    """
    candidates, problem = _candidates(sheets, name, with_hidden)
    if problem:
        return None, (problem,)
    found = [(sheet, _header_row(sheet, wanted, header)) for sheet in candidates]
    whole = [
        (sheet, row, columns) for sheet, (row, columns) in found if len(columns) == len(wanted)
    ]
    if len(whole) > 1:
        names = series([quoted(sheet.name) for sheet, _, _ in whole])
        sentence = f"several sheets have these headings: {names}"
        hint = "say which is meant: sheet: ... in import.yaml"
        return None, (_of_file(sheets, "sheet-unclear", sentence, hint),)
    if not whole:
        hidden = [] if name else [sheet for sheet in sheets if sheet.hidden]
        complete = [
            one for one in hidden if len(_header_row(one, wanted, header)[1]) == len(wanted)
        ]
        return None, tuple(_missing(sheets, found, wanted, complete))
    sheet, row, columns = whole[0]
    below = sorted({at for at, _ in sheet.cells if at > row})
    used = set(columns.values())
    rows = tuple(at for at in below if any((at, column) in sheet.cells for column in used))
    table = Table(sheet, row, columns, rows)
    problems = (*(() if with_hidden else _hidden(table)), *_merged(table), *_too_wide(table))
    if not with_hidden and sheet.hidden_rows:
        seen = tuple(at for at in rows if at not in sheet.hidden_rows)
        table = replace(table, rows=seen, whole=seen == rows)
    return table, problems


def _candidates(
    sheets: Sequence[Sheet], said: str | None, with_hidden: bool
) -> tuple[Sequence[Sheet], Problem | None]:
    """The sheets that may be meant."""
    if said is None:
        return [one for one in sheets if not one.hidden], None
    if len(sheets) == 1 and sheets[0].plain:
        return sheets, None  # a csv file has one, whatever it was called where it came from
    named = [one for one in sheets if same_words(one.name) == same_words(said)]
    if not named:
        names = [one.name for one in sheets if not one.hidden]
        sentence = f"there is no sheet {quoted(said)}"
        hint = did_you_mean(said, names) or f"there are: {series(names)}"
        return (), _of_file(sheets, "no-such-sheet", sentence, hint)
    if named[0].hidden and not with_hidden:
        sentence = "this sheet is hidden: nobody sees what is taken from it"
        hint = "show it, or import with --with-hidden"
        place = named[0].place()
        return (), Problem(place, Severity.ERROR, "sheet-hidden", sentence, hint)
    return named, None


def _header_row(
    sheet: Sheet, wanted: Sequence[str], header: int | None
) -> tuple[int, dict[str, int]]:
    """The first row that has all headings, or the one that has most, and their columns."""
    best: tuple[int, dict[str, int]] = (header or 1, {})
    last = min(sheet.last_row, _LOOKED_AT)
    for row in (header,) if header else range(1, last + 1):
        columns = _columns(sheet, row, wanted)
        if len(columns) > len(best[1]):
            best = row, columns
        if len(columns) == len(wanted):
            break
    return best


def _columns(sheet: Sheet, row: int, wanted: Sequence[str]) -> dict[str, int]:
    """The columns of the headings that a row has, each once."""
    found = dict[str, int]()
    paths = _paths(sheet, row)
    for heading in wanted:
        columns = _called(paths, heading)
        if len(columns) == 1:
            found[heading] = columns[0]
    return found


def _called(paths: Mapping[int, Sequence[str]], heading: str) -> list[int]:
    """The columns of a heading: those whose whole path it is, else those whose path ends so."""
    name = _SLASH.sub(" / ", same_words(heading))
    whole = [column for column, path in paths.items() if " / ".join(path) == name]
    if len(whole) == 1 and " / " in name:
        return whole
    return [
        column
        for column, path in paths.items()
        if any(" / ".join(path[level:]) == name for level in range(len(path)))
    ]


def _paths(sheet: Sheet, row: int) -> dict[int, Sequence[str]]:
    """By column, its headings from the top one to the one in this row."""
    return {
        column: [_SLASH.sub(" / ", same_words(cell.words)) for cell in cells]
        for column, cells in _heading_cells(sheet, row).items()
    }


def _heading_cells(sheet: Sheet, row: int) -> dict[int, list[Cell]]:
    found = dict[int, list[Cell]]()
    for column in range(1, sheet.last_column + 1):
        cells = list[Cell]()
        for level in range(row, max(row - _LEVELS, 0), -1):
            cell = sheet.heading(level, column)
            if cell.kind is not Kind.BLANK and cell not in cells:
                cells.insert(0, cell)
        if cells:
            found[column] = cells
    return found


def headings_at(sheet: Sheet, row: int) -> tuple[tuple[str, int], ...]:
    """The headings of a row with their columns, joined with those that go over several columns."""
    listed = list[tuple[str, int]]()
    for column, cells in _heading_cells(sheet, row).items():
        if cells[-1].place.line == row or sheet.merged_over(row, column):
            above = [cell for cell in cells[:-1] if sheet.merged_over(cell.place.line, column)]
            listed.append((" / ".join(folded(cell.words) for cell in (*above, cells[-1])), column))
    return tuple(listed)


def _missing(
    sheets: Sequence[Sheet],
    found: Sequence[tuple[Sheet, tuple[int, dict[str, int]]]],
    wanted: Sequence[str],
    hidden: Sequence[Sheet],
) -> Iterator[Problem]:
    """Why no sheet has all headings; `hidden` are those that would."""
    if hidden:
        sentence = "only this sheet has these headings, and it is hidden"
        hint = f"show it; or name it (sheet: {hidden[0].name}) and import with --with-hidden"
        yield Problem(hidden[0].place(), Severity.ERROR, "sheet-hidden", sentence, hint)
        return
    if not found:
        yield _of_file(sheets, "no-visible-sheet", "it has no sheet that is not hidden")
        return
    sheet, (row, columns) = max(found, key=lambda one: len(one[1][1]))
    paths = _paths(sheet, row)
    there = [name for name, _ in headings_at(sheet, row)]
    for heading in wanted:
        if heading in columns:
            continue
        several = _called(paths, heading)
        if len(several) > 1:
            cells = series([f"{column_letters(column)}{row}" for column in several])
            sentence = f"several columns are called {quoted(heading)}: {cells}"
            hint = (
                "write in import.yaml what stands above it, too, such as: above / below;"
                " or give one of them another heading"
            )
            yield Problem(
                sheet.place(row, several[0]), Severity.ERROR, "column-unclear", sentence, hint
            )
            continue
        sentence = f"there is no column {quoted(heading)}"
        near = did_you_mean(heading, there)
        hint = near or (f"the headings are: {'; '.join(there)}" if columns else "")
        hint = hint or "no row has any of the headings that import.yaml names"
        yield Problem(sheet.place(row), Severity.ERROR, "no-such-column", sentence, hint)


def _hidden(table: Table) -> Iterator[Problem]:
    """An error for rows and columns in use that nobody sees."""
    sheet = table.sheet
    for heading, column in table.columns.items():
        if column in sheet.hidden_columns:
            sentence = (
                f"column {column_letters(column)} is hidden, and {quoted(heading)} is taken from it"
            )
            hint = "show it, or import with --with-hidden"
            place = sheet.place(table.header, column)
            yield Problem(place, Severity.ERROR, "column-hidden", sentence, hint)
    rows = [row for row in table.rows if row in sheet.hidden_rows]
    if rows:
        are = f"row {rows[0]} is" if len(rows) == 1 else f"rows {_shortened(ranges(rows))} are"
        it = "it" if len(rows) == 1 else f"these {numbered(len(rows), 'row')}"
        sentence = f"{are} hidden"
        hint = f"import with --with-hidden, or delete {it}"
        yield Problem(table.place(rows[0]), Severity.ERROR, "row-hidden", sentence, hint)


def _shortened(text: str) -> str:
    parts = text.split(", ")
    return text if len(parts) <= 8 else f"{', '.join(parts[:8])} …"


def _too_wide(table: Table) -> Iterator[Problem]:
    """An error for rows of a csv file that go beyond the headings: a separator stands in a value."""
    last = max((column for _, column in table.headings()), default=0)
    for row in table.rows if table.sheet.plain else ():
        beyond = [
            at
            for at in range(last + 1, table.sheet.last_column + 1)
            if (row, at) in table.sheet.cells
        ]
        if beyond:
            place = table.sheet.place(row, beyond[0])
            sentence = "this row has more values than there are headings"
            hint = "a separator stands in one of them, such as 1,234: put that in quotes"
            yield Problem(place, Severity.ERROR, "row-too-wide", sentence, hint)


def _merged(table: Table) -> Iterator[Problem]:
    """An error for cells in use that are merged: nobody knows whose what they hold is."""
    rows, columns = frozenset(table.rows), frozenset(table.columns.values())
    for top, left, bottom, right in table.sheet.merged:
        over = range(max(top, table.header + 1), bottom + 1)
        is_remark = top == bottom and all(
            left <= column <= right for column in columns if (top, column) in table.sheet.cells
        )
        used = any(left <= column <= right for column in columns)
        if used and not is_remark and any(row in rows for row in over):
            place = table.sheet.place(top, left)
            last = table.sheet.place(bottom, right).cell
            sentence = f"the cells {place.cell} to {last} are merged"
            hint = "split them, and write in each what is its own"
            yield Problem(place, Severity.ERROR, "cells-merged", sentence, hint)


def without_words(problems: Sequence[Problem]) -> Iterator[Problem]:
    """What is wrong with a file whose words may be people's: without them."""
    for one in problems:
        if one.code == "encoding-assumed":
            sentence = one.sentence.partition(":")[0]
            yield replace(one, sentence=f"{sentence}: look at names with accents")
        else:
            yield one


def _of_file(sheets: Sequence[Sheet], code: str, sentence: str, hint: str = "") -> Problem:
    file = sheets[0].file if sheets else "the workbook"
    return Problem(Place(file), Severity.ERROR, code, sentence, hint)


#: problems of one kind in one column that are told one by one
_EACH = {Severity.ERROR: 10, Severity.WARNING: 5, Severity.NOTICE: 5}
#: what is told of a name, and with it what to do: each of so many
_OF_NAMES = (
    "authority-unknown",
    "authority-unclear",
    "known-by-code",
    "value-unknown",
    "value-of-no-row",
)
_EACH_NAME = 40


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of cells, where many of one kind in a column are told together, with their places."""
    groups = dict[object, list[Problem]]()
    for one in problems:
        at = one.place
        key = (at.file, at.sheet, at.column, one.severity, one.code)
        groups.setdefault(key if at.sheet else one, []).append(one)
    return in_order(told for group in groups.values() for told in _together(group))


def _together(group: Sequence[Problem]) -> Iterator[Problem]:
    most = _EACH_NAME if group[0].code in _OF_NAMES else _EACH[group[0].severity]
    if len(group) <= most:
        yield from group
        return
    told, others = group[: most - 1], group[most - 1 :]
    yield from told
    first = others[0]
    cells = series([one.place.cell for one in others[1:]], most=12)
    yield Problem(
        first.place,
        first.severity,
        first.code,
        f"{first.sentence}; so it is in {cells}",
        first.hint,
        first.field,
    )
