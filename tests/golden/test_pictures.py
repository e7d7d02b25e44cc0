"""A few finished pages as pictures; README shows two of them. `make goldens` draws them anew."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from letters.campaign.load import Campaign, load
from tests.conftest import PROJECT, put_many_panels
from tests.press import MadeLetter, Press

PAGES = Path(__file__).with_name("pages")
MAIDSTONE = "maidstone-borough-council"
SCALE = 100 / 72  #: 100 dots an inch


def drawn(letter: MadeLetter, number: int) -> Image.Image:
    with pdfium.PdfDocument(letter.pdf) as document:
        picture: Image.Image = document[number - 1].render(scale=SCALE).to_pil()
        return picture


def compare(name: str, picture: Image.Image, folder: Path = PAGES) -> None:
    """Fails when more than one dot in a thousand is visibly another: font libraries shade edges in their own ways."""
    path = folder / f"{name}.png"
    if os.environ.get("GOLDENS"):
        picture.quantize(48).save(path, optimize=True)
    with Image.open(path) as golden:
        assert golden.size == picture.size
        histogram = ImageChops.difference(golden.convert("L"), picture.convert("L")).histogram()
    assert sum(histogram[64:]) < 0.001 * picture.width * picture.height, f"{name} looks different"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_pages_of_maidstone_s_letter_look_as_agreed(
    number: int, letters_2020: Mapping[str, MadeLetter]
) -> None:
    compare(f"maidstone-{number}", drawn(letters_2020[MAIDSTONE], number))


def test_the_rings_are_drawn_as_agreed(
    letters_2020: Mapping[str, MadeLetter], golden: Callable[[str, str], None]
) -> None:
    for slug, letter in letters_2020.items():
        rings = re.findall(r"<svg.*?</svg>", letter.html, flags=re.DOTALL)
        golden(f"{slug}-rings.svg.txt", "\n\n".join(rings) + "\n")


@pytest.mark.parametrize(
    "slug", ["hart-district-council", "bournemouth-christchurch-and-poole-council"]
)
def test_the_statistics_of_awkward_authorities_look_as_agreed(
    slug: str, specimen: Campaign
) -> None:
    letter = Press(PROJECT, specimen).make(slug)
    compare(slug, drawn(letter, letter.pages))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_worked_second_year_looks_as_its_page_of_docs_shows(number: int) -> None:
    letter = Press(PROJECT, load(PROJECT, "specimen-2025")).make(MAIDSTONE)
    compare(f"second-year-{number}", drawn(letter, number), PROJECT / "docs" / "pictures")


#: Of each macro that docs/templates.md shows: how many panels the page has, and where it is, in points from above.
MACROS = {
    "statistics_page": (6, (0, 0, 595, 842)),
    "big_number": (6, (60, 121, 535, 172)),
    "table": (6, (60, 644, 535, 732)),
    "panel": (2, (60, 138, 535, 318)),
    "ring_chart": (2, (60, 172, 200, 318)),
    "bar_chart": (2, (60, 460, 325, 564)),
    "tally": (2, (422, 170, 535, 242)),
}


@pytest.mark.parametrize("macro", MACROS)
def test_the_pictures_of_macros_in_the_docs_are_true(macro: str, tmp_path: Path) -> None:
    number, box = MACROS[macro]
    panels = ("numbers", "upheld", "compliance", "remedies", "rate", "table")
    root = put_many_panels(tmp_path, *(panels if number == 6 else ("upheld", "rate")))
    page = drawn(Press(root, load(root, "2025")).make("ash-county-council"), 2)
    left, above, right, below = (round(edge * SCALE) for edge in box)
    compare(macro, page.crop((left, above, right, below)), PROJECT / "docs" / "pictures")
