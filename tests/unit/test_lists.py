"""Numbered lists: on paper the numbers that browsers show, those that were typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pytest

from letters.campaign.load import Campaign
from letters.campaign.markdown import markdown
from letters.typesetting.finished import read_back
from letters.typesetting.lists import number_lists
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_dress
from tests.conftest import PROJECT

HTML = '<html lang="en-GB"><head><title>x</title></head><body><div class="letter">{}</div></body></html>'

Printed = Callable[[str], str]


@pytest.fixture(scope="module")
def printed(campaign_2020: Campaign) -> Printed:
    """The words of a piece of HTML on paper, with the marks of its lists."""
    dress = read_dress(PROJECT / "templates", campaign_2020.letter.templates)
    typesetter = Typesetter(dress.stationery)

    def printed(body: str) -> str:
        manuscript = Manuscript("camden", HTML.format(body), {}, date(2020, 7, 22), None)
        words = read_back(typesetter.pdf(manuscript).content).text
        return " ".join(words.split()).removesuffix(" 1 of 1").replace("◦", "•").replace("▪", "•")

    return printed


def items(attributes: str, *values: str) -> str:
    parts = (f"<li{f' value={value!r}' if value else ''}>x</li>" for value in values)
    return f"<ol {attributes}>{''.join(parts)}</ol>"


@pytest.mark.parametrize(
    ("attributes", "values", "numbers"),
    [
        ("", ("", "", ""), "1. x 2. x 3. x"),
        ('start="5"', ("", ""), "5. x 6. x"),
        ('start="0"', ("", ""), "0. x 1. x"),
        ('start="-1"', ("", "", ""), "-1. x 0. x 1. x"),
        ('start="+3"', ("",), "3. x"),
        ('start=" 7 "', ("",), "7. x"),
        ('start="7.9"', ("",), "7. x"),
        ('start="seven"', ("", ""), "1. x 2. x"),
        ('start=""', ("",), "1. x"),
        ("", ("", "7", ""), "1. x 7. x 8. x"),
        ("", ("3", "", "2", ""), "3. x 4. x 2. x 3. x"),
        ("", ("1", "1", "1"), "1. x 1. x 1. x"),
        ('start="5"', ("", "9", "", "1"), "5. x 9. x 10. x 1. x"),
        ("reversed", ("", "", ""), "3. x 2. x 1. x"),
        ('reversed start="10"', ("", ""), "10. x 9. x"),
        ("reversed", ("", "7", ""), "3. x 7. x 6. x"),
        ('type="a"', ("", "", ""), "a. x b. x c. x"),
        ('type="A" start="26"', ("", ""), "Z. x AA. x"),
        ('type="i" start="3"', ("", ""), "iii. x iv. x"),
        ('type="I"', ("", "9"), "I. x IX. x"),
        ('type="1"', ("", ""), "1. x 2. x"),
        ('type="z"', ("", ""), "1. x 2. x"),
        ('style="list-style-type: upper-roman" type="a"', ("",), "I. x"),
    ],
)
def test_an_item_has_the_number_that_a_browser_gives_it(
    printed: Printed, attributes: str, values: tuple[str, ...], numbers: str
) -> None:
    assert printed(items(attributes, *values)).replace("−", "-") == numbers


def test_lists_in_lists_count_by_themselves(printed: Printed) -> None:
    inner = '<ol start="4" type="a"><li>x</li><li value="8">y</li></ol>'
    outer = f'<ol start="2"><li>one{inner}</li><li>two<ol><li>z</li></ol></li><li value="9">three</li></ol>'
    assert printed(outer) == "2. one d. x h. y 3. two 1. z 9. three"


def test_numbers_go_on_around_a_list_of_points(printed: Printed) -> None:
    outer = (
        '<ol start="3"><li>one<ul><li>point</li></ul></li><li>two</li></ol><ol><li>three</li></ol>'
    )
    assert printed(outer) == "3. one • point 4. two 1. three"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1. a\n2. b", "1. a 2. b"),
        ("3. a\n4. b", "3. a 4. b"),
        ("1. a\n3. b\n7. c", "1. a 3. b 7. c"),
        ("1. a\n1. b\n1. c", "1. a 1. b 1. c"),
        ("5. a\n2. b", "5. a 2. b"),
        ("0. a\n1. b", "0. a 1. b"),
        ("9. a\n8. b\n7. c", "9. a 8. b 7. c"),
        ("2. a\n   - b\n   - c\n4. d", "2. a • b • c 4. d"),
        ("1. a\n   1. b\n   5. c\n2. d", "1. a 1. b 5. c 2. d"),
        ("- a\n\n  4. b\n- c", "• a 4. b • c"),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_it_was_typed_in_a_paragraph(
    printed: Printed, text: str, numbers: str
) -> None:
    assert printed(str(markdown(text))) == numbers


def test_two_lists_in_one_paragraph_begin_anew(printed: Printed) -> None:
    assert printed(str(markdown("4. a\n5. b\n\nwords\n\n2. c\n9. d"))) == (
        "4. a 5. b words 2. c 9. d"
    )


def test_a_list_of_points_is_left_as_it_is() -> None:
    tree = ElementTree.fromstring("<body><ul><li>c</li></ul><p>x</p></body>")
    before = ElementTree.tostring(tree)
    number_lists(tree)
    assert ElementTree.tostring(tree) == before


def test_a_list_s_own_style_counts_more_than_its_numbers() -> None:
    tree = ElementTree.fromstring(
        '<ol start="2" type="a" style="color: red"><li style="margin: 0">a</li></ol>'
    )
    body = ElementTree.Element("body")
    body.append(tree)
    number_lists(body)
    assert tree.get("style") == "list-style-type: lower-alpha; color: red"
    assert str(tree[0].get("style")).endswith("; margin: 0")
