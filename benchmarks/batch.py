"""What a year's build takes, against other ways to make the same letters.

    make bench                       everything, with 5,000 letters too: some minutes
    make bench QUICK=1               without the 5,000 letters (ROUNDS=3 for fewer rounds, with or without)
    make bench QUICK=1 LETTERS=12    a trial that everything works; its figures mean nothing

Figures of one run are compared with each other: ratios, medians of several rounds in which the programs take turns.
Prints a table and writes build/benchmarks/batch.json. docs/performance.md explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console

from benchmarks.rounds import Pair, Round, cold_build, measure, write_sample
from benchmarks.rows import Row, print_table, rows
from benchmarks.year import ROOT, make_year

LETTERS, MANY = 343, 5000
TARGET = ROOT / "build" / "benchmarks" / "batch.json"


def main() -> None:
    """Measure, print the table, write the JSON."""
    options = _options()
    rounds, pairs = _measured(options.letters, options.rounds, options.quick)
    found = tuple(rows(rounds, pairs))
    print_table(found)
    _write(found, rounds, pairs)
    print(f"written to {TARGET.relative_to(ROOT)}")


def _measured(letters: int, number: int, quick: bool) -> tuple[list[Round], list[Pair]]:
    """The rounds, and half as many pairs of builds unless it has to be quick."""
    console = Console(stderr=True, highlight=False)
    rounds, pairs = [], []
    with tempfile.TemporaryDirectory() as folder:
        few, many, sample = (Path(folder, name) for name in ("few", "many", "sample"))
        make_year(few, letters)
        sampled = write_sample(few, sample)
        for count in range(1, number + 1):
            console.print(
                f"round {count} of {number}: builds of {letters} letters; {sampled} one by one ..."
            )
            rounds.append(measure(few, sample))
        if not quick:
            make_year(many, times := MANY * letters // LETTERS)
            for count in range(1, (last := (number + 1) // 2) + 1):
                console.print(
                    f"pair {count} of {last}: a build of {letters} letters and one of {times} ..."
                )
                pairs.append(Pair(cold_build(few), cold_build(many)))
    return rounds, pairs


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="without the 5,000 letters")
    parser.add_argument(
        "--letters", type=int, default=LETTERS, help=f"of the year (default: {LETTERS})"
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=5,
        help="of all programs; half as many with 5,000 letters (default: 5)",
    )
    return parser.parse_args()


def _write(found: Sequence[Row], rounds: Sequence[Round], pairs: Sequence[Pair]) -> None:
    document = {
        "rows": [asdict(row) | {"median": row.median, "holds": row.holds} for row in found],
        "rounds": [asdict(one) for one in rounds],
        "pairs": [asdict(two) for two in pairs],
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "system": platform.system(),
        },
        "versions": {
            "Python": platform.python_version(),
            "WeasyPrint": _version("weasyprint"),
            "typst": _version("typst"),
        },
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(document, indent=1) + "\n")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


if __name__ == "__main__":
    main()
