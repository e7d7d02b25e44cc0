"""What one element of an HTML file may not be or have, wherever it stands. Pure.

Links lead somewhere; nothing runs, asks, leads away or needs another file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from letters.source.text import TEMPLATE_SIGNS, odd_in
from letters.typesetting.pictures import SCHEME, is_from_a_template
from letters.typesetting.styles import outside_files
from letters.wording import did_you_mean, quoted

#: How a link begins that leads somewhere: an address of the web or of mail, a place in the page.
_ADDRESS = re.compile(
    r"https?://[^/\s?#.][^/\s?#]*\.[^/\s?#.]|mailto:[^\s@]+@[^\s@]|tel:\+?[0-9(]|#.", re.IGNORECASE
)
_IGNORED_IN_ADDRESSES = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")  # by browsers
_JOINED = re.compile(
    r"(?<![\w./@#&=-])[0-9]{1,3}(?:,[0-9]{3})*[a-z]{5,}(?![\w./@])"
)  # 178delegates
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
_PICTURE = 'write {{ picture("2021/pictures/name.svg", alt="...") }}: a letter is one file'
_ALONE = "a letter, its page and its e-mail are one file each, without any other"


VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: the elements of HTML, drawings and formulas, but for those that are told otherwise
_TAGS = tuple(
    "a abbr acronym address area article aside audio b bdi bdo big blockquote body br button canvas"
    " caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em"
    " fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i img"
    " input ins kbd label legend li main map mark menu meta meter nav ol optgroup option output p"
    " param picture pre progress q rp rt ruby s samp search section select slot small source span"
    " strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time"
    " title tr track tt u ul var video wbr circle clippath defs desc ellipse feblend fecolormatrix"
    " feflood fegaussianblur femerge femergenode feoffset filter foreignobject g image line lineargradient"
    " marker mask math mi mn mo mrow path pattern polygon polyline radialgradient rect stop switch"
    " symbol text textpath tspan use view metadata"
    " fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap"
    " fedistantlight fedropshadow fefunca fefuncb fefuncg fefuncr feimage femorphology fepointlight"
    " fespecularlighting fespotlight fetile feturbulence"
    " annotation maction menclose merror mfrac mmultiscripts mover mpadded mphantom mroot ms mspace"
    " msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics".split()
)


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
    role: str = ""  #: its first class: "finding"
    whole: str = ""  #: what must come out on one page, as its `data-whole` names it
    target: str = ""  #: where a link leads


PLAIN = Element((), (), (), False)  #: an element that there is nothing to say of


@lru_cache(maxsize=1024)  # a year's letters have most of their tags in common
def element_of(tag: str, attributes: tuple[tuple[str, str | None], ...]) -> Element:
    """What a tag in small letters says; of an attribute that is given twice the first counts."""
    given = {name: value or "" for name, value in reversed(attributes)}
    twice = [name for name, times in Counter(name for name, _ in attributes).items() if times > 1]
    links = [_clean(given[name]) for name in _LINKS if tag in ("a", "area") and name in given]
    anchors = [given[name] for name in (("id", "name") if tag == "a" else ("id",)) if name in given]
    found = Element(
        (
            *_wrong(tag, given),
            *_wrong_links(tag, given),
            *wrong_styles(given.get("style", "")),
            *(_twice(tag, name) for name in twice),
        ),
        tuple(link[1:] for link in links if link.startswith("#") and len(link) > 1),
        tuple(anchors),
        "greeting" in given.get("class", "").split(),
        next(iter(given.get("class", "").split()), ""),
        given.get("data-whole", ""),
        links[0] if links else "",
    )
    return PLAIN if found == PLAIN else found


def _twice(tag: str, name: str) -> Wrong:
    sentence, hint = f"<{tag}> has {name} twice, and the second is passed over", "make one of both"
    return Wrong("attribute-twice", sentence, hint)


def wrong_words(text: str) -> Iterator[Wrong]:
    """What is never meant to be printed: the signs of templates, characters that nobody sees."""
    if match := TEMPLATE_SIGNS.search(text):
        sentence = f"{quoted(match[0])} is printed as it is written"
        hint = (
            "a template writes a value between {{ and }}; values and paragraphs hold no such signs"
        )
        start = max(0, match.start() - 20 if match[0] in ("}}", "%}", "#}") else match.start())
        yield Wrong("template-code", sentence, hint, text[start : match.end() + 20].strip())
    if match := _JOINED.search(text):
        sentence = f"no space stands in {quoted(match[0])}"
        hint = "a line that ends with a tag of a template has no end: write the space, or &#32;"
        yield Wrong("words-together", sentence, hint, match[0])
    for odd in odd_in(text, spaces=False):
        yield Wrong(odd.code, odd.sentence, odd.hint, text[odd.offset])


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
    ours = is_from_a_template(given)
    if tag not in _TAGS:
        yield Wrong("tag-unknown", f"there is no element <{tag}>", did_you_mean(tag, _TAGS))
    for name, value in given.items():
        if name == "src" and value.startswith(SCHEME) and tag == "img" and ours:
            continue  # as a template's picture() writes it
        yield from _wrong_attribute(tag, name, value)
        yield from () if name == "style" else wrong_words(value)


def _wrong_attribute(tag: str, name: str, value: str) -> Iterator[Wrong]:
    if name.startswith("on"):
        yield Wrong("script", f"{name}: nothing may run in a letter", "delete the attribute", name)
    elif name in ("action", "formaction"):
        yield Wrong("form", f"{name}: a letter sends nothing", "delete the attribute", name)
    elif name in _FILES or (name in _LINKS and tag not in ("a", "area")):
        file = _clean(value)
        if name.endswith("srcset") or not (_INLINE.match(file) or file.startswith("#")):
            sentence = f"<{tag} {name}> would need another file: {quoted(file)}"
            yield Wrong("needs-another-file", sentence, _PICTURE if tag == "img" else _ALONE, file)
    elif name != "style" and "url(" in value.lower():
        yield from wrong_styles(f"{name}: {value}")


def _clean(address: str) -> str:
    return _IGNORED_IN_ADDRESSES.sub("", address)
