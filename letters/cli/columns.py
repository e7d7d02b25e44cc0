"""Rows for the eye, in columns."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

_GAP = "  "
_LEAST = 24  #: cells for the words of the last column; with fewer they stand below
_MOST = 2  #: lines of words beside their row; with more they stand below
_INDENT = "    "


def named(rows: Sequence[tuple[str, str]], cells: int | None = None) -> Iterator[str]:
    """What is said of each name: in columns on a terminal, and `name: words` where there is no width."""
    if cells is None:
        yield from (f"{name}: {words}" for name, words in rows)
    else:
        yield from columns([(f"{name}:", words) for name, words in rows], cells)


def heads(names: Iterable[str], cells: int | None = None) -> Callable[[str], str]:
    """How each of the names begins a line that is told once it is known: `name:`, to one width.

    Without a width of the line, as in a pipe, nothing is put in columns.
    """
    widest = max(map(_cells, names), default=0) if cells is not None else 0
    return lambda name: f"{name}:{' ' * (widest - _cells(name))}"


def columns(rows: Sequence[Sequence[str]], cells: int | None = None) -> Iterator[str]:
    """Lines with each column below itself; the last one, of plain words, is wrapped to so many cells.

    Without a width, as in a pipe, a row is a line, whatever its length.
    """
    wide = [max(map(_cells, column)) for column in list(zip(*rows, strict=True))[:-1]]
    left = sum(wide) + len(wide) * len(_GAP)
    for *row, words in rows:
        start = "".join(
            f"{text}{' ' * (width - _cells(text))}{_GAP}"
            for text, width in zip(row, wide, strict=True)
        )
        if cells is None or left + _cells(words) <= cells:
            yield f"{start}{words}".rstrip()
            continue
        beside = _lines(words, cells - left) if cells - left >= _LEAST else []
        if 0 < len(beside) <= _MOST:
            yield f"{start}{beside[0]}"
            yield from (f"{' ' * left}{line}" for line in beside[1:])
        else:
            yield start.rstrip()
            yield from (f"{_INDENT}{line}" for line in _lines(words, cells - len(_INDENT)))


def wrapped(line: str, cells: int | None = None) -> Iterator[str]:
    """A line on lines of so many cells; what goes on is set in further than where it begins.

    Without a width it is whole.
    """
    if cells is None or _cells(line) <= cells:
        yield line
        return
    start = " " * (len(line) - len(line.lstrip()))
    yield from textwrap.wrap(
        line.strip(),
        cells,
        initial_indent=start,
        subsequent_indent=f"{start}{_INDENT}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(words: str, cells: int) -> list[str]:
    """Words on lines of so many cells; one that is too long is broken."""
    from rich.cells import chop_cells

    lines = list[str]()
    for word in (piece for one in words.split() for piece in chop_cells(one, cells)):
        if lines and _cells(lines[-1]) + 1 + _cells(word) <= cells:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cells(text: str) -> int:
    """How many it takes, whatever its colours."""
    from rich.cells import cell_len

    return cell_len(click.unstyle(text))
