"""Signs in a bespoke paragraph that a letter prints as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.errors import Place, Problem, Severity

_HINT = "a bespoke paragraph has paragraphs, lists, emphasis and links"
_KINDS = (
    ("a heading", re.compile(r"^ {0,3}(?P<sign>#{1,6})(?:[ \t]|$)")),
    ("a line of signs", re.compile(r"^ {0,3}(?P<sign>={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$")),
    ("a table", re.compile(r"^ {0,3}(?P<sign>\|.*\||:?-+:?[ \t]*\|[-:| \t]*)[ \t]*$")),
    ("a block quote", re.compile(r"^ {0,3}(?P<sign>>)")),
    ("a picture", re.compile(r"(?<!\\)(?P<sign>!\[[^\[\]\n]{0,999}\][(\[])")),
    ("code", re.compile(r"^ {0,3}(?P<sign>```|~~~)|(?<!\\)(?P<span>`[^`\n]{1,999}`)")),
    ("HTML", re.compile(r"(?<!\\)(?P<sign></?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,999})?/?>|<!--)")),
)


def printed_as_written(file: str, text: str) -> Iterator[Problem]:
    """A warning for each kind of sign that Markdown knows and a letter does not, where it first stands."""
    lines = text.split("\n")
    for kind, pattern in _KINDS:
        found = ((number, match) for number, line in enumerate(lines, 1) if (match := pattern.search(line)))
        for number, match in found:
            place = Place(file, number, match.start(match.lastgroup or 0) + 1)
            yield Problem(place, Severity.WARNING, "", f"{kind} is printed as it is written", _HINT)
            break
