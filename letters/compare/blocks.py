"""A letter by its blocks: paragraphs, headings, rows of tables, what charts say; each with its place in words. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from letters.typesetting.markup import Line, Link, Markup

GREETING, ADDRESS = "greeting", "address"

_HEADING = re.compile(r"h[1-6]")
_SPACE_BEFORE_SIGN = re.compile(r" (?=[,.;:!?)](?:\s|$))")  # a tag ended there
_KINDS = {
    "p": "paragraph",
    "li": "list item",
    "tr": "table row",
    "caption": "table's title",
    "title": "description of the chart",
    "svg": "words of the chart",
}


class Block(NamedTuple):
    """A part of a letter that is read as one."""

    text: str  #: lines apart, cells of a row with " | " between them
    kind: str  #: "paragraph", "heading"; of a paragraph with a class of its own that: "finding"
    number: int = 0  #: among those of its kind in its panel; 0 for the only one
    panel: str = ""  #: what it is in: "panel Complaints upheld"
    links: tuple[Link, ...] = ()

    @property
    def said(self) -> tuple[str, tuple[Link, ...]]:
        """All that it says: its words, and where its links lead."""
        return self.text, self.links

    @property
    def place(self) -> str:
        """Where it stands, for a reader: `panel "Complaints upheld": finding`, `paragraph 3`."""
        name = f"{self.kind} {self.number}" if self.number else self.kind
        return f"{shown_panel(self.panel)}: {name}" if self.panel else name


def shown_panel(panel: str) -> str:
    """A panel in a sentence: `panel "Complaints upheld"`."""
    heading = panel.removeprefix("panel ")
    return panel if heading == panel else f'panel "{heading}"'


def blocks_of(markup: Markup) -> tuple[Block, ...]:
    """The blocks of a letter in their order, its title first."""
    held = [list(lines) for _, lines in groupby(markup.lines, key=_element)]
    found = [Block(markup.title, "title of the file")] if markup.title else []
    found += [_block(lines) for lines in held]
    totals = Counter((one.panel, one.kind) for one in found)
    counts = Counter[tuple[str, str]]()
    numbered = list[Block]()
    for one in found:
        key = one.panel, one.kind
        counts[key] += 1
        numbered.append(one._replace(number=counts[key]) if totals[key] > 1 else one)
    return tuple(numbered)


def addressee_in(blocks: Sequence[Block], known: str = "") -> str:
    """Whom a letter greets: who is `known` or, else, all but the first word; "" where none is marked."""
    greeting = next((one.text for one in blocks if one.kind == GREETING), "").rstrip(",;:.! ")
    return known if known and greeting.endswith(known) else greeting.partition(" ")[2]


def _element(line: Line) -> tuple[int, bool]:
    return line.stand.number, line.is_description


def _block(lines: Sequence[Line]) -> Block:
    first = lines[0]
    between = " | " if first.stand.element == "tr" else "\n"
    text = between.join(_SPACE_BEFORE_SIGN.sub("", line.words) for line in lines)
    links = tuple(link for line in lines for link in line.links)
    return Block(text, _kind(first), panel=first.stand.whole, links=links)


def _kind(line: Line) -> str:
    stand = line.stand
    if line.is_greeting:
        return GREETING
    if line.in_address:
        return ADDRESS
    if line.is_description:
        return _KINDS["title"]
    if stand.in_header:
        return "letterhead"
    if _HEADING.fullmatch(stand.element):
        return "heading"
    if stand.role and stand.element not in ("svg", "tr", "li"):
        return stand.role.replace("-", " ").replace("_", " ")
    return _KINDS.get(stand.element, "text")
