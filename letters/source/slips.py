"""Slips of the pen in YAML: a sign left out, or put for another, told from the text.

Sentences and hints show keys and numbers at most, for the text may hold personal data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Slip(NamedTuple):
    """What was probably meant where something else stands."""

    offset: int  #: characters from where one looked: a line's beginning, an index in the text
    sentence: str
    hint: str
    key: str = ""  #: that was meant, of a key in braces


_KEY = r"^\s*(?:- )?[^\s{}\[\]\"'#:,][^{}\[\]\"'#:,\n]{0,80}?"
_NO_COLON = re.compile(_KEY + r"(?P<gap>:|[ ]?[,;=]?[ ]{0,9})\{")
_NO_BRACE = re.compile(
    _KEY + r":[ ]{1,99}(?P<gap>)[\w-]{1,80}:[ ][^{},]*(?:\}|,[ ]{0,99}[\w-]{1,80}:[ ])"
)
_NO_SPACE = re.compile(_KEY + r"(?P<gap>:)[^\s/{]")
_LINE_SLIPS = (
    (_NO_COLON, 'a colon and a space are wanted before the "{"', "write `key: {...}`"),
    (
        _NO_BRACE,
        'a "{" is missing here',
        "entries on one line stand between braces: `key: {key: value, key: value}`",
    ),
    (
        _NO_SPACE,
        "a space is missing after the colon",
        "write a colon and a space between a key and its value",
    ),
)
_ENTRY = re.compile(r"\s*[\w\"'-][^:#{}]{0,99}:(?: |$)")
_COMMENT = re.compile(r"(?<=[\w\"']:)[ ]{1,99}(?P<sign>#)\S")
_SPREADSHEET_ERROR = re.compile(r"[ ]{0,99}#[A-Z0-9]{1,9}[/!?]")
_COMMENT_SLIP = (
    '"#" begins a comment, so what follows is not read',
    'write the value; a text with "#" stands in quotes',
)
_KEY_SLIP = re.compile(
    r"(?P<key>[A-Za-z][\w-]{0,80})"
    r"(?:(?P<colon>:)(?P<text>[^\s/,:{}\[\]][^,:{}\[\]\n]{0,80})"
    r"|(?:[ ]?[,;=][ ]?|[ ]{1,9})(?P<number>-?[0-9][0-9.]{0,17}))"
    r"(?=[ ]{0,9}[,}])"
)
_NUMERAL = re.compile(r"-?[0-9]{1,9}(?:,[0-9]{1,9}){1,5}(?=[ ]{0,9}[,}])")


def line_slip(line: str) -> Slip | None:
    """What was left out between the key that begins a line and its value, if that is wrong."""
    for pattern, sentence, hint in _LINE_SLIPS:
        if match := pattern.match(line):
            return Slip(match.start("gap"), sentence, hint)
    return None


def unspaced(line: str) -> Slip | None:
    """The colon without a space after the key that begins a line."""
    match = _NO_SPACE.match(line)
    return Slip(match.start("gap"), *_LINE_SLIPS[-1][1:]) if match else None


def misplaced(lines: Sequence[str], line: int) -> tuple[int, Slip | None]:
    """The entry, at the line or above it, that begins in another column than those around it.

    Of the two that do not fit it is the one whose column is the rarer one in all the lines.
    """
    above = next((one for one in range(line - 1, 0, -1) if lines[one].strip()), line)
    columns = {one: _indented(lines[one]) for one in (line, above)}
    if columns[line] == columns[above] or not all(_ENTRY.match(lines[one]) for one in columns):
        return line, None
    often = Counter(map(_indented, filter(None, lines)))
    odd = above if often[columns[above]] < often[columns[line]] else line
    sentence = "this line does not begin in the column of the entries around it"
    hint = "give entries that belong together the same indentation"
    return odd, Slip(columns[odd], sentence, hint)


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def after_quote(line: str, column: int) -> Slip | None:
    """A quote that ended a text too early: the text went on at the column."""
    quote = line[column - 2 : column - 1]
    if column < 2 or quote not in ("'", '"') or not line[column - 1 : column].strip(" ,:{}[]#"):
        return None
    inner = "write an apostrophe in it twice, or put the text in double quotes"
    hint = inner if quote == "'" else "put a text that holds double quotes in single quotes"
    return Slip(column - 2, "the text in quotes ends here, but more of it follows", hint)


def second_colon(line: str, column: int) -> Slip | None:
    """A colon at the column that follows another one in the same entry of a line in braces."""
    entry = re.split(r"[,{}\[\]]", line[: column - 1])[-1]
    if line[column - 1 : column] != ":" or ": " not in entry:
        return None
    hint = 'put a text that holds ": " in quotes, or write the comma that is missing before the key'
    return Slip(column - 1, 'a second ":" stands in this entry', hint)


def comment_for_value(line: str) -> Slip | None:
    """A comment that begins where a value is wanted."""
    match = _COMMENT.search(line)
    return Slip(match.start("sign"), *_COMMENT_SLIP) if match else None


def spreadsheet_error(text: str, index: int) -> Slip | None:
    """A spreadsheet's error such as #N/A behind the index: to YAML it is a comment."""
    return Slip(0, *_COMMENT_SLIP) if _SPREADSHEET_ERROR.match(text, index) else None


def key_slip(text: str, index: int) -> Slip | None:
    """What was meant by a key in braces at the index, when its value stands right behind it."""
    match = _KEY_SLIP.match(text, index)
    if match is None:
        return None
    key, value = match["key"], match["number"] or match["text"]
    shown = f"`{key}: {value}`" if re.fullmatch("-?[0-9.]+", value) else f"`{key}: ...`"
    if match["colon"]:
        return Slip(len(key), "a space is missing after the colon", f"write {shown}", key)
    hint = f"a colon and a space follow a key: write {shown}"
    return Slip(0, "no colon follows this key", hint, key)


def numeral(text: str, index: int) -> Slip | None:
    """A number with commas at the index as a value in braces, where each comma ends an entry."""
    match = _NUMERAL.match(text, index)
    if match is None:
        return None
    return Slip(0, "a comma stands in this number", without_commas(match.group())[1])


def without_commas(numeral: str) -> tuple[str, str]:
    """The number meant, and a hint to write it so: 1,234 is 1234, 45,5 is 45.5; "" if unclear."""
    if re.fullmatch(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+", numeral):
        word = numeral.replace(",", "")
        return word, f"write {word}, without separators"
    if re.fullmatch(r"-?(0|[1-9][0-9]*),[0-9]+", numeral):
        word = numeral.replace(",", ".")
        return word, f"write {word}"
    return "", "write it without commas"
