"""The tag tree of a finished PDF, for those who hear it: what the renderer leaves to be mended.

It makes a tree for each page by itself, tags the page's foot as content that no element owns, and
places pictures in CSS pixels. Works on the renderer's objects without importing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from letters.typesetting.page_faults import PageFault

_HEADING = re.compile("/H([1-6])")
_ON_ONE_PAGE = ("/Link", "/Figure", "/Table")  # what they hold is bound to a page


def mend_tags(document: Any, pdf: Any) -> Iterator[PageFault]:
    """Mend the tag tree of a rendered document in its PDF, before that is written.

    What stands in the margins of pages becomes an artifact (ISO 14289-1, 7.8), a paragraph over two
    pages one element, and so does what holds it; headings in tables say of what (7.5). Gives a
    sentence for each fault that only the template's author can mend.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    (top,) = (_object(pdf, kid) for kid in root["K"])
    _free_margins(pdf, _object(pdf, root["ParentTree"])["Nums"], _below(pdf, top))
    pages = zip(document.pages, pdf.page_references, strict=True)
    for (page, _), (following, reference) in pairwise(pages):
        _join(pdf, top, reference, _common(page._page_box, following._page_box))
    level = 0
    for item in _below(pdf, top).values():
        kind = str(item["S"])
        if heading := _HEADING.fullmatch(kind):
            if int(heading[1]) > level + 1:
                level_above = f"a heading of level {heading[1]} follows one of level {level}"
                yield PageFault("heading-left-out", level_above, "leave no level out")
            level = int(heading[1])
        elif kind == "/TH":
            in_head = _object(pdf, _object(pdf, item["P"])["P"])["S"] == "/THead"
            item["A"]["Scope"] = "/Column" if in_head else "/Row"
        elif kind == "/Figure":
            if "Alt" not in item:
                sentence = "a picture has no words in its place"
                hint = "give the svg a title, or the img an alt text"
                yield PageFault("picture-without-words", sentence, hint)
            _place_figure(item, document.pages[pdf.page_references.index(item["Pg"])].height)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _is_reference(kid: Any) -> bool:
    return isinstance(kid, bytes)


def _below(pdf: Any, top: Any) -> dict[bytes, Any]:
    """The elements of the tree by their references, in reading order."""
    found: dict[bytes, Any] = {}
    waiting = [top.reference]
    while waiting:
        element = _object(pdf, reference := waiting.pop())
        if "S" in element:  # and no reference to an annotation
            found[reference] = element
            waiting += reversed([kid for kid in element["K"] if _is_reference(kid)])
    return found


def _free_margins(pdf: Any, numbers: Any, owned: dict[bytes, Any]) -> None:
    """Make an artifact of each piece of content whose element is not in the tree."""
    pages = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for number, reference in enumerate(pdf.page_references):
        owners = pages[number]
        strangers = {mcid for mcid, owner in enumerate(owners) if owner not in owned}
        owners[:] = [b"null" if owner not in owned else owner for owner in owners]
        while owners and owners[-1] == b"null":
            del owners[-1]
        stream = _object(pdf, _object(pdf, reference)["Contents"]).stream
        for index, item in enumerate(stream):
            if isinstance(item, dict) and item.get("MCID") in strangers:
                stream[index - 1] = "/Artifact"
                item.clear()
                item["Type"] = "/Pagination"
    elements: list[Any] = [one for one in pdf.objects if isinstance(one, dict)]
    for element in elements:
        if element.get("Type") == "/StructElem" and element.reference not in owned:
            _free(element)


def _common(page: Any, following: Any) -> int:
    """How many elements of the tree, one in the other, end a page and go on on the following."""
    common, (last, first) = 0, (page.children[0], following.children[0])
    while last.element is first.element and last.element_tag == first.element_tag:
        common += last.element_tag not in ("html", "body")
        if not (getattr(last, "children", ()) and getattr(first, "children", ())):
            break
        last, first = (getattr(box, "_box", box) for box in (last.children[-1], first.children[0]))
        if "LineBox" in (type(last).__name__, type(first).__name__):
            break
    return common


def _join(pdf: Any, top: Any, page: bytes, depth: int) -> None:
    """Let what goes on on a page be one with what it begins, so many elements deep."""
    kids = top["K"]
    first = next((index for index, kid in enumerate(kids) if _object(pdf, kid)["Pg"] == page), 0)
    begun, goes_on = (kids[first - 1], kids[first]) if first else (None, None)
    for _ in range(depth):
        if not (isinstance(begun, bytes) and isinstance(goes_on, bytes)):
            return
        whole, rest = _object(pdf, begun), _object(pdf, goes_on)
        if whole["S"] != rest["S"] or whole["S"] in _ON_ONE_PAGE or not (whole["K"] and rest["K"]):
            return
        begun, goes_on = whole["K"][-1], rest["K"][0]
        for kid in filter(_is_reference, rest["K"]):
            _object(pdf, kid)["P"] = whole.reference
        whole["K"].extend(rest["K"])
        kids.remove(rest.reference)
        _free(rest)
        kids = whole["K"]


def _free(item: Any) -> None:
    """Leave an object out of the file; no other object takes its number (ISO 32000-1, 7.5.4)."""
    item.free, item.generation = "f", 65535


def _place_figure(figure: Any, height: float) -> None:
    """Its box in points, from the page's lower left."""
    box = figure["A"]["BBox"]
    left, top, right, bottom = box
    box[:] = (round(pixels * 72 / 96, 2) for pixels in (left, height - bottom, right, height - top))
