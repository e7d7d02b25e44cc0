"""The year 2020 of the project, a year made from it, and one that is finished."""

from __future__ import annotations

import shutil
from pathlib import Path

from letters.campaign.load import examine
from letters.errors import Problem
from tests.conftest import PROJECT
from tests.doing import edit, run

MAIDSTONE = "maidstone-borough-council"
CALDERDALE = "calderdale-metropolitan-borough-council"

#: What an author writes in letter.yaml in the place of what is empty, or still 2020's.
OF_2021 = {
    "letter_date:": "letter_date: 2021-07-21",
    "publication_date:": "publication_date: 2021-07-28",
    "name: Michael King": "name: Dana Example",
    "places: [London, Bristol, Leeds, Birmingham]": "places: [York, Exeter]",
    "delegates: 178, authorities: 143": "delegates: 203, authorities: 157",
    "courses: 118, more_than_last_year: 47, people: 1400": "courses: 131, more_than_last_year: 13,"
    " people: 1650",
    "{uphold_rate: , compliance_rate: , satisfactory_remedy_rate: }": "{uphold_rate: 51,"
    " compliance_rate: 98, satisfactory_remedy_rate: 13}",
    "  unitary: {uphold_rate: }\n": "",
    "    stated_base: investigations  # the letters of 2021 print this total, though the percentage"
    " is of the upheld decisions\n": "",
    "expected: all": f"only: [{MAIDSTONE}, {CALDERDALE}]",
}
#: Words of 2020 in the letter that an author of 2021 writes anew.
WORDS_OF_2021 = {
    "over recent months": "of late",
    "This year, we continue to place our focus": "We keep our focus",
    "several changes over recent years": "changes",
    "these three key areas": "the key areas below",
    "with a compliance rate below 100%": "that did not comply every time",
    "compare the three key annual statistics": "compare the key statistics",
    "to compare this year": "to compare",
    "the current situation and plan": "your work and plan",
    "launched last year and puts": "puts",
    "Earlier this year, we held our": "We held our",
    "than we delivered last year": "than before",
}
STATISTICS = {
    MAIDSTONE: "investigations: 14, upheld: 6, compliance_outcomes: 7, complied: 6,"
    " satisfactory_remedies: 2",
    CALDERDALE: "investigations: 22, upheld: 13, compliance_outcomes: 11, complied: 11,"
    " satisfactory_remedies: 1",
}
LINKS = ("facts.links.map", "facts.links.statistics", "facts.links.training")


def project_of_2020(root: Path, authorities: int = 0) -> Path:
    """A folder with the register, the office and the year 2020, and no other year.

    Of the register, if that is enough, so many authorities beside the two.
    """
    shutil.copytree(PROJECT / "templates/2020", root / "templates/2020")
    (root / "templates/base").symlink_to(PROJECT / "templates/base")
    shutil.copytree(PROJECT / "data/2020", root / "data/2020")
    for path in (PROJECT / "data").glob("*.yaml"):
        shutil.copy(path, root / "data")
    if authorities:
        register = root / "data/authorities.yaml"
        lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
        two = [line for line in lines if line.startswith((MAIDSTONE, CALDERDALE))]
        others = [line for line in lines if "E07" in line and "ended" not in line]
        register.write_text("".join(two + others[:authorities]), encoding="utf-8")
        (root / "data/accepted.yaml").unlink()
    return root


def begin_2021(root: Path) -> Path:
    """The year 2021 as the command makes it."""
    assert run("new", "2021", "--from", "2020", "--root", root).exit_code == 0
    return root


def write_2021(root: Path) -> None:
    """Do what an author does with a new year, but for confirming what is the same."""
    letter, statistics = root / "data/2021/letter.yaml", root / "data/2021/statistics.yaml"
    for old, new in OF_2021.items():
        edit(letter, old, new, -1)
    lines = [f"{slug}: {{{counts}}}" for slug, counts in STATISTICS.items()]
    statistics.write_text("\n".join((*lines, "")), encoding="utf-8")
    write_words(root)


def write_words(root: Path) -> None:
    """Write the sentences of 2021 in the place of those that speak of 2020."""
    for path in (root / "templates/2021").glob("*.jinja"):
        text = path.read_text(encoding="utf-8")
        for old, new in WORDS_OF_2021.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def to_confirm(root: Path, year: str = "2021") -> tuple[Problem, ...]:
    """What `check` wants confirmed."""
    return tuple(one for one in examine(root, year).problems if one.carried_over)


def confirm(root: Path, problems: tuple[Problem, ...], year: str = "2021") -> None:
    """Add what is to be confirmed to letter.yaml, as hints say."""
    lines = [
        one.hint.partition("under `confirmed:` ")[2] for one in problems if one.field != "sentences"
    ]
    sentences = [
        f"  - {one.sentence.partition(': ')[2]}" for one in problems if one.field == "sentences"
    ]
    lines += ["sentences:", *sentences] if sentences else []
    with (root / f"data/{year}/letter.yaml").open("a", encoding="utf-8") as file:
        file.write("\nconfirmed:\n" + "".join(f"  {line}\n" for line in lines))
