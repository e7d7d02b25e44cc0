"""Which authorities a file's name or an address's domain speaks of: by whole words, never one's own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from letters.campaign.records import Authority
from letters.campaign.rules import short_of
from letters.mail.mentions import Mention, Mentions
from tests.books import REGISTERED

FOUND = Mentions.of(REGISTERED)
ADUR, MAIDSTONE = "adur-district-council", "maidstone-borough-council"
DERBYSHIRE, NORFOLK = "derbyshire-county-council", "norfolk-county-council"
KINGS_LYNN = "borough-council-of-kings-lynn-and-west-norfolk"
UNDER_LYME = "newcastle-under-lyme-borough-council"


def registered(slug: str, **more: object) -> Mapping[str, Authority]:
    """The register, in which one authority has more than its line says."""
    return {**REGISTERED, slug: REGISTERED[slug].model_copy(update=more)}


def spoken_of(file: str, own: str = MAIDSTONE, mentions: Mentions = FOUND) -> str:
    """Whom a file's name speaks of, after "?" where it may mean something else; "" for nobody."""
    mention = mentions.in_file_name(file, own)
    return shown(mention)


def domain_of_another(domain: str, own: str = MAIDSTONE, mentions: Mentions = FOUND) -> str:
    return shown(mentions.in_domain(f"chief.executive@{domain}", own))


def shown(mention: Mention | None) -> str:
    return f"{'' if mention.certain else '?'}{mention.name}" if mention else ""


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("Adur District Council cases.xlsx", "Adur District Council"),
        ("adur-district-council_2020.xlsx", "Adur District Council"),
        ("Adur District Council's cases.xlsx", "Adur District Council"),
        ("AdurDistrictCouncil.xlsx", "Adur District Council"),
        ("E07000223.xlsx", "Adur District Council"),
        ("cases-e07000223-2020.xlsx", "Adur District Council"),
        ("Cases of KENT COUNTY COUNCIL.xlsx", "Kent County Council"),
        ("Adur complaints received 2019-20.xlsx", "?Adur District Council"),
        ("complaints adur.xlsx", "?Adur District Council"),
        ("Cases (Adur DC).xlsx", "?Adur District Council"),
        ("adurdc.xlsx", "?Adur District Council"),
        ("Adur2020.xlsx", "?Adur District Council"),
        ("Camden's cases.xlsx", "?London Borough of Camden"),
        ("LB Camden.xlsx", "?London Borough of Camden"),
        ("Hammersmith Fulham.xlsx", "?London Borough of Hammersmith & Fulham"),
        ("City of York.xlsx", "?City of York Council"),
        ("City of London.xlsx", "?City of London Corporation"),
        ("Isles of Scilly.xlsx", "?Council of the Isles of Scilly"),
        ("EastSussex.xlsx", "?East Sussex County Council"),
        ("NE Derbyshire.xlsx", "?North East Derbyshire District Council"),
        ("Somerset.xlsx", "?Somerset Council or Somerset County Council"),
        ("Adur and Worthing, E07000229.xlsx", "Worthing Borough Council"),
    ],
)
def test_a_file_speaks_of_another_authority(file: str, other: str) -> None:
    assert spoken_of(file) == other


@pytest.mark.parametrize(
    "file",
    [
        "cases.xlsx",
        "Maidstone Borough Council cases.xlsx",
        "maidstone-borough-council.xlsx",
        "Complaints received 2019-20.xlsx",
        "Complaints and enquiries, by category (London boroughs).xlsx",
        "Borough and county council.xlsx",
        "Meter readings.xlsx",
        "Council-wide bath and hart notes.docx",
        "Notes on further reading.docx",
        "Derbyshires Kentish Essexonia.docx",
        "Unknown code E07999999.xlsx",
    ],
)
def test_a_file_speaks_of_nobody_else(file: str) -> None:
    assert spoken_of(file) == ""


def test_a_word_that_begins_a_name_or_has_the_kind_behind_it_is_taken_for_an_authority() -> None:
    assert spoken_of("Reading list.docx") == "?Reading Borough Council"
    assert spoken_of("Complaints reading borough council.docx") == "Reading Borough Council"
    assert spoken_of("Complaints reading bc.docx") == "?Reading Borough Council"


@pytest.mark.parametrize(
    ("own", "file", "other"),
    [
        (DERBYSHIRE, "Derbyshire Dales.xlsx", "?Derbyshire Dales District Council"),
        ("derbyshire-dales-district-council", "Derbyshire Dales.xlsx", ""),
        ("derbyshire-dales-district-council", "Derbyshire.xlsx", "?Derbyshire County Council"),
        (NORFOLK, "S. Norfolk.xlsx", "?South Norfolk District Council"),
        ("south-norfolk-district-council", "S Norfolk.xlsx", ""),
        (KINGS_LYNN, "King's Lynn & West Norfolk.xlsx", ""),
        (KINGS_LYNN, "Kings Lynn and Norfolk.xlsx", "?Norfolk County Council"),
        (ADUR, "Adur & Worthing.xlsx", "?Worthing Borough Council"),
        ("somerset-council", "Somerset.xlsx", ""),
        ("somerset-council", "Somerset County Council.xlsx", "Somerset County Council"),
        ("south-somerset-district-council", "South Somerset Council.xlsx", ""),
    ],
)
def test_of_names_that_overlap_the_longest_counts(own: str, file: str, other: str) -> None:
    assert spoken_of(file, own) == other


@pytest.mark.parametrize(
    "file",
    [
        "{name} complaints received 2019-20.xlsx",
        "{name}'s cases.xlsx",
        "{slug}_2020.xlsx",
        "{code}.csv",
        "Complaints decided 2020-21 - {short}.xlsx",
        "complaints {short} 2020.csv",
        "{code} {short} DC.xlsx",
        "{joined}.xlsx",
    ],
)
def test_nobody_s_own_names_and_codes_are_taken_for_another_s(file: str) -> None:
    taken = {}
    for slug, body in REGISTERED.items():
        short = short_of(slug)
        named = file.format(
            name=body.name,
            slug=slug,
            code=body.gss_code,
            short=short.replace("-", " ").title(),
            joined=short.replace("-", ""),
        )
        if mention := FOUND.in_file_name(named, slug):
            taken[named] = mention
    assert taken == {}


def test_everybody_s_name_and_code_is_known_in_everybody_else_s_folder() -> None:
    unknown = [
        (own, other)
        for own, (other, body) in product(list(REGISTERED)[::17], REGISTERED.items())
        if own != other
        for file in (f"{body.name} 2020.xlsx", f"Cases {body.gss_code}.xlsx")
        if FOUND.in_file_name(file, own) != (body.name, True)
    ]
    assert unknown == []


def test_other_spellings_former_codes_slugs_and_domains_are_known() -> None:
    register = registered(
        ADUR,
        also_called=("Adur & Shoreham Council", "Shoreham"),
        former_codes=("E07000999",),
        formerly=("old-shoreham-council",),
        mail_domains=("ads.gov.uk",),
    )
    mentions = Mentions.of(register)

    for certain in ("Adur and Shoreham Council", "E07000999", "Old Shoreham Council", "ads.gov.uk"):
        assert spoken_of(f"{certain} 1.xlsx", mentions=mentions) == "Adur District Council"
        assert spoken_of(f"{certain} 1.xlsx", ADUR, mentions) == ""
    for perhaps in ("Shoreham", "Old Shoreham", "Adur & Shoreham"):
        assert spoken_of(f"{perhaps} 1.xlsx", mentions=mentions) == "?Adur District Council"
        assert spoken_of(f"{perhaps} 1.xlsx", ADUR, mentions) == ""


@pytest.mark.parametrize(
    ("domain", "other"),
    [
        ("kent.gov.uk", "?Kent County Council"),
        ("mail.Kent.gov.uk", "?Kent County Council"),
        ("adur.example", "?Adur District Council"),
        ("adurdc.gov.uk", "?Adur District Council"),
        ("ashfield-dc.gov.uk", "?Ashfield District Council"),
        ("lbcamden.gov.uk", "?London Borough of Camden"),
        ("eastsussex.gov.uk", "?East Sussex County Council"),
        ("east-sussex.example", "?East Sussex County Council"),
        ("cheshirewestandchester.gov.uk", "?Cheshire West and Chester Council"),
        ("n-somerset.gov.uk", "?North Somerset Council"),
        ("adur-worthing.gov.uk", "?Worthing Borough Council"),
        ("adur-district-council.gov.uk", "Adur District Council"),
    ],
)
def test_a_domain_speaks_of_another_authority(domain: str, other: str) -> None:
    assert domain_of_another(domain) == other


@pytest.mark.parametrize(
    ("own", "domain"),
    [
        (MAIDSTONE, "maidstone.gov.uk"),
        (MAIDSTONE, "maidstone.kent.gov.uk"),
        (MAIDSTONE, "kentportal.gov.uk"),
        (MAIDSTONE, "gmail.com"),
        (ADUR, "adur-worthing.gov.uk"),
        ("worthing-borough-council", "adur-worthing.gov.uk"),
        ("south-norfolk-district-council", "s-norfolk.gov.uk"),
        ("north-somerset-council", "n-somerset.gov.uk"),
        ("north-east-derbyshire-district-council", "ne-derbyshire.gov.uk"),
        (KINGS_LYNN, "west-norfolk.gov.uk"),
        (UNDER_LYME, "newcastle-staffs.gov.uk"),
        ("stratford-on-avon-district-council", "stratford-dc.gov.uk"),
        ("bath-and-north-east-somerset-council", "bathnes.gov.uk"),
        ("royal-borough-of-kensington-and-chelsea", "rbkc.gov.uk"),
        ("east-hertfordshire-district-council", "eastherts.gov.uk"),
        ("newark-and-sherwood-district-council", "newark-sherwooddc.gov.uk"),
        ("wyre-forest-district-council", "wyreforestdc.gov.uk"),
    ],
)
def test_a_domain_speaks_of_nobody_else(own: str, domain: str) -> None:
    assert domain_of_another(domain, own) == ""


@pytest.mark.parametrize(
    ("own", "domain", "other"),
    [
        ("south-norfolk-district-council", "norfolk.gov.uk", "?Norfolk County Council"),
        (NORFOLK, "southnorfolk.gov.uk", "?South Norfolk District Council"),
        (UNDER_LYME, "newcastle.gov.uk", "?Newcastle City Council"),
        (UNDER_LYME, "newcastlecc.gov.uk", "?Newcastle City Council"),
    ],
)
def test_another_s_name_that_is_a_part_of_one_s_own_counts_where_the_domain_says_no_more(
    own: str, domain: str, other: str
) -> None:
    assert domain_of_another(domain, own) == other


@pytest.mark.parametrize("domain", ["{short}.gov.uk", "{joined}.gov.uk", "mail.{joined}dc.gov.uk"])
def test_nobody_s_own_domain_is_taken_for_another_s(domain: str) -> None:
    taken = [
        slug
        for slug in REGISTERED
        for short in [short_of(slug)]
        if domain_of_another(domain.format(short=short, joined=short.replace("-", "")), slug)
    ]
    assert taken == []


def test_a_domain_of_the_register_is_another_s_unless_one_s_own_name_is_in_it() -> None:
    kent = registered("kent-county-council", mail_domains=("kcc.gov.uk", "maidstone.gov.uk"))
    south = registered("south-norfolk-district-council", mail_domains=("south-norfolk.gov.uk",))
    mentions = Mentions.of(kent)

    assert domain_of_another("mail.kcc.gov.uk", mentions=mentions) == "Kent County Council"
    assert domain_of_another("kcc.gov.uk", "kent-county-council", mentions) == ""
    assert domain_of_another("maidstone.gov.uk", mentions=mentions) == ""
    assert domain_of_another("maidstone.gov.uk", ADUR, mentions) == "Kent County Council"
    assert domain_of_another("south-norfolk.gov.uk", NORFOLK, Mentions.of(south)) == (
        "South Norfolk District Council"
    )


def test_what_stands_before_the_at_sign_says_nothing() -> None:
    assert FOUND.in_domain("adur.ce@gmail.com", MAIDSTONE) is None


def test_a_body_with_a_name_of_one_or_two_letters_is_known_by_the_whole_of_it_only() -> None:
    mentions = Mentions.of({"ab-council": Authority(name="AB Council"), "other": REGISTERED[ADUR]})

    assert spoken_of("Plan ab.xlsx", "other", mentions) == ""
    assert spoken_of("Plan AB Council.xlsx", "other", mentions) == "AB Council"
