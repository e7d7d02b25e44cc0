"""What tests do: edit a file, run a command, wait for something."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from letters.cli import main


def edit(path: Path, old: str, new: str, times: int = 1) -> None:
    """Put some words in the place of others (-1: wherever they stand), as editors do.

    A new file takes the old one's place.
    """
    text = path.read_text(encoding="utf-8")
    assert old in text
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text.replace(old, new, times), encoding="utf-8")
    beside.replace(path)


def run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    """A command in this process; it ends as commands do, without a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def said_in(root: Path, said: str) -> str:
    """What is said where the folder is the current one: commands to type do not name it."""
    return said.replace(f" --root {root}", "")


#: Hears of each file that a command opens. It has a process of its own, for nobody can be told to
#: listen no longer, and who listens in Python makes it chance whether a traced thread can start.
_LISTENER = """
import contextlib, io, sys
opened = []
sys.addaudithook(lambda event, about: event == "open" and opened.append(str(about[0])))
from letters.cli import main
try:
    with contextlib.redirect_stdout(io.StringIO()):
        main(sys.argv[1:])
finally:
    print(*opened, sep="\\n")
"""


def opened_by(*arguments: str | Path) -> list[str]:
    """The names of the files that a command opens, in order."""
    command = [sys.executable, "-c", _LISTENER, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@contextmanager
def over_and_over(action: Callable[[], None]) -> Iterator[None]:
    """Do something again and again, beside what is done in the block."""
    over = threading.Event()

    def act() -> None:
        while not over.wait(0.003):
            action()

    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Until the condition is true; fails after some seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
