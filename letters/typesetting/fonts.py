"""Fonts as files: whether they can be used, and which characters they have; only user of fontTools."""

from __future__ import annotations

import io
import logging
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont, TTLibError

from letters.errors import Place, Problem, Severity
from letters.typesetting.brand import FONTS

if TYPE_CHECKING:
    from letters.typesetting.stationery import Stationery

FONT = "font"  #: the code of a problem that follows from another one of the fonts'
_FEATURES = "ccmp kern liga lnum locl mark mkmk tnum".split()
#: Latin of western and central Europe, punctuation, signs of money, trade marks and minus.
_WESTERN = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x203B), 0x20AC, 0x2122, 0x2212)
#: characters that are no marks on paper: controls, separators, what only shapes others
_WITHOUT_INK = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")


def font_problems(stationery: Stationery) -> Iterator[Problem]:
    """An error for each font that is empty, cut off or damaged."""
    for name, content in _fonts(stationery):
        try:
            with TTFont(io.BytesIO(content), checkChecksums=2, lazy=False) as font:
                for table in list(font.reader.tables):
                    font.reader[table]  # its checksum is looked at
        except Exception as error:  # noqa: BLE001  (a damaged file can break the library anywhere)
            found = "empty" if not content else f"damaged ({_reason(error)})"
            sentence, hint = f"this font is {found}", "bring the file back from where it came"
            yield Problem(
                Place(f"templates/{name}"), Severity.ERROR, "font-damaged", sentence, hint
            )


def characters_of(stationery: Stationery) -> frozenset[str] | None:
    """The characters that one of the fonts has; None when that cannot be told."""
    found: set[int] = set()
    sheets = (content for name, content in stationery.files.items() if name.endswith(".css"))
    if any(b"data:" in content.replace(b"data:image/", b"") for content in sheets):
        return None  # a font may be among what a style sheet holds itself
    try:
        for _, content in _fonts(stationery):
            with TTFont(io.BytesIO(content), lazy=True) as font:
                found |= font.getBestCmap().keys()
    except Exception:  # noqa: BLE001  (a damaged font is told by `font_problems`)
        return None
    return frozenset(map(chr, found)) if found else None


@lru_cache(maxsize=8)
def for_screens(content: bytes) -> str:
    """A font as an address that holds it, with the characters of western languages alone.

    "" for a damaged one, which `font_problems` tells.
    """
    from fontTools import subset

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # of tables that are left out
    options = subset.Options(flavor="woff", layout_features=_FEATURES)
    buffer = io.BytesIO()
    try:
        font = subset.load_font(io.BytesIO(content), options)
        smaller = subset.Subsetter(options)
        smaller.populate(unicodes=_WESTERN)
        smaller.subset(font)
        subset.save_font(font, buffer, options)
    except Exception:  # noqa: BLE001  (a damaged file can break the library anywhere)
        return ""
    return f"data:font/woff;base64,{b64encode(buffer.getvalue()).decode()}"


def without_glyph(words: str, characters: frozenset[str]) -> list[str]:
    """The characters of the words that leave ink on paper and that no font has, in their order."""
    missing = set(words) - characters
    return sorted(
        (one for one in missing if unicodedata.category(one) not in _WITHOUT_INK), key=words.find
    )


def _fonts(stationery: Stationery) -> Iterator[tuple[str, bytes]]:
    return (
        (name, content)
        for name, content in stationery.files.items()
        if name.lower().endswith(FONTS)
    )


def _reason(error: Exception) -> str:
    said = str(error) if isinstance(error, TTLibError) else ""
    return said or "its parts do not fit together"
