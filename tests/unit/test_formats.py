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
    ("write", "value", "said"),
    [
        (day, "2020-07-22", "expected a date, found text"),
        (short_day, 2020, "expected a date, found a number"),
        (number, "1,400", "expected a number, found text"),
        (number, True, "expected a number, found true or false"),
        (in_words, "2", "expected a whole number, found text"),
        (sentence_list, "London", "expected a list of texts, found text"),
        (sentence_list, ["London", 4], "expected texts in a list, found a number"),
        (sentence_list, [], "this list is empty, so there is nothing to print"),
        (sentence_list, ["London", " "], "a text in this list is empty"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    write: Callable[[Any], str], value: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        write(value)


def test_the_word_for_a_number_wants_the_number_itself() -> None:
    with pytest.raises(ValueError, match="expected a whole number, found a value with parts"):
        plural(object(), "case", "cases")  # type: ignore[arg-type]


def test_a_list_ends_with_and() -> None:
    assert (
        sentence_list(["London", "Bristol", "Leeds", "Birmingham"])
        == "London, Bristol, Leeds and Birmingham"
    )
    assert sentence_list(["London", "Leeds"]) == "London and Leeds"
    assert sentence_list(["London"]) == "London"


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="this list is empty, so there is nothing to print"):
        sentence_list([])
