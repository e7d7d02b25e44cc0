"""All sources of a year's figures, cases and contacts, read together and held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.campaign.in_git import WORKBOOKS
from letters.campaign.lock import Lock, LockedCount, load_lock
from letters.campaign.mapping import (
    IMPORT,
    IMPORT_FILE,
    Figures,
    ImportFile,
    People,
    Source,
    file_name,
)
from letters.campaign.reading import Reading, load_file, read_campaign
from letters.campaign.recipients import existing, gets_letter, should_have_figures
from letters.campaign.rules import Refused
from letters.errors import CampaignError, LettersError, Place, Problem, Severity
from letters.files import exists, is_left_over
from letters.intake.authorities import Names
from letters.intake.case_lists import CaseList, read_cases
from letters.intake.cells import Sheet, numbers_of, ranges
from letters.intake.figure_sheets import FigureSheet, read_figures
from letters.intake.people import Contact, PeopleSheet, merged, read_people
from letters.intake.proposal import Proposal, Which, proposed
from letters.intake.tables import gathered, table_of
from letters.intake.workbooks import content_of, understood
from letters.wording import did_you_mean, numbered, quoted, series, there_are


class NotAsked(LettersError):
    """What is on the command line does not say enough; the text says what is missing."""


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


@dataclass(frozen=True, slots=True)
class Intake:
    """All that was understood of a year's workbooks."""

    year: str
    reading: Reading
    mapping: ImportFile  #: with what was proposed
    proposals: tuple[Proposal, ...]  #: for workbooks that it had no entry for
    lock: Lock  #: of the import before
    figures: tuple[tuple[Figures, FigureSheet], ...]
    lists: tuple[CaseList, ...]
    people: tuple[tuple[People, PeopleSheet], ...]
    workbooks: Mapping[str, str]  #: SHA-256 by name, of those that were read
    #: by slug and count; what sources agree on
    counts: Mapping[str, Mapping[str, tuple[Evidence, ...]]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  #: of counts that some source gives
    contacts: Mapping[str, Contact] = field(default_factory=dict)  #: by slug, of all sheets
    problems: tuple[Problem, ...] = ()

    def gets_letter(self, slug: str) -> bool:
        """Whether an authority gets a letter, as far as `letter.yaml` and its figures tell."""
        letter, counts = self.reading.letter, self.counts.get(slug, {})
        numbers = {name: several[0].number for name, several in counts.items()}
        withheld = any(slug in sheet.withheld for _, sheet in self.figures)
        return not withheld and gets_letter(letter, slug, numbers)

    @property
    def has_errors(self) -> bool:
        """Whether nothing may be written."""
        return any(one.severity is Severity.ERROR for one in self.problems)


def take_in(
    root: Path,
    year: str,
    given: Sequence[Path] = (),
    which: Which | None = None,
    with_hidden: bool = False,
) -> Intake:
    """Read what `import.yaml` names, and what is given, which goes before files of the same name.

    Nothing is written. Raises CampaignError for files that cannot be read at all, and NotAsked.
    """
    reading = read_campaign(root, year)
    for source, is_known in (
        (reading.in_letter, reading.letter.counts),
        (reading.in_authorities, reading.register),
    ):
        if not is_known:
            file = source.places.file
            raise CampaignError(tuple(one for one in reading.problems if one.place.file == file))
    file = f"data/{year}/{IMPORT_FILE}"
    mapping = load_file(root, file, IMPORT) if exists(root / file) else ImportFile()
    named = {path.name: path for path in given}
    if len(named) < len(given):
        raise NotAsked("two of the files have the same name")
    for name in named:
        try:
            file_name(name)
        except Refused as error:
            raise NotAsked(f"{quoted(name)}: {error.sentence}; {error.hint}") from error
    if not (named or mapping.figures or mapping.cases or mapping.contacts):
        named = _at_hand(root / "private" / year)
    books = _Books(root, year, named)
    names = Names(reading.register, reading.letter.letter_date)
    mapping, added, problems = _with_proposals(mapping, books, reading, names, which)
    if not (mapping.figures or mapping.cases or mapping.contacts or books.named):
        raise NotAsked(
            f"there is no {file}, which says what is taken from where: put workbooks into"
            f" private/{year}/, or name one, and what it holds is proposed"
        )
    problems += _strangers(reading, mapping, file)
    lock = load_lock(root, year)
    figures = [
        (one, read_figures(sheets, one, names, reading.letter, with_hidden))
        for one in mapping.figures
        if (sheets := books.sheets(one.file)) is not None
    ]
    lists = [
        read_cases(sheets, one, names, with_hidden)
        for one in mapping.cases
        if (sheets := books.sheets(one.file)) is not None
    ]
    people = [
        (one, read_people(sheets, one, names, with_hidden))
        for one in mapping.contacts
        if (sheets := books.sheets(one.file)) is not None
    ]
    problems += books.problems
    problems += [one for _, sheet in figures for one in sheet.problems]
    problems += [one for listed in lists for one in listed.problems]
    problems += (*_same_sheet(lists), *_without_figures(figures, lists, names))
    problems += _of_other_years(reading, books.read, lists)
    contacts, of_two = merged([entries for _, entries in people])
    problems += of_two
    problems += [one for _, entries in people for one in entries.problems]
    unread_files = {one.file for one in (*mapping.figures, *mapping.cases)} - books.read.keys()
    silent = () if mapping.figures else _without_rows(reading, lists)
    problems += _told_of(silent, lists)
    counts, differing = _agreed(figures, lists, lock, unread_files, silent)
    problems += (*differing, *_limits(reading, counts))
    return Intake(
        year,
        reading,
        mapping,
        added,
        lock,
        tuple(figures),
        tuple(lists),
        tuple(people),
        books.read,
        counts,
        frozenset(name for one in counts.values() for name in one),
        contacts,
        gathered(dict.fromkeys(problems)),
    )


def _at_hand(folder: Path) -> dict[str, Path]:
    """The workbooks in a folder, by name."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return {}
    return {
        path.name: path
        for path in paths
        if path.suffix.lower() in WORKBOOKS and not is_left_over(path.name)
    }


class _Books:
    """The workbooks of a year, each read once."""

    def __init__(self, root: Path, year: str, named: Mapping[str, Path]) -> None:
        self._root, self._year, self._named = root, year, named
        self._sheets = dict[str, tuple[Sheet, ...] | None]()
        self.read = dict[str, str]()  #: SHA-256 by name
        self.problems = list[Problem]()

    @property
    def named(self) -> Mapping[str, Path]:
        """Those on the command line, by name."""
        return self._named

    def sheets(self, file: str) -> tuple[Sheet, ...] | None:
        """Those of a workbook; None when there is none, which is told."""
        if file not in self._sheets:
            self._sheets[file] = self._opened(file)
        return self._sheets[file]

    def _opened(self, file: str) -> tuple[Sheet, ...] | None:
        path = self._named.get(file) or self._root / "private" / self._year / file
        if file not in self._named and not exists(path):
            where = f"private/{self._year}/"
            sentence = f"it is not in {where}, and not named on the command line"
            hint = f"put it into {where}, or name it: letters import {self._year} FILE"
            severity = Severity.NOTICE if self._named else Severity.ERROR
            if self._named:
                sentence += "; what was imported from it before stays"
            self.problems.append(Problem(Place(file), severity, "no-workbook", sentence, hint))
            return None
        try:
            content = content_of(path)
            sheets = understood(file, content)
        except CampaignError as error:
            self.problems += error.problems
            return None
        self.read[file] = sha256(content).hexdigest()
        return sheets


def _with_proposals(
    mapping: ImportFile, books: _Books, reading: Reading, names: Names, which: Which | None
) -> tuple[ImportFile, tuple[Proposal, ...], list[Problem]]:
    """The mapping with an entry for each workbook on the command line, and those proposed."""
    entries: dict[str, tuple[Any, ...]] = {
        "figures": mapping.figures,
        "cases": mapping.cases,
        "contacts": mapping.contacts,
    }
    made, problems = list[Proposal](), list[Problem]()
    known = {one.file for several in entries.values() for one in several}
    for name in books.named:
        sheets = books.sheets(name) if name not in known else None
        if sheets is None:
            continue
        before = _of_another_name(entries.get(which or "", ()), sheets, books.named)
        if which and before:
            renamed = before.model_copy(update={"file": name})
            entries[which] = tuple(renamed if one is before else one for one in entries[which])
            continue
        proposal = proposed(name, sheets, reading, names, which)
        made.append(proposal)
        problems += proposal.problems
        if proposal.entry is not None:
            entries[proposal.which] = (*entries[proposal.which], proposal.entry)
    return ImportFile(**entries), tuple(made), problems


def _of_another_name(
    entries: Sequence[Source], sheets: Sequence[Sheet], named: Mapping[str, Path]
) -> Source | None:
    """The one entry for a workbook of another name that fits this one, too; None for none."""
    fitting = [one for one in entries if one.file not in named and table_of(sheets, one, True)[0]]
    return fitting[0] if len(fitting) == 1 else None


def _strangers(reading: Reading, mapping: ImportFile, file: str) -> list[Problem]:
    """Errors for counts and measures that `letter.yaml` does not have."""
    counts, measures = reading.letter.counts, reading.letter.measures
    named: list[tuple[str, Mapping[str, object], str]] = [
        (name, counts, "count") for one in mapping.figures for name in one.counts
    ]
    named += [(name, counts, "count") for one in mapping.cases for name in one.counts]
    named += [(name, measures, "measure") for one in mapping.figures for name in one.rates]
    problems = list[Problem]()
    for name, known, what in named:
        if name not in known:
            sentence = f"letter.yaml has no {what} {quoted(name)}"
            hint = did_you_mean(name, known) or there_are(tuple(known))
            problems.append(Problem(Place(file), Severity.ERROR, f"no-such-{what}", sentence, hint))
    called = [one.enclosure.name for one in mapping.cases if one.enclosure]
    for name in sorted({one for one in called if called.count(one) > 1}):
        sentence = f"two case lists have the same enclosure: {quoted(name)}"
        problems.append(
            Problem(Place(file), Severity.ERROR, "enclosure-twice", sentence, "rename one of them")
        )
    return problems


def _without_figures(
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


def _of_other_years(
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


def _same_sheet(lists: Sequence[CaseList]) -> Iterator[Problem]:
    """An error for two entries that read one sheet: what was counted is known by the sheet."""
    seen = set[str]()
    for one in lists:
        if one.table and one.name in seen:
            sentence = "two entries under cases: read this sheet"
            hint = "put their counts together in one, with one enclosure"
            place = one.table.sheet.place()
            yield Problem(place, Severity.ERROR, "sheet-read-twice", sentence, hint)
        seen.add(one.name)


def _without_rows(reading: Reading, lists: Sequence[CaseList]) -> tuple[str, ...]:
    """The authorities that should have figures, and have no row in any list."""
    if not any(one.counted for one in lists) or not all(one.whole and one.table for one in lists):
        return ()
    named = should_have_figures(reading)
    awaited = (*reading.statistics, *reading.awaited) if named is None else named
    exist = set(existing(reading))
    there = {slug for one in lists for slug in one.rows}
    return tuple(slug for slug in awaited if slug in exist and slug not in there)


def _told_of(silent: Sequence[str], lists: Sequence[CaseList]) -> list[Problem]:
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


def _agreed(
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


def _limits(
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


def locked_counts(intake: Intake, slug: str) -> dict[str, LockedCount]:
    """What the lock is to say of an authority's counts."""
    return {
        name: LockedCount(
            value=several[0].number,
            cells=tuple(cell for one in several for cell in one.cells),
            rows={listed: ranges(rows) for one in several for listed, rows in one.rows},
        )
        for name, several in intake.counts.get(slug, {}).items()
    }
