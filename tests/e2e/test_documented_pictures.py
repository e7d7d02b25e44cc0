"""The pictures of README and docs/ look as what they show does now."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from scripts.pictures import KEPT, PICTURES, main

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

COARSE = 12  #: pixels that are looked at as one: how a font's edges are drawn does not count
MOST = 2.0  #: of 255, by which they may differ on the average
STRIKING, FEW = 40, 0.01  #: what is this much otherwise, and how much of a picture may be


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures, made now."""
    folder = tmp_path_factory.mktemp("pictures")
    main(folder)
    return folder


def coarse(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("L").reduce(COARSE)


def likeness(one: Path, other: Path) -> tuple[float, float]:
    """By how much two pictures differ on the average, and which part of them strikingly."""
    difference = ImageChops.difference(coarse(one), coarse(other))
    striking = sum(difference.histogram()[STRIKING:]) / (difference.width * difference.height)
    return ImageStat.Stat(difference).mean[0], striking


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_docs_is_not_stale(made: Path, name: str) -> None:
    kept, now = KEPT / f"{name}.png", made / f"{name}.png"
    with Image.open(kept) as before, Image.open(now) as after:
        assert before.size == after.size, "make pictures"
    difference, striking = likeness(kept, now)
    assert difference < MOST and striking < FEW, "make pictures, and look at them"


def test_a_head_that_is_some_pixels_higher_counts_as_stale(tmp_path: Path) -> None:
    with Image.open(KEPT / "preview-list.png") as picture:
        moved = picture.convert("RGB").transform(
            picture.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -8), fillcolor="white"
        )
        moved.save(tmp_path / "moved.png")
    difference, striking = likeness(KEPT / "preview-list.png", tmp_path / "moved.png")
    assert difference > MOST or striking > FEW
