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
from pathlib import Path

from letters.campaign.load import load
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Pdf, Typesetter
from letters.typesetting.stationery import Stationery
from letters.typesetting.writer import Writer

WITHOUT = "LETTERS_WITHOUT_SHARING"


def main() -> None:
    """Make each letter both ways; a year's first, for which nothing is kept yet, counts when it is made again."""
    root, step, *years = sys.argv[1:]
    seconds, letters, differing = {"with": 0.0, "without": 0.0}, 0, list[str]()
    for year in years:
        stationery, manuscripts = read(Path(root), year, int(step))
        ways = {"with": _typesetter(stationery, ""), "without": _typesetter(stationery, "1")}
        gc.collect()
        gc.freeze()  # as a worker does
        for number, manuscript in enumerate((manuscripts[0], *manuscripts[1:], manuscripts[0])):
            pdfs = {}
            for way in sorted(ways, reverse=bool(number % 2)):
                pdfs[way], taken = made(ways[way], manuscript)
                seconds[way] += taken if number else 0
            if pdfs["with"] != pdfs["without"]:
                differing.append(f"{year}/{manuscript.slug}")
        letters += len(manuscripts)
    print(json.dumps({"seconds": seconds, "letters": letters, "differing": differing}))
    ways.clear()
    gc.unfreeze()
    gc.collect()  # the renderer's fonts complain when Python's end comes first


def read(root: Path, year: str, step: int) -> tuple[Stationery, list[Manuscript]]:
    """What a year's letters are dressed in, and each so many-th of them."""
    campaign = load(root, year)
    writer = Writer(root, campaign)
    slugs = tuple(campaign.statistics)[::step]
    return writer.dress().stationery, [
        writer.manuscript(slug, writer.words(slug)) for slug in slugs
    ]


def _typesetter(stationery: Stationery, without: str) -> Typesetter:
    os.environ[WITHOUT] = without
    return Typesetter(stationery)


def made(typesetter: Typesetter, manuscript: Manuscript) -> tuple[Pdf, float]:
    """A letter as a worker makes it, and the seconds of processor time."""
    start = time.process_time()
    gc.disable()
    pdf = typesetter.pdf(manuscript)
    gc.enable()
    gc.collect(0)
    return pdf, time.process_time() - start


if __name__ == "__main__":
    main()
