"""Whether git keeps, or would keep, what is personal or confidential: a real repository is asked."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from letters.campaign.in_git import private_in_git
from letters.campaign.records import ChiefExecutive, Contacts, Copy

REAL = {"kent": Contacts(chief_executive=ChiefExecutive(email="ce@kent.gov.uk"))}
SAMPLE = {
    "kent": Contacts(
        chief_executive=ChiefExecutive(email="ce@kent.example"),
        copies=(Copy(role="Link Officer", email="x@mail.kent.example"),),
    )
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")


def told(root: Path, contacts: Mapping[str, Contacts] = SAMPLE, *books: str) -> list[str]:
    problems = private_in_git(root, "2021", contacts, books)
    return [f"{one.place.file}: {one.code}, {one.sentence}" for one in problems]


def test_real_addresses_are_told_and_those_for_examples_are_not(root: Path) -> None:
    put(root, "data/2021/contacts.yaml")
    assert told(root) == []
    wanted = "data/2021/contacts.yaml: contacts-in-git, this is addresses of real people, and git would keep it"
    assert told(root, REAL) == [wanted]

    git(root, "add", ".")
    assert told(root, REAL) == [wanted.replace("would keep", "keeps")]


def test_what_gitignore_names_is_no_matter(root: Path) -> None:
    put(
        root,
        "private/2021/contacts.yaml",
        "private/2021/Cases.xlsx",
        "private/2021/attachments/kent/a.pdf",
    )
    assert [line.partition(",")[0] for line in told(root, REAL)] == [
        "private/2021/contacts.yaml: contacts-in-git",
        "private/2021/attachments/kent/a.pdf: attachments-in-git",
        "private/2021/Cases.xlsx: workbook-in-git",
    ]

    (root / ".gitignore").write_text("/private/\n", encoding="utf-8")
    assert told(root, REAL) == []


def test_attachments_and_workbooks_in_data_are_told_once_each(root: Path) -> None:
    put(
        root,
        "data/2021/attachments/kent/a.xlsx",
        "data/2021/attachments/kent/b.pdf",
        "data/2021/Figures.ODS",
    )

    first, second = told(root)

    assert first.startswith("data/2021/attachments/kent/a.xlsx: attachments-in-git")
    assert first.endswith("(and 1 more file)")
    assert second.startswith("data/2021/Figures.ODS: workbook-in-git")


def test_a_workbook_that_was_imported_is_found_beside_these_folders(root: Path) -> None:
    put(root, "Cases [final] 2020-21.csv", "docs/other.csv", "tests/Cases [final] 2020-21.csv")

    (line,) = told(root, SAMPLE, "Cases [final] 2020-21.csv")

    assert line.startswith("Cases [final] 2020-21.csv: workbook-in-git")


def test_a_workbook_that_import_yaml_names_is_found_too(root: Path) -> None:
    put(root, "Book.csv")
    (root / "data/2021").mkdir(parents=True)
    entry = "figures: [{file: Book.csv, authority: {name: A}, counts: {upheld: B}}]\n"
    (root / "data/2021/import.yaml").write_text(entry, encoding="utf-8")

    assert [line.partition(":")[0] for line in told(root)] == ["Book.csv"]


def test_without_a_repository_or_without_git_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "data/2021/attachments/kent/a.xlsx")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert told(tmp_path) == []

    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(tmp_path) == []
