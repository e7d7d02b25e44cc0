"""What a word without quotes means: our few rules in place of YAML's many."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Scalar: TypeAlias = str | bool | int | Decimal | date | None

LONGEST_NUMBER = 18  #: characters

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)"
_DAY, _YEAR = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<year>[0-9]{4})"
_TIME = r"(?:[t ][0-9:.]+z?)?$"
_OTHER_DATES = tuple(
    re.compile(form + _TIME)
    for form in (
        rf"{_YEAR}[-./](?P<month>[0-9]{{1,2}})[-./]{_DAY}",
        rf"{_DAY}[-./](?P<month>[0-9]{{1,2}})[-./]{_YEAR}",
        r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        rf"{_DAY}[ -]{_MONTH}[ -]{_YEAR}",
        rf"{_MONTH} {_DAY} {_YEAR}",
    )
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.? ")
QUOTES = "“”„‘’‚\"' "
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class NoSuchScalar(ValueError):
    """What looks like a number or date and is none we can take; arguments: code, sentence, hint."""


def is_text(word: str) -> bool:
    """Whether a word without quotes is text, and so may be a key."""
    return word not in _WORDS and not any(
        pattern.fullmatch(word) for pattern in (_WHOLE, _DECIMAL, _DATE)
    )


def resolve(word: str) -> Scalar:
    """A word without quotes as a value. Raises NoSuchScalar: no such date, endless number."""
    if word in _WORDS:
        return _WORDS[word]
    if _DATE.fullmatch(word):
        return _date(word)
    whole = _WHOLE.fullmatch(word)
    if not whole and not _DECIMAL.fullmatch(word):
        return word
    if len(word) > LONGEST_NUMBER:
        raise NoSuchScalar(
            "number-too-long",
            f"a number of {len(word)} characters is too long",
            f"write at most {LONGEST_NUMBER}",
        )
    return int(word) if whole else Decimal(word)


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        meant = date_meant(word)
        hint = f"was {meant} meant?" if meant else "dates are year-month-day, such as 2020-07-29"
        raise NoSuchScalar("no-such-date", f"there is no date {word}", hint) from error


def date_meant(text: str) -> date | None:
    """The date that a text in another form means; None where it means none.

    Days stand before months, as in Britain, but where only the other order is a date.
    """
    words = " ".join(text.replace(",", " ").split()).lower().strip(QUOTES)
    words = _WEEKDAY.sub("", words).replace(" of ", " ")
    words = re.sub("(?<=[0-9])o|o(?=[0-9])", "0", words)
    words = re.sub(r"^([0-9]{1,2}[-./][0-9]{1,2}[-./])([0-9]{2})$", r"\g<1>20\2", words)
    for pattern in _OTHER_DATES:
        if match := pattern.match(words):
            parts = match.groupdict()
            month = parts["month"]
            number = _MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month)
            for this_month, day in ((number, int(parts["day"])), (int(parts["day"]), number)):
                try:
                    return date(int(parts["year"]), this_month, day)
                except ValueError:
                    continue
    return None


def as_text(value: object) -> str:
    """A plain value as a file has it: `true`, 1.40, 2020-07-22; "" for nothing and what has parts.

    Two values are the same when their texts are.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list | tuple) else str(value)
