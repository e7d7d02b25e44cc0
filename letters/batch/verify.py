"""Whether a year's build folder still holds what was built."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from letters.batch.manifest import Entry, Manifest, read_manifest, unfinished
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.errors import BuildError, NoLetter
from letters.files import digest_of
from letters.typesetting.finished import Told, tell

_ANOTHER = "not the one that was built"


class Difference(NamedTuple):
    """Something that is not as it should be."""

    sentence: str
    authority: str = ""  #: slug of the one whose letter it is, "" for none


def differences(
    root: Path, year: str, slugs: Collection[str] = ()
) -> tuple[int, tuple[Difference, ...]]:
    """How many letters the manifest names, and whatever is not as it says or not whole.

    That is each file missing, changed or unknown, letters of the slugs that were not built, a
    build that did not end, a wrong year or total. Raises BuildError when the year was never built
    or by an older version, or its manifest cannot be read.
    """
    folder, letters = year_folder(root, year), letters_folder(root, year)
    manifest = built_manifest(folder)
    found = [
        *map(Difference, manifest.misstated),
        *map(Difference, _unfinished(folder)),
        *(
            Difference(sentence, entry.slug)
            for entry in manifest.letters.values()
            for sentence in _changed(letters, entry)
        ),
        *_not_built(letters, slugs, manifest.letters),
        *map(Difference, _unknown(letters, manifest.letters)),
    ]
    return len(manifest.letters), tuple(found)


def built_manifest(folder: Path) -> Manifest:
    """The manifest of a year that was built. Raises BuildError, which says what to do first."""
    manifest = read_manifest(folder)
    if manifest.outdated:
        raise BuildError(f"{folder} was built by an older version of letters; build the year again")
    if not manifest.letters:
        raise BuildError(f"{folder} holds no letters that were built; build the year first")
    return manifest


@dataclass(frozen=True, slots=True)
class BuiltPdf:
    """A letter's PDF as it is in the build folder, read once."""

    path: Path
    sha256: str = ""  #: "" when there is no such file
    bytes: int = 0
    told: Told | None = None  #: what it says of itself; None when it is no letter's


def look_at(path: Path) -> BuiltPdf:
    """A letter's PDF in the build folder, or that there is none. Raises OSError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return BuiltPdf(path)
    try:
        told = tell(content)
    except NoLetter:
        told = None
    return BuiltPdf(path, sha256(content).hexdigest(), len(content), told)


def faults(pdf: BuiltPdf, entry: Entry) -> tuple[str, ...]:
    """What a letter's PDF is other than its entry says; none when they agree."""
    if not pdf.sha256:
        return ("missing",)
    if pdf.sha256 != entry.sha256:
        return (_ANOTHER,)
    return tuple(_contradictions(pdf, entry))


def _contradictions(pdf: BuiltPdf, entry: Entry) -> Iterator[str]:
    """What the manifest says otherwise than the PDF itself: its digest alone may be made up."""
    if pdf.told is None:
        yield "no letter's PDF"
        return
    if (whose := _slug(pdf.told.statistics)) != entry.slug:
        yield f"the letter of {whose or 'nobody'}"
        return
    for what, noted, found in (
        ("statistics", entry.statistics, pdf.told.statistics),
        ("pages", entry.pages, pdf.told.pages),
        ("bytes", entry.bytes, pdf.bytes),
    ):
        if noted != found:
            yield f"of other {what} than the manifest says"


def _slug(statistics: Mapping[str, Any]) -> str:
    match statistics:
        case {"authority": {"slug": str(slug)}}:
            return slug
    return ""


def _changed(folder: Path, entry: Entry) -> Iterator[str]:
    pdf, page = letter_paths(folder, entry.slug)
    yield from (f"{pdf}: {fault}" for fault in faults(look_at(pdf), entry))
    if (found := digest_of(page)) != entry.html_sha256:
        yield f"{page}: {_ANOTHER if found else 'missing'}"


def _unfinished(folder: Path) -> Iterator[str]:
    if unfinished(folder):
        yield f"{folder}: a build has not ended; build the year again"


def _not_built(
    folder: Path, slugs: Collection[str], built: Collection[str]
) -> Iterator[Difference]:
    for slug in slugs:
        pdf = letter_paths(folder, slug)[0]
        if slug not in built and not pdf.exists():  # else it is told as unknown
            yield Difference(f"{pdf}: not built", slug)


def _unknown(folder: Path, slugs: Collection[str]) -> Iterator[str]:
    for path in sorted(folder.iterdir() if folder.exists() else ()):
        if path.name.startswith("."):
            continue  # the system's, or half-written
        if path.stem not in slugs or path.suffix not in (".pdf", ".html"):
            yield f"{path}: not in the manifest"
