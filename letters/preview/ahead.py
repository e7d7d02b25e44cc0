"""What the preview does before it is asked: it follows the files, and makes what is asked for next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from letters.errors import CampaignError, LetterError
from letters.preview.desk import Desk
from letters.preview.list_values import listed
from letters.preview.listing import ODDEST
from letters.preview.proofs import Misfortune, Proofs
from letters.preview.watcher import changes

_LOG = logging.getLogger("uvicorn.error")
_FIRST = 12  #: letters of the list that are proved before somebody looks at them
_QUIET = 2.0  #: seconds after a change before that begins


class Ahead:
    """Works behind the pages of one desk."""

    def __init__(self, desk: Desk, proofs: Proofs) -> None:
        self._desk, self._proofs = desk, proofs
        self._sheet: asyncio.Task[None] | None = None
        self._sheet_of = ""

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Follow the files for as long as this lasts; it begins once they were read."""
        tasks = [asyncio.create_task(self._watch())]
        await self._desk.refresh()
        tasks.append(asyncio.create_task(self._warm_up()))
        tasks.append(asyncio.create_task(self._look_ahead()))
        try:
            yield
        finally:
            for task in (*tasks, *([self._sheet] if self._sheet else [])):
                task.cancel()

    def make_sheet(self, slugs: list[str]) -> None:
        """Make the small pictures of all letters, one after the other, behind what is looked at."""
        if self._sheet_of != self._desk.view.build or self._sheet is None:
            if self._sheet:
                self._sheet.cancel()
            self._sheet_of = self._desk.view.build
            self._sheet = asyncio.create_task(self._make_small(slugs))

    async def _make_small(self, slugs: list[str]) -> None:
        for slug in slugs:
            shown = await self._desk.letter(slug)
            if shown and (draft := shown.newest):
                with suppress(LetterError, Misfortune):
                    await self._proofs.small(draft)

    async def _look_ahead(self) -> None:
        """Prove the letters that the list begins with, whenever no file has changed for a while."""
        ahead: asyncio.Task[None] | None = None
        of = None
        try:
            async for _ in self._desk.builds():
                if (self._desk.view.now, self._desk.view.survey) == of:
                    continue  # something was told that pages show, and no file changed
                of = self._desk.view.now, self._desk.view.survey
                if ahead:
                    ahead.cancel()
                ahead = asyncio.create_task(self._prove_the_first())
        finally:
            if ahead:
                ahead.cancel()

    async def _prove_the_first(self) -> None:
        await asyncio.sleep(_QUIET)
        known = len(self._proofs.errors)
        for row in listed(self._desk.view, self._proofs, ODDEST)[:_FIRST]:
            shown = await self._desk.letter(row.slug)
            if shown and (draft := shown.newest):
                with suppress(LetterError, Misfortune):
                    await self._proofs.behind(draft)
        if len(self._proofs.errors) != known:
            self._desk.tell()

    async def _watch(self) -> None:
        while True:
            try:
                async for _ in changes(self._desk.root, self._desk.year):
                    await self._desk.refresh()
            except Exception:  # noqa: BLE001  (whatever it is: it is told, and editing goes on)
                _LOG.exception("the files could not be watched or read; trying again")
                await asyncio.sleep(1)

    async def _warm_up(self) -> None:
        shown = self._desk.view.shown
        for slug in tuple(shown.campaign.statistics)[:1] if shown else ():
            letter = await self._desk.letter(slug)
            if letter and letter.draft:
                with suppress(CampaignError, Misfortune):
                    await self._proofs.warm_up(letter.draft)
