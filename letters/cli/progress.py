"""How far a long command is, on the error output: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TypeVar

import click

SECONDS_BETWEEN_LINES = 5  #: where there is no terminal

T = TypeVar("T")


def progress(items: Iterator[T], total: int, noun: str, quiet: bool = False) -> Iterator[T]:
    """The items as they come, telling how many of all are done, how fast, and how long to go."""
    if quiet or not total:
        yield from items
    elif sys.stderr.isatty():
        yield from _bar(items, total, noun)
    else:
        yield from _lines(items, total, noun)


def _bar(items: Iterator[T], total: int, noun: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    rate = TextColumn("{task.fields[rate]}")
    columns = (
        TextColumn(noun.capitalize()),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, start = bar.add_task("", total=total, rate=""), 0.0
        for number, item in enumerate(items, start=1):
            start = start or time.monotonic()  # how long the first one takes says little
            speed = _rate(number - 1, time.monotonic() - start) if number > 1 else ""
            bar.update(task, completed=number, rate=speed)
            yield item


def _lines(items: Iterator[T], total: int, noun: str) -> Iterator[T]:
    start = said = time.monotonic()
    for number, item in enumerate(items, start=1):
        now = time.monotonic()
        if now - said >= SECONDS_BETWEEN_LINES:
            said, left = now, (total - number) * (now - start) / number
            rate = _rate(number, now - start)
            click.echo(f"{number} of {total} {noun}, {rate}, {left:.0f} s left", err=True)
        yield item


def _rate(number: int, seconds: float) -> str:
    rate = number / max(seconds, 0.001)
    return f"{rate:.0f} a second" if rate >= 1 else f"{rate * 60:.0f} a minute"
