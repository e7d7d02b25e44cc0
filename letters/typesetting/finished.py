"""Finished PDFs, read back: what they say, carry and look like; only user of pypdfium2 and PIL."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2

from letters.errors import BuildError
from letters.typesetting.manuscript import STATISTICS


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished letter says of itself."""

    title: str
    pages: int
    text: str  #: of all pages, line by line
    statistics: Mapping[str, Any]  #: as embedded


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a PNG; width and height in pixels."""

    png: bytes
    width: int
    height: int


def read_back(pdf: bytes) -> Finished:
    """What a letter's PDF says of itself. Raises BuildError when it is no letter's PDF."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            attachments = (
                document.get_attachment(index) for index in range(document.count_attachments())
            )
            embedded = {one.get_name(): bytes(one.get_data()) for one in attachments}
            texts = (page.get_textpage().get_text_range() for page in document)
            text = "\n".join(line.strip() for text in texts for line in text.splitlines())
            statistics = json.loads(embedded[STATISTICS])
            return Finished(document.get_metadata_dict()["Title"], len(document), text, statistics)
    except (pypdfium2.PdfiumError, KeyError, ValueError) as error:
        raise BuildError(f"this is no letter's PDF: {type(error).__name__}: {error}") from error


def picture(pdf: bytes, page: int, width: int) -> Picture:
    """A page, counted from 1 or, backwards, from -1. Raises IndexError when there is none."""
    with pypdfium2.PdfDocument(pdf) as document:
        index = page - 1 if page > 0 else len(document) + page
        if page == 0 or not 0 <= index < len(document):
            raise IndexError(f"the PDF has {len(document)} pages, none of them number {page}")
        sheet = document[index]
        image = (
            sheet.render(scale=width / sheet.get_width(), rev_byteorder=True)
            .to_pil()
            .convert("RGB")
        )
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return Picture(buffer.getvalue(), *image.size)
