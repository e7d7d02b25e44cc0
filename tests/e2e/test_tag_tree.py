"""The tag tree of finished letters against what is drawn: each piece is owned once, and in the order it is read."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pikepdf
import pytest

from letters.campaign.load import Campaign
from letters.typesetting.finished import read_back
from tests.conftest import PROJECT
from tests.golden.test_words import OFFICE, additions, original_words
from tests.press import MadeLetter, Press
from tests.reading import words_of_html

MAIDSTONE, CALDERDALE = "maidstone-borough-council", "calderdale-metropolitan-borough-council"
LONG = "a long letter"
BESPOKE = " ".join(f"Sentence {number} says what we found about this case." for number in range(70))
FOOT = ["Annual", "Review", "letter", "2020:", "Maidstone", "Borough", "Council"]
SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
PAINTS = SHOWS_TEXT | frozenset(("f", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"))


class Piece(NamedTuple):
    """A piece of marked content: the page it is on, and its number there."""

    page: int
    mcid: int


@pytest.fixture(scope="module")
def contents(
    campaign_2020: Campaign, letters_2020: Mapping[str, MadeLetter]
) -> Mapping[str, bytes]:
    """The letters of 2020, and one with a bespoke paragraph that goes over to another page."""
    letter = campaign_2020.letter.model_copy(update={"pages": None})
    campaign = replace(campaign_2020, letter=letter, paragraphs={MAIDSTONE: BESPOKE})
    long = Press(PROJECT, campaign).make(MAIDSTONE)
    return {slug: made.pdf for slug, made in letters_2020.items()} | {LONG: long.pdf}


@pytest.fixture(params=[MAIDSTONE, CALDERDALE, LONG])
def pdf(request: pytest.FixtureRequest, contents: Mapping[str, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(contents[request.param])) as opened:
        yield opened


@pytest.fixture
def long(contents: Mapping[str, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(contents[LONG])) as opened:
        yield opened


def kids(element: Any) -> list[Any]:
    if "/K" not in element:
        return []
    return list(element.K) if isinstance(element.K, pikepdf.Array) else [element.K]


def elements(element: Any) -> Iterator[Any]:
    """The elements at and below one, in reading order."""
    yield element
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def top_of(pdf: pikepdf.Pdf) -> Any:
    (top,) = kids(pdf.Root.StructTreeRoot)
    return top


def page_numbers(pdf: pikepdf.Pdf) -> dict[Any, int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def owned(pdf: pikepdf.Pdf) -> Iterator[tuple[Piece, Any]]:
    """Each piece that the tree owns and its element, in reading order."""
    pages = page_numbers(pdf)
    for element in elements(top_of(pdf)):
        for kid in kids(element):
            if not isinstance(kid, pikepdf.Dictionary):
                yield Piece(pages[element.Pg.objgen], int(kid)), element
            elif kid.get("/Type") == "/MCR":
                yield (
                    Piece(pages[kid.get("/Pg", element.get("/Pg")).objgen], int(kid.MCID)),
                    element,
                )


def drawn(pdf: pikepdf.Pdf) -> Iterator[Piece]:
    """Each piece of marked content that is no artifact, in the order in which it is drawn."""
    for number, page in enumerate(pdf.pages):
        for operands, operator in instructions(page):
            if operator == "BDC" and "/MCID" in operands[1]:
                yield Piece(number, int(operands[1].MCID))


def instructions(page: pikepdf.Page) -> Iterator[tuple[Any, str]]:
    """What draws a page: the operands and the operator of each instruction."""
    for one in pikepdf.parse_content_stream(page):
        yield one.operands, str(one.operator)


def of_kind(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element for element in elements(top_of(pdf)) if str(element.S) == f"/{kind}"]


def test_each_piece_of_content_is_owned_by_one_element(pdf: pikepdf.Pdf) -> None:
    pieces, owners = Counter(drawn(pdf)), Counter(piece for piece, _ in owned(pdf))
    assert len(pieces) > 100
    assert pieces == owners
    assert set(owners.values()) == {1}


def test_the_parent_tree_says_the_same_as_the_elements(pdf: pikepdf.Pdf) -> None:
    numbers: list[Any] = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    tree: dict[int, Any] = {
        int(number): one for number, one in zip(numbers[::2], numbers[1::2], strict=True)
    }
    told = {
        Piece(page, mcid): owner.objgen
        for page, sheet in enumerate(pdf.pages)
        for mcid, owner in enumerate(tree[int(sheet.StructParents)])
        if owner is not None
    }
    assert told == {piece: element.objgen for piece, element in owned(pdf)}


def test_every_element_s_parent_is_the_one_that_holds_it(pdf: pikepdf.Pdf) -> None:
    seen = list[tuple[int, int]]()
    for element in elements(top_of(pdf)):
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == element.objgen
                seen.append(kid.objgen)
    assert len(seen) == len(set(seen)) > 50


def test_links_are_owned_by_one_element_each(pdf: pikepdf.Pdf) -> None:
    notes = [note.objgen for page in pdf.pages for note in page.get("/Annots", [])]
    referred = [
        kid.Obj.objgen
        for link in of_kind(pdf, "Link")
        for kid in kids(link)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    ]
    assert sorted(referred) == sorted(notes)
    assert len(notes) >= 3


def test_all_that_is_painted_is_owned_or_an_artifact(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        marked: list[str] = []
        for operands, operator in instructions(page):
            match operator:
                case "BDC" | "BMC":
                    marked.append(str(operands[0]))
                case "EMC":
                    marked.pop()
                case sign if sign in PAINTS:
                    assert marked, f"{sign} stands outside of all that is marked"
        assert marked == []


def test_the_foot_of_each_page_is_an_artifact_and_nothing_else_that_has_words(
    pdf: pikepdf.Pdf,
) -> None:
    for page in pdf.pages:
        feet, inside = 0, ""
        for operands, operator in instructions(page):
            if operator in ("BDC", "BMC"):
                inside = str(operands[0])
                paged = len(operands) > 1 and dict(operands[1].items()) == {
                    "/Type": pikepdf.Name.Pagination
                }
                feet += inside == "/Artifact" and paged
                is_foot = inside == "/Artifact" and paged
            elif operator in SHOWS_TEXT and inside == "/Artifact":
                assert is_foot
        assert feet == 2, "the letter's name, and the number of the page"


def test_a_letter_is_one_document_with_one_part_and_one_article(pdf: pikepdf.Pdf) -> None:
    assert str(top_of(pdf).S) == "/Document"
    kinds = Counter(str(element.S) for element in elements(top_of(pdf)))
    assert (kinds["/Document"], kinds["/Part"], kinds["/Art"]) == (1, 1, 1)


def test_content_is_drawn_in_the_order_in_which_it_is_read(pdf: pikepdf.Pdf) -> None:
    assert [piece for piece, _ in owned(pdf)] == list(drawn(pdf))


def test_a_paragraph_over_two_pages_is_one_element(long: pikepdf.Pdf) -> None:
    pages = page_numbers(long)
    over_two = [
        paragraph
        for paragraph in of_kind(long, "P")
        if len({pages[one.Pg.objgen] for one in elements(paragraph) if "/Pg" in one}) > 1
    ]
    assert len(long.pages) == 4
    assert len(over_two) == 1


def test_a_longer_letter_has_the_same_elements_but_for_its_paragraph(
    contents: Mapping[str, bytes],
) -> None:
    kinds = {}
    for name in (MAIDSTONE, LONG):
        with pikepdf.open(io.BytesIO(contents[name])) as opened:
            kinds[name] = Counter(str(element.S) for element in elements(top_of(opened)))
    more = kinds[LONG] - kinds[MAIDSTONE]
    assert {kind: times for kind, times in more.items() if kind != "/Span"} == {"/Div": 1, "/P": 1}


def test_the_pdf_s_text_is_the_original_letter_in_its_order(contents: Mapping[str, bytes]) -> None:
    added = additions(read_back(contents[MAIDSTONE]).text.split(), original_words())
    said = " ".join(added)
    for foot in ("1 of 3", "2 of 3", "3 of 3"):
        assert " ".join((*FOOT, foot)) in said
    assert said.count(OFFICE) == 2


def test_the_pdf_s_text_has_all_words_of_the_html_in_their_order(
    letters_2020: Mapping[str, MadeLetter], contents: Mapping[str, bytes]
) -> None:
    for slug, letter in letters_2020.items():
        additions(read_back(contents[slug]).text.split(), words_of_html(letter.html))


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        (
            "Complaints upheld",
            (
                "64%",
                "of complaints we investigated were upheld",
                "This compares",
                "7 upheld",
                "Statistics are based",
            ),
        ),
        (
            "Compliance with Ombudsman recommendations",
            ("100%", "In 100% of cases", "This compares", "Statistics are based"),
        ),
        (
            "Satisfactory remedies provided by the authority",
            (
                "14%",
                "In 14% of upheld cases",
                "This compares",
                "1 satisfactory",
                "Statistics are based",
            ),
        ),
    ],
)
def test_each_panel_says_heading_ring_sentence_comparison_number_and_basis_in_that_order(
    contents: Mapping[str, bytes], heading: str, parts: tuple[str, ...]
) -> None:
    text = " ".join(read_back(contents[MAIDSTONE]).text.split())
    at = text.rindex(heading)
    for part in parts:
        following = text.find(part, at)
        assert following > at, f"{part!r} in {text[at : at + 300]!r}"
        at = following
