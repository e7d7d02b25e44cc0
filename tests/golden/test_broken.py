"""Every broken data set and its listing: what `letters check` says, to the letter."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from letters.campaign.load import try_load
from letters.errors import Problem

BROKEN = Path(__file__).parents[1] / "broken"
SETS = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())


def problems_of(name: str, root: Path) -> tuple[Problem, ...]:
    """Those of a set, whose files lie over the sound one's: so each shows only what is broken."""
    shutil.copytree(BROKEN / "sound", root, dirs_exist_ok=True)
    shutil.copytree(BROKEN / name, root, dirs_exist_ok=True)
    return try_load(root, "2020")[1]


@pytest.mark.parametrize("name", SETS)
def test_each_broken_set_is_listed_as_expected(
    name: str, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    problems = problems_of(name, tmp_path)

    golden(f"../broken/{name}/expected.txt", "".join(f"{problem}\n" for problem in problems))


def test_each_problem_has_a_code_that_stays_and_its_authority(
    tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    problems = [problem for name in SETS for problem in problems_of(name, tmp_path / name)]
    slugs = ("authorities.yaml", "statistics.yaml", "contacts.yaml")

    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", problem.code) for problem in problems)
    for problem in problems:
        if problem.place.file.endswith(slugs):
            assert problem.authority == problem.field.split(".")[0]
    first = {problem.code: problem for problem in reversed(problems)}
    golden("codes.txt", "".join(f"{code}: {first[code].sentence}\n" for code in sorted(first)))


def test_the_sound_set_has_no_problems() -> None:
    assert try_load(BROKEN / "sound", "2020")[1] == ()


def test_no_listing_shows_a_persons_name_or_address() -> None:
    listings = "".join(
        (BROKEN / name / "expected.txt").read_text(encoding="utf-8") for name in SETS
    )

    assert "@alder" not in listings
    assert "Ms Alder" not in listings
