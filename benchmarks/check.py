"""How long the 343 authorities of the specimen year take to check, against merely parsing their YAML.

The whole command is measured (data, words of letters and e-mails, style sheets, fonts), and the data alone.

`make bench`. The figures of one run are compared with each other: absolute times depend on the machine.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from letters.campaign.load import try_load
from letters.source.reader import parse

ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "data/authorities.yaml",
    *(f"data/specimen/{name}.yaml" for name in ("letter", "statistics", "contacts")),
)
RUNS = 9


def seconds(task: Callable[[], object]) -> float:
    """The median time of a task over several runs, after one that does not count."""
    task()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def parse_only() -> None:
    """Read the same files into plain values, without rules or cross-checks."""
    for file in FILES:
        parse(file, (ROOT / file).read_text(encoding="utf-8"))


def hostile() -> None:
    """Refuse a campaign whose statistics are as deeply nested as the size limit allows."""
    parse("statistics.yaml", "[" * 1_999_999)


def command() -> None:
    """The command as it is typed, from its start to its end."""
    arguments = (sys.executable, "-m", "letters", "check", "specimen", "--root", str(ROOT))
    subprocess.run(arguments, check=True, capture_output=True)


def main() -> None:
    """Print the table, and the same as JSON."""
    figures = {
        "letters check of 343 authorities, seconds": seconds(command),
        "check of their data alone, seconds": seconds(lambda: try_load(ROOT, "specimen")),
        "parsing alone, seconds": seconds(parse_only),
        "refusing 2 MB of nesting, seconds": seconds(hostile),
    }
    for name in ("letters check of 343 authorities", "check of their data alone"):
        ratio = figures[f"{name}, seconds"] / figures["parsing alone, seconds"]
        figures[f"{name} / parsing alone"] = ratio
    for name, value in figures.items():
        print(f"{name:50} {value:8.3f}")
    target = ROOT / "build" / "benchmarks"
    target.mkdir(parents=True, exist_ok=True)
    (target / "check.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
