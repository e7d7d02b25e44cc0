"""YAML texts with some values changed, and every other character as it was."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from letters.source.edits import with_comments, with_entry, with_values, without
from letters.source.reader import parse

TEXT = """\
# head of 2020
a: 2020  # said in 2020
b: {c: 1, d: [x, y], e: "of # 2020"}

# about f
f:
  - one
  - two

g: |
  many
  lines
h: last
"""


def test_values_are_changed_and_comments_stay() -> None:
    text = with_values(TEXT, {("a",): "5", ("b", "d"): "[]", ("f", 1): "three", ("none",): "x"})

    assert text == TEXT.replace("a: 2020", "a: 5").replace("[x, y]", "[]").replace("two", "three")


def test_a_value_that_is_taken_away_leaves_a_key_that_can_be_read() -> None:
    text = with_values(TEXT, {("a",): "", ("b", "c"): "", ("b", "e"): "", ("f",): "", ("g",): ""})

    assert parse("x", text).value == {
        "a": None, "b": {"c": None, "d": ["x", "y"], "e": None}, "f": None, "g": None, "h": "last"
    }  # fmt: skip
    assert "a:  # said in 2020" in text
    assert "{c: , d: [x, y], e: }" in text


def test_an_empty_value_is_filled() -> None:
    assert (
        with_values("a:\nb: {c: , d: }\n", {("a",): "1", ("b", "d"): "2"})
        == "a: 1\nb: {c: , d: 2}\n"
    )


def test_an_entry_goes_with_the_comment_above_it() -> None:
    assert without(TEXT, ["f", "h"]) == TEXT.replace(
        "# about f\nf:\n  - one\n  - two\n\n", ""
    ).replace("h: last\n", "")


def test_an_entry_comes_above_another_one_and_its_comment() -> None:
    assert with_entry(TEXT, "new: 1\n", "f").index("new: 1") < TEXT.index("# about f") + 1


def test_names_in_comments_change_and_names_in_values_do_not() -> None:
    text = with_comments(TEXT, re.compile("2020"), "2021")

    assert text == TEXT.replace("head of 2020", "head of 2021").replace("in 2020", "in 2021")


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 99) | st.lists(st.integers(0, 9))),
    st.sampled_from("abcdef"),
)
def test_a_change_changes_one_value_alone(values: dict[str, object], key: str) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in values.items()) or "z: 0\n"
    before, after = parse("x", text).value, parse("x", with_values(text, {(key,): "7"})).value

    assert after == {**before, **({key: 7} if key in before else {})}
