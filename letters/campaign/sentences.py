"""The sentences of a template, and whether one may be true of one year alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<nothing>\{#.*?#\}|<!--.*?-->|<(?P<raw>style|script)\b.*?</(?P=raw)\s*>)"
    r"|(?P<statement>\{%.*?%\})|(?P<value>\{\{.*?\}\})|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<gap>\n\s*\n)|(?P<entity>&[#\w]+;)|(?P<sign>[^<{&\n]+|.)",
    re.DOTALL | re.IGNORECASE,
)
#: tags within a sentence; every other one ends it
_INLINE = re.compile(r"</?(?:a|abbr|b|bdi|cite|em|i|mark|q|small|span|strong|sub|sup|u)\b", re.I)
_ATTRIBUTE = re.compile(r"\b(?:alt|title|aria-label|content)\s*=\s*\"([^\"{]*)\"", re.I)
_LITERAL = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_YEAR = re.compile(r"^(?!.*/).*(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_NUMBER_SET = re.compile(r"\{%-?\s*set\s+(\w+\s*=\s*[0-9][0-9.]+)\s*-?%\}")
_END = re.compile(r"[.!?][\"'’”)]*\s+(?=[A-Z0-9{\"'‘“(])")
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)

_MONTH = "January|February|March|April|June|July|August|September|October|November|December"
_TEENS = "thir|four|fif|six|seven|eigh|nine"
_OF_A_YEAR = re.compile(
    r"[0-9]"
    r"|\b(?:last|this|next|previous|past|coming|current|following|recent)\s+(?:[a-z]+\s+)?"
    r"(?:years?|months?|weeks?|quarters?|decades?|spring|summer|autumn|winter|time)\b|\b(?:last|previous)\s+(?:annual\s+)?letter\b"
    r"|\byear[- ]on[- ]year\b|\bunder review\b|\b(?:in|since)\s+(?:spring|summer|autumn|winter)\b"
    r"|\b(?:current|currently|recent|recently)\b|\bfirst\s+(?:time|year|letter)\b|\byears?\s+ago\b"
    rf"|\b(?:(?-i:{_MONTH})|(?:in|of|since|until|by|from|to|during)\s+(?-i:May))\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    rf"|millions?|(?:{_TEENS})teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
    r"|\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """Words of a template that belong together, a value in them as `{{ ... }}`."""

    offset: int  #: in the template
    text: str  #: on one line


def is_of_a_year(text: str) -> bool:
    """Whether a sentence holds a year, a date, a number, "last year" or the like in so many words."""
    return bool(_OF_A_YEAR.search(_VALUE.sub(" ", text)))


def sentences(template: str) -> Iterator[Sentence]:
    """The sentences of a template, those in texts in quotes and in attributes, too."""
    text, offsets = "", list[int]()
    for token in _TOKEN.finditer(template):
        kind, word, start = token.lastgroup or "", token[0], token.start()
        kind = "nothing" if kind == "raw" else kind
        if kind in ("statement", "value"):
            yield from _quoted(_LITERAL, word, start)
            if number := _NUMBER_SET.match(word):
                yield Sentence(start, number[1])
        elif kind == "tag":
            yield from _quoted(_ATTRIBUTE, word, start)
        if kind in ("statement", "gap") or (kind == "tag" and not _INLINE.match(word)):
            yield from _split(text, offsets)
            text, offsets = "", []
        elif kind == "sign":
            text += word
            offsets += range(start, token.end())
        elif kind in ("value", "entity"):
            said = unescape(word) if kind == "entity" else word
            text += said
            offsets += [start] * len(said)
    yield from _split(text, offsets)


def _quoted(pattern: re.Pattern[str], code: str, start: int) -> Iterator[Sentence]:
    """Texts in quotes that are more than a word: words to print, and no name of anything."""
    for match in pattern.finditer(code):
        said = next(filter(None, match.groups()), "")
        if " " in said.strip() or _YEAR.search(said):
            yield from _split(said, [start + match.start()] * len(said))


def _split(text: str, offsets: list[int]) -> Iterator[Sentence]:
    ends = [*(match.end() for match in _END.finditer(text)), len(text)]
    for start, end in zip([0, *ends], ends, strict=False):
        if words := " ".join(text[start:end].split()):
            first = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield Sentence(offsets[first], words)
