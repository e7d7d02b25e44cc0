"""Where a year's figures come from, as its SOURCES.md says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from letters.campaign.markdown import document, sections_of
from letters.errors import Place
from letters.source.text import read_text


@dataclass(frozen=True, slots=True)
class Source:
    """A text about where figures come from, or a section of one."""

    file: str  #: "data/2020/SOURCES.md"
    heading: str  #: of the section, "" for the whole text
    html: str  #: ready to be put into a page


def sources_of(root: Path, year: str) -> tuple[Source, ...]:
    """What is written about the figures of a year, and about the register; () for nothing."""
    texts = {file: _text(root, file) for file in _files(year)}
    return tuple(Source(file, "", document(text)) for file, text in texts.items() if text)


def source_of(root: Path, year: str, place: Place, about: str = "") -> Source | None:
    """The section about the file of a place, None where there is none.

    It is the one whose heading names the file: `## letter.yaml`. Where rows of its tables speak of
    what is asked `about`, it is those alone.
    """
    name = place.file.rpartition("/")[2]
    for file in _files(year):
        for heading, text in sections_of(_text(root, file)):
            if name in heading:
                body = text.partition("\n")[2]
                return Source(file, heading, document(_rows(body, about) or body))
    return None


def _rows(text: str, about: str) -> str:
    """The tables of a text with the rows that speak of something, "" for none."""
    lines, kept, found = text.splitlines(), list[str](), False
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and (not before.startswith("|") or set(line) <= set("|-: ")):
            kept.append(line)  # a table's head, and the line below it
        elif line.startswith("|") and about and about in line.casefold():
            kept.append(line)
            found = True
        elif before.startswith("|") and not line.startswith("|"):
            kept.append("")
    return "\n".join(kept) if found else ""


def _files(year: str) -> tuple[str, str]:
    return f"data/{year}/SOURCES.md", "data/SOURCES.md"


def _text(root: Path, file: str) -> str:
    text = read_text(root, file)
    return text if isinstance(text, str) else ""
