"""What the preview shows at the moment, and who is told when that changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from letters.batch.draft import Draft
from letters.errors import LetterError, Problem, Severity
from letters.preview.edition import Edition, Survey, read_edition, survey

_FIRST_THINGS = 0.15  #: seconds for browsers to fetch a change, before all letters are read


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is shown: the files as they are or, where broken, as they last were sound."""

    build: str  #: another one for each change; unlike those of a preview that ran before
    edition: Edition | None = None  #: of now, None when there is an error in the data
    sound: Edition | None = None  #: the last one without any error
    survey: Survey | None = None  #: of `shown` or, for a moment, of what was shown before
    data_problems: tuple[Problem, ...] = ()

    @property
    def shown(self) -> Edition | None:
        """The edition to show, None when no sound one was ever there."""
        return self.edition or self.sound

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of data files and templates, in the order of the files."""
        found = self.survey.problems if self.survey else ()
        return tuple(sorted((*self.data_problems, *found), key=lambda problem: problem.place))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that must be mended before letters can be built."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter to show, and what hinders showing it as the files now are."""

    edition: Edition
    draft: Draft | None
    fault: Problem | None = None


class Desk:
    """Keeps one year's view, in one event loop; what takes long is done in threads beside it."""

    def __init__(self, root: Path, year: str, start: str) -> None:
        """Nothing is read before `refresh`; `start` tells this run of the preview from others."""
        self.root, self.year = root, year
        self._start, self._number = start, 0
        self.view = View(build=self._next_build())
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._surveying: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()

    async def refresh(self) -> None:
        """Read the files again and show them; all letters' words are looked through soon after."""
        async with self._reading:
            edition, problems = await asyncio.to_thread(read_edition, self.root, self.year)
            self._show(replace(self.view, edition=edition, data_problems=problems))
            if self.view.shown:
                self._surveying = asyncio.create_task(self._survey(self.view.shown))

    async def settled(self, seconds: float) -> None:
        """Wait for the survey of what is shown, if one is under way, but not for ever."""
        if self._surveying:
            await asyncio.wait({self._surveying}, timeout=seconds)

    def tell(self) -> None:
        """Have every page fetched again: something beside the files is known now."""
        self._show(self.view)

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
            fault = error.problem
        if sound and slug in sound.campaign.statistics:
            return Shown(sound, sound.draft(slug), fault)
        return Shown(now, None, fault)

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

    async def _survey(self, edition: Edition) -> None:
        await asyncio.sleep(_FIRST_THINGS)
        found = await asyncio.to_thread(
            survey, self.root, edition, lambda: self.view.shown is edition
        )
        before = self.view
        if found is None or before.shown is not edition:
            return
        view = replace(before, survey=found)
        if view.edition is edition and not view.errors:
            view = replace(view, sound=edition)
        old = before.survey
        if old and (view.problems, found.lengths, found.standings) == (
            before.problems,
            old.lengths,
            old.standings,
        ):
            self.view = view  # nothing that a page says has changed
        else:
            self._show(view)

    def _show(self, view: View) -> None:
        self.view = replace(view, build=self._next_build())
        for queue in self._listeners:
            queue.put_nowait(self.view.build)

    def _next_build(self) -> str:
        self._number += 1
        return f"{self._start}.{self._number}"
