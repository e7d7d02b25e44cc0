"""Headless Chromium, kept open, printing the same HTML one by one; told what to do through pipes, without a library."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.one_by_one import one_by_one, pages, skip, style_sheets

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-extensions",
    "--no-first-run",
)

Message = dict[str, Any]


class Tab:
    """An open page of a browser that takes commands from one pipe and answers in another (the DevTools protocol)."""

    def __init__(self, commands: int, messages: int) -> None:
        self._commands, self._messages, self._read = commands, messages, b""
        self._number, self._address = 0, dict[str, str]()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._address = {"sessionId": session}
        self.call("Page.enable")

    def pdf(self, page: Path) -> bytes:
        """A file, printed as its style sheet says, with colours and tags."""
        self.call("Page.navigate", url=page.as_uri())
        self._wait_for(lambda message: message.get("method") == "Page.loadEventFired")
        printed = self.call(
            "Page.printToPDF", preferCSSPageSize=True, printBackground=True, generateTaggedPDF=True
        )
        return base64.b64decode(printed["data"])

    def call(self, method: str, **parameters: object) -> Message:
        """The result of one command."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters, **self._address}
        with open(self._commands, "wb", closefd=False) as pipe:
            pipe.write(json.dumps(command).encode() + b"\0")
        answer = self._wait_for(lambda message: message.get("id") == self._number)
        result: Message = answer["result"]
        return result

    def _wait_for(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            while b"\0" not in self._read:
                more = os.read(self._messages, 1 << 20)
                if not more:
                    raise RuntimeError("Chromium has ended")
                self._read += more
            text, self._read = self._read.split(b"\0", 1)
            message: Message = json.loads(text)
            if wanted(message):
                return message


@contextmanager
def browser(program: str) -> Iterator[Tab]:
    """A tab of a browser of its own, with a fresh profile; the browser ends with the block, or with this process."""
    read_commands, commands = _pipe()
    messages, write_messages = _pipe()
    sandbox = () if os.geteuid() else ("--no-sandbox",)  # it refuses to run as root with one
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = os.posix_spawn(
            program,
            (program, *OPTIONS, *sandbox, f"--user-data-dir={profile}"),
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, read_commands, 3),
                (os.POSIX_SPAWN_DUP2, write_messages, 4),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        os.close(read_commands)
        os.close(write_messages)
        tab = Tab(commands, messages)
        yield tab
        tab.call("Browser.close")
        os.waitpid(process, 0)


def _pipe() -> tuple[int, int]:
    """The two ends of a pipe, with numbers that are not in the way of 3 and 4, where Chromium looks for its own."""
    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return read, write


def _with_styles(page: Path) -> Path:
    """A copy of a letter's HTML with the print styles in its head, where Chromium looks for them."""
    sheets = style_sheets()
    styles = "".join(sheet.read_text() for sheet in sheets)
    head = f'<base href="{sheets[0].parent.as_uri()}/">\n<style>\n{styles}</style>\n</head>'
    folder = page.parent / "styled"
    folder.mkdir(exist_ok=True)
    copy = folder / page.name
    copy.write_text(page.read_text().replace("</head>", head, 1))
    return copy


def main() -> None:
    """Print the letters of the folder on the command line."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        skip("there is no Chromium")
    styled = {page: _with_styles(page) for page in pages()}
    with browser(program) as tab:
        one_by_one(lambda page: tab.pdf(styled[page]))


if __name__ == "__main__":
    main()
