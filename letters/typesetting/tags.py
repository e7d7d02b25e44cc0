"""HTML as tags and words in their order, by Python's parser, whatever their spelling. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple, TypeAlias

from letters.typesetting.elements import Element, Wrong, element_of, wrong_words


class Begin(NamedTuple):
    """A tag that begins an element."""

    offset: int  #: in the text that was read
    tag: str  #: in small letters
    text: str  #: as it is written
    element: Element
    ends_itself: bool  #: it is written as one that holds nothing: <br/>


class End(NamedTuple):
    """A tag that ends an element."""

    offset: int
    tag: str


class Words(NamedTuple):
    """What stands between tags, entities resolved."""

    offset: int
    text: str
    wrong: tuple[Wrong, ...] = ()


class Riddle(NamedTuple):
    """What programs read differently: one of them may see what another does not."""

    offset: int
    sentence: str
    ends: bool = False  #: what stands behind it cannot be read


Part: TypeAlias = Begin | End | Words | Riddle


def parts_of(html: str) -> Iterator[tuple[int, tuple[Part, ...]]]:
    """The parts of the HTML, line by line, and what to add to their offsets.

    A year's letters have most of their lines in common, so each line is parsed once. Where one does
    not end as it begins, outside of tags, comments, scripts and styles, the whole is parsed.
    """
    lines = html.splitlines(keepends=True)
    parsed = [_parts_of_line(line) for line in lines]
    start = 0
    if any(parts is None for parts in parsed):
        yield 0, _Parser(html).parts()
        return
    for line, parts in zip(lines, parsed, strict=True):
        yield start, parts or ()
        start += len(line)


@lru_cache(maxsize=1024)
def _parts_of_line(line: str) -> tuple[Part, ...] | None:
    """The parts of one line; None when what it begins goes on behind it."""
    parser = _Parser(line)
    parts = parser.parts(close=False)
    return None if parser.rawdata or parser.cdata_elem else parts


class _Parser(HTMLParser):
    """Notes what it comes upon."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._html, self._parts, self._in_title = html, list[Part](), False
        starts = [0]
        for line in html.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        self._starts = starts

    def parts(self, close: bool = True) -> tuple[Part, ...]:
        """All parts; with `close` an unfinished end counts as words."""
        try:
            self.feed(self._html)
            if close:
                self.close()
        except AssertionError:  # the library's word for "<![" and the like
            self._parts.append(Riddle(self._offset(), "this cannot be read as HTML", ends=True))
        return tuple(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self._begin(tag, attrs, ends_itself=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that ends itself."""
        self._begin(tag, attrs, ends_itself=True)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        self._in_title = False
        self._parts.append(End(self._offset(), tag))

    def handle_data(self, data: str) -> None:
        """Words, or a style sheet."""
        wrong = () if self.cdata_elem else tuple(wrong_words(data))
        self._parts.append(Words(self._offset(), data, wrong))

    def handle_comment(self, data: str) -> None:
        """A comment; some end earlier for browsers than they do here, or stand in a title."""
        if data.startswith((">", "->")) or "--!>" in data or self._in_title:
            self._parts.append(Riddle(self._offset(), "a comment ends elsewhere for browsers"))

    def unknown_decl(self, data: str) -> None:
        """A section of XML, which HTML has not."""
        self._parts.append(Riddle(self._offset(), f"<![{data[:20]} is no HTML"))

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]], ends_itself: bool) -> None:
        self._in_title = tag == "title"
        text, element = self.get_starttag_text() or f"<{tag}", element_of(tag, tuple(attrs))
        self._parts.append(Begin(self._offset(), tag, text, element, ends_itself))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column
