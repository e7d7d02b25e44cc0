"""A program that makes letters one after the other, each timed: what the batch is compared with.

    python -m benchmarks.plain_loop FOLDER

makes a PDF of each HTML file in the folder, and prints the seconds of each as JSON.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


def one_by_one(make: Callable[[Path], bytes]) -> None:
    """Make and write each letter of the folder on the command line, and print the times."""
    seconds = []
    for page in pages():
        start = time.perf_counter()
        page.with_suffix(".pdf").write_bytes(make(page))
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds}))
    gc.collect()  # the renderer's fonts complain when Python's end comes first


def skip(why: str) -> NoReturn:
    """Say why nothing can be measured here, and end."""
    print(json.dumps({"skipped": why}))
    sys.exit()


def pages() -> list[Path]:
    """The HTML of the letters; the figures that the PDF carries lie beside it, as JSON."""
    return sorted(Path(sys.argv[1]).glob("*.html"))


def style_sheets() -> list[Path]:
    """The style sheets for paper, in their order."""
    return [Path(path) for path in sys.argv[2:]]
