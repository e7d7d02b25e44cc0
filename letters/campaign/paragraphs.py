"""Bespoke paragraphs: read, with what they hold that a letter cannot show as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from letters.errors import Place, Problem, Severity
from letters.source.text import read_text
from letters.wording import quoted

LINK = r"https?://[^/\s]+\.|mailto:|#"  #: how the address of a link in a letter begins, in small or capital letters

_TARGET = re.compile(r"(?<![!\\])\[[^\[\]\n]{0,999}\]\([ ]{0,9}<?(?P<target>[^)\s>]{0,2000})")
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


def printed_as_written(file: str, text: str) -> Iterator[Problem]:
    """A warning for each kind of sign that Markdown knows and a letter does not, where it first stands."""
    lines = text.split("\n")
    for kind, pattern in _KINDS:
        found = (
            (number, match)
            for number, line in enumerate(lines, 1)
            if (match := pattern.search(line))
        )
        for number, match in found:
            place = Place(file, number, match.start(match.lastgroup or 0) + 1)
            yield Problem(place, Severity.WARNING, "", f"{kind} is printed as it is written", _HINT)
            break


def links_to_nowhere(file: str, text: str) -> Iterator[Problem]:
    """An error for each link that is no address of the web or of mail."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _TARGET.finditer(line):
            if not re.match(LINK, match["target"], re.IGNORECASE):
                sentence = (
                    f"a link leads to {quoted(match['target'])}, which is no address of the web"
                )
                place = Place(file, number, match.start("target") + 1)
                yield Problem(
                    place, Severity.ERROR, "", sentence, "begin it with https:// or mailto:"
                )


def read_paragraphs(root: Path, folder: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The bespoke paragraphs by slug; hidden files are passed over."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        names = sorted(
            path.name for path in (root / folder).iterdir() if not path.name.startswith(".")
        )
    except FileNotFoundError:
        return {}, ()
    except OSError as error:
        sentence = f"this folder cannot be read: {(error.strerror or 'unknown reason').lower()}"
        return {}, (Problem(Place(folder), Severity.ERROR, "", sentence),)
    for name in names:
        text = _paragraph(root, f"{folder}/{name}")
        if isinstance(text, Problem):
            problems.append(text)
        else:
            texts[name.removesuffix(".md")] = text
            problems.extend(printed_as_written(f"{folder}/{name}", text))
            problems.extend(links_to_nowhere(f"{folder}/{name}", text))
    return texts, tuple(problems)


def _paragraph(root: Path, file: str) -> str | Problem:
    if not file.endswith(".md"):
        hint = "a bespoke paragraph is a file named after the authority's slug: <slug>.md"
        return Problem(Place(file), Severity.WARNING, "", "this is not read", hint)
    text = read_text(root, file)
    if isinstance(text, str) and not text.strip():
        return Problem(
            Place(file),
            Severity.ERROR,
            "",
            "this paragraph is empty",
            "write it, or delete the file",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text
