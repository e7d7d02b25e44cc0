"""What many tests share: the project's campaigns, a small year of the tests' own, and goldens."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from letters.batch.draft import Drafts
from letters.batch.pool import pool
from letters.batch.workers import typeset_all
from letters.campaign.load import Campaign, load
from letters.errors import LetterError
from tests.press import MadeLetter, Press

settings.register_profile("untimed", deadline=None)  # no test asserts a time
settings.load_profile("untimed")

# what tests start is to hear of signals, whoever had the tests hear of none (`nohup make test`)
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

PROJECT = Path(__file__).parents[1]

# where `letters` is on the path, commands are printed as they are typed there
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
SMALL_YEAR = Path(__file__).parent / "small_year"
MANY_PANELS = Path(__file__).parent / "many_panels"


@pytest.fixture(scope="session")
def campaign_2020() -> Campaign:
    return load(PROJECT, "2020")


@pytest.fixture(scope="session")
def specimen() -> Campaign:
    return load(PROJECT, "specimen")


@pytest.fixture(scope="session")
def letters_2020(campaign_2020: Campaign) -> Mapping[str, MadeLetter]:
    """Both letters of 2020."""
    press = Press(PROJECT, campaign_2020)
    return {slug: press.make(slug) for slug in campaign_2020.statistics}


@pytest.fixture(scope="session")
def specimen_letters(
    specimen: Campaign, request: pytest.FixtureRequest
) -> Mapping[str, MadeLetter | LetterError]:
    """Letters of the specimen year, each as it came out or the error that stopped it.

    The heavy proofs make all of them; otherwise those with a bespoke paragraph, and each third.
    """
    slugs = list(specimen.statistics)
    if request.config.getoption("-m") != "slow":
        slugs = [slug for slug in slugs if slug in specimen.paragraphs or slug in slugs[::3]]
    drafts, made = Drafts(PROJECT, specimen), dict[str, MadeLetter | LetterError]()
    manuscripts = (drafts.draft(slug).manuscript for slug in slugs)
    with pool(2) as executor:
        for one in typeset_all(executor, 2, drafts.stationery, manuscripts):
            html = drafts.draft(one.slug).html.decode()
            made[one.slug] = one.error or MadeLetter(one.slug, html, one.pdf, one.pages)
    return {slug: made[slug] for slug in slugs}


@pytest.fixture
def small_year(tmp_path: Path) -> Path:
    """A root folder of its own with the tests' small year 2024 and the project's base templates."""
    return put_small_year(tmp_path)


def put_small_year(root: Path) -> Path:
    """Write the small year, and the base templates that it uses, to a folder, which is returned."""
    shutil.copytree(SMALL_YEAR, root, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "templates" / "base", root / "templates" / "base")
    return root


def put_many_panels(root: Path, *panels: str) -> Path:
    """Write the tests' year 2025, with looks of its own, to a folder, which is returned.

    Its statistics page has these panels; the fonts are the base's by another name.
    """
    shutil.copytree(MANY_PANELS, root, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "templates" / "base", root / "templates" / "base")
    fonts = root / "templates" / "2025" / "fonts"
    fonts.mkdir()
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        source = PROJECT / f"templates/base/fonts/LiberationSans-{face}.ttf"
        shutil.copy(source, fonts / f"{face}.ttf")
    if panels:
        letter = root / "data" / "2025" / "letter.yaml"
        text = letter.read_text(encoding="utf-8")
        named = f"  panels: [{', '.join(panels)}]"
        letter.write_text(re.sub("^  panels: .*$", named, text, flags=re.MULTILINE), "utf-8")
    return root


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 300 kB and no more."""
    folder = tmp_path / "little"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file of tests/golden/; `make goldens` writes the file instead."""

    def compare(name: str, text: str) -> None:
        path = PROJECT / "tests" / "golden" / name
        if os.environ.get("GOLDENS"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), (
            f"{name} differs; if it should: make goldens"
        )

    return compare
