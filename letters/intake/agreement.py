"""Sources held against each other: what they agree on, and what is odd about them together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from letters.campaign.lock import Lock
from letters.campaign.mapping import Figures
from letters.campaign.reading import Reading
from letters.campaign.recipients import existing, should_have_figures
from letters.errors import Place, Problem, Severity
from letters.intake.authorities import Names
from letters.intake.case_lists import CaseList
from letters.intake.cells import numbers_of, ranges
from letters.intake.figure_sheets import FigureSheet
from letters.wording import numbered, quoted, series

_YEARS = re.compile(r"(?<![0-9])((?:19|20|21)[0-9]{2})[-–_]([0-9]{2})(?![0-9])")
_FEW = 10  #: authorities without a row, beyond which it is seldom right


@dataclass(frozen=True, slots=True)
class Evidence:
    """One count of one authority as one source gives it."""

    number: int
    place: Place  #: by which problems name it
    cells: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[int, ...]], ...] = ()  #: a case list and its rows that count

    def __str__(self) -> str:
        if self.cells:
            return f"{self.number} ({', '.join(self.cells)})"
        found = "; ".join(
            f"{name}, rows {ranges(rows)}" if rows else f"{name}, no row"
            for name, rows in self.rows
        )
        return f"{self.number} ({found})"


def without_figures(
    figures: Sequence[tuple[Figures, FigureSheet]], lists: Sequence[CaseList], names: Names
) -> Iterator[Problem]:
    """A warning for cases of an authority that no sheet of figures has, though there are such sheets."""
    if not figures or any(sheet.table is None for _, sheet in figures):
        return
    there = {slug for _, sheet in figures for slug in (*sheet.counts, *sheet.withheld)}
    for listed in lists:
        for slug, rows in listed.rows.items():
            if slug not in there and listed.table:
                sentence = f"{names.register[slug].name} has cases, and no row among the figures"
                place = listed.table.place(rows[0])
                hint = "was it forgotten there?"
                yield Problem(place, Severity.WARNING, "cases-without-figures", sentence, hint)


def of_other_years(
    reading: Reading, files: Iterable[str], lists: Sequence[CaseList]
) -> Iterator[Problem]:
    """Warnings for workbooks that seem to be another year's, by their names or their dates."""
    period = reading.letter.period
    if period is None:
        return
    about = (period.start.year, period.end.year)
    for file in files:
        for match in _YEARS.finditer(file):
            first, last = int(match[1]), int(match[2])
            if last == (first + 1) % 100 and (first, first + 1) != about:
                sentence = f"its name speaks of {match[0]}, and the period is {period.start} to {period.end}"
                hint = "is it the right year's?"
                yield Problem(
                    Place(file), Severity.WARNING, "workbook-of-another-year", sentence, hint
                )
    for listed in lists:
        for heading, dates in listed.dates.items():
            inside = sum(period.start <= one <= period.end for one in dates)
            if listed.table and inside * 20 < len(dates):
                column = listed.table.columns[heading]
                place = listed.table.sheet.place(listed.table.header, column)
                sentence = (
                    f"of {len(dates)} dates in the column {quoted(heading)} {inside} are in the period,"
                    f" {period.start} to {period.end}"
                )
                hint = "is it the right year's list?"
                yield Problem(place, Severity.WARNING, "dates-of-another-year", sentence, hint)


def same_sheet(lists: Sequence[CaseList]) -> Iterator[Problem]:
    """An error for two entries that read one sheet: what was counted is known by the sheet."""
    seen = set[str]()
    for one in lists:
        if one.table and one.name in seen:
            sentence = "two entries under cases: read this sheet"
            hint = "put their counts together in one, with one enclosure"
            place = one.table.sheet.place()
            yield Problem(place, Severity.ERROR, "sheet-read-twice", sentence, hint)
        seen.add(one.name)


def without_rows(reading: Reading, lists: Sequence[CaseList]) -> tuple[str, ...]:
    """The authorities that should have figures, and have no row in any list."""
    if not any(one.counted for one in lists) or not all(one.whole and one.table for one in lists):
        return ()
    named = should_have_figures(reading)
    awaited = (*reading.statistics, *reading.awaited) if named is None else named
    exist = set(existing(reading))
    there = {slug for one in lists for slug in one.rows}
    return tuple(slug for slug in awaited if slug in exist and slug not in there)


def told_of(silent: Sequence[str], lists: Sequence[CaseList]) -> list[Problem]:
    """What to say of the authorities that have no row: a notice, of many a warning."""
    if not silent or lists[0].table is None:
        return []
    severity = Severity.NOTICE if len(silent) <= _FEW else Severity.WARNING
    have = "1 authority has" if len(silent) == 1 else f"{len(silent)} authorities have"
    sentence = (
        f"{have} no row in any case list, and so 0 of each count: {series(silent, most=_FEW)}"
    )
    hint = "if one is to have no figures, name it under left_out in letter.yaml"
    place = lists[0].table.sheet.place()
    return [Problem(place, severity, "no-rows", sentence, hint)]


def agreed(
    figures: Sequence[tuple[Figures, FigureSheet]],
    lists: Sequence[CaseList],
    lock: Lock,
    unread: set[str],
    silent: Sequence[str],
) -> tuple[dict[str, dict[str, tuple[Evidence, ...]]], list[Problem]]:
    """Each count by all sources that give it, and an error where two of them differ.

    A list with rows of nobody waits until it is known whose they are. An authority without a row in
    a case list has 0 there, if any source knows it, or it is one of the silent. What a workbook gave
    that is not at hand now is taken from the lock.
    """
    found = dict[str, dict[str, list[Evidence]]]()
    for _, sheet in figures:
        for slug, supplies in sheet.counts.items():
            for name, supplied in supplies.items():
                cells = " + ".join(str(place) for place in supplied.cells)
                one = Evidence(supplied.number, supplied.cells[0], (cells,))
                found.setdefault(slug, {}).setdefault(name, []).append(one)
    withheld = {slug for _, sheet in figures for slug in sheet.withheld}
    for slug, name, one in _from_before(lock, unread):
        found.setdefault(slug, {}).setdefault(name, []).append(one)
    known = dict.fromkeys((*found, *(slug for one in lists for slug in one.rows), *silent))
    for listed in lists:
        for name, by_slug in listed.counted.items() if listed.whole else ():
            for slug in known:
                rows = by_slug.get(slug, ())
                assert listed.table is not None
                place = listed.table.place(rows[0] if rows else listed.table.header)
                one = Evidence(len(rows), place, rows=((listed.name, rows),))
                found.setdefault(slug, {}).setdefault(name, []).append(one)
    problems = list[Problem]()
    for slug, counts in found.items():
        for name, several in counts.items():
            if len({one.number for one in several}) > 1:
                said = series([str(one) for one in several])
                sentence = f"the sources give different numbers: {said}"
                hint = "find out which of them is right, and correct the other"
                problems.append(
                    Problem(
                        several[0].place,
                        Severity.ERROR,
                        "sources-differ",
                        sentence,
                        hint,
                        f"{slug}.{name}",
                        slug,
                    )
                )
    return {
        slug: {name: tuple(several) for name, several in counts.items()}
        for slug, counts in found.items()
        if slug not in withheld
    }, problems


def _from_before(lock: Lock, unread: set[str]) -> Iterator[tuple[str, str, Evidence]]:
    for slug, authority in lock.authorities.items():
        for name, locked in authority.counts.items():
            cells = tuple(one for one in locked.cells if _workbook_of(one) in unread)
            rows = tuple(
                (listed, numbers_of(numbers))
                for listed, numbers in locked.rows.items()
                if _workbook_of(listed) in unread
            )
            if cells or rows:
                file = _workbook_of(cells[0] if cells else rows[0][0])
                yield slug, name, Evidence(locked.value, Place(file), cells, rows)


def _workbook_of(place: str) -> str:
    return place.partition("!")[0]


def limits(
    reading: Reading, counts: Mapping[str, Mapping[str, tuple[Evidence, ...]]]
) -> Iterator[Problem]:
    """Errors for counts beyond their limit, and for sums that are none, with their cells."""
    for slug, own in counts.items():
        for name, count in reading.letter.counts.items():
            if name not in own:
                continue
            value = own[name][0].number
            limit = own.get(count.at_most or "")
            wrong = ""
            if limit and value > limit[0].number:
                wrong = f"{numbered(value, count.singular, count.plural)}, but only {limit[0]}"
            parts = [own[part] for part in count.sum_of or () if part in own]
            if parts and len(parts) == len(count.sum_of or ()):
                total = sum(part[0].number for part in parts)
                wrong = wrong or (
                    f"{value} is not the sum of its parts, {total}" if total != value else ""
                )
            if wrong:
                place = own[name][0].place
                yield Problem(
                    place,
                    Severity.ERROR,
                    "counts-disagree",
                    wrong,
                    "find out which of them is right",
                    f"{slug}.{name}",
                    slug,
                )
