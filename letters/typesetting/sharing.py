"""What the letters of a stationery have in common, worked out once; at home in the renderer's inside.

A year's letters have most of their lines and nearly all of their styles in common, and the renderer
works them out anew for each. Here they are kept, with the fonts of the stationery:

- computed styles, by the parent's, the pseudo-element, and what the cascade declares;
- the sizes that a style gives to boxes, by those of the box around them;
- broken lines, by the text, all that breaking asks of its style, and the room there is;
- drawn text: its operators, and the glyphs that it needs of the file's fonts;
- drawn paths of pictures.

And the streams of a file are compressed once: the library does it again for the file's identifier.

The bytes are the same with and without: `tests/e2e/test_sharing.py`, and for all letters a row of
`make bench`. LETTERS_WITHOUT_SHARING=1 does without. So does, by itself, another version of the
renderer than this was tested with, for none of what is replaced here is a public part of it.

**No letter changes anything for the next.** Lines, runs, sizes and paths are kept as tuples of plain
values. Kept styles are handed to nobody: the renderer changes some styles in place, so each letter
has copies. One that it changed is from then on the letter's own, with all that inherits from it.
What depends on more than its key is not kept: units of the page's size, `inherit` of what is not
inherited (its parent may have been changed), first lines and letters (of which the renderer asks
what is known yet), text with missing glyphs (which it warns of), colour fonts. Declared values are
told apart by identity, which holds, since the kept style holds them; those that are made anew for
each letter (`style`, `lang`, `id`), by content. A letter that fails leaves nothing behind: the
Typesetter starts anew after it.
"""

from __future__ import annotations

import copy
import re
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from os import environ
from typing import Any

import pydyf
import weasyprint
from weasyprint import svg
from weasyprint.css import AnonymousStyle, ComputedStyle, InitialStyle, StyleFor
from weasyprint.css.properties import INHERITED
from weasyprint.css.units import VIEWPORT_UNITS
from weasyprint.draw import text as drawing
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import block, inline, preferred
from weasyprint.pdf.fonts import Font
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration, get_pango_font_key

TESTED = ("70.0", "0.13.0")  #: versions of WeasyPrint and pydyf
STYLES, LINES = 2_000, 20_000  #: the most that is kept: styles and faces; of the others each

#: All that breaking and drawing text asks of a style; a test listens.
OF_TEXT = (
    *("direction", "lang", "white_space", "tab_size", "word_break", "overflow_wrap", "hyphens"),
    *("hyphenate_limit_chars", "hyphenate_limit_zone", "hyphenate_character", "letter_spacing"),
    *("word_spacing", "text_decoration_line", "font_family", "font_size", "font_style"),
    *("font_weight", "font_stretch", "font_kerning", "font_language_override"),
    *("font_feature_settings", "font_variation_settings", "font_variant_caps"),
    *("font_variant_ligatures", "font_variant_position", "font_variant_numeric"),
    *("font_variant_alternates", "font_variant_east_asian"),
)
_of_text = itemgetter(*OF_TEXT)
_SIDES = ("top", "right", "bottom", "left")
_SIZES = (
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
    *(f"{name}_{side}" for name in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
)
_sizes = itemgetter(*_SIZES)
_ANEW = (3, 4)  # the cascade's precedence of what the HTML itself declares
_LEFT_ALONE = re.compile("first-|marker|footnote-|note-")  # the last: of each element, seldom used


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
        self.styles, self.faces = _Shelf(STYLES), _Shelf(STYLES)
        self.sizes, self.lines, self.runs, self.paths = (_Shelf(LINES) for _ in range(4))
        self.files: dict[str, bytes] = {}  # of fonts
        self.glyphs: dict[Hashable, Hashable] = {}


def fonts_to_share() -> FontConfiguration:
    """The fonts that a stationery is made ready with: its letters share what they can."""
    versions = (weasyprint.__version__, pydyf.__version__)
    if versions != TESTED or environ.get("LETTERS_WITHOUT_SHARING"):
        return FontConfiguration()
    return Shared()


# Styles


class _Copy(dict[str, Any]):
    """A letter's copy of a kept style, which works out what is asked for later."""

    kept: Any
    changed = False  # by the renderer

    @classmethod
    def fill(cls, style: Any, kept: Any) -> None:
        """Make a style of which nothing is known yet a copy of a kept one."""
        style.__class__, style.kept = cls, kept
        style.update(kept)

    def __missing__(self, key: str) -> Any:
        value = self.kept[key]
        dict.__setitem__(self, key, value)
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        self.changed = self.changed or self[key] != value
        super().__setitem__(key, value)

    @cached_property
    def anonymous_style(self) -> Any:
        """The style of boxes in here that have no element."""
        style = AnonymousStyle(self)
        if not self.changed:
            shelf, key = style.font_config.styles, (id(self.kept), "anonymous")
            if (kept := shelf.find(key)) is None:
                kept = shelf.keep(key, AnonymousStyle(self.kept))  # it holds what its key is of
            _AnonymousCopy.fill(style, kept)
        return style


class _ComputedCopy(_Copy, ComputedStyle):  # type: ignore[misc]
    pass


class _AnonymousCopy(_Copy, AnonymousStyle):  # type: ignore[misc]
    pass


def _set_computed_styles(
    style_for: Any,
    element: Any,
    parent: Any,
    root: Any = None,
    pseudo_type: Any = None,
    *rest: Any,
    **named: Any,
) -> None:
    _renderers_styles(style_for, element, parent, root, pseudo_type, *rest, **named)
    if isinstance(style_for.font_config, Shared) and not _LEFT_ALONE.match(pseudo_type or ""):
        _share(style_for.get_computed_styles()[element, pseudo_type])


def _share(style: Any) -> None:
    """Make a fresh style a copy of the one that is kept, where that can be."""
    around, top, fonts = style.parent_style, style.root_style, style.font_config
    if around is not None:
        if any(not isinstance(one, _Copy) or one.changed for one in (around, top)):
            return
        around, top = around.kept, top.kept
    try:
        declared = tuple(
            (name, *weight[:2], *weight[2], _content(value) if weight[0] in _ANEW else id(value))
            for name, (value, weight) in style.cascaded.items()
        )
    except TypeError:
        return
    key = id(around), style.pseudo_type, style.base_url, declared
    if (found := fonts.styles.find(key)) is None:
        kept = None
        if _can_be_kept(style.cascaded):
            held = weakref.proxy(fonts)  # fonts hold the style
            kept = ComputedStyle(
                *(around, style.cascaded, style.pseudo_type),
                *(InitialStyle(held) if around is None else top, style.base_url, held),
                style.initial_page_sizes,  # nobody asks
            )
        found = fonts.styles.keep(
            key, (kept, style.cascaded)
        )  # the values live as long as their ids
    if found[0] is not None:
        _ComputedCopy.fill(style, found[0])
        style.specified = found[0].specified


def _can_be_kept(cascaded: Mapping[str, Any]) -> bool:
    return all(
        (name in INHERITED or value != "inherit") and VIEWPORT_UNITS.isdisjoint(_words(value))
        for name, (value, _) in cascaded.items()
    )


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
        return type(value), value
    if isinstance(value, tuple):
        return type(value), *map(_content, value)
    raise TypeError


def _resolve_percentages(box: Any, around: Any) -> None:
    style: Any = box.style
    if (
        not isinstance(style, _ComputedCopy | _AnonymousCopy)
        or style.changed
        or style["border_collapse"] == "collapse"
    ):
        _renderers_sizes(box, around)
        return
    room = (around.width, around.height) if isinstance(around, Box) else tuple(around)
    shelf, key = style.font_config.sizes, (id(style.kept), *room)
    if (found := shelf.find(key)) is None:
        _renderers_sizes(box, around)
        shelf.keep(key, (_sizes(vars(box)), style.kept))
    else:
        vars(box).update(zip(_SIZES, found[0], strict=True))


# Text


def _style_of_text(style: Any) -> Any:
    """All that a style says of text, to be compared."""
    if not isinstance(style, _Copy) or style.changed:
        return _said_of_text(style)
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
        for value in _of_text(style)
    )


class _Line(line_break.Layout):  # type: ignore[misc]
    """A broken line, which goes back to Pango when it must."""

    def reactivate(self, style: Any) -> None:
        self.style = style

    def really_reactivate(self) -> None:
        super().reactivate(self.style)

    def deactivate(self) -> None:
        for name in ("layout", "language", "style"):
            self.__dict__.pop(name, None)


def _split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    how = max_width, justification_spacing, is_line_start, minimum
    fonts = style.font_config
    if not isinstance(fonts, Shared):
        return _renderers_split(text, style, context, *how)
    key = text, _style_of_text(style), *how
    if (found := fonts.lines.find(key)) is None:
        layout, *measures = _renderers_split(text, style, context, *how)
        found = fonts.lines.keep(key, (*measures, *vars(layout).items()))
    line = _Line.__new__(_Line)
    line.__dict__.update(found[5:])
    return line, *found[:5]


def _draw_first_line(
    stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any
) -> Any:
    line, style = textbox.pango_layout, textbox.style
    if isinstance(line, _Line):
        if (
            (text_overflow != "ellipsis" and block_ellipsis == "none")
            and textbox.text.strip()
            and style["font_size"] >= 1e-6  # of less the renderer draws nothing
        ):
            runs = style.font_config.runs
            key = line.text, line.justification_spacing, _style_of_text(style)
            run = runs.find(key)
            if run is None and (run := _recorded(stream, textbox, matrix)):
                runs.keep(key, run)
            if run and _replay(stream, run, matrix):
                return []
        line.really_reactivate()
    return _renderers_drawing(stream, textbox, text_overflow, block_ellipsis, matrix)


class _Recorder(pydyf.Stream):  # type: ignore[misc]
    """A stream to draw text on that is to be kept, with fonts of which nothing is used yet."""

    def __init__(self, stream: Any, fonts: Shared) -> None:
        super().__init__()
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self._all, self.faces, self.sizes = fonts, dict[Any, Font](), list[tuple[str, float]]()

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        key, description, size = get_pango_font_key(pango_font)
        if (key, size) not in self.faces:
            if (face := self._all.faces.find((key, size))) is None:
                face = self._all.faces.keep((key, size), Font(pango_font, description, size))
                face.file_content = self._all.files.setdefault(face.hash, face.file_content)
            self.faces[key, size] = _unused(face)
        return self.faces[key, size], size

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


def _recorded(stream: Any, textbox: Any, matrix: Any) -> tuple[Any, ...] | None:
    """A run: its font, size, operators and glyphs; None where that is not all."""
    fonts = textbox.style.font_config
    recorder = _Recorder(stream, fonts)
    textbox.pango_layout.really_reactivate()
    _renderers_drawing(recorder, textbox, "none", "none", matrix)
    ((key, _), face), *others = recorder.faces.items()
    if others or face.missing or face.png or face.svg or face.colr:
        return None
    used = ((glyph, face.widths[glyph], text) for glyph, text in face.to_unicode.items())
    glyphs = tuple(fonts.glyphs.setdefault(one, one) for one in used)
    return key, _unused(face), *recorder.sizes, b"\n".join(recorder.stream), glyphs


def _replay(stream: Any, run: tuple[Any, ...], matrix: Any) -> bool:
    """Draw a run; False if another size of its font has rounded a width otherwise in this file."""
    key, face, size, operators, glyphs = run
    if (used := stream._fonts.get(key)) is None:
        used = stream._fonts[key] = _unused(face)
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


# Pictures and files


def _path(picture: Any, node: Any, font_size: float) -> None:
    fonts, drawn = picture.font_config, picture.stream.stream
    if not isinstance(fonts, Shared):
        _renderers_path(picture, node, font_size)
        return
    key = node.get("d", ""), font_size, picture.inner_width, picture.inner_height
    if (found := fonts.paths.find(key)) is None:
        start = len(drawn)
        _renderers_path(picture, node, font_size)
        fonts.paths.keep(key, (b"\n".join(drawn[start:]), tuple(node.vertices)))
    else:
        drawn.append(found[0])
        node.vertices.extend(found[1])


class _Compressed(pydyf.Stream):  # type: ignore[misc]
    """A stream whose data is there."""

    data = b""

    def __init__(self, stream: pydyf.Stream) -> None:
        self.__dict__.update(stream.__dict__, data=stream.data)


def compress_once(pdf: pydyf.PDF) -> None:
    """Compress the streams of a file that is about to be written."""
    for number, one in enumerate(pdf.objects):
        if isinstance(one, pydyf.Stream):
            pdf.objects[number] = _Compressed(one)


# What the renderer calls from now on. For fonts that share nothing all is as it was.
_renderers_styles, StyleFor.set_computed_styles = StyleFor.set_computed_styles, _set_computed_styles
_renderers_sizes, _renderers_split = block.resolve_percentages, line_break.split_first_line
block.resolve_percentages = inline.resolve_percentages = _resolve_percentages
for _module in (line_break, inline, preferred):
    _module.split_first_line = _split_first_line
_renderers_drawing, drawing.draw_first_line = drawing.draw_first_line, _draw_first_line
_renderers_path, svg.TAGS["path"] = svg.TAGS["path"], _path
