"""What changed since an approval, as a terminal shows it."""

from __future__ import annotations

import click
from hypothesis import given
from hypothesis import strategies as some

from letters.cli.gone_and_new import gone_and_new


def looks(lines: list[str]) -> list[str]:
    """The lines, with [ ] around what is underlined."""
    shown = [line.replace("\x1b[4m", "[") for line in gone_and_new(lines)]
    return [
        "".join(f"{part}]" if "[" in part else part for part in line.split("\x1b[0m"))
        for line in map(_without_colours, shown)
    ]


def _without_colours(line: str) -> str:
    return line.replace("\x1b[31m", "").replace("\x1b[32m", "")


def test_the_words_that_differ_are_marked_in_both_lines() -> None:
    lines = ["- We looked into 7 complaints.", "+ We looked into 8 more complaints."]
    assert looks(lines) == [
        "- We looked into [7] complaints.",
        "+ We looked into [8 more] complaints.",
    ]


def test_words_that_only_others_follow_are_not_marked() -> None:
    lines = ["-   We upheld one complaint", "+   We upheld one complaint and two more."]
    assert looks(lines) == [
        "-   We upheld one complaint",
        "+   We upheld one complaint [and two more.]",
    ]


def test_a_number_that_stays_is_not_marked() -> None:
    lines = ["- In 2018, 2019, 2020", "+ In 2017, 2018, 2019, 2020"]
    assert looks(lines) == ["- In 2018, 2019, 2020", "+ In [2017,] 2018, 2019, 2020"]


def test_gone_is_red_and_new_is_green_and_what_else_is_told_has_no_colour() -> None:
    told = list(gone_and_new(["subject: a -> b", "e-mail: - Dear", "e-mail: + Madam"]))
    assert told == [
        "subject: a -> b",
        "e-mail: \x1b[31m-\x1b[0m \x1b[31mDear\x1b[0m",
        "e-mail: \x1b[32m+\x1b[0m \x1b[32mMadam\x1b[0m",
    ]


def test_lines_that_have_little_in_common_are_no_pair() -> None:
    lines = ["- The weather was fine.", "+ Complaints were upheld.", "- One.", "e-mail: + One two."]
    assert looks(lines) == lines


@given(
    some.lists(
        some.builds(
            str.__add__,
            some.sampled_from(["- ", "+ ", "e-mail: + ", ""]),
            some.text("ab 7%", max_size=12),
        )
    )
)
def test_the_text_itself_stays_as_it_is(lines: list[str]) -> None:
    assert [click.unstyle(line) for line in gone_and_new(lines)] == lines
