"""Makes the pictures of README and docs/ anew: pages of the preview, and what commands print on a terminal.

    python -m scripts.pictures [FOLDER]

They are made of the specimen year, in folders that are removed afterwards, and look the same on every machine as far as
that can be: the letters of pages are set in the fonts that the project has.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from scripts.scenes import ROOT, YEAR, environment, make_scenes, typed
from tests.e2e.browser import browser
from tests.e2e.terminal import seen

KEPT = ROOT / "docs" / "pictures"
_LONG = 60_000  #: milliseconds in which a page shows what it is asked for, on a busy machine
#: once all letters were looked through, the strip has numbers
_COUNTED = "[...document.querySelectorAll('.strip b')].some(one => /[1-9]/.test(one.textContent))"
_COLOURS, _RARE_ONES_TOO, _NO_DITHER = 255, Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
_SPACE = 16  #: pixels around a part of a page
_COLUMNS = 104  #: of the terminal
_CELL = 8.43  #: pixels of one of its columns


def _nothing(tab: Page) -> None:
    """Leave a page as it opens."""


def _open_a_place(tab: Page) -> None:
    """Show the line that a figure comes from."""
    tab.locator(".workings details").first.locator("summary").click()


def _show_rows(tab: Page) -> None:
    """Show which rows of a list of cases were counted."""
    tab.locator(".counts summary").get_by_text("Which rows").nth(1).click()


def _show_difference(tab: Page) -> None:
    """The page of statistics, as it was laid over what it is, below the head."""
    tab.locator("#show-difference").click()
    tab.locator("[data-page='3'] .regions a").first.click()
    tab.evaluate("""() => {
      const page = document.querySelector("[data-page='3']").getBoundingClientRect();
      scrollBy(0, page.top - document.querySelector(".top").offsetHeight - 56);
    }""")
    tab.wait_for_function("[...document.images].every(one => one.complete)")


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of the preview."""

    scene: str
    address: str  #: below that of the year
    shows: str  #: what is there once all of it is: a selector
    width: int = 1280
    height: int = 860
    scheme: Literal["light", "dark"] = "light"
    scale: float = 1  #: pixels of the picture to one of the page
    act: Callable[[Page], None] = _nothing
    year: str = YEAR
    part: str = ""  #: of the page, which alone is shown: a selector


@dataclass(frozen=True, slots=True)
class Typed:
    """A command and what it prints."""

    scene: str
    words: tuple[str, ...]


#: every picture that the script makes, by the name of its file
PICTURES: Mapping[str, Shot | Typed] = {
    "preview-list": Shot("sending", "", "tbody tr"),
    "preview-dark": Shot("sending", "", "tbody tr", scheme="dark"),
    "preview-phone": Shot("sending", "", "tbody tr", width=390, height=844, scale=1.5),
    "preview-letter": Shot("sending", "letters/oxford-city-council", ".pages img"),
    "preview-figures": Shot(
        "sending", "letters/oxford-city-council/figures", ".workings", height=816, act=_open_a_place
    ),
    "preview-changes": Shot("changed", "changes", ".classes"),
    "preview-change-pictures": Shot(
        "changed", "letters/oxford-city-council/changes", ".pictures .look", act=_show_difference
    ),
    "new-year-preview": Shot("begun", "", "tbody tr", height=402, year="2021"),
    "import-figures": Shot(
        "imported",
        "letters/harlow-district-council/figures",
        ".counts",
        width=1000,
        act=_show_rows,
        year="2021",
        part=".counts",
    ),
    "terminal-check": Typed("mistaken", ("check", YEAR)),
    "terminal-status": Typed("sending", ("status", YEAR)),
    "terminal-compare": Typed("changed", ("compare", YEAR, "--with", "approved")),
}


def main(folder: Path = KEPT) -> None:
    """Make all pictures, in a folder that is there."""
    with tempfile.TemporaryDirectory() as temporary, browser() as chromium:
        scenes = make_scenes(Path(temporary))
        for scene, root in scenes.items():
            shots = {
                name: one
                for name, one in PICTURES.items()
                if isinstance(one, Shot) and one.scene == scene
            }
            if shots:
                with _preview(root, next(iter(shots.values())).year) as address:
                    for name, shot in shots.items():
                        _keep(folder, name, _taken(chromium, address, shot))
        for name, one in PICTURES.items():
            if isinstance(one, Typed):
                _keep(folder, name, _printed(chromium, scenes[one.scene], one))


def _keep(folder: Path, name: str, png: bytes) -> None:
    """Write a picture with few colours: so it is a third as large and looks the same."""
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB").quantize(_COLOURS, _RARE_ONES_TOO, kmeans=3, dither=_NO_DITHER)
        small.save(folder / f"{name}.png", optimize=True)
    print(f"{name}.png: {(folder / f'{name}.png').stat().st_size // 1000} kB")


@contextmanager
def _preview(root: Path, year: str) -> Iterator[str]:
    """A preview that was started in a folder: the address of its list."""
    with subprocess.Popen(
        typed("preview", year, "--no-browser"),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=root, env=environment(),
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            said = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:[0-9]+/\S+", said)
            if not found:
                raise SystemExit(f"the preview did not start: {said}")
            yield found[0]
        finally:
            process.terminate()


def _taken(chromium: Browser, address: str, shot: Shot) -> bytes:
    """What a browser shows of a page once it is all there."""
    context = chromium.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme=shot.scheme,
        device_scale_factor=shot.scale,
        reduced_motion="reduce",
        bypass_csp=True,  # our fonts are none of the preview's
    )
    context.set_default_timeout(_LONG)
    tab = context.new_page()
    tab.goto(address + shot.address)
    tab.add_style_tag(content=_fonts("html, button, input, select, output"))
    expect(tab.locator("#live")).to_have_text("Live", timeout=_LONG)
    expect(tab.locator(shot.shows).first).to_be_visible(timeout=_LONG)
    tab.wait_for_function(_COUNTED)
    shot.act(tab)
    tab.wait_for_function("document.fonts.ready.then(() => true)")
    tab.wait_for_load_state("networkidle")
    png = tab.screenshot(clip=_around(tab, shot.part)) if shot.part else tab.screenshot()
    context.close()
    return png


def _around(tab: Page, part: str) -> FloatRect:
    """Where a part of a page is, with some space around it; the window is made as high."""
    box = tab.locator(part).bounding_box()
    assert box
    assert tab.viewport_size
    width = tab.viewport_size["width"]
    tab.set_viewport_size({"width": width, "height": round(box["y"] + box["height"]) + 40})
    return {
        "x": box["x"] - _SPACE,
        "y": box["y"] - _SPACE,
        "width": box["width"] + 2 * _SPACE,
        "height": box["height"] + 2 * _SPACE,
    }


def _fonts(where: str) -> str:
    """A style sheet that sets elements in the project's own font."""
    faces = []
    for style, weight in (("Regular", 400), ("Bold", 700)):
        content = (ROOT / f"templates/base/fonts/LiberationSans-{style}.ttf").read_bytes()
        data = base64.b64encode(content).decode()
        faces.append(
            f"@font-face {{ font-family: Pictured; font-weight: {weight};"
            f" src: url(data:font/ttf;base64,{data}); }}"
        )
    return "\n".join((*faces, f"{where} {{ font-family: Pictured, sans-serif; }}"))


_THEME = TerminalTheme(
    (33, 28, 41), (229, 224, 235),
    [(33, 28, 41), (255, 122, 137), (126, 211, 157), (240, 192, 112),
     (137, 180, 250), (203, 180, 245), (126, 205, 214), (229, 224, 235)],
)  # fmt: skip
_WINDOW = """\
<!DOCTYPE html>
<meta charset="utf-8">
<style>
body {{ margin: 0; background: #211c29; color: #e5e0eb; width: {width}px; padding: 18px 22px 20px; }}
pre {{ margin: 0; font: 14px/20px "DejaVu Sans Mono", "Liberation Mono", monospace; }}
pre {{ white-space: pre-wrap; word-break: break-all; }}
.prompt {{ color: #a795bd; }}
</style>
<pre><span class="prompt">$</span> letters {command}
{code}</pre>
"""


def _printed(chromium: Browser, root: Path, command: Typed) -> bytes:
    """A command and its output, as on a terminal."""
    printed = _on_terminal(typed(*command.words), root)
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), color_system="truecolor")
    console.print(Text.from_ansi(printed), soft_wrap=True)
    code = console.export_html(theme=_THEME, code_format="{code}", inline_styles=True)
    html = _WINDOW.format(width=round(_COLUMNS * _CELL), command=" ".join(command.words), code=code)
    context = chromium.new_context(device_scale_factor=1.5, viewport={"width": 1000, "height": 200})
    tab = context.new_page()
    tab.set_content(html)
    png = tab.locator("body").screenshot()
    context.close()
    return png


def _on_terminal(command: list[str], root: Path) -> str:
    """What a command sends to a terminal of so many columns."""
    known = {**environment(), "TERM": "xterm-256color"}
    known.pop("NO_COLOR", None)
    _, shown = seen(command, known, _COLUMNS, root)
    return shown.replace("\r\n", "\n").strip("\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else KEPT)
