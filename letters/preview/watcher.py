"""Tells when a file below data/ or templates/ changes; only user of watchfiles.

Folders are watched, not files, for editors save by putting another file in the place of the old one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

FOLDERS = ("data", "templates")
_STEP, _DEBOUNCE = 20, 200  #: milliseconds: of quiet that end a change, and the most that one may take
_watched = partial(awatch, step=_STEP, debounce=_DEBOUNCE, ignore_permission_denied=True)


async def changes(root: Path) -> AsyncIterator[None]:
    """Once for everything that is saved together, for ever; a folder that is deleted is awaited."""
    while True:
        gone = asyncio.Event()
        watching = asyncio.create_task(_until_a_folder_comes_or_goes(root, gone))
        try:
            folders = [root / name for name in FOLDERS if (root / name).is_dir()]
            if folders:
                with suppress(FileNotFoundError):  # gone in this very moment
                    async for _ in awatch(
                        *folders, step=_STEP, debounce=_DEBOUNCE, stop_event=gone, ignore_permission_denied=True
                    ):
                        yield
            await gone.wait()
            yield
        finally:
            watching.cancel()


async def _until_a_folder_comes_or_goes(root: Path, gone: asyncio.Event) -> None:
    async for _ in _watched(root, recursive=False, watch_filter=_Folders()):
        gone.set()
        return


class _Folders(DefaultFilter):
    """The coming and going of our folders themselves."""

    def __call__(self, change: Change, path: str) -> bool:
        return change is not Change.modified and Path(path).name in FOLDERS
