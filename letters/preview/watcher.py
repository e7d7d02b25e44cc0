"""Tells when a file below data/, private/ or templates/ changes, a build, or the books.

Only user of watchfiles.

Folders are watched, not files, for editors save by putting another file in the old one's place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path

from watchfiles import Change, awatch
from watchfiles.main import FileChange

from letters.batch.failures import FAILURES
from letters.batch.store import year_folder
from letters.mail import LEDGER
from letters.mail.archive import records_folder

FOLDERS = ("data", "templates", "private")
#: milliseconds: of quiet that end a change, and the most that one may take
_STEP, _DEBOUNCE = (40, 200)
#: milliseconds after which it looks for folders, builds and books, whatever it was told
_LOOK_AGAIN = 1000
_watched = partial(
    awatch,
    step=_STEP,
    debounce=_DEBOUNCE,
    rust_timeout=_LOOK_AGAIN,
    yield_on_timeout=True,
    ignore_permission_denied=True,
)


async def changes(root: Path, year: str) -> AsyncIterator[None]:
    """Once for everything that is saved together, for ever; a folder that is deleted is awaited.

    Also once the manifest of the year's build or its books have come, gone or changed, or a folder
    has, within a second; and once a moment after it has begun to watch, for what may have changed in
    between.
    """
    beside = None
    while True:
        folders, begun = _folders(root), False
        async with aclosing(_told_of(folders)) as told:
            with suppress(FileNotFoundError):  # gone in this very moment
                async for changed in told:
                    before, beside = beside, _beside(root, year)
                    if changed or not begun or beside != before:
                        yield
                    begun = True
                    if _folders(root) != folders or any(map(_is_of_a_folder, changed)):
                        break
        yield


async def _told_of(folders: list[tuple[Path, int]]) -> AsyncGenerator[set[FileChange]]:
    """What has changed in them: whenever something has, and nothing once a second."""
    if folders:
        async for changed in _watched(*(path for path, _ in folders)):
            yield changed
    while True:
        await asyncio.sleep(_LOOK_AGAIN / 1000)
        yield set()


def _is_of_a_folder(change: FileChange) -> bool:
    """Whether a folder went: what came in its place may have its number."""
    what, path = change
    return what is Change.deleted and Path(path).name in FOLDERS


def _folders(root: Path) -> list[tuple[Path, int]]:
    """Our folders that are there, with their numbers: another in its place has another one."""
    found = []
    for path in (root / name for name in FOLDERS):
        with suppress(OSError):
            if path.is_dir():
                found.append((path, path.stat().st_ino))
    return found


def _beside(root: Path, year: str) -> tuple[tuple[int, int, int] | None, ...]:
    """What tells a build's manifest, what it could not lay out, and the books from those of before.

    A build writes so much that its folder is not watched, and books are kept beside a journal that
    comes and goes: one look a second is less.
    """
    build, ledger = year_folder(root, year), records_folder(root, year) / LEDGER
    return tuple(_stamp(path) for path in (build / "manifest.json", build / FAILURES, ledger))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from the one that was there before, None when there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None
