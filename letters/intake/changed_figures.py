"""What becomes of `statistics.yaml`: which counts are new, changed or gone, which were changed by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from letters.campaign.lock import LockedAuthority, LockedCount
from letters.intake.edited import ByHand, entries_in, if_other, not_by_lines, sound_text
from letters.intake.sources import Intake, locked_counts
from letters.source.edits import with_entries, with_values
from letters.source.places import KeyPath

_HEAD = """\
# yaml-language-server: $schema=../schema/statistics.schema.json
# The numbers of each authority in {year}, one authority a line; 0 where there were none.

"""


class Change(NamedTuple):
    """One count that an import changes."""

    slug: str
    name: str  #: of the count
    before: int
    after: int

    @property
    def size(self) -> tuple[float, int]:
        """How big the change is, by factor, then by number."""
        low, high = sorted((self.before, self.after))
        return (high + 1) / (low + 1), high - low


class ChangedFigures:
    """What becomes of `statistics.yaml`."""

    def __init__(self, root: Path, intake: Intake, overwrite: Collection[str]) -> None:
        self._intake, self._overwrite = intake, overwrite
        self.new, self.gone = dict[str, Mapping[str, int]](), dict[str, Mapping[str, int]]()
        self.changed, self.by_hand = list[Change](), list[ByHand]()
        self._wanted = dict[str, dict[str, int | None]]()  #: by slug, what is to be written
        self.files: dict[Path, bytes] = {}
        file = f"data/{intake.year}/statistics.yaml"
        text = sound_text(root, file, _HEAD.format(year=intake.year))
        self._there = entries_in(file, text)
        for slug, counts in intake.counts.items():
            self._supplied(slug, {name: several[0].number for name, several in counts.items()})
        for slug in intake.lock.authorities if intake.names else ():
            if slug not in intake.counts:
                self._not_supplied(slug)
        self._write(root / file, file, text)

    def _given(self, slug: str) -> Mapping[str, Any]:
        entry = self._there.get(slug)
        given = entry if isinstance(entry, dict) else {}
        return {name: value for name, value in given.items() if value is not None}

    def _imported(self, slug: str) -> Mapping[str, int]:
        """What the import before wrote."""
        locked = self._intake.lock.authorities.get(slug, LockedAuthority()).counts
        return {name: one.value for name, one in locked.items()}

    def _supplied(self, slug: str, supplied: Mapping[str, int]) -> None:
        there, before = self._given(slug), self._imported(slug) if self._there else {}
        for name, number in supplied.items():
            now = there.get(name)
            if now == number:
                continue
            own = name in before if now is None else now != before.get(name)
            if own and slug not in self._overwrite:
                said = "empty" if now is None else str(now)
                self.by_hand.append(ByHand(slug, name, said, str(number)))
                continue
            self._wanted.setdefault(slug, {})[name] = number
            if there:
                self.changed.append(Change(slug, name, now if isinstance(now, int) else 0, number))
            else:
                self.new[slug] = supplied

    def _not_supplied(self, slug: str) -> None:
        there = self._given(slug)
        for name, number in self._imported(slug).items():
            if name not in self._intake.names or name not in there:
                continue
            if there[name] != number and slug not in self._overwrite:
                self.by_hand.append(ByHand(slug, name, str(there[name]), ""))
            else:
                self._wanted.setdefault(slug, {})[name] = None
        if slug in self._wanted:
            self.gone[slug] = {name: there[name] for name in self._wanted[slug]}

    def _write(self, path: Path, file: str, text: str) -> None:
        names = tuple(self._intake.reading.letter.counts)
        values, entries = dict[KeyPath, str](), dict[str, str]()
        expected = dict(self._there)
        for slug, wanted in self._wanted.items():
            entry = expected.get(slug)
            merged = {**(entry if isinstance(entry, dict) else {}), **wanted}
            expected[slug] = merged
            if isinstance(entry, dict) and wanted.keys() <= entry.keys():
                values |= {
                    (slug, name): "" if number is None else str(number)
                    for name, number in wanted.items()
                }
            else:
                order = (*names, *(name for name in merged if name not in names))
                said = (
                    f"{name}: {'' if merged.get(name) is None else merged[name]}" for name in order
                )
                entries[slug] = f"{slug}: {{{', '.join(said)}}}\n"
                expected[slug] = {name: merged.get(name) for name in order}
        if not self._wanted:
            return
        edited = with_entries(with_values(text, values), entries)
        if entries_in(file, edited) != expected:
            raise not_by_lines(file)
        self.files = if_other(path, edited)

    def locked(self, slug: str) -> Mapping[str, LockedCount]:
        """What is to be written down of an authority's counts, as imported.

        Of one that is in no workbook any more, what was changed by hand stays known.
        """
        counts = locked_counts(self._intake, slug)
        if not counts and any(one.slug == slug for one in self.by_hand):
            return self._intake.lock.authorities.get(slug, LockedAuthority()).counts
        return counts
