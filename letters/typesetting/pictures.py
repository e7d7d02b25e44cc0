"""Pictures that letters print: which files can be used, and how templates and pages name them.

SVG, PNG and JPEG. The PDF holds the file, the HTML page holds it as `data:`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from posixpath import splitext
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from letters.campaign.records import Picture
from letters.campaign.rules import HEIGHT, Refused, spelt
from letters.errors import Place, Problem, Severity
from letters.typesetting.raster import kind_of
from letters.typesetting.styles import outside_files
from letters.wording import quoted, series

SCHEME = "picture:"  #: how the HTML of a letter names a file below templates/
LARGEST = 1_000_000  #: bytes of a picture, which every letter holds twice, as PDF and as page

_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_FORMATS = {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "MPO": (".jpg", ".jpeg")}
_NAMESPACE = "http://www.w3.org/2000/svg"
_NUMBER = r"\s*[-+]?[0-9]*\.?[0-9]+\s*"
_BOX = re.compile(rf"{_NUMBER},?{_NUMBER},?(?:\s*\+?(?=[0-9.]*[1-9])[0-9]*\.?[0-9]+\s*,?){{2}}")
#: What the renderer does not draw, or draws otherwise than browsers.
_NOT_DRAWN = ("filter", "flowRoot", "textPath", "switch")
_RUNS = ("script", "foreignObject", "set", "animate", "animateMotion", "animateTransform")
_COLOURS = ("1", "L", "LA", "P", "PA", "RGB", "RGBA")


def picture_tag(file: Any, alt: Any = None, height: Any = None) -> str:
    """The HTML of a picture: a record of one, or a file's name, with the words in its place.

    Raises ValueError, which says what is wrong with it.
    """
    if isinstance(file, Picture):
        file, alt, height = file.file, alt or file.alt, height or file.height
    if not isinstance(file, str):
        raise ValueError(
            'a picture is named by its file: picture("2021/pictures/logo.svg", alt=...)'
        )
    if not (isinstance(alt, str) and alt.strip()):
        hint = "write what somebody hears who does not see it"
        raise ValueError(f"the picture {quoted(file)} has no alt: {hint}")
    style = ""
    if height is not None:
        try:
            style = f' style="height: {spelt(HEIGHT, str(height))}"'
        except Refused as error:
            raise ValueError(f"{error.sentence}, found {quoted(str(height))}") from error
    return f'<img class="picture" src="{address_of(file)}" alt="{escape(" ".join(alt.split()))}"{style}>'


def in_one_file(html: str, pictures: Mapping[str, str]) -> str:
    """The HTML with its pictures in it, each as `data:` by its name below templates/."""
    for name, data in pictures.items():
        html = re.sub(
            rf"""src\s*=\s*(["'])({re.escape(address_of(name))})\1""", f'src="{data}"', html
        )
    return html


def address_of(name: str) -> str:
    """How the HTML of a letter names a picture."""
    return SCHEME + quote(name)


def is_from_a_template(attributes: Mapping[str, str]) -> bool:
    """Whether an image has what `picture_tag` gives one: others a page would not hold."""
    names = set(attributes)
    return attributes.get("class") == "picture" and names - {"style"} == {"class", "src", "alt"}


def as_data(name: str, content: bytes) -> str:
    """A picture as an address that holds it."""
    kind = _KINDS.get(splitext(name)[1].lower(), "application/octet-stream")
    return f"data:{kind};base64,{b64encode(content).decode()}"


def picture_problems(name: str, content: bytes, place: Place) -> Iterator[Problem]:
    """An error for what no letter can hold: another kind of file, a damaged one, words in an SVG.

    `place` is where it is named; what is wrong inside of the file is told of the file.
    """
    ending, inside = splitext(name)[1].lower(), Place(f"templates/{name}")
    if ending not in _KINDS:
        sentence = f"{quoted(name)} is no picture that a letter can hold"
        yield _error("picture-kind", place, sentence, "bring it as SVG, PNG or JPEG")
    elif not content:
        yield _error("picture-damaged", inside, "this picture is empty", "bring the file again")
    elif len(content) > LARGEST:
        sentence = f"this picture has {len(content) / 1_000_000:.1f} MB, and every letter holds it"
        hint = f"make it smaller: {LARGEST // 1_000_000} MB at most; 300 dots an inch will do"
        yield _error("picture-too-large", inside, sentence, hint)
    elif ending == ".svg":
        yield from (_error("picture", inside, *wrong) for wrong in _wrong_drawing(content))
    else:
        yield from (_error("picture", inside, *wrong) for wrong in _wrong_raster(content, ending))


def _error(code: str, place: Place, sentence: str, hint: str) -> Problem:
    return Problem(place, Severity.ERROR, code, sentence, hint)


def _wrong_raster(content: bytes, ending: str) -> Iterator[tuple[str, str]]:
    try:
        form, mode = kind_of(content)
    except ValueError:
        yield "this picture is damaged, or none", "bring the file again from where it came"
        return
    endings = _FORMATS.get(form, ())
    if not endings:
        yield f"this is a picture of the kind {form}", "save it as PNG or JPEG"
    elif ending not in endings:
        yield f"this is a {form} by another name", f"call it {series(endings, 'or')}"
    elif mode not in _COLOURS:
        yield f"the colours of this picture are none that letters hold ({mode})", "save it in RGB"


def _wrong_drawing(content: bytes) -> Iterator[tuple[str, str]]:
    """What is wrong with an SVG; it stands in a page, and brings nothing from elsewhere."""
    if b"<!ENTITY" in content:
        yield "this drawing has abbreviations of its own (ENTITY)", "save it as plain SVG"
        return
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        yield f"this is no SVG: {error}", "save it again as SVG"
        return
    if _local(root.tag) != "svg":
        yield f"this is no SVG: it begins with <{_local(root.tag)}>", "save it again as SVG"
        return
    if root.tag == "svg":
        hint = f'give its <svg> xmlns="{_NAMESPACE}"'
        yield "browsers do not know this as SVG: it does not say so", hint
    box = root.get("viewBox")
    if not box and not (root.get("width") and root.get("height")):
        yield "nobody knows how wide this drawing is", "give its <svg> a viewBox"
    elif box and not _BOX.fullmatch(box):
        yield f"{quoted(box)} is no viewBox", "write four numbers, the last two above 0"
    for element in root.iter():
        yield from _wrong_element(element)


def _wrong_element(element: Any) -> Iterator[tuple[str, str]]:
    tag, text = _local(str(element.tag)), element.text or ""
    if tag in _RUNS or any(_local(name).startswith("on") for name in element.attrib):
        yield f"something runs in this drawing: <{tag}>", "save it as plain SVG"
    if tag == "text" and (words := " ".join("".join(element.itertext()).split())):
        yield f"the words {quoted(words)} are text in this drawing", "make outlines of them"
    if tag in _NOT_DRAWN:
        yield f"<{tag}> is drawn otherwise on paper and on screens", "save it as plain SVG"
    if "var(" in f"{text if tag == 'style' else ''}{' '.join(element.attrib.values())}":
        yield "var() is drawn otherwise on paper and on screens", "write the colour itself"
    for name, value in element.attrib.items():
        is_file = _local(name) == "href" and not re.match(r"#|data:image/", value.strip())
        outside = [value] if is_file else outside_files(value) if "(" in value else []
        yield from (_needs(file) for file in outside)
    if tag == "style":
        yield from (_needs(file) for file in outside_files(text))


def _needs(file: str) -> tuple[str, str]:
    return f"this drawing would need another file: {quoted(file)}", "save it with all it needs"


def _local(name: str) -> str:
    return name.rpartition("}")[2]
