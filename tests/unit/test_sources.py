"""Where figures come from, as SOURCES.md says, and how it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.campaign.markdown import document, sections_of
from letters.errors import Place
from letters.preview.sources import source_of, sources_of

LETTER = Place("data/2024/letter.yaml", 12, 5)
TABLE = """\
# Where it is from

All of it.

## letter.yaml

| what | source |
|---|---|
| district averages | the letter to Ashby |
| county averages | notes |

More about it.

### In detail

Nothing.

## What is unknown

The rest.
"""


def put(root: Path, text: str, folder: str = "data/2024") -> None:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "SOURCES.md").write_text(text, encoding="utf-8")


def test_of_a_place_the_section_that_is_headed_by_its_file_is_told(tmp_path: Path) -> None:
    put(tmp_path, TABLE)

    found = source_of(tmp_path, "2024", LETTER)

    assert found is not None
    assert (found.file, found.heading) == ("data/2024/SOURCES.md", "letter.yaml")
    for words in ("county averages", "More about it.", "In detail"):
        assert words in found.html
    assert "All of it." not in found.html and "The rest." not in found.html


def test_rows_that_speak_of_what_is_asked_stand_for_the_section(tmp_path: Path) -> None:
    put(tmp_path, TABLE)

    found = source_of(tmp_path, "2024", LETTER, "district")
    other = source_of(tmp_path, "2024", LETTER, "london")

    assert found is not None and other is not None
    assert "<td>the letter to Ashby</td>" in found.html and "<th>source</th>" in found.html
    assert "county" not in found.html and "More about it." not in found.html
    assert "county" in other.html, "where no row does, it is the whole section"


def test_a_section_of_the_register_s_sources_is_found_too(tmp_path: Path) -> None:
    put(tmp_path, "# Year\n")
    put(tmp_path, "## letter.yaml\n\nFrom the office.\n", "data")

    found = source_of(tmp_path, "2024", LETTER)

    assert found is not None and found.file == "data/SOURCES.md"


@pytest.mark.parametrize("text", ["", "\n", "no heading", "# Another\n\nletter.yaml is not headed"])
def test_where_nothing_is_written_down_nothing_is_told(tmp_path: Path, text: str) -> None:
    assert source_of(tmp_path, "2024", LETTER) is None
    put(tmp_path, text)
    assert source_of(tmp_path, "2024", LETTER) is None


def test_the_texts_about_a_year_are_shown_whole(tmp_path: Path) -> None:
    assert sources_of(tmp_path, "2024") == ()
    put(tmp_path, TABLE)
    put(tmp_path, "# Register\n", "data")

    assert [one.file for one in sources_of(tmp_path, "2024")] == [
        "data/2024/SOURCES.md",
        "data/SOURCES.md",
    ]


def test_a_document_keeps_links_to_the_web_and_the_words_of_others() -> None:
    html = document("[a](https://x.example/) and [b](../SOURCES.md) and [c](javascript:alert)")

    assert '<a href="https://x.example/">a</a> and b and' in html
    assert html.count("<a ") == 1


def test_html_in_a_document_shows_as_written_and_its_headings_are_below_the_page_s() -> None:
    html = document("# One\n\n<script>alert(1)</script>\n")

    assert "<h2>One</h2>" in html
    assert "<script" not in html and "&lt;script&gt;" in html


def test_a_text_falls_into_the_sections_of_its_headings() -> None:
    sections = dict(sections_of(TABLE))

    assert [*sections] == ["Where it is from", "letter.yaml", "What is unknown"]
    assert sections["What is unknown"] == "## What is unknown\n\nThe rest.\n"
    assert dict(sections_of("no heading at all")) == {}
