"""Letters one at a time, made of the same parts as a build, for tests that look at one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from letters.campaign.load import Campaign
from letters.errors import CampaignError
from letters.typesetting.html import self_contained
from letters.typesetting.pdf import Typesetter
from letters.typesetting.writer import Writer


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """One finished letter."""

    slug: str
    html: str  #: self-contained, for browsers
    pdf: bytes
    pages: int


class Press:
    """Makes one campaign's letters, one at a time: what they share is read once."""

    def __init__(self, root: Path, campaign: Campaign) -> None:
        """Take the templates below `root`; raises CampaignError when a style sheet cannot be used."""
        self._writer = Writer(root, campaign)
        self._dress = self._writer.dress()
        if self._dress.problems:
            raise CampaignError(self._dress.problems)
        self._typesetter = Typesetter(self._dress.stationery)

    def make(self, slug: str) -> MadeLetter:
        """One letter as HTML and PDF. Raises TemplateError or RenderingError, which name the authority."""
        words = self._writer.words(slug)
        pdf = self._typesetter.pdf(self._writer.manuscript(slug, words))
        page = self_contained(words.html, words.markup, self._dress)
        return MadeLetter(slug, page, pdf.content, pdf.pages)
