"""Access tokens for the mail server, as a command of the office's own prints them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from letters.errors import MailError

PATIENCE = 60.0  #: seconds that the command may take

#: What a token is made of (RFC 6750, 2.1).
_TOKEN = re.compile(rb"[A-Za-z0-9._~+/-]+=*")
_TRACEBACK = "Traceback ("


def access_token(command: Sequence[str], root: Path, patience: float = PATIENCE) -> str:
    """The token that the command prints, run in the root folder, without a shell and a keyboard.

    Raises MailError with what to do. It never holds what the command printed as its result.
    """
    name = f'the token_command of data/office.yaml, "{command[0]}",'
    try:
        done = subprocess.run(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
            start_new_session=True,  # Ctrl-C ends the run in order, and not the command
        )
    except subprocess.TimeoutExpired as error:
        raise MailError(
            f"{name} took longer than {patience:.0f} seconds: run it by hand in this folder; it must"
            " ask nothing"
        ) from error
    except OSError as error:
        raise MailError(
            f"{name} cannot be started: {error.strerror}; write its path as seen from the folder"
            " that holds data/, and see that it may be run"
        ) from error
    if done.returncode:
        raise MailError(
            f"{name} failed with status {done.returncode}: {_complaint(done.stderr)}; run it by"
            " hand in this folder"
        )
    token = done.stdout.strip()
    if not _TOKEN.fullmatch(token):
        raise MailError(f"{name} {_oddity(token)}; it must print the access token and nothing else")
    return token.decode("ascii")


def _complaint(errors: bytes) -> str:
    """The line that says what went wrong: the first, or the last where Python tells its way."""
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line] or ["it does not say why"]
    line = lines[-1] if lines[0].startswith(_TRACEBACK) else lines[0]
    return "".join(one for one in line if one.isprintable())[:300]


def _oddity(printed: bytes) -> str:
    if not printed:
        return "printed nothing"
    if len(printed.splitlines()) > 1:
        return "printed several lines"
    return "printed what is no access token: a character in it cannot be one of a token's"
