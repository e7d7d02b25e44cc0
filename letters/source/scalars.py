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
        raise NoSuchScalar(
            "no-such-date",
            f"there is no date {word}",
            "dates are year-month-day, such as 2020-07-29",
        ) from error


def as_text(value: object) -> str:
    """A plain value as a file has it: `true`, 1.40, 2020-07-22; "" for nothing and what has parts.

    Two values are the same when their texts are.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list | tuple) else str(value)
