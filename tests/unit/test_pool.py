"""Worker processes: what they give, and what becomes of them when one is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from letters.batch.pool import Pool, WorkerLost, pool
from letters.errors import RenderingError
from tests.doing import wait_for

MEGABYTES = 40_000_000


def number(file: Path) -> int:
    """The number in a file that a worker writes, once it is there."""
    wait_for(lambda: file.exists() and file.read_text())
    return int(file.read_text())


def write_number_and_block(file: Path) -> None:
    file.write_text(str(os.getpid()))
    signal.pause()


def write_number_and_send_much(file: Path) -> bytes:
    file.write_text(str(os.getpid()))
    return bytes(MEGABYTES)


def fail(slug: str) -> None:
    raise RenderingError(slug, "it overflows")


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


def test_a_killed_worker_loses_what_it_had_in_hand_and_is_replaced(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        lost = workers.submit(write_number_and_block, tmp_path / "number")
        os.kill(number(tmp_path / "number"), signal.SIGKILL)
        with pytest.raises(WorkerLost, match="build again to carry on"):
            lost.result(timeout=30)
        assert workers.submit(len, "ab").result(timeout=30) == 2


def test_a_worker_killed_in_the_middle_of_a_result_is_noticed(tmp_path: Path) -> None:
    with pool(2, "fork") as workers:
        for attempt in range(10):
            file = tmp_path / str(attempt)
            much = workers.submit(write_number_and_send_much, file)
            os.kill(number(file), signal.SIGKILL)
            with pytest.raises(WorkerLost):
                much.result(timeout=30)


def test_a_call_given_up_ends_and_the_others_go_on(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        long = workers.submit(write_number_and_block, tmp_path / "number")
        waiting, next_one = workers.submit(len, "ab"), workers.submit(len, "abc")
        number(tmp_path / "number")
        workers.give_up(waiting)
        workers.give_up(long)
        assert next_one.result(timeout=30) == 3
        assert waiting.cancelled()


def test_the_end_of_the_pool_waits_for_nothing(tmp_path: Path) -> None:
    with pool(1, "fork") as workers:
        long = workers.submit(write_number_and_block, tmp_path / "number")
        waiting = workers.submit(len, "ab")
        process = number(tmp_path / "number")
    assert isinstance(long.exception(timeout=30), WorkerLost)
    wait_for(waiting.cancelled)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(RuntimeError, match="closed"):
        workers.submit(len, "ab")


def test_workers_keep_their_temporary_files_in_a_folder_that_goes_with_the_pool() -> None:
    with pool(1, "fork") as workers:
        assert isinstance(workers, Pool)
        folder = Path(workers.submit(make_temporary_file).result()).parent
        assert list(folder.iterdir())
    assert not folder.exists()


def make_temporary_file() -> str:
    from tempfile import mkstemp

    return mkstemp()[1]
