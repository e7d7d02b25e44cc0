"""Whether a year's build folder still holds what was built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.errors import BuildError
from letters.files import digest_of
from letters.typesetting.finished import read_back


def differences(root: Path, year: str) -> tuple[int, tuple[str, ...]]:
    """How many letters the manifest names, and each file missing, changed or unknown.

    Raises BuildError when the year was never built, or its manifest cannot be read.
    """
    folder = year_folder(root, year)
    manifest = read_manifest(folder)
    if not manifest.letters:
        raise BuildError(f"{folder} holds no letters that were built; build the year first")
    letters = letters_folder(root, year)
    found = [
        sentence for entry in manifest.letters.values() for sentence in _changed(letters, entry)
    ]
    return len(manifest.letters), (*found, *_unknown(letters, set(manifest.letters)))


def _changed(folder: Path, entry: Entry) -> Iterator[str]:
    pdf, page = letter_paths(folder, entry.slug)
    for path, built in ((pdf, entry.sha256), (page, entry.html_sha256)):
        found = digest_of(path)
        if not found:
            yield f"{path}: missing"
        elif found != built:
            yield f"{path}: not the file that was built"
        elif path == pdf:
            yield from (
                f"{path}: the manifest gives other {what}"
                for what in _misstated(pdf.read_bytes(), entry)
            )


def _misstated(pdf: bytes, entry: Entry) -> Iterator[str]:
    """What the manifest says otherwise than the PDF itself."""
    letter = read_back(pdf)
    told = (
        ("statistics", entry.statistics, letter.statistics),
        ("pages", entry.pages, letter.pages),
    )
    for what, noted, found in (*told, ("bytes", entry.bytes, len(pdf))):
        if noted != found:
            yield what


def _unknown(folder: Path, slugs: set[str]) -> Iterator[str]:
    for path in sorted(folder.iterdir() if folder.exists() else ()):
        if path.name.startswith("."):
            continue  # the system's, or half-written
        if path.stem not in slugs or path.suffix not in (".pdf", ".html"):
            yield f"{path}: not in the manifest"
