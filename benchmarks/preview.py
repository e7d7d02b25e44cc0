"""How soon the preview shows things, with the 343 letters of the specimen year and a real browser.

Prints a table and writes build/benchmarks/preview.json. The targets are times that a person notices; on another machine
they say as much about the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.batch import LETTERS
from benchmarks.rows import Row, print_table
from benchmarks.year import ROOT, YEAR, make_year
from letters.campaign.load import load
from tests.e2e.browser import Preview, browser, page, preview, until

TIMES = 20
IDLE = 10.0  #: seconds to look at a preview that nobody uses
TARGET = ROOT / "build" / "benchmarks" / "preview.json"

_USABLE = "performance.getEntriesByName('usable')"
_LAID_OUT = """new MutationObserver(() => document.documentElement.classList.add("laid-out"))
  .observe(document, { childList: true })"""
_SHOWS = """text => new Promise(resolve => {
  const look = () => {
    const shown = document.querySelector("iframe").contentDocument;
    if (shown && shown.body && shown.body.textContent.includes(text)) resolve(true);
    else requestAnimationFrame(look);
  };
  look();
})"""


def main() -> None:
    """Measure, print the table, write the JSON."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_year(root, LETTERS)
        slugs = [
            slug
            for slug in load(root, YEAR).statistics
            if not (root / f"data/{YEAR}/paragraphs/{slug}.md").exists()
        ]
        try:
            with browser() as chromium, preview(root, YEAR) as running:
                found = tuple(_rows(chromium, running, root, slugs))
        except pytest.skip.Exception as reason:
            print(f"The preview is not measured: {reason}")
            return
    print_table(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(row) | {"median": row.median, "holds": row.holds} for row in found]
    TARGET.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    print(f"written to {TARGET.relative_to(ROOT)}")


def _rows(chromium: Browser, running: Preview, root: Path, slugs: list[str]) -> Iterator[Row]:
    server = http.client.HTTPConnection("127.0.0.1", running.port)
    _get(server, f"/{YEAR}/letters/{slugs[0]}")  # workers are ready after their first letter
    html = [_get(server, f"/{YEAR}/letters/{slug}/letter.html") for slug in slugs[1 : TIMES + 1]]
    yield Row("HTML of a letter", html, at_most=10, unit=" ms")
    pictures = [_pictures(running, slug) for slug in slugs[1 : TIMES + 1]]
    yield Row("PDF typeset and 3 page pictures", pictures, at_most=250, unit=" ms")
    again = [_pictures(running, slug) for slug in slugs[1 : TIMES + 1]]
    yield Row("the same looked at again", again, unit=" ms")
    changed = [_changed(running, root, slugs[1], number) for number in range(TIMES)]
    yield Row("the same of a letter that was changed", changed, at_most=150, unit=" ms")
    lists = [(_usable(chromium, running), _usable(chromium, running, True)) for _ in range(TIMES)]
    usable = [used for used, _ in lists]
    yield Row(f"list of {LETTERS} letters usable", usable, at_most=400, unit=" ms")
    yield Row("the same / all rows laid out at once", [used / whole for used, whole in lists])
    yield Row(
        "list until a search is answered",
        [_searched(chromium, running) for _ in range(TIMES)],
        at_most=500,
        unit=" ms",
    )
    with page(chromium, f"{running.address}letters/{slugs[0]}/html") as tab:
        tab.wait_for_timeout(1000)
        saved = [_saved(tab, root, slugs[0], number) for number in range(TIMES)]
        yield Row("file saved to page updated", saved, at_most=400, unit=" ms")
        tab.wait_for_timeout(8000)  # what was changed is typeset ahead
        before = _processor(running)
        time.sleep(IDLE)
        yield Row(
            "processor while nobody does anything",
            [100 * (_processor(running) - before) / IDLE],
            at_most=1,
            unit=" %",
        )


def _get(server: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds from request to the whole answer."""
    start = time.perf_counter()
    server.request("GET", path)
    response = server.getresponse()
    response.read()
    assert response.status == 200, path
    return 1000 * (time.perf_counter() - start)


def _changed(running: Preview, root: Path, slug: str, number: int) -> float:
    """Milliseconds for page and pictures of a letter, once the preview has its new words, and all is quiet."""
    text = f"Paragraph number {number}."
    (root / "data" / YEAR / "paragraphs" / f"{slug}.md").write_text(text)
    server = http.client.HTTPConnection("127.0.0.1", running.port)
    while True:
        server.request("GET", f"/{YEAR}/letters/{slug}/letter.html")
        if text.encode() in server.getresponse().read():
            time.sleep(2)  # all letters are looked through after a change
            return _pictures(running, slug)
        time.sleep(0.05)


def _pictures(running: Preview, slug: str) -> float:
    """Milliseconds for the page with the pictures, then the pictures, asked for together as browsers do."""

    def get(path: str) -> None:
        _get(http.client.HTTPConnection("127.0.0.1", running.port), f"/{YEAR}/letters/{slug}{path}")

    start = time.perf_counter()
    get("")
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(get, (f"/pages/{number}.png" for number in (1, 2, 3))))
    return 1000 * (time.perf_counter() - start)


def _usable(chromium: Browser, running: Preview, at_once: bool = False) -> float:
    """Milliseconds from asking for the list to its rows being painted and its filter working.

    `at_once` has all rows laid out before that, and not only those in sight.
    """
    context = chromium.new_context()
    tab = context.new_page()
    if at_once:
        tab.add_init_script(_LAID_OUT)
    tab.goto(running.address)
    until(tab, _USABLE + ".length === 1")
    used: float = tab.evaluate(_USABLE + "[0].startTime")
    context.close()
    return used


def _searched(chromium: Browser, running: Preview) -> float:
    """Milliseconds from nothing to a list that has been searched."""
    context = chromium.new_context()
    tab = context.new_page()
    start = time.perf_counter()
    tab.goto(running.address, wait_until="commit")
    tab.get_by_label("Search").fill("maidstone")
    tab.get_by_text(f"1 of {LETTERS}").wait_for()
    used = 1000 * (time.perf_counter() - start)
    context.close()
    return used


def _saved(tab: Page, root: Path, slug: str, number: int) -> float:
    """Milliseconds from saving a paragraph to its text being in the page."""
    text = f"Paragraph number {number}."
    path = root / "data" / YEAR / "paragraphs" / f"{slug}.md"
    start = time.perf_counter()
    path.write_text(text)
    tab.evaluate(_SHOWS, text)
    used = 1000 * (time.perf_counter() - start)
    tab.wait_for_timeout(2000)  # all letters are looked through after a change
    return used


def _processor(running: Preview) -> float:
    """Seconds of processor time of the preview and its workers."""
    parent = running.process.pid
    pids = [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]
    family = [pid for pid in pids if int(pid) == parent or _parent(pid) == parent]
    ticks = sum(sum(int(field) for field in _stat(pid)[11:13]) for pid in family)
    return ticks / os.sysconf("SC_CLK_TCK")


def _parent(pid: str) -> int:
    try:
        return int(_stat(pid)[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


if __name__ == "__main__":
    main()
