"""The lines that a problem is about, as they stand in their file, and which word is meant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from letters.errors import Place
from letters.source.text import LARGEST

_ENDS = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"""\{[{%#]|"[^"]*"?|'[^']*'?|[^\s,:{}\[\]()|"'#]+""")
_PART = re.compile(r"\.\w")  # of a name in a template, whose places are those of the dots


class Excerpt(NamedTuple):
    """A line, and which of its characters are meant."""

    line: str
    start: int  #: of what is meant, from 0
    end: int  #: behind it; at least one character more, also where the line ends before


def excerpt(text: str, place: Place, value: str = "") -> Excerpt | None:
    """The line of a place in a text and the word there, or `value` where it is that which stands there.

    None where the text has no such line.
    """
    lines = _ENDS.split(text)
    if not 0 < place.line <= len(lines):
        return None
    line = lines[place.line - 1]
    start = min(place.column - 1, len(line))
    start += bool(_PART.match(line, start))
    word = _WORD.match(line, start)
    length = len(word[0]) if word else 1
    if value and line.startswith(value, start):
        length = len(value)
    return Excerpt(line, start, start + max(length, 1))


def excerpt_at(root: Path, place: Place, value: str = "") -> Excerpt | None:
    """The same of a file below a root; None for a workbook, and where nothing can be read any more."""
    text = text_at(root, place)
    return None if text is None else excerpt(text, place, value)


def lines_around(text: str, place: Place, many: int) -> list[tuple[int, str]]:
    """The line of a place with as `many` above it and below it, each with its number."""
    lines = _ENDS.split(text)
    if not lines[-1]:
        lines.pop()  # what ends with an end of line has no line behind it
    first = max(place.line - many, 1)
    return list(enumerate(lines[first - 1 : place.line + many], start=first))


def text_at(root: Path, place: Place) -> str | None:
    """The text of a file below a root, whatever stands in it; None as for `excerpt_at`."""
    path = root / place.file
    try:
        if place.sheet or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None
