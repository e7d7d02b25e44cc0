"""Workbooks of three kinds to the same cells, and files that are refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from xlsxwriter import Workbook as XlsxWorkbook

from letters.errors import CampaignError, Place
from letters.intake import workbooks
from letters.intake.cells import Kind
from letters.intake.workbooks import read, understood
from tests.books import SAMPLES, write_ods, write_xlsx

MARCH, DIV = date(2020, 3, 31), "#DIV/0!"


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(CampaignError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.place.file == path.name
    return problem.code, problem.sentence


def test_a_cell_s_place_is_file_sheet_and_address() -> None:
    (_, sheet) = read(SAMPLES / "Authority figures 2020-21.xlsx")

    cell = sheet.cells[5, 3]

    assert str(cell.place) == "Authority figures 2020-21.xlsx!Authority figures!C5"
    assert (cell.value, cell.kind, cell.shown) == (3, Kind.NUMBER, "3")


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_called_as_spreadsheets_call_them(column: int, letters: str) -> None:
    assert Place("b.xlsx", 3, column, sheet="S").cell == f"{letters}3"


def test_an_error_is_no_empty_cell_and_a_formula_has_what_it_gave() -> None:
    _, sheet, *_ = read(SAMPLES / "traps.xlsx")

    assert (sheet.cells[8, 5].kind, sheet.cells[8, 5].value) == (Kind.ERROR, "#N/A")
    assert (sheet.cells[9, 5].kind, sheet.cells[9, 5].value) == (Kind.ERROR, "#DIV/0!")
    assert sheet.cells[5, 5].value == 11
    assert (sheet.cells[5, 6].shown, sheet.cells[5, 6].number_format) == ("64%", "0%")
    assert sheet.cells[5, 7].value == date(2020, 3, 31)


def test_a_raised_character_is_apart_from_what_it_stands_behind() -> None:
    _, sheet, *_ = read(SAMPLES / "traps.xlsx")

    five = sheet.cells[15, 3]

    assert (five.value, five.shown, five.raised) == ("5", "53", "3")
    assert sheet.cells[14, 1].words == "Durham"


def test_hidden_parts_and_merged_cells_are_known() -> None:
    cover, sheet, old, pivot = read(SAMPLES / "traps.xlsx")

    assert [one.hidden for one in (cover, sheet, old, pivot)] == [False, False, True, True]
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({10}), frozenset({8}))
    assert sheet.heading(3, 4).words == "Detailed investigations"
    assert sheet.merged_over(3, 4) and not sheet.merged_over(3, 5)


def rewritten(path: Path, old: str, new: str) -> Path:
    """A workbook with something else in its first sheet's XML."""
    with ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    first = "xl/worksheets/sheet1.xml"
    assert old in parts[first].decode()
    parts[first] = parts[first].replace(old.encode(), new.encode(), 1)
    with ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)
    return path


def test_a_row_or_column_without_height_or_width_is_hidden(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [[1, 2], [3, 4]]})
    rewritten(path, '<row r="2"', '<row r="2" ht="0" customHeight="1"')
    rewritten(path, "<sheetData>", '<cols><col min="2" max="2" width="0"/></cols><sheetData>')

    (sheet,) = read(path)

    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({2}), frozenset({2}))


def test_rows_are_hidden_unless_they_say_otherwise_where_the_sheet_says_so(tmp_path: Path) -> None:
    def finish(workbook: Workbook) -> None:
        workbook["S"].sheet_format.zeroHeight = True
        workbook["S"].row_dimensions[1].height = 15

    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [[1], [2]]}, finish))

    assert sheet.hidden_rows == {2}


def test_a_formula_that_was_never_worked_out_is_no_empty_cell(tmp_path: Path) -> None:
    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [[1, 2, "=A1+B1"]]}))

    assert sheet.cells[1, 3].kind is Kind.UNCOMPUTED


def test_a_condition_that_shows_a_number_otherwise_is_seen(tmp_path: Path) -> None:
    def finish(workbook: Workbook) -> None:
        sheet = workbook["S"]
        stars = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode='"*"'))
        small = Rule(type="cellIs", operator="lessThan", formula=["5"], dxf=stars)
        asked = Rule(type="expression", formula=["C1<5"], dxf=stars)
        sheet.conditional_formatting.add("A1:B1", small)
        sheet.conditional_formatting.add("C1", asked)
        sheet.conditional_formatting.add("A1:C1", Rule(type="expression", formula=["A1=3"]))
        sheet["D1"].number_format = '[<5]"*"'

    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [[3, 7, 3, 3]]}, finish))

    assert [sheet.cells[1, column].shown for column in (1, 2, 3, 4)] == ["*", "7", "3", "*"]
    assert [sheet.cells[1, column].also_shown for column in (1, 2, 3)] == [None, None, "*"]


def test_conditional_formats_that_excel_keeps_apart_are_told(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [[3]]})
    rule = '<extLst><ext uri="{78C0D931}"><dxf><numFmt formatCode="*"/></dxf></ext></extLst>'
    rewritten(path, "</worksheet>", f"{rule}</worksheet>")

    (sheet,) = read(path)

    assert [(one.severity, one.code) for one in sheet.problems] == [("warning", "formats-apart")]
    (sheet,) = read(write_xlsx(tmp_path / "c.xlsx", {"S": [[3]]}))
    assert sheet.problems == ()


def test_dates_of_the_1904_system_are_right() -> None:
    (sheet,) = read(SAMPLES / "dates-1904.xlsx")

    assert sheet.cells[2, 1].value == date(2020, 7, 22)
    assert sheet.cells[3, 1].value == 42480


def test_a_float_is_what_was_typed(tmp_path: Path) -> None:
    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [[0.145, 12.0, 0.575]]}))

    assert sheet.cells[1, 1].value == Decimal("0.145")
    assert sheet.cells[1, 2].value == 12 and isinstance(sheet.cells[1, 2].value, int)
    assert sheet.cells[1, 3].value == Decimal("0.575")


def test_what_is_struck_through_or_small_is_no_part_of_a_number(tmp_path: Path) -> None:
    def finish(workbook: Workbook) -> None:
        sheet = workbook["S"]
        struck = TextBlock(InlineFont(strike=True, sz=11), "1")
        sheet["A1"] = CellRichText(struck, TextBlock(InlineFont(sz=11), "5"))
        small = TextBlock(InlineFont(sz=6), "3")
        sheet["B1"] = CellRichText(TextBlock(InlineFont(sz=11), "5"), small)

    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [["x", "x"]]}, finish))

    assert [(cell.value, cell.raised) for cell in sheet.cells.values()] == [("5", "1"), ("5", "3")]


def test_formulas_that_xlsxwriter_gave_0_were_never_worked_out(tmp_path: Path) -> None:
    workbook = XlsxWorkbook(tmp_path / "b.xlsx")
    workbook.add_worksheet("S").write_formula(0, 0, "=1+2")
    workbook.close()

    (sheet,) = read(tmp_path / "b.xlsx")

    assert sheet.cells[1, 1].kind is Kind.UNCOMPUTED


def test_an_empty_text_that_a_formula_gave_is_no_cell(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [[1, '=IF(A1=1,"","x")', " "]]})
    with ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    first = "xl/worksheets/sheet1.xml"
    text = parts[first].decode().replace('<c r="B1">', '<c r="B1" t="str">')
    parts[first] = text.encode()
    with ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)

    (sheet,) = read(path)

    assert list(sheet.cells) == [(1, 1)]


def test_the_first_condition_by_priority_counts(tmp_path: Path) -> None:
    def finish(workbook: Workbook) -> None:
        for priority, code in ((2, "0"), (1, '"*"')):
            style = DifferentialStyle(numFmt=NumberFormat(numFmtId=170 + priority, formatCode=code))
            rule = Rule(
                type="cellIs", operator="lessThan", formula=["5"], dxf=style, priority=priority
            )
            workbook["S"].conditional_formatting.add("A1", rule)
            rule.priority = priority

    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [[3]]}, finish))

    assert sheet.cells[1, 1].shown == "*"


def test_text_below_the_line_is_raised_too(tmp_path: Path) -> None:
    def finish(workbook: Workbook) -> None:
        small = TextBlock(InlineFont(vertAlign="subscript"), "2")
        bold = TextBlock(InlineFont(b=True), "4")
        workbook["S"]["A1"] = CellRichText("1", small)
        workbook["S"]["B1"] = CellRichText("1", bold)

    (sheet,) = read(write_xlsx(tmp_path / "b.xlsx", {"S": [["x", "x"]]}, finish))

    assert (sheet.cells[1, 1].value, sheet.cells[1, 1].raised) == ("1", "2")
    assert (sheet.cells[1, 2].value, sheet.cells[1, 2].raised) == ("14", "")


# OpenDocument


def test_what_is_repeated_in_an_ods_file_stands_where_it_is_shown(tmp_path: Path) -> None:
    tables = """
    <table name="S">
      <column columns="2"/><column visibility="collapse"/><column columns="16381"/>
      <header-rows><row>
        <cell columns="2"/><cell type="string" columns="2"><p>a<s c="2"/>b</p></cell>
        <cell columns="16380"/>
      </row></header-rows>
      <row rows="2" visibility="filter"><cell type="float" value="7"><p>7</p></cell></row>
      <row rows="1048573"><cell columns="16384"/></row>
    </table>
    <table name="Old" of-table="hidden"><row><cell/></row></table>
    """
    sheet, old = read(write_ods(tmp_path / "b.ods", tables))

    assert {at: cell.value for at, cell in sheet.cells.items()} == {
        (1, 3): "a  b",
        (1, 4): "a  b",
        (2, 1): 7,
        (3, 1): 7,
    }
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({2, 3}), frozenset({3}))
    assert (old.name, old.hidden) == ("Old", True)


@pytest.mark.parametrize(
    ("cell", "kind", "value", "shown"),
    [
        ('type="float" value="12.50"><p>13</p>', "number", Decimal("12.50"), "13"),
        ('type="float" value="5"><p>*</p>', "number", 5, "*"),
        ('type="float" value="5">', "number", 5, "5"),
        ('type="percentage" value="0.64"><p>64%</p>', "number", Decimal("0.64"), "64%"),
        ('type="currency" value="5"><p>£5</p>', "number", 5, "£5"),
        ('type="boolean" boolean-value="true"><p>TRUE</p>', "bool", True, "TRUE"),
        ('type="date" date-value="2020-03-31T00:00:00"><p>31/03/20</p>', "date", MARCH, "31/03/20"),
        ('formula="of:=1/0" type="string" error="error"><p>#DIV/0!</p>', "error", DIV, DIV),
        ('formula="of:=A1+B1">', "uncomputed", None, ""),
        (
            'type="string"><annotation><p>seen</p></annotation><p>a<span>b</span></p>',
            "text",
            "ab",
            "ab",
        ),
        ('type="string"><p>one</p><p>two</p>', "text", "one\ntwo", "one\ntwo"),
    ],
)
def test_a_cell_of_an_ods_file_holds_what_it_says_exactly(
    tmp_path: Path, cell: str, kind: str, value: object, shown: str
) -> None:
    table = f'<table name="S"><row><cell {cell}</cell></row></table>'
    (sheet,) = read(write_ods(tmp_path / "b.ods", table))

    found = sheet.cells[1, 1]

    assert (found.kind, found.value, found.shown) == (kind, value, shown)


@pytest.mark.parametrize(("style", "raised"), [("up", "3"), ("super", "3"), ("plain", "")])
def test_raised_characters_of_an_ods_file_are_apart(
    tmp_path: Path, style: str, raised: str
) -> None:
    cell = f'<cell type="string"><p>5<span of-text="{style}">3</span></p></cell>'
    (sheet,) = read(write_ods(tmp_path / "b.ods", f'<table name="S"><row>{cell}</row></table>'))

    assert (sheet.cells[1, 1].raised, sheet.cells[1, 1].shown) == (raised, "53")


def test_what_libreoffice_worked_out_as_empty_is_no_cell(tmp_path: Path) -> None:
    odd = '<cell type="date" date-value="20211-01-01"><p>1/1/20211</p></cell>'
    table = f'<table name="S"><row><cell formula="of:=A1"></cell>{odd}</row></table>'
    meta = {"meta.xml": "<m>LibreOffice/7.4</m>"}
    (sheet,) = read(write_ods(tmp_path / "b.ods", table, **meta))

    assert [(cell.kind, cell.shown) for cell in sheet.cells.values()] == [("text", "1/1/20211")]


def test_merged_cells_of_an_ods_file_belong_to_what_they_cover(tmp_path: Path) -> None:
    table = """<table name="S"><row>
      <cell type="string" columns-over="2" rows-over="1"><p>Above</p></cell><covered/>
      <cell type="string"><p>Right</p></cell>
    </row></table>"""
    (sheet,) = read(write_ods(tmp_path / "b.ods", table))

    assert [sheet.heading(1, column).words for column in (1, 2, 3)] == ["Above", "Above", "Right"]


def test_rows_without_end_that_hold_something_are_refused_at_once(tmp_path: Path) -> None:
    row = '<row rows="1048576"><cell type="string"><p>a</p></cell></row>'
    path = write_ods(tmp_path / "b.ods", f'<table name="S">{row}</table>')

    assert refused(path) == ("sheet-too-large", "the sheet has more than 200,000 rows")


# separated values


def csv(tmp_path: Path, content: bytes) -> list[tuple[str, object]]:
    (tmp_path / "Book.csv").write_bytes(content)
    (sheet,) = read(tmp_path / "Book.csv")
    return [(cell.place.cell, cell.value) for cell in sheet.cells.values()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_what_all_rows_have_as_many_of(tmp_path: Path, separator: str) -> None:
    rows = [["Name", "Upheld", "Of"], ["Adur; Arun, and more", "3", "5"], ["Arun", "1,234", "7"]]
    text = "\r\n".join(separator.join(f'"{one}"' for one in row) for row in rows)

    assert csv(tmp_path, text.encode())[3:6] == [
        ("A2", "Adur; Arun, and more"),
        ("B2", 3),
        ("C2", 5),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    assert csv(tmp_path, "Authority\tUpheld\r\nYnys Môn\t3\r\n".encode(encoding))[2:] == [
        ("A2", "Ynys Môn"),
        ("B2", 3),
    ]


def test_an_old_encoding_is_told_with_the_words_that_it_concerns(tmp_path: Path) -> None:
    content = "Authority,Upheld\r\nYnys Môn – “north”,3\r\n".encode("cp1252")
    (tmp_path / "Book.csv").write_bytes(content)
    (sheet,) = read(tmp_path / "Book.csv")

    (problem,) = sheet.problems
    assert (problem.severity, problem.code) == ("notice", "encoding-assumed")
    assert '"Môn", "–" and "“north”"' in problem.sentence
    assert sheet.cells[2, 1].value == "Ynys Môn – “north”"


def test_a_line_in_quotes_is_one_cell_and_numbers_keep_their_zeros(tmp_path: Path) -> None:
    assert csv(tmp_path, b'Case,Note\r\n0012,"two\r\nlines"\r\n\r\n7,x\r\n') == [
        ("A1", "Case"),
        ("B1", "Note"),
        ("A2", "0012"),
        ("B2", "two\r\nlines"),
        ("A4", 7),
        ("B4", "x"),
    ]


@pytest.mark.parametrize(
    "row",
    ['2,Adur,Upheld,"said yes\r\n3,Arun,Upheld,no', '2,Adur,"said "yes",x', '2,A,B,"x\r\n3,A,B,y"'],
)
def test_a_quote_that_is_not_closed_stops(tmp_path: Path, row: str) -> None:
    (tmp_path / "Book.csv").write_text(f"Case,Authority,Decision,Note\r\n1,A,B,C\r\n{row}\r\n")

    assert refused(tmp_path / "Book.csv")[0] in ("workbook-damaged", "quote-open")


def test_excel_s_own_word_on_the_separator_is_taken(tmp_path: Path) -> None:
    assert csv(tmp_path, b"sep=|\r\nName|Upheld\r\nArun|1\r\n")[2:] == [("A2", "Arun"), ("B2", 1)]


# what is refused


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "no-workbook", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-workbook", "of the old kind (.xls), or one with a password"),
        (b"PK\x03\x04 and nothing more", "workbook-damaged", "cannot be unpacked"),
        (b"%PDF-1.7 and so on", "no-workbook", "a document, a picture or a page"),
        (b"<!DOCTYPE html><html>", "no-workbook", "a document, a picture or a page"),
        (b"only words", "separator-unknown", "nobody can tell what separates its values"),
        (b"a,b\0,c\r\nd,e,f\r\n", "no-workbook", "neither a workbook nor a text"),
        (b"\xff\xfea", "workbook-damaged", "utf-16-le"),
        (b"a,b\r\n\x81,\x8d\r\n", "encoding-unknown", "neither UTF-8 nor Windows-1252"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_gets_a_sentence(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    path = tmp_path / "Book.xlsx"
    path.write_bytes(content)

    found, sentence = refused(path)

    assert found == code and words in sentence


def packed(path: Path, **parts: str) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return path


def test_files_that_only_look_like_workbooks_are_refused(tmp_path: Path) -> None:
    letter = packed(tmp_path / "letter.docx", **{"word__document.xml": "<a/>"})
    broken = packed(tmp_path / "broken.xlsx", **{"xl__workbook.xml": "<workbook"})
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes((SAMPLES / "traps.xlsx").read_bytes()[:5000])
    bad = packed(tmp_path / "bad.ods", **{"content.xml": "<a>"})

    assert [refused(path)[0] for path in (letter, broken, cut, bad, tmp_path / "none.xlsx", tmp_path)] == [
        "no-workbook",
        "workbook-damaged",
        "workbook-damaged",
        "workbook-damaged",
        "no-workbook",
        "no-workbook",
    ]  # fmt: skip


def test_a_document_type_in_a_workbook_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    path = packed(tmp_path / "b.ods", **{"content.xml": bomb})

    code, sentence = refused(path)

    assert code == "workbook-unsafe" and sentence.startswith("content.xml")


def test_a_part_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-7", "latin-1"):
        text = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
        content = text.encode("utf-16" if encoding == "utf-16" else "ascii")
        path = tmp_path / "b.ods"
        with ZipFile(path, "w") as file:
            file.writestr("content.xml", content)
        assert refused(path) == (
            "workbook-unsafe",
            "content.xml in it is not UTF-8, as no workbook does",
        )


def test_a_raised_mark_is_seen_whatever_the_part_with_texts_is_called(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    workbook = XlsxWorkbook(path)
    raised = workbook.add_format({"font_script": 1})
    workbook.add_worksheet("S").write_rich_string(0, 0, "5", raised, "3")
    workbook.close()
    with ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    with ZipFile(path, "w") as after:
        for name, content in parts.items():
            new = content.replace(b"sharedStrings.xml", b"SharedStrings.xml")
            after.writestr(name.replace("sharedStrings", "SharedStrings"), new)

    (sheet,) = read(path)

    assert (sheet.cells[1, 1].value, sheet.cells[1, 1].raised) == ("5", "3")


def test_a_formula_with_a_prefix_is_one(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [[1, "=A1+1"]]})
    with ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    first = "xl/worksheets/sheet1.xml"
    text = re.sub(r"<(/?)(?!\?)", r"<\1x:", parts[first].decode())
    parts[first] = text.replace("xmlns=", "xmlns:x=", 1).encode()
    with ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)

    (sheet,) = read(path)

    assert [cell.kind for cell in sheet.cells.values()] == [Kind.NUMBER, Kind.UNCOMPUTED]


@pytest.mark.parametrize("value", ["INF", "NaN", "seven", "1e999999999"])
def test_a_number_that_is_none_in_an_ods_file_gets_a_sentence(tmp_path: Path, value: str) -> None:
    cell = f'<cell type="float" value="{value}"><p>5</p></cell>'
    path = write_ods(tmp_path / "b.ods", f'<table name="S"><row>{cell}</row></table>')

    assert refused(path)[0] == "workbook-damaged"


def test_a_file_that_unpacks_to_more_than_a_workbook_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "b.ods", **{"content.xml": "<a>" + " " * 300_000 + "</a>"})
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 200_000)
    assert refused(path)[0] == "workbook-too-large"

    monkeypatch.setattr(workbooks, "LARGEST", 100)
    assert refused(path) == ("workbook-too-large", "the file is larger than 0 MB")


def test_a_sheet_of_a_million_rows_is_refused_before_it_is_understood(tmp_path: Path) -> None:
    rows = '<row r="1"/>' * 200_001
    path = packed(
        tmp_path / "b.xlsx",
        **{"xl__workbook.xml": "<workbook/>", "xl__worksheets__sheet1.xml": f"<w>{rows}</w>"},
    )
    path.write_bytes(path.read_bytes())

    assert refused(path) == ("sheet-too-large", "the sheet has more than 200,000 rows")


def test_a_sheet_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [[1] * 201]})

    assert refused(path) == ("sheet-too-large", "the sheet has more than 200 columns")


def test_a_locked_ods_file_says_so(tmp_path: Path) -> None:
    path = write_ods(
        tmp_path / "b.ods", "", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}
    )

    assert refused(path) == ("workbook-locked", "it has a password")


def test_the_name_of_a_file_does_not_decide_what_it_is() -> None:
    content = (SAMPLES / "Authority figures 2020-21.csv").read_bytes()

    (sheet,) = understood("figures.xlsx", content)

    assert (sheet.name, sheet.plain) == ("figures", True)
