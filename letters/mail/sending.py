"""One run of sending: which letters, in what order, at what pace, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from letters.batch.build import Build
from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.campaign.load import Campaign
from letters.campaign.models import Approvals, Office
from letters.errors import LettersError, MailError
from letters.figures import all_figures
from letters.mail import interlock
from letters.mail.approvals import Letter, Standing, standing
from letters.mail.enclosures import Enclosure, enclosures, strangers
from letters.mail.ledger import Attempt, Ledger, State
from letters.mail.message import (
    Mailing,
    Recipients,
    envelope,
    message,
    message_id,
    pdf_name,
    recipients_of,
)
from letters.mail.post import Handed, Post, ServerBusy
from letters.typesetting.context import embedded_statistics, letter_context
from letters.typesetting.finished import finished
from letters.typesetting.words import lines_of
from letters.typesetting.writer import Writer

MEGABYTE = 1_000_000
_PATIENCE = 10  #: messages put off one after the other, before the run waits


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, and a way to let some pass: `wait` is false when the run has been asked to stop."""

    now: Callable[[], datetime]
    wait: Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters of a run, by what will be done with them."""

    letters: Mapping[str, Letter]  #: all of them, as they were looked at
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
        """Take what the last build made. Raises MailError when files would go to nobody, BuildError, OSError."""
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
        """Digest of all that goes out beside the PDF. Raises MailError, and TemplateError for the words."""
        enclosed = self.enclosed(slug)
        words = self._writer.mail(slug, tuple(one.name for one in enclosed))
        return envelope(
            self.office, recipients_of(self.campaign.contacts.get(slug)), words, enclosed
        )

    def enclosed(self, slug: str) -> tuple[Enclosure, ...]:
        """The files that go with a letter, as they are now. Raises MailError."""
        return enclosures(self.root, self.campaign.year, slug, self.campaign.register)

    def mailing(self, slug: str) -> Mailing:
        """All that goes out to one authority. Raises MailError, and TemplateError for the words of the e-mail."""
        recipients = recipients_of(self.campaign.contacts.get(slug))
        if recipients is None:
            raise MailError(f"{slug}: the contacts have no address of its chief executive")
        enclosed = self.enclosed(slug)
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
            enclosures=self.enclosed(slug),
            envelope=self.envelope(slug),
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
            raise MailError(
                f"{count} not built as data and templates now are: {slug} ({'; '.join(why)}); build first"
            )


@dataclass(slots=True)
class Run:
    """One run over some letters of a mailroom."""

    mailroom: Mailroom
    ledger: Ledger
    post: Post
    clock: Clock
    letters: Mapping[str, Letter]  #: by slug, as they were when they were chosen
    approvals: Callable[[], Approvals] | None = (
        None  #: those of now; None where nobody's word is needed
    )
    tester: str = ""  #: the address that stands for all others in a test
    reason: str = ""  #: why letters that were accepted before go out again
    largest: int = 0  #: bytes of the largest message
    seconds_between: float = 3.0
    waits: Sequence[float] = ()
    refusals_in_a_row: int = 3
    tell: Callable[[str], None] = lambda sentence: None
    _begun: bool = field(default=False, init=False)

    def send(self, slugs: Sequence[str]) -> Iterator[Result]:
        """Hand the letters over one by one, telling what became of each; what was put off comes again after the others.

        Raises InterlockError, and MailError when the run must end before all is done.
        """
        pending, put_off = list(slugs), dict[str, Result]()
        passes = (0.0, *self.waits)
        for number, wait in enumerate(passes):
            if not pending:
                break
            if wait:
                self.tell(
                    f"{len(pending)} put off, the last with: {put_off[pending[-1]].reply}; waiting {wait:.0f} s"
                )
            if not self.clock.wait(wait):
                break
            put_off = {}
            for result in self._pass(pending, last=number == len(passes) - 1):
                if result.state is State.DEFERRED:
                    put_off[result.slug] = result
                else:
                    yield result
            pending = list(put_off)
        yield from put_off.values()

    def _pass(self, slugs: Sequence[str], last: bool) -> Iterator[Result]:
        """Each letter once, unless the server wants a pause or the run has been asked to stop."""
        failures = deferrals = 0
        for index, slug in enumerate(slugs):
            if not self._pace():
                return
            try:
                self._open()
                result = self._one(slug, last)
            except ServerBusy as busy:
                yield from (Result(other, State.DEFERRED, str(busy)) for other in slugs[index:])
                return
            yield result
            failures = failures + 1 if result.state in (State.REFUSED, State.UNKNOWN) else 0
            deferrals = deferrals + 1 if result.state is State.DEFERRED else 0
            if failures and failures >= self.refusals_in_a_row:
                raise MailError(
                    f"{failures} messages in a row were not accepted, the last with: {result.reply}; the run stops."
                    " Find out what the server has against them before the next run"
                )
            if result.reply.startswith("421") or deferrals >= _PATIENCE:
                yield from (
                    Result(other, State.DEFERRED, result.reply) for other in slugs[index + 1 :]
                )
                return

    def _open(self) -> None:
        self.post.open()
        if 0 < self.post.largest < self.largest:
            raise MailError(
                f"the largest message has {self.largest / MEGABYTE:.1f} MB, and the mail server takes"
                f" {self.post.largest / MEGABYTE:.1f}; nothing was sent"
            )

    def _pace(self) -> bool:
        """Let time pass since the message before; false when the run has been asked to stop."""
        wait, self._begun = self.seconds_between if self._begun else 0.0, True
        return self.clock.wait(wait)

    def _one(self, slug: str, last: bool) -> Result:
        """Claim, look again, hand over, settle. What is claimed is the letter as it was chosen, not as it now is."""
        letter, before = self.letters[slug], self.ledger.latest().get(slug)
        mailing = self.mailroom.mailing(slug)
        issue = issue_of(before, self.reason)
        reason = self.reason or (before.reason if before else "") if issue > 1 else ""
        number = message_id(
            self.mailroom.office, self.mailroom.campaign.year, mailing, issue, bool(self.tester)
        )
        claim = self.ledger.claim(
            slug, issue, letter.sha256, letter.envelope, number, self.clock.now(), reason
        )
        addressed = replace_recipients(mailing, self.tester)
        try:
            data = message(self.mailroom.office, addressed, number, self.clock.now())
            interlock.check(
                claim, self.mailroom.campaign, self.mailroom.expected(slug, self.tester), data
            )
            self._check_approval(letter)
        except (LettersError, OSError) as error:
            self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise
        handed = self._handed(addressed.recipients, data, claim, last)
        roles = tuple(addressed.recipients.role(address) for address in handed.refused)
        said = addressed.recipients.without_addresses(handed.reply)
        reply = f"{said}; refused: {', '.join(roles)}" if roles else said
        self.ledger.settle(claim, handed.state, reply, self.clock.now())
        return Result(slug, handed.state, said, roles)

    def _check_approval(self, letter: Letter) -> None:
        needed = self.mailroom.campaign.letter.approvers
        if self.approvals and standing(letter, self.approvals(), needed) is not Standing.APPROVED:
            raise MailError(
                f"{letter.slug}: its approval was withdrawn; nothing was sent of it, and the run stops"
            )

    def _handed(self, recipients: Recipients, data: bytes, claim: Attempt, last: bool) -> Handed:
        to, *copies = recipients.addresses
        name = claim.message_id.strip("<>")

        def about_to() -> None:
            self.ledger.hand_over(claim, self.clock.now())

        try:
            return self.post.hand_over(to, copies, data, name, about_to, without_copies=last)
        except ServerBusy as busy:
            return Handed(State.DEFERRED, str(busy))
        except MailError as error:
            with suppress(MailError):  # the ledger's own
                self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise


def replace_recipients(mailing: Mailing, tester: str) -> Mailing:
    """The mailing as it is, or to a tester alone."""
    if not tester:
        return mailing
    return Mailing(
        mailing.slug,
        Recipients(tester),
        mailing.words,
        mailing.pdf,
        mailing.pdf_name,
        mailing.enclosures,
    )


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
    found: dict[str, list[str]] = {one.name: [] for one in fields(Choice) if one.name != "letters"}
    letters = {slug: mailroom.letter(slug) for slug in slugs}
    for slug, letter in letters.items():
        found[_place(mailroom, letter, latest.get(slug), approvals, named, reason)].append(slug)
    return Choice(letters, **{key: tuple(values) for key, values in found.items()})


def _place(
    mailroom: Mailroom,
    letter: Letter,
    last: Attempt | None,
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> str:
    same = last is not None and (last.letter, last.envelope) == (letter.sha256, letter.envelope)
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if last and last.state is State.ACCEPTED and (same or not reason):
        return "sent" if same else "corrected"
    if last and last.state is State.REFUSED and same and not named:
        return "refused"
    if recipients_of(mailroom.campaign.contacts.get(letter.slug)) is None:
        return "without_address"
    needed = mailroom.campaign.letter.approvers
    if approvals is not None and standing(letter, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


def check_renamed(
    mailroom: Mailroom, latest: Mapping[str, Attempt], to_send: Sequence[str]
) -> None:
    """Raise MailError when a letter may have gone out under another slug, before the authority was renamed."""
    gone = [
        attempt.slug
        for attempt in latest.values()
        if attempt.slug not in mailroom.campaign.statistics
        and attempt.state in (State.ACCEPTED, State.UNKNOWN)
    ]
    new = [slug for slug in to_send if slug not in latest]
    if gone and new:
        raise MailError(
            f"the ledger has a letter to {gone[0]}, which the campaign no longer has: is it one of {', '.join(new[:3])}"
            f"{' ...' if len(new) > 3 else ''} under another name? Name the letters that are to be sent"
        )


def check_sizes(mailroom: Mailroom, slugs: Sequence[str], now: datetime) -> int:
    """The bytes of the largest message. Raises MailError for the first that is larger than the office allows."""
    most, found = mailroom.office.largest_megabytes * MEGABYTE, 0
    for slug in slugs:
        mailing = mailroom.mailing(slug)
        size = len(message(mailroom.office, mailing, "<size@check>", now))
        if size > most:
            name, bytes_ = mailing.largest
            raise MailError(
                f"{slug}: the message has {size / MEGABYTE:.1f} MB, and data/office.yaml allows"
                f" {mailroom.office.largest_megabytes}; its largest file is {name}, {bytes_ / MEGABYTE:.1f} MB"
            )
        found = max(found, size)
    return found
