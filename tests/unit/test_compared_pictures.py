"""Pages of two PDFs beside each other, and where pictures differ."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdfium2 import raw

from letters.compare.pictures import PageBeside, difference, in_words, joined, pages_beside
from letters.errors import NoLetter
from letters.typesetting.finished import Bitmap
from letters.typesetting.raster import CELL, NOISE, Box, difference_picture, differing_runs, kind_of

A4 = (595.2, 842.0)
BLACK = (0, 0, 0)
COUNCIL = "The council, as before, took 12 weeks."


@dataclass(frozen=True)
class Line:
    """A line of a test's page, its place in points from the lower left corner."""

    text: str
    x: float = 60
    y: float = 700
    colour: tuple[int, int, int] = BLACK


def pdf(*pages: Sequence[Line], size: tuple[float, float] = A4) -> bytes:
    """A PDF with these lines."""
    with pypdfium2.PdfDocument.new() as document:
        for lines in pages:
            page = document.new_page(*size)
            for line in lines:
                written = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 11.0)
                encoded = f"{line.text}\0".encode("utf-16-le")
                characters = (raw.FPDF_WCHAR * (len(encoded) // 2)).from_buffer_copy(encoded)
                raw.FPDFText_SetText(written, characters)
                raw.FPDFPageObj_SetFillColor(written, *line.colour, 255)
                raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, line.x, line.y)
                raw.FPDFPage_InsertObject(page, written)
            raw.FPDFPage_GenerateContent(page)
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    """Every colour that a picture has."""
    return set(zip(*[iter(picture.tobytes())] * 3, strict=True))


def told(page: PageBeside) -> list[tuple[str, str]]:
    """What stood and stands in each region of a page."""
    return [(" ".join(one.before), " ".join(one.now)) for one in page.regions]


def test_equal_files_are_equal_without_being_drawn() -> None:
    assert pages_beside(b"no PDF at all", b"no PDF at all") == ()


def test_pages_that_look_the_same_have_no_regions_though_their_files_differ() -> None:
    one = pdf([Line(COUNCIL)])
    (page,) = pages_beside(one, one + b"\n")
    assert not page.changed
    assert page.size == (1000, 1415)


def test_one_changed_comma_is_found_and_told_with_its_word() -> None:
    (page,) = pages_beside(
        pdf([Line(COUNCIL)]), pdf([Line(COUNCIL.replace("council,", "council."))])
    )
    assert told(page) == [("council,", "council.")]


def test_a_changed_figure_is_told_whole() -> None:
    was, is_ = ([Line(f"The uphold rate was {rate}% in the year")] for rate in (64, 63))
    (page,) = pages_beside(pdf(was), pdf(is_))
    assert told(page) == [("64%", "63%")]


def test_a_line_that_moved_is_two_regions_with_its_words_in_each() -> None:
    (page,) = pages_beside(pdf([Line(COUNCIL)]), pdf([Line(COUNCIL, y=300)]))
    assert told(page) == [(COUNCIL, ""), ("", COUNCIL)]
    above, below = (region.box for region in page.regions)
    assert above.bottom < below.top


def test_words_in_another_colour_are_a_region_by_the_same_words() -> None:
    # red and a green that is as dark
    was, is_ = ([Line(COUNCIL, colour=colour)] for colour in ((200, 0, 0), (0, 102, 0)))
    (page,) = pages_beside(pdf(was), pdf(is_))
    assert [region.only_looks for region in page.regions] == [True]


def test_changes_far_from_each_other_are_regions_of_their_own_from_top_to_bottom() -> None:
    was = [Line("Dear Dr Oak", y=300), Line("5 decisions")]
    is_ = [Line("Dear Mr Ash", y=300), Line("6 decisions")]
    (page,) = pages_beside(pdf(was), pdf(is_))
    assert told(page) == [("5", "6"), ("Dr Oak", "Mr Ash")]


def test_a_page_that_only_one_of_them_has_is_told_as_changed() -> None:
    one, two = pdf([Line(COUNCIL)]), pdf([Line(COUNCIL)], [Line("More.")])
    first, added = pages_beside(one, two)
    assert not first.changed
    assert (added.number, added.before, added.now, added.changed) == (2, None, (1000, 1415), True)
    *_, gone = pages_beside(two, one)
    assert (gone.before, gone.now, gone.changed) == ((1000, 1415), None, True)


def test_a_page_of_another_size_has_changed_where_only_one_is() -> None:
    (page,) = pages_beside(pdf([Line(COUNCIL)]), pdf([Line(COUNCIL, y=742)], size=(595.2, 884)))
    assert page.changed
    assert (page.before, page.now, page.size) == ((1000, 1415), (1000, 1486), (1000, 1486))
    assert page.regions[-1].box == Box(0, 1408, 1000, 1486)


def test_the_difference_shows_what_is_gone_in_red_and_what_is_new_in_blue_in_frames() -> None:
    was, is_ = pdf([Line("gone")]), pdf([Line("new", y=300)])
    with Image.open(io.BytesIO(difference(was, is_, 1))) as picture:
        assert picture.size == (1000, 1415)
        above, below = (picture.crop((0, top, 1000, top + 700)) for top in (0, 710))
    red, blue = (196, 30, 58), (0, 92, 184)
    assert {red, blue} <= colours(above)  # the frame is blue
    assert red not in colours(below)
    assert blue in colours(below)


def test_the_difference_of_a_page_that_only_one_has_is_all_new() -> None:
    one, two = pdf([Line(COUNCIL)]), pdf([Line(COUNCIL)], [Line("More.")])
    with Image.open(io.BytesIO(difference(one, two, 2))) as picture:
        assert (0, 92, 184) in colours(picture)
    with pytest.raises(IndexError, match="neither PDF has a page 3"):
        difference(one, two, 3)


def test_what_is_no_pdf_is_told() -> None:
    with pytest.raises(NoLetter):
        pages_beside(b"", pdf([Line(COUNCIL)]))


@pytest.mark.parametrize(
    ("same_words", "changed", "sentence"),
    [
        (True, (1, 3), "Its words are the same, and pages 1 and 3 look otherwise."),
        (True, (2,), "Its words are the same, and page 2 looks otherwise."),
        (False, (), "Its words are others, and its pages look the same."),
        (True, (), ""),
        (False, (1,), ""),
    ],
)
def test_equal_words_with_unequal_pictures_are_told_and_the_reverse(
    same_words: bool, changed: tuple[int, ...], sentence: str
) -> None:
    a4 = (1000, 1415)
    pages = [PageBeside(number, a4, None if number in changed else a4) for number in (1, 2, 3)]
    assert in_words(pages, same_words) == sentence


def test_a_damaged_picture_is_no_picture() -> None:
    with pytest.raises(ValueError, match="damaged"):
        kind_of(b"\x89PNG")


# What holds for any pictures ----------------------------------------------------------------------

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))
spots = st.lists(
    st.tuples(st.integers(0, 39), st.integers(0, 39), st.integers(0, 255)), max_size=20
)


def bitmap(size: tuple[int, int], greys: Sequence[tuple[int, int, int]]) -> Bitmap:
    """A white page with some spots."""
    page = Image.new("RGB", size, (255, 255, 255))
    for x, y, grey in greys:
        if x < size[0] and y < size[1]:
            page.putpixel((x, y), (grey, 255, 255))
    return Bitmap(page.tobytes(), *size, 3 * size[0])


@given(sizes, sizes, spots, spots, st.integers(0, 20))
def test_every_pixel_that_differs_is_in_a_region_inside_the_page(
    size: tuple[int, int],
    other: tuple[int, int],
    was: list[tuple[int, int, int]],
    is_: list[tuple[int, int, int]],
    gap: int,
) -> None:
    before, now = bitmap(size, was), bitmap(other, is_)
    boxes = joined(differing_runs(before, now, gap), gap)
    width, height = max(size[0], other[0]), max(size[1], other[1])
    left = Image.new("L", (width, height), 0)
    both = min(size[0], other[0]), min(size[1], other[1])
    old, new = (
        Image.frombytes("RGB", (one.width, one.height), one.pixels).crop((0, 0, *both))
        for one in (before, now)
    )
    left.paste(255, (0, 0, width, height))
    most = ImageChops.difference(old, new).split()[0]
    left.paste(most.point([0] * (NOISE + 1) + [255] * (255 - NOISE)))
    for box in boxes:
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
        left.paste(0, box)
    assert left.getbbox() is None


@given(st.lists(st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 9)] * 2), max_size=25))
def test_regions_are_apart_and_hold_all_that_they_are_made_of(
    edges: list[tuple[int, int, int, int]],
) -> None:
    boxes = [Box(x, y, x + wide, y + high) for x, y, wide, high in edges]
    found = joined(boxes, CELL)
    for box in boxes:
        holders = [
            one
            for one in found
            if one.left <= box.left
            and one.top <= box.top
            and one.right >= box.right
            and one.bottom >= box.bottom
        ]
        assert len(holders) == 1
    for index, one in enumerate(found):
        for other in found[:index]:
            across = max(one.left - other.right, other.left - one.right)
            down = max(one.top - other.bottom, other.top - one.bottom)
            assert max(across, down) > CELL


def test_noise_at_the_edges_of_letters_is_no_change() -> None:
    before, now = bitmap((20, 20), [(5, 5, 100)]), bitmap((20, 20), [(5, 5, 100 + NOISE)])
    assert list(differing_runs(before, now, 0)) == []
    with Image.open(io.BytesIO(difference_picture(before, now))) as picture:
        assert all(red == green == blue for red, green, blue in colours(picture))
