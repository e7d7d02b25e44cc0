"""How numbers, dates and lists are written."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.typesetting.formats import day, in_words, number, plural, sentence_list, short_day


def test_a_day_has_no_leading_zero_and_its_month_in_words() -> None:
    assert day(date(2019, 4, 1)) == "1 April 2019"
    assert day(date(2020, 12, 31)) == "31 December 2020"


def test_a_short_day_is_day_month_and_two_digits_of_the_year() -> None:
    assert short_day(date(2020, 3, 31)) == "31/03/20"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (1400, "1,400"), (1234567, "1,234,567"),
        (Decimal("3.4"), "3.4"), (Decimal("3.0"), "3"), (Decimal("100"), "100"), (Decimal("1200.50"), "1,200.5"),
    ],
)  # fmt: skip
def test_a_number_has_commas_and_no_closing_zeros(value: int | Decimal, written: str) -> None:
    assert number(value) == written


@given(st.integers(min_value=0))
def test_a_whole_number_reads_back_as_itself(value: int) -> None:
    assert int(number(value).replace(",", "")) == value


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=6))
def test_a_decimal_reads_back_as_itself(digits: int, places: int) -> None:
    value = Decimal(digits).scaleb(-places)
    assert Decimal(number(value).replace(",", "")) == value


def test_only_one_is_singular() -> None:
    written = [f"{n} {plural(n, 'upheld decision', 'upheld decisions')}" for n in (0, 1, 2)]
    assert written == ["0 upheld decisions", "1 upheld decision", "2 upheld decisions"]


def test_small_numbers_are_words() -> None:
    assert [in_words(n) for n in (0, 1, 2, 9, 10, 1000)] == [
        "no",
        "one",
        "two",
        "nine",
        "10",
        "1,000",
    ]


@pytest.mark.parametrize(
    ("write", "value", "wanted"),
    [
        (day, "2020-07-22", "a date"),
        (short_day, 2020, "a date"),
        (number, "1,400", "a number"),
        (number, True, "a number"),
        (in_words, "2", "a whole number"),
        (sentence_list, "London", "a list of texts"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    write: Callable[[Any], str], value: Any, wanted: str
) -> None:
    with pytest.raises(ValueError, match=f'expected {wanted}, found "{value}"'):
        write(value)


def test_a_list_ends_with_and() -> None:
    assert (
        sentence_list(["London", "Bristol", "Leeds", "Birmingham"])
        == "London, Bristol, Leeds and Birmingham"
    )
    assert sentence_list(["London", "Leeds"]) == "London and Leeds"
    assert sentence_list(["London"]) == "London"
    assert sentence_list([]) == ""
