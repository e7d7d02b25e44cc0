"""Files of separated values (csv) to one sheet of cells; the only user of csv.

Nothing in such a file says how it is written, so little is guessed: the encoding is told by a mark,
or is UTF-8, or else Windows-1252; the separator is what every line has the same number of.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import PurePath

from letters.errors import Place, Problem, Severity
from letters.intake.cells import Cell, Kind, Sheet, folded, refuse, require_size
from letters.wording import quoted, series

_SEPARATORS = ",;\t"
csv.field_size_limit(10_000_000)  # characters of one value
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_LOOKED_AT = 200  #: rows, to find the separator
_OF_EXCEL = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_csv(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Its one sheet, called as the file is. Raises CampaignError for what cannot be understood."""
    name = PurePath(file).stem
    text, problems = _text(file, name, content)
    if "\0" in text:
        raise refuse(Place(file), "no-workbook", "this is neither a workbook nor a text")
    if begins := _OF_EXCEL.match(text):
        separator, text = begins[1], text[begins.end() :]
    else:
        separator = _separator(file, text)
    cells = dict[tuple[int, int], Cell]()
    try:
        for number, row in enumerate(
            csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        ):
            line = number + 1
            require_size(file, name, line, len(row))
            for column, shown in enumerate(row, 1):
                if shown.strip():
                    place = Place(file, line, column, sheet=name)
                    if "\n" in shown and shown.count(separator) >= max(len(row) - 1, 2):
                        sentence = "a quote that begins here swallows whole rows"
                        hint = "delete it, or write it twice"
                        raise refuse(place, "quote-open", sentence, hint)
                    cells[line, column] = _cell(place, shown)
    except csv.Error as error:
        sentence = f"this cannot be read as separated values ({error})"
        raise refuse(Place(file), "workbook-damaged", sentence, "save it again as .xlsx") from error
    return (
        Sheet(file, name, cells, plain=True, unsure_of_points=separator == ";", problems=problems),
    )


def _cell(place: Place, shown: str) -> Cell:
    if _NUMBER.fullmatch(shown.strip()):
        return Cell(place, int(shown), Kind.NUMBER, shown.strip())
    if re.fullmatch(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!)", shown.strip()):
        return Cell(place, shown.strip(), Kind.ERROR, shown.strip())
    return Cell(place, shown, Kind.TEXT, shown)


def _text(file: str, name: str, content: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text, and a notice when its encoding is not certain."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.removeprefix(mark).decode(encoding), ()
            except UnicodeDecodeError as error:
                sentence = f"it begins as {encoding} does, and is not written so"
                raise refuse(Place(file), "workbook-damaged", sentence) from error
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        sentence = "its encoding is neither UTF-8 nor Windows-1252"
        hint = 'save it again as "CSV UTF-8", or as .xlsx'
        raise refuse(Place(file), "encoding-unknown", sentence, hint) from error
    words = dict.fromkeys(re.findall(r"[^\s,;\t\"]*[^\x00-\x7f][^\s,;\t\"]*", text))
    sentence = "the file is not UTF-8, and was read as Windows-1252: look at " + series(
        [quoted(folded(word)) for word in words], most=8
    )
    hint = 'or save it again as "CSV UTF-8"'
    place = Place(file, sheet=name)
    return text, (Problem(place, Severity.NOTICE, "encoding-assumed", sentence, hint),)


def _separator(file: str, text: str) -> str:
    """The separator that all rows have equally many of; rows without any are titles and remarks."""
    best, most = "", 0
    for separator in _SEPARATORS:
        widths = _widths(text, separator)
        wide = [width for width in widths if width > 1]
        usual = max(wide, key=wide.count, default=0)
        rows = wide.count(usual)
        if usual and rows * 2 > len(wide) and rows * (usual - 1) > most:
            best, most = separator, rows * (usual - 1)
    if not best:
        sentence = "nobody can tell what separates its values: commas, semicolons or tabs"
        raise refuse(Place(file), "separator-unknown", sentence, "save it again as .xlsx")
    return best


def _widths(text: str, separator: str) -> Sequence[int]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        return [len(row) for row, _ in zip(rows, range(_LOOKED_AT), strict=False)]
    except csv.Error:
        return []
