"""What was made in one event loop and is kept for the next who asks."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The newest results of what takes long, by key; who asks for one in the making waits.

    What raises is not kept: the next who asks has it tried again.
    """

    def __init__(
        self, most: int, heaviest: int = 0, weight: Callable[[T], int] = lambda _: 0
    ) -> None:
        """Keep so many, the ones that were asked for last, and no more than `heaviest` bytes of them.

        `weight` is what one of them takes, in bytes.
        """
        self._most, self._heaviest, self._weight = most, heaviest, weight
        self.made = 0  #: how many have been made
        self._tasks: OrderedDict[str, asyncio.Task[T]] = OrderedDict()

    def items(self) -> Iterator[tuple[str, T]]:
        """What is there."""
        for key, task in self._tasks.items():
            if task.done() and not task.cancelled() and task.exception() is None:
                yield key, task.result()

    async def get(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """What was made, or is now."""
        return await asyncio.shield(self.begin(key, make))

    def begin(self, key: str, make: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """Have it made, unless it is or was."""
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.ensure_future(make())
            task.add_done_callback(partial(self._finish, key))
            while len(self._tasks) > self._most:
                self._tasks.popitem(last=False)
        self._tasks.move_to_end(key)
        return task

    def end(self) -> None:
        """Drop what is in the making."""
        for task in self._tasks.values():
            task.cancel()

    def _finish(self, key: str, task: asyncio.Future[T]) -> None:
        """Count what is made; drop what is not, also when whoever asked for it has gone."""
        if not task.cancelled() and task.exception() is None:
            self.made += 1
            self._lighten()
        elif self._tasks.get(key) is task:
            del self._tasks[key]

    def _lighten(self) -> None:
        """Drop what was asked for longest ago, until the rest is light enough; one always stays."""
        there = [(key, self._weight(value)) for key, value in self.items()]
        whole = sum(weight for _, weight in there)
        for key, weight in there[:-1]:
            if whole <= self._heaviest:
                return
            del self._tasks[key]
            whole -= weight
