"""What came back: whatever form it has, it is understood rightly or left to a person."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.mail.attempts import Fate
from letters.mail.delivery_status import Told, read_status
from letters.mail.mailboxes import Mail
from letters.mail.reports import Kind, Report, reports_of
from tests import returned_mail
from tests.returned_mail import (
    ANSWER_THAT_QUOTES,
    CE,
    COMPLAINT,
    ENCODED_STATUS,
    EXCHANGE,
    EXCHANGE_ON_PREMISES,
    EXIM,
    EXIM_DELAYED,
    GLOBAL,
    GOOGLE,
    ID,
    LEFT,
    LINK,
    ORIGINAL,
    QMAIL,
    RECEIPT,
    SENDMAIL,
    block,
    delivery_report,
    forwarded,
    message,
    parts_of,
)

AT = datetime(2020, 7, 23, 7, 15, tzinfo=UTC)
DAEMON = "MAILER-DAEMON@mail.office.example"


def report(raw: bytes) -> Report:
    """What a message is that is one report."""
    (found,) = reports_of(Mail("returned.eml", raw))
    return found


def told(raw: bytes) -> tuple[Told, ...]:
    found = report(raw)
    assert found.kind is Kind.DELIVERY, found.why
    return found.told


def fates(raw: bytes) -> list[tuple[str, Fate | None, str]]:
    return [(one.named[0], one.fate, one.status) for one in told(raw)]


def left_to_read(raw: bytes) -> str:
    """Why a message is left to a person."""
    found = report(raw)
    assert (found.kind, found.told) == (Kind.OTHER, ())
    return found.why


# Reports of mail systems


@pytest.mark.parametrize(
    ("raw", "status", "words"),
    [
        (delivery_report(), "5.1.1", "550 5.1.1 No such mailbox"),
        (
            EXCHANGE,
            "5.1.10",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
        ),
        (EXCHANGE_ON_PREMISES, "5.2.2", "554-5.2.2 mailbox full; STOREDRV.Deliver; quota"),
        (
            EXIM,
            "",
            f"{CE} host mx.maidstone.example [192.0.2.1] SMTP error from remote mail server after"
            f" RCPT TO:<{CE}>: 550 5.1.1 No such mailbox",
        ),
        (
            QMAIL,
            "",
            f"<{CE}>: 192.0.2.1 does not like recipient. Remote host said: 550 No such mailbox",
        ),
        (SENDMAIL, "5.2.2", "552 5.2.2 Mailbox full"),
        (GOOGLE, "5.1.1", "550 5.1.1 No such mailbox"),
        (ENCODED_STATUS, "5.1.1", "550 5.1.1 No such mailbox"),
    ],
    ids="postfix exchange on-premises exim qmail sendmail google encoded".split(),
)
def test_a_failure_is_read_in_the_form_of_each_mail_system(
    raw: bytes, status: str, words: str
) -> None:
    (one,) = told(raw)
    assert (one.named, one.fate, one.status, one.words) == ((CE,), Fate.FAILED, status, words)


@pytest.mark.parametrize(
    "raw", [delivery_report(), EXIM, QMAIL, SENDMAIL, GOOGLE, GLOBAL, ENCODED_STATUS]
)
def test_the_message_that_was_returned_is_known_by_its_number(raw: bytes) -> None:
    assert report(raw).returned == ID


def test_a_report_without_the_message_is_known_by_what_it_answers() -> None:
    found = report(EXCHANGE)
    assert (found.returned, found.answers) == (None, (ID,))


def test_the_headers_of_the_message_may_stand_in_the_words_of_a_report() -> None:
    words = f"Original message headers:\n\n{ORIGINAL}"
    assert report(delivery_report(words=words, returned="")).returned == ID


def test_the_name_of_the_envelope_is_read_with_and_without_its_codes() -> None:
    coded = ID.replace("-", "+2D").replace("2020", "2020+2B")
    assert report(delivery_report(envelope=ID)).envelope == (ID,)
    assert report(delivery_report(envelope=coded)).envelope == (coded, ID.replace("2020", "2020+"))


def test_the_sender_s_own_spelling_of_an_address_comes_first() -> None:
    (one,) = told(delivery_report(block("broom@host.maidstone.example", original="c+65@x.example")))
    assert one.named == ("c+65@x.example", "ce@x.example", "broom@host.maidstone.example")


def test_addresses_outside_of_ascii_are_read_in_both_their_forms() -> None:
    (one,) = told(GLOBAL)
    assert one.named == ("ren\\x{E9}@maidstone.example", "rené@maidstone.example")
    assert (one.fate, report(GLOBAL).returned) == (Fate.FAILED, ID)


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.FAILED),
        ("Failed", "4.4.7", Fate.FAILED),  # it was put off until it was given up
        ("failed (mailbox full)", "5.2.2", Fate.FAILED),
        ("failed (over (hard) quota)", "5.2.2", Fate.FAILED),
        ("delayed", "4.4.1", Fate.DELAYED),
        ("relayed", "2.1.9", Fate.HANDED_ON),
        ("expanded", "2.1.5", Fate.HANDED_ON),
        ("delivered", "2.1.5", Fate.DELIVERED),
        ("delivered", "", Fate.DELIVERED),
    ],
)
def test_an_action_says_what_became_of_the_message(action: str, status: str, fate: Fate) -> None:
    assert fates(delivery_report(block(CE, action, status))) == [(CE, fate, status)]


@pytest.mark.parametrize(
    ("action", "status", "why"),
    [
        ("delivered", "5.1.1", 'the report contradicts itself: "delivered" beside a status of 5'),
        ("failed", "2.0.0", 'the report contradicts itself: "failed" beside a status of 2'),
        ("relayed", "5.0.0", 'the report contradicts itself: "relayed" beside a status of 5'),
        (
            "quarantined",
            "4.7.1",
            'the report says "quarantined" where it should say what became of the message',
        ),
        ("", "5.1.1", "the report says nothing where it should say what became of the message"),
    ],
)
def test_what_is_contradicted_or_unknown_is_not_guessed(action: str, status: str, why: str) -> None:
    (one,) = told(delivery_report(block(CE, action, status)))
    assert (one.fate, one.why) == (None, why)


def test_one_report_may_tell_of_two_recipients() -> None:
    raw = delivery_report(block(CE), block(LINK, "relayed", "2.0.0"))
    assert fates(raw) == [(CE, Fate.FAILED, "5.1.1"), (LINK, Fate.HANDED_ON, "2.0.0")]


def test_two_recipients_without_a_line_between_them_are_not_taken_for_one() -> None:
    (one,) = told(delivery_report(block(CE) + block(LINK, "delivered", "2.0.0")))
    assert one.fate is None


def test_what_is_delayed_has_the_time_of_its_last_try() -> None:
    dates = "Last-Attempt-Date: Thu, 23 Jul 2020 09:00:00 +0100\n"
    (one,) = told(delivery_report(block(CE, "delayed", "4.4.1", more=dates)))
    assert one.at == datetime(2020, 7, 23, 8, tzinfo=UTC)


def test_without_a_time_of_its_own_a_failure_has_that_of_its_report() -> None:
    assert [one.at for one in told(delivery_report())] == [AT]


def test_a_warning_in_prose_is_a_delay_whatever_addresses_it_shows() -> None:
    assert fates(EXIM_DELAYED) == [(CE, Fate.DELAYED, "")]


def notice(
    body: str, subject: str = "Notice", headers: str = "", sender: str = f"<postmaster@{CE[3:]}>"
) -> bytes:
    """What a mail system writes for people."""
    return message(f"\n{body}\n", sender, subject, f"In-Reply-To: <{ID}>\n{headers}")


@pytest.mark.parametrize(
    "body",
    [
        f"Your message\n\n  Subject: The letter\n\nwas successfully delivered to:\n\n  {CE}",
        f"Your message\n\n  Subject: The letter\n\nwas delivered to:\n\n  {CE}",
        f"Your message\n\n  To: CE\n  Subject: The letter\n\nwas read on 23/07/2020 by:\n\n  {CE}",
        "Your message\n\n  Subject: The letter\n\nis held for review by the administrator of:\n\n"
        f"  {CE}\n\nbecause:\n\n  it has an attachment.",
        "   ----- The following addresses had successful delivery notifications -----\n"
        f"{CE}\n\n   ----- Transcript of session follows -----",
    ],
    ids="delivered-1 delivered-2 read held sendmail".split(),
)
def test_a_notice_that_does_not_plainly_say_so_is_no_failure(body: str) -> None:
    (one,) = told(notice(body))
    assert (one.named, one.fate) == ((CE,), None)
    assert one.why == "a mail system wrote it, and does not plainly say that it was given up"


EXIM_FAILED = f"""
A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {CE}
    """


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        (f"Unable to deliver message to: <{CE}>\nDelivery failed for the following reason:\nNo\n\n"
         "No further delivery attempts will be made.", Fate.FAILED),
        (f"{EXIM_FAILED}550 5.7.1 Mailbox closed. No action is required.", Fate.FAILED),
        ("Your message\n\n  Subject: The letter\n\nhas been delayed and is still awaiting delivery to\n\n"
         f"  {CE}\n\nMessage delivery will be attempted again.", Fate.DELAYED),
        ("Your message\n\n  Subject: The letter\n\nwas not delivered to:\n\n"
         f"  {CE}\n\nbecause:\n\n  no route. It will be retried.", None),
        (f"   ----- The following addresses had permanent fatal errors -----\n<{CE}>\n\n"
         f"   ----- The following addresses had successful delivery notifications -----\n<{LINK}>\n\n"
         "   ----- Transcript of session follows -----", None),
    ],
    ids="never-again remote delayed both some".split(),
)  # fmt: skip
def test_what_became_of_it_is_what_a_notice_plainly_says(body: str, fate: Fate | None) -> None:
    assert {one.fate for one in told(notice(body))} == {fate}


def test_a_warning_is_a_delay_though_a_header_names_the_address_as_failed() -> None:
    body = f"Delivery to the following recipient has been delayed:\n\n  {CE}\n\nIt will be retried."
    assert fates(notice(body, headers=f"X-Failed-Recipients: {CE}\n")) == [(CE, Fate.DELAYED, "")]


@pytest.mark.parametrize("subject", ["RE: Undeliverable: The letter", "Aw: Notice", "FW: Notice"])
def test_who_answers_from_the_postmaster_s_address_is_a_person(subject: str) -> None:
    why = "it is no report and no automatic reply: somebody may have written it"
    assert left_to_read(notice(f"She has it. Jim\n\n{EXIM_FAILED}full", subject)) == why


def test_what_is_quoted_from_a_report_is_no_report() -> None:
    quoted = "\n".join(f"> {line}" for line in EXIM_FAILED.split("\n"))
    why = "a mail system wrote it, and does not say of whom"
    assert left_to_read(notice(f"She has it. Jim\n\n{quoted}")) == why


def test_the_status_of_a_report_in_a_person_s_message_is_the_person_s_to_tell() -> None:
    raw = message(
        parts_of(
            "Content-Type: text/plain\n\nIgnore the report below: she has your letter.",
            f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n{block(CE)}",
            kind="mixed",
        )
    )
    assert left_to_read(raw).startswith("it is no report and no automatic reply")
    assert report(raw).words == "Ignore the report below: she has your letter."
    sent_on = delivery_report(sender="Jim <jim@x.example>", subject="Fwd: Undelivered Mail")
    assert left_to_read(sent_on).startswith("it is no report and no automatic reply")


def test_a_complaint_from_a_mail_system_is_no_failure() -> None:
    raw = COMPLAINT.replace(b"From: feedback@", b"From: postmaster@").replace(
        b"Somebody complained", f"Delivery has failed? [{CE}]".encode()
    )
    assert left_to_read(raw) == "it is a complaint: somebody called a message spam"


def test_what_is_written_in_a_returned_letter_is_no_failure() -> None:
    words = f"""
Hi. This is the qmail-send program at mail.office.example.

<{CE}>:
No such mailbox

{ORIGINAL}
<{LINK}>:
is the address of the link officer.
"""
    raw = message(words, sender=DAEMON, subject="failure notice")
    assert fates(raw) == [(CE, Fate.FAILED, "")]


def test_an_address_in_a_sentence_of_a_mail_system_is_no_failure() -> None:
    raw = message(f"\nThe link officer, {LINK}, may know more.\n", DAEMON, "Mail failure")
    assert left_to_read(raw) == "a mail system wrote it, and does not say of whom"


def test_a_report_over_quota_that_pretends_to_be_a_receipt_is_a_failure() -> None:
    raw = message(
        parts_of(
            f"Content-Type: text/plain\n\nYour message to <{CE}> was automatically rejected:\n"
            "Quota exceeded\n",
            "Content-Type: message/disposition-notification\n\n"
            f"Reporting-UA: mx\nFinal-Recipient: rfc822; {CE}\n"
            "Disposition: automatic-action/MDN-sent-automatically; deleted\n",
            kind="report; report-type=disposition-notification",
        ),
        sender="Postmaster <postmaster@mx.maidstone.example>",
        subject="Rejected: The letter",
    )
    assert fates(raw) == [(CE, Fate.FAILED, "")]


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (DAEMON, ""),
        ("MAILER-DAEMON (Mail Delivery System)", ""),
        ("Mail <mail@x.example>", "X-MS-Exchange-Message-Is-Ndr:\n"),
        ("Mail <mail@x.example>", "Return-Path: <>\n"),
        ("Mail <mail@x.example>", "Auto-Submitted: auto-replied\n"),
    ],
)
def test_a_mail_system_that_names_nobody_is_left_to_a_person(sender: str, headers: str) -> None:
    raw = message("\nSomething failed.\n", sender, "Mail delivery failed", headers)
    assert left_to_read(raw) == "a mail system wrote it, and does not say of whom"


def test_a_report_that_was_cut_off_is_understood_as_far_as_it_goes() -> None:
    whole = delivery_report(block(CE), block(LINK))
    cut = whole[: whole.index(LINK.encode(), whole.index(b"Action")) + len(LINK)]
    assert fates(cut) == [(CE, Fate.FAILED, "5.1.1"), (LINK, None, "")]


def test_a_report_that_somebody_forwards_as_an_attachment_is_read() -> None:
    found = report(forwarded(delivery_report()))
    assert (found.where, found.kind) == ("returned.eml, attachment 1", Kind.DELIVERY)
    assert (found.returned, found.sender) == (ID, DAEMON)


def test_several_are_read_and_what_is_written_around_them_is_listed_too() -> None:
    raw = forwarded(delivery_report(), LEFT, words="These came today.")
    around, *inside = reports_of(Mail("fw.eml", raw))
    assert (around.kind, around.words) == (Kind.OTHER, "These came today.")
    assert around.why == "somebody wrote it around what is attached, which is listed by itself"
    assert [one.kind for one in inside] == [Kind.DELIVERY, Kind.REPLY]
    assert len({one.digest for one in (around, *inside)}) == 3


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("application/octet-stream; name=Undeliverable.eml", delivery_report(), ""),
        ("application/vnd.ms-outlook; name=Undeliverable.msg", bytes.fromhex("d0cf11e0a1b11ae1"),
         "it is in Outlook's own format"),
        ("application/pdf", b"%PDF-1.7", "it is no message"),
    ],
    ids="eml msg pdf".split(),
)  # fmt: skip
def test_no_file_beside_a_report_that_is_sent_on_is_lost(
    kind: str, content: bytes, why: str
) -> None:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    raw = message(
        parts_of(
            "Content-Type: text/plain\n\n",
            f"Content-Type: message/rfc822\n\n{EXIM.decode()}",
            head + b64encode(content).decode(),
            "Content-Type: image/png\n\nlogo",
            kind="mixed",
            boundary="around",
        )
    )
    first, second = reports_of(Mail("fw.eml", raw))
    assert (first.kind, second.where) == (Kind.DELIVERY, "fw.eml, attachment 2")
    assert second.why.startswith(why) if why else second.kind is Kind.DELIVERY


def test_our_own_letter_attached_to_an_answer_is_no_report() -> None:
    letter = message("\nWords\n", headers="Auto-Submitted: auto-generated\n")
    assert left_to_read(forwarded(letter, words="You sent this.")).startswith("it is no report")


# Automatic replies


def test_a_reply_that_somebody_has_left_keeps_its_words() -> None:
    found = report(LEFT)
    assert (found.kind, found.sender, found.answers) == (Kind.REPLY, CE, (ID,))
    assert found.words == "I have left the council. Please write to new.ce@maidstone.example"


@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ("Auto-Submitted: auto-replied (vacation)\n", "The letter"),
        ("X-Autoreply: yes\n", "The letter"),
        ("Precedence: auto_reply\n", "The letter"),
        ("X-Auto-Response-Suppress: All\n", "Ann Broom is out of the office"),
        ("Return-Path: <>\n", "Annual leave: The letter"),
        ("Precedence: bulk\n", "We have received your message"),
        ("", "Automatic reply: The letter"),
        ("Auto-Submitted: auto-replied\n", "Mailbox unattended until my return"),
        ("Auto-Submitted: auto-replied\nReturn-Path: <>\n", "Returned to sender: I have left"),
        ("Auto-Submitted: auto-replied\n", "Message received, replies may be delayed"),
        (
            "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nIn-Reply-To: <1@x>\n",
            "Automatisch antwoord: The letter",
        ),
        ("", "=?utf-8?q?Automatische_Antwort=3A_Der_Brief?="),
    ],
)
def test_a_reply_shows_in_one_of_many_ways_that_a_machine_wrote_it(
    headers: str, subject: str
) -> None:
    assert report(message("\nI am away.\n", subject=subject, headers=headers)).kind is Kind.REPLY


def test_an_automatic_reply_may_come_from_the_postmaster_s_address() -> None:
    assert report(notice("I am away.", "Automatic reply: The letter")).kind is Kind.REPLY


@pytest.mark.parametrize(
    "subject", ["Out of office cover in August", "RE: Automatic reply: The letter", "The letter"]
)
def test_a_person_who_writes_of_an_absence_is_no_machine(subject: str) -> None:
    raw = message("\nShe has left.\n", subject=subject, headers="Auto-Submitted: no\n")
    assert left_to_read(raw).startswith("it is no report and no automatic reply")


def test_the_message_that_a_reply_quotes_is_left_out() -> None:
    body = "\nI am away.\n> Dear\n\n-----Original Message-----\nFrom: Office\n"
    raw = message(body, headers="Auto-Submitted: auto-replied\n")
    assert report(raw).words == "I am away."


def test_a_read_receipt_is_known_by_the_message_that_it_is_for() -> None:
    assert report(RECEIPT.replace(b"In-Reply-To", b"X-Nothing")).answers == (ID,)


def test_a_read_receipt_is_what_it_is() -> None:
    found = report(RECEIPT)
    assert (found.kind, found.words) == (Kind.RECEIPT, "Your message was read on Thursday.")


# What is left to a person


def test_a_person_s_answer_that_quotes_a_failure_is_no_failure() -> None:
    why = "it is no report and no automatic reply: somebody may have written it"
    assert left_to_read(ANSWER_THAT_QUOTES) == why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (COMPLAINT, "it is a complaint: somebody called a message spam"),
        (message("\nNews\n", headers="List-Id: <n.x.example>\nPrecedence: bulk\n"),
         "it came through a mailing list"),
        (message(parts_of("Content-Type: application/octet-stream\n\nhQ",
                          kind="encrypted; protocol=application/pgp-encrypted")),
         "it is encrypted"),
        (message("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
                 "Content-Transfer-Encoding: base64\n\nMIIB\n"), "it is encrypted"),
    ],
    ids="complaint list pgp smime".split(),
)  # fmt: skip
def test_other_mail_is_named(raw: bytes, why: str) -> None:
    assert left_to_read(raw) == why


def test_mail_that_could_not_be_read_says_why() -> None:
    found = reports_of(Mail("x.eml", b"", "it is empty"))
    assert [(one.kind, one.why) for one in found] == [(Kind.OTHER, "it is empty")]


def test_parts_within_parts_within_parts_do_not_stop_the_reading() -> None:
    raw = b"From: x@y.example\n"
    for number in range(3000):
        raw += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number)
    assert left_to_read(raw) == "its parts are nested too deep to be read"


@pytest.mark.parametrize(
    "raw",
    [
        delivery_report(block("a" * 400_000)),
        delivery_report(block(CE, "(" * 400_000)),
        message("\n" + "\n" * 95_000 + "x", headers="Auto-Submitted: auto-replied\n"),
        message("\nx", headers=f"References: {'a' * 3_900}\n" * 2_000),
        b'From: a@b.example\nContent-Type: multipart/mixed; boundary="a"\n\n--a\n' * 400
        + b"x\n" * 2_000_000,
    ],
    ids="address action lines headers parts".split(),
)
def test_what_is_made_to_take_for_ever_is_read_at_once(raw: bytes) -> None:
    assert report(raw).kind in Kind


# Whatever comes


@pytest.mark.parametrize("raw", returned_mail.ALL)
def test_the_ends_of_lines_make_no_difference(raw: bytes) -> None:
    found = reports_of(Mail("x.eml", raw))
    assert reports_of(Mail("x.eml", raw.replace(b"\n", b"\r\n"))) == found


def test_text_is_read_in_any_charset_or_none() -> None:
    for charset in ("x-unknown", "rot13", "undefined", "utf-8", "", '"\x00"'):
        raw = message(f"Content-Type: text/plain; charset={charset}\n\nCafé \x1b[31m\u202e.\n")
        assert report(raw).words == "Café [31m .", charset
    latin = message("Content-Type: text/plain; charset=iso-8859-1\n\n").replace(
        b"\n\n", b"\n\n\xe9"
    )
    assert report(latin).words == "é"


def test_no_text_has_a_second_line_or_anything_unseen() -> None:
    raw = message(
        "\nWords\x00\x1b[0m\n",
        subject="=?utf-8?q?Letter=0D=0ABcc:_x=40evil.example?=",
        sender='"=?utf-8?q?a=0A?=" <ce@maidstone.example>',
    )
    found = report(raw)
    assert found.subject == "Letter Bcc: x@evil.example"
    assert all(text.isprintable() for text in (found.subject, found.sender, found.words))


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 99 Jul 2020 99:99:99 +9999", "Fri, 31 Dec 9999 23:59:59 -0800"]
)
def test_a_date_that_is_none_is_none(date: str) -> None:
    assert report(message("\nWords\n", date=date)).at is None


def test_a_date_of_no_zone_is_taken_as_universal_time() -> None:
    assert report(message("\nWords\n", date="Thu, 23 Jul 2020 07:15:00 -0000")).at == AT


def every_text(found: Report) -> list[str]:
    told = [text for one in found.told for text in (*one.named, one.status, one.words, one.why)]
    own = [found.sender, found.subject, found.words, found.why, found.returned or ""]
    return [*own, *found.envelope, *found.answers, *told]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_report_of_some_kind(raw: bytes) -> None:
    found = reports_of(Mail("x.eml", raw))
    assert found and all(one.kind is Kind.OTHER for one in found)


@given(
    st.sampled_from(returned_mail.ALL),
    st.lists(
        st.tuples(st.integers(0, 2500), st.integers(0, 30), st.binary(max_size=12)), max_size=6
    ),
)
def test_a_report_that_was_damaged_anywhere_is_read_without_trouble(
    raw: bytes, damages: list[tuple[int, int, bytes]]
) -> None:
    for start, length, put in damages:
        raw = raw[:start] + put + raw[start + length :]
    for found in reports_of(Mail("x.eml", raw)):
        assert all(text.isprintable() for text in every_text(found))
        assert (found.kind is Kind.DELIVERY) == bool(found.told)
        assert (found.kind is Kind.OTHER) == bool(found.why)


@given(st.binary(max_size=300))
def test_any_bytes_may_stand_where_a_status_should(content: bytes) -> None:
    for one in read_status(content).told:
        assert (one.fate is None) == bool(one.why)


def test_the_library_s_stumbles_are_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(seen: Message) -> None:
        raise ValueError("a line that no detector expects")

    monkeypatch.setattr("letters.mail.prose.all_failures", stumble)
    assert left_to_read(QMAIL) == "a mail system wrote it, and does not say of whom"
