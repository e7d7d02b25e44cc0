"""A new year out of an earlier one: what is written, what is left empty, what is not taken over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from letters.campaign.load import examine, load
from letters.campaign.new_year import _moved_on, new_year
from letters.errors import CampaignError, UnknownCampaign
from letters.files import write_folders
from letters.source.reader import read
from tests.conftest import PROJECT
from tests.doing import edit, run
from tests.second_year import MAIDSTONE, begin_2021, project_of_2020


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project_of_2020(tmp_path)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_period_moves_on_and_dates_and_averages_are_empty(root: Path) -> None:
    begin_2021(root)

    value = read(root, "data/2021/letter.yaml").value
    assert value["templates"] == "2021"
    assert [str(day) for day in value["period"].values()] == ["2020-04-01", "2021-03-31"]
    assert (value["letter_date"], value["publication_date"]) == (None, None)
    assert {one for group in value["peer_averages"].values() for one in group.values()} == {None}
    assert value["expected"] == "all"
    assert not {"only", "accepted", "confirmed", "left_out"} & value.keys()


def test_the_rest_of_letter_yaml_stays_with_its_comments(root: Path) -> None:
    begin_2021(root)

    before, now = text(root / "data/2020/letter.yaml"), text(root / "data/2021/letter.yaml")
    assert now.startswith(
        "# yaml-language-server: $schema=../schema/letter.schema.json\n"
        "# What all letters of 2021 have in common."
    )
    for line in before.splitlines():
        if line.startswith("#") and "2020" not in line and "Who gets" not in line:
            assert line in now or "looked at" in line
    assert "watch_below: 100  # the preview marks letters with less" in now
    assert "the letters of 2021 print this total" in now


def test_each_authority_of_the_new_date_has_a_line_and_no_number(root: Path) -> None:
    begin_2021(root)

    value = read(root, "data/2021/statistics.yaml").value
    assert len(value) == 333
    assert "aylesbury-vale-district-council" not in value  # ended in 2020
    assert "kettering-borough-council" not in value  # ended on 31 March 2021
    assert "north-northamptonshire-council" in value  # began the day after
    assert "cumberland-council" not in value  # began in 2023
    assert value[MAIDSTONE] == dict.fromkeys(load(root, "2020").letter.counts)


def test_templates_name_the_new_year_where_they_named_the_other(root: Path) -> None:
    letter = root / "templates/2020/letter.html.jinja"
    picture = root / "templates/2020/pictures/map.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG 2020/letter.html.jinja")
    link = '<a href="https://www.example.org/2020/pictures/map.png">in 2020/21</a>'
    edit(
        letter,
        "<h2>",
        f'{{{{ picture("2020/pictures/map.png", alt="A map") }}}}{link}{{# 2020 #}}<h2>',
    )
    (root / "templates/2020/letter.html.jinja~").write_text("left by an editor")
    begin_2021(root)

    assert files(root / "templates/2021").keys() == files(root / "templates/2020").keys() - {
        "letter.html.jinja~"
    }
    words = text(root / "templates/2021/letter.html.jinja")
    assert '{{ picture("2021/pictures/map.png", alt="A map") }}' in words
    assert '{% from "2021/statistics.html.jinja" import' in words
    assert link + "{# 2021 #}" in words
    assert (root / "templates/2021/pictures/map.png").read_bytes() == picture.read_bytes()
    assert "of 2021 look" in text(root / "templates/2021/brand.yaml")


def test_nothing_is_taken_over_that_is_about_single_letters(root: Path) -> None:
    for name in ("approvals.yaml", "sent.yaml", "paragraphs/a.md", "attachments/a/cases.txt"):
        path = root / "data/2020" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    before = files(root / "data/2020") | files(root / "templates/2020")
    begin_2021(root)

    assert files(root / "data/2021").keys() == {
        "SOURCES.md", "contacts.yaml", "letter.yaml", "statistics.yaml"
    }  # fmt: skip
    assert files(root / "data/2020") | files(root / "templates/2020") == before


def test_contacts_go_where_they_came_from_without_those_who_have_ended(root: Path) -> None:
    contacts = root / "data/2020/contacts.yaml"
    with contacts.open("a", encoding="utf-8") as file:
        file.write("\n# has ended\nkettering-borough-council:\n  copies: []\n")
    (root / "private/2020").mkdir(parents=True)
    shutil.move(contacts, root / "private/2020/contacts.yaml")
    begin_2021(root)

    made = root / "private/2021/contacts.yaml"
    assert not (root / "data/2021/contacts.yaml").exists()
    assert text(made) == text(root / "private/2020/contacts.yaml").partition("\n# has ended")[0]
    assert made.stat().st_mode & 0o77 == 0
    assert MAIDSTONE in examine(root, "2020").campaign.contacts  # type: ignore[union-attr]


def test_sources_have_a_line_for_each_count_fact_and_group(root: Path) -> None:
    begin_2021(root)

    lines = text(root / "data/2021/SOURCES.md").splitlines()
    for name in ("upheld", "training.courses", "links.map", "averages: district", "signatory"):
        assert f"| {name} | |" in lines


@pytest.mark.parametrize("there", ["data/2021/notes.txt", "templates/2021/x.css"])
def test_nothing_is_written_over(root: Path, there: str) -> None:
    (root / there).parent.mkdir(parents=True)
    (root / there).write_text("mine")
    before = files(root)

    with pytest.raises(CampaignError, match="this is there already, and nothing is written over"):
        new_year(root, "2021", "2020")
    assert files(root) == before


def test_private_contacts_of_the_new_year_are_not_written_over(root: Path) -> None:
    (root / "private/2021").mkdir(parents=True)
    (root / "private/2021/contacts.yaml").write_text("mine")

    with pytest.raises(CampaignError, match=r"private/2021/contacts\.yaml"):
        new_year(root, "2021", "2020")


@pytest.mark.parametrize("name", ["Year 2021", "../2021", "base", "schema", "2021/x", ""])
def test_a_year_has_a_name_that_a_folder_of_ours_may_have(root: Path, name: str) -> None:
    before = files(root)

    with pytest.raises(CampaignError):
        new_year(root, name, "2020")
    assert files(root) == before


def test_a_year_is_made_from_one_that_is_there(root: Path) -> None:
    with pytest.raises(UnknownCampaign, match="there is 2020"):
        new_year(root, "2021", "2019")
    told = run("new", "2021", "--from", "2019", "--root", root)
    assert told.exit_code == 2


def test_a_year_that_cannot_be_read_stops_it(root: Path) -> None:
    (root / "data/2020/letter.yaml").write_text("counts: {a: [")

    with pytest.raises(CampaignError, match=r"data/2020/letter\.yaml"):
        new_year(root, "2021", "2020")
    assert not (root / "data/2021").exists()


def test_a_full_disk_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(root)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr("letters.files._put", full)
    assert run("new", "2021", "--from", "2020", "--root", root).exit_code == 1
    assert files(root) == before


def test_folders_are_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    folders = {tmp_path / "a": {"x/y": b"1"}, tmp_path / "b": {"z": b"2"}}

    with pytest.raises(FileExistsError):
        write_folders(folders, {tmp_path / "p/q": b"3"})
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    (tmp_path / "b").rmdir()
    write_folders(folders, {tmp_path / "p/q": b"3"})
    assert files(tmp_path) == {"a/x/y": b"1", "b/z": b"2", "p/q": b"3"}


def test_a_year_made_from_a_specimen_has_none_of_what_is_invented(tmp_path: Path) -> None:
    root = project_of_2020(tmp_path)
    edit(root / "data/2020/letter.yaml", "pages: 3", "pages: 3\nspecimen: true")
    begin_2021(root)

    value = read(root, "data/2021/letter.yaml").value
    assert "specimen" not in value
    assert value["signatory"] == {"name": None, "posts": None}
    assert value["facts"]["training"] == dict.fromkeys(("courses", "more_than_last_year", "people"))
    assert not (root / "data/2021/contacts.yaml").exists()


@pytest.mark.parametrize(
    ("earlier", "year", "start"),
    [
        ("2020", "2022", "2021-04-01"),
        ("2020", "2021-b", "2020-04-01"),
        ("2020", "next", "2020-04-01"),
    ],
)
def test_the_period_moves_on_as_far_as_the_names_tell(
    root: Path, earlier: str, year: str, start: str
) -> None:
    new_year(root, year, earlier)

    assert str(read(root, f"data/{year}/letter.yaml").value["period"]["start"]) == start


def test_a_year_before_the_one_it_is_made_from_is_refused(root: Path) -> None:
    with pytest.raises(CampaignError, match="2019 is before 2020, and a new year comes after"):
        new_year(root, "2019", "2020")
    for year in ("0001", "9999"):
        with pytest.raises(CampaignError, match="expected a year from 1900 to 2199"):
            new_year(root, year, "2020")


def test_only_names_of_files_are_rewritten_in_letter_yaml(root: Path) -> None:
    letter = root / "data/2020/letter.yaml"
    edit(
        letter,
        "facts:\n",
        'facts:\n  label: 2020/21\n  title: "2020/21: a year of change"\n  map: 2020/map.svg\n',
    )
    (root / "templates/2020/map.svg").write_text("<svg/>")
    begin_2021(root)

    facts = read(root, "data/2021/letter.yaml").value["facts"]
    assert (facts["label"], facts["title"]) == ("2020/21", "2020/21: a year of change")
    assert facts["map"] == "2021/map.svg"


def test_a_comment_between_a_key_and_its_value_stays_one(root: Path) -> None:
    edit(root / "data/2020/letter.yaml", 'templates: "2020"', 'templates: # the words\n  "2020"')
    edit(
        root / "data/2020/letter.yaml",
        "letter_date: 2020-07-22",
        "letter_date: # a day\n  2020-07-22",
    )
    begin_2021(root)

    value = read(root, "data/2021/letter.yaml").value
    assert (value["templates"], value["letter_date"]) == ("2021", None)


@pytest.mark.parametrize("form", ["flow", "indented"])
def test_a_file_that_is_not_written_by_lines_stops_it(root: Path, form: str) -> None:
    path = root / "data/2020/letter.yaml"
    lines = [line for line in text(path).splitlines() if line and not line.startswith("#")]
    if form == "flow":
        path.write_text('{templates: "2020", counts: {a: {singular: b, plural: bs}}, only: [c]}\n')
    else:
        path.write_text("".join(f"  {line}\n" for line in lines), encoding="utf-8")

    with pytest.raises(CampaignError, match="written in a way that 2021 cannot be made from"):
        new_year(root, "2021", "2020")
    assert not (root / "data/2021").exists()


@pytest.mark.parametrize("content", ["{{{", "[a, b]"])
def test_contacts_that_cannot_be_read_stop_it(root: Path, content: str) -> None:
    (root / "data/2020/contacts.yaml").write_text(content)

    with pytest.raises(CampaignError, match=r"data/2020/contacts\.yaml"):
        new_year(root, "2021", "2020")


def test_contacts_of_an_authority_that_was_renamed_go_with_it(root: Path) -> None:
    edit(root / "data/2020/contacts.yaml", MAIDSTONE, "old-maidstone-council")
    edit(root / "data/authorities.yaml", "{name: Maidstone Borough Council,",
         "{name: Maidstone Borough Council, formerly: [old-maidstone-council],")  # fmt: skip
    begin_2021(root)

    assert MAIDSTONE in read(root, "data/2021/contacts.yaml").value


def test_a_year_without_words_stops_it(root: Path) -> None:
    shutil.rmtree(root / "templates/2020")

    with pytest.raises(CampaignError, match="there are no words to make 2021 from"):
        new_year(root, "2021", "2020")


def test_the_last_day_of_february_stays_the_last(root: Path) -> None:
    edit(
        root / "data/2020/letter.yaml",
        "start: 2019-04-01, end: 2020-03-31",
        "start: 2019-03-01, end: 2020-02-29",
    )
    new_year(root, "2021", "2020")

    period = read(root, "data/2021/letter.yaml").value["period"]
    assert [str(day) for day in period.values()] == ["2020-03-01", "2021-02-28"]


def test_the_command_says_what_it_did_and_what_comes_next_in_ten_lines(root: Path) -> None:
    told = run("new", "2021", "--from", "2020", "--root", root).output

    assert len(told.splitlines()) <= 10
    assert "letters check 2021" in told
    assert "a line for each of 333 authorities" in told


def test_the_year_that_was_sent_is_the_same_to_the_byte(root: Path) -> None:
    kept = files(PROJECT / "data/2020") | files(PROJECT / "templates/2020")
    begin_2021(root)

    assert files(root / "data/2020") | files(root / "templates/2020") == kept
    assert examine(root, "2020").problems == ()


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("Complaints decided 2020-21.xlsx", "Complaints decided 2021-22.xlsx"),
        ("Figures 2019/20 (2)", "Figures 2020/21 (2)"),
        ("1999-00", "2000-01"),
        ("Figures 2020", "Figures 2021"),
        ("As of 2020-03-31", "As of 2021-03-31"),
        ("Figures 2020-12", "Figures 2021-12"),
        ("Case 12020", "Case 12020"),
    ],
)
def test_years_in_names_of_workbooks_move_on(name: str, later: str) -> None:
    assert _moved_on(name, 1) == later
