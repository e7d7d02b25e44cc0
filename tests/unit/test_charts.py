"""The geometry of the charts."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.typesetting.charts import LENGTH, bar, ring

percentages = st.floats(min_value=0, max_value=100)


def test_a_quarter_runs_from_twelve_to_three_o_clock() -> None:
    assert ring(25, None, "25%").arc == "M100,30A70 70 0 0 1 170,100"


def test_three_quarters_take_the_long_way_round() -> None:
    assert ring(75, None, "75%").arc == "M100,30A70 70 0 1 1 30,100"


def test_nothing_is_drawn_for_nought_per_cent() -> None:
    assert ring(0, None, "0%").arc == ""


def test_the_whole_circle_is_drawn_for_a_hundred_per_cent() -> None:
    assert ring(100, None, "100%").arc == "M100,30A70 70 0 1 1 100,170A70 70 0 1 1 100,30Z"


def test_without_an_average_there_is_no_mark() -> None:
    assert (ring(64, None, "64%").mark, ring(64, None, "64%").pointer) == ("", "")


def test_the_mark_of_nought_and_of_a_hundred_per_cent_stands_at_twelve_o_clock() -> None:
    assert ring(50, 0, "50%").mark == ring(50, 100, "50%").mark == "M100,46L100,14"


@given(percentages, st.none() | percentages)
def test_everything_stays_inside_the_drawing(value: float, average: float | None) -> None:
    drawn = ring(value, average, "50%")
    points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", f"{drawn.arc} {drawn.mark} {drawn.pointer}")
    assert all(0 <= float(number) <= 200 for point in points for number in point)
    assert "e" not in drawn.arc + drawn.mark + drawn.pointer, "SVG readers differ about exponents"


def test_a_longer_figure_is_written_smaller_to_stay_inside_the_ring() -> None:
    assert [ring(64, None, text).text_size for text in ("64%", "100%", "63.6%", "63.6364%")] == [
        "37",
        "37",
        "35.3",
        "22.2",
    ]


@pytest.mark.parametrize(("value", "like"), [(99.9999, 100), (0.0001, 0)])
def test_what_is_too_near_to_all_or_nothing_to_be_told_apart_is_drawn_so(
    value: float, like: float
) -> None:
    assert ring(value, None, "x").arc == ring(like, None, "x").arc


@pytest.mark.parametrize(
    ("value", "average", "end"),
    [
        (3.9, 4.5, "5"), (4.5, 3.9, "5"), (5.0, None, "5"), (5.01, None, "6"), (7.0, None, "8"), (8.1, 1.0, "10"),
        (18.8, 4.5, "20"), (0.3, 0.21, "0.3"), (0.31, None, "0.4"), (1999.0, None, "2,000"), (0.0, None, "1"),
        (0.0, 0.0, "1"), (0.0, 2.5, "3"),
    ],
)  # fmt: skip
def test_a_bar_ends_with_a_round_number_that_is_enough_for_both(
    value: float, average: float | None, end: str
) -> None:
    assert bar(value, average).end == end


def test_the_bar_of_a_percentage_ends_with_all_of_it() -> None:
    drawn = bar(25, 50, 100)
    assert (drawn.end, drawn.width, drawn.mark) == ("100", "80", "M160,42V72")
    assert drawn.pointer == "160,41 154,30 166,30"


def test_nothing_is_drawn_for_nought_and_nothing_marked_without_an_average() -> None:
    drawn = bar(0, None)
    assert (drawn.width, drawn.mark, drawn.pointer) == ("", "", "")


@pytest.mark.parametrize(
    ("value", "end"),
    [(0, "1"), (1e-320, "1"), (0.000039, "0.00004"), (0.07, "0.08"), (7_000_001, "8,000,000")],
)
def test_a_scale_ends_with_a_number_that_one_reads(value: float, end: str) -> None:
    assert bar(value, None).end == end


@example(5e-324, None)
@given(st.floats(0, 10**7), st.one_of(st.none(), st.floats(0, 10**7)))
def test_whatever_it_is_the_bar_stays_on_its_scale(value: float, average: float | None) -> None:
    drawn = bar(value, average)
    assert 0 <= float(drawn.width or 0) <= LENGTH
    assert (average is None) == (drawn.mark == "") == (drawn.pointer == "")
    if average is not None:
        at = float(drawn.mark[1:].partition(",")[0])
        assert 0 <= at <= LENGTH
