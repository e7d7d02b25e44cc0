"""What must hold of laid-out pages: how many, nothing cut off, split or hidden from the eye.

Works on the renderer's boxes, in CSS pixels (96 to the inch), without importing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, NamedTuple, TypeAlias

from letters.errors import Spot
from letters.typesetting.contrast import FAINTEST, RGB, WHITE, contrast, over
from letters.typesetting.drawings import (
    FAINT,
    LOOKED_AT,
    SMALLEST,
    Edges,
    Paint,
    holds,
    text_faults,
)

TOLERANCE = 0.5  #: CSS pixels; rounding in the renderer, invisible in print
CLOSEST = -0.1  #: of a text's size, to which letters or words may be moved together
A_NAME = "a name or post"
MOST_PANELS = 6  #: of a statistics page
_ADDED = ("::marker", "q::before", "q::after")
_XHEIGHT = 0.5  #: of a text's size: how far above its line nearly all of its letters reach
_HOLDS_WORDS = 4.0  #: CSS pixels of a border that words may stand on


#: When something is drawn: for each stacking context, from the outermost on, its level, the phase
#: of what is no context of its own, and its place in the tree. What is greater is drawn later.
Order: TypeAlias = tuple[tuple[float, float, int], ...]
_GROUNDS, _FLOATS, _WORDS, _CONTEXTS = 0.0, 1.0, 2.0, 3.0  # the phases (CSS 2.2, appendix E)


class PageFault(NamedTuple):
    """Something wrong with a letter's pages."""

    code: str
    sentence: str
    hint: str = ""
    text: str = ""  #: of the letter, by which it can be found where it was written
    spots: tuple[Spot, ...] = ()  #: where it is seen


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around a box, as far as it matters to what is in it."""

    holder: str  #: what must hold all that is in it: a page, an element with `data-whole`
    edges: Edges  #: of the holder
    is_private: bool = False  #: its text names a person and is not repeated in messages
    opacity: float = 1.0
    cuts: Edges | None = None  #: outside of which nothing is drawn
    matrix: Any = None  #: by which it is moved, None where it is not
    context: Order = ()  #: what it is drawn in: see `_in_order`


class _Painted(NamedTuple):
    """Something that hides what was drawn before it."""

    order: Order
    edges: Edges
    colour: Any  #: None for a picture
    hides: bool = True  #: what is beneath it, all over


class _Text(NamedTuple):
    """A piece of a line."""

    box: Any
    around: _Around
    order: Order


def page_faults(
    pages: Sequence[Any],
    expected: range | None,
    drawn_at: Callable[[Any], Edges],
    colour_of: Callable[[str], Any],
) -> Iterator[PageFault]:
    """Each fault of the pages, once they are drawn; nothing when all is well.

    `expected` are the numbers of pages the letter may have, None for any; `drawn_at` gives the
    width and height at which a picture is drawn, and where on its page, `colour_of` the colour that
    a drawing means by a word. Every line and picture
    must stay inside the text area of its page, every line inside its column, every text of a
    drawing inside of that. An element with `data-whole` must stay on one page and hold all that is
    in it. What stands in one with `data-private` is not quoted. Nothing may be cut off by
    `overflow`, hidden, nearly transparent, smaller than 6 points, of the colour of what is beneath
    it, or covered.
    """
    if expected is not None and len(pages) not in expected:
        allowed = " or ".join(str(number) for number in expected)
        more = range(expected.stop, len(pages) + 1)
        spots = tuple(_Page.spot_of(number, pages[number - 1]) for number in more)
        sentence = f"it has {len(pages)} pages, but {allowed} are allowed"
        yield PageFault("pages", sentence, spots=spots)
    parts: dict[Any, list[Spot]] = {}

    def paint(word: str) -> tuple[RGB, float]:
        return _rgb(colour_of(word))

    for number, page in enumerate(pages, start=1):
        yield from _Page(number, page, drawn_at, paint, parts).faults()
    for element, places in parts.items():
        if element.get("data-panels") is not None:
            panels = sum("panel" in one.get("class", "").split() for one in element)
            if not 1 <= panels <= MOST_PANELS:
                fit = f"one to {MOST_PANELS} fit on a page"
                sentence = f"the {element.get('data-whole')} has {panels or 'no'} panels, and {fit}"
                yield PageFault("panels", sentence, spots=tuple(places))
        if len(places) > 1:
            where = " and ".join(str(spot.page) for spot in places)
            sentence = f"the {element.get('data-whole')} is split over pages {where}"
            yield PageFault("split", sentence, spots=tuple(places))


def margins_of(page: Any) -> tuple[str, ...]:
    """The texts in the margins of a page, in the order in which they are drawn."""
    return tuple(_text(box) for box in page._page_box.children if _is_margin(box))


def marks_of(pages: Sequence[Any]) -> Iterator[tuple[str, ...]]:
    """What each page says beside the words of the HTML, but for its margins.

    The marks of lists, quotation marks that only a style sheet knows, and the heads of tables that
    go on from the page before.
    """
    heads = set[Any]()
    for page in pages:
        yield tuple(_marks(page._page_box, heads))


def _marks(box: Any, heads: set[Any]) -> Iterator[str]:
    box = getattr(box, "_box", box)
    if (box.element_tag or "").endswith(_ADDED):
        if not _says_words(box):
            yield _text(box)
        return
    if getattr(box, "is_header", False):
        if box.element in heads:
            yield _text(box)
            return
        heads.add(box.element)
    if not _is_margin(box):
        for child in getattr(box, "children", ()):
            yield from _marks(child, heads)


def _says_words(box: Any) -> bool:
    """Whether a mark is no mark, but words that a style sheet writes."""
    is_number = isinstance(box.style["list_style_type"], str) and box.element_tag.endswith("r")
    return not is_number and any(map(str.isalnum, _text(box)))


@dataclass(slots=True)
class _Page:
    """Looks at one page."""

    number: int
    page: Any
    drawn_at: Callable[[Any], Edges]
    paint: Paint
    parts: dict[Any, list[Spot]]  #: where each element with `data-whole` is, one a page
    texts: list[_Text] = field(default_factory=list)
    painted: list[_Painted] = field(default_factory=list)
    place: int = 0

    def faults(self) -> Iterator[PageFault]:
        """All that is wrong with it."""
        whole = self.page._page_box
        paper = (0.0, 0.0, whole.margin_width(), whole.margin_height())
        for ground in (whole.background, whole.canvas_background):
            self.painted += _ground(ground, (), paper)
        for child in whole.children:
            bounds = child if _is_margin(child) else whole
            around = _Around(f"page {self.number}", _edges(bounds, content=True))
            yield from self._look(child, whole, around)
        told = set[Any]()
        for text in self.texts:
            element = text.box.element
            if element not in told and (fault := self._hidden(text)):
                told.add(element)
                code, sentence, hint = fault
                words = str(text.box.text).strip()
                shown = A_NAME if text.around.is_private else _cut(words)
                said = f"{text.around.holder}: {shown} {sentence}"
                spot = self.spot(_moved(_edges(text.box, content=False), text.around))
                yield PageFault(code, said, hint, words, (spot,))

    def spot(self, edges: Edges) -> Spot:
        """Where on the page something is, in points from below."""
        left, top, right, bottom = edges
        height = self.page._page_box.margin_height()
        points = (left, height - bottom, right, height - top)
        return Spot(self.number, *(round(one * 0.75, 2) for one in points))

    @staticmethod
    def spot_of(number: int, page: Any) -> Spot:
        """The whole of a page."""
        box = page._page_box
        return Spot(number, 0.0, 0.0, box.margin_width() * 0.75, box.margin_height() * 0.75)

    def _look(self, box: Any, parent: Any, around: _Around) -> Iterator[PageFault]:
        """Faults of a box and all that is in it."""
        box = getattr(box, "_box", box)  # what is positioned absolutely stands behind a placeholder
        kind, self.place = type(box).__name__, self.place + 1
        around = self._within(box, around)
        if kind == "LineBox":
            yield from list(self._wider(box, parent, around)) or self._outside(box, around)
        elif kind == "TextBox":
            if str(box.text).strip():
                self.texts.append(_Text(box, around, self._order(around, _WORDS)))
        elif kind.endswith("ReplacedBox"):
            yield from self._outside(box, around)
            yield from self._picture(box, around)
        else:
            phase = _WORDS if kind in ("LineBox", "InlineBox") else _GROUNDS
            order = self._order(around, phase)
            if _level(box) is not None:  # its own ground is beneath all that is in it
                order = (*around.context, (-inf, _GROUNDS, self.place))
            self.painted += _paint(box, around, order)
        for child in getattr(box, "children", ()):
            yield from self._look(child, parent if kind == "LineBox" else box, around)

    def _within(self, box: Any, around: _Around) -> _Around:
        """What is around the things in a box."""
        style, element = box.style, getattr(box, "element", None)
        if element is not None and box.element_tag == element.tag:
            if whole := element.get("data-whole"):
                holder, edges = f"the {whole}", _edges(box, content=False)
                spots = self.parts.setdefault(element, [])
                if all(spot.page != self.number for spot in spots):
                    spots.append(self.spot(edges))
                around = replace(around, holder=holder, edges=edges)
            if element.get("data-private") is not None:
                around = replace(around, is_private=True)
        if style["opacity"] < 1:
            around = replace(around, opacity=around.opacity * style["opacity"])
        if (matrix := box.transformation_matrix) is not None:
            around = replace(
                around, matrix=matrix if around.matrix is None else matrix @ around.matrix
            )
        if (box.element_tag or "").endswith("::marker"):  # it hangs into the margin, if it is long
            _, top, _, bottom = around.edges
            right = self.page._page_box.margin_width()
            around = replace(around, edges=(0.0, top, right, bottom))
        if (level := _level(box)) is not None:
            around = replace(around, context=(*around.context, (*level, self.place)))
        if (cuts := _cuts(box)) is not None:
            around = replace(around, cuts=_common(cuts, around.cuts))
        return around

    def _order(self, around: _Around, phase: float) -> Order:
        """When something is drawn that is no context of its own."""
        return (*around.context, (0.0, phase, self.place))

    def _picture(self, box: Any, around: _Around) -> Iterator[PageFault]:
        width, height, x, y = self.drawn_at(box)
        spots = (self.spot(_moved(_edges(box, content=False), around)),)
        faint = around.opacity < FAINT or box.style["visibility"] != "visible"
        if faint or min(width, height) * _scale(around.matrix) < 1:
            sentence = f"{around.holder}: a picture is not printed"
            hint = "look at visibility, opacity, transform and its size"
            yield PageFault("invisible", sentence, hint, spots=spots)
        left, top, right, bottom = _edges(box, content=True)
        if min(x - left, y - top, right - x - width, bottom - y - height) < -TOLERANCE:
            sentence = f"{around.holder}: a picture is larger than its box, or moved out of it"
            yield PageFault(
                "cut-off", sentence, "look at object-fit and object-position", spots=spots
            )
        if (svg := getattr(box.replacement, "_svg", None)) is not None:
            middle, order = ((left + right) / 2, (top + bottom) / 2), self._order(around, _WORDS)
            ground = _last(
                one for one in self.painted if one.order < order and holds(one.edges, middle)
            )
            scale = _scale(around.matrix)
            for text, wrong in text_faults(svg, width, height, scale, ground, self.paint):
                sentence = f"{around.holder} overflows: {_cut(text)} {wrong}"
                yield PageFault("drawing", sentence, "", text, spots)
        edges = _moved((left, top, right, bottom), around)
        has_gaps = str(getattr(box.replacement, "mode", "A")).endswith("A")  # a drawing, or alpha
        painted = _Painted(self._order(around, _WORDS), edges, None, not has_gaps)
        self.painted.append(painted)

    def _outside(self, box: Any, around: _Around) -> Iterator[PageFault]:
        left, top, right, bottom = around.edges
        here = _moved(_edges(box, content=False), around)
        start, above, end, below = here
        said = _cut(_text(box)) if _text(box).strip() else "a picture"
        shown = A_NAME if around.is_private else said
        wrong = ""
        if below > bottom + TOLERANCE or above < top - TOLERANCE:
            wrong = "is cut off or out of place"
        elif end > right + TOLERANCE or start < left - TOLERANCE:
            wrong = "leaves it at the side"
        if wrong:
            sentence = f"{around.holder} overflows: {shown} {wrong}"
            yield PageFault("overflow", sentence, "", _text(box), (self.spot(here),))

    def _wider(self, line: Any, block: Any, around: _Around) -> Iterator[PageFault]:
        """A line wider than its block: a word that cannot be broken."""
        left, _, right, _ = _edges(block, content=True)
        if block.style["text_indent"].value < 0:
            left = min(left, block.position_x)  # a first line that hangs out of its paragraph
        for child in line.children:
            here = _edges(child, content=False)
            start, _, end, _ = here
            if child.is_in_normal_flow() and (end > right + TOLERANCE or start < left - TOLERANCE):
                said = _cut(_text(line)) if _text(line).strip() else "a picture"
                shown = A_NAME if around.is_private else said
                sentence = f"{around.holder} overflows: {shown} is wider than its column"
                yield PageFault("overflow", sentence, "", _text(line), (self.spot(here),))
                return

    def _hidden(self, text: _Text) -> tuple[str, str, str] | None:
        """Why a text cannot be read: code, the rest of a sentence, a hint; None when it can."""
        box, around, style = text.box, text.around, text.box.style
        size, edges = style["font_size"] * _scale(around.matrix), _moved(_ink(box), around)
        close = min(
            spacing for spacing in (style["letter_spacing"], style["word_spacing"], 0)
            if isinstance(spacing, int | float)
        )  # fmt: skip
        left, top, right, bottom = around.cuts or edges
        if style["visibility"] != "visible":
            return "invisible", f"is not printed: visibility: {style['visibility']}", "delete that"
        if around.matrix is not None and min(around.matrix.values[0], around.matrix.values[3]) <= 0:
            return "upside-down", "is turned over by a transform", "delete that"
        if edges[0] < left - TOLERANCE or edges[2] > right + TOLERANCE:
            return "cut-off", "is cut off at the side by overflow or clip", "give it more room"
        if edges[1] < top - TOLERANCE or edges[3] > bottom + TOLERANCE:
            return "cut-off", "is cut off by overflow or clip", "give it more room"
        if size < SMALLEST - 0.01:
            return "too-small", f"is printed at {size * 0.75:.3g} pt", "6 pt is the smallest"
        if close < CLOSEST * style["font_size"]:
            return "words-over-words", "has its letters on one another", "look at its spacing"
        level = (edges[1] + edges[3]) / 2
        near = [
            one
            for one in self.painted
            if one.edges[1] <= level <= one.edges[3]
            and one.edges[0] <= edges[2]
            and one.edges[2] >= edges[0]
        ]
        # where each of them is beneath or over the whole text, one place tells of all
        everywhere = all(one.edges[0] <= edges[0] and edges[2] <= one.edges[2] for one in near)
        grounds = list[Any]()
        for part in LOOKED_AT[:1] if everywhere else LOOKED_AT:
            across = edges[0] + part * (edges[2] - edges[0])
            here = [one for one in near if one.edges[0] <= across <= one.edges[2]]
            if any(one.hides and one.order > text.order for one in here):
                return "covered", "is covered by what is drawn over it", "look at its position"
            ground = _last(one for one in here if one.order < text.order)
            if ground not in grounds:
                grounds.append(ground)
        colour, alpha = _rgb(style["color"])
        for ground in grounds:
            if ground is not None:
                told = contrast(over(colour, alpha * around.opacity, ground), ground)
                if told < FAINTEST:
                    why = f"has a contrast of {told:.2f} to 1 with what is beneath it"
                    return "invisible", f"can hardly be seen: it {why}", "give it another colour"
        return None


def _last(painted: Iterable[_Painted]) -> RGB | None:
    """The colour of what is painted last, the paper's for nothing; None where it is a picture."""
    last = max(painted, default=None, key=lambda one: one.order)
    return WHITE if last is None else last.colour


def _level(box: Any) -> tuple[float, float] | None:
    """The level and the phase of a box that is drawn as one; None for any other."""
    style, kind = box.style, type(box).__name__
    if kind in ("TextBox", "LineBox"):
        return None
    if style["position"] != "static":
        level = style["z_index"]
        return (0.0 if level == "auto" else float(level)), _CONTEXTS
    if box.transformation_matrix is not None or style["opacity"] < 1:
        return 0.0, _CONTEXTS
    if style["float"] != "none":
        return 0.0, _FLOATS
    return (0.0, _WORDS) if kind.startswith("Inline") and kind.endswith("BlockBox") else None


def _paint(box: Any, around: _Around, order: Order) -> Iterator[_Painted]:
    """The ground of a box, and those of its borders that words may stand on."""
    edges = _moved(_edges(box, content=False), around)
    yield from _ground(getattr(box, "background", None), order, edges)
    if type(box).__name__ in ("LineBox", "InlineBox"):
        return
    left, top, right, bottom = _edges(box, content=False)
    for side, edges in (
        ("top", (left, top, right, top + box.border_top_width)),
        ("bottom", (left, bottom - box.border_bottom_width, right, bottom)),
        ("left", (left, top, left + box.border_left_width, bottom)),
        ("right", (right - box.border_right_width, top, right, bottom)),
    ):
        if edges[2] - edges[0] > _HOLDS_WORDS and edges[3] - edges[1] > _HOLDS_WORDS:
            colour = box.style[f"border_{side}_color"]
            if colour == "currentcolor":
                colour = box.style["color"]
            yield _Painted(order, _moved(edges, around), _rgb(colour)[0])


def _ground(ground: Any, order: Order, edges: Edges) -> Iterator[_Painted]:
    """A background of the renderer's, if it hides what is beneath it."""
    if ground is not None:
        colour, alpha = _rgb(ground.color)
        pictured = any(one.image for one in ground.layers)
        if alpha > 0.5 or pictured:
            yield _Painted(order, edges, None if pictured else colour, alpha > 0.5)


def _cuts(box: Any) -> Edges | None:
    """Outside of what nothing in a box is drawn; None where nothing is cut."""
    style, kind = box.style, type(box).__name__
    if kind in ("LineBox", "TextBox", "InlineBox") or kind.endswith("ReplacedBox"):
        return None
    if style["overflow"] != "visible" and not box.is_for_root_element:
        left, top = box.padding_box_x(), box.padding_box_y()
        return left, top, left + box.padding_width(), top + box.padding_height()
    if style["position"] in ("absolute", "fixed") and style["clip"]:
        left, top, right, bottom = _edges(box, content=False)
        above, end, below, start = (None if one == "auto" else one for one in style["clip"])
        return (
            left + (start or 0),
            top + (above or 0),
            right if end is None else left + end,
            bottom if below is None else top + below,
        )
    return None


def _common(one: Edges, other: Edges | None) -> Edges:
    if other is None:
        return one
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _ink(text: Any) -> Edges:
    """Where a text has ink, at most: most letters reach neither the top of a line nor its foot."""
    size, line = text.style["font_size"], text.position_y + text.baseline
    return text.position_x, line - _XHEIGHT * size, text.position_x + text.width, line


def _moved(edges: Edges, around: _Around) -> Edges:
    """Where the edges are once what is transformed is."""
    if around.matrix is None:
        return edges
    left, top, right, bottom = edges
    corners = [around.matrix.transform_point(x, y) for x in (left, right) for y in (top, bottom)]
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def _scale(matrix: Any) -> float:
    return 1.0 if matrix is None else abs(matrix.determinant) ** 0.5


def _rgb(colour: Any) -> tuple[RGB, float]:
    """A colour of the renderer's, and how far it covers what is beneath it."""
    red, green, blue = colour.to("srgb").coordinates
    return (red or 0.0, green or 0.0, blue or 0.0), colour.alpha


def _is_margin(box: Any) -> bool:
    return type(box).__name__ == "MarginBox"


def _edges(box: Any, *, content: bool) -> Edges:
    if content:
        left, top = box.content_box_x(), box.content_box_y()
        return left, top, left + box.width, top + box.height
    if type(box).__name__ in ("LineBox", "TextBox"):
        return (
            box.position_x,
            box.position_y,
            box.position_x + box.width,
            box.position_y + box.height,
        )
    left, top = box.border_box_x(), box.border_box_y()
    return left, top, left + box.border_width(), top + box.border_height()


def _cut(words: str) -> str:
    """The beginning of what is said, to find it by."""
    return f'"{words}"' if len(words) <= 60 else f'"{words[:57]}..."'


def _text(box: Any) -> str:
    if (text := getattr(box, "text", None)) is not None:
        return str(text)
    return "".join(_text(getattr(child, "_box", child)) for child in getattr(box, "children", ()))
