"""The pieces of sentences: what was found, what was probably meant, lists of names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import wording

SLUGS = (
    "bath-and-north-east-somerset-council",
    "city-of-london-corporation",
    "leeds-city-council",
    "wigan-metropolitan-borough-council",
    "wirral-metropolitan-borough-council",
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12", '"12"'),
        ("", '""'),
        ("a\nb\tc", '"a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"'),
        ("Ynys Môn", '"Ynys Môn"'),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 60}…"'),
    ],
)
def test_a_quotation_is_one_line_of_60_characters_at_the_most(text: str, shown: str) -> None:
    assert wording.quoted(text) == shown


@given(st.text())
def test_no_quotation_breaks_a_line_or_hides_a_character(text: str) -> None:
    assert wording.quoted(text).isprintable()
    assert len(wording.quoted(text)) <= 63


@pytest.mark.parametrize(
    ("value", "sort", "shown"),
    [
        (None, "nothing", "nothing"),
        (True, "true or false", "true"),
        (False, "true or false", "false"),
        (12, "a number", "12"),
        (Decimal("1.10"), "a number", "1.10"),
        ("12", "text", '"12"'),
        (date(2020, 7, 22), "a date", "2020-07-22"),
        ({"a": 1}, "`key: value` entries", "`key: value` entries"),
        ({}, "`key: value` entries", "`key: value` entries"),
        ([1], "a list", "a list"),
        ((), "an empty list", "an empty list"),
    ],
)
def test_a_value_is_told_by_its_sort_or_shown(value: Any, sort: str, shown: str) -> None:
    assert wording.kind(value) == sort
    assert wording.found(value) == shown


@pytest.mark.parametrize("value", ["Broom", 1234567, Decimal("9.75"), date(2020, 7, 22)])
def test_the_sort_of_a_value_tells_nothing_of_a_person_s_data(value: Any) -> None:
    assert str(value) not in wording.kind(value)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        ([str(number) for number in range(12)], "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 11"),
        ([str(number) for number in range(13)], "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 1 more"),
    ],
)
def test_a_series_names_a_dozen_and_counts_the_others(names: list[str], text: str) -> None:
    assert wording.series(names) == text


def test_a_series_takes_another_link_and_another_length() -> None:
    assert wording.series(["a", "b", "c"], "or") == "a, b or c"
    assert wording.series(["a", "b", "c", "d"], most=3) == "a, b, c and 1 more"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 letters"), (1, "1 letter"), (2, "2 letters"), (-1, "-1 letters")]
)
def test_one_alone_is_singular(number: int, text: str) -> None:
    assert wording.numbered(number, "letter") == text


def test_a_plural_of_its_own_is_taken() -> None:
    assert wording.numbered(2, "authority", "authorities") == "2 authorities"
    assert wording.numbered(1, "authority", "authorities") == "1 authority"


def test_a_name_becomes_words_or_part_of_a_code() -> None:
    assert wording.spaced("satisfactory_remedy_rate") == "satisfactory remedy rate"
    assert wording.hyphenated("satisfactory_remedy_rate") == "satisfactory-remedy-rate"


def test_the_books_have_universal_time_in_summer_too() -> None:
    summer = timezone(timedelta(hours=1))
    assert wording.universal_time(datetime(2020, 7, 22, 0, 30, 5, tzinfo=summer)) == (
        "2020-07-21 23:30:05"
    )
    assert wording.universal_time(datetime(2020, 1, 2, 3, 4, 5, 678, tzinfo=UTC)) == (
        "2020-01-02 03:04:05"
    )


def test_a_hint_names_what_there_is() -> None:
    assert wording.there_are([]) == ""
    assert wording.there_are(["2020"]) == "there is only 2020"
    assert wording.there_are(["2020", "specimen"]) == "there are 2020 and specimen"


def test_a_hint_asks_for_what_was_probably_meant() -> None:
    assert wording.did_you_mean("uphold_rat", ["uphold_rate", "remedy_rate"]) == (
        'did you mean "uphold_rate"?'
    )
    assert wording.did_you_mean("zebra", ["uphold_rate", "remedy_rate"]) == ""
    assert wording.did_you_mean("uphold_rate", []) == ""


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("uph", "upheld"),
        ("up", ""),  # too short to begin anything
        ("co", ""),
        ("comp", ""),  # begins two
        ("complie", "complied"),
        ("compliance", "compliance_outcomes"),
        ("UPHELD", "upheld"),
        ("uphedl", "upheld"),
        ("investigation", "investigations"),
        ("population", ""),
    ],
)
def test_the_nearest_is_the_only_one_begun_or_one_spelt_much_like_it(
    word: str, choice: str
) -> None:
    names = ("investigations", "upheld", "complied", "compliance_outcomes")
    assert wording.nearest(word, names) == choice


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_the_nearest_is_one_of_the_choices_or_none(word: str, choices: list[str]) -> None:
    assert wording.nearest(word, tuple(choices)) in (*choices, "")


@pytest.mark.parametrize(
    ("slug", "near"),
    [
        ("leeds", "leeds-city-council"),
        ("leeds-metropolitan-borough-council", "leeds-city-council"),
        ("leads-city-council", "leeds-city-council"),
        ("wiral-metropolitan-borough-council", "wirral-metropolitan-borough-council"),
        ("city-of-london", "city-of-london-corporation"),
        ("bath-north-east-somerset", "bath-and-north-east-somerset-council"),
        ("york-city-council", ""),
        ("nowhere-metropolitan-borough-council", ""),
    ],
)
def test_authorities_are_alike_by_their_places_not_by_what_councils_are_called(
    slug: str, near: str
) -> None:
    assert wording.nearest_authority(slug, SLUGS) == near


def test_of_two_authorities_of_one_place_the_one_called_alike_is_meant() -> None:
    slugs = ("derby-city-council", "derby-and-district-council", "derby-borough-council")
    assert wording.nearest_authority("derbi-borough-council", slugs) == "derby-borough-council"


def test_a_moment_is_shown_with_its_zone_and_a_day_without() -> None:
    assert wording.with_zone("2026-11-25 07:36:23") == "2026-11-25 07:36:23 UTC"
    assert wording.with_zone("2026-11-25") == "2026-11-25"
