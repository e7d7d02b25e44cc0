"""The files that a run goes by, as they were when it began: it ends when one of them changes.

These are the files that data, words and looks are read from. What editors leave behind, approvals
and the books are none of them; the files with a letter are looked at when its turn comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.campaign.lock import lock_file
from letters.campaign.reading import data_files
from letters.errors import MailError
from letters.files import Stamp, exists, stamp_of
from letters.mail.office import OFFICE_FILE
from letters.typesetting.folders import BASE, names_of, path_of

_ALWAYS_READ = (".jinja", ".css", "/brand.yaml")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The files that one run goes by, with their content of then."""

    root: Path
    year: str
    folder: str  #: of the year's templates
    read: Collection[str]  #: names below templates/ that were read, of whatever kind
    stamps: Mapping[str, Stamp]  #: by name below the root folder

    def require_unchanged(self) -> None:
        """Look at each file, and read again those that look otherwise than they did.

        Raises MailError, which names the first that has another content, is new or is gone.
        """
        there = dict(_files(self.root, self.year, (BASE, self.folder), self.read))
        for name in sorted({*there, *self.stamps}):
            before = self.stamps.get(name)
            if name not in there:
                what = "is gone"
            elif before is None:
                what = "is new"
            elif stamp_of(there[name], before).content != before.content:
                what = "has changed"
            else:
                continue
            raise MailError(
                f"{name} {what} since this run began; nothing more is sent. Look at it, build and"
                " approve what it changes, and send again"
            )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All files that letters and e-mails of a year may be read from, before they are."""

    root: Path
    year: str
    stamps: Mapping[str, Stamp]

    def of_run(self, folder: str, read: Collection[str]) -> Frozen:
        """Those that were read: with the templates of a folder, and what else below templates/."""
        of_templates = {f"templates/{name}" for name in read}
        kept = {
            name: stamp
            for name, stamp in self.stamps.items()
            if not name.startswith("templates/")
            or name in of_templates
            or _is_read(name.removeprefix("templates/"), (BASE, folder))
        }
        return Frozen(self.root, self.year, folder, read, kept)


def snapshot(root: Path, year: str) -> Snapshot:
    """The files as they are now."""
    templates = root / "templates"
    folders = {BASE, *(path.name for path in templates.glob("*/"))}
    every = tuple(names_of(templates, *sorted(folders)))
    return Snapshot(
        root, year, {name: stamp_of(path) for name, path in _files(root, year, folders, every)}
    )


def _files(
    root: Path, year: str, folders: Collection[str], read: Collection[str]
) -> Iterator[tuple[str, Path]]:
    """Name and path of the files that are there."""
    for name in (*data_files(root, year), lock_file(year), OFFICE_FILE):
        if exists(root / name):
            yield name, root / name
    templates = root / "templates"
    own = (name for name in names_of(templates, *folders) if _is_read(name, folders))
    for name in dict.fromkeys((*own, *read)):
        if exists(path := path_of(templates, name)):
            yield f"templates/{name}", path


def _is_read(name: str, folders: Collection[str]) -> bool:
    return name.partition("/")[0] in folders and name.endswith(_ALWAYS_READ)
