"""The pictures of README and docs/: each is there, is made by something, is shown and told in words."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from scripts.pictures import KEPT, PICTURES, Shot
from tests.conftest import PROJECT

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
#: each picture that a page shows: the page, what the picture shows in words, and its file
SHOWN = [
    (page.name, words, (page.parent / file).resolve())
    for page in PAGES
    for words, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
]
LARGEST = 150_000  #: bytes, so that a page is there at once


@pytest.mark.parametrize(("page", "words", "file"), SHOWN)
def test_what_a_page_shows_is_there_and_told_in_words(page: str, words: str, file: object) -> None:
    assert file in {path for _, _, path in SHOWN if path.is_file()}, f"{page} shows {file}"
    assert len(words) > 15, f"{page} does not say what {file} shows"


@pytest.mark.parametrize("name", PICTURES)
def test_what_the_script_makes_is_shown_somewhere_and_small(name: str) -> None:
    file = KEPT / f"{name}.png"
    assert file in {path for _, _, path in SHOWN}
    assert file.stat().st_size < LARGEST


def test_every_picture_of_the_docs_is_made_by_the_script_or_is_a_golden() -> None:
    goldens = (PROJECT / "tests/golden/test_pictures.py").read_text(encoding="utf-8")
    others = {path.stem for path in KEPT.glob("*.png")} - set(PICTURES)
    unknown = {name for name in others if re.sub(r"-\d$", "", name) not in goldens}
    assert not unknown, "nobody knows how to make these anew"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_kept_is_as_large_as_it_is_asked_for(name: str) -> None:
    shot = PICTURES[name]
    with Image.open(KEPT / f"{name}.png") as picture:
        assert picture.mode == "P", "few colours keep it small"
        if isinstance(shot, Shot) and not shot.part:
            assert picture.size == (shot.width * shot.scale, shot.height * shot.scale)
