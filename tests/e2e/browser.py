"""A real browser and a real preview for it to look at."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PROJECT

Scheme = Literal["light", "dark"]
ARTEFACTS = (
    PROJECT / "build" / "test-artefacts"
)  #: pictures of each page, to look at after the tests

LONG = 60  #: seconds: what has not come by then never comes, on whatever machine
expect.set_options(timeout=LONG * 1000)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


@contextmanager
def browser() -> Iterator[Browser]:
    """The machine's Chromium; the test is skipped where there is none, but for CI, which must have one."""
    path = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if path is None:
        reason = "there is no Chromium; on Debian or Ubuntu: sudo apt install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    if subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True
    ).returncode:
        reason = "Playwright does not run; on Debian or Ubuntu: sudo apt install libatomic1"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield started
        started.close()


@dataclass
class Preview:
    """A preview in a process of its own."""

    process: subprocess.Popen[str]
    address: str  #: of the campaign page

    @property
    def port(self) -> int:
        found = re.search(r":([0-9]+)/", self.address)
        assert found
        return int(found[1])

    def stop(self) -> str:
        """Press Ctrl-C; what the preview wrote to its error output, once it has ended by itself."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=LONG)
        return errors


@contextmanager
def preview(root: Path, year: str, *options: str) -> Iterator[Preview]:
    """The command `letters preview`, once it has told its address."""
    command = [sys.executable, "-m", "letters", "preview", year, "--root", str(root)]
    with subprocess.Popen(
        [*command, "--no-browser", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:[0-9]+/\S+", line)
            assert found, (
                f"no address in {line!r}: {process.stderr.read() if process.stderr else ''}"
            )
            yield Preview(process, found[0])
        finally:
            process.kill()


@contextmanager
def page(
    browser: Browser,
    address: str,
    scheme: Scheme = "light",
    width: int = 1280,
    allowed: tuple[str, ...] = (),
) -> Iterator[Page]:
    """A tab at an address; the test fails when the browser's console tells of an error.

    Not of one that holds any of what is `allowed`.
    """
    errors: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.set_default_timeout(LONG * 1000)
    tab.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(address)
    yield tab
    context.close()
    lost = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET")
    unexpected = [one for one in errors if not any(word in one for word in (*lost, *allowed))]
    assert not unexpected, unexpected


def until(tab: Page, script: str, seconds: float = LONG) -> None:
    """Until a script is true in the page; the page's own policy forbids Playwright's way."""
    end = time.monotonic() + seconds
    while not tab.evaluate(script):
        assert time.monotonic() < end, f"never true: {script}"
        tab.wait_for_timeout(50)
