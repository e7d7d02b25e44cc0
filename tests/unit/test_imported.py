"""What was imported stays true: what `check` and the last look at a message say about it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from letters.campaign.load import Campaign, load
from letters.campaign.lock import LOCK_FILE, Lock, load_lock, read_lock
from letters.check import gather
from letters.errors import Problem
from letters.intake.around import around
from letters.intake.proofs import Proved, prove
from letters.intake.provenance import Supply, supplies_of
from letters.intake.recount import faults_of_enclosures
from letters.preview.app import preview
from tests.doing import edit
from tests.offices import ADUR, ARUN, CASES, COUNTS, FIGURES, MAIDSTONE, Office
from tests.second_year import CALDERDALE, OF_2021, confirm, to_confirm

FILE = "Cases decided.xlsx"
ROWS = (
    ["1", "Adur District Council", "Upheld"],
    ["2", "Arun District Council", "Not upheld"],
    ["3", "Adur District Council", "Not upheld"],
    ["4", "Arun District Council", "Upheld"],
    ["5", "Arun District Council", "Upheld"],
    ["6", "Maidstone Borough Council", "Advice"],
)
NUMBERS = (
    ["Adur District Council", 2, 1, 0, 0, 0],
    ["Arun District Council", 3, 2, 0, 0, 0],
    ["Maidstone Borough Council", 0, 0, 0, 0, 0],
)


class Imported(Office):
    """With figures and cases imported, and the year finished."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        cases = CASES.replace("[Reference, Decision]", "[Reference, Decision, Authority]")
        self.says(FIGURES, cases)
        self.figures(*NUMBERS)
        self.cases(*ROWS)
        self.write()
        letter = self.data / "letter.yaml"
        for old, new in OF_2021.items():
            edit(letter, old, new, -1)
        edit(letter, f"[{MAIDSTONE}, {CALDERDALE}]", f"[{MAIDSTONE}, {ADUR}, {ARUN}]")
        confirm(root, tuple(one for one in to_confirm(root) if one.field != "sentences"))

    @property
    def campaign(self) -> Campaign:
        return load(self.root, "2021")

    @property
    def lock(self) -> Lock:
        return load_lock(self.root, "2021")

    def path(self, slug: str, name: str = FILE) -> Path:
        return self.private / "attachments" / slug / name

    def prove(self) -> Proved:
        folder = self.private / "attachments"
        files = {path.name: tuple(path.iterdir()) for path in folder.iterdir()}
        return prove(self.root, self.campaign, self.lock, files)

    def faults(self, slug: str, *files: tuple[str, bytes]) -> list[str]:
        """What the last look at a message with these files finds; with its own for none."""
        own = [(path.name, path.read_bytes()) for path in sorted(self.path(slug).parent.iterdir())]
        return list(faults_of_enclosures(self.campaign, self.lock, slug, files or own))

    def types(self, slug: str, **counts: int) -> None:
        """Have somebody type numbers of an authority into statistics.yaml."""
        path = self.data / "statistics.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        (at,) = [number for number, line in enumerate(lines) if line.startswith(f"{slug}:")]
        for name, number in counts.items():
            lines[at] = re.sub(rf"\b{name}: [0-9]*", f"{name}: {number}", lines[at])
        path.write_text("\n".join((*lines, "")), encoding="utf-8")

    def edit_enclosure(self, slug: str, change: Callable[[list[Any]], list[Any]]) -> None:
        """Have somebody change the rows of a file, in a spreadsheet program."""
        workbook = load_workbook(self.path(slug))
        sheet = workbook.worksheets[0]
        rows = [[one.value for one in row] for row in sheet.iter_rows(min_row=4)]
        sheet.delete_rows(4, sheet.max_row)
        for row in change(rows):
            sheet.append(row)
        workbook.save(self.path(slug))

    def seal(self, slug: str) -> None:
        """Write the digest of a changed file into the lock, as if it had been made so."""
        before = self.lock.authorities[slug].enclosures[FILE].sha256
        edit(self.data / LOCK_FILE, before, sha256(self.path(slug).read_bytes()).hexdigest())


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return Imported(tmp_path)


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{one.authority or one.place.file}: {one.severity} {one.code}" for one in problems]


def test_what_was_imported_and_not_touched_is_proved(imported: Imported) -> None:
    assert imported.prove() == Proved((), ())
    for slug in (ADUR, ARUN, MAIDSTONE):
        assert imported.faults(slug) == []


def test_a_number_changed_by_hand_is_told_with_both_values(imported: Imported) -> None:
    imported.types(ADUR, compliance_outcomes=4)

    (problem,) = imported.prove().of_figures

    assert (problem.severity, problem.code, problem.field) == (
        "warning",
        "changed-by-hand",
        f"{ADUR}.compliance_outcomes",
    )
    assert (
        problem.sentence == "changed by hand: 4 here, and 0 was imported (Figures.xlsx!Figures!D2)"
    )
    assert problem.value == "4 for 0"


def test_a_letter_that_says_another_number_than_its_cases_is_not_sent(imported: Imported) -> None:
    imported.types(ADUR, upheld=2)

    proved = imported.prove()

    assert told(proved.of_figures) == [f"{ADUR}: warning changed-by-hand"]
    assert told(proved.of_enclosures) == [f"{ADUR}: error enclosure-of-other-figures"]
    assert proved.of_enclosures[0].sentence == (
        "the letter says 2, and of the cases that go with it 1 count as upheld"
    )
    assert imported.faults(ADUR) == [
        f"the letter says 2 upheld, and in {FILE} there is 1 row",
        "the letter says 2 upheld, and 1 row was counted so",
    ]


def test_a_letter_about_more_cases_than_none_needs_its_file(imported: Imported) -> None:
    imported.types(MAIDSTONE, investigations=1)
    content = imported.path(MAIDSTONE).read_bytes()

    assert imported.faults(MAIDSTONE, (FILE, content))[-1] == (
        "the letter says 1 investigations, and 0 rows were counted so"
    )


def test_figures_of_an_authority_that_no_case_list_has_are_not_sent(imported: Imported) -> None:
    numbers = dict.fromkeys(COUNTS, 0) | {"investigations": 1, "upheld": 1}
    imported.types("ashford-borough-council", **numbers)
    only, more = f"only: [{MAIDSTONE}", f"only: [ashford-borough-council, {MAIDSTONE}"
    edit(imported.data / "letter.yaml", only, more)

    codes = told(imported.prove().of_enclosures)

    assert codes == ["ashford-borough-council: error enclosure-of-other-figures"] * 2


def test_a_row_moved_to_another_authority_s_file_is_caught_twice(imported: Imported) -> None:
    imported.edit_enclosure(ADUR, lambda rows: rows[1:])
    moved = ["1", "Upheld", "Adur District Council"]
    imported.edit_enclosure(ARUN, lambda rows: [*rows, moved])

    assert sorted(told(imported.prove().of_enclosures)) == [
        f"{ADUR}: error enclosure-changed",
        f"{ARUN}: error enclosure-changed",
    ]
    assert imported.faults(ADUR) == [f"{FILE} is not the file that was made for this authority"]

    imported.seal(ADUR)
    imported.seal(ARUN)
    assert imported.faults(ADUR) == [
        f"the letter says 2 investigations, and in {FILE} there is 1 row",
        f"the letter says 1 upheld, and in {FILE} there are 0 rows",
    ]
    assert imported.faults(ARUN) == [
        f"the letter says 3 investigations, and in {FILE} there are 4 rows",
        f"the letter says 2 upheld, and in {FILE} there are 3 rows",
        f"case 4 in {FILE} is not one of this authority's",
    ]


def test_two_rows_that_changed_places_are_caught_by_whose_they_are(imported: Imported) -> None:
    other = ["4", "Upheld", "Arun District Council"]
    imported.edit_enclosure(ADUR, lambda rows: [other, *rows[1:]])
    imported.seal(ADUR)

    assert imported.faults(ADUR) == [f"case 1 in {FILE} is not one of this authority's"]


def test_another_authority_s_file_is_known_whatever_it_is_called(imported: Imported) -> None:
    content = imported.path(ARUN).read_bytes()
    imported.path(ADUR, "notes.xlsx").write_bytes(content)

    (problem,) = imported.prove().of_enclosures
    assert (problem.authority, problem.code) == (ADUR, "enclosure-of-another")
    assert problem.sentence == "these are the cases of Arun District Council"

    own = imported.path(ADUR).read_bytes()
    assert imported.faults(ADUR, (FILE, own), ("notes.xlsx", content)) == [
        f"notes.xlsx holds the cases of {ARUN}"
    ]
    assert f"{FILE} holds the cases of {ARUN}" in imported.faults(ADUR, (FILE, content))


def test_a_file_that_was_made_and_is_not_there_is_missed(imported: Imported) -> None:
    imported.path(ADUR).unlink()
    imported.path(ADUR, "letter.txt").write_bytes(b"x")

    assert told(imported.prove().of_enclosures) == [f"{ADUR}: error enclosure-missing"]
    assert imported.faults(ADUR) == [
        f"{FILE}, which was made for this authority, is not in the message"
    ]


def test_a_row_in_two_files_or_in_none_is_seen_in_the_lock(imported: Imported) -> None:
    edit(imported.data / LOCK_FILE, 'rows: "2, 4"', 'rows: "2, 3"')  # of Adur: cases 1 and 3

    codes = told(imported.prove().of_enclosures)

    assert f"{ADUR}: error row-in-two-files" in codes or f"{ARUN}: error row-in-two-files" in codes


def test_another_workbook_beside_it_is_told(imported: Imported) -> None:
    imported.figures(*NUMBERS, ["Ashford Borough Council", 1, 1, 0, 0, 0])

    assert told(imported.prove().of_figures) == [
        "private/2021/Figures.xlsx: warning workbook-changed"
    ]


def test_what_is_wrong_with_import_yaml_is_told_and_hinders_no_letter(imported: Imported) -> None:
    edit(imported.data / "import.yaml", "file: Figures.xlsx", "flie: Figures.xlsx")

    assert told(imported.prove().of_figures) == ["data/2021/import.yaml: warning no-such-key"]


def test_a_lock_that_was_damaged_is_told(imported: Imported) -> None:
    edit(imported.data / LOCK_FILE, 'rows: "2, 4"', 'rows: "<<<"')

    _, problems = read_lock(imported.root, "2021")

    assert [one.code for one in problems] == ["not-row-numbers"]


def test_a_folder_in_place_of_a_workbook_is_no_workbook(imported: Imported) -> None:
    (imported.private / "Figures.xlsx").unlink()
    (imported.private / "Figures.xlsx").mkdir()
    (imported.private / "Cases.xlsx").unlink()
    (imported.private / "Cases.xlsx").mkdir()

    assert imported.prove() == Proved((), ())
    assert supplies_of(imported.root, "2021", imported.lock, ARUN)["upheld"][1].references == ""


def test_a_case_list_that_the_lock_forgot_hinders_sending(imported: Imported) -> None:
    lock = imported.lock.model_copy(update={"lists": {}})
    content = imported.path(ADUR).read_bytes()

    faults = list(faults_of_enclosures(imported.campaign, lock, ADUR, [(FILE, content)]))

    assert faults == [f"nobody knows any more how {FILE} was counted: import again"]


def test_check_tells_of_figures_and_of_files_and_what_git_would_keep(imported: Imported) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=imported.root, check=True)
    imported.types(ADUR, complied=1, compliance_outcomes=1)
    imported.path(ARUN).write_bytes(b"mine")

    findings = gather(imported.root, "2021").findings

    codes = [one.code for one in findings.of_files]
    assert codes.count("changed-by-hand") == 2
    assert {one.code for one in findings.of_mail} >= {
        "enclosure-changed",
        "attachments-in-git",
        "workbook-in-git",
    }


def test_the_preview_shows_the_cell_and_the_cases_behind_a_number(imported: Imported) -> None:
    app, _ = preview(imported.root, "2021")
    with TestClient(app, base_url="http://127.0.0.1:8343") as client:
        page = client.get(f"/2021/letters/{ARUN}/figures").text

    assert "2: Figures.xlsx, sheet Figures, cell C3" in page
    assert "2 rows of Cases.xlsx, sheet Cases: where Decision is Upheld" in page
    assert "Cases: 4 and 5" in page
    assert "Figures.xlsx, sheet Figures" in page and "<mark>2</mark>" in page


# where a number comes from


def test_a_number_is_told_with_its_cell_and_with_the_cases_that_it_counts(
    imported: Imported,
) -> None:
    found = supplies_of(imported.root, "2021", imported.lock, ARUN)

    assert found["upheld"] == (
        Supply("2: Figures.xlsx, sheet Figures, cell C3"),
        Supply("2 rows of Cases.xlsx, sheet Cases: where Decision is Upheld", "5-6", "4 and 5"),
    )
    assert found["complied"] == (Supply("0: Figures.xlsx, sheet Figures, cell E3"),)
    assert supplies_of(imported.root, "2021", imported.lock, CALDERDALE) == {}


def test_references_are_shown_only_out_of_the_workbook_that_was_imported(
    imported: Imported,
) -> None:
    imported.cases(*ROWS, ["7", "Arun District Council", "Advice"])

    assert supplies_of(imported.root, "2021", imported.lock, ARUN)["upheld"][1].references == ""
    assert "4 and 5" not in (imported.data / LOCK_FILE).read_text(encoding="utf-8")


def test_a_sum_names_all_its_cells(imported: Imported) -> None:
    imported.says(FIGURES.replace("upheld: Upheld", "upheld: [Upheld, Remedies]"))
    imported.write()

    found = supplies_of(imported.root, "2021", imported.lock, ARUN)

    assert found["upheld"][0].words == "2: Figures.xlsx, sheet Figures, the sum of cells C3 and F3"


def test_a_cell_is_shown_with_those_around_it_and_its_headings(imported: Imported) -> None:
    (upheld,) = around(imported.root, "2021", imported.lock, ARUN)["upheld"]

    assert (upheld.file, upheld.sheet, upheld.cell) == ("Figures.xlsx", "Figures", "C3")
    assert upheld.columns == ("A", "B", "C", "D", "E", "F")
    assert dict(upheld.rows)[3][:3] == ("Arun District Council", "3", "2")
    assert [number for number, _ in upheld.rows] == [1, 2, 3, 4]
    row, column = upheld.here
    assert dict(upheld.rows)[row][column] == "2"
    assert around(imported.root, "2021", imported.lock, CALDERDALE) == {}


def test_a_cell_far_to_the_right_keeps_the_first_column_which_has_the_names(
    imported: Imported,
) -> None:
    counts = imported.lock.authorities[ARUN].counts
    far = counts["upheld"].model_copy(update={"cells": ("Figures.xlsx!Figures!H3",)})
    authority = imported.lock.authorities[ARUN].model_copy(update={"counts": {"upheld": far}})
    lock = imported.lock.model_copy(update={"authorities": {ARUN: authority}})

    (upheld,) = around(imported.root, "2021", lock, ARUN)["upheld"]

    assert upheld.columns == ("A", "E", "F", "G", "H")
    assert dict(upheld.rows)[3][0] == "Arun District Council"


def test_cells_are_shown_only_out_of_the_workbook_that_was_imported(imported: Imported) -> None:
    imported.figures(*NUMBERS, ["Ashford Borough Council", 1, 1, 0, 0, 0])

    (upheld,) = around(imported.root, "2021", imported.lock, ARUN)["upheld"]

    assert not upheld.at_hand
    assert (upheld.cell, upheld.rows) == ("C3", ())
    app, _ = preview(imported.root, "2021")
    with TestClient(app, base_url="http://127.0.0.1:8343") as client:
        page = client.get(f"/2021/letters/{ARUN}/figures").text
    assert "Figures.xlsx is not at hand" in page


def test_every_cell_of_a_sum_is_shown(imported: Imported) -> None:
    imported.says(FIGURES.replace("upheld: Upheld", "upheld: [Upheld, Remedies]"))
    imported.write()

    found = around(imported.root, "2021", imported.lock, ARUN)["upheld"]

    assert [one.cell for one in found] == ["C3", "F3"]
