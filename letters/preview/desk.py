"""What the preview shows at the moment, and who is told when that changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from letters.batch.draft import Draft
from letters.check import Edition, Gathering
from letters.errors import LetterError, Problem, in_order
from letters.mail.stages import Status
from letters.preview.edition import NOTHING_KNOWN, Survey, read_now, survey, with_styles
from letters.typed import Typing

_FIRST_THINGS = 0.15  #: seconds for browsers to fetch a change, before all letters are read


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is shown: the files as they are or, where broken, as they last were sound."""

    build: str  #: another one for each change; unlike those of a preview that ran before
    now: Gathering | None = None  #: the files of now, None before they were read
    last_sound: Gathering | None = None  #: the last ones without any error
    survey: Survey | None = None  #: of `shown` or, for a moment, of what was shown before

    @property
    def edition(self) -> Edition | None:
        """The edition of now, None when there is an error in the data."""
        return self.now.edition if self.now else None

    @property
    def sound(self) -> Edition | None:
        """The last edition without any error."""
        return self.last_sound.edition if self.last_sound else None

    @property
    def shown(self) -> Edition | None:
        """The edition to show, None when no sound one was ever there."""
        return self.edition or self.sound

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong with the files, in their order."""
        found = (*(self.now.problems if self.now else ()), *(self.survey or NOTHING_KNOWN).problems)
        return in_order(dict.fromkeys(found))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that must be mended before letters can be shown as they are."""
        return tuple(problem for problem in self.problems if problem.stops)

    @property
    def unfinished(self) -> tuple[Problem, ...]:
        """What is to be done before letters can be built, and does not hinder showing them."""
        return tuple(problem for problem in self.problems if problem.unfinished)


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter to show, and what hinders showing it as the files now are."""

    edition: Edition
    draft: Draft | None
    faults: tuple[Problem, ...] = ()
    failed: Draft | None = None  #: the letter with the faults, as far as it was written

    @property
    def newest(self) -> Draft | None:
        """What there is of the letter as the files now are."""
        return self.failed or self.draft


class Desk:
    """Keeps one year's view, in one event loop; what takes long is done in threads beside it."""

    def __init__(self, root: Path, year: str, start: str, typing: Typing | None = None) -> None:
        """Nothing is read before `refresh`; `start` tells this run of the preview from others.

        `typing` is how commands are typed where it was started.
        """
        self.root, self.year, self.typing = root, year, typing or Typing()
        self._start, self._number = start, 0
        self.view = View(build=self._next_build())
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._surveying: asyncio.Task[None] | None = None
        self._styling: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()
        self.executor: Executor | None = None  #: its workers say what is wrong with style sheets
        #: why letters have no pages, by fingerprint, as far as their proofs have told
        self.failures: Callable[[], Mapping[str, LetterError]] = dict

    async def refresh(self) -> None:
        """Read the files again and show them; all letters' words are looked through soon after."""
        async with self._reading:
            now = await asyncio.to_thread(read_now, self.root, self.year)
            self._show(replace(self.view, now=now))
            of = now if now.edition else self.view.last_sound
            if of:
                self._surveying = asyncio.create_task(self._survey(of))

    async def settled(self, seconds: float) -> None:
        """Wait for the survey of what is shown, if one is under way, but not for ever."""
        if self._surveying:
            await asyncio.wait({self._surveying}, timeout=seconds)

    def tell(self) -> None:
        """Have every page fetched again: something beside the files is known now."""
        self._show(self.view)

    @property
    def status(self) -> Status | None:
        """Where letters stand, also by what is known of their pages; None while it is not known."""
        survey = self.view.survey
        return survey.with_failures(self.failures(), self.view.errors).status if survey else None

    def typed(self, sentence: str) -> str:
        """A sentence of ours with its commands as they are typed where the preview was started."""
        return self.typing.sentence(sentence, self.year)

    async def letter(self, slug: str) -> Shown | None:
        """A letter as it is or, if it cannot be written, as it last was; None if unknown."""
        return await asyncio.to_thread(self._letter, slug)

    def _letter(self, slug: str) -> Shown | None:
        now, sound = self.view.shown, self.view.sound
        if now is None or slug not in now.campaign.statistics:
            return None
        try:
            return Shown(now, now.draft(slug))
        except LetterError as error:
            faults, failed = error.problems, now.drafts.failed(slug)
        if sound and slug in sound.campaign.statistics:
            return Shown(sound, sound.draft(slug), faults, failed)
        return Shown(now, None, faults, failed)

    async def builds(self) -> AsyncIterator[str]:
        """The present build, then each that follows, until the desk is closed."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield self.view.build
            while build := await queue.get():
                yield build
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Tell every listener that no more builds follow."""
        for queue in self._listeners:
            queue.put_nowait(None)

    async def _survey(self, of: Gathering) -> None:
        await asyncio.sleep(_FIRST_THINGS)
        edition = of.edition
        found = await asyncio.to_thread(survey, of, lambda: self.view.shown is edition)
        before = self.view
        if found is None or before.shown is not edition:
            return
        view = replace(before, survey=found)
        if view.now is of and not view.errors:
            view = replace(view, last_sound=of)
        old = before.survey
        if old and (view.problems, replace(found, problems=())) == (
            before.problems,
            replace(old, problems=()),
        ):
            self.view = view  # nothing that a page says has changed
        else:
            self._show(view)
        if self.executor:
            self._styling = asyncio.create_task(self._look_at_styles(of, found, self.executor))

    async def _look_at_styles(self, of: Gathering, found: Survey, executor: Executor) -> None:
        """Show what the renderer says of the style sheets, once it is known."""
        full = await asyncio.to_thread(with_styles, of, found, executor)
        if full is not found and self.view.survey is found:
            self._show(replace(self.view, survey=full))

    def _show(self, view: View) -> None:
        self.view = replace(view, build=self._next_build())
        for queue in self._listeners:
            queue.put_nowait(self.view.build)

    def _next_build(self) -> str:
        self._number += 1
        return f"{self._start}.{self._number}"
