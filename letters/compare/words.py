"""Two letters held against each other: their panels, then the blocks of each, then the words inside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from letters.compare.blocks import Block, shown_panel
from letters.compare.change import Change, Hunk, Mark, Piece, What, numbered, told_apart
from letters.compare.differences import differences, opcodes
from letters.compare.links import link_changes
from letters.compare.masks import Masks

_ALIKE = 0.4  #: of two blocks' words that are equal, from which one is the other, changed
_OF_ANOTHER_KIND = 0.5  #: times as likely is one to be the other that is of another kind
_SAME_PANEL = 0.5  #: of two panels' headings, from which one is the other
_SURER = 0.25  #: by which more of their words must be equal, where their headings are not


def changes(before: Sequence[Block], now: Sequence[Block], masks: Masks) -> tuple[Change, ...]:
    """What is otherwise between two letters, block by block, in the order of the letter of now."""
    if before == now:
        return ()
    old, new = _by_panel(before), _by_panel(now)
    pairs = _pairs(old, new, masks)
    paired = set(pairs.values())
    found = list[Change]()
    for panel, blocks in new.items():
        if panel in pairs:
            found += _inside(old[pairs[panel]], blocks, masks)
        else:
            found.append(_panel(What.NEW, panel, blocks, masks))
    found += [_panel(What.GONE, one, old[one], masks) for one in old if one not in paired]
    order = [pairs[one] for one in new if one in pairs]
    if (in_order := [one for one in old if one in paired]) != order:
        found += _in_another_order(in_order, order, pairs, masks)
    else:
        moved = {one.now for one in found if one.what is What.MOVED}
        found += (one for one in _past_panels(before, now, pairs, masks) if one.now not in moved)
    return tuple(told_apart(found))


# Panels ------------------------------------------------------------------------------------------


def _by_panel(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {"": []}  # what is in no panel
    for one in blocks:
        found.setdefault(one.panel, []).append(one)
    return found


def _pairs(
    old: Mapping[str, Sequence[Block]], new: Mapping[str, Sequence[Block]], masks: Masks
) -> Mapping[str, str]:
    """By panel of now, the panel of then: of the same heading, or else of much the same one, or the same words."""
    pairs = {one: one for one in new if one in old}
    for panel in (one for one in new if one and one not in old):
        left = [one for one in old if one and one not in pairs.values()]
        likeness = {
            one: max(
                _likeness(_heading(one, masks), _heading(panel, masks)),
                _likeness(_words(old[one], masks), _words(new[panel], masks)) - _SURER,
            )
            for one in left
        }
        best = max(likeness, key=lambda one: likeness[one], default="")
        if best and likeness[best] >= _SAME_PANEL:
            pairs[panel] = best
    return pairs


def _heading(panel: str, masks: Masks) -> str:
    return masks.masked(panel.removeprefix("panel ")).lower()


def _words(blocks: Sequence[Block], masks: Masks) -> str:
    return masks.masked("\n".join(one.text for one in blocks))


def _panel(what: What, panel: str, blocks: Sequence[Block], masks: Masks) -> Change:
    """A whole panel: one change in all letters, whatever it says; and each of its blocks."""
    text, heading = "\n".join(one.text for one in blocks), masks.masked(shown_panel(panel))
    was, now = (heading, "") if what is What.GONE else ("", heading)
    mark = Mark.GONE if what is What.GONE else Mark.NEW
    place = shown_panel(panel)
    hunk = numbered(Hunk(was, now, was, now), "panel", heading, what, place)
    others = (one for one in blocks if panel != f"panel {one.text}")  # its heading is told
    said = (one for block in others for one in _whole(what, block, masks).hunks)
    return Change(what, place, "panel", panel, (Piece(text, mark),), (hunk, *said))


def _in_another_order(
    before: Sequence[str], now: Sequence[str], pairs: Mapping[str, str], masks: Masks
) -> Iterator[Change]:
    """The panels that moved, each with those that it stands between now; panels by their names of then."""
    panels = {then: panel for panel, then in pairs.items()}
    shown = ["", *(shown_panel(panels[one]) for one in now), ""]
    for tag, _, _, j1, j2 in opcodes(tuple(before), tuple(now)):
        for j in range(j1, j2) if tag in ("insert", "replace") else ():
            left, place, right = shown[j : j + 3]
            where = " and ".join(
                filter(None, (left and f"behind {left}", right and f"before {right}"))
            )
            masked = masks.masked(where)
            move = Hunk(where, where, masked, masked)
            hunk = numbered(move, "panel", masks.masked(place), What.MOVED, place)
            piece = Piece(where, Mark.EQUAL)
            yield Change(What.MOVED, place, "panel", panels[now[j]], (piece,), (hunk,))


def _past_panels(
    before: Sequence[Block], now: Sequence[Block], pairs: Mapping[str, str], masks: Masks
) -> Iterator[Change]:
    """Blocks outside of panels that moved past one, and say the same."""
    stood = dict[str, list[tuple[Block, str]]]()
    for block, behind in _outside(before, {old: old for old in pairs.values()}):
        stood.setdefault(block.text, []).append((block, behind))
    for block, behind in _outside(now, pairs):
        then, was_behind = stood[block.text].pop(0) if stood.get(block.text) else (block, behind)
        if behind != was_behind:
            yield _elsewhere(then, block, masks)


def _outside(blocks: Sequence[Block], known: Mapping[str, str]) -> Iterator[tuple[Block, str]]:
    """Blocks outside of panels, each with the last panel before it that there was and is."""
    behind = ""
    for block in blocks:
        behind = known.get(block.panel, behind) if block.panel else behind
        if not block.panel:
            yield block, behind


# Blocks ------------------------------------------------------------------------------------------


def _inside(before: Sequence[Block], now: Sequence[Block], masks: Masks) -> Iterator[Change]:
    """What is otherwise among the blocks of one panel, or of the letter outside of panels."""
    if [one.said for one in before] == [one.said for one in now]:
        return
    old, new = (tuple(masks.masked(one.text) for one in side) for side in (before, now))
    pairs = dict[int, int]()  # by index of now, that of then
    keys = _with_kinds(before, old), _with_kinds(now, new)
    for tag, i1, i2, j1, j2 in opcodes(*keys):
        if tag == "equal":
            pairs |= zip(range(j1, j2), range(i1, i2), strict=True)
        elif tag == "replace":
            pairs |= _alike(before, now, (old, new), (range(i1, i2), range(j1, j2)))
    moved = _moved(before, now, keys, pairs)
    gone = [i for i in range(len(before)) if i not in {*pairs.values(), *moved.values()}]
    for j, block in enumerate(now):
        then = before[pairs[j]] if j in pairs else before[moved[j]] if j in moved else None
        if then is None:
            yield _whole(What.NEW, block, masks)
        elif j in moved:
            yield _elsewhere(then, block, masks)
        elif then.text != block.text:
            yield _changed(then, block, masks)
        yield from link_changes(then.links if then else (), block, masks)
    yield from (_whole(What.GONE, before[i], masks) for i in gone)


def _with_kinds(blocks: Sequence[Block], masked: Sequence[str]) -> tuple[str, ...]:
    """What tells blocks apart: a number of a chart is not one of a table, though both are masked."""
    return tuple(f"{one.kind}\0{text}" for one, text in zip(blocks, masked, strict=True))


def _alike(
    before: Sequence[Block],
    now: Sequence[Block],
    masked: tuple[Sequence[str], Sequence[str]],
    within: tuple[range, range],
) -> dict[int, int]:
    """Of blocks that differ, which is which: those most alike, in their order."""
    old, new = masked
    pairs, start = dict[int, int](), within[0].start
    for j in within[1]:
        likeness = {
            i: _likeness(old[i], new[j])
            * (1 if before[i].kind == now[j].kind else _OF_ANOTHER_KIND)
            for i in range(start, within[0].stop)
        }
        best = max(likeness, key=lambda i: likeness[i], default=None)
        if best is None:
            break
        if likeness[best] < _ALIKE:
            same = (i for i in likeness if before[i][1:3] == now[j][1:3])
            best = next((i for i in same if before[i].kind != "paragraph"), None)
        if best is not None:
            pairs[j], start = best, best + 1
    return pairs


def _moved(
    before: Sequence[Block],
    now: Sequence[Block],
    keys: tuple[Sequence[str], Sequence[str]],
    pairs: Mapping[int, int],
) -> dict[int, int]:
    """By index of now, that of then of blocks that stand elsewhere and say the same.

    One of another kind must say it to the letter: a bare number is masked, and is many things.
    """
    old, new = keys
    left = [i for i in range(len(before)) if i not in pairs.values()]
    moved = dict[int, int]()
    for j in (j for j in range(len(now)) if j not in pairs):
        same = (i for i in left if old[i] == new[j] or before[i].text == now[j].text)
        if (found := next(same, None)) is not None:
            moved[j] = found
            left.remove(found)
    return moved


def _changed(before: Block, now: Block, masks: Masks) -> Change:
    panel = masks.masked(now.panel)
    pieces, found = differences(before.text, now.text, masks)
    hunks = tuple(numbered(one, now.kind, panel, What.CHANGED, now.place) for one in found)
    return Change(What.CHANGED, now.place, now.kind, now.panel, pieces, hunks)


def _elsewhere(before: Block, now: Block, masks: Masks) -> Change:
    """A block that moved; what is masked may differ in it besides."""
    masked = masks.masked(now.text)
    hunk = Hunk(before.text, now.text, masked, masked)
    move = numbered(hunk, now.kind, masks.masked(now.panel), What.MOVED, now.place)
    where = now.place, now.kind, now.panel
    if before.text == now.text:
        return Change(What.MOVED, *where, (Piece(now.text, Mark.EQUAL),), (move,))
    besides = _changed(before, now, masks)
    return Change(What.MOVED, *where, besides.pieces, (move, *besides.hunks))


def _whole(what: What, block: Block, masks: Masks) -> Change:
    """A block that is new, or gone."""
    text, masked = block.text, masks.masked(block.text)
    is_new = what is What.NEW
    hunk = Hunk("", text, "", masked) if is_new else Hunk(text, "", masked, "")
    hunks = (numbered(hunk, block.kind, masks.masked(block.panel), what, block.place),)
    pieces = (Piece(text, Mark.NEW if is_new else Mark.GONE),)
    return Change(what, block.place, block.kind, block.panel, pieces, hunks)


@lru_cache(maxsize=4096)
def _likeness(old: str, new: str) -> float:
    """Of two masked texts: how much of their words is equal, from 0 to 1."""
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()
