"""A rate as it is printed beside its counts: it must be what they give, half up."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction

from letters.campaign.records import Measure
from letters.errors import Problem, Severity
from letters.intake.cells import Cell, Kind, folded
from letters.intake.numbers import unreadable
from letters.rounding import half_up
from letters.wording import quoted

PER_CENT = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)  #: in the heading of a column of rates
_DIGITS = 15  #: of a number, that a spreadsheet takes for right
_UNCLEAR = 'show it as a percentage, or write "(%)" behind the heading'
_CORRECT = "correct the rate, or the numbers it is worked out of"


def wrong_rate(
    cell: Cell, measure: Measure, count: int, base: int, of_percent: bool
) -> Problem | None:
    """An error for a printed rate; None where it is what its counts give, half up.

    Of nothing there is no rate: an empty cell, a dash, 0 or a division by 0 are all right there.
    """
    said = folded(cell.shown)
    if cell.kind is Kind.BLANK:
        return None
    if not base:
        if not re.search("[1-9]", said) and cell.value is not True:
            return None
        return _wrong(cell, "rate-of-nothing", f"{said} is a rate of nothing: {count} of 0")
    if problem := unreadable(cell, "a rate"):
        return problem
    exact = Fraction(measure.per * count, base)
    right = half_up(exact, measure.decimals)
    given = _rate_in(cell, measure, of_percent)
    if given is None:
        sentence = f"nobody can tell what rate {quoted(said)} is"
        return _wrong(cell, "rate-unclear", sentence, _UNCLEAR)
    places = max(0, -int(given.as_tuple().exponent))
    if half_up(exact, places) == given or half_up(Fraction(given), measure.decimals) == right:
        return None
    sign = "%" if measure.per == 100 else ""
    sentence = f"the rate is {said}, and {count} of {base} is {right}{sign}"
    return _wrong(cell, "rate-differs", sentence)


def _wrong(cell: Cell, code: str, sentence: str, hint: str = _CORRECT) -> Problem:
    return Problem(cell.place, Severity.ERROR, code, sentence, hint)


def _rate_in(cell: Cell, measure: Measure, of_percent: bool) -> Decimal | None:
    """The rate in a cell as the measure has it (of 100, say); None where it may mean two things."""
    text = folded(cell.shown)
    if cell.kind is Kind.TEXT:
        match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(%?)", text.replace(",", ""))
        if not match or (match[2] and measure.per != 100):
            return None
        value, is_percent = Decimal(match[1]), bool(match[2])
    elif cell.kind is Kind.NUMBER and isinstance(cell.value, int | Decimal) and cell.value >= 0:
        value = Context(prec=_DIGITS).create_decimal(Decimal(cell.value))
        is_percent = text.endswith("%")
        if is_percent and _is_of_one(text, value):
            value = value.scaleb(2)
    else:
        return None
    if measure.per != 100:
        return None if is_percent else value
    if not is_percent and not of_percent and 0 < value <= 1:
        return None
    return value


def _is_of_one(shown: str, value: Decimal) -> bool:
    """Whether a value that is shown as per cent is a part of 1: 0.64 as 64%, and not 64."""
    number = Decimal(re.sub(r"[^0-9.]", "", shown) or 0)
    return abs(number - value.scaleb(2)) <= abs(number - value)
