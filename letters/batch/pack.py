"""One file for a print house: all letters of a year, each on a sheet of its own; only user of pikepdf."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from letters.batch.manifest import read_manifest
from letters.batch.store import letter_paths, letters_folder, write_whole, year_folder
from letters.batch.verify import differences
from letters.campaign.load import Campaign
from letters.errors import BuildError


@dataclass(frozen=True, slots=True)
class Packed:
    """A print pack: the file, its letters and its pages, blank ones too."""

    path: Path
    letters: int
    pages: int


def pack(root: Path, campaign: Campaign) -> Packed:
    """Write `print-pack.pdf` and `print-pack.csv` (slug, name, first and last page) to the year's build folder.

    Letters come in the order of the register, each beginning on an odd page; a blank page follows where that needs one.
    Raises BuildError when a letter of the campaign is not built, or is not as it was built, and OSError.
    """
    folder = year_folder(root, campaign.year)
    built = read_manifest(folder).letters
    missing = [slug for slug in campaign.statistics if slug not in built]
    if missing:
        raise BuildError(f"{len(missing)} letters are not built, {missing[0]} first of all; build the year first")
    _, changed = differences(root, campaign.year)
    if changed:
        raise BuildError(f"{changed[0]}; build the year again")
    rows: list[tuple[str, str, int, int]] = []
    with pikepdf.new() as joined:
        with joined.open_outline() as outline:
            for slug in (slug for slug in campaign.register if slug in campaign.statistics):
                first, name = len(joined.pages), campaign.register[slug].name
                _append(joined, letter_paths(letters_folder(root, campaign.year), slug)[0])
                rows.append((slug, name, first + 1, len(joined.pages)))
                outline.root.append(pikepdf.OutlineItem(name, first))
                if len(joined.pages) % 2:
                    joined.add_blank_page(page_size=_size(joined.pages[-1]))
        path, pages = folder / "print-pack.pdf", len(joined.pages)
        write_whole({path: _bytes(joined), folder / "print-pack.csv": _table(rows)})
    return Packed(path, len(rows), pages)


def _append(joined: pikepdf.Pdf, path: Path) -> None:
    """Add a letter's pages, without the links and tags that only a screen can use."""
    start = len(joined.pages)
    with pikepdf.open(path) as letter:
        joined.pages.extend(letter.pages)
    for page in joined.pages[start:]:
        for key in ("/Annots", "/StructParents", "/Tabs"):
            if key in page:
                del page[key]


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _bytes(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _table(rows: list[tuple[str, str, int, int]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(("slug", "name", "first page", "last page"))
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")  # so that spreadsheets read accents rightly
