"""Where a table is: its sheet, its headings, its columns, its rows; and what is hidden or merged."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from letters.errors import Severity
from letters.intake.cells import Sheet
from letters.intake.tables import Table, find_table, gathered
from tests.books import sheet, told

TITLES = [["Table 1: figures"], ["Some are rounded. [note 1]"]]
UPPER = [None, None, "Detailed investigations", None, "Compliance", None]
LOWER = ["Authority\nname ", "GSS code", "Upheld", "Total", "Due", "Upheld"]
ROW = ["Maidstone", "E07000110", 7, 11, 6, 6]


def book(*more: Sequence[object], **kind: object) -> Sheet:
    merged = ((3, 3, 3, 4), (3, 5, 3, 6))
    return sheet(*TITLES, UPPER, LOWER, *(more or (ROW,)), **{"merged": merged, **kind})


def found(one: Sheet, *wanted: str, **more: object) -> Table:
    table, problems = find_table([one], wanted, **more)  # type: ignore[arg-type]
    assert table is not None, problems
    assert not problems
    return table


def missed(sheets: list[Sheet], *wanted: str, **more: object) -> tuple[list[str], str]:
    _, problems = find_table(sheets, wanted, **more)  # type: ignore[arg-type]
    return told(problems), problems[0].hint


def test_headings_in_two_rows_are_joined_and_spaces_and_case_do_not_count() -> None:
    table = found(book(), "authority name", "Detailed  investigations/Total", "Due")

    assert table.header == 4
    assert table.columns == {"authority name": 1, "Detailed  investigations/Total": 4, "Due": 5}
    assert table.rows == (5,)


def test_a_heading_that_two_columns_have_must_be_said_in_full() -> None:
    codes, hint = missed([book()], "Authority name", "Upheld")

    assert codes == ["C4 error column-unclear"]
    assert "above / below" in hint
    assert (
        found(book(), "Authority name", "Compliance / Upheld").columns["Compliance / Upheld"] == 6
    )


def test_a_heading_below_another_is_not_passed_over_for_one_that_has_none() -> None:
    one = sheet([None, "Investigations"], ["Name", "Upheld", "Upheld"], ["Kent", 1, 2])

    assert missed([one], "Name", "Upheld")[0] == ["B2 error column-unclear"]
    assert found(one, "Name", "Investigations / Upheld").columns["Investigations / Upheld"] == 2


def test_a_row_of_a_csv_file_that_goes_beyond_the_headings_stops() -> None:
    one = sheet(["Name", "Upheld"], ["Kent", 1], ["Essex", 1, 234], plain=True)
    _, problems = find_table([one], ["Name", "Upheld"])

    assert told(problems) == ["C3 error row-too-wide"]


def test_a_remark_merged_over_the_table_is_none_of_its_rows() -> None:
    one = book(ROW, ["Source: our own"], ROW, merged=((3, 3, 3, 4), (3, 5, 3, 6), (6, 1, 6, 6)))
    _, problems = find_table([one], ["Authority name", "Due"])

    assert not problems


def test_a_title_of_stars_takes_no_time() -> None:
    one = sheet(["*" * 5000 + " DRAFT"], ["Name", "Upheld"], ["Kent", 1])

    assert found(one, "Name", "Upheld").rows == (3,)


def test_a_heading_may_carry_a_note() -> None:
    one = sheet(["Authority", "Upheld [note 2]"], ["Kent", 1])

    assert found(one, "Authority", "Upheld").columns["Upheld"] == 2


def test_a_heading_that_is_missing_is_told_with_what_is_there() -> None:
    codes, hint = missed([book()], "Authority name", "GSS code", "Satisfactory remedies")
    assert codes == ["A4 error no-such-column"]
    assert "Detailed investigations / Upheld" in hint and "Compliance / Due" in hint

    assert missed([book()], "Authority name", "GSS cod")[1] == 'did you mean "GSS code"?'


def test_a_heading_row_may_be_named() -> None:
    one = sheet(["Name", "Upheld"], ["old"], ["Name", "Upheld"], ["Kent", 3])

    assert found(one, "Name", "Upheld").header == 1
    assert found(one, "Name", "Upheld", header=3).rows == (4,)


def test_the_sheet_is_the_one_that_has_the_headings() -> None:
    cover, figures = sheet(["Contents"], name="Cover"), book(name="Figures")

    table, _ = find_table([cover, figures], ["Authority name"])
    assert table and table.sheet.name == "Figures"

    assert missed([figures, book(name="Copy")], "Authority name")[0] == ["A1 error sheet-unclear"]
    assert missed([cover, figures], "Authority name", name="Figure")[1] == 'did you mean "Figures"?'
    assert found(book(name="Figures"), "Due", name="FIGURES").sheet.name == "Figures"


def test_a_csv_file_has_one_sheet_whatever_it_was_called() -> None:
    assert found(sheet(["Name"], ["Kent"], plain=True), "Name", name="Decided").rows == (2,)


def test_a_hidden_sheet_is_never_chosen_by_itself() -> None:
    hidden = book(name="Old", hidden=True)

    codes, hint = missed([sheet(["x"], name="Cover"), hidden], "Authority name")
    assert codes == ["A1 error sheet-hidden"]
    assert "sheet: Old" in hint and "--with-hidden" in hint
    assert missed([hidden], "Due", name="Old")[0] == ["A1 error sheet-hidden"]
    assert found(hidden, "Due", name="Old", with_hidden=True).rows == (5,)
    assert missed([sheet(["x"], name="Cover", hidden=True)], "Due")[0] == [
        "A1 error no-visible-sheet"
    ]


def test_hidden_rows_and_columns_in_use_stop() -> None:
    rows = [["Kent", None, number] for number in range(20)]
    one = book(*rows, hidden_rows=frozenset((7, 8, 9, 12)), hidden_columns=frozenset((3, 5)))

    table, problems = find_table([one], ["Authority name", "Detailed investigations / Upheld"])

    assert told(problems) == ["C4 error column-hidden", "A7 error row-hidden"]
    assert problems[1].sentence == "rows 7-9, 12 are hidden"
    assert problems[1].hint == "import with --with-hidden, or delete these 4 rows"
    assert table and not table.whole and 7 not in table.rows


def test_what_is_hidden_and_not_used_is_no_matter() -> None:
    one = book(ROW, [], hidden_rows=frozenset((1, 6)), hidden_columns=frozenset((6,)))

    assert found(one, "Authority name", "Due").whole


def test_hidden_rows_are_read_when_they_are_asked_for() -> None:
    table, problems = find_table(
        [book(hidden_rows=frozenset((5,)))], ["Authority name", "Due"], with_hidden=True
    )

    assert table and table.rows == (5,) and table.whole and not problems


def test_merged_cells_in_use_are_an_error() -> None:
    merged = ((3, 3, 3, 4), (3, 5, 3, 6), (5, 1, 6, 1), (5, 2, 6, 2))
    one = book(ROW, ROW, merged=merged)

    _, problems = find_table([one], ["Authority name", "Due"])

    assert told(problems) == ["A5 error cells-merged"]
    assert problems[0].sentence == "the cells A5 to A6 are merged"


def test_empty_rows_are_passed_over_and_rows_beside_the_table_too() -> None:
    one = sheet(["Name", "Upheld", "Note"], ["Kent", 1], [], [None, None, "remark"], ["Essex", 2])

    assert found(one, "Name", "Upheld").rows == (2, 5)


def problem(row: int, severity: Severity) -> object:
    table = found(book(), "Due")
    return table.problem(severity, "some-code", table.sheet.place(row, 3), "this is odd")


@pytest.mark.parametrize(("severity", "each"), [(Severity.ERROR, 10), (Severity.NOTICE, 5)])
def test_many_problems_of_one_kind_in_a_column_are_told_together(
    severity: Severity, each: int
) -> None:
    few = [problem(row, severity) for row in range(1, each + 1)]
    many = [problem(row, severity) for row in range(1, 101)]

    assert len(gathered(few)) == each  # type: ignore[arg-type]
    told_together = gathered(many)  # type: ignore[arg-type]
    assert len(told_together) == each
    assert told_together[-1].sentence.startswith(
        f"this is odd; so it is in C{each + 1}, C{each + 2}"
    )
    assert told_together[-1].sentence.endswith(f"and {100 - each - 12} more")
