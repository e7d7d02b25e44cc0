"""Workbooks of Excel to sheets of cells; the only user of openpyxl.

A workbook is opened once for its formulas and formats, and once more for what the formulas gave,
where it has any. Macros, links to other files and what they hold are never read.
"""

from __future__ import annotations

import gc
import re
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from letters.errors import CampaignError, Place, Problem, Severity
from letters.intake.cells import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Kind,
    Sheet,
    exact,
    refuse,
    require_size,
)
from letters.intake.number_formats import holds, shown_date, shown_number

_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_SMALL = 0.75  #: of the size of the others
_LONGEST = 64  #: characters of a beginning tag, as far as these look
_PIECE = 1 << 20
#: what the library may raise for a file that is not what it should be
_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # of XML, too
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    NotImplementedError,
    RecursionError,
    OSError,
)
_OPERATORS = {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "greaterThan": ">",
    "greaterThanOrEqual": ">=",
    "equal": "=",
    "notEqual": "<>",
    "between": "between",
    "notBetween": "notBetween",
}


def read_xlsx(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Its sheets. Raises CampaignError for what is damaged or larger than an office's workbook."""
    try:
        has_formulas, has_others = _measure(file, content)
        problems = (_formats_apart(file),) if has_others else ()
        with warnings.catch_warnings(), _uncollected():
            warnings.simplefilter("ignore")  # about what it does not keep, and we do not need
            written = load_workbook(BytesIO(content), rich_text=True, keep_links=False)
            given = written
            if has_formulas:
                given = load_workbook(BytesIO(content), data_only=True, keep_links=False)
                if written.calculation.fullCalcOnLoad and _only_zeros(written, given):
                    given = written  # XlsxWriter writes 0 for what it did not work out
            return tuple(
                _sheet(file, sheet, given[sheet.title], problems) for sheet in written.worksheets
            )
    except CampaignError:
        raise
    except _BROKEN as error:
        sentence = "this workbook is damaged, or not one of Excel's"
        hint = "open it, and save it again as .xlsx"
        raise refuse(Place(file), "workbook-damaged", sentence, hint) from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: of very many new cells none is any, and it takes a third more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _only_zeros(written: Workbook, given: Workbook) -> bool:
    """Whether each formula gives 0, as if none had been worked out."""
    return all(
        given[sheet.title]._cells[at].value == 0
        for sheet in written.worksheets
        for at, one in sheet._cells.items()
        if one.data_type == "f"
    )


def _formats_apart(file: str) -> Problem:
    sentence = (
        "it has conditional formats that change how numbers show and that Excel keeps apart,"
        " so nobody has looked whether one hides a number"
    )
    hint = "look for rules that refer to another sheet, and show the numbers as they are"
    return Problem(Place(file), Severity.WARNING, "formats-apart", sentence, hint)


def _measure(file: str, content: bytes) -> tuple[bool, bool]:
    """Whether any cell has a formula, and any sheet conditional formats that are kept apart.

    Raises CampaignError for a workbook that is too large.

    It is quick, and so goes before anything is understood. Whatever a part is called, it may be a
    sheet.
    """
    cells, formulas, apart = 0, False, False
    with ZipFile(BytesIO(content)) as packed:
        for name in packed.namelist():
            rows, end = 0, b""
            with packed.open(name) as part:
                while piece := part.read(_PIECE):
                    # what is cut at the end of a piece is looked at with the next one
                    cut = piece.rfind(b"<", max(len(piece) - _LONGEST, 0))
                    text = end + (piece[:cut] if cut >= 0 else piece)
                    end = piece[cut:] if cut >= 0 else b""
                    rows += len(_ROW.findall(text))
                    cells += len(_CELL.findall(text))
                    formulas = formulas or bool(_FORMULA.search(text))
                    apart = apart or (name.startswith("xl/worksheets/") and b"numFmt" in text)
                    if rows > MOST_ROWS:
                        require_size(file, name.rpartition("/")[2], rows, 0)
                    if cells > MOST_CELLS:
                        sentence = f"the workbook has more than {MOST_CELLS:,} cells"
                        hint = "delete what is not needed, also empty cells that have a format"
                        raise refuse(Place(file), "workbook-too-large", sentence, hint)
            formulas = formulas or bool(_FORMULA.search(end))
    return formulas, apart


def _sheet(file: str, written: Worksheet, given: Worksheet, problems: tuple[Problem, ...]) -> Sheet:
    values: Mapping[tuple[int, int], Any] = given._cells
    conditional = _conditional_formats(written)
    cells = dict[tuple[int, int], Cell]()
    columns = 0
    for at, one in written._cells.items():
        if one.value is None:
            continue
        columns = max(columns, at[1])
        if columns > MOST_COLUMNS:
            require_size(file, written.title, 0, columns)
        cell = _cell(Place(file, *at, sheet=written.title), one, values.get(at), conditional)
        if cell.kind is not Kind.BLANK:
            cells[at] = cell
    rows = written.row_dimensions
    unless_said = bool(written.sheet_format.zeroHeight)
    return Sheet(
        file=file,
        name=written.title,
        cells=cells,
        problems=problems,
        hidden=written.sheet_state != "visible",
        merged=tuple(
            (one.min_row, one.min_col, one.max_row, one.max_col)
            for one in written.merged_cells.ranges
        ),
        hidden_rows=frozenset(
            row
            for row in {at[0] for at in cells}
            if (rows[row].hidden or rows[row].height == 0 if row in rows else unless_said)
        ),
        hidden_columns=frozenset(
            column
            for one in written.column_dimensions.values()
            if one.hidden or one.width == 0
            for column in range(one.min or 1, min(one.max or 1, MOST_COLUMNS) + 1)
        ),
    )


def _cell(place: Place, written: Any, given: Any, conditional: tuple[_Format, ...]) -> Cell:
    value, is_formula = written.value, written.data_type == "f"
    formula = str(getattr(value, "text", value)) if is_formula else ""
    if type(value) is str and written.data_type == "s" and value.strip():
        return Cell(place, value, Kind.TEXT, value)
    number_format = written.number_format if written.has_style else ""
    number_format = "" if number_format == "General" else number_format
    if is_formula:
        value = given.value if given is not None and given.data_type != "f" else None
        if value is None:
            computed = given is not None and given.data_type == "str"
            return Cell(place, None, Kind.BLANK if computed else Kind.UNCOMPUTED, "", number_format)
    kind = (given if is_formula else written).data_type
    if isinstance(value, CellRichText):
        largest = max((_size(one) for one in value), default=0)
        parts = [(str(one), _is_aside(one, largest)) for one in value]
        raised = "".join(text for text, up in parts if up).strip()
        plain = "".join(text for text, up in parts if not up)
        return Cell(place, plain, Kind.TEXT, str(value), number_format, raised)
    if kind == "e":
        return Cell(place, str(value), Kind.ERROR, str(value), number_format)
    if isinstance(value, bool):
        return Cell(place, value, Kind.BOOL, "TRUE" if value else "FALSE", number_format)
    if isinstance(value, int | float):
        found = _number(place, exact(str(value)), number_format, conditional)
        return found._replace(formula=formula) if formula else found
    if isinstance(value, datetime | date):
        shown = shown_date(value, number_format or "yyyy-mm-dd")
        day = value.date() if isinstance(value, datetime) else value
        return Cell(place, day, Kind.DATE, shown, number_format)
    if isinstance(value, time | timedelta):
        return Cell(place, str(value), Kind.TEXT, str(value), number_format)
    text = str(value)
    if not text.strip():
        return Cell(place, None, Kind.BLANK, "", number_format)
    return Cell(place, text, Kind.TEXT, text, number_format)


def _number(
    place: Place, value: int | Decimal, number_format: str, conditional: tuple[_Format, ...]
) -> Cell:
    shown, also = shown_number(value, number_format), None
    if shown is None:
        shown, also = shown_number(value, "") or "", number_format
    for one in conditional:
        if one.covers(place.line, place.column):
            applies = one.applies(Decimal(value))
            otherwise = shown_number(value, one.number_format) or one.number_format
            shown, also = (otherwise, None) if applies else (shown, also)
            also = otherwise if applies is None else also
            if applies:
                break
    return Cell(place, value, Kind.NUMBER, shown, number_format, also_shown=also)


class _Format:
    """A number format that holds only under a condition, and where."""

    def __init__(self, ranges: Any, rule: Any) -> None:
        self._ranges = ranges
        self._rule = rule
        self.number_format: str = rule.dxf.numFmt.formatCode

    def covers(self, row: int, column: int) -> bool:
        return any(
            one.min_row <= row <= one.max_row and one.min_col <= column <= one.max_col
            for one in self._ranges
        )

    def applies(self, number: Decimal) -> bool | None:
        """Whether its condition holds; None for one that takes a spreadsheet to tell."""
        operator = _OPERATORS.get(self._rule.operator or "")
        if self._rule.type != "cellIs" or operator is None:
            return None
        try:
            return holds(operator, number, *map(Decimal, self._rule.formula))
        except ArithmeticError:  # a bound that is no number
            return None


def _conditional_formats(sheet: Worksheet) -> tuple[_Format, ...]:
    """Those that change how a number shows; the first one whose condition holds counts."""
    found = list[tuple[int, _Format]]()
    for one in sheet.conditional_formatting:
        for rule in one.rules:
            if rule.dxf is not None and rule.dxf.numFmt is not None:
                found.append((rule.priority, _Format(one.cells.ranges, rule)))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _is_aside(part: str | TextBlock, largest: float) -> bool:
    """Whether some characters are no part of the text: off the line, struck through, or small."""
    if isinstance(part, str):
        return False
    off_the_line = part.font.vertAlign in ("superscript", "subscript")
    return off_the_line or bool(part.font.strike) or 0 < _size(part) <= _SMALL * largest


def _size(part: str | TextBlock) -> float:
    """Of its characters, in points; 0 where it is that of the cell."""
    return 0 if isinstance(part, str) else float(part.font.sz or 0)
