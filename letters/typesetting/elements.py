"""What one element of an HTML file may not be or have, wherever it stands. Pure.

Links lead somewhere; nothing runs, asks, leads away or needs another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from letters.typesetting.styles import outside_files
from letters.wording import quoted

#: How a link begins that leads somewhere: an address of the web or of mail, a place in the page.
_ADDRESS = re.compile(
    r"https?://[^/\s?#.][^/\s?#]*\.[^/\s?#.]|mailto:[^\s@]+@[^\s@]|#.", re.IGNORECASE
)
_IGNORED_IN_ADDRESSES = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")  # by browsers
_INLINE = re.compile(r"data:(?:image|font)/", re.IGNORECASE)
_NO_NAME = re.compile(r"[<\"'=]")  # what the name of no attribute holds

_RUNS = frozenset(
    "script noscript iframe object embed applet portal set animate animatemotion animatetransform"
    " animatecolor".split()
)
_ASKS = frozenset(("form", "input", "button", "select", "textarea", "dialog", "isindex"))
_FETCHES = frozenset(("link", "base", "frame", "frameset"))
#: attributes that name another file, wherever they stand
_FILES = frozenset("src srcset imagesrcset poster background data manifest ping".split())
_LINKS = ("href", "xlink:href")

_TO_THE_WEB = "begin it with https:// or mailto:"
_ALONE = "a letter, its page and its e-mail are one file each, without any other"


class Wrong(NamedTuple):
    """Something that is wrong with an element."""

    code: str
    sentence: str
    hint: str
    text: str = ""  #: the part of the tag that is meant, "" for all of it


class Element(NamedTuple):
    """What an element says of itself."""

    wrong: tuple[Wrong, ...]
    links_inside: tuple[str, ...]  #: the places in the same page that it leads to
    anchors: tuple[str, ...]  #: by which links lead to it
    is_greeting: bool


PLAIN = Element((), (), (), False)  #: an element that there is nothing to say of


@lru_cache(maxsize=4096)  # a year's letters have most of their tags in common
def element_of(tag: str, attributes: tuple[tuple[str, str | None], ...]) -> Element:
    """What a tag in small letters says; of an attribute that is given twice the first counts."""
    given = {name: value or "" for name, value in reversed(attributes)}
    links = [_clean(given[name]) for name in _LINKS if tag in ("a", "area") and name in given]
    anchors = [given[name] for name in (("id", "name") if tag == "a" else ("id",)) if name in given]
    found = Element(
        (*_wrong(tag, given), *_wrong_links(tag, given), *wrong_styles(given.get("style", ""))),
        tuple(link[1:] for link in links if link.startswith("#") and len(link) > 1),
        tuple(anchors),
        "greeting" in given.get("class", "").split(),
    )
    return PLAIN if found == PLAIN else found


def wrong_styles(styles: str) -> Iterator[Wrong]:
    """What is wrong with a style attribute, or with a style sheet in the page."""
    for name in outside_files(styles):
        sentence = f"a style would need another file: {quoted(name)}"
        yield Wrong("needs-another-file", sentence, _ALONE, name or styles[:40])


def _wrong_links(tag: str, given: Mapping[str, str]) -> Iterator[Wrong]:
    for name in _LINKS if tag in ("a", "area") else ():
        if name in given and not _ADDRESS.match(_clean(given[name])):
            sentence = f"a link leads to {quoted(given[name])}, which is no address of the web"
            yield Wrong("link-to-nowhere", sentence, _TO_THE_WEB, given[name])


def _wrong(tag: str, given: Mapping[str, str]) -> Iterator[Wrong]:
    if tag in _RUNS:
        yield Wrong("script", f"<{tag}>: nothing may run in a letter", "delete it")
        return
    if any(map(_NO_NAME.search, given)):
        hint = 'look for a missing quote, or a missing ">" before it'
        yield Wrong("tag-garbled", f"<{tag}> holds signs that no tag holds", hint)
        return
    if tag in _ASKS:
        yield Wrong("form", f"<{tag}>: a letter asks nothing", "give the address of a page")
        return
    if tag in _FETCHES:
        yield Wrong("needs-another-file", f"<{tag}> would need another file", _ALONE)
        return
    if tag == "meta" and given.get("http-equiv", "").strip().lower() == "refresh":
        yield Wrong("refresh", "this leads the reader away", "delete it")
    for name, value in given.items():
        yield from _wrong_attribute(tag, name, value)


def _wrong_attribute(tag: str, name: str, value: str) -> Iterator[Wrong]:
    if name.startswith("on"):
        yield Wrong("script", f"{name}: nothing may run in a letter", "delete the attribute", name)
    elif name in ("action", "formaction"):
        yield Wrong("form", f"{name}: a letter sends nothing", "delete the attribute", name)
    elif name in _FILES or (name in _LINKS and tag not in ("a", "area")):
        file = _clean(value)
        if name.endswith("srcset") or not (_INLINE.match(file) or file.startswith("#")):
            sentence = f"<{tag} {name}> would need another file: {quoted(file)}"
            yield Wrong("needs-another-file", sentence, _ALONE, file)
    elif name != "style" and "url(" in value.lower():
        yield from wrong_styles(f"{name}: {value}")


def _clean(address: str) -> str:
    return _IGNORED_IN_ADDRESSES.sub("", address)
