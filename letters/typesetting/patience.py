"""Ends Python code that takes too long, such as a template with loops in loops: one letter must not stop all work."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLong(Exception):
    """Raised in the code that took too long, wherever it was."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block when it takes longer; what runs in C (a large sort, say) ends first."""
    thread, lock, over = threading.get_ident(), threading.Lock(), False

    def end() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TookTooLong))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()
