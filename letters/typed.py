"""Our own commands as they can be typed where somebody works.

What to do next is a command's words (`Typing.command`). In a sentence a command is found by its
name (`Typing.sentence`), which is for sentences of ours alone: anybody may write "letters send 3".
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: all of them: a sentence that has one behind the word `letters`, with a year, tells what to type
COMMANDS = (
    *("init", "new", "import", "check", "build", "verify", "pack", "preview", "status", "compare"),
    *("approve", "send", "ledger", "bounces", "correct", "specimen", "schema"),
)
_PARTS = ("show", "resolve", "note", "restore")  # of `letters ledger`
_SAID = re.compile(
    rf"(?<![\w./-])(?<!-m )letters (?P<name>{'|'.join(COMMANDS)})(?P<part> (?:{'|'.join(_PARTS)}))?"
    r"(?: (?P<year>[A-Za-z0-9][\w-]*)| (?=--))"
    r"(?P<alone>(?=$|\n|  | \(|[,;:)]|\.(?!\S)))?"  # and no word that may be an argument
)
_TARGET = re.compile(
    r'^(?P<target>[a-z-]+):.*\n\t@\$\(python\) -m letters (?P<name>\w+) "\$\(YEAR\)"(?: \$\(.*)?$',
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Typing:
    """How our commands are typed in one folder, so that what is shown can be typed as shown."""

    program: str = "letters"  #: quoted for a shell
    root: str = ""  #: the folder with data/ and templates/, as it was named; "" for the current one
    #: targets of the Makefile here that do what a command does with a year, by the command
    targets: Mapping[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> str:
        """A command and its arguments, each quoted for a shell: ("approve", "2020", "--all")."""
        if len(words) == 2 and words[0] in self.targets:
            return f"make {self.targets[words[0]]} YEAR={shlex.quote(words[1])}"
        return " ".join((self.program, *map(shlex.quote, words))) + self._root

    def sentence(self, text: str, year: str = "") -> str:
        """A sentence of ours, with each command in it of this year, or of any with a digit, as it is typed.

        Words such as YEAR and SLUG, which stand for what is to be typed, stay; and so does a
        sentence whose commands are as they are typed already.
        """
        if self.root and self._root in text:
            return text
        return _SAID.sub(lambda found: self._put(found, year), text)

    def _put(self, found: re.Match[str], year: str) -> str:
        name, part, which = found["name"], found["part"] or "", found["year"] or ""
        if which and not (which in (year, "YEAR") or any(map(str.isdigit, which))):
            return found[0]  # the letters that somebody is to send
        if name in self.targets and which and found["alone"] is not None and not part:
            return f"make {self.targets[name]} YEAR={which}"
        behind = f" {which}{self._root}" if which else " "
        return f"{self.program} {name}{part}{behind}"

    @property
    def _root(self) -> str:
        return f" --root {shlex.quote(self.root)}" if self.root else ""


def tells_command(text: str) -> bool:
    """Whether a sentence has a command of ours in it, by its plain name."""
    return bool(_SAID.search(text))


def typing_here(root: Path = Path()) -> Typing:
    """How commands are typed in the current folder, for the data below `root`.

    By their name alone where that is this very engine; as targets of make where a Makefile here has
    them and uses this engine; else by the engine's path.
    """
    named = "" if root == Path() else str(root)
    script = Path(sys.executable).with_name("letters")
    found = shutil.which("letters")
    ours = {os.path.realpath(script), os.path.realpath(sys.argv[0])}
    if found and os.path.realpath(found) in ours:
        return Typing(root=named)
    program = shlex.quote(_short(script)) if script.exists() else f"{_python()} -m letters"
    return Typing(program, named, {} if named else _targets())


def _targets() -> dict[str, str]:
    """What the Makefile here does by this engine."""
    if Path(".venv").resolve() != Path(sys.prefix).resolve():
        return {}
    try:
        text = Path("Makefile").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    return {found["name"]: found["target"] for found in _TARGET.finditer(text)}


def _python() -> str:
    """By its name, where that is this one."""
    path = Path(sys.executable)
    found = shutil.which(path.name)
    same = found and Path(found).absolute() == path.absolute()
    return path.name if same else shlex.quote(_short(path))


def _short(path: Path) -> str:
    """From the current folder, for what is below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path.absolute())
