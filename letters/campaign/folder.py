"""The folders of a campaign: what is read of them, and names there that only look like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from letters.errors import Place, Problem, Severity
from letters.files import exists, is_closed, is_left_over
from letters.wording import meant, nearest

#: What may stand in the folder of a year; a folder's name ends with a slash.
NAMES = (
    "letter.yaml",
    "statistics.yaml",
    "contacts.yaml",
    "approvals.yaml",
    "sent.yaml",
    "corrections.yaml",
    "import.yaml",
    "import.lock.yaml",
    "SOURCES.md",
    "paragraphs/",
    "attachments/",
)
#: what may stand below private/ instead, which is never in git, and is looked at first
PRIVATE_NAMES = ("contacts.yaml", "attachments/")
_ALSO_PRIVATE = ("contacts.lock.yaml",)  #: is never in data/
#: where one is missing, that is said with this hint
_MISSED = ("letter.yaml", "statistics.yaml", "contacts.yaml")
_LIKENESS = 0.8


def home_of(root: Path, year: str, name: str) -> str:
    """Where `contacts.yaml` or `attachments` of a year is, below root: in private/ or in data/."""
    private = f"private/{year}/{name}"
    return private if _is_there(root / private) else f"data/{year}/{name}"


def _is_there(path: Path) -> bool:
    return exists(path) or path.is_symlink()


def out_of_reach(root: Path, year: str) -> Iterator[Problem]:
    """An error for a folder of what is private or confidential that leads nowhere, or is closed.

    Nobody would know whether something is in it.
    """
    where = ("private", f"private/{year}", f"private/{year}/attachments")
    for name in (*where, f"data/{year}/attachments"):
        path = root / name
        if path.is_symlink() and not exists(path):
            sentence = "this is a link, and what it leads to is not there"
            yield Problem(Place(name), Severity.ERROR, "link-to-nowhere", sentence, "mend the link")
        elif is_closed(path):
            sentence = "this folder may not be read"
            hint = "look at its permissions"
            yield Problem(Place(name), Severity.ERROR, "folder-unreadable", sentence, hint)


def in_both(root: Path, year: str) -> Iterator[Problem]:
    """An error for what stands in private/ and in data/: nobody knows which is meant."""
    for name in (one.rstrip("/") for one in PRIVATE_NAMES):
        private, other = f"private/{year}/{name}", f"data/{year}/{name}"
        if _is_there(root / private) and _is_there(root / other):
            sentence = f"{private} is there, too: nobody can tell which of them is meant"
            hint = "keep the one in private/, which is never in git"
            yield Problem(Place(other), Severity.ERROR, "in-both-folders", sentence, hint)


def unknown_names(root: Path, year: str) -> Iterator[Problem]:
    """A warning for each visible file or folder that is none of ours and is nearly named so."""
    yield from _unknown(root, f"data/{year}", NAMES)
    yield from _unknown(root, f"private/{year}", (*PRIVATE_NAMES, *_ALSO_PRIVATE))


def _unknown(root: Path, folder: str, known: Sequence[str]) -> Iterator[Problem]:
    small = {name.lower(): name for name in known}
    for name in _names(root / folder):
        choice = small.get(nearest(name, tuple(small), _LIKENESS), "")
        missed = (
            folder.startswith("data/") and choice in _MISSED and not exists(root / folder / choice)
        )
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
