"""The last look at a message before it goes out: all that tells whose it is must tell the same.

It parses the very bytes to be sent and shares no reading with what made them: they are held against
the parcel, the ledger's claim and the campaign, and against a fresh look at the authority's own
folder of files and at its approval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import compat32, default
from email.utils import parseaddr
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from letters.campaign.load import Campaign
from letters.campaign.lock import lock_now
from letters.campaign.rules import domain_of, is_at
from letters.errors import CampaignError, InterlockError, MailError, NoLetter, WithdrawnError
from letters.files import is_left_over
from letters.intake.recount import faults_of_enclosures
from letters.mail.approvals import Seal, own_approvals, standing
from letters.mail.attempts import Attempt
from letters.mail.enclosures import enclosures_folder
from letters.mail.envelope import digest_of
from letters.mail.message import pdf_name
from letters.mail.parcels import Parcel
from letters.mail.stages import Standing
from letters.mail.wants import CORRECTED
from letters.typesetting.context import addressee_of
from letters.typesetting.finished import Finished, read_back
from letters.typesetting.markup import NOTHING_SAID, greeting_in, names, read_markup
from letters.wording import reason_of

_UNSURE = re.compile("[\\s\\-\xad\u2010\u2011\ufffe\x02]")  # of a line that was broken
_GOES_ON = re.compile("[\\-\\u2010\\u2011\\ufffe]\\s*$")  # a line that ends in the middle of a word


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the bytes of a message say and hold."""

    sender: tuple[str, str, str]  #: name, address, where answers go
    addresses: tuple[str, ...]
    words: tuple[str, str, str]  #: subject, text, HTML
    files: tuple[tuple[str, bytes], ...]  #: name and content, the PDF first
    answers: str = ""  #: the Message-ID that it follows


def require_agreement(
    message: bytes,
    claim: Attempt,
    parcel: Parcel,
    campaign: Campaign,
    root: Path,
    tester: str = "",
    answers: Sequence[str] = (),
) -> None:
    """Raise InterlockError, with the first thing that does not agree, unless all does.

    With a tester's address, which stands for all others, it must be addressed to that alone. A
    corrected letter must stand under those that it `answers`, by their Message-IDs.
    """
    for fault in _faults(message, claim, parcel, campaign, root, tester, answers):
        raise InterlockError(
            f"{claim.slug}: {fault}. Nothing was sent of this message, and the run stops; find out"
            " how it came before anything else is sent"
        )


def require_recipients(
    claim: Attempt, recipients: Sequence[str], campaign: Campaign, tester: str = ""
) -> None:
    """Raise InterlockError unless these are the addresses that the mail server may be told.

    They are all of the authority's, or some of its copies where it is to copies alone.
    """
    to, *copies = _own_addresses(campaign, claim.slug) or ("",)
    if tester:
        good = tuple(recipients) == (tester,)
    elif claim.to_all:
        good = recipients[:1] == (to,) and sorted(recipients[1:]) == copies
    else:
        good = bool(recipients) and set(recipients) <= set(copies)
    if not good:
        raise InterlockError(
            f"{claim.slug}: the message would not go to whom the contacts of this authority name."
            " Nothing was sent of it, and the run stops; find out how it came before anything else"
            " is sent"
        )


def require_approval(claim: Attempt, campaign: Campaign, root: Path) -> None:
    """Look at the approvals once more, for what the ledger's claim is for.

    Raises WithdrawnError when this letter is not approved any more, and MailError when nobody can
    tell, for the file is gone or cannot be read.
    """
    given = own_approvals(root, campaign.year, claim.slug)
    seal = Seal(claim.slug, claim.letter, claim.envelope)
    if (
        standing(seal, {claim.slug: given}, campaign.approvers_of(claim.slug))
        is not Standing.APPROVED
    ):
        raise WithdrawnError(f"{claim.slug}: its approval was withdrawn; nothing was sent of it")


def _faults(
    message: bytes,
    claim: Attempt,
    parcel: Parcel,
    campaign: Campaign,
    root: Path,
    tester: str,
    answers: Sequence[str],
) -> Iterator[str]:
    slug = claim.slug
    if slug not in campaign.statistics:
        yield "the ledger's claim is for an authority that gets no letter"
        return
    if slug != parcel.slug:
        yield f"the parcel is that of {parcel.slug}"
        return
    own_addresses = _own_addresses(campaign, slug)
    if not own_addresses:
        yield "the contacts have no address for it"
        return
    seen = _seen(message)
    if tester:
        seen, said = _without_test(seen, own_addresses[0])
        if not said:
            yield "the subject does not say that this is a test, and for whom"
    if (*seen.addresses[:1], *sorted(seen.addresses[1:])) != (
        (tester,) if tester else own_addresses
    ):
        yield "the message is not addressed as the contacts of this authority say"
    domains = campaign.register[slug].mail_domains
    for address in () if tester else seen.addresses:
        if not is_at(address, domains):
            domain = domain_of(address)
            yield f"an address is at {domain}, and the register allows only {', '.join(domains)}"
    (name, pdf), others = (seen.files[0], seen.files[1:]) if seen.files else (("", b""), ())
    if sha256(pdf).hexdigest() != claim.letter:
        yield (
            "the PDF in the message is not the one that the ledger's claim and the approval are for"
        )
    try:
        letter = read_back(pdf)
    except NoLetter as error:
        yield str(error)
        return
    addressee = addressee_of(campaign.contacts.get(slug)).greeting
    yield from _letter(letter, name, campaign, parcel, addressee)
    files = [(name, sha256(content).hexdigest()) for name, content in others]
    for name in _differing(files, _own_files(root, campaign.year, slug)):
        yield f"the files in the message are not those of this authority's folder: {name}"
    yield from _enclosed(root, campaign, slug, others)
    if not tester:
        yield from _corrected(campaign, claim, seen, letter, answers)
    yield from _words(seen, campaign.register[slug].name, addressee)
    to = parcel.envelope.recipients
    addresses = seen.addresses if not tester else to.addresses if to else ()
    digest = digest_of(seen.sender, addresses, seen.words, files)
    if not digest == claim.envelope == parcel.envelope.digest:
        yield (
            "the addresses, words or files of the message have changed since the ledger's claim"
            " and the approval"
        )


def _corrected(
    campaign: Campaign, claim: Attempt, seen: _Seen, letter: Finished, answers: Sequence[str]
) -> Iterator[str]:
    """What a corrected letter and its e-mail do not say, and others do."""
    corrected = campaign.corrected(claim.slug)
    number = corrected.replacement.issue if corrected else 1
    if claim.issue != number:
        yield f"the ledger's claim is for issue {claim.issue}, and the corrections have {number}"
    replaces = letter.statistics.get("replaces", {}).get("sha256")
    if replaces != (corrected.replacement.replaces if corrected else None):
        yield "the letter in the message does not replace the one that the correction says"
    if bool(corrected) != seen.words[0].startswith(CORRECTED):
        yield f'only the subject of a corrected letter begins with "{CORRECTED}"'
    if seen.answers != (answers[-1] if answers and corrected else ""):
        yield "a corrected letter, and no other, stands under the one that it replaces"


def _enclosed(
    root: Path, campaign: Campaign, slug: str, files: Sequence[tuple[str, bytes]]
) -> Iterator[str]:
    """What is wrong with the cases in the message: their files, whose they are, and how many."""
    try:
        lock = lock_now(root, campaign.year)
    except CampaignError as error:
        yield f"what was imported cannot be read: {error}"
        return
    yield from faults_of_enclosures(campaign, lock, slug, files)


def _seen(message: bytes) -> _Seen:
    mail = message_from_bytes(message, policy=default)
    as_written = message_from_bytes(message, policy=compat32)
    name, address = parseaddr(str(as_written["From"]))
    answers = [one.addr_spec for one in mail["Reply-To"].addresses] if mail["Reply-To"] else []
    return _Seen(
        sender=(str(make_header(decode_header(name))), address, ", ".join(answers)),
        addresses=tuple(
            one.addr_spec
            for header in ("to", "cc", "bcc")
            for value in mail.get_all(header, [])
            for one in value.addresses
        ),
        words=(str(mail["Subject"]), _body(mail, "plain"), _body(mail, "html")),
        files=tuple(
            (part.get_filename() or "", _content(part)) for part in mail.iter_attachments()
        ),
        answers=str(mail["In-Reply-To"] or "").strip(),
    )


def _without_test(seen: _Seen, to: str) -> tuple[_Seen, bool]:
    """The same without what makes its subject that of a test, and whether that was there."""
    subject, text, page = seen.words
    plain = subject.removeprefix(f"TEST, for {to}: ")
    return replace(seen, words=(plain, text, page)), plain != subject


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _own_files(root: Path, year: str, slug: str) -> list[tuple[str, str]]:
    """Name and SHA-256 of each file in the authority's folder, now; a link has none.

    What editors and systems leave there, such as the mark of a file that is open, is passed over.
    """
    folder = root / enclosures_folder(root, year) / slug
    if folder.is_symlink():
        return [(f"{folder} is a link", "")]
    try:
        paths = [path for path in folder.iterdir() if not is_left_over(path.name)]
        return [
            (path.name, "" if path.is_symlink() else sha256(path.read_bytes()).hexdigest())
            for path in paths
        ]
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = reason_of(error)
        raise MailError(f"{slug}: {error.filename} cannot be read: {reason}") from error


def _differing(files: Sequence[tuple[str, str]], own: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The names of files that are in the one place and not, or otherwise, in the other."""
    yield from sorted({name for name, _ in set(files) ^ set(own)})
    if len(files) > len(set(files)):
        yield "one is there twice"


def _own_addresses(campaign: Campaign, slug: str) -> tuple[str, ...]:
    """The chief executive's address as the contacts have it, then the others, sorted."""
    contacts = campaign.contacts.get(slug)
    executive = contacts.chief_executive if contacts else None
    if contacts is None or executive is None or executive.email is None:
        return ()
    others = {copy.email.casefold(): copy.email for copy in reversed(contacts.copies)}
    others.pop(executive.email.casefold(), None)
    return (executive.email, *sorted(others.values()))


def _letter(
    letter: Finished, name: str, campaign: Campaign, parcel: Parcel, addressee: str
) -> Iterator[str]:
    slug, own = parcel.slug, campaign.register[parcel.slug].name
    whose, year = letter.statistics.get("authority", {}), letter.statistics.get("campaign")
    if (whose.get("slug"), year) != (slug, campaign.year):
        yield f"the figures in the PDF are those of {whose.get('name')}, {year}"
    elif letter.statistics != parcel.statistics:
        yield "the figures in the PDF are not those that the data gives"
    if not names(letter.title, own):
        yield f'the title of the PDF is "{letter.title}"'
    if name != pdf_name(letter.title):
        yield f'the PDF is called "{name}"'
    greets = names(parcel.greeting, addressee)
    if not greets or not stands_in(parcel.greeting, letter.text.splitlines()):
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


def _words(seen: _Seen, own: str, addressee: str) -> Iterator[str]:
    subject, text, html = seen.words
    page = read_markup(html) if html else NOTHING_SAID
    if not greeting_in(text.splitlines(), addressee) or not page.greeting(addressee):
        yield "the words of the message do not greet the person whom the contacts name"
    if not all(names(said, own) for said in (subject, text, " ".join(page.words))):
        yield "the words of the message do not name this authority in subject and text"


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
