"""A terminal at which somebody types."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.conftest import PROJECT
from tests.doing import wait_for


def take_terminal() -> None:
    """Make what stands for the keyboard the terminal of a new process, which it ends with."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def typed(command: Sequence[str], keys: bytes, environment: Mapping[str, str]) -> tuple[int, str]:
    """A command that is typed to once it shows no more what is typed: its status, and what stands there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=PROJECT, env=environment,
        preexec_fn=take_terminal, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            wait_for(lambda: not termios.tcgetattr(ours)[3] & termios.ECHO)
        except BaseException:
            process.kill()
            raise
        os.close(theirs)
        os.write(ours, keys)
        shown = _read(ours)
    return process.returncode, shown


def seen(
    command: Sequence[str],
    environment: Mapping[str, str],
    columns: int = 80,
    folder: Path = PROJECT,
) -> tuple[int, str]:
    """A command at a terminal of so many columns, at which nobody types: its status, and what it is sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    without = {name: value for name, value in environment.items() if name != "COLUMNS"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=without,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = _read(ours)
    return process.returncode, shown


def _read(terminal: int) -> str:
    """What a terminal is sent until nobody sends any more; it is closed."""
    shown = b""
    with suppress(OSError):  # the end of a terminal
        while part := os.read(terminal, 4096):
            shown += part
    os.close(terminal)
    return shown.decode()
