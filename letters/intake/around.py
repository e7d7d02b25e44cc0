"""What stands around a cell that a number was imported from, out of the workbook itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from letters.campaign.lock import Lock, LockedAuthority
from letters.errors import CampaignError, column_letters
from letters.files import digest_of
from letters.intake.cells import Sheet, folded
from letters.intake.workbooks import read

_BESIDE = 3  #: columns shown on either side of the cell
_ABOVE = 1  #: rows shown above and below it
_LONGEST = 60  #: characters of a cell that are shown


@dataclass(frozen=True, slots=True)
class Around:
    """A cell of a workbook and those around it, as a person reads them in the sheet."""

    file: str
    sheet: str
    cell: str  #: "C5"
    columns: tuple[str, ...] = ()  #: "A", "B", "C"; () where the workbook is not at hand
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()  #: by number, what each column shows
    here: tuple[int, int] = (0, 0)  #: the cell's row, and its index in `columns`

    @property
    def at_hand(self) -> bool:
        """Whether the workbook that was imported is there and was read."""
        return bool(self.columns)


def around(root: Path, year: str, lock: Lock, slug: str) -> dict[str, tuple[Around, ...]]:
    """By count, the cells that an authority's number was taken from, each with those around it.

    They are shown out of the workbook below private/, if it is the one that was imported, and are
    kept nowhere else. To read it takes a second, once.
    """
    counts = lock.authorities.get(slug, LockedAuthority()).counts
    return {
        name: tuple(
            _around(root, year, lock, cell) for cells in one.cells for cell in cells.split(" + ")
        )
        for name, one in counts.items()
    }


def _around(root: Path, year: str, lock: Lock, place: str) -> Around:
    file, _, rest = place.partition("!")
    name, _, address = rest.rpartition("!")
    sheet = _sheet(root / "private" / year / file, lock.workbooks.get(file, ""), name)
    row, column = _row_and_column(address)
    if sheet is None or not row:
        return Around(file, name, address)
    first, last = max(1, column - _BESIDE), min(max(sheet.last_column, column), column + _BESIDE)
    columns = [1, *range(first, last + 1)] if first > 1 else [*range(1, last + 1)]
    seen = [one for one in columns if one not in sheet.hidden_columns or one == column]
    return Around(
        file,
        name,
        address,
        tuple(column_letters(one) for one in seen),
        tuple(
            (number, tuple(folded(sheet.cell(number, one).shown)[:_LONGEST] for one in seen))
            for number in _rows(sheet, row)
        ),
        (row, seen.index(column)),
    )


def _rows(sheet: Sheet, row: int) -> Iterator[int]:
    """The first row that holds anything, which mostly has the headings, and those around the cell."""
    top = min((at for at, _ in sheet.cells), default=row)
    first, last = max(1, row - _ABOVE), min(max(sheet.last_row, row), row + _ABOVE)
    if top < first:
        yield top
    yield from (one for one in range(first, last + 1) if one not in sheet.hidden_rows or one == row)


def _row_and_column(address: str) -> tuple[int, int]:
    """(5, 3) of C5; (0, 0) for what is no address."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    digits = address[len(letters) :]
    return (int(digits), column) if digits and letters.isalpha() and letters.isupper() else (0, 0)


def _sheet(path: Path, digest: str, name: str) -> Sheet | None:
    if not digest or not path.is_file() or digest_of(path) != digest:
        return None
    return next((one for one in _sheets(path, digest) if one.name == name), None)


@lru_cache(maxsize=4)
def _sheets(path: Path, digest: str) -> tuple[Sheet, ...]:
    """The sheets of a workbook with this digest, none for one that cannot be read."""
    try:
        return read(path)
    except CampaignError:
        return ()
