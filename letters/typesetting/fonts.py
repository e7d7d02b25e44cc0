"""Fonts as files: whether they can be used, and which characters they have; only user of fontTools."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator

from fontTools.ttLib import TTFont, TTLibError

from letters.errors import Place, Problem, Severity
from letters.typesetting.stationery import Stationery

FONT = "font"  #: the code of a problem that follows from another one of the fonts'
_ENDINGS = (".ttf", ".otf", ".woff", ".woff2")
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
    if any(b"data:" in content for content in sheets):
        return None  # a font may be among what a style sheet holds itself
    try:
        for _, content in _fonts(stationery):
            with TTFont(io.BytesIO(content), lazy=True) as font:
                found |= font.getBestCmap().keys()
    except Exception:  # noqa: BLE001  (a damaged font is told by `font_problems`)
        return None
    return frozenset(map(chr, found)) if found else None


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
        if name.lower().endswith(_ENDINGS)
    )


def _reason(error: Exception) -> str:
    said = str(error) if isinstance(error, TTLibError) else ""
    return said or "its parts do not fit together"
