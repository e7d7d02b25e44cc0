"""What must be built and why: each letter as it would be now against what the manifest says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.batch.manifest import Entry, Manifest, Setting
from letters.batch.store import letter_paths
from letters.campaign.load import Campaign
from letters.files import digest_of
from letters.typesetting.engine import engine_versions
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.stationery import BASE, Stationery, read_stationery
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
        """One letter as it would be now. Raises KeyError for an authority without statistics, and TemplateError."""
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


def reasons(draft: Draft, manifest: Manifest, setting: Setting, folder: Path) -> tuple[str, ...]:
    """Why a letter must be typeset; none when the PDF in the letters' folder is what would be made."""
    old = manifest.letters.get(draft.entry.slug)
    return tuple(_reasons(draft.entry, old, setting, manifest, folder)) if old else ("new",)


def _setting(templates: Path, campaign: Campaign, stationery: Stationery) -> Setting:
    folders = (templates / BASE, templates / campaign.letter.templates)
    names = sorted(
        path for folder in folders for path in folder.rglob("*.jinja") if not path.match("email.*")
    )
    return Setting(
        engine=engine_versions(),
        templates={path.relative_to(templates).as_posix(): digest_of(path) for path in names},
        stationery={
            name: sha256(content).hexdigest() for name, content in sorted(stationery.files.items())
        },
        letter=dict(_flat(campaign.letter.model_dump(mode="json"))),
    )


def _reasons(
    new: Entry, old: Entry, setting: Setting, manifest: Manifest, folder: Path
) -> Iterator[str]:
    pdf, _ = letter_paths(folder, new.slug)
    found = digest_of(pdf)
    if not found:
        yield "its PDF is missing"
    elif found != old.sha256:
        yield "its PDF is not the one that was built"
    if new.fingerprint != old.fingerprint:
        before = manifest.settings.get(old.setting)
        changes = [*_changed_statistics(old.statistics, new.statistics), *_changed_words(old, new)]
        changes += [*_changed_setting(before, setting)] if before else []
        yield from changes or ["its words changed"]


def _changed_statistics(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, now = dict(_flat(old)), dict(_flat(new))
    for key in [*now, *(key for key in before if key not in now)]:
        if before.get(key) != now.get(key):
            name = key.removeprefix("counts.").removeprefix("figures.")
            yield f"statistics: {name} {before.get(key, 'nothing')} -> {now.get(key, 'nothing')}"


def _changed_words(old: Entry, new: Entry) -> Iterator[str]:
    if old.contact != new.contact:
        yield "contact changed"
    if old.paragraph != new.paragraph:
        yield "bespoke paragraph " + (
            "changed" if old.paragraph and new.paragraph else _come_or_gone(old.paragraph)
        )


def _changed_setting(old: Setting, new: Setting) -> Iterator[str]:
    for name, before, now in _differences(old.letter, new.letter):
        yield f"letter.yaml: {name} {before or 'nothing'} -> {now or 'nothing'}"
    for kind, one, other in (
        ("template", old.templates, new.templates),
        ("file", old.stationery, new.stationery),
    ):
        for name, before, now in _differences(one, other):
            yield f"{kind} {name} {'changed' if before and now else _come_or_gone(before)}"
    for name, before, now in _differences(old.engine, new.engine):
        yield f"{name} {before or 'nothing'} -> {now or 'nothing'}"


def _come_or_gone(before: str) -> str:
    return "removed" if before else "added"


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name, ""), new.get(name, "")


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested values by dotted key, as text."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        yield path, ", ".join(str(item) for item in value)
    else:
        yield path, "nothing" if value is None else str(value)


def _digest(*values: Any) -> str:
    return sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
