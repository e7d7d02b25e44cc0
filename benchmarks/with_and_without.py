"""The same letters with and without what they share, in turns: the seconds of processor time, and whose bytes differ.

    python -m benchmarks.with_and_without ROOT STEP YEAR ...

makes every STEPth letter of each year, and prints the figures as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from letters.campaign.load import load
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Pdf, Typesetter
from letters.typesetting.stationery import Stationery, read_dress
from letters.typesetting.writer import Writer

WITHOUT = "LETTERS_WITHOUT_SHARING"


def main() -> None:
    """Make each letter both ways; the first of a year, for which nothing is kept yet, is made once more at its end."""
    root, step, *years = sys.argv[1:]
    seconds, letters, differing = {"with": 0.0, "without": 0.0}, 0, list[str]()
    for year in years:
        stationery, manuscripts = _read(Path(root), year, int(step))
        ways = {"with": _typesetter(stationery, ""), "without": _typesetter(stationery, "1")}
        first = next(manuscripts)
        for manuscript in (first, *manuscripts, first):
            made = {}
            for way, typesetter in ways.items():
                made[way], taken = _made(typesetter, manuscript)
                seconds[way] += taken if letters else 0
            if made["with"] != made["without"]:
                differing.append(f"{year}/{manuscript.slug}")
            letters += 1
        letters -= 1
    print(json.dumps({"seconds": seconds, "letters": letters, "differing": differing}))


def _read(root: Path, year: str, step: int) -> tuple[Stationery, Iterator[Manuscript]]:
    campaign = load(root, year)
    letter, writer = campaign.letter, Writer(root, campaign)
    dress = read_dress(root / "templates", letter.templates, letter.specimen)
    slugs = tuple(campaign.statistics)[::step]
    return dress.stationery, (writer.manuscript(slug, writer.words(slug)) for slug in slugs)


def _typesetter(stationery: Stationery, without: str) -> Typesetter:
    os.environ[WITHOUT] = without
    return Typesetter(stationery)


def _made(typesetter: Typesetter, manuscript: Manuscript) -> tuple[Pdf, float]:
    """A letter as a worker makes it, and the seconds of processor time."""
    start = time.process_time()
    gc.disable()
    pdf = typesetter.pdf(manuscript)
    gc.enable()
    gc.collect()
    return pdf, time.process_time() - start


if __name__ == "__main__":
    main()
