"""Bespoke paragraphs: read, with what they hold that a letter cannot show as it was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from letters.campaign.prose import slips
from letters.errors import Place, Problem, Severity
from letters.files import is_left_over
from letters.source.text import read_text
from letters.wording import reason_of


def read_paragraphs(root: Path, folder: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The bespoke paragraphs by slug, and what is wrong with them; hidden files are passed over."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        names = [one.name for one in (root / folder).iterdir() if not is_left_over(one.name)]
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        sentence = f"this folder cannot be read: {reason_of(error)}"
        return {}, (Problem(Place(folder), Severity.ERROR, "folder-unreadable", sentence),)
    for name in sorted(names):
        slug, file = name.removesuffix(".md"), f"{folder}/{name}"
        text = _paragraph(root, file)
        if isinstance(text, Problem):
            problems.append(replace(text, authority=slug if slug != name else ""))
        else:
            texts[slug] = text
            problems.extend(replace(problem, authority=slug) for problem in slips(file, text))
    return texts, tuple(problems)


def paragraph_files(root: Path, folder: str) -> tuple[str, ...]:
    """The names of the bespoke paragraphs that are there, below `root`. Raises OSError."""
    paths = sorted((root / folder).glob("*.md"))
    return tuple(f"{folder}/{path.name}" for path in paths if not is_left_over(path.name))


def _paragraph(root: Path, file: str) -> str | Problem:
    if not file.endswith(".md"):
        hint = "a bespoke paragraph is a file named after the authority's slug: <slug>.md"
        name, sentence = file.rpartition("/")[2], "this is not read"
        return Problem(Place(file), Severity.WARNING, "name-not-read", sentence, hint, value=name)
    text = read_text(root, file)
    if isinstance(text, str) and not text.strip():
        sentence, hint = "this paragraph is empty", "write it, or delete the file"
        return Problem(Place(file), Severity.ERROR, "empty-paragraph", sentence, hint)
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text
