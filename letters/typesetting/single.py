"""One letter from a campaign, as HTML or PDF, for those who want no whole year."""

from __future__ import annotations

from pathlib import Path

from letters.campaign.load import Campaign
from letters.errors import CampaignError
from letters.typesetting.html import self_contained
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import Dress
from letters.typesetting.writer import Writer


def letter_html(root: Path, campaign: Campaign, slug: str) -> str:
    """One letter as self-contained HTML.

    Raises KeyError for an authority without statistics, TemplateError, and CampaignError for style
    sheets.
    """
    writer = Writer(root, campaign)
    dress, words = _sound(writer.dress()), writer.words(slug)
    return self_contained(words.html, words.markup, dress)


def write_pdf(root: Path, campaign: Campaign, slug: str, target: Path) -> None:
    """Write one letter as PDF.

    Raises KeyError for an authority without statistics, LetterError, CampaignError for style
    sheets, and OSError.
    """
    writer = Writer(root, campaign)
    dress = _sound(writer.dress())
    manuscript = writer.manuscript(slug, writer.words(slug))
    target.write_bytes(Typesetter(dress.stationery).pdf(manuscript).content)


def _sound(dress: Dress) -> Dress:
    if dress.problems:
        raise CampaignError(dress.problems)
    return dress
