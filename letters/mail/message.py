"""The message that carries a parcel.

Made anew, it differs only in its date: boundaries and Message-ID come from the content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from mimetypes import guess_type

from letters.errors import MailError
from letters.mail.attempts import Way
from letters.mail.envelope import Recipients
from letters.mail.headers import WIRE
from letters.mail.parcels import MEGABYTE, Parcel

_UNFIT = re.compile(r'\s*(?:[\x00-\x1f\x7f/\\:;*?"<>|]\s*)+')
_ENCODED_LINE = 76  #: characters of a file in a message (RFC 2045, 6.8)


def pdf_name(title: str) -> str:
    """The PDF's name from a title: `Annual Review letter 2020 - Maidstone Borough Council.pdf`."""
    return _UNFIT.sub(" - ", title.strip()).strip(" -") + ".pdf"


def message_id(
    year: str, parcel: Parcel, issue: int, test: bool = False, again: int = 0, way: Way = Way.MAIL
) -> str:
    """The same for the same parcel and issue, so that mail systems see a repeat.

    Of one that is sent again it is another: it is to arrive. `way_of` tells the way by it.
    """
    domain = parcel.envelope.sent_from.rpartition("@")[2]
    number = f"{issue}-{again}{way}" if again else f"{issue}{way}"
    return f"<{'test.' if test else ''}{year}.{number}.{parcel.digest[:24]}@{domain}>"


def test_subject(subject: str, to: str) -> str:
    """The subject of a test, which says so, and whom the message is for in earnest."""
    return f"TEST, for {to}: {subject}"


def message(
    parcel: Parcel,
    contents: Sequence[bytes],
    number: str,
    date: datetime,
    tester: str = "",
    draft: bool = False,
    answers: Sequence[str] = (),
) -> bytes:
    """Its bytes for the wire, lines ended by CR LF; mail programs open a draft as one to be sent.

    `contents` are those of the parcel's PDF and files, `number` is its Message-ID; with a tester's
    address it goes to that alone. It stands under those that it `answers`. Raises MailError for a
    parcel without words or recipients, and for a header that cannot be written, such as a subject
    of two lines.
    """
    mail, words = _addressed(parcel, tester), parcel.envelope.words
    if words is None:
        raise MailError(
            f"{parcel.slug}: there is no e-mail: the year's templates have none of"
            " email.subject.jinja, email.text.jinja, email.html.jinja"
        )
    try:
        to = parcel.envelope.recipients
        mail["Subject"] = test_subject(words.subject, to.to) if tester and to else words.subject
    except ValueError as error:
        raise _unwritten(parcel, error) from error
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = number
    if answers:
        mail["In-Reply-To"] = answers[-1]
        mail["References"] = " ".join(answers)
    if draft:
        mail["X-Unsent"] = "1"
    else:  # no answers by machines: RFC 3834, 5, and what Exchange goes by
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail.set_content(words.text, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    names = (pdf_name(parcel.told.title), *(one.name for one in parcel.envelope.enclosed))
    for name, content in zip(names, contents, strict=True):
        _attach(mail, name, content)
    for index, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=-{sha256(f'{number}{index}'.encode()).hexdigest()[:40]}")
    return mail.as_bytes()


def _addressed(parcel: Parcel, tester: str) -> EmailMessage:
    envelope = parcel.envelope
    recipients = Recipients(tester) if tester else envelope.recipients
    if recipients is None:
        raise MailError(f"{parcel.slug}: the contacts have no address of its chief executive")
    mail = EmailMessage(policy=WIRE)
    try:
        mail["From"] = _address(envelope.sent_from, envelope.sender)
        to, *copies = recipients.addresses
        mail["To"] = _address(to)
        if copies:
            mail["Cc"] = [_address(address) for address in copies]
        if envelope.reply_to:
            mail["Reply-To"] = _address(envelope.reply_to)
    except ValueError as error:
        raise _unwritten(parcel, error) from error
    return mail


def _unwritten(parcel: Parcel, error: ValueError) -> MailError:
    return MailError(f"{parcel.slug}: a header of the message cannot be written: {error}")


def _attach(mail: EmailMessage, name: str, content: bytes) -> None:
    kind = guess_type(name)[0] or "application/octet-stream"
    maintype, _, subtype = kind.partition("/")
    if maintype in ("text", "message", "multipart"):  # to arrive byte for byte
        maintype, subtype = "application", "octet-stream"
    old = {} if name.isascii() else {"name": name}
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name, params=old)


def _address(address: str, name: str = "") -> Address:
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)


def size_of(parcel: Parcel, year: str, date: datetime) -> int:
    """The bytes of its message, without reading its files. Raises MailError as `message` does."""
    sizes = (parcel.size, *(one.size for one in parcel.envelope.enclosed))
    empty = message(parcel, [b""] * len(sizes), message_id(year, parcel, 1), date)
    return len(empty) + sum(_encoded(size) for size in sizes)


def _encoded(size: int) -> int:
    """What so many bytes take in a message."""
    characters = (size + 2) // 3 * 4
    return characters + 2 * -(-characters // _ENCODED_LINE)


def largest_of(parcels: Iterable[Parcel], year: str, megabytes: int, date: datetime) -> int:
    """The bytes of the largest message. Raises MailError for the first above the limit."""
    found = 0
    for parcel in parcels:
        size = size_of(parcel, year, date)
        if size > megabytes * MEGABYTE:
            name, bytes_ = parcel.largest
            raise MailError(
                f"{parcel.slug}: the message has {size / MEGABYTE:.1f} MB, and data/office.yaml"
                f" allows {megabytes}; its largest file is {name}, {bytes_ / MEGABYTE:.1f} MB"
            )
        found = max(found, size)
    return found
