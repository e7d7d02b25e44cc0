"""Bespoke paragraphs: read, with what they hold that a letter cannot show as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from letters.errors import Place, Problem, Severity
from letters.files import is_left_over
from letters.source.text import read_text

_HINT = "a bespoke paragraph has paragraphs, lists, emphasis and links"
_KINDS = (
    ("a heading", re.compile(r"^ {0,3}(?P<sign>#{1,6})(?:[ \t]|$)")),
    ("a line of signs", re.compile(r"^ {0,3}(?P<sign>={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$")),
    ("a table", re.compile(r"^ {0,3}(?P<sign>\|.*\||:?-+:?[ \t]*\|[-:| \t]*)[ \t]*$")),
    ("a block quote", re.compile(r"^ {0,3}(?P<sign>>)")),
    ("a picture", re.compile(r"(?<!\\)(?P<sign>!\[[^\[\]\n]{0,999}\][(\[])")),
    ("code", re.compile(r"^ {0,3}(?P<sign>```|~~~)|(?<!\\)(?P<span>`[^`\n]{1,999}`)")),
    (
        "HTML",
        re.compile(r"(?<!\\)(?P<sign></?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,999})?/?>|<!--)"),
    ),
)


def read_paragraphs(root: Path, folder: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The bespoke paragraphs by slug, and what is wrong with them; hidden files are passed over."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        names = [one.name for one in (root / folder).iterdir() if not is_left_over(one.name)]
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        sentence = f"this folder cannot be read: {(error.strerror or 'unknown reason').lower()}"
        return {}, (Problem(Place(folder), Severity.ERROR, "folder-unreadable", sentence),)
    for name in sorted(names):
        slug, file = name.removesuffix(".md"), f"{folder}/{name}"
        text = _paragraph(root, file)
        if isinstance(text, Problem):
            problems.append(replace(text, authority=slug if slug != name else ""))
        else:
            texts[slug] = text
            found = _printed_as_written(file, text)
            problems.extend(replace(problem, authority=slug) for problem in found)
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


def _printed_as_written(file: str, text: str) -> Iterator[Problem]:
    """A warning for each kind of sign that Markdown knows and a letter does not, at the first."""
    lines = text.split("\n")
    for kind, pattern in _KINDS:
        found = ((number, pattern.search(line)) for number, line in enumerate(lines, 1))
        number, match = next(((number, match) for number, match in found if match), (0, None))
        if match:
            place = Place(file, number, match.start(match.lastgroup or 0) + 1)
            sentence = f"{kind} is printed as it is written"
            yield Problem(
                place,
                Severity.WARNING,
                "printed-as-written",
                sentence,
                _HINT,
                value=lines[number - 1].strip(),
            )
