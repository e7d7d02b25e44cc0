"""Ends Python code that takes too long, such as loops in loops: one letter must not stop all."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


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
    """One thread that ends the blocks of all others, for a thread a letter would take long."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.turns: set[_Turn] = set()
        self._next: float | None = None  # when it looks again by itself
        self._thread: threading.Thread | None = None

    def begin(self, turn: _Turn) -> None:
        """Watch a block. The lock is held."""
        self.turns.add(turn)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        elif self._next is None or turn.end < self._next:
            self.lock.notify()

    def _run(self) -> None:
        with self.lock:
            while True:
                now = time.monotonic()
                for turn in [turn for turn in self.turns if turn.end <= now]:
                    self.turns.discard(turn)
                    turn.fired = True
                    thread = ctypes.c_ulong(turn.thread)
                    raised = ctypes.py_object(TookTooLong)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, raised)
                self._next = min((turn.end for turn in self.turns), default=None)
                self.lock.wait(None if self._next is None else self._next - now)


_watch = _Watch()
