"""Geometry of the charts: numbers in, SVG coordinates out. Pure.

The ring is 200 units wide and high, its centre at (100, 100); angles run clockwise from the top.
The bar is 320 units long, its upper edge at 46, its lower one at 68.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, log10, pi, sin

CENTRE = 100.0
RADIUS = 70.0  #: of the middle of the ring's stroke
WIDTH = 24.0  #: of the ring's stroke
LENGTH, TOP, BOTTOM = 320.0, 46.0, 68.0  #: of the bar

# of bold Arial's characters, of its size; a digit has 0.556
_WIDTHS = {".": 0.278, ",": 0.278, "%": 0.889}


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring chart: the drawn part, and the mark of the average across and outside it."""

    arc: str  #: path data of the part up to the percentage; "" for 0, the whole circle for 100
    mark: str  #: path data of a line across the ring at the average; "" without one
    pointer: str  #: points of a triangle outside the ring that points at the mark; "" without one
    text_size: str  #: of the figure in the ring's middle


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar chart: how far a number goes on a scale from 0, and the mark of the average above it."""

    width: str  #: of the drawn part; "" for too little to draw
    mark: str  #: path data of a line across the bar at the average; "" without one
    pointer: str  #: points of a triangle above the bar that points at the mark; "" without one
    end: str  #: the number at the end of the scale, as printed


def bar(value: float, average: float | None, whole: float | None = None) -> Bar:
    """The bar of a number of 0 or more, with the mark of an average or none.

    The scale ends with `whole`, or with the round number that is large enough for both.
    """
    end = whole or _round_number(max(value, average or 0.0))
    drawn = round(LENGTH * min(value / end, 1), 2)
    width, end_text = f"{drawn:g}" if drawn else "", f"{end:,.6f}".rstrip("0").rstrip(".")
    if average is None:
        return Bar(width, "", "", end_text)
    at = round(LENGTH * min(average / end, 1), 2)
    mark = f"M{at:g},{TOP - 4:g}V{BOTTOM + 4:g}"
    tip, back = TOP - 5, TOP - 16
    pointer = f"{at:g},{tip:g} {at - 6:g},{back:g} {at + 6:g},{back:g}"
    return Bar(width, mark, pointer, end_text)


def _round_number(value: float) -> float:
    """The smallest of 1, 2, 3, 4, 5, 6, 8 and 10, times a power of ten, that is not below it.

    1 for nought, and for what is printed as nought: no figure has more than six decimals.
    """
    if value < 1e-6:
        return 1.0
    power: float = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)


def ring(percentage: float, average: float | None, text: str) -> Ring:
    """The ring of a percentage (0 to 100), with the mark of an average or none, and a text."""
    size = (
        f"{min(37.0, round(100 / sum(_WIDTHS.get(character, 0.556) for character in text), 1)):g}"
    )
    arc = _arc(percentage / 100)
    if average is None:
        return Ring(arc, "", "", size)
    turn = average / 100
    inner, outer = RADIUS - WIDTH / 2, RADIUS + WIDTH / 2
    mark = f"M{_at(turn, inner - 4)}L{_at(turn, outer + 4)}"
    tip, side, back = outer + 3, 0.0135, outer + 15
    pointer = f"{_at(turn, tip)} {_at(turn + side, back)} {_at(turn - side, back)}"
    return Ring(arc, mark, pointer, size)


def _arc(turn: float) -> str:
    if turn < 0.5 and _at(turn, RADIUS) == _at(0, RADIUS):  # too little to draw
        return ""
    if _at(turn, RADIUS) == _at(0, RADIUS):  # all, or too much to leave a gap
        half = f"A{RADIUS:g} {RADIUS:g} 0 1 1 "
        return f"M{_at(0, RADIUS)}{half}{_at(0.5, RADIUS)}{half}{_at(0, RADIUS)}Z"
    long = 1 if turn > 0.5 else 0
    return f"M{_at(0, RADIUS)}A{RADIUS:g} {RADIUS:g} 0 {long} 1 {_at(turn, RADIUS)}"


def _at(turn: float, radius: float) -> str:
    """The point at a part of a full turn and a distance from the centre, to 0.01 units."""
    angle = 2 * pi * turn
    x, y = round(CENTRE + radius * sin(angle), 2), round(CENTRE - radius * cos(angle), 2)
    return f"{x:g},{y:g}"
