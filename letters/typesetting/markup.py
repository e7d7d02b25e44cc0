"""Finished HTML as a reader of it sees it: its words line by line, and what is wrong with its tags.

A letter, its page and an e-mail are one file without any other: they lead somewhere, hold nothing
that runs or asks, and every element is closed where it was opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import unquote

from letters.typesetting.elements import PLAIN, VOID, Element, Wrong, wrong_styles
from letters.typesetting.tags import Begin, End, Words, parts_of
from letters.wording import quoted

_WORD = re.compile(r"\w+")
_STYLES = re.compile(r"<style>.*?</style>\n?(?=</head>)", re.DOTALL)
_BEFORE = re.compile(r"\w[-'’]?$")  # a longer name or word, of which this is a part only
_AFTER = re.compile(r"[-'’]?\w")
_DRAWINGS = frozenset(("svg", "math"))
_MAY_STAY_OPEN = frozenset(("html", "head", "body"))
_ENDS_LINE = frozenset(
    "address article aside blockquote caption dd div dt figcaption footer h1 h2 h3 h4 h5 h6 header"
    " li main p section svg td th title".split()
)
#: what holds lines that are read as one: those of an address, the cells of a row
_HOLDS_LINES = _ENDS_LINE - {"td", "th"} | {"tr"}
#: what ends a paragraph that is open, whatever its author thinks
_BLOCKS = frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section"
    " summary table ul".split()
)
#: where an element must stand, if not anywhere
_PARENTS = {
    "li": ("ul", "ol", "menu"),
    "dt": ("dl", "div"),
    "dd": ("dl", "div"),
    "tr": ("table", "thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
}
#: what leaves a gap, or a sound without a sense, when nothing is in it
_SAY_SOMETHING = frozenset("a caption dt figcaption h1 h2 h3 h4 h5 h6 li".split())
#: what a paragraph outside of it is not ended by
_SCOPES = frozenset(("foreignobject", "table", "td", "th", "caption", "template", "object"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the tags, and where in the HTML it stands."""

    code: str
    sentence: str
    hint: str
    offset: int  #: of the tag in the HTML, in characters
    text: str  #: by which it can be found where it was written: an address, the beginning of a tag


class Stand(NamedTuple):
    """Where a line stands: the element that holds it, and what that is in."""

    number: int = 0  #: of the element, in the order in which they begin; lines may share one
    element: str = ""  #: "p", "h2", "tr" of cells, "svg" of what a drawing says
    role: str = ""  #: its first class: "finding"
    whole: str = ""  #: the `data-whole` around it: "panel Complaints upheld"
    in_header: bool = False


NOWHERE = Stand()  #: in no element of its own


class Link(NamedTuple):
    """A link in a line."""

    words: str  #: that lead there; "" where none stand in it
    target: str  #: "https://www.example.org/page"


class Line(NamedTuple):
    """A paragraph, a heading, a line of an address, a description of a chart."""

    words: str
    in_address: bool = False
    is_greeting: bool = False
    is_description: bool = False  #: of a drawing: it is read aloud, and not drawn
    stand: Stand = NOWHERE
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Markup:
    """What an HTML file says and does."""

    title: str
    lines: tuple[Line, ...]  #: of its body, in their order
    faults: tuple[Fault, ...]
    head_ends: int | None  #: where `</head>` stands in the HTML, None when it has none

    @property
    def words(self) -> tuple[str, ...]:
        """What the body says, a line each."""
        return tuple(line.words for line in self.lines)

    def says(self, words: str) -> bool:
        """Whether the body says the words one after the other, whatever stands between them."""
        wanted, said = (" ".join(_WORD.findall(text)) for text in (words, " ".join(self.words)))
        return wanted in said

    def greeting(self, name: str) -> str:
        """The line that greets somebody, as it is written; "" when no line does.

        It is the one of the class `greeting` or, without any, the first outside of an address that
        begins with a greeting: see `greeting_in`.
        """
        if marked := [line.words for line in self.lines if line.is_greeting]:
            return next((words for words in marked if names(words, name)), "")
        return greeting_in((line.words for line in self.lines if not line.in_address), name)


NOTHING_SAID = Markup("", (), (), None)


def names(words: str, name: str) -> bool:
    """Whether the words hold a name as it is, however it is spaced, and no longer one."""
    wanted, text = " ".join(name.split()), f" {' '.join(words.split())} "
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        if not _BEFORE.search(text[:start]) and not _AFTER.match(text, start + len(wanted)):
            return True
        start = text.find(wanted, start + 1)
    return False


def greeting_in(lines: Iterable[str], name: str) -> str:
    """The first line that greets somebody: one to three words, and the name; "" for none."""
    wanted = re.compile(rf"(?:\S+\s+){{1,3}}{re.escape(' '.join(name.split()))}\s*(?:[,;:.!–-]|$)")
    return next((line for line in lines if name and wanted.match(" ".join(line.split()))), "")


def read_page(html: str) -> Markup:
    """What a letter's page says; the styles in its head, which take most of the time, are not read."""
    return read_markup(without_styles(html))


def without_styles(html: str) -> str:
    """A letter's page without the styles in its head, which a letter that is not dressed has not."""
    return _STYLES.sub("", html, count=1)


def read_markup(html: str) -> Markup:
    """What the HTML says and what is wrong with it; never raises, whatever it is."""
    reader = _Reader()
    for start, parts in parts_of(html):
        for part in parts:
            if isinstance(part, Words):
                reader.say(part, start + part.offset)
            elif isinstance(part, Begin):
                reader.begin(part, start + part.offset)
            elif isinstance(part, End):
                reader.end(part.tag, start + part.offset)
            else:
                reader.riddle(part.sentence, start + part.offset, part.ends)
    return reader.read()


@dataclass(slots=True)
class _Open:
    """An element that is open."""

    name: str
    offset: int
    text: str
    in_drawing: bool
    in_address: bool
    is_greeting: bool
    stand: Stand = NOWHERE  #: of what it holds
    target: str = ""  #: of a link
    is_told: bool = False  #: that it does not end where it should
    says: bool = False  #: anything, or holds a picture


class _Reader:
    """Follows the tags of one file."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._outside = _Open("", 0, "", False, False, False)
        self._inside = self._outside  # the innermost of them
        self._faults: list[Fault] = []
        self._lines: list[Line] = []
        self._words: list[str] = []
        self._title: list[str] = []
        self._in_body, self._in_title, self._in_style = True, False, False
        self._links_inside: list[tuple[str, int]] = []
        self._links: list[Link] = []  # of the line
        self._target, self._link_begins = "", 0  # of the link that is open, among the words
        self._goes_on = False  # from the line before
        self._anchors: set[str] = set()
        self._told: list[str] = []  # names of elements whose end tags may still come
        self._head_ends: int | None = None
        self._elements = 0  # that hold lines

    def begin(self, part: Begin, offset: int) -> None:
        """An element begins."""
        tag, text, element, parent = part.tag, part.text, part.element, self._inside
        self._words.append(" ")
        if element is not PLAIN:
            self._note(element, offset, text)
        if tag == "br":
            self._end_line()
        if tag in _BLOCKS or tag == "a":
            self._check_paragraph(tag, offset, text)
        if tag in _PARENTS and parent.name not in (*_PARENTS[tag], "p"):
            where = " or ".join(f"<{one}>" for one in _PARENTS[tag])
            sentence, hint = (
                f"<{tag}> stands outside of {where}",
                "write the one that it belongs to",
            )
            self._fault("tag-out-of-place", sentence, hint, offset, text)
        if parent.in_drawing:
            if part.ends_itself:
                return
        elif tag in VOID:
            parent.says |= tag == "img"
            return
        if tag in ("head", "body"):
            self._in_body, self._words, self._lines = tag == "body", [], []
        self._in_title = tag == "title" and not parent.in_drawing
        self._in_style = tag == "style"
        in_drawing = (parent.in_drawing or tag in _DRAWINGS) and tag != "foreignobject"
        in_address = parent.in_address or tag == "address"
        is_greeting = parent.is_greeting or element.is_greeting
        if part.ends_itself and in_drawing:
            return
        stand = self._stand(tag, element, parent.stand)
        target = element.target
        self._inside = _Open(tag, offset, text, in_drawing, in_address, is_greeting, stand, target)
        self._open.append(self._inside)
        if target:
            self._end_link()
            self._target = target

    def end(self, tag: str, offset: int) -> None:
        """An element ends."""
        if self._inside.name != tag and not self._is_open(tag, offset):
            return
        while self._inside.name != tag:
            self._not_closed(self._inside, before=tag)
            self._leave()
        if tag in _SAY_SOMETHING and not self._inside.says:
            sentence, hint = f"nothing stands in <{tag}>", "write what it says, or leave it out"
            self._fault("nothing-said", sentence, hint, self._inside.offset, self._inside.text)
        self._words.append(" ")
        if tag in _ENDS_LINE:
            self._end_line()
        self._leave()
        self._in_title = self._in_style = False
        if tag == "head":
            self._head_ends, self._in_body = offset, True
        elif tag == "body":
            self._end_line()
            self._in_body = False

    def say(self, part: Words, offset: int) -> None:
        """Words, or a style sheet."""
        words = part.text
        if not self._inside.says and words.strip():
            self._inside.says = True
        for wrong in part.wrong:
            self._tell(wrong, offset, words)
        if self._in_title:
            self._title.append(words)
        elif self._in_style:
            for wrong in wrong_styles(words):
                self._tell(wrong, offset, words)
            if "<" in words and self._inside.in_drawing:  # there browsers read it as a tag
                self.riddle("a style in a drawing holds a tag", offset)
        elif self._in_body:
            self._words.append(words)

    def riddle(self, sentence: str, offset: int, ends: bool = False) -> None:
        """Something that programs read differently, so that one may see what another does not."""
        if ends:
            self._open, self._inside, self._head_ends = [], self._outside, offset
        self._fault(
            "tag-garbled", sentence, "delete it, or write it in the usual way", offset, "<!"
        )

    def read(self) -> Markup:
        """What was found, once all is told."""
        for one in self._open:
            if one.name not in _MAY_STAY_OPEN:
                self._not_closed(one)
        for anchor, offset in self._links_inside:
            if anchor not in self._anchors and unquote(anchor) not in self._anchors:
                sentence = f"a link leads to {quoted(f'#{anchor}')}, and nothing here has that id"
                hint = "give the id to an element"
                self._fault("link-to-nowhere", sentence, hint, offset, f"#{anchor}")
        self._end_line()
        title = " ".join("".join(self._title).split())
        faults = tuple(sorted(self._faults, key=lambda one: one.offset))
        return Markup(title, tuple(self._lines), faults, self._head_ends)

    def _stand(self, tag: str, element: Element, around: Stand) -> Stand:
        """Where the lines in an element stand."""
        if tag not in _HOLDS_LINES:
            return around
        self._elements += 1
        whole, in_header = element.whole or around.whole, around.in_header or tag == "header"
        return Stand(self._elements, tag, element.role, whole, in_header)

    def _note(self, element: Element, offset: int, text: str) -> None:
        for wrong in element.wrong:
            self._tell(wrong, offset, text)
        self._anchors.update(element.anchors)
        self._links_inside += ((anchor, offset) for anchor in element.links_inside)

    def _is_open(self, tag: str, offset: int) -> bool:
        """Whether an end tag ends something; if not, that is told, but for one told already."""
        if any(one.name == tag for one in self._open):
            return True
        if tag in self._told:
            self._told.remove(tag)
            return False
        hint = "delete it, or write where the element begins"
        if tag in VOID:
            hint = "an element of this kind has no end; delete it"
        self._fault("tag-not-open", f"</{tag}> closes nothing", hint, offset, f"</{tag}")
        return False

    def _check_paragraph(self, tag: str, offset: int, text: str) -> None:
        """A block, or a link in a link, ends what is open, and its end tag later closes nothing."""
        ended = "a" if tag == "a" else "p"
        near = takewhile(lambda one: one.name not in _SCOPES, reversed(self._open))
        inner = next((one for one in near if one.name == ended), None)
        if inner and not inner.is_told and not self._inside.in_drawing:
            inner.is_told = True
            sentence = f"<{tag}> begins inside of <{ended}>, which ends there"
            self._fault("tags-crossed", sentence, f"write </{ended}> before it", offset, text)

    def _not_closed(self, one: _Open, before: str = "") -> None:
        if one.is_told:
            return
        if before:
            self._told.append(one.name)
        where = f" before </{before}>" if before else ""
        sentence = f"<{one.name}> is not closed{where}"
        self._fault("tag-not-closed", sentence, f"write </{one.name}>", one.offset, one.text)

    def _tell(self, wrong: Wrong, offset: int, text: str) -> None:
        self._fault(wrong.code, wrong.sentence, wrong.hint, offset, wrong.text or text)

    def _fault(self, code: str, sentence: str, hint: str, offset: int, text: str) -> None:
        self._faults.append(Fault(code, sentence, hint, offset, text))

    def _leave(self) -> None:
        closed = self._open.pop()
        if closed.target:
            self._end_link()
        says = closed.says
        self._inside = self._open[-1] if self._open else self._outside
        self._inside.says |= says

    def _end_link(self) -> None:
        """Note the link that is open, if one is, with its words in this line."""
        if self._target:
            words = " ".join("".join(self._words[self._link_begins :]).split())
            if words or not self._goes_on:
                self._links.append(Link(words, self._target))
        self._target, self._link_begins, self._goes_on = "", len(self._words), False

    def _end_line(self) -> None:
        if target := self._target:  # it goes on in the next line
            self._end_link()
            self._target, self._link_begins, self._goes_on = target, 0, True
        words, self._words = " ".join("".join(self._words).split()), []
        links, self._links = tuple(self._links), []
        if words and self._in_body:
            inside = self._inside
            is_description = inside.in_drawing and inside.name in ("title", "desc")
            told = (inside.in_address, inside.is_greeting, is_description)
            self._lines.append(Line(words, *told, inside.stand, links))
