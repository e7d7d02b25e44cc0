"""Names in a campaign's folder that are read by nobody and look like one that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from letters.errors import Place, Problem, Severity
from letters.files import exists, is_left_over
from letters.wording import meant, nearest

#: What may stand in the folder of a year; a folder's name ends with a slash.
NAMES = (
    "letter.yaml",
    "statistics.yaml",
    "contacts.yaml",
    "approvals.yaml",
    "SOURCES.md",
    "paragraphs/",
    "attachments/",
)
#: where one is missing, that is said with this hint
_MISSED = ("letter.yaml", "statistics.yaml", "contacts.yaml")
_LIKENESS = 0.8


def unknown_names(root: Path, folder: str) -> Iterator[Problem]:
    """A warning for each visible file or folder that is none of ours and is nearly named so."""
    small = {name.lower(): name for name in NAMES}
    for name in _names(root / folder):
        choice = small.get(nearest(name, tuple(small), _LIKENESS), "")
        missed = choice in _MISSED and not exists(root / folder / choice)
        if choice and not missed and choice.rstrip("/") != name.rstrip("/"):
            place = Place(f"{folder}/{name.removesuffix('/')}")
            sentence = "this is not read"
            yield Problem(
                place, Severity.WARNING, "name-not-read", sentence, meant(choice), value=name
            )


def _names(folder: Path) -> list[str]:
    try:
        paths = [path for path in folder.iterdir() if not is_left_over(path.name)]
        return sorted(f"{path.name}/" if path.is_dir() else path.name for path in paths)
    except OSError:
        return []
