"""What the letters of a stationery have in common, worked out once; at home in the renderer's inside.

A year's letters have most of their lines and nearly all of their styles in common, and the renderer
works them out anew for each. Here they are kept, with the fonts of the stationery: computed styles,
broken lines, drawn text, drawn paths of pictures. The bytes are the same with and without:
`tests/unit/test_sharing.py` for whatever a style sheet may ask for, `tests/e2e/test_sharing.py` for
real letters, and for all of them a row of `make bench`.

To import this is to have the renderer call it. `pdf.py` does so only for the versions that it was
tested with, and not when LETTERS_WITHOUT_SHARING is set.

**No letter changes anything for the next.** Lines, runs and paths are kept as tuples of plain
values. Kept styles are handed to nobody: the renderer changes some styles in place, so each letter
has copies, and one that it changed in what others inherit or text depends on is from then on the
letter's own, with all that is made from it later. What depends on more than its key is not kept,
nor is what the renderer might warn of or never ask for: units of the page's size, `inherit` of what
is not inherited (its parent may have been changed), variables and sums where lines are broken,
elements with a first line or letter of another style (their styles are copied and changed half
known), missing glyphs, fonts of colour. Declared values are told apart by identity, which holds,
since the kept style holds them; those that are made anew for each letter (`style`, `lang`, `id`), by
content. A letter that brings a font, or that fails, leaves nothing behind.
"""

from __future__ import annotations

import copy
import re
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from itertools import count
from operator import itemgetter
from typing import Any

import pydyf
from weasyprint import svg
from weasyprint.css import AnonymousStyle, ComputedStyle, InitialStyle, StyleFor
from weasyprint.css.properties import INHERITED
from weasyprint.css.units import VIEWPORT_UNITS
from weasyprint.draw import text as drawing
from weasyprint.images import RasterImage
from weasyprint.layout import inline, preferred
from weasyprint.pdf.fonts import Font
from weasyprint.svg.text import Style as StyleInPicture
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import FontConfiguration, get_pango_font_hb_face, get_pango_font_key

STYLES = 2_000  #: kept at most, and as many faces of fonts
LINES = 4_000  #: kept at most, and as many runs
PATHS = 200  #: kept at most
PICTURES = 20  #: kept at most
LONGEST = 2_000  #: characters of a text whose lines are kept: each is known by all that follows it

#: What the renderer asks of a style only when it must; what it would warn of must wait until then.
SELDOM_ASKED = {
    *("tab_size", "word_break", "hyphens", "hyphenate_character"),
    *("hyphenate_limit_chars", "hyphenate_limit_zone"),
}
#: All that breaking and drawing text asks of a style; a test listens.
OF_TEXT = (
    *sorted(SELDOM_ASKED),
    *("direction", "lang", "white_space", "overflow_wrap", "letter_spacing", "word_spacing"),
    *("text_decoration_line", "font_family", "font_size", "font_style", "font_weight"),
    *("font_stretch", "font_kerning", "font_language_override", "font_feature_settings"),
    *("font_variation_settings", "font_variant_caps", "font_variant_ligatures"),
    *("font_variant_position", "font_variant_numeric", "font_variant_alternates"),
    "font_variant_east_asian",
)
_of_text = itemgetter(*OF_TEXT)
_PASSED_ON = {*INHERITED, *OF_TEXT, "page"}
_ANEW = (3, 4)  # the cascade's precedence of what the HTML itself declares
_SELDOM_USED = re.compile("marker|footnote-|note-")  # pseudo-elements; each element has them
_numbers = count()  # of kept styles; unlike an id, none is ever used again


class _Shelf(OrderedDict[Hashable, Any]):
    """What was used of late."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def find(self, key: Hashable) -> Any:
        """What was kept, or None."""
        if (found := self.get(key)) is not None:
            self.move_to_end(key)
        return found

    def keep(self, key: Hashable, value: Any) -> Any:
        """The value, which is kept; the one that was used longest ago may go."""
        self[key] = value
        if len(self) > self._most:
            self.popitem(last=False)
        return value


class Shared(FontConfiguration):  # type: ignore[misc]
    """The fonts of a stationery, and with them what its letters share."""

    def __init__(self) -> None:
        super().__init__()
        self._keep_nothing()

    def _keep_nothing(self) -> None:
        self.styles, self.faces, self.paths = _Shelf(STYLES), _Shelf(STYLES), _Shelf(PATHS)
        self.lines, self.runs = _Shelf(LINES), _Shelf(LINES)
        self.files: dict[bytes, bytes] = {}  # of fonts
        self.glyphs: dict[Hashable, Hashable] = {}

    def add_font_face(self, *given: Any) -> Any:
        """Add a font, with which all may look otherwise."""
        self._keep_nothing()
        return super().add_font_face(*given)

    @staticmethod
    def compress_once(pdf: pydyf.PDF) -> None:
        """Have the streams of a finished file compressed once: it is asked for them twice."""
        for one in pdf.objects:
            if isinstance(one, pydyf.Stream):
                one.__class__ = _Compressed


class _Compressed(pydyf.Stream):  # type: ignore[misc]
    data = cached_property(pydyf.Stream.data.fget)


# Styles


class _Copy(dict[str, Any]):
    """A letter's copy of a kept style, which works out what is asked for later."""

    kept: Any
    passes_on = True  # what the kept one does

    @classmethod
    def fill(cls, style: Any, kept: Any) -> None:
        """Make a style that was just made a copy of a kept one."""
        style.__class__, style.kept = cls, kept
        style.update(kept)

    def __missing__(self, key: str) -> Any:
        value = self.kept[key]
        dict.__setitem__(self, key, value)
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        passed_on = key in _PASSED_ON or key.startswith("text_decoration_")
        if passed_on and self.get(key, self) != value:  # what nobody asked for is not worked out
            self.passes_on = False
        super().__setitem__(key, value)

    @cached_property
    def anonymous_style(self) -> Any:
        """The style of boxes in here that have no element."""
        style = AnonymousStyle(self)
        if self.passes_on:
            shelf, key = style.font_config.styles, self.kept.number
            if (kept := shelf.find(key)) is None:
                kept = shelf.keep(key, _numbered(AnonymousStyle(self.kept)))
            _AnonymousCopy.fill(style, kept)
        return style


class _ComputedCopy(_Copy, ComputedStyle):  # type: ignore[misc]
    pass


class _AnonymousCopy(_Copy, AnonymousStyle):  # type: ignore[misc]
    pass


def _numbered(kept: Any) -> Any:
    kept.number = next(_numbers)
    return kept


def _set_computed_styles(
    style_for: Any,
    element: Any,
    parent: Any,
    root: Any = None,
    pseudo_type: Any = None,
    **named: Any,
) -> None:
    _renderers_styles(style_for, element, parent, root, pseudo_type, **named)
    if isinstance(style_for.font_config, Shared) and not _SELDOM_USED.match(pseudo_type or ""):
        declared = style_for.get_cascaded_styles()
        if not any((element, f"first-{part}") in declared for part in ("line", "letter")):
            _share(style_for.get_computed_styles()[element, pseudo_type])


def _share(style: Any) -> None:
    """Make a fresh style a copy of the one that is kept, where that can be."""
    if not style and "display" in style.cascaded:
        return  # for the renderer a page's style that knows nothing yet is none
    around, top, fonts = style.parent_style, style.root_style, style.font_config
    if around is not None:
        if not all(isinstance(one, _Copy) and one.passes_on for one in (around, top)):
            return
        around, top = around.kept, top.kept
    try:
        declared = tuple(
            (name, *weight[:2], *weight[2], _content(value) if weight[0] in _ANEW else id(value))
            for name, (value, weight) in style.cascaded.items()
        )
    except TypeError:
        return
    number = None if around is None else around.number
    key = number, style.pseudo_type, style.base_url, declared
    if (kept := fonts.styles.find(key)) is None:
        if not _can_be_kept(style.cascaded):
            return
        held = weakref.proxy(fonts)  # fonts hold the style
        top = InitialStyle(held) if around is None else top
        given = style.cascaded, style.pseudo_type, top, style.base_url, held, None
        kept = fonts.styles.keep(key, _numbered(ComputedStyle(around, *given)))
    _ComputedCopy.fill(style, kept)
    style.specified = kept.specified


def _can_be_kept(cascaded: Mapping[str, Any]) -> bool:
    for name, (value, _) in cascaded.items():
        words = set(_words(value))
        if not VIEWPORT_UNITS.isdisjoint(words) or ("inherit" in words and name not in INHERITED):
            return False
        if name in SELDOM_ASKED and not isinstance(value, str | int | float | tuple):
            return False
    return True


def _words(value: Any) -> Iterator[str]:
    """All words in a declared value, units among them."""
    if isinstance(value, str):
        yield from re.findall("[a-z]+", value.lower())
    elif hasattr(value, "serialize"):  # what is not worked out yet
        yield from _words(value.serialize())
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _words(one)
    elif hasattr(value, "__dict__"):
        yield from _words(tuple(vars(value).values()))


def _content(value: Any) -> Hashable:
    """A declared value to be compared by its content. Raises TypeError where that cannot be."""
    if isinstance(value, str | int | float | None):
        return type(value), repr(value)  # 0 and -0 are two
    if isinstance(value, tuple):
        return type(value), *map(_content, value)
    raise TypeError


# Text


def _style_of_text(style: Any) -> Any:
    """All that a style says of text, to be compared; None where that is not to be asked for."""
    if isinstance(style, StyleInPicture):  # of plain values, and asked once for each letter
        if (known := vars(style).get("said_of_text")) is None:
            known = style.said_of_text = _said_of_text(style)
        return known
    if not isinstance(style, _Copy) or not style.passes_on:
        return None
    of_kept = style.kept.__dict__
    if (known := of_kept.get("said_of_text")) is None:
        known = of_kept["said_of_text"] = _said_of_text(style.kept)
    return known


def _said_of_text(style: Any) -> Hashable:
    return tuple(
        tuple(value)
        if isinstance(value, list)
        else frozenset(value)
        if isinstance(value, set)
        else value
        for value in (*_of_text(style), str(style["font_variation_settings"]))  # 0 and -0 are two
    )


class _Line(line_break.Layout):  # type: ignore[misc]
    """A broken line, which goes back to Pango when it must."""

    def reactivate(self, style: Any) -> None:
        self.style = style

    def __getattr__(self, name: str) -> Any:
        if name not in ("layout", "language"):
            raise AttributeError(name)
        super().reactivate(self.style)
        return self.__dict__[name]

    def deactivate(self) -> None:
        for name in ("layout", "language", "style"):
            self.__dict__.pop(name, None)


def _split_first_line(text: str, style: Any, context: Any, *how: Any, **named: Any) -> Any:
    fonts = style.font_config
    said = _style_of_text(style) if isinstance(fonts, Shared) and len(text) <= LONGEST else None
    if said is None:
        return _renderers_split(text, style, context, *how, **named)
    key = text, said, how, *named.items()
    if (found := fonts.lines.find(key)) is None:
        layout, *measures = _renderers_split(text, style, context, *how, **named)
        found = fonts.lines.keep(key, (*measures, *vars(layout).items()))
    line = _Line.__new__(_Line)
    line.__dict__.update(found[5:])
    return line, *found[:5]


def _draw_first_line(
    stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any
) -> Any:
    line, style = textbox.pango_layout, textbox.style
    if isinstance(line, _Line):
        said = _style_of_text(style)
        if (
            (said is not None and text_overflow != "ellipsis" and block_ellipsis == "none")
            and textbox.text.strip()
            and style["font_size"] >= 1e-6  # of less the renderer draws nothing
        ):
            runs, key = style.font_config.runs, (line.text, line.justification_spacing, said)
            if (run := runs.find(key)) is None:
                run = runs.keep(key, _recorded(stream, textbox, matrix))
            if run and _replay(stream, run, matrix):
                return []
    return _renderers_drawing(stream, textbox, text_overflow, block_ellipsis, matrix)


class _Recorder(pydyf.Stream):  # type: ignore[misc]
    """A stream to draw text on that is to be kept, with fonts of which nothing is used yet."""

    def __init__(self, stream: Any, fonts: Shared) -> None:
        super().__init__()
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self._all, self.faces, self.sizes = fonts, dict[Any, Font](), list[tuple[str, float]]()

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        name, description, size = get_pango_font_key(pango_font)
        # two files may have one description; the face that is kept keeps its address
        key = name, size, int(ffi.cast("uintptr_t", get_pango_font_hb_face(pango_font)))
        if key not in self.faces:
            if (face := self._all.faces.find(key)) is None:
                face = self._all.faces.keep(key, Font(pango_font, description, size))
                content = face.file_content
                face.file_content = self._all.files.setdefault(content, content)
            self.faces[key] = _unused(face)
        return self.faces[key], size

    def set_text_matrix(self, *_: float) -> None:
        pass

    def set_font_size(self, font: str, size: float) -> None:
        self.sizes.append((font, size))


def _unused(face: Font) -> Font:
    """A copy of a font of which no glyph is used yet."""
    face = copy.copy(face)
    face.widths, face.to_unicode, face.missing = {}, {}, {}
    face.variations = dict(face.variations)
    return face


def _is_plain(face: Font) -> bool:
    return not (face.missing or face.png or face.svg or face.colr or face.bitmap)


def _recorded(stream: Any, textbox: Any, matrix: Any) -> tuple[Any, ...]:
    """A run: its font, size, operators and glyphs; empty where that is not all."""
    fonts = textbox.style.font_config
    recorder = _Recorder(stream, fonts)
    _renderers_drawing(recorder, textbox, "none", "none", matrix)
    if len(recorder.sizes) != 1:  # of several fonts, or of none
        return ()
    ((key, face),) = recorder.faces.items()
    if not _is_plain(face):
        return ()
    used = ((glyph, face.widths[glyph], text) for glyph, text in face.to_unicode.items())
    glyphs = tuple(fonts.glyphs.setdefault(one, one) for one in used)
    return key[0], fonts.faces.find(key), *recorder.sizes, b"\n".join(recorder.stream), glyphs


def _replay(stream: Any, run: tuple[Any, ...], matrix: Any) -> bool:
    """Draw a run; False if the file's font has a width otherwise: of another size, or file."""
    key, face, size, operators, glyphs = run
    if (used := stream._fonts.get(key)) is None:
        used = stream._fonts[key] = _unused(face)
    if not _is_plain(used):
        return False
    widths, texts = used.widths, used.to_unicode
    for glyph, width, _ in glyphs:
        if widths.setdefault(glyph, width) != width:
            return False
    for glyph, _, text in glyphs:
        texts.setdefault(glyph, text)
    stream.set_text_matrix(*matrix.values)
    stream.set_font_size(*size)
    stream.stream.append(operators)
    return True


# Pictures


def _path(picture: Any, node: Any, font_size: float) -> None:
    fonts, drawn, turns = picture.font_config, picture.stream.stream, node.vertices
    if not isinstance(fonts, Shared):
        _renderers_path(picture, node, font_size)
        return
    key = node.get("d", ""), font_size, picture.inner_width, picture.inner_height
    if (found := fonts.paths.find(key)) is None:
        start, turned = len(drawn), len(turns)
        _renderers_path(picture, node, font_size)
        fonts.paths.keep(key, (b"\n".join(drawn[start:]), tuple(turns)[turned:]))
    else:
        drawn.append(found[0])
        turns.extend(found[1])


def _x_object(image: Any, interpolate: bool, dpi_ratio: float) -> Any:
    """A picture of dots as a file has it; of the same bytes it is packed once."""
    key = sha256(image.image_data.data).digest(), image.mode, interpolate, dpi_ratio
    if (found := _packed.find(key)) is None:
        made = _renderers_x_object(image, interpolate, dpi_ratio)
        mask = made.extra.get("SMask")
        found = _packed.keep(key, (_as_values(made), mask and _as_values(mask)))
    stream, mask = (one and pydyf.Stream(list(one[0]), dict(one[1])) for one in found)
    if mask:
        stream.extra["SMask"] = mask
    return stream


def _as_values(stream: Any) -> tuple[tuple[bytes, ...], dict[str, Any]]:
    """What a stream is made of, apart from the file that it is in."""
    parts = tuple(part if isinstance(part, bytes) else part.data for part in stream.stream)
    return parts, {name: value for name, value in stream.extra.items() if name != "SMask"}


_packed = _Shelf(PICTURES)


# What the renderer calls from now on. For fonts that share nothing all is as it was.
_renderers_styles, StyleFor.set_computed_styles = StyleFor.set_computed_styles, _set_computed_styles
_renderers_split = line_break.split_first_line
for _module in (line_break, inline, preferred):
    _module.split_first_line = _split_first_line
_renderers_drawing, drawing.draw_first_line = drawing.draw_first_line, _draw_first_line
_renderers_path, svg.TAGS["path"] = svg.TAGS["path"], _path
_renderers_x_object, RasterImage.get_x_object = RasterImage.get_x_object, _x_object
