"""Files that an import edits: what is changed by hand in them, and how they would be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists
from letters.source.reader import parse, read
from letters.source.text import read_text


class ByHand(NamedTuple):
    """Something that was changed by hand, and is left alone; what contacts say is not shown."""

    slug: str
    what: str  #: "upheld", "contacts", or a file's name
    now: str
    imported: str  #: what the workbooks say; "" for nothing any more


def if_other(path: Path, text: str) -> dict[Path, bytes]:
    """The file to be written, unless it is so already; none for no text."""
    content = text.encode()
    if not content or (exists(path) and path.read_bytes() == content):
        return {}
    return {path: content}


def not_by_lines(file: str) -> CampaignError:
    """The error of a file that is sound, and cannot be edited without rewriting all of it."""
    sentence = "this is written in a way that an import cannot change"
    hint = "write each authority on a line of its own, from the first column"
    return CampaignError((Problem(Place(file), Severity.ERROR, "not-by-lines", sentence, hint),))


def sound_text(root: Path, file: str, head: str) -> str:
    """The text of a file that is to be edited, or how a new one begins. Raises CampaignError."""
    if not exists(root / file):
        return head
    source = read(root, file, by_authority=True)
    if [one.code for one in source.problems] not in ([], ["empty-file"]):
        raise CampaignError(source.problems)
    text = read_text(root, file)
    return head if isinstance(text, Problem) else text


def entries_in(file: str, text: str) -> dict[str, Any]:
    """The entries of a text by their keys, none of what has none."""
    value = parse(file, text, by_authority=True).value
    return dict(value) if isinstance(value, dict) else {}
