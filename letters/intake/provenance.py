"""Where an imported number comes from, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from letters.campaign.lock import Lock, LockedAuthority, LockedList
from letters.errors import CampaignError
from letters.files import digest_of
from letters.intake.cells import folded, numbers_of
from letters.intake.tables import find_table
from letters.intake.workbooks import read
from letters.wording import numbered, series

_MOST_REFERENCES = 60  #: that are listed


@dataclass(frozen=True, slots=True)
class Supply:
    """One source of a count."""

    words: str  #: 7: Authority figures 2020-21.xlsx, sheet Authority figures, cell C5
    rows: str = ""  #: numbers of the rows that were counted: 12, 77, 90-92
    references: str = ""  #: of the cases in them; "" where the workbook is not at hand


def conditions_in_words(conditions: Mapping[str, Sequence[str]]) -> str:
    """Which rows count: ` where Decision is Upheld or Not Upheld`; "" for all."""
    parts = [f"{heading} is {series(list(values), 'or')}" for heading, values in conditions.items()]
    return f" where {series(parts)}" if parts else ""


def supplies_of(root: Path, year: str, lock: Lock, slug: str) -> dict[str, tuple[Supply, ...]]:
    """By count, where an authority's numbers come from; none for what was not imported.

    References of cases are shown out of the workbook below private/, if it is the one that was
    imported; they are kept nowhere else. To read it takes a second, once.
    """
    counts = lock.authorities.get(slug, LockedAuthority()).counts
    return {
        name: (
            *(_of_cells(locked.value, one) for one in locked.cells),
            *_of_rows(root, year, lock, name, locked.rows),
        )
        for name, locked in counts.items()
    }


def _of_cells(number: int, cells: str) -> Supply:
    """`file!sheet!C5`, or a sum of several, in words, with the number that stood there."""
    places = [_apart(one) for one in cells.split(" + ")]
    (file, sheet), addresses = places[0][:2], [address for _, _, address in places]
    what = "cell" if len(addresses) == 1 else "the sum of cells"
    return Supply(f"{number}: {file}, sheet {sheet}, {what} {series(addresses)}")


def _apart(place: str) -> tuple[str, str, str]:
    file, _, rest = place.partition("!")
    sheet, _, address = rest.rpartition("!")
    return file, sheet, address


def _of_rows(
    root: Path, year: str, lock: Lock, name: str, rows: Mapping[str, str]
) -> Iterator[Supply]:
    for listed, text in rows.items():
        file, _, sheet = listed.partition("!")
        numbers, one = numbers_of(text), lock.lists.get(listed)
        where = conditions_in_words(one.counts.get(name, {})) if one else ""
        words = f"{numbered(len(numbers), 'row')} of {file}, sheet {sheet}"
        known = _references(root, year, lock, listed, one) if one else {}
        said = [known[row] for row in numbers if row in known]
        yield Supply(
            f"{words}:{where}" if where else words, text, series(said, most=_MOST_REFERENCES)
        )


def _references(
    root: Path, year: str, lock: Lock, listed: str, one: LockedList
) -> Mapping[int, str]:
    """By row, what stands in the first column of what is sent of a list: the case's reference."""
    file, _, sheet = listed.partition("!")
    path = root / "private" / year / file
    digest = lock.workbooks.get(file, "")
    if not one.columns or not path.is_file() or digest_of(path) != digest:
        return {}
    return _column(path, digest, sheet, one.columns[0])


@lru_cache(maxsize=8)
def _column(path: Path, digest: str, sheet: str, heading: str) -> Mapping[int, str]:
    """By row, what is shown in one column of a workbook with this digest."""
    try:
        table, _ = find_table(read(path), (heading,), sheet, with_hidden=True)
    except CampaignError:
        return {}
    if table is None:
        return {}
    return {row: folded(table.cell(row, heading).shown) for row in table.rows}
