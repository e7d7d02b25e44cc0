"""Where what is built of a year lies."""

from __future__ import annotations

from pathlib import Path


def year_folder(root: Path, year: str) -> Path:
    """What is built of a year; all of it can be deleted and made again."""
    return root / "build" / year


def letters_folder(root: Path, year: str) -> Path:
    """Where a year's letters are."""
    return year_folder(root, year) / "letters"


def failed_folder(root: Path, year: str) -> Path:
    """Where drafts of a year's letters are that failed, for looking at."""
    return year_folder(root, year) / "failed"


def letter_paths(folder: Path, slug: str) -> tuple[Path, Path]:
    """A letter's PDF and HTML in the letters' folder."""
    return folder / f"{slug}.pdf", folder / f"{slug}.html"


def pack_paths(folder: Path) -> tuple[Path, Path]:
    """The print pack of a year's folder and its list of page ranges."""
    return folder / "print-pack.pdf", folder / "print-pack.csv"


def remove_pack(folder: Path) -> None:
    """Remove the print pack: letters are about to change that are in it."""
    for path in pack_paths(folder):
        path.unlink(missing_ok=True)
