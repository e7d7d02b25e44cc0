"""What must hold of laid-out pages: how many, nothing cut off, nothing split that must not be.

Works on the renderer's boxes, in CSS pixels (96 to the inch), without importing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

TOLERANCE = 0.5  #: CSS pixels; rounding in the renderer, invisible in print

LETTER_WIDTH = (
    0.46  #: of a text's size: the usual width of Arial's characters, for texts in pictures
)

Edges = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Holder:
    """What must hold all that is in it: a page, a margin, or an element with `data-whole`."""

    name: str
    edges: Edges
    private: bool = False  #: its text names a person and is not repeated in messages


def page_faults(pages: Sequence[Any], expected: range | None) -> Iterator[str]:
    """A sentence for each fault of the laid-out pages; nothing when all is well.

    `expected` are the numbers of pages the letter may have, None for any. Every line and picture
    must stay inside the text area of its page, every line inside its column. An element with
    `data-whole` must stay on one page and hold all that is in it. What stands in one with
    `data-private` is not quoted.
    """
    if expected is not None and len(pages) not in expected:
        allowed = " or ".join(str(number) for number in expected)
        yield f"it has {len(pages)} pages, but {allowed} are allowed"
    parts: dict[Any, list[int]] = {}
    for number, page in enumerate(pages, start=1):
        page_box = page._page_box
        for child in page_box.children:
            bounds = child if type(child).__name__ == "MarginBox" else page_box
            holder = Holder(f"page {number}", _edges(bounds, content=True))
            yield from _overflows(child, page_box, holder, number, parts)
    for element, numbers in parts.items():
        if len(numbers) > 1:
            where = " and ".join(map(str, numbers))
            yield f"the {element.get('data-whole')} is split over pages {where}"


def _overflows(
    box: Any, parent: Any, holder: Holder, number: int, parts: dict[Any, list[int]]
) -> Iterator[str]:
    """Faults of a box and all that is in it."""
    box = getattr(box, "_box", box)  # what is positioned absolutely stands behind a placeholder
    kind = type(box).__name__
    element = getattr(box, "element", None)
    if element is not None and box.element_tag == element.tag:
        if element.get("data-whole"):
            numbers = parts.setdefault(element, [])
            if number not in numbers:
                numbers.append(number)
            holder = Holder(f"the {element.get('data-whole')}", _edges(box, content=False))
        if element.get("data-private") is not None:
            holder = replace(holder, private=True)
    if kind == "LineBox":
        yield from list(_wider(box, parent, holder)) or _outside(box, holder)
    elif kind.endswith("ReplacedBox"):
        yield from _outside(box, holder)
        yield from _picture_faults(element, holder)
    for child in getattr(box, "children", ()):
        yield from _overflows(child, parent if kind == "LineBox" else box, holder, number, parts)


def _outside(box: Any, holder: Holder) -> Iterator[str]:
    left, top, right, bottom = holder.edges
    start, above, end, below = _edges(box, content=False)
    if below > bottom + TOLERANCE or above < top - TOLERANCE:
        yield f"{holder.name} overflows: {_quoted(box, holder)} is cut off or out of place"
    elif end > right + TOLERANCE or start < left - TOLERANCE:
        yield f"{holder.name} overflows: {_quoted(box, holder)} leaves it at the side"


def _wider(line: Any, block: Any, holder: Holder) -> Iterator[str]:
    """A line wider than its block: a word that cannot be broken."""
    left, _, right, _ = _edges(block, content=True)
    for child in line.children:
        start, _, end, _ = _edges(child, content=False)
        if child.is_in_normal_flow() and (end > right + TOLERANCE or start < left - TOLERANCE):
            yield f"{holder.name} overflows: {_quoted(line, holder)} is wider than its column"
            return


def _picture_faults(picture: Any, holder: Holder) -> Iterator[str]:
    """Texts too long for their drawing by their usual width, for the renderer has no boxes."""
    view = (picture.get("viewBox") or "").split()
    for text in picture.iter("{http://www.w3.org/2000/svg}text") if len(view) == 4 else ():
        width = LETTER_WIDTH * float(text.get("font-size", 16)) * len(text.text or "")
        start = float(text.get("x", 0)) - (width / 2 if text.get("text-anchor") == "middle" else 0)
        if start < float(view[0]) or start + width > float(view[0]) + float(view[2]):
            yield f'{holder.name} overflows: "{text.text}" is too long for its picture'


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


def _quoted(box: Any, holder: Holder) -> str:
    """The beginning of what a box says, to find it by."""
    if holder.private:
        return "a name or post"
    whole = _text(box)
    return f'"{whole}"' if len(whole) <= 60 else f'"{whole[:57]}..."'


def _text(box: Any) -> str:
    if (text := getattr(box, "text", None)) is not None:
        return str(text)
    return "".join(_text(getattr(child, "_box", child)) for child in getattr(box, "children", ()))
