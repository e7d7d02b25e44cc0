"""Typesetting by workers: bundles of manuscripts go out by value, PDFs come back.

Any `concurrent.futures.Executor` will do. A worker keeps the stationery that it has made ready; one that has not seen a
stationery says so and is sent the bundle again with the stationery in it. So it travels rarely, whatever the executor.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from letters.errors import BuildError, LetterError, LettersError
from letters.typesetting.engine import engine_versions
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.stationery import Stationery

if TYPE_CHECKING:
    from letters.typesetting.pdf import Typesetter

BUNDLE = 4  #: letters that go to a worker at a time
AHEAD = 3  #: bundles under way for each worker, so that none waits

T = TypeVar("T")
StartMethod = Literal["spawn", "fork", "forkserver"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Some manuscripts, and the digest of their stationery; the stationery itself for a worker that asked for it."""

    manuscripts: tuple[Manuscript, ...]
    digest: str
    stationery: Stationery | None = None
    engine: Mapping[str, str] = field(
        default_factory=engine_versions
    )  #: that the letters are meant to be made by


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
    with TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True) as folder:
        executor = ProcessPoolExecutor(
            workers, mp_context=get_context(method), initializer=_begin, initargs=(folder,)
        )
        done = threading.Event()
        threading.Thread(target=_notice_the_dead, args=(executor, done), daemon=True).start()
        try:
            yield executor
        except BrokenProcessPool as error:
            stop_workers(executor)
            raise BuildError(
                "a worker process was killed, perhaps for want of memory; what is done is kept: build again to carry on"
            ) from error
        except BaseException:
            stop_workers(executor)
            raise
        finally:
            done.set()
        executor.shutdown()


def stop_workers(executor: Any) -> None:
    """End a pool at once, and wait for that: one that ends only while Python does is a traceback now and then.

    Its workers write nothing, so whatever they have in hand can be dropped.
    """
    with _no_interrupt():
        thread, calls = executor._executor_manager_thread, executor._call_queue
        _kill_workers(executor)
        executor.shutdown(wait=False, cancel_futures=True)
        if thread is not None:
            thread.join(timeout=2)
            if (
                thread.is_alive()
            ):  # older Pythons 3.11 go on sending what nobody reads any more: CPython issue 94777
                calls._reader.close()
                thread.join()


def _notice_the_dead(executor: Any, done: threading.Event) -> None:
    """Break a pool whose worker was killed while it sent a result: the pool itself waits for the rest for ever."""
    while not done.wait(0.5):
        sentinels = [process.sentinel for process in tuple((executor._processes or {}).values())]
        if connection.wait(sentinels, timeout=0) and not done.wait(1.0) and not executor._broken:
            _kill_workers(executor)


def _kill_workers(executor: Any) -> None:
    """Kill the workers and close the pipe of their results, so that nobody waits for what will not come."""
    for process in tuple((executor._processes or {}).values()):
        process.kill()
    if executor._result_queue is not None:
        executor._result_queue._writer.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Let a second Ctrl-C wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def typeset_all(
    executor: Executor, workers: int, stationery: Stationery, manuscripts: Iterable[Manuscript]
) -> Iterator[Typeset]:
    """The outcome of each manuscript, in the order in which they are done; not more are under way than keeps all busy.

    Raises LetterError when the stationery cannot be used, BuildError when a worker cannot work, and BrokenProcessPool
    when one is gone (`pool` makes a BuildError of it).
    """
    bundles = _bundles(stationery.digest, manuscripts)
    under_way: dict[Future[tuple[Typeset, ...] | None], Bundle] = {}

    def submit(bundle: Bundle) -> None:
        under_way[executor.submit(typeset, bundle)] = bundle

    for bundle in islice(bundles, AHEAD * workers):
        submit(bundle)
    while under_way:
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            bundle, outcomes = under_way.pop(future), _result(future)
            if outcomes is None:
                submit(replace(bundle, stationery=stationery))
                continue
            for following in islice(bundles, 1):
                submit(following)
            yield from outcomes


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except (LettersError, BrokenProcessPool):
        raise
    except Exception as error:
        reason = (
            f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            if str(error)
            else type(error).__name__
        )
        raise BuildError(
            f"the workers failed ({reason}); what is done is kept: build again to carry on"
        ) from error


def typeset(bundle: Bundle) -> tuple[Typeset, ...] | None:
    """In a worker: each manuscript's outcome, or None to ask for the stationery.

    Raises LetterError when the stationery is bad, BuildError when the worker would make other pages than are meant.
    """
    for name, wanted in bundle.engine.items():
        if wanted != (here := engine_versions().get(name)):
            raise BuildError(
                f"a worker has {name} {here or 'missing'}, and {wanted or 'none'} is wanted, as here"
            )
    with _one_at_a_time:
        typesetter = _typesetter(bundle)
        if typesetter is None:
            return None
        return tuple(_typeset(typesetter, manuscript) for manuscript in bundle.manuscripts)


_one_at_a_time = (
    threading.Lock()
)  # the renderer cannot be shared by threads, which some executors' workers have
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


def _begin(folder: str) -> None:
    """What a worker process does first; the renderer keeps its fonts in the folder, which others clear away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    atexit.register(_ready.clear)  # fonts must go before the modules that they need
    with suppress(BuildError):  # it is told when a letter is to be made
        import letters.typesetting.pdf  # noqa: F401  (while the first manuscripts are written)


def _end_with_parent(folder: str) -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
