"""A YAML text with some of its values changed, and every other character as it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from letters.source.places import KeyPath
from letters.source.reader import spans

_COMMENT = re.compile(r"(?P<sign>(?:^|(?<=\s))#).*", re.MULTILINE)


class _Cut(NamedTuple):
    start: int
    end: int
    put: str


def with_values(text: str, values: Mapping[KeyPath, str]) -> str:
    """The text with other values at some paths, each as YAML writes it; "" leaves none there.

    Comments stay. A path that the text lacks is passed over, and so is one that lies in another of
    them. The text must be sound YAML.
    """
    there = spans(text)
    cuts = []
    for path, value in values.items():
        inner = any(path[:depth] in values for depth in range(1, len(path)))
        if path not in there or inner:
            continue
        span = there[path]
        before = len(text[: span.value].rstrip())
        below = "\n" in text[before : span.value] and text[:before].endswith(":")
        alone = isinstance(path[-1], str) and below
        start = span.value if value and not alone else before
        end = max(start, len(text[: span.end].rstrip()))  # a text over lines ends with the last
        cuts.append(_Cut(start, end, value))
    return _put(text, cuts)


def without(text: str, keys: Collection[str]) -> str:
    """The text without some entries of its top, each with the comment above it."""
    lines, gone = text.splitlines(keepends=True), set[int]()
    for path, span in spans(text).items():
        if len(path) == 1 and path[0] in keys and span.key == text.rfind("\n", 0, span.key) + 1:
            first, last = text.count("\n", 0, span.key), text.count("\n", 0, max(span.end - 1, 0))
            while first and lines[first - 1].startswith("#"):
                first -= 1
            while last + 1 < len(lines) and not lines[last + 1].strip():
                last += 1
            gone |= set(range(first, last + 1))
    left = "".join(line for number, line in enumerate(lines) if number not in gone)
    return left.rstrip() + "\n" if gone else left


def _put(text: str, cuts: list[_Cut]) -> str:
    for start, end, put in sorted(cuts, reverse=True):
        before, after = text[:start], text[end:]
        # a colon and what follows it are apart, also where nothing but a bracket or a comma does
        apart = " " if before.endswith(":") and (put or after[:1] in (",", "}")) else ""
        text = f"{before}{apart}{put}{after}"
    return text


def with_entry(text: str, entry: str, before: str) -> str:
    """The text with an entry of its top more, above another one and that one's comment."""
    lines = text.splitlines(keepends=True)
    at = _above_comment(lines, text.count("\n", 0, spans(text)[(before,)].key))
    return "".join((*lines[:at], entry, *lines[at:]))


def with_entries(text: str, entries: Mapping[str, str]) -> str:
    """The text with entries of its top, each whole with its key and its line's end.

    One takes the place of the entry with its key: its comment stays above, and comments in it go
    there. A new one stands before the first key that sorts after it, or at the end.
    """
    there = {str(path[0]): span for path, span in spans(text).items() if len(path) == 1}
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    first = {key: text.count("\n", 0, span.key) for key, span in there.items()}
    last = {key: text.count("\n", 0, max(span.end - 1, 0)) for key, span in there.items()}
    remarks = [
        (text.count("\n", 0, start), f"{text[start:end]}\n") for start, end in _comments(text)
    ]
    put, gone = dict[int, list[str]](), set[int]()
    for key, entry in sorted(entries.items()):
        after = next((other for other in there if other > key), "")
        at = first[key] if key in there else first.get(after, len(lines))
        if key not in there and after:
            at = _above_comment(lines, at) or at  # a comment at the very top is the file's
        if key in there:
            here = range(first[key], last[key] + 1)
            put.setdefault(at, []).extend(remark for number, remark in remarks if number in here)
        put.setdefault(at, []).append(entry)
        gone |= set(range(first[key], last[key] + 1)) if key in there else set()
    whole = list[str]()
    for number in range(len(lines) + 1):
        whole += put.get(number, ())
        whole += lines[number : number + 1] if number not in gone else ()
    return "".join(whole)


def _above_comment(lines: list[str], at: int) -> int:
    while at and lines[at - 1].startswith("#"):
        at -= 1
    return at


def with_comments(text: str, pattern: re.Pattern[str], put: str) -> str:
    """The text with a pattern replaced in its comments alone."""
    cuts = [match.span() for one in _comments(text) for match in pattern.finditer(text, *one)]
    for start, end in reversed(cuts):
        text = f"{text[:start]}{put}{text[end:]}"
    return text


def _comments(text: str) -> list[tuple[int, int]]:
    """Where the comments of a text begin and end."""
    there = spans(text)
    inside = {path[:-1] for path in there}
    values = [(span.value, span.end) for path, span in there.items() if path not in inside]
    return [
        match.span()
        for match in _COMMENT.finditer(text)
        if not any(start < match.end("sign") <= end for start, end in values)
    ]
