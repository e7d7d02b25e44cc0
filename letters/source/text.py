"""The text of one file that somebody wrote, or what is wrong with it as a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from letters.errors import Place, Problem, Severity

LARGEST = 2_000_000  #: bytes; the contacts of all 343 councils take about 80,000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_INVISIBLE = re.compile(
    "([\xa0\xad\u034f\u061c\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000])\\1*"
)
_DELETE = "delete it; many editors do not show it"
_COMMENT = re.compile("(?:^| )#.*")


def read_text(root: Path, file: str) -> str | Problem:
    """The text of `root`/`file` (UTF-8, without a byte order mark), or what hinders reading it."""
    path = root / file
    try:
        if path.is_dir():
            return _whole("folder-for-file", file, "this is a folder; a file is wanted")
        if not path.exists():
            return _whole("no-such-file", file, "there is no such file")
        if not path.is_file():
            return _whole("no-ordinary-file", file, "this is no ordinary file")
        if path.stat().st_size > LARGEST:
            return _too_large(file)
        return decode(file, path.read_bytes())
    except OSError as error:
        sentence = f"the file cannot be read: {(error.strerror or 'unknown reason').lower()}"
        hint = "look at its permissions and at its folder's"
        return _whole("file-unreadable", file, sentence, hint)


def decode(file: str, data: bytes) -> str | Problem:
    """The bytes as text, or the problem at the first that may not stand in a file of ours."""
    if data.startswith(_UTF_16):
        sentence, hint = (
            "the file is UTF-16; UTF-8 is wanted",
            'save it again with the encoding "UTF-8"',
        )
        return _whole("utf-16", file, sentence, hint)
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if len(data) > LARGEST:
        return _too_large(file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _bad_byte(file, data, error.start)
    return check_characters(file, text) or text


def check_characters(file: str, text: str) -> Problem | None:
    """The problem at the first character that no editor shows and that upsets counting lines."""
    match = _NOT_TEXT.search(text)
    if match is None:
        return None
    place = place_at(file, text, match.start())
    sentence = f"the character U+{ord(match.group()):04X} may not stand in a file"
    return Problem(place, Severity.ERROR, "control-character", sentence, _DELETE)


def invisible_characters(file: str, text: str) -> Iterator[Problem]:
    """Characters outside comments that show as a space or as nothing, each run of one at once."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in _INVISIBLE.finditer(_COMMENT.sub("", line, count=1)):
            yield _invisible(Place(file, number, match.start() + 1), match[1])


def _invisible(place: Place, character: str) -> Problem:
    name = unicodedata.name(character, "without a name").lower()
    sentence = f"the character U+{ord(character):04X} ({name}) may not stand here"
    is_space = unicodedata.category(character) == "Zs"
    hint = "type an ordinary space in its place" if is_space else _DELETE
    return Problem(place, Severity.ERROR, "invisible-character", sentence, hint)


def place_at(file: str, text: str, index: int) -> Place:
    """The place of the character at `index`; lines end with LF, CR LF or CR."""
    lines = text[:index].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(file, len(lines), len(lines[-1]) + 1)


def _bad_byte(file: str, data: bytes, index: int) -> Problem:
    before = data[:index].decode("utf-8")
    meant = data[index : index + 1].decode("cp1252", errors="ignore")
    guess = f'; in Windows-1252 this byte is "{meant}"' if meant.isprintable() and meant else ""
    sentence = f"the byte 0x{data[index]:02X} is not UTF-8"
    hint, place = (
        f'save the file with the encoding "UTF-8"{guess}',
        place_at(file, before, len(before)),
    )
    return Problem(place, Severity.ERROR, "not-utf-8", sentence, hint)


def _too_large(file: str) -> Problem:
    megabytes = f"the file is larger than {LARGEST // 1_000_000} MB"
    hint = "a year of 343 authorities takes a tenth of that; is this the right file?"
    return _whole("file-too-large", file, f"{megabytes}, too large for a file of a campaign", hint)


def _whole(code: str, file: str, sentence: str, hint: str = "") -> Problem:
    return Problem(Place(file), Severity.ERROR, code, sentence, hint)
