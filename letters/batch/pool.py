"""Worker processes, each with a pipe of its own: what one of them has in hand ends with it.

Nothing but public names of `multiprocessing` and `concurrent.futures` is used. The library's own
pool will not do: its workers share one pipe for all results, so that one that is killed in the
middle of a result lets everybody wait for ever (CPython issue 94777 is of the same kind).
"""

from __future__ import annotations

import os
import pickle
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
from multiprocessing.resource_tracker import ensure_running
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias, TypeVar

from letters.errors import BuildError

LONGEST = 30.0  #: seconds that a call may take before its worker counts as stuck
_ATTEMPTS = 2  # at a call whose worker is lost
_OF_THE_PARENT = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}  # its workers end when it does
_KEPT = "what is done is kept: build again to carry on"

T = TypeVar("T")
StartMethod = Literal["spawn", "fork", "forkserver"]
_Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_Answer: TypeAlias = tuple[bool, Any]  # whether it is good; if not, it is an exception


class WorkerLost(BuildError):
    """A worker process was killed, or did not answer, while it had something in hand."""

    def __init__(self, silent: float = 0.0) -> None:
        """`silent` is for how many seconds it did not answer; 0 for one that was killed."""
        became = (
            f"did not answer for {silent:g} seconds and was ended"
            if silent
            else "was killed, perhaps for want of memory"
        )
        super().__init__(f"a worker process {became}; {_KEPT}")
        self.silent = silent

    def __reduce__(self) -> tuple[type[WorkerLost], tuple[float]]:
        return type(self), (self.silent,)


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


@contextmanager
def pool(
    workers: int, method: StartMethod = "spawn", longest: float = LONGEST, at_once: int = 0
) -> Iterator[Pool]:
    """Worker processes on this machine, each started when it is needed, but for some at once.

    They leave Ctrl-C and the like to their parent, and end when this ends or when their parent
    does, at once and however it ends. A call may take `longest` seconds.
    """
    with TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True) as folder:
        made = Pool(workers, method, folder, longest, at_once)
        try:
            yield made
        finally:
            with _no_interrupt():
                made.shutdown()


class Pool(Executor):
    """Calls functions in worker processes, as many at a time as there are workers.

    A call whose worker is killed or does not answer is made once more, in another worker.
    """

    def __init__(
        self,
        workers: int,
        method: StartMethod,
        folder: str,
        longest: float = LONGEST,
        at_once: int = 0,
    ) -> None:
        """Start so many `at_once` and no other yet; they keep temporary files in the folder."""
        self._context: Any = get_context(method)
        self._folder, self._longest = folder, longest
        self._calls: SimpleQueue[tuple[Future[Any], _Call] | None] = SimpleQueue()
        self._at_work: dict[Future[Any], _Worker | None] = {}  # without what is given up
        self._workers: dict[int, _Worker] = {}  # by the number of their thread
        self._lock, self._over, self._at_once = threading.Lock(), False, at_once
        self._threads = [
            threading.Thread(target=self._serve, args=(number,), daemon=True)
            for number in range(workers)
        ]
        try:
            for thread in self._threads:
                thread.start()
        except BaseException:
            self.shutdown()
            raise

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """Call the function in a worker.

        The future raises WorkerLost when two workers, one after the other, are killed or do not
        answer, OSError when none can be started.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._over:
                raise RuntimeError("the pool is closed")
            self._calls.put((future, (function, arguments, named)))
        return future

    def give_up(self, future: Future[Any]) -> None:
        """Drop a call: when a worker has it in hand, the worker is killed."""
        future.cancel()
        with self._lock:
            if worker := self._at_work.pop(future, None):
                worker.process.kill()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Kill the workers. They write nothing, so what they have in hand can be dropped."""
        with self._lock:
            self._over = True
            for worker in self._workers.values():
                worker.process.kill()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            if thread.ident is not None:  # it was started
                thread.join()
        for worker in self._workers.values():
            worker.process.join()
            worker.pipe.close()

    def _serve(self, number: int) -> None:
        """In a thread of its own: hand one worker what is to be done, one call after the other."""
        if number < self._at_once:
            with self._lock, suppress(Exception):  # it is tried again, and told, when it is needed
                if not self._over:
                    self._workers[number] = self._started()
        while call := self._calls.get():
            future, what = call
            if self._begin(future):
                good, answer = self._answer_to(number, future, what)
                future.set_result(answer) if good else future.set_exception(answer)

    def _begin(self, future: Future[Any]) -> bool:
        """Whether the call is still wanted; then it can be given up from now on."""
        if self._over:
            future.cancel()
        with self._lock:
            wanted = future.set_running_or_notify_cancel()
            if wanted:
                self._at_work[future] = None
            return wanted

    def _answer_to(self, number: int, future: Future[Any], what: _Call) -> _Answer:
        answer: _Answer = False, WorkerLost()
        try:
            for _ in range(_ATTEMPTS):
                worker = self._worker_for(number, future)
                if worker is None:
                    break
                answer = self._ask(worker, future, what)
                if not isinstance(answer[1], WorkerLost):
                    break
        except BaseException as error:  # noqa: BLE001  (whatever it is: the caller is told)
            return False, error
        finally:
            with self._lock:
                self._at_work.pop(future, None)
        return answer

    def _worker_for(self, number: int, future: Future[Any]) -> _Worker | None:
        """The thread's worker, started where there is none; None for a call that is given up."""
        with self._lock:
            if self._over or future not in self._at_work:
                return None
            worker = self._workers.get(number)
            if worker and not worker.process.is_alive():
                worker.pipe.close()
                worker = None
            if worker is None:
                worker = self._workers[number] = self._started()
            self._at_work[future] = worker
            return worker

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._folder), daemon=True)
        with self._deaf():
            process.start()
        theirs.close()  # the worker alone has it now: what comes through ours ends with the worker
        return _Worker(process, ours)

    @contextmanager
    def _deaf(self) -> Iterator[None]:
        """Have what is started here never hear, from its first moment on, what is its parent's."""
        if self._context.get_start_method() != "fork":
            ensure_running()  # here, for when it starts it lets the signals through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_PARENT)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _ask(self, worker: _Worker, future: Future[Any], what: _Call) -> _Answer:
        """What the worker answers, or WorkerLost."""
        late = threading.Event()
        timer = threading.Timer(self._longest, self._end_late, (worker, future, late))
        timer.daemon = True
        timer.start()  # neither sending nor receiving has a limit of its own
        try:
            worker.pipe.send(what)
            good, answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            good, answer = False, WorkerLost(self._longest if late.is_set() else 0.0)
        finally:
            timer.cancel()
        return good, answer

    def _end_late(self, worker: _Worker, future: Future[Any], late: threading.Event) -> None:
        with self._lock:
            if self._at_work.get(future) is worker:
                late.set()
                worker.process.kill()  # a stopped one, too


def _work(pipe: Connection, folder: str) -> None:
    """What a worker process does; the renderer keeps its fonts in the folder."""
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    with suppress(BuildError, OSError):  # it is told when a letter is to be made
        import letters.typesetting.pdf  # noqa: F401  (while the first manuscripts are written)
    with suppress(EOFError, OSError):  # the parent is gone
        while True:
            _send(pipe, _next_answer(pipe))
    _end_with_parent(folder)


def _next_answer(pipe: Connection) -> _Answer:
    content = pipe.recv_bytes()
    try:
        function, arguments, named = pickle.loads(content)
        return True, function(*arguments, **named)
    except Exception as error:  # noqa: BLE001  (whatever it is: the caller is told)
        return False, error


def _send(pipe: Connection, answer: _Answer) -> None:
    try:
        pipe.send(answer)
    except (EOFError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  (what cannot be sent: the caller is told)
        pipe.send((False, error))


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
