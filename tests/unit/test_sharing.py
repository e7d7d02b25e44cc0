"""What letters share: the same bytes as without, whatever a style sheet asks for and whatever came before."""

import gc
import io
import os
import random
import re
import subprocess
import sys
import weakref
import zlib
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from weasyprint import CSS, HTML
from weasyprint.css import ComputedStyle
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration

from letters.typesetting import sharing
from letters.typesetting.pdf import SHARES_WITH
from letters.typesetting.sharing import OF_TEXT, Shared
from tests.conftest import PROJECT

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

FONTS = PROJECT / "templates" / "base" / "fonts"
FACES = "".join(
    f"@font-face {{ font-family: Sans; src: url('{(FONTS / f'LiberationSans-{name}.ttf').as_uri()}'); {rules} }}"
    for name, rules in {
        "Regular": "",
        "Bold": "font-weight: bold",
        "Italic": "font-style: italic",
    }.items()
)
PAGE = (
    FACES
    + "html { font: 11pt/1.4 Sans } @page { size: A5; @bottom-right { content: counter(page) } }"
)

LONG = "Extraordinarily incomprehensible counterrevolutionaries of Llanfairpwllgwyngyll and Ashby "
TEXT = f"<p>One {LONG * 3}</p><p class=x>Two <b>bold</b> <i>and slanting</i> {LONG}</p>"

PICTURE = """<svg width="60" height="60" viewBox="0 0 60 60"><path d="{path}" fill="{colour}" stroke="#123"/>
<text x="30" y="30" text-anchor="middle" font-family="Sans" font-size="{size}">{text}</text>
<text x="3 9 15" y="50" font-family="Sans" font-weight="bold" font-size="9">abc</text></svg>"""


def dots(mode: str, form: str = "PNG") -> str:
    """A small picture as an address that holds it."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((9, 7)).convert(mode).save(buffer, form)
    return f"data:image/{form.lower()};base64,{b64encode(buffer.getvalue()).decode()}"


#: What makes styles, lines or drawing depend on something: a style sheet, and letters.
ODD: dict[str, tuple[str, Sequence[str]]] = {
    "nothing": ("", [TEXT, TEXT.replace("Two", "Three")]),
    "units of the page": ("p { width: 50vw; margin-left: 2vh } b { font-size: 3vmin }", [TEXT]),
    "units of the page in a variable": (":root { --w: 40vw } p { width: var(--w) }", [TEXT]),
    "units of the page, calculated": ("p { width: calc(50vw - 2em) }", [TEXT, TEXT + TEXT]),
    "units of the page in a gradient": (
        "p { background: linear-gradient(red 10vw, blue) }",
        [TEXT],
    ),
    "pages of many sizes": (
        "p { width: 50vw } .x { width: 30%; padding: 2% } @page wide { size: A4 landscape } .w { page: wide }",
        [TEXT, f"<div class=w>{TEXT}</div>", f"<div class=w>{TEXT}</div>{TEXT}"],
    ),
    "room that depends on words": (
        "section { float: left } p { padding: 10%; margin-left: 5%; min-width: 20% }",
        ["<section><p>short</p></section>", "<section><p>much longer words</p></section>"],
    ),
    "variables": (
        ".x { --c: #123456 } b { color: var(--c, blue); margin: var(--m, 2mm) }",
        [TEXT, TEXT.replace("class=x", "class=y")],
    ),
    "inherit": (
        "section { width: 80%; overflow: hidden } p { width: inherit; overflow: inherit }",
        [f"<section>{TEXT}</section>", TEXT],
    ),
    "overflow of the page": ("html { overflow: hidden } body { overflow: inherit }", [TEXT]),
    "lists": (
        "ol { list-style: upper-roman inside } ol li::marker { color: red; content: '*' counter(list-item) }",
        [
            f"<ol><li>{LONG}<li>two</ol><ul><li>{LONG}<li><p>three</ul>",
            "<ul><li>one<ul><li>in it</ul></ul>",
        ],
    ),
    "outside marks": ("li { letter-spacing: 1px }", [f"<ul><li>{LONG}</ul>", "<ol><li>a<li>b</ol>"]),
    "leaders": ("p::after { content: leader('.') ' end' }", [TEXT, "<p>short <b>b</b>"]),
    "leaders of the same words": (
        "p { width: 16mm } .l::after { content: leader('aa bb') } .t::after { content: 'aa bb' }",
        ["<p><b class=t>aa</b></p>", "<p><b class=l>aa</b></p>", "<p><b class=t>aa</b></p><p><b class=l>aa</b>"],
    ),
    "the same rule for an element and what comes before it": (
        "span, b::before { color: red }",
        ["<p><b>x<span>y</span></b></p>", "<p><b><span>y</span>x</b></p>"],
    ),
    "glyphs that are missing": ("", ["<p>日 x</p>", "<p>日 x</p><p>本</p>"]),
    "pictures of dots": (
        "img { width: 20mm } .c { image-rendering: crisp-edges }",
        [
            f'<p><img src="{dots("RGBA")}"> <img src="{dots("L")}"></p>',
            f'<p><img src="{dots("RGBA")}"> <img class=c src="{dots("RGBA")}"> <img src="{dots("P")}"></p>',
            f'<p><img class=c src="{dots("LA")}"> <img src="{dots("RGB", "JPEG")}"> <img src="{dots("L")}"></p>',
        ],
    ),
    "footnotes": ("b { float: footnote }", [TEXT, TEXT * 2, "<p>x<b>y</b>"]),
    "first line and letter": (
        "p::first-line { font-weight: bold } p::first-letter { font-size: 3em; float: left }",
        [TEXT, "<p>another text"],
    ),
    "lengths of a first line of another size": (
        "p::first-line { font-size: 2em } b { padding-left: 1em } i { margin-left: 1em } "
        "section::first-letter { font-size: 3em } section { text-indent: 1em }",
        ["<p>x <b>y</b></p>", "<p>x<br>z <b>y</b></p>", "<p><i>a</i> <b>y</b></p>", "<section>x <b>y</b></section>"],
    ),
    "before and after": (
        "b::before { content: '[' counter(c) } p { counter-increment: c } b::after { content: ']' }",
        [TEXT, TEXT * 2],
    ),
    "tables": (
        "table { border-collapse: collapse; width: 100% } td, th { border: 1px solid; padding: 3px }",
        [
            f"<table><tr><th>A<th>B<tr><td>{LONG}<td>1<tr><td rowspan=2>c<td>2<tr><td>3</table>",
            "<table><tr><td>1<td>2</table>",
            "<table><tr><td style='border: 9px solid'>1<td>2</table>",
        ],
    ),
    "tables with gaps": (
        "table { border-spacing: 4px } td { vertical-align: middle }",
        [f"<table><caption>c</caption><thead><tr><th>A<tbody><tr><td>{LONG}</table>", "<table><tr><td>x</table>"],
    ),
    "sizes of other widths": (
        "section { width: 50% } .x, p { padding: 2%; width: 90%; box-sizing: border-box; height: 20% }",
        [f"<section>{TEXT}</section>{TEXT}", f"<section style='height: 9cm'>{TEXT}</section>"],
    ),
    "flex and grid": (
        "section { display: flex } div { display: grid; grid-template-columns: 1fr 2fr }",
        [f"<section>{TEXT}</section><div>{TEXT}</div>", f"<div>{TEXT}{TEXT}</div>"],
    ),
    "columns and floats": (
        "body { columns: 2 } b { float: left; width: 30% } i { position: absolute; top: 1cm }",
        [TEXT, TEXT * 3],
    ),
    "right to left": ("p { direction: rtl } .x { direction: ltr }", [TEXT]),
    "justified": ("p { text-align: justify; hyphens: auto }", [TEXT, TEXT.replace("One", "An")]),
    "hyphens": (
        "p { hyphens: auto; hyphenate-character: '='; hyphenate-limit-chars: 4 2 2; width: 20mm }",
        [TEXT, TEXT.replace("<p>", "<p lang=de>"), TEXT.replace("Extraordinarily", "Extra&shy;ordinarily")],
    ),
    "breaking anywhere": (
        "p { width: 15mm; overflow-wrap: anywhere } .x { word-break: break-all }",
        [TEXT, TEXT.replace("class=x", "style='overflow-wrap: break-word'")],
    ),
    "preserved white space": (
        "p { white-space: pre-wrap; tab-size: 3 } .x { white-space: pre; tab-size: 20px }",
        ["<p>a\tb  c\n d\te</p><p class=x>a\tb\n\nc</p>", "<p class=x>a\tb  c\n d\te</p><p>a\tb</p>"],
    ),
    "spacing": (
        "p { letter-spacing: 1px; word-spacing: 3px } .x { letter-spacing: -0.01em }",
        [TEXT, "<p>one</p>"],
    ),
    "underlines": (
        "p { text-decoration: underline red wavy } .x { text-decoration: line-through overline }",
        [TEXT, TEXT.replace("class=x", "")],
    ),
    "ellipses": (
        "p { width: 30mm; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }"
        " .x { white-space: normal; text-overflow: clip; max-lines: 2; block-ellipsis: auto }",
        [TEXT],
    ),
    "features of fonts": (
        "p { font-feature-settings: 'kern' off, 'liga' 0; font-variant: small-caps } "
        ".x { font-kerning: none; font-variant-numeric: tabular-nums; font-language-override: 'TRK' }",
        [TEXT, TEXT.replace("One", "fi 0123")],
    ),
    "one width, rounded in many sizes": (
        "".join(f".s{n} {{ font-size: {n * 0.37 + 1}px }}" for n in range(60)),
        ["".join(f"<p class=s{n}>{LONG}" for n in order) for order in (range(60), range(59, -1, -1))],
    ),
    "styles in the letter": (
        "",
        [
            "<p style='width: 50%; color: red; margin: 1em 2%'>x</p><p style='width: 51%'>y</p>",
            "<p style='width: 51%; color: rgb(1 2 3 / .4)'>x</p><p style='--a: 3px; padding: var(--a)'>y</p>",
            "<style>p { font-weight: bold }</style><p>x</p>",
        ],
    ),
    "languages and anchors": (
        "a { content: target-counter(attr(href), page) } q { quotes: auto }",
        [
            "<p lang=cy id=a>x <q>y <q>z</q></q></p><a href='#a'>to</a>",
            "<p lang=fr id=b>x <q>y</q></p><a href='#b'>to</a><p id=a>x</p>",
        ],
    ),
    "pages of names": (
        "h1 { page: wide; break-before: page } @page wide { size: A5 landscape; margin: 1cm; @top-left "
        "{ content: string(s) } } h1 { string-set: s content() } @page :first { margin-top: 4cm }",
        [f"<h1>A</h1>{TEXT * 2}", f"{TEXT}<h1>B</h1><p>x</p>", f"<h1>A</h1><h1>C</h1>{TEXT}"],
    ),
    "running elements": (
        "h1 { position: running(h) } @page { @top-center { content: element(h) } }",
        [f"<h1>A <i>b</i></h1>{TEXT * 4}", f"<h1>C</h1>{TEXT}"],
    ),
    "pictures": (
        "svg { width: 40% }",
        [
            PICTURE.format(path="M5 5L50 9Q3 4 5 20Z", colour="#f00", size=9, text="64%") + TEXT,
            PICTURE.format(path="M5,5c1,2 3,4 5,6a9 9 0 1 1 4 4", colour="#f00", size=9, text="100%")
            + PICTURE.format(path="M5 5L50 9Q3 4 5 20Z", colour="#0f0", size=12, text="64%"),
            "<svg width=9 height=9><defs><marker id=m><path d='M0 0L2 2'/></marker></defs>"
            "<path d='M1 1L5 5H9V3' marker-end='url(#m)' opacity='.5'/><path d='M1 x'/></svg>",
        ],
    ),
    "paths in parts of the picture": (
        "",
        [
            "<svg width=90 height=90><path d='M10% 10%L50% 50%'/></svg>",
            "<svg width=40 height=90><path d='M10% 10%L50% 50%'/></svg>",
        ],
    ),
    "variables that inherit": (
        "html { overflow: hidden } body { overflow: var(--n, inherit); height: 1cm } "
        ".t { display: table; border-collapse: collapse; padding: 9px } .t p { padding: var(--n, inherit) }",
        [TEXT, f"<div class=t>{TEXT}</div>"],
    ),
    "what the renderer changes and never asks for": (
        ".t { display: table } .r { display: table-row } .c { display: table-cell; --x: red; margin-left: var(--x) } "
        "table { border-collapse: collapse; --x: red; padding: var(--x) }",
        ["<div class=t><div class=r><div class=c>x</div></div></div>", "<table><tr><td>x</table>"],
    ),
    "what the renderer seldom asks for": (
        "p { --x: red; tab-size: var(--x); word-break: var(--x) } .x { hyphens: auto; width: 9mm; "
        "hyphenate-character: var(--x); hyphenate-limit-zone: var(--x); hyphenate-limit-chars: var(--x) }",
        ["<p>x", TEXT, "<p>a\tb<pre>a\tb</pre>"],
    ),
    "sums where lines are broken": (
        "p { hyphens: auto; width: 50mm; hyphenate-limit-zone: calc(1lh + 1%) } .x { line-height: 6 } "
        ".y { hyphenate-limit-zone: calc(1rem + 1%); font-size: 15px }",
        [TEXT, f"<p class=x>One {LONG * 3}", f"<p class=y>One {LONG * 3}"],
    ),
    "pages that are tables": (
        "@page { display: table; border-collapse: collapse; padding: 9mm; "
        "@top-left { content: 'x'; display: table-cell; margin: 5mm } }",
        ["<p>x", TEXT * 4],
    ),
    "nothing and less than nothing": (
        "p { font-variation-settings: 'wght' 0 } .x { font-variation-settings: 'wght' -0 }",
        ["<p>hello", "<p class=x>hello", "<p style='margin: 0px'>a<p style='margin: -0px'>a"],
    ),
    "fonts that a letter brings": (
        "p { font-family: Foo, Sans }",
        [
            "<p>hello there",
            f"<style>@font-face {{ font-family: Foo; src: url('{FONTS.as_uri()}/LiberationSans-BoldItalic.ttf') }}"
            "</style><p>hello there",
        ],
    ),
    "bad paths": ("", ["<svg width=9 height=9><path d='M1 1L5'/><path d=''/><path/></svg>x"]),
    "emphasis of nothing": ("", ["<p></p><p> </p><p>&nbsp;</p><p>\u00ad</p>", "<p>&nbsp;&nbsp;x</p>"]),
}  # fmt: skip


class Renderer:
    """The renderer with one style sheet, read once."""

    def __init__(self, style: str, fonts: FontConfiguration) -> None:
        self.fonts = fonts
        self._sheet = CSS(string=PAGE + style, font_config=fonts)

    def __call__(self, body: str) -> bytes:
        document = HTML(string=f"<html lang=en><title>t</title><body>{body}").render(
            font_config=self.fonts, stylesheets=[self._sheet], pdf_variant="pdf/a-3a"
        )

        def finish(_: Any, pdf: Any) -> None:
            if isinstance(self.fonts, Shared):
                self.fonts.compress_once(pdf)

        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", finisher=finish)
        return re.sub(rb"/(?:Creation|Mod)Date \(.*?\)", b"", pdf)


@pytest.mark.parametrize("what", ODD)
def test_letters_are_the_same_bytes_with_and_without_what_they_share(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    style, bodies = ODD[what]

    def made(renderer: Renderer, body: str) -> tuple[bytes, set[str]]:
        caplog.clear()
        return renderer(body), set(caplog.messages)

    shared, alone = Renderer(style, Shared()), Renderer(style, FontConfiguration())
    order = [*range(len(bodies)), *random.Random(what).choices(range(len(bodies)), k=4)]
    for number in order:
        wanted = made(alone, bodies[number])  # it may remember that it warned already
        assert made(shared, bodies[number]) == wanted, f"letter {number} of {order}"


def test_two_files_of_one_font_are_two(tmp_path: Path) -> None:
    other = TTFont(FONTS / "LiberationSans-Regular.ttf")
    for glyph in other["hmtx"].metrics:
        width, left = other["hmtx"].metrics[glyph]
        other["hmtx"].metrics[glyph] = (width + 300, left)
    other.save(tmp_path / "other.ttf")
    style = "".join(
        f"@font-face {{ font-family: Two; font-weight: 400; src: url('{file.as_uri()}'); unicode-range: {of} }}"
        for file, of in (
            (FONTS / "LiberationSans-Regular.ttf", "U+20-7F"),
            (tmp_path / "other.ttf", "U+80-2FFF"),
        )
    )
    style += "p { font-family: Two }"
    bodies = ["<p>Total", "<p>\u00e9", "<p>Total \u00e9 paid", "<p>\u00e9 Total", "<p>\u00e9\u00e9"]
    shared, alone = Renderer(style, Shared()), Renderer(style, FontConfiguration())
    for body in (*bodies, *reversed(bodies)):
        assert shared(body) == alone(body)
    for body in bodies:
        assert Renderer(style, Shared())(body) == Renderer(style, FontConfiguration())(body)


def test_lines_of_a_text_that_is_very_long_are_not_kept() -> None:
    letter = Renderer("", Shared())
    letter(f"<p>{LONG * 60}")
    assert len(letter.fonts.lines) > 5
    assert max(len(key[0]) for key in letter.fonts.lines) <= sharing.LONGEST < len(LONG * 60)


def test_nothing_is_worked_out_again_for_a_letter_that_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = Renderer("p { letter-spacing: 1px }", Shared())
    body = f"{TEXT}<svg width=9 height=9><path d='M1 1L2 2'/></svg>"
    letter(body)
    fonts, asked = letter.fonts, list[str]()

    def listen_to(name: str) -> None:
        real = getattr(sharing, name)

        def count(*given: Any, **named: Any) -> Any:
            asked.append(name)
            return real(*given, **named)

        monkeypatch.setattr(sharing, name, count)

    for name in ("_renderers_split", "_recorded", "_renderers_path"):
        listen_to(name)
    before = [len(shelf) for shelf in (fonts.styles, fonts.lines, fonts.runs)]
    letter(body)
    assert asked == []
    letter(body.replace("Two", "Three"))
    assert asked.count("_renderers_path") == 0 < asked.count("_renderers_split") < 9
    after = [len(shelf) for shelf in (fonts.styles, fonts.lines, fonts.runs)]
    assert before[0] == after[0] and before[1] < after[1] <= before[1] + 8


def test_what_is_kept_is_plain_values_and_no_letter_has_a_kept_style() -> None:
    letter = Renderer(ODD["lists"][0], Shared())
    body = ODD["lists"][1][0] + TEXT + ODD["pictures"][1][0]
    letter(body)
    fonts = letter.fonts
    assert all((fonts.lines, fonts.runs, fonts.paths, fonts.styles))
    for key, value in (*fonts.lines.items(), *fonts.paths.items()):
        assert _is_plain(key) and _is_plain(value)
    for key, (name, _, *run) in fonts.runs.items():
        assert _is_plain(key) and _is_plain(name) and all(map(_is_plain, run))
    kept = {id(style) for style in fonts.styles.values()}
    document = HTML(string=body).render(font_config=fonts)
    boxes = [box for page in document.pages for box in page._page_box.descendants()]
    assert boxes and not kept & {id(box.style) for box in boxes}


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, bytes, int, float, frozenset))


def test_text_asks_nothing_of_a_style_that_a_line_is_not_known_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = set[str]()

    class Listening(dict[str, Any]):
        def __init__(self, style: Any) -> None:
            super().__init__(style)
            self.real, self.font_config = style, style.font_config

        def __missing__(self, key: str) -> Any:
            return self.real[key]

        def __getitem__(self, key: str) -> Any:
            asked.add(key)
            return super().__getitem__(key)

    def split(text: str, style: Any, *how: Any, **named: Any) -> Any:
        known = sharing._style_of_text(style) is not None
        return real_split(text, Listening(style) if known else style, *how, **named)

    def setup(layout: Any, style: Any) -> None:
        drawn = not isinstance(style, Listening) and sharing._style_of_text(style) is not None
        real_setup(layout, Listening(style) if drawn else style)

    def draw(stream: Any, textbox: Any, *how: Any) -> Any:
        style = textbox.style
        textbox.style = Listening(style)
        try:
            return real_drawing(stream, textbox, *how)
        finally:
            textbox.style = style

    real_split, real_setup = sharing._renderers_split, line_break.Layout.setup
    real_drawing = sharing._renderers_drawing
    monkeypatch.setattr(sharing, "_renderers_split", split)
    monkeypatch.setattr(line_break.Layout, "setup", setup)
    monkeypatch.setattr(sharing, "_renderers_drawing", draw)
    for style, bodies in ODD.values():
        Renderer(style, Shared())(bodies[0])
    assert len(asked) > 20
    assert asked <= set(OF_TEXT)


def test_a_style_that_the_renderer_changes_is_from_then_on_the_letters_own() -> None:
    fonts = Shared()

    def style_of_a_letter() -> Any:
        document = HTML(string=TEXT).render(font_config=fonts)
        boxes = document.pages[0]._page_box.descendants()
        return next(box.style for box in boxes if box.element_tag == "p")

    style = style_of_a_letter()
    assert style["white_space"] == style.anonymous_style["white_space"] == "normal"
    other = style_of_a_letter()
    assert other is not style and other.kept is style.kept
    other["white_space"] = "pre"
    del other.__dict__["anonymous_style"]
    assert other.anonymous_style["white_space"] == "pre"
    assert style["white_space"] == style.anonymous_style["white_space"] == "normal"
    third = style_of_a_letter()
    assert third["white_space"] == third.anonymous_style["white_space"] == "normal"


def test_it_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [
        TEXT.replace("One", f"Number {n}") + f"<b style='width: {n}px'>x</b>" for n in range(9)
    ]
    wanted = [Renderer("", FontConfiguration())(body) for body in bodies]
    monkeypatch.setattr(sharing, "STYLES", 9)
    monkeypatch.setattr(sharing, "LINES", 12)
    few = Renderer("", Shared())
    for number in (*range(9), *range(8, -1, -1)):
        assert few(bodies[number]) == wanted[number]
        assert len(few.fonts.styles) <= 9 and len(few.fonts.faces) <= 9
        assert len(few.fonts.lines) <= 12 and len(few.fonts.runs) <= 12


def test_the_least_recently_used_goes_first() -> None:
    shelf = sharing._Shelf(2)
    shelf.keep("a", 1)
    shelf.keep("b", 2)
    assert shelf.find("a") == 1
    shelf.keep("c", 3)
    assert (shelf.find("a"), shelf.find("b"), shelf.find("c")) == (1, None, 3)


def test_all_of_it_goes_with_the_fonts() -> None:
    letter = Renderer("", Shared())
    letter(TEXT)
    gc.collect()
    gc.disable()
    try:
        gone = weakref.ref(letter.fonts)
        del letter
        assert gone() is None
    finally:
        gc.enable()


def test_kept_styles_that_are_dropped_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "STYLES", 30)
    letter = Renderer("", Shared())
    alive = weakref.WeakSet[Any]()

    class Watched(ComputedStyle):  # type: ignore[misc]
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            alive.add(self)

        def __hash__(self) -> int:
            return id(self)

    monkeypatch.setattr(sharing, "ComputedStyle", Watched)
    for width in range(60):
        letter(f"<p style='width: {width}px'>x <b>y</b>")
    gc.collect()
    assert 0 < len(alive) <= 40


def test_streams_are_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pressed, real = list[bytes](), zlib.compressobj

    class Press:
        def __init__(self, **how: Any) -> None:
            self._real = real(**how)

        def compress(self, data: bytes) -> bytes:
            pressed.append(data)
            return self._real.compress(data)

        def flush(self) -> bytes:
            return self._real.flush()

    letter = Renderer("", Shared())
    letter(TEXT)
    monkeypatch.setattr(zlib, "compressobj", Press)
    letter(TEXT)
    twice = [data for data in pressed if pressed.count(data) > 1]
    assert len(pressed) > 4
    assert len(set(twice)) <= 1, "that is what the library puts together while it writes"


PROGRAM = """
import sys
import importlib.metadata as metadata
real = metadata.version
metadata.version = lambda name: {given!r}.get(name) or real(name)
from datetime import date
from pathlib import Path
from weasyprint.text import line_break
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_dress
html = "<!DOCTYPE html><html lang=en><head><title>t</title></head><body><p>words</p></body></html>"
typesetter = Typesetter(read_dress(Path({templates!r}), "2020").stationery)
typesetter.pdf(Manuscript("camden", html, {{}}, date(2020, 7, 22), None))
print("sharing" if "letters.typesetting.sharing" in sys.modules else line_break.split_first_line.__module__)
"""


@pytest.mark.parametrize(
    ("given", "without", "said"),
    [
        ({}, "", "sharing"),
        ({}, "1", "weasyprint.text.line_break"),
        ({"WeasyPrint": "70.1"}, "", "weasyprint.text.line_break"),
        ({"pydyf": "0.14.0"}, "", "weasyprint.text.line_break"),
    ],
    ids=["not without a reason", "when told to", "another renderer", "another writer of files"],
)
def test_without_it_the_renderer_is_what_it_was(
    given: dict[str, str], without: str, said: str
) -> None:
    program = PROGRAM.format(given=given, templates=str(PROJECT / "templates"))
    environment = {**os.environ, "LETTERS_WITHOUT_SHARING": without}
    done = subprocess.run(
        (sys.executable, "-c", program),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == (said, "")


def test_the_versions_that_it_was_tested_with_are_those_of_the_lock() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    for name, version in SHARES_WITH.items():
        assert f"\n{name.lower()}=={version} " in lock
