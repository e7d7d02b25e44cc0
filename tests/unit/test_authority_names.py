"""Whose a row is: by code, official name, another spelling, words; and never by likeness."""

from __future__ import annotations

from datetime import date

import pytest

from letters.campaign.records import Authority
from letters.intake.authorities import Names, NotKnown, is_total
from tests.books import NAMES, REGISTERED


def unknown(name: str, code: str = "", names: Names = NAMES) -> tuple[str, str]:
    with pytest.raises(NotKnown) as caught:
        names.of(name, code)
    return caught.value.code, caught.value.hint


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Maidstone Borough Council", "maidstone-borough-council"),
        (" maidstone  borough\ncouncil", "maidstone-borough-council"),
        ("Kent [note 1]", "kent-county-council"),
        ("Essex¹", "essex-county-council"),
        ("Barnsley M.B.C.", "barnsley-metropolitan-borough-council"),
        ("Bury MBC", "bury-metropolitan-borough-council"),
        ("County Durham", "durham-county-council"),
        ("Kent CC", "kent-county-council"),
        ("Camden London Borough Council", "london-borough-of-camden"),
        ("LB Brent", "london-borough-of-brent"),
        ("Medway UA", "medway-council"),
        ("Wirral Metropolitan Borough Council", "wirral-borough-council"),
        ("Hertfordshire", "hertfordshire-county-council"),
        ("Telford & Wrekin", "telford-and-wrekin-council"),
        ("King’s Lynn and West Norfolk", "borough-council-of-kings-lynn-and-west-norfolk"),
        ("City of London", "city-of-london-corporation"),
        ("Buckinghamshire", "buckinghamshire-council"),
        ("Durham ", "durham-county-council"),
    ],
)
def test_a_name_tells_whose_it_is(name: str, slug: str) -> None:
    assert NAMES.of(name) == (slug, True)


@pytest.mark.parametrize(
    "name",
    [
        "BCP Council",
        "Kingston upon Hull City Council",
        "Wirrel",
        "Durham City Council",
        "Derby County",
    ],
)
def test_likeness_only_words_the_hint(name: str) -> None:
    code, hint = unknown(name, names=Names(REGISTERED, date(2020, 7, 22)))

    assert code == "authority-unknown"
    assert f'--accept "{name}=SLUG"' in hint


def test_every_authority_is_known_by_its_name_and_by_its_code() -> None:
    existing = Names(REGISTERED, None)
    for slug, body in REGISTERED.items():
        assert existing.of(body.name, body.gss_code or "") == (slug, True)


def test_no_words_of_one_authority_lead_to_another() -> None:
    for day in (date(2020, 7, 22), date(2021, 7, 21), date(2024, 5, 1)):
        names = Names(REGISTERED, day)
        for slug, body in REGISTERED.items():
            if body.began and body.began > day:
                continue  # so far its words are those of who came before
            short = body.name.removesuffix(" Council").removesuffix(" Borough")
            try:
                assert names.of(short)[0] == slug
            except NotKnown:
                continue


def test_a_name_that_two_authorities_had_is_told_apart_by_the_date() -> None:
    assert unknown("Somerset", names=Names(REGISTERED, None))[0] == "authority-unclear"
    assert Names(REGISTERED, date(2021, 1, 1)).of("Somerset")[0] == "somerset-county-council"
    assert Names(REGISTERED, date(2024, 1, 1)).of("Somerset")[0] == "somerset-council"


def test_what_an_authority_was_that_has_gone_is_not_taken_for_what_came_after() -> None:
    assert unknown("Buckinghamshire County")[0] == "authority-unknown"
    assert unknown("Buckinghamshire CC")[0] == "authority-unknown"
    assert NAMES.of("Buckinghamshire County Council")[0] == "buckinghamshire-county-council"


def test_code_and_name_must_agree() -> None:
    assert NAMES.of("Maidstone", "E07000110") == ("maidstone-borough-council", True)
    assert unknown("Maidstone", "E08000033")[0] == "code-of-another"
    assert unknown("Maidstone", "E07999999")[0] == "no-such-code"
    assert unknown("Maidstone", "MAIDSTONE")[0] == "not-a-gss-code"


def test_a_code_alone_tells_and_what_stands_beside_it_helps_elsewhere() -> None:
    names = Names(REGISTERED, date(2020, 7, 22))

    assert names.of("BCP Council", "E06000058") == (
        "bournemouth-christchurch-and-poole-council",
        False,
    )
    _, hint = unknown("BCP Council", names=names)
    assert '--accept "BCP Council=bournemouth-christchurch-and-poole-council"' in hint
    assert "the code of Bournemouth, Christchurch and Poole Council" in hint


def test_other_spellings_and_former_codes_are_known() -> None:
    body = REGISTERED["gateshead-metropolitan-borough-council"]
    register = {
        **REGISTERED,
        "gateshead-metropolitan-borough-council": body.model_copy(
            update={"also_called": ("The Tyne's south",), "former_codes": ("E08000020",)}
        ),
    }
    names = Names(register, date(2020, 7, 22))

    assert names.of("the Tyne's  south")[0] == "gateshead-metropolitan-borough-council"
    assert names.of("", "E08000020")[0] == "gateshead-metropolitan-borough-council"


def test_hints_are_looked_for_a_few_times_only() -> None:
    register = {"alder-council": Authority(name="Alder Council")}
    names = Names(register, None)

    hints = [unknown(f"Alder{number:02} Council", names=names)[1] for number in range(30)]

    assert sum("did you mean alder-council?" in hint for hint in hints) == 20


def test_a_borough_is_not_the_city_of_the_same_beginning() -> None:
    assert unknown("Newcastle Borough Council")[0] == "authority-unknown"
    assert unknown("Newcastle DC")[0] == "authority-unknown"
    assert NAMES.of("Newcastle City Council")[0] == NAMES.of("Newcastle")[0]
    assert NAMES.of("Newcastle-under-Lyme BC")[0] == "newcastle-under-lyme-borough-council"


def test_a_region_is_no_authority() -> None:
    assert unknown("London")[0] == "authority-unknown"
    assert NAMES.of("City of London")[0] == "city-of-london-corporation"


@pytest.mark.parametrize(
    "name", ["Total", "TOTAL ", "Grand total", "England", "Total (England)", "All councils"]
)
def test_a_row_of_sums_is_known_by_its_name(name: str) -> None:
    assert is_total(name, "")


def test_a_row_of_sums_is_known_by_its_code_and_no_council_is_one() -> None:
    assert is_total("", "E92000001")
    assert not any(is_total(body.name, body.gss_code or "") for body in REGISTERED.values())
