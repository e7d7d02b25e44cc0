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
    load_contacts_lock,
)
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists
from letters.intake.edited import ByHand, entries_in, if_other, not_by_lines, sound_text
from letters.intake.people import Entry
from letters.intake.sources import Intake
from letters.source.edits import with_entries, without
from letters.source.reader import read
from letters.source.written import flow

_HEAD = """\
# Who receives each letter. Names and addresses are personal data.

"""


class ChangedContacts:
    """What becomes of `contacts.yaml`, which goes below private/."""

    def __init__(self, root: Path, intake: Intake, overwrite: Collection[str]) -> None:
        self.changed, self.gone = list[str](), list[str]()
        self.by_hand, self.files = list[ByHand](), dict[Path, bytes]()
        self.removed: tuple[Path, ...] = ()
        if not any(sheet.table for _, sheet in intake.people):
            return
        self._root, self._intake, self._overwrite = root, intake, overwrite
        file = f"private/{intake.year}/contacts.yaml"
        home = home_of(root, intake.year, "contacts.yaml")
        text = sound_text(root, home, _HEAD)
        self._there = entries_in(home, text)
        other = f"data/{intake.year}/contacts.yaml"
        if home == file and exists(root / other):
            _require_moved(root, other, self._there)
        locked = dict(load_contacts_lock(root, intake.year) if self._there else {})
        put = self._supplied(locked)
        self._not_supplied(locked)
        edited = without(with_entries(text, put), self.gone)
        if entries_in(file, edited) != self._there:
            raise not_by_lines(home)
        self.files = if_other(root / file, edited)
        self.files |= if_other(root / contacts_lock_file(intake.year), contacts_lock_text(locked))
        self.removed = (root / other,) if exists(root / other) else ()

    def _supplied(self, locked: dict[str, LockedContact]) -> dict[str, str]:
        """The entries to be written; what was imported is noted."""
        put = dict[str, str]()
        earlier = _Earlier(self._root, self._intake.year)
        for slug, contact in self._intake.contacts.items():
            entry, now, before = contact.entry, self._there.get(slug), locked.get(slug)
            digest = digest_of_entry(entry)
            locked[slug] = LockedContact(row=str(contact.place), sha256=digest)
            if now == entry:
                continue
            if now is None:
                is_own = before is not None
            else:
                is_imported = before is not None and digest_of_entry(now) == before.sha256
                is_own = not is_imported and not earlier.had(slug, now)
            if is_own and slug not in self._overwrite:
                self.by_hand.append(ByHand(slug, "contacts", "", ""))
                continue
            self.changed.append(slug)
            put[slug] = _entry_text(slug, entry)
            self._there[slug] = entry
        return put

    def _not_supplied(self, locked: dict[str, LockedContact]) -> None:
        """Remove contacts that are in no workbook any more, unless theirs is not at hand now."""
        named = {one.file for one in self._intake.mapping.contacts}
        unread = named - self._intake.workbooks.keys()
        for slug in sorted(locked.keys() - self._intake.contacts.keys()):
            if locked[slug].row.partition("!")[0] in unread:
                continue
            there = self._there.get(slug)
            if there is not None and digest_of_entry(there) == locked[slug].sha256:
                self.gone.append(slug)
                del self._there[slug]
            del locked[slug]


def _require_moved(root: Path, other: str, there: Mapping[str, Any]) -> None:
    """Raise CampaignError for contacts in data/, too, unless all of them are in private/ by now."""
    left = entries_in(other, sound_text(root, other, ""))
    if not left.keys() <= there.keys():
        sentence = "contacts stand here, and others in private/: nobody can tell which are meant"
        hint = "move what is missing there into private/, and delete this file"
        problem = Problem(Place(other), Severity.ERROR, "in-both-folders", sentence, hint)
        raise CampaignError((problem,))


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
