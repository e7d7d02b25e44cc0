"""Whether a page says what its letter's PDF says: for pages whose digest nobody noted."""

from __future__ import annotations

import re
from collections import Counter

from letters.errors import NoLetter
from letters.typesetting.finished import read_back
from letters.typesetting.markup import read_page

_WORD = re.compile(r"\w+")
_BROKEN = re.compile(r"[\u00ad\ufffe\u0002]\s*|-\s*")  # where a line ended within a word
_MOST_BESIDE = 0.25  #: of a PDF's words that its page may lack: page numbers, running heads


def says_the_same(page: str, pdf: bytes) -> bool:
    """Whether each word of a page stands in a PDF, as often, and hardly any besides."""
    try:
        printed = _words(read_back(pdf).text)
    except NoLetter:
        return False
    lines = (line.words for line in read_page(page).lines if not line.is_description)
    said = _words("\n".join(lines))
    return not said - printed and (printed - said).total() <= _MOST_BESIDE * printed.total()


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_BROKEN.sub("", text).casefold()))
