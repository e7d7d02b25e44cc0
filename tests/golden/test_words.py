"""The letter to Maidstone against the original, word for word, and the words of the letters that differ from it."""

import io
import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from pathlib import Path

import pikepdf
import pytest

from tests.press import MadeLetter
from tests.reading import pdf_pages, words_of_html

ORIGINAL = Path(__file__).with_name("original-maidstone-2020.txt")
MAIDSTONE = "maidstone-borough-council"

#: What ours says beyond the text extracted from the original: the letterhead, which was a picture; on the
#: statistics page the office's name, and what the extraction lost: the first panel's heading and the two big numbers.
OFFICE = "Local Government & Social Care Ombudsman"
ADDED = [OFFICE, OFFICE, "Complaints upheld", "7", "1"]


def original_words() -> list[str]:
    """The original's words; emphasis and underlining are not words."""
    return re.sub(r"\*\*|</?u>", "", ORIGINAL.read_text(encoding="utf-8")).split()


def additions(ours: list[str], original: list[str]) -> list[str]:
    """What stands in ours and not in the original, piece by piece; fails when ours lacks or changes a word."""
    added = []
    for kind, start, end, first, last in SequenceMatcher(
        None, original, ours, autojunk=False
    ).get_opcodes():
        assert kind in ("equal", "insert"), (
            f"{' '.join(original[start:end])!r} became {' '.join(ours[first:last])!r}"
        )
        if kind == "insert":
            added.append(" ".join(ours[first:last]))
    return added


def test_the_html_is_the_original_word_for_word(letters_2020: Mapping[str, MadeLetter]) -> None:
    assert additions(words_of_html(letters_2020[MAIDSTONE].html), original_words()) == ADDED


def test_a_screen_reader_reads_the_same_words_from_the_pdf_in_the_same_order(
    letters_2020: Mapping[str, MadeLetter],
) -> None:
    """Compared without spaces, for a PDF has none where a line ends."""
    for letter in letters_2020.values():
        read = "".join(page.text for page in pdf_pages(letter.pdf))
        assert "".join(read.split()) == "".join(words_of_html(letter.html))


def test_the_statistics_in_the_pdf_are_as_agreed(
    letters_2020: Mapping[str, MadeLetter], golden: Callable[[str, str], None]
) -> None:
    for slug, letter in letters_2020.items():
        with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
            (attachment,) = pdf.attachments.values()
            golden(f"{slug}-statistics.json", attachment.get_file().read_bytes().decode("utf-8"))


CASES = ["calderdale-metropolitan-borough-council"]


@pytest.mark.parametrize("slug", CASES)
def test_the_words_of_2020_are_as_agreed(
    slug: str, letters_2020: Mapping[str, MadeLetter], golden: Callable[[str, str], None]
) -> None:
    golden(f"{slug}-2020.txt", _lines(letters_2020[slug].html))


def _lines(html: str) -> str:
    """The text of a letter, a block a line, as `make goldens` keeps it."""
    body = re.sub(
        r"<svg.*?<title>(.*?)</title>.*?</svg>",
        r"<p>[\1]</p>",
        html.split("<body", 1)[1],
        flags=re.DOTALL,
    )
    blocks = re.split(r"</?(?:p|h1|h2|h3|br|address|div|section|li)\b[^>]*>", "<p" + body)
    lines = (" ".join(words_of_html(block)) for block in blocks)
    return "\n".join(line for line in lines if line) + "\n"
