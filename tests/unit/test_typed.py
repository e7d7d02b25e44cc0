"""What is printed to be typed can be typed."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.cli import main
from letters.packaged import packaged
from letters.typed import COMMANDS, Typing, typing_here

HERE = Typing(".venv/bin/letters", targets={"check": "check", "build": "letters"})
ELSEWHERE = Typing("letters", root="our letters")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where one works, with no `letters` on the path."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand an engine of its own in a folder; its script."""
    script = folder / ".venv" / "bin" / "letters"
    script.parent.mkdir(parents=True)
    script.write_text("")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script.with_name("python")))
    monkeypatch.setattr(sys, "prefix", str(folder / ".venv"))
    return script


def test_all_commands_are_known_by_name() -> None:
    assert set(main.commands) <= set(COMMANDS)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("1 notice, listed by: letters check 2020", "1 notice, listed by: make check YEAR=2020"),
        ("Next: letters check 2020   lists", "Next: make check YEAR=2020   lists"),
        ("letters check 2020 lists all", ".venv/bin/letters check 2020 lists all"),
        ("letters check 2020 (all)", "make check YEAR=2020 (all)"),
        ("letters build 2020 birch", ".venv/bin/letters build 2020 birch"),
        ("letters build 2020, and more", "make letters YEAR=2020, and more"),
        ("letters build 2020 --draft", ".venv/bin/letters build 2020 --draft"),
        ("letters build 2020 ashby-council", ".venv/bin/letters build 2020 ashby-council"),
        ("letters build 2020 SLUG", ".venv/bin/letters build 2020 SLUG"),
        ("(letters approve 2020 ...)", "(.venv/bin/letters approve 2020 ...)"),
        ("letters approve YEAR SLUG --by NAME", ".venv/bin/letters approve YEAR SLUG --by NAME"),
        (
            "see letters ledger resolve --help",
            "see .venv/bin/letters ledger resolve --help",
        ),
        ("first letters ledger resolve 2020 ashby", "first .venv/bin/letters ledger resolve 2020 ashby"),
        ("letters check pilot", "make check YEAR=pilot"),
        ("letters check all that is wrong", "letters check all that is wrong"),
        ("3 letters send nobody anything", "3 letters send nobody anything"),
        ("/usr/bin/letters check 2020", "/usr/bin/letters check 2020"),
        ("2 letters made in build/2020/letters", "2 letters made in build/2020/letters"),
    ],
)  # fmt: skip
def test_a_command_in_a_sentence_is_put_as_it_is_typed_here(said: str, typed: str) -> None:
    assert HERE.sentence(said, "pilot") == typed


def test_the_folder_that_was_named_is_kept_in_each_command() -> None:
    assert ELSEWHERE.sentence("letters send 2020 --really-send") == (
        "letters send 2020 --root 'our letters' --really-send"
    )
    assert ELSEWHERE.command("check", "2020") == "letters check 2020 --root 'our letters'"


def test_a_command_with_a_year_alone_is_a_target_of_make_where_there_is_one() -> None:
    assert HERE.command("check", "2020") == "make check YEAR=2020"
    assert HERE.command("check", "2020", "--json") == ".venv/bin/letters check 2020 --json"
    assert HERE.command("approve", "2020") == ".venv/bin/letters approve 2020"


@pytest.mark.parametrize(
    "here", [HERE, ELSEWHERE, Typing("python -m letters"), Typing("'/a b/letters'", "x")]
)
def test_what_is_as_it_is_typed_already_stays(here: Typing) -> None:
    once = here.sentence("letters check 2020 and letters ledger resolve 2020 SLUG --sent")
    assert here.sentence(once) == once
    said = f"Next: {here.command('approve', '2020', '--all')}"
    assert here.sentence(said) == said


@given(st.lists(st.text(), min_size=1))
def test_a_shell_reads_each_word_of_a_command_as_it_was_meant(words: list[str]) -> None:
    assert shlex.split(Typing().command(*words)) == ["letters", *words]


@given(st.text())
def test_a_sentence_without_our_commands_stays(text: str) -> None:
    if not re.search(r"letters [a-z]", text):
        assert HERE.sentence(text) == text


def test_the_name_alone_is_typed_where_it_is_this_engine(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = with_engine(folder, monkeypatch)
    (folder / "bin").mkdir()
    (folder / "bin" / "letters").symlink_to(script)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/bin")
    assert typing_here() == Typing("letters")


def test_another_program_of_the_same_name_is_not_typed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_engine(folder, monkeypatch)
    (folder / "bin").mkdir()
    (folder / "bin" / "letters").write_text("#!/bin/sh\n")
    (folder / "bin" / "letters").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/bin")
    assert typing_here().program == ".venv/bin/letters"


@pytest.mark.parametrize("makefile", ["Makefile", "office/Makefile"])
def test_targets_are_those_of_the_makefile_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch, makefile: str
) -> None:
    shutil.copy(packaged(makefile), folder / "Makefile")
    assert not typing_here().targets  # the engine that runs is another one
    with_engine(folder, monkeypatch)
    here = typing_here()
    assert here.command("check", "2020") == "make check YEAR=2020"
    assert here.command("build", "2020") == "make letters YEAR=2020"
    assert "new" not in here.targets  # which needs more than a year
    assert typing_here(Path("elsewhere")).command("check", "2020") == (
        ".venv/bin/letters check 2020 --root elsewhere"
    )


def test_an_engine_elsewhere_is_typed_by_its_whole_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = folder / "the engine"
    with_engine(engine, monkeypatch)
    (folder / "work").mkdir()
    monkeypatch.chdir(folder / "work")
    assert typing_here().command("check", "2020") == (f"'{engine}/.venv/bin/letters' check 2020")


def test_an_engine_without_a_script_is_typed_by_its_python(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = with_engine(folder, monkeypatch)
    script.unlink()
    assert typing_here().program == ".venv/bin/python -m letters"
