"""Workbooks for tests: sheets out of plain rows, in memory or as files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from letters.campaign.mapping import IMPORT, ImportFile
from letters.campaign.reading import load_file
from letters.campaign.records import REGISTER
from letters.errors import Place, Problem
from letters.intake.authorities import Names
from letters.intake.cells import Cell, Kind, Sheet
from tests.conftest import PROJECT

SAMPLES = Path(__file__).parent / "workbooks"
REGISTERED = load_file(PROJECT, "data/authorities.yaml", REGISTER)
NAMES = Names(REGISTERED, date(2020, 7, 22))

_KINDS: Mapping[type, Kind] = {
    int: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    str: Kind.TEXT,
    bool: Kind.BOOL,
    date: Kind.DATE,
}


def cell(value: Any, row: int = 1, column: int = 1, **more: Any) -> Cell:
    """A cell that shows its value as it is, unless more is said."""
    given = {"kind": _KINDS[type(value)], "shown": str(value), **more}
    return Cell(Place("Book.xlsx", row, column, sheet="Sheet"), value, **given)


def sheet(*rows: Sequence[Any], **more: Any) -> Sheet:
    """A sheet of rows; a `Cell` in them is taken as it is, but for its place."""
    cells = {}
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value is None:
                continue
            place = Place("Book.xlsx", row, column, sheet="Sheet")
            made = value if isinstance(value, Cell) else cell(value)
            cells[row, column] = made._replace(place=place)
    return Sheet("Book.xlsx", more.pop("name", "Sheet"), cells, **more)


def mapping(**entries: Any) -> ImportFile:
    """What import.yaml says: the file's name is added where it is not said."""
    given = {
        kind: [{"file": "Book.xlsx", **entry} for entry in several]
        for kind, several in entries.items()
    }
    record, errors = IMPORT.read(given)
    assert record is not None, errors
    return record


def told(problems: Sequence[Problem]) -> list[str]:
    """Problems in short: the cell, how grave, the code."""
    return [f"{one.place.cell} {one.severity} {one.code}" for one in problems]


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    finish: Callable[[Workbook], None] = lambda workbook: None,
) -> Path:
    """A workbook of Excel's with these sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        made: Worksheet = workbook.create_sheet(name)
        for row in rows:
            made.append(list(row))
    finish(workbook)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


_URN = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{name}="{_URN}:{name}:1.0"' for name in ("office", "table", "text", "style")
)
_ODS = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {_SPACES}
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:automatic-styles>
<style:style style:name="hidden"><style:table-properties table:display="false"/></style:style>
<style:style style:name="up"><style:text-properties style:text-position="33% 58%"/></style:style>
<style:style style:name="super"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="plain"><style:text-properties style:text-position="0% 100%"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>TABLES</office:spreadsheet></office:body></office:document-content>
"""
#: short for what such files are full of
_LONG = {
    "(</?)(row|cell|column|header-rows)\\b": r"\1table:table-\2",
    "(</?)covered": r"\1table:covered-table-cell",
    "(</?)table\\b(?!:)": r"\1table:table",
    "(</?)(p|s|span)\\b": r"\1text:\2",
    "(</?)annotation": r"\1office:annotation",
    " (rows|columns)=": r" table:number-\1-repeated=",
    " (rows|columns)-over=": r" table:number-\1-spanned=",
    " (name|visibility|formula)=": r" table:\1=",
    " of-table=": " table:style-name=",
    " of-text=": " text:style-name=",
    " c=": " text:c=",
    " type=": " office:value-type=",
    " (value|date-value|boolean-value)=": r" office:\1=",
    " error=": " calcext:value-type=",
}


def write_ods(path: Path, tables: str, **more: str) -> Path:
    """A workbook of LibreOffice's with these tables, their XML written short."""
    for short, long in _LONG.items():
        tables = re.sub(short, long, tables)
    with ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", re.sub(r">\s+<", "><", _ODS.replace("TABLES", tables)))
        for name, content in more.items():
            packed.writestr(name, content)
    return path
