"""From workbooks to a year's files: what changes, what is left alone, and again and again."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from letters.campaign.lock import load_lock
from letters.errors import CampaignError
from letters.intake.changes import write
from letters.intake.sources import NotAsked
from letters.intake.workbooks import read
from tests.books import told, write_xlsx
from tests.doing import edit, run, said_in
from tests.offices import (
    ADUR,
    ARUN,
    CASES,
    CONTACTS,
    COUNTS,
    FIGURES,
    MAIDSTONE,
    ROWS,
    Office,
    register_line,
    statistics_text,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def ready(office: Office) -> Office:
    """With figures imported."""
    office.says(FIGURES)
    office.figures()
    office.write()
    return office


def with_row(row: list[Any]) -> tuple[list[Any], ...]:
    """The rows of the workbook, with another one for one authority."""
    return tuple(row if one[0] == row[0] else one for one in ROWS)


# figures


def test_figures_come_into_statistics_yaml_each_with_its_cell(ready: Office) -> None:
    assert ready.statistics() == {
        ADUR: [5, 3, 2, 2, 0],
        ARUN: [4, 0, 0, 0, 0],
        MAIDSTONE: [3, 2, 2, 1, 1],
    }
    locked = load_lock(ready.root, "2021")
    assert locked.authorities[MAIDSTONE].counts["complied"].value == 1
    assert locked.authorities[MAIDSTONE].counts["complied"].cells == ("Figures.xlsx!Figures!E4",)
    assert list(locked.workbooks) == ["Figures.xlsx"]


def test_without_write_nothing_is_written(office: Office) -> None:
    office.says(FIGURES)
    office.figures()
    before = office.snapshot()

    result = run("import", "2021", "--root", office.root)

    assert result.exit_code == 0
    assert "  3 authorities get their first figures:\n" in result.output
    assert result.output.endswith("2021: nothing is written. Next: the same with --write\n")
    assert office.snapshot() == before


def test_an_unchanged_workbook_changes_nothing(ready: Office) -> None:
    before = ready.snapshot()

    result = run("import", "2021", "--root", ready.root, "--write")

    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "2021: nothing to change")
    assert ready.snapshot() == before


def test_remarks_and_other_lines_stay_as_they_are(office: Office) -> None:
    office.says(FIGURES)
    office.figures()
    edit(
        office.data / "statistics.yaml",
        f"{ADUR}: {{investigations: ",
        f"# about Adur\n{ADUR}: {{investigations: ",
    )
    before = (office.data / "statistics.yaml").read_text(encoding="utf-8").splitlines()

    office.write()

    after = (office.data / "statistics.yaml").read_text(encoding="utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert "# about Adur" in after and len(after) == len(before) and len(changed) == 3


def test_a_file_with_no_line_for_an_authority_gets_one_in_its_place(office: Office) -> None:
    office.says(FIGURES)
    office.figures()
    line = ", ".join(f"{name}: 0" for name in COUNTS)
    text = f"# ours\n\nbabergh-district-council: {{{line}}}\n"
    (office.data / "statistics.yaml").write_text(text, encoding="utf-8")

    office.write()

    assert list(office.statistics()) == [ADUR, ARUN, "babergh-district-council", MAIDSTONE]
    (office.data / "statistics.yaml").unlink()
    (office.data / "import.lock.yaml").unlink()
    office.write()
    assert list(office.statistics()) == [ADUR, ARUN, MAIDSTONE]


def test_a_changed_workbook_shows_what_changed_the_biggest_first(ready: Office) -> None:
    ready.figures(
        ["Adur District Council", 50, 4, 2, 2, 0],
        ROWS[2],
        ["Ashford Borough Council", 1, 1, 0, 0, 0],
    )

    result = run("import", "2021", "--root", ready.root, "--write")

    assert result.exit_code == 0
    names = "investigations  upheld  compliance outcomes  complied  satisfactory remedies"
    assert said_in(ready.root, result.output).splitlines()[-11:] == [
        "  1 authority gets its first figures:",
        f"    authority                {names}",
        "    ashford-borough-council               1       1                    0         0"
        "                      0",
        "  1 authority is in no workbook any more, and had:",
        f"    authority              {names}",
        f"    {ARUN}               4       0                    0         0                      0",
        "  2 numbers of 1 authority changed:",
        "    authority              count              was      is",
        f"    {ADUR}  investigations       5      50",
        f"    {ADUR}  upheld               3       4",
        "2021: written. Next: letters check 2021",
    ]
    assert ready.statistics() == {
        ADUR: [50, 4, 2, 2, 0],
        "ashford-borough-council": [1, 1, 0, 0, 0],
        MAIDSTONE: [3, 2, 2, 1, 1],
    }
    assert f"{ARUN}: {{investigations: , " in statistics_text(ready)


def test_what_was_changed_by_hand_is_left_alone_unless_it_is_named(ready: Office) -> None:
    edit(
        ready.data / "statistics.yaml",
        f"{ADUR}: {{investigations: 5, upheld: 3",
        f"{ADUR}: {{investigations: 5, upheld: 4",
    )
    ready.figures(*with_row(["Adur District Council", 6, 3, 2, 2, 0]))

    result = run("import", "2021", "--root", ready.root, "--write")
    assert result.exit_code == 3
    assert f"  {ADUR}: upheld is 4, and the workbooks say 3" in result.output
    assert ready.statistics()[ADUR] == [6, 4, 2, 2, 0]

    again = run("import", "2021", "--root", ready.root, "--write")
    assert again.exit_code == 3 and "2021: nothing to change" in again.output

    named = run("import", "2021", "--root", ready.root, "--write", "--overwrite", ADUR)
    assert named.exit_code == 0
    assert ready.statistics()[ADUR] == [6, 3, 2, 2, 0]


def test_numbers_that_were_typed_before_the_first_import_are_left_alone(office: Office) -> None:
    office.says(FIGURES)
    office.figures()
    edit(
        office.data / "statistics.yaml",
        f"{ADUR}: {{investigations: , upheld: ",
        f"{ADUR}: {{investigations: 5, upheld: 9",
    )

    changed = office.write()

    assert [(one.slug, one.what, one.now, one.imported) for one in changed.by_hand] == [
        (ADUR, "upheld", "9", "3")
    ]
    assert office.statistics()[ADUR] == [5, 9, 2, 2, 0]


def test_numbers_that_somebody_deleted_do_not_come_back_by_themselves(ready: Office) -> None:
    text = statistics_text(ready)
    line = next(line for line in text.splitlines() if line.startswith(ADUR))
    (ready.data / "statistics.yaml").write_text(text.replace(f"{line}\n", ""), encoding="utf-8")

    result = run("import", "2021", "--root", ready.root, "--write")

    assert result.exit_code == 3
    assert f"  {ADUR}: upheld is empty, and the workbooks say 3" in result.output
    assert ADUR not in ready.statistics()
    ready.write(overwrite=[ADUR])
    assert ready.statistics()[ADUR] == [5, 3, 2, 2, 0]


def test_remarks_in_a_line_that_is_written_anew_stay(ready: Office) -> None:
    text = statistics_text(ready)
    (ready.data / "import.lock.yaml").unlink()
    line = next(line for line in text.splitlines() if line.startswith(ADUR))
    own = f"{ADUR}: {{upheld: 3}}  # asked twice\n"
    (ready.data / "statistics.yaml").write_text(text.replace(f"{line}\n", own), encoding="utf-8")

    ready.write()

    assert f"# asked twice\n{line}\n" in statistics_text(ready)


def test_a_hand_made_number_of_an_authority_that_is_gone_stays(ready: Office) -> None:
    edit(
        ready.data / "statistics.yaml",
        f"{ARUN}: {{investigations: 4",
        f"{ARUN}: {{investigations: 7",
    )
    ready.figures(ROWS[0], ROWS[2])

    result = run("import", "2021", "--root", ready.root, "--write")

    assert result.exit_code == 3
    assert f"  {ARUN}: investigations is 7, and no workbook has it" in result.output
    assert f"{ARUN}: {{investigations: 7, upheld: ," in statistics_text(ready)


def test_an_import_that_was_killed_half_way_is_completed_by_the_next(ready: Office) -> None:
    lock = (ready.data / "import.lock.yaml").read_bytes()
    ready.figures(*with_row(["Adur District Council", 6, 3, 2, 2, 0]))
    ready.write()
    whole = ready.snapshot()
    (ready.data / "import.lock.yaml").write_bytes(lock)  # as if killed before it was written

    changed = ready.write()

    assert not changed.by_hand
    assert ready.snapshot() == whole


def test_columns_may_move(ready: Office) -> None:
    order = (5, 3, 0, 4, 2, 1)
    rows: list[list[Any]] = [["Figures of the year"], []]
    rows += [
        [row[at] for at in order]
        for row in (["Authority", "Decided", "Upheld", "Due", "Complied", "Remedies"], *ROWS)
    ]
    write_xlsx(ready.private / "Figures.xlsx", {"Notes": [["x"]], "Sheet 2": rows})

    changed = ready.write()

    assert not changed.changed and not changed.new
    assert load_lock(ready.root, "2021").authorities[ADUR].counts["upheld"].cells == (
        "Figures.xlsx!Sheet 2!E4",
    )


def test_a_count_beyond_its_limit_stops_with_its_cell(office: Office) -> None:
    office.says(FIGURES)
    office.figures(["Adur District Council", 2, 3, 2, 2, 0])

    intake = office.take_in()

    assert told(intake.problems) == ["C2 error counts-disagree"]
    assert intake.problems[0].sentence == "3 upheld decisions, but only 2 (Figures.xlsx!Figures!B2)"
    result = run("import", "2021", "--root", office.root, "--write")
    assert result.exit_code == 1 and "nothing is written" in result.output
    assert office.statistics() == {}


def test_a_file_that_cannot_be_edited_by_lines_is_left_alone(ready: Office) -> None:
    text = (ready.data / "statistics.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith((ADUR, ARUN, MAIDSTONE))]
    (ready.data / "statistics.yaml").write_text("{" + ", ".join(lines) + "}\n", encoding="utf-8")
    ready.figures(*ROWS, ["Ashford Borough Council", 1, 1, 0, 0, 0])

    with pytest.raises(CampaignError) as caught:
        ready.changes()

    assert caught.value.problems[0].code == "not-by-lines"


# cases and enclosures

CASE_ROWS = (
    ["1", "Adur District Council", "Upheld"],
    ["2", "Arun District Council", "Not upheld"],
    ["3", "Adur District Council", "Not upheld"],
    ["4", "Adur District Council", "Advice"],
    ["=1+1", "Arun District Council", "Upheld"],
)


def enclosure(office: Office, slug: str) -> list[list[str]]:
    path = office.private / "attachments" / slug / "Cases decided.xlsx"
    (sheet,) = read(path)
    return [
        [sheet.cell(row, column).shown for column in (1, 2)] for row in range(1, sheet.last_row + 1)
    ]


@pytest.fixture
def with_cases(office: Office) -> Office:
    office.says(CASES)
    office.cases(*CASE_ROWS)
    office.write()
    return office


def test_counts_are_rows_and_each_authority_s_rows_become_its_enclosure(with_cases: Office) -> None:
    assert enclosure(with_cases, ADUR) == [
        ["Cases decided: Adur District Council", ""],
        ["This sheet has one table of 3 rows.", ""],
        ["Reference", "Decision"],
        ["1", "Upheld"],
        ["3", "Not upheld"],
        ["4", "Advice"],
    ]
    assert enclosure(with_cases, ARUN)[-1] == ["=1+1", "Upheld"]
    lock = load_lock(with_cases.root, "2021")
    counts = lock.authorities[ADUR].counts
    assert (counts["investigations"].value, counts["investigations"].rows) == (
        2,
        {"Cases.xlsx!Cases": "2, 4"},
    )
    assert lock.authorities[ADUR].enclosures["Cases decided.xlsx"].rows == "2, 4-5"
    assert f"{ADUR}: {{investigations: 2, upheld: 1, compliance_outcomes: ," in statistics_text(
        with_cases
    )


def test_an_enclosure_is_written_for_its_owner_alone_and_always_the_same(
    with_cases: Office,
) -> None:
    path = with_cases.private / "attachments" / ADUR / "Cases decided.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (with_cases.private / "attachments" / MAIDSTONE).exists()
    before = with_cases.snapshot()

    assert with_cases.changes().nothing
    path.unlink()
    assert len(with_cases.write().enclosures) == 1
    assert with_cases.snapshot() == before


def test_an_authority_that_should_have_figures_and_has_no_row_has_0_and_it_is_told(
    with_cases: Office,
) -> None:
    (problem,) = with_cases.take_in().problems

    assert (problem.place.cell, problem.severity, problem.code) == ("A1", "warning", "no-rows")
    assert problem.sentence.startswith("14 authorities have no row in any case list, and so 0 of")
    assert (
        f"{MAIDSTONE}: {{investigations: 0, upheld: 0, compliance_outcomes: ,"
        in statistics_text(with_cases)
    )
    left = f"left_out: {{{MAIDSTONE}: in two years}}\nexpected: all"
    edit(with_cases.data / "letter.yaml", "expected: all", left)
    assert with_cases.take_in().problems[0].sentence.startswith("13 authorities")


def test_an_authority_without_rows_has_none_and_no_file(office: Office) -> None:
    office.says(FIGURES, CASES)
    office.figures(
        ["Adur District Council", 2, 1, 0, 0, 0],
        ["Arun District Council", 2, 1, 0, 0, 0],
        ["Maidstone Borough Council", 0, 0, 0, 0, 0],
    )
    office.cases(*CASE_ROWS)

    office.write()

    assert office.statistics()[MAIDSTONE] == [0, 0, 0, 0, 0]
    assert not (office.private / "attachments" / MAIDSTONE).exists()
    counts = load_lock(office.root, "2021").authorities[MAIDSTONE].counts
    assert counts["upheld"].rows == {"Cases.xlsx!Cases": ""}
    assert counts["upheld"].cells == ("Figures.xlsx!Figures!C4",)


def test_a_count_from_two_sources_must_agree(office: Office) -> None:
    office.says(FIGURES, CASES)
    office.figures(
        ["Adur District Council", 2, 2, 0, 0, 0], ["Arun District Council", 2, 1, 0, 0, 0]
    )
    office.cases(*CASE_ROWS)

    (problem,) = office.take_in().problems

    assert (problem.place.cell, problem.code, problem.field) == (
        "C2",
        "sources-differ",
        f"{ADUR}.upheld",
    )
    assert problem.sentence == (
        "the sources give different numbers: 2 (Figures.xlsx!Figures!C2) and 1 (Cases.xlsx!Cases, rows 2)"
    )


def test_a_list_with_rows_of_nobody_waits_before_it_is_held_against_figures(office: Office) -> None:
    office.says(FIGURES, CASES)
    office.figures()
    office.cases(["1", "Adurr", "Upheld"])

    assert told(office.take_in().problems) == ["B2 error authority-unknown"]


def test_a_case_that_moves_to_another_authority_changes_both_files(with_cases: Office) -> None:
    with_cases.cases(["1", "Arun District Council", "Upheld"], *CASE_ROWS[1:])

    changed = with_cases.write()

    assert set(changed.enclosures) == {ADUR, ARUN}
    assert ["1", "Upheld"] in enclosure(with_cases, ARUN)
    assert ["1", "Upheld"] not in enclosure(with_cases, ADUR)


def test_an_enclosure_goes_when_there_are_no_rows_any_more(with_cases: Office) -> None:
    with_cases.cases(*(row for row in CASE_ROWS if "Adur" in row[1]))

    changed = with_cases.write()

    assert changed.enclosures_gone == (ARUN,) and not changed.gone
    assert f"{ARUN}: {{investigations: 0, upheld: 0, compliance_outcomes: ," in statistics_text(
        with_cases
    )
    assert not (with_cases.private / "attachments" / ARUN).exists()


def test_an_enclosure_that_somebody_changed_is_left_alone_unless_it_is_named(
    with_cases: Office,
) -> None:
    path = with_cases.private / "attachments" / ADUR / "Cases decided.xlsx"
    path.write_bytes(b"mine")

    result = run("import", "2021", "--root", with_cases.root, "--write")
    assert result.exit_code == 3
    assert f"  {ADUR}: Cases decided.xlsx" in result.output
    assert path.read_bytes() == b"mine"

    assert (
        run("import", "2021", "--root", with_cases.root, "--write", "--overwrite", ADUR).exit_code
        == 0
    )
    assert enclosure(with_cases, ADUR)[-1] == ["4", "Advice"]


def test_attachments_in_data_hinder_an_import_that_makes_some(office: Office) -> None:
    office.says(CASES)
    office.cases(*CASE_ROWS)
    (office.data / "attachments").mkdir()

    with pytest.raises(CampaignError) as caught:
        office.changes()

    assert caught.value.problems[0].hint == "move this folder to private/2021/attachments"


def test_two_lists_need_two_names_and_counts_need_to_be_known(office: Office) -> None:
    second = CASES.replace("cases:\n", "").replace("upheld: {", "uphold: {")
    office.says(CASES, second.replace("Cases.xlsx", "More.xlsx"))
    office.cases(*CASE_ROWS)
    office.cases(*CASE_ROWS, file="More.xlsx")

    problems = office.take_in().problems

    assert [one.code for one in problems] == ["no-rows", "no-such-count", "enclosure-twice"]
    assert problems[1].hint == 'did you mean "upheld"?'


def test_two_entries_of_one_sheet_are_an_error(office: Office) -> None:
    second = CASES.replace("cases:\n", "").replace("name: Cases decided", "name: Others")
    office.says(CASES, second)
    office.cases(*CASE_ROWS)

    assert "A1 error sheet-read-twice" in told(office.take_in().problems)


def test_a_sheet_that_is_called_otherwise_now_is_the_only_one_in_the_lock(
    with_cases: Office,
) -> None:
    head = ["Reference", "Authority", "Decision"]
    rows = [head, *(["x", *row[1:]] for row in CASE_ROWS)]
    write_xlsx(with_cases.private / "Cases.xlsx", {"Decided": rows})

    with_cases.write()

    assert list(load_lock(with_cases.root, "2021").lists) == ["Cases.xlsx!Decided"]


def test_an_import_that_was_killed_before_it_removed_files_removes_them_the_next_time(
    with_cases: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cases.cases(*(row for row in CASE_ROWS if "Adur" in row[1]))
    changed = with_cases.changes()

    def killed(path: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", killed)
        write(changed)
    assert (with_cases.private / "attachments" / ARUN).exists()
    assert with_cases.write().enclosures_gone == (ARUN,)
    assert not (with_cases.private / "attachments" / ARUN).exists()


def test_a_changed_enclosure_of_rows_that_are_gone_is_not_forgotten(with_cases: Office) -> None:
    path = with_cases.private / "attachments" / ARUN / "Cases decided.xlsx"
    path.write_bytes(b"mine")
    with_cases.cases(*(row for row in CASE_ROWS if "Adur" in row[1]))

    assert [one.slug for one in with_cases.write().by_hand] == [ARUN]
    assert [one.slug for one in with_cases.write().by_hand] == [ARUN]
    assert with_cases.write(overwrite=[ARUN]).enclosures_gone == (ARUN,)


def test_a_mapping_of_contacts_alone_leaves_enclosures_as_they_are(with_cases: Office) -> None:
    before = {name: one for name, one in with_cases.snapshot().items() if "attachments" in name}
    with_cases.says(CONTACTS)
    with_cases.people(*PEOPLE)

    with_cases.write()

    after = {name: one for name, one in with_cases.snapshot().items() if "attachments" in name}
    assert after == before


def test_an_authority_without_a_letter_gets_no_file(office: Office) -> None:
    office.says(CASES)
    office.cases(*CASE_ROWS)
    edit(office.data / "letter.yaml", "expected: all", f"only: [{ADUR}]")

    office.write()

    assert [path.name for path in (office.private / "attachments").iterdir()] == [ADUR]


def test_a_note_that_is_raised_is_not_in_the_enclosure(office: Office) -> None:
    office.says(CASES)
    office.cases(["1", "Adur District Council", "Upheld¹"])

    office.write()

    assert load_lock(office.root, "2021").authorities[ADUR].counts["upheld"].value == 1
    assert enclosure(office, ADUR)[-1] == ["1", "Upheld¹"]


def test_a_text_that_no_cell_can_hold_stops(office: Office) -> None:
    office.says(CASES)
    (office.private / "Cases.csv").parent.mkdir(parents=True, exist_ok=True)
    text = f"Reference,Authority,Decision\n{'x' * 40_000},Adur District Council,Upheld\n"
    (office.private / "Cases.csv").write_text(text, encoding="utf-8")
    office.says(CASES.replace("Cases.xlsx", "Cases.csv"))

    assert "A2 error text-too-long" in told(office.take_in().problems)


# contacts

PEOPLE = (
    ["Adur District Council", "Ms", "Ashby", "ce@adur.example", "link@adur.example"],
    ["Maidstone Borough Council", None, None, "ce@maidstone.example"],
)


def test_contacts_go_to_private_and_what_was_there_goes_along(office: Office) -> None:
    office.says(CONTACTS)
    office.people(*PEOPLE)
    assert (office.data / "contacts.yaml").exists()

    changed = office.write()

    assert changed.contacts == (ADUR, MAIDSTONE)
    path = office.private / "contacts.yaml"
    text = path.read_text(encoding="utf-8")
    assert (
        f'{ADUR}:\n  chief_executive: {{title: Ms, surname: Ashby, email: "ce@adur.example"}}\n'
        in text
    )
    assert '  copies: [{role: Link Officer, email: "link@adur.example"}]\n' in text
    assert "calderdale-metropolitan-borough-council:" in text
    assert not (office.data / "contacts.yaml").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = office.snapshot()
    assert office.changes().nothing
    assert office.snapshot() == before


def test_contacts_changed_by_hand_are_left_alone_and_those_of_last_year_are_not(
    office: Office,
) -> None:
    office.says(CONTACTS)
    office.people(*PEOPLE)
    office.write()
    edit(office.private / "contacts.yaml", "ce@adur.example", "other@adur.example")
    office.people(["Adur District Council", "Dr", "Ashby", "ce@adur.example"], PEOPLE[1])

    changed = office.write()

    assert [(one.slug, one.what) for one in changed.by_hand] == [(ADUR, "contacts")]
    assert "other@adur.example" in (office.private / "contacts.yaml").read_text()
    office.write(overwrite=[ADUR])
    assert "title: Dr" in (office.private / "contacts.yaml").read_text()


def test_contacts_that_are_in_no_workbook_any_more_go(office: Office) -> None:
    office.says(CONTACTS)
    office.people(*PEOPLE)
    office.write()
    office.people(PEOPLE[1])

    changed = office.write()

    assert changed.contacts_gone == (ADUR,)
    text = (office.private / "contacts.yaml").read_text(encoding="utf-8")
    assert ADUR not in text and MAIDSTONE in text and "calderdale" in text


def test_contacts_of_a_workbook_that_is_not_at_hand_stay(office: Office) -> None:
    other = CONTACTS.replace("contacts:\n", "").replace("People.xlsx", "More.xlsx")
    office.says(CONTACTS, other)
    people = office.people(PEOPLE[0])
    office.people(PEOPLE[1]).rename(office.private / "More.xlsx")
    office.people(PEOPLE[0])
    office.write()
    (office.private / "More.xlsx").unlink()

    assert office.write(people).contacts_gone == ()
    assert MAIDSTONE in (office.private / "contacts.yaml").read_text(encoding="utf-8")


def test_two_workbooks_may_have_one_part_each_and_must_agree(office: Office) -> None:
    copies = """\
  - file: Copies.xlsx
    authority: {name: Authority}
    chief_executive: {}
    copies: {Monitoring Officer: Link}
"""
    office.says(CONTACTS, copies)
    office.people(["Adur District Council", None, None, None, "mo@adur.example"]).rename(
        office.private / "Copies.xlsx"
    )
    office.people(*PEOPLE)

    office.write()

    text = (office.private / "contacts.yaml").read_text(encoding="utf-8")
    assert '{role: Monitoring Officer, email: "mo@adur.example"}' in text
    assert "surname: Ashby" in text

    office.says(CONTACTS, CONTACTS.replace("contacts:\n", "").replace("People", "Copies"))
    office.people(["Adur District Council", "Mr", "Birch", "x@adur.example"]).rename(
        office.private / "Copies.xlsx"
    )
    office.people(*PEOPLE)
    (problem,) = [one for one in office.take_in().problems if one.code == "sources-differ"]
    assert problem.sentence == "another chief executive than in People.xlsx!People!A2"


def test_contacts_in_both_places_are_removed_from_data_only_when_none_is_lost(
    office: Office,
) -> None:
    office.says(CONTACTS)
    office.people(*PEOPLE)
    before = (office.data / "contacts.yaml").read_bytes()
    office.write()
    (office.data / "contacts.yaml").write_bytes(before)  # as if killed before it was removed
    assert office.write().removed == (office.data / "contacts.yaml",)

    (office.data / "contacts.yaml").write_bytes(before + b"ashford-borough-council: {}\n")
    with pytest.raises(CampaignError) as caught:
        office.changes()
    assert caught.value.problems[0].code == "in-both-folders"


def test_contacts_leave_what_was_imported_of_figures(ready: Office) -> None:
    lock = (ready.data / "import.lock.yaml").read_bytes()
    ready.says(CONTACTS)
    ready.people(*PEOPLE)

    ready.write()

    assert (ready.data / "import.lock.yaml").read_bytes() == lock


# what is read


def test_a_workbook_that_is_not_there_stops_unless_others_are_named(office: Office) -> None:
    office.says(FIGURES, CASES)
    figures = office.figures(["Adur District Council", 2, 1, 0, 0, 0])
    (problem,) = office.take_in().problems
    assert (problem.place.file, problem.severity, problem.code) == (
        "Cases.xlsx",
        "error",
        "no-workbook",
    )

    (problem,) = office.take_in(figures).problems
    assert (problem.severity, problem.code) == ("notice", "no-workbook")


def test_what_came_from_a_workbook_that_is_not_at_hand_stays(office: Office) -> None:
    office.says(FIGURES, CASES)
    rows = (["Adur District Council", 2, 1, 0, 0, 0], ["Arun District Council", 2, 1, 0, 0, 0])
    figures = office.figures(*rows)
    office.cases(*CASE_ROWS).rename(office.root / "elsewhere.xlsx")
    (office.root / "elsewhere.xlsx").rename(office.root / "Cases.xlsx")
    office.write(office.root / "Cases.xlsx")
    before = office.snapshot()

    assert office.changes(figures).nothing
    office.figures(["Adur District Council", 2, 2, 0, 0, 0], rows[1])
    codes = [one.code for one in office.take_in(figures).problems]
    assert codes == ["no-workbook", "sources-differ"]
    office.figures(*rows)
    assert {
        name: content
        for name, content in office.snapshot().items()
        if not name.endswith("Figures.xlsx")
    } == {name: content for name, content in before.items() if not name.endswith("Figures.xlsx")}


def test_a_file_that_is_named_and_not_there_gets_its_own_sentence(ready: Office) -> None:
    (problem,) = ready.take_in(ready.root / "nowhere/Figures.xlsx").problems

    assert problem.sentence == f"there is no such file: {ready.root}/nowhere/Figures.xlsx"
    assert problem.severity == "error"


def test_a_letter_yaml_that_cannot_be_understood_is_told_instead_of_what_follows(
    ready: Office,
) -> None:
    edit(ready.data / "letter.yaml", "counts:", "counts: [")

    with pytest.raises(CampaignError) as caught:
        ready.take_in()

    assert {one.place.file for one in caught.value.problems} == {"data/2021/letter.yaml"}


def test_a_file_on_the_command_line_goes_before_the_one_of_the_same_name(ready: Office) -> None:
    other = ready.figures(
        *with_row(["Adur District Council", 9, 3, 2, 2, 0]), file="../Figures.xlsx"
    )
    assert other.resolve().parent == ready.root / "private"

    assert ready.write(other).changed[0].after == 9


def test_a_workbook_of_another_name_is_read_as_the_one_it_is_given_for(ready: Office) -> None:
    other = ready.figures(
        *with_row(["Adur District Council", 9, 3, 2, 2, 0]), file="Figures (final).xlsx"
    )

    ready.write(other, which="figures")

    assert ready.statistics()[ADUR][0] == 9
    assert '- file: "Figures (final).xlsx"' not in (ready.data / "import.yaml").read_text()
    assert "- file: Figures (final).xlsx\n" in (ready.data / "import.yaml").read_text()
    assert list(load_lock(ready.root, "2021").workbooks) == ["Figures (final).xlsx"]


def test_an_entry_is_proposed_for_a_workbook_that_nobody_knows(office: Office) -> None:
    office.says(CONTACTS)
    office.people(*PEOPLE)
    head = ["Authority", *(name.replace("_", " ").capitalize() for name in COUNTS)]
    figures = office.figures(["Adur District Council", 2, 1, 0, 0, 0], head=head)

    intake = office.take_in(figures)
    (proposal,) = intake.proposals
    assert proposal.which == "figures" and not intake.problems
    office.write(figures)

    text = (office.data / "import.yaml").read_text(encoding="utf-8")
    assert text == f"{CONTACTS}\n{proposal.text}"
    assert office.statistics()[ADUR] == [2, 1, 0, 0, 0]
    assert office.changes().nothing


@pytest.mark.parametrize("name", ["Figures!.xlsx", "Fig\u200bures.xlsx", ".Figures.xlsx"])
def test_a_name_that_import_yaml_could_not_hold_is_a_usage_error(office: Office, name: str) -> None:
    path = office.figures(file=name)

    result = run("import", "2021", path, "--root", office.root)

    assert result.exit_code == 2 and "error: " in result.output


def test_an_import_yaml_that_cannot_be_added_to_is_left_alone(office: Office) -> None:
    office.says("figures: []\ncontacts: []\n")
    head = ["Authority", *(name.replace("_", " ").capitalize() for name in COUNTS)]
    figures = office.figures(["Adur District Council", 2, 1, 0, 0, 0], head=head)

    with pytest.raises(CampaignError) as caught:
        office.changes(figures)

    assert caught.value.problems[0].code == "not-by-lines"


def test_without_import_yaml_the_workbooks_at_hand_are_looked_through(office: Office) -> None:
    office.people(*PEOPLE)
    office.cases(*CASE_ROWS)
    office.cases(*CASE_ROWS, file="More.xlsx")

    result = run("import", "2021", "--root", office.root)

    assert result.exit_code == 1
    assert "2021: 3 workbooks read" in result.output
    assert result.output.count("\ncases:\n") == result.output.count("\ncontacts:\n") == 1
    assert "  - file: Cases.xlsx\n" in result.output and "  - file: More.xlsx\n" in result.output


def test_a_workbook_that_seems_to_be_another_year_s_is_asked_about(office: Office) -> None:
    head = ["Authority", *(name.replace("_", " ").capitalize() for name in COUNTS)]
    path = office.figures(
        ["Adur District Council", 2, 1, 0, 0, 0], head=head, file="F 2019-20.xlsx"
    )

    (problem,) = office.take_in(path).problems

    assert (problem.severity, problem.code) == ("warning", "workbook-of-another-year")
    assert problem.sentence.startswith("its name speaks of 2019-20, and the period is 2020-04-01")


def test_dates_that_are_all_of_another_year_are_asked_about(office: Office) -> None:
    office.says(CASES.replace("[Reference, Decision]", "[Reference, Decision, Date]"))
    head = ["Reference", "Authority", "Decision", "Date"]
    rows = [[*row, date(2019, 5, 1)] for row in CASE_ROWS[:4]]
    write_xlsx(office.private / "Cases.xlsx", {"Cases": [head, *rows]})
    assert "D1 warning dates-of-another-year" in told(office.take_in().problems)

    rows = [[*row, date(2020, 5, 1)] for row in CASE_ROWS[:4]]
    write_xlsx(office.private / "Cases.xlsx", {"Cases": [head, *rows]})
    assert "D1 warning dates-of-another-year" not in told(office.take_in().problems)


def test_cases_of_an_authority_that_the_figures_forgot_are_asked_about(office: Office) -> None:
    office.says(FIGURES, CASES)
    office.figures(["Adur District Council", 2, 1, 0, 0, 0])
    office.cases(*CASE_ROWS)

    assert "B3 warning cases-without-figures" in told(office.take_in().problems)


def test_what_a_killed_import_had_begun_to_write_goes(with_cases: Office) -> None:
    left = with_cases.private / "attachments" / ADUR / ".part-x"
    left.write_bytes(b"x")
    with_cases.cases(["1", "Adur District Council", "Not upheld"], *CASE_ROWS[1:])

    with_cases.write()

    assert not left.exists()


def test_without_import_yaml_and_without_a_workbook_it_says_what_to_name(office: Office) -> None:
    with pytest.raises(NotAsked) as caught:
        office.take_in()
    assert "there is no data/2021/import.yaml" in str(caught.value)
    assert run("import", "2021", "--root", office.root).exit_code == 2


def test_a_year_that_does_not_exist_and_a_broken_mapping_get_a_sentence(office: Office) -> None:
    assert run("import", "2031", "--root", office.root).exit_code == 2
    office.says("figures:\n  - {file: a/b.xlsx, authority: {}, counts: {upheld: []}}\n")
    result = run("import", "2021", "--root", office.root)

    assert result.exit_code == 1
    assert (
        "data/2021/import.yaml:2:12: error: figures.1.file: expected the name of a file, without folders"
        in result.output
    )
    assert (
        "figures.1.authority: expected the heading of a name or a code, found none" in result.output
    )


# other spellings


def test_a_confirmed_spelling_goes_into_the_register_at_once(office: Office) -> None:
    office.says(FIGURES)
    office.figures(["Adur & Worthing", 2, 1, 0, 0, 0])
    result = run("import", "2021", "--root", office.root, "--write")
    assert result.exit_code == 1
    assert '--accept "Adur & Worthing=SLUG" writes into the register what you know' in result.output

    result = run(
        "import", "2021", "--root", office.root, "--write", "--accept", f"Adur & Worthing={ADUR}"
    )

    assert result.exit_code == 0, result.output
    line = register_line(office, ADUR)
    assert line.endswith("gss_code: E07000223, also_called: [Adur & Worthing]}")
    assert office.statistics()[ADUR] == [2, 1, 0, 0, 0]
    again = run("import", "2021", "--root", office.root, "--accept", f"Adur and Worthing={ADUR}")
    assert again.exit_code == 0
    assert "also_called: [Adur & Worthing, Adur and Worthing]}" in register_line(office, ADUR)


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ("Adurr=nobody", 'the register has no authority "nobody"'),
        (f"Maidstone Borough Council={ADUR}", "is what maidstone-borough-council is called"),
        (f"Total={ADUR}", "is no authority's name"),
        (f"council={ADUR}", "is no authority's name"),
        (f"Maidstone BC={ADUR}", "is what maidstone-borough-council is called"),
    ],
)
def test_a_spelling_that_cannot_be_is_refused(office: Office, spelling: str, words: str) -> None:
    before = (office.root / "data/authorities.yaml").read_bytes()

    result = run("import", "2021", "--root", office.root, "--accept", spelling)

    assert result.exit_code == 1 and words in result.output
    assert (office.root / "data/authorities.yaml").read_bytes() == before


def test_an_option_that_says_too_little_is_a_usage_error(office: Office) -> None:
    assert run("import", "2021", "--root", office.root, "--accept", "Adur").exit_code == 2
    twice = (f"--accept=Adurr={ADUR}", f"--accept=Adurr={ARUN}")
    assert run("import", "2021", "--root", office.root, *twice).exit_code == 2
    office.says(FIGURES)
    office.figures()
    assert run("import", "2021", "--root", office.root, "--overwrite", "nobody").exit_code == 2
