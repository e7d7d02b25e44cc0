"""Sentences of templates, and which of them may be true of one year alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.sentences import is_of_a_year, sentences


def said(template: str) -> list[str]:
    return [one.text for one in sentences(template)]


def test_a_sentence_ends_with_its_mark_its_element_or_a_statement() -> None:
    template = """<p>One of <strong>these</strong>. Then
    another.</p><p>{% if letter.paragraph %}Third{% else %}Fourth{% endif %}</p><h2>Head</h2>"""

    assert said(template) == ["One of these.", "Then another.", "Third", "Fourth", "Head"]


def test_a_value_stands_in_a_sentence_as_it_is_written() -> None:
    [only] = said("<p>In {{  letter.year\n| day }} we saw &pound;5 &amp; more.</p>")

    assert only == "In {{ letter.year | day }} we saw £5 & more."


def test_texts_in_quotes_and_in_attributes_are_sentences_too() -> None:
    template = """{% set more = "as we did last year" %}{{ ring(figure, 'of two cases') }}
    <img src="a.png" alt="The map of 2020"><p style="width: 20mm" class="a b">x</p>{# of 2020 #}"""

    assert [one for one in said(template) if is_of_a_year(one)] == [
        "as we did last year",
        "of two cases",
        "The map of 2020",
    ]


def test_a_year_alone_in_quotes_and_a_number_that_is_set_are_found() -> None:
    template = (
        "{% set label = '2019-20' %}{% set n = 178 %}{% from \"2021/x.html.jinja\" import a %}"
    )

    assert [one for one in said(template) if is_of_a_year(one)] == ["2019-20", "n = 178"]


def test_a_sentence_knows_where_it_begins() -> None:
    template = "<p>One. Two {{ x }}.</p>\n<p>\n  Three.</p>"

    assert [template[one.offset :][:3] for one in sentences(template)] == ["One", "Two", "Thr"]


@pytest.mark.parametrize(
    "text",
    [
        "In 2020 we moved.", "On 22 July we met.", "We met in March.", "It opens in May.", "It is 64%.",
        "launched last year", "Earlier this year, we met.", "over recent months", "the coming year",
        "in the past twelve months", "these three areas", "some two hundred people", "for the first time",
        "our fourth letter", "two years ago", "the eleventh round", "the past decade", "year on year", "In Spring",
        "the year under review", "our last annual letter", "the current situation",
        "the last financial year", "next spring", "1,400 people",
    ],
)  # fmt: skip
def test_years_dates_numbers_and_times_may_be_of_one_year(text: str) -> None:
    assert is_of_a_year(text)


@pytest.mark.parametrize(
    "text",
    [
        "We uphold complaints.", "You may write to us.", "In one place.", "We march on.", "every year",
        "the annual letter", "At first we wait.", "a copy of this letter", "previous annual review letters",
        "{{ letter.counts.upheld.value > 2020 }} of all",
        "a year of change", "He often came.", "Anyone can.",
    ],
)  # fmt: skip
def test_other_sentences_are_not(text: str) -> None:
    assert not is_of_a_year(text)


@given(st.text(alphabet='ab .{}%<>p/"#&;\n12', max_size=60))
def test_whatever_a_template_holds_its_sentences_lie_in_it(template: str) -> None:
    for one in sentences(template):
        assert 0 <= one.offset < len(template)
        assert one.text == " ".join(one.text.split()) != ""
