"""What the tests in a browser share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import PROJECT
from tests.e2e.browser import Preview, browser, preview


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def unbuilt_specimen(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Preview]:
    """The preview of the specimen where nothing is built, whatever is on this machine."""
    root = tmp_path_factory.mktemp("specimen")
    for name in ("data", "templates"):
        shutil.copytree(PROJECT / name, root / name)
    with preview(root, "specimen") as running:
        yield running
