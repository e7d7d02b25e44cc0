"""How the commands look: colours on a terminal, and commands that can be typed as they are printed.

What we say ourselves is put as it can be typed here (`say`); what others wrote, a mail server's
answer or the words of a letter, is printed as it is (`echo`).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from letters.errors import Severity

if TYPE_CHECKING:
    from letters.typed import Typing

_FORCES = ("FORCE_COLOR", "CLICOLOR_FORCE")  # a terminal's face is wanted where there is none
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}


def is_terminal(err: bool = False) -> bool:
    """Whether somebody reads the output, or the error output, on a terminal; or it is to look so."""
    stream = sys.stderr if err else sys.stdout
    return _is_forced() or (stream is not None and stream.isatty())


def in_colour(err: bool = False) -> bool:
    """Whether it may have colours (no-color.org; a terminal that says it is dumb has none)."""
    dumb = os.environ.get("TERM") == "dumb" and not _is_forced()
    return is_terminal(err) and not (dumb or os.environ.get("NO_COLOR"))


def width() -> int:
    """Cells of a line of the terminal."""
    return max(40, shutil.get_terminal_size().columns)


def cells() -> int | None:
    """The same for the output; None where that is no terminal, and lines are whole."""
    return width() if is_terminal() else None


def echo(text: object, err: bool = False) -> None:
    """Print a line as it is, with the colours that are in it: all in which somebody else's words are."""
    click.echo(text, err=err, color=in_colour(err))


def say(sentence: str, err: bool = False) -> None:
    """Print a sentence of ours, its commands as they can be typed here."""
    echo(as_typed(sentence), err)


def show_json(found: object) -> None:
    """Print a list or an object for programs: it is all that stands on the output."""
    click.echo(json.dumps(found, indent=1, ensure_ascii=False))


def next_step(sentence: str, *words: str, err: bool = False, listing: bool = False) -> None:
    """Say, as the last line, what can be done now: the words of a command and what it is for.

    Without words the sentence tells it all. Below a listing, which a program may read, it stands on
    a terminal alone.
    """
    if listing and not is_terminal(err):
        return
    start = click.style("Next:", bold=True)
    if not words:
        say(f"{start} {sentence}", err)
        return
    beside = f"   ({sentence})" if sentence else ""
    echo(f"{start} {click.style(command(*words), bold=True)}{beside}", err)


def complain(sentence: str, severity: Severity = Severity.ERROR, as_it_is: bool = False) -> None:
    """Print an error, or what is as grave as is said, on the error output.

    A sentence in which somebody else's words are is printed as it is.
    """
    said = sentence if as_it_is else as_typed(sentence)
    echo(f"{severity_word(severity)} {said}", err=True)


def severity_word(severity: Severity) -> str:
    """As it begins a line: `error:`, in its colour."""
    return click.style(f"{severity}:", fg=COLOURS[severity], bold=True)


def as_typed(sentence: str) -> str:
    """A sentence of ours with the commands in it as they can be typed here."""
    if "letters " not in sentence:
        return sentence
    year = given().get("year") or given().get("like") or ""
    return _typing().sentence(sentence, str(year))


def command(*words: str) -> str:
    """A command of ours as it can be typed here."""
    return _typing().command(*words)


def given() -> dict[str, Any]:
    """The arguments of the command that runs."""
    context = click.get_current_context(silent=True)
    return context.params if context else {}


def _typing() -> Typing:
    from letters.typed import typing_here

    return typing_here(given().get("root", Path()))


def _is_forced() -> bool:
    return any(os.environ.get(name, "0") not in ("", "0") for name in _FORCES)
