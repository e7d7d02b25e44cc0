"""Text as words that can be compared between letters: numbers and whose letter it is are masked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

NUMBER, IN_WORDS = "‹number›", "‹number in words›"
AUTHORITY, IN_CAPITALS, PERSON = "‹authority›", "‹AUTHORITY›", "‹person›"

_TOKEN = re.compile(
    r"(?P<text>(?P<number>\d+(?:[.,/]\d+)*(?!\w))(?P<percent>%?)"
    r"|\w+(?:-\w+|['’](?!s\b)\w+)*|['’]s\b|\n|[^\w\s])(?P<space>[^\S\n]*)"
)
_NUMBERS = frozenset("one two three four five six seven eight nine ten".split())


class Token(NamedTuple):
    """A word, a figure, a sign, a whole name."""

    text: str
    space: str  #: behind it
    key: str  #: the text, or the mask that stands for it

    @property
    def is_word(self) -> bool:
        """Whether it is no sign."""
        return self.key[0].isalnum() or self.key[0] == NUMBER[0]


class Masks(NamedTuple):
    """What is masked in a letter, beside numbers: its authority's names, and whom it addresses."""

    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()  #: of its authority

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The text in tokens; together they are the text, but for spaces before it."""
        tokens = _tokens(text)
        capitals = tuple(name.upper() for name in self.names)
        masks = (AUTHORITY, self.names), (IN_CAPITALS, capitals), (PERSON, self.people)
        for mask, names in masks:
            for name in sorted(set(names), key=len, reverse=True):
                if name and name in text:
                    tokens = _with_name(tokens, name, mask)
        return tokens

    def masked(self, text: str) -> str:
        """The text with its masks: equal for letters that differ in masked things alone."""
        return masked_of(self.tokens(text))

    def address(self, target: str) -> str:
        """Where a link leads, without its authority's slug or name in it."""
        for one in sorted({*self.slugs, *self.names, *map(quote, self.names)}, key=len)[::-1]:
            target = target.replace(one, AUTHORITY) if one else target
        return target


def text_of(tokens: Iterable[Token]) -> str:
    """The text of some tokens."""
    return "".join(one.text + one.space for one in tokens)


def masked_of(tokens: Iterable[Token]) -> str:
    """The text of some tokens, with their masks."""
    return "".join(one.key + one.space for one in tokens)


@lru_cache(maxsize=8192)  # a year's letters have most of their words in common
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(
        Token(match["text"], match["space"], _key(match["text"], match["number"], match["percent"]))
        for match in _TOKEN.finditer(text)
    )


def _key(text: str, number: str | None, percent: str | None) -> str:
    if number:
        return f"{NUMBER}{percent}"
    return IN_WORDS if text.lower() in _NUMBERS else text


def _with_name(tokens: Sequence[Token], name: str, mask: str) -> tuple[Token, ...]:
    """The tokens with those of a name as one; a part of a longer word is no name."""
    wanted = _spelling(_tokens(name))
    found, at = list[Token](), 0
    while at < len(tokens):
        part = tokens[at : at + len(wanted)]
        if _spelling(part) == wanted:
            last = part[-1]
            found.append(Token(text_of(part).removesuffix(last.space), last.space, mask))
            at += len(wanted)
        else:
            found.append(tokens[at])
            at += 1
    return tuple(found)


def _spelling(tokens: Sequence[Token]) -> Sequence[tuple[str, str]]:
    """The words of some tokens with the spaces between them."""
    return [(one.text, one.space) for one in tokens[:-1]] + [(one.text, "") for one in tokens[-1:]]
