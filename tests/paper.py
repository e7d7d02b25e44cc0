"""Letters as quick as paper: PDFs that say of themselves what a letter says, on blank pages."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf

from letters.batch.draft import Drafts
from letters.batch.manifest import Manifest, write_manifest
from letters.batch.store import letters_folder, year_folder
from letters.campaign.load import Campaign, load
from letters.check import gather
from letters.errors import LetterError
from letters.mail.office import load_office
from letters.mail.parcels import Parcel, parcels
from letters.typesetting.manuscript import STATISTICS
from tests.press import MadeLetter


def paper(statistics: Mapping[str, Any], pages: int = 1) -> bytes:
    """A PDF with these figures in it, titled after their authority."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"Annual letter to {statistics['authority']['name']}"
        pdf.attachments[STATISTICS] = json.dumps(statistics).encode()
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def put_on_paper(root: Path, year: str = "2024") -> None:
    """Fill a year's build folder; each letter has a page more than the one before."""
    campaign = load(root, year)
    drafts, made = Drafts(root, campaign), dict[str, MadeLetter | LetterError]()
    for pages, slug in enumerate(campaign.statistics, start=1):
        content = paper(drafts.draft(slug).entry.statistics, pages)
        made[slug] = MadeLetter(slug, "", content, pages)
    build_folder(root, campaign, made)


def build_folder(
    root: Path, campaign: Campaign, letters: Mapping[str, MadeLetter | LetterError]
) -> None:
    """Fill the year's build folder as a build does."""
    drafts, manifest = Drafts(root, campaign), Manifest()
    manifest.settings[drafts.digest] = drafts.setting
    folder = letters_folder(root, campaign.year)
    folder.mkdir(parents=True, exist_ok=True)
    for slug, letter in letters.items():
        assert isinstance(letter, MadeLetter)
        draft = drafts.draft(slug)
        (folder / f"{slug}.pdf").write_bytes(letter.pdf)
        (folder / f"{slug}.html").write_bytes(draft.html)
        digest = sha256(letter.pdf).hexdigest()
        manifest.letters[slug] = replace(
            draft.entry, sha256=digest, pages=letter.pages, bytes=len(letter.pdf)
        )
    write_manifest(year_folder(root, campaign.year), campaign.year, manifest, campaign.statistics)


def parcels_of(root: Path, year: str = "2024") -> Mapping[str, Parcel]:
    """A year's letters as they would go out, those that are ready."""
    edition = gather(root, year).sound()
    files = {slug: edition.files(slug) for slug in edition.campaign.statistics}
    made = parcels(edition.drafts, load_office(root), files, tuple(edition.campaign.statistics))
    return made.ready
