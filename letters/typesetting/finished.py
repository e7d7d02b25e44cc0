"""Finished PDFs, read back: what they say, carry and look like; only user of pypdfium2 and PIL."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2

from letters.errors import NoLetter
from letters.typesetting.manuscript import STATISTICS

_ONE_AT_A_TIME = threading.Lock()  # the library wants it so


@dataclass(frozen=True, slots=True)
class Told:
    """What a finished letter says of itself, but for its words."""

    title: str
    pages: int
    statistics: Mapping[str, Any]  #: as embedded


@dataclass(frozen=True, slots=True)
class Finished(Told):
    """What a finished letter says of itself."""

    text: str  #: of all pages, line by line


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a PNG; width and height in pixels."""

    png: bytes
    width: int
    height: int


def tell(pdf: bytes) -> Told:
    """What a letter's PDF says of itself, without its words, which take most of the time.

    Raises NoLetter when it is no letter's PDF.
    """
    with _opened(pdf) as document:
        return _told(document)


def read_back(pdf: bytes) -> Finished:
    """What a letter's PDF says of itself. Raises NoLetter when it is no letter's PDF."""
    with _opened(pdf) as document:
        told = _told(document)
        texts = (page.get_textpage().get_text_range() for page in document)
        text = "\n".join(line.strip() for text in texts for line in text.splitlines())
        return Finished(told.title, told.pages, told.statistics, text)


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    """The library's document; whatever stops who reads it says that it is no letter's."""
    try:
        with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
            yield document
    except (pypdfium2.PdfiumError, KeyError, ValueError, RecursionError) as error:
        raise NoLetter(f"this is no letter's PDF: {type(error).__name__}: {error}") from error


def _told(document: Any) -> Told:
    attachments = (document.get_attachment(index) for index in range(document.count_attachments()))
    embedded = {one.get_name(): one for one in attachments}
    statistics = json.loads(bytes(embedded[STATISTICS].get_data()))
    if not isinstance(statistics, dict):
        raise ValueError(f"{STATISTICS} has no keys")
    return Told(document.get_metadata_value("Title"), len(document), statistics)


def picture(pdf: bytes, page: int, width: int) -> Picture:
    """A page, counted from 1 or, backwards, from -1. Raises IndexError when there is none."""
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
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
