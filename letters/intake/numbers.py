"""What a cell says as a count, by rules: what is not certainly a number is an error.

The rules are those of statistics offices' own guidance on spreadsheets; a number is never read out of
characters that may mean something else, such as a footnote's mark behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from letters.errors import Place, Problem, Severity
from letters.intake.cells import Cell, Kind, Sheet, folded
from letters.wording import quoted

_MOST = 999_999_999
_DIGITS = re.compile(r"[0-9]{1,9}")
_WITH_COMMAS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_WITH_MARKS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+[.,][0-9]*")
_NOTHING = ("-", "–", "—", "−", "n/a", "na", "nil", "none")
_SHORTHAND = re.compile(r"\[[a-z]+\]|[a-z]|\*+|\.\.+|:|low", re.IGNORECASE)
_SUMS = re.compile(r"\b(?:SUM|SUBTOTAL)\(", re.IGNORECASE)
_RANGE = re.compile(
    r"(?P<sheet>'(?:[^']|'')*'!|[\w.\[\]]+!)?"
    r"(?<![A-Za-z0-9.])(?P<left>[A-Z]{1,3})(?P<top>[0-9]{1,7})"
    r"(?::(?P<right>[A-Z]{1,3})(?P<bottom>[0-9]{1,7}))?(?![A-Za-z0-9(])"
)
_OF_ODS = re.compile(
    r"\[(?P<sheet>[^\[\].]*)\.(?P<first>\$?[A-Z]+\$?[0-9]+)"
    r"(?::[^\[\].]*\.(?P<last>\$?[A-Z]+\$?[0-9]+))?\]"
)
_DASHES = ("-", "–", "—")
_WRITE_0 = "write 0, or leave the authority out"


class Taken(NamedTuple):
    """What a cell gives: a number, or nothing; and what is to be said of it."""

    number: int | None
    withheld: str = ""  #: why it is not shown, as `suppressed` has it
    problem: Problem | None = None


def count_in(cell: Cell, sheet: Sheet, suppressed: Mapping[str, str]) -> Taken:
    """The count in a cell, or why there is none."""
    said = folded(cell.shown)
    if cell.kind is Kind.TEXT and said.casefold() in suppressed:
        return Taken(None, suppressed[said.casefold()])
    if cell.kind is Kind.TEXT:
        return _of_text(cell, sheet)
    if cell.kind is Kind.NUMBER and isinstance(cell.value, int | Decimal):
        return _of_number(cell, cell.value)
    if problem := unreadable(cell, "a count"):
        return Taken(None, problem=problem)
    code, sentence, hint = {
        Kind.BLANK: ("count-empty", "this cell is empty, and nothing is not 0", _WRITE_0),
        Kind.DATE: (
            "date-as-count",
            f"a date stands here ({said}) in place of a count",
            "spreadsheets make dates of what looks like one, such as 3/4: write the number again",
        ),
        Kind.BOOL: ("not-a-count", f"{said} stands here in place of a count", "write the number"),
    }[cell.kind]
    return _refused(cell.place, code, sentence, hint)


def unreadable(cell: Cell, wanted: str) -> Problem | None:
    """An error for a cell that a spreadsheet could not work out, or did not; None for none."""
    if cell.kind is Kind.ERROR:
        sentence = f"the error {folded(cell.shown)} stands here in place of {wanted}"
        hint = "mend the formula, or what it refers to"
        return Problem(cell.place, Severity.ERROR, "error-in-cell", sentence, hint)
    if cell.kind is Kind.UNCOMPUTED:
        sentence = "this formula has never been worked out"
        hint = "open the workbook in a spreadsheet program and save it"
        return Problem(cell.place, Severity.ERROR, "formula-uncomputed", sentence, hint)
    return None


def passed_over(cell: Cell, sheet: Sheet) -> tuple[Cell, ...]:
    """The numbers stored as text that a formula's sums pass over, as spreadsheets do; 0 is no matter.

    A plus takes them for numbers; `SUM` does not. What stands in another sheet is not looked at.
    """
    found = dict[tuple[int, int], Cell]()
    for summed in _summed(_as_excel_writes(cell.formula)):
        for match in _RANGE.finditer(summed):
            if match["sheet"] or not match["left"]:
                continue
            left, top = _column(match["left"]), int(match["top"])
            right, bottom = _column(match["right"] or match["left"]), int(match["bottom"] or top)
            for row in range(top, min(bottom, sheet.last_row) + 1):
                for column in range(left, min(right, sheet.last_column) + 1):
                    one = sheet.cells.get((row, column))
                    if one and one.kind is Kind.TEXT and _of_text(one, sheet).number:
                        found[row, column] = one
    return tuple(found.values())


def _as_excel_writes(formula: str) -> str:
    """A formula of OpenDocument in the other's form: [.C2:.D3] is C2:D3, [$Old.C2] Old!C2."""
    if formula.startswith("of:"):
        formula = _OF_ODS.sub(
            lambda found: (
                (f"{found['sheet']}!" if found["sheet"] else "")
                + found["first"]
                + (f":{found['last']}" if found["last"] else "")
            ),
            formula,
        )
    return formula.replace("$", "")


def _summed(formula: str) -> Iterator[str]:
    """What stands in the brackets of each sum."""
    for match in _SUMS.finditer(formula):
        depth, end = 1, match.end()
        while depth and end < len(formula):
            depth += {"(": 1, ")": -1}.get(formula[end], 0)
            end += 1
        yield formula[match.end() : end]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _of_text(cell: Cell, sheet: Sheet) -> Taken:
    said, number = folded(cell.shown), folded(str(cell.value))
    if cell.raised:
        sentence = f"a small {quoted(cell.raised)} stands behind {quoted(number)}, which would be read as {said}"
        return _refused(
            cell.place, "mark-behind-number", sentence, "write the note in a cell of its own"
        )
    commas = _WITH_COMMAS.fullmatch(said)
    if sheet.unsure_of_points and _WITH_MARKS.fullmatch(said):
        sentence = f"{quoted(said)}: in a file with semicolons a comma or a dot may mean thousands or decimals"
        return _refused(
            cell.place, "points-unclear", sentence, "save it without separators in numbers"
        )
    if _DIGITS.fullmatch(said) or commas:
        value = int(said.replace(",", ""))
        if sheet.plain:
            return Taken(value)
        sentence = f"the number {said} is stored as text, and was taken as {value}"
        hint = "sums in the sheet pass over it: turn it into a number"
        return Taken(
            value, problem=Problem(cell.place, Severity.NOTICE, "number-as-text", sentence, hint)
        )
    if said.casefold() in _NOTHING:
        return _refused(cell.place, "not-zero", f"{quoted(said)} is not 0", _WRITE_0)
    if _SHORTHAND.fullmatch(said):
        sentence = f"{quoted(said)} stands in place of a count, and nobody has said what it means"
        hint = (
            f"say so in import.yaml, such as suppressed: {{{_key(said)}: c}}, or write the number"
        )
        return _refused(cell.place, "count-withheld", sentence, hint)
    if re.match(r"[0-9]", said) and not re.search(r"[%£$€]", said):
        sentence = f"something stands behind the number: {quoted(said)}"
        return _refused(cell.place, "mark-behind-number", sentence, "write the number alone")
    sentence = f"{quoted(said)} is no count"
    return _refused(cell.place, "not-a-count", sentence, "write the whole number alone")


def _key(word: str) -> str:
    return f'"{word}"'


def _of_number(cell: Cell, value: int | Decimal) -> Taken:
    shown = folded(cell.shown)
    if cell.raised:
        sentence = f"a small {quoted(cell.raised)} stands with the number {value}"
        return _refused(
            cell.place, "mark-behind-number", sentence, "write the note in a cell of its own"
        )
    if "%" in shown:
        sentence = f"{shown} is a percentage, and no count"
        return _refused(
            cell.place, "percentage-as-count", sentence, "take the column with the numbers"
        )
    if re.search(r"[£$€]", shown):
        return _refused(cell.place, "not-a-count", f"{shown} is money, and no count", "")
    if value > _MOST:
        sentence = f"{shown} is more than any count"
        return _refused(cell.place, "count-too-large", sentence, "is it a reference, or a date?")
    if isinstance(value, Decimal) or value < 0:
        seen = f" (shown as {shown})" if shown != str(value) else ""
        what = "below 0" if value < 0 else "no whole number"
        sentence = f"{value}{seen} is {what}"
        return _refused(cell.place, "not-a-whole-count", sentence, "write the whole number")
    for said in (shown, cell.also_shown):
        if said is not None and not _shows(said, value):
            shows = "shows" if said is shown else "may show, by its format,"
            sentence = f"the cell {shows} {quoted(said)} and holds {value}"
            hint = "show it as it is (number format General), or write what is meant"
            return _refused(cell.place, "shown-otherwise", sentence, hint)
    return Taken(value)


def _shows(said: str, value: int) -> bool:
    """Whether somebody who reads the cell reads the number; a dash is how accounts show 0."""
    if value == 0 and said in _DASHES:
        return True
    try:
        return (
            bool(re.fullmatch(r"[0-9,\s]+(?:\.0*)?", said))
            and Decimal(re.sub(r"[,\s]", "", said)) == value
        )
    except InvalidOperation:
        return False


def _refused(place: Place, code: str, sentence: str, hint: str) -> Taken:
    return Taken(None, problem=Problem(place, Severity.ERROR, code, sentence, hint))
