"""Specimens: invented figures that fit a year's counts and limits, with every awkward case in them."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.campaign.invented import COPIES_ONLY, LONG, NO_ENTRY, PARAGRAPHS
from letters.campaign.invented_figures import InventedFigures
from letters.campaign.load import Campaign, examine, load
from letters.campaign.records import Authority, ChiefExecutive, Contacts, Count, Measure
from letters.campaign.specimen import make_specimen
from letters.errors import CampaignError, UnknownCampaign
from tests.conftest import PROJECT
from tests.doing import edit, run
from tests.second_year import begin_2021, project_of_2020


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load(PROJECT, "specimen")


@pytest.fixture(scope="module")
def register(campaign: Campaign) -> Mapping[str, Authority]:
    return campaign.register


@pytest.fixture(scope="module")
def statistics(campaign: Campaign) -> Mapping[str, Mapping[str, int]]:
    return campaign.statistics


@pytest.fixture(scope="module")
def contacts(campaign: Campaign) -> Mapping[str, Contacts]:
    return campaign.contacts


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project_of_2020(tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines_of(root: Path, year: str) -> dict[str, str]:
    text = (root / f"data/{year}/statistics.yaml").read_text(encoding="utf-8")
    lines = [" ".join(line.split()) for line in text.splitlines()[3:]]
    return {line.partition(":")[0]: re.sub(r" +", " ", line) for line in lines}


# The specimen of the project


@pytest.mark.parametrize("name", ["specimen", "specimen-2025"])
def test_the_command_makes_the_committed_files_byte_for_byte(root: Path, name: str) -> None:
    shutil.copytree(PROJECT / "data" / name, root / "data" / name)
    shutil.copytree(PROJECT / "templates/2025", root / "templates/2025")
    random.seed(1)
    make_specimen(root, name)

    assert files(root / "data" / name) == files(PROJECT / "data" / name), (
        f"run: letters specimen --like {name}"
    )


def test_all_343_councils_of_2019_20_are_there_in_the_order_of_the_register(
    register: Mapping[str, Authority], statistics: Mapping[str, Mapping[str, int]],
    contacts: Mapping[str, Contacts],
) -> None:  # fmt: skip
    groups = Counter(register[slug].peer_group for slug in statistics)
    assert groups == {
        "district": 192, "unitary": 56, "metropolitan": 36, "london": 32, "county": 26, None: 1,
    }  # fmt: skip
    assert "buckinghamshire-county-council" in statistics
    assert "buckinghamshire-council" not in statistics
    assert list(statistics) == [slug for slug in register if slug in statistics]
    assert list(contacts) == [slug for slug in statistics if slug not in NO_ENTRY]


def test_a_specimen_has_no_problem_left_for_its_awkward_cases_are_accepted(
    campaign: Campaign,
) -> None:
    assert campaign.problems == ()


def test_most_councils_complied_with_everything(
    statistics: Mapping[str, Mapping[str, int]],
) -> None:
    below = [
        slug for slug, one in statistics.items() if one["complied"] < one["compliance_outcomes"]
    ]
    assert 10 <= len(below) <= 60


@pytest.mark.parametrize(
    ("slug", "percentages"),
    # exact: upheld, complied, remedied; None where there is nothing to work it out of
    [
        ("hart-district-council", (None, None, None)),
        ("rutland-county-council", (None, 100, None)),
        ("hambleton-district-council", (100, None, 100)),
        ("adur-district-council", (0, 100, None)),
        ("wycombe-district-council", (50, 0, 50)),
        ("craven-district-council", (50, 100, 0)),
        ("mole-valley-district-council", (100, 100, 100)),
        ("ribble-valley-borough-council", (Fraction("12.5"), 100, 0)),
        ("northamptonshire-county-council", (Fraction("99.5"), Fraction("99.5"), Fraction(19800, 199))),
        ("lancashire-county-council", (Fraction(1, 3), 100, 0)),
        ("birmingham-city-council", (Fraction(206, 3), 100, Fraction(100, 206))),
    ],
)  # fmt: skip
def test_an_awkward_case_is_what_it_says(
    statistics: Mapping[str, Mapping[str, int]],
    slug: str,
    percentages: tuple[Fraction | int | None, ...],
) -> None:
    one = statistics[slug]
    assert (
        per_cent(one["upheld"], one["investigations"]),
        per_cent(one["complied"], one["compliance_outcomes"]),
        per_cent(one["satisfactory_remedies"], one["upheld"]),
    ) == percentages


def per_cent(count: int, base: int) -> Fraction | None:
    return Fraction(100 * count, base) if base else None


def test_there_are_numbers_of_one_digit_and_of_four(
    statistics: Mapping[str, Mapping[str, int]],
) -> None:
    assert set(statistics["melton-borough-council"].values()) == {6}
    assert statistics["kent-county-council"]["investigations"] == 1287
    assert any(set(one.values()) == {1} for one in statistics.values())


@pytest.mark.parametrize("slug", LONG)
def test_a_council_with_a_long_or_special_name_has_every_figure(
    statistics: Mapping[str, Mapping[str, int]], slug: str
) -> None:
    assert min(statistics[slug].values()) > 0


def test_all_addresses_end_in_example(contacts: Mapping[str, Contacts]) -> None:
    addresses = [person.email or "" for person in chief_executives(contacts).values()]
    addresses += [copy.email for entry in contacts.values() for copy in entry.copies]
    assert len(addresses) > 2 * len(contacts)
    assert not [one for one in addresses if not re.fullmatch(r"[a-z.]+@[a-z-]+\.example", one)]


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
    people = chief_executives(contacts).values()
    posts = {person.post for person in people if person.surname is None}
    assert posts == {"Chief Executive", "Managing Director", "Head of Paid Service"}
    adur, worthing = contacts["adur-district-council"], contacts["worthing-borough-council"]
    assert adur.chief_executive == worthing.chief_executive


def test_each_bespoke_paragraph_belongs_to_a_council_of_the_specimen(campaign: Campaign) -> None:
    assert len(PARAGRAPHS) >= 8
    assert set(campaign.paragraphs) == set(PARAGRAPHS) <= set(campaign.statistics)
    assert any("<script>" in text for text in PARAGRAPHS.values())
    assert any(170 < len(text.split()) < 220 for text in PARAGRAPHS.values())


# A specimen of any year


def test_a_year_without_figures_and_dates_has_a_specimen(root: Path) -> None:
    begin_2021(root)
    told = run("specimen", "--like", "2021", "--root", root)

    assert told.exit_code == 0, told.output
    made = load(root, "specimen-2021")
    assert (made.letter.specimen, made.letter.templates) == (True, "2021")
    assert made.letter.letter_date.isoformat() == "2021-07-22"
    assert made.letter.signatory.name == "Specimen Signatory"
    assert made.letter.peer_averages == "computed"
    assert len(made.statistics) == 333
    assert made.problems == ()


@pytest.mark.parametrize(("wanted", "there"), [(1, 1), (12, 12), (343, 343), (350, 350)])
def test_a_specimen_has_as_many_letters_as_are_wanted(root: Path, wanted: int, there: int) -> None:
    make_specimen(root, "2020", wanted)

    made = load(root, "specimen-2020")
    assert len(made.statistics) == there
    assert made.problems == ()


def test_few_letters_are_awkward_ones_of_each_kind(root: Path) -> None:
    make_specimen(root, "2020", 16)

    there = load(root, "specimen-2020").statistics
    assert {"hart-district-council", "northamptonshire-county-council", LONG[0]} <= there.keys()


def test_more_letters_than_authorities_cannot_be(root: Path) -> None:
    with pytest.raises(CampaignError, match="351 letters are wanted, and the register has 350"):
        make_specimen(root, "2020", 351)


def test_one_authority_s_line_does_not_depend_on_the_others(root: Path) -> None:
    make_specimen(root, "2020")
    all_lines = lines_of(root, "specimen-2020")
    make_specimen(root, "2020", 340)

    assert all_lines.items() <= lines_of(root, "specimen-2020").items()


def test_the_roles_of_the_year_are_those_of_its_specimen(root: Path) -> None:
    edit(root / "data/2020/contacts.yaml", "role: Link Officer", "role: Leader of the Council", -1)
    make_specimen(root, "2020")

    roles = {
        copy.role for one in load(root, "specimen-2020").contacts.values() for copy in one.copies
    }
    assert roles == {"Leader of the Council", "Link Officer"}


def test_a_specimen_of_a_specimen_is_itself_made_again(root: Path) -> None:
    make_specimen(root, "2020", 40)
    before = files(root / "data/specimen-2020")
    (root / "data/specimen-2020/paragraphs/old.md").write_text("left by an earlier one")
    make_specimen(root, "2020", 40)

    assert files(root / "data/specimen-2020") == before
    told = run("specimen", "--like", "specimen-2020", "--letters", "40", "--root", root)
    assert told.exit_code == 0
    assert files(root / "data/specimen-2020").keys() == before.keys()


def test_the_awkward_cases_of_a_specimen_of_any_name_are_accepted(root: Path) -> None:
    make_specimen(root, "2020", 40)
    (root / "data/specimen-2020").rename(root / "data/trial")
    make_specimen(root, "trial", 40)

    assert load(root, "trial").problems == ()


def test_a_year_that_only_has_the_name_of_a_specimen_is_not_written_over(root: Path) -> None:
    shutil.copytree(root / "data/2020", root / "data/specimen-2020")

    with pytest.raises(CampaignError, match="this was not made here, and nothing is written over"):
        make_specimen(root, "2020")


@pytest.mark.parametrize("head", ["# A remark.\n", ""])
def test_a_letter_yaml_without_an_empty_line_at_its_head_loses_nothing(
    root: Path, head: str
) -> None:
    letter = root / "data/2020/letter.yaml"
    text = letter.read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if line[0] not in "#\n")
    letter.write_text(head + body, encoding="utf-8")
    make_specimen(root, "2020", 3)

    assert load(root, "specimen-2020").letter.templates == "2020"


def test_real_figures_that_somebody_has_marked_as_a_specimen_are_not_written_over(
    root: Path,
) -> None:
    edit(root / "data/2020/letter.yaml", "pages: 3", "pages: 3\nspecimen: true")
    before = files(root / "data")

    with pytest.raises(CampaignError, match="this was not made here"):
        make_specimen(root, "2020")
    assert files(root / "data") == before


def test_a_specimen_of_no_year_and_of_no_counts_is_a_sentence(root: Path) -> None:
    with pytest.raises(UnknownCampaign):
        make_specimen(root, "2019")
    edit(root / "data/2020/letter.yaml", "counts:", "cuonts:")
    with pytest.raises(CampaignError, match="there are no counts to invent numbers for"):
        make_specimen(root, "2020")


def test_counts_of_later_letters_get_figures_that_add_up(root: Path) -> None:
    letter = root / "data/2020/letter.yaml"
    edit(
        letter,
        "counts:\n",
        "counts:\n"
        "  dealt_with: {singular: complaint, plural: complaints, sum_of: [not_for_us, closed, investigations]}\n"
        "  not_for_us: {singular: complaint not for us, plural: complaints not for us}\n"
        "  closed: {singular: closed complaint, plural: closed complaints}\n"
        "  population: {singular: resident, plural: residents}\n",
    )
    edit(
        letter,
        "measures:\n",
        "measures:\n  upheld_rate: {count: upheld, of: population, per: 100000, decimals: 1,"
        " undefined: Nobody lives here.}\n",
    )
    make_specimen(root, "2020")

    examined = examine(root, "specimen-2020")
    assert examined.problems == ()
    assert examined.campaign
    for one in examined.campaign.statistics.values():
        assert one["dealt_with"] == one["not_for_us"] + one["closed"] + one["investigations"]
        assert one["population"] >= 10_000
    assert any(one["dealt_with"] > 1000 for one in examined.campaign.statistics.values())


@st.composite
def years(draw: st.DrawFn) -> tuple[dict[str, Count], dict[str, Measure]]:
    """Counts with limits and sums, none of them in a circle, and measures of them."""
    names = [f"c{number}" for number in range(draw(st.integers(1, 7)))]
    counts = {}
    for at, name in enumerate(names):
        parts = draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=3)) if at else []
        limit = draw(st.sampled_from([None, *names[:at]])) if len(parts) < 2 else None
        total = tuple(parts) if len(parts) >= 2 else None
        given = {"at_most": limit, "sum_of": total}
        found = {key: value for key, value in given.items() if value}
        counts[name] = Count.model_validate({"singular": "x", "plural": "xs", **found})
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=3))
    measures = {
        f"m{at}": Measure(
            count=one, of=of, per=draw(st.sampled_from([100, 100_000])), watch_below=100
        )
        for at, (one, of) in enumerate(pairs)
    }
    return dict(draw(st.permutations(list(counts.items())))), measures


@settings(max_examples=50)
@given(years(), st.integers(0, 99))
def test_whatever_a_year_counts_no_number_breaks_its_limits_and_sums(
    year: tuple[dict[str, Count], dict[str, Measure]], seed: int
) -> None:
    counts, measures = year
    figures = InventedFigures(counts, measures, "seed")
    drawn = figures.drawn(random.Random(seed), (0, 90, 60, 40, 900))
    for numbers in (
        drawn,
        figures.at_least_one(drawn),
        *(figures.of(one, 7) for one in figures.cases()),
    ):
        assert numbers.keys() == counts.keys()
        for name, count in counts.items():
            assert numbers[name] >= 0
            if count.at_most:
                assert numbers[name] <= numbers[count.at_most]
            if count.sum_of:
                assert numbers[name] == sum(numbers[part] for part in count.sum_of)
