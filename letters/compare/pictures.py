"""Pages of two PDFs side by side: which differ, where, and what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from letters.typesetting.finished import Bitmap, Word, bitmap, bitmaps, words_seen
from letters.typesetting.raster import Box, difference_picture, differing_runs
from letters.wording import series

WIDTH = 1000  #: pixels of a page
NEAR = 14  #: pixels between two changes that are told as one: a space or a line's distance
_MARGIN = 4  #: pixels around what changed
_MOST = 40  #: regions of a page; where there were more, those that are near become one


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that changed, and the words that stood and stand there."""

    box: Box
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @property
    def only_looks(self) -> bool:
        """Whether its words are the same, in another place or drawn otherwise."""
        return self.before == self.now


@dataclass(frozen=True, slots=True)
class PageBeside:
    """One page of two PDFs: width and height in pixels, None in the one that does not have it."""

    number: int
    before: tuple[int, int] | None
    now: tuple[int, int] | None
    regions: tuple[Region, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether it looks otherwise, or only one of the two has it."""
        return self.before != self.now or bool(self.regions)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a picture that holds both."""
        sizes = [size for size in (self.before, self.now) if size]
        return max(width for width, _ in sizes), max(height for _, height in sizes)


def pages_beside(before: bytes, now: bytes, width: int = WIDTH) -> tuple[PageBeside, ...]:
    """The pages of two PDFs, each so many pixels wide; none of equal PDFs, which are not drawn.

    Raises NoLetter when one of them is no PDF.
    """
    if before == now:
        return ()
    pairs = zip_longest(bitmaps(before, width), bitmaps(now, width))
    return tuple(
        _beside(before, now, number, was, is_) for number, (was, is_) in enumerate(pairs, start=1)
    )


def difference(before: bytes, now: bytes, number: int, width: int = WIDTH) -> bytes:
    """A page of both PDFs in one picture, a PNG, with boxes around what changed.

    A page that only one of them has is all gone or all new. Raises NoLetter when one of them is no
    PDF, IndexError when neither has the page.
    """
    was, is_ = bitmap(before, number, width), bitmap(now, number, width)
    some = was or is_
    if some is None:
        raise IndexError(f"neither PDF has a page {number}")
    was, is_ = was or _blank(some), is_ or _blank(some)
    boxes = [region.box for region in _regions(before, now, number, was, is_)]
    return difference_picture(was, is_, boxes)


def in_words(pages: Sequence[PageBeside], same_words: bool) -> str:
    """What the pages' pictures tell beside the words; `same_words` of what both letters say.

    "" when both tell the same: that something changed, or that nothing did.
    """
    changed = [str(page.number) for page in pages if page.changed]
    if same_words and changed:
        pages_named = f"{'page' if len(changed) == 1 else 'pages'} {series(changed, 'and')}"
        looks = "looks" if len(changed) == 1 else "look"
        return f"Its words are the same, and {pages_named} {looks} otherwise."
    if not same_words and not changed:
        return "Its words are others, and its pages look the same."
    return ""


def joined(boxes: Iterable[Box], gap: int) -> tuple[Box, ...]:
    """Boxes from top to bottom, those that are at most `gap` pixels apart as one.

    All that was in a box is in one of those that are given.
    """
    done, growing = list[Box](), list[Box]()
    for box in sorted(boxes, key=lambda one: (one.top, one.left)):
        done += [one for one in growing if one.bottom + gap < box.top]
        growing = [one for one in growing if one.bottom + gap >= box.top]
        near = [one for one in growing if _near(one, box, gap)]
        growing = [one for one in growing if one not in near] + [_around((*near, box))]
    found = [*done, *growing]
    while (fewer := _once_more(found, gap)) != found:
        found = fewer
    return tuple(sorted(found, key=lambda one: (one.top, one.left)))


def _once_more(boxes: Sequence[Box], gap: int) -> list[Box]:
    """Boxes that have grown may have come near to others."""
    found = list[Box]()
    for box in boxes:
        near = [one for one in found if _near(one, box, gap)]
        found = [one for one in found if one not in near] + [_around((*near, box))]
    return found


def _near(one: Box, other: Box, gap: int) -> bool:
    return (
        one.left <= other.right + gap
        and other.left <= one.right + gap
        and one.top <= other.bottom + gap
        and other.top <= one.bottom + gap
    )


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _beside(
    before: bytes, now: bytes, number: int, was: Bitmap | None, is_: Bitmap | None
) -> PageBeside:
    regions = _regions(before, now, number, was, is_) if was and is_ else ()
    return PageBeside(number, _size(was), _size(is_), regions)


def _size(page: Bitmap | None) -> tuple[int, int] | None:
    return (page.width, page.height) if page else None


def _regions(
    before: bytes, now: bytes, number: int, was: Bitmap, is_: Bitmap
) -> tuple[Region, ...]:
    """Where a page that both have differs: whole words, so that figures stay whole."""
    gap = NEAR
    runs = tuple(differing_runs(was, is_, gap))
    boxes = joined(runs, gap)
    while len(boxes) > _MOST:
        gap *= 2
        boxes = joined(boxes, gap)
    if not boxes:
        return ()
    old, new = (words_seen(pdf, number, was.width) for pdf in (before, now))
    whole = [
        _around((box, *(_edges(one) for one in (*_in(old, box), *_in(new, box))))) for box in boxes
    ]
    size = max(was.width, is_.width), max(was.height, is_.height)
    return tuple(
        Region(
            _with_margin(box, size),
            tuple(word.text for word in _in(old, box)),
            tuple(word.text for word in _in(new, box)),
        )
        for box in joined(whole, gap)
    )


def _in(words: Sequence[Word], box: Box) -> list[Word]:
    return [
        word
        for word in words
        if word.left < box.right
        and box.left < word.right
        and word.top < box.bottom
        and box.top < word.bottom
    ]


def _edges(word: Word) -> Box:
    return Box(int(word.left), int(word.top), int(word.right) + 1, int(word.bottom) + 1)


def _with_margin(box: Box, size: tuple[int, int]) -> Box:
    return Box(
        max(box.left - _MARGIN, 0),
        max(box.top - _MARGIN, 0),
        min(box.right + _MARGIN, size[0]),
        min(box.bottom + _MARGIN, size[1]),
    )


def _blank(page: Bitmap) -> Bitmap:
    return Bitmap(b"\xff" * len(page.pixels), page.width, page.height, page.stride)
