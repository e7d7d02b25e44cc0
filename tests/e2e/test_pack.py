"""The print pack: one file for a print house, and the list that goes with it."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest

from letters.files import only_one
from tests.conftest import put_small_year
from tests.doing import run


@pytest.fixture(scope="module")
def as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = put_small_year(tmp_path_factory.mktemp("built"))
    template = root / "templates" / "2024" / "letter.html.jinja"
    words = template.read_text(encoding="utf-8")
    template.write_text(
        words.replace("<p>Casework", "{{ (letter.paragraph or '') | markdown }}<p>Casework"),
        encoding="utf-8",
    )
    paragraphs = root / "data" / "2024" / "paragraphs"
    paragraphs.mkdir()
    (paragraphs / "ashby-district-council.md").write_text(
        "\n\n".join(["We wrote to you often this year."] * 40)
    )
    assert run("build", "2024", "--root", root, "--quiet").exit_code == 0
    return root


@pytest.fixture
def built(as_built: Path, tmp_path: Path) -> Path:
    """The small year, built: letters of two pages, and one of three with a bespoke paragraph."""
    return Path(shutil.copytree(as_built, tmp_path, dirs_exist_ok=True))


def test_letters_come_in_the_register_s_order_each_on_a_right_hand_page(built: Path) -> None:
    result = run("pack", "2024", "--root", built)
    assert (result.exit_code, result.stdout) == (
        0,
        f"2024: 3 letters on 8 pages in {built}/build/2024/print-pack.pdf\n",
    )
    rows = list(
        csv.reader(
            io.StringIO((built / "build/2024/print-pack.csv").read_text(encoding="utf-8-sig"))
        )
    )
    assert rows == [
        ["slug", "name", "first page", "last page"],
        ["ashby-district-council", "Ashby District Council", "1", "3"],
        ["birch-district-council", "Birch District Council", "5", "6"],
        ["cedar-fire-authority", "Cedar Fire Authority", "7", "8"],
    ]
    with pdfium.PdfDocument(built / "build/2024/print-pack.pdf") as pack:
        texts = [page.get_textpage().get_text_range() for page in pack]
    assert [bool(text.strip()) for text in texts] == [
        True,
        True,
        True,
        False,
        True,
        True,
        True,
        True,
    ]
    assert "Dear Mr Oak" in texts[0]
    assert "Dear Managing Director" in texts[4]
    assert "Dear Dr Elm" in texts[6]


def test_bookmarks_name_the_authorities(built: Path) -> None:
    run("pack", "2024", "--root", built)
    with pikepdf.open(built / "build/2024/print-pack.pdf") as pack, pack.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Ashby District Council", "Birch District Council", "Cedar Fire Authority",
        ]  # fmt: skip


def test_a_pack_made_twice_is_the_same(built: Path) -> None:
    run("pack", "2024", "--root", built)
    once = (built / "build/2024/print-pack.pdf").read_bytes()
    run("pack", "2024", "--root", built)
    assert (built / "build/2024/print-pack.pdf").read_bytes() == once


def test_a_letter_that_is_not_as_built_stops_the_pack(built: Path) -> None:
    (built / "build/2024/letters/birch-district-council.pdf").write_bytes(b"something else")
    result = run("pack", "2024", "--root", built)
    assert result.exit_code == 1
    assert (
        "1 letter is not as the data and templates now are, birch-district-council first; build"
        in result.stderr
    )


def test_a_letter_that_is_not_built_stops_the_pack(small_year: Path) -> None:
    run("build", "2024", "birch-district-council", "--root", small_year)
    result = run("pack", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert (
        "2 letters are not as the data and templates now are, ashby-district-council first"
        in result.stderr
    )


def test_figures_that_changed_since_the_build_stop_the_pack_and_the_next_build_removes_it(
    built: Path,
) -> None:
    assert run("pack", "2024", "--root", built).exit_code == 0
    statistics = built / "data/2024/statistics.yaml"
    statistics.write_text(statistics.read_text().replace("population: 51000", "population: 60000"))
    result = run("pack", "2024", "--root", built)
    assert result.exit_code == 1
    assert "cedar-fire-authority first; build the year again" in result.stderr
    run("build", "2024", "--root", built)
    assert not list((built / "build/2024").glob("print-pack.*"))
    assert run("pack", "2024", "--root", built).exit_code == 0


def test_a_year_that_is_being_built_is_not_packed(built: Path) -> None:
    with only_one(built / "build/2024", "process 4711"):
        result = run("pack", "2024", "--root", built)
    assert result.exit_code == 1
    assert "is being built by process 4711" in result.stderr


def test_verify_names_every_difference(built: Path) -> None:
    assert (
        run("verify", "2024", "--root", built).stdout
        == "2024: 3 letters in the manifest, 0 differences\n"
    )
    stray = built / "build/2024/letters/note.txt"
    stray.write_text("x")
    (built / "build/2024/letters/.DS_Store").write_text("the system's own")
    result = run("verify", "2024", "--root", built)
    assert result.exit_code == 1
    assert (
        result.stdout
        == f"{stray}: not in the manifest\n2024: 3 letters in the manifest, 1 difference\n"
    )
    listed = run("verify", "2024", "--json", "--root", built)
    assert listed.exit_code == 1
    assert json.loads(listed.stdout) == [
        {"sentence": f"{stray}: not in the manifest", "authority": ""}
    ]
    stray.unlink()
    gone = built / "build/2024/letters/birch-district-council.pdf"
    gone.unlink()
    listed = run("verify", "2024", "--json", "--root", built)
    assert json.loads(listed.stdout) == [
        {"sentence": f"{gone}: missing", "authority": "birch-district-council"}
    ]


def test_explain_says_what_would_be_made_and_why_and_makes_nothing(built: Path) -> None:
    statistics = built / "data/2024/statistics.yaml"
    statistics.write_text(statistics.read_text().replace("population: 51000", "population: 60000"))
    before = (built / "build/2024/manifest.json").read_bytes()
    result = run("build", "2024", "--explain", "--root", built)
    assert result.exit_code == 0
    assert result.stdout == (
        "cedar-fire-authority: statistics: population 51000 -> 60000\n1 letter to make, 2 unchanged\n"
    )
    assert (built / "build/2024/manifest.json").read_bytes() == before


def change_manifest(root: Path, change: Callable[[Any], object]) -> None:
    """Change the manifest, as somebody does with an editor."""
    path = root / "build/2024/manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_letters_in_each_other_s_place_stop_the_pack_whatever_the_manifest_says(
    built: Path,
) -> None:
    one, other = (
        built / "build/2024/letters" / f"{slug}.pdf"
        for slug in ("ashby-district-council", "birch-district-council")
    )
    pdfs = one.read_bytes(), other.read_bytes()
    other.write_bytes(pdfs[0])
    one.write_bytes(pdfs[1])

    def swap(document: Any) -> None:
        first, second = document["letters"][:2]
        for name in ("sha256", "bytes", "pages"):
            first[name], second[name] = second[name], first[name]

    change_manifest(built, swap)
    result = run("pack", "2024", "--root", built)
    assert result.exit_code == 1
    assert "2 letters are not as the data and templates now are, ashby-district" in result.stderr
    assert not list((built / "build/2024").glob("print-pack.*"))


def test_a_year_of_an_older_format_is_to_be_built_again_before_it_is_packed_or_verified(
    built: Path,
) -> None:
    change_manifest(built, lambda document: document.pop("format"))
    for command in ("pack", "verify"):
        result = run(command, "2024", "--root", built)
        assert result.exit_code == 1
        assert "was built by an older version of letters; build the year again" in result.stderr
