"""Pages of a PDF as pictures; only user of pypdfium2 and of PIL."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a PNG; width and height in pixels."""

    png: bytes
    width: int
    height: int


def picture(pdf: bytes, page: int, width: int) -> Picture:
    """A page of a PDF, counted from 1 or, backwards, from -1. Raises IndexError when there is no such page."""
    with pypdfium2.PdfDocument(pdf) as document:
        index = page - 1 if page > 0 else len(document) + page
        if page == 0 or not 0 <= index < len(document):
            raise IndexError(f"the PDF has {len(document)} pages, none of them number {page}")
        sheet = document[index]
        image = sheet.render(scale=width / sheet.get_width(), rev_byteorder=True).to_pil().convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return Picture(buffer.getvalue(), *image.size)
