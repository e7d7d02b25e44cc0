"""Whom a letter has reached: who has not got it is written to again, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from letters.mail.attempts import Attempt, Fate, State, Word, digest_of_address
from letters.mail.envelope import Recipients
from letters.mail.reached import Missed, came_back_from, missed

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


def copy(place: int, address: str, fate: Fate = Fate.TAKEN, of: int = 1) -> Word:
    """Of an address that the tests' own recipients do not have."""
    return replace(word(address, fate, of), place=place)


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


def test_new_addresses_of_the_role_of_one_that_was_lost_have_missed_it_and_no_others() -> None:
    """Nobody knows which of two stands for it, and neither was ever written to."""
    two = Recipients(CE, (("Link Officer", "new@x.example"), ("Link Officer", "other@x.example")))
    words = [*taken(1, CE), copy(1, "a@x.example"), copy(2, "b@x.example", Fate.REFUSED)]
    assert missed([attempt()], words, two) == Missed(copies=("new@x.example", "other@x.example"))
    one_left = Recipients(CE, (("Link Officer", "new@x.example"),))
    assert missed([attempt()], words, one_left) == Missed(copies=("new@x.example",))
    words = [*taken(1, CE), copy(1, "a@x.example", Fate.REFUSED), copy(2, "b@x.example")]
    one_stays = Recipients(CE, (("Link Officer", "a@x.example"), ("Link Officer", "new@x.example")))
    assert missed([attempt()], words, one_stays) == Missed(copies=("a@x.example",))


def test_who_took_over_with_another_role_gets_what_the_one_before_missed() -> None:
    other = Recipients(CE, (("Head of Legal", "law@x.example"), ("Monitoring Officer", MONITOR)))
    words = [*taken(1, CE, MONITOR), word(LINK, Fate.REFUSED)]
    assert missed([attempt()], words, other) == Missed(copies=("law@x.example",))
    assert missed([attempt()], taken(), other) == Missed()
    who_had_it_left = Recipients(CE, (("Head of Legal", "law@x.example"),))
    assert missed([attempt()], words, who_had_it_left) == Missed(copies=("law@x.example",))


def test_where_the_server_s_word_is_lost_only_the_same_role_stands_for_another() -> None:
    """Who was written to is not known: another copy may have got it."""
    new = Recipients(CE, (("Link Officer", LINK), ("Monitoring Officer", "new@x.example")))
    words = [replace(word(MONITOR, Fate.FAILED), source="r")]
    assert missed([attempt()], words, new) == Missed(copies=("new@x.example",))
    other = Recipients(CE, (("Link Officer", LINK), ("Head of Legal", "law@x.example")))
    assert missed([attempt()], words, other) == Missed()


def test_an_address_that_took_the_place_of_another_is_the_only_one_that_did() -> None:
    new = Recipients(CE, (("Link Officer", "new@x.example"), ("Head of Legal", "law@x.example")))
    words = [*taken(1, CE), word(LINK, Fate.REFUSED), copy(1, "new@x.example", of=2)]
    assert missed([attempt(), attempt(2, whom="copies")], words, new) == Missed()
    third = Recipients(CE, (("Link Officer", "third@x.example"),))
    assert missed([attempt(), attempt(2, whom="copies")], words, third) == Missed()
    words.append(copy(1, "new@x.example", Fate.FAILED, of=2))
    again = missed([attempt(), attempt(2, whom="copies")], words, third)
    assert again == Missed(copies=("third@x.example",))


def test_a_copy_that_is_new_is_none_that_was_missed_where_the_lost_one_has_a_successor() -> None:
    words = [*taken(1, CE), word(LINK, Fate.REFUSED)]
    words.append(replace(copy(1, "law@x.example", of=2), role="Head of Legal"))
    for legal in ("law@x.example", "law.2@x.example"):
        press = Recipients(CE, (("Press", "press@x.example"), ("Head of Law", legal)))
        assert missed([attempt(), attempt(2, whom="copies")], words, press) == Missed()


def test_a_report_that_comes_after_another_copy_was_sent_to_counts() -> None:
    """The monitoring officer was refused at once; that the other one came back was known later."""
    words = [*taken(1, CE, LINK), word(MONITOR, Fate.REFUSED), *taken(2, MONITOR)]
    words.append(word(LINK, Fate.FAILED))
    new = Recipients(CE, (("Link Officer", "new@x.example"), ("Monitoring Officer", MONITOR)))
    tries = [attempt(), attempt(2, whom="copies")]
    assert missed(tries, words, new) == Missed(copies=("new@x.example",))


def test_what_the_server_said_of_a_message_that_it_did_not_take_says_nothing_of_addresses() -> None:
    words = [*taken(1, CE, LINK), word(CE, Fate.FAILED), *taken(2)]
    tries = [attempt(), attempt(2, State.DEFERRED)]
    assert came_back_from(tries, words, CE)
    assert not came_back_from([attempt(), attempt(2)], words, CE)


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
