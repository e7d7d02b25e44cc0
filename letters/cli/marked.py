"""A line of a file as a terminal shows it, with marks below the word that is meant."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import get_character_cell_size

from letters.source.excerpts import Excerpt

_TAB = 4  #: cells from one stop of a tab to the next
_CUT = "…"


def marked(excerpt: Excerpt, width: int) -> tuple[str, str]:
    """The line, cut where it takes more than `width` cells (8 or more), and the line of marks below it.

    The first mark is always below the first cell of what is meant. What has no looks of its own is
    shown as a replacement character.
    """
    shown, cells = _cells(excerpt.line)
    start = min(excerpt.start, len(shown))
    while start and start < len(shown) and not cells[start]:
        start -= 1  # an accent stands on the letter before it
    end = max(start, min(excerpt.end, len(shown)))
    first, last = _window(cells, start, end, width)
    before = _CUT if first else ""
    line = f"{before}{''.join(shown[first:last])}{_CUT if last < len(shown) else ''}"
    indent = len(before) + sum(cells[first:start])
    marks = max(1, sum(cells[start : min(end, last)]))
    return line.rstrip(), f"{' ' * indent}{'^' * marks}"


def _cells(line: str) -> tuple[list[str], list[int]]:
    """Each character as it is shown, and how many cells it takes."""
    shown, cells, at = list[str](), list[int](), 0
    for character in line:
        if character == "\t":
            text, size = " " * (_TAB - at % _TAB), _TAB - at % _TAB
        elif character.isprintable():
            text, size = character, get_character_cell_size(character)
        else:
            text, size = "\N{REPLACEMENT CHARACTER}", 1
        shown.append(text)
        cells.append(size)
        at += size
    return shown, cells


def _window(cells: Sequence[int], start: int, end: int, width: int) -> tuple[int, int]:
    """Which characters fit into the width, around those that are meant: more of what is before."""
    if sum(cells) + (start == len(cells)) <= width:
        return 0, len(cells)
    room = width - 2 * len(_CUT)
    before = max(room // 3, room - sum(cells[start:end]) - room // 6) // 2
    first = start
    while first and sum(cells[first - 1 : start]) <= before:
        first -= 1
    last, used = first, 0
    while last < len(cells) and used + cells[last] <= room:
        used += cells[last]
        last += 1
    while last == len(cells) and first and used + cells[first - 1] < room:
        first -= 1
        used += cells[first]
    while first < start and not cells[first]:
        first += 1  # no accent without its letter
    return first, last
