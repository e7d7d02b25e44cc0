"""The figures that the measurements are made for, each with its target."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.rounds import WORKERS, BothWays, Built, OneByOne, Pair, Round

MB = 1_000_000
_WIDTH = 132  #: columns that the table needs
_NOT_TOLD = "this system does not tell the memory of a process"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its value in each round, and what the median should be."""

    figure: str
    values: Sequence[float] = ()
    at_most: float | None = None
    at_least: float | None = None
    unit: str = ""
    skipped: str = ""  #: why there are no values

    @property
    def median(self) -> float | None:
        """The middle value; None without values."""
        return statistics.median(self.values) if self.values else None

    @property
    def holds(self) -> bool | None:
        """Whether the target is reached; None where there is no target, or nothing to compare with it."""
        if self.median is None or (self.at_most is None and self.at_least is None):
            return None
        low, high = self.at_least, self.at_most
        return (low is None or self.median >= low) and (high is None or self.median <= high)

    @property
    def target(self) -> str:
        """The target in words."""
        low = "" if self.at_least is None else f"at least {self.at_least:g}{self.unit}"
        high = "" if self.at_most is None else f"at most {self.at_most:g}{self.unit}"
        return ", ".join(words for words in (low, high) if words) or "-"


def print_table(found: Sequence[Row]) -> None:
    """Print figures with their targets."""
    table = Table("figure", "target", "median", "lowest", "highest", "holds")
    for row in found:
        numbers = [row.median, min(row.values), max(row.values)] if row.values else []
        shown = [
            f"{number:.{1 if number < 100 else 0}f}{row.unit}" if row.unit else f"{number:.3f}"
            for number in numbers
            if number is not None
        ]
        holds = {True: "yes", False: "NO", None: ""}[row.holds]
        table.add_row(
            row.figure, row.target, *(shown or ["-"] * 3), holds if row.values else row.skipped
        )
    wide = max(
        Console().width, _WIDTH
    )  # where there is no terminal, rich takes 80 columns for given
    Console(width=wide).print(table)


def rows(
    rounds: Sequence[Round], pairs: Sequence[Pair], whole: BothWays, huge: Built | None
) -> Iterator[Row]:
    """All figures; those of many letters only when they were built."""
    yield _against("plain WeasyPrint loop", rounds, lambda one: one.plain, at_most=0.30)
    yield _against("Chromium kept open", rounds, lambda one: one.chromium, at_most=0.55)
    yield _against("Typst kept open", rounds, lambda one: one.typst, at_most=4.8)
    ratios = [one.shared.seconds["with"] / one.shared.seconds["without"] for one in rounds]
    yield Row("letter in a worker, with / without sharing", ratios, at_most=0.6)
    yield Row(
        f"of {whole.letters} letters: other bytes with sharing", [len(whole.differing)], at_most=0
    )
    yield Row(
        f"{WORKERS} workers / 1 worker, throughput",
        [_speed_up(one) for one in rounds],
        at_least=1.8,
    )
    yield Row(
        "whole build / WeasyPrint in the workers, its garbage with it",
        [_overhead(one) for one in rounds],
        at_most=1.12,
    )
    seconds = [one.nothing.seconds for one in rounds]
    yield Row("nothing changed, in seconds", seconds, unit=" s")
    yield Row(
        "nothing changed / cold build", [one.nothing.seconds / one.cold.seconds for one in rounds]
    )
    made = max(one.changed.made for one in rounds)
    yield Row(
        f"one number changed ({made} made) / nothing + one letter",
        [_one_change(one) for one in rounds],
        at_most=1.1,
    )
    clusters = [one for one in rounds if one.cluster]
    yield Row(
        "Dask cluster / own workers",
        [one.cluster / one.cold.seconds for one in clusters],
        skipped="there is no Dask",
    )
    yield Row(
        "the difference, spread over the letters",
        [1000 * (one.cluster - one.cold.seconds) / one.cold.made for one in clusters],
        unit=" ms",
        skipped="there is no Dask",
    )
    yield from _of_size([one.cold for one in rounds])
    if pairs:
        yield from _of_size([two.large for two in pairs])
        for who, held in (("a worker", _worker), ("the command", _command)):
            yield Row(
                f"peak memory of {who}, {pairs[0].large.made} / {pairs[0].small.made} letters",
                [held(two.large) / held(two.small) for two in pairs if held(two.small)],
                at_least=0.9 if held is _worker else None,
                at_most=1.1 if held is _worker else None,
                skipped=_NOT_TOLD,
            )
        yield Row(
            f"throughput, {pairs[0].large.made} / {pairs[0].small.made} letters",
            [_throughput(two.large) / _throughput(two.small) for two in pairs],
            at_least=0.95,
        )
    if huge:
        yield from _of_size([huge])


def _of_size(builds: Sequence[Built]) -> Iterator[Row]:
    """How fast cold builds of one size are, and what they hold."""
    letters = f"{builds[0].made:,} letters"
    yield Row(f"{letters}: made in a second", [_throughput(one) for one in builds])
    for who, held in (("a worker", _worker), ("the command", _command)):
        values = [held(one) / MB for one in builds if held(one)]
        most = 200 if held is _worker else None
        yield Row(
            f"{letters}: peak memory of {who}",
            values,
            at_most=most,
            unit=" MB",
            skipped="" if values else _NOT_TOLD,
        )


def _against(
    other: str,
    rounds: Sequence[Round],
    of: Callable[[Round], OneByOne],
    at_most: float | None = None,
) -> Row:
    """A cold build against a program that makes the same number of letters one by one, its start not counted."""
    skipped = next((of(one).skipped for one in rounds if of(one).skipped), "")
    ratios = (
        [] if skipped else [one.cold.seconds / (of(one).each * one.cold.made) for one in rounds]
    )
    return Row(f"cold build / {other}", ratios, at_most=at_most, skipped=skipped)


def _speed_up(one: Round) -> float:
    return one.single.seconds / one.cold.seconds


def _overhead(one: Round) -> float:
    return one.cold.seconds * WORKERS / one.cold.renderer


def _one_change(one: Round) -> float:
    """One letter: what a fresh Python takes to import WeasyPrint and to make its first."""
    return one.changed.seconds / (one.nothing.seconds + one.plain.start + one.plain.first)


def _throughput(built: Built) -> float:
    return built.made / built.seconds


def _worker(built: Built) -> int:
    return built.peak


def _command(built: Built) -> int:
    return built.main
