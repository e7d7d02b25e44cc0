"""The command that takes figures, cases and contacts from an office's workbooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years
from letters.cli.face import as_typed, echo, say
from letters.cli.frame import DONE, FAILED, IN_PART, USAGE, root_option, stop, told
from letters.cli.problems import show_problems
from letters.errors import column_letters
from letters.wording import counted, numbered, series, spaced

if TYPE_CHECKING:
    from letters.campaign.mapping import Figures, People
    from letters.intake.case_lists import CaseList
    from letters.intake.changes import Changes
    from letters.intake.figure_sheets import FigureSheet
    from letters.intake.people import PeopleSheet
    from letters.intake.sources import Intake

_MOST_NAMED = 4  #: authorities that are named in a line
_MOST = 15  #: rows of a table that are shown


@click.command("import")
@click.argument("year", shell_complete=years)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@root_option
@click.option("--write", is_flag=True, help="Write what is shown; without it nothing is written.")
@click.option(
    "--as",
    "which",
    type=click.Choice(["figures", "cases", "contacts"]),
    help="What a FILE holds that import.yaml does not name.",
)
@click.option(
    "--accept",
    "accepted",
    metavar="NAME=SLUG",
    multiple=True,
    help="Write into the register, at once, that an authority is also called so.",
)
@click.option(
    "--overwrite",
    metavar="SLUG",
    shell_complete=slugs_of,
    multiple=True,
    help="Take what the workbooks say of this authority, also where it was changed by hand.",
)
@click.option(
    "--with-hidden", is_flag=True, help="Read rows, columns and sheets that are hidden, too."
)
def import_(
    year: str,
    files: tuple[Path, ...],
    root: Path,
    write: bool,
    which: str | None,
    accepted: tuple[str, ...],
    overwrite: tuple[str, ...],
    with_hidden: bool,
) -> None:
    """Take a year's figures, case lists and contacts from workbooks (xlsx, ods, csv).

    data/YEAR/import.yaml says what is taken from where; a workbook that it does not know is looked
    through, and an entry is proposed. Workbooks are looked for in private/YEAR/; a FILE goes before
    the one of the same name. Shows what it understood, every doubt with its cell, and what would
    change; with --write it is written. Ends with 3 when something was left alone because somebody
    changed it by hand.
    """
    from letters.batch.store import year_folder
    from letters.campaign.load import require_campaign
    from letters.files import only_one
    from letters.intake.changes import changes
    from letters.intake.changes import write as write_changes
    from letters.intake.sources import NotAsked, take_in

    with told("stopped; import again to complete what was begun"):
        require_campaign(root, year)
        _accept(root, accepted)
        alone = only_one(year_folder(root, year), f"process {os.getpid()}", "in use")
        with alone if write else nullcontext():
            try:
                intake = take_in(root, year, files, which, with_hidden)  # type: ignore[arg-type]
            except NotAsked as error:
                stop(str(error), USAGE)
            for slug in overwrite:
                if slug not in intake.reading.register:
                    raise click.UsageError(f'the register has no authority "{slug}"')
            _show(intake)
            if intake.has_errors:
                say(f"{year}: {counted(intake.problems)}; nothing is written")
                sys.exit(FAILED)
            changed = changes(root, intake, overwrite)
            if write:
                write_changes(changed)
        for line in _told(intake, changed, write):
            echo(line)
        sys.exit(IN_PART if changed.by_hand else DONE)


def _show(intake: Intake) -> None:
    """What was understood, what is proposed, and all that is wrong or doubtful."""
    for line in _understood(intake):
        echo(line)
    if texts := _proposed(intake):
        echo(f"Proposed for data/{intake.year}/import.yaml:\n\n{texts}")
    show_problems(intake.problems, everything=True)


def _proposed(intake: Intake) -> str:
    """What is proposed, as one file has it: each kind of source once."""
    texts = dict[str, str]()
    for one in intake.proposals:
        head, _, entry = one.text.partition("\n")
        texts[head] = texts.get(head, "") + entry
    return "\n".join(f"{head}\n{entries}" for head, entries in texts.items() if head)


def _accept(root: Path, accepted: Sequence[str]) -> None:
    from letters.campaign.accepting import REGISTER_FILE
    from letters.files import only_one
    from letters.intake.aliases import accept

    spellings = dict[str, str]()
    for one in accepted:
        name, _, slug = (part.strip() for part in one.rpartition("="))
        if not name or not slug:
            raise click.UsageError(f'--accept takes "NAME=SLUG", and found "{one}"')
        if spellings.get(name, slug) != slug:
            raise click.UsageError(f'--accept says twice who "{name}" is')
        spellings[name] = slug
    if not spellings:
        return
    with only_one(root / "build", f"process {os.getpid()}", "in use"):
        written = accept(root, spellings)
    for name in written:
        echo(f'{REGISTER_FILE}: {spellings[name]} is also called "{name}"')


def _understood(intake: Intake) -> Iterator[str]:
    """What was found in each sheet."""
    yield f"{intake.year}: {numbered(len(intake.workbooks), 'workbook')} read"
    for source, sheet in intake.figures:
        yield from _figures(source, sheet)
    for listed in intake.lists:
        yield from _cases(listed)
    for people, entries in intake.people:
        yield from _people(people, entries)
    yield ""


def _figures(source: Figures, sheet: FigureSheet) -> Iterator[str]:
    if table := sheet.table:
        rows = numbered(len(sheet.counts), "authority", "authorities")
        yield f"  {source.file}, sheet {table.sheet.name}: {rows}, headings in row {table.header}"
        for count, headings in source.counts.items():
            columns = " + ".join(
                f"{heading} ({column_letters(table.columns[heading])})" for heading in headings
            )
            yield f"    {spaced(count):<24}{columns}"
        agree = [numbered(sheet.totals, "total")] if sheet.totals else []
        agree += [numbered(sheet.rates, "printed rate")] if sheet.rates else []
        if agree:
            yield f"    held against them       {series(agree)}"


def _cases(listed: CaseList) -> Iterator[str]:
    from letters.intake.provenance import conditions_in_words

    if table := listed.table:
        rows = f"{sum(map(len, listed.rows.values())):,} rows"
        of = numbered(len(listed.rows), "authority", "authorities")
        name = f"{listed.source.file}, sheet {table.sheet.name}"
        yield f"  {name}: {rows} of {of}, headings in row {table.header}"
        for count, conditions in listed.source.counts.items():
            number = sum(map(len, listed.counted[count].values()))
            where = conditions_in_words(conditions)
            yield f"    {spaced(count):<24}{number:,} rows{where}"
        for heading in dict.fromkeys(heading for heading, _ in listed.values):
            values = [
                f"{value or '(empty)'} {number:,}"
                for (other, value), number in sorted(listed.values.items(), key=lambda one: -one[1])
                if other == heading
            ]
            yield f"    in {heading}: {series(values, most=12)}"
        if listed.source.enclosure:
            columns = ", ".join(listed.source.enclosure.columns)
            files = numbered(len(listed.rows), "file")
            yield f"    {'enclosure':<24}{files} with {columns}"


def _people(source: People, sheet: PeopleSheet) -> Iterator[str]:
    if table := sheet.table:
        rows = numbered(len(sheet.entries), "authority", "authorities")
        yield f"  {source.file}, sheet {table.sheet.name}: {rows}, headings in row {table.header}"
        copies = sum(len(entry.get("copies", ())) for entry in sheet.entries.values())
        yield (
            f"    {'copies':<24}{copies:,}, {series(list(source.copies))}" if source.copies else ""
        )


def _told(intake: Intake, changed: Changes, written: bool) -> Iterator[str]:
    """What changes, or would."""
    year = intake.year
    if intake.problems:
        yield f"{year}: {counted(intake.problems)}"
    if changed.nothing:
        yield f"{year}: nothing to change"
    else:
        yield from _changes(changed)
    if changed.by_hand:
        yield "left alone, for it was typed or changed by hand:"
        for one in changed.by_hand:
            if one.now:
                says = f"the workbooks say {one.imported}" if one.imported else "no workbook has it"
                yield f"  {one.slug}: {spaced(one.what)} is {one.now}, and {says}"
            else:
                yield f"  {one.slug}: {one.what}"
        yield "  --overwrite SLUG takes what the workbooks say"
    if changed.nothing:
        return
    if written:
        yield as_typed(f"{year}: written. Next: letters check {year}")
    else:
        yield f"{year}: nothing is written. Next: the same with --write"


def _changes(changed: Changes) -> Iterator[str]:
    yield from _table(changed.new, "authority gets its", "authorities get their", "first figures")
    yield from _table(
        changed.gone, "authority is", "authorities are", "in no workbook any more, and had"
    )
    named = [
        (changed.contacts, "contact is new or changed", "contacts are new or changed"),
        (changed.contacts_gone, "contact is gone", "contacts are gone"),
        (changed.enclosures, "enclosure is new or changed", "enclosures are new or changed"),
        (changed.enclosures_gone, "enclosure goes", "enclosures go"),
    ]
    if changed.changed:
        of = numbered(len({one.slug for one in changed.changed}), "authority", "authorities")
        yield f"  {numbered(len(changed.changed), 'number')} of {of} changed:"
        rows = [
            (one.slug, spaced(one.name), f"{one.before:,}", f"{one.after:,}")
            for one in changed.changed
        ]
        yield from _aligned(("authority", "count", "was", "is"), rows, left=2)
    for slugs, singular, plural in named:
        if slugs:
            whose = series(list(dict.fromkeys(slugs)), most=_MOST_NAMED)
            yield f"  {numbered(len(slugs), singular, plural)}: {whose}"
    for path in changed.removed:
        if path.name == "contacts.yaml":
            yield f"  {path.parent.parent.name}/{path.parent.name}/contacts.yaml moves to private/"


def _table(
    figures: Mapping[str, Mapping[str, int]], singular: str, plural: str, what: str
) -> Iterator[str]:
    """The numbers of some authorities."""
    if not figures:
        return
    yield f"  {numbered(len(figures), singular, plural)} {what}:"
    names = tuple(dict.fromkeys(name for own in figures.values() for name in own))
    rows = [
        (slug, *(f"{own[name]:,}" if name in own else "" for name in names))
        for slug, own in figures.items()
    ]
    yield from _aligned(("authority", *map(spaced, names)), rows, left=1)


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """A table with its first columns to the left and numbers to the right; the first rows of it."""
    shown = [heads, *rows[:_MOST]]
    widths = [max(len(row[column]) for row in shown) for column in range(len(heads))]
    for row in shown:
        cells = (
            text.ljust(width) if column < left else text.rjust(max(width, 6))
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"    {'  '.join(cells)}".rstrip()
    if len(rows) > _MOST:
        yield f"    and {len(rows) - _MOST:,} more"
