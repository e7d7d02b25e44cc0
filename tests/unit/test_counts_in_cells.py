"""What a cell says as a count: what is not certainly a number is an error with the cell's address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.intake.cells import Kind
from letters.intake.number_formats import shown_number
from letters.intake.numbers import Taken, count_in
from tests.books import cell, sheet

NO_BREAK, THIN = "\u00a0", "\u2009"


def taken(value: Any, suppressed: dict[str, str] | None = None, **more: Any) -> Taken:
    kinds = {"plain", "unsure_of_points"} & more.keys()
    of_sheet: dict[str, Any] = {key: more.pop(key) for key in kinds}
    one = cell(value, 5, 3, **more)
    return count_in(one, sheet(["x"], **of_sheet), suppressed or {})


def code(found: Taken) -> str:
    assert found.problem is not None
    assert found.problem.place.cell == "C5"
    return f"{found.problem.severity} {found.problem.code}"


@pytest.mark.parametrize(
    ("value", "more"),
    [
        (7, {}),
        (7, {"shown": "7.00", "number_format": "0.00"}),
        (1234, {"shown": "1,234"}),
        (7, {"shown": "007"}),
        (0, {"shown": "-"}),  # as accounts show 0
        (7, {"also_shown": "7"}),
    ],
)
def test_a_number_that_is_shown_as_it_is_is_taken(value: int, more: dict[str, Any]) -> None:
    assert taken(value, **more) == Taken(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("76", 76), ("1,234", 1234), (f"14{NO_BREAK}", 14), (f" {THIN}9 ", 9), ("076", 76)],
)
def test_text_of_exactly_digits_is_taken_with_a_notice(text: str, number: int) -> None:
    found = taken(text)

    assert found.number == number
    assert code(found) == "notice number-as-text"


def test_in_a_file_of_text_alone_digits_are_no_wonder() -> None:
    assert taken("1,234", plain=True) == Taken(1234)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,5", "12.5"])
def test_with_semicolons_nobody_knows_what_a_point_means(text: str) -> None:
    assert code(taken(text, plain=True, unsure_of_points=True)) == "error points-unclear"


@pytest.mark.parametrize("text", ["-", "–", "−", "n/a", "nil", "None"])
def test_a_dash_is_not_zero(text: str) -> None:
    assert code(taken(text)) == "error not-zero"


def test_an_empty_cell_is_not_zero() -> None:
    found = count_in(sheet(["x"]).cell(5, 3), sheet(["x"]), {})

    assert code(found) == "error count-empty"
    assert found.problem and found.problem.hint == "write 0, or leave the authority out"


@pytest.mark.parametrize("text", ["*", "**", "..", ".", "c", "x", "[x]", "[low]", ":", "Z"])
def test_shorthand_without_a_meaning_is_an_error(text: str) -> None:
    found = taken(text)

    wanted = "error count-withheld" if text != "." else "error not-a-count"
    assert code(found) == wanted
    assert found.number is None


@pytest.mark.parametrize(("text", "why"), [("*", "c"), (" * ", "c"), ("[C]", "c"), ("-", "x")])
def test_shorthand_with_a_meaning_is_no_number_and_no_error(text: str, why: str) -> None:
    assert taken(text, {"*": "c", "[c]": "c", "-": "x"}) == Taken(None, why)


@pytest.mark.parametrize(
    "text", ["12r", "12 (provisional)", "5³", "7*", "12 [note 1]", "1 234", "5-6"]
)
def test_anything_behind_a_number_is_an_error(text: str) -> None:
    assert code(taken(text)) == "error mark-behind-number"


def test_a_raised_character_behind_a_number_is_an_error() -> None:
    found = taken("5", shown="53", raised="3")

    assert code(found) == "error mark-behind-number"
    assert (
        found.problem
        and '"3" stands behind "5", which would be read as 53' in found.problem.sentence
    )
    assert code(taken(5, raised="a")) == "error mark-behind-number"


@pytest.mark.parametrize(
    ("value", "more", "wanted"),
    [
        (date(2020, 3, 31), {"shown": "31/03/2020"}, "date-as-count"),
        (True, {"shown": "TRUE"}, "not-a-count"),
        (1, {"shown": "TRUE"}, "shown-otherwise"),
        (5, {"shown": "£5"}, "not-a-count"),
        ("£5", {}, "not-a-count"),
        ("64%", {}, "not-a-count"),
        (1, {"shown": "100%"}, "percentage-as-count"),
        (Decimal("0.64"), {"shown": "64%"}, "percentage-as-count"),
        (Decimal("12.5"), {"shown": "13"}, "not-a-whole-count"),
        (-3, {}, "not-a-whole-count"),
        (3, {"shown": "*"}, "shown-otherwise"),
        (3, {"shown": ""}, "shown-otherwise"),
        (1234, {"shown": "1"}, "shown-otherwise"),
        (3, {"shown": "-"}, "shown-otherwise"),
        (3, {"also_shown": "*"}, "shown-otherwise"),
        ("seven", {}, "not-a-count"),
        (10**9, {}, "count-too-large"),
        ("#N/A", {"kind": Kind.ERROR}, "error-in-cell"),
    ],
)
def test_what_is_no_count_is_an_error(value: Any, more: dict[str, Any], wanted: str) -> None:
    found = taken(value, **more)

    assert code(found) == f"error {wanted}"
    assert found.number is None


def test_a_formula_that_was_never_worked_out_says_what_to_do() -> None:
    one = cell("x", 5, 3)._replace(value=None, kind=Kind.UNCOMPUTED, shown="")
    found = count_in(one, sheet(["x"]), {})

    assert code(found) == "error formula-uncomputed"
    assert (
        found.problem
        and found.problem.hint == "open the workbook in a spreadsheet program and save it"
    )


FORMATS = st.sampled_from(
    ["", "General", "0", "#,##0", "0.00", "0%", "0,", "#", '[<5]"*";0', ";;;", '0" cases"', "£0"]
)


@given(st.integers(min_value=0, max_value=10**7), FORMATS)
def test_a_number_is_taken_only_if_a_reader_reads_it(value: int, number_format: str) -> None:
    shown = shown_number(value, number_format) or ""

    found = taken(value, shown=shown, number_format=number_format)

    assert found.number in (None, value)
    digits = shown.replace(",", "").split(".")[0]
    assert (found.number == value) == (digits.isdecimal() and int(digits) == value)


@given(st.text(max_size=8))
def test_a_text_is_never_taken_for_another_number(text: str) -> None:
    found = taken(text) if text else Taken(None)

    if found.number is not None:
        assert str(found.number) == text.replace(",", "").strip().lstrip("0") or not found.number
