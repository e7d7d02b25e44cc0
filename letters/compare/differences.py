"""Two texts word by word: what is equal, gone and new, and each difference with the words around it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from letters.compare.change import Hunk, Mark, Piece
from letters.compare.masks import Masks, Token, masked_of, text_of

_REWRITTEN = 0.35  #: of words that are equal, below which a text is shown as replaced as a whole
_AROUND = 2  #: words before and after a difference that belong to it

Opcode = tuple[str, int, int, int, int]


def differences(before: str, now: str, masks: Masks) -> tuple[tuple[Piece, ...], tuple[Hunk, ...]]:
    """All text of both in pieces, and what differs; both texts are not the same."""
    old, new = masks.tokens(before), masks.tokens(now)
    runs = _runs(old, new)
    hunks = tuple(_hunk(old, new, run) for run in runs if not run.is_equal)
    pieces = _joined(piece for run in runs for piece in _pieces(old, new, run))
    if not hunks:  # only spaces differ
        hunks = (Hunk(before, now, masked_of(old), masked_of(new)),)
    return pieces, hunks


@lru_cache(maxsize=4096)
def opcodes(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[Opcode, ...]:
    """How one sequence becomes the other, as difflib tells it."""
    return tuple(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


class _Run(NamedTuple):
    """Some tokens of then, and those of now that stand in their place."""

    i1: int
    i2: int
    j1: int
    j2: int
    is_equal: bool
    is_masked: bool = False  #: only what is masked differs


def _runs(old: Sequence[Token], new: Sequence[Token]) -> Sequence[_Run]:
    keys = tuple(one.key for one in old), tuple(one.key for one in new)
    found = opcodes(*keys)
    equal = sum(i2 - i1 for tag, i1, i2, _, _ in found if tag == "equal")
    if 2 * equal < _REWRITTEN * (len(old) + len(new)):
        return [_Run(0, len(old), 0, len(new), is_equal=False)]
    runs = list[_Run]()
    for tag, i1, i2, j1, j2 in _merged(found):
        if tag == "equal":
            runs += _masked_runs(old, new, i1, i2, j1)
        else:
            runs.append(_Run(i1, i2, j1, j2, is_equal=False))
    return runs


def _masked_runs(
    old: Sequence[Token], new: Sequence[Token], i1: int, i2: int, j1: int
) -> Iterator[_Run]:
    """Tokens that are equal, or as equal as their masks are: runs of the one and the other."""
    start = i1
    for i in range(i1, i2 + 1):
        j = j1 + i - i1
        if i == i2 or old[i].text != new[j].text:
            if start < i:
                yield _Run(start, i, j1 + start - i1, j, is_equal=True)
            if i < i2:
                yield _Run(i, i + 1, j, j + 1, is_equal=False, is_masked=True)
            start = i + 1


def _merged(steps: Sequence[Opcode]) -> Sequence[Opcode]:
    """Differences with one equal word between them are one: half of it would say little."""
    found = list[Opcode]()
    for at, (tag, i1, i2, j1, j2) in enumerate(steps):
        inner = tag == "equal" and i2 - i1 == 1 and 0 < at < len(steps) - 1
        if found and found[-1][0] != "equal" and (inner or tag != "equal"):
            found[-1] = ("replace", found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((tag, i1, i2, j1, j2))
    return found


def _hunk(old: Sequence[Token], new: Sequence[Token], run: _Run) -> Hunk:
    was, now = old[run.i1 : run.i2], new[run.j1 : run.j2]
    return Hunk(
        was=text_of(was).strip(),
        now=text_of(now).strip(),
        masked_was=masked_of(was).strip(),
        masked_now=masked_of(now).strip(),
        before=masked_of(_before(old, run.i1)).strip(),
        after=masked_of(_behind(old, run.i2)).strip(),
    )


def _before(tokens: Sequence[Token], end: int) -> Sequence[Token]:
    """A few words, with the signs between them, that end there."""
    words = [at for at in range(end) if tokens[at].is_word]
    return tokens[words[-_AROUND] if len(words) >= _AROUND else 0 : end]


def _behind(tokens: Sequence[Token], start: int) -> Sequence[Token]:
    """A few words, with the signs between them, that begin there."""
    words = [at for at in range(start, len(tokens)) if tokens[at].is_word]
    return tokens[start : words[_AROUND - 1] + 1 if len(words) >= _AROUND else len(tokens)]


def _pieces(old: Sequence[Token], new: Sequence[Token], run: _Run) -> Iterator[Piece]:
    was, now = old[run.i1 : run.i2], new[run.j1 : run.j2]
    if not run.is_equal:
        shared = was[-1].space if was and now and was[-1].space == now[-1].space else ""
        yield Piece(text_of(was).removesuffix(shared), Mark.GONE)
        yield Piece(text_of(now).removesuffix(shared), Mark.NEW)
        yield Piece(shared, Mark.EQUAL)
        return
    for one, other in zip(was, now, strict=True):
        yield Piece(one.text, Mark.EQUAL)
        if one.space == other.space:
            yield Piece(one.space, Mark.EQUAL)
        else:
            yield Piece(one.space, Mark.GONE)
            yield Piece(other.space, Mark.NEW)


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Pieces with one mark that follow each other are one."""
    found = list[Piece]()
    for one in (piece for piece in pieces if piece.text):
        if found and found[-1].mark is one.mark:
            found[-1] = Piece(found[-1].text + one.text, one.mark)
        else:
            found.append(one)
    return tuple(found)
