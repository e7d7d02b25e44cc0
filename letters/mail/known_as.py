"""What authorities are known as: names and slugs, short names, codes, domains, as words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from letters.campaign.records import Authority
from letters.campaign.rules import short_of
from letters.intake.authorities import SHORT_KINDS
from letters.wording import WHAT_COUNCILS_ARE_CALLED

AND = "and"  #: left out by many: Hammersmith Fulham
KINDS = (*SHORT_KINDS, "cc", "borough", "city", "council", "county", "district", "metropolitan")
_SHORTEST = 3  #: letters of a short name

#: By words run together, the slugs of those known as that, and whether it is certain: a short name
#: may mean something else.
KnownAs = Mapping[str, Mapping[str, bool]]


def known_as(register: Mapping[str, Authority]) -> tuple[KnownAs, int]:
    """What all authorities of a register are known as, and of how many words at most."""
    known, longest = dict[str, dict[str, bool]](), 0
    for slug, body in register.items():
        for words, certain in _of(slug, body):
            longest = max(longest, len(words))
            for key in {together(words), "".join(words)}:
                if certain or len(key) >= _SHORTEST:
                    known.setdefault(key, {}).setdefault(slug, certain)
    return known, longest


def words_of(text: str) -> Sequence[str]:
    """The words and the numbers of a text as they are typed, but for accents."""
    letters = unicodedata.normalize("NFKD", text.replace("&", f" {AND} "))
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return re.findall(r"[^\W\d_]+|\d+", plain)


def together(words: Iterable[str]) -> str:
    """Words run together without "and": East Sussex, east-sussex and eastsussex are the same."""
    return "".join(word for word in words if word != AND)


def run_together(text: str) -> str:
    """A text's words in small letters, run together."""
    return together(_plain(text))


def _of(slug: str, body: Authority) -> Iterator[tuple[Sequence[str], bool]]:
    """The words of all that one is known as; what is certain comes first.

    Another spelling of a single word, such as Bath, is a short name.
    """
    names = {tuple(_plain(name)) for name in (slug, body.name, *body.formerly)}
    also = [_plain(name) for name in body.also_called]
    codes = (body.gss_code or "", *body.former_codes, *body.mail_domains)
    certain = (*names, *(words for words in also if len(words) > 1), *map(_plain, codes))
    yield from ((words, True) for words in certain if words)
    for words in (*names, *also):
        short = _short(words)
        yield short, False
        if len(short) > 1:  # S Norfolk, NE Derbyshire
            yield (*(word[0] for word in short[:-1] if word != AND), short[-1]), False


def _short(words: Sequence[str]) -> Sequence[str]:
    """A name without its kind; with it where nothing else is left: City of London."""
    short = short_of("-".join(words)).split("-")
    while len(short) > 1 and short[-1] in KINDS:  # Barnsley MBC
        short.pop()
    return words[:-1] if WHAT_COUNCILS_ARE_CALLED.issuperset(short) else short


def _plain(text: str) -> Sequence[str]:
    return [word.casefold() for word in words_of(text)]
