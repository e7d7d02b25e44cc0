"""The text of one file that somebody wrote, or what is wrong with it as a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from letters.errors import Place, Problem, Severity
from letters.wording import quoted, reason_of

LARGEST = 8_000_000  #: bytes; the contacts of 343 councils take 80,000, of 20,000 letters 5 million

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SAVE = 'save it again with the encoding "UTF-8"'
#: What else a file may be, by how it begins.
_NO_UTF_8 = (
    (
        "no-text",
        re.compile(rb"PK(?:\x03\x04|\x05\x06)"),
        "this is a workbook, a document or another packed file, and no text",
        "write what it holds into a text file of this name",
    ),
    (
        "no-text",
        re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"),
        "this is a compressed file, and no text",
        "unpack it, and put what was in it here",
    ),
    (
        "no-text",
        re.compile(
            rb"\0{4}|%PDF-|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff|GIF8|SQLite format 3|\{\\rtf"
        ),
        "this is a document, a picture or a data base, and no text",
        "write what it holds into a text file of this name",
    ),
    (
        "utf-32",
        re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff|[^\0]\0\0\0|\0\0\0[^\0]"),
        "the file is UTF-32; UTF-8 is wanted",
        _SAVE,
    ),
    (
        "utf-16",
        re.compile(rb"\xff\xfe|\xfe\xff|(?s:..){0,3}(?:(?:[^\0]\0){2}|(?:\0[^\0]){2})"),
        "the file is UTF-16; UTF-8 is wanted",
        _SAVE,
    ),
)
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
#: shows as a space or as nothing, each run of one at once: Default_Ignorable_Code_Point of Unicode and more
INVISIBLE = re.compile(
    "([\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800"
    "\u3000\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffc\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff])\\1*"
)
_CONFLICT = re.compile(r"^<{7}(?: |$)", re.MULTILINE)
TEMPLATE_SIGNS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")  #: never meant to be printed
_DELETE = "delete it; many editors do not show it"
_COMMENT = re.compile("(?:^| )#.*", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_LIKE_OURS = frozenset(("CYRILLIC", "GREEK", "ARMENIAN"))
#: ours, but for show, and scripts of which every letter looks like one of ours
_DRESSED = frozenset(
    "FULLWIDTH MATHEMATICAL PARENTHESIZED NEGATIVE CHEROKEE COPTIC LISU DESERET".split()
)
_LIKE_OUR_SIGNS = re.compile("[\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u037e\u0387]")
#: UTF-8 that somebody read as Windows-1252: an accented letter, a sign, a quote or a dash
_MISREAD = re.compile("\u00c3.|\u00c2[\xa0-\xbf]|\u00e2(?:\u20ac|\u201a).")
_UNITS = frozenset("μΩπ")  # \u03bcg and k\u03a9 are written so
_LIKE_LATIN = frozenset("АВЕЗКМНОРСТУХІЈЅаеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχօոսհցՕՍ")


def read_text(root: Path, file: str) -> str | Problem:
    """The text of `root`/`file` (UTF-8, without a byte order mark), or what hinders reading it."""
    path = root / file
    try:
        if path.is_dir():
            return _whole("folder-for-file", file, "this is a folder; a file is wanted")
        if path.is_symlink() and not path.exists():
            sentence, hint = "this is a link, and what it leads to is not there", "mend the link"
            return _whole("no-such-file", file, sentence, hint)
        if not path.exists():
            return _whole("no-such-file", file, "there is no such file")
        if not path.is_file():
            return _whole("no-ordinary-file", file, "this is no ordinary file")
        if path.stat().st_size > LARGEST:
            return _too_large(file)
        return decode(file, path.read_bytes())
    except OSError as error:
        sentence = f"the file cannot be read: {reason_of(error)}"
        hint = "look at its permissions and at its folder's"
        return _whole("file-unreadable", file, sentence, hint)


def decode(file: str, data: bytes) -> str | Problem:
    """The bytes as text, or the problem at the first that may not stand in a file of ours."""
    for code, beginning, sentence, hint in _NO_UTF_8:
        if beginning.match(data):
            return _whole(code, file, sentence, hint)
    data = data.removeprefix(_BYTE_ORDER_MARK)
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


def unmerged(file: str, text: str) -> Iterator[Problem]:
    """An error for each place where git left two versions of some lines in a text."""
    for match in _CONFLICT.finditer(text) if "<<<<<<<" in text else ():
        place = place_at(file, text, match.start())
        sentence = "two versions of the file were merged here, and nobody chose between them"
        hint = "keep one of the two, and delete the lines <<<<<<<, ======= and >>>>>>>"
        yield Problem(place, Severity.ERROR, "conflict-marks", sentence, hint)


def odd_characters(file: str, text: str, comment: re.Pattern[str] = _COMMENT) -> Iterator[Problem]:
    """An error for each character outside comments that is not what it looks like.

    Those that show as a space or as nothing, each run of one at once; letters and digits of other
    scripts that look like ours.
    """
    if text.isascii():
        return
    for offset, code, sentence, hint in odd_in(comment.sub(blanked, text)):
        place = place_at(file, text, offset)
        yield Problem(place, Severity.ERROR, code, sentence, hint)


class Odd(NamedTuple):
    """A character that is not what it looks like."""

    offset: int
    code: str
    sentence: str
    hint: str


def odd_in(text: str, spaces: bool = True) -> tuple[Odd, ...]:
    """The characters of a text that are not what they look like, in their order.

    Without `spaces` those that show as a space are none, for somebody wrote an entity or an escape.
    """
    if text.isascii():
        return ()
    misread = {match.start(): odd for match in _MISREAD.finditer(text) if (odd := _misread(match))}
    inside = {start + 1 for start in misread}
    others = (
        *(
            _invisible(match)
            for match in INVISIBLE.finditer(text)
            if (spaces or not _is_space(match[1])) and match.start() not in inside
        ),
        *(_look_alike(match.start(), match[0]) for match in _LIKE_OUR_SIGNS.finditer(text)),
        *(odd for word in _WORD.finditer(text) for odd in _foreign(word)),
    )
    return tuple(sorted((*misread.values(), *others)))


def _misread(match: re.Match[str]) -> Odd | None:
    """What was meant by letters that nobody typed; None when they may mean something."""
    try:
        data = b"".join(
            one.encode("latin-1" if "\x80" <= one <= "\x9f" else "cp1252") for one in match[0]
        )
        meant = data.decode("utf-8")
    except UnicodeError:
        return None
    sentence = f"{quoted(match[0])} is the sign {meant} after a change of encoding"
    hint = f"type {meant} again, and look for others: the file was saved with a wrong encoding"
    return Odd(match.start(), "wrong-encoding", sentence, hint)


def _is_space(character: str) -> bool:
    return unicodedata.category(character) == "Zs"


def _look_alike(offset: int, character: str) -> Odd:
    sentence = f"{_named(character)} is of another script and only looks like one of ours"
    return Odd(offset, "look-alike", sentence, "type the word again")


def blanked(match: re.Match[str]) -> str:
    """Spaces in place of what was found, and its line breaks."""
    return re.sub(r"[^\n]", " ", match[0])


def _invisible(match: re.Match[str]) -> Odd:
    sentence = f"{_named(match[1])} may not stand here"
    hint = "type an ordinary space in its place" if _is_space(match[1]) else _DELETE
    return Odd(match.start(), "invisible-character", sentence, hint)


def _foreign(word: re.Match[str]) -> Iterator[Odd]:
    """The first letter of another script in a word that is, or looks, all Latin."""
    if word[0].isascii():
        return
    scripts = [script(one) for one in word[0]]
    mixed = "LATIN" in scripts
    looks_latin = all(
        one in _LIKE_LATIN or of == "LATIN" for one, of in zip(word[0], scripts, strict=True)
    )
    for index, (one, of) in enumerate(zip(word[0], scripts, strict=True)):
        is_digit = one.isdecimal() and not one.isascii()
        is_foreign = of in _LIKE_OURS and one not in _UNITS and (mixed or looks_latin)
        if is_digit or is_foreign or of in _DRESSED:
            yield _look_alike(word.start() + index, one)
            return


def script(character: str) -> str:
    """The first word of a character's name, mostly its script; LATIN for all of ASCII."""
    if character.isascii():
        return "LATIN"
    return unicodedata.name(character, "NONE").split()[0].split("-")[0]


def _named(character: str) -> str:
    name = unicodedata.name(character, "without a name").lower()
    return f"the character U+{ord(character):04X} ({name})"


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
    hint = "a year of 343 authorities takes a hundredth of that; is this the right file?"
    return _whole("file-too-large", file, f"{megabytes}, too large for a file of a campaign", hint)


def _whole(code: str, file: str, sentence: str, hint: str = "") -> Problem:
    return Problem(Place(file), Severity.ERROR, code, sentence, hint)
