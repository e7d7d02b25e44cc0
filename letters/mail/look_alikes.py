"""Names that look alike: the confusable characters of Unicode, and the only user of their tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from letters.source.text import INVISIBLE, script

_MARK = "\N{LEFT-TO-RIGHT MARK}"  #: the tables have it around what is written from the right


def different(names: Iterable[str]) -> int:
    """How many people these names are of: those that look alike are one's, and chains of them."""
    people, spellings = list[frozenset[str]](), set(names)
    if len(spellings) < 2:
        return len(spellings)
    for name in spellings:
        looks = _looks(name)
        same = [one for one in people if one & looks]
        people = [one for one in people if one not in same] + [looks.union(*same)]
    return len(people)


def alike(name: str, other: str) -> bool:
    """Whether two names are one's: case, look-alike letters and all that is no letter aside."""
    return name == other or bool(_looks(name) & _looks(other))


@cache
def _looks(name: str) -> frozenset[str]:
    """What a name looks like, in small letters and as it is typed: "I" is like "l", "i" is not.

    Names that share one look alike. Accents count: Zoë is not Zoe. A symbol may be meant for a
    letter, as in "|da", or for none.
    """
    spellings = unicodedata.normalize("NFKC", name).casefold(), name
    return frozenset(
        _skeleton(one, kinds).casefold() for one in spellings for kinds in ("LN", "LNS")
    )


def _skeleton(text: str, kinds: str) -> str:
    """The same for texts whose letters and digits look the same, by UTS 39 of Unicode, section 4.

    `kinds` are the first letters of the categories that count. Letters that look like punctuation
    among Latin ones are none; in Hebrew, yod is.
    """
    words = _words(text, kinds)
    parts = unicodedata.normalize("NFD", words).translate(_prototypes())
    if any(script(one) == "LATIN" for one in words if one.isalpha()):
        parts = "".join(one for one in parts if unicodedata.category(one)[0] != "P")
    return unicodedata.normalize("NFD", parts)


def _words(text: str, kinds: str) -> str:
    """What counts of a text, with the marks that make letters of their own.

    Those stand in a pair that Unicode has as one, or are of the letter's script.
    """
    words, of = "", ""
    for one in unicodedata.normalize("NFC", INVISIBLE.sub("", text)):
        kind = unicodedata.category(one)
        if kind[0] == "M":
            counts = script(one) == of
        else:
            counts, of = kind[0] in kinds and kind != "Lm", script(one)
        words += one if counts else ""
    return words


@cache
def _prototypes() -> Mapping[int, str]:
    """Character -> what it stands for among those that look like it.

    The tables say only who looks like whom: each character like its prototype, and that like all of
    its characters. Of two that have nobody else, the longer or later one will do.
    """
    from confusable_homoglyphs.confusables import confusables_data  # large, and seldom needed

    like = {
        one.strip(_MARK): [other["c"].strip(_MARK) for other in others]
        for one, others in confusables_data.items()
    }
    return {
        ord(one): max(one, others[0], key=lambda text: (len(like[text]), len(text), text))
        for one, others in like.items()
        if len(one) == len(others) == 1
    }
