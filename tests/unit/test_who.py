"""Whether each paragraph, name, code and title is that of its authority."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from letters.campaign.load import Campaign, try_load
from letters.errors import Place, Problem, Severity
from tests.doing import edit

SOUND = Path(__file__).parents[1] / "broken" / "sound"
AUTHORITIES, ACCEPTED = "data/authorities.yaml", "data/accepted.yaml"
CONTACTS, PARAGRAPHS = "data/2020/contacts.yaml", "data/2020/paragraphs"
ALDER = f"{PARAGRAPHS}/alder-council.md"

#: All that is told of who somebody is.
KINDS = frozenset(
    "names-another paragraph-for-nobody name-of-another-slug no-such-peer-group no-peer-group"
    " peer-group-of-another-code same-name same-gss-code title-in-surname title-alone"
    " surname-alone".split()
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A sound campaign 2020 to break, with an authority whose name ends with another's."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    register(
        tmp_path,
        "north-cedar-city-council: {name: North Cedar City Council, ended: 2019-12-31}",
        "dun-dor-council: {name: Dún d’Or Council, ended: 2019-12-31}",
    )
    return tmp_path


def register(root: Path, *lines: str) -> None:
    """Add lines to the register."""
    with (root / AUTHORITIES).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def write(root: Path, file: str, text: str) -> None:
    (root / file).write_text(text, encoding="utf-8")


def problems(root: Path) -> list[Problem]:
    return list(try_load(root, "2020")[1])


def listing(root: Path) -> list[str]:
    """The problems of 2020, hints left out."""
    return [str(problem).split("\n")[0] for problem in problems(root)]


@pytest.mark.parametrize(
    "text",
    [
        "Alder Council, ALDER COUNCIL and Alder\nCouncil’s officers",
        "Your Council, the Council, a city council, Cedar City and Birch",
        "Birch Borough Councils, Birch Borough Councillors and Birch Borough Council-led work",
        "NewBirch Borough Council, New-Birch Borough Council and Soak Council",
        "https://birch-borough-council.example and <birch.borough.council@birch.example>",
        "Oak, Council; Oak-Council; Oak’s Council",
    ],
)
def test_a_paragraph_that_names_nobody_else_is_not_told(root: Path, text: str) -> None:
    write(root, ALDER, text)

    assert listing(root) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Birch Borough Council", ["1:1 Birch Borough Council"]),
        ("One.\nIn BIRCH BOROUGH COUNCIL’S view", ["2:4 BIRCH BOROUGH COUNCIL"]),
        ("Siân of Oak  Council", ["1:9 Oak Council"]),
        ("to Birch\nBorough\tCouncil.", ["1:4 Birch Borough Council"]),
        ("**Oak Council** (Cedar City Council)", ["1:3 Oak Council", "1:18 Cedar City Council"]),
        ("[Oak Council](https://oak.example)", ["1:2 Oak Council"]),
        ("“Dún d’Or Council”", ["1:2 Dún d’Or Council"]),
        ("Oak Council and Oak\nCouncil, OAK COUNCIL", ["1:1 Oak Council"]),
        (
            "North Cedar City Council and Cedar City Council",
            ["1:1 North Cedar City Council", "1:30 Cedar City Council"],
        ),
    ],
)
def test_a_paragraph_that_names_others_is_told_once_for_each_by_the_longest_name(
    root: Path, text: str, expected: list[str]
) -> None:
    write(root, ALDER, text)

    found = problems(root)
    assert {one.code for one in found} == {"names-another"}
    assert [f"{one.place.line}:{one.place.column} {one.value}" for one in found] == expected


def test_of_a_name_and_its_beginning_the_whole_is_named(root: Path) -> None:
    register(root, "oak-council-and-ash: {name: Oak Council and Ash, ended: 2019-12-31}")
    write(root, ALDER, "Oak Council and Ash is not Oak Council and Elm.")

    assert [one.value for one in problems(root)] == ["Oak Council and Ash", "Oak Council"]


def test_the_notice_of_a_name_is_about_the_authority_whose_paragraph_it_is(root: Path) -> None:
    write(root, ALDER, "To Oak Council")

    assert problems(root) == [
        Problem(
            Place(ALDER, 1, 4),
            Severity.NOTICE,
            "names-another",
            "this names another authority: Oak Council",
            "right where it is meant; is this the right file?",
            authority="alder-council",
            value="Oak Council",
        )
    ]


def test_an_authority_whose_name_ends_with_another_s_may_name_itself(root: Path) -> None:
    register(root, "old-alder-council: {name: Old Alder Council}")
    with (root / "data/2020/statistics.yaml").open("a") as file:
        file.write("old-alder-council: {investigations: 3, upheld: 1}\n")
    write(root, f"{PARAGRAPHS}/old-alder-council.md", "Old Alder Council, Old Alder\nCouncil.")

    assert {one.code for one in problems(root)} == {"no-contact"}


def test_a_paragraph_saved_under_another_s_name_is_told_by_whom_it_names(root: Path) -> None:
    write(root, f"{PARAGRAPHS}/birch-borough-council.md", "I welcome what Alder Council did.")

    assert listing(root) == [
        f"{PARAGRAPHS}/birch-borough-council.md:1:16: notice:"
        " this names another authority: Alder Council"
    ]


@pytest.mark.parametrize(
    "name", ["Alder Council", "ALDER council", "Alder, Council", "Älder Cöuncil", "Al’der Council"]
)
def test_a_name_whose_slug_is_the_authority_s_is_not_told(root: Path, name: str) -> None:
    edit(root / AUTHORITIES, "name: Alder Council", f'name: "{name}"')

    assert listing(root) == []


@pytest.mark.parametrize(
    "line",
    [
        "barrow-in-furness: {name: Barrow-in-Furness, ended: 2019-12-31}",
        "kings-lynn-and-west-norfolk: {name: King's Lynn & West Norfolk, ended: 2019-12-31}",
        "ynys-mon: {name: Ynys Môn, ended: 2019-12-31}",
        "st-helens: {name: St. Helens, ended: 2019-12-31}",
        "stoke-on-trent-2: {name: Stoke-on-Trent (2), ended: 2019-12-31}",
    ],
)
def test_accents_apostrophes_and_other_signs_are_no_part_of_a_slug(root: Path, line: str) -> None:
    register(root, line)

    assert listing(root) == []


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Elder Council", "its slug would be elder-council"),
        ("Alder Borough Council", "its slug would be alder-borough-council"),
        ("Älder and Ŵye", "its slug would be alder-and-wye"),
    ],
)
def test_a_name_of_another_slug_is_an_error_that_says_which(
    root: Path, name: str, whose: str
) -> None:
    edit(root / AUTHORITIES, "name: Alder Council", f"name: {name}")

    assert listing(root) == [
        f"{AUTHORITIES}:1:23: error: alder-council.name: this name is not the slug's: {whose}"
    ]


def test_two_names_that_changed_places_are_both_told(root: Path) -> None:
    edit(root / AUTHORITIES, "name: Alder Council", "name: Oak Council")
    edit(root / AUTHORITIES, "oak-council: {name: Oak", "oak-council: {name: Alder")

    this = "this name is not the slug's: that of"
    assert listing(root) == [
        f"{AUTHORITIES}:1:23: error: alder-council.name: {this} oak-council",
        f"{AUTHORITIES}:4:21: error: oak-council.name: {this} alder-council",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "E07000001",
            "E06000001",
            '1:50: error: alder-council.peer_group: "district", but the code E06000001 is a code of'
            " the peer group unitary",
        ),
        (
            "peer_group: district, gss_code: E07000001",
            "peer_group: unitary, gss_code: E07000001",
            '1:50: error: alder-council.peer_group: "unitary", but the code E07000001 is a code of'
            " the peer group district",
        ),
        (
            "peer_group: district, gss_code: E07000001",
            "gss_code: E07000001",
            "1:1: notice: alder-council: its code E07000001 is one of the peer group district,"
            " and it has none",
        ),
        (
            "Oak Council, peer_group: unitary",
            "Oak Council, peer_group: unitery",
            '4:46: error: oak-council.peer_group: there is no peer group "unitery"',
        ),
    ],
)
def test_a_peer_group_that_is_not_the_code_s_is_told_where_it_stands(
    root: Path, old: str, new: str, sentence: str
) -> None:
    edit(root / AUTHORITIES, old, new)

    assert listing(root) == [f"{AUTHORITIES}:{sentence}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("peer_group: district, gss_code: E07000001", "peer_group: district"),
        ("peer_group: district, gss_code: E07000001", "gss_code: W06000001"),
        ("Oak Council, peer_group: unitary", "Oak Council"),
        ("gss_code: E07000001", "gss_code: E07999999"),
    ],
)
def test_a_code_without_group_and_a_group_without_code_are_not_told(
    root: Path, old: str, new: str
) -> None:
    edit(root / AUTHORITIES, old, new)

    assert listing(root) == []


def test_a_group_of_which_no_codes_are_known_takes_every_authority(root: Path) -> None:
    with (root / "data/peer_groups.yaml").open("a") as groups:
        groups.write("parks: {}\n")
    edit(root / AUTHORITIES, "Oak Council, peer_group: unitary", "Oak Council, peer_group: parks")
    register(
        root,
        "dale-park: {name: Dale Park, peer_group: parks, gss_code: E26000001, ended: 2019-12-31}",
    )

    assert listing(root) == []


def accept(root: Path, code: str, value: str) -> None:
    write(
        root,
        ACCEPTED,
        f"accepted:\n  - {{code: {code}, authority: alder-council, value: {value}, because: It is so.}}\n",
    )


@pytest.mark.parametrize(
    ("code", "old", "new", "value"),
    [
        ("name-of-another-slug", "name: Alder Council", "name: The Alder", "The Alder"),
        ("peer-group-of-another-code", "E07000001", "E06000001", "district E06000001"),
        ("no-peer-group", "peer_group: district, gss_code: E07000001", "gss_code: E07000001", "E07000001"),
    ],
)  # fmt: skip
def test_what_the_office_accepts_of_the_register_is_silent_until_its_value_changes(
    root: Path, code: str, old: str, new: str, value: str
) -> None:
    edit(root / AUTHORITIES, old, new)
    assert [(one.code, one.value) for one in problems(root)] == [(code, value)]

    accept(root, code, value)
    assert problems(root) == []
    assert try_load(root, "2020")[0] is not None

    accept(root, code, "another")
    [problem] = problems(root)
    assert problem.code == code
    assert problem.hint.endswith(
        f"it was accepted with the value another ({ACCEPTED}:2), and it is {value} now"
    )


@pytest.mark.parametrize(
    ("group", "hint"),
    [
        ("unitery", 'did you mean "unitary"?'),
        ("shire", "there are county, district, metropolitan, unitary and london"),
    ],
)
def test_the_peer_groups_that_there_are_are_named(root: Path, group: str, hint: str) -> None:
    edit(
        root / AUTHORITIES, "Oak Council, peer_group: unitary", f"Oak Council, peer_group: {group}"
    )

    [problem] = problems(root)
    assert (problem.code, problem.hint) == ("no-such-peer-group", hint)


def test_a_peer_group_that_does_not_exist_cannot_be_accepted(root: Path) -> None:
    edit(root / AUTHORITIES, "district", "districts")
    accept(root, "no-such-peer-group", "districts")

    sentence = 'alder-council.peer_group: there is no peer group "districts"'
    assert f"{AUTHORITIES}:1:50: error: {sentence}" in listing(root)


def test_without_a_file_of_peer_groups_one_problem_says_so(root: Path) -> None:
    (root / "data/peer_groups.yaml").unlink()

    [problem] = problems(root)
    assert (str(problem.place), problem.code) == ("data/peer_groups.yaml:1:1", "no-peer-groups")


@pytest.mark.parametrize(
    "surname",
    ["Alder", "Lord", "Dean", "de la Mare", "O’Neill-Lord", "Mistry", "Drew", "Dame-Judi", "Ó Briain", "Masters Miss"],
)  # fmt: skip
def test_a_surname_that_is_one_is_not_told(root: Path, surname: str) -> None:
    edit(root / CONTACTS, "surname: Alder", f"surname: {surname}")

    assert listing(root) == []


@pytest.mark.parametrize(
    "surname",
    ["Ms Alder", "MS ALDER", "Dr. Alder", "Cllr Alder", "Professor Ann Alder", "Mx Alder"],
)
def test_a_title_within_the_surname_is_told(root: Path, surname: str) -> None:
    edit(root / CONTACTS, "surname: Alder", f"surname: {surname}")

    assert listing(root) == [
        f"{CONTACTS}:2:41: warning: alder-council.chief_executive.surname:"
        " the surname begins with a title, and the letter greets with both"
    ]


def test_the_data_of_2020_has_everybody_right(campaign_2020: Campaign) -> None:
    assert KINDS.isdisjoint(problem.code for problem in campaign_2020.problems)


def test_the_specimen_has_everybody_right(specimen: Campaign) -> None:
    assert KINDS.isdisjoint(problem.code for problem in specimen.problems)
