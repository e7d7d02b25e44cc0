"""The library's complaints about templates as sentences for somebody who writes words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from typing import NamedTuple

from letters.errors import Place


class Told(NamedTuple):
    """What is wrong with a template, as a person is told it."""

    place: Place
    sentence: str
    hint: str = ""


#: The library's words for what cannot be read, and ours.
_SYNTAX = (
    (r"unknown tag '(?P<sign>(?:end|el)\w+)'.*innermost block .* is '(?P<open>\w+)'",
     "{{% {sign} %}} stands where {{% {open} %}} is not closed yet",
     "write {{% end{open} %}} before it, or delete it"),
    (r"unknown tag '(?P<sign>(?:end|el)\w+)'", "{{% {sign} %}} closes nothing", "delete it"),
    (r"unknown tag '(?P<sign>\w+)'", 'there is no tag "{sign}"', "{{{{ ... }}}} prints a value"),
    (r"innermost block that needs to be closed is '(?P<open>\w+)'",
     "{{% {open} %}} is never closed", "write {{% end{open} %}}"),
    (r"Missing end of comment tag", "the comment that begins here is never closed", "write #}}"),
    (r"Missing end of raw directive", "{{% raw %}} is never closed", "write {{% endraw %}}"),
    (r"unexpected char ['\"](?P<sign>['\"]+)['\"]", "the quote that opens here is never closed",
     "write the closing quote"),
    (r"unexpected char '(?P<sign>.+)' at", 'the sign "{sign}" may not stand here', "delete it"),
    (r"unexpected '(?P<sign>.+)', expected '(?P<wanted>.+)'", 'a "{wanted}" is missing here',
     "write it"),
    (r"unexpected '(?P<sign>.+)'", 'the sign "{sign}" may not stand here',
     "look for a bracket too many"),
    (r"expected token 'end of print statement', got '(?P<sign>.+)'",
     '"{sign}" does not follow what is before it', "{{{{ }}}} holds one name and its filters"),
    (r"expected token 'end of statement block', got '='", 'a single "=" compares nothing',
     "write =="),
    (r"expected token 'name', got '(?P<sign>.+)'", "a name is missing here", "write it"),
    (r"tag name expected", "a tag is missing here", "write it, or delete the braces"),
    (r"expected token ':', got '(?P<sign>\})", "three braces stand here", "write two"),
    (r"expected name or number", "a name is missing after the dot", "write it"),
    (r"expected token '(?P<wanted>.+)', got '(?P<sign>.+)'",
     'expected "{wanted}", found "{sign}"', ""),
    (r"Expected an expression, got '(?P<sign>.+)'", "something is missing here", "write a name"),
    (r"block '(?P<sign>\w+)' defined twice", 'the block "{sign}" is there twice',
     "keep one of the two"),
)  # fmt: skip
_SIGNS = {"end of statement block": "%}", "end of print statement": "}}", "=": "="}


def explain(words: str, place: Place, text_of: Callable[[str], str]) -> Told:
    """What the library's words about a line of a template mean."""
    if unclosed := _unclosed(place, text_of):
        return unclosed
    for pattern, sentence, hint in _SYNTAX:
        if match := re.search(pattern, words, re.DOTALL):
            groups = {name: _SIGNS.get(text, text) for name, text in match.groupdict().items()}
            sign = groups.get("sign", "{#" if "comment" in sentence else "")
            where = at_sign(place.file, place.line, sign, text_of)
            return Told(where, sentence.format(**groups), hint.format(**groups))
    return Told(place, f"the template cannot be read: {words}")


_OPENED = re.compile(r"\{\{|\{%")


def _unclosed(place: Place, text_of: Callable[[str], str]) -> Told | None:
    """The braces at the line or above it that go on where others begin."""
    text = text_of(place.file.removeprefix("templates/"))
    end = sum(len(line) + 1 for line in text.split("\n")[: place.line])
    opened = list(_OPENED.finditer(text))
    for one, following in zip_longest(opened, opened[1:]):
        if one.start() >= end:
            break
        wanted = "}}" if one[0] == "{{" else "%}"
        inside = text[one.end() : following.start() if following else None]
        if wanted not in inside:
            before = text[: one.start()]
            column = one.start() - before.rfind("\n")
            where = Place(place.file, before.count("\n") + 1, column)
            return Told(where, f"{one[0]} is never closed", f"write {wanted} behind what it holds")
    return None


def at_sign(file: str, line: int, sign: str, text_of: Callable[[str], str]) -> Place:
    """The line's column where a sign stands in it, the first within braces if there is one."""
    lines = text_of(file.removeprefix("templates/")).split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    within = max(0, min((at for at in (text.find("{{"), text.find("{%")) if at >= 0), default=0))
    column = text.find(sign, within) if sign else -1
    return Place(file, line, column + 1 if column >= 0 else 1)
