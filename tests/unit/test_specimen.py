"""The specimen campaign: complete, as its script makes it, with every awkward case in it."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from letters.campaign.load import Campaign, load
from letters.campaign.records import Authority, ChiefExecutive, Contacts
from scripts.make_specimen import CASES, COPIES_ONLY, NO_ENTRY, PARAGRAPHS, Counts, files

ROOT = Path(__file__).resolve().parents[2]
SPECIMEN = ROOT / "data" / "specimen"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load(ROOT, "specimen")


@pytest.fixture(scope="module")
def register(campaign: Campaign) -> Mapping[str, Authority]:
    return campaign.register


@pytest.fixture(scope="module")
def statistics(campaign: Campaign) -> dict[str, Counts]:
    return {slug: Counts(**counts) for slug, counts in campaign.statistics.items()}


@pytest.fixture(scope="module")
def contacts(campaign: Campaign) -> Mapping[str, Contacts]:
    return campaign.contacts


def test_the_script_makes_the_committed_files_byte_for_byte(
    register: Mapping[str, Authority],
) -> None:
    made = files(register)
    committed = {
        path.relative_to(SPECIMEN).as_posix() for path in SPECIMEN.rglob("*") if path.is_file()
    }
    assert committed - {"SOURCES.md"} == set(made)
    for name, text in made.items():
        assert (SPECIMEN / name).read_bytes() == text.encode(), (
            f"{name}: run `python -m scripts.make_specimen`"
        )


def test_the_script_draws_from_nothing_but_its_own_seed(register: Mapping[str, Authority]) -> None:
    random.seed(1)
    first = files(register)
    random.seed(2)
    assert files(register) == first


def test_one_council_s_line_does_not_depend_on_the_other_councils(
    register: Mapping[str, Authority],
) -> None:
    few = {slug: register[slug] for slug in ("kent-county-council", "maidstone-borough-council")}
    lines = [" ".join(line.split()) for line in files(register)["statistics.yaml"].splitlines()]
    for line in files(few)["statistics.yaml"].splitlines():
        assert " ".join(line.split()) in lines


def test_all_343_councils_of_2019_20_are_there(
    register: Mapping[str, Authority], statistics: dict[str, Counts]
) -> None:
    groups = Counter(register[slug].peer_group for slug in statistics)
    assert groups == {
        "district": 192,
        "unitary": 56,
        "metropolitan": 36,
        "london": 32,
        "county": 26,
        None: 1,
    }
    assert "buckinghamshire-county-council" in statistics
    assert "buckinghamshire-council" not in statistics


def test_the_councils_stand_in_the_order_of_the_register(
    register: Mapping[str, Authority],
    statistics: dict[str, Counts],
    contacts: Mapping[str, Contacts],
) -> None:
    assert list(statistics) == [slug for slug in register if slug in statistics]
    assert list(contacts) == [slug for slug in statistics if slug not in NO_ENTRY]


def test_no_count_exceeds_the_one_it_is_part_of(statistics: dict[str, Counts]) -> None:
    for slug, counts in statistics.items():
        assert counts.satisfactory_remedies <= counts.upheld <= counts.investigations, slug
        assert counts.complied <= counts.compliance_outcomes, slug


def test_most_councils_complied_with_everything(statistics: dict[str, Counts]) -> None:
    below = [
        slug for slug, counts in statistics.items() if counts.complied < counts.compliance_outcomes
    ]
    assert 10 <= len(below) <= 35


def test_every_case_of_the_table_is_printed_as_it_stands_there(
    statistics: dict[str, Counts],
) -> None:
    assert {slug: statistics[slug] for slug in CASES} == {
        slug: counts for slug, (_, counts) in CASES.items()
    }


@pytest.mark.parametrize(
    (
        "slug",
        "percentages",
    ),  # exact: upheld, complied, remedied; None where there is nothing to work it out of
    [
        ("hart-district-council", (None, None, None)),
        ("rutland-county-council", (None, 100, None)),
        ("adur-district-council", (0, None, None)),
        ("mole-valley-district-council", (0, 100, None)),
        ("hambleton-district-council", (Fraction(300, 7), None, Fraction(100, 3))),
        ("council-of-the-isles-of-scilly", (100, 100, 0)),
        ("melton-borough-council", (100, 100, 100)),
        ("eden-district-council", (100, 100, Fraction(50, 3))),
        ("wycombe-district-council", (Fraction(500, 9), 0, 0)),
        ("boston-borough-council", (Fraction("12.5"), 100, 0)),
        ("kettering-borough-council", (Fraction("12.5"), 100, 0)),
        ("northamptonshire-county-council", (Fraction(200, 3), Fraction("99.5"), Fraction("0.5"))),
    ],
)
def test_an_awkward_case_is_what_it_says(
    statistics: dict[str, Counts], slug: str, percentages: tuple[Fraction | int | None, ...]
) -> None:
    investigations, upheld, outcomes, complied, remedies = statistics[slug]
    assert (
        per_cent(upheld, investigations),
        per_cent(complied, outcomes),
        per_cent(remedies, upheld),
    ) == percentages


def per_cent(count: int, base: int) -> Fraction | None:
    return Fraction(100 * count, base) if base else None


def test_98_per_cent_of_a_large_base(statistics: dict[str, Counts]) -> None:
    birmingham = statistics["birmingham-city-council"]
    assert birmingham.investigations > 200
    assert (
        98 <= Fraction(100 * birmingham.complied, birmingham.compliance_outcomes) < Fraction("98.5")
    )


def test_a_remedy_that_is_less_than_half_a_per_cent(statistics: dict[str, Counts]) -> None:
    lancashire = statistics["lancashire-county-council"]
    assert 0 < Fraction(100 * lancashire.satisfactory_remedies, lancashire.upheld) < Fraction("0.5")


def test_more_compliance_outcomes_than_upheld_decisions(statistics: dict[str, Counts]) -> None:
    craven = statistics["craven-district-council"]
    assert craven.compliance_outcomes > craven.upheld


def test_merton_is_exactly_at_the_london_average(
    register: Mapping[str, Authority], statistics: dict[str, Counts]
) -> None:
    london = [
        counts for slug, counts in statistics.items() if register[slug].peer_group == "london"
    ]
    average = Fraction(
        sum(counts.upheld for counts in london), sum(counts.investigations for counts in london)
    )
    merton = statistics["london-borough-of-merton"]
    assert Fraction(merton.upheld, merton.investigations) == average == Fraction(8, 13)


@pytest.mark.parametrize(
    "slug",
    [
        "borough-council-of-kings-lynn-and-west-norfolk",
        "bournemouth-christchurch-and-poole-council",
        "london-borough-of-hammersmith-and-fulham",
        "city-of-london-corporation",
    ],
)
def test_a_council_with_a_long_or_special_name_has_every_figure(
    statistics: dict[str, Counts], slug: str
) -> None:
    assert min(statistics[slug]) > 0


def test_all_addresses_end_in_example(contacts: Mapping[str, Contacts]) -> None:
    addresses = [person.email or "" for person in chief_executives(contacts).values()]
    addresses += [copy.email for entry in contacts.values() for copy in entry.copies]
    assert len(addresses) > 2 * len(contacts)
    assert [
        address for address in addresses if not re.fullmatch(r"[a-z.]+@[a-z-]+\.example", address)
    ] == []


def chief_executives(contacts: Mapping[str, Contacts]) -> dict[str, ChiefExecutive]:
    return {
        slug: entry.chief_executive for slug, entry in contacts.items() if entry.chief_executive
    }


def test_every_council_has_a_link_officer_of_its_own_and_some_a_monitoring_officer(
    contacts: Mapping[str, Contacts],
) -> None:
    link_officers = [entry.copies[0].email for entry in contacts.values()]
    assert len(set(link_officers)) == len(link_officers)
    roles = Counter(copy.role for entry in contacts.values() for copy in entry.copies)
    assert roles["Link Officer"] == len(contacts)
    assert 50 < roles["Monitoring Officer"] < 200


def test_surnames_have_accents_apostrophes_particles_and_length(
    contacts: Mapping[str, Contacts],
) -> None:
    surnames = {person.surname or "" for person in chief_executives(contacts).values()}
    for part in ("O'", "O’", "D’", "Ní ", "Š", "Å", "ễ", "van der ", "Ł"):
        assert any(part in surname for surname in surnames), part
    assert max(map(len, surnames)) > 35


def test_some_chief_executives_are_unknown_in_each_possible_way(
    contacts: Mapping[str, Contacts],
) -> None:
    assert not set(NO_ENTRY) & set(contacts)
    assert all(contacts[slug].chief_executive is None for slug in COPIES_ONLY)
    posts = {
        person.post for person in chief_executives(contacts).values() if person.surname is None
    }
    assert posts == {"Chief Executive", "Managing Director", "Head of Paid Service"}


def test_two_councils_share_one_chief_executive(contacts: Mapping[str, Contacts]) -> None:
    adur, worthing = contacts["adur-district-council"], contacts["worthing-borough-council"]
    assert adur.chief_executive == worthing.chief_executive


def test_each_bespoke_paragraph_belongs_to_a_council_of_the_specimen(
    statistics: dict[str, Counts],
) -> None:
    assert len(PARAGRAPHS) >= 8
    assert set(PARAGRAPHS) <= set(statistics)
    assert any("<script>" in text for text in PARAGRAPHS.values())
    assert any(170 < len(text.split()) < 220 for text in PARAGRAPHS.values())
