"""Workbooks of OpenDocument (LibreOffice, and Excel when asked to) to sheets of cells.

Only what a cell holds and shows is read. What is repeated is written once there, with a number: a
sheet's end is a row that is repeated a million times, and takes no time. (OpenDocument 1.3, part 3,
sections 9 and 19.)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from letters.errors import Place
from letters.intake.cells import (
    MOST_CELLS,
    MOST_COLUMNS,
    Cell,
    Kind,
    Sheet,
    exact,
    refuse,
    require_size,
)
from letters.intake.number_formats import shown_number

_URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT, _STYLE = (_URN % name for name in ("office", "table", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_NOT_SHOWN = (f"{_OFFICE}annotation", f"{_TABLE}shapes")
_BROKEN = (
    ParseError,
    BadZipFile,
    zlib.error,
    ArithmeticError,
    EOFError,
    LookupError,
    ValueError,
    OSError,
    RecursionError,
)
#: by type, a format that says how a value is meant
_FORMATS = {"percentage": "0%", "currency": '"£"0.00'}


def read_ods(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Its sheets. Raises CampaignError for what is damaged, locked or too large."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if "META-INF/manifest.xml" in names:
                with packed.open("META-INF/manifest.xml") as manifest:
                    if b"encryption-data" in manifest.read():
                        sentence, hint = "it has a password", "save it without one"
                        raise refuse(Place(file), "workbook-locked", sentence, hint)
            computed = "meta.xml" in names and b"LibreOffice" in packed.read("meta.xml")
            with packed.open("content.xml") as part:
                return tuple(_sheets(file, iterparse(part, ("start", "end")), computed))
    except _BROKEN as error:
        sentence = "this workbook is damaged: its content cannot be read"
        hint = "open it, and save it again"
        raise refuse(Place(file), "workbook-damaged", sentence, hint) from error


@dataclass(slots=True)
class _Table:
    """One sheet while it is read."""

    file: str
    name: str
    hidden: bool
    raised: frozenset[str]  #: names of styles of raised characters
    computed: bool  #: whether every formula in it has been worked out
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    row: int = 0  #: the last one read
    column: int = 0  #: the last one described

    def describe_columns(self, element: Element) -> None:
        number = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        if element.get(f"{_TABLE}visibility", "visible") != "visible":
            last = min(self.column + number, MOST_COLUMNS)
            self.hidden_columns |= set(range(self.column + 1, last + 1))
        self.column += number

    def add_row(self, element: Element) -> None:
        times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        found = list(self._cells(element))
        if found:
            require_size(self.file, self.name, self.row + times, max(at for at, _, _ in found))
        hidden = element.get(f"{_TABLE}visibility", "visible") != "visible"
        for row in range(self.row + 1, self.row + times + 1) if found else ():
            for column, cell, spans in found:
                place = Place(self.file, row, column, sheet=self.name)
                if spans:
                    self.merged.append((row, column, row + spans[0] - 1, column + spans[1] - 1))
                if cell:
                    self.cells[row, column] = cell._replace(place=place)
            if len(self.cells) > MOST_CELLS:
                sentence = f"the sheet has more than {MOST_CELLS:,} cells"
                raise refuse(
                    Place(self.file, sheet=self.name), "workbook-too-large", sentence, "delete some"
                )
            if hidden:
                self.hidden_rows.add(row)
        self.row += times

    def _cells(self, row: Element) -> Iterator[tuple[int, Cell | None, tuple[int, int] | None]]:
        """Column, cell and number of rows and columns it goes over, of what is in a row."""
        column = 0
        for element in row:
            if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            times = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            cell = None
            if element.tag == f"{_TABLE}table-cell":
                cell = _cell(Place(self.file, sheet=self.name), element, self.raised)
                if cell and cell.kind is Kind.UNCOMPUTED and self.computed:
                    cell = None  # it gave an empty text
            spans = (
                int(element.get(f"{_TABLE}number-rows-spanned", "1")),
                int(element.get(f"{_TABLE}number-columns-spanned", "1")),
            )
            if cell or spans != (1, 1):
                if times > MOST_COLUMNS:
                    require_size(self.file, self.name, 0, column + times)
                for at in range(column + 1, column + times + 1):
                    yield at, cell, None if spans == (1, 1) else spans
            column += times

    def sheet(self) -> Sheet:
        return Sheet(
            file=self.file,
            name=self.name,
            cells=self.cells,
            hidden=self.hidden,
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
        )


def _sheets(file: str, events: Iterator[tuple[str, Element]], computed: bool) -> Iterator[Sheet]:
    hidden, raised = set[str](), set[str]()
    table: _Table | None = None
    inside = 0  # tables in a cell of a table are no sheets
    for event, element in events:
        if element.tag == f"{_TABLE}table":
            inside += 1 if event == "start" else -1
            if event == "start" and inside == 1:
                style = element.get(f"{_TABLE}style-name", "")
                name = element.get(f"{_TABLE}name", "")
                table = _Table(file, name, style in hidden, frozenset(raised), computed)
            elif event == "end" and table and not inside:
                yield table.sheet()
                table = None
                element.clear()
        elif event == "end" and element.tag == f"{_STYLE}style":
            name = element.get(f"{_STYLE}name", "")
            for properties in element:
                if properties.get(f"{_TABLE}display") == "false":
                    hidden.add(name)
                struck = properties.get(f"{_STYLE}text-line-through-style", "none") != "none"
                if struck or _is_off_the_line(properties.get(f"{_STYLE}text-position", "")):
                    raised.add(name)
        elif event == "end" and table and inside == 1:
            if element.tag == f"{_TABLE}table-column":
                table.describe_columns(element)
            elif element.tag == f"{_TABLE}table-row":
                table.add_row(element)
                element.clear()


def _is_off_the_line(position: str) -> bool:
    """Whether characters stand above or below the line: super, sub, 33% 58%."""
    height = position.partition(" ")[0]
    return height not in ("", "0%", "-0%")


def _cell(place: Place, element: Element, styles: frozenset[str]) -> Cell | None:
    """What a cell holds, None for nothing."""
    type_ = element.get(f"{_OFFICE}value-type", "")
    lines = [_text(one, styles) for one in element if one.tag == f"{_TEXT}p"]
    shown = "\n".join(text for text, _ in lines)
    raised = "".join(more for _, more in lines).strip()
    number_format = _FORMATS.get(type_, "")
    if element.get(f"{_CALC}value-type") == "error":
        return Cell(place, shown or "#VALUE!", Kind.ERROR, shown)
    if not type_ and element.get(f"{_TABLE}formula"):
        return Cell(place, None, Kind.UNCOMPUTED, "")
    if type_ in ("float", "percentage", "currency"):
        value = exact(element.get(f"{_OFFICE}value", ""))
        has_words = any(one.tag == f"{_TEXT}p" for one in element)
        said = shown.strip() if has_words else shown_number(value, number_format) or ""
        formula = element.get(f"{_TABLE}formula", "")
        return Cell(place, value, Kind.NUMBER, said, number_format, raised, formula=formula)
    if type_ == "boolean":
        true = element.get(f"{_OFFICE}boolean-value") == "true"
        return Cell(place, true, Kind.BOOL, shown or ("TRUE" if true else "FALSE"))
    if type_ == "date":
        said = element.get(f"{_OFFICE}date-value", "")
        try:
            day = date.fromisoformat(said[:10])
        except ValueError:  # of a year beyond 9999, say
            return Cell(place, said, Kind.TEXT, shown or said)
        return Cell(place, day, Kind.DATE, shown or day.isoformat())
    whole = shown or element.get(f"{_OFFICE}string-value", "")
    if not whole.strip():
        return None
    value_of_text = "\n".join(
        _text(one, styles, False)[0] for one in element if one.tag == f"{_TEXT}p"
    )
    return Cell(place, value_of_text or whole, Kind.TEXT, whole, "", raised)


def _text(element: Element, styles: frozenset[str], with_raised: bool = True) -> tuple[str, str]:
    """The text of a paragraph, and of it what is raised."""
    text, raised = element.text or "", ""
    for part in element:
        if part.tag == f"{_TEXT}s":
            text += " " * int(part.get(f"{_TEXT}c", "1"))
        elif part.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            text += " "
        elif part.tag not in _NOT_SHOWN:
            inner, up = _text(part, styles, with_raised)
            is_raised = part.get(f"{_TEXT}style-name", "") in styles
            raised += inner if is_raised else up
            text += inner if with_raised or not is_raised else ""
        text += part.tail or ""
    return text, raised
