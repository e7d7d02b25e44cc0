"""What a workbook without an entry in `import.yaml` seems to hold, proposed as one.

Columns are known by what stands in them (authorities, addresses) and by their headings, which must
say what a count is called. What is not certain is left open, for a person to write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from letters.campaign.mapping import IMPORT, Cases, Figures, People
from letters.campaign.reading import Reading
from letters.campaign.records import Count
from letters.campaign.rules import is_address
from letters.errors import Place, Problem, Severity
from letters.intake.authorities import Names, NotKnown
from letters.intake.cells import Kind, Sheet, folded, same_words
from letters.intake.tables import headings_at
from letters.source.written import quoted_yaml
from letters.wording import quoted, series, spaced

Which: TypeAlias = Literal["figures", "cases", "contacts"]

_CODE = re.compile(r"[ENSW][0-9]{8}")
_MOST = 0.6  #: of a column's cells, for it to be a column of codes or addresses
_FEW_VALUES = 12  #: different ones in a column, for a condition to be about it
#: words that a heading may have beside those of a count, and still be it
_FILLING = frozenset(
    "all cases complaints count decided decisions due made number of the total with".split()
)
_WHOLE = ("total", "all", "number", "count")
_EMAIL = re.compile(r"\be-?mail(?: address(?:es)?)?\b|\baddress(?:es)?\b", re.IGNORECASE)
_SURNAMES = ("surname", "last name", "family name", "chief executive surname")
_POSTS = ("post", "job title", "position", "role", "chief executive post")
_TITLES = ("title", "salutation", "chief executive title")
_OF_EXECUTIVE = ("", "chief executive", "chief executive's", "ce", "chief exec")
_MOST_SHOWN = 6


class Proposal(NamedTuple):
    """An entry of `import.yaml` for a workbook."""

    which: Which
    entry: Figures | Cases | People | None  #: None when something is left open
    text: str  #: as the file would have it
    problems: tuple[Problem, ...]


class _Found(NamedTuple):
    sheet: Sheet
    header: int
    rows: Mapping[int, str]  #: slugs by row
    name: int  #: columns, 0 for none
    code: int


def proposed(
    file: str, sheets: Sequence[Sheet], reading: Reading, names: Names, which: Which | None
) -> Proposal:
    """The entry that a workbook seems to need, of the kind that is asked for, if one is."""
    found = max(
        (_authorities(sheet, names) for sheet in sheets if not sheet.hidden),
        key=lambda one: len(one.rows),
        default=None,
    )
    if found is None or not found.rows:
        sentence = "no sheet that can be seen has a column of authorities"
        hint = "write an entry for it in import.yaml"
        problem = Problem(Place(file), Severity.ERROR, "nothing-proposed", sentence, hint)
        return Proposal(which or "figures", None, "", (problem,))
    headings = {column: heading for heading, column in headings_at(found.sheet, found.header)}
    kind = which or _kind(found, headings)
    make = {"figures": _figures, "cases": _cases, "contacts": _contacts}[kind]
    head = [f"file: {quoted_yaml(file)}", f"sheet: {quoted_yaml(found.sheet.name)}"]
    head[1:] = [] if len(sheets) == 1 else head[1:]
    columns = {"name": headings.get(found.name, ""), "code": headings.get(found.code, "")}
    columns = {key: heading for key, heading in columns.items() if heading}
    authority = ", ".join(f"{key}: {quoted_yaml(heading)}" for key, heading in columns.items())
    head.append(f"authority: {{{authority}}}")
    lines, values, problems = make(found, headings, reading)
    text = f"{kind}:\n  - " + "\n    ".join((*head, *lines)) + "\n"
    if values is None:
        return Proposal(kind, None, text, problems)
    sheet = found.sheet.name if len(sheets) > 1 else None
    given: dict[str, Any] = {"file": file, "authority": columns, **values}
    given |= {"sheet": sheet} if sheet else {}
    record, _ = IMPORT.read({kind: [given]})
    if record is None:
        sentence = "a heading has a character that nobody sees, or the file's name one too many"
        hint = "type the headings again, and give the file a plain name"
        place = found.sheet.place(found.header)
        odd = Problem(place, Severity.ERROR, "heading-unclear", sentence, hint)
        return Proposal(kind, None, text, (odd,))
    return Proposal(kind, getattr(record, kind)[0], text, problems)


def _authorities(sheet: Sheet, names: Names) -> _Found:
    """The columns of names and codes in a sheet, and whose the rows below their headings are."""
    by_column = dict[int, dict[int, str]]()
    codes = Counter[int]()
    for (row, column), cell in sheet.cells.items():
        if cell.kind is not Kind.TEXT:
            continue
        if _CODE.fullmatch(folded(cell.shown)):
            codes[column] += 1
            continue
        try:
            by_column.setdefault(column, {})[row] = names.of(cell.words)[0]
        except NotKnown:
            continue
    column = max(by_column, key=lambda one: len(by_column[one]), default=0)
    rows = by_column.get(column, {})
    first = min(rows, default=1)
    header = next((row for row in range(first - 1, 0, -1) if _may_be_headings(sheet, row)), 0)
    rows = rows if header else {}
    code = next((one for one, number in codes.most_common(1) if number >= _MOST * len(rows)), 0)
    return _Found(sheet, header, rows, column, code)


def _may_be_headings(sheet: Sheet, row: int) -> bool:
    """Whether a row holds several texts, and no address, number, code or date."""
    cells = [sheet.heading(row, column) for column in range(1, sheet.last_column + 1)]
    filled = [cell for cell in cells if cell.kind is not Kind.BLANK]
    return len({cell.place for cell in filled}) > 1 and all(
        cell.kind is Kind.TEXT and "@" not in cell.shown and not _CODE.fullmatch(cell.words)
        for cell in filled
    )


def _kind(found: _Found, headings: Mapping[int, str]) -> Which:
    if any(_share_of_addresses(found, column) >= _MOST for column in headings):
        return "contacts"
    return "figures" if len(set(found.rows.values())) >= 0.9 * len(found.rows) else "cases"


def _share_of_addresses(found: _Found, column: int) -> float:
    cells = [found.sheet.cell(row, column) for row in found.rows]
    filled = [cell for cell in cells if cell.kind is not Kind.BLANK]
    good = sum("@" in cell.shown and is_address(folded(cell.shown)) for cell in filled[:50])
    return good / len(filled[:50]) if filled else 0


def _figures(
    found: _Found, headings: Mapping[int, str], reading: Reading
) -> tuple[list[str], dict[str, Any] | None, tuple[Problem, ...]]:
    others = [
        heading for column, heading in headings.items() if column not in (found.name, found.code)
    ]
    lines, counts, problems = ["counts:"], dict[str, str](), list[Problem]()
    for name in reading.letter.counts:
        fitting = _called(name, reading.letter.counts, others)
        if len(fitting) == 1:
            counts[name] = fitting[0]
            lines.append(f"  {name}: {quoted_yaml(fitting[0])}")
            continue
        choice = series(fitting or others, "or")
        lines.append(f"  {name}:   # {choice}")
        several = f"several columns may be the count {quoted(name)}"
        sentence = several if fitting else f"no column is called as the count {quoted(name)} is"
        hint = f"say in import.yaml which it is: {choice}"
        place = found.sheet.place(found.header)
        problems.append(Problem(place, Severity.ERROR, "column-unclear", sentence, hint))
    return lines, None if problems else {"counts": counts}, tuple(problems)


def _called(name: str, counts: Mapping[str, Count], headings: Sequence[str]) -> list[str]:
    """The headings that say what a count is called, by the strictest rule that finds one."""
    paths = {heading: same_words(heading).split(" / ") for heading in headings}
    words = frozenset(spaced(name).split())

    def fits(path: Sequence[str], among: str) -> bool:
        more = set(path[-1].split()) - words
        return words <= set(among.split()) and more <= _FILLING and path[-1] not in of_others

    own = _names_of(name, counts[name])
    of_others = {
        said for other, count in counts.items() if other != name for said in _names_of(other, count)
    }
    rules: tuple[Callable[[list[str]], bool], ...] = (
        lambda path: path[-1] in own or " / ".join(path) in own,
        lambda path: path[-1] in _WHOLE and len(path) > 1 and path[-2] in own,
        lambda path: fits(path, path[-1]),
        lambda path: fits(path, " ".join(path)),
    )
    for rule in rules:
        if fitting := [heading for heading, path in paths.items() if rule(path)]:
            return fitting
    return []


def _names_of(name: str, count: Count) -> set[str]:
    return {spaced(name), same_words(count.singular), same_words(count.plural)}


def _cases(
    found: _Found, headings: Mapping[int, str], reading: Reading
) -> tuple[list[str], dict[str, Any] | None, tuple[Problem, ...]]:
    """Which rows count, and what goes to an authority, is for a person to say."""
    lines = [
        "counts:   # name: {heading: value}, or a list of values; delete what this list does not give"
    ]
    choices = list(_choices(found, headings))
    lines += [f"  # {heading}: {values}" for heading, values in choices]
    lines += [f"  {name}:" for name in reading.letter.counts]
    own = [
        heading for column, heading in headings.items() if column not in (found.name, found.code)
    ]
    stem = found.sheet.file.rpartition(".")[0]
    columns = ", ".join(map(quoted_yaml, own))
    lines.append(
        f"enclosure: {{name: {quoted_yaml(stem)}, columns: [{columns}]}}   # what each authority is sent"
    )
    sentence = "nobody has said which rows of this list count, and what each authority is sent"
    hint = "put what is proposed into import.yaml, and complete it"
    place = found.sheet.place(found.header)
    return lines, None, (Problem(place, Severity.ERROR, "cases-open", sentence, hint),)


def _choices(found: _Found, headings: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for column, heading in headings.items():
        if column in (found.name, found.code):
            continue
        values = Counter(folded(found.sheet.cell(row, column).words) for row in found.rows)
        values.pop("", None)
        if 0 < len(values) <= _FEW_VALUES and max(values.values()) > 1:
            most = values.most_common(_MOST_SHOWN)
            shown = [f"{value} ({number})" for value, number in most]
            yield heading, ", ".join(shown)


def _contacts(
    found: _Found, headings: Mapping[int, str], reading: Reading
) -> tuple[list[str], dict[str, Any] | None, tuple[Problem, ...]]:
    executive, copies, problems = dict[str, str](), dict[str, str](), list[Problem]()
    for column, heading in headings.items():
        words = same_words(heading)
        if _share_of_addresses(found, column) >= _MOST:
            role = folded(_EMAIL.sub(" ", words)).strip(" :-/")
            if role in _OF_EXECUTIVE and "email" not in executive:
                executive["email"] = heading
            else:
                copies[role.title() or "Copy"] = heading
            continue
        for key, known in (("title", _TITLES), ("surname", _SURNAMES), ("post", _POSTS)):
            if words in known and key not in executive:
                executive[key] = heading
    ordered = {
        key: executive[key] for key in ("title", "surname", "post", "email") if key in executive
    }
    lines = [
        f"{key}: {{{', '.join(f'{quoted_yaml(one)}: {quoted_yaml(heading)}' for one, heading in parts.items())}}}"
        for key, parts in (("chief_executive", ordered), ("copies", copies))
        if parts
    ]
    if "email" not in executive:
        sentence = "no column is certainly that of the chief executives' addresses"
        hint = f"say in import.yaml which it is: {series(list(headings.values()), 'or')}"
        place = found.sheet.place(found.header)
        problems.append(Problem(place, Severity.ERROR, "column-unclear", sentence, hint))
        return lines, None, tuple(problems)
    return lines, {"chief_executive": ordered, "copies": copies}, ()
