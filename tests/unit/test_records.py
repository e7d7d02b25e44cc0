"""Plain values as records, or as faults in the words of the field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.records import CONTACTS, LETTER, REGISTER, STATISTICS, Shape
from letters.campaign.validation import Fault, validate

LETTER_2020: dict[str, Any] = {
    "templates": "2020",
    "letter_date": date(2020, 7, 22),
    "publication_date": date(2020, 7, 29),
    "period": {"start": date(2019, 4, 1), "end": date(2020, 3, 31)},
    "signatory": {"name": "Dana Example", "posts": ["Ombudsman"]},
    "counts": {"upheld": {"singular": "upheld decision", "plural": "upheld decisions"}},
    "measures": {"rate": {"count": "upheld", "of": "upheld"}},
    "peer_averages": "computed",
}

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(-99, 99, places=2)
    | st.dates()
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def fault(shape: Shape[Any], value: Any) -> Fault:
    """The only fault of a value."""
    [only] = validate(shape, value).faults
    return only


def of_count(value: Any) -> Fault:
    return fault(STATISTICS, {"camden": {"upheld": value}})


def of_letter(**changes: Any) -> Fault:
    return fault(LETTER, LETTER_2020 | changes)


def test_a_sound_letter_is_a_record() -> None:
    letter, faults = validate(LETTER, LETTER_2020)

    assert letter is not None
    assert faults == ()
    assert (letter.signatory.posts, letter.pages, letter.specimen) == (("Ombudsman",), None, False)


def test_a_whole_number_is_a_decimal_average() -> None:
    letter, _ = validate(LETTER, LETTER_2020 | {"peer_averages": {"london": {"rate": 45}}})

    assert letter is not None
    assert letter.peer_averages == {"london": {"rate": Decimal(45)}}


@given(st.integers(min_value=0))
def test_whole_numbers_of_any_size_are_counts(number: int) -> None:
    assert validate(STATISTICS, {"camden": {"upheld": number}}).record == {
        "camden": {"upheld": number}
    }


@pytest.mark.parametrize(
    ("value", "sentence", "hint"),
    [
        ("12", 'expected a whole number, found "12"', "write it without quotes"),
        ("0123", 'expected a whole number, found "0123"', "write 123, without leading zeros"),
        ("1,000", 'expected a whole number, found "1,000"', "write 1000, without separators"),
        ("45,5", 'expected a whole number, found "45,5"', ""),
        ("yes", 'expected a whole number, found "yes"', ""),
        ("x\ny", 'expected a whole number, found "x\N{REPLACEMENT CHARACTER}y"', ""),
        ("9" * 5000, f'expected a whole number, found "{"9" * 60}…"', ""),
        (Decimal("12.0"), "expected a whole number, found 12.0", "write 12, without the point"),
        (Decimal("12.5"), "expected a whole number, found 12.5", ""),
        (True, "expected a whole number, found true", ""),
        (
            None,
            "expected a whole number, found nothing",
            "write 0 where there were none; where nothing is known, leave the authority out",
        ),
        ([], "expected a whole number, found an empty list", ""),
        ({}, "expected a whole number, found `key: value` entries", ""),
        (date(2020, 7, 22), "expected a whole number, found 2020-07-22", ""),
        (-3, "expected 0 or more, found -3", ""),
    ],
)
def test_a_count_that_is_no_whole_number_is_told_apart(
    value: Any, sentence: str, hint: str
) -> None:
    code = "too-small" if value == -3 else "not-a-whole-number"
    assert of_count(value) == Fault(("camden", "upheld"), code, sentence, hint)


@pytest.mark.parametrize(
    ("changes", "sentence", "hint"),
    [
        ({"templates": 2020}, "expected text, found 2020", "write it in quotes"),
        ({"templates": ""}, "expected text, found none between the quotes", ""),
        ({"templates": " 2020"}, "a space begins or ends this text", "delete it"),
        (
            {"specimen": "yes"},
            'expected true or false, found "yes"',
            "write true without quotes, in small letters",
        ),
        (
            {"letter_date": "2020-07-22"},
            'expected a date, found "2020-07-22"',
            "write it without quotes",
        ),
        ({"letter_date": "22/07/2020"}, 'expected a date, found "22/07/2020"', "write 2020-07-22"),
        ({"period": []}, "expected `key: value` entries, found an empty list", ""),
        ({"pages": 0}, "expected 1 or more, found 0", ""),
        ({"facts": "none"}, 'expected `key: value` entries, found "none"', ""),
        (
            {"peer_averages": "Computed"},
            'expected computed, found "Computed"',
            'did you mean "computed"?',
        ),
        ({"peer_averages": None}, "expected `key: value` entries, found nothing", ""),
    ],
)
def test_each_field_of_the_letter_says_what_it_wants(
    changes: dict[str, Any], sentence: str, hint: str
) -> None:
    found = of_letter(**changes)
    assert (found.path, found.sentence, found.hint) == (tuple(changes), sentence, hint)


def test_an_average_that_is_text_has_its_own_path() -> None:
    found = of_letter(peer_averages={"london": {"rate": "45"}})

    assert found == Fault(
        ("peer_averages", "london", "rate"),
        "not-a-number",
        'expected a number, found "45"',
        "write it without quotes",
    )


def test_no_posts_are_too_few() -> None:
    found = of_letter(signatory={"name": "Dana Example", "posts": []})

    assert found == Fault(
        ("signatory", "posts"), "empty-list", "expected at least one entry, found an empty list"
    )


def test_a_missing_key_is_named_by_its_path() -> None:
    assert fault(REGISTER, {"camden": {}}) == Fault(
        ("camden", "name"), "missing-key", "this key is missing", at="key"
    )


def test_an_unknown_key_asks_for_the_one_that_was_meant() -> None:
    found = fault(REGISTER, {"camden": {"name": "Camden", "pear_group": "london"}})

    assert (found.path, found.sentence, found.at) == (
        ("camden", "pear_group"),
        "there is no such key",
        "key",
    )
    assert found.hint == 'did you mean "peer_group"?'


def test_an_unknown_key_like_no_other_lists_those_there_are() -> None:
    found = fault(CONTACTS, {"camden": {"phone": "none"}})

    assert found.hint == "there are chief_executive and copies"


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    assert fault(REGISTER, {"camden": {"nam": "Camden"}}).hint == 'did you mean "name"?'


def test_a_key_that_is_no_slug_is_a_fault_of_the_key() -> None:
    sentence = (
        "expected a slug (small letters a to z and digits, joined by hyphens; 100 at most), "
        'found "Camden Council"'
    )

    assert fault(REGISTER, {"Camden Council": {"name": "Camden"}}) == Fault(
        ("Camden Council",), "not-a-slug", sentence, 'did you mean "camden-council"?', at="key"
    )


@pytest.mark.parametrize(
    ("slug", "hint"),
    [
        ("King's Lynn & West Norfolk", 'did you mean "kings-lynn-and-west-norfolk"?'),
        ("camden_council", 'did you mean "camden-council"?'),
        ("ĉ", 'did you mean "c"?'),
        ("--", ""),
    ],
)
def test_a_name_in_place_of_a_slug_asks_for_the_slug(slug: str, hint: str) -> None:
    assert fault(STATISTICS, {slug: {"upheld": 7}}).hint == hint


def test_a_count_with_a_capital_asks_for_the_one_without() -> None:
    assert fault(STATISTICS, {"camden": {"Upheld Cases": 7}}).hint == 'did you mean "upheld_cases"?'


@pytest.mark.parametrize(
    ("average", "hint"),
    [
        ("45,5", "write 45.5"),
        ("0,5", "write 0.5"),
        ("1,234", "write 1234, without separators"),
        ("1,234,567", "write 1234567, without separators"),
        ("45.5", "write it without quotes"),
        ("1,23,4", ""),
        ("4,", ""),
    ],
)
def test_an_average_with_a_comma_is_told_how_to_write_it(average: str, hint: str) -> None:
    assert of_letter(peer_averages={"london": {"rate": average}}).hint == hint


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("complaints.camden.example", "expected one e-mail address, found no @ in it"),
        ("a@camden.example; b@camden.example", "expected one e-mail address, found several"),
        ("müller@camden.example", "an e-mail address holds no letters with accents"),
        ("complaints @camden.example", "this is no valid e-mail address"),
        ("complaints@camden..example", "this is no valid e-mail address"),
        ("complaints@camden", "this is no valid e-mail address"),
        ("complaints@[127.0.0.1]", "this is no valid e-mail address"),
        (
            "Camden <complaints@camden.example>",
            "expected an address alone, found one with more around it",
        ),
        ("complaints@camden.example\n", "this is no valid e-mail address"),
    ],
)
def test_a_bad_address_is_explained_and_not_shown(email: str, sentence: str) -> None:
    found = fault(CONTACTS, {"camden": {"copies": [{"role": "Link Officer", "email": email}]}})

    assert (found.path, found.sentence) == (("camden", "copies", 0, "email"), sentence)


@given(PLAIN)
def test_contacts_never_show_what_was_found(value: Any) -> None:
    secret = {
        "chief_executive": {"surname": ["Broom"], "title": 7134, "email": "Broom"},
        "copies": "Broom",
        "x": value,
    }

    told = " ".join(
        f"{each.sentence} {each.hint}" for each in validate(CONTACTS, {"camden": secret}).faults
    )

    assert "Broom" not in told
    assert "7134" not in told


@pytest.mark.parametrize("shape", [REGISTER, LETTER, STATISTICS, CONTACTS])
@given(value=PLAIN)
def test_any_value_is_a_record_or_faults_in_our_own_words(shape: Shape[Any], value: Any) -> None:
    for wrapped in (
        value,
        {"camden": value},
        LETTER_2020 | {"signatory": value},
        LETTER_2020 | {"counts": value},
    ):
        record, faults = validate(shape, wrapped)

        assert (record is None) == bool(faults)
        assert all(re.match(r"expected|there is|this|an? ", each.sentence) for each in faults)
        assert all("something else" not in each.sentence for each in faults)
