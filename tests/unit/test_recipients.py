"""Who should have figures and who gets a letter."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from letters.campaign.load import examine, load
from letters.campaign.records import Letter
from letters.check import gather
from letters.errors import CampaignError, Problem
from letters.figures import peer_averages
from tests.conftest import PROJECT
from tests.doing import edit
from tests.second_year import CALDERDALE, MAIDSTONE, project_of_2020

BIRCH = "ashford-borough-council"
COUNTS = (
    "{investigations: 4, upheld: 0, compliance_outcomes: 1, complied: 1, satisfactory_remedies: 0}"
)
ONLY = f"only: [{CALDERDALE}, {MAIDSTONE}]"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project_of_2020(tmp_path)


def say(root: Path, words: str) -> None:
    """Write it in letter.yaml in the place of the two councils of 2020."""
    edit(root / "data/2020/letter.yaml", ONLY, words)


def add(root: Path, line: str) -> None:
    with (root / "data/2020/statistics.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def told(root: Path) -> list[tuple[str, str]]:
    return [(one.code, one.authority or one.value) for one in problems(root)]


def problems(root: Path) -> tuple[Problem, ...]:
    return examine(root, "2020").problems


def test_2020_declares_its_two_and_has_no_problem(root: Path) -> None:
    assert problems(root) == ()
    assert load(PROJECT, "2020").letter.only == (CALDERDALE, MAIDSTONE)


def test_an_authority_that_is_lost_is_an_error(root: Path) -> None:
    statistics = root / "data/2020/statistics.yaml"
    lines = statistics.read_text(encoding="utf-8").splitlines()
    statistics.write_text("\n".join(line for line in lines if MAIDSTONE not in line))

    assert ("no-figures", MAIDSTONE) in told(root)
    with pytest.raises(CampaignError):
        gather(root, "2020", mail=False).sound()


def test_where_all_are_expected_those_without_figures_are_one_line(root: Path) -> None:
    say(root, "expected: all")

    assert told(root) == [("many-without-figures", "337")]
    [problem] = problems(root)
    assert problem.sentence.startswith(
        "337 authorities have no figures yet: adur-district-council,"
    )


def test_who_did_not_exist_on_the_date_is_not_missed(root: Path) -> None:
    say(root, "expected: all")
    day = "letter_date: 2020-03-31\npublication_date: 2020-04-07"
    edit(
        root / "data/2020/letter.yaml", "letter_date: 2020-07-22\npublication_date: 2020-07-29", day
    )

    assert told(root) == [("many-without-figures", "341")]


def test_who_is_left_out_needs_no_figures_and_gets_no_letter(root: Path) -> None:
    say(root, f"only: [{MAIDSTONE}]\nleft_out: {{{CALDERDALE}: Its figures are in dispute.}}")

    assert told(root) == []
    assert list(load(root, "2020").statistics) == [MAIDSTONE]


def test_an_authority_with_figures_that_only_does_not_name_is_a_warning(root: Path) -> None:
    say(root, f"only: [{MAIDSTONE}]")

    assert ("not-in-only", CALDERDALE) in told(root)
    assert list(load(root, "2020").statistics) == [MAIDSTONE]


def test_a_count_may_be_too_small_for_a_letter(root: Path) -> None:
    say(root, f"{ONLY}\nletter_if: {{investigations: {{at_least: 12}}}}")

    campaign = load(root, "2020")
    assert list(campaign.statistics) == [CALDERDALE]
    assert list(campaign.without_letter) == [MAIDSTONE]
    assert told(root) == []


def test_figures_without_a_letter_count_in_averages(root: Path) -> None:
    letter = root / "data/2020/letter.yaml"
    text = letter.read_text(encoding="utf-8")
    start, end = text.index("peer_averages:"), text.index("\n\n# What has been looked at")
    letter.write_text(text[:start] + "peer_averages: computed" + text[end:], encoding="utf-8")
    add(root, f"{BIRCH}: {COUNTS}")
    say(
        root,
        f"only: [{CALDERDALE}, {MAIDSTONE}, {BIRCH}]\nletter_if: {{investigations: {{at_least: 5}}}}",
    )

    campaign = load(root, "2020")
    assert BIRCH not in campaign.statistics
    assert peer_averages(campaign)["district"]["uphold_rate"] == Fraction(700, 15)


def test_a_paragraph_for_somebody_without_a_letter_is_an_error(root: Path) -> None:
    say(root, f"{ONLY}\nletter_if: {{investigations: {{at_least: 12}}}}")
    (root / "data/2020/paragraphs").mkdir()
    (root / f"data/2020/paragraphs/{MAIDSTONE}.md").write_text("Well done.\n")

    assert told(root) == [("paragraph-for-nobody", MAIDSTONE)]


def test_a_line_without_figures_waits_for_them_and_the_others_can_be_shown(root: Path) -> None:
    add(root, f"{BIRCH}: {{investigations: , upheld: }}")
    add(root, "arun-district-council:")
    say(root, f"only: [{CALDERDALE}, {MAIDSTONE}, {BIRCH}, arun-district-council]")

    assert told(root) == [("no-figures", BIRCH), ("no-figures", "arun-district-council")]
    campaign = examine(root, "2020").campaign
    assert campaign
    assert (len(campaign.statistics), campaign.awaited) == (2, (BIRCH, "arun-district-council"))
    with pytest.raises(CampaignError):
        gather(root, "2020", mail=False).sound()
    assert len(gather(root, "2020", mail=False).sound(unfinished=True).campaign.statistics) == 2


def test_a_figure_missing_beside_others_is_told_as_before(root: Path) -> None:
    add(root, f"{BIRCH}: {{investigations: 4, upheld: }}")

    assert ("not-a-whole-number", BIRCH) in told(root)
    assert examine(root, "2020").campaign is None


def test_contacts_may_stand_in_private_and_not_in_both(root: Path) -> None:
    private = root / "private/2020/contacts.yaml"
    private.parent.mkdir(parents=True)
    private.write_bytes((root / "data/2020/contacts.yaml").read_bytes())
    assert told(root) == [("in-both-folders", "")]

    (root / "data/2020/contacts.yaml").unlink()
    assert told(root) == []
    assert load(root, "2020").contacts[MAIDSTONE].chief_executive
    edit(private, "surname: Broom", "surnam: Broom")
    assert {str(one.place.file) for one in problems(root)} == {"private/2020/contacts.yaml"}


@pytest.mark.parametrize(
    "link", ["private", "private/2020", "private/2020/attachments", "data/2020/attachments"]
)
def test_a_folder_of_confidential_files_that_leads_nowhere_is_an_error(
    root: Path, link: str
) -> None:
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(root / "unmounted")

    assert ("link-to-nowhere", "") in told(root)


def test_no_average_is_missed_of_a_group_that_gets_no_letter(root: Path) -> None:
    add(root, "kent-county-council: {}")

    assert told(root) == []


def test_private_is_looked_at_for_what_is_misnamed_there(root: Path) -> None:
    (root / "private/2020").mkdir(parents=True)
    (root / "private/2020/contact.yaml").write_text("")
    (root / "private/2020/Authority figures 2020.xlsx").write_text("")

    assert told(root) == [("name-not-read", "contact.yaml")]


def test_a_change_is_unusual_beyond_three_times_if_nobody_says_otherwise() -> None:
    assert Letter.model_fields["unusual_change"].default == 3
