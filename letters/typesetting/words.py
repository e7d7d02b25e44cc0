"""What a letter says, without its markup. Pure."""

from __future__ import annotations

import re
from html import unescape

_ENDS_LINE = re.compile(
    r"<br\b[^>]*>|</(?:p|h[1-6]|li|div|address|aside|title|section)>", re.IGNORECASE
)


def lines_of(html: str) -> tuple[str, ...]:
    """A letter's paragraphs, headings and descriptions of charts, one a line, as they follow each other."""
    body = html.partition("<body")[2].partition(">")[2]
    parts = _ENDS_LINE.sub("\0", body).split("\0")
    lines = (" ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split()) for part in parts)
    return tuple(line for line in lines if line)
