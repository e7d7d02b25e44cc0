"""One run of sending: which letters, in what order, at what pace, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from letters.batch.build import Build
from letters.batch.finished import finished
from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.campaign.load import Campaign
from letters.campaign.models import Approvals, Office
from letters.errors import InterlockError, MailError
from letters.figures import all_figures
from letters.mail import interlock
from letters.mail.approvals import Letter, Standing, standing
from letters.mail.enclosures import enclosures, strangers
from letters.mail.ledger import Attempt, Ledger, State
from letters.mail.message import Mailing, Recipients, envelope, message, message_id, pdf_name, recipients_of
from letters.mail.post import Handed, Post, ServerBusy
from letters.typesetting.context import embedded_statistics, letter_context
from letters.typesetting.words import lines_of
from letters.typesetting.writer import Writer

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, and a way to let some pass: `wait` is false when the run has been asked to stop."""

    now: Callable[[], datetime]
    wait: Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters of a run, by what will be done with them."""

    to_send: tuple[str, ...]
    sent: tuple[str, ...] = ()  #: accepted before
    corrected: tuple[str, ...] = ()  #: accepted before, and changed since
    doubtful: tuple[str, ...] = ()  #: unknown: a person must say
    refused: tuple[str, ...] = ()  #: refused before, and nothing has changed since
    unapproved: tuple[str, ...] = ()
    without_address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one letter in a run."""

    slug: str
    state: State
    reply: str
    refused_copies: tuple[str, ...] = ()  #: roles of those the server did not take


class Mailroom:
    """Makes the messages of one year, and tells how its letters stand. Built letters are taken as they are on disk."""

    def __init__(self, root: Path, campaign: Campaign, office: Office) -> None:
        """Raises MailError when a folder of files would go to nobody, or templates for the e-mail are missing."""
        self.root, self.campaign, self.office = root, campaign, office
        self._folder = letters_folder(root, campaign.year)
        self._entries: Mapping[str, Entry] = read_manifest(year_folder(root, campaign.year)).letters
        self._writer = Writer(root, campaign)
        self._figures = all_figures(campaign)
        for sentence in strangers(root, campaign.year, campaign.statistics):
            raise MailError(sentence)

    def letter(self, slug: str) -> Letter:
        """What is approved of a letter: its PDF and its envelope. Raises KeyError when not built, and MailError."""
        return Letter(slug, self._entries[slug].sha256, self.envelope(slug))

    def envelope(self, slug: str) -> str:
        """Digest of who receives a letter and of the files that go with it. Raises MailError."""
        enclosed = enclosures(self.root, self.campaign.year, slug, self.campaign.register)
        return envelope(recipients_of(self.campaign.contacts.get(slug)), enclosed)

    def mailing(self, slug: str) -> Mailing:
        """All that goes out to one authority. Raises MailError, and TemplateError for the words of the e-mail."""
        recipients = recipients_of(self.campaign.contacts.get(slug))
        if recipients is None:
            raise MailError(f"{slug}: the contacts have no address of its chief executive")
        enclosed = enclosures(self.root, self.campaign.year, slug, self.campaign.register)
        words = self._writer.mail(slug, tuple(one.name for one in enclosed))
        if words is None:
            folder = self.campaign.letter.templates
            raise MailError(
                f"templates/{folder}/ has no e-mail: email.subject.jinja, email.text.jinja, email.html.jinja"
            )
        pdf = letter_paths(self._folder, slug)[0].read_bytes()
        return Mailing(slug, recipients, words, pdf, pdf_name(finished(pdf).title), enclosed)

    def expected(self, slug: str, tester: str = "") -> interlock.Expected:
        """What the message must agree with, read anew."""
        context = letter_context(self.campaign, slug, self._figures[slug])
        return interlock.Expected(
            greeting=context.addressee.greeting,
            statistics=embedded_statistics(self.campaign, slug, self._figures[slug]),
            enclosures=enclosures(self.root, self.campaign.year, slug, self.campaign.register),
            to_tester=tester,
        )

    def words(self, slug: str) -> tuple[str, ...]:
        """What a letter says, a paragraph a line. Raises TemplateError."""
        return lines_of(self._writer.manuscript(slug).html)

    def check_built(self, slugs: Sequence[str]) -> None:
        """Raise MailError unless every letter is built as data and templates now are."""
        plan = Build(self.root, self.campaign, tuple(slugs)).plan
        if plan.due:
            slug, why = next(iter(plan.due.items()))
            count = f"{len(plan.due)} letters are" if len(plan.due) > 1 else "1 letter is"
            raise MailError(f"{count} not built as data and templates now are: {slug} ({'; '.join(why)}); build first")


@dataclass(slots=True)
class Run:
    """One run over some letters of a mailroom."""

    mailroom: Mailroom
    ledger: Ledger
    post: Post
    clock: Clock
    envelopes: Mapping[str, str]  #: by slug, as they were when the letters were chosen
    tester: str = ""  #: the address that stands for all others in a test
    reason: str = ""  #: why letters that were accepted before go out again
    seconds_between: float = 3.0
    waits: Sequence[float] = ()
    refusals_in_a_row: int = 3
    _begun: bool = field(default=False, init=False)

    def send(self, slugs: Sequence[str]) -> Iterator[Result]:
        """Hand the letters over one by one, telling what became of each; what was put off comes again after the others.

        Raises InterlockError, and MailError when the run must end before all is done.
        """
        pending = list(slugs)
        last: dict[str, Result] = {}
        for wait in (0.0, *self.waits):
            if not pending or (wait and not self.clock.wait(wait)):
                break
            put_off: list[str] = []
            row = 0
            for index, slug in enumerate(pending):
                if not self._pace():
                    put_off += pending[index:]
                    break
                try:
                    self.post.open()
                except ServerBusy as busy:
                    last |= {other: Result(other, State.DEFERRED, str(busy)) for other in pending[index:]}
                    put_off += pending[index:]
                    break
                result = self._one(slug)
                if result.state is State.DEFERRED:
                    put_off.append(slug)
                    last[slug] = result
                    continue
                yield result
                row = row + 1 if result.state in (State.REFUSED, State.UNKNOWN) else 0
                if row >= self.refusals_in_a_row:
                    raise MailError(
                        f"{row} messages in a row were not accepted, the last with: {result.reply}; the run stops."
                        " Find out what the server has against them before the next run"
                    )
            pending = put_off
        yield from (last[slug] for slug in pending if slug in last)

    def _pace(self) -> bool:
        """Let time pass since the message before; false when the run has been asked to stop."""
        wait, self._begun = self.seconds_between if self._begun else 0.0, True
        return self.clock.wait(wait)

    def _one(self, slug: str) -> Result:
        """Claim, look again, hand over, settle. What is claimed is the letter as it was approved, not as it now is."""
        mailing, letter = self.mailroom.mailing(slug), self.mailroom.letter(slug)
        office, year = self.mailroom.office, self.mailroom.campaign.year
        issue = issue_of(self.ledger.latest().get(slug), self.reason)
        number = message_id(office, year, mailing, issue)
        reason = self.reason if issue > 1 else ""
        claim = self.ledger.claim(slug, issue, letter.sha256, self.envelopes[slug], number, self.clock.now(), reason)
        addressed = replace_recipients(mailing, self.tester)
        data = message(office, addressed, number, self.clock.now())
        try:
            interlock.check(claim, self.mailroom.campaign, self.mailroom.expected(slug, self.tester), data)
        except InterlockError as error:
            self.ledger.settle(claim, State.DEFERRED, f"interlock: {error}", self.clock.now())
            raise
        handed = self._handed(addressed.recipients, data, claim)
        roles = tuple(addressed.recipients.role(address) for address in handed.refused)
        reply = f"{handed.reply}; refused: {', '.join(roles)}" if roles else handed.reply
        self.ledger.settle(claim, handed.state, reply, self.clock.now())
        return Result(slug, handed.state, handed.reply, roles)

    def _handed(self, recipients: Recipients, data: bytes, claim: Attempt) -> Handed:
        copies = [address for address in recipients.addresses if address != recipients.to]
        name = claim.message_id.strip("<>")
        try:
            return self.post.hand_over(
                recipients.to, copies, data, name, lambda: self.ledger.hand_over(claim, self.clock.now())
            )
        except ServerBusy as busy:
            return Handed(State.DEFERRED, str(busy))


def replace_recipients(mailing: Mailing, tester: str) -> Mailing:
    """The mailing as it is, or to a tester alone."""
    if not tester:
        return mailing
    return Mailing(mailing.slug, Recipients(tester), mailing.words, mailing.pdf, mailing.pdf_name, mailing.enclosures)


def issue_of(latest: Attempt | None, reason: str) -> int:
    """Which issue of a letter comes next: the same until it is accepted, a further one then, if there is a reason."""
    if latest is None:
        return 1
    return latest.issue + 1 if reason and latest.state is State.ACCEPTED else latest.issue


def choose(
    mailroom: Mailroom,
    slugs: Sequence[str],
    latest: Mapping[str, Attempt],
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> Choice:
    """Which of the letters a run will send, and why it leaves out the others.

    Without approvals (None) nobody's word is needed: in rehearsals and tests. With `named`, letters asked for by slug,
    those are tried again that were refused before.
    """
    found: dict[str, list[str]] = {one.name: [] for one in fields(Choice)}
    for slug in slugs:
        found[_place(mailroom, slug, latest.get(slug), approvals, named, reason)].append(slug)
    return Choice(**{key: tuple(values) for key, values in found.items()})


def _place(
    mailroom: Mailroom, slug: str, last: Attempt | None, approvals: Approvals | None, named: bool, reason: str
) -> str:
    letter = mailroom.letter(slug)
    same = last is not None and (last.letter, last.envelope) == (letter.sha256, letter.envelope)
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if last and last.state is State.ACCEPTED and not reason:
        return "sent" if same or last.letter == letter.sha256 else "corrected"
    if last and last.state is State.REFUSED and same and not named:
        return "refused"
    if recipients_of(mailroom.campaign.contacts.get(slug)) is None:
        return "without_address"
    needed = mailroom.campaign.letter.approvers
    if approvals is not None and standing(letter, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


def check_sizes(mailroom: Mailroom, slugs: Sequence[str], now: datetime) -> None:
    """Raise MailError for the first message that is larger than the office allows."""
    most = mailroom.office.largest_megabytes * MEGABYTE
    for slug in slugs:
        mailing = mailroom.mailing(slug)
        size = len(message(mailroom.office, mailing, "<size@check>", now))
        if size > most:
            name, bytes_ = mailing.largest
            raise MailError(
                f"{slug}: the message has {size / MEGABYTE:.1f} MB, and data/office.yaml allows"
                f" {mailroom.office.largest_megabytes}; its largest file is {name}, {bytes_ / MEGABYTE:.1f} MB"
            )
