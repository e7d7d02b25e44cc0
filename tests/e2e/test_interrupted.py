"""Ctrl-C and other ends at any moment: a sentence or silence, never a traceback, and nothing left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.doing import wait_for

#: The command `letters`, with a word when its own code has begun: what Python does before is not ours.
PROGRAM = r"""
import os, sys
from letters.__main__ import main
def note(frame, event, _):
    if event == "return" and frame.f_code.co_name == "_hush":
        sys.setprofile(None)
        os.write(1, b"up\n")
sys.setprofile(note)
main()
"""
MOMENTS = [number / 100 for number in (0, 0.5, 1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 25, 30, 35, 40)]


@contextmanager
def letters(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command that has just begun, the first in a group of processes; none outlives the test."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def interrupt(process: subprocess.Popen[str], seconds: float) -> str:
    """What a command says on stderr when Ctrl-C is pressed some seconds after its beginning."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=60)[1]


@pytest.mark.parametrize(
    "command", ["check", pytest.param("verify", marks=pytest.mark.slow), "--help"]
)
def test_an_interruption_of_a_command_that_begins_or_ends_is_no_traceback(command: str) -> None:
    for seconds in MOMENTS:
        with letters(*([command, "2020"] if command != "--help" else [command])) as process:
            errors = interrupt(process, seconds)
        assert "Traceback" not in errors, f"after {seconds} seconds"
        assert "KeyboardInterrupt" not in errors, f"after {seconds} seconds"


def test_interruptions_one_after_the_other_are_no_traceback() -> None:
    for seconds in (0.001, 0.003, 0.01, 0.03):
        with letters("check", "2020") as process:
            time.sleep(seconds * 10)  # at no particular moment
            while process.poll() is None:
                os.kill(process.pid, signal.SIGINT)
                time.sleep(seconds)
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()


def test_an_interruption_at_once_ends_the_process_by_the_signal() -> None:
    with letters("check", "2020") as process:
        errors = interrupt(process, 0)
    assert (process.returncode, errors) == (-signal.SIGINT, "")


def test_who_ignores_interruptions_is_not_interrupted() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with letters("--version") as process:
            errors = interrupt(process, 0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(
            "class Left:\n"
            "    def __del__(self): os.kill(os.getpid(), signal.SIGINT)\n"
            "def work(**given):\n"
            "    Left()\n"
            "    print('it went on')\n",
            id="what cannot raise it",
        ),
        pytest.param(
            "def work(**given):\n"
            "    try: os.kill(os.getpid(), signal.SIGINT)\n"
            "    except KeyboardInterrupt: raise RuntimeError('KeyboardInterrupt: ') from None\n",
            id="what makes another error of it",
        ),
    ],
)
def test_an_interruption_that_a_command_never_hears_of_ends_the_process(work: str) -> None:
    program = (
        "import letters.__main__, os, signal, letters.cli\n"
        f"{work}"
        "letters.cli.main = work\n"
        "letters.__main__.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def children(process: int) -> list[int]:
    """The processes that a process has started, in any of its threads."""
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands keep their temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("group", [False, True], ids=["alone", "with its workers"])
def test_a_build_that_is_ended_leaves_no_word_no_worker_and_no_file(
    small_year: Path, temporary: Path, number: signal.Signals, group: bool
) -> None:
    with letters("build", "2024", "--root", small_year, "--jobs", "2") as process:
        wait_for(lambda: list(temporary.glob("letters-*/*")))  # a worker has its fonts
        started = children(process.pid)
        (os.killpg if group else os.kill)(process.pid, number)
        _, errors = process.communicate(timeout=60)  # until the last of them has closed it
    assert (process.returncode, errors) == (-number, "")
    for child in started:
        wait_for(partial(gone, child))
    if not group or number == signal.SIGTERM:  # somebody is left to tidy up
        wait_for(lambda: not list(temporary.iterdir()))


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_ctrl_c_on_a_build_s_whole_group_is_one_sentence(small_year: Path) -> None:
    built = small_year / "build/2024/letters"
    with letters("build", "2024", "--root", small_year, "--jobs", "2") as process:
        wait_for(lambda: built.exists() and len(children(process.pid)) >= 2)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == "error: stopped; what is done is kept, and the next build carries on\n"
