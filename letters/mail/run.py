"""One run of sending: in what order, at what pace, and what became of each letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from letters.campaign.records import Approvals
from letters.errors import LettersError, MailError
from letters.mail import interlock
from letters.mail.approvals import Seal, Standing, standing
from letters.mail.ledger import Attempt, Ledger, State
from letters.mail.mailroom import MEGABYTE, Mailroom
from letters.mail.message import Mailing, Recipients, message, message_id
from letters.mail.post import CLOSING, Handed, Post, ServerBusy

_PATIENCE = 10  #: messages put off one after the other, before the run waits


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and a way to let some pass: `wait` is false when the run has been asked to stop."""

    now: Callable[[], datetime]
    wait: Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one letter in a run."""

    slug: str
    state: State
    reply: str
    code: int = 0  #: of the server's answer, 0 where there was none
    refused_copies: tuple[str, ...] = ()  #: roles of those the server did not take


@dataclass(slots=True)
class Run:
    """One run over some letters of a mailroom."""

    mailroom: Mailroom
    ledger: Ledger
    post: Post
    clock: Clock
    seals: Mapping[str, Seal]  #: by slug, as they were when they were chosen
    #: those of now; None where nobody's word is needed
    approvals: Callable[[], Approvals] | None = None
    tester: str = ""  #: the address that stands for all others in a test
    reason: str = ""  #: why letters that were accepted before go out again
    largest: int = 0  #: bytes of the largest message
    seconds_between: float = 3.0
    waits: Sequence[float] = ()
    refusals_in_a_row: int = 3
    tell: Callable[[str], None] = lambda sentence: None
    _begun: bool = field(default=False, init=False)

    def send(self, slugs: Sequence[str]) -> Iterator[Result]:
        """Hand the letters over one by one, telling each result; those put off come again last.

        Raises InterlockError, and MailError when the run must end before all is done.
        """
        pending, put_off = list(slugs), dict[str, Result]()
        passes = (0.0, *self.waits)
        for number, wait in enumerate(passes):
            if not pending:
                break
            if wait:
                reply = put_off[pending[-1]].reply
                self.tell(f"{len(pending)} put off, the last with: {reply}; waiting {wait:.0f} s")
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
                    f"{failures} messages in a row were not accepted, the last with:"
                    f" {result.reply}; the run stops. Find out what the server has against them"
                    " before the next run"
                )
            if result.code == CLOSING or deferrals >= _PATIENCE:
                rest = slugs[index + 1 :]
                yield from (Result(other, State.DEFERRED, result.reply) for other in rest)
                return

    def _open(self) -> None:
        self.post.open()
        if 0 < self.post.largest < self.largest:
            raise MailError(
                f"the largest message has {self.largest / MEGABYTE:.1f} MB, and the mail server"
                f" takes {self.post.largest / MEGABYTE:.1f}; nothing was sent"
            )

    def _pace(self) -> bool:
        """Let time pass since the message before; false when the run has been asked to stop."""
        wait, self._begun = self.seconds_between if self._begun else 0.0, True
        return self.clock.wait(wait)

    def _one(self, slug: str, last: bool) -> Result:
        """Claim the letter as it was chosen, not as it now is; look again, hand over, settle."""
        seal, before = self.seals[slug], self.ledger.latest().get(slug)
        mailing = self.mailroom.mailing(slug)
        issue = issue_of(before, self.reason)
        reason = self.reason or (before.reason if before else "") if issue > 1 else ""
        office, campaign = self.mailroom.office, self.mailroom.campaign
        number = message_id(office, campaign.year, mailing, issue, bool(self.tester))
        now = self.clock.now()
        claim = self.ledger.claim(slug, issue, seal.sha256, seal.envelope, number, now, reason)
        addressed = replace_recipients(mailing, self.tester)
        try:
            data = message(office, addressed, number, self.clock.now())
            expected = self.mailroom.expected(slug, self.tester)
            interlock.require_agreement(claim, campaign, expected, data)
            self._check_approval(seal)
        except (LettersError, OSError) as error:
            self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise
        handed = self._handed(addressed.recipients, data, claim, last)
        roles = tuple(addressed.recipients.role(address) for address in handed.refused)
        said = addressed.recipients.without_addresses(handed.reply)
        reply = f"{said}; refused: {', '.join(roles)}" if roles else said
        self.ledger.settle(claim, handed.state, reply, self.clock.now())
        return Result(slug, handed.state, said, handed.code, roles)

    def _check_approval(self, seal: Seal) -> None:
        needed = self.mailroom.campaign.letter.approvers
        if self.approvals and standing(seal, self.approvals(), needed) is not Standing.APPROVED:
            raise MailError(
                f"{seal.slug}: its approval was withdrawn; nothing was sent of it,"
                " and the run stops"
            )

    def _handed(self, recipients: Recipients, data: bytes, claim: Attempt, last: bool) -> Handed:
        to, *copies = recipients.addresses
        name = claim.message_id.strip("<>")

        def about_to() -> None:
            self.ledger.hand_over(claim, self.clock.now())

        try:
            return self.post.hand_over(to, copies, data, name, about_to, without_copies=last)
        except ServerBusy as busy:
            return Handed(State.DEFERRED, 0, str(busy))
        except MailError as error:
            with suppress(MailError):  # the ledger's own
                self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise


def replace_recipients(mailing: Mailing, tester: str) -> Mailing:
    """The mailing as it is, or to a tester alone."""
    if not tester:
        return mailing
    return replace(mailing, recipients=Recipients(tester))


def issue_of(latest: Attempt | None, reason: str) -> int:
    """The next issue: the same until it is accepted, then a further one if there is a reason."""
    if latest is None:
        return 1
    return latest.issue + 1 if reason and latest.state is State.ACCEPTED else latest.issue
