"""The measurements: programs that run one after the other, in rounds, each timed from its start to its end."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.year import ROOT, YEAR, change_one_statistic
from letters.campaign.load import load
from letters.typesetting.stationery import read_dress
from letters.typesetting.writer import Writer

WORKERS = 2
SAMPLE = 49  #: letters that the one-by-one programs make: every 7th of 343


@dataclass(frozen=True, slots=True)
class Built:
    """One run of `letters build`."""

    seconds: float  #: from starting Python to its end
    made: int  #: letters
    renderer: float  #: seconds that the renderer took in all workers together
    peak: int  #: bytes of the worker that held the most; 0 where the system does not tell
    main: int  #: bytes that the command itself held at most; 0 where the system does not tell


@dataclass(frozen=True, slots=True)
class OneByOne:
    """One run of a program that makes letters one by one."""

    start: float  #: seconds before the first letter, and after the last
    first: float  #: seconds of the first letter
    each: float  #: seconds of each of the others
    skipped: str = ""  #: why there is nothing to tell


@dataclass(frozen=True, slots=True)
class BothWays:
    """The same letters with and without what they share: seconds of processor time of all of them."""

    seconds: dict[str, float]  #: "with" and "without"
    letters: int
    differing: list[str]  #: letters whose bytes are not the same


@dataclass(frozen=True, slots=True)
class Round:
    """Everything once."""

    cold: Built  #: two workers, nothing there
    nothing: Built  #: the same again
    changed: Built  #: and after a change of one number
    plain: OneByOne
    chromium: OneByOne
    typst: OneByOne
    single: Built  #: one worker, nothing there
    shared: BothWays  #: the letters of the sample
    cluster: float  #: seconds of a cold build on a Dask cluster of two workers; 0 without Dask


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cold builds of different size, both with two workers."""

    small: Built
    large: Built


def measure(root: Path, sample: Path) -> Round:
    """One round: the year below a root, and the letters of a sample of it."""
    cold, nothing = cold_build(root), _build(root, WORKERS)
    change_one_statistic(root)
    changed = _build(root, WORKERS)
    return Round(
        cold=cold,
        nothing=nothing,
        changed=changed,
        plain=_one_by_one("benchmarks.plain_loop", root, sample),
        chromium=_one_by_one("benchmarks.chromium", root, sample),
        typst=_one_by_one("benchmarks.typst_loop", root, sample),
        single=cold_build(root, workers=1),
        shared=both_ways(root, (YEAR,), max(1, cold.made // SAMPLE)),
        cluster=_on_a_cluster(root),
    )


def both_ways(root: Path, years: Sequence[str], step: int = 1) -> BothWays:
    """Every letter of some years, or every so many, with and without what they share."""
    _, output = _run("benchmarks.with_and_without", str(root), str(step), *years)
    return BothWays(**json.loads(output))


def cold_build(root: Path, workers: int = WORKERS) -> Built:
    """A build of the whole year into an empty folder."""
    shutil.rmtree(root / "build", ignore_errors=True)
    return _build(root, workers)


def write_sample(root: Path, sample: Path) -> int:
    """Write the HTML and the figures of letters at even distances into a new folder; the number of them."""
    sample.mkdir()
    campaign = load(root, YEAR)
    writer = Writer(root, campaign)
    slugs = tuple(campaign.statistics)[:: max(1, len(campaign.statistics) // SAMPLE)]
    for slug in slugs:
        manuscript = writer.manuscript(slug, writer.words(slug))
        (sample / f"{slug}.html").write_text(manuscript.html)
        (sample / f"{slug}.json").write_text(manuscript.statistics_json)
    return len(slugs)


def _build(root: Path, workers: int) -> Built:
    report = root / "report.json"
    arguments = ("build", YEAR, "--root", str(root), "--jobs", str(workers), "--quiet")
    seconds, _ = _run("benchmarks.watched", str(report), *arguments)
    figures = json.loads(report.read_text())
    peak = max(figures["peaks"], default=0)
    return Built(seconds, figures["made"], figures["renderer"], peak, figures["main"])


def _on_a_cluster(root: Path) -> float:
    shutil.rmtree(root / "build", ignore_errors=True)
    arguments = (str(WORKERS), "build", YEAR, "--root", str(root), "--quiet")
    _, output = _run("benchmarks.on_a_cluster", *arguments)
    return float(json.loads(output).get("seconds", 0))


def _one_by_one(program: str, root: Path, sample: Path) -> OneByOne:
    templates = root / "templates"
    letter = load(root, YEAR).letter
    stationery = read_dress(templates, letter.templates, letter.specimen).stationery
    sheets = [templates / name for name in stationery.stylesheets]
    for index, name in enumerate(stationery.stylesheets):
        if not name.endswith(".css"):  # a brand, which others than we know as a style sheet only
            sheets[index] = sheets[index].with_suffix(".css")
            sheets[index].write_bytes(stationery.files[name])
    seconds, output = _run(program, str(sample), *map(str, sheets))
    answer = json.loads(output)
    if "skipped" in answer:
        return OneByOne(0, 0, 0, answer["skipped"])
    first, *others = answer["seconds"]
    return OneByOne(seconds - sum(answer["seconds"]), first, statistics.mean(others or [first]))


def _run(module: str, *arguments: str) -> tuple[float, str]:
    """Run a module of the project in a process of its own: how long it took and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        (sys.executable, "-m", module, *arguments),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{module} ended with {done.returncode}")
    return time.perf_counter() - start, done.stdout
