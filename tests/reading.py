"""What a reader gets from a finished letter: the words of its HTML, and a PDF's pages as a screen reader walks them."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw


@dataclass(frozen=True)
class Element:
    """One element of a PDF's structure tree: its type, its alternative text, and what it holds in reading order."""

    type: str
    alt: str
    children: tuple[Element | str, ...]

    @property
    def text(self) -> str:
        """The words in it; pictures and the marks of lists left out."""
        return "".join(
            part if isinstance(part, str) else part.text
            for part in self.children
            if isinstance(part, str) or part.type not in ("Figure", "Lbl")
        )

    def all(self, kind: str) -> Iterator[Element]:
        """Every element of a type at or below this one, in reading order."""
        if self.type == kind:
            yield self
        for part in self.children:
            if isinstance(part, Element):
                yield from part.all(kind)


def words_of_html(html: str) -> list[str]:
    """The words that HTML shows, pictures left out."""
    parser = _Words()
    parser.feed(html)
    return " ".join(parser.parts).split()


def pdf_pages(content: bytes) -> list[Element]:
    """The structure tree of each page of a PDF."""
    with pdfium.PdfDocument(content) as document:
        return [_page_tree(page) for page in document]


def pdf_text(content: bytes) -> list[str]:
    """All text drawn on each page, in the order it is drawn."""
    with pdfium.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


class _Words(HTMLParser):
    """Collects text outside of head and pictures."""

    HIDDEN = ("head", "svg")
    BLOCKS = ("p", "br", "div", "address", "h1", "h2", "h3", "li", "section", "header", "article")

    def __init__(self) -> None:
        super().__init__()
        self.parts = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts[-1] += data


def _page_tree(page: pdfium.PdfPage) -> Element:
    texts = _texts(page)
    tree = raw.FPDF_StructTree_GetForPage(page)
    try:
        count = raw.FPDF_StructTree_CountChildren(tree)
        tops = (
            _element(raw.FPDF_StructTree_GetChildAtIndex(tree, index), texts)
            for index in range(count)
        )
        return Element("Page", "", tuple(tops))
    finally:
        raw.FPDF_StructTree_Close(tree)


def _texts(page: pdfium.PdfPage) -> dict[int, str]:
    """The text of each marked piece of content, by its number on the page."""
    textpage = page.get_textpage()
    texts: dict[int, str] = defaultdict(str)
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=8):
        number = raw.FPDFPageObj_GetMarkedContentID(item)
        if number >= 0:
            texts[number] += _utf16(raw.FPDFTextObj_GetText, item, textpage)
    return texts


def _element(handle: Any, texts: dict[int, str]) -> Element:
    children: list[Element | str] = []
    for index in range(raw.FPDF_StructElement_CountChildren(handle)):
        child = raw.FPDF_StructElement_GetChildAtIndex(handle, index)
        if child:
            children.append(_element(child, texts))
        elif (number := raw.FPDF_StructElement_GetChildMarkedContentID(handle, index)) >= 0:
            children.append(texts.get(number, ""))
    kind = _utf16(raw.FPDF_StructElement_GetType, handle)
    return Element(kind, _utf16(raw.FPDF_StructElement_GetAltText, handle), tuple(children))


def _utf16(function: Any, *arguments: Any) -> str:
    """The text that a PDFium function writes: its length first, then the text itself."""
    length = function(*arguments, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    cast = (
        ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        if function is raw.FPDFTextObj_GetText
        else buffer
    )
    function(*arguments, cast, length)
    return buffer.raw[: length - 2].decode("utf-16-le")
