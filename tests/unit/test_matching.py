"""Whose letter came back: known for certain, or left to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.mail.attempts import Fate
from letters.mail.mailboxes import Mail
from letters.mail.matching import AFTER, Finding, Matched, Sent, Unread, match
from letters.mail.reports import Kind, reports_of
from tests import returned_mail
from tests.returned_mail import (
    ANSWER_THAT_QUOTES,
    CE,
    COMPLAINT,
    EXCHANGE,
    EXIM,
    EXIM_DELAYED,
    GLOBAL,
    ID,
    LEFT,
    LINK,
    ORIGINAL,
    QMAIL,
    RECEIPT,
    block,
    delivery_report,
    message,
)

SENT_AT = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)
OTHER_ID = "2020.1.ffffffffffffffffffffffff@office.example"
MAIDSTONE = Sent("maidstone", 1, 1, f"<{ID}>", SENT_AT, (CE, LINK))
CALDERDALE = Sent("calderdale", 1, 2, f"<{OTHER_ID}>", SENT_AT, ("ce@calderdale.example",))
BOTH = (MAIDSTONE, CALDERDALE)
TO_CE = replace(MAIDSTONE, addresses=(CE,))


def matched(raw: bytes, *sent: Sent) -> Matched:
    (report,) = reports_of(Mail("returned.eml", raw))
    return match(report, sent or BOTH)


def findings(raw: bytes, *sent: Sent) -> list[tuple[str, str, Fate]]:
    found = matched(raw, *sent)
    assert not found.unread, found.unread[0].why
    return [(one.slug, one.address, one.fate) for one in found.findings]


def left(raw: bytes, *sent: Sent) -> tuple[str, str]:
    """Whose letter it is about, as far as that is known, and why it is left to a person."""
    found = matched(raw, *sent)
    assert not found.findings and not found.replies
    (one,) = found.unread
    return one.slug, one.why


def unnamed(*blocks: str) -> bytes:
    """A report that names no message."""
    return delivery_report(*blocks, returned="")


def test_a_finding_says_what_became_of_which_letter_for_whom() -> None:
    raw = delivery_report(block(CE, "delayed", "4.4.1", CE, "smtp; 451 Busy"))
    assert matched(raw).findings == (
        Finding(
            slug="maidstone",
            issue=1,
            attempt=1,
            address=CE,
            fate=Fate.DELAYED,
            status="4.4.1",
            words="451 Busy",
            at=datetime(2020, 7, 23, 7, 15, tzinfo=UTC),
        ),
    )


@pytest.mark.parametrize(
    "raw",
    [
        delivery_report(),
        EXCHANGE,
        EXIM,
        delivery_report(envelope=ID, returned=""),
        delivery_report(envelope=f"<{ID}>".upper(), returned=""),
        unnamed(),
    ],
    ids="returned answered prose envelope capitals address".split(),
)
def test_a_message_is_known_by_any_of_its_marks(raw: bytes) -> None:
    assert findings(raw) == [("maidstone", CE, Fate.FAILED)]


def test_an_address_is_that_of_the_message_in_whatever_case_it_comes_back() -> None:
    assert findings(delivery_report(block(CE.upper()))) == [("maidstone", CE, Fate.FAILED)]


def test_an_address_outside_of_ascii_is_found() -> None:
    sent = replace(MAIDSTONE, addresses=("rene\u0301@maidstone.example", LINK))
    assert findings(GLOBAL, sent) == [("maidstone", "rene\u0301@maidstone.example", Fate.FAILED)]


def test_two_recipients_have_a_finding_each() -> None:
    raw = delivery_report(block(CE), block(LINK, "relayed", "2.0.0"))
    assert findings(raw) == [("maidstone", CE, Fate.FAILED), ("maidstone", LINK, Fate.HANDED_ON)]


def test_what_a_report_says_twice_of_one_recipient_is_one_finding() -> None:
    first = block("a@inside.example", original=CE, diagnosis="smtp; 550 Mailbox A full")
    second = block("b@inside.example", original=CE, diagnosis="smtp; 551 Mailbox B unknown")
    (one,) = matched(delivery_report(first, second, first)).findings
    assert one.words == "550 Mailbox A full / 551 Mailbox B unknown"


def test_of_several_attempts_at_one_letter_the_last_counts() -> None:
    again = replace(MAIDSTONE, attempt=7)
    assert [one.attempt for one in matched(delivery_report(), again, *BOTH).findings] == [7]
    assert [one.attempt for one in matched(unnamed(), again, *BOTH).findings] == [7]


# Addresses that a council writes anew


def test_where_the_council_forwards_the_sender_s_own_address_counts() -> None:
    raw = delivery_report(block("broom@inside.example", original=LINK))
    (one,) = matched(raw).findings
    assert (one.address, one.for_another) == (LINK, True)


def test_another_address_is_that_of_the_only_recipient() -> None:
    (one,) = matched(delivery_report(block("broom@inside.example")), TO_CE, CALDERDALE).findings
    assert (one.address, one.for_another) == (CE, True)


def test_the_same_address_in_another_spelling_is_no_other() -> None:
    sent = replace(MAIDSTONE, addresses=("c+65@x.example", LINK))
    assert [
        one.for_another for one in matched(delivery_report(block("C+65@x.example")), sent).findings
    ] == [False]


@pytest.mark.parametrize("raw", [QMAIL, EXIM], ids=["qmail", "exim"])
def test_another_address_in_words_for_people_is_none_of_ours(raw: bytes) -> None:
    forwarded_on = raw.replace(b"To: " + CE.encode(), b"To: x").replace(
        CE.encode(), b"own@private.example"
    )
    why = "it is about this letter, and about an address that the letter did not go to"
    assert left(forwarded_on, TO_CE) == ("maidstone", why)


def test_a_status_of_no_address_is_nobody_s() -> None:
    raw = delivery_report(
        "Final-Recipient: rfc822;x@y.example\n", "Action: failed\nStatus: 5.1.1\n"
    )
    assert not matched(raw, TO_CE).findings


def test_another_address_is_none_of_several_recipients() -> None:
    assert left(delivery_report(block("broom@inside.example"))) == (
        "maidstone",
        "it is about this letter, and about an address that the letter did not go to",
    )


def test_an_address_of_another_letter_is_not_taken_for_one_of_this() -> None:
    raw = delivery_report(block("ce@calderdale.example"))
    assert left(raw, TO_CE, CALDERDALE) == (
        "maidstone",
        "it is about this letter, and about an address that the letter did not go to",
    )


# What is left to a person


def test_marks_of_two_letters_are_left_to_a_person() -> None:
    raw = delivery_report(envelope=OTHER_ID)
    assert left(raw) == ("", "it names one letter in one place, and another one in another")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("<1@other.example>", "it is about a message that is none of those sent"),
        (f"<{ID.replace('2020', '2019')}>", "it is about a message of 2019 that is not among"),
    ],
)
def test_a_report_on_another_message_is_not_matched_by_its_address(number: str, why: str) -> None:
    returned = f"Content-Type: text/rfc822-headers\n\nMessage-ID: {number}\n"
    for raw in (
        delivery_report(returned=returned),
        delivery_report(returned="", headers=f"In-Reply-To: {number}\n"),
    ):
        slug, found = left(raw)
        assert slug == ""
        assert found.startswith(why)


SPAM = "Received: from x\nFrom: letters@office.example\nSubject: A prize\nDate: Wed, 22 Jul 2020 10:30:00 +0100\n"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "what came back has no Message-ID, and ours have one"),
        ("Message-ID: <20200722.ABC123>\n", "it is about a message that is none of those sent"),
        ("Message-ID: 20200722.ABC123\n", ""),
    ],
    ids=["no number", "a number of another form", "a number without brackets"],
)
def test_what_came_back_and_is_not_ours_is_not_matched_by_its_address(
    number: str, why: str
) -> None:
    returned = f"Content-Type: text/rfc822-headers\n\n{SPAM}{number}"
    in_words = EXIM.replace(ORIGINAL.encode(), f"{SPAM}{number}".encode())
    for raw in (delivery_report(returned=returned), in_words):
        slug, found = left(raw)
        assert slug == ""
        assert found.startswith(why)


def test_google_s_field_names_the_message() -> None:
    def raw(number: str) -> bytes:
        return unnamed().replace(
            b"Reporting-MTA", f"X-Original-Message-ID: <{number}>\nReporting-MTA".encode()
        )

    assert findings(raw(ID)) == [("maidstone", CE, Fate.FAILED)]
    assert left(raw("1@other.example")) == ("", "it is about a message that is none of those sent")


def test_what_came_back_is_surer_than_what_the_report_answers() -> None:
    returned = "Content-Type: text/rfc822-headers\n\nMessage-ID: <1@other.example>\n"
    raw = delivery_report(returned=returned, headers=f"In-Reply-To: <{ID}>\n")
    assert left(raw) == ("", "it is about a message that is none of those sent")
    thread = f"References: <{ID}> <1@other.example>\n"
    assert left(delivery_report(returned="", headers=thread))[0] == ""


def test_an_envelope_s_name_that_others_gave_does_not_hinder() -> None:
    assert findings(delivery_report(envelope="QQ1234", returned="")) == [
        ("maidstone", CE, Fate.FAILED)
    ]


def test_two_letters_to_one_address_are_left_to_a_person_unless_one_fits() -> None:
    shared = replace(CALDERDALE, addresses=(CE,))
    why = "it names no message, and 2 letters went to this address in the days before it"
    assert left(unnamed(), MAIDSTONE, shared) == ("", why)
    earlier = replace(shared, sent_at=SENT_AT - timedelta(days=20))
    assert findings(unnamed(), MAIDSTONE, earlier) == [("maidstone", CE, Fate.FAILED)]
    assert findings(delivery_report(), MAIDSTONE, shared) == [("maidstone", CE, Fate.FAILED)]


@pytest.mark.parametrize(
    "after", [timedelta(days=-1), AFTER + timedelta(days=1)], ids=["before", "long after"]
)
def test_an_address_alone_is_not_enough_outside_of_the_days_after(after: timedelta) -> None:
    sent = replace(MAIDSTONE, sent_at=datetime(2020, 7, 23, 7, 15, tzinfo=UTC) - after)
    why = "it names no message, and no letter went to this address in the days before it"
    assert left(unnamed(), sent) == ("", why)


def test_an_address_alone_is_not_enough_without_a_date() -> None:
    raw = message(
        "\n" + EXIM_DELAYED.partition(b"\n\n")[2].decode(), "MAILER-DAEMON", "Warning", date=""
    )
    assert left(raw)[1].startswith("it names no message, and no letter went to this address")


def test_what_contradicts_itself_is_left_with_its_letter() -> None:
    why = 'the report contradicts itself: "delivered" beside a status of 5'
    assert left(delivery_report(block(CE, "delivered", "5.1.1"))) == ("maidstone", why)
    both = (block(CE), block(CE, "delivered", "2.0.0"))
    for raw in (delivery_report(*both), unnamed(*both)):
        found = matched(raw)
        assert not found.findings
        assert {(one.slug, one.why) for one in found.unread} == {
            ("maidstone", "the report says different things of one recipient")
        }


def test_a_person_s_answer_and_a_complaint_are_left_with_what_they_show() -> None:
    (one,) = matched(ANSWER_THAT_QUOTES).unread
    assert one == Unread(
        where="returned.eml",
        why="it is no report and no automatic reply: somebody may have written it",
        sender="ann.broom@maidstone.example",
        subject="RE: The letter",
        words=one.words,
        slug="maidstone",
    )
    assert one.words.startswith("We had this from your system. What does it mean?")
    assert left(COMPLAINT) == ("maidstone", "it is a complaint: somebody called a message spam")


def test_no_sentence_about_what_is_left_shows_an_address() -> None:
    for raw in (*returned_mail.ALL, delivery_report(block("broom@inside.example", CE, "9"))):
        for report in reports_of(Mail("returned.eml", raw)):
            assert all("@" not in one.why for one in match(report, BOTH).unread)


def test_the_letter_itself_among_the_mail_is_no_report() -> None:
    for headers in ("", "Auto-Submitted: auto-replied\n"):
        raw = message("\nWords\n", headers=f"{headers}Message-ID: <{ID}>\n")
        assert left(raw) == ("maidstone", "it is the letter itself, as it went out")


# Replies


def test_an_automatic_reply_is_known_by_what_it_answers_or_by_who_sends_it() -> None:
    unnamed_reply = LEFT.replace(b"In-Reply-To", b"X-Nothing")
    for raw in (LEFT, unnamed_reply):
        (one,) = matched(raw).replies
        assert (one.kind, one.slug, one.address) == (Kind.REPLY, "maidstone", CE)
        assert one.words == "I have left the council. Please write to new.ce@maidstone.example"
    elsewhere = LEFT.replace(ID.encode(), b"1@other.example")
    assert [one.slug for one in matched(elsewhere).replies] == [""], "it answers another message"


def test_a_read_receipt_is_no_delivery() -> None:
    found = matched(RECEIPT)
    assert [(one.kind, one.slug) for one in found.replies] == [(Kind.RECEIPT, "maidstone")]
    assert not found.findings and not found.unread


# Tests


def test_a_report_on_a_test_is_of_no_matter_and_says_so() -> None:
    for raw in (delivery_report(), EXCHANGE, LEFT, delivery_report(envelope=ID, returned="")):
        of_a_test = raw.replace(ID.encode(), f"test.{ID}".encode())
        assert matched(of_a_test) == Matched(is_of_a_test=True)


def test_a_report_on_a_test_that_is_not_understood_says_that_it_is_about_a_test() -> None:
    raw = message(
        f"\nIt failed.\n\nMessage-ID: <test.{ID}>\n", "MAILER-DAEMON@x.example", "Failure notice"
    )
    why = "it is about a test: a mail system wrote it, and does not say of whom"
    assert left(raw) == ("", why)


def test_a_person_s_answer_to_a_test_is_read_all_the_same() -> None:
    raw = ANSWER_THAT_QUOTES.replace(ID.encode(), f"test.{ID}".encode())
    assert left(raw)[0] == ""


# Whatever comes


@given(
    st.sampled_from(returned_mail.ALL),
    st.lists(
        st.tuples(st.integers(0, 2500), st.integers(0, 30), st.binary(max_size=12)), max_size=6
    ),
    st.lists(st.sampled_from([MAIDSTONE, TO_CE, CALDERDALE]), max_size=3),
)
def test_whatever_is_damaged_no_address_fails_that_nothing_was_sent_to(
    raw: bytes, damages: list[tuple[int, int, bytes]], sent: list[Sent]
) -> None:
    for start, length, put in damages:
        raw = raw[:start] + put + raw[start + length :]
    for report in reports_of(Mail("x.eml", raw)):
        found = match(report, sent)
        for one in found.findings:
            letters = [by for by in sent if by.letter == (one.slug, one.issue)]
            assert any(one.address in letter.addresses for letter in letters)
        assert found.findings or found.replies or found.unread or found.is_of_a_test


@given(st.binary(max_size=400))
def test_any_bytes_are_left_to_a_person(raw: bytes) -> None:
    for report in reports_of(Mail("x.eml", raw)):
        assert match(report, BOTH).findings == ()
        assert len(match(report, BOTH).unread) == 1
