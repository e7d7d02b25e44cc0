"""One file for a print house: a year's letters, each on its own sheet; only user of pikepdf."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from letters.batch.build import Build
from letters.batch.draft import Drafts
from letters.batch.store import letter_paths, letters_folder, pack_paths, year_folder
from letters.batch.verify import built_manifest
from letters.campaign.load import Campaign
from letters.errors import BuildError
from letters.files import only_one, write_whole


@dataclass(frozen=True, slots=True)
class Packed:
    """A print pack: the file, its letters and its pages, blank ones too."""

    path: Path
    letters: int
    pages: int


def pack(drafts: Drafts) -> Packed:
    """Write `print-pack.pdf` and `.csv` (slug, name, first and last page) to the build folder.

    Letters come in the register's order, each on an odd page; blank pages follow where needed.
    Raises BuildError for a letter not built as it would be now, InUseError while a build runs,
    OSError.
    """
    root, campaign = drafts.root, drafts.campaign
    folder = year_folder(root, campaign.year)
    built_manifest(folder)
    with only_one(folder, f"process {os.getpid()}, which packs it"):
        plan = Build(drafts).plan
        if outdated := (*plan.due, *plan.html_only, *plan.left):
            count = f"{len(outdated)} letters are" if len(outdated) > 1 else "1 letter is"
            now = "not as the data and templates now are"
            raise BuildError(f"{count} {now}, {outdated[0]} first; build the year again")
        return _packed(root, campaign)


def _packed(root: Path, campaign: Campaign) -> Packed:
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
        (path, table), pages = pack_paths(year_folder(root, campaign.year)), len(joined.pages)
        write_whole({path: _bytes(joined), table: _table(rows)})
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
