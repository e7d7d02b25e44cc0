"""Letters one at a time, made of the same parts as a build, for tests that look at one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from letters.campaign.load import Campaign
from letters.typesetting.pdf import Typesetter
from letters.typesetting.stationery import read_stationery
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
        """Take the templates below `root`; raises RenderingError or OSError when a style sheet cannot be used."""
        self._writer = Writer(root, campaign)
        self._typesetter = Typesetter(read_stationery(root / "templates", campaign.letter))

    def make(self, slug: str) -> MadeLetter:
        """One letter as HTML and PDF. Raises TemplateError or RenderingError, which name the authority."""
        manuscript = self._writer.manuscript(slug)
        pdf = self._typesetter.pdf(manuscript)
        return MadeLetter(slug, self._writer.self_contained(manuscript), pdf.content, pdf.pages)
