"""What came back after letters were sent: delivery reports, automatic replies, and the rest.

Nothing is guessed: what is not understood is a report, too, and says why, for somebody to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from hashlib import sha256
from itertools import chain

from letters.mail.answers import is_automatic, is_of_people, words_of
from letters.mail.delivery_status import LONGEST, Told, read_status
from letters.mail.incoming import (
    content,
    enclosed,
    header,
    headers,
    moment,
    numbers_in,
    one_line,
    parse,
    parts,
    text,
)
from letters.mail.mailboxes import Mail, as_mail
from letters.mail.prose import is_from_mail_system, told_in_prose

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT = ("message/disposition-notification", "message/global-disposition-notification")
_ORIGINAL = (
    "message/rfc822",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
    "text/rfc822-headers",
)
_COMPLAINT = "message/feedback-report"  #: RFC 5965
_ATTACHED = ("message/rfc822", "message/global")
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_MESSAGE_ID = re.compile(r"^[> \t]*Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
#: headers of a message that came back in the words of a report, and not what the words speak of
_HEADERS = re.compile(r"^(?:Return-Path|Received|From|Subject|Date):", re.IGNORECASE | re.MULTILINE)


class Kind(StrEnum):
    """What sort of thing came back."""

    DELIVERY = "delivery report"  #: in the form of RFC 3464, or in the words of a mail system
    REPLY = "automatic reply"
    RECEIPT = "read receipt"  #: RFC 8098
    OTHER = "something else"  #: for a person to read


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that came back, as far as it is understood; all text is on one line."""

    where: str  #: as in `Mail`
    digest: str  #: SHA-256 of the message, the same however it was saved
    kind: Kind
    at: datetime | None = None  #: its date, universal time
    sender: str = ""  #: the address that it came from
    subject: str = ""
    words: str = ""  #: its first words; of an automatic reply more of them
    why: str = ""  #: it is something else, in a sentence without an end
    told: tuple[Told, ...] = ()  #: of each recipient, in a delivery report
    number: str = ""  #: its own Message-ID; this and the others without angle brackets
    # by what it names the message that it is about:
    #: Message-ID of the first message that came with it, "" of one without; None when none came
    returned: str | None = None
    envelope: tuple[str, ...] = ()  #: spellings of our name for the envelope (RFC 3461, 4.4)
    answers: tuple[str, ...] = ()  #: In-Reply-To, then References from the last to the first


def reports_of(mail: Mail) -> tuple[Report, ...]:
    """The report that a message is, or those that somebody forwarded as its attachments.

    There is always one at least. Never raises.
    """
    if mail.fault:
        return (Report(mail.where, mail.digest, Kind.OTHER, why=mail.fault),)
    message = parse(mail.raw)
    report = _report(message, mail.where, mail.digest)
    if message is None or report.kind is not Kind.OTHER:
        return (report,)
    return _forwarded(message, report)


def _forwarded(message: Message, around: Report) -> tuple[Report, ...]:
    """The reports attached to a message, and its own words, if there are any.

    Where nothing attached is understood it is the message alone.
    """
    attached = [
        one for one in parts(message) if one.get_content_maintype() not in ("text", "image")
    ]
    inside = [
        _attached(
            part,
            f"{around.where}, attachment {number}",
            sha256(f"{around.digest} {number}".encode()).hexdigest(),
        )
        for number, part in enumerate(attached, start=1)
    ]
    if all(one.kind is Kind.OTHER for one in inside):
        return (around,)
    why = "somebody wrote it around what is attached, which is listed by itself"
    return (*([replace(around, why=why)] if around.words else []), *inside)


def _attached(part: Message, where: str, digest: str) -> Report:
    """The report that an attachment is; a file is read as one that was saved."""
    if part.get_content_type() in _ATTACHED:
        return _report(enclosed(part), where, digest)
    file = as_mail(where, content(part))
    if file.fault:
        return Report(where, digest, Kind.OTHER, why=file.fault)
    return _report(parse(file.raw), where, digest)


def _report(message: Message | None, where: str, digest: str) -> Report:
    if message is None:
        return Report(where, digest, Kind.OTHER, why="its parts are nested too deep to be read")
    said = text(message)
    seen = Report(
        where,
        digest,
        Kind.OTHER,
        at=moment(header(message, "Date")),
        sender=one_line(parseaddr(header(message, "From"))[1]),
        subject=header(message, "Subject"),
        words=one_line(said, LONGEST),
        number=next(iter(numbers_in(header(message, "Message-ID"))), ""),
        returned=_returned(message),
        answers=_answers(message),
    )
    kinds = {part.get_content_type() for part in parts(message)}
    by_system = is_from_mail_system(message)
    if delivery := _delivery(message, said, seen, by_system):
        return delivery
    if kinds & set(_RECEIPT):
        return replace(seen, kind=Kind.RECEIPT)
    if by_system and _COMPLAINT not in kinds:
        why = "a mail system wrote it, and does not say of whom"
        return replace(seen, why=why, returned=seen.returned or _quoted(said))
    if is_automatic(message):
        return replace(seen, kind=Kind.REPLY, words=words_of(said))
    return replace(seen, why=_why(message, kinds))


def _delivery(message: Message, said: str, seen: Report, by_system: bool) -> Report | None:
    """The delivery report that the message is; None when it tells of nobody.

    What people or complaints show of a report is none.
    """
    kinds = {part.get_content_type() for part in message.walk()}
    in_form = "multipart/report" in kinds and not is_of_people(seen.subject)
    if _COMPLAINT in kinds or not (by_system or in_form):
        return None
    found = [part for part in parts(message) if part.get_content_type() in _STATUS]
    statuses = [read_status(content(part)) for part in found]
    told = tuple(one for status in statuses for one in status.told)
    if not told and (found or by_system):
        told = told_in_prose(message, said)
    if not told:
        return None
    named = next((status.original for status in statuses if status.original), None)
    returned = named if seen.returned is None else seen.returned
    return replace(
        seen,
        kind=Kind.DELIVERY,
        told=tuple(
            replace(one, at=one.at or seen.at, words=one.words or seen.words) for one in told
        ),
        returned=_quoted(said) if returned is None else returned,
        envelope=tuple(one for status in statuses for one in status.envelope),
    )


def _returned(message: Message) -> str | None:
    """The Message-ID of the message that came back: "" of one without, None when none did."""
    for part in parts(message):
        original = enclosed(part) if part.get_content_type() in _ORIGINAL else None
        if original and original.keys():
            return next(iter(numbers_in(header(original, "Message-ID"))), "")
    return None


def _quoted(said: str) -> str | None:
    """The same, where its headers stand in a report's own words."""
    if quoted := _MESSAGE_ID.search(said):
        return one_line(quoted[1]).strip("<>")
    return "" if _HEADERS.search(said) else None


def _answers(message: Message) -> tuple[str, ...]:
    """What a message answers: the last one first; of a receipt what it is for."""
    receipts = [enclosed(part) for part in parts(message) if part.get_content_type() in _RECEIPT]
    named = [
        *((one, "Original-Message-ID") for one in receipts if one),
        (message, "In-Reply-To"),
        (message, "References"),
    ]
    found = [
        [number for value in headers(one, name) for number in numbers_in(value)]
        for one, name in named
    ]
    return tuple(dict.fromkeys((*chain(*found[:-1]), *reversed(found[-1]))))


def _why(message: Message, kinds: set[str]) -> str:
    """Why a message is for a person to read."""
    if _COMPLAINT in kinds:
        return "it is a complaint: somebody called a message spam"
    if kinds & set(_ENCRYPTED) or message.get_content_type() in _ENCRYPTED:
        return "it is encrypted"
    if header(message, "List-Id"):
        return "it came through a mailing list"
    return "it is no report and no automatic reply: somebody may have written it"
