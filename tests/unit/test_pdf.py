"""HTML into PDF: what must fail, and that the same letter gives the same bytes."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from letters.campaign.load import Campaign
from letters.errors import CampaignError, RenderingError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import Stationery, read_dress
from tests.conftest import PROJECT
from tests.reading import pdf_text

HTML = (
    """<!DOCTYPE html><html lang="en-GB"><head><title>Test</title></head><body>{}</body></html>"""
)

SVG = "%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"

Write = Callable[..., bytes]


@pytest.fixture(scope="module")
def write(campaign_2020: Campaign) -> Write:
    dress = read_dress(PROJECT / "templates", campaign_2020.letter.templates)
    typesetter = Typesetter(dress.stationery)

    def write(body: str, pages: range | None = None) -> bytes:
        return typesetter.pdf(
            Manuscript("camden", HTML.format(body), {}, date(2020, 7, 22), pages)
        ).content

    return write


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<img src="base/nowhere.png" alt="x">', "Failed to load image"),
        (
            '<img src="https://www.example.org/x.png" alt="x">',
            "only files below templates/ may be used",
        ),
        ('<img src="data:image/png;base64,AAAA" alt="x">', "Failed to load image"),
        ('<img src="file:///etc/passwd" alt="x">', "only files below templates/ may be used"),
        ('<img src="../README.md" alt="x">', "only files below templates/ may be used"),
        ('<img src="%2e%2e/README.md" alt="x">', "there is no templates/../README.md"),
        ('<link rel="stylesheet" href="base/nowhere.css">', "Failed to load stylesheet"),
        ('<p style="colour: red">x</p>', "Ignored `colour: red`"),
        ("<p>日本</p>", "unsupported by fonts"),
        ("<p>\U0001f600</p>", "unsupported by fonts"),
        ('<a href="#nowhere">x</a>', "No anchor #nowhere"),
        (
            f'<img src="data:image/svg+xml,{SVG}" style="width: 9mm; height: 9mm">',
            "no required alt description",
        ),
    ],
)
def test_what_the_renderer_only_logs_fails_the_letter(write: Write, body: str, words: str) -> None:
    with pytest.raises(RenderingError, match=f"camden: .*{words}"):
        write(body)


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (
            "p { colour: red }",
            'x.css:1:5: error: "colour: red" has no effect on paper: unknown property\n'
            '    hint: did you mean "color"?',
        ),
        (
            "p { margin: 0 }\n  q { margin: red; padding: blue }",
            'x.css:2:7: error: "margin: red" has no effect on paper: invalid value\n'
            'templates/base/x.css:2:20: error: "padding: blue" has no effect on paper',
        ),
        (
            '@font-face { font-family: x; src: url("x.ttf") }',
            "x.css:1:1: error: Font-face .* cannot",
        ),
        ("p { margin: 0 }", "x.css:1:1: error: the style sheets bring no font"),
    ],
)
def test_all_faults_of_a_style_sheet_are_told_before_any_letter(style: str, words: str) -> None:
    with pytest.raises(CampaignError, match=re.escape(words).replace(r"\.\*", ".*")):
        Typesetter(Stationery({"base/x.css": style.encode()}, ("base/x.css",)))


def test_a_style_that_is_wrong_where_it_is_used_fails_every_letter_that_uses_it(
    campaign_2020: Campaign,
) -> None:
    stationery = read_dress(PROJECT / "templates", campaign_2020.letter.templates).stationery
    sheet = stationery.files["base/print.css"] + b"\nq { color: var(--quite) }"
    typesetter = Typesetter(
        replace(stationery, files={**stationery.files, "base/print.css": sheet})
    )

    def made(body: str) -> bool:
        try:
            typesetter.pdf(Manuscript("x", HTML.format(body), {}, date(2020, 7, 22), None))
        except RenderingError as error:
            assert "no value" in str(error)
            return False
        return True

    assert [made(body) for body in ("<q>a</q>", "<q>b</q>", "<p>c</p>", "<q>d</q>")] == [
        False,
        False,
        True,
        False,
    ]


def test_no_font_of_the_machine_is_used(write: Write) -> None:
    with pikepdf.open(io.BytesIO(write('<p style="font-family: DejaVu Sans, serif">x</p>'))) as pdf:
        assert "Liberation-Sans" in str(next(iter(pdf.pages[0].Resources.Font.values())).BaseFont)


@pytest.mark.parametrize(
    "text", ["Šimůnek", "O’Neill", "Ní Dhomhnaill", "Nguyễn", "£1,400 – “quoted”", "Ωmega"]
)
def test_names_of_europe_can_be_set(write: Write, text: str) -> None:
    assert text in pdf_text(write(f"<p>{text}</p>"))[0]


def test_a_word_too_wide_for_its_column_fails(write: Write) -> None:
    with pytest.raises(
        RenderingError, match=r'camden: page 1 overflows: "w+\.\.\." is wider than its column'
    ):
        write(f"<p>{'w' * 200}</p>")


@pytest.mark.parametrize(
    "body",
    [
        f'<p style="float: left">{"w" * 200}</p>',
        '<p style="width: 400mm">' + "word " * 60 + "</p>",
        '<p style="margin-left: -100mm">word</p>',
        f"<table><tr><td>{'w' * 200}</td></tr></table>",
        '<svg viewBox="0 0 1 1" style="width: 2000px; height: 9px" xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>',
    ],
)
def test_what_leaves_the_page_at_the_side_fails(write: Write, body: str) -> None:
    with pytest.raises(RenderingError, match="camden: page 1 overflows"):
        write(body)


def test_a_text_too_long_for_its_picture_fails(write: Write) -> None:
    text = '<text x="5" font-size="10">similar authorities of England</text>'
    picture = f'<svg viewBox="0 0 100 20" width="100" height="20" xmlns="http://www.w3.org/2000/svg"><title>x</title>{text}</svg>'
    with pytest.raises(
        RenderingError, match='"similar authorities of England" is too long for its picture'
    ):
        write(picture)


def test_a_person_s_name_that_overflows_is_not_repeated(write: Write) -> None:
    with pytest.raises(RenderingError, match="page 1 overflows: a name or post is wider") as caught:
        write(f"<address data-private>{'Featherstone' * 30}</address>")
    assert "Featherstone" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<h1>a</h1><h3>b</h3>", "a heading of level 3 follows one of level 1"),
        ("<h2>a</h2>", "a heading of level 2 follows one of level 0"),
        (
            '<svg viewBox="0 0 9 9" width="9" height="9" xmlns="http://www.w3.org/2000/svg"></svg>',
            "a picture has no words in its place",
        ),
    ],
)
def test_a_structure_that_leaves_readers_out_fails(write: Write, body: str, words: str) -> None:
    with pytest.raises(RenderingError, match=words):
        write(body)


def test_a_panel_that_holds_too_much_fails(write: Write) -> None:
    tall = '<div data-whole="panel Upheld" style="height: 20mm">' + "<p>x</p>" * 20 + "</div>"
    with pytest.raises(RenderingError, match='the panel Upheld overflows: "x" is cut off'):
        write(tall)


def test_a_panel_split_over_pages_fails(write: Write) -> None:
    with pytest.raises(RenderingError, match="the panel Upheld is split over pages 1 and 2"):
        write('<div data-whole="panel Upheld">' + "<p>x</p>" * 60 + "</div>")


def test_what_is_placed_absolutely_must_stay_in_its_panel_too(write: Write) -> None:
    inner = (
        '<p style="position: absolute; top: 15mm; width: 20mm">a b c d e f g h i j k l m n o p</p>'
    )
    with pytest.raises(RenderingError, match="the panel Upheld overflows"):
        write(
            f'<div data-whole="panel Upheld" style="position: relative; height: 20mm">{inner}</div>'
        )


def test_text_below_the_foot_of_the_page_fails(write: Write) -> None:
    with pytest.raises(RenderingError, match="page 1 overflows"):
        write('<p style="position: absolute; top: 280mm">x</p>')


def test_another_number_of_pages_fails(write: Write) -> None:
    with pytest.raises(RenderingError, match="it has 1 pages, but 3 or 4 are allowed"):
        write("<p>x</p>", range(3, 5))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries have other names")
def test_the_renderer_is_there_without_a_compiler_s_help() -> None:
    program = (
        "import sys, ctypes.util; run = [];"
        "sys.addaudithook(lambda event, about: event == 'subprocess.Popen' and run.append(about[0]));"
        "search = ctypes.util.find_library; import letters.typesetting.pdf;"
        "print(run, ctypes.util.find_library is search)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=PROJECT
    )
    assert done.stdout == "[] True\n"


def test_the_same_letter_gives_the_same_bytes_in_another_process_with_another_hash_seed() -> None:
    def made(seed: str) -> bytes:
        program = (
            "import sys, hashlib; from pathlib import Path; from letters.campaign.load import load;"
            "from tests.press import Press;"
            "root = Path(sys.argv[1]); press = Press(root, load(root, '2020'));"
            "print([hashlib.sha256(part).hexdigest() for slug in ('maidstone-borough-council',)"
            " for letter in (press.make(slug), press.make(slug)) for part in (letter.pdf, letter.html.encode())])"
        )
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        return subprocess.run(
            [sys.executable, "-c", program, str(PROJECT)],
            capture_output=True,
            check=True,
            env=environment,
            cwd=PROJECT,
        ).stdout

    first, second = made("1"), made("2")
    assert first == second
    hashes = first.decode().strip("[]\n").split(", ")
    assert hashes[:2] == hashes[2:], "a second letter from the same press is the same too"
