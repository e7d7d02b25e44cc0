"""A small office: the year 2021 begun, and workbooks for some of its authorities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from letters.campaign.reading import read_file
from letters.campaign.records import STATISTICS
from letters.intake.changes import Changes, changes, write
from letters.intake.sources import Intake, take_in
from tests.books import write_xlsx
from tests.second_year import MAIDSTONE as MAIDSTONE
from tests.second_year import begin_2021, project_of_2020

ADUR, ARUN = "adur-district-council", "arun-district-council"
COUNTS = ("investigations", "upheld", "compliance_outcomes", "complied", "satisfactory_remedies")
FIGURES = """\
figures:
  - file: Figures.xlsx
    authority: {name: Authority}
    counts:
      investigations: Decided
      upheld: Upheld
      compliance_outcomes: Due
      complied: Complied
      satisfactory_remedies: Remedies
"""
CASES = """\
cases:
  - file: Cases.xlsx
    authority: {name: Authority}
    counts:
      investigations: {Decision: [Upheld, Not upheld]}
      upheld: {Decision: Upheld}
    enclosure: {name: Cases decided, columns: [Reference, Decision]}
"""
CONTACTS = """\
contacts:
  - file: People.xlsx
    authority: {name: Authority}
    chief_executive: {title: Title, surname: Surname, email: Email}
    copies: {Link Officer: Link}
"""
HEAD = ["Authority", "Decided", "Upheld", "Due", "Complied", "Remedies"]
ROWS = (
    ["Adur District Council", 5, 3, 2, 2, 0],
    ["Arun District Council", 4, 0, 0, 0, 0],
    ["Maidstone Borough Council", 3, 2, 2, 1, 1],
)


class Office:
    """A folder with the year 2021, its workbooks in private/2021/."""

    def __init__(self, root: Path) -> None:
        self.root = begin_2021(project_of_2020(root, authorities=14))
        self.data, self.private = root / "data/2021", root / "private/2021"

    def says(self, *sources: str) -> None:
        """What import.yaml says."""
        (self.data / "import.yaml").write_text("\n".join(sources), encoding="utf-8")

    def figures(
        self, *rows: Sequence[Any], file: str = "Figures.xlsx", head: Sequence[str] = HEAD
    ) -> Path:
        """The workbook with a row an authority."""
        return write_xlsx(self.private / file, {"Figures": [head, *(rows or ROWS)]})

    def cases(self, *rows: Sequence[Any], file: str = "Cases.xlsx") -> Path:
        """The workbook with a row a case."""
        head = ["Reference", "Authority", "Decision"]
        return write_xlsx(self.private / file, {"Cases": [head, *rows]}, _as_text)

    def people(self, *rows: Sequence[Any]) -> Path:
        """The workbook with contacts."""
        head = ["Authority", "Title", "Surname", "Email", "Link"]
        return write_xlsx(self.private / "People.xlsx", {"People": [head, *rows]})

    def take_in(self, *files: Path, **more: Any) -> Intake:
        """What is understood of it all."""
        return take_in(self.root, "2021", files, **more)

    def changes(self, *files: Path, overwrite: Sequence[str] = (), **more: Any) -> Changes:
        """What would change; there must be no error."""
        intake = self.take_in(*files, **more)
        assert not intake.has_errors, intake.problems
        return changes(self.root, intake, overwrite)

    def write(self, *files: Path, **more: Any) -> Changes:
        """The same, written."""
        changed = self.changes(*files, **more)
        write(changed)
        return changed

    def statistics(self) -> dict[str, list[int]]:
        """The numbers of the authorities that have some, in the order of the counts."""
        record, _ = read_file(self.root, "data/2021/statistics.yaml", STATISTICS)
        text = (self.data / "statistics.yaml").read_text(encoding="utf-8")
        if record is None:
            lines = [line for line in text.splitlines(keepends=True) if ": , " not in line]
            (self.root / "given.yaml").write_text("".join(lines), encoding="utf-8")
            record = read_file(self.root, "given.yaml", STATISTICS)[0] or {}
        return {slug: [own[name] for name in COUNTS] for slug, own in record.items()}

    def snapshot(self) -> dict[str, bytes]:
        """Every file of the year, as it is now."""
        folders = (self.data, self.private)
        files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): path.read_bytes() for path in files}


def statistics_text(office: Office) -> str:
    """What stands in statistics.yaml."""
    return (office.data / "statistics.yaml").read_text(encoding="utf-8")


def register_line(office: Office, slug: str) -> str:
    """The line of an authority in the register."""
    lines = (office.root / "data/authorities.yaml").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{slug}:"))


def _as_text(workbook: Workbook) -> None:
    """What begins as a formula does is text."""
    for row in workbook.worksheets[0].iter_rows():
        for one in row:
            if isinstance(one.value, str):
                one.data_type = "s"
