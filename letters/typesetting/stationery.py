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
_HOME = Path(__file__).parents[1]
#: The base that comes with the package: inside it when it was installed, beside it in a checkout.
_PACKAGED = (_HOME if (_HOME / "templates").is_dir() else _HOME.parent) / "templates" / BASE


@dataclass(frozen=True)
class Stationery:
    """What pages are dressed in, by name below templates/, and which are the style sheets."""

    files: Mapping[str, bytes]
    stylesheets: tuple[str, ...]  #: for paper, in the order they are applied

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it: the same for the same files, whatever their order."""
        parts = (f"{name}:{sha256(self.files[name]).hexdigest()}" for name in sorted(self.files))
        return sha256("\n".join((*self.stylesheets, *parts)).encode()).hexdigest()


def read_stationery(templates: Path, letter: Letter) -> Stationery:
    """The stationery for paper. Raises OSError when a file cannot be read."""
    found = files_of(templates, BASE, letter.templates)
    files = {name: path.read_bytes() for name, path in found.items() if _is_dress(path)}
    return Stationery(files, _stylesheets(templates, letter, "print"))


def base_folder(templates: Path) -> Path:
    """Where the base is: below `templates` where there is one, whole; else the package's own."""
    own = templates / BASE
    return own if own.is_dir() else _PACKAGED


def files_of(templates: Path, *folders: str) -> Mapping[str, Path]:
    """The files of some folders by name below templates/, such as `base/print.css`, sorted."""
    found = {}
    for folder in folders:
        where = base_folder(templates) if folder == BASE else templates / folder
        for path in where.rglob("*"):
            found[f"{folder}/{path.relative_to(where).as_posix()}"] = path
    return dict(sorted(found.items()))


def screen_styles(templates: Path, letter: Letter) -> str:
    """The style sheets for screens in one. Raises OSError or RenderingError for unreadable ones."""
    files = files_of(templates, BASE, letter.templates)
    names = _stylesheets(templates, letter, "screen")
    return "".join(_text(name, files.get(name, templates / name)) for name in names)


def _text(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        place = Place(f"templates/{name}")
        raise RenderingError("", "the style sheet is not UTF-8", place) from error


def _is_dress(path: Path) -> bool:
    return path.is_file() and not path.name.endswith(_NOT_DRESS) and not path.name.startswith(".")


def _stylesheets(templates: Path, letter: Letter, medium: str) -> tuple[str, ...]:
    """The base's sheets, the specimen's over them, and the year's own if it has one."""
    names = [f"{BASE}/common.css", f"{BASE}/{medium}.css"]
    if letter.specimen:
        names.append(f"{BASE}/specimen.{medium}.css")
    own = f"{letter.templates}/{medium}.css"
    return (*names, *((own,) if (templates / own).exists() else ()))
