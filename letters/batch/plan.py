"""What a build has to do, and why: each letter as it would be now against the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from letters.batch.draft import Draft
from letters.batch.manifest import Entry, Manifest, Setting, flat
from letters.batch.verify import BuiltPdf, faults
from letters.typesetting.folders import BASE

_OF_THE_BASE = " in the base, which all years share"
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build has to do."""

    due: Mapping[str, tuple[str, ...]]  #: letters to typeset, by slug, and why
    html_only: tuple[str, ...]  #: letters whose PDF stays and whose HTML must be written again
    left: tuple[str, ...]  #: letters whose authorities have left the campaign
    unchanged: int
    misstated: tuple[str, ...] = ()  #: what is wrong in the manifest, and will be written anew

    @property
    def of_the_base(self) -> tuple[str, ...]:
        """The files of the base that changed since letters were made that are made again now."""
        found = (one.split()[1] for why in self.due.values() for one in why if _OF_THE_BASE in one)
        return tuple(dict.fromkeys(found))


def reasons(draft: Draft, manifest: Manifest, setting: Setting, pdf: BuiltPdf) -> tuple[str, ...]:
    """Why a letter must be typeset; none when its PDF is what would be made."""
    old = manifest.letters.get(draft.entry.slug)
    return tuple(_reasons(draft.entry, old, setting, manifest, pdf)) if old else ("new",)


def _reasons(
    new: Entry, old: Entry, setting: Setting, manifest: Manifest, pdf: BuiltPdf
) -> Iterator[str]:
    yield from (f"its PDF is {fault}" for fault in faults(pdf, old))
    if new.fingerprint != old.fingerprint:
        before = manifest.settings.get(old.setting)
        changes = [*_changed_statistics(old.statistics, new.statistics), *changed_words(old, new)]
        changes += [*changed_setting(before, setting)] if before else []
        yield from changes or ["its words changed"]


def _changed_statistics(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, now = flat(old), flat(new)
    for key in [*now, *(key for key in before if key not in now)]:
        if before.get(key) != now.get(key):
            name = key.removeprefix("counts.").removeprefix("figures.")
            yield f"statistics: {name} {before.get(key, 'nothing')} -> {now.get(key, 'nothing')}"


def changed_words(old: Entry, new: Entry) -> Iterator[str]:
    """What changed of the words that one letter alone is made from."""
    if old.contact != new.contact:
        yield "contact changed"
    if old.paragraph != new.paragraph:
        yield "bespoke paragraph " + (
            "changed" if old.paragraph and new.paragraph else _come_or_gone(old.paragraph)
        )


def changed_setting(old: Setting, new: Setting) -> Iterator[str]:
    """What changed of what letters of one build share."""
    for name, before, now in _differences(old.letter, new.letter):
        if (before or _NOTHING) != (now or _NOTHING):
            yield f"letter.yaml: {name} {before or _NOTHING} -> {now or _NOTHING}"
    for kind, one, other in (
        ("template", old.templates, new.templates),
        ("file", old.stationery, new.stationery),
    ):
        for name, before, now in _differences(one, other):
            became = "changed" if before and now else _come_or_gone(before)
            whose = _OF_THE_BASE if name.startswith(f"{BASE}/") else ""
            yield f"{kind} {name} {became}{whose}"
    for name, before, now in _differences(old.engine, new.engine):
        yield f"{name} {before or _NOTHING} -> {now or _NOTHING}"


def _come_or_gone(before: str) -> str:
    return "removed" if before else "added"


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name, ""), new.get(name, "")
