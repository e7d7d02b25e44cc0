"""Geometry of the ring chart: a percentage in, SVG coordinates out. Pure.

The drawing is 200 units wide and high, its centre at (100, 100). Angles run clockwise from the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

CENTRE = 100.0
RADIUS = 70.0  #: of the middle of the ring's stroke
WIDTH = 24.0  #: of the ring's stroke

# of bold Arial's characters, of its size; a digit has 0.556
_WIDTHS = {".": 0.278, ",": 0.278, "%": 0.889}


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring chart: the drawn part, and the mark of the average across and outside it."""

    arc: str  #: path data of the part up to the percentage; "" for 0, the whole circle for 100
    mark: str  #: path data of a line across the ring at the average; "" without one
    pointer: str  #: points of a triangle outside the ring that points at the mark; "" without one
    text_size: str  #: of the figure in the ring's middle


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
