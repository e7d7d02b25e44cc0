"""What letters are dressed in: the sheets, what they name, and what is wrong with them."""

from __future__ import annotations

import shutil
from os import mkfifo
from pathlib import Path

import pytest

from letters.typesetting.stationery import Dress, read_dress
from letters.typesetting.styles import outside_files, read_sheet
from tests.conftest import PROJECT
from tests.doing import edit


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "templates", tmp_path / "templates")
    return tmp_path / "templates"


def told(dress: Dress) -> list[str]:
    return [f"{one.place}: {one.sentence}" for one in dress.problems]


def test_the_stationery_is_the_sheets_for_paper_and_what_they_name(templates: Path) -> None:
    dress = read_dress(templates, "2020")
    fonts = [f"base/fonts/LiberationSans-{name}.ttf" for name in ("Bold", "BoldItalic", "Italic")]
    fonts.append("base/fonts/LiberationSans-Regular.ttf")
    sheets = ["2020/brand.yaml", "base/brand.yaml", "base/common.css"]
    assert [*dress.stationery.files] == [*sheets, *fonts, "base/print.css"]
    order = ("base/brand.yaml", "2020/brand.yaml", "base/common.css", "base/print.css")
    assert dress.stationery.stylesheets == order
    assert dress.problems == ()


def test_a_specimen_wears_its_mark_and_a_year_its_own_sheet(templates: Path) -> None:
    (templates / "2020/print.css").write_text('@import "more.css"; p { margin: 0 }')
    (templates / "2020/more.css").write_text('p { background: url("%70icture.svg?x#y") }')
    (templates / "2020/picture.svg").write_text("<svg/>")
    stationery = read_dress(templates, "2020", specimen=True).stationery
    assert stationery.stylesheets[4:] == ("base/specimen.print.css", "2020/print.css")
    assert {"2020/more.css", "2020/picture.svg"} <= stationery.files.keys()


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "print.css~",
        "._letter.html.jinja",
        "letter.html.jinja.orig",
        "old.png",
        "Thumbs.db",
    ],
)
def test_files_that_no_sheet_names_are_no_part_of_it(templates: Path, name: str) -> None:
    before = read_dress(templates, "2020").stationery.digest
    (templates / "base" / name).write_bytes(b"\xff")
    (templates / "2020" / name).write_bytes(b"\xff")
    (templates / "base/fonts/LICENSE").write_text("another")
    assert read_dress(templates, "2020").stationery.digest == before


@pytest.mark.parametrize(
    ("style", "sentence"),
    [
        ("p { background: url(nix.png) }", "there is no templates/base/nix.png"),
        ("p { background: url(../../x.png) }", "only files below templates/ may be used"),
        ("p { background: url(https://x.example/x.png) }", "only files below templates/ may be"),
        ("p { background: url(/etc/passwd) }", "only files below templates/ may be used"),
        ("p } ", "this is no CSS: "),
        ('p { background: url("//[x") }', "only files below templates/ may be used"),
        (f"p {{ background: url({'a' * 300}.png) }}", "there is no templates/base/aaa"),
        ("@media print { p { margin: 0 }", "what begins here or behind it is never closed"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_wrong_with_a_sheet_for_paper_is_told_at_its_line(
    templates: Path, style: str, sentence: str
) -> None:
    sheet = templates / "base/common.css"
    lines = sheet.read_text().count("\n") + 1
    sheet.write_text(f"{sheet.read_text()}{style}")
    first = told(read_dress(templates, "2020"))[0]
    assert first.startswith(f"templates/base/common.css:{lines}:")
    assert sentence in first


@pytest.mark.parametrize(
    ("style", "sentence"),
    [
        ("p { background: url(x.png) }", 'the HTML page would need another file: "x.png"'),
        ('@import "x.css";', 'the HTML page would need another file: "x.css"'),
        ("/* </style> */", '"</style" would end the style sheet'),
        ("p { margin 0 }", "this is no CSS: "),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_sheet_for_screens_is_told_too(
    templates: Path, style: str, sentence: str
) -> None:
    (templates / "2020/screen.css").write_text(f"q {{ margin: 0 }}\n{style}\n")
    (problem,) = told(read_dress(templates, "2020"))
    assert problem.startswith("templates/2020/screen.css:")
    assert sentence in problem


def test_a_comment_that_is_never_closed_is_told(templates: Path) -> None:
    edit(templates / "base/common.css", "}", "} /* never")
    assert "is never closed" in told(read_dress(templates, "2020"))[0]


def test_a_sheet_nested_too_deeply_is_told(templates: Path) -> None:
    (templates / "2020/screen.css").write_text("@media {" * 2000)
    assert "nested too deeply" in told(read_dress(templates, "2020"))[0]
    assert outside_files("x: " + "(" * 5000) == ("",)


def test_a_pipe_or_a_dangling_link_in_place_of_a_sheet_is_told(templates: Path) -> None:
    mkfifo(templates / "2020/print.css")
    assert told(read_dress(templates, "2020")) == [
        "templates/2020/print.css:1:1: this is no ordinary file"
    ]
    (templates / "2020/print.css").unlink()
    (templates / "2020/print.css").symlink_to("nowhere.css")
    assert "there is no such style sheet" in told(read_dress(templates, "2020"))[0]


def test_a_link_that_leads_to_itself_is_told_where_a_sheet_names_it(templates: Path) -> None:
    edit(templates / "base/common.css", "", "@import 'more.css';\n")
    (templates / "base/more.css").symlink_to(templates / "base/more.css")
    assert "templates/base/common.css:1:1: there is no templates/base/more.css" in told(
        read_dress(templates, "2020")
    )


def test_a_picture_that_a_sheet_holds_itself_is_no_other_file() -> None:
    assert read_sheet("p { background: url(data:image/png;base64,AA) }").files == ()
    assert outside_files("fill: url(#gradient)") == ()
    assert outside_files("color: red") == ()


def test_files_are_found_wherever_a_sheet_names_them() -> None:
    sheet = '@media print { p { background: URL("a.png") } } @page { @top-left { content: url(b.png) } }'
    assert [one.name for one in read_sheet(sheet).files] == ["a.png", "b.png"]
