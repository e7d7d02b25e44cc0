"""Each letter as it would be now: its words, its HTML page, its entry in the manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.batch.manifest import Entry, Setting, flat
from letters.campaign.load import Campaign
from letters.files import digest_of
from letters.typesetting.engine import engine_versions
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.stationery import BASE, Stationery, files_of, read_stationery
from letters.typesetting.writer import Writer


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter as it would be now."""

    manuscript: Manuscript
    html: bytes  #: the file for browsers
    entry: Entry  #: as the manifest will have it, without what only the PDF tells


class Drafts:
    """Writes the drafts of one campaign; what they share is read once."""

    def __init__(self, root: Path, campaign: Campaign) -> None:
        """Read templates and style sheets below `root`; raises OSError when one cannot be read."""
        templates = root / "templates"
        self.stationery = read_stationery(templates, campaign.letter)
        self.setting = _setting(templates, campaign, self.stationery)
        self.digest = _digest(
            self.setting.engine,
            self.setting.templates,
            self.setting.stationery,
            self.setting.letter,
        )
        self._campaign = campaign
        self.writer = Writer(root, campaign)

    def draft(self, slug: str) -> Draft:
        """One letter as it would be now. Raises KeyError without statistics, and TemplateError."""
        manuscript = self.writer.manuscript(slug)
        html = self.writer.self_contained(manuscript).encode()
        return Draft(manuscript, html, self._entry(manuscript, html))

    def _entry(self, manuscript: Manuscript, html: bytes) -> Entry:
        slug, pages = manuscript.slug, manuscript.pages
        contacts = self._campaign.contacts.get(slug)
        executive = contacts.chief_executive if contacts else None
        allowed = [pages.start, pages.stop] if pages else None
        made_from = (
            manuscript.html,
            manuscript.statistics,
            allowed,
            self.stationery.digest,
            self.setting.engine,
        )
        return Entry(
            slug=slug,
            sha256="",
            html_sha256=sha256(html).hexdigest(),
            pages=0,
            bytes=0,
            fingerprint=_digest(*made_from),
            setting=self.digest,
            statistics=json.loads(manuscript.statistics),
            contact=_digest(
                executive.model_dump(include={"title", "surname", "post"}) if executive else None
            ),
            paragraph=_digest(self._campaign.paragraphs[slug])
            if slug in self._campaign.paragraphs
            else "",
        )


def _setting(templates: Path, campaign: Campaign, stationery: Stationery) -> Setting:
    files = files_of(templates, BASE, campaign.letter.templates)
    return Setting(
        engine=engine_versions(),
        templates={
            name: digest_of(path)
            for name, path in files.items()
            if path.match("*.jinja") and not path.match("email.*")
        },
        stationery={
            name: sha256(content).hexdigest() for name, content in sorted(stationery.files.items())
        },
        letter=dict(flat(campaign.letter.model_dump(mode="json"))),
    )


def _digest(*values: Any) -> str:
    return sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
