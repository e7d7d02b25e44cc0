"""The letters of the specimen year: the pages, the structure, the figures they carry, and their way by e-mail."""

import io
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from letters.campaign.load import Campaign
from letters.campaign.records import MailServer
from letters.cli.outgoing import look
from letters.errors import LetterError
from letters.figures import all_figures
from letters.mail.attempts import State
from letters.mail.choice import Wish, choose
from letters.mail.ledger import Ledger
from letters.mail.post import Post
from letters.mail.run import Clock, Pace, Run
from letters.typesetting.finished import read_back
from tests.conftest import PROJECT
from tests.e2e.mail_server import PASSWORD, USER
from tests.e2e.post_office import PostOffice, mail_server, trusted
from tests.paper import build_folder
from tests.press import MadeLetter
from tests.reading import Element, pdf_pages, pdf_text, words_of_html

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

PANELS = [
    "Complaints upheld",
    "Compliance with Ombudsman recommendations",
    "Satisfactory remedies provided by the authority",
]
NOTE = "compliance rate below 100%"  #: the one percentage in the words

Letters = Mapping[str, MadeLetter]
Pages = Mapping[str, Sequence[Element]]


@pytest.fixture(scope="session")
def letters(specimen_letters: Mapping[str, MadeLetter | LetterError]) -> Letters:
    """The letters that came out; that all did is a test of its own."""
    return {
        slug: letter for slug, letter in specimen_letters.items() if isinstance(letter, MadeLetter)
    }


@pytest.fixture(scope="session")
def pages(letters: Letters) -> Pages:
    """The pages of each letter, as a screen reader walks them."""
    return {slug: pdf_pages(letter.pdf) for slug, letter in letters.items()}


def failures(letters: Mapping[str, MadeLetter | LetterError]) -> list[str]:
    return [str(error) for error in letters.values() if isinstance(error, LetterError)]


def test_every_letter_comes_out(specimen_letters: Mapping[str, MadeLetter | LetterError]) -> None:
    assert failures(specimen_letters) == []
    assert len(specimen_letters) > 100


def test_a_letter_has_three_pages_and_with_a_bespoke_paragraph_at_most_four(
    specimen: Campaign, letters: Letters
) -> None:
    standard = {letter.pages for slug, letter in letters.items() if slug not in specimen.paragraphs}
    bespoke = {letters[slug].pages for slug in specimen.paragraphs}
    assert standard == {3}
    assert bespoke <= {3, 4}


def test_the_statistics_stand_on_the_last_page_alone(pages: Pages) -> None:
    for slug, (*before, last) in pages.items():
        assert [heading.text for heading in last.all("H3")] == PANELS, slug
        assert not any(list(page.all("H3")) for page in before), slug


def test_the_sign_off_is_never_alone_on_a_page_and_no_heading_ends_one(pages: Pages) -> None:
    for slug, (*before, _) in pages.items():
        for page in before:
            blocks = [element for element in _blocks(page) if element.text.strip()]
            assert blocks[-1].type not in ("H1", "H2"), slug
            if "Yours sincerely" in page.text:
                assert "We have a well-established" in page.text, slug


def test_every_page_says_specimen_and_so_does_the_html(letters: Letters) -> None:
    for slug, letter in letters.items():
        assert all("SPECIMEN" in text for text in pdf_text(letter.pdf)), slug
        assert words_of_html(letter.html)[0] == "SPECIMEN", slug


def test_the_pdf_reads_aloud_what_the_html_says(letters: Letters, pages: Pages) -> None:
    for slug, letter in letters.items():
        read = "".join(page.text for page in pages[slug])
        assert "".join(read.split()) == "".join(words_of_html(letter.html)), slug


def test_every_ring_has_words_in_its_place(specimen: Campaign, pages: Pages) -> None:
    for slug, figures in all_figures(specimen).items():
        if slug not in pages:
            continue
        *_, last = pages[slug]
        alternatives = [figure.alt for figure in last.all("Figure")]
        assert len(alternatives) == len(figures)
        for alternative, figure in zip(alternatives, figures.values(), strict=True):
            expected = "without a percentage" if figure.printed is None else f": {figure.printed}% "
            assert expected in alternative, slug


def test_the_embedded_statistics_are_the_printed_figures(letters: Letters, pages: Pages) -> None:
    for slug, letter in letters.items():
        statistics = json.loads(embedded(letter))
        assert statistics["authority"]["slug"] == slug
        *_, page = pages[slug]
        printed = re.findall(r"\d+%", "".join(page.text.split()).replace("".join(NOTE.split()), ""))
        figures = [
            figure for figure in statistics["figures"].values() if figure["value"] is not None
        ]
        values = [(figure["value"], figure["peer_average"]) for figure in figures]
        assert printed == [f"{value}%" for pair in values for value in pair if value is not None], (
            slug
        )


@pytest.mark.slow
def test_343_letters_go_to_343_councils_each_exactly_its_own(
    tmp_path: Path, specimen: Campaign, specimen_letters: Mapping[str, MadeLetter | LetterError]
) -> None:
    root = tmp_path / "office"
    for name in ("data", "templates"):
        shutil.copytree(PROJECT / name, root / name)
    assert failures(specimen_letters) == []
    build_folder(root, specimen, specimen_letters)
    for slug in specimen.statistics:
        folder = root / "data/specimen/attachments" / slug
        folder.mkdir(parents=True)
        (folder / "cases.csv").write_text(f"confidential,{slug}\n")
    outgoing = look(root, "specimen", ())
    parcels = outgoing.parcels
    choice = choose(specimen, parcels, (), None, Wish())
    assert len(choice.to_send) + len(choice.without_address) == 343
    with mail_server(tmp_path / "server") as server:
        post = Post(
            MailServer(host="localhost", port=int((server / "port").read_text()), user=USER), PASSWORD,
            "letters@office.example", trusted(server),
        )  # fmt: skip
        books = Ledger(tmp_path / "ledger.sqlite3")
        clock = Clock(lambda: datetime.now(UTC), lambda seconds: True)
        run = Run(
            root, specimen, outgoing.frozen, parcels, choice.issues, books, post, clock,
            Pace(between=0, waits=(), refusals_in_a_row=1), largest=0, really=False,
        )  # fmt: skip
        with post:
            results = list(run.send(choice.to_send))
        assert {result.state for result in results} == {State.ACCEPTED}
        assert [attempt.slug for attempt in books.attempts()] == list(choice.to_send)
        books.close()
        taken = PostOffice(root, server).taken()
    assert len(taken) == len(choice.to_send)
    for slug, (envelope, mail) in zip(choice.to_send, taken, strict=True):
        assert_is_the_letter_of(slug, specimen, envelope, mail)


def assert_is_the_letter_of(
    slug: str, campaign: Campaign, envelope: list[str], mail: EmailMessage
) -> None:
    contacts, name = campaign.contacts[slug], campaign.register[slug].name
    assert contacts.chief_executive and contacts.chief_executive.email
    assert envelope[1:] == [
        contacts.chief_executive.email,
        *(copy.email for copy in contacts.copies),
    ]
    pdf, cases = (part.get_payload(decode=True) for part in mail.iter_attachments())
    assert isinstance(pdf, bytes)
    letter = read_back(pdf)
    assert letter.statistics["authority"]["slug"] == slug
    assert name in letter.title and name in letter.text.replace("\n", " ")
    assert letter.statistics["counts"] == campaign.statistics[slug]
    assert cases == f"confidential,{slug}\n".encode()
    assert name in " ".join(str(mail["Subject"]).split())


def embedded(letter: MadeLetter) -> bytes:
    with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
        (attachment,) = pdf.attachments.values()
        assert attachment.filename == "statistics.json"
        return attachment.get_file().read_bytes()


def _blocks(page: Element) -> Iterator[Element]:
    """The headings and paragraphs of a page, in reading order."""
    for part in page.children:
        if isinstance(part, Element):
            if part.type in ("P", "H1", "H2", "H3", "L"):
                yield part
            else:
                yield from _blocks(part)
