"""One campaign's folder as a Campaign, or every problem of every file."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters.campaign.load import campaigns, load, require_campaign, try_load
from letters.errors import CampaignError, Place, Severity, UnknownCampaign

PROJECT = Path(__file__).parents[2]
SOUND = Path(__file__).parents[1] / "broken" / "sound"
FILES = (
    "data/authorities.yaml",
    "data/2020/letter.yaml",
    "data/2020/statistics.yaml",
    "data/2020/contacts.yaml",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A sound campaign 2020 to break."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    return tmp_path


def listing(root: Path) -> list[str]:
    """The problems of 2020, hints left out."""
    return [str(problem).split("\n")[0] for problem in try_load(root, "2020")[1]]


def test_a_sound_campaign_has_all_its_parts(root: Path) -> None:
    campaign = load(root, "2020")

    assert campaign.year == "2020"
    assert campaign.letter.templates == "2020"
    assert campaign.register["alder-council"].name == "Alder Council"
    assert campaign.statistics["alder-council"] == {"investigations": 11, "upheld": 7}
    assert campaign.contacts["cedar-city-council"].copies == ()
    assert campaign.paragraphs == {"alder-council": "We welcome the council's *prompt* replies.\n"}
    assert campaign.problems == ()


def test_a_campaign_knows_where_its_numbers_stand(root: Path) -> None:
    places = load(root, "2020").places

    assert (
        str(places["statistics"].value("alder-council", "upheld"))
        == "data/2020/statistics.yaml:1:45"
    )
    assert (
        str(places["letter"].value("peer_averages", "district", "uphold_rate"))
        == "data/2020/letter.yaml:13:27"
    )
    assert str(places["authorities"].key("oak-council")) == "data/authorities.yaml:4:1"


def test_a_campaign_can_be_sent_to_another_process(root: Path) -> None:
    campaign = load(root, "2020")

    assert pickle.loads(pickle.dumps(campaign)) == campaign


def test_an_unknown_campaign_says_the_same_in_another_process(root: Path) -> None:
    with pytest.raises(UnknownCampaign) as caught:
        require_campaign(root, "1999")
    sent = pickle.loads(pickle.dumps(caught.value))
    assert (str(sent), sent.problem) == (str(caught.value), caught.value.problem)
    assert (sent.problem.place, sent.problem.sentence) == (Place("data/1999"), str(sent))


def test_warnings_do_not_stop_a_campaign(root: Path) -> None:
    (root / "data/2020/contacts.yaml").unlink()

    campaign = load(root, "2020")

    assert [str(problem) for problem in campaign.problems] == [
        "data/2020/contacts.yaml:1:1: warning: there is no such file,"
        " so every letter will be addressed to the Chief Executive"
    ]
    assert campaign.contacts == {}


def test_an_error_stops_a_campaign_and_carries_every_problem(root: Path) -> None:
    (root / "data/2020/contacts.yaml").unlink()
    statistics = root / "data/2020/statistics.yaml"
    statistics.write_text(statistics.read_text().replace("{investigations: 11, upheld: 7}", "12"))

    with pytest.raises(CampaignError) as caught:
        load(root, "2020")

    assert [problem.severity for problem in caught.value.problems] == [
        Severity.WARNING,
        Severity.ERROR,
    ]
    assert "data/2020/statistics.yaml:1:16: error: alder-council: expected" in str(caught.value)


@pytest.mark.parametrize("file", ["data/authorities.yaml", "data/2020/statistics.yaml"])
def test_a_missing_file_is_an_error(root: Path, file: str) -> None:
    (root / file).unlink()

    assert listing(root) == [f"{file}:1:1: error: there is no such file, and a campaign needs it"]


@pytest.mark.parametrize(
    ("file", "misnamed"),
    [
        ("data/2020/statistics.yaml", "statistic.yaml"),
        ("data/2020/contacts.yaml", "contacts.yml"),
        ("data/authorities.yaml", "authorities.yaml.txt"),
    ],
)
def test_a_missing_file_asks_for_the_one_that_was_meant(
    root: Path, file: str, misnamed: str
) -> None:
    (root / file).rename((root / file).with_name(misnamed))

    [problem] = try_load(root, "2020")[1]

    assert problem.hint == f'did you mean "{misnamed}"?'


@pytest.mark.parametrize("file", FILES)
def test_a_folder_in_place_of_a_file_is_an_error(root: Path, file: str) -> None:
    (root / file).unlink()
    (root / file).mkdir()

    assert f"{file}:1:1: error: this is a folder; a file is wanted" in listing(root)


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_is_an_error(root: Path, file: str) -> None:
    (root / file).write_bytes(b"")

    assert f"{file}:1:1: error: the file is empty" in listing(root)


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_10_mb_is_refused_for_its_size(root: Path, file: str) -> None:
    (root / file).write_text("[" * 10_000_000)

    assert any(
        line.startswith(f"{file}:1:1: error: the file is larger than") for line in listing(root)
    )


def test_a_file_in_place_of_the_paragraphs_is_an_error(root: Path) -> None:
    shutil.rmtree(root / "data/2020/paragraphs")
    (root / "data/2020/paragraphs").touch()

    assert listing(root) == [
        "data/2020/paragraphs:1:1: error: this folder cannot be read: not a directory"
    ]


def test_no_paragraphs_are_none(root: Path) -> None:
    shutil.rmtree(root / "data/2020/paragraphs")

    assert load(root, "2020").paragraphs == {}


def test_hidden_files_among_the_paragraphs_are_passed_over(root: Path) -> None:
    (root / "data/2020/paragraphs/.gitkeep").touch()

    assert load(root, "2020").problems == ()


def test_a_paragraph_that_is_not_utf_8_has_its_line_and_column(root: Path) -> None:
    (root / "data/2020/paragraphs/alder-council.md").write_bytes(
        "We welcome it.\n\nThe café.\n".encode("cp1252")
    )

    assert listing(root) == [
        "data/2020/paragraphs/alder-council.md:3:8: error: the byte 0xE9 is not UTF-8"
    ]


def test_line_ends_of_windows_in_a_paragraph_are_read_as_ours(root: Path) -> None:
    (root / "data/2020/paragraphs/alder-council.md").write_bytes(b"One.\r\n\r\nTwo.\r\n")

    assert load(root, "2020").paragraphs["alder-council"] == "One.\n\nTwo.\n"


def test_without_templates_the_letter_says_so(root: Path) -> None:
    shutil.rmtree(root / "templates")

    sentence = 'templates: templates/ holds no folder of a year\'s words called "2020"'
    assert listing(root) == [f"data/2020/letter.yaml:1:12: error: {sentence}"]


@pytest.mark.parametrize("name", ["base", "..", ".", "2020/", "../templates/2020", "/"])
def test_a_template_folder_is_one_below_templates_and_not_the_shared_one(
    root: Path, name: str
) -> None:
    letter = root / "data/2020/letter.yaml"
    letter.write_text(letter.read_text().replace('"2020"', f'"{name}"', 1))

    assert len(listing(root)) == 1


def test_the_campaigns_are_the_folders_with_a_letter(root: Path) -> None:
    shutil.copytree(root / "data/2020", root / "data/specimen")
    (root / "data/schema").mkdir()

    assert campaigns(root) == ("2020", "specimen")


@pytest.mark.parametrize(
    "year", ["2021", "", ".", "..", "/", "2020/", "data/2020", "schema", "2020\0", "x" * 5000]
)
def test_an_unknown_year_is_told_which_there_are(root: Path, year: str) -> None:
    shutil.copytree(root / "data/2020", root / "data/specimen")

    with pytest.raises(
        UnknownCampaign, match=r"^there is no campaign .* under data/: there are 2020, specimen$"
    ):
        try_load(root, year)


def test_a_folder_without_a_letter_is_no_campaign(root: Path) -> None:
    (root / "data/2021").mkdir()

    with pytest.raises(UnknownCampaign) as caught:
        load(root, "2021")

    assert (
        str(caught.value)
        == 'there is no campaign "2021": data/2021/ holds no letter.yaml; there is 2020'
    )


@pytest.mark.parametrize(
    "name",
    ["statistics.yaml~", "letter.yaml.orig", ".letter.yaml.swp", "#letter.yaml#", "Thumbs.db"],
)
def test_what_editors_and_systems_leave_behind_is_passed_over(root: Path, name: str) -> None:
    (root / "data/2020/paragraphs").mkdir(exist_ok=True)
    (root / "data/2020" / name).write_bytes(b"\xff")
    (root / "data/2020/paragraphs" / name).write_bytes(b"\xff")

    assert try_load(root, "2020")[1] == ()


@pytest.mark.parametrize(
    ("year", "hint"),
    [
        ("2024 b", 'did you mean "2024-b"?'),
        ("2024é", 'did you mean "2024e"?'),
        ("2024_b", 'did you mean "2024-b"?'),
        ("Specimen", 'did you mean "specimen"?'),
        ("a" * 101, "give the folder another name, such as 2024"),
    ],
)
def test_a_campaign_s_folder_is_named_by_a_slug(root: Path, year: str, hint: str) -> None:
    shutil.copytree(root / "data/2020", root / "data" / year)

    for reading in (load, try_load, require_campaign):
        with pytest.raises(CampaignError) as caught:
            reading(root, year)
        (problem,) = caught.value.problems
        assert (problem.place, problem.code) == (Place(f"data/{year}"), "not-a-slug")
        assert problem.hint == hint
    assert campaigns(root) == ("2020",), "nobody is offered it"
    assert load(root, "2020").year == "2020"


def test_a_letter_of_another_name_is_told_how_it_must_be_called(root: Path) -> None:
    shutil.copytree(root / "data/2020", root / "data/2021")
    (root / "data/2021/letter.yaml").rename(root / "data/2021/letter.yml")

    with pytest.raises(UnknownCampaign) as caught:
        load(root, "2021")

    assert str(caught.value) == (
        'there is no campaign "2021": data/2021/ holds letter.yml, which must be called letter.yaml; there is 2020'
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("paragraph/", "paragraphs/"),
        ("PARAGRAPHS-OLD/", "paragraphs/"),
        ("attachment/", "attachments/"),
        ("Approvals.yml", "approvals.yaml"),
        ("statistics.yaml.old", "statistics.yaml"),
        ("source.md", "SOURCES.md"),
    ],
)
def test_what_is_named_like_a_file_or_folder_of_ours_is_a_warning(
    root: Path, name: str, meant: str
) -> None:
    path = root / "data/2020" / name
    path.mkdir() if name.endswith("/") else path.touch()

    assert [str(problem) for problem in try_load(root, "2020")[1]] == [
        f'data/2020/{path.name}:1:1: warning: this is not read\n    hint: did you mean "{meant}"?'
    ]


@pytest.mark.parametrize(
    "name", ["SOURCES.md", "approvals.yaml", "minutes.txt", ".statistics.yaml.swp", "2019.csv"]
)
def test_what_has_its_own_name_beside_our_files_is_no_problem(root: Path, name: str) -> None:
    (root / "data/2020" / name).touch()

    assert listing(root) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("One.\n\n  ## Two\n", "3:3: warning: a heading is printed as it is written"),
        ("Two\n===\n", "2:1: warning: a line of signs is printed as it is written"),
        ("One.\n\n--|--\n", "3:1: warning: a table is printed as it is written"),
        ("See <br/> there.", "1:5: warning: HTML is printed as it is written"),
        ("A </p>.", "1:3: warning: HTML is printed as it is written"),
        ("A ![b](c).", "1:3: warning: a picture is printed as it is written"),
        ("```\nx\n```\n", "1:1: warning: code is printed as it is written"),
        ("Press `x`.", "1:7: warning: code is printed as it is written"),
        ("> One.\n> Two.", "1:1: warning: a block quote is printed as it is written"),
    ],
)
def test_markdown_that_a_letter_prints_as_written_is_a_warning(
    root: Path, text: str, problem: str
) -> None:
    (root / "data/2020/paragraphs/alder-council.md").write_text(text)

    assert listing(root) == [f"data/2020/paragraphs/alder-council.md:{problem}"]


@pytest.mark.parametrize(
    "text",
    [
        "#1 of 2, C# and # alone",
        "5 < 7 and 7 > 5, a<b, <https://www.lgo.org.uk>, <a@b.example>, \\<b>",
        "- one\n- two\n\n1. three",
        "*so* and **so**, [there](https://www.lgo.org.uk)! [Here](mailto:a@b.example) [and](HTTPS://www.lgo.org.uk)",
        "one | two",
        "the council`s reply",
    ],
)
def test_markdown_that_a_letter_has_is_no_problem(root: Path, text: str) -> None:
    (root / "data/2020/paragraphs/alder-council.md").write_text(text)

    assert listing(root) == []


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownCampaign) as caught:
        load(tmp_path, "2020")

    assert str(caught.value) == (
        f'there is no campaign "2020": the folder "{tmp_path}" holds no folder data/; --root names the one that does'
    )


def test_data_without_a_campaign_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    with pytest.raises(UnknownCampaign) as caught:
        load(tmp_path, "2020")

    assert str(caught.value) == 'there is no campaign "2020" under data/: there is none yet'


def test_problems_come_in_the_order_of_the_files(root: Path) -> None:
    (root / "data/2020/statistics.yaml").write_text("zz-council: {b: -1, a: -1}\nAA: 1\n")
    (root / "data/authorities.yaml").write_text("alder-council: 1\n")

    places = [problem.place for problem in try_load(root, "2020")[1]]

    assert places == sorted(places)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data(), file=st.sampled_from(FILES))
def test_a_campaign_with_a_few_signs_changed_is_sound_or_has_errors(
    root: Path, data: st.DataObject, file: str
) -> None:
    text = (SOUND / file).read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 12, len(text))))
    piece = data.draw(
        st.text(alphabet="ab1-:{}[], \n\"'#&*!~é", max_size=6)
        | st.sampled_from(["null", "[]", "{}"])
    )
    (root / file).write_text(text[:start] + piece + text[end:])
    try:
        campaign, problems = try_load(root, "2020")
    finally:
        (root / file).write_text(text)

    assert (campaign is None) == any(problem.stops for problem in problems)


def test_reading_loads_nothing_of_the_typesetter_or_the_commands() -> None:
    code = (
        "import sys, letters.campaign.load; "
        "print([m for m in ('jinja2', 'weasyprint', 'click') if m in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert printed.stdout == "[]\n"
