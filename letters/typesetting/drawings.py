"""Texts of a drawing that cannot be read, once the renderer has drawn it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians, sin, sqrt
from typing import Any, NamedTuple, TypeAlias

from letters.typesetting.contrast import FAINTEST, RGB, contrast, over

SMALLEST = 8.0  #: CSS pixels that a text must measure: 6 points
FAINT = 0.3  #: opacity of what can hardly be seen
_ROUNDING = 0.1  #: CSS pixels
_LINE_HEIGHT = 1.15  #: of a line of our fonts, of their size
LOOKED_AT = (0.03, 0.25, 0.5, 0.75, 0.97)  #: of a text's length
_LINE_SPACE = 0.2  #: of a text's height, above and below, where hardly any letter has ink
_MOVE = re.compile(r"(\w+)\s*\(([^()]*)\)")
_NUMBER = re.compile(r"[-+]?(?:[0-9]*\.)?[0-9]+(?:e[-+]?[0-9]+)?", re.IGNORECASE)

#: What a word for a colour means, and how far it covers.
Paint: TypeAlias = Callable[[str], tuple[RGB, float]]
Edges: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom
Matrix: TypeAlias = tuple[float, float, float, float, float, float]  # as in SVG: a to f
_STILL: Matrix = (1, 0, 0, 1, 0, 0)


def text_faults(
    svg: Any, width: float, height: float, scale: float, ground: RGB | None, paint: Paint
) -> Iterator[tuple[str, str]]:
    """Each text of a drawing that nobody can read, and why: the rest of a sentence.

    The drawing is one of the renderer's; it is drawn so wide and high, in CSS pixels, which are
    scaled once more. `ground` is the colour beneath it, None when that is not known; `paint` gives
    the colour that is meant by a word, and how far it covers what is beneath.
    """
    view = svg.get_viewbox() or (0, 0, width, height)
    page = (view[0], view[1], view[0] + view[2], view[1] + view[3])
    unit = scale * min(width / view[2], height / view[3]) if view[2] and view[3] else scale
    things = list(_things(svg, svg.tree, _STILL, 1.0, ()))
    for order, thing in enumerate(things):
        if isinstance(thing, _Text):
            before = [one for one in things[:order] if isinstance(one, _Shape)]
            after = [one for one in things[order:] if isinstance(one, _Shape)]
            if wrong := _wrong(thing, page, unit, before, after, ground, paint):
                yield thing.words, wrong


def _wrong(
    text: _Text,
    page: Edges,
    unit: float,
    before: Sequence[_Shape],
    after: Sequence[_Shape],
    ground: RGB | None,
    paint: Paint,
) -> str:
    """Why a text cannot be read, "" when it can."""
    if not all(holds(page, corner) for corner in text.corners):
        return "is too long for its picture, or outside of it"
    for clip in text.clips:
        if not all(clip.holds(corner) for corner in text.corners):
            return "is cut off by a clip-path, or by the drawing that it is in"
    if text.size * unit < SMALLEST - _ROUNDING:
        return f"is printed at {text.size * unit * 0.75:.3g} pt; 6 pt is the smallest"
    if text.opacity < FAINT:
        return "is transparent"
    if text.is_mirrored:
        return "is mirrored by a transform"
    return next(
        filter(None, (_hidden_at(one, text, before, after, ground, paint) for one in text.points)),
        "",
    )


def _hidden_at(
    point: tuple[float, float],
    text: _Text,
    before: Sequence[_Shape],
    after: Sequence[_Shape],
    ground: RGB | None,
    paint: Paint,
) -> str:
    if any(one.holds(point) and one.is_opaque(paint) for one in after if one.is_plain):
        return "is covered by what is drawn over it"
    for shape in before:
        if shape.holds(point) and shape.is_opaque(paint):
            ground = paint(shape.fill)[0] if shape.is_plain else None
    if ground is not None and text.fill:
        colour, alpha = paint(text.fill)
        if contrast(over(colour, alpha * text.opacity, ground), ground) < FAINTEST:
            return "has nearly the colour of what is beneath it"
    return ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Something painted, or a path that something is clipped to."""

    kind: str
    edges: Edges  #: in coordinates of its own
    matrix: Matrix
    fill: str
    opacity: float = 1.0

    @property
    def is_plain(self) -> bool:
        """Whether it is known where it has paint."""
        return self.kind in ("rect", "circle", "ellipse")

    def is_opaque(self, paint: Paint) -> bool:
        """Whether it hides what is beneath it."""
        if self.fill.startswith("url"):
            return True
        return self.fill != "none" and paint(self.fill)[1] * self.opacity > 0.5

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point of the drawing is in it."""
        back = _inverse(self.matrix)
        if back is None:
            return False
        x, y = _moved(back, *point)
        if self.kind not in ("circle", "ellipse"):
            return holds(self.edges, (x, y))
        left, top, right, bottom = self.edges
        across, down = (right - left) / 2 or 1, (bottom - top) / 2 or 1
        return ((x - left) / across - 1) ** 2 + ((y - top) / down - 1) ** 2 <= 1


class _Text(NamedTuple):
    words: str
    corners: list[tuple[float, float]]  #: of where its letters are
    size: float
    opacity: float
    fill: str
    clips: tuple[_Shape, ...]
    is_mirrored: bool

    @property
    def points(self) -> Iterator[tuple[float, float]]:
        """Some points along its middle."""
        (a, b), (c, d), (e, f), (g, h) = self.corners  # left above and below, right above and below
        start, end = ((a + c) / 2, (b + d) / 2), ((e + g) / 2, (f + h) / 2)
        for part in LOOKED_AT:
            yield (start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))


_PAINTED = ("rect", "circle", "ellipse", "path", "polygon", "polyline", "image")


def _things(
    svg: Any, node: Any, around: Matrix, opacity: float, clips: tuple[_Shape, ...]
) -> Iterator[_Text | _Shape]:
    """The texts of a drawing, and what is painted, in the order in which they are."""
    matrix = _times(_matrix(node.get("transform") or ""), around)
    opacity *= _number(node.get("opacity"), 1.0)
    if clip := _clip(svg, node, matrix):
        clips = (*clips, clip)
    if node.tag == "svg" and node is not svg.tree:
        inner, edges = _inner(node)
        matrix = _times(inner, matrix)
        if edges and node.get("overflow") != "visible":
            clips = (*clips, _Shape("rect", edges, matrix, ""))
    if node.tag == "text":
        yield from _said(node, matrix, opacity, clips)
        return
    if node.tag in _PAINTED and node.visible and (box := svg.calculate_bounding_box(node, 16)):
        x, y, width, height = box
        if all(isfinite(one) for one in box):
            fill = "url" if node.tag == "image" else node.get("fill") or "black"
            fading = opacity * _number(node.get("fill-opacity"), 1.0)
            yield _Shape(node.tag, (x, y, x + width, y + height), matrix, fill, fading)
    if node.tag not in ("defs", "clipPath", "mask", "symbol", "pattern", "marker"):
        for child in node:
            yield from _things(svg, child, matrix, opacity, clips)


def _said(text: Any, matrix: Matrix, opacity: float, clips: tuple[_Shape, ...]) -> Iterator[_Text]:
    """The parts of a text, each with a colour and a size of its own."""
    across = getattr(text, "text_bounding_box", (0, 0, 0, 0))[2]
    shift = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor") or "", 0.0)
    for part, shown in _parts(text, opacity):
        x, y, width, height = getattr(part, "text_bounding_box", None) or (0, 0, 0, 0)
        if height and all(isfinite(one) for one in (x, y, width, height, across)):
            begins = x - shift * across
            above, below = y + height * _LINE_SPACE, y + height * (1 - _LINE_SPACE)
            corners = [
                _moved(matrix, end, line)
                for end in (begins, begins + width)
                for line in (above, below)
            ]
            words = " ".join("".join(text._etree_node.itertext()).split())
            fill = part.get("fill") or "black"
            drawn = fill not in ("none", "transparent")
            size = height / _LINE_HEIGHT * _size(matrix)
            known = "" if fill.startswith("url") else fill
            mirrored = matrix[0] * matrix[3] < matrix[1] * matrix[2]
            yield _Text(words, corners, size, shown if drawn else 0.0, known, clips, mirrored)


def _parts(text: Any, opacity: float) -> Iterator[tuple[Any, float]]:
    """A text and its tspans, those that hold words themselves, and how far each is to be seen."""
    shown = opacity * _number(text.get("fill-opacity"), 1.0)
    if (text.text or "").strip():
        yield text, shown
    for part in text:
        yield from _parts(part, opacity * _number(part.get("opacity"), 1.0))


def _inner(node: Any) -> tuple[Matrix, Edges | None]:
    """How a drawing in a drawing is moved, and where it is cut off, in its own coordinates."""
    x, y, width, height = (_number(node.get(key), 0.0) for key in ("x", "y", "width", "height"))
    left, top, across, down = node.get_viewbox() or (0.0, 0.0, width, height)
    if not (width and height and across and down):
        return (1, 0, 0, 1, x, y), None
    scale = min(width / across, height / down)
    over, below = (width - across * scale) / 2, (height - down * scale) / 2
    matrix = (scale, 0.0, 0.0, scale, x + over - left * scale, y + below - top * scale)
    return matrix, (left, top, left + across, top + down)


def _clip(svg: Any, node: Any, matrix: Matrix) -> _Shape | None:
    """The shape that a node is clipped to; None for none, and where it is not known what it holds."""
    name = re.fullmatch(r"""url\(["']?#(.*?)["']?\)""", node.get("clip-path") or "")
    shapes = list(svg.paths[name[1]]) if name and name[1] in svg.paths else []
    if len(shapes) != 1 or shapes[0].tag not in ("rect", "circle", "ellipse"):
        return None
    inner = _times(_matrix(shapes[0].get("transform") or ""), matrix)
    x, y, width, height = svg.calculate_bounding_box(shapes[0], 16)
    return _Shape(shapes[0].tag, (x, y, x + width, y + height), inner, "")


def holds(edges: Edges, point: tuple[float, float]) -> bool:
    """Whether a point is within the edges."""
    left, top, right, bottom = edges
    return left <= point[0] <= right and top <= point[1] <= bottom


def _inverse(matrix: Matrix) -> Matrix | None:
    a, b, c, d, e, f = matrix
    if not (area := a * d - b * c):
        return None
    return (
        d / area,
        -b / area,
        -c / area,
        a / area,
        (c * f - d * e) / area,
        (b * e - a * f) / area,
    )


def _number(value: str | None, default: float) -> float:
    match = _NUMBER.match(value.strip()) if value else None
    if match is None or value is None:
        return default
    return float(match[0]) / (100 if value.strip().endswith("%") else 1)


def _size(matrix: Matrix) -> float:
    a, b, c, d, _, _ = matrix
    return sqrt(abs(a * d - b * c))


def _matrix(transform: str) -> Matrix:
    """What a `transform` does; of skews, which charts have not, nothing is known."""
    matrix = _STILL
    for name, values in _MOVE.findall(transform):
        numbers = [float(one) for one in _NUMBER.findall(values)]
        match name, numbers:
            case "matrix", [a, b, c, d, e, f]:
                one: Matrix = (a, b, c, d, e, f)
            case "translate", [x]:
                one = (1, 0, 0, 1, x, 0)
            case "translate", [x, y]:
                one = (1, 0, 0, 1, x, y)
            case "scale", [size]:
                one = (size, 0, 0, size, 0, 0)
            case "scale", [x, y]:
                one = (x, 0, 0, y, 0, 0)
            case "rotate", [angle, *about]:
                one = _rotated(radians(angle), *about)
            case _:
                one = _STILL
        matrix = _times(one, matrix)
    return matrix


def _rotated(angle: float, x: float = 0, y: float = 0) -> Matrix:
    turn = (cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0)
    return _times((1, 0, 0, 1, -x, -y), _times(turn, (1, 0, 0, 1, x, y)))


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
