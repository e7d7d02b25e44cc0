"""The last look at a message before it goes out: all that tells whose it is must tell the same.

It compares the very bytes to be sent with the ledger's claim, the campaign and the approval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from hashlib import sha256
from itertools import accumulate
from typing import Any

from letters.campaign.load import Campaign
from letters.campaign.rules import domain_of, is_at
from letters.errors import BuildError, InterlockError
from letters.mail.enclosures import Enclosure
from letters.mail.ledger import Attempt
from letters.mail.message import Recipients, pdf_name, recipients_of
from letters.typesetting.finished import Finished, read_back
from letters.typesetting.markup import NOTHING_SAID, greeting_in, names, read_markup

_UNSURE = re.compile("[\\s\\-\xad\u2010\u2011\ufffe\x02]")  # of a line that was broken
_GOES_ON = re.compile("[\\-\\u2010\\u2011\\ufffe]\\s*$")  # a line that ends in the middle of a word


@dataclass(frozen=True, slots=True)
class Expected:
    """What a message must agree with, read anew for it."""

    addressee: str  #: whom letter and e-mail greet: a name, or the post
    greeting: str  #: the line of the letter that does, as its template writes it
    statistics: Mapping[str, Any]  #: as worked out of the data now
    enclosures: tuple[Enclosure, ...]  #: in the authority's own folder now
    envelope: str  #: digest of all that goes out beside the PDF, now
    to_tester: str = ""  #: the address that stands for all others in a test


def require_agreement(
    claim: Attempt, campaign: Campaign, expected: Expected, message: bytes
) -> None:
    """Raise InterlockError, with the first thing that does not agree, unless all does."""
    for fault in _faults(claim, campaign, expected, message):
        raise InterlockError(
            f"{claim.slug}: {fault}. Nothing was sent of this message, and the run stops; find out"
            " how it came before anything else is sent"
        )


def _faults(
    claim: Attempt, campaign: Campaign, expected: Expected, message: bytes
) -> Iterator[str]:
    slug = claim.slug
    if slug not in campaign.statistics:
        yield "the ledger's claim is for an authority that gets no letter"
        return
    mail = message_from_bytes(message, policy=default)
    recipients = recipients_of(campaign.contacts.get(slug))
    if recipients is None:
        yield "the contacts have no address for it"
        return
    yield from _addresses(mail, campaign, slug, recipients, expected.to_tester)
    files = [(part.get_filename() or "", _content(part)) for part in mail.iter_attachments()]
    (name, pdf), others = (files[0], files[1:]) if files else (("", b""), [])
    if sha256(pdf).hexdigest() != claim.letter:
        yield (
            "the PDF in the message is not the one that the ledger's claim and the approval are for"
        )
    try:
        letter = read_back(pdf)
    except BuildError as error:
        yield str(error)
        return
    yield from _letter(letter, name, campaign, slug, expected)
    yield from _enclosed(others, expected.enclosures)
    yield from _words(mail, campaign.register[slug].name, expected.addressee)
    if claim.envelope != expected.envelope:
        yield (
            "the addresses, words or files of the message have changed since the ledger's claim"
            " and the approval"
        )


def _addresses(
    mail: EmailMessage, campaign: Campaign, slug: str, recipients: Recipients, tester: str
) -> Iterator[str]:
    found = [
        one.addr_spec
        for header in ("to", "cc", "bcc")
        for value in mail.get_all(header, [])
        for one in value.addresses
    ]
    wanted = [tester] if tester else list(recipients.addresses)
    if found != wanted:
        yield "the message is not addressed as the contacts of this authority say"
    domains = campaign.register[slug].mail_domains
    for address in () if tester else found:
        if not is_at(address, domains):
            domain = domain_of(address)
            yield f"an address is at {domain}, and the register allows only {', '.join(domains)}"


def _letter(
    letter: Finished, name: str, campaign: Campaign, slug: str, expected: Expected
) -> Iterator[str]:
    own = campaign.register[slug].name
    whose, year = letter.statistics.get("authority", {}), letter.statistics.get("campaign")
    if (whose.get("slug"), year) != (slug, campaign.year):
        yield f"the figures in the PDF are those of {whose.get('name')}, {year}"
    elif letter.statistics != expected.statistics:
        yield "the figures in the PDF are not those that the data now gives"
    if not names(letter.title, own):
        yield f'the title of the PDF is "{letter.title}"'
    if name != pdf_name(letter.title):
        yield f'the PDF is called "{name}"'
    greets = names(expected.greeting, expected.addressee)
    if not greets or not stands_in(expected.greeting, letter.text.splitlines()):
        yield "the PDF does not greet the person whom the contacts name"


def stands_in(line: str, found: Sequence[str]) -> bool:
    """Whether a line stands in a PDF's text, whole, on one line or broken into a few.

    Spaces and hyphens do not count: where a line breaks, the one goes and the other may change.
    """
    wanted = _UNSURE.sub("", line)
    return bool(wanted) and any(_begins(found[first:], wanted) for first in range(len(found)))


def _begins(lines: Sequence[str], wanted: str) -> bool:
    """Whether the first line, or the first few together, are what is wanted, and no more."""
    for joined in accumulate(lines):
        said = _UNSURE.sub("", joined)
        if said == wanted:
            return not _GOES_ON.search(joined)
        if not wanted.startswith(said):
            return False
    return False


def _words(mail: EmailMessage, own: str, addressee: str) -> Iterator[str]:
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    text = str(plain.get_content()) if plain else ""
    page = read_markup(str(html.get_content())) if html else NOTHING_SAID
    if not greeting_in(text.splitlines(), addressee) or not page.greeting(addressee):
        yield "the words of the message do not greet the person whom the contacts name"
    if not all(names(said, own) for said in (str(mail["Subject"]), text, " ".join(page.words))):
        yield "the words of the message do not name this authority in subject and text"


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _enclosed(files: list[tuple[str, bytes]], expected: tuple[Enclosure, ...]) -> Iterator[str]:
    found = [(name, sha256(content).hexdigest()) for name, content in files]
    if found != [(one.name, one.sha256) for one in expected]:
        yield "the files in the message are not those of this authority's folder"
