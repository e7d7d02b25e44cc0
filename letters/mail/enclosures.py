"""Confidential files that go with one authority's letter only: `attachments/<slug>/` of a year."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from letters.campaign.folder import home_of
from letters.campaign.load import Campaign
from letters.errors import Place, Problem, Severity
from letters.files import exists, is_left_over
from letters.mail.mentions import Mentions
from letters.wording import meant, nearest_authority, reason_of, series


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file beside the PDF; its bytes stay on disk until the message is made."""

    path: Path
    sha256: str  #: of its bytes
    size: int  #: in bytes

    @property
    def name(self) -> str:
        """What it is called, on disk and in the message."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in the folder of files for one authority."""

    files: tuple[Path, ...] = ()  #: those that go with its letter, by name
    problems: tuple[Problem, ...] = ()  #: what is wrong with the others
    doubts: tuple[Problem, ...] = ()  #: a warning for each of those that go and may be another's


def enclosures_folder(root: Path, year: str) -> str:
    """Where a folder for each authority is, those that have any: below private/ or data/."""
    return home_of(root, year, "attachments")


def look_into(root: Path, year: str, slug: str, mentions: Mentions) -> Folder:
    """The files that go with an authority's letter; no file is read.

    Hidden files are passed over. Wrong are a folder in the folder, a link to elsewhere, an empty
    file, a name that mail cannot carry as it is, and one that speaks of another authority. One that
    has another's short name is doubted.
    """
    folder = f"{enclosures_folder(root, year)}/{slug}"
    if (root / folder).is_symlink():
        sentence = "this is a link; the files with a letter stand in a folder of its own"
        return Folder(problems=(_problem(folder, slug, "attachments-elsewhere", sentence),))
    try:
        paths = sorted((root / folder).iterdir())
    except FileNotFoundError:
        return Folder()
    except NotADirectoryError:
        if not (root / folder).exists():  # what is above it is told as a whole
            return Folder()
        sentence = "this is a file; the files with a letter stand in a folder of this name"
        return Folder(problems=(_problem(folder, slug, "attachments-elsewhere", sentence),))
    except OSError as error:
        return Folder(problems=(_unreadable(folder, slug, error),))
    good, problems, doubts = [], [], []
    for path in (one for one in paths if not one.name.startswith(".")):
        file = f"{folder}/{path.name}"
        of_another = _of_another(path.name, file, slug, mentions)
        if problem := _wrong(path, file, slug, of_another):
            problems.append(problem)
        else:
            good.append(path)
            doubts += [of_another] if of_another else []
    return Folder(tuple(good), tuple(problems), tuple(doubts))


def too_large(
    root: Path, year: str, slug: str, files: Sequence[Path], megabytes: int
) -> Iterator[Problem]:
    """An error for files that no message of so many megabytes can carry, whatever else it holds."""
    there = [path for path in files if exists(path)]  # one may have gone since it was looked for
    size = sum(path.stat().st_size for path in there) * 4 / 3 / 1_000_000  # as mail carries them
    if size > megabytes:
        sentence = (
            f"as e-mail these files have {size:.1f} MB, and data/office.yaml allows {megabytes}"
        )
        folder = f"{enclosures_folder(root, year)}/{slug}"
        problem = _problem(folder, slug, "attachments-too-large", sentence)
        yield replace(
            problem, hint="make them smaller, or raise largest_megabytes if the server takes more"
        )


def enclosure(path: Path) -> Enclosure:
    """A file that goes with a letter, read once. Raises OSError."""
    content = path.read_bytes()
    return Enclosure(path, sha256(content).hexdigest(), len(content))


def _wrong(path: Path, file: str, slug: str, of_another: Problem | None) -> Problem | None:
    """What is wrong with one file, None for nothing."""
    if path.is_symlink() or not path.is_file():
        sentence = "this is no file of its own; the files with a letter stand in its folder"
        return _problem(file, slug, "attachment-elsewhere", sentence)
    if path.name.startswith("~$"):
        sentence = "this is there while somebody has the file open; close it, or delete this one"
        return _problem(file, slug, "attachment-open", sentence)
    if is_left_over(path.name):
        sentence = "an editor or the system has left this here; delete it"
        return _problem(file, slug, "attachment-left-over", sentence)
    if not path.name.isprintable() or path.name != path.name.strip() or "=?" in path.name:
        sentence = "mail cannot carry this name as it is; give the file another one"
        return _problem(file, slug, "attachment-name", sentence)
    if of_another and of_another.severity is Severity.ERROR:
        return of_another
    try:
        if not path.stat().st_size:
            return _problem(file, slug, "attachment-empty", "this file is empty")
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        return _unreadable(file, slug, error)
    return None


def _of_another(name: str, file: str, slug: str, mentions: Mentions) -> Problem | None:
    """An error where a file's name speaks of another authority, a warning where it may."""
    if (mention := mentions.in_file_name(name, slug)) is None:
        return None
    own = mentions.register[slug].name
    if mention.certain:
        sentence = f"its name speaks of {mention.name}, but it would go to {own}"
        return _problem(file, slug, "attachment-of-another", sentence)
    sentence = f"its name may speak of {mention.name}, and it would go to {own}"
    return replace(
        _problem(file, slug, "attachment-perhaps-of-another", sentence),
        severity=Severity.WARNING,
        hint="move it to whose it is, or give it another name; if it is right, accept this",
        value=name,
    )


def _unreadable(file: str, slug: str, error: OSError) -> Problem:
    return _problem(file, slug, "attachment-unreadable", f"this cannot be read: {reason_of(error)}")


def _problem(file: str, slug: str, code: str, sentence: str) -> Problem:
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in file)
    return Problem(Place(shown), Severity.ERROR, code, sentence, authority=slug)


def shared(files: Mapping[str, Sequence[Enclosure]]) -> Iterator[str]:
    """A sentence for each file in the folders of several authorities: one may be a mistake."""
    holders: dict[str, dict[str, str]] = {}
    for slug, enclosed in files.items():
        for one in enclosed:
            holders.setdefault(one.sha256, {}).setdefault(slug, one.name)
    for same in holders.values():
        if len(same) > 1:
            letters = series([f"{slug} ({name})" for slug, name in same.items()])
            yield f"the same file is with the letters of {letters}: right?"


def strangers(root: Path, campaign: Campaign) -> Iterator[Problem]:
    """An error for each folder of files that would go to nobody."""
    where = enclosures_folder(root, campaign.year)
    known = (*campaign.statistics, *campaign.awaited)
    try:
        paths = sorted((root / where).iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError:
        sentence = "this is a file; a folder of this name holds a folder for each authority"
        yield _problem(where, "", "attachments-elsewhere", sentence)
        return
    except OSError as error:
        yield _unreadable(where, "", error)
        return
    for path in paths:
        if path.name not in known and not is_left_over(path.name):
            sentence = "no letter goes to an authority of this name, and nor do these files"
            hint = meant(nearest_authority(path.name, known))
            yield replace(
                _problem(f"{where}/{path.name}", "", "attachments-for-nobody", sentence), hint=hint
            )
