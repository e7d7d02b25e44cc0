"""Whom a letter has reached: who has not got it is written to again, and nobody else."""

from __future__ import annotations

import pytest

from letters.mail.attempts import Attempt, Fate, State, Word, digest_of_address
from letters.mail.envelope import Recipients
from letters.mail.reached import Missed, missed

CE, LINK, MONITOR = "ce@x.example", "link@x.example", "monitor@x.example"
TO = Recipients(CE, (("Link Officer", LINK), ("Monitoring Officer", MONITOR)))
ROLES = {CE: (0, "Chief Executive"), LINK: (1, "Link Officer"), MONITOR: (2, "Monitoring Officer")}


def attempt(
    number: int = 1, state: State = State.ACCEPTED, issue: int = 1, whom: str = ""
) -> Attempt:
    texts = ("a" * 64, "b" * 64, "<1@x>")
    return Attempt(number, "x", issue, *texts, state, "", "", "", "", "", number - 1, whom)


def word(
    address: str, fate: Fate, of: int = 1, at: str = "2020-07-22 09:30:00", source: str = "r"
) -> Word:
    place, role = ROLES.get(address, (1, "Link Officer"))
    taken = fate in (Fate.TAKEN, Fate.REFUSED)
    digest = digest_of_address(address)
    return Word(of, place, role, digest, fate, "", at, "" if taken else source)


def taken(of: int = 1, *addresses: str) -> list[Word]:
    return [word(one, Fate.TAKEN, of) for one in addresses or (CE, LINK, MONITOR)]


def test_what_was_taken_and_of_which_nothing_came_back_has_reached_all() -> None:
    assert missed([attempt()], taken(), TO) == Missed()
    assert not missed([attempt()], taken(), TO)


def test_a_letter_that_came_back_has_not_reached_the_chief_executive() -> None:
    words = [*taken(), word(CE, Fate.FAILED)]
    assert missed([attempt()], words, TO) == Missed(executive=True)


def test_a_delay_is_no_end() -> None:
    words = [*taken(), word(CE, Fate.DELAYED)]
    assert missed([attempt()], words, TO) == Missed()
    assert missed([attempt()], [*words, word(CE, Fate.FAILED)], TO).executive


def test_a_report_counts_whatever_the_clock_of_who_wrote_it_says() -> None:
    early = word(CE, Fate.FAILED, at="1999-01-01 00:00:00")
    assert missed([attempt()], [*taken(), early], TO).executive


@pytest.mark.parametrize("other", [Fate.HANDED_ON, Fate.DELIVERED, Fate.DELAYED])
@pytest.mark.parametrize(
    "at", ["2020-07-22 09:00:00", "2020-07-22 10:00:00", "2099-01-01 00:00:00"]
)
def test_no_other_report_outweighs_a_failure_whatever_its_date_and_order(
    other: Fate, at: str
) -> None:
    failed = word(CE, Fate.FAILED, at="2020-07-22 10:00:00", source="1")
    later = word(CE, other, at=at, source="2")
    for words in ([failed, later], [later, failed]):
        assert missed([attempt()], [*taken(), *words], TO).executive
    assert not missed([attempt()], [*taken(), later], TO)


def test_a_copy_that_was_refused_or_came_back_is_missed() -> None:
    words = [*taken(1, CE, MONITOR), word(LINK, Fate.REFUSED)]
    assert missed([attempt()], words, TO) == Missed(copies=(LINK,))
    words = [*taken(), word(MONITOR, Fate.FAILED)]
    assert missed([attempt()], words, TO) == Missed(copies=(MONITOR,))


def test_a_copy_with_another_address_now_is_missed_when_that_of_its_role_was() -> None:
    words = [*taken(1, CE, MONITOR), word("old@x.example", Fate.REFUSED)]
    assert missed([attempt()], words, TO) == Missed(copies=(LINK,))


def test_a_copy_that_the_contacts_have_since_is_none_that_was_missed() -> None:
    assert missed([attempt()], taken(1, CE, LINK), TO) == Missed()


def test_a_copy_that_nobody_is_any_more_is_not_written_to() -> None:
    words = [*taken(), word(LINK, Fate.FAILED)]
    assert (
        missed([attempt()], words, Recipients(CE, (("Monitoring Officer", MONITOR),))) == Missed()
    )


def test_what_was_sent_again_counts() -> None:
    again = [attempt(), attempt(2)]
    words = [*taken(), word(CE, Fate.FAILED), *taken(2)]
    assert missed(again, words, TO) == Missed()
    assert missed(again, [*words, word(CE, Fate.FAILED, 2)], TO).executive


def test_a_copy_that_was_sent_to_alone_leaves_the_chief_executive_as_before() -> None:
    alone = [attempt(), attempt(2, whom="copies")]
    words = [*taken(), word(CE, Fate.FAILED), word(LINK, Fate.FAILED), *taken(2, LINK)]
    assert missed(alone, words, TO) == Missed(executive=True)


def test_an_attempt_that_came_to_nothing_reaches_nobody_and_misses_nobody() -> None:
    assert missed([attempt(state=State.REFUSED)], [], TO) == Missed()
    assert missed([], [], None) == Missed()


def test_of_a_corrected_letter_only_its_own_reports_count() -> None:
    both = [attempt(), attempt(2, issue=2)]
    words = [*taken(), word(CE, Fate.FAILED), *taken(2)]
    assert missed(both, words, TO) == Missed()


def test_a_sending_of_which_the_server_s_word_is_lost_may_have_reached_whom_it_was_for() -> None:
    again = [attempt(), attempt(2)]
    words = [*taken(), word(LINK, Fate.FAILED)]
    assert missed(again, words, TO) == Missed()
    assert missed(again, [*words, word(CE, Fate.DELAYED, 2)], TO) == Missed()
    assert missed(again, [*words, word(LINK, Fate.FAILED, 2)], TO) == Missed(copies=(LINK,))
