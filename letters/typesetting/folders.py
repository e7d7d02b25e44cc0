"""Where the files of templates are: a year's folder, and the base that all years share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from letters.files import is_left_over
from letters.packaged import packaged

BASE = "base"  #: the folder below templates/ that all years share


def base_folder(templates: Path) -> Path:
    """Where the base is: below `templates` where there is one, whole; else the package's own."""
    own = templates / BASE
    return own if own.is_dir() else packaged(f"templates/{BASE}")


def path_of(templates: Path, name: str) -> Path:
    """Where the file of a name such as `base/print.css` or `2020/letter.html.jinja` is."""
    folder, _, rest = name.partition("/")
    return base_folder(templates) / rest if folder == BASE else templates / name


def names_of(templates: Path, *folders: str) -> Iterator[str]:
    """The names of the files in some folders; what editors and systems leave there is none."""
    for folder in folders:
        where = base_folder(templates) if folder == BASE else templates / folder
        for path in sorted(where.rglob("*")):
            parts = path.relative_to(where).parts
            if path.is_file() and not any(is_left_over(part) for part in parts):
                yield "/".join((folder, *parts))
