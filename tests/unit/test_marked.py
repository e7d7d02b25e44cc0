"""A line of a file on a terminal, and the marks below the word that is meant."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from letters.cli.marked import marked
from letters.errors import Place
from letters.source.excerpts import Excerpt, excerpt

#: what lines of ours have, and what is hard to count: tabs, wide letters, accents of their own
characters = st.sampled_from("ab: {}\t漢é\u0301\u200b\u202e\U0001f600")
lines = st.text(characters, max_size=200)


def at(text: str, column: int, value: str = "") -> Excerpt:
    found = excerpt(text, Place("x", line=1, column=column), value)
    assert found
    return found


def cells(text: str) -> list[str]:
    """What stands in each cell of a terminal."""
    shown: list[str] = []
    for one in text:
        size = get_character_cell_size(one)
        if size:
            shown += [one] * size
        elif shown:
            shown[-1] += one
    return shown


@pytest.mark.parametrize(
    ("line", "column", "value", "word"),
    [
        ("camden: {upheld: 64%}", 18, "64%", "64%"),
        ("camden: {upheld: 64%}", 18, "", "64%"),
        ("camden: {uphelt: 64}", 10, "", "uphelt"),
        ('name: "Ada Lovelace", x', 7, "Ada Lovelace", '"Ada Lovelace"'),
        ("name: Ada Lovelace", 7, "Ada Lovelace", "Ada Lovelace"),
        ("<p>{{ letter.name }}", 7, "", "letter.name"),
        ("<p>{{ letter.name }}", 13, "", "name"),
        ("<p>{{ letter.name }}", 4, "", "{{"),
        ("a: b", 3, "", " "),
    ],
)
def test_the_word_at_the_place_is_meant_or_the_value_that_stands_there(
    line: str, column: int, value: str, word: str
) -> None:
    found = at(line, column, value)
    assert line[found.start : found.end] == word


def test_there_is_no_excerpt_of_a_line_that_is_not_there() -> None:
    assert excerpt("a\r\nb\rc", Place("x", line=3)) == Excerpt("c", 0, 1)
    assert excerpt("a\nb", Place("x", line=3)) is None


def test_behind_the_end_of_a_line_one_mark_stands() -> None:
    assert marked(at("ab", 9), 40) == ("ab", "  ^")
    assert marked(at("", 1), 40) == ("", "^")


def test_marks_stand_below_a_word_behind_tabs_and_wide_letters() -> None:
    assert marked(at("\tx: bad", 5), 40) == ("    x: bad", "       ^^^")
    assert marked(at("漢字: bad", 5), 40) == ("漢字: bad", "      ^^^")
    assert marked(at("e\u0301: bad", 5), 40) == ("e\u0301: bad", "   ^^^")


def test_of_a_long_line_what_is_around_the_word_is_shown() -> None:
    line, marks = marked(at(f"{'a ' * 100}bad {'b ' * 100}", 201), 40)
    assert line.startswith("…a a") and line.endswith("b …")
    assert line[marks.index("^") : len(marks)] == "bad"


def test_what_a_terminal_would_obey_or_hide_is_shown_as_a_sign() -> None:
    assert marked(at("a\x1b[31m\u202eb", 1), 40)[0] == "a\ufffd[31m\ufffdb"


@given(lines, st.integers(1, 220), st.integers(8, 100))
def test_the_first_mark_is_below_what_is_meant_and_all_fits(
    text: str, column: int, width: int
) -> None:
    found = at(text, column)
    line, marks = marked(found, width)
    assert len(cells(line)) <= width
    assert len(marks) <= width
    first = marks.index("^")
    assert set(marks[first:]) == {"^"}
    assume(found.start < len(found.line))
    meant = found.line[found.start]
    if meant.isprintable() and not unicodedata.combining(meant) and meant != " ":
        assert cells(line)[first].startswith(meant)


@given(lines, st.integers(1, 220))
def test_a_line_that_fits_is_whole(text: str, column: int) -> None:
    printable = "".join(one for one in text if one.isprintable())
    assert marked(at(printable, column), 1000)[0] == printable.rstrip()
