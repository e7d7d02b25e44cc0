"""What the renderer's tree of elements needs, and a browser's does not. Without importing it.

Numbered lists, for it counts from 1; and words beside paragraphs, for it would draw them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,9})")
_IN_ORDER = "position: relative"
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre section table"
    " td th ul".split()
)
_NO_WORDS = frozenset("html head style script table tbody thead tfoot tr ul ol dl".split())
_STYLES = {
    "1": "decimal",
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
}


def number_lists(tree: Any) -> None:
    """Give each item of a numbered list the number that browsers show, as a style of its own."""
    for numbered in tree.iter("ol"):
        items = [child for child in numbered if child.tag == "li"]
        if style := _STYLES.get(numbered.get("type") or ""):
            _add_style(numbered, f"list-style-type: {style}")
        for item, number in zip(items, _numbers(numbered, items), strict=True):
            _add_style(item, f"counter-increment: list-item 0; counter-set: list-item {number}")


def keep_order(tree: Any) -> None:
    """Let words that stand beside blocks be drawn between them, as style sheets let the blocks."""
    for parent in [one for one in tree.iter() if any(map(_is_drawn_apart, one))]:
        for child in list(parent):
            if (child.tail or "").strip():
                span = child.makeelement("span", {"style": _IN_ORDER})
                span.text, child.tail = child.tail, None
                parent.insert(list(parent).index(child) + 1, span)
            if child.tag not in _BLOCKS and isinstance(child.tag, str):
                _add_style(child, _IN_ORDER)
        if (parent.text or "").strip() and parent.tag not in _NO_WORDS:
            span = parent.makeelement("span", {"style": _IN_ORDER})
            span.text, parent.text = parent.text, None
            parent.insert(0, span)


def _is_drawn_apart(child: Any) -> bool:
    return child.tag in _BLOCKS or str(child.tag).endswith("svg")


def _numbers(numbered: Any, items: Sequence[Any]) -> Iterator[int]:
    """The numbers of a list's items (HTML Standard, 4.4.8: the ordinal value of an item)."""
    step = -1 if numbered.get("reversed") is not None else 1
    number = _whole(numbered.get("start"), len(items) if step < 0 else 1)
    for item in items:
        number = _whole(item.get("value"), number)
        yield number
        number += step


def _whole(text: str | None, otherwise: int) -> int:
    match = _WHOLE.match(text or "")
    return int(match[1]) if match else otherwise


def _add_style(element: Any, style: str) -> None:
    """Under what the element says of itself."""
    element.set("style", f"{style}; {element.get('style') or ''}")
