"""Confidential files that go with one authority's letter only: `data/YEAR/attachments/<slug>/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from letters.campaign.records import Authority
from letters.errors import MailError


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file beside the PDF."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return sha256(self.content).hexdigest()


def enclosures_folder(root: Path, year: str) -> Path:
    """Where a folder for each authority is, those that have any."""
    return root / "data" / year / "attachments"


def enclosures(
    root: Path, year: str, slug: str, register: Mapping[str, Authority]
) -> tuple[Enclosure, ...]:
    """An authority's files, by name; hidden ones are passed over.

    Raises MailError for a folder in the folder, a link to elsewhere, an empty file, a name that
    mail cannot carry as it is, and one that speaks of another authority.
    """
    folder = enclosures_folder(root, year) / slug
    if folder.is_symlink():
        raise MailError(
            f"{folder} is a link; the files that go with a letter stand in a folder of its own"
        )
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not path.is_file():
            raise MailError(
                f"{str(path)!a} is no file of its own; the files with a letter stand in its folder"
            )
        if path.name.startswith("~$"):
            raise MailError(
                f"{path} is there while somebody has the file open; close it, or delete this one"
            )
        if not path.name.isprintable() or path.name != path.name.strip() or "=?" in path.name:
            raise MailError(
                f"{str(path)!a}: mail cannot carry this name as it is; give the file another one"
            )
        if other := spoken_of(path.name, slug, register):
            raise MailError(
                f"{path}: its name speaks of {other}, but it would go to {register[slug].name}"
            )
        content = path.read_bytes()
        if not content:
            raise MailError(f"{path} is empty")
        found.append(Enclosure(path.name, content))
    return tuple(found)


def shared(files: Mapping[str, tuple[Enclosure, ...]]) -> Iterator[str]:
    """A sentence for each file in the folders of several authorities: one may be a mistake."""
    holders: dict[str, list[tuple[str, str]]] = {}
    for slug, enclosed in files.items():
        for one in enclosed:
            holders.setdefault(one.sha256, []).append((slug, one.name))
    for same in holders.values():
        if len(same) > 1:
            (slug, name), (other, other_name), *more = same
            others = f"{other} ({other_name}){f' and of {len(more)} more' if more else ''}"
            yield f"the same file is with the letters of {slug} ({name}), {others}: right?"


def strangers(root: Path, year: str, slugs: Mapping[str, object]) -> Iterator[str]:
    """A sentence for each folder of files that would go to nobody."""
    folder = enclosures_folder(root, year)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in slugs and not path.name.startswith("."):
            yield f"{path}: no letter goes to an authority of this name, and nor do these files"


def spoken_of(name: str, slug: str, register: Mapping[str, Authority]) -> str:
    """Another authority that a file's name speaks of, or "": the longest name that fits counts."""
    text = _plain(name)
    fitting = [
        (len(words), other)
        for other, body in register.items()
        for words in _names(other, body)
        if words in text
    ]
    if not fitting:
        return ""
    longest = max(length for length, _ in fitting)
    others = [other for length, other in fitting if length == longest]
    return "" if slug in others else register[others[0]].name


def _names(slug: str, authority: Authority) -> tuple[str, str]:
    return _plain(slug), _plain(authority.name)


def _plain(text: str) -> str:
    words = "".join(one if one.isalnum() else " " for one in text.casefold()).split()
    return f" {' '.join(words)} "
