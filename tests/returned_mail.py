"""Mail as it comes back, in the forms of the systems that write it; words and addresses are ours."""

from __future__ import annotations

from base64 import b64encode

ID = "2020.1.0123456789abcdef01234567@office.example"
CE, LINK = "ce@maidstone.example", "link@maidstone.example"
DATE = "Thu, 23 Jul 2020 08:15:00 +0100"

#: the headers of our message, as systems return them
ORIGINAL = f"""\
Received: from mail.office.example by mx.maidstone.example; Wed, 22 Jul 2020 10:30:01 +0100
From: Office <letters@office.example>
To: {CE}
Cc: {LINK}
Subject: The letter
Date: Wed, 22 Jul 2020 10:30:00 +0100
Message-ID: <{ID}>
"""

POSTFIX_WORDS = f"""\
This is the mail system at host mail.office.example.

I'm sorry to say that a message of yours could not be delivered.

<{CE}>: host mx.maidstone.example[192.0.2.1] said: 550 5.1.1 No such mailbox
"""


def block(
    address: str,
    action: str = "failed",
    status: str = "5.1.1",
    original: str = "",
    diagnosis: str = "smtp; 550 5.1.1 No such mailbox",
    more: str = "",
) -> str:
    """What a delivery report says of one recipient."""
    first = f"Original-Recipient: rfc822;{original}\n" if original else ""
    rest = f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
    return f"{first}{rest}Diagnostic-Code: {diagnosis}\n{more}"


def parts_of(
    *parts: str, kind: str = "report; report-type=delivery-status", boundary: str = "next"
) -> str:
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    head = f'Content-Type: multipart/{kind};\n boundary="{boundary}"'
    return f"{head}\n\nMIME\n{inside}--{boundary}--\n"


def delivery_report(
    *blocks: str,
    headers: str = "",
    envelope: str = "",
    words: str = POSTFIX_WORDS,
    returned: str = f"Content-Type: text/rfc822-headers\n\n{ORIGINAL}",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mail.office.example>",
    subject: str = "Undelivered Mail Returned to Sender",
) -> bytes:
    """A report as Postfix and most others write it."""
    about = "Reporting-MTA: dns; mail.office.example\n"
    about += f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    status = "\n".join((about, *(blocks or (block(CE, original=CE),))))
    parts = parts_of(
        f"Content-Type: text/plain; charset=us-ascii\n\n{words}",
        f"Content-Type: message/delivery-status\n\n{status}",
        *((returned,) if returned else ()),
    )
    return message(parts, sender=sender, subject=subject, headers=f"Return-Path: <>\n{headers}")


def message(
    body: str,
    sender: str = "Ann Broom <ann.broom@maidstone.example>",
    subject: str = "RE: The letter",
    headers: str = "",
    date: str = DATE,
) -> bytes:
    """Any message; the body begins with the headers that say of what kind it is, or with a line."""
    dated = f"Date: {date}\n" if date else ""
    head = f"{headers}{dated}From: {sender}\nTo: letters@office.example\nSubject: {subject}\n"
    return f"{head}MIME-Version: 1.0\n{body}".encode()


def forwarded(*attached: bytes, words: str = "") -> bytes:
    """Messages that somebody sends on as attachments."""
    return message(
        parts_of(
            f"Content-Type: text/plain\n\n{words}",
            *(f"Content-Type: message/rfc822\n\n{one.decode()}" for one in attached),
            kind="mixed",
            boundary="around",
        ),
        sender="Officer <officer@office.example>",
        subject="FW: Undeliverable",
    )


EXCHANGE = delivery_report(
    "Final-Recipient: rfc822;ce@maidstone.example\nAction: failed\nStatus: 5.1.10\n"
    "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address\n"
    " lookup\nX-Display-Name: Chief Executive\n",
    headers="X-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied\n"
    f"In-Reply-To: <{ID}>\nReferences: <{ID}>\n"
    "Message-ID: <9c1f@LO2P265MB0001.GBRP265.PROD.OUTLOOK.example>\n",
    words="Your message to ce@maidstone.example couldn't be delivered.\n",
    returned="",
    sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@office.example>",
    subject="Undeliverable: The letter",
)

EXCHANGE_ON_PREMISES = message(
    parts_of(
        "Content-Type: multipart/alternative; boundary=inner\n\n"
        "--inner\nContent-Type: text/html; charset=utf-8\n\n"
        f'<html><body><p><b>Delivery has failed to:</b></p><p><a href="mailto:{CE}">Chief'
        " Executive</a><br>The mailbox is full.</p></body></html>\n--inner--\n",
        "Content-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns;exchange.maidstone.example\nX-Originating: office\n\n"
        f"Final-recipient: RFC822;{CE}\nAction: failed\nStatus: 5.2.2\n"
        "Diagnostic-Code: smtp;554-5.2.2 mailbox full;\n STOREDRV.Deliver; quota\n"
        "X-Display-Name: Chief Executive\n",
        f"Content-Type: message/rfc822\n\n{ORIGINAL}",
    ),
    sender="<postmaster@maidstone.example>",
    subject="Undeliverable: The letter",
    headers="X-MS-Exchange-Message-Is-Ndr:\n",
)

EXIM = message(
    f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {CE}
    host mx.maidstone.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{CE}>:
    550 5.1.1 No such mailbox

------ This is a copy of the message, including all the headers. ------

Return-path: <letters@office.example>
{ORIGINAL}
Ask , other@calderdale.example, about it.
""",
    sender="Mail Delivery System <Mailer-Daemon@mail.office.example>",
    subject="Mail delivery failed: returning message to sender",
    headers=f"Return-path: <>\nX-Failed-Recipients: {CE}\nAuto-Submitted: auto-replied\n",
)

EXIM_DELAYED = message(
    f"""
This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mail.office.example.

The message identifier is:     1jy2AB-0001CD-EF
The subject of the message is: The letter

The address to which the message has not yet been delivered is:

  {CE}
    Delay reason: SMTP error from remote mail server after RCPT TO:<{CE}>:
    451 4.7.1 Greylisted

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals.
""",
    sender="Mail Delivery System <Mailer-Daemon@mail.office.example>",
    subject="Warning: message 1jy2AB-0001CD-EF delayed 24 hours",
    headers="Auto-Submitted: auto-replied\n",
)

QMAIL = message(
    f"""
Hi. This is the qmail-send program at mail.office.example.
I wasn't able to do what you asked, and have given up.

<{CE}>:
192.0.2.1 does not like recipient.
Remote host said: 550 No such mailbox

--- Below this line is a copy of the message.

Return-Path: <letters@office.example>
{ORIGINAL}
Words of the letter, <other@calderdale.example>: too.
""",
    sender="MAILER-DAEMON@mail.office.example",
    subject="failure notice",
    headers="Return-Path: <>\n",
)

SENDMAIL = delivery_report(
    f"Final-Recipient: RFC822; {CE}\nX-Actual-Recipient: RFC822; broom@host.maidstone.example\n"
    "Action: failed\nStatus: 5.2.2\nRemote-MTA: DNS; host.maidstone.example\n"
    "Diagnostic-Code: SMTP; 552 5.2.2 Mailbox full\n"
    "Last-Attempt-Date: Thu, 23 Jul 2020 07:00:00 GMT\n",
    headers="Auto-Submitted: auto-generated (failure)\n",
    words="The original message was received at Wed, 22 Jul 2020 10:30:02 +0100\n\n"
    f"   ----- The following addresses had permanent fatal errors -----\n<{CE}>\n",
    returned=f"Content-Type: message/rfc822\n\n{ORIGINAL}\nWords.",
    subject="Returned mail: see transcript for details",
)

GOOGLE = delivery_report(
    block(CE, more="Last-Attempt-Date: Thu, 23 Jul 2020 00:14:59 -0700 (PDT)\n"),
    headers=f"X-Failed-Recipients: {CE}\nAuto-Submitted: auto-replied\n"
    f"In-Reply-To: <{ID}>\nReferences: <{ID}>\n",
    returned=f"Content-Type: message/rfc822\n\n{ORIGINAL}\nWords.",
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
    subject="Delivery Status Notification (Failure)",
)

GLOBAL = message(
    parts_of(
        "Content-Type: text/plain; charset=utf-8\n\nNot delivered: rené@maidstone.example",
        "Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: 8bit\n\n"
        "Reporting-MTA: dns; mail.office.example\n\n"
        "Original-Recipient: utf-8; ren\\x{E9}@maidstone.example\n"
        "Final-Recipient: utf-8; rené@maidstone.example\nAction: failed\nStatus: 5.1.1\n",
        f"Content-Type: message/global-headers\n\n{ORIGINAL}",
    ),
    sender="Mail Delivery System <MAILER-DAEMON@mail.office.example>",
    subject="Undelivered Mail",
)

ENCODED_STATUS = message(
    parts_of(
        "Content-Type: text/plain; charset=x-unknown\n\nNot delivered \udce9".replace(
            "\udce9", "é"
        ),
        "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        + b64encode(f"Reporting-MTA: dns; x.example\n\n{block(CE)}".encode()).decode(),
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + b64encode(f"{ORIGINAL}\nWords".encode()).decode(),
    ),
    sender="postmaster@maidstone.example",
    subject="Undeliverable: The letter",
)

LEFT = message(
    """Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/html; charset=utf-8

<html><head><style>p {color: red}</style></head><body><p>I have <b>left</b> the council.</p>
<p>Please write to <a href="mailto:new.ce@maidstone.example">new.ce@maidstone.example</a></p></body></html>
--b--
""",
    sender="Ann Broom <ce@maidstone.example>",
    subject="Automatic reply: The letter",
    headers=f"Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nIn-Reply-To: <{ID}>\n",
)

ANSWER_THAT_QUOTES = message(
    f"""
We had this from your system. What does it mean? Ask , {CE}, please.

Delivery has failed to these recipients: [{CE}]
Your message could not be delivered to {CE}
This message was created automatically by mail delivery software.
550 5.1.1 No such mailbox
""",
    headers=f"In-Reply-To: <{ID}>\n",
)

COMPLAINT = message(
    parts_of(
        "Content-Type: text/plain\n\nSomebody complained about this message.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        f"Original-Rcpt-To: {CE}\n",
        f"Content-Type: message/rfc822\n\n{ORIGINAL}\nWords",
        kind="report; report-type=feedback-report",
    ),
    sender="feedback@mail.maidstone.example",
    subject="Complaint",
)

RECEIPT = message(
    parts_of(
        "Content-Type: text/plain\n\nYour message was read on Thursday.",
        "Content-Type: message/disposition-notification\n\n"
        f"Final-Recipient: rfc822;{CE}\nOriginal-Message-ID: <{ID}>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        kind="report; report-type=disposition-notification",
    ),
    sender=f"Ann Broom <{CE}>",
    subject="Read: The letter",
    headers=f"In-Reply-To: <{ID}>\n",
)

ALL = (
    delivery_report(), EXCHANGE, EXCHANGE_ON_PREMISES, EXIM, EXIM_DELAYED, QMAIL, SENDMAIL, GOOGLE, GLOBAL,
    ENCODED_STATUS, LEFT, ANSWER_THAT_QUOTES, COMPLAINT, RECEIPT, forwarded(delivery_report()),
)  # fmt: skip
