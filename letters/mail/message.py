"""One authority's message: who receives it, what it says, what goes with it.

Made anew, it differs only in its date: boundaries and Message-ID come from the content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, default
from email.utils import format_datetime
from hashlib import sha256
from mimetypes import guess_type

from letters.campaign.records import Contacts, Office
from letters.errors import MailError
from letters.mail.enclosures import Enclosure
from letters.typesetting.html import MailWords

_BODIES = SMTP.clone(max_line_length=76)  # RFC 2045, 6.7 and 6.8
# where it folds long words, the library can lose a space between them
_UNFOLDED = SMTP.clone(max_line_length=998)
_ADDRESS = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+")
_UNFIT = re.compile(r'\s*(?:[\x00-\x1f\x7f/\\:*?"<>|]\s*)+')


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who receives a message: a chief executive and any number of copies, as in the contacts."""

    to: str
    copies: tuple[tuple[str, str], ...] = ()  #: role and address

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of them, each once, the chief executive's first."""
        found = {address.casefold(): address for _, address in reversed(self.copies)}
        found.pop(self.to.casefold(), None)
        return (self.to, *reversed(found.values()))

    def role(self, address: str) -> str:
        """Whose address it is: what reports and the ledger say in its place."""
        return next(
            (role for role, other in self.copies if other == address and other != self.to),
            "Chief Executive",
        )

    def without_addresses(self, text: str) -> str:
        """A server's words, roles in place of addresses, for reports and the ledger show none."""
        for address in self.addresses:
            text = re.sub(re.escape(address), self.role(address), text, flags=re.IGNORECASE)
        return _ADDRESS.sub("an address", text)


@dataclass(frozen=True, slots=True)
class Mailing:
    """All that goes out to one authority."""

    slug: str
    recipients: Recipients
    words: MailWords
    pdf: bytes
    pdf_name: str
    enclosures: tuple[Enclosure, ...]

    @property
    def letter(self) -> str:
        """SHA-256 of the PDF."""
        return sha256(self.pdf).hexdigest()

    @property
    def largest(self) -> tuple[str, int]:
        """The largest of its files, and how many bytes it has."""
        files = [(one.name, len(one.content)) for one in self.enclosures]
        return max([(self.pdf_name, len(self.pdf)), *files], key=lambda one: one[1])


def recipients_of(contacts: Contacts | None) -> Recipients | None:
    """Who receives an authority's letter; None when there is no address of its chief executive."""
    executive = contacts.chief_executive if contacts else None
    if contacts is None or executive is None or executive.email is None:
        return None
    return Recipients(executive.email, tuple((copy.role, copy.email) for copy in contacts.copies))


def envelope(
    office: Office,
    recipients: Recipients | None,
    words: MailWords | None,
    enclosed: Sequence[Enclosure],
) -> str:
    """Digest of all that goes with the PDF: it changes with sender, recipients, words and files."""
    parts = [office.sender.name, office.sender.email, office.reply_to or ""]
    parts += recipients.addresses if recipients else ()
    parts += [words.subject, words.text, words.html] if words else []
    parts += [f"{one.name}:{one.sha256}" for one in enclosed]
    return sha256("\0".join(parts).encode()).hexdigest()


def pdf_name(title: str) -> str:
    """The PDF's name from a title: `Annual Review letter 2020 - Maidstone Borough Council.pdf`."""
    return _UNFIT.sub(" - ", title).strip(" -") + ".pdf"


def message_id(office: Office, year: str, mailing: Mailing, issue: int, test: bool = False) -> str:
    """The same for the same letter, envelope and issue, so that mail systems see a repeat."""
    domain = office.sender.email.rpartition("@")[2]
    sealed = envelope(office, mailing.recipients, mailing.words, mailing.enclosures)
    content = sha256(f"{mailing.slug}{mailing.letter}{sealed}".encode()).hexdigest()
    return f"<{'test.' if test else ''}{year}.{issue}.{content[:24]}@{domain}>"


def message(
    office: Office, mailing: Mailing, number: str, date: datetime, draft: bool = False
) -> bytes:
    """Its bytes for the wire, lines ended by CR LF; mail programs open a draft as one to be sent.

    `number` is its Message-ID. Raises MailError for a header that cannot be written, such as a
    subject of two lines.
    """
    mail = EmailMessage(policy=_BODIES)
    try:
        mail["From"] = _address(office.sender.name, office.sender.email)
        to, *copies = mailing.recipients.addresses
        mail["To"] = _address("", to)
        if copies:
            mail["Cc"] = [_address("", address) for address in copies]
        if office.reply_to:
            mail["Reply-To"] = _address("", office.reply_to)
        mail["Subject"] = mailing.words.subject
    except ValueError as error:
        raise MailError(
            f"{mailing.slug}: a header of the message cannot be written: {error}"
        ) from error
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = number
    if draft:
        mail["X-Unsent"] = "1"
    mail.set_content(mailing.words.text, cte="quoted-printable")
    mail.add_alternative(mailing.words.html, subtype="html", cte="quoted-printable")
    mail.add_attachment(
        mailing.pdf, maintype="application", subtype="pdf", filename=mailing.pdf_name
    )
    for one in mailing.enclosures:
        kind = guess_type(one.name)[0] or "application/octet-stream"
        maintype, _, subtype = kind.partition("/")
        if maintype in ("text", "message", "multipart"):  # to arrive byte for byte
            maintype, subtype = "application", "octet-stream"
        mail.add_attachment(one.content, maintype=maintype, subtype=subtype, filename=one.name)
    for index, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=-{sha256(f'{number}{index}'.encode()).hexdigest()[:40]}")
    data = mail.as_bytes()
    read = BytesHeaderParser(policy=default).parsebytes(data)
    kept = all(
        " ".join(str(read[name]).split()) == " ".join(str(mail[name]).split())
        for name in ("From", "Subject")
    )
    return data if kept else mail.as_bytes(policy=_UNFOLDED)


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)
