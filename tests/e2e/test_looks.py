"""A year with looks of its own: two to six panels, each kind of panel, a logo, a signature, fonts."""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from letters.batch.build import Build
from letters.campaign.load import load
from letters.check import gather
from letters.errors import CampaignError
from letters.typesetting.html import self_contained
from letters.typesetting.writer import Writer
from tests.conftest import PROJECT, put_many_panels
from tests.doing import edit, run
from tests.press import MadeLetter, Press
from tests.reading import pdf_pages, words_of_html

pytestmark = pytest.mark.no_cover

ASH, CEDAR = "ash-county-council", "cedar-fire-authority"
LONG = "beech-with-long-upper-marsh-and-saint-mary-bourne-county-council"
PAGES = {
    2: ("upheld", "rate"),
    3: ("compliance", "rate", "remedies"),
    4: ("upheld", "compliance", "remedies", "rate"),
    5: ("upheld", "compliance", "remedies", "rate", "upheld"),
    6: ("numbers", "upheld", "compliance", "remedies", "rate", "table"),
}
BRAND, LETTER = "templates/2025/brand.yaml", "data/2025/letter.yaml"

Letters = Mapping[tuple[int, str], MadeLetter]


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    """Each letter of the year, by the number of panels and the authority."""
    made: dict[tuple[int, str], MadeLetter] = {}
    for number, panels in PAGES.items():
        root = put_many_panels(tmp_path_factory.mktemp("looks"), *panels)
        if number == 3:  # with the other kinds of files
            drawn = Image.new("RGBA", (160, 48), "#17524a")
            drawn.save(root / "templates/2025/pictures/logo.png")
            edit(root / BRAND, "logo.svg", "logo.png")
            edit(root / LETTER, "signature.png", "signature.jpg")
        press = Press(root, load(root, "2025"))
        made |= {(number, slug): press.make(slug) for slug in (ASH, LONG, CEDAR)}
    return made


def test_two_to_six_panels_fit_the_page_with_long_names_and_without_figures(
    letters: Letters,
) -> None:
    assert {letter.pages for letter in letters.values()} == {2}
    for (number, _), letter in letters.items():
        *_, page = pdf_pages(letter.pdf)
        assert len(list(page.all("H3"))) == number


@pytest.mark.parametrize(
    ("panels", "widths"),
    [
        ("upheld rate remedies", "half half half"),  # one below the other
        ("upheld rate remedies compliance", "half half half half"),
        ("upheld rate remedies compliance upheld", "half half half half wide"),
        ("numbers upheld rate remedies table", "wide half half wide wide"),
        ("upheld numbers rate remedies", "wide wide half half"),
        ("upheld rate remedies table numbers", "half half wide wide wide"),
    ],
)
def test_a_panel_that_would_stand_alone_in_its_row_takes_all_of_it(
    tmp_path: Path, panels: str, widths: str
) -> None:
    root = put_many_panels(tmp_path, *panels.split())
    made = Press(root, load(root, "2025")).make(ASH)
    assert re.findall(r'<section class="panel panel-(\w+)', made.html) == widths.split()


def test_the_words_of_both_twins_are_the_same(letters: Letters) -> None:
    for letter in letters.values():
        read = "".join(page.text for page in pdf_pages(letter.pdf))
        assert "".join(read.split()) == "".join("".join(words_of_html(letter.html)).split())


def test_pictures_and_charts_have_words_in_their_place(letters: Letters) -> None:
    for slug, signed in ((ASH, "Signature of Dana Example"), (CEDAR, "Signature of Dana Example")):
        first, last = pdf_pages(letters[6, slug].pdf)
        assert [one.alt for one in first.all("Figure")] == ["Example Ombudsman", signed]
        assert all(one.alt.startswith(("Ring chart", "Bar chart")) for one in last.all("Figure"))
    *_, last = pdf_pages(letters[6, ASH].pdf)
    *_, bar = last.all("Figure")
    assert bar.alt == (
        "Bar chart: 3.9 upheld decisions for every 100,000 residents."
        " A mark shows the average of similar authorities, 4.5."
    )
    *_, last = pdf_pages(letters[6, CEDAR].pdf)
    *_, bar = last.all("Figure")
    assert bar.alt == "Bar chart without a number: The number of residents is not known."


def test_a_table_has_rows_and_heads_with_their_scope(letters: Letters) -> None:
    letter = letters[6, ASH]
    *_, page = pdf_pages(letter.pdf)
    (table,) = page.all("Table")
    rows = [
        [cell.text.strip() for cell in row.children if not isinstance(cell, str)]
        for row in table.all("TR")
    ]
    assert rows[0] == ["Service", "Dealt with", "Upheld"]
    assert rows[1] == ["Education and children’s services", "142", "43"]
    with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
        heads = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"
        ]
        scopes = sorted(str(head.A.Scope) for head in heads)
    assert scopes == ["/Column"] * 3 + ["/Row"] * 3


def test_pictures_are_files_in_the_pdf_and_part_of_the_page(letters: Letters) -> None:
    for number, kind in ((2, "image/png"), (3, "image/jpeg")):
        letter = letters[number, ASH]
        assert f'src="data:{kind};base64,' in letter.html
        assert "picture:" not in letter.html
        with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
            streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
            images = [item for item in streams if item.get("/Subtype") == "/Image"]
            masks = [item for item in images if "/SMask" in item]
            assert len(images) - len(masks) == (2 if number == 3 else 1)  # the logo as PNG, too
            assert not any(bool(item.Interpolate) for item in images)


def test_the_year_s_fonts_are_in_print_and_on_screens_once(letters: Letters) -> None:
    letter = letters[6, ASH]
    with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
        names = [
            str(item.FontName)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
    assert len(names) == len(set(names)) == 3  # upright, bold, italic
    faces = re.findall(
        r'@font-face \{ font-family: "Year Sans"; (.*?) ?src: url\("(.*?)"\)', letter.html
    )
    assert [style for style, _ in faces] == [
        "",
        "font-weight: bold;",
        "font-style: italic;",
        "font-weight: bold; font-style: italic;",
    ]
    for _, address in faces:
        assert address.startswith("data:font/woff;base64,")
        assert base64.b64decode(address.partition(",")[2])[:4] == b"wOFF"
    assert len(letter.html) < 250_000


def test_nothing_of_the_base_s_colours_is_left(letters: Letters, tmp_path: Path) -> None:
    for color in ("#3d2059", "#8a77a3", "#f3eff7"):
        assert all(color not in letter.html.lower() for letter in letters.values())
    root = put_many_panels(tmp_path)
    shutil.copy(PROJECT / "templates/2020/email.html.jinja", root / "templates/2025")
    mail = (root / "templates/2025/email.html.jinja").read_text("utf-8")
    assert "#3d2059" not in mail and "brand.accent" in mail
    edit(root / LETTER, 'templates: "2025"', 'templates: "2025"\nspecimen: true')
    campaign = load(root, "2025")
    marked = Press(root, campaign).make(ASH)
    assert "3d2059" not in marked.html and "%23e5eceb" in marked.html.lower()


def test_charts_are_told_apart_in_grey(letters: Letters) -> None:
    """What a chart shows, what it leaves empty, and the paper: three levels of grey, and the mark is darkest."""
    with pypdfium2.PdfDocument(letters[6, ASH].pdf) as document:
        page = document[1].render(scale=2).to_pil().convert("L")
    levels = {level for _, level in sorted(page.getcolors(), reverse=True)[:40]}
    accent, track, paper = 66, 215, 255
    assert {paper} <= levels
    assert any(abs(level - accent) < 12 for level in levels)
    assert any(abs(level - track) < 12 for level in levels)


def test_the_same_letter_has_the_same_bytes(letters: Letters, tmp_path: Path) -> None:
    root = put_many_panels(tmp_path, *PAGES[6])
    again = Press(root, load(root, "2025")).make(ASH)
    assert (again.pdf, again.html) == (letters[6, ASH].pdf, letters[6, ASH].html)


def test_without_a_logo_the_letterhead_has_the_name(tmp_path: Path) -> None:
    root = put_many_panels(tmp_path)
    brand = (root / BRAND).read_text("utf-8")
    (root / BRAND).write_text(
        "".join(line for line in brand.splitlines(True) if "logo" not in line)
    )
    letter = Press(root, load(root, "2025")).make(ASH)
    assert words_of_html(letter.html)[:2] == ["Example", "Ombudsman"]


def test_a_new_signatory_does_not_inherit_a_signature(tmp_path: Path) -> None:
    root = put_many_panels(tmp_path)
    edit(root / LETTER, "  signature: 2025/pictures/signature.png\n", "")
    writer = Writer(root, load(root, "2025"))
    words = writer.words(ASH)
    assert "signature" not in self_contained(words.html, words.markup, writer.dress())


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (LETTER, "signature.png", "nix.png", "letter.yaml:8:3: error: there is no templates/2025/pictures/nix.png"),
        (LETTER, "2025/pictures/signature.png", "../office.yaml", "only files below templates/ may be used"),
        (BRAND, "logo.svg", "nix.svg", "brand.yaml:10:14: error: there is no templates/2025/pictures/nix.svg"),
        (BRAND, "Regular.ttf", "nix.ttf", "brand.yaml:6:12: error: there is no templates/2025/fonts/nix.ttf"),
        (BRAND, "2025/fonts/Bold.ttf", "2025/pictures/logo.svg", '"2025/pictures/logo.svg" is no font that'),
        (BRAND, "#17524a", "#a7c2ba", "#a7c2ba has a contrast of 1.89 to 1 with white; words need 4.5 to 1"),
    ],
    ids=["signature", "outside", "logo", "font", "no font", "faint"],
)  # fmt: skip
def test_what_is_wrong_with_looks_stops_the_year_before_a_letter_is_made(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    root = put_many_panels(tmp_path)
    edit(root / file, old, new)
    gathering = gather(root, "2025", mail=False)
    assert any(told in str(problem) for problem in gathering.problems)
    with pytest.raises(CampaignError):
        gathering.sound()


def build(root: Path, year: str) -> int:
    """Build a year in this process; the number of letters that were made."""
    edition = gather(root, year, mail=False).sound()
    with ThreadPoolExecutor(1) as worker:
        outcomes = list(Build(edition.drafts).run(worker, 1))
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    return len(outcomes)


def test_changing_a_year_s_brand_never_touches_another_year(tmp_path: Path) -> None:
    root = put_many_panels(tmp_path)
    for folder in ("data", "templates"):
        shutil.copytree(root / folder / "2025", root / folder / "2026")
    for path in (root / "templates/2026").glob("*.*"):
        path.write_text(path.read_text("utf-8").replace("2025/", "2026/"), "utf-8")
    for old, new in (
        ('"2025"', '"2026"'),
        ("2025/", "2026/"),
        ("2025-", "2026-"),
        ("2024-", "2025-"),
    ):
        edit(root / "data/2026/letter.yaml", old, new, -1)
    edit(root / "data/2026/letter.yaml", "signatory:", "specimen: true\nsignatory:")
    for year in ("2025", "2026"):
        assert build(root, year) == 3
    before = {path: path.read_bytes() for path in (root / "build/2025").rglob("*.*")}

    edit(root / "templates/2026/brand.yaml", "#17524a", "#4a1752")
    told = run("build", "2026", "--root", root, "--explain").output
    assert told.count("file 2026/brand.yaml changed") == 3
    assert (build(root, "2026"), build(root, "2025")) == (3, 0)
    assert {path: path.read_bytes() for path in (root / "build/2025").rglob("*.*")} == before


def test_what_the_base_changes_is_told(tmp_path: Path) -> None:
    root = put_many_panels(tmp_path)
    build(root, "2025")
    edit(root / "templates/base/print.css", "7mm solid", "8mm solid")
    told = run("build", "2025", "--root", root, "--explain").output
    assert f"{ASH}: file base/print.css changed in the base, which all years share" in told
    done = run("build", "2025", ASH, "--root", root, "--jobs", "1").output
    assert "2025: the base changed, which all years share: base/print.css" in done


def test_check_is_silent_about_a_year_with_all_of_it(tmp_path: Path) -> None:
    problems = gather(put_many_panels(tmp_path), "2025").problems
    assert [problem.code for problem in problems] == ["all-counts-0"]
