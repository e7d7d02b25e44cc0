"""Which letters a run will send: each is in one place, and the doubtful ones are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.corrections import Correction, Replacement
from letters.campaign.load import Campaign, load
from letters.campaign.records import Authority
from letters.errors import MailError
from letters.mail.approvals import Seal, approved
from letters.mail.attempts import Attempt, State
from letters.mail.choice import (
    Choice,
    Issue,
    Wish,
    check_renamed,
    choose,
    issue_after,
    last_attempts,
)
from letters.mail.envelope import Envelope, Recipients
from letters.mail.ledger import Ledger
from letters.mail.parcels import Parcel
from letters.typesetting.finished import Told
from tests.conftest import SMALL_YEAR

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
ALL = (ASHBY, BIRCH, CEDAR)
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)
PLACES = "to_send sent corrected doubtful refused unapproved without_address".split()


@dataclass(frozen=True)
class Room:
    """A campaign and its parcels."""

    campaign: Campaign
    parcels: Mapping[str, Parcel]

    def seal(self, slug: str) -> Seal:
        return self.parcels[slug].seal


@pytest.fixture(scope="module")
def room() -> Room:
    """The small year's; its PDFs are none, for nobody opens them here."""
    return Room(load(SMALL_YEAR, "2024"), {slug: parcel(slug) for slug in ALL})


def parcel(slug: str) -> Parcel:
    envelope = Envelope("Office", "office@office.example", "", Recipients(f"ce@{slug}.example"))
    digest, told = f"{ALL.index(slug)}" * 64, Told(slug, 1, {})
    return Parcel(slug, Path(slug), digest, 1, told, {}, "Dear Ms Ash", Path(slug), "", envelope)


@pytest.fixture
def books() -> Iterator[Ledger]:
    ledger = Ledger(None)
    yield ledger
    ledger.close()


def note(books: Ledger, seal: Seal, state: State, issue: int = 1) -> None:
    """An attempt with the letter as the seal has it."""
    claim = books.claim(seal.slug, issue, seal.sha256, seal.envelope, "<1@x>", NOW)
    books.settle(claim, state, "", NOW)


def chosen(room: Room, books: Ledger, named: bool = False) -> Choice:
    return choose(room.campaign, room.parcels, books.attempts(), None, Wish(named))


def correction(parcels: Mapping[str, Parcel], *slugs: str, issue: int = 2) -> Correction:
    """A correction of some letters, which are those of these parcels now."""
    letters = {
        slug: Replacement(issue=issue, replaces="0" * 64, sha256=parcels[slug].sha256)
        for slug in slugs
    }
    return Correction(
        id=f"2024-C{issue}",
        date=NOW.date(),
        by="Ada",
        reason="Wrong",
        severity="minor",
        letters=letters,
    )


def with_correction(room: Room, *slugs: str, issue: int = 2) -> Room:
    one = correction(room.parcels, *slugs, issue=issue)
    return replace(room, campaign=replace(room.campaign, corrections=(one,)))


def without_address(room: Room) -> Room:
    """The same without an address of Birch."""
    birch = room.parcels[BIRCH]
    nowhere = replace(birch, envelope=replace(birch.envelope, recipients=None))
    return replace(room, parcels={**room.parcels, BIRCH: nowhere})


def of_two_approvers(room: Room) -> Room:
    letter = room.campaign.letter.model_copy(update={"approvers": 2})
    return replace(room, campaign=replace(room.campaign, letter=letter))


def with_register(room: Room, **changes: dict[str, object]) -> Campaign:
    """The campaign with other entries in its register, by slug with underscores."""
    register = {
        slug: register_entry.model_copy(update=changes.get(slug.replace("-", "_"), {}))
        for slug, register_entry in room.campaign.register.items()
    }
    return replace(room.campaign, register=register)


def test_what_was_never_tried_is_sent_in_the_order_asked_for(room: Room) -> None:
    choice = choose(
        room.campaign, {slug: room.parcels[slug] for slug in (CEDAR, ASHBY)}, {}, None, Wish()
    )
    assert choice.to_send == (CEDAR, ASHBY)
    assert choice.issues == {CEDAR: Issue(), ASHBY: Issue()}


def test_what_was_put_off_is_sent(room: Room, books: Ledger) -> None:
    note(books, room.seal(BIRCH), State.DEFERRED)
    assert chosen(room, books).to_send == ALL


def test_what_was_accepted_as_it_is_is_never_sent_again(room: Room, books: Ledger) -> None:
    note(books, room.seal(BIRCH), State.ACCEPTED)
    choice = chosen(room, books, named=True)
    assert (choice.sent, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))


@pytest.mark.parametrize(
    ("changed", "place"), [({"sha256": "0" * 64}, "corrected"), ({"envelope": "0" * 64}, "beside")]
)
def test_what_was_accepted_and_has_changed_since_is_sent_only_when_it_is_corrected(
    room: Room, books: Ledger, changed: dict[str, str], place: str
) -> None:
    """A letter that is as it was is not wrong because it has another envelope now."""
    note(books, replace(room.seal(BIRCH), **changed), State.ACCEPTED)
    choice = chosen(room, books, named=True)
    assert (getattr(choice, place), choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    choice = chosen(with_correction(room, BIRCH), books)
    assert choice.to_send == ALL
    assert choice.issues[BIRCH] == Issue(2, "Wrong", answers=("<1@x>",))
    another = replace(room.parcels[BIRCH], sha256="9" * 64)  # than the correction was recorded for
    again = replace(with_correction(room, BIRCH), parcels={BIRCH: another})
    assert chosen(again, books).corrected == (BIRCH,)


@pytest.mark.parametrize("changed", [{}, {"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_what_may_have_been_sent_waits_for_a_person_whatever_is_asked_for(
    room: Room, books: Ledger, changed: dict[str, str]
) -> None:
    note(books, replace(room.seal(BIRCH), **changed), State.UNKNOWN)
    for one, named in ((room, False), (room, True), (with_correction(room, BIRCH), True)):
        choice = chosen(one, books, named)
        assert (choice.doubtful, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))


def test_what_was_refused_is_tried_again_only_when_it_is_named(room: Room, books: Ledger) -> None:
    note(books, room.seal(BIRCH), State.REFUSED)
    choice = chosen(room, books)
    assert (choice.refused, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    assert chosen(room, books, named=True).to_send == ALL


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_what_was_refused_and_has_changed_since_is_tried_again(
    room: Room, books: Ledger, changed: dict[str, str]
) -> None:
    note(books, replace(room.seal(BIRCH), **changed), State.REFUSED)
    assert chosen(room, books).to_send == ALL


def test_what_nobody_approved_is_left_out_where_somebody_s_word_is_needed(room: Room) -> None:
    approvals = approved([room.seal(ASHBY)], {}, "Ada", NOW)
    choice = choose(room.campaign, room.parcels, (), approvals, Wish(named=True))
    assert (choice.to_send, choice.unapproved) == ((ASHBY,), (BIRCH, CEDAR))


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_an_approval_is_for_one_letter_and_one_envelope(
    room: Room, changed: dict[str, str]
) -> None:
    approvals = approved([replace(room.seal(BIRCH), **changed)], {}, "Ada", NOW)
    assert choose(
        room.campaign, {BIRCH: room.parcels[BIRCH]}, (), approvals, Wish(named=True)
    ).unapproved == (BIRCH,)


def test_where_two_people_must_approve_one_is_not_enough(room: Room) -> None:
    two = of_two_approvers(room)
    once = approved([two.seal(BIRCH)], {}, "Ada", NOW)
    assert BIRCH in choose(two.campaign, two.parcels, (), once, Wish(named=True)).unapproved
    twice = approved([two.seal(BIRCH)], once, "Bob", NOW)
    assert choose(two.campaign, two.parcels, (), twice, Wish(named=True)).to_send == (BIRCH,)


def test_a_name_that_only_looks_like_the_first_one_s_is_no_second_person(room: Room) -> None:
    two = of_two_approvers(room)
    once = approved([two.seal(BIRCH)], {}, "Ida Torn", NOW)
    assert approved([two.seal(BIRCH)], once, "lda Tom", NOW) == once
    other = approved([two.seal(BIRCH)], {}, "lda Tom", NOW)
    both = {BIRCH: (*once[BIRCH], *other[BIRCH])}  # typed into the file
    assert BIRCH in choose(two.campaign, two.parcels, (), both, Wish(named=True)).unapproved


def test_what_has_no_address_is_told_so_whether_it_is_approved_or_not_and_holds_back_no_other(
    room: Room,
) -> None:
    nowhere = without_address(room)
    everything = approved([nowhere.seal(slug) for slug in ALL], {}, "Ada", NOW)
    for approvals in (None, everything):
        choice = choose(nowhere.campaign, nowhere.parcels, (), approvals, Wish())
        assert (choice.without_address, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    assert choose(nowhere.campaign, nowhere.parcels, (), {}, Wish()).without_address == (BIRCH,)


def test_a_letter_that_was_accepted_is_no_new_one_when_its_address_has_gone(
    room: Room, books: Ledger
) -> None:
    note(books, room.seal(BIRCH), State.ACCEPTED)
    assert chosen(without_address(room), books).beside == (BIRCH,)


@given(
    st.dictionaries(st.sampled_from(ALL), st.tuples(st.sampled_from(list(State)), st.booleans())),
    st.sets(st.sampled_from(ALL)),
    st.booleans(),
    st.booleans(),
)
def test_every_letter_is_in_one_place_and_what_may_be_there_is_never_sent_again(
    room: Room, tried: dict[str, tuple[State, bool]], by_ada: set[str], named: bool, reason: bool
) -> None:
    room = with_correction(room, *ALL) if reason else room
    books = Ledger(None)
    for slug, (state, same) in tried.items():
        seal = room.seal(slug)
        note(books, seal if same else replace(seal, sha256="0" * 64), state)
    approvals = approved([room.seal(slug) for slug in by_ada], {}, "Ada", NOW)
    approvals = approved([room.seal(slug) for slug in by_ada], approvals, "Bob", NOW)
    choice = choose(room.campaign, room.parcels, books.attempts(), approvals, Wish(named))
    books.close()
    assert sorted(slug for place in PLACES for slug in getattr(choice, place)) == sorted(ALL)
    assert set(choice.issues) == set(choice.to_send)
    assert set(choice.to_send) <= by_ada
    for slug in set(choice.to_send) & set(tried):
        state, same = tried[slug]
        assert state is not State.UNKNOWN
        assert state is not State.ACCEPTED or reason


def attempt(
    state: State, slug: str = "elder-council", issue: int = 1, reason: str = "", number: int = 1
) -> Attempt:
    digests = ("a" * 64, "b" * 64)
    return Attempt(number, slug, issue, *digests, "<1@x>", state, "", "", "", "", reason)


OLD = (attempt(State.ACCEPTED),)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNKNOWN])
@pytest.mark.parametrize("named", [False, True])
def test_a_letter_that_may_have_gone_out_under_another_name_is_asked_about(
    room: Room, state: State, named: bool
) -> None:
    with pytest.raises(MailError) as stopped:
        check_renamed(room.campaign, (attempt(state),), (BIRCH,), named)
    assert str(stopped.value) == (
        "the ledger has a letter to elder-council, which the campaign no longer has:"
        f" is it one of {BIRCH} under another name? Then write formerly: [elder-council] there, in"
        " data/authorities.yaml, and it is not written to twice; if it is another one, bring"
        " elder-council back there, with the day on which it ended"
    )


def test_of_many_that_it_may_be_three_are_named(room: Room) -> None:
    new = (*ALL, "dale-council")
    with pytest.raises(MailError, match=rf"is it one of {', '.join(ALL)} \.\.\. under another"):
        check_renamed(room.campaign, OLD, new, named=False)


def test_who_is_still_in_the_register_and_gets_no_letter_stops_nobody_who_is_named(
    room: Room,
) -> None:
    register = {**room.campaign.register, "elder-council": Authority(name="Elder Council")}
    campaign = replace(room.campaign, register=register)
    with pytest.raises(
        MailError, match="if it is another one, name the letters that are to be sent"
    ):
        check_renamed(campaign, OLD, (BIRCH,), named=False)
    check_renamed(campaign, OLD, (BIRCH,), named=True)


def test_an_authority_that_has_ended_was_not_renamed(room: Room) -> None:
    ended = Authority(name="Elder Council", ended=NOW.date())
    campaign = replace(room.campaign, register={**room.campaign.register, "elder-council": ended})
    check_renamed(campaign, OLD, ALL, named=False)


@pytest.mark.parametrize("state", [State.REFUSED, State.DEFERRED])
def test_what_never_went_out_to_an_authority_that_is_gone_is_no_matter(
    room: Room, state: State
) -> None:
    check_renamed(room.campaign, (attempt(state),), ALL, named=False)


@pytest.mark.parametrize("state", [State.REFUSED, State.DEFERRED])
def test_a_letter_that_went_out_counts_also_when_its_correction_did_not(
    room: Room, state: State
) -> None:
    attempts = (*OLD, attempt(state, issue=2, number=2))
    with pytest.raises(MailError, match="is it one of"):
        check_renamed(room.campaign, attempts, (BIRCH,), named=False)


def test_where_the_books_know_all_that_are_to_be_sent_none_is_a_new_name(room: Room) -> None:
    attempts = (*OLD, attempt(State.DEFERRED, BIRCH))
    check_renamed(room.campaign, attempts, (BIRCH,), named=False)
    check_renamed(room.campaign, attempts, (), named=False)
    with pytest.raises(MailError, match=f"is it one of {CEDAR} under another name"):
        check_renamed(room.campaign, attempts, (BIRCH, CEDAR), named=False)


def test_letters_to_authorities_that_are_still_there_are_no_matter(room: Room) -> None:
    attempts = (attempt(State.ACCEPTED, ASHBY),)
    check_renamed(room.campaign, attempts, (BIRCH, CEDAR), named=False)


# Slugs of before ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (State.ACCEPTED, "corrected"),
        (State.UNKNOWN, "doubtful"),
        (State.DEFERRED, "to_send"),
        (State.REFUSED, "to_send"),
    ],
)
def test_what_became_of_a_letter_under_the_slug_of_before_counts(
    room: Room, state: State, place: str
) -> None:
    campaign = with_register(room, birch_district_council={"formerly": ("elder-council",)})
    attempts = (attempt(state),)
    check_renamed(campaign, attempts, ALL, named=False)
    choice = choose(campaign, room.parcels, attempts, None, Wish(named=True))
    assert BIRCH in getattr(choice, place)


@pytest.mark.parametrize("state", [State.DEFERRED, State.REFUSED])
def test_what_was_accepted_is_not_sent_again_when_its_correction_came_to_nothing(
    room: Room, books: Ledger, state: State
) -> None:
    note(books, room.seal(BIRCH), State.ACCEPTED)
    note(books, replace(room.seal(BIRCH), sha256="0" * 64), state, issue=2)
    for named in (False, True):
        assert chosen(room, books, named).sent == (BIRCH,)


def test_who_was_renamed_twice_is_asked_about_while_the_register_tells_of_one_only(
    room: Room,
) -> None:
    between = Authority(name="Between Council", formerly=("elder-council",))
    register = {**room.campaign.register, "between-council": between}
    campaign = replace(room.campaign, register=register)
    with pytest.raises(MailError, match="the ledger has a letter to elder-council"):
        check_renamed(campaign, OLD, (BIRCH,), named=False)


def test_a_corrected_letter_to_who_was_renamed_is_the_second_issue(room: Room) -> None:
    campaign = with_register(room, birch_district_council={"formerly": ("elder-council",)})
    campaign = replace(campaign, corrections=(correction(room.parcels, BIRCH),))
    choice = choose(campaign, room.parcels, OLD, None, Wish())
    assert choice.issues[BIRCH] == Issue(2, "Wrong", answers=("<1@x>",))


def test_a_letter_that_went_out_under_one_slug_counts_more_than_a_later_one_that_did_not(
    room: Room,
) -> None:
    campaign = with_register(room, birch_district_council={"formerly": ("elder-council",)})
    taken, later = attempt(State.ACCEPTED), attempt(State.DEFERRED, BIRCH, number=2)
    assert last_attempts(campaign, (taken, later)) == {BIRCH: taken}
    corrected = attempt(State.DEFERRED, BIRCH, issue=2, number=3)
    assert last_attempts(campaign, (taken, later, corrected)) == {BIRCH: corrected}


def test_the_first_issue_of_a_letter_is_1() -> None:
    assert issue_after(None, None) == Issue(1, "")


@pytest.mark.parametrize("state", list(State))
def test_a_further_issue_comes_only_with_a_correction(room: Room, state: State) -> None:
    last = attempt(state, BIRCH)
    assert issue_after(last, None) == Issue(1)
    corrected = with_correction(room, BIRCH).campaign.corrected(BIRCH)
    answers = ("<1@x>",) if state is State.ACCEPTED else ()
    assert issue_after(last, corrected, [last]) == Issue(2, "Wrong", answers=answers)


def test_a_corrected_letter_wants_two_people_whatever_the_others_want(
    room: Room, books: Ledger
) -> None:
    note(books, replace(room.seal(BIRCH), sha256="0" * 64), State.ACCEPTED)
    room = with_correction(room, BIRCH)
    once = approved([room.seal(slug) for slug in ALL], {}, "Ada", NOW)
    choice = choose(room.campaign, room.parcels, books.attempts(), once, Wish())
    assert (choice.unapproved, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    twice = approved([room.seal(BIRCH)], once, "Bob", NOW)
    assert choose(room.campaign, room.parcels, books.attempts(), twice, Wish()).to_send == ALL


def test_a_letter_that_is_only_noted_is_as_good_as_sent(room: Room, books: Ledger) -> None:
    note(books, replace(room.seal(BIRCH), sha256="0" * 64), State.ACCEPTED)
    one = correction(room.parcels, BIRCH)
    noted = one.model_copy(update={"letters": {}, "noted": one.letters})
    room = replace(room, campaign=replace(room.campaign, corrections=(noted,)))
    assert chosen(room, books).sent == (BIRCH,)
