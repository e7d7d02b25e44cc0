"""What the letters of a campaign are dressed in, by value: style sheets, pictures and fonts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from letters.campaign.records import Letter
from letters.errors import Place, RenderingError

BASE = "base"  #: the folder below templates/ that all years share
_NOT_DRESS = (".jinja", ".md", "screen.css")  # endings; styles for screens shape no page


@dataclass(frozen=True)
class Stationery:
    """The files that pages are dressed in, by name below templates/, and which of them are the style sheets."""

    files: Mapping[str, bytes]
    stylesheets: tuple[str, ...]  #: for paper, in the order they are applied

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it: the same for the same files, whatever their order."""
        parts = (f"{name}:{sha256(self.files[name]).hexdigest()}" for name in sorted(self.files))
        return sha256("\n".join((*self.stylesheets, *parts)).encode()).hexdigest()


def read_stationery(templates: Path, letter: Letter) -> Stationery:
    """The stationery for paper. Raises OSError when a file cannot be read."""
    folders = (templates / BASE, templates / letter.templates)
    paths = sorted(path for folder in folders for path in folder.rglob("*") if _is_dress(path))
    files = {path.relative_to(templates).as_posix(): path.read_bytes() for path in paths}
    return Stationery(files, _stylesheets(templates, letter, "print"))


def screen_styles(templates: Path, letter: Letter) -> str:
    """The style sheets for screens, one after the other. Raises OSError or RenderingError when one cannot be read."""
    return "".join(_text(templates, name) for name in _stylesheets(templates, letter, "screen"))


def _text(templates: Path, name: str) -> str:
    try:
        return (templates / name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RenderingError(
            "all letters", "the style sheet is not UTF-8", Place(f"templates/{name}")
        ) from error


def _is_dress(path: Path) -> bool:
    return path.is_file() and not path.name.endswith(_NOT_DRESS) and not path.name.startswith(".")


def _stylesheets(templates: Path, letter: Letter, medium: str) -> tuple[str, ...]:
    """The base's sheets, the specimen's over them, and the year's own if it has one."""
    names = [f"{BASE}/common.css", f"{BASE}/{medium}.css"]
    if letter.specimen:
        names.append(f"{BASE}/specimen.{medium}.css")
    own = f"{letter.templates}/{medium}.css"
    return (*names, *((own,) if (templates / own).exists() else ()))
