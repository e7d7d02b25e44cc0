"""Whether a campaign's files agree and its figures make sense; each kind of problem also has a set in tests/broken/."""

from __future__ import annotations

import shutil
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.check_figures import is_share
from letters.campaign.load import try_load
from letters.errors import Problem
from letters.wording import did_you_mean, nearest_authority
from tests.doing import edit

SOUND = Path(__file__).parents[1] / "broken" / "sound"
AUTHORITIES, LETTER = "data/authorities.yaml", "data/2020/letter.yaml"
STATISTICS, CONTACTS = "data/2020/statistics.yaml", "data/2020/contacts.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A sound campaign 2020 to break."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    return tmp_path


def write(root: Path, file: str, *lines: str) -> None:
    (root / file).write_text("".join(f"{line}\n" for line in lines))


def problems(root: Path) -> list[Problem]:
    return list(try_load(root, "2020")[1])


def listing(root: Path) -> list[str]:
    """The problems of 2020, hints left out."""
    return [str(problem).split("\n")[0] for problem in problems(root)]


def contact(index: int) -> str:
    """The contact of one of many councils."""
    return f"council-{index:03}: {{chief_executive: {{email: ce@{index:03}.example}}}}"


def councils(root: Path, number: int, counts: str = "{investigations: 2, upheld: 1}") -> None:
    """So many councils in every file, all with the same counts."""
    (root / "data/2020/paragraphs/alder-council.md").unlink()
    write(
        root,
        AUTHORITIES,
        *(f"council-{index:03}: {{name: Council {index:03}}}" for index in range(number)),
    )
    write(root, STATISTICS, *(f"council-{index:03}: {counts}" for index in range(number)))
    write(root, CONTACTS, *(contact(index) for index in range(number)))


def test_few_authorities_without_statistics_are_named_where_they_stand_in_the_register(
    root: Path,
) -> None:
    (root / AUTHORITIES).write_text(
        (root / AUTHORITIES).read_text() + "yew-council: {name: Yew Council}\n"
    )

    assert listing(root) == [
        f"{AUTHORITIES}:5:1: warning: yew-council: this authority has no statistics in 2020, so no letter goes to it"
    ]


def test_many_authorities_without_statistics_are_one_warning(root: Path) -> None:
    councils(root, 20)
    write(
        root,
        STATISTICS,
        *(f"council-{index:03}: {{investigations: 2, upheld: 1}}" for index in range(7)),
    )
    write(root, CONTACTS, *(contact(index) for index in range(7)))

    assert listing(root) == [
        f"{STATISTICS}:1:1: warning: 13 authorities of the register have no statistics:"
        " council-007, council-008, council-009 and 10 more"
    ]


def test_many_authorities_without_contact_are_one_warning(root: Path) -> None:
    councils(root, 14)
    write(root, CONTACTS, contact(0))

    assert listing(root) == [
        f"{CONTACTS}:1:1: warning: 13 authorities with statistics have no contact:"
        " council-001, council-002, council-003 and 10 more"
    ]


def test_many_authorities_with_nothing_but_zeros_are_one_notice(root: Path) -> None:
    councils(root, 13, "{investigations: 0, upheld: 0}")

    assert listing(root) == [
        f"{STATISTICS}:1:1: notice: 13 authorities have 0 for every count:"
        " council-000, council-001, council-002 and 10 more"
    ]


@pytest.mark.parametrize(
    ("investigations", "upheld", "notices"),
    [
        (200, 199, ["100% is printed for 199 of 200 detailed investigations"]),
        (201, 1, ["0% is printed for 1 of 201 detailed investigations"]),
        (200, 200, []),
        (200, 0, []),
        (200, 198, []),
        (200, 1, []),
    ],
)
def test_a_percentage_rounded_to_all_or_nothing_is_a_notice(
    root: Path, investigations: int, upheld: int, notices: list[str]
) -> None:
    edit(
        root / STATISTICS,
        "investigations: 11, upheld: 7",
        f"investigations: {investigations}, upheld: {upheld}",
    )

    assert listing(root) == [
        f"{STATISTICS}:1:46: notice: alder-council.upheld: {notice}" for notice in notices
    ]


def test_many_impossible_stated_bases_are_one_notice(root: Path) -> None:
    councils(root, 13, "{investigations: 11, upheld: 7, remedies: 1}")
    edit(
        root / LETTER,
        "measures:",
        "  remedies: {singular: remedy, plural: remedies, at_most: upheld}\nmeasures:",
    )
    edit(
        root / LETTER,
        "peer_av",
        "  remedy_rate: {count: remedies, of: upheld, stated_base: investigations}\npeer_av",
    )

    assert listing(root) == [
        f"{LETTER}:13:59: notice: measures.remedy_rate.stated_base: 13 authorities (council-000, council-001,"
        " council-002 and 10 more) have a percentage printed that no number out of their detailed investigations makes"
    ]


def test_a_stated_base_that_makes_the_printed_percentage_is_no_problem(root: Path) -> None:
    councils(root, 1, "{investigations: 14, upheld: 7, remedies: 1}")
    edit(
        root / LETTER,
        "measures:",
        "  remedies: {singular: remedy, plural: remedies, at_most: upheld}\nmeasures:",
    )
    edit(
        root / LETTER,
        "peer_av",
        "  remedy_rate: {count: remedies, of: upheld, stated_base: investigations}\npeer_av",
    )

    assert listing(root) == []


@given(st.integers(0, 300), st.integers(0, 4000), st.integers(0, 1))
def test_a_percentage_is_possible_when_some_share_of_the_total_prints_so(
    total: int, printed: int, decimals: int
) -> None:
    shares = (Fraction(100 * 10**decimals * number, total) for number in range(total + 1) if total)
    as_printed = {
        int((Decimal(s.numerator) / s.denominator).quantize(Decimal(1), ROUND_HALF_UP))
        for s in shares
    }

    assert is_share(Decimal(printed).scaleb(-decimals), total, decimals) == (printed in as_printed)


@pytest.mark.parametrize(
    ("year", "warnings"), [("2020", 0), ("2021", 1), ("specimen", 0), ("20", 0)]
)
def test_a_letter_of_another_year_than_its_folder_is_a_warning(
    root: Path, year: str, warnings: int
) -> None:
    (root / "data/2020").rename(root / "data" / year)

    sentence = "the letter is dated 2020-07-22, but its campaign is 2021"
    assert [str(problem) for problem in try_load(root, year)[1]] == warnings * [
        f"data/2021/letter.yaml:2:14: warning: letter_date: {sentence}\n"
        "    hint: correct the date, or the folder's name"
    ]


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ("1.400", "1.400 is read as 1.4"),
        ("100.000", "100.000 is read as 100"),
        ("www.lgo.org.uk", 'expected a whole link, found "www.lgo.org.uk"'),
        ("0.125", ""),
        ("1.25", ""),
        ("1.2345", ""),
        ("1234.567", ""),
        ('"1.400"', ""),
        ("lgo.org.uk", ""),
    ],
)
def test_a_fact_that_is_read_otherwise_than_meant_is_a_warning(
    root: Path, fact: str, sentence: str
) -> None:
    edit(root / LETTER, "courses: 118", f"courses: {fact}")

    place = f"{LETTER}:6:29: warning: facts.training.courses"
    assert listing(root) == ([f"{place}: {sentence}"] if sentence else [])


@pytest.mark.parametrize(
    ("link", "warnings"),
    [
        ("lgo.org.uk/map", 1),
        ("//lgo.org.uk", 1),
        ("https://lgo.org.uk", 0),
        ("mailto:a@b.example", 0),
    ],
)
def test_a_link_without_its_beginning_is_a_warning(root: Path, link: str, warnings: int) -> None:
    edit(root / LETTER, "{training: {courses: 118}}", f"{{links: {{map: {link}}}}}")

    sentence = f'expected a whole link, found "{link}"'
    assert listing(root) == warnings * [f"{LETTER}:6:22: warning: facts.links.map: {sentence}"]


def test_a_base_of_0_without_words_is_an_error_at_the_measure(root: Path) -> None:
    edit(root / LETTER, ", undefined: No detailed investigations were carried out.", "")
    edit(root / STATISTICS, "{investigations: 4, upheld: 0}", "{investigations: 0, upheld: 0}")
    edit(root / STATISTICS, "{investigations: 2, upheld: 2}", "{investigations: 0, upheld: 0}")

    assert listing(root)[0] == (
        f"{LETTER}:11:3: error: measures.uphold_rate: birch-borough-council and 1 more have no detailed investigations,"
        " and no words say that this is undefined"
    )


def test_computed_averages_cannot_be_missing(root: Path) -> None:
    edit(
        root / LETTER,
        "peer_averages:\n  district: {uphold_rate: 45}\n  unitary: {uphold_rate: 56}\n",
        "",
    )
    (root / LETTER).write_text((root / LETTER).read_text() + "peer_averages: computed\n")

    assert listing(root) == [
        f"{LETTER}:12:16: warning: peer_averages: cedar-city-council is alone in the peer group unitary:"
        " it is compared with itself"
    ]


def test_a_missing_average_of_a_known_group_is_placed_at_the_group(root: Path) -> None:
    edit(root / LETTER, "unitary: {uphold_rate: 56}", "unitary: {}")

    assert listing(root) == [
        f"{LETTER}:14:3: warning: peer_averages.unitary.uphold_rate:"
        " this average is missing, so the letters of the group leave the comparison out"
    ]


def test_a_rate_per_100000_may_be_above_100_and_have_decimals(root: Path) -> None:
    edit(root / LETTER, "of: investigations,", "of: investigations, per: 100000, decimals: 1,")
    edit(root / LETTER, "uphold_rate: 45", "uphold_rate: 345.5")

    assert listing(root) == []


def test_an_average_finer_than_the_figure_is_an_error(root: Path) -> None:
    edit(root / LETTER, "of: investigations,", "of: investigations, decimals: 1,")
    edit(root / LETTER, "uphold_rate: 45", "uphold_rate: 45.25")

    assert listing(root) == [
        f"{LETTER}:13:27: error: peer_averages.district.uphold_rate:"
        " expected at most 1 decimal place, as the figures are printed, found 45.25"
    ]


def test_a_circle_of_limits_is_told_once(root: Path) -> None:
    edit(root / LETTER, "detailed investigations}", "detailed investigations, at_most: upheld}")

    assert [line for line in listing(root) if "circle" in line] == [
        f"{LETTER}:8:96: error: counts.investigations.at_most: investigations and upheld limit each other in a circle"
    ]


def test_an_authority_that_ended_names_who_came_after(root: Path) -> None:
    edit(root / CONTACTS, "cedar-city-council", "oak-council")
    edit(root / STATISTICS, "cedar-city-council", "oak-council")

    [problem, _] = problems(root)

    assert str(problem) == (
        f"{STATISTICS}:3:1: error: oak-council: it ended on 2020-03-31, before the letter's date, 2020-07-22\n"
        "    hint: its place was taken by Cedar City Council"
    )


def test_an_authority_may_exist_on_its_first_and_its_last_day(root: Path) -> None:
    edit(
        root / AUTHORITIES,
        "peer_group: unitary}",
        "peer_group: unitary, began: 2020-07-22, ended: 2020-07-22}",
    )

    assert listing(root) == []


def test_a_slug_of_before_is_nobody_s_now_and_was_one_authority_s(root: Path) -> None:
    register = root / AUTHORITIES
    edit(register, "name: Alder Council", "name: Alder Council, formerly: [elder-council]")
    assert listing(root) == []
    edit(
        register, "name: Oak Council", "name: Oak Council, formerly: [elder-council, alder-council]"
    )
    assert listing(root) == [
        f"{AUTHORITIES}:4:45: error: oak-council.formerly.1: alder-council has the same; a slug was"
        " one authority's",
        f'{AUTHORITIES}:4:60: error: oak-council.formerly.2: "alder-council" is still in the'
        " register: who had it has it no longer",
    ]


def test_a_register_that_cannot_be_read_makes_no_strangers(root: Path) -> None:
    write(root, AUTHORITIES, "alder-council: {name: 'Alder}")

    assert listing(root) == [
        f"{AUTHORITIES}:1:23: error: the quote that opens here is never closed"
    ]


def test_a_faulty_entry_of_the_register_is_no_stranger(root: Path) -> None:
    edit(root / AUTHORITIES, "name: Alder Council", "name: 12")

    assert listing(root) == [
        f"{AUTHORITIES}:1:23: error: alder-council.name: expected text, found 12"
    ]


def test_statistics_that_cannot_be_read_make_nothing_missing(root: Path) -> None:
    write(root, STATISTICS, "alder-council: {investigations: 11")

    assert [line.split(":")[0] for line in listing(root)] == [STATISTICS]


def test_a_faulty_count_does_not_hide_the_others(root: Path) -> None:
    edit(root / STATISTICS, "upheld: 7", "upheld: '7'")
    edit(root / STATISTICS, "upheld: 0", "upheld: 5")

    assert listing(root) == [
        f'{STATISTICS}:1:45: error: alder-council.upheld: expected a whole number, found "7"',
        f"{STATISTICS}:2:52: error: birch-borough-council.upheld:"
        " 5 upheld decisions, but only 4 detailed investigations",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('templates: "2020"\n', ""),
        ("letter_date: 2020-07-22", "letter_date: soon"),
        ("publication_date: 2020-07-29\n", ""),
        ("end: 2020-03-31", "end: 2020-03"),
        ("name: Dana Example, ", ""),
        ("singular: upheld decision, ", ""),
        ("at_most: investigations", "at_most: 3"),
        ("count: upheld, ", ""),
        ("of: investigations", "per: 0, of: investigations"),
        ("district: {uphold_rate: 45}", "district: {uphold_rate: x}"),
    ],
)
def test_one_fault_in_the_letter_is_one_problem(root: Path, old: str, new: str) -> None:
    edit(root / LETTER, old, new)

    assert len(listing(root)) == 1


def test_three_hundred_strangers_are_all_listed(root: Path) -> None:
    councils(root, 343)
    write(
        root,
        AUTHORITIES,
        *(f"borough-{index:03}: {{name: Borough {index:03}}}" for index in range(343)),
    )

    assert len(listing(root)) == 343 + 343 + 1


@pytest.mark.parametrize(
    ("slug", "meant"),
    [
        ("maidston-borough-council", "maidstone-borough-council"),
        ("maidstone-council", "maidstone-borough-council"),
        ("maidstone", "maidstone-borough-council"),
        ("brent", "london-borough-of-brent"),
        ("nottingham-council", "nottingham-city-council"),
        ("kent-couny-council", "kent-county-council"),
        ("foo-borough-council", ""),
        ("council", ""),
    ],
)
def test_the_slug_that_was_meant_is_the_one_of_the_same_place(slug: str, meant: str) -> None:
    slugs = (
        "kent-county-council",
        "london-borough-of-brent",
        "maidstone-borough-council",
        "nottingham-city-council",
        "nottinghamshire-county-council",
        "bury-metropolitan-borough-council",
    )

    assert nearest_authority(slug, slugs) == meant


def test_what_was_meant_is_asked_only_when_something_is_near() -> None:
    assert did_you_mean("uphelt", ("investigations", "upheld")) == 'did you mean "upheld"?'
    assert did_you_mean("visitors", ("investigations", "upheld")) == ""
