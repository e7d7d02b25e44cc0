"""What a year's build takes, against other ways to make the same letters.

    make bench                       everything, with 5,000 and 20,000 letters: an hour
    make bench QUICK=1               without the 5,000 and 20,000 (ROUNDS=3 for fewer rounds, with or without)
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

from benchmarks.rounds import (
    BothWays,
    Built,
    Pair,
    Round,
    both_ways,
    cold_build,
    measure,
    write_sample,
)
from benchmarks.rows import Row, print_table, rows
from benchmarks.year import ROOT, YEAR, make_year

LETTERS, MANY, HUGE = 343, 5000, 20_000
TARGET = ROOT / "build" / "benchmarks" / "batch.json"


def main() -> None:
    """Measure, print the table, write the JSON."""
    options = _options()
    measured = _measured(options.letters, options.rounds, options.quick)
    found = tuple(rows(*measured))
    print_table(found)
    _write(found, *measured)
    print(f"written to {TARGET.relative_to(ROOT)}")


def _measured(
    letters: int, number: int, quick: bool
) -> tuple[list[Round], list[Pair], BothWays, Built | None]:
    """The rounds, all letters both ways, and unless it has to be quick pairs of builds and a huge one."""
    console = Console(stderr=True, highlight=False)
    rounds, pairs, huge = [], [], None
    with tempfile.TemporaryDirectory() as folder:
        few, many, most, sample = (Path(folder, name) for name in ("few", "many", "most", "sample"))
        make_year(few, letters)
        sampled = write_sample(few, sample)
        for count in range(1, number + 1):
            console.print(
                f"round {count} of {number}: builds of {letters} letters; {sampled} one by one ..."
            )
            rounds.append(measure(few, sample))
        console.print("all letters of this folder with and without what they share ...")
        whole = both_ways(ROOT, ("2020", YEAR), max(1, LETTERS // letters))
        if not quick:
            make_year(many, times := MANY * letters // LETTERS)
            for count in range(1, (last := (number + 1) // 2) + 1):
                console.print(
                    f"pair {count} of {last}: a build of {letters} letters and one of {times} ..."
                )
                pairs.append(Pair(cold_build(few), cold_build(many)))
            make_year(most, times := HUGE * letters // LETTERS)
            console.print(f"a build of {times} letters ...")
            huge = cold_build(most)
    return rounds, pairs, whole, huge


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="without the 5,000 and 20,000")
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


def _write(
    found: Sequence[Row],
    rounds: Sequence[Round],
    pairs: Sequence[Pair],
    whole: BothWays,
    huge: Built | None,
) -> None:
    document = {
        "rows": [asdict(row) | {"median": row.median, "holds": row.holds} for row in found],
        "rounds": [asdict(one) for one in rounds],
        "pairs": [asdict(two) for two in pairs],
        "both ways": asdict(whole),
        "huge": asdict(huge) if huge else None,
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
