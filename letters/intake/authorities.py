"""Whose a row of a workbook is: by code, by official name, by another spelling, by words.

Nothing is guessed. A name that is only like one is a hint, for what is most like "Wirral
Metropolitan Borough Council" is Wigan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from letters.campaign.check_register import did_not_exist
from letters.campaign.records import Authority
from letters.campaign.rules import GSS_CODE, slug_of
from letters.intake.cells import folded, same_words, without_notes
from letters.wording import nearest_authority, quoted

#: how names say what kind of council it is
SHORT_KINDS = {
    "bc": "borough council",
    "cbc": "county borough council",
    "dc": "district council",
    "lb": "london borough",
    "lbc": "london borough council",
    "mb": "metropolitan borough",
    "mbc": "metropolitan borough council",
    "mdc": "metropolitan district council",
    "rb": "royal borough",
    "ua": "unitary authority",
}
_CC = "cc"  #: a county council or a city council
_SAID_OF_ALL = frozenset(
    "and authority borough cc city corporation council county district metropolitan of royal the"
    " unitary".split()
)
_NO_CITY = frozenset(("borough", "district"))
_LOWER = _NO_CITY | {"city"}
_REGION = frozenset(("london",))
_KINDS = _LOWER | {"county"}
#: what stands in the place of a name in a row that is the sum of the others
_TOTALS = frozenset(
    "total,totals,grand total,overall total,sum,england,england total,total england,all,"
    "all authorities,all councils,overall,national total".split(",")
)
_ENGLAND = "E92000001"
_MOST_HINTS = 20  #: each takes a while; with more names wrong it is another file anyway


class NotKnown(Exception):
    """Nobody knows whose it is; the text says why, `hint` what to do."""

    def __init__(self, code: str, sentence: str, hint: str | Callable[[], str]) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self._hint = code, sentence, hint

    @property
    def hint(self) -> str:
        """What to do; to find what a name is like takes a while, and not every one is told."""
        return self._hint if isinstance(self._hint, str) else self._hint()


@dataclass(frozen=True)
class Names:
    """The authorities of the register by all that they are called."""

    register: Mapping[str, Authority]
    day: date | None  #: the letter's: words alone name only those that exist then
    _codes: Mapping[str, str] = field(init=False)
    _names: Mapping[str, str] = field(init=False)
    _words: Mapping[frozenset[str], tuple[str, ...]] = field(init=False)
    #: by words, those that do not exist on the day
    _gone: Mapping[frozenset[str], tuple[str, ...]] = field(init=False)
    _known: dict[tuple[str, str], tuple[str, bool]] = field(init=False, default_factory=dict)
    #: by a name that tells nothing by itself, whose code stood beside it
    _beside: dict[str, str] = field(init=False, default_factory=dict)
    _like: dict[str, str] = field(init=False, default_factory=dict)  #: what hints say of a name

    def __post_init__(self) -> None:
        codes, names = dict[str, str](), dict[str, str]()
        words, gone = (
            dict[frozenset[str], tuple[str, ...]](),
            dict[frozenset[str], tuple[str, ...]](),
        )
        for slug, body in self.register.items():
            for former in body.former_codes:
                codes.setdefault(former, slug)
            for other in body.also_called:
                names.setdefault(same_words(other), slug)
        for slug, body in self.register.items():
            codes |= {body.gss_code: slug} if body.gss_code else {}
            names[same_words(body.name)] = slug
            among = gone if self.day and did_not_exist(body, self.day) else words
            key = key_words(body.name)
            among[key] = (*among.get(key, ()), slug)
        object.__setattr__(self, "_codes", codes)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_gone", gone)

    def of(self, name: str, code: str = "") -> tuple[str, bool]:
        """The slug of an authority by its name, its code, or both, which must agree.

        And whether its name alone would have told. Raises NotKnown.
        """
        known = self._known.get((name, code))
        if known is None:
            known = self._known[name, code] = self._found(name, code)
        return known

    def _found(self, name: str, code: str) -> tuple[str, bool]:
        of_code = self._of_code(code) if code else ""
        of_name = self._of_name(name) if name else ""
        if of_code and of_name and of_code != of_name:
            sentence = (
                f"{quoted(folded(name))} is {self.register[of_name].name}, and the code {code} that"
                f" of {self.register[of_code].name}"
            )
            raise NotKnown("code-of-another", sentence, "correct the one or the other")
        if of_code and name and not of_name:
            self._beside[same_words(name)] = of_code
        if of_code or of_name:
            return of_code or of_name, bool(of_name)
        raise self._unknown(name)

    def _of_code(self, code: str) -> str:
        spelt = re.sub(r"\s", "", code).upper()
        if spelt in self._codes:
            return self._codes[spelt]
        if not re.fullmatch(GSS_CODE, spelt):
            sentence = f"{quoted(folded(code))} is no GSS code"
            raise NotKnown("not-a-gss-code", sentence, "correct it, or leave the cell empty")
        sentence = f"the register has no authority with the code {spelt}"
        hint = (
            "correct it; or add it to data/authorities.yaml: as an authority of its own, or under"
            " former_codes of the one that had it"
        )
        raise NotKnown("no-such-code", sentence, hint)

    def _of_name(self, name: str) -> str:
        """By official name, other spelling, words; "" where none of them tells."""
        spelt = same_words(name)
        if spelt in self._names:
            return self._names[spelt]
        words = key_words(name)
        slugs = self._words.get(words, ())
        if words == _REGION and not _words_of(name) & _KINDS:
            return ""  # a region of 33 authorities, of which the City is one
        return slugs[0] if len(slugs) == 1 and not self._contradicts(name, slugs[0]) else ""

    def _contradicts(self, name: str, slug: str) -> bool:
        """Whether a name says that it is a county's, and the authority's that it is a city's.

        Or that it is what one was that has gone: Buckinghamshire County Council.
        """
        said, own = _words_of(name), _words_of(self.register[slug].name) & _KINDS
        gone = [
            _words_of(self.register[one].name) & _KINDS
            for one in self._gone.get(key_words(name), ())
        ]
        kinds = said & _KINDS
        if kinds and own and not kinds & own and self._another_fits(name, kinds):
            return True  # Newcastle Borough Council is not the city
        other = bool(kinds and own and ("county" in kinds) != ("county" in own))
        may_be = [kinds | {one} for one in ("county", "city")] if _CC in said else [kinds]
        return other or any(one and not one & own and one & was for one in may_be for was in gone)

    def _another_fits(self, name: str, kinds: frozenset[str]) -> bool:
        """Whether an authority of these kinds has all the words of a name, and more."""
        words = key_words(name)
        kinds = kinds | _NO_CITY if kinds & _NO_CITY else kinds
        return any(
            words < key and any(kinds & _words_of(self.register[one].name) for one in slugs)
            for key, slugs in self._words.items()
        )

    def _unknown(self, name: str) -> NotKnown:
        shown = without_notes(name)
        several = self._words.get(key_words(name), ())
        sentence = f"nobody knows which authority {quoted(shown)} is"
        if len(several) > 1:
            names = " or ".join(self.register[slug].name for slug in several)
            return NotKnown("authority-unclear", f"{quoted(shown)} may be {names}", _write_it())
        if beside := self._beside.get(same_words(name), ""):
            means = f"elsewhere the code of {self.register[beside].name} stands beside it"
            return NotKnown("authority-unknown", sentence, f"{means}: {_accept(shown, beside)}")
        return NotKnown("authority-unknown", sentence, partial(self._likeness, shown))

    def _likeness(self, name: str) -> str:
        if name not in self._like:
            slug = slug_of(name) if len(self._like) < _MOST_HINTS else ""
            self._like[name] = nearest_authority(slug, tuple(self.register)) if slug else ""
        near = self._like[name]
        return (f"did you mean {near}? " if near else "") + _accept(name, "SLUG")


def _accept(name: str, slug: str) -> str:
    return f'--accept "{name}={slug}" writes into the register what you know'


def _write_it() -> str:
    return "write its official name, or its code"


def is_total(name: str, code: str) -> bool:
    """Whether a row by its name or code is the sum of the others."""
    plain = " ".join(re.sub(r"[^\w ]", " ", same_words(name)).split())
    begins = plain.startswith(("total ", "grand total ", "overall total "))
    return begins or plain in _TOTALS or folded(code).upper() == _ENGLAND


def is_of_all(name: str) -> bool:
    """Whether a name has only words that councils share, or none."""
    return not _words_of(name) - _SAID_OF_ALL


def key_words(name: str) -> frozenset[str]:
    """The words of a name without those that councils share; all of them where no other is left."""
    words = _words_of(name)
    ignored = _SAID_OF_ALL | {"london"} if "borough" in words else _SAID_OF_ALL
    return words - ignored or words


def _words_of(name: str) -> frozenset[str]:
    letters = unicodedata.normalize("NFKD", without_notes(name).casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    plain = re.sub(r"['’`]|(?<=\b\w)\.(?=\w\b|\s|$)", "", plain.replace("&", " and "))
    words = " ".join(SHORT_KINDS.get(word, word) for word in re.findall(r"\w+", plain))
    return frozenset(words.split())
