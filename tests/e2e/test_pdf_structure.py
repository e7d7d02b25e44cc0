"""What makes a letter's PDF accessible and lasting: tags, language, title, metadata, fonts, the embedded figures."""

import io
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

import pikepdf
import pytest

from tests.press import MadeLetter
from tests.reading import pdf_pages

MAIDSTONE = "maidstone-borough-council"
TITLE = "Annual Review letter 2020: Maidstone Borough Council"


@pytest.fixture
def pdf(letters_2020: Mapping[str, MadeLetter]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(letters_2020[MAIDSTONE].pdf)) as opened:
        yield opened


def test_it_says_that_it_is_pdf_ua_1_and_pdf_a_3a(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_title_author_subject_language_and_dates(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo.Title) == TITLE
    assert str(pdf.docinfo.Author) == "Local Government and Social Care Ombudsman"
    assert "for the year ending 31 March 2020" in str(pdf.docinfo.Subject)
    assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20200722"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == TITLE
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2020-07-22"


def test_the_extension_schema_stands_in_the_same_rdf(pdf: pikepdf.Pdf) -> None:
    tree = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    assert len(list(tree.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"))) == 1


def test_headings_go_down_one_step_at_a_time(letters_2020: Mapping[str, MadeLetter]) -> None:
    for letter in letters_2020.values():
        levels = [int(kind[1]) for page in pdf_pages(letter.pdf) for kind in _headings(page)]
        assert levels == [1, 2, 2, 2, 3, 3, 3]


def test_bookmarks_follow_the_headings(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        (letter,) = outline.root
        assert letter.title == "Annual Review letter 2020"
        *sections, statistics = letter.children
        assert [section.title for section in sections] == [
            "Complaint statistics",
            "Resources to help you get it right",
        ]
        assert statistics.title == "Maidstone Borough Council"
        assert len(statistics.children) == 3


def test_links_are_real_and_described(pdf: pikepdf.Pdf) -> None:
    links = [
        note for page in pdf.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"
    ]
    assert {str(link.A.URI) for link in links} == {
        "https://www.lgo.org.uk/your-councils-performance",
        "https://www.lgo.org.uk/information-centre/reports/annual-review-reports/interpreting-local-authority-statistics",
        "https://www.lgo.org.uk/training",
    }
    assert all(str(link.Contents) for link in links)


def test_all_fonts_are_ours_and_embedded(pdf: pikepdf.Pdf) -> None:
    fonts = [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    for font in fonts:
        assert "Liberation-Sans" in str(font.FontName)
        assert any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_statistics_are_an_associated_file_of_the_kind_data(pdf: pikepdf.Pdf) -> None:
    (file,) = pdf.Root.AF
    assert str(file.UF) == "statistics.json"
    assert file.AFRelationship == "/Data"
    assert file.EF.F.Subtype == "/application/json"


def test_the_ring_s_alternative_text_says_what_it_shows(
    letters_2020: Mapping[str, MadeLetter],
) -> None:
    *_, page = pdf_pages(letters_2020[MAIDSTONE].pdf)
    assert [figure.alt for figure in page.all("Figure")] == [
        "Ring chart: 64% of complaints investigated were upheld. A mark shows the average of similar authorities, 45%.",
        "Ring chart: 100% of recommendations successfully implemented."
        " A mark shows the average of similar authorities, 99%.",
        "Ring chart: 14% of upheld cases had a satisfactory remedy before the complaint reached the Ombudsman."
        " A mark shows the average of similar authorities, 20%.",
    ]


def _headings(element: object) -> Iterator[str]:
    kind = getattr(element, "type", "")
    if kind in ("H1", "H2", "H3"):
        yield kind
    for part in getattr(element, "children", ()):
        yield from _headings(part)
