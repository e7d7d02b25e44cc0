"""What becomes of the files that go with letters: each authority's rows of a case list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from letters.campaign.lock import LockedEnclosure
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import digest_of, exists
from letters.intake.case_lists import CaseList
from letters.intake.cells import ranges
from letters.intake.edited import ByHand
from letters.intake.enclosures import ENDING, enclosure_bytes
from letters.intake.sources import Intake


class Made(NamedTuple):
    """One authority's enclosure as it is made of a case list."""

    slug: str
    name: str  #: of the file
    listed: CaseList
    rows: tuple[int, ...]
    content: bytes


class ChangedEnclosures:
    """The files to be written and removed, and those that were changed by hand."""

    def __init__(self, root: Path, intake: Intake, overwrite: Collection[str]) -> None:
        self.files, self.by_hand = dict[Path, bytes](), list[ByHand]()
        self.removed = list[Path]()
        self.locked = dict[str, dict[str, LockedEnclosure]]()  #: by slug and name
        self._folder = root / "private" / intake.year / "attachments"
        self._overwrite = overwrite
        if not (intake.mapping.figures or intake.mapping.cases):
            return  # of contacts alone nothing of this follows
        made = list(_made(intake))
        if made:
            _require_one_home(root, intake.year)
        self._keep(intake)
        for one in made:
            self._write(intake, one)
        self._remove(intake)

    def _keep(self, intake: Intake) -> None:
        """Those whose workbook is not at hand now stay as they are."""
        named = {one.file for one in intake.mapping.cases} - intake.workbooks.keys()
        for slug, authority in intake.lock.authorities.items():
            for name, one in authority.enclosures.items():
                if one.list.partition("!")[0] in named:
                    self.locked.setdefault(slug, {})[name] = one

    def _write(self, intake: Intake, made: Made) -> None:
        digest = sha256(made.content).hexdigest()
        self.locked.setdefault(made.slug, {})[made.name] = LockedEnclosure(
            list=made.listed.name, rows=ranges(made.rows), sha256=digest
        )
        path = self._folder / made.slug / made.name
        now, before = digest_of(path), intake.lock.authorities.get(made.slug)
        was = before.enclosures.get(made.name) if before else None
        if now == digest:
            return
        if now and now != (was.sha256 if was else "") and made.slug not in self._overwrite:
            self.by_hand.append(ByHand(made.slug, made.name, "", ""))
        else:
            self.files[path] = made.content

    def _remove(self, intake: Intake) -> None:
        """Those of authorities that have no rows any more, or of lists that are no longer sent."""
        for slug, authority in intake.lock.authorities.items():
            for name, one in authority.enclosures.items():
                path = self._folder / slug / name
                if name in self.locked.get(slug, {}) or not exists(path):
                    continue
                if digest_of(path) == one.sha256 or slug in self._overwrite:
                    self.removed.append(path)
                else:
                    self.by_hand.append(ByHand(slug, name, "", ""))
                    self.locked.setdefault(slug, {})[name] = one


def _made(intake: Intake) -> Iterator[Made]:
    """The enclosures of all authorities that get a letter."""
    for listed in intake.lists:
        enclosure, table = listed.source.enclosure, listed.table
        if enclosure is None or table is None:
            continue
        for slug, rows in listed.rows.items():
            if not intake.gets_letter(slug):
                continue
            cells = [
                [table.cell(row, heading).words for heading in enclosure.columns] for row in rows
            ]
            authority = intake.reading.register[slug].name
            content = enclosure_bytes(enclosure.name, authority, enclosure.columns, cells)
            yield Made(slug, f"{enclosure.name}{ENDING}", listed, rows, content)


def _require_one_home(root: Path, year: str) -> None:
    """Raise CampaignError when attachments stand in data/: in both places nobody knows which."""
    other = f"data/{year}/attachments"
    if exists(root / other):
        sentence = f"attachments stand here, and those made of case lists in private/{year}/"
        hint = f"move this folder to private/{year}/attachments"
        problem = Problem(Place(other), Severity.ERROR, "in-both-folders", sentence, hint)
        raise CampaignError((problem,))
