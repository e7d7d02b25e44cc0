"""Every broken data set and its listing: what `letters check` says, to the letter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from letters.campaign.load import try_load

BROKEN = Path(__file__).parents[1] / "broken"
SETS = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", SETS)
def test_each_broken_set_is_listed_as_expected(
    name: str, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    """The files of a set lie over those of the sound one, so that each set shows only what is broken in it."""
    shutil.copytree(BROKEN / "sound", tmp_path, dirs_exist_ok=True)
    shutil.copytree(BROKEN / name, tmp_path, dirs_exist_ok=True)

    _, problems = try_load(tmp_path, "2020")

    golden(f"../broken/{name}/expected.txt", "".join(f"{problem}\n" for problem in problems))


def test_the_sound_set_has_no_problems() -> None:
    assert try_load(BROKEN / "sound", "2020")[1] == ()


def test_no_listing_shows_a_persons_name_or_address() -> None:
    listings = "".join(
        (BROKEN / name / "expected.txt").read_text(encoding="utf-8") for name in SETS
    )

    assert "@alder" not in listings
    assert "Ms Alder" not in listings
