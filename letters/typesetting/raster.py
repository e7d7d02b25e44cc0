"""Pictures made of pixels: what kind a file is, and where two pages differ; only user of PIL.

The library is imported when it is needed: most commands never look at a picture.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from letters.typesetting.finished import Bitmap, png

if TYPE_CHECKING:
    from PIL.Image import Image

NOISE = 8  #: of 255, by which a pixel may be otherwise without a change: smoothed edges of letters
CELL = 4  #: pixels of the squares in which changes are looked for

_GONE, _NEW = (196, 30, 58), (0, 92, 184)  # told apart by those who see no red or no green
_SEEN = [0] * (NOISE + 1) + [min(255, 80 + step) for step in range(NOISE + 1, 256)]  # also tints
_PALE = [200 + step * 55 // 255 for step in range(256)]  # of what is the same
_LINE = 2  #: pixels of a frame around a change


class Box(NamedTuple):
    """A part of a picture, in pixels from its upper left corner; right and bottom are outside it."""

    left: int
    top: int
    right: int
    bottom: int


def kind_of(content: bytes) -> tuple[str, str]:
    """The format of a picture and how its colours are kept: "PNG", "RGB".

    Raises ValueError when it is damaged, or none.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a picture that is a bomb
            with Image.open(io.BytesIO(content)) as picture:
                kind = str(picture.format), picture.mode
                picture.load()
    except Exception as error:  # a damaged file can break the library anywhere
        raise ValueError("this picture is damaged, or none") from error
    return kind


def differing_runs(before: Bitmap, now: Bitmap, gap: int) -> Iterator[Box]:
    """Where two pages differ, in strips `CELL` pixels high; what is at most `gap` apart is one strip.

    What only one of them covers differs. Every pixel that differs by more than `NOISE` is in a
    strip, and strips lie inside the larger of the two.
    """
    if before == now:
        return
    mask = _mask(before, now)
    cells = mask.reduce(CELL)
    rows, columns = cells.tobytes(), cells.width
    run = re.compile(rb"[^\0](?:\0{0,%d}[^\0])*" % max(gap // CELL, 0))
    for row in range(cells.height):
        line = rows[row * columns : (row + 1) * columns]
        top, bottom = row * CELL, min((row + 1) * CELL, mask.height)
        for found in run.finditer(line):
            start, end = found.span()
            yield Box(start * CELL, top, min(end * CELL, mask.width), bottom)


def difference_picture(before: Bitmap, now: Bitmap, boxes: Sequence[Box] = ()) -> bytes:
    """Both pages in one, as a PNG: what is the same is pale, what is gone red, what is new blue.

    Boxes are drawn around what they hold, so that nothing is told by colours alone.
    """
    from PIL import Image, ImageChops, ImageDraw

    old, new = _on_paper(before, now), _on_paper(now, before)
    was, is_ = old.convert("L"), new.convert("L")
    gone, come = (
        ImageChops.subtract(is_, was).point(_SEEN),
        ImageChops.subtract(was, is_).point(_SEEN),
    )
    by_another = ImageChops.subtract(_differing(old, new), _differing(was, is_))  # colour as dark
    come = ImageChops.lighter(come, by_another)
    bands = [is_.point(_PALE)] * 3
    for ink, colour, paper in ((gone, _GONE, 255), (come, _NEW, _PALE[0])):
        shades = [[step * (paper - part) // 255 for step in range(256)] for part in colour]
        bands = [
            ImageChops.subtract(band, ink.point(shade))
            for band, shade in zip(bands, shades, strict=True)
        ]
    shown = Image.merge("RGB", bands)
    pen = ImageDraw.Draw(shown)
    for box in boxes:
        outline = (box.left, box.top, box.right - 1, box.bottom - 1)
        pen.rectangle(outline, outline=_NEW, width=_LINE)
    return png(Bitmap(shown.tobytes(), shown.width, shown.height, 3 * shown.width))


def _mask(before: Bitmap, now: Bitmap) -> Image:
    """White where the pages differ, black where they are the same."""
    from PIL import Image, ImageDraw

    mask = _differing(_on_paper(before, now), _on_paper(now, before))
    narrow, low = min(before.width, now.width), min(before.height, now.height)
    if (narrow, low) != mask.size:  # what only one covers
        beyond = Image.new("L", mask.size, 255)
        ImageDraw.Draw(beyond).rectangle((0, 0, narrow - 1, low - 1), fill=0)
        mask.paste(255, mask=beyond)
    return mask


def _differing(one: Image, other: Image) -> Image:
    from PIL import ImageChops

    bands = ImageChops.difference(one, other).split()
    most = reduce(ImageChops.lighter, bands)
    return most.point([0] * (NOISE + 1) + [255] * (255 - NOISE))


def _on_paper(page: Bitmap, other: Bitmap) -> Image:
    """A page on white paper that is as large as the larger of both."""
    from PIL import Image

    size = page.width, page.height
    drawn = Image.frombuffer("RGB", size, page.pixels, "raw", "RGB", page.stride, 1)
    whole = max(page.width, other.width), max(page.height, other.height)
    if whole == size:
        return drawn
    paper = Image.new("RGB", whole, (255, 255, 255))
    paper.paste(drawn)
    return paper
