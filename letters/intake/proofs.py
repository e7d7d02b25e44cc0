"""Whether what was imported is still what letters say, and enclosures what was counted.

Proved over all rows when they were imported; afterwards by the digests that the lock keeps, and by
the numbers of rows. What only the files can say is counted again before one is sent (`recount`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from letters.campaign.load import Campaign
from letters.campaign.lock import Lock, LockedAuthority, lock_file
from letters.campaign.mapping import IMPORT, IMPORT_FILE
from letters.campaign.reading import read_file
from letters.errors import Place, Problem, Severity
from letters.files import digest_of, exists
from letters.intake.cells import numbers_of
from letters.wording import spaced

_AGAIN = "letters import {year} --write"


class Proved(NamedTuple):
    """What is doubtful about figures, and what hinders that letters are sent."""

    of_figures: tuple[Problem, ...] = ()
    of_enclosures: tuple[Problem, ...] = ()


def prove(
    root: Path, campaign: Campaign, lock: Lock, files: Mapping[str, Sequence[Path]]
) -> Proved:
    """Hold a year's figures and the files with its letters, by slug, against what was imported."""
    if lock == Lock():
        return Proved(tuple(_mapping(root, campaign.year)))
    return Proved(
        (
            *_mapping(root, campaign.year),
            *_changed_by_hand(campaign, lock),
            *_other_workbooks(root, campaign, lock),
        ),
        (
            *_rows_and_counts(campaign, lock),
            *_rows_of_files(campaign, lock),
            *_enclosures(campaign, lock, files),
        ),
    )


def _mapping(root: Path, year: str) -> Iterator[Problem]:
    """What is wrong with `import.yaml`: no letter waits for it, but the next import does."""
    file = f"data/{year}/{IMPORT_FILE}"
    for one in read_file(root, file, IMPORT)[1] if exists(root / file) else ():
        yield replace(one, severity=Severity.WARNING)


def _changed_by_hand(campaign: Campaign, lock: Lock) -> Iterator[Problem]:
    for slug, authority in lock.authorities.items():
        counts = campaign.statistics.get(slug) or campaign.without_letter.get(slug) or {}
        for name, locked in authority.counts.items():
            if name in counts and counts[name] != locked.value:
                where = source_in_words(locked.cells, locked.rows)
                sentence = f"changed by hand: {counts[name]} here, and {locked.value} was imported ({where})"
                hint = "correct the workbook and import it again, or accept what is here"
                place = campaign.places["statistics"].value(slug, name)
                yield Problem(
                    place,
                    Severity.WARNING,
                    "changed-by-hand",
                    sentence,
                    hint,
                    f"{slug}.{name}",
                    slug,
                    f"{counts[name]} for {locked.value}",
                )


def source_in_words(cells: Sequence[str], rows: Mapping[str, str]) -> str:
    """Where a number comes from, short: cells, or rows of a list."""
    counted = (
        f"{name}, rows {numbers}" if numbers else f"{name}, no row"
        for name, numbers in rows.items()
    )
    return "; ".join((*cells, *counted))


def _other_workbooks(root: Path, campaign: Campaign, lock: Lock) -> Iterator[Problem]:
    for name, digest in lock.workbooks.items():
        file = f"private/{campaign.year}/{name}"
        if (root / file).is_file() and digest_of(root / file) != digest:
            sentence = "this is not the workbook that was imported"
            hint = f"see what it changes: letters import {campaign.year}"
            yield Problem(Place(file), Severity.WARNING, "workbook-changed", sentence, hint)


def _rows_and_counts(campaign: Campaign, lock: Lock) -> Iterator[Problem]:
    """An error where a letter says another number than there are rows in what goes with it."""
    for listed, one in lock.lists.items():
        for name in one.counts if one.columns else ():
            for slug, counts in campaign.statistics.items():
                known = lock.authorities.get(slug, LockedAuthority()).counts
                locked = known.get(name)
                rows = len(numbers_of(locked.rows.get(listed, ""))) if locked else 0
                if name in counts and counts[name] != rows:
                    sentence = (
                        f"the letter says {counts[name]}, and of the cases that go with it"
                        f" {rows} count as {spaced(name)}"
                    )
                    again = f"{_AGAIN.format(year=campaign.year)} --overwrite {slug}"
                    hint = f"correct the workbook, or the number here: {again} takes what it says"
                    place = campaign.places["statistics"].value(slug, name)
                    field = f"{slug}.{name}"
                    yield Problem(
                        place,
                        Severity.ERROR,
                        "enclosure-of-other-figures",
                        sentence,
                        hint,
                        field,
                        slug,
                    )


def _rows_of_files(campaign: Campaign, lock: Lock) -> Iterator[Problem]:
    """Errors where a row is in two files, or was counted and is in none."""
    year, place = campaign.year, Place(lock_file(campaign.year))
    owners = dict[tuple[str, int], str]()
    for slug, authority in lock.authorities.items():
        own = set[tuple[str, int]]()
        for one in authority.enclosures.values():
            own |= {(one.list, row) for row in numbers_of(one.rows)}
        for listed, row in sorted(own):
            other = owners.setdefault((listed, row), slug)
            if other != slug:
                sentence = f"row {row} of {listed} is in a file of {other}, and in one of {slug}"
                yield _error(place, "row-in-two-files", sentence, slug, _AGAIN.format(year=year))
        for name, locked in authority.counts.items() if slug in campaign.statistics else ():
            for listed, numbers in locked.rows.items():
                enclosed = listed in lock.lists and lock.lists[listed].columns
                lost = [row for row in numbers_of(numbers) if (listed, row) not in own]
                if enclosed and lost:
                    sentence = f"row {lost[0]} of {listed} counts as {spaced(name)} of {slug}, and is in no file of it"
                    yield _error(place, "row-in-no-file", sentence, slug, _AGAIN.format(year=year))


def _enclosures(
    campaign: Campaign, lock: Lock, files: Mapping[str, Sequence[Path]]
) -> Iterator[Problem]:
    """Errors for files that are not those that were made, or not the authority's."""
    owners = {
        one.sha256: slug
        for slug, authority in lock.authorities.items()
        for one in authority.enclosures.values()
    }
    folder = f"private/{campaign.year}/attachments"
    again = f"import again: {_AGAIN.format(year=campaign.year)}"
    for slug in campaign.statistics:
        own = lock.authorities.get(slug, LockedAuthority()).enclosures
        there = {path.name: digest_of(path) for path in files.get(slug, ())}
        for name, digest in there.items():
            place, known = Place(f"{folder}/{slug}/{name}"), own.get(name)
            if known and digest != known.sha256 and owners.get(digest, slug) == slug:
                sentence = "this is not the file that was made for this authority"
                yield _error(place, "enclosure-changed", sentence, slug, f"delete it, and {again}")
            elif owners.get(digest, slug) != slug:
                other = (
                    campaign.register[owners[digest]].name
                    if owners[digest] in campaign.register
                    else owners[digest]
                )
                sentence = f"these are the cases of {other}"
                yield _error(
                    place, "enclosure-of-another", sentence, slug, f"delete it, and {again}"
                )
        for name in own.keys() - there.keys():
            place = Place(f"{folder}/{slug}/{name}")
            sentence = "this file was made for this authority, and is not there"
            yield _error(place, "enclosure-missing", sentence, slug, again)


def _error(place: Place, code: str, sentence: str, slug: str, hint: str) -> Problem:
    return Problem(place, Severity.ERROR, code, sentence, hint, authority=slug)
