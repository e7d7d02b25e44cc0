"""Names that look alike: the confusable characters of Unicode, and the only user of their tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from letters.source.text import INVISIBLE

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
    """Whether two names are one's: case, spaces and look-alike letters aside."""
    return name == other or bool(_looks(name) & _looks(other))


@cache
def _looks(name: str) -> frozenset[str]:
    """What a name looks like, in small letters and as it is typed: "I" is like "l", "i" is not.

    Names that share one look alike. Accents count: Zoë is not Zoe.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return frozenset((_skeleton(folded), _skeleton(name).casefold()))


def _skeleton(text: str) -> str:
    """The same for texts that look the same, by UTS 39 of Unicode, section 4."""
    shown = INVISIBLE.sub("", unicodedata.normalize("NFD", " ".join(text.split())))
    return unicodedata.normalize("NFD", shown.translate(_prototypes()))


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
