"""What a shell completes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from letters.cli import main
from tests.conftest import PROJECT

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


def completed(*words: str) -> list[str]:
    """What bash is given for the last of these words, as click's script for bash asks for it."""
    line = " ".join(("letters", *words))
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words)),
        "_LETTERS_COMPLETE": "bash_complete",
    }
    done = CliRunner().invoke(main, prog_name="letters", env=asked)
    assert (done.exit_code, done.stderr) == (0, "")
    return [each.removeprefix("plain,") for each in done.stdout.split()]


@pytest.fixture
def here(small_year: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small year, as the current folder."""
    monkeypatch.chdir(small_year)
    return small_year


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("ch",), ["check"]),
        (("check", ""), ["2024"]),
        (("build", "2024", ""), [ASHBY, BIRCH, CEDAR]),
        (("build", "2024", ASHBY, ""), [BIRCH, CEDAR]),
        (("send", "2024", "--except", "b"), [BIRCH]),
        (("ledger", ""), ["2024", "note", "resolve", "restore", "show"]),
        (("ledger", "2024", "c"), [CEDAR]),
        (("ledger", "resolve", "2024", "c"), [CEDAR]),
        (("new", "2025", "--from", ""), ["2024"]),
        (("check", "2023", ""), []),
        (("compare", "2024", "--with", "a"), ["approved"]),
        (("status", "2024", "--stage", "to-"), ["to-mend", "to-build", "to-approve"]),
    ],
)
def test_a_shell_completes_commands_years_and_authorities(
    here: Path, words: tuple[str, ...], found: list[str]
) -> None:
    assert completed(*words) == found


def commands(of: click.Group = main) -> Iterator[click.Command]:
    """All of them, those of a group too."""
    for command in of.commands.values():
        yield from commands(command) if isinstance(command, click.Group) else (command,)


@pytest.mark.parametrize("command", [*commands()], ids=lambda command: command.name)
def test_every_year_and_authority_of_a_command_is_completed(
    here: Path, command: click.Command
) -> None:
    found = {"YEAR": ["2024"], "SLUG": [ASHBY, BIRCH, CEDAR]}
    context = click.Context(command, info_name=command.name)
    context.params["year"] = "2024"
    for parameter in command.params:
        if (kind := parameter.make_metavar(context).strip("[].")) in found:
            given = [one.value for one in parameter.shell_complete(context, "")]
            assert given == found[kind], parameter.name


def test_an_authority_whose_name_is_part_of_one_named_before_is_completed(here: Path) -> None:
    (here / "data/2024/statistics.yaml").write_text("ashby:\nashby-council:\n")
    assert completed("ledger", "show", "--root", ".", "2024", "a") == ["ashby", "ashby-council"]


def test_the_folder_that_is_named_is_looked_in(small_year: Path) -> None:
    assert completed("build", "--root", str(small_year), "2024", "a") == [ASHBY]


def test_where_there_is_nothing_to_complete_a_shell_hears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("check", "") == []
    assert completed("build", "2024", "") == []


def test_authorities_are_completed_though_a_file_has_an_error(here: Path) -> None:
    (here / "data/2024/statistics.yaml").write_text(f"{ASHBY}: {{upheld: 64%\n\t\n{CEDAR}:\n")
    assert completed("build", "2024", "") == [ASHBY, CEDAR]


def test_bash_completes_by_what_the_readme_says(here: Path) -> None:
    script = """
        eval "$(_LETTERS_COMPLETE=bash_source letters)"
        COMP_WORDS=(letters check "") COMP_CWORD=2
        _letters_completion letters "" check
        echo "${COMPREPLY[@]}"
    """
    ours = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=ours)
    assert (done.stdout, done.stderr) == ("2024\n", "")
