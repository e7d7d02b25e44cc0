"""How long it takes to tell what changed in the 343 letters of the specimen year since they were built.

Prints a table and writes build/benchmarks/compare.json. The whole command is measured, from its start to its end: where
no letter changed, and where a word of the template did, and so each letter; beside `letters check`, which writes all
letters too. Where letters stand is measured after a change, and when it is asked again. A page's difference picture is
measured in one process, in its processor time, on the first page of two letters, beside drawing both pages alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.batch import LETTERS
from benchmarks.rows import Row, print_table
from benchmarks.year import ROOT, YEAR, make_year
from letters.campaign.load import load
from letters.compare.pictures import WIDTH, difference
from letters.typesetting.finished import picture
from tests.doing import edit
from tests.paper import put_on_paper
from tests.press import Press

TIMES = 5
ROUNDS = 15  #: of drawing a page
TARGET = ROOT / "build" / "benchmarks" / "compare.json"


def main() -> None:
    """Measure, print the table, write the JSON."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_year(root, LETTERS)
        put_on_paper(root, YEAR)
        found = (*_rows(root), *_pictures())
    print_table(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(row) | {"median": row.median, "holds": row.holds} for row in found]
    TARGET.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    print(f"written to {TARGET.relative_to(ROOT)}")


def _rows(root: Path) -> Iterator[Row]:
    with_build = ("compare", YEAR, "--with", "last-build")
    same = [_seconds(root, *with_build) for _ in range(TIMES)]
    yield Row(f"{LETTERS} letters with their last build, none changed", same, unit=" s")
    edit(root / "templates/2020/letter.html.jinja", "A focus on", "Our focus on")
    changed = [_seconds(root, *with_build) for _ in range(TIMES)]
    yield Row(f"{LETTERS} letters with their last build, all changed", changed, 3, unit=" s")
    checked = [_seconds(root, "check", YEAR) for _ in range(TIMES)]
    ratios = [one / other for one, other in zip(changed, checked, strict=True)]
    yield Row("the same / letters check", ratios)
    anew, again = list[float](), list[float]()
    for _ in range(TIMES):
        (root / "build" / YEAR / "status.json").unlink(missing_ok=True)
        anew.append(_seconds(root, "status", YEAR))
        again.append(_seconds(root, "status", YEAR))
    yield Row("where letters stand, after a change", anew, unit=" s")
    yield Row("where letters stand, asked again", again, 0.5, unit=" s")


def _pictures() -> Iterator[Row]:
    campaign = load(ROOT, "specimen")
    press = Press(ROOT, campaign)
    before, now = (press.make(slug).pdf for slug in list(campaign.statistics)[:2])
    times = list[tuple[float, float]]()
    for _ in range(ROUNDS):
        both = _milliseconds(lambda: [picture(pdf, 1, WIDTH) for pdf in (before, now)])
        times.append((_milliseconds(lambda: difference(before, now, 1)), both))
    yield Row("a page's difference picture", [one for one, _ in times], 150, unit=" ms")
    yield Row("the same / drawing both pages alone", [one / other for one, other in times])


def _milliseconds(act: Callable[[], object]) -> float:
    """The processor time of something that is done at once."""
    start = time.process_time()
    act()
    return 1000 * (time.process_time() - start)


def _seconds(root: Path, *arguments: str) -> float:
    """What a command takes as it is typed."""
    start = time.perf_counter()
    command = (sys.executable, "-m", "letters", *arguments, "--root", str(root))
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
