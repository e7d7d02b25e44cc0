"""Texts of a drawing: what is said of those that nobody can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from letters.campaign.load import Campaign
from letters.errors import RenderingError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_dress
from tests.conftest import PROJECT

HTML = (
    '<html lang="en-GB"><head><title>x</title></head><body><div style="padding: 20mm 0">'
    '<div data-whole="panel Upheld"><svg viewBox="0 0 100 20" width="{}" height="{}"'
    ' xmlns="http://www.w3.org/2000/svg"><title>Ring</title>{}</svg></div></div></body></html>'
)
TOO_LONG = "is too long for its picture, or outside of it"
TRANSPARENT = "is transparent"

Told = Callable[..., list[str]]


@pytest.fixture(scope="module")
def typesetter(campaign_2020: Campaign) -> Typesetter:
    return Typesetter(read_dress(PROJECT / "templates", campaign_2020.letter.templates).stationery)


@pytest.fixture
def told(typesetter: Typesetter) -> Told:
    """What is said of a drawing of 100 by 20 units, twice as large in pixels."""

    def told(inner: str, width: int = 200, height: int = 40) -> list[str]:
        html = HTML.format(width, height, inner)
        try:
            typesetter.pdf(Manuscript("camden", html, {}, date(2020, 7, 22), None))
        except RenderingError as error:
            return [problem.sentence for problem in error.problems if problem.code == "drawing"]
        return []

    return told


def words(attributes: str = "", said: str = "word", x: int = 5, y: int = 14) -> str:
    return f'<text x="{x}" y="{y}" font-size="10" {attributes}>{said}</text>'


@pytest.mark.parametrize(
    ("inner", "wrong"),
    [
        (words(x=90), TOO_LONG),
        (words(x=-9), TOO_LONG),
        (words(y=24), TOO_LONG),
        (words(y=4), TOO_LONG),
        (words('text-anchor="middle"'), TOO_LONG),
        (words('text-anchor="end"'), TOO_LONG),
        (words('transform="translate(90)"'), TOO_LONG),
        (words('transform="translate(0, 12)"'), TOO_LONG),
        (words('transform="rotate(90)"'), TOO_LONG),
        (words('transform="matrix(1 0 0 1 90 0)"'), TOO_LONG),
        (words('transform="scale(1 2)"'), TOO_LONG),
        (f'<g transform="translate(50 0)"><g transform="translate(40 0)">{words()}</g></g>', TOO_LONG),
        (words('opacity="0"'), TRANSPARENT),
        (words('opacity="10%"'), TRANSPARENT),
        (words('opacity=".5" fill-opacity=".5"'), TRANSPARENT),
        (words('fill="none"'), TRANSPARENT),
        (f'<g opacity=".5"><g opacity=".5">{words()}</g></g>', TRANSPARENT),
        (words('transform="scale(.4)"'), "is printed at 5.83 pt; 6 pt is the smallest"),
    ],
)  # fmt: skip
def test_a_text_that_nobody_can_read_is_told_by_its_words(
    told: Told, inner: str, wrong: str
) -> None:
    assert told(inner) == [f'the panel Upheld overflows: "word" {wrong}']


@pytest.mark.parametrize(
    "inner",
    [
        words(),
        words(x=76),
        words('text-anchor="middle"', x=50),
        words('text-anchor="end"', x=99),
        words('transform="translate(60 0) translate(-60 0)"'),
        words('transform="rotate(180 17 11)"'),
        words('transform="rotate(-8 5 14)"'),
        words('opacity=".8" fill-opacity=".8"'),
        words(said="&#8211;"),
        words(said="64%"),
        '<g transform="translate(90 0)">' + words('transform="translate(-90 0)"') + "</g>",
        '<defs><linearGradient id="a"><stop offset="1"/></linearGradient></defs>' + words(),
    ],
)
def test_a_text_within_its_picture_is_well(told: Told, inner: str) -> None:
    assert told(inner) == []


@pytest.mark.parametrize(("width", "height"), [(50, 10), (200, 10), (50, 40)])
def test_a_drawing_made_smaller_makes_its_texts_smaller(
    told: Told, width: int, height: int
) -> None:
    (sentence,) = told(words(), width, height)
    assert (
        sentence == 'the panel Upheld overflows: "word" is printed at 3.64 pt; 6 pt is the smallest'
    )


def test_each_text_of_a_drawing_is_told(told: Told) -> None:
    wrong = told(words(x=500, said="one") + words(said="two") + words('opacity="0"', "three", x=50))
    assert [sentence.split('"')[1] for sentence in wrong] == ["one", "three"]
