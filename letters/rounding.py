"""How a figure is rounded where it is printed: half up, always."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction, places: int = 0) -> Decimal:
    """The value of 0 or more as printed with so many decimal places: 12.5 becomes 13, never 12."""
    scale = 10**places
    return Decimal(
        (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    ).scaleb(-places)
