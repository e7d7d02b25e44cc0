"""The parser's complaints about YAML as sentences for somebody who fills in data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.errors import Problem, Severity
from letters.source.places import Position
from letters.source.slips import (
    Slip,
    after_quote,
    comment_for_value,
    line_slip,
    misplaced,
    second_colon,
    unspaced,
)
from letters.source.text import place_at

_INDENTATION = (
    "this line does not fit the lines above it",
    "entries that belong together begin in the same column;"
    " a text after a closing quote or bracket is wrong too",
)
_UNCLOSED = "the list or mapping that begins here is not closed"

#: a pattern of the parser's words (libyaml's or PyYAML's own), the sentence, the hint
# fmt: off
_SENTENCES = (
    ("found unexpected ':'", "a value is missing after the colon",
     "write it, or delete the key and its colon"),
    ("block sequence entries are not allowed", 'a text may not begin with "-" and a space',
     "put the text in quotes"),
    ("mapping values are not allowed", 'a ":" stands where no key can be',
     'put a text that holds ": " in quotes'),
    ("could not find expected ':'", 'expected "key: value", found no ":" after the key',
     "write a colon and a space"),
    ("unexpected (end of stream|document)", "the quote that opens here is never closed",
     "write the closing quote"),
    ("unknown escape character", "a backslash in this text begins no escape that is known",
     "use single quotes"),
    ("cannot start any token|alphabetic or numeric character", "a text may not begin with {0}",
     "put the text in quotes"),
    ("tag", "a tag is not understood here", 'put a text that begins with "!" in quotes'),
    ("expected '?<document start>", "the entries end before this",
     "delete what follows, or put it in its place above"),
    (r"',' or '\]'", _UNCLOSED, 'close it with "]", and put commas between its entries'),
    (r"',' or '\}'", _UNCLOSED, 'close it with "}", and put commas between its entries'),
    ("comment or (a )?line break|indentation indicators",
     "nothing may follow | or > on its line", "begin the text on the next line"),
    ("did not find expected key|expected <block end>|'-' indicator", *_INDENTATION),
    ("node content", "a value is wanted here, found {0}",
     "is there a comma too many? a text that begins so stands in quotes"),
)
# fmt: on
_BAD_LINE_START = re.compile(r"^(?: *(?P<tab>\t)[ \t]*[^\s#]|%)", re.MULTILINE)
_TAB = ("a tab begins this line; spaces are wanted", "set the editor to indent with spaces")
_DIRECTIVE = ('a line may not begin with "%"', "delete it, or put the text in quotes")
_AT_ITS_BEGINNING = re.compile(
    r"',' or|expected ':'|unexpected (?:end of stream|document)"
    r"|alphabetic or numeric|unknown escape"
)


def bad_line_starts(file: str, text: str) -> Iterator[Problem]:
    """Tabs and directives: the parser's words about them are riddles, or it takes hours."""
    for match in _BAD_LINE_START.finditer(text):
        tab = match.start("tab")
        sentence, hint = _TAB if tab >= 0 else _DIRECTIVE
        place = place_at(file, text, max(tab, match.start()))
        yield Problem(place, Severity.ERROR, "tab-or-directive", sentence, hint)


def explain(
    text: str, words: str, mark: Position, beginning: Position | None
) -> tuple[Position, str, str]:
    """Place, sentence and hint for the parser's words about a mark and what began unfinished."""
    # counted from 1, and the end of the text may be on a line of its own
    lines = ["", *text.splitlines(), ""]
    for line, slip in _slips(lines, words, mark, beginning or mark):
        if slip:
            return (line, slip.offset + 1), slip.sentence, slip.hint
    if beginning and _AT_ITS_BEGINNING.search(words):
        mark = beginning
    line, column = mark
    return mark, *_sentence(words, lines[line][column - 1 : column])


def _slips(
    lines: list[str], words: str, mark: Position, beginning: Position
) -> Iterator[tuple[int, Slip | None]]:
    """What may have been meant where the parser complains, and the line; the likeliest first."""
    line, column = mark
    if "mapping values are not allowed" in words:
        yield line, line_slip(lines[line])
        yield line - 1, unspaced(lines[line - 1])
        if ": " not in lines[line][: column - 1]:
            yield misplaced(lines, line)
    elif "expected ':'" in words:
        yield beginning[0], line_slip(lines[beginning[0]])
    elif (
        "',' or" in words or "did not find expected key" in words or "expected <block end>" in words
    ):
        yield line, after_quote(lines[line], column)
        if "',' or" not in words:
            yield misplaced(lines, line)
    elif "node content" in words:
        yield line - 1, comment_for_value(lines[line - 1])
    if "',' or" in words:
        yield line, second_colon(lines[line], column)
        yield from (
            (number, comment_for_value(lines[number])) for number in range(beginning[0], line + 1)
        )


def _sentence(words: str, character: str) -> tuple[str, str]:
    shown = f'"{character}"' if character.strip() else "nothing"
    for pattern, sentence, hint in _SENTENCES:
        if re.search(pattern, words):
            return sentence.format(shown), hint
    return (
        f"this cannot be read as YAML ({words})",
        "look at the quotes, brackets and indentation near here",
    )
