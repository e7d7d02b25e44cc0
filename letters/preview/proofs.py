"""Proofs: a letter's true PDF and its pages' pictures, made when looked at and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from letters.batch.draft import Draft
from letters.batch.manifest import Manifest, read_manifest
from letters.batch.pool import Pool, WorkerLost, pool
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.batch.workers import Bundle, Typeset, typeset
from letters.errors import BuildError, CampaignError, LetterError, LettersError, RenderingError
from letters.files import digest_of
from letters.preview.kept import Kept
from letters.typesetting.finished import Picture, picture

WORKERS = 2  #: one for who looks at a letter, one for the contact sheet behind it
PAGE_WIDTH = 1000  #: pixels
PAGE_WIDTHS = (PAGE_WIDTH, 1600, 2400)  #: that a page's picture can be asked for
AHEAD = 6  #: pages of a letter whose pictures are begun before they are asked for
SMALL_WIDTH = 320
HEAVIEST = 48_000_000  #: bytes of pages' pictures that are kept: 50 of the widest, all others
_PROCESS = "the process that makes them"
LONGEST = 30.0  #: seconds that a letter, or a picture of it, may take, waiting included
_STUCK = 12.0  #: seconds after which a worker counts as stuck, and another one tries

T = TypeVar("T")


class Misfortune(LettersError):
    """Pages are not made, for nothing in their letter; who asks for them again tries again."""


class Proofs:
    """Makes proofs in worker processes, each once: all is kept by a draft's fingerprint.

    What a misfortune hinders is not kept: whatever makes something may raise Misfortune.
    """

    def __init__(self, root: Path, year: str) -> None:
        """Take built PDFs where they are what would be made; workers are there while `open`."""
        self._root, self._year = root, year
        self._workers: Pool
        self._typeset: Kept[Typeset] = Kept(600)
        self._pages: Kept[Picture] = Kept(150, HEAVIEST, lambda one: len(one.png))
        self._small: Kept[Picture] = Kept(1200)
        # so that a contact sheet never keeps who looks at a letter waiting
        self._one_small = asyncio.Semaphore(1)
        self._last_good: dict[str, Draft] = {}  # by slug
        self._last_build = (0, Manifest())  # when its manifest was written

    @property
    def made(self) -> int:
        """How many letters have been typeset: another number when `pages` or `errors` tell more."""
        return self._typeset.made

    @contextmanager
    def open(self) -> Iterator[Pool]:
        """Workers for as long as this lasts."""
        with pool(WORKERS, longest=_STUCK) as self._workers:
            try:
                yield self._workers
            finally:
                for kept in (self._typeset, self._pages, self._small):
                    kept.end()

    @property
    def pages(self) -> Mapping[str, int]:
        """How many pages a letter has, by fingerprint, as far as that is known."""
        return {
            fingerprint: done.pages
            for fingerprint, done in self._typeset.items()
            if done.error is None
        }

    @property
    def errors(self) -> Mapping[str, LetterError]:
        """Why a letter has no pages, by fingerprint, as far as that is known."""
        return {
            fingerprint: done.error
            for fingerprint, done in self._typeset.items()
            if done.error is not None
        }

    async def warm_up(self, draft: Draft) -> None:
        """Make the workers ready, for their first letter takes long.

        Raises CampaignError for bad stationery, and Misfortune.
        """
        stationery = draft.dress.stationery
        bundle = Bundle((draft.manuscript,), stationery.digest, stationery)
        await asyncio.gather(*(self.run(typeset, bundle) for _ in range(WORKERS)))

    async def pdf(self, draft: Draft) -> Typeset:
        """A letter typeset, or its draft and the `error` that hinders more. Raises Misfortune."""
        done = await self._proof(draft)
        if done.error is None:
            self._last_good[draft.manuscript.slug] = draft
        return done

    async def behind(self, draft: Draft) -> Typeset:
        """The same for a letter that nobody looks at yet. Raises Misfortune."""
        async with self._one_small:
            return await self._proof(draft)

    async def _proof(self, draft: Draft) -> Typeset:
        async def make() -> Typeset:
            built = await asyncio.to_thread(self._built, draft)
            return built or await self._made(draft)

        return await self._typeset.get(draft.entry.fingerprint, make)

    def last_good(self, slug: str) -> Draft | None:
        """The last draft of a letter that had pages."""
        return self._last_good.get(slug)

    async def page(self, draft: Draft, number: int, width: int = PAGE_WIDTH) -> Picture:
        """A page's picture, also of a draft; `width` is one of PAGE_WIDTHS.

        Raises LetterError without any, IndexError beyond them, and Misfortune.
        """
        return await self._picture(self._pages, draft, number, width)

    def draw_ahead(self, draft: Draft, done: Typeset) -> None:
        """Begin the pictures of a letter that was just typeset: they will be asked for next."""
        for number in range(1, min(done.pages, AHEAD) + 1):
            self._pages.begin(*self._drawing(draft, done, number, PAGE_WIDTH))

    async def small(self, draft: Draft) -> Picture:
        """A small picture of the last page, which has the statistics; of a draft the one before.

        Raises LetterError and Misfortune.
        """
        async with self._one_small:
            return await self._picture(self._small, draft, -1, SMALL_WIDTH)

    async def _picture(self, kept: Kept[Picture], draft: Draft, number: int, width: int) -> Picture:
        done = await self.pdf(draft)
        if done.error and not done.draft:
            raise done.error
        if number < 0 and done.draft:
            number -= 1  # behind the pages a draft tells what is wrong
        return await kept.get(*self._drawing(draft, done, number, width))

    def _drawing(
        self, draft: Draft, done: Typeset, number: int, width: int
    ) -> tuple[str, Callable[[], Awaitable[Picture]]]:
        """What a picture is kept by, and what makes it."""
        make = partial(self.run, picture, done.pdf or done.draft, number, width)
        return f"{draft.entry.fingerprint}/{number}/{width}", make

    async def _made(self, draft: Draft) -> Typeset:
        stationery = draft.dress.stationery
        bundle = Bundle((draft.manuscript,), stationery.digest)
        try:
            outcomes = await self.run(typeset, bundle)
            if outcomes is None:
                outcomes = await self.run(typeset, replace(bundle, stationery=stationery))
        except CampaignError as error:  # of the stationery
            return Typeset(draft.manuscript.slug, error=RenderingError.of(error.problems))
        assert outcomes, "a worker that has the stationery does not ask for it"
        return outcomes[0]

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """What the function gives, called in a worker.

        Raises Misfortune when that cannot be done now, and what the function raises by itself.
        """
        call = self._workers.submit(function, *arguments)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(call), LONGEST)
        except (BuildError, OSError, MemoryError) as error:
            if isinstance(error, TimeoutError):
                self._workers.give_up(call)
            raise Misfortune(_what_happened(error)) from error

    def _built(self, draft: Draft) -> Typeset | None:
        """The letter in the build folder, if it is the one that would be made."""
        with suppress(BuildError, OSError):
            entry = self._manifest().letters.get(draft.manuscript.slug)
            path = letter_paths(letters_folder(self._root, self._year), draft.manuscript.slug)[0]
            if (
                entry
                and entry.fingerprint == draft.entry.fingerprint
                and entry.sha256 == digest_of(path)
            ):
                return Typeset(draft.manuscript.slug, path.read_bytes(), entry.pages)
        return None

    def _manifest(self) -> Manifest:
        """The manifest of the last build, read again when a build has written it anew."""
        folder = year_folder(self._root, self._year)
        with suppress(FileNotFoundError):
            written = (folder / "manifest.json").stat().st_mtime_ns
            if written != self._last_build[0]:
                self._last_build = (written, read_manifest(folder))
            return self._last_build[1]
        return Manifest()


def _what_happened(error: Exception) -> str:
    match error:
        case WorkerLost(silent=seconds) if seconds:
            return f"{_PROCESS} did not answer for {seconds:g} seconds"
        case WorkerLost():
            return f"{_PROCESS} was killed, perhaps for want of memory"
        case BuildError():  # such as that the engine's files are others than when it was started
            return f"{error}; if that stays, end the preview and start it again"
        case TimeoutError():
            return f"{_PROCESS} took longer than {LONGEST:g} seconds"
        case OSError(strerror=str(reason)):
            return f"{_PROCESS} failed: {reason.lower()}"
        case MemoryError():
            return f"{_PROCESS} failed: there is not enough memory"
        case _:
            return f"{_PROCESS} failed: {error}"
