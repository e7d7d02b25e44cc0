"""`make install`: the command in every folder, and nothing of somebody else's written over."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from letters.packaged import packaged
from tests.conftest import PROJECT


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A folder of the project, with a space in its name, and a command that says where it is."""
    script = tmp_path / "the letters/.venv/bin/letters"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\necho here\n")
    script.chmod(0o755)
    return tmp_path / "the letters"


def install(engine: Path, home: Path, path: str = "") -> tuple[int, str]:
    """The script's exit status, and what it says."""
    done = subprocess.run(
        ["sh", PROJECT / "scripts/install.sh"],
        cwd=engine, env={"HOME": str(home), "PATH": f"{path}:/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_command_is_found_in_any_folder(engine: Path, tmp_path: Path) -> None:
    local = tmp_path / ".local/bin"
    assert install(engine, tmp_path, str(local)) == (
        0, f"Installed: {local}/letters. Next: letters --help\n",
    )  # fmt: skip
    environment = {"PATH": f"{local}:{os.environ['PATH']}"}
    done = subprocess.run(["letters"], cwd="/", env=environment, capture_output=True, text=True)
    assert done.stdout == "here\n"
    assert install(engine, tmp_path, str(local))[0] == 0  # again


def test_where_shells_do_not_look_it_says_how_they_will(engine: Path, tmp_path: Path) -> None:
    status, said = install(engine, tmp_path)
    assert status == 0
    assert said.endswith('    PATH="$HOME/.local/bin:$PATH"\n')


def test_another_command_of_that_name_is_left_alone(engine: Path, tmp_path: Path) -> None:
    (tmp_path / ".local/bin").mkdir(parents=True)
    (tmp_path / ".local/bin/letters").write_text("mine")
    status, said = install(engine, tmp_path)
    assert (status, "is none of our links" in said) == (1, True)
    assert (tmp_path / ".local/bin/letters").read_text() == "mine"


def test_a_link_to_another_engine_is_left_alone(engine: Path, tmp_path: Path) -> None:
    (tmp_path / ".local/bin").mkdir(parents=True)
    (tmp_path / ".local/bin/letters").symlink_to("/other/.venv/bin/letters")
    status, said = install(engine, tmp_path)
    assert (status, "leads to /other/.venv/bin/letters" in said) == (1, True)


def test_a_link_that_was_made_from_a_folder_by_its_other_name_is_ours(
    engine: Path, tmp_path: Path
) -> None:
    assert install(engine, tmp_path)[0] == 0
    (tmp_path / "short").symlink_to(engine)
    done = subprocess.run(
        ["sh", "-c", f"cd '{tmp_path}/short' && sh '{PROJECT}/scripts/install.sh'"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_of_that_name_that_a_shell_finds_before_is_told(
    engine: Path, tmp_path: Path
) -> None:
    other = tmp_path / "bin/letters"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    local = tmp_path / ".local/bin"
    assert install(engine, tmp_path, f"{other.parent}:{local}") == (
        0, f"{local}/letters is there, but a shell finds {other} before it.\n",
    )  # fmt: skip


def test_a_folder_that_cannot_be_made_or_written_in_is_told_in_a_sentence(
    engine: Path, tmp_path: Path
) -> None:
    (tmp_path / ".local").write_text("")
    status, said = install(engine, tmp_path)
    assert status == 1
    assert said.endswith(f"Not installed: the folder {tmp_path}/.local/bin cannot be made.\n")
    (tmp_path / ".local").unlink()
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/bin").symlink_to("/proc/self")  # where even root can make no file
    status, said = install(engine, tmp_path)
    assert status == 1
    assert said.endswith(f"Not installed: nothing can be written in {tmp_path}/.local/bin.\n")


@pytest.mark.parametrize("makefile", ["Makefile", "office/Makefile"])
def test_make_install_links_the_command_of_the_folder(
    engine: Path, tmp_path: Path, makefile: str
) -> None:
    (engine / "Makefile").write_text(packaged(makefile).read_text(encoding="utf-8"))
    (engine / "scripts").symlink_to(PROJECT / "scripts")
    for name in ("pyproject.toml", "requirements.lock", ".venv/bin/python", ".venv/.ready"):
        (engine / name).touch()
    done = subprocess.run(
        ["make", "install", "--old-file=.venv/.ready"], cwd=engine, capture_output=True, text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / ".local/bin/letters").readlink() == engine.resolve() / ".venv/bin/letters"
