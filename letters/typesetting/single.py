"""One letter from a campaign, as HTML or PDF, for those who want no whole year."""

from __future__ import annotations

from pathlib import Path

from letters.campaign.load import Campaign
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_stationery
from letters.typesetting.writer import Writer


def letter_html(root: Path, campaign: Campaign, slug: str) -> str:
    """One letter as self-contained HTML.

    Raises KeyError for an authority without statistics, and TemplateError.
    """
    writer = Writer(root, campaign)
    return writer.self_contained(writer.manuscript(slug))


def write_pdf(root: Path, campaign: Campaign, slug: str, target: Path) -> None:
    """Write one letter as PDF.

    Raises KeyError for an authority without statistics, LetterError, and OSError.
    """
    manuscript = Writer(root, campaign).manuscript(slug)
    typesetter = Typesetter(read_stationery(root / "templates", campaign.letter))
    target.write_bytes(typesetter.pdf(manuscript).content)
