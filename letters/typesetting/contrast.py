"""How well a colour can be told from another: relative luminance by WCAG 2.2. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

RGB: TypeAlias = tuple[float, float, float]  #: from 0 to 1
WHITE: RGB = (1.0, 1.0, 1.0)
FAINTEST = 2.0  #: that a text may have with what is beneath it; good design has 4.5 (1.4.3)


def contrast(one: RGB, other: RGB) -> float:
    """From 1 for the same luminance to 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(colour: RGB, alpha: float, beneath: RGB) -> RGB:
    """A colour of which a part shines through, on another."""
    red, green, blue = (
        alpha * part + (1 - alpha) * below for part, below in zip(colour, beneath, strict=True)
    )
    return red, green, blue


def _luminance(colour: Sequence[float]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
