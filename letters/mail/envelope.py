"""All that goes out beside one letter's PDF: sender, recipients, the e-mail's words, files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from letters.batch.draft import Drafts
from letters.campaign.records import Contacts, Office
from letters.mail.enclosures import Enclosure, enclosure
from letters.typesetting.html import MailWords

_ADDRESS = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+")


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
        """A server's words, roles in place of addresses, for reports and the ledger show none.

        Of long ones the first 200 characters.
        """
        roles = {address.casefold(): self.role(address) for address in self.addresses}
        said = _ADDRESS.sub(lambda one: roles.get(one[0].casefold(), "an address"), text)
        return said[:200]


@dataclass(frozen=True)
class Envelope:
    """All that goes out beside one PDF, as far as it is known."""

    sender: str = ""  #: the name that mail programs show, "" while the office has none
    sent_from: str = ""  #: the sender's address
    reply_to: str = ""  #: "" when answers go to the sender
    recipients: Recipients | None = None  #: None without an address of the chief executive
    words: MailWords | None = None  #: None when the year has no templates for an e-mail
    enclosed: tuple[Enclosure, ...] = ()

    @property
    def shown_sender(self) -> str:
        """Who it comes from, and where answers go, as people read it."""
        answers = f", answers to {self.reply_to}" if self.reply_to else ""
        return f"{self.sender} <{self.sent_from}>{answers}"

    @cached_property
    def digest(self) -> str:
        """It changes with the sender, the addresses, the words and the files."""
        return digest_of(
            (self.sender, self.sent_from, self.reply_to),
            self.recipients.addresses if self.recipients else (),
            (self.words.subject, self.words.text, self.words.html) if self.words else (),
            [(one.name, one.sha256) for one in self.enclosed],
        )


def size_shown(size: int) -> str:
    """So many bytes, as people read them: 113 kB, 1.4 MB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def digest_of(
    sender: Sequence[str],
    addresses: Sequence[str],
    words: Sequence[str],
    files: Sequence[tuple[str, str]],
) -> str:
    """SHA-256 of an envelope: sender's name, address and where answers go; subject, text and HTML.

    Of each file it has the name and the SHA-256.
    """
    parts = [*sender, *addresses, *words, *(f"{name}:{digest}" for name, digest in files)]
    return sha256("\0".join(parts).encode()).hexdigest()


def envelope_of(
    drafts: Drafts, office: Office | None, slug: str, files: Sequence[Path], written: bool = True
) -> Envelope:
    """What goes out beside a letter's PDF: each file is read once, and the e-mail written once.

    Where it is not `written` there are no words. Raises TemplateError for its words, and OSError.
    """
    enclosed = tuple(enclosure(path) for path in files)
    return Envelope(
        sender=office.sender.name if office else "",
        sent_from=office.sender.email if office else "",
        reply_to=(office.reply_to or "") if office else "",
        recipients=recipients_of(drafts.campaign.contacts.get(slug)),
        words=drafts.mail(slug, tuple(one.name for one in enclosed)) if written else None,
        enclosed=enclosed,
    )


def recipients_of(contacts: Contacts | None) -> Recipients | None:
    """Who receives an authority's letter; None when there is no address of its chief executive."""
    executive = contacts.chief_executive if contacts else None
    if contacts is None or executive is None or executive.email is None:
        return None
    return Recipients(executive.email, tuple((copy.role, copy.email) for copy in contacts.copies))
