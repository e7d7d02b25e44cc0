"""Finished pages against the HTML they were made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.typesetting.finished import Ink, PageText
from letters.typesetting.page_faults import PageFault
from letters.typesetting.proofread import Added, proofread

NOTHING = Added((), ())


def page(text: str, *inks: Ink) -> PageText:
    return PageText(text, inks, 595, 842)


def told(
    html: str,
    *texts: str,
    margins: Sequence[str] = (),
    marks: Sequence[str] = (),
    drawn: Sequence[str] | None = None,
) -> list[PageFault]:
    added = [Added(margins, marks if index == 0 else ()) for index, _ in enumerate(texts)]
    return list(
        proofread(
            f"<html><head><title>T</title></head><body>{html}</body></html>",
            [page(text) for text in texts],
            added,
            lambda: texts if drawn is None else drawn,
            lambda number, ink: "words",
            lambda number, ink: [ink],
        )
    )


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>one two</p>", ["one two"]),
        ("<p>one two</p>", ["one\r\ntwo"]),
        ("<p>one two</p>", ["one", "two"]),
        ("<p>one</p><p>two</p>", ["one\ntwo"]),
        ("<p>Straße</p>", ["STRASSE"]),
        ("<p>office</p>", ["oﬃce"]),
        ("<p>é</p>", ["e\u0301"]),
        ("<p>well-known</p>", ["well-\r\nknown"]),
        ("<p>extraordinary</p>", ["extra\u2010\r\nordinary"]),
        ("<p>extra&shy;ordinary</p>", ["extra\x02ordinary"]),
        ("<p>a &amp; b &lt;</p>", ["a & b <"]),
        ("<p>a&nbsp;b</p>", ["a b"]),
        ("<svg><title>Ring</title><desc>of it</desc><text>64%</text></svg>", ["64%"]),
        ("<style>p { margin: 0 }</style><p>x</p>", ["x"]),
        ("<!-- not said --><p>x</p>", ["x"]),
        ("", [""]),
    ],
)
def test_the_same_words_in_the_same_order_are_well(html: str, texts: list[str]) -> None:
    assert told(html, *texts) == []


@pytest.mark.parametrize(
    ("html", "text", "missing"),
    [
        ("<p>one</p><p>two</p>", "one", "two"),
        ("<p>one</p><p>two</p>", "two one", "one"),
        ("<p>one</p><p>two</p>", "one and two", "two"),
        ("<p>not one</p>", "one", "not one"),
        ("<p>one <b>two</b> three</p>", "one three", "two"),
        ("<p>64%</p>", "46%", "64%"),
        ("<p>1.5</p>", "15", "1.5"),
    ],
)
def test_the_first_words_that_are_missing_or_elsewhere_are_told(
    html: str, text: str, missing: str
) -> None:
    (fault,) = told(html, text)
    assert fault.code == "words-missing"
    assert fault.sentence.startswith("the pages ")
    assert f'"{missing}"' in fault.sentence
    assert fault.text == missing


def test_words_after_the_last_are_told() -> None:
    assert [fault.code for fault in told("<p>one</p>", "one two")] == ["words-added"]
    assert [fault.code for fault in told("<p>one</p>", "one", "two")] == ["words-added"]


def test_what_stands_in_the_margins_and_the_marks_of_lists_are_set_aside() -> None:
    html = "<p>x</p><ol><li>one</li><li>two</li></ol>"
    texts = ("x 1. one 2. two Foot 1 of 2",)
    assert told(html, *texts, margins=("Foot ", "1 of 2"), marks=("1. ", "2. ")) == []
    assert told(html, *texts, marks=("1. ", "2. "))
    assert told(html, *texts, margins=("Foot ", "1 of 2"))


def test_a_mark_is_taken_once() -> None:
    assert told("<ul><li>a</li></ul>", "• a", marks=("•",)) == []
    assert told("<ul><li>a</li></ul>", "• • a", marks=("•",))


def test_words_that_end_like_the_foot_of_the_page_are_kept() -> None:
    assert told("<p>see page 1 of 2</p>", "see page 1 of 2 1 of 2", margins=("1 of 2",)) == []
    assert told("<p>see page 1 of 2</p>", "see page 1 of 2", margins=("1 of 2",))


def test_how_it_is_drawn_decides_where_the_lines_differ() -> None:
    assert told("<p>one two</p>", "two one", drawn=("one two",)) == []
    assert told("<p>one two</p>", "two one", drawn=("two one",))


def test_a_person_s_name_is_not_repeated() -> None:
    (fault,) = told("<address data-private>Ms Broom<br>Chief <b>Executive</b></address>", "Ms Oak")
    assert fault.sentence == "the pages do not say a name or post where the HTML does"
    (fault,) = told("<p data-private>Ms Broom</p><p>others</p>", "Ms Broom")
    assert fault.sentence == 'the pages do not say "others" where the HTML does'


def inked(*inks: Ink, private: str = "") -> list[tuple[str, str]]:
    html = f"<p>x</p><p data-private>{private}</p>" if private else "<p>x</p>"
    text = f"x {private}"
    faults = proofread(
        html,
        [page(text, *inks)],
        [NOTHING],
        lambda: [text],
        lambda number, ink: "Broom",
        lambda number, ink: [ink],
    )
    return [(fault.code, fault.sentence) for fault in faults]


LINE = Ink(100, 700, 200, 710)


@pytest.mark.parametrize(
    "other",
    [
        Ink(100, 686, 200, 696),
        Ink(100, 690, 200, 700.4),
        Ink(200, 700, 300, 710),
        Ink(198.5, 700, 300, 710),
        Ink(300, 704, 400, 714),
    ],
    ids=["below", "touching", "beside", "an italic f", "elsewhere"],
)
def test_lines_beside_and_below_each_other_are_well(other: Ink) -> None:
    assert inked(LINE, other) == []


@pytest.mark.parametrize(
    "other",
    [
        Ink(100, 700, 200, 710),
        Ink(150, 705, 250, 715),
        Ink(195, 700, 300, 710),
        Ink(100, 692, 200, 702),
        Ink(120, 702, 130, 708),
    ],
    ids=["the same", "half", "into its end", "a little", "within"],
)
def test_lines_on_one_another_are_told_once(other: Ink) -> None:
    assert inked(LINE, other) == [("words-over-words", 'page 1: "Broom" stands on other words')]
    assert inked(other, LINE) == [("words-over-words", 'page 1: "Broom" stands on other words')]


@pytest.mark.parametrize(
    "ink",
    [
        Ink(-5, 700, 90, 710),
        Ink(500, 700, 600, 710),
        Ink(100, -5, 200, 5),
        Ink(100, 835, 200, 845),
        Ink(-99, -99, -90, -90),
    ],
)
def test_ink_outside_of_the_page_is_told(ink: Ink) -> None:
    assert inked(ink) == [("off-the-page", 'page 1: "Broom" is outside of the page')]


def test_a_name_on_other_words_is_not_repeated() -> None:
    told_of = inked(LINE, LINE, private="Ms Broom")
    assert told_of == [("words-over-words", "page 1: a name or post stands on other words")]


def test_of_many_faults_of_a_page_the_first_are_told() -> None:
    assert len(inked(*[LINE] * 9)) == 3


@given(st.lists(st.text("abcdefé0123456789 ", min_size=1), min_size=1, max_size=6), st.data())
def test_a_letter_left_out_of_any_words_is_noticed(words: list[str], data: st.DataObject) -> None:
    text = "".join(words)
    at = data.draw(st.integers(0, len(text) - 1))
    html = "".join(f"<p>{word}</p>" for word in words)
    assert told(html, text) == []
    if not text[at].isspace():
        assert told(html, text[:at] + text[at + 1 :])
        assert told(html, text[:at] + "x" + text[at:])


def test_lines_whose_letters_do_not_touch_are_well() -> None:
    above, below = Ink(100, 698, 200, 710), Ink(100, 690, 200, 700)
    letters = {above: [Ink(100, 698, 105, 710)], below: [Ink(150, 690, 155, 700)]}

    def faults(letters_at: Callable[[int, Ink], Sequence[Ink]]) -> list[PageFault]:
        pages = [page("x", above, below)]
        return list(
            proofread(
                "<p>x</p>", pages, [NOTHING], lambda: ["x"], lambda number, ink: "x", letters_at
            )
        )

    assert faults(lambda number, ink: letters[ink]) == []
    assert faults(lambda number, ink: [ink])


def test_the_longest_of_the_words_in_the_margins_is_set_aside_first() -> None:
    assert told("<p>x</p>", "x 2 of 2 2", margins=("2", "2 of 2")) == []
