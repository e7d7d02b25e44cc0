"""Worker processes: what they give, and what becomes of them when one is killed or stuck."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

import letters.typesetting.pdf  # noqa: F401  (so that forked workers need not import it)
from letters.batch.pool import Pool, StartMethod, WorkerLost, pool
from letters.errors import RenderingError
from tests.doing import wait_for

MEGABYTES = 40_000_000
SHORT = 1.2  #: seconds that a call may take here


def called(folder: Path) -> int:
    """In a worker: note that it is called; how often it was called before."""
    before = len(list(folder.iterdir()))
    note = folder / f".{before}"
    note.write_text(str(os.getpid()))
    note.rename(folder / str(before))  # whole, once it is there
    return before


def worker(folder: Path, call: int = 0) -> int:
    """The process of the first worker, or of a later one, that was called."""
    wait_for((folder / str(call)).exists)
    return int((folder / str(call)).read_text())


def block(folder: Path) -> None:
    called(folder)
    signal.pause()


def block_at_first(folder: Path) -> str:
    if called(folder) == 0:
        signal.pause()
    return "done"


def send_much(folder: Path) -> bytes:
    called(folder)
    return bytes(MEGABYTES)


def fail(slug: str) -> None:
    raise RenderingError(slug, "it overflows")


def fail_for_want_of_room() -> None:
    raise OSError(28, "No space left on device")


def something_that_stays() -> threading.Lock:
    return threading.Lock()


def make_temporary_file() -> str:
    from tempfile import mkstemp

    return mkstemp()[1]


def signals_blocked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def processes() -> set[int | None]:
    """This process's workers."""
    return {child.pid for child in active_children()}


def test_a_worker_gives_what_the_function_gives_or_raises() -> None:
    with pool(2, "fork") as workers:
        assert list(workers.map(len, ("a", "bc", "def"))) == [1, 2, 3]
        with pytest.raises(RenderingError, match="ashby: it overflows") as raised:
            workers.submit(fail, "ashby").result()
        assert raised.value.authority == "ashby"
        assert workers.submit(len, "abcd").result() == 4, "and the worker goes on"


def test_what_cannot_be_sent_is_an_error_and_the_worker_goes_on() -> None:
    with pool(1, "fork") as workers:
        with pytest.raises(Exception, match="pickle"):
            workers.submit(lambda: 1).result()
        assert workers.submit(len, "ab").result() == 2


def test_what_cannot_be_sent_back_is_an_error_and_the_worker_goes_on(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        process = workers.submit(os.getpid).result()
        with pytest.raises(TypeError, match="pickle"):
            workers.submit(something_that_stays).result()
        assert workers.submit(os.getpid).result() == process


def test_a_worker_s_own_trouble_with_files_does_not_count_as_its_end() -> None:
    with pool(1, "fork") as workers:
        process = workers.submit(os.getpid).result()
        with pytest.raises(OSError, match="No space left on device"):
            workers.submit(fail_for_want_of_room).result()
        assert workers.submit(os.getpid).result() == process


def test_workers_are_started_when_they_are_needed() -> None:
    before = processes()
    with pool(8, "fork") as workers:
        assert processes() == before
        process = workers.submit(os.getpid).result()
        assert processes() - before == {process}
    assert processes() == before


def test_workers_that_are_started_at_once_are_there_before_they_are_needed() -> None:
    before = processes()
    with pool(2, "fork", at_once=2) as workers:
        wait_for(lambda: len(processes() - before) == 2)
        early = processes() - before
        assert workers.submit(os.getpid).result() in early
        assert processes() - before == early
    assert processes() == before


def test_a_worker_that_cannot_be_started_at_once_is_started_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fork, tried = os.fork, threading.Event()

    def no_process() -> int:
        monkeypatch.setattr(os, "fork", fork)
        tried.set()
        raise MemoryError

    monkeypatch.setattr(os, "fork", no_process)
    with pool(1, "fork", at_once=1) as workers:
        assert tried.wait(10)
        assert workers.submit(len, "ab").result(timeout=30) == 2


def test_a_pool_that_cannot_be_made_leaves_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    before, start = processes(), threading.Thread.start

    def start_one(thread: threading.Thread) -> None:
        if processes() - before:
            raise RuntimeError("can't start new thread")
        start(thread)
        wait_for(lambda: bool(processes() - before))

    monkeypatch.setattr(threading.Thread, "start", start_one)
    with pytest.raises(RuntimeError, match="can't start new thread"), pool(2, "fork", at_once=2):
        pass
    assert processes() == before


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_worker_never_hears_of_what_is_meant_for_its_parent(method: StartMethod) -> None:
    with pool(1, method) as workers:
        assert {signal.SIGINT, signal.SIGTERM} <= workers.submit(signals_blocked).result()
    assert signals_blocked() == set()


def test_what_a_killed_worker_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        call = workers.submit(block_at_first, tmp_path)
        os.kill(worker(tmp_path), signal.SIGKILL)
        assert call.result(timeout=30) == "done"
        assert worker(tmp_path, 1) != worker(tmp_path, 0)


def test_a_worker_killed_while_it_has_nothing_in_hand_is_replaced() -> None:
    with pool(1, "fork") as workers:
        process = workers.submit(os.getpid).result()
        os.kill(process, signal.SIGKILL)
        assert workers.submit(os.getpid).result(timeout=30) != process


def test_a_call_whose_workers_are_killed_again_and_again_is_lost(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        lost = workers.submit(block, tmp_path)
        for call in range(2):
            os.kill(worker(tmp_path, call), signal.SIGKILL)
        with pytest.raises(WorkerLost, match=r"was killed, .*: build again to carry on"):
            lost.result(timeout=30)
        assert workers.submit(len, "ab").result(timeout=30) == 2, "and others are made"


def killed_while_it_sends(workers: Pool, folder: Path) -> bool:
    """Whether two workers, killed once they were called, died before their result had come.

    On a busy machine it may be there before this process has its turn to kill.
    """
    much = workers.submit(send_much, folder)
    for note in (folder / "0", folder / "1"):
        wait_for(partial(any_of, much.done, note.exists))
        if not much.done():
            os.kill(int(note.read_text()), signal.SIGKILL)
    try:
        assert len(much.result(timeout=30)) == MEGABYTES
    except WorkerLost:
        return True
    return False


def any_of(*conditions: Callable[[], bool]) -> bool:
    return any(condition() for condition in conditions)


def test_a_worker_killed_in_the_middle_of_a_result_is_noticed(tmp_path: Path) -> None:
    killed = 0
    with pool(2, "fork") as workers:
        for attempt in range(100):
            folder = tmp_path / str(attempt)
            folder.mkdir()
            killed += killed_while_it_sends(workers, folder)
            if killed == 5:
                return
    pytest.fail("results were always quicker than the signal")


def test_what_a_stopped_worker_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    with pool(1, "fork", longest=SHORT) as workers:
        call = workers.submit(block_at_first, tmp_path)
        os.kill(worker(tmp_path), signal.SIGSTOP)
        assert call.result(timeout=30) == "done"


def test_a_stopped_worker_that_cannot_even_be_sent_a_call_is_replaced() -> None:
    with pool(1, "fork", longest=SHORT) as workers:
        os.kill(workers.submit(os.getpid).result(), signal.SIGSTOP)
        more_than_a_pipe_holds = bytes(2_000_000)
        assert workers.submit(len, more_than_a_pipe_holds).result(timeout=30) == 2_000_000


def test_a_call_that_takes_too_long_twice_is_lost_and_its_workers_end(tmp_path: Path) -> None:
    with pool(1, "fork", longest=SHORT) as workers:
        sentence = "a worker process did not answer for 1.2 seconds and was ended; what is done"
        with pytest.raises(WorkerLost, match=sentence):
            workers.submit(block, tmp_path).result(timeout=30)
        with pytest.raises(ProcessLookupError):
            os.kill(worker(tmp_path, 1), 0)
        assert workers.submit(len, "ab").result(timeout=30) == 2


def test_a_lost_worker_is_told_alike_at_the_other_end_of_a_pipe() -> None:
    for lost in (WorkerLost(), WorkerLost(30.0)):
        assert str(pickle.loads(pickle.dumps(lost))) == str(lost)


def test_a_call_given_up_ends_and_the_others_go_on(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        long = workers.submit(block, tmp_path)
        waiting, next_one = workers.submit(len, "ab"), workers.submit(len, "abc")
        worker(tmp_path)
        workers.give_up(waiting)
        workers.give_up(long)
        assert next_one.result(timeout=30) == 3
        assert waiting.cancelled()
        assert isinstance(long.exception(timeout=30), WorkerLost)
    assert [path.name for path in tmp_path.iterdir()] == ["0"], "it was called once"


def test_the_end_of_the_pool_waits_for_nothing(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        long = workers.submit(block, tmp_path)
        waiting = workers.submit(len, "ab")
        process = worker(tmp_path)
    assert isinstance(long.exception(timeout=30), WorkerLost)
    wait_for(waiting.cancelled)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(RuntimeError, match="closed"):
        workers.submit(len, "ab")


def test_a_process_that_cannot_be_started_is_an_error_of_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_process() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with pool(1, "fork") as workers:
        with monkeypatch.context() as without:
            without.setattr(os, "fork", no_process)
            with pytest.raises(OSError, match="Resource temporarily unavailable"):
                workers.submit(len, "ab").result(timeout=30)
        assert workers.submit(len, "ab").result(timeout=30) == 2


def test_workers_keep_their_temporary_files_in_a_folder_that_goes_with_the_pool() -> None:
    with pool(1, "fork") as workers:
        assert isinstance(workers, Pool)
        folder = Path(workers.submit(make_temporary_file).result()).parent
        assert list(folder.iterdir())
    assert not folder.exists()
