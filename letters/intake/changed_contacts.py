"""What becomes of `contacts.yaml`, which an import writes below private/, where git never sees it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from letters.campaign.folder import home_of
from letters.campaign.load import campaigns
from letters.campaign.lock import (
    LockedContact,
    contacts_lock_file,
    contacts_lock_text,
    digest_of_entry,
    flow,
    load_contacts_lock,
)
from letters.errors import Place
from letters.files import exists
from letters.intake.edited import ByHand, if_other, not_by_lines, sound_text
from letters.intake.people import Entry
from letters.intake.sources import Intake
from letters.source.edits import with_entries, without
from letters.source.reader import parse, read

_HEAD = """\
# Who receives each letter. Names and addresses are personal data.

"""


class ChangedContacts:
    """What becomes of `contacts.yaml`, which goes below private/."""

    def __init__(self, root: Path, intake: Intake, overwrite: Collection[str]) -> None:
        self.changed, self.gone = list[str](), list[str]()
        self.by_hand, self.files = list[ByHand](), dict[Path, bytes]()
        self.removed: tuple[Path, ...] = ()
        entries, places = dict[str, Entry](), dict[str, Place]()
        for _, sheet in intake.people:
            entries |= sheet.entries
            places |= sheet.places
        if not entries:
            return
        file = f"private/{intake.year}/contacts.yaml"
        home = home_of(root, intake.year, "contacts.yaml")
        text = sound_text(root, home, _HEAD)
        value = parse(home, text, by_authority=True).value
        there: dict[str, Any] = dict(value) if isinstance(value, dict) else {}
        locked = dict(load_contacts_lock(root, intake.year))
        earlier = _Earlier(root, intake.year)
        put = dict[str, str]()
        for slug, entry in entries.items():
            digest = digest_of_entry(entry)
            now = there.get(slug)
            is_own = (
                now not in (None, entry)
                and digest_of_entry(now) != (locked[slug].sha256 if slug in locked else "")
                and not earlier.had(slug, now)
            )
            locked[slug] = LockedContact(row=str(places[slug]), sha256=digest)
            if now == entry:
                continue
            if is_own and slug not in overwrite:
                self.by_hand.append(ByHand(slug, "contacts", "", ""))
                continue
            self.changed.append(slug)
            put[slug] = _entry_text(slug, entry)
            there[slug] = entry
        for slug in sorted(locked.keys() - entries.keys()):
            if slug in there and digest_of_entry(there[slug]) == locked[slug].sha256:
                self.gone.append(slug)
                del there[slug]
            del locked[slug]
        edited = without(with_entries(text, put), self.gone)
        if (parse(file, edited, by_authority=True).value or {}) != there:
            raise not_by_lines(home)
        self.files = if_other(root / file, edited)
        self.files |= if_other(root / contacts_lock_file(intake.year), contacts_lock_text(locked))
        self.removed = (root / home,) if home != file and exists(root / home) else ()


def _entry_text(slug: str, entry: Entry) -> str:
    lines = (f"  {key}: {flow(part)}" for key, part in entry.items())
    return "\n".join((f"{slug}:", *lines, ""))


class _Earlier:
    """The contacts of other years: what is still as it was then was not changed for this one."""

    def __init__(self, root: Path, year: str) -> None:
        self._root, self._year = root, year
        self._years: Sequence[Mapping[str, Any]] | None = None

    def had(self, slug: str, entry: Any) -> bool:
        """Whether any other year has the same contacts of an authority."""
        if self._years is None:
            self._years = [
                value
                for year in campaigns(self._root)
                if year != self._year
                and isinstance(
                    value := read(
                        self._root, home_of(self._root, year, "contacts.yaml"), True, True
                    ).value,
                    dict,
                )
            ]
        return any(value.get(slug) == entry for value in self._years)
