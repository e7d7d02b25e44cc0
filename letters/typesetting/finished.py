"""Finished PDFs, read back: what they say, carry and look like, or why they failed; only user of pypdfium2."""

from __future__ import annotations

import io
import json
import re
import struct
import textwrap
import threading
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import atan2, cos, pi, sin
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from letters.errors import NoLetter, Spot
from letters.typesetting.manuscript import STATISTICS, Note

_ONE_AT_A_TIME = threading.Lock()  # the library wants it so
_LEVEL = 0.02  #: radians
_DEEPEST = 8  #: levels of drawings in drawings


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


class Ink(NamedTuple):
    """Where some words of one line are seen, in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PageText:
    """What one page says and where; width and height in points."""

    text: str  #: in the order in which it is drawn
    inks: tuple[Ink, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a PNG; width and height in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One page as it is drawn: rows of red, green and blue bytes, each row `stride` bytes long."""

    pixels: bytes
    width: int  #: pixels
    height: int
    stride: int


class Word(NamedTuple):
    """A word of a page, and where it is seen on a picture, in pixels from its upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


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


def pages_as_seen(pdf: bytes) -> tuple[PageText, ...]:
    """What each page of a PDF says, and where its ink is."""
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        return tuple(_as_seen(page) for page in document)


def texts_as_drawn(pdf: bytes) -> tuple[str, ...]:
    """What each page says, piece by piece as it is drawn; `pages_as_seen` orders those of a line.

    It takes four times as long.
    """
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        return tuple("".join(_pieces(page)) for page in document)


def _pieces(page: Any) -> Iterator[str]:
    text = page.get_textpage()
    for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEEPEST):
        length = raw.FPDFTextObj_GetText(piece, text, None, 0)
        buffer = (raw.FPDF_WCHAR * (length // 2))()
        raw.FPDFTextObj_GetText(piece, text, buffer, length)
        yield bytes(buffer).decode("utf-16-le").rstrip("\0")


def words_at(pdf: bytes, page: int, ink: Ink) -> str:
    """The words where some ink is, on a page counted from 1."""
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        left, bottom, right, top = ink
        third = (top - bottom) / 3  # the lines above and below reach into the others
        inside = (left, bottom + third, right, top - third)
        text = document[page - 1].get_textpage().get_text_bounded(*inside)
        return " ".join(text.split())


def letters_at(pdf: bytes, page: int, ink: Ink) -> tuple[Ink, ...]:
    """Where each letter is of the words at a place of a page, counted from 1.

    Of words that are turned none, for their letters' places reach into one another.
    """
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        text = document[page - 1].get_textpage()
        start, count = 0, text.count_chars()
        while start < count:
            length = bisect_right(
                range(1, count - start + 1), 1, key=partial(text.count_rects, start)
            )
            if text.count_rects(start, length) and Ink(*text.get_rect(0)) == ink:
                letters = range(start, start + length)
                return tuple(Ink(*text.get_charbox(one)) for one in letters if _is_level(text, one))
            start += length
    return ()


def _is_level(text: Any, letter: int) -> bool:
    turned = raw.FPDFText_GetCharAngle(text, letter) % (pi / 2)
    return bool(min(turned, pi / 2 - turned) < _LEVEL)


def _as_seen(page: Any) -> PageText:
    text = page.get_textpage()
    inks = tuple(Ink(*text.get_rect(index)) for index in range(text.count_rects()))
    return PageText(text.get_text_range(), inks, *page.get_size())


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
        drawn = _drawn(document[index], width)
    return Picture(png(drawn), drawn.width, drawn.height)


def bitmaps(pdf: bytes, width: int) -> tuple[Bitmap, ...]:
    """All pages as they are drawn, each so many pixels wide. Raises NoLetter when it is no PDF."""
    with _opened(pdf) as document:
        return tuple(_drawn(page, width) for page in document)


def bitmap(pdf: bytes, page: int, width: int) -> Bitmap | None:
    """A page, counted from 1, so many pixels wide; None when there is none.

    Raises NoLetter when it is no PDF.
    """
    with _opened(pdf) as document:
        return _drawn(document[page - 1], width) if 0 < page <= len(document) else None


def words_seen(pdf: bytes, page: int, width: int) -> tuple[Word, ...]:
    """The words of a page, counted from 1, as they are on its picture of a width in pixels.

    What is kept together without a space is one word, such as "64%". None where there is no such
    page. Raises NoLetter.
    """
    with _opened(pdf) as document:
        if not 0 < page <= len(document):
            return ()
        sheet = document[page - 1]
        return tuple(_words(sheet.get_textpage(), sheet.get_height(), width / sheet.get_width()))


def _words(text: Any, height: float, scale: float) -> Iterator[Word]:
    said = text.get_text_range()
    if len(said) != text.count_chars():  # characters of two halves: places are not where they seem
        return
    for found in re.finditer(r"\S+", said):
        boxes = [text.get_charbox(index) for index in range(*found.span())]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        edges = left, height - top, right, height - bottom
        yield Word(found[0], *(edge * scale for edge in edges))


def _drawn(page: Any, width: int) -> Bitmap:
    drawn = page.render(
        scale=width / page.get_width(), rev_byteorder=True, force_bitmap_format=raw.FPDFBitmap_BGR
    )
    return Bitmap(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride)


def png(bitmap: Bitmap) -> bytes:
    """A picture as a PNG (ISO/IEC 15948).

    Its rows are left unfiltered, which for pages of text is small, and takes half of the time of
    finding out how to filter each row.
    """
    pixels, width, height, stride = bitmap.pixels, bitmap.width, bitmap.height, bitmap.stride
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, height * stride, stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, red, green, blue
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


# Drafts of letters that failed -------------------------------------------------------------------

_RED, _WHITE = (190, 30, 45), (255, 255, 255)
_LINE = 95  #: characters on a line of the list
_SMALL, _ACROSS = 10.0, 120.0  #: points of the list's letters, of the word across a page


def as_draft(pdf: bytes, notes: Sequence[Note]) -> tuple[bytes, int]:
    """Pages marked as a draft, with what is wrong outlined and told on a page behind them.

    Gives the PDF and how many pages it has. What has no spots is looked for by its text.
    """
    with _ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        spots = [_spots(document, note) for note in notes]
        for number in range(1, count + 1):
            sheet = _Sheet(document, document[number - 1])
            sheet.write_across("DRAFT")
            for index, found in enumerate(spots, start=1):
                for spot in found:
                    if spot.page == number:
                        sheet.outline(spot, str(index))
            sheet.finish()
        sheet = _Sheet(document, document.new_page(*document[count - 1].get_size()))
        lines = ["What is wrong with this letter", ""]
        for index, note in enumerate(notes, start=1):
            wrapped = textwrap.wrap(note.sentence, _LINE) or [""]
            lines += [f"{index}   {wrapped[0]}", *(f"     {line}" for line in wrapped[1:]), ""]
        sheet.write_lines(lines)
        sheet.finish()
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue(), count + 1


def _spots(document: Any, note: Note) -> tuple[Spot, ...]:
    """Where a note is to be outlined: its spots, or where its text stands first."""
    if note.spots or not note.text.strip():
        return note.spots
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        if found := text.search(" ".join(note.text.split()), match_case=True).get_next():
            index, length = found
            boxes = [text.get_rect(at) for at in range(text.count_rects(index, length))]
            return tuple(Spot(number, *box) for box in boxes)
    return ()


class _Sheet:
    """A page that is written on."""

    def __init__(self, document: Any, page: Any) -> None:
        self._document, self._page = document, page
        self._width, self._height = page.get_size()

    def outline(self, spot: Spot, label: str) -> None:
        """A red frame around a place, and its number at the frame's corner."""
        left, bottom = max(spot.left - 2, 2), max(spot.bottom - 2, 2)
        right, top = min(spot.right + 2, self._width - 2), min(spot.top + 2, self._height - 2)
        frame = raw.FPDFPageObj_CreateNewRect(left, bottom, right - left, top - bottom)
        raw.FPDFPageObj_SetStrokeColor(frame, *_RED, 255)
        raw.FPDFPageObj_SetStrokeWidth(frame, 1.5)
        raw.FPDFPath_SetDrawMode(frame, 0, True)
        raw.FPDFPage_InsertObject(self._page, frame)
        wide = 5 + 6 * len(label)
        ground = raw.FPDFPageObj_CreateNewRect(max(left - wide, 0), top - 11, wide, 11)
        raw.FPDFPageObj_SetFillColor(ground, *_RED, 255)
        raw.FPDFPath_SetDrawMode(ground, raw.FPDF_FILLMODE_ALTERNATE, False)
        raw.FPDFPage_InsertObject(self._page, ground)
        self._write(label, 9.0, (1, 0, 0, 1, max(left - wide, 0) + 3, top - 9), _WHITE)

    def write_across(self, word: str) -> None:
        """A word from below at the left to above at the right, through which the page is seen."""
        turn = atan2(self._height, self._width)
        across, up, wide = cos(turn), sin(turn), 0.68 * _ACROSS * len(word)
        x = self._width / 2 - across * wide / 2 + up * _ACROSS * 0.35
        y = self._height / 2 - up * wide / 2 - across * _ACROSS * 0.35
        self._write(word, _ACROSS, (across, up, -up, across, x, y), _RED, 45)

    def write_lines(self, lines: Sequence[str]) -> None:
        """Lines of text from the top, the first one as a heading; what is too much is left out."""
        y = self._height - 70
        for index, line in enumerate(lines):
            self._write(line, _SMALL if index else 14.0, (1, 0, 0, 1, 68, y), (0, 0, 0))
            y -= _SMALL * 1.4
            if y < 64 and index + 1 < len(lines):
                self._write("... and more", _SMALL, (1, 0, 0, 1, 68, y), (0, 0, 0))
                break

    def finish(self) -> None:
        """Keep what was written."""
        raw.FPDFPage_GenerateContent(self._page)

    def _write(
        self,
        text: str,
        size: float,
        matrix: tuple[float, ...],
        colour: tuple[int, int, int],
        alpha: int = 255,
    ) -> None:
        written = raw.FPDFPageObj_NewTextObj(self._document, b"Helvetica-Bold", size)
        encoded = f"{text}\0".encode("utf-16-le")
        characters = (raw.FPDF_WCHAR * (len(encoded) // 2)).from_buffer_copy(encoded)
        raw.FPDFText_SetText(written, characters)
        raw.FPDFPageObj_SetFillColor(written, *colour, alpha)
        raw.FPDFPageObj_Transform(written, *matrix)
        raw.FPDFPage_InsertObject(self._page, written)
