"""The access token that a command of the office's own prints."""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path

import pytest

from letters.errors import MailError
from letters.mail.access_token import access_token

SECRET = "eyJ0eXAi.c2VjcmV0-_~+/x"


def printed(root: Path, program: str) -> str:
    """The token of a command that is a program in Python."""
    return access_token([sys.executable, "-c", program], root)


def hindrance(root: Path, program: str) -> str:
    """Why there is none; what the program printed is nowhere, not even in a traceback."""
    with pytest.raises(MailError) as caught:
        printed(root, program)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_the_token_is_what_the_command_prints_without_the_end_of_its_line(tmp_path: Path) -> None:
    assert printed(tmp_path, f"print('{SECRET}==')") == f"{SECRET}=="


def test_the_command_is_looked_for_and_run_in_the_root_folder_without_a_shell(
    tmp_path: Path,
) -> None:
    script = tmp_path / "private/token"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\nprintf "%s-%s" "$(basename "$PWD")" "$1" | tr -dc "a-z0-9-"\n')
    script.chmod(0o755)
    root = tmp_path.name.replace("_", "")
    assert access_token(["private/token", "$HOME;x"], tmp_path) == re.sub(
        "[^a-z0-9-]", "", f"{root}-$HOME;x"
    )


def test_the_command_cannot_ask_for_anything(tmp_path: Path) -> None:
    assert "printed nothing" in hindrance(tmp_path, "import sys; print(sys.stdin.read())")


def test_a_command_that_is_not_there_or_may_not_be_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        MailError, match=r'"private/token", cannot be started: No such file'
    ) as gone:
        access_token(["private/token"], tmp_path)
    assert "write its path as seen from the folder that holds data/" in str(gone.value)
    (tmp_path / "token").write_text("echo x\n")
    with pytest.raises(MailError, match="cannot be started: Permission denied"):
        access_token(["./token"], tmp_path)


def test_a_command_that_fails_is_told_by_the_first_line_of_its_complaint(tmp_path: Path) -> None:
    why = hindrance(
        tmp_path,
        f"import sys; print('{SECRET}'); sys.exit('\\n  invalid_client: expired\\x07\\nTrace ID: 1')",
    )
    assert "failed with status 1: invalid_client: expired; run it by hand in this folder" in why


def test_a_program_in_python_that_fails_is_told_by_the_last_line_of_its_traceback(
    tmp_path: Path,
) -> None:
    why = hindrance(tmp_path, "raise KeyError('access_token')")
    assert "failed with status 1: KeyError: 'access_token';" in why


def test_a_command_that_fails_without_a_word_is_told(tmp_path: Path) -> None:
    assert "failed with status 3: it does not say why" in hindrance(tmp_path, "exit(3)")


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="took longer than 0 seconds: run it by hand"):
        access_token(
            [sys.executable, "-c", "input if 0 else __import__('time').sleep(60)"], tmp_path, 0.1
        )


@pytest.mark.parametrize(
    ("program", "oddity"),
    [
        ("pass", "printed nothing"),
        ("print()", "printed nothing"),
        (f"print('{SECRET}'); print('{SECRET}')", "printed several lines"),
        (f'print(\'{{"access_token": "{SECRET}"}}\')', "printed what is no access token"),
        (f"print('Bearer {SECRET}')", "printed what is no access token"),
        (f"print('{SECRET}\\1\\1')", "printed what is no access token"),
        (f"print('\\xe9{SECRET}')", "printed what is no access token"),
    ],
)
def test_what_is_no_token_is_told_without_being_shown(
    tmp_path: Path, program: str, oddity: str
) -> None:
    why = hindrance(tmp_path, program)
    assert oddity in why
    assert "it must print the access token and nothing else" in why
