"""What is odd about the rows of a case list: what is seldom right, and what cannot be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from letters.campaign.mapping import Cases
from letters.errors import Problem, Severity
from letters.intake.authorities import Names
from letters.intake.cells import LONGEST_TEXT, same_words
from letters.intake.numbers import unreadable as unreadable_cell
from letters.intake.tables import Table
from letters.wording import numbered, quoted, series, spaced

_ALIKE = 0.8
_NEARLY_ALL = 0.9  #: of the values of a column, that differ where it holds references


def nearly(table: Table, source: Cases, values: Mapping[tuple[str, str], int]) -> Iterator[Problem]:
    """A warning for what stands in a column and no count names, but nearly: Uphled."""
    known = dict[str, set[str]]()
    for conditions in source.counts.values():
        for heading, wanted in conditions.items():
            known.setdefault(heading, set()).update(same_words(one) for one in wanted)
    for (heading, value), number in values.items():
        said = same_words(value)
        if not said or said in known[heading]:
            continue
        near = [one for one in sorted(known[heading]) if _is_alike(said, one)]
        if near:
            sentence = (
                f"{quoted(value)} in the column {quoted(heading)} counts for nothing"
                f" ({numbered(number, 'row')}), and is much like {series([quoted(one) for one in near], 'or')}"
            )
            hint = "correct it there, or name it in import.yaml"
            place = table.sheet.place(table.header, table.columns[heading])
            yield table.problem(Severity.WARNING, "value-unknown", place, sentence, hint)


def never(table: Table, source: Cases, values: Mapping[tuple[str, str], int]) -> Iterator[Problem]:
    """A warning for a condition that no row can meet: what is wanted stands nowhere."""
    there = dict[str, set[str]]()
    for heading, value in values:
        there.setdefault(heading, set()).add(same_words(value))
    for count, conditions in source.counts.items():
        for heading, wanted in conditions.items():
            missing = [one for one in wanted if same_words(one) not in there.get(heading, ())]
            if not there.get(heading) or not missing:
                continue
            all_of_them = len(missing) == len(wanted)
            so = f", so {spaced(count)} is 0 for all" if all_of_them else ""
            said = series([quoted(one) for one in missing], "or")
            sentence = f"no row says {said} in the column {quoted(heading)}{so}"
            hint = "look at what stands there, and correct import.yaml"
            place = table.sheet.place(table.header, table.columns[heading])
            severity = Severity.WARNING if all_of_them else Severity.NOTICE
            yield table.problem(severity, "value-of-no-row", place, sentence, hint)


def _is_alike(said: str, other: str) -> bool:
    rest = said.removeprefix(other)
    begins = said != rest and not rest[:1].isalnum()
    denies = said.endswith(other) or other.endswith(said)
    return begins or (not denies and SequenceMatcher(None, said, other).ratio() >= _ALIKE)


def unreadable(
    table: Table, rows: Mapping[str, tuple[int, ...]], headings: Sequence[str]
) -> Iterator[Problem]:
    """Errors for cells in use that could not be worked out."""
    for own in rows.values():
        for row in own:
            for heading in headings:
                if problem := unreadable_cell(table.cell(row, heading), "what is wanted"):
                    yield problem


def too_long(table: Table, source: Cases, rows: Mapping[str, tuple[int, ...]]) -> Iterator[Problem]:
    """An error for a text that no cell of a workbook can hold."""
    headings = source.enclosure.columns if source.enclosure else ()
    for own in rows.values():
        for row in own:
            for heading in headings:
                cell = table.cell(row, heading)
                if len(cell.shown) > LONGEST_TEXT:
                    sentence = f"this text has more than {LONGEST_TEXT:,} characters, and no cell holds more"
                    hint = "shorten it, or leave the column out of the enclosure"
                    yield table.problem(Severity.ERROR, "text-too-long", cell, sentence, hint)


def of_two(
    table: Table, source: Cases, rows: Mapping[str, tuple[int, ...]], names: Names
) -> Iterator[Problem]:
    """A warning for a case that two authorities have, by what stands in the first column sent."""
    if source.enclosure is None:
        return
    heading, first = source.enclosure.columns[0], dict[str, tuple[str, int]]()
    cells = [(slug, table.cell(row, heading)) for slug, own in rows.items() for row in own]
    if len({cell.words for _, cell in cells}) < _NEARLY_ALL * len(cells):
        return  # it is no reference
    for slug, cell in cells:
        other, at = first.setdefault(cell.words, (slug, cell.place.line))
        if other != slug and cell.words:
            who = names.register[other].name
            sentence = f"the same {quoted(heading)} is in row {at}, of {who}"
            yield table.problem(
                Severity.WARNING, "case-of-two", cell, sentence, "whose case is it?"
            )


def twice(table: Table, rows: Mapping[str, tuple[int, ...]]) -> Iterator[Problem]:
    """A warning for rows that are the same in every column: one case may be there twice."""
    whole = dict[int, list[object]]()
    for (row, column), cell in table.sheet.cells.items():
        whole.setdefault(row, []).append((column, cell.value))
    first = dict[tuple[object, ...], int]()
    for own in rows.values():
        for row in own:
            other = first.setdefault(tuple(whole[row]), row)
            if other != row:
                sentence = f"this row is the same as row {other} in every column"
                hint = "if it is one case, delete one of them"
                place = table.place(row)
                yield table.problem(Severity.WARNING, "row-twice", place, sentence, hint)
