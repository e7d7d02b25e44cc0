"""All sources of a year's figures, cases and contacts, read together and held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from letters.campaign.recipients import gets_letter
from letters.campaign.rules import Refused
from letters.errors import CampaignError, LettersError, Place, Problem, Severity
from letters.files import exists, is_left_over
from letters.intake.agreement import (
    Evidence,
    agreed,
    limits,
    of_other_years,
    same_sheet,
    told_of,
    without_figures,
    without_rows,
)
from letters.intake.authorities import Names
from letters.intake.case_lists import CaseList, read_cases
from letters.intake.cells import Sheet, ranges
from letters.intake.figure_sheets import FigureSheet, read_figures
from letters.intake.people import Contact, PeopleSheet, merged, read_people
from letters.intake.proposal import Proposal, Which, proposed
from letters.intake.tables import gathered, table_of
from letters.intake.workbooks import content_of, understood
from letters.wording import did_you_mean, quoted, there_are


class NotAsked(LettersError):
    """What is on the command line does not say enough; the text says what is missing."""


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
    problems += (*same_sheet(lists), *without_figures(figures, lists, names))
    problems += of_other_years(reading, books.read, lists)
    contacts, of_two = merged([entries for _, entries in people])
    problems += of_two
    problems += [one for _, entries in people for one in entries.problems]
    unread_files = {one.file for one in (*mapping.figures, *mapping.cases)} - books.read.keys()
    silent = () if mapping.figures else without_rows(reading, lists)
    problems += told_of(silent, lists)
    counts, differing = agreed(figures, lists, lock, unread_files, silent)
    problems += (*differing, *limits(reading, counts))
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
