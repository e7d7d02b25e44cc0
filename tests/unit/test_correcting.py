"""What a correction reaches: what differs from the letters that were sent, and nothing else."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from letters.batch.draft import Drafts
from letters.campaign.load import load
from letters.mail.archive import keep_sent
from letters.mail.attempts import Attempt, State
from letters.mail.correcting import Kind, Reach, reach_of
from letters.typesetting.pdf import Typesetter
from tests.conftest import put_small_year
from tests.doing import edit

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


class Year:
    """The small year, its letters kept as if they had been sent."""

    def __init__(self, root: Path) -> None:
        self.root = put_small_year(root)
        figures, letter = (
            root / "data/2024/statistics.yaml",
            root / "templates/2024/letter.html.jinja",
        )
        edit(figures, "investigations: 9, upheld: 5", "investigations: 10, upheld: 6")
        edit(figures, "investigations: 4, upheld: 3", "investigations: 101, upheld: 61")
        edit(
            letter,
            '<p class="basis">',
            '{% if figure.below_average %}<p>Below others.</p>{% endif %}<p class="basis">',
        )
        self.attempts = tuple(self._sent())

    def _sent(self) -> list[Attempt]:
        drafts, found = Drafts(self.root, load(self.root, "2024")), []
        typesetter = Typesetter(drafts.stationery)
        for number, slug in enumerate((ASHBY, BIRCH, CEDAR), start=1):
            draft = drafts.draft(slug)
            pdf = typesetter.pdf(draft.manuscript).content
            texts = (sha256(pdf).hexdigest(), "b" * 64, f"<{number}@x>")
            one = Attempt(number, slug, 1, *texts, State.ACCEPTED, "", "", "", "", "")
            keep_sent(self.root, "2024", one, {"pdf": pdf, "html": draft.html})
            found.append(one)
        return found

    def reach(self) -> Reach:
        return reach_of(Drafts(self.root, load(self.root, "2024")), self.root, self.attempts)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(tmp_path_factory.mktemp("office"))


def test_where_nothing_has_changed_no_letter_is_otherwise_also_by_an_exact_average(
    year: Year,
) -> None:
    """60% beside an exact average of 60.36%, which prints as 60%: Ashby is below others."""
    reach = year.reach()
    assert {one.kind for one in reach.letters.values()} == {Kind.SAME}
    assert not any(one.words or one.old for one in reach.letters.values())
    assert (reach.not_sent, reach.not_kept) == ((), ())


def test_a_sentence_that_follows_from_the_figures_is_no_other_word(year: Year) -> None:
    figures = year.root / "data/2024/statistics.yaml"
    edit(figures, "investigations: 10, upheld: 6", "investigations: 10, upheld: 8")
    try:
        reached = year.reach().letters
    finally:
        edit(figures, "investigations: 10, upheld: 8", "investigations: 10, upheld: 6")
    assert (reached[ASHBY].kind, reached[ASHBY].words) == (Kind.OWN, ())
    assert set(reached[ASHBY].printed) >= {"upheld", "uphold_rate", "uphold_rate.average"}
    assert (reached[BIRCH].kind, reached[BIRCH].words) == (Kind.AVERAGE, ())
    assert reached[CEDAR].kind is Kind.SAME


def test_another_sentence_is_told_with_the_words_around_it(year: Year) -> None:
    letter = year.root / "data/2024/letter.yaml"
    edit(letter, "returned: 1203", "returned: 1302")
    try:
        reached = year.reach().letters
    finally:
        edit(letter, "returned: 1302", "returned: 1203")
    assert {one.kind for one in reached.values()} == {Kind.WORDS}
    (passage,) = reached[CEDAR].words
    assert (passage.was, passage.now) == (
        "… in March and April; 1,203 complaints came back to …",
        "… in March and April; 1,302 complaints came back to …",
    )


def test_the_person_whom_a_letter_addresses_is_no_word_of_it(year: Year) -> None:
    contacts = year.root / "data/2024/contacts.yaml"
    edit(contacts, "surname: Elm", "surname: Fir")
    try:
        assert year.reach().letters[CEDAR].kind is Kind.SAME
    finally:
        edit(contacts, "surname: Fir", "surname: Elm")
