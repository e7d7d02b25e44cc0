"""The wheel, installed elsewhere, makes the letters that the checkout makes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from letters.campaign.load import load
from tests.conftest import PROJECT, SMALL_YEAR
from tests.press import Press

ASHBY = "ashby-district-council"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as its wheel brings it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    no_more = ["--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "wheel", *no_more, "-w", folder, PROJECT], check=True)
    [wheel] = folder.glob("*.whl")
    subprocess.run([*pip, "install", *no_more, "-t", folder / "site", wheel], check=True)
    return folder / "site"


def build(site: Path, root: Path) -> Path:
    """Build a year by the installed package alone; where its letters are."""
    program = f"import sys; sys.path.insert(0, {str(site)!r}); from letters.cli import main; main()"
    subprocess.run(
        [sys.executable, "-P", "-c", program, "build", "2024", "--root", root, "--quiet"],
        cwd=root,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    return root / "build/2024/letters"


def test_the_wheel_brings_its_base_and_makes_the_same_letters(
    installed: Path, tmp_path: Path
) -> None:
    shutil.copytree(SMALL_YEAR, tmp_path, dirs_exist_ok=True)
    made = build(installed, tmp_path)

    here = Press(tmp_path, load(tmp_path, "2024")).make(ASHBY)
    assert (made / f"{ASHBY}.pdf").read_bytes() == here.pdf
    assert (made / f"{ASHBY}.html").read_text(encoding="utf-8") == here.html


def test_a_base_of_the_folders_own_is_taken_whole(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(SMALL_YEAR, tmp_path, dirs_exist_ok=True)
    own = tmp_path / "templates" / "base"
    shutil.copytree(PROJECT / "templates" / "base", own)
    (own / "panels.html.jinja").unlink()

    with pytest.raises(subprocess.CalledProcessError):
        build(installed, tmp_path)
    assert not list((tmp_path / "build/2024/letters").glob("*.pdf"))
