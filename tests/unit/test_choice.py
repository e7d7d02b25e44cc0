"""Which letters a run will send: each is in one place, and the doubtful ones are left alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.batch.draft import Drafts
from letters.campaign.load import load
from letters.campaign.records import ChiefExecutive, Contacts
from letters.errors import MailError
from letters.mail.approvals import Seal, approved
from letters.mail.choice import Choice, check_renamed, choose
from letters.mail.ledger import Attempt, Ledger, State
from letters.mail.mailroom import Mailroom
from letters.mail.office import load_office
from letters.mail.run import issue_of
from tests.conftest import PROJECT, SMALL_YEAR
from tests.e2e.post_office import build_folder
from tests.press import MadeLetter

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
ALL = (ASHBY, BIRCH, CEDAR)
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)
PLACES = "to_send sent corrected doubtful refused unapproved without_address".split()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Mailroom:
    """The small year's mailroom; its PDFs are none, for nobody opens them here."""
    root = tmp_path_factory.mktemp("office")
    shutil.copytree(SMALL_YEAR, root, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "templates" / "base", root / "templates" / "base")
    campaign = load(root, "2024")
    build_folder(
        root,
        campaign,
        {slug: MadeLetter(slug, "", slug.encode(), 2) for slug in campaign.statistics},
    )
    return Mailroom(Drafts(root, campaign), load_office(root))


@pytest.fixture
def books() -> Iterator[Ledger]:
    ledger = Ledger(None)
    yield ledger
    ledger.close()


def note(books: Ledger, seal: Seal, state: State) -> None:
    """An attempt with the letter as the seal has it."""
    claim = books.claim(seal.slug, 1, seal.sha256, seal.envelope, "<1@x>", NOW)
    books.settle(claim, state, "", NOW)


def chosen(room: Mailroom, books: Ledger, named: bool = False, reason: str = "") -> Choice:
    """What is chosen of all letters where nobody's word is needed."""
    return choose(room, ALL, books.latest(), None, named, reason)


def with_contacts(room: Mailroom, contacts: Contacts) -> Mailroom:
    """The same mailroom with other contacts of Birch."""
    campaign = replace(room.campaign, contacts={**room.campaign.contacts, BIRCH: contacts})
    return Mailroom(Drafts(room.root, campaign), room.office)


def of_two_approvers(room: Mailroom) -> Mailroom:
    letter = room.campaign.letter.model_copy(update={"approvers": 2})
    return Mailroom(Drafts(room.root, replace(room.campaign, letter=letter)), room.office)


def test_what_was_never_tried_is_sent_in_the_order_asked_for(room: Mailroom) -> None:
    choice = choose(room, (CEDAR, ASHBY), {}, None, False, "")
    assert choice.to_send == (CEDAR, ASHBY)
    assert choice.seals == {CEDAR: room.seal(CEDAR), ASHBY: room.seal(ASHBY)}


def test_what_was_put_off_is_sent(room: Mailroom, books: Ledger) -> None:
    note(books, room.seal(BIRCH), State.DEFERRED)
    assert chosen(room, books).to_send == ALL


@pytest.mark.parametrize("reason", ["", "The population was wrong"])
def test_what_was_accepted_as_it_is_is_never_sent_again(
    room: Mailroom, books: Ledger, reason: str
) -> None:
    note(books, room.seal(BIRCH), State.ACCEPTED)
    choice = chosen(room, books, named=True, reason=reason)
    assert (choice.sent, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_what_was_accepted_and_has_changed_since_is_sent_only_for_a_reason(
    room: Mailroom, books: Ledger, changed: dict[str, str]
) -> None:
    note(books, replace(room.seal(BIRCH), **changed), State.ACCEPTED)
    choice = chosen(room, books, named=True)
    assert (choice.corrected, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    assert chosen(room, books, named=True, reason="The population was wrong").to_send == ALL


@pytest.mark.parametrize("changed", [{}, {"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_what_may_have_been_sent_waits_for_a_person_whatever_is_asked_for(
    room: Mailroom, books: Ledger, changed: dict[str, str]
) -> None:
    note(books, replace(room.seal(BIRCH), **changed), State.UNKNOWN)
    for named, reason in ((False, ""), (True, ""), (True, "The population was wrong")):
        choice = chosen(room, books, named, reason)
        assert (choice.doubtful, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))


def test_what_was_refused_is_tried_again_only_when_it_is_named(
    room: Mailroom, books: Ledger
) -> None:
    note(books, room.seal(BIRCH), State.REFUSED)
    choice = chosen(room, books)
    assert (choice.refused, choice.to_send) == ((BIRCH,), (ASHBY, CEDAR))
    assert chosen(room, books, named=True).to_send == ALL


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_what_was_refused_and_has_changed_since_is_tried_again(
    room: Mailroom, books: Ledger, changed: dict[str, str]
) -> None:
    note(books, replace(room.seal(BIRCH), **changed), State.REFUSED)
    assert chosen(room, books).to_send == ALL


def test_what_nobody_approved_is_left_out_where_somebody_s_word_is_needed(room: Mailroom) -> None:
    approvals = approved([room.seal(ASHBY)], {}, "Ada", NOW)
    choice = choose(room, ALL, {}, approvals, True, "")
    assert (choice.to_send, choice.unapproved) == ((ASHBY,), (BIRCH, CEDAR))


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"envelope": "0" * 64}])
def test_an_approval_is_for_one_letter_and_one_envelope(
    room: Mailroom, changed: dict[str, str]
) -> None:
    approvals = approved([replace(room.seal(BIRCH), **changed)], {}, "Ada", NOW)
    assert choose(room, (BIRCH,), {}, approvals, True, "").unapproved == (BIRCH,)


def test_where_two_people_must_approve_one_is_not_enough(room: Mailroom) -> None:
    two = of_two_approvers(room)
    once = approved([two.seal(BIRCH)], {}, "Ada", NOW)
    assert choose(two, (BIRCH,), {}, once, True, "").unapproved == (BIRCH,)
    twice = approved([two.seal(BIRCH)], once, "Bob", NOW)
    assert choose(two, (BIRCH,), {}, twice, True, "").to_send == (BIRCH,)


@pytest.mark.parametrize(
    "contacts", [Contacts(), Contacts(chief_executive=ChiefExecutive(title="Ms", surname="Ash"))]
)
def test_what_has_no_address_is_told_so_whether_it_is_approved_or_not(
    room: Mailroom, contacts: Contacts
) -> None:
    nowhere = with_contacts(room, contacts)
    for approvals in (None, {}, approved([nowhere.seal(BIRCH)], {}, "Ada", NOW)):
        choice = choose(nowhere, (BIRCH,), {}, approvals, False, "")
        assert (choice.without_address, choice.unapproved, choice.to_send) == ((BIRCH,), (), ())


def test_a_letter_that_was_accepted_is_no_new_one_when_its_address_has_gone(
    room: Mailroom, books: Ledger
) -> None:
    note(books, room.seal(BIRCH), State.ACCEPTED)
    nowhere = with_contacts(room, Contacts())
    assert choose(nowhere, (BIRCH,), books.latest(), None, False, "").corrected == (BIRCH,)


@given(
    st.dictionaries(st.sampled_from(ALL), st.tuples(st.sampled_from(list(State)), st.booleans())),
    st.sets(st.sampled_from(ALL)),
    st.booleans(),
    st.sampled_from(["", "The population was wrong"]),
)
def test_every_letter_is_in_one_place_and_what_may_be_there_is_never_sent_again(
    room: Mailroom, tried: dict[str, tuple[State, bool]], by_ada: set[str], named: bool, reason: str
) -> None:
    books = Ledger(None)
    for slug, (state, same) in tried.items():
        seal = room.seal(slug)
        note(books, seal if same else replace(seal, sha256="0" * 64), state)
    approvals = approved([room.seal(slug) for slug in by_ada], {}, "Ada", NOW)
    choice = choose(room, ALL, books.latest(), approvals, named, reason)
    books.close()
    assert sorted(slug for place in PLACES for slug in getattr(choice, place)) == sorted(ALL)
    assert set(choice.seals) == set(ALL)
    assert set(choice.to_send) <= by_ada
    for slug in set(choice.to_send) & set(tried):
        state, same = tried[slug]
        assert state is not State.UNKNOWN
        assert state is not State.ACCEPTED or (reason and not same)


def attempt(state: State, slug: str = "elder-council", issue: int = 1, reason: str = "") -> Attempt:
    return Attempt(1, slug, issue, "a" * 64, "b" * 64, "<1@x>", state, "", "", "", "", reason)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNKNOWN])
def test_a_letter_that_may_have_gone_out_under_another_name_is_asked_about(
    room: Mailroom, state: State
) -> None:
    with pytest.raises(MailError) as stopped:
        check_renamed(room, {"elder-council": attempt(state)}, (BIRCH,))
    assert str(stopped.value) == (
        "the ledger has a letter to elder-council, which the campaign no longer has:"
        f" is it one of {BIRCH} under another name? Name the letters that are to be sent"
    )


def test_of_many_that_it_may_be_three_are_named(room: Mailroom) -> None:
    new = (*ALL, "dale-council")
    with pytest.raises(MailError, match=rf"is it one of {', '.join(ALL)} \.\.\. under another"):
        check_renamed(room, {"elder-council": attempt(State.ACCEPTED)}, new)


@pytest.mark.parametrize("state", [State.REFUSED, State.DEFERRED])
def test_what_never_went_out_to_an_authority_that_is_gone_is_no_matter(
    room: Mailroom, state: State
) -> None:
    check_renamed(room, {"elder-council": attempt(state)}, ALL)


def test_where_the_books_know_all_that_are_to_be_sent_none_is_a_new_name(room: Mailroom) -> None:
    latest = {"elder-council": attempt(State.ACCEPTED), BIRCH: attempt(State.DEFERRED, BIRCH)}
    check_renamed(room, latest, (BIRCH,))
    check_renamed(room, latest, ())
    with pytest.raises(MailError, match=f"is it one of {CEDAR} under another name"):
        check_renamed(room, latest, (BIRCH, CEDAR))


def test_letters_to_authorities_that_are_still_there_are_no_matter(room: Mailroom) -> None:
    check_renamed(room, {ASHBY: attempt(State.ACCEPTED, ASHBY)}, (BIRCH, CEDAR))


@pytest.mark.parametrize("reason", ["", "The population was wrong"])
def test_the_first_issue_of_a_letter_is_1(reason: str) -> None:
    assert issue_of(None, reason) == 1


@pytest.mark.parametrize(
    ("state", "issue", "reason", "next_one"),
    [
        (State.ACCEPTED, 1, "Wrong", 2),
        (State.ACCEPTED, 2, "Wrong again", 3),
        (State.ACCEPTED, 1, "", 1),  # which the ledger then refuses
        (State.DEFERRED, 1, "Wrong", 1),
        (State.DEFERRED, 2, "", 2),
        (State.REFUSED, 2, "Wrong", 2),
        (State.UNKNOWN, 1, "Wrong", 1),
    ],
)
def test_a_further_issue_comes_only_after_one_that_was_accepted_and_for_a_reason(
    state: State, issue: int, reason: str, next_one: int
) -> None:
    assert issue_of(attempt(state, issue=issue), reason) == next_one
