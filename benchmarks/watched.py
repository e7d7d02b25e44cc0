"""The command `letters`, with an eye on the workers of a build.

    python -m benchmarks.watched REPORT build specimen --jobs 2

writes to REPORT, as JSON, how many letters were made, how long the renderer took for them in all, and the peak memory
of each worker there is at the end and of the command itself (only where the system tells it in /proc).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path


def watch(report: Path) -> None:
    """Let the next build of this process write the report; the workers must still be there when it is written."""
    from letters.batch import build

    class Watched(build.Build):
        def run(self, executor: Executor, workers: int) -> Iterator[build.Outcome]:
            seconds = []
            for outcome in super().run(executor, workers):
                seconds.append(outcome.seconds)
                yield outcome
            peaks = [_peak(worker.pid) for worker in multiprocessing.active_children()]
            figures = {
                "made": len(seconds),
                "renderer": sum(seconds),
                "peaks": [peak for peak in peaks if peak],
                "main": _peak(os.getpid()),
            }
            report.write_text(json.dumps(figures))

    build.Build = Watched  # type: ignore[misc]


def _peak(process: int | None) -> int:
    """The most memory that a process has held so far, in bytes; 0 where that is not known."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(peak[1]) * 1024 if peak else 0


if __name__ == "__main__":
    # not above: each worker imports this module, which for `python -m letters` is next to nothing
    from letters.cli import main

    watch(Path(sys.argv.pop(1)))
    main()
