"""An office with its four workbooks of 339 authorities, as `tests/workbooks` holds them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from letters.campaign.reading import load_file
from letters.campaign.records import STATISTICS
from tests.books import SAMPLES
from tests.doing import edit
from tests.second_year import OF_2021, begin_2021, project_of_2020

FIGURES = """\
figures:
  - file: Authority figures 2020-21.xlsx
    sheet: Authority figures
    authority: {name: Authority name, code: GSS code}
    counts:
      investigations: Detailed investigations / Total
      upheld: Detailed investigations / Upheld
      compliance_outcomes: Compliance / Outcomes due
      complied: Compliance / Complied with
      satisfactory_remedies: Satisfactory remedies
"""
AS_CSV = """\
figures:
  - file: Authority figures 2020-21.csv
    authority: {name: Authority name, code: GSS code}
    counts:
      investigations: [Upheld, Not upheld]
      upheld: Upheld
      compliance_outcomes: Outcomes due
      complied: Complied with
      satisfactory_remedies: Satisfactory remedies
"""
CASES = """\
cases:
  - file: Complaints decided 2020-21.xlsx
    sheet: Decided
    authority: {name: Authority}
    counts:
      investigations: {Decision: [Upheld, Not Upheld]}
      upheld: {Decision: Upheld}
      satisfactory_remedies: {Decision: Upheld, Satisfactory remedy: "Yes"}
    enclosure: {name: Complaints decided 2020-21, columns: [Case reference, Category, Date of decision, Decision]}
  - file: Remedy and compliance outcomes 2020-21.xlsx
    authority: {name: Authority}
    counts:
      compliance_outcomes: {Result: [Complied, Complied late, Not complied]}
      complied: {Result: [Complied, Complied late]}
    enclosure: {name: Remedy outcomes 2020-21, columns: [Case reference, Remedy, Due, Result]}
"""
CONTACTS = """\
contacts:
  - file: Contacts 2020-21.xlsx
    authority: {name: Authority}
    chief_executive: {title: Title, surname: Surname, post: Post, email: Email}
    copies: {Link Officer: Link officer email, Monitoring Officer: Monitoring officer email}
"""
ACCEPTED = (
    "--accept=BCP Council=bournemouth-christchurch-and-poole-council",
    "--accept=Kingston upon Hull City Council=hull-city-council",
)
BOOKS = tuple(sorted(path for path in SAMPLES.glob("* 2020-21.xlsx")))


def whole_office(root: Path) -> Path:
    """The year 2021 begun, on a day on which all 339 still exist; the workbooks in private/2021/."""
    begin_2021(project_of_2020(root))
    letter = root / "data/2021/letter.yaml"
    for old, new in OF_2021.items():
        if old != "expected: all":
            edit(letter, old, new, -1)
    edit(letter, "letter_date: 2021-07-21", "letter_date: 2021-03-31")
    edit(letter, "publication_date: 2021-07-28", "publication_date: 2021-04-07")
    statistics = root / "data/2021/statistics.yaml"
    lines = statistics.read_text(encoding="utf-8").splitlines(keepends=True)
    not_begun = ("north-northamptonshire-council", "west-northamptonshire-council")
    statistics.write_text("".join(line for line in lines if not line.startswith(not_begun)))
    (root / "private/2021").mkdir(parents=True)
    for path in BOOKS:
        shutil.copy(path, root / "private/2021")
    return root


def says(root: Path, *sources: str) -> None:
    """What import.yaml says."""
    (root / "data/2021/import.yaml").write_text("\n".join(sources), encoding="utf-8")


def imported(root: Path) -> dict[str, dict[str, int]]:
    """What stands in statistics.yaml."""
    record = load_file(root, "data/2021/statistics.yaml", STATISTICS)
    return {slug: dict(counts) for slug, counts in record.items()}


def expected() -> dict[str, dict[str, int]]:
    """What must."""
    with (SAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
        return {
            row.pop("slug"): {name: int(number) for name, number in row.items()}
            for row in csv.DictReader(file)
        }
