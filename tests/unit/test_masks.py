"""Text with numbers and names masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.compare.masks import Masks, text_of

HART = Masks(("Hart District Council",), ("Ms Oak",))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("64% of 1,400 cases", "‹number›% of ‹number› cases"),
        ("12.5 for every 100,000", "‹number› for every ‹number›"),
        ("on 31/03/20.", "on ‹number›."),
        ("in 2020-21", "in ‹number›-‹number›"),
        ("Three delegates, no more", "‹number in words› delegates, no more"),
        ("the 1st of A1 and E07000089", "the 1st of A1 and E07000089"),
    ],
)
def test_a_figure_is_one_word_and_is_masked(text: str, masked: str) -> None:
    assert Masks().masked(text) == masked


def test_a_number_in_words_and_one_in_figures_are_not_the_same() -> None:
    assert Masks().masked("three") != Masks().masked("3")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("To Hart District Council, today", "To ‹authority›, today"),
        ("Hart District Council's part", "‹authority›'s part"),
        ("Hart District Councillors", "Hart District Councillors"),
        ("Hartlepool District Council", "Hartlepool District Council"),
        ("New-Hart District Council", "New-Hart District Council"),
        ("Dear Ms Oak", "Dear ‹person›"),
        ("Dear Ms Oakley", "Dear Ms Oakley"),
    ],
)
def test_a_name_is_masked_and_no_part_of_a_longer_one(text: str, masked: str) -> None:
    assert HART.masked(text) == masked


def test_of_two_names_the_longer_one_is_masked() -> None:
    masks = Masks(("Hart Council", "Hart Council and District"))
    assert masks.masked("Hart Council and District") == "‹authority›"


def test_a_name_with_signs_in_it_is_masked() -> None:
    masks = Masks(("King's Lynn & West Norfolk (Borough)",))
    assert masks.masked("of King's Lynn & West Norfolk (Borough).") == "of ‹authority›."


@given(st.text(alphabet="ab 1,.%‹›'’-\nHart", max_size=60))
def test_tokens_are_the_whole_text(text: str) -> None:
    assert text_of(HART.tokens(text)) == text.lstrip(" \t")


@given(st.text(alphabet="ab 12,.%/-'", max_size=60))
def test_what_is_masked_stays_as_it_is_when_it_is_masked_again(text: str) -> None:
    once = HART.masked(f"{text} Hart District Council")
    assert HART.masked(once) == once
