"""Contrast as WCAG 2.2 reckons it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.typesetting.contrast import RGB, WHITE, contrast, over

BLACK: RGB = (0.0, 0.0, 0.0)
COLOURS = st.tuples(*[st.floats(0, 1)] * 3)


def colour(digits: str) -> RGB:
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("000000", "ffffff", 21.00),
        ("ffffff", "ffffff", 1.00),
        ("777777", "ffffff", 4.48),
        ("767676", "ffffff", 4.54),
        ("ff0000", "ffffff", 4.00),
        ("0000ff", "ffffff", 8.59),
        ("00ff00", "000000", 15.30),
        ("3d2059", "ffffff", 13.55),
    ],
)
def test_the_contrast_of_known_colours(one: str, other: str, told: float) -> None:
    assert contrast(colour(one), colour(other)) == pytest.approx(told, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_lies_between_1_and_21_whichever_is_named_first(one: RGB, other: RGB) -> None:
    assert 1 <= contrast(one, other) <= 21.001
    assert contrast(one, other) == contrast(other, one)
    assert contrast(one, one) == 1


@given(COLOURS, COLOURS, st.floats(0, 1))
def test_a_colour_that_lets_another_through_lies_between_the_two(
    one: RGB, other: RGB, alpha: float
) -> None:
    assert over(one, 1, other) == pytest.approx(one)
    assert over(one, 0, other) == pytest.approx(other)
    for part, top, below in zip(over(one, alpha, other), one, other, strict=True):
        assert min(top, below) - 1e-9 <= part <= max(top, below) + 1e-9


def test_half_of_black_on_white_is_a_middle_grey() -> None:
    assert over(BLACK, 0.5, WHITE) == (0.5, 0.5, 0.5)
