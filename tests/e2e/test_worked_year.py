"""The worked second year: the form of the later letters, in YAML and templates alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from letters.batch.draft import Drafts
from letters.campaign.load import Campaign, load
from tests.conftest import PROJECT
from tests.press import MadeLetter, Press
from tests.reading import pdf_pages, pdf_text, words_of_html

pytestmark = pytest.mark.no_cover

#: nothing at all, 199 of 200, a long name, no group, a paragraph, and one as most are
SLUGS = (
    "hart-district-council", "lancashire-county-council", "borough-council-of-kings-lynn-and-west-norfolk",
    "city-of-london-corporation", "arun-district-council", "maidstone-borough-council",
)  # fmt: skip
PANELS = [
    "What became of the complaints", "Complaints upheld", "Upheld for every 100,000 residents",
    "Compliance with recommendations", "Satisfactory remedies", "How to read this page",
]  # fmt: skip


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load(PROJECT, "specimen-2025")


@pytest.fixture(scope="module")
def letters(campaign: Campaign) -> Mapping[str, MadeLetter]:
    press = Press(PROJECT, campaign)
    return {slug: press.make(slug) for slug in SLUGS}


@pytest.fixture(scope="module")
def drafts(campaign: Campaign) -> Drafts:
    return Drafts(PROJECT, campaign)


def page_words(letter: MadeLetter, number: int) -> str:
    return " ".join(pdf_text(letter.pdf)[number].split())


def test_it_has_a_letter_for_each_authority_of_its_date_and_no_problem(campaign: Campaign) -> None:
    assert len(campaign.statistics) == 317
    assert campaign.problems == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_its_last_page_has_an_overview_and_four_figures(
    letters: Mapping[str, MadeLetter], slug: str
) -> None:
    *_, last = pdf_pages(letters[slug].pdf)

    assert [heading.text for heading in last.all("H3")] == PANELS
    assert len(list(last.all("Figure"))) == 4


def test_the_overview_adds_up_and_rates_are_of_residents(
    campaign: Campaign, letters: Mapping[str, MadeLetter]
) -> None:
    counts = campaign.statistics["maidstone-borough-council"]
    words = page_words(letters["maidstone-borough-council"], 2)

    stages = [counts[name] for name in ("not_for_us", "assessed_and_closed", "investigations")]
    assert counts["dealt_with"] == sum(stages)
    labels = (
        f"{counts['dealt_with']} dealt with",
        f"{stages[2]} investigated",
        f"{stages[0]} not for us",
    )
    for label in labels:
        assert label in words
    rate = 100_000 * counts["upheld"] / counts["residents"]
    assert f"{rate:.1f} upheld decisions for every 100,000 residents" in words
    assert f"Of {counts['upheld']} upheld decision" in words  # remedies: of upheld decisions


def test_nothing_of_2020_is_in_its_words(letters: Mapping[str, MadeLetter]) -> None:
    for letter in letters.values():
        words = " ".join(" ".join(words_of_html(letter.html)).split())
        assert "SPECIMEN" in words
        for old in ("detailed investigation", "Michael King", "2020", "2019", "last year", "178"):
            assert old not in words
        assert "21 May 2025" in words
        assert "Copied to: Leader of the Council and Monitoring Officer" in words


@pytest.mark.parametrize(
    ("dealt_with", "investigations", "upheld", "words"),
    [
        (0, 0, 0, "We dealt with no complaint about your organisation"),
        (None, 0, 0, "None of them needed an investigation"),
        (None, None, 0, "found no fault that called for a remedy"),
        (None, 1, 1, "We carried out one investigation, and upheld the complaint"),
        (None, 6, 6, "all of them ended with a complaint upheld"),
        (None, None, 1, "one of them ended with a complaint upheld: 1 upheld decision."),
        (None, None, 206, "some of them ended with a complaint upheld: 206 upheld decisions."),
    ],
)
def test_each_authority_has_its_own_words_for_what_became_of_its_complaints(
    campaign: Campaign,
    drafts: Drafts,
    dealt_with: int | None,
    investigations: int | None,
    upheld: int,
    words: str,
) -> None:
    wanted = {"dealt_with": dealt_with, "investigations": investigations, "upheld": upheld}
    slug = next(
        slug
        for slug, counts in campaign.statistics.items()
        if all(
            counts[name] > 1 if one is None else counts[name] == one for name, one in wanted.items()
        )
    )
    html = drafts.draft(slug).manuscript.html

    assert words in " ".join(words_of_html(html)), slug


def test_everybody_named_in_the_letter_has_a_copy(campaign: Campaign) -> None:
    for contacts in campaign.contacts.values():
        roles = [copy.role for copy in contacts.copies]
        assert roles == ["Leader of the Council", "Monitoring Officer"]


def test_no_python_was_needed_for_it() -> None:
    python = (path.read_text(encoding="utf-8") for path in (PROJECT / "letters").rglob("*.py"))
    own = re.compile(r"\b(?:dealt_with|not_for_us|assessed_and_closed|upheld_per_100000)\b")
    assert not [text for text in python if own.search(text)]
