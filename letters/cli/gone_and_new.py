"""Lines that are gone and new as a terminal shows them: in colours, and the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import click

from letters.compare.change import Mark, Piece
from letters.compare.differences import differences
from letters.compare.masks import Masks

_LINE = re.compile(r"(?P<of>e-mail: )?(?P<sign>[-+]) (?P<indent>\s*)(?P<words>.*)", re.DOTALL)
_LOOKS = {"-": ("red", Mark.GONE), "+": ("green", Mark.NEW)}


def gone_and_new(lines: Sequence[str]) -> Iterator[str]:
    """The same lines: those after "-" red, those after "+" green, other lines as they are.

    Where a new one takes the place of the one before it, the words that differ are underlined.
    """
    found = [_LINE.fullmatch(line) for line in lines]
    pieces: list[tuple[Piece, ...]] = [
        (Piece(one["words"], Mark.EQUAL),) if one else () for one in found
    ]
    for here, after in pairwise(range(len(lines))):
        gone, new = found[here], found[after]
        if gone and new and (gone["sign"], new["sign"]) == ("-", "+") and gone["of"] == new["of"]:
            both, _ = differences(gone["words"], new["words"], Masks())
            if any(piece.mark is Mark.EQUAL and piece.text.strip() for piece in both):
                pieces[here] = pieces[after] = both
    for line, one, words in zip(lines, found, pieces, strict=True):
        if one is None:
            yield line
            continue
        colour, own = _LOOKS[one["sign"]]
        shown = "".join(_shown(piece, colour) for piece in words if piece.mark in (own, Mark.EQUAL))
        yield f"{one['of'] or ''}{click.style(one['sign'], fg=colour)} {one['indent']}{shown}"


def _shown(piece: Piece, colour: str) -> str:
    said = piece.text.strip()
    before, after = piece.text.split(said, 1) if said else (piece.text, "")
    styled = click.style(said, fg=colour, underline=piece.mark is not Mark.EQUAL or None)
    return before + styled + after
