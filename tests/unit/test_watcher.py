"""When the preview looks at the files again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import cast

import pytest

from letters.files import write_whole
from letters.preview.watcher import changes

LIMIT = 30.0  #: seconds for what takes one or two


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with what is watched, and no build."""
    for name in ("data/2024/letter.yaml", "templates/2024/letter.html.jinja"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("as it was")
    return tmp_path


def manifest(root: Path, year: str = "2024") -> Path:
    return root / "build" / year / "manifest.json"


def build(root: Path, text: str = "built", year: str = "2024") -> None:
    """Write a manifest as a build does: whole."""
    path = manifest(root, year)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole({path: text.encode()})


def seen(root: Path, *steps: Callable[[], object]) -> None:
    """Each step is seen, the first once watching has begun."""

    async def watch() -> None:
        async with aclosing(cast("Closing", changes(root, "2024"))) as found:
            await asyncio.wait_for(anext(found), LIMIT)
            for step in steps:
                step()
                await asyncio.wait_for(anext(found), LIMIT)

    asyncio.run(watch())


class Closing(AsyncIterator[None]):
    """What an iterator is that was made by a generator."""

    async def aclose(self) -> None: ...


def test_a_file_that_is_saved_is_seen(root: Path) -> None:
    seen(
        root,
        lambda: (root / "data/2024/letter.yaml").write_text("changed"),
        lambda: (root / "templates/2024/letter.html.jinja").unlink(),
    )


def test_an_approval_is_seen(root: Path) -> None:
    approvals = root / "data/2024/approvals.yaml"
    seen(root, lambda: write_whole({approvals: b"ashby: []"}))


def test_a_build_is_seen_when_it_comes_changes_and_goes(root: Path) -> None:
    seen(
        root,
        lambda: build(root),
        lambda: build(root, "built again"),
        lambda: build(root, "built again"),  # another file, though it says the same
        lambda: manifest(root).with_name("failures.json").write_text("{}"),
        lambda: manifest(root).unlink(),
    )


def test_a_build_that_is_there_from_the_start_is_seen_when_it_is_removed(root: Path) -> None:
    build(root)
    (root / "build/2024/letters").mkdir()
    seen(root, lambda: manifest(root).rename(root / "elsewhere"), lambda: build(root))


def test_folders_that_come_and_go_are_seen_and_so_is_what_is_saved_in_them(root: Path) -> None:
    private = root / "private"
    elsewhere = root / "elsewhere"
    seen(
        root,
        private.mkdir,
        lambda: (private / "notes.md").write_text("new"),
        lambda: (root / "data").rename(elsewhere),
        lambda: elsewhere.rename(root / "data"),
        lambda: (root / "data/2024/letter.yaml").write_text("changed"),
    )


def test_a_folder_that_another_one_replaces_is_followed_though_it_has_its_number(
    root: Path,
) -> None:
    def replace() -> None:
        shutil.rmtree(root / "data")
        shutil.copytree(root / "copy", root / "data")

    shutil.copytree(root / "data", root / "copy")
    seen(
        root,
        replace,
        lambda: None,  # it is watched again
        lambda: (root / "data/2024/letter.yaml").write_text("changed"),
    )


def test_nothing_is_told_of_folders_that_are_not_there_before_they_are(tmp_path: Path) -> None:
    seen(
        tmp_path,
        (tmp_path / "data").mkdir,
        lambda: (tmp_path / "data/authorities.yaml").write_text("{}"),
    )
