"""What a correction reaches: what differs from the letters that were sent, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from letters.batch.draft import Drafts
from letters.campaign.corrections import Correction
from letters.campaign.load import load
from letters.errors import CampaignError
from letters.mail.archive import keep_sent
from letters.mail.attempts import Attempt, State
from letters.mail.correcting import Kind, Reach, reach_of
from letters.mail.recording import Account, record, recorded, with_digests
from letters.typesetting.context import printed_correction
from letters.typesetting.pdf import Typesetter
from tests.conftest import put_small_year
from tests.doing import edit

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


STATISTICS, LETTER = "data/2024/statistics.yaml", "templates/2024/letter.html.jinja"
ASHBY_COUNTS, BIRCH_COUNTS = "investigations: 9, upheld: 5", "investigations: 4, upheld: 3"


class Year:
    """The small year, its letters kept as if they had been sent."""

    def __init__(self, root: Path, *edits: tuple[str, str, str]) -> None:
        self.root = put_small_year(root)
        for edit_ in edits:
            self.mend(*edit_)
        self.attempts: tuple[Attempt, ...] = ()
        self.send(ASHBY, BIRCH, CEDAR)

    def copy(self, root: Path) -> Year:
        """The same for one test alone, which changes it."""
        other = object.__new__(Year)
        other.root = Path(shutil.copytree(self.root, root / "office"))
        other.attempts = self.attempts
        return other

    def mend(self, file: str, old: str, new: str) -> None:
        edit(self.root / file, old, new)

    def send(self, *slugs: str, issue: int = 1) -> None:
        """Keep these letters as if they had been sent as they are now."""
        drafts = Drafts(self.root, load(self.root, "2024"))
        typesetter = Typesetter(drafts.stationery)
        for slug in slugs:
            number, draft = len(self.attempts) + 1, drafts.draft(slug)
            pdf = typesetter.pdf(draft.manuscript).content
            texts = (sha256(pdf).hexdigest(), "b" * 64, f"<{number}@x>")
            one = Attempt(number, slug, issue, *texts, State.ACCEPTED, "", "", "", "", "")
            keep_sent(self.root, "2024", one, {"pdf": pdf, "html": draft.html})
            self.attempts += (one,)

    def reach(self) -> Reach:
        return reach_of(Drafts(self.root, load(self.root, "2024")), self.root, self.attempts)


def sentence(condition: str, words: str, other: str = "") -> tuple[str, str, str]:
    """An edit of the template: in each panel these words, where that is so."""
    basis = '<p class="basis">'
    said = f"{{% if {condition} %}}<p>{words}</p>{{% else %}}<p>{other or 'Else.'}</p>{{% endif %}}"
    return LETTER, basis, f"{said}{basis}"


BELOW = "{% if figure.below_average %}<p>Below others.</p>{% endif %}"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(
        tmp_path_factory.mktemp("office"),
        (STATISTICS, ASHBY_COUNTS, "investigations: 10, upheld: 6"),
        (STATISTICS, BIRCH_COUNTS, "investigations: 101, upheld: 61"),
        (LETTER, '<p class="basis">', f'{BELOW}<p class="basis">'),
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(tmp_path_factory.mktemp("plain"))


@pytest.fixture
def sent(plain: Year, tmp_path: Path) -> Year:
    """The small year, to be changed."""
    return plain.copy(tmp_path)


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


# What is printed, and what follows from it ---------------------------------------------------------------------------


def test_a_sentence_that_turns_with_a_count_that_is_not_printed_is_told(tmp_path: Path) -> None:
    """How many wrote stands in no letter; that they are many does."""
    year = Year(
        tmp_path,
        (
            "data/2024/letter.yaml",
            "counts:\n",
            "counts:\n  wrote: {singular: person, plural: people}\n",
        ),
        (STATISTICS, "population: 147000", "population: 147000, wrote: 7"),
        (STATISTICS, "population: 100000", "population: 100000, wrote: 7"),
        (STATISTICS, "population: 51000", "population: 51000, wrote: 7"),
        sentence("letter.counts.wrote.value > 5", "Many.", "Few."),
    )
    year.mend(STATISTICS, "population: 100000, wrote: 7", "population: 100000, wrote: 5")
    one = year.reach().letters[BIRCH]
    assert not one.printed
    assert (one.is_wrong, one.elsewhere, one.kind) == (True, False, Kind.OWN)
    assert any("Many." in passage.was and "Few." in passage.now for passage in one.words)


def test_a_sentence_that_turns_with_an_exact_average_is_told(tmp_path: Path) -> None:
    """60% beside 60% is above others or below, by the average that is worked out."""
    year = Year(
        tmp_path,
        (STATISTICS, ASHBY_COUNTS, "investigations: 10, upheld: 6"),
        (STATISTICS, BIRCH_COUNTS, "investigations: 1000, upheld: 604"),
        sentence("figure.below_average", "Below others.", "Above others."),
    )
    year.mend(STATISTICS, "upheld: 604", "upheld: 599")
    one = year.reach().letters[ASHBY]
    assert (one.kind, one.elsewhere, one.of_average) == (Kind.AVERAGE, False, True)
    assert any("Below others." in words.was and "Above others." in words.now for words in one.words)


def test_a_rate_above_a_thousand_is_told_as_it_is_printed(sent: Year) -> None:
    sent.mend(STATISTICS, "population: 100000", "population: 250")
    one = sent.reach().letters[BIRCH]
    assert "upheld_per_100000" in one.printed
    assert (one.old["upheld_per_100000"], one.new["upheld_per_100000"]) == ("3.0", "1,200.0")
    assert not one.words


def test_a_value_that_no_letter_prints_is_not_told_though_another_looks_like_it(
    tmp_path: Path,
) -> None:
    spare = "  spare_rate: {count: upheld, of: investigations, undefined: None.}"
    year = Year(tmp_path, ("data/2024/letter.yaml", "measures:\n", f"measures:\n{spare}\n"))
    year.mend(STATISTICS, "upheld: 3, remedied: 0", "upheld: 2, remedied: 0")
    one = year.reach().letters[BIRCH]
    assert one.old["spare_rate"] == one.old["uphold_rate"] == "75%"
    assert "uphold_rate" in one.printed and "spare_rate" not in one.printed


def test_values_are_found_whatever_stands_beside_them(tmp_path: Path) -> None:
    beside = (
        "{% if figure.average %}<p>{{ figure.value or '-' }}/{{ figure.average }}</p>{% endif %}"
    )
    year = Year(
        tmp_path,
        (LETTER, '<p class="comparison">Others: {{ figure.average }}</p>', ""),
        (LETTER, 'others: " ~ (figure.average or "unknown")', 'others"'),
        (LETTER, '<p class="basis">', f'{beside}<p class="basis">'),
    )
    year.mend(STATISTICS, "upheld: 3, remedied: 0", "upheld: 2, remedied: 0")
    letters = year.reach().letters
    assert "uphold_rate.average" in letters[ASHBY].printed
    assert "uphold_rate.average" in letters[BIRCH].printed


def test_what_is_right_of_other_words_is_as_the_letter_of_now_says_it(sent: Year) -> None:
    sent.mend(LETTER, "Out of {{ figure.base }}", "From {{ figure.base }}")
    sent.mend(STATISTICS, BIRCH_COUNTS, "investigations: 5, upheld: 2")
    one = sent.reach().letters[BIRCH]
    assert one.elsewhere
    right = " ".join(words.now for words in one.words)
    assert "From 5 investigations" in right and "3 upheld decisions" not in right


def test_the_day_of_the_letter_that_was_sent_is_told_whatever_the_day_of_now(sent: Year) -> None:
    sent.mend("data/2024/letter.yaml", "letter_date: 2024-07-17", "letter_date: 2024-07-18")
    assert f"{sent.reach().letters[BIRCH].dated}" == "2024-07-17"


def test_another_title_is_another_word(sent: Year) -> None:
    sent.mend(LETTER, "Annual letter to", "Yearly letter to")
    assert {one.kind for one in sent.reach().letters.values()} == {Kind.WORDS}


def test_an_average_that_was_printed_without_a_figure_is_known_again(tmp_path: Path) -> None:
    """Birch upheld nothing: it has no remedy rate, and its letter prints that of others."""
    year = Year(tmp_path, (STATISTICS, BIRCH_COUNTS, "investigations: 4, upheld: 0"))
    year.mend(STATISTICS, "remedied: 2", "remedied: 3")
    one = year.reach().letters[BIRCH]
    assert (one.kind, one.elsewhere) == (Kind.AVERAGE, False)
    assert any("40%" in words.was and "60%" in words.now for words in one.words)


def test_a_letter_in_doubt_is_named(sent: Year) -> None:
    sent.attempts = (*sent.attempts[:2], replace(sent.attempts[2], state=State.UNKNOWN))
    reach = sent.reach()
    assert (reach.unknown, reach.not_sent) == ((CEDAR,), ())


# What is recorded ----------------------------------------------------------------------------------------------------


def account(reason: str = "Counted twice.", also: tuple[str, ...] = ()) -> Account:
    return Account(reason, "Ada", also=also)


def write(year: Year, account: Account, today: date = date(2024, 8, 5)) -> tuple[Correction, ...]:
    """What `letters correct --write` records."""
    drafts = Drafts(year.root, load(year.root, "2024"))
    reach = reach_of(drafts, year.root, year.attempts)
    found = recorded(drafts.campaign, reach, account, today)
    record(year.root, "2024", with_digests(drafts, year.root, found, reach))
    return load(year.root, "2024").corrections


@pytest.fixture
def wrong(sent: Year) -> Year:
    """One count of Birch was wrong, and is mended."""
    sent.mend(STATISTICS, "upheld: 3, remedied: 0", "upheld: 2, remedied: 0")
    return sent


def test_a_reason_is_told_anew_before_it_is_sent_and_the_day_with_it(wrong: Year) -> None:
    (first,) = write(wrong, account("Counted twise."))
    (second,) = write(wrong, account(), date(2024, 8, 7))
    assert (second.id, second.reason, second.date) == (first.id, "Counted twice.", date(2024, 8, 7))
    assert second.letters[BIRCH].sha256 != first.letters[BIRCH].sha256


def test_the_same_again_is_the_same(wrong: Year) -> None:
    assert write(wrong, account()) == write(wrong, account())


def test_another_name_in_the_address_is_taken_up(wrong: Year) -> None:
    (first,) = write(wrong, account())
    wrong.mend("data/2024/contacts.yaml", "surname: Oak", "surname: Fir")
    (second,) = write(wrong, account())
    assert second.letters[ASHBY].sha256 != first.letters[ASHBY].sha256
    assert second.letters[BIRCH] == first.letters[BIRCH]


def test_what_was_mended_back_is_taken_out(wrong: Year) -> None:
    write(wrong, account())
    wrong.mend(STATISTICS, "upheld: 2, remedied: 0", "upheld: 3, remedied: 0")
    assert write(wrong, account()) == ()
    assert not (wrong.root / "data/2024/corrections.yaml").exists()


def test_a_second_mistake_leaves_the_reason_of_the_first_alone(wrong: Year) -> None:
    write(wrong, account())
    wrong.mend(STATISTICS, "population: 51000", "population: 50000")
    first, second = write(wrong, account("The residents were those of the year before."))
    assert (first.reason, set(first.letters)) == ("Counted twice.", {ASHBY, BIRCH})
    assert (second.id, set(second.letters)) == ("2024-C2", {CEDAR})


def test_reasons_for_other_words_stand_where_these_are_alone(wrong: Year) -> None:
    wrong.mend(
        LETTER,
        '<div class="close">',
        "{% if letter.slug == 'cedar-fire-authority' %}<p>We met.</p>{% endif %}<div class=\"close\">",
    )
    (one,) = write(wrong, account(also=("We met in June.",)))
    campaign = load(wrong.root, "2024")
    also = {slug: printed_correction(campaign, slug) for slug in one.letters}
    assert {slug: text.also for slug, text in also.items() if text} == {
        ASHBY: (), BIRCH: (), CEDAR: ("We met in June.",),
    }  # fmt: skip


def test_other_words_are_never_only_noted(wrong: Year) -> None:
    wrong.mend("data/2024/letter.yaml", "pages: 2", "pages: 2\ncorrect_averages: note")
    (one,) = write(wrong, account())
    assert (set(one.letters), set(one.noted)) == ({BIRCH}, {ASHBY})
    wrong.mend("data/2024/letter.yaml", "returned: 1203", "returned: 1302")
    (one,) = write(wrong, account(also=("So many came back.",)))
    assert (set(one.letters), set(one.noted)) == ({ASHBY, BIRCH, CEDAR}, set())


def test_what_was_noted_is_sent_again_once_it_is_to_be(wrong: Year) -> None:
    wrong.mend("data/2024/letter.yaml", "pages: 2", "pages: 2\ncorrect_averages: note")
    write(wrong, account())
    wrong.mend("data/2024/letter.yaml", "correct_averages: note", "correct_averages: reissue")
    corrections = write(wrong, account())
    assert {slug for one in corrections for slug in one.letters} == {ASHBY, BIRCH}


def test_a_correction_belongs_to_an_authority_whatever_it_is_called_since(wrong: Year) -> None:
    write(wrong, account())
    for file in ("data/authorities.yaml", STATISTICS, "data/2024/contacts.yaml"):
        wrong.mend(file, f"{BIRCH}:", "birch-city-council:")
    was, now = "{name: Birch District", f"{{formerly: [{BIRCH}], name: Birch City"
    wrong.mend("data/authorities.yaml", was, now)
    assert load(wrong.root, "2024").corrected("birch-city-council")


def test_a_correction_that_was_sent_in_part_is_known_again(tmp_path: Path) -> None:
    """Ashby's letter is held against the averages of before, though Birch's counts are new ones."""
    year = Year(
        tmp_path,
        (STATISTICS, ASHBY_COUNTS, "investigations: 10, upheld: 6"),
        (STATISTICS, BIRCH_COUNTS, "investigations: 1000, upheld: 604"),
        (LETTER, '<p class="basis">', f'{BELOW}<p class="basis">'),
    )
    year.mend(STATISTICS, "upheld: 604", "upheld: 599")
    (first,) = write(year, account())
    year.send(BIRCH, issue=2)
    assert not year.reach().letters[ASHBY].elsewhere
    assert write(year, account()) == (first,)
    year.send(ASHBY, issue=2)
    assert {one.kind for one in year.reach().letters.values()} == {Kind.SAME}


def test_what_was_sent_is_never_recorded_otherwise(wrong: Year) -> None:
    (first,) = write(wrong, account())
    wrong.send(BIRCH, ASHBY, issue=2)
    wrong.mend(STATISTICS, "upheld: 2, remedied: 0", "upheld: 1, remedied: 0")
    before, second = write(wrong, account("So it was."), date(2024, 8, 7))
    assert before == first
    assert (second.id, second.letters[BIRCH].issue, second.letters[BIRCH].dated) == (
        "2024-C2", 3, date(2024, 8, 5),
    )  # fmt: skip
    assert not second.letters[BIRCH].words


def test_a_corrected_letter_that_is_noted_since_tells_what_is_right_now(wrong: Year) -> None:
    write(wrong, account())
    wrong.send(BIRCH, ASHBY, issue=2)
    wrong.mend("data/2024/letter.yaml", "pages: 2", "pages: 2\ncorrect_averages: note")
    wrong.mend(STATISTICS, ASHBY_COUNTS, "investigations: 9, upheld: 9")
    _, second = write(wrong, account("So it was."))
    assert set(second.noted) == {BIRCH}
    told = printed_correction(load(wrong.root, "2024"), BIRCH)
    assert told and ("Uphold rate, average of similar authorities", "62%", "85%") in [
        (one.name, one.was, one.now) for one in told.values
    ]


def test_letters_of_authorities_that_get_none_any_more_are_named(wrong: Year) -> None:
    for file in (STATISTICS, "data/2024/contacts.yaml"):
        lines = (wrong.root / file).read_text().splitlines(keepends=True)
        kept, left = [], False
        for line in lines:
            left = line.startswith(CEDAR) if not line.startswith(" ") else left
            kept += [] if left else [line]
        (wrong.root / file).write_text("".join(kept))
    assert wrong.reach().left_out == (CEDAR,)


# What stands in the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (f"    {BIRCH}:", "    brich-district-council:", "2024-C1: there is no authority"),
        ("issue: 2", "issue: 1", "has issue 1 already"),
        ("2024-C1", "2023-C1", "2023-C1 is a correction of letters of 2023"),
        ("printed: [", "printed: [letters, ", "letters is printed, and is not both old and new"),
    ],
)
def test_corrections_that_do_not_go_together_are_told(
    wrong: Year, old: str, new: str, sentence: str
) -> None:
    write(wrong, account())
    wrong.mend("data/2024/corrections.yaml", old, new)
    assert any(sentence in one for one in faults(wrong))


def test_a_correction_that_was_copied_is_told(wrong: Year) -> None:
    write(wrong, account())
    file = wrong.root / "data/2024/corrections.yaml"
    file.write_text(file.read_text() + file.read_text().split("\n\n", 1)[1])
    assert "2024-C1 is there 2 times" in faults(wrong)


def faults(year: Year) -> list[str]:
    with pytest.raises(CampaignError) as raised:
        load(year.root, "2024")
    return [one.sentence for one in raised.value.problems]
