"""The wheel, installed elsewhere, makes the letters that the checkout makes, and an office of its own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from letters.campaign.load import load
from tests.books import write_xlsx
from tests.conftest import PROJECT, SMALL_YEAR
from tests.press import MadeLetter, Press

ASHBY, MAIDSTONE = "ashby-district-council", "maidstone-borough-council"

pytestmark = pytest.mark.slow


PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
NO_MORE = ("--no-deps", "--no-build-isolation", "--no-index")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", *NO_MORE, "-w", folder, PROJECT], check=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with the package as its wheel brings it."""
    site = wheel.parent / "site"
    subprocess.run([*PIP, "install", *NO_MORE, "-t", site, wheel], check=True)
    return site


def letters(site: Path, folder: Path, *arguments: str | Path) -> None:
    """A command of the installed package alone."""
    program = f"import sys; sys.path.insert(0, {str(site)!r}); from letters.cli import main; main()"
    subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin"},
        check=True,
    )


def build(site: Path, root: Path) -> Path:
    """Build a year by the installed package alone; where its letters are."""
    letters(site, root, "build", "2024", "--root", root, "--quiet")
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


@pytest.fixture(scope="module")
def office(wheel: Path, installed: Path) -> Path:
    """An office's folder as the wheel makes it, set up by its own Makefile with nothing else around."""
    folder = wheel.parent / "an office"
    letters(installed, wheel.parent, "init", folder, "--engine", wheel)
    make(folder, "letters", "YEAR=2020")
    return folder


def make(office: Path, *words: str) -> str:
    """What a target of the office's Makefile prints, with nothing around but the way to the network."""
    return run_in(office, ["make", *words])


def run_in(office: Path, command: list[str], status: tuple[int, ...] = (0,)) -> str:
    network = re.compile(
        r"PIP_.*|HOME|(?:https?|no|all)_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE", re.I
    )
    kept = {name: value for name, value in os.environ.items() if network.fullmatch(name)}
    home = {"PATH": "/usr/local/bin:/usr/bin:/bin"} | kept
    done = subprocess.run(
        command, cwd=office, env=home, capture_output=True, text=True, check=False
    )
    assert done.returncode in status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def test_an_office_of_the_wheel_makes_the_letter_that_the_checkout_makes(
    office: Path, letters_2020: Mapping[str, MadeLetter]
) -> None:
    made = office / f"build/2020/letters/{MAIDSTONE}.pdf"

    assert made.read_bytes() == letters_2020[MAIDSTONE].pdf
    engine = run_in(
        office, [".venv/bin/python", "-c", "import letters; print(letters.__path__[0])"]
    )
    assert engine.startswith(str(office / ".venv"))


def test_what_the_readme_says_can_be_done_in_an_office(office: Path) -> None:
    """But for what is the engine's own, such as its tests, and for councils that an office lacks."""
    blocks = re.findall(
        r"^```.*?\n(.*?)^```", (PROJECT / "README.md").read_text("utf-8"), re.M | re.S
    )
    shown = [
        line
        for block in blocks
        for line in block.splitlines()
        if re.match(r"make |\.venv/bin/letters ", line)
        and not re.search(r"^make test| ?preview ", line)
    ]
    assert len(shown) > 12
    names = ("investigations", "upheld", "compliance outcomes", "complied", "satisfactory remedies")
    rows: list[list[object]] = [
        ["Authority", *names],
        ["Maidstone Borough Council", 11, 7, 6, 6, 1],
    ]
    write_xlsx(office / "private/2021/Figures 2020-21.xlsx", {"Figures": rows})
    write_xlsx(office / "Figures 2021-22.xlsx", {"Figures": rows})
    #: a new year is to be filled in, which make says, too
    fails = {"make check YEAR=2021": (2,)}
    for command in shown:
        run_in(office, shlex.split(command), status=fails.get(command, (0,)))
    assert (office / "data/2021/letter.yaml").exists()
    assert "{investigations: 11, upheld: 7," in (office / "data/2022/statistics.yaml").read_text()


def test_an_office_begins_a_new_year_and_sees_it_with_invented_figures(office: Path) -> None:
    make(office, "new", "YEAR=2024", "FROM=2020")
    make(office, "specimen", "LIKE=2024", "LETTERS=3")
    make(office, "letters", "YEAR=specimen-2024")

    assert len(list((office / "build/specimen-2024/letters").glob("*.pdf"))) == 3
    assert (office / "docs/new-year.md").exists()


def test_another_engine_is_one_line_and_an_old_letter_stays_as_it_is(
    office: Path, wheel: Path
) -> None:
    other = wheel.parent / "newer" / wheel.name
    other.parent.mkdir()
    shutil.copy(wheel, other)
    makefile = office / "Makefile"
    makefile.write_text(makefile.read_text("utf-8").replace(str(wheel), str(other)), "utf-8")
    os.utime(makefile, (wheel.stat().st_mtime + 3600,) * 2)

    assert "Installing the engine" in make(office, "check", "YEAR=2020")
    assert "nothing to do" in make(office, "letters", "YEAR=2020")
