"""Worker processes, each with a pipe of its own: what one of them has in hand ends with it.

Nothing but public names of `multiprocessing` and `concurrent.futures` is used. The library's own
pool will not do: its workers share one pipe for all results, so that one that is killed in the
middle of a result lets everybody wait for ever (CPython issue 94777 is of the same kind).
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeVar

from letters.errors import BuildError

T = TypeVar("T")
StartMethod = Literal["spawn", "fork", "forkserver"]


class WorkerLost(BuildError):
    """A worker process was killed while it had something in hand."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process was killed, perhaps for want of memory; what is done is kept:"
            " build again to carry on"
        )

    def __reduce__(self) -> tuple[type[WorkerLost], tuple[()]]:
        return type(self), ()


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


@contextmanager
def pool(workers: int, method: StartMethod = "spawn") -> Iterator[Pool]:
    """Worker processes on this machine. They leave Ctrl-C to their parent.

    They end when this ends or when their parent does, at once and however it ends.
    """
    with TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True) as folder:
        made = Pool(workers, method, folder)
        try:
            yield made
        finally:
            with _no_interrupt():
                made.shutdown()


class Pool(Executor):
    """Calls functions in worker processes, as many at a time as there are workers."""

    def __init__(self, workers: int, method: StartMethod, folder: str) -> None:
        """Start the workers; they keep their temporary files in the folder."""
        self._context: Any = get_context(method)
        self._folder = folder
        self._calls: SimpleQueue[tuple[Future[Any], tuple[Any, ...]] | None] = SimpleQueue()
        self._at_work: dict[Future[Any], _Worker] = {}
        self._lock, self._over = threading.Lock(), False
        self._workers = [self._started() for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(number,), daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """Call the function in a worker; the future raises WorkerLost when that is killed."""
        if self._over:
            raise RuntimeError("the pool is closed")
        future: Future[T] = Future()
        self._calls.put((future, (function, arguments, named)))
        return future

    def give_up(self, future: Future[Any]) -> None:
        """Drop a call: when a worker has it in hand, the worker is killed and another started."""
        future.cancel()
        with self._lock:
            if worker := self._at_work.get(future):
                worker.process.kill()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Kill the workers. They write nothing, so what they have in hand can be dropped."""
        with self._lock:
            self._over = True
            for worker in self._workers:
                worker.process.kill()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._folder), daemon=True)
        process.start()
        theirs.close()  # the worker alone has it now: what comes through ours ends with the worker
        return _Worker(process, ours)

    def _serve(self, number: int) -> None:
        """In a thread of its own: hand one worker what is to be done, one call after the other."""
        while call := self._calls.get():
            future, what = call
            if self._over:
                future.cancel()
            if not future.set_running_or_notify_cancel():
                continue
            with self._lock:
                if not self._workers[number].process.is_alive() and not self._over:
                    self._workers[number].pipe.close()
                    self._workers[number] = self._started()
                worker = self._at_work[future] = self._workers[number]
            try:
                worker.pipe.send(what)
                good, answer = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join()
                good, answer = False, WorkerLost()
            except Exception as error:  # noqa: BLE001  (what cannot be sent: the caller is told)
                good, answer = False, error
            with self._lock:
                del self._at_work[future]
            future.set_result(answer) if good else future.set_exception(answer)


def _work(pipe: Connection, folder: str) -> None:
    """What a worker process does; the renderer keeps its fonts in the folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    with suppress(BuildError):  # it is told when a letter is to be made
        import letters.typesetting.pdf  # noqa: F401  (while the first manuscripts are written)
    while True:
        try:
            what = pipe.recv()
        except (EOFError, OSError):  # the parent is gone
            return
        pipe.send(_answer(*what))


def _answer(
    function: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[bool, T | Exception]:
    try:
        return True, function(*arguments, **named)
    except Exception as error:  # noqa: BLE001  (whatever it is: the caller is told)
        return False, error


def _end_with_parent(folder: str) -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


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
