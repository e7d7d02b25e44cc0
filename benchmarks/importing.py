"""How long an office's four workbooks of 339 authorities take: figures, 14,600 cases and outcomes, contacts.

The whole command is measured, from its start to its end, against merely loading the same workbooks; and the check of
the year afterwards, with its 616 enclosures.

`make bench`. The figures of one run are compared with each other: absolute times depend on the machine.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from letters.intake.workbooks import read
from tests.second_year import confirm, to_confirm, write_words
from tests.whole_office import ACCEPTED, BOOKS, CASES, CONTACTS, FIGURES, says, whole_office

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
LOAD = "import sys, openpyxl\nfor name in sys.argv[1:]: openpyxl.load_workbook(name)"


def seconds(task: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median time of a task over several runs, each after what makes it ready."""
    times = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def letters(root: Path, *arguments: str) -> None:
    """A command as it is typed."""
    command = (sys.executable, "-m", "letters", *arguments, "--root", str(root))
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def finish(root: Path) -> None:
    """Leave nothing for the check to stop at."""
    write_words(root)
    confirm(root, to_confirm(root))


def main() -> None:
    """Print the table, and the same as JSON."""
    with tempfile.TemporaryDirectory() as name:
        root = whole_office(Path(name))
        says(root, FIGURES, CASES, CONTACTS)
        kept = {
            path: path.read_bytes()
            for path in (root / "data/2021/statistics.yaml", root / "data/2021/contacts.yaml")
        }

        def anew() -> None:
            shutil.rmtree(root / "private/2021/attachments", ignore_errors=True)
            for path in (root / "private/2021").glob("contacts*"):
                path.unlink()
            (root / "data/2021/import.lock.yaml").unlink(missing_ok=True)
            for path, content in kept.items():
                path.write_bytes(content)

        def load() -> None:
            command = (sys.executable, "-c", LOAD, *map(str, BOOKS))
            subprocess.run(command, check=True, capture_output=True)

        letters(root, "import", "2021", *ACCEPTED)
        first = seconds(lambda: letters(root, "import", "2021", "--write"), anew)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        again = seconds(lambda: letters(root, "import", "2021", "--write"))
        loading = seconds(load)
        reading = seconds(lambda: [read(path) for path in BOOKS])
        finish(root)
        check = seconds(lambda: letters(root, "check", "2021"))
    figures = {
        "letters import of all four workbooks, seconds": first,
        "the same, unchanged, seconds": again,
        "its peak memory, MB": peak,
        "reading the workbooks alone, seconds": reading,
        "openpyxl loading them, a command, seconds": loading,
        "letters import / openpyxl loading them": first / loading,
        "letters check with 616 enclosures, seconds": check,
    }
    for name, value in figures.items():
        print(f"{name:50} {value:8.3f}")
    target = ROOT / "build" / "benchmarks"
    target.mkdir(parents=True, exist_ok=True)
    (target / "importing.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
