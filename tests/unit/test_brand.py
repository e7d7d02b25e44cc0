"""The looks of a year as data: what a brand may say, what comes of it, and which years it touches."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from letters.errors import Place
from letters.typesetting.brand import Looks, read_looks
from letters.typesetting.contrast import contrast
from tests.conftest import PROJECT

FACES = "regular: 2021/r.ttf, bold: 2021/b.ttf, italic: 2021/r.ttf, bold_italic: 2021/b.ttf"


@pytest.fixture
def looks(tmp_path: Path) -> Path:
    """A folder of templates with the project's base and a year without a brand."""
    templates = tmp_path / "templates"
    (templates / "2021").mkdir(parents=True)
    (templates / "base").symlink_to(PROJECT / "templates/base")
    return templates


def of(templates: Path, brand: str) -> Looks:
    (templates / "2021/brand.yaml").write_text(brand, encoding="utf-8")
    return read_looks(templates, "2021")


def told(found: Looks) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_a_year_without_a_brand_has_the_base_s(looks: Path) -> None:
    found = read_looks(looks, "2021")
    assert (found.brand.accent, found.brand.shade, found.brand.tint) == (
        "#3d2059",
        "#8a77a3",
        "#f3eff7",
    )
    assert found.brand.font == "'Liberation Sans', Arial, Helvetica, sans-serif"
    assert [*found.sheets] == ["base/brand.yaml"]
    assert not found.are_own
    assert found.problems == ()


def test_what_a_year_gives_is_its_own_and_the_rest_is_the_base_s(looks: Path) -> None:
    found = of(looks, 'accent: "#17524a"\n')
    assert (found.brand.accent, found.brand.shade) == ("#17524a", "#8a77a3")
    base, year = found.sheets["base/brand.yaml"], found.sheets["2021/brand.yaml"]
    assert "--accent: #17524a" in year and "--shade" not in year
    assert "--shade: #8a77a3" in base and "--accent" not in base
    assert "@font-face" in base and "@font-face" not in year


def test_a_year_that_gives_everything_has_nothing_of_the_base(looks: Path) -> None:
    fonts = "{family: Year Sans 3, regular: base/a.ttf, bold: base/b.ttf, italic: base/c.ttf, bold_italic: base/d.ttf}"
    brand = f'accent: "#17524a"\nshade: "#5d958b"\ntint: "#e9f3f1"\nfonts: {fonts}\n'
    found = of(looks, brand)
    assert [*found.sheets] == ["2021/brand.yaml"]
    assert found.brand.font == "'Year Sans 3', Arial, Helvetica, sans-serif"
    assert [face.file for face in found.faces] == [
        "base/a.ttf",
        "base/b.ttf",
        "base/c.ttf",
        "base/d.ttf",
    ]
    assert found.are_own


def test_an_empty_brand_is_the_base_s(looks: Path) -> None:
    found = of(looks, "# nothing yet\n")
    assert found.problems == ()
    assert [*found.sheets] == ["base/brand.yaml"]


@pytest.mark.parametrize(
    ("brand", "line"),
    [
        ("accent: #17524a", "1:8: error: accent: expected a value, found nothing"),
        ('accent: "17524a"', "1:9: error: accent: expected a colour"),
        ('accent: "#abc"', "1:9: error: accent: expected a colour"),
        ("accent: green", "1:9: error: accent: expected a colour"),
        ("accent: 175240", "1:9: error: accent: expected text, found 175240"),
        ('acent: "#17524a"', "1:1: error: acent: there is no such key"),
        ("logo: 2021/logo.svg", "1:7: error: logo: expected `key: value` entries"),
        ("logo: {file: 2021/logo.svg}", "logo.alt: this key is missing"),
        ("logo: {file: 2021/l.svg, alt: Us, height: 15}", "logo.height: expected text, found 15"),
        ("logo: {file: 2021/l.svg, alt: Us, height: big}", "logo.height: expected a height with"),
        (
            "fonts: {family: X, regular: a/x.ttf, italic: a/x.ttf, bold_italic: a/x.ttf}",
            "fonts.bold: this key is missing",
        ),
        (
            'fonts: {family: "X; }", regular: a/x.ttf, bold: a/x.ttf, italic: a/x.ttf, bold_italic: a/x.ttf}',
            "fonts.family: expected a font",
        ),
    ],
)
def test_what_no_brand_says_is_told_at_its_place(looks: Path, brand: str, line: str) -> None:
    (problem,) = told(of(looks, brand))
    assert problem.startswith("templates/2021/brand.yaml:1:")
    assert line in problem


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("accent: #17524a", 'write a colour in quotes, "#3d2059"'),
        ('accent: "17524a"', 'did you mean "#17524a"?'),
        ('accent: "#abc"', 'did you mean "#aabbcc"?'),
        ('logo: {file: a/b.svg, alt: Us, height: "14 MM"}', 'did you mean "14mm"?'),
    ],
)
def test_a_slip_in_a_brand_comes_with_what_was_meant(looks: Path, written: str, hint: str) -> None:
    (problem,) = of(looks, written).problems
    assert hint in problem.hint


def test_what_is_wrong_with_one_colour_does_not_hide_the_others(looks: Path) -> None:
    found = of(looks, 'accent: "#17524a"\nshade: sea\n')
    assert (found.brand.accent, found.brand.shade) == ("#17524a", "#8a77a3")


@pytest.mark.parametrize(
    ("brand", "sentence"),
    [
        ('accent: "#cccccc"', "accent: #cccccc has a contrast of 1.60 to 1 with white; words need 4.5 to 1"),
        ('accent: "#777777"', "accent: #777777 has a contrast of 4.47 to 1 with white; words need 4.5 to 1"),
        ('shade: "#bbbbbb"', "shade: #bbbbbb has a contrast of 1.91 to 1 with white; shapes need 3 to 1"),
        ('tint: "#888888"', "tint: #888888 has a contrast of 2.41 to 1 with the words on it; words need"),
        ('accent: "#6a6a6a"\ntint: "#e0e0e0"', "tint: #e0e0e0 has a contrast of 4.09 to 1 with the accent on it"),
    ],
)  # fmt: skip
def test_a_colour_that_is_too_faint_is_refused(looks: Path, brand: str, sentence: str) -> None:
    (problem, *others) = told(of(looks, brand))
    assert sentence in problem
    assert not others


def test_a_colour_that_is_just_dark_enough_is_taken(looks: Path) -> None:
    assert told(of(looks, 'accent: "#767676"\ntint: "#ffffff"\n')) == []


def test_the_colours_of_the_project_are_told_apart_in_grey() -> None:
    for folder in ("base", "2020"):
        brand = read_looks(PROJECT / "templates", folder).brand
        grounds = [brand.accent, brand.shade, brand.track, "#ffffff"]
        for darker, lighter in pairwise(grounds):
            told_apart = contrast(_rgb(darker), _rgb(lighter))
            assert told_apart > 1.2, (darker, lighter)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def test_the_specimen_s_mark_is_of_the_brand_s_colour(looks: Path) -> None:
    base, green = read_looks(looks, "2021"), of(looks, 'accent: "#006600"\n')
    marks = [
        next(sheet.split("--mark: ")[1] for sheet in one.sheets.values() if "--mark" in sheet)
        for one in (base, green)
    ]
    assert marks[0] != marks[1]
    assert "currentColor" not in "".join(marks)


def test_where_fonts_and_logo_are_named_is_known(looks: Path) -> None:
    found = of(looks, "logo: {file: 2021/l.svg, alt: Us}\nfonts: {family: X, " + FACES + "}\n")
    assert found.logo == ("2021/l.svg", Place("templates/2021/brand.yaml", 1, 14))
    assert found.faces[1].place == Place("templates/2021/brand.yaml", 2, 47)


def test_fonts_for_screens_come_with_the_sheet_once(looks: Path) -> None:
    found = of(looks, "fonts: {family: X, " + FACES + "}\n")
    sheet = found.screen_sheet(
        {"2021/r.ttf": "data:font/woff;base64,AA", "2021/b.ttf": "data:font/woff;base64,BB"}
    )
    assert sheet.count("@font-face") == 4
    assert sheet.count("base64,AA") == 2
    assert "@font-face" not in read_looks(looks, "2020").screen_sheet({})


def test_a_year_s_accent_that_is_too_faint_on_the_base_s_tint_is_told_in_the_year(
    looks: Path,
) -> None:
    (problem,) = told(of(looks, 'accent: "#767676"'))
    assert problem.startswith(
        "templates/2021/brand.yaml:1:9: error: accent: #767676 has a contrast"
    )
    assert "with the tint" in problem


@pytest.mark.parametrize("name", ["specimen.svg", "brand.yaml"])
@pytest.mark.parametrize("content", [None, b"\xff", b"accent: '#000000'"])
def test_a_base_that_is_not_whole_is_told(tmp_path: Path, name: str, content: bytes | None) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates/base", templates / "base")
    (templates / "base" / name).unlink()
    if content is not None:
        (templates / "base" / name).write_bytes(content)
    problems = read_looks(templates, "2021").problems
    assert [
        one.place.file for one in problems if one.severity == "error"
    ] or content == b"accent: '#000000'"
    assert all(one.place.file == f"templates/base/{name}" for one in problems)
