"""Typesetting by workers: bundles of manuscripts go out by value, PDFs come back.

Any `concurrent.futures.Executor` will do. A worker keeps the stationery that it has made ready; one that has not seen a
stationery says so and is sent the bundle again with the stationery in it. So it travels rarely, whatever the executor.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, Literal

from letters.errors import BuildError, LetterError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.stationery import Stationery

if TYPE_CHECKING:
    from letters.typesetting.pdf import Typesetter

BUNDLE = 4  #: letters that go to a worker at a time
AHEAD = 3  #: bundles under way for each worker, so that none waits

StartMethod = Literal["spawn", "fork", "forkserver"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Some manuscripts, and the digest of their stationery; the stationery itself for a worker that asked for it."""

    manuscripts: tuple[Manuscript, ...]
    digest: str
    stationery: Stationery | None = None


@dataclass(frozen=True, slots=True)
class Typeset:
    """What became of one manuscript: a PDF, or the error that stopped it."""

    slug: str
    pdf: bytes = b""
    pages: int = 0
    error: LetterError | None = None
    seconds: float = 0.0  #: that the renderer took


@contextmanager
def pool(workers: int, method: StartMethod = "spawn") -> Iterator[ProcessPoolExecutor]:
    """Worker processes on this machine. They leave Ctrl-C to their parent, and end when it does, however it ends.

    Raises BuildError when one of them is gone before its time.
    """
    executor = ProcessPoolExecutor(workers, mp_context=get_context(method), initializer=_begin)
    try:
        yield executor
    except BrokenProcessPool as error:
        _give_up_sending(executor)
        raise BuildError(
            "a worker process was killed, perhaps for want of memory; what is done is kept: build again to carry on"
        ) from error
    finally:
        # Waits for the pool's own thread: one that ends while Python does is a traceback now and then.
        executor.shutdown(cancel_futures=True)


def typeset_all(
    executor: Executor, workers: int, stationery: Stationery, manuscripts: Iterable[Manuscript]
) -> Iterator[Typeset]:
    """The outcome of each manuscript, in the order in which they are done; not more are under way than keeps all busy.

    Raises LetterError when the stationery cannot be used, and what the executor raises when a worker is gone.
    """
    bundles = _bundles(stationery.digest, manuscripts)
    under_way: dict[Future[tuple[Typeset, ...] | None], Bundle] = {}

    def submit(bundle: Bundle) -> None:
        under_way[executor.submit(typeset, bundle)] = bundle

    for bundle in islice(bundles, AHEAD * workers):
        submit(bundle)
    while under_way:
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            bundle, outcomes = under_way.pop(future), future.result()
            if outcomes is None:
                submit(replace(bundle, stationery=stationery))
                continue
            for following in islice(bundles, 1):
                submit(following)
            yield from outcomes


def _give_up_sending(executor: Any) -> None:
    """Let a pool whose worker was killed end: older Pythons 3.11 wait for ever to send what nobody reads any more.

    CPython issue 94777; newer ones do the same themselves, and need but a moment.
    """
    thread, queue = executor._executor_manager_thread, executor._call_queue
    if thread is not None and queue is not None:
        thread.join(timeout=2)
        if thread.is_alive():
            queue._reader.close()


def typeset(bundle: Bundle) -> tuple[Typeset, ...] | None:
    """In a worker: each manuscript's outcome, or None to ask for the stationery; raises LetterError if it is bad."""
    with _one_at_a_time:
        typesetter = _typesetter(bundle)
        if typesetter is None:
            return None
        return tuple(_typeset(typesetter, manuscript) for manuscript in bundle.manuscripts)


_one_at_a_time = threading.Lock()  # the renderer cannot be shared by threads, which some executors' workers have
_ready: dict[str, Typesetter] = {}  # in a worker: the stationery last used, by its digest


def _typesetter(bundle: Bundle) -> Typesetter | None:
    from letters.typesetting.pdf import Typesetter

    if bundle.digest not in _ready:
        if bundle.stationery is None:
            return None
        _ready.clear()
        _ready[bundle.digest] = Typesetter(bundle.stationery)
        gc.collect()
        gc.freeze()  # what stays need not be looked at again
    return _ready[bundle.digest]


def _typeset(typesetter: Typesetter, manuscript: Manuscript) -> Typeset:
    """One letter, without the garbage collector running in the middle of it."""
    start = time.perf_counter()
    gc.disable()
    try:
        pdf = typesetter.pdf(manuscript)
        return Typeset(manuscript.slug, pdf.content, pdf.pages, seconds=time.perf_counter() - start)
    except LetterError as error:
        return Typeset(manuscript.slug, error=error)
    finally:
        gc.enable()
        gc.collect()


def _bundles(digest: str, manuscripts: Iterable[Manuscript]) -> Iterator[Bundle]:
    rest = iter(manuscripts)
    while some := tuple(islice(rest, BUNDLE)):
        yield Bundle(some, digest)


def _begin() -> None:
    """What a worker process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    atexit.register(_ready.clear)  # fonts must go before the modules that they need
    import letters.typesetting.pdf  # noqa: F401  (while the first manuscripts are written)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
