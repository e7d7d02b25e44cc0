"""The geometry of the ring."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.typesetting.charts import ring

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
