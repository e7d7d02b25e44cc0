"""Where the links of a letter lead, held against where they led. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from letters.compare.blocks import Block
from letters.compare.change import Change, Hunk, Mark, Piece, What, numbered
from letters.compare.masks import NUMBER, Masks
from letters.typesetting.markup import Link
from letters.wording import quoted

_NUMBER = re.compile(r"\d{3,}")


def link_changes(before: Sequence[Link], block: Block, masks: Masks) -> Iterator[Change]:
    """The links of a block that lead elsewhere, are new or gone; `before` are those that it had."""
    if before == block.links:
        return
    old, new = _without_equal(before, block.links)
    pairs = list[tuple[Link | None, Link | None]]()
    for one in new:
        found = next((link for link in old if link.words == one.words), None)
        if found:
            old.remove(found)
            pairs.append((found, one))
    left = [one for one in new if all(one is not other for _, other in pairs)]
    old, left = _without_equal(old, left, by_target=True)  # their words are told as words
    for was, is_ in (*pairs, *zip_longest(old, left)):
        yield _change(was, is_, block, masks)


def _without_equal(
    before: Sequence[Link], now: Sequence[Link], by_target: bool = False
) -> tuple[list[Link], list[Link]]:
    """Both without those of the one that the other has as well."""
    left, new = list(before), list[Link]()
    for one in now:
        same = (link for link in left if link == one or (by_target and link.target == one.target))
        if (found := next(same, None)) is not None:
            left.remove(found)
        else:
            new.append(one)
    return left, new


def _change(before: Link | None, now: Link | None, block: Block, masks: Masks) -> Change:
    was, is_ = (one.target if one else "" for one in (before, now))
    link = now or before
    words = link.words if link else ""
    what = What.CHANGED if was and is_ else What.NEW if is_ else What.GONE
    hunk = Hunk(was, is_, _masked(was, is_, masks), _masked(is_, was, masks))
    place = f"{block.place}: link {quoted(words)}" if words else f"{block.place}: link"
    kind = f"link {masks.masked(words)}"
    hunk = numbered(hunk, kind, masks.masked(block.panel), what, place)._replace(kind="link")
    texts = (Piece(was, Mark.GONE), Piece(is_, Mark.NEW))
    pieces = tuple(one for one in texts if one.text)
    return Change(what, place, "link", block.panel, pieces, (hunk,))


def _masked(target: str, other: str, masks: Masks) -> str:
    """An address without what is the authority's own in it, and without numbers that stay."""
    masked = masks.address(target)
    for one in sorted({*_NUMBER.findall(target)} & {*_NUMBER.findall(other)}):
        masked = masked.replace(one, NUMBER)
    return masked
