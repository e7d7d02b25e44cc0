"""One authority's rows of a case list as a workbook of its own; the only user of xlsxwriter.

It is made as the Government Analysis Function asks for spreadsheets that everybody can read: a title
in A1, what the sheet holds in A2, one table that is marked up and named, nothing below it, a title
and a language of the document. All cells are text, so that nothing in one can be worked out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager

from letters.wording import numbered

ENDING = ".xlsx"
FIRST_ROW = 4  #: of the cases; the headings stand above it
_LANGUAGE = "en-GB"
_MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - as the files in it say, so that its bytes repeat
_WIDEST, _NARROWEST = 60, 12  #: characters of a column
_LONGEST_NAME = 31  #: of a sheet


class _Core(Core):  # type: ignore[misc]
    """The properties of a document, with its language."""

    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", _LANGUAGE)


class _Packager(Packager):  # type: ignore[misc]
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _Workbook(Workbook):  # type: ignore[misc]
    def _get_packager(self) -> Packager:
        return _Packager()


def enclosure_bytes(
    name: str, authority: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    """The workbook with an authority's rows, always the same bytes for the same rows."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "default_format_properties": {"font_name": "Arial", "font_size": 11},
    }
    workbook = _Workbook(file, options)
    title = f"{name}: {authority}"
    workbook.set_properties({"title": title, "created": _MADE, "author": ""})
    sheet = workbook.add_worksheet(_sheet_name(name))
    above = workbook.add_format({"valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, title, workbook.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, f"This sheet has one table of {numbered(len(rows), 'row')}.", above)
    sheet.set_row(1, 24)
    heads = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    last = FIRST_ROW - 2 + len(rows)
    sheet.add_table(
        FIRST_ROW - 2,
        0,
        last,
        len(headings) - 1,
        {
            "name": _table_name(name),
            "style": "Table Style Light 1",
            "columns": [{"header": heading, "header_format": heads} for heading in headings],
        },
    )
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(FIRST_ROW - 1 + at, column, text, wrapped)
    for column, heading in enumerate(headings):
        longest = max(len(heading) + 3, *(len(row[column]) for row in rows)) if rows else 0
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    sheet.repeat_rows(FIRST_ROW - 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_footer("&RPage &P of &N")
    sheet.fit_to_pages(1, 0)
    workbook.close()
    return file.getvalue()


def _sheet_name(name: str) -> str:
    """A name that Excel takes: up to 31 characters, none of its signs, no quotes at its ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:_LONGEST_NAME].strip(" '") or "Cases"


def _table_name(name: str) -> str:
    words = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return f"Cases_{words}"[:200]
