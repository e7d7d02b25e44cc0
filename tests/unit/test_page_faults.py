"""What the eye sees of pages: nothing is hidden, cut off, covered or added, and what is well made is let be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from letters.campaign.load import Campaign
from letters.errors import RenderingError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_dress
from tests.conftest import PROJECT

HTML = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>Test</title><style>{}</style></head>'
    '<body><div style="padding: 20mm 0">{}</div></body></html>'
)
WORDS = "word " * 60
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)

OPAQUE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM4IScHAAK2AQU0"
    "pnWqAAAAAElFTkSuQmCC"
)

Codes = Callable[..., list[str]]


@pytest.fixture(scope="module")
def typesetter(campaign_2020: Campaign) -> Typesetter:
    return Typesetter(read_dress(PROJECT / "templates", campaign_2020.letter.templates).stationery)


@pytest.fixture
def codes(typesetter: Typesetter) -> Codes:
    """The codes of what is wrong with a piece of HTML and its style sheet, in their order."""

    def codes(body: str, style: str = "") -> list[str]:
        html = HTML.format(style, body)
        try:
            typesetter.pdf(Manuscript("camden", html, {}, date(2020, 7, 22), None))
        except RenderingError as error:
            return [problem.code for problem in error.problems]
        return []

    return codes


def drawing(
    inner: str, attributes: str = 'viewBox="0 0 100 20" width="200" height="40"', style: str = ""
) -> str:
    return (
        f'<div><svg {attributes} style="{style}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>x</title>{inner}</svg></div>"
    )


def text(attributes: str, words: str = "word") -> str:
    return drawing(f'<text font-size="10" {attributes}>{words}</text>')


# Cut off ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("overflow", ["hidden", "auto", "scroll"])
@pytest.mark.parametrize("where", ["style sheet", "attribute", "inherited box"])
def test_what_overflow_hides_is_told(codes: Codes, overflow: str, where: str) -> None:
    style = f"height: 5mm; overflow: {overflow}"
    match where:
        case "style sheet":
            assert codes(f'<div class="x">{WORDS}</div>', f".x {{ {style} }}") == ["cut-off"]
        case "attribute":
            assert codes(f'<div style="{style}">{WORDS}</div>') == ["cut-off"]
        case _:
            assert codes(f'<div style="{style}"><p><b>{WORDS}</b></p></div>') == ["cut-off"]


@pytest.mark.parametrize(
    "body",
    [
        '<div style="height: 0; overflow: hidden"><p>x</p></div>',
        '<p style="max-height: 3mm; overflow: hidden">one two</p>',
        f'<p style="width: 20mm; overflow: hidden; white-space: nowrap">{WORDS}</p>',
        f'<p style="width: 20mm; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">{WORDS}</p>',
        '<div style="height: 5mm; overflow: hidden"><p style="margin-top: 6mm">x</p></div>',
        '<div style="height: 5mm; overflow: hidden"><p style="position: relative; top: 6mm">x</p></div>',
        '<div style="height: 5mm; overflow: hidden; position: relative">'
        '<p style="position: absolute; top: 6mm">x</p></div>',
        '<div style="height: 9mm; overflow: hidden"><p style="transform: translateY(9mm)">x</p></div>',
        '<p style="position: absolute; clip: rect(0, 1mm, 1mm, 0)">word word</p>',
        '<p style="position: absolute; clip: rect(1px, 1px, 1px, 1px)">word word</p>',
    ],
)
def test_what_is_cut_off_is_told(codes: Codes, body: str) -> None:
    assert "cut-off" in codes(body)


@pytest.mark.parametrize(
    "style",
    [
        "overflow: clip",
        "clip-path: inset(100%)",
        "overflow-x: hidden",
        "mask: none",
        "filter: blur(9px)",
    ],
)
def test_what_a_browser_would_hide_and_paper_not_is_told_too(codes: Codes, style: str) -> None:
    assert "rendering" in codes(f'<p style="{style}">word</p>')
    assert "rendering" in codes("<p>word</p>", f"p {{ {style} }}")


@pytest.mark.parametrize(
    ("style", "of"),
    [
        ("max-lines: 2", WORDS),
        ("max-lines: 2; block-ellipsis: auto", WORDS),
        ("line-clamp: 1", WORDS),
    ],
)
def test_lines_left_out_are_told(codes: Codes, style: str, of: str) -> None:
    assert "words-missing" in codes(f'<p style="{style}">{of}</p>')


# Hidden ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<p style="visibility: hidden">word</p>', "invisible"),
        ('<p>a <span style="visibility: collapse">word</span></p>', "invisible"),
        ('<table><tr style="visibility: collapse"><td>word</td></tr></table>', "invisible"),
        ('<p style="opacity: 0">word</p>', "invisible"),
        ('<p style="opacity: .1">word</p>', "invisible"),
        ('<div style="opacity: .4"><div style="opacity: .4"><p>word</p></div></div>', "invisible"),
        ('<p style="display: none">word</p>', "words-missing"),
        ("<p>a</p><p hidden>word</p>", "words-missing"),
        ('<p>a <span style="display: none">word</span></p>', "words-missing"),
        ("<template>word</template>", "words-missing"),
        ('<p style="font-size: 0">word</p>', "words-missing"),
        ('<p style="color: white">word</p>', "invisible"),
        ('<p style="color: #eee">word</p>', "invisible"),
        ('<p style="color: transparent">word</p>', "invisible"),
        ('<p style="color: rgba(0, 0, 0, .05)">word</p>', "invisible"),
        ('<p style="color: hsl(0 0% 98%)">word</p>', "invisible"),
    ],
)
def test_what_is_hidden_is_told(codes: Codes, body: str, code: str) -> None:
    assert code in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        '<div style="background: #3d2059"><p style="color: #3d2059">word</p></div>',
        '<div style="background: #1c1823"><p>word</p></div>',
        '<div style="background: black"><div><p>word</p></div></div>',
        '<p>a <span style="background: #1c1823">word</span></p>',
        '<p>a <mark style="background: black; color: black">word</mark></p>',
        '<table style="background: #1c1823"><tr><td>word</td></tr></table>',
        '<table><tr style="background: #1c1823"><td>word</td></tr></table>',
        '<table><tbody style="background: #1c1823"><tr><td>word</td></tr></tbody></table>',
        '<table><tr><td style="background: #1c1823">word</td></tr></table>',
        '<div style="background: black"><div style="background: white; color: white">word</div></div>',
        '<div style="background: rgba(0, 0, 0, .9)"><p>word</p></div>',
        '<ul style="background: #1c1823"><li>word</li></ul>',
    ],
)
def test_words_of_the_colour_of_what_is_beneath_them_are_told(codes: Codes, body: str) -> None:
    assert "invisible" in codes(body)


def test_words_in_the_paper_s_colour_are_told_in_the_margins_too(codes: Codes) -> None:
    style = '@page { @bottom-left { content: "Foot"; color: white } }'
    assert codes("<p>word</p>", style) == ["invisible"]


@pytest.mark.parametrize(
    "cover",
    [
        "position: absolute; top: 0; left: 0",
        "position: absolute; inset: 0",
        "position: relative; margin-top: -9mm",
    ],
)
def test_words_that_something_is_drawn_over_are_told(codes: Codes, cover: str) -> None:
    over = f'<div style="{cover}; width: 50mm; height: 9mm; background: white"></div>'
    assert "covered" in codes(f'<div style="position: relative"><p>word</p>{over}</div>')


def test_words_beneath_a_picture_are_told(codes: Codes) -> None:
    over = "position: absolute; top: 0; left: 0; width: 50mm; height: 9mm"
    picture = f'<img alt="x" src="{OPAQUE}" style="{over}">'
    assert "covered" in codes(f'<div style="position: relative"><p>word</p>{picture}</div>')


def test_a_signature_may_reach_over_the_name_beneath_it(codes: Codes) -> None:
    over = "position: absolute; top: 0; left: 0; width: 50mm; height: 9mm"
    drawn = f'<svg viewBox="0 0 9 9" style="{over}"><title>x</title><path d="M0 0L9 9" stroke="navy"/></svg>'
    for picture in (f'<img alt="x" src="{PIXEL}" style="{over}">', drawn):
        assert codes(f'<div style="position: relative"><p>word</p>{picture}</div>') == []


WHITE_BOX = "position: absolute; top: 0; left: 0; width: 50mm; height: 9mm; background: white"


@pytest.mark.parametrize(
    "body",
    [
        f'<div style="position: relative"><div style="{WHITE_BOX}; z-index: 5"></div>'
        '<p style="position: relative">word</p></div>',
        '<p>word</p><div style="transform: translateY(-9mm); background: white; height: 9mm"></div>',
        '<p>word</p><div style="margin-top: -9mm; background: white; height: 9mm; opacity: 0.9"></div>',
        'word<span style="display: inline-block; margin-left: -20mm; width: 20mm; height: 5mm;'
        ' background: white"></span>',
        f'<div style="position: relative"><p>{WORDS[:60]}</p><div style="{WHITE_BOX}; width: 9mm"></div></div>',
        f'<div style="position: relative"><p>{WORDS[:60]}</p>'
        f'<div style="{WHITE_BOX}; left: 40mm; width: 200mm"></div></div>',
    ],
)  # fmt: skip
def test_what_is_drawn_later_covers_also_a_part_of_it(codes: Codes, body: str) -> None:
    assert "covered" in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        '<div style="position: relative"><h1 style="position: relative; z-index: 1">word</h1>'
        f'<div style="{WHITE_BOX}"></div></div>',
        f'<div style="position: relative"><div style="{WHITE_BOX}; z-index: 2"><p>word</p></div>'
        f'<div style="{WHITE_BOX}; z-index: 1"></div></div>',
        '<div style="position: relative; z-index: 0; background: white"><p style="color: white">word</p>'
        '<div style="position: absolute; inset: 0; background: #222; z-index: -1"></div></div>',
        '<div style="background: #222; float: left"><p style="color: white">word</p></div>',
        '<div style="background: #222"><p style="color: white; opacity: 0.9">word</p></div>',
        '<p style="color: #999">word</p>',
    ],
)  # fmt: skip
def test_what_is_drawn_before_covers_nothing(codes: Codes, body: str) -> None:
    assert codes(body) == []


# Off the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [
        "position: absolute; left: -90mm",
        "position: absolute; top: -90mm",
        "position: fixed; top: 500mm",
        "position: relative; left: 500mm",
        "transform: translateX(-500mm)",
        "transform: translateY(500mm)",
        "transform: translate(-90mm, -90mm)",
        "margin-top: -90mm",
        "margin-left: -90mm",
        "text-indent: -9999px",
        "text-indent: 300mm",
        "float: left; margin-left: -90mm",
    ],
)
def test_what_is_moved_off_the_page_is_told(codes: Codes, style: str) -> None:
    assert {"overflow", "off-the-page"} & set(codes(f'<p style="{style}">word</p>'))


@pytest.mark.parametrize(
    "style", ["rotate(180deg)", "scaleX(-1)", "scale(-1, -1)", "rotate(120deg)"]
)
def test_what_is_turned_over_is_told(codes: Codes, style: str) -> None:
    assert "upside-down" in codes(f'<p style="transform: {style}">word</p>')


# Too small -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [
        "font-size: 5pt",
        "font-size: 5.9pt",
        "font-size: 1px",
        "font-size: .5em",
        "font-size: 50%",
        "font: 5pt sans-serif",
        "transform: scale(.5)",
        "transform: scaleX(.2)",
        "transform: matrix(.4, 0, 0, .4, 0, 0)",
    ],
)
def test_words_smaller_than_6_points_are_told(codes: Codes, style: str) -> None:
    assert codes(f'<p style="{style}">word</p>') == ["too-small"]


def test_sizes_that_shrink_step_by_step_are_told(codes: Codes) -> None:
    steps = 5
    assert codes("<p>" + "<small>" * steps + "word" + "</small>" * steps + "</p>") == ["too-small"]
    assert codes('<p style="font-size: 8pt">m<sup style="font-size: 60%">2</sup></p>') == [
        "too-small"
    ]


def test_what_only_a_browser_shrinks_is_told(codes: Codes) -> None:
    assert "rendering" in codes('<p style="zoom: .5">word</p>')


# On one another --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        f'<p style="line-height: 0">{WORDS}</p>',
        f'<p style="line-height: .3">{WORDS}</p>',
        f'<p style="line-height: .5">{WORDS}</p>',
        '<p>word one</p><p style="margin-top: -8mm">other two</p>',
        '<p>word one</p><p style="margin-top: -6mm">other two</p>',
        '<p style="float: left; margin-right: -20mm">word one</p><p>other two</p>',
        '<p>one <span style="position: relative; left: -8mm">two three</span></p>',
        '<p>one <span style="margin-left: -10mm">two three</span></p>',
        f'<div style="height: 5mm">{WORDS}</div><p>other words here</p>',
        '<div style="position: relative"><p>word one</p><p style="position: absolute; top: 0">other</p></div>',
        '<p style="letter-spacing: -.3em">word word</p>',
        '<p style="letter-spacing: -3mm">word word</p>',
        '<p style="word-spacing: -3mm">word word</p>',
    ],
)
def test_words_on_words_are_told(codes: Codes, body: str) -> None:
    assert {"words-over-words", "words-missing"} & set(codes(body))


@pytest.mark.parametrize(
    "body",
    [
        '<div style="width: 20mm"><p style="white-space: nowrap">word word word word</p></div>',
        f'<p style="float: left; width: 20mm; white-space: nowrap">{WORDS}</p>',
        '<table style="width: 20mm; table-layout: fixed"><tr>'
        '<td style="white-space: nowrap">word word word</td><td>b</td></tr></table>',
        f'<div style="columns: 3">{"w" * 40}</div>',
        f'<div style="columns: 2; height: 9mm">{WORDS * 4}</div>',
    ],
)
def test_words_that_leave_their_column_are_told(codes: Codes, body: str) -> None:
    assert "overflow" in codes(body)


# Added, or in another order ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [
        'p::before { content: "not " }',
        'p::after { content: " not" }',
        "p::after { content: attr(title) }",
        "p { counter-increment: c } p::before { content: counter(c) }",
        'p { quotes: "a" "b" } p::before { content: open-quote }',
        'p::before { content: "\\2022" }',
        'p::before { content: "-" }',
        'p b::after { content: "!" }',
    ],
)
def test_words_that_only_a_style_sheet_says_are_told(codes: Codes, style: str) -> None:
    told = codes('<p title="added">word <b>bold</b></p>', style)
    assert {"words-missing", "words-added"} & set(told)


@pytest.mark.parametrize(
    "body",
    [
        '<div style="display: flex"><p style="order: 2">one</p><p>two</p></div>',
        '<div style="display: flex; flex-direction: row-reverse"><p>one</p><p>two</p></div>',
        '<div style="display: flex; flex-direction: column-reverse"><p>one</p><p>two</p></div>',
        '<p>one <span style="float: right">two</span> three</p>',
        '<p>one<span style="float: footnote">two</span> three</p>',
        '<p style="direction: rtl">one (two) 3.</p>',
    ],
)
def test_words_in_another_order_are_told(codes: Codes, body: str) -> None:
    assert "words-missing" in codes(body)


# Drawings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        text('x="90" y="12"', "long word"),
        text('x="-10" y="12"'),
        text('x="10" y="30"'),
        text('x="10" y="2"'),
        text('x="5" y="12" text-anchor="middle"', "long word"),
        text('x="98" y="12" text-anchor="middle"'),
        text('x="5" y="12" text-anchor="end"'),
        text('x="10" y="12" transform="rotate(90)"'),
        text('x="50" y="12" transform="rotate(90 50 12)"', "long word"),
        text('y="12" transform="translate(95, 0)"'),
        text('x="5" y="12" transform="scale(9)"'),
        text('x="5" y="12" dx="200"'),
        text('x="5" y="12" dy="20"'),
        text('x="5" y="12"', 'one<tspan x="5" dy="20">two</tspan>'),
        text('x="5" y="12"', 'one<tspan x="200">two</tspan>'),
        drawing('<g text-anchor="end"><text x="5" y="12" font-size="10">word</text></g>'),
        drawing('<g transform="translate(90 0)"><text y="12" font-size="10">word</text></g>'),
        drawing('<text x="180" y="12" font-size="20">long</text>', 'width="200" height="40"'),
        drawing('<text x="10" y="60" font-size="20">word</text>', 'width="200" height="40"'),
        drawing('<text x="5" y="3" font-size="10">word</text>', 'viewBox="0 0 100 20" width="200" height="40"'),
        drawing('<text x="5" y="12" font-size="3">word</text>'),
        drawing('<text x="5" y="12" font-size="10">word</text>', 'viewBox="0 0 1000 200" width="200" height="40"'),
        drawing('<text x="5" y="12" font-size="10">word</text>', style="transform: scale(.3)"),
        text('x="5" y="12" transform="scale(.3)"'),
        text('x="5" y="12" style="font-size: 1px"'),
        text('x="5" y="12" opacity="0"'),
        text('x="5" y="12" fill-opacity=".1"'),
        text('x="5" y="12" fill="none"'),
        text('x="5" y="12" fill="transparent"'),
        drawing('<g opacity=".2"><text x="5" y="12" font-size="10">word</text></g>'),
        drawing('<g fill="none"><text x="5" y="12" font-size="10">word</text></g>'),
        drawing('<text x="5" y="12" font-size="10">word</text>', style="opacity: 0"),
    ],
)  # fmt: skip
def test_texts_of_a_drawing_that_nobody_can_read_are_told(codes: Codes, body: str) -> None:
    assert "drawing" in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        text('x="5" y="12" visibility="hidden"'),
        text('x="5" y="12" display="none"'),
        text('x="5" y="12" style="display: none"'),
        drawing('<defs><text x="5" y="12" font-size="10">word</text></defs>'),
        drawing('<symbol><text x="5" y="12" font-size="10">word</text></symbol>'),
        drawing("<foreignObject><p>word</p></foreignObject>"),
        drawing('<text x="5" y="12" font-size="10">word</text>', style="visibility: hidden"),
        drawing('<text x="5" y="12" font-size="10">word</text>', style="display: none"),
    ],
)
def test_texts_of_a_drawing_that_are_not_drawn_are_missing(codes: Codes, body: str) -> None:
    assert "words-missing" in codes(body)


def test_texts_of_a_drawing_on_one_another_are_told(codes: Codes) -> None:
    two = '<text x="5" y="12" font-size="10">word</text><text x="7" y="13" font-size="10">other</text>'
    assert "words-over-words" in codes(drawing(two))


@pytest.mark.parametrize(
    ("style", "code"),
    [
        ("object-fit: cover", "cut-off"),
        ("object-position: 500px 0", "cut-off"),
        ("width: 400mm", "overflow"),
        ("transform: scale(9)", "overflow"),
        ("position: absolute; left: -99mm", "overflow"),
    ],
)
def test_a_picture_cut_off_or_out_of_place_is_told(codes: Codes, style: str, code: str) -> None:
    picture = f'<p><img alt="x" src="{PIXEL}" style="width: 40mm; height: 10mm; {style}"></p>'
    assert code in codes(picture)


# What is well made -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '<div style="background: #3d2059; color: white"><p>white on dark</p></div>',
        '<div style="background: black"><div style="background: white"><p>word</p></div></div>',
        '<p style="color: #777">grey</p>',
        '<p style="opacity: .7">paler</p>',
        '<p style="border: 1px solid; padding: 2mm; outline: 1px solid">bordered</p>',
        '<p style="border-left: 9mm solid #3d2059; padding-left: 2mm">bordered</p>',
        '<p style="border-radius: 2mm; background: #eee; overflow: hidden; padding: 2mm">round</p>',
        '<p style="overflow: hidden; font-style: italic">word f</p>',
        '<p style="position: relative; top: 1mm">word</p>',
        '<p style="transform: rotate(-3deg)">a little turned</p>',
        '<p style="font-size: 6pt">small print</p>',
    ],
)
def test_colours_and_borders_raise_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        f'<div style="columns: 2"><p>{WORDS}</p><p>{WORDS}</p></div>',
        f'<p style="columns: 3; column-gap: 5mm">{WORDS}</p>',
        '<div style="columns: 2"><p>a</p><p style="break-before: column">b</p></div>',
        '<p style="float: left; width: 50mm">one</p><p style="margin-left: 60mm">two</p>',
        '<p style="float: right; width: 50mm">one</p><p>two</p>',
        '<div style="display: flex"><p style="margin: 2mm">one</p><p>two</p></div>',
        '<div style="display: grid; grid-template-columns: 1fr 1fr"><p>one</p><p>two</p></div>',
        '<table><caption>c</caption><tr><th>a</th><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
        '<table style="border-collapse: collapse"><tr><td style="border: 1px solid">a</td></tr></table>',
        "<table><tr><td>a<br>b</td><td>c<br>d</td></tr><tr><td>e</td><td>f<br>g</td></tr></table>",
        '<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
        '<p style="display: inline-block">a</p><p style="display: inline-block">b</p>',
        "<blockquote>a</blockquote><hr><dl><dt>b</dt><dd>c</dd></dl>",
        "<pre>a\n   b</pre>",
        "<p>word</p>" * 60,
    ],
)  # fmt: skip
def test_columns_floats_and_tables_raise_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        '<p style="font-variant: small-caps">Some Words</p>',
        '<p style="font-variant-caps: all-small-caps">Some Words</p>',
        '<p style="text-transform: uppercase">some straße</p>',
        '<p style="text-transform: capitalize">some words</p>',
        '<p style="text-transform: lowercase">Some WORDS</p>',
        "<p>m<sup>2</sup> of CO<sub>2</sub></p>",
        '<p style="hyphens: auto; width: 20mm">extraordinarily representational accountability</p>',
        "<p>extra&shy;ordinarily accountable</p>",
        '<p style="width: 20mm; overflow-wrap: anywhere">https://www.example.org/very/long/address</p>',
        '<p style="width: 20mm; word-break: break-all">https://www.example.org/very/long/address</p>',
        '<div style="width: 20mm">well-known-words-with-hyphens 2019-20</div>',
        "<p>www.<wbr>example.<wbr>org</p>",
        "<p>office ﬁ affluent fjord</p>",
        "<p>É Å Ǻ Ấ Ṩ Ů</p><p>ÁÉ gypsy</p>",
        "<p>e&#769; o&#776; non&#8209;breaking a&nbsp;b&#8239;c&thinsp;d</p>",
        "<p>“double” ‘single’ — – − × ≤ ½ … ™ № £ € ª º ² ³</p>",
        "<p>ß ẞ ſ Σς İi ı ǆ</p>",
        '<p style="letter-spacing: .2em; word-spacing: 1em">wide words</p>',
        '<p style="letter-spacing: -.02em">AVAWA illicit</p>',
        '<p style="text-align: justify; width: 60mm">' + WORDS + "</p>",
        '<p style="text-decoration: underline line-through">word</p>',
        "<p><i>f</i>(x) <i>Wolf</i>’s “<i>f</i>” <b>b</b><i>i</i></p>",
        '<p style="line-height: 1.15">' + WORDS + "Åström jumpy " * 20 + "</p>",
        '<p style="font-size: 60pt; line-height: 1.2">Ay</p>',
        '<p style="text-indent: 5mm">word</p>',
        '<p lang="fr">Il dit <q>oui</q></p>',
        "<p>He said <q>yes <q>no</q></q>.</p>",
    ],
)  # fmt: skip
def test_good_type_raises_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "style",
    [
        "p::first-letter { font-size: 200% }",
        "p::first-line { font-weight: bold }",
        "body { background: #fffbe8 }",
        "p { hyphens: auto; orphans: 2 }",
        '@page { @bottom-left { content: "Foot" } @bottom-right { content: "y" } }',
    ],
)
def test_what_a_style_sheet_shapes_raises_no_alarm(codes: Codes, style: str) -> None:
    assert codes(f"<p>{WORDS}</p>", style) == []


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li>one<ul><li>two</li></ul></li></ul>",
        "<ol><li>one</li><li>two</li></ol>",
        "<ol><li>1</li><li>1</li><li>1 of 2</li></ol>",
        "<ul><li>• one</li></ul>",
        '<ol start="7" type="i"><li>one</li><li value="20">two</li></ol>',
        "<ol reversed><li>one</li><li>two</li></ol>",
        '<ol style="list-style-position: inside"><li>one</li></ol>',
        '<ul style="list-style: none; padding: 0"><li>one</li></ul>',
        "<ul style=\"list-style-type: '– '\"><li>one</li></ul>",
    ],
)
def test_the_marks_of_lists_raise_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        text('x="5" y="12"'),
        text('x="50" y="12" text-anchor="middle"'),
        text('x="95" y="12" text-anchor="end"'),
        text('x="5" y="12" transform="rotate(-5 5 12)"'),
        text('x="0" y="19"', "wide"),
        text('x="5" y="12" fill-opacity=".7"'),
        text('x="5" y="12"', '5<tspan font-size="8" dy="-2">%</tspan>'),
        text('x="5" y="12"', ""),
        drawing(
            '<text transform="translate(20 80) rotate(-90)" font-size="10">label</text>',
            'viewBox="0 0 100 100" width="200" height="200"',
        ),
        drawing('<text x="5" y="8" font-size="6">one<tspan x="5" dy="8">two</tspan></text>'),
        drawing(
            '<text x="-5" y="-1" font-size="10">word</text>',
            'viewBox="-10 -10 100 40" width="200" height="80"',
        ),
        drawing('<text x="5" y="12" font-size="12">word</text>', 'width="200" height="40"'),
        drawing(
            '<rect width="100" height="20" fill="#3d2059"/>'
            '<text x="5" y="12" font-size="10" fill="white">word</text>'
        ),
        drawing('<text x="5" y="12" font-size="10">word</text>', style="width: 60mm; height: 12mm"),
        drawing('<g font-size="10"><text x="5" y="12">word</text><text x="50" y="12">two</text></g>'),
        f'<p><img alt="x" src="{PIXEL}" style="width: 40mm; height: 10mm; object-fit: contain"></p>',
        f'<p><img alt="x" src="{PIXEL}" style="width: 40mm; height: 10mm"></p>',
    ],
)  # fmt: skip
def test_a_chart_s_labels_raise_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


# One inside of another ---------------------------------------------------------------------------


def test_what_is_shrunk_and_turned_step_by_step_is_told(codes: Codes) -> None:
    body = '<div style="transform: scale(0.5)"><p style="transform: rotate(1deg)">word</p></div>'
    assert "too-small" in codes(body)


def test_what_is_scaled_to_nothing_is_told(codes: Codes) -> None:
    assert codes('<p style="transform: scale(0)">word</p>') == ["rendering"]


@pytest.mark.parametrize("ground", ["@page", "html", "body"])
def test_the_ground_of_the_page_counts(codes: Codes, ground: str) -> None:
    dark = f"{ground} {{ background: black }}"
    foot: list[str] = []  # it is grey
    assert codes("<p>word</p>", dark) == [*foot, "invisible"]
    assert codes("<p>word</p>", f"{dark} p {{ color: white }}") == foot


@pytest.mark.parametrize(
    "style",
    ['li { list-style-type: "not " }', 'q { quotes: "not " " so" }', "q::before { content: 'x' }"],
)
def test_marks_that_are_words_are_told(codes: Codes, style: str) -> None:
    (code,) = codes("<ul><li>one</li></ul><p><q>two</q></p>", style)
    assert code in ("words-missing", "words-added")


@pytest.mark.parametrize(
    "body",
    [
        drawing('<svg x="80" width="50" height="20"><text y="10" font-size="10">word</text></svg>'),
        drawing('<svg x="200" width="50" height="20"><text y="10" font-size="10">word</text></svg>'),
        text('y="10"', '<tspan fill="none">word</tspan>'),
        text('y="10"', '<tspan opacity="0">word</tspan>'),
        text('y="10" fill="white"'),
        text('y="10"', 'word <tspan fill="white">word</tspan>'),
        text('y="10"', 'word <tspan font-size="1">word</tspan>'),
        text('y="-10" transform="scale(1 -1)"'),
        drawing('<rect width="14" height="20" fill="navy"/><text x="2" y="14" font-size="10" fill="white">12%</text>'),
        drawing('<text y="14" font-size="10">12,345</text><rect width="12" height="20" fill="white"/>'),
        drawing(
            '<clipPath id="c"><circle cx="9" cy="9" r="9"/></clipPath>'
            '<g clip-path="url(#c)"><text y="10" font-size="10">word word</text></g>'
        ),
        drawing('<rect width="100" height="20" fill="#222"/><text y="10" font-size="10">word</text>'),
        drawing('<text y="10" font-size="10">word</text><rect width="100" height="20" fill="red"/>'),
        drawing(
            '<clipPath id="c"><rect width="1" height="1"/></clipPath>'
            '<g clip-path="url(#c)"><text y="10" font-size="10">word</text></g>'
        ),
    ],
)  # fmt: skip
def test_texts_of_a_drawing_that_something_hides_are_told(codes: Codes, body: str) -> None:
    assert codes(body) == ["drawing"]


@pytest.mark.parametrize(
    "body",
    [
        drawing('<svg x="20" width="60" height="20"><text y="10" font-size="10">word</text></svg>'),
        drawing(
            '<rect width="100" height="20" fill="#222"/>'
            '<text y="10" font-size="10" fill="white">word</text>'
        ),
        drawing(
            '<circle cx="50" cy="10" r="10" fill="navy"/>'
            '<text x="80" y="14" font-size="10">a</text>'
        ),
        drawing(
            '<path d="M0 0H100V20H0Z M10 2H90V18H10Z" fill-rule="evenodd"/>'
            '<text x="40" y="14" font-size="10">word</text>'
        ),
        '<div style="background: #222">' + text('fill="white" y="10"') + "</div>",
        drawing(
            '<clipPath id="c"><rect width="90" height="20"/></clipPath>'
            '<g clip-path="url(#c)"><text y="10" font-size="10">word</text></g>'
        ),
    ],
)
def test_texts_of_a_drawing_that_can_be_read_raise_no_alarm(codes: Codes, body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "style", ["visibility: hidden", "opacity: 0", "width: 0", "transform: scale(0.001)"]
)
def test_a_picture_that_vanishes_is_told(codes: Codes, style: str) -> None:
    body = f'<p>a</p><img alt="x" width="40" height="40" src="{PIXEL}" style="{style}">'
    assert "invisible" in codes(body)


# What is well made -------------------------------------------------------------------------------


def test_a_list_may_have_long_numbers(codes: Codes) -> None:
    items = "".join(f"<li>word {number}</li>" for number in range(12))
    assert codes(f"<ol>{items}</ol>") == []
    assert codes(f'<ol start="2019">{items}</ol>', "ol { padding-left: 7mm }") == []


def test_a_first_line_may_hang(codes: Codes) -> None:
    assert codes(f'<p style="margin-left: 5mm; text-indent: -5mm">{WORDS}</p>') == []


def test_the_head_of_a_table_may_come_again_on_the_next_page(codes: Codes) -> None:
    rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(90))
    assert codes(f"<table><thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody></table>") == []


def test_accents_above_capitals_may_reach_between_the_letters_of_the_line_above(
    codes: Codes,
) -> None:
    assert codes('<p style="line-height: 1">jumpy Ångström<br>jumpy Ångström</p>') == []


def test_the_foot_of_a_page_may_say_the_same_as_its_end(codes: Codes) -> None:
    style = '@page { @bottom-left { content: "2 of 2" } @bottom-center { content: "2" } }'
    assert codes("<p>see 2 of 2</p>", style) == []


@pytest.mark.parametrize("angle", [45, -45, -60, -90])
def test_labels_that_are_turned_and_clear_of_each_other_raise_no_alarm(
    codes: Codes, angle: int
) -> None:
    labels = "".join(
        f'<text font-size="5" transform="translate({10 + 10 * place} 25) rotate({angle})">label</text>'
        for place in range(6)
    )
    assert codes(drawing(labels, 'viewBox="0 0 100 50" width="400" height="200"')) == []


@pytest.mark.parametrize(
    "body",
    [
        "bare words <b>bold</b> more <p>one</p> tail",
        "<p>one " + drawing('<text y="10" font-size="10">two</text>')[5:-6] + " three</p><p>four</p>",
        "<figure>" + text('y="10"') + "<figcaption>one</figcaption></figure><p>two</p>",
        '<p style="opacity: 0.8">one</p><p>two</p>',
        '<div style="overflow: hidden"><p>one</p></div><p>two</p>',
        '<div style="float: right; width: 30mm">one</div><p>two</p>',
        "<table><tr><td>one</td><td><p>two</p></td><td>three</td></tr></table><p>four</p>",
        '<div style="position: relative"><p>one</p><p style="position: absolute; right: 0; top: 0">two</p></div>'
        "<p>three</p>",
        "<ol><li>one<ul><li>two</li><li>three <b>four</b> five</li></ul></li><li>six</li></ol><p>seven</p>",
        "<p>2019-20, well-known and twenty-one-year-olds</p>",
    ],
)  # fmt: skip
def test_what_is_drawn_apart_is_drawn_in_its_place_all_the_same(codes: Codes, body: str) -> None:
    assert codes(body) == []


def test_styles_that_drawings_alone_understand_raise_no_alarm(codes: Codes) -> None:
    assert codes(drawing('<rect width="9" height="9" style="fill: #224; stroke-width: 2"/>')) == []
