"""A year of other counts, measures, panels and words, made of YAML and templates alone: Python stays untouched."""

import io
import json
from pathlib import Path

import pikepdf

from letters.campaign.load import load
from tests.press import MadeLetter, Press
from tests.reading import words_of_html


def made(root: Path, slug: str) -> MadeLetter:
    return Press(root, load(root, "2024")).make(slug)


def test_a_rate_per_100000_prints_its_one_decimal_place_always(small_year: Path) -> None:
    text = " ".join(words_of_html(made(small_year, "ashby-district-council").html))
    assert (
        "For the size of the area 3.4 Others: 3.2 5 upheld decisions Out of 147,000 residents"
        in text
    )
    text = " ".join(words_of_html(made(small_year, "birch-district-council").html))
    assert (
        "For the size of the area 3.0 Others: 3.2 3 upheld decisions Out of 100,000 residents"
        in text
    )


def test_the_remedies_are_stated_out_of_the_upheld_decisions(small_year: Path) -> None:
    text = " ".join(words_of_html(made(small_year, "ashby-district-council").html))
    assert "Remedied 40% Others: 25% 2 satisfactory remedies Out of 5 upheld decisions" in text


def test_a_base_of_0_prints_that_year_s_words(small_year: Path) -> None:
    text = " ".join(words_of_html(made(small_year, "cedar-fire-authority").html))
    assert (
        "Remedied We upheld no complaints. 0 satisfactory remedies Out of 0 upheld decisions"
        in text
    )
    assert "Others" not in text


def test_another_signatory_signs_and_other_facts_are_told(small_year: Path) -> None:
    text = " ".join(words_of_html(made(small_year, "ashby-district-council").html))
    assert "Dear Mr Oak" in text
    assert "paused in March and April; 1,203 complaints" in text
    assert "Dana Example" in text
    assert "Michael King" not in text


def test_its_pdf_has_that_year_s_pages_and_figures(small_year: Path) -> None:
    letter = made(small_year, "ashby-district-council")
    assert letter.pages == 2
    with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
        (attachment,) = pdf.attachments.values()
        figures = json.loads(attachment.get_file().read_bytes())["figures"]
    assert {
        name: (figure["value"], figure["peer_average"]) for name, figure in figures.items()
    } == {"uphold_rate": (56, 62), "remedy_rate": (40, 25), "upheld_per_100000": ("3.4", "3.2")}
