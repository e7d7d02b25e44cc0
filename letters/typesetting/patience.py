"""Ends Python code that takes too long, such as loops in loops: one letter must not stop all."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class TookTooLong(Exception):
    """Raised in the code that took too long, wherever it was."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block when it takes longer; what runs in C ends first."""
    thread, lock = ctypes.c_ulong(threading.get_ident()), threading.Lock()
    over = fired = False

    def end() -> None:
        nonlocal fired
        with lock:
            if not over:
                fired = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TookTooLong))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    try:
        with lock:  # nothing may be raised in the middle of this
            timer.start()
        yield
    finally:
        with lock:
            over = True
        if fired and not isinstance(sys.exception(), TookTooLong):
            with suppress(TookTooLong):  # it is on its way, and must not arrive after the block
                for _ in range(1000):
                    pass
        timer.cancel()
