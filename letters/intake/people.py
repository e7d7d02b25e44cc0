"""One sheet that says who receives each authority's letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from letters.campaign.mapping import People
from letters.campaign.rules import Refused, address, one_line
from letters.errors import Place, Problem, Severity
from letters.intake.authorities import Names, NotKnown
from letters.intake.cells import Cell, Kind, Sheet, folded
from letters.intake.numbers import unreadable
from letters.intake.rows import gone, name_and_code, unusable
from letters.intake.tables import Table, table_of, without_words

Entry = Mapping[str, Any]  #: of contacts.yaml, as its file has it

_DASHES = ("-", "–", "—", "−")
_SEPARATED = re.compile(r"\s*[;,\n]\s*|\s+(?=\S+@)")


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """What one sheet gives; problems never show what stands in a cell, which is personal data."""

    table: Table | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)  #: by slug
    places: Mapping[str, Place] = field(default_factory=dict)  #: by slug, where its row begins
    problems: tuple[Problem, ...] = ()


def read_people(
    sheets: Sequence[Sheet], source: People, names: Names, with_hidden: bool = False
) -> PeopleSheet:
    """The contacts in one sheet of a workbook, and all that is wrong or doubtful with it."""
    executive = source.chief_executive.model_dump(exclude_none=True)
    table, problems = table_of(sheets, source, with_hidden)
    if table is None:
        return PeopleSheet(problems=problems)
    entries, places = dict[str, Entry](), dict[str, Place]()
    found = [*without_words(table.sheet.problems), *problems]
    if wrong := _of_no_authorities(table, source, names):
        return PeopleSheet(problems=(*found, wrong))
    for row in table.rows:
        slug, problem = _whose(table, row, source, names)
        if problem:
            found.append(problem)
        if not slug:
            continue
        if slug in entries:
            sentence = f"{names.register[slug].name} is in row {places[slug].line}, too"
            hint = "delete one of the two rows; copies have columns of their own"
            found.append(
                table.problem(Severity.ERROR, "authority-twice", table.place(row), sentence, hint)
            )
            continue
        cells = {key: table.cell(row, heading) for key, heading in executive.items()}
        roles = [
            (role, table.cell(row, heading))
            for role, headings in source.copies.items()
            for heading in headings
        ]
        if entry := _entry(cells, roles):
            entries[slug], places[slug] = entry, table.place(row)
        found += _wrong(table, cells, roles)
    found += _same(table, source, entries, places, names)
    return PeopleSheet(table, entries, places, tuple(found))


class Contact(NamedTuple):
    """One authority's contacts, and where they come from."""

    entry: Entry
    place: Place


def merged(sheets: Sequence[PeopleSheet]) -> tuple[dict[str, Contact], tuple[Problem, ...]]:
    """The contacts of all sheets together: one may have chief executives, another the copies.

    An error for each authority of which two sheets name different chief executives.
    """
    found, problems = dict[str, Contact](), list[Problem]()
    for sheet in sheets:
        for slug, entry in sheet.entries.items():
            place, before = sheet.places[slug], found.get(slug)
            if before is None:
                found[slug] = Contact(entry, place)
                continue
            ones = [
                one["chief_executive"] for one in (before.entry, entry) if "chief_executive" in one
            ]
            if len(ones) == 2 and ones[0] != ones[1]:
                sentence = f"another chief executive than in {before.place}"
                hint = "correct the one or the other"
                problems.append(
                    Problem(place, Severity.ERROR, "sources-differ", sentence, hint, slug, slug)
                )
            copies = [*before.entry.get("copies", ()), *entry.get("copies", ())]
            parts: dict[str, Any] = {"chief_executive": ones[0]} if ones else {}
            once = [one for at, one in enumerate(copies) if one not in copies[:at]]
            found[slug] = Contact(parts | ({"copies": once} if once else {}), before.place)
    return found, tuple(problems)


def _whose(table: Table, row: int, source: People, names: Names) -> tuple[str, Problem | None]:
    """Whose contacts a row has, "" for nobody's that gets a letter."""
    if bad := unusable(table, row, source.authority):
        return "", bad
    name, code = name_and_code(table, row, source.authority)
    try:
        slug, _ = names.of(name, code)
    except NotKnown as error:
        told = (error.code, table.place(row), error.sentence, error.hint)
        return "", table.problem(Severity.ERROR, *told)
    body = names.register[slug]
    if reason := gone(body, names.day, names.register):
        sentence = f"{body.name}: {reason}"
        hint = "its contacts are left out"
        place = table.place(row)
        return "", table.problem(Severity.WARNING, "authority-left-out", place, sentence, hint)
    return slug, None


def _of_no_authorities(table: Table, source: People, names: Names) -> Problem | None:
    """An error for a column that holds something else than authorities: it may be people's names."""
    unknown = 0
    for row in table.rows:
        try:
            names.of(*name_and_code(table, row, source.authority))
        except NotKnown:
            unknown += 1
    if unknown < 2 or unknown * 2 < len(table.rows):
        return None
    sentence = f"{unknown} of {len(table.rows)} rows below this heading name no authority"
    hint = "is another column meant?"
    return table.problem(
        Severity.ERROR, "no-authorities", table.place(table.header), sentence, hint
    )


def _entry(cells: Mapping[str, Cell], roles: Sequence[tuple[str, Cell]]) -> Entry:
    """An authority's contacts as contacts.yaml has them, without what is empty."""
    executive = {key: said for key, cell in cells.items() if (said := folded(cell.shown))}
    copies = [{"role": role, "email": one} for role, cell in roles for one in _addresses(cell)]
    parts: dict[str, Any] = {"chief_executive": executive} if executive else {}
    return parts | ({"copies": copies} if copies else {})


def _addresses(cell: Cell) -> list[str]:
    """The addresses of one cell: several stand on lines of their own, or after ; or a comma."""
    return [one for one in _SEPARATED.split(cell.shown.strip()) if one]


def _wrong(
    table: Table, cells: Mapping[str, Cell], roles: Sequence[tuple[str, Cell]]
) -> Iterator[Problem]:
    """What is wrong with one authority's contacts; the cells are named and never shown."""
    for cell in (*cells.values(), *(cell for _, cell in roles)):
        if problem := unreadable(cell, "what is wanted"):
            yield problem
        elif cell.kind not in (Kind.TEXT, Kind.BLANK):
            sentence = "expected text, found something else"
            yield table.problem(Severity.ERROR, "not-text", cell, sentence)
        elif folded(cell.shown) in _DASHES:
            sentence = "a dash stands here; nothing is an empty cell"
            yield table.problem(Severity.ERROR, "dash-as-text", cell, sentence, "delete it")
    for key, cell in cells.items():
        if cell.kind is Kind.TEXT:
            try:
                (address if key == "email" else one_line)(folded(cell.shown))
            except Refused as error:
                yield table.problem(Severity.ERROR, error.code, cell, error.sentence, error.hint)
    for _, cell in roles:
        for one in _addresses(cell):
            try:
                address(one)
            except Refused as error:
                yield table.problem(Severity.ERROR, error.code, cell, error.sentence, error.hint)
    title, surname = cells.get("title"), cells.get("surname")
    if title and surname and (title.kind is Kind.BLANK) != (surname.kind is Kind.BLANK):
        alone = title if surname.kind is Kind.BLANK else surname
        sentence = "a title without a surname" if alone is title else "a surname without a title"
        hint = "write both, or neither: the letter then greets the post"
        yield table.problem(Severity.ERROR, "half-a-name", alone, sentence, hint)


def _same(
    table: Table,
    source: People,
    entries: Mapping[str, Entry],
    places: Mapping[str, Place],
    names: Names,
) -> Iterator[Problem]:
    """What asks about addresses that are used twice.

    One person may serve two authorities. The same address for two people, or for one authority's
    chief executive and another one's copy, is seldom right.
    """
    heading = source.chief_executive.email
    first = dict[str, str]()
    for slug, entry in entries.items():
        executive = entry.get("chief_executive", {})
        email = executive.get("email", "").casefold()
        if email and (other := first.setdefault(email, slug)) != slug:
            row = places[other].line
            place = table.cell(places[slug].line, heading).place if heading else places[slug]
            who = names.register[other].name
            if _person(executive) == _person(entries[other]["chief_executive"]):
                sentence = f"one person is the chief executive of {who} (row {row}), too"
                yield table.problem(
                    Severity.NOTICE, "chief-executive-of-two", place, sentence, "is that so?"
                )
            else:
                sentence = f"the chief executive of {who} (row {row}) has the same address, and another name"
                hint = "correct the one or the other"
                yield table.problem(Severity.WARNING, "same-address", place, sentence, hint)
    copied = dict[str, str]()
    for slug, entry in entries.items():
        own = entry.get("chief_executive", {}).get("email", "").casefold()
        emails = [copy["email"].casefold() for copy in entry.get("copies", ())]
        place = places[slug]
        if len({own, *emails} - {""}) < len([one for one in (own, *emails) if one]):
            sentence = "one address receives this letter twice"
            yield table.problem(Severity.NOTICE, "address-twice", place, sentence, "is that so?")
        for email in dict.fromkeys(emails):
            chief = first.get(email, slug)
            other = copied.setdefault(email, slug)
            if chief != slug and email != own:
                sentence = f"a copy goes to the chief executive of {names.register[chief].name}"
                hint = "is the address in the right row?"
                yield table.problem(Severity.WARNING, "copy-to-another", place, sentence, hint)
            elif other != slug:
                who = names.register[other].name
                sentence = (
                    f"a copy goes to an address that has one of {who} (row {places[other].line})"
                )
                yield table.problem(Severity.NOTICE, "copy-of-two", place, sentence, "is that so?")


def _person(executive: Mapping[str, str]) -> tuple[str, str]:
    return executive.get("title", ""), executive.get("surname", "").casefold()
