"""From four workbooks to 339 letters with their cases: the same figures, whichever way they come."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from letters.campaign.lock import load_lock
from letters.check import gather
from letters.intake.cells import Sheet, numbers_of
from letters.intake.workbooks import read
from letters.preview.app import preview
from tests.books import SAMPLES
from tests.doing import run
from tests.second_year import confirm, to_confirm, write_words
from tests.whole_office import (
    ACCEPTED,
    AS_CSV,
    BOOKS,
    CASES,
    CONTACTS,
    FIGURES,
    expected,
    imported,
    says,
    whole_office,
)

pytestmark = pytest.mark.no_cover
DURHAM, BOOK = "durham-county-council", "Complaints decided 2020-21.xlsx"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return whole_office(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With all four workbooks imported."""
    root = whole_office(tmp_path_factory.mktemp("whole"))
    says(root, FIGURES, CASES, CONTACTS)
    result = run("import", "2021", "--root", root, "--write", *ACCEPTED)
    assert result.exit_code == 0, result.output
    return root


def test_a_row_an_authority_gives_what_is_expected_without_a_mapping(office: Path) -> None:
    path = SAMPLES / "Authority figures 2020-21.xlsx"

    result = run("import", "2021", path, "--root", office, "--write")

    assert result.exit_code == 0
    assert "    held against them       5 totals and 332 printed rates\n" in result.output
    assert imported(office) == expected()
    assert (office / "data/2021/import.yaml").read_text(encoding="utf-8").endswith(FIGURES)


def test_the_same_as_excel_s_csv_gives_the_same(office: Path) -> None:
    says(office, AS_CSV)
    path = SAMPLES / "Authority figures 2020-21.csv"

    assert run("import", "2021", path, "--root", office, "--write").exit_code == 0

    assert imported(office) == expected()


def test_rows_counted_give_the_same(office: Path) -> None:
    says(office, CASES)

    result = run("import", "2021", "--root", office, "--write", *ACCEPTED)

    assert result.exit_code == 0, result.output
    assert "2 authorities have no row in any case list, and so 0 of each count" in result.output
    assert imported(office) == expected()


def times(root: Path) -> dict[Path, int]:
    """When each file of the office was written."""
    files = [path for name in ("data", "private") for path in (root / name).rglob("*.*")]
    return {path: path.stat().st_mtime_ns for path in files}


@pytest.mark.slow
def test_all_ways_together_agree_and_once_more_changes_nothing(whole: Path) -> None:
    assert imported(whole) == expected()
    before = times(whole)

    result = run("import", "2021", "--root", whole, "--write")

    assert result.output.endswith("2021: nothing to change\n")
    assert times(whole) == before


@pytest.mark.slow
def test_every_row_is_in_one_file_and_counts_as_the_letter_says(whole: Path) -> None:
    lock = load_lock(whole, "2021")
    rows = Counter(
        (one.list, row)
        for authority in lock.authorities.values()
        for one in authority.enclosures.values()
        for row in numbers_of(one.rows)
    )

    assert set(rows.values()) == {1}
    assert len(rows) == 10_880 + 3_716
    folder = whole / "private/2021/attachments"
    assert len(list(folder.rglob("*.xlsx"))) == 337 + 279


@pytest.mark.slow
def test_check_proves_it_and_says_when_it_is_so_no_longer(whole: Path, tmp_path: Path) -> None:
    assert not [one for one in gather(whole, "2021").findings.of_mail if "enclosure" in one.code]
    root = tmp_path / "changed"
    shutil.copytree(whole, root, symlinks=True)
    one, other = sorted((root / "private/2021/attachments").glob("*/Complaints*.xlsx"))[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)

    found = [p for p in gather(root, "2021").findings.of_mail if "enclosure" in p.code]

    assert [(p.authority, p.code) for p in found] == [
        (path.parent.name, "enclosure-of-another") for path in (one, other)
    ]


@pytest.mark.slow
def test_the_preview_shows_the_cell_and_the_rows_behind_a_number(whole: Path) -> None:
    app, _ = preview(whole, "2021")
    with TestClient(app, base_url="http://127.0.0.1:8343") as client:
        page = client.get(f"/2021/letters/{DURHAM}/figures").text

    assert "Authority figures 2020-21.xlsx, sheet Authority figures, cell C" in page
    assert (
        "rows of Complaints decided 2020-21.xlsx, sheet Decided: where Decision is Upheld" in page
    )
    (rows,) = [one for one in read(SAMPLES / BOOK) if one.name == "Decided"]
    first = next(row for row in range(2, 10_000) if is_upheld_of_durham(rows, row))
    assert f"Cases: {rows.cells[first, 1].shown}" in page


def is_upheld_of_durham(sheet: Sheet, row: int) -> bool:
    return (sheet.cell(row, 2).shown, sheet.cell(row, 5).shown) == ("County Durham", "Upheld")


@pytest.fixture(scope="module")
def office_program() -> str:
    """LibreOffice, where it is installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    return program


def converted(program: str, folder: Path, ending: str, files: Sequence[Path]) -> list[Path]:
    """What LibreOffice makes of files; of very many at once it leaves some out."""
    home = folder / "home"
    command = [program, f"-env:UserInstallation={home.as_uri()}", "--headless", "--convert-to"]
    for first in range(0, len(files), 100):
        subprocess.run(
            [*command, ending, "--outdir", str(folder), *map(str, files[first : first + 100])],
            check=True,
            capture_output=True,
            timeout=300,
        )
    return sorted(folder.glob(f"*.{ending}"))


@pytest.mark.slow
def test_workbooks_that_libreoffice_saved_give_the_same(
    office: Path, tmp_path_factory: pytest.TempPathFactory, office_program: str
) -> None:
    folder = tmp_path_factory.mktemp("ods")
    books = converted(office_program, folder, "ods", BOOKS)
    says(office, *(one.replace(".xlsx", ".ods") for one in (FIGURES, CASES, CONTACTS)))

    result = run("import", "2021", *books, "--root", office, "--write", *ACCEPTED)

    assert result.exit_code == 0, result.output
    assert imported(office) == expected()


@pytest.mark.slow
def test_libreoffice_opens_every_file_and_finds_the_rows_in_it(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, office_program: str
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    named = []
    for path in (whole / "private/2021/attachments").rglob("*.xlsx"):
        named.append(folder / f"{path.parent.name}--{path.name}")
        shutil.copy(path, named[-1])

    texts = converted(office_program, folder, "csv", named)

    assert len(texts) == len(named) == 616
    lock = load_lock(whole, "2021")
    for text in texts:
        slug, _, name = text.stem.partition("--")
        rows = numbers_of(lock.authorities[slug].enclosures[f"{name}.xlsx"].rows)
        assert len(text.read_text(encoding="utf-8").splitlines()) == 3 + len(rows)


@pytest.mark.slow
def test_from_workbooks_to_339_letters_that_can_be_sent(whole: Path, tmp_path: Path) -> None:
    root = tmp_path / "sent"
    shutil.copytree(whole, root, symlinks=True)
    write_words(root)
    confirm(root, to_confirm(root))

    for command in (
        ("build", "2021"),
        ("approve", "2021", "--all", "--by", "A Person"),
        ("send", "2021"),
    ):
        result = run(*command, "--root", root)
        assert result.exit_code == 0, result.output

    assert "339 accepted by the mail server" in result.output
