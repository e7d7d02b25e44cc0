"""How a year looks, as data: `brand.yaml` beside its templates, over that of the base.

What a year's file leaves out is the base's. Templates see the values (`brand.accent`), style sheets
their names (`var(--accent)`): each file is made into a style sheet that says what it gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from letters.campaign.reading import read_source
from letters.campaign.records import BRAND, Fonts, Picture
from letters.errors import Place, Problem, Severity
from letters.files import exists
from letters.source.reader import Source
from letters.source.text import decode
from letters.typesetting.contrast import RGB, WHITE, contrast, over
from letters.typesetting.folders import BASE, path_of
from letters.wording import quoted, reason_of

FILE = "brand.yaml"
FONTS = (".ttf", ".otf", ".woff", ".woff2")  #: how the names of fonts end
TEXT, GRAPHICS = 4.5, 3.0  #: the least contrast of words and of shapes (WCAG 2.2, 1.4.3 and 1.4.11)
_INK = "#1c1823"  #: of words, whatever the brand
_WHITE = "#ffffff"
#: How much is left on white of the ink for notes, of the shade for lines, for what a chart leaves
#: empty and for the page behind a letter, of the accent for the mark of specimens.
_QUIET, _RULE, _TRACK, _WASH, _MARK = 0.78, 0.42, 0.24, 0.165, 0.11
_DARKER, _LIGHTER = "choose a darker one", "choose a lighter one"
_FALLBACK = "Arial, Helvetica, sans-serif"  #: for screens that do not have the family
_FACES = {
    "regular": "",
    "bold": "font-weight: bold;",
    "italic": "font-style: italic;",
    "bold_italic": "font-weight: bold; font-style: italic;",
}


@dataclass(frozen=True, slots=True)
class Brand:
    """The looks of a year as templates see them; each colour as `#rrggbb`."""

    accent: str  #: the main colour: headings, bands, what a chart shows
    shade: str  #: a lighter one: lines, what stands beside the main thing
    tint: str  #: the lightest one, the ground that numbers stand on
    ink: str  #: of words
    track: str  #: of what a chart leaves empty
    font: str  #: the family, and what stands in for it on screens, as a style writes them
    logo: Picture | None  #: in place of the office's name


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a family: its file below templates/, where it is named, what a style says of it."""

    file: str
    place: Place
    style: str


@dataclass(frozen=True, slots=True)
class Looks:
    """A year's brand, the style sheets that its files make, and what is wrong with them."""

    brand: Brand
    family: str
    faces: tuple[Face, ...]
    are_own: bool  #: the fonts are the year's own, so that screens do not have them
    logo: tuple[str, Place] | None  #: its file below templates/, and where it is named
    _variables: Mapping[str, Mapping[str, str]]  # by file, what style sheets call by name
    _fonts_of: str  # the file that gives them
    problems: tuple[Problem, ...]

    @property
    def sheets(self) -> Mapping[str, str]:
        """By the name of each file that gives something, for paper: the base's first."""
        return {
            name: self._font_faces(
                name, {face.file: f"../{quote(face.file)}" for face in self.faces}
            )
            + _root(variables)
            for name, variables in self._variables.items()
        }

    def screen_sheet(self, inlined: Mapping[str, str]) -> str:
        """The same in one for screens; fonts that they do not have come as `data:` by their files."""
        faces = self._font_faces(self._fonts_of, inlined)
        return faces + "".join(_root(variables) for variables in self._variables.values())

    def _font_faces(self, name: str, addresses: Mapping[str, str]) -> str:
        return "".join(
            f'@font-face {{ font-family: "{self.family}"; {face.style}'
            f' src: url("{addresses[face.file]}"); }}\n'
            for face in self.faces
            if name == self._fonts_of and face.file in addresses
        )


def read_looks(templates: Path, folder: str) -> Looks:
    """The looks of the year with this folder of templates; the base's where it gives no others."""
    given = _given(templates, folder)
    colours = {key: given.values.get(key, _INK) for key in ("accent", "shade", "tint")}
    fonts: Fonts | None = given.values.get("fonts")
    family = fonts.family if fonts else ""
    brand = Brand(
        **colours,
        ink=_INK,
        track=_on_white(colours["shade"], _TRACK),
        font=f"'{family}', {_FALLBACK}" if family else _FALLBACK,
        logo=given.values.get("logo"),
    )
    given.problems += _faint(brand, given)
    variables: dict[str, dict[str, str]] = {name: {} for name in given.sources}
    for key, name in given.owner.items():
        variables[name] |= _named(key, brand, templates, given.problems)
    fonts_of = given.owner.get("fonts", "")
    return Looks(
        brand=brand,
        family=family,
        faces=tuple(_faces(fonts, given)) if fonts else (),
        are_own=not fonts_of.startswith(f"{BASE}/"),
        logo=(brand.logo.file, given.place("logo", "file")) if brand.logo else None,
        _variables={name: named for name, named in variables.items() if named},
        _fonts_of=fonts_of,
        problems=tuple(given.problems),
    )


@dataclass(slots=True)
class _Given:
    """What the files of a year and of the base give together."""

    values: dict[str, Any] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)  # of each key, the file that gives it
    sources: dict[str, Source] = field(default_factory=dict)  # by file
    problems: list[Problem] = field(default_factory=list)

    def place(self, key: str, *path: str) -> Place:
        return self.sources[self.owner[key]].places.value(key, *path)

    def error(self, code: str, path: tuple[str, ...], sentence: str, hint: str) -> Problem:
        return self.sources[self.owner[path[0]]].error(code, path, sentence, hint)


def _given(templates: Path, folder: str) -> _Given:
    """What is right of the base's file and, over it, of the year's; and all that is wrong."""
    given = _Given()
    for name in (f"{BASE}/{FILE}", f"{folder}/{FILE}"):
        path = path_of(templates, name)
        if name.startswith(f"{folder}/") and not (exists(path) or path.is_symlink()):
            continue
        root, file = path.parents[2], "/".join(path.parts[-3:])
        record, given.sources[name], wrong = read_source(root, file, BRAND)
        given.problems += wrong
        here = {key: value for key, value in (record or ()) if value is not None}
        given.values |= here
        given.owner |= dict.fromkeys(here, name)
    base = given.sources[f"{BASE}/{FILE}"]
    for key in ("accent", "shade", "tint", "fonts") if base.value is not None else ():
        if key not in base.value and key not in given.values:
            sentence = "this key is missing, and every year needs it"
            given.problems.append(base.error("missing-key", (key,), sentence, at="key"))
    return given


def _faces(fonts: Fonts, given: _Given) -> Iterator[Face]:
    for face, style in _FACES.items():
        file = str(getattr(fonts, face))
        if not file.lower().endswith(FONTS):
            sentence = f"{quoted(file)} is no font that letters can have"
            hint = "bring it as TTF, OTF, WOFF or WOFF2"
            given.problems.append(given.error("font-kind", ("fonts", face), sentence, hint))
        yield Face(file, given.place("fonts", face), style)


def _named(key: str, brand: Brand, templates: Path, problems: list[Problem]) -> dict[str, str]:
    """What style sheets call by name that comes of one key of a file."""
    match key:
        case "accent":
            return {
                "accent": brand.accent,
                "ink": brand.ink,
                "quiet": _on_white(brand.ink, _QUIET),
                "mark": _mark(templates, _on_white(brand.accent, _MARK), problems),
            }
        case "shade":
            return {
                "shade": brand.shade,
                "rule": _on_white(brand.shade, _RULE),
                "track": brand.track,
                "wash": _on_white(brand.shade, _WASH),
            }
        case "tint":
            return {"tint": brand.tint}
        case "fonts":
            return {"font": brand.font}
    return {}


def _mark(templates: Path, colour: str, problems: list[Problem]) -> str:
    """The mark of specimens in a colour, as a picture that a style sheet holds itself."""
    file = f"{BASE}/specimen.svg"
    try:
        svg = decode(f"templates/{file}", path_of(templates, file).read_bytes())
    except OSError as error:
        sentence = f"the mark of specimens cannot be read: {reason_of(error)}"
        svg = Problem(Place(f"templates/{file}"), Severity.ERROR, "file-unreadable", sentence)
    if isinstance(svg, Problem):
        problems.append(svg)
        return "none"
    address = quote(svg.replace("currentColor", colour), safe=" =:/()")
    return f'url("data:image/svg+xml,{address}")'


def _root(variables: Mapping[str, str]) -> str:
    lines = "".join(f"  --{name}: {value};\n" for name, value in variables.items())
    return f":root {{\n{lines}}}\n"


# Contrast -----------------------------------------------------------------------------------------


def _faint(brand: Brand, given: _Given) -> Iterator[Problem]:
    """An error for each colour that cannot be told well enough from what it stands beside."""
    quiet, told, owner = _on_white(brand.ink, _QUIET), set[str](), given.owner
    # of two colours of different files the year's is the wrong one
    tint_is_at_fault = owner.get("accent") in (owner.get("tint"), f"{BASE}/{FILE}")
    for key, other, beside, wanted, what, hint in (
        ("accent", _WHITE, "white", TEXT, "words need", _DARKER),
        ("tint", quiet, "the words on it", TEXT, "words need", _LIGHTER),
        ("tint", brand.accent, "the accent on it", TEXT, "words need", _LIGHTER)
        if tint_is_at_fault
        else ("accent", brand.tint, "the tint", TEXT, "words need", _DARKER),
        ("shade", _WHITE, "white", GRAPHICS, "shapes need", _DARKER),
    ):
        colour: str = getattr(brand, key)
        has = contrast(_rgb(colour), _rgb(other))
        if has < wanted and key in owner and not told & {key, "accent"}:
            told.add(key)
            found = f"{colour} has a contrast of {int(has * 100) / 100:.2f} to 1 with {beside}"
            sentence = f"{found}; {what} {wanted:g} to 1"
            yield given.error("too-little-contrast", (key,), sentence, hint)
    if contrast(_rgb(brand.accent), _rgb(brand.track)) < GRAPHICS and not told and "shade" in owner:
        sentence = "a chart's empty part, which is a lighter shade, is too much like the accent"
        yield given.error("too-little-contrast", ("shade",), sentence, _LIGHTER)


def _on_white(colour: str, part: float) -> str:
    """A colour of which white shows through, so much of it left."""
    mixed = over(_rgb(colour), part, WHITE)
    return "#" + "".join(f"{round(one * 255):02x}" for one in mixed)


def _rgb(colour: str) -> RGB:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
