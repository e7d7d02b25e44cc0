"""A file of an office's to sheets of cells, whatever program it is of."""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from letters.errors import Place
from letters.intake.cells import Sheet, refuse
from letters.intake.comma_separated import read_csv
from letters.intake.ods import read_ods
from letters.intake.xlsx import read_xlsx
from letters.wording import reason_of

LARGEST = 50_000_000  #: bytes of a file
LARGEST_UNPACKED = 200_000_000  #: bytes of what is packed in it
#: what else a file may be, by how it begins
_OTHER = re.compile(
    rb"\s*(?:%PDF-|\x89PNG|\xff\xd8\xff|GIF8|\{\\rtf|SQLite format|<!doctype|<html|<\?xml)",
    re.IGNORECASE,
)
_MOST_PARTS = 5_000
_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
_AS_XLSX = "open it, and save it as an Excel workbook (.xlsx)"


def read(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook (xlsx, ods, csv), in order; `content_of` says what is raised."""
    return understood(path.name, content_of(path))


def content_of(path: Path) -> bytes:
    """The bytes of a workbook. Raises CampaignError when it is too large or cannot be read."""
    place = Place(path.name)
    try:
        look = path.stat()
        if not stat.S_ISREG(look.st_mode):
            raise refuse(place, "no-workbook", "this is no file", "name the workbook itself")
        if look.st_size > LARGEST:
            sentence = f"the file is larger than {LARGEST // 1_000_000} MB"
            raise refuse(place, "workbook-too-large", sentence, "is this the right file?")
        return path.read_bytes()
    except FileNotFoundError as error:
        sentence = f"there is no such file: {path}"
        raise refuse(place, "no-workbook", sentence) from error
    except OSError as error:
        sentence = f"this cannot be read: {reason_of(error)}"
        raise refuse(place, "workbook-unreadable", sentence) from error


def understood(file: str, content: bytes) -> tuple[Sheet, ...]:
    """The sheets in a workbook's bytes. Raises CampaignError for what is none, or damaged."""
    place = Place(file)
    if not content.strip():
        raise refuse(place, "no-workbook", "the file is empty")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        sentence = "this is a workbook of the old kind (.xls), or one with a password"
        raise refuse(place, "old-workbook", sentence, f"{_AS_XLSX} without a password")
    if _OTHER.match(content):
        sentence = "this is a document, a picture or a page, and no workbook"
        raise refuse(place, "no-workbook", sentence, "name the workbook itself")
    if not content.startswith(b"PK"):
        return read_csv(file, content)
    try:
        names = _looked_through(place, content)
    except _BROKEN as error:
        sentence = "this workbook is damaged: it cannot be unpacked"
        raise refuse(place, "workbook-damaged", sentence, "get it once more") from error
    sheets: tuple[Sheet, ...] | None = None
    if "xl/workbook.xml" in names:
        sheets = read_xlsx(file, content)
    elif "content.xml" in names:
        sheets = read_ods(file, content)
    if sheets == ():
        sentence = "no sheet in it can be read: it is of another kind (Strict Open XML, say)"
        raise refuse(place, "no-sheets", sentence, _AS_XLSX)
    if sheets:
        return sheets
    sentence = "this is a packed file, and no workbook that can be read"
    raise refuse(place, "no-workbook", sentence, _AS_XLSX)


def _looked_through(place: Place, content: bytes) -> tuple[str, ...]:
    """The names of what is packed in a file, once it is certain that reading it is harmless."""
    with ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
        size = sum(one.file_size for one in parts)
        if size > LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
            sentence = f"unpacked it is larger than {LARGEST_UNPACKED // 1_000_000} MB"
            raise refuse(place, "workbook-too-large", sentence, "is this the right file?")
        if any(one.flag_bits & 1 for one in parts):
            raise refuse(place, "workbook-locked", "it has a password", f"{_AS_XLSX} without one")
        for one in parts:
            if one.filename.endswith((".xml", ".rels")):
                with packed.open(one) as part:
                    if odd := _odd(iter(partial(part.read, 65536), b"")):
                        sentence = f"{one.filename} in it {odd}, as no workbook does"
                        raise refuse(place, "workbook-unsafe", sentence, _AS_XLSX)
        return tuple(one.filename for one in parts)


class _Begun(Exception):
    """The document itself begins: nothing is declared any more."""


def _odd(pieces: Iterator[bytes]) -> str:
    """What is odd about the beginning of an XML text, "" for nothing.

    With a document type it could define entities, and what is not UTF-8 hides from who searches it.
    """
    found = ""

    def declared(*what: object) -> None:
        nonlocal found
        found = "declares a document type"
        raise _Begun

    def begun(version: str, encoding: str | None, alone: int) -> None:
        nonlocal found
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
            found = "is not UTF-8"
            raise _Begun

    def element(*what: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.XmlDeclHandler = begun
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = element
    try:
        for number, piece in enumerate(pieces):
            if not number and piece[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                return "is not UTF-8"
            parser.Parse(piece)
    except (_Begun, expat.ExpatError):
        pass  # what is no XML is told by who reads it
    return found
