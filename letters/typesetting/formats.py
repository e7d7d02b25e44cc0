"""How dates, numbers and lists are written: the filters of templates. Pure; English only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from letters.wording import kind

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_WORDS = "no one two three four five six seven eight nine".split()


def day(value: date) -> str:
    """A date as in a sentence: 1 April 2019. Raises ValueError for anything but a date."""
    _expect(isinstance(value, date), "a date", value)
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """A date as in a table's head: 31/03/20. Raises ValueError for anything but a date."""
    _expect(isinstance(value, date), "a date", value)
    return f"{value:%d/%m/%y}"


def number(value: int | Decimal) -> str:
    """A number with commas and without closing zeros: 1,400; 3.4. Raises ValueError for others."""
    _expect(not isinstance(value, bool) and isinstance(value, int | Decimal), "a number", value)
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,d}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: int) -> str:
    """A whole number as text has it: "no", "one" to "nine", then figures."""
    _expect(not isinstance(value, bool) and isinstance(value, int), "a whole number", value)
    return _WORDS[value] if 0 <= value < len(_WORDS) else number(value)


def plural(value: int, singular: str, many: str) -> str:
    """The word that goes with a number: singular for 1 only (0 decisions, 1 decision)."""
    _expect(not isinstance(value, bool) and isinstance(value, int), "a whole number", value)
    return singular if value == 1 else many


def sentence_list(values: Sequence[str]) -> str:
    """Names in a sentence: Bristol, Leeds and York. Raises ValueError for a text, and for none."""
    _expect(isinstance(values, list | tuple), "a list of texts", values)
    for value in values:
        _expect(isinstance(value, str), "texts in a list", value)
    if not all(value.strip() for value in values) or not values:
        what = "a text in this list" if values else "this list"
        raise ValueError(f"{what} is empty, so there is nothing to print")
    *rest, last = values
    return f"{', '.join(rest)} and {last}" if rest else last


def _expect(fits: bool, wanted: str, value: object) -> None:
    """Refuse a value of the wrong kind with a sentence for who wrote the template or fact."""
    if not fits:
        raise ValueError(f"expected {wanted}, found {kind(value)}")
