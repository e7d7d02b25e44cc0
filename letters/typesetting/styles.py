"""Style sheets as they are written: their syntax, and the files they name; only user of tinycss2.

What a style does on paper the renderer judges; what is told here needs no renderer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2

from letters.source.text import TEMPLATE_SIGNS, odd_in
from letters.wording import quoted

_INLINE = re.compile(r"data:", re.IGNORECASE)
_FUNCTIONS = ("url", "src", "image-set", "image")
_PREFIX = re.compile("^-[a-z]+-")
_END = ".the-end-of-the-sheet"  # a rule that is read as one when all before it is closed


@dataclass(frozen=True, slots=True)
class StyleFault:
    """Something wrong in a style sheet; line and column count from 1."""

    line: int
    column: int
    sentence: str


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a style sheet names, as it names it."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a style sheet needs, and what is wrong with how it is written."""

    files: tuple[NamedFile, ...]  #: but for those that it holds itself (data:)
    faults: tuple[StyleFault, ...]


@lru_cache(maxsize=64)  # of some years: base, year and brand
def read_sheet(text: str) -> Sheet:
    """A style sheet; never raises, whatever the text is."""
    rules = tinycss2.parse_stylesheet(f"{text}\n{_END}{{}}", True, True)
    try:
        nodes = list(_nodes(rules))
    except RecursionError:
        return Sheet((), (StyleFault(1, 1, "this is no CSS: it is nested too deeply"),))
    faults = tuple(
        StyleFault(node.source_line, node.source_column, f"this is no CSS: {node.message}")
        for node in nodes
        if node.type == "error"
    )
    last = rules[-1]
    if last.type != "qualified-rule" or tinycss2.serialize(last.prelude).strip() != _END:
        place = (last.source_line, last.source_column)
        faults = faults or (StyleFault(*place, "what begins here or behind it is never closed"),)
    said = tuple(fault for node in nodes if node.type == "string" for fault in _said(node))
    return Sheet(tuple(_files(nodes)), (*faults, *said))


def _said(text: Any) -> Iterator[StyleFault]:
    """What a text in a style sheet says by escapes, or never: characters as they are, are told."""
    place = (text.source_line, text.source_column)
    if "\\" in text.representation:
        for odd in odd_in(text.value, spaces=False):
            yield StyleFault(*place, odd.sentence)
    if match := TEMPLATE_SIGNS.search(text.value):
        yield StyleFault(*place, f"{quoted(match[0])} is printed as it is written")


def outside_files(styles: str) -> tuple[str, ...]:
    """The files that declarations (`style="..."`) or a style sheet name; "" for `@import` of none."""
    if "(" not in styles and "@" not in styles and "\\" not in styles:
        return ()
    ways = (tinycss2.parse_stylesheet, tinycss2.parse_blocks_contents)
    try:
        found = [one.name for parse in ways for one in _files(_nodes(parse(styles)))]
    except RecursionError:
        return ("",)
    return tuple(dict.fromkeys(found))


def _nodes(found: Iterable[Any]) -> Iterator[Any]:
    """Every rule, declaration and token, those in blocks after what holds them."""
    for node in found:
        yield node
        if node.type == "qualified-rule":
            yield from _nodes(node.prelude)
            yield from _nodes(tinycss2.parse_blocks_contents(node.content, True, True))
        elif node.type == "at-rule":
            if node.lower_at_keyword != "namespace":  # an address that is a name, and no file
                yield from _nodes(node.prelude)
            if node.content is not None:
                yield from _nodes(_contents(node))
        elif node.type == "declaration":
            yield from _nodes(node.value)
        else:
            yield from _nodes(
                getattr(node, "content", None) or getattr(node, "arguments", None) or ()
            )


def _contents(rule: Any) -> Iterable[Any]:
    """What stands in the braces of an at-rule: rules where it holds rules, else declarations."""
    if rule.lower_at_keyword in ("media", "supports", "layer", "container", "keyframes"):
        return list(tinycss2.parse_rule_list(rule.content, True, True))
    return list(tinycss2.parse_blocks_contents(rule.content, True, True))


def _files(nodes: Iterable[Any]) -> Iterator[NamedFile]:
    for node in nodes:
        names: list[str] = []
        if node.type == "url":
            names = [node.value]
        elif node.type == "function" and _PREFIX.sub("", node.lower_name) in _FUNCTIONS:
            names = [one.value for one in node.arguments if one.type == "string"]
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            names = [one.value for one in node.prelude if one.type == "string"]
        for name in names:
            if name and not _INLINE.match(name) and not name.startswith("#"):
                yield NamedFile(name, node.source_line, node.source_column)
