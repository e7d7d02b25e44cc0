"""Ends Python code that takes too long, such as loops in loops: one letter must not stop all."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import attrgetter
from queue import Empty, SimpleQueue

_MOMENT = 0.001  #: seconds in which others run


class TookTooLong(Exception):
    """Raised in the code that took too long, wherever it was."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block when it takes longer; what runs in C ends first."""
    turn = _Turn(threading.get_ident(), time.monotonic() + seconds)
    try:
        with _watch.lock:  # nothing may be raised in the middle of this
            _watch.begin(turn)
        yield
    finally:
        with _watch.lock:
            _watch.turns.discard(turn)
        if turn.fired and not isinstance(sys.exception(), TookTooLong):
            with suppress(TookTooLong):  # it is on its way, and must not arrive after the block
                for _ in range(1000):
                    pass


@dataclass(slots=True, eq=False)
class _Turn:
    """One block under way."""

    thread: int
    end: float
    fired: bool = False


class _Watch:
    """One thread that ends the blocks of all others, for a thread a letter would take long.

    A block may be ended at any moment, so what it does here is done by plain locks and queues: they
    are not Python code, in the middle of which it could be ended.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.turns: set[_Turn] = set()
        self._woken: SimpleQueue[None] = SimpleQueue()
        self._next: float | None = None  # when it looks again by itself
        self._thread: threading.Thread | None = None

    def begin(self, turn: _Turn) -> None:
        """Watch a block. The lock is held."""
        self.turns.add(turn)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        elif self._next is None or turn.end < self._next:
            self._woken.put(None)

    def _run(self) -> None:
        while True:
            with suppress(Empty):
                self._woken.get(timeout=self._look())

    def _look(self) -> float | None:
        """End one block whose time is over; how many seconds to wait then, None for any number.

        Nothing follows the interruption before the lock is free, least of all a loop: until its
        block has noticed it, a thread that is traced may run in circles (CPython 3.11).
        """
        with self.lock:
            now, turn = time.monotonic(), min(self.turns, key=attrgetter("end"), default=None)
            self._next = turn.end if turn else None
            if turn is None or turn.end > now:
                return turn.end - now if turn else None
            self.turns.discard(turn)
            turn.fired = True
            thread, raised = ctypes.c_ulong(turn.thread), ctypes.py_object(TookTooLong)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, raised)
        return _MOMENT


_watch = _Watch()
