"""Letters that fail are shown: their pages as they came out, what is wrong outlined, and never among the letters."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from letters.batch.build import Build
from letters.check import gather
from letters.errors import Spot
from letters.typesetting.finished import as_draft
from letters.typesetting.manuscript import Note
from tests.doing import edit, run
from tests.reading import pdf_text

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
TEMPLATE = "templates/2024/letter.html.jinja"
RED = (190, 30, 45)


def build(root: Path, *slugs: str, show_failed: bool = True) -> dict[str, bool]:
    """Build a year in this process; of each letter that was due, whether it failed."""
    edition = gather(root, "2024", mail=False).sound()
    with ThreadPoolExecutor(1) as worker:
        outcomes = Build(edition.drafts, slugs, show_failed=show_failed).run(worker, 1)
        return {outcome.slug: outcome.error is not None for outcome in outcomes}


def draft_of(root: Path, slug: str) -> Path:
    return root / "build/2024/failed" / f"{slug}.pdf"


def frames(pdf: bytes, page: int) -> Iterator[tuple[float, ...]]:
    """Where something is outlined on a page: left, bottom, right, top."""
    with pypdfium2.PdfDocument(pdf) as document:
        for item in document[page - 1].get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            channels = [raw.c_uint() for _ in range(4)]
            raw.FPDFPageObj_GetStrokeColor(item, *channels)
            if tuple(channel.value for channel in channels[:3]) == RED:
                yield item.get_bounds()


@pytest.fixture
def too_wide(small_year: Path) -> Path:
    """A year in which one letter has a panel with a word that is too long for it."""
    basis = '<p class="basis">Out of'
    only = f'{{% if letter.slug == "{ASHBY}" %}}<p class="note">{"x" * 120}</p>{{% endif %}}'
    edit(small_year / TEMPLATE, basis, f"{only}\n{basis}")
    return small_year


def test_the_pages_of_a_letter_that_fails_are_kept_apart_with_what_is_wrong_outlined(
    too_wide: Path,
) -> None:
    done = run("build", "2024", "--root", too_wide, "--draft")

    assert done.exit_code == 1
    assert "2024: 2 letters made, 1 failed" in done.output
    assert "2024: 1 draft of what failed in " in done.output
    made = sorted(path.name for path in (too_wide / "build/2024/letters").iterdir())
    assert made == [f"{slug}.{kind}" for slug in (BIRCH, CEDAR) for kind in ("html", "pdf")]
    pdf = draft_of(too_wide, ASHBY).read_bytes()
    *pages, told = pdf_text(pdf)
    assert all("DRAFT" in page for page in pages)
    assert "What is wrong with this letter" in told
    assert "1 the panel Upheld overflows" in " ".join(told.split())
    outlined = list(frames(pdf, 2))
    assert len(outlined) >= 3, "one for each panel"
    assert all(right > left and top > bottom for left, bottom, right, top in outlined)


def test_without_being_asked_for_no_draft_is_kept_and_an_old_one_goes(too_wide: Path) -> None:
    build(too_wide)
    assert draft_of(too_wide, ASHBY).exists()
    assert build(too_wide, show_failed=False) == {ASHBY: True}
    assert not draft_of(too_wide, ASHBY).exists()


def test_a_letter_that_is_mended_has_no_draft_any_more(too_wide: Path) -> None:
    build(too_wide)
    edit(too_wide / TEMPLATE, "x" * 120, "short")
    assert build(too_wide) == {ASHBY: False}
    assert not draft_of(too_wide, ASHBY).exists()
    assert run("verify", "2024", "--root", too_wide).exit_code == 0


def test_a_draft_of_another_letter_is_left_alone(too_wide: Path) -> None:
    build(too_wide)
    assert build(too_wide, BIRCH) == {}
    assert draft_of(too_wide, ASHBY).exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence", "seen"),
    [
        ("You had", "You <strong>had", "<strong> is not closed", "1 investigation"),
        (
            "You had",
            'You <a href="nowhere">had</a>',
            'a link leads to "nowhere"',
            "1 investigation",
        ),
        ("You had", "You had \N{SNOWMAN}", "no font has the character", "1 investigation"),
        (
            "You had",
            "{{ letter.nothing }} You had",
            'there is no "nothing"',
            "complaints came back",
        ),
    ],
    ids=["tag", "link", "character", "name"],
)
def test_a_letter_whose_words_are_wrong_is_shown_as_far_as_it_was_written(
    small_year: Path, old: str, new: str, sentence: str, seen: str
) -> None:
    edit(small_year / TEMPLATE, old, new)
    assert build(small_year, CEDAR) == {CEDAR: True}
    *pages, told = pdf_text(draft_of(small_year, CEDAR).read_bytes())
    assert seen in pages[0]
    assert sentence in " ".join(told.split())
    assert any(frames(draft_of(small_year, CEDAR).read_bytes(), 1))
    assert not any((small_year / "build/2024/letters").iterdir())


def test_a_note_without_spots_is_outlined_where_its_text_stands(small_year: Path) -> None:
    assert build(small_year, CEDAR) == {CEDAR: False}
    pdf = (small_year / f"build/2024/letters/{CEDAR}.pdf").read_bytes()
    notes = [
        Note("these words", "complaints came back"),
        Note("a place", spots=(Spot(2, 100, 200, 300, 400),)),
        Note("nowhere", "words that are not there"),
    ]
    draft, pages = as_draft(pdf, notes)
    assert pages == len(pypdfium2.PdfDocument(pdf)) + 1
    ((left, bottom, right, top),) = frames(draft, 1)
    assert 50 < left < right < 545 and 400 < bottom < top < 800
    ((left, bottom, right, top),) = frames(draft, 2)
    assert (round(left), round(bottom), round(right), round(top)) == (96, 196, 304, 404)
    told = " ".join(pdf_text(draft)[-1].split())
    assert all(f"{number} {note.sentence}" in told for number, note in enumerate(notes, start=1))


def test_a_whole_build_leaves_no_draft_of_somebody_who_has_gone(too_wide: Path) -> None:
    build(too_wide)
    stranger = draft_of(too_wide, "gone-council")
    stranger.write_bytes(draft_of(too_wide, ASHBY).read_bytes())
    (stranger.parent / ".part-1234").write_bytes(b"half")
    edit(too_wide / TEMPLATE, "x" * 120, "short")
    build(too_wide)
    assert list(stranger.parent.iterdir()) == []


@pytest.mark.parametrize("number", [0, 7])
def test_a_page_without_panels_or_with_too_many_is_no_letter(small_year: Path, number: int) -> None:
    panels = '{% call panel("One") %}<p>word</p>{% endcall %}' * number
    text = (small_year / TEMPLATE).read_text("utf-8")
    start, end = text.index("{% for heading"), text.rindex("{% endfor %}") + len("{% endfor %}")
    (small_year / TEMPLATE).write_text(text[:start] + panels + text[end:], "utf-8")
    assert build(small_year, CEDAR) == {CEDAR: True}
    told = " ".join(pdf_text(draft_of(small_year, CEDAR).read_bytes())[-1].split())
    assert f"1 the statistics page has {number or 'no'} panels" in told


def test_where_no_draft_can_be_made_the_same_command_is_not_told_again(small_year: Path) -> None:
    (small_year / TEMPLATE).unlink()
    told = run("build", "2024", "--root", small_year, "--draft", "--jobs", "1")
    assert told.exit_code == 1
    assert "--draft" not in told.output
