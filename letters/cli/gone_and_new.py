"""Lines that are gone and new as a terminal shows them: in colours, and the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

import click

from letters.compare.differences import opcodes

_LINE = re.compile(r"(?P<of>e-mail: )?(?P<sign>[-+]) (?P<words>.*)", re.DOTALL)
_COLOURS = {"-": "red", "+": "green"}
_ALIKE = 0.5  #: of two lines' words that are equal, from which one takes the other's place


def gone_and_new(lines: Sequence[str]) -> Iterator[str]:
    """The same lines: those after "-" red, those after "+" green, other lines as they are.

    Where a new one takes the place of the one before it, the words that differ are underlined.
    """
    found = [_LINE.fullmatch(line) for line in lines]
    parts = [_parts(one["words"]) if one else () for one in found]
    others = [frozenset[int]() for _ in lines]
    for here, after in pairwise(range(len(lines))):
        gone, new = found[here], found[after]
        if gone and new and (gone["sign"], new["sign"]) == ("-", "+") and gone["of"] == new["of"]:
            others[here], others[after] = _differing(parts[here], parts[after])
    for line, one, words, marked in zip(lines, found, parts, others, strict=True):
        if one is None:
            yield line
            continue
        shown = "".join(_shown(words, marked, _COLOURS[one["sign"]]))
        yield f"{one['of'] or ''}{click.style(one['sign'], fg=_COLOURS[one['sign']])} {shown}"


def _shown(words: Sequence[str], marked: Collection[int], colour: str) -> Iterator[str]:
    for is_marked, run in groupby(enumerate(words), lambda numbered: numbered[0] in marked):
        text = "".join(word for _, word in run)
        said = text.rstrip()
        yield click.style(said, fg=colour, underline=is_marked or None) + text[len(said) :]


def _parts(text: str) -> tuple[str, ...]:
    """Its words, each with the spaces behind it."""
    return tuple(re.findall(r"\S+\s*|\s+", text))


def _differing(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """Which words of two lines differ, where enough of them do not."""
    found = opcodes(*(tuple(word.rstrip() for word in words) for words in (old, new)))
    if 2 * sum(i2 - i1 for tag, i1, i2, _, _ in found if tag == "equal") < _ALIKE * len(old + new):
        return frozenset(), frozenset()
    differ = [one for one in found if one[0] != "equal"]
    return (
        frozenset(number for _, i1, i2, _, _ in differ for number in range(i1, i2)),
        frozenset(number for _, _, _, j1, j2 in differ for number in range(j1, j2)),
    )
