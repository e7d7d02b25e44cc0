"""A sheet that says who receives letters; problems name cells and never what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from letters.intake.authorities import Names
from letters.intake.people import PeopleSheet, read_people
from tests.books import NAMES, REGISTERED, mapping, sheet, told

HEAD = ["Authority", "Title", "Surname", "Post", "Email", "Link", "Monitoring"]
KENT = ["Kent CC", "Ms", "Ashby", "Chief Executive", "ce@kent.example", "link@kent.example"]
LEEDS = ["Leeds City Council", None, None, "Managing Director", "md@leeds.example"]


def read(*rows: Sequence[Any], names: Names = NAMES) -> PeopleSheet:
    given = {
        "authority": {"name": "Authority"},
        "chief_executive": {
            "title": "Title",
            "surname": "Surname",
            "post": "Post",
            "email": "Email",
        },
        "copies": {"Link Officer": "Link", "Monitoring Officer": "Monitoring"},
    }
    (source,) = mapping(contacts=[given]).contacts
    found = read_people([sheet(HEAD, *rows)], source, names)
    for one in found.problems:
        assert ".example" not in str(one) and "Ashby" not in str(one)
    return found


def test_each_row_gives_an_authority_s_contacts() -> None:
    found = read(KENT, LEEDS)

    assert found.entries == {
        "kent-county-council": {
            "chief_executive": dict(zip(("title", "surname", "post", "email"), KENT[1:5], strict=True)),
            "copies": [{"role": "Link Officer", "email": "link@kent.example"}],
        },
        "leeds-city-council": {
            "chief_executive": {"post": "Managing Director", "email": "md@leeds.example"}
        },
    }  # fmt: skip
    assert not found.problems


def test_several_addresses_in_one_cell_are_several_copies() -> None:
    found = read([*KENT[:5], "a@kent.example; b@kent.example", "c@kent.example\nd@kent.example"])

    assert found.entries["kent-county-council"]["copies"] == [
        {"role": "Link Officer", "email": "a@kent.example"},
        {"role": "Link Officer", "email": "b@kent.example"},
        {"role": "Monitoring Officer", "email": "c@kent.example"},
        {"role": "Monitoring Officer", "email": "d@kent.example"},
    ]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (["Kent CC", "Ms", None, "CE", "ce@kent.example"], "B2 error half-a-name"),
        (["Kent CC", None, "Ashby", "CE", "ce@kent.example"], "C2 error half-a-name"),
        (["Kent CC", "Ms", "Ashby", "CE", "ce at kent.example"], "E2 error not-an-address"),
        (["Kent CC", "Ms", "Ashby", "CE", "a@kent.example; b@kent.example"], "E2 error not-an-address"),
        (["Kent CC", "Ms", "Ashby", "CE", "ce@kent.example", "link@"], "F2 error not-an-address"),
        (["Kent CC", "Ms", "-", "CE", "ce@kent.example"], "C2 error dash-as-text"),
        (["Kent CC", "Ms", 7, "CE", "ce@kent.example"], "C2 error not-text"),
        (["Kentt", "Ms", "Ashby", "CE", "ce@kent.example"], "A2 error authority-unknown"),
        (["Kent CC", "Ms", "Ash\u200bby", "CE", "ce@kent.example"], "C2 error unprintable-text"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_contact_names_its_cell(row: list[Any], wanted: str) -> None:
    assert told(read(row).problems) == [wanted]


def test_one_person_may_serve_two_authorities_and_it_is_asked() -> None:
    shared = ["Leeds City Council", *KENT[1:5]]
    found = read(KENT, shared)

    assert told(found.problems) == ["E3 notice chief-executive-of-two"]
    assert len(found.entries) == 2


def test_one_address_for_copies_of_two_is_asked_about_and_so_is_one_twice_in_a_row() -> None:
    shared = ["Leeds City Council", None, None, None, "md@leeds.example", "link@kent.example"]
    assert told(read(KENT, shared).problems) == ["A3 notice copy-of-two"]

    twice = ["Leeds City Council", None, None, None, "md@leeds.example", "md@leeds.example"]
    assert told(read(twice).problems) == ["A2 notice address-twice"]


def test_a_column_of_people_in_place_of_authorities_is_told_without_them() -> None:
    found = read(["Ashby", *KENT[1:]], ["Birch", *KENT[1:]])

    assert told(found.problems) == ["A1 error no-authorities"]
    assert "Birch" not in str(found.problems[0])


def test_what_is_taken_for_headings_of_people_is_not_shown() -> None:
    given = {"authority": {"name": "Authority"}, "header": 2, "chief_executive": {"email": "Email"}}
    (source,) = mapping(contacts=[given]).contacts
    found = read_people([sheet(HEAD, KENT, LEEDS)], source, NAMES)

    assert {one.code for one in found.problems} == {"no-such-column"}
    assert "kent" not in str(found.problems).lower()


def test_one_address_for_two_people_is_a_doubt() -> None:
    found = read(KENT, ["Leeds City Council", "Mr", "Birch", "CE", "CE@kent.example"])

    assert told(found.problems) == ["E3 warning same-address"]


def test_a_copy_to_another_authority_s_chief_executive_is_a_doubt() -> None:
    found = read(KENT, [*LEEDS, "ce@kent.example"])

    assert told(found.problems) == ["A3 warning copy-to-another"]


def test_an_authority_stands_there_once_and_one_that_ended_is_left_out() -> None:
    names = Names(REGISTERED, date(2021, 7, 21))
    found = read(
        KENT,
        ["Kent County Council", *KENT[1:4], "x@kent.example"],
        ["Corby Borough Council", *LEEDS[1:]],
        names=names,
    )

    assert told(found.problems) == ["A3 error authority-twice", "A4 warning authority-left-out"]
    assert list(found.entries) == ["kent-county-council"]
