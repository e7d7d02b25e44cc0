"""One run of sending: in what order, at what pace, and what became of each letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.campaign.load import Campaign
from letters.campaign.records import Office
from letters.errors import AnsweredError, LettersError, MailError, WithdrawnError
from letters.mail import interlock
from letters.mail.archive import keep_sent
from letters.mail.attempts import Attempt, Fate, State, Word, digest_of_address
from letters.mail.choice import Issue
from letters.mail.connection import ServerBusy
from letters.mail.envelope import Recipients, size_shown
from letters.mail.frozen import Frozen
from letters.mail.ledger import Ledger
from letters.mail.message import message, message_id
from letters.mail.parcels import Parcel
from letters.mail.post import CLOSING, Handed, Post
from letters.wording import universal_time

_PATIENCE = 10  #: messages put off one after the other, before the run waits


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and a way to let some pass: `wait` is false when the run has been asked to stop."""

    now: Callable[[], datetime]
    wait: Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a run goes, and when it gives up; times in seconds."""

    between: float  #: two messages
    waits: Sequence[float]  #: before each further try of what was put off
    refusals_in_a_row: int  #: end it


def pace_of(office: Office) -> Pace:
    """As the office wants it."""
    return Pace(60 / office.messages_a_minute, office.waits, office.refusals_in_a_row)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one letter in a run."""

    slug: str
    state: State
    reply: str
    code: int = 0  #: of the server's answer, 0 where there was none
    refused_copies: tuple[str, ...] = ()  #: roles of those the server did not take
    stays: bool = False  #: whether the letter is not tried again in this run

    @property
    def put_off(self) -> bool:
        """Whether the letter is tried again, in this run or the next."""
        return self.state is State.DEFERRED and not self.stays


@dataclass(frozen=True, slots=True)
class Run:
    """One run over some letters: all that it goes by was settled when it began."""

    root: Path
    campaign: Campaign
    frozen: Frozen  #: the files that all this was read from
    parcels: Mapping[str, Parcel]
    issues: Mapping[str, Issue]
    ledger: Ledger
    post: Post
    clock: Clock
    pace: Pace
    largest: int  #: bytes of the largest message
    really: bool = True  #: whether a letter goes out with somebody's word alone, and is kept
    tester: str = ""  #: the address that stands for all others in a test
    tell: Callable[[str], None] = lambda sentence: None

    def send(self, slugs: Sequence[str]) -> Iterator[Result]:
        """Hand the letters over one by one, telling each result; those put off come again last.

        Raises InterlockError, and MailError when the run must end before all is done.
        """
        pending, put_off = list(slugs), dict[str, Result]()
        passes = (0.0, *self.pace.waits)
        for number, wait in enumerate(passes):
            if not pending:
                break
            if wait:
                if not self.clock.wait(0):
                    break
                self.post.close()  # or the server would, while nothing is said
                reply = put_off[pending[-1]].reply
                self.tell(f"{len(pending)} put off, the last with: {reply}; waiting {wait:.0f} s")
            if not self.clock.wait(wait):
                break
            put_off = {}
            try:
                for result in self._pass(pending, first=not number, last=number == len(passes) - 1):
                    if result.put_off:
                        put_off[result.slug] = result
                    else:
                        yield result
            except (MailError, OSError):
                yield from put_off.values()
                raise
            pending = list(put_off)
        yield from put_off.values()

    def _pass(self, slugs: Sequence[str], first: bool, last: bool) -> Iterator[Result]:
        """Each letter once, unless the server wants a pause or the run has been asked to stop."""
        failures = deferrals = 0
        for index, slug in enumerate(slugs):
            if not self.clock.wait(0.0 if first and not index else self.pace.between):
                return
            try:
                self._open()
            except ServerBusy as busy:
                yield from (Result(other, State.DEFERRED, str(busy)) for other in slugs[index:])
                return
            self.frozen.require_unchanged()
            result, trouble = self._one(slug, last)
            yield result
            if trouble:
                raise trouble
            failures = failures + 1 if result.state in (State.REFUSED, State.UNKNOWN) else 0
            deferrals = deferrals + 1 if result.put_off else 0
            if failures and failures >= self.pace.refusals_in_a_row:
                raise AnsweredError(
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
                f"the largest message has {size_shown(self.largest)}, and the mail server takes"
                f" {size_shown(self.post.largest)}; nothing more is sent"
            )

    def _one(self, slug: str, last: bool) -> tuple[Result, MailError | None]:
        """Claim the letter as it was chosen, not as it now is; look again, hand over, settle.

        What became of it, and what hindered the books from noting it after it was handed over.
        """
        parcel, issue = self.parcels[slug], self.issues[slug]
        claim = self._claimed(parcel, issue)
        try:
            page, recipients = parcel.html(), self._recipients(parcel, issue)
            data = self._looked_at(parcel, issue, claim, recipients)
        except WithdrawnError:
            why = "not sent: its approval was withdrawn"
            self.ledger.settle(claim, State.DEFERRED, why, self.clock.now())
            return Result(slug, State.DEFERRED, why, stays=True), None
        except (LettersError, OSError) as error:
            self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise
        shown = Recipients(self.tester) if self.tester else parcel.envelope.recipients
        assert shown is not None, "or the interlock would have stopped it"
        handed = self._handed(shown, recipients, data, page, claim, last)
        roles = tuple(shown.role(address) for address in handed.refused)
        said = shown.without_addresses(handed.reply)
        return self._settled(claim, Result(slug, handed.state, said, handed.code, roles))

    def _claimed(self, parcel: Parcel, issue: Issue) -> Attempt:
        seal, test = parcel.seal, bool(self.tester)
        year = self.campaign.year
        number = message_id(year, parcel, issue.number, test, issue.again, issue.way)
        return self.ledger.claim(
            *(seal.slug, issue.number, seal.sha256, seal.envelope, number, self.clock.now()),
            *(issue.reason, issue.again, "copies" if issue.copies else ""),
        )

    def _looked_at(
        self, parcel: Parcel, issue: Issue, claim: Attempt, recipients: Sequence[str]
    ) -> bytes:
        """The message, once the interlock lets it pass and, in earnest, the approval still holds."""
        contents, number = parcel.contents(), claim.message_id
        data = message(
            parcel, contents, number, self.clock.now(), self.tester, answers=issue.answers
        )
        interlock.require_agreement(
            data, claim, parcel, self.campaign, self.root, self.tester, issue.answers
        )
        interlock.require_recipients(claim, recipients, self.campaign, self.tester)
        if self.really:
            interlock.require_approval(claim, self.campaign, self.root)
        return data

    def _recipients(self, parcel: Parcel, issue: Issue) -> tuple[str, ...]:
        """The addresses that the mail server is told."""
        if self.tester:
            return (self.tester,)
        if issue.copies:
            return issue.copies
        to = parcel.envelope.recipients
        return to.addresses if to else ()

    def _settled(self, claim: Attempt, result: Result) -> tuple[Result, MailError | None]:
        roles = ", ".join(result.refused_copies)
        reply = f"{result.reply}; refused: {roles}" if roles else result.reply
        try:
            self.ledger.settle(claim, result.state, reply, self.clock.now())
        except MailError as error:
            why = str(error).removeprefix(f"{claim.slug}: ")
            return result, MailError(
                f"{claim.slug}: the message {claim.message_id} is {result.state}: {result.reply}."
                f" This could not be noted in the books: {why}. Where they call it unknown: letters"
                f" ledger resolve {self.campaign.year} {claim.slug}"
            )
        return result, None

    def _handed(
        self,
        shown: Recipients,
        recipients: Sequence[str],
        data: bytes,
        page: bytes,
        claim: Attempt,
        last: bool,
    ) -> Handed:
        to, *copies = recipients if claim.to_all else ("", *recipients)
        name = claim.message_id.strip("<>")

        def about_to(refused: Sequence[str]) -> None:
            now = self.clock.now()
            if self.really:
                keep_sent(self.root, self.campaign.year, claim, {"eml": data, "html": page})
            self.ledger.hear(_words(claim, shown, recipients, refused, universal_time(now)))
            self.ledger.hand_over(claim, now)

        try:
            return self.post.hand_over(to, copies, data, name, about_to, without_copies=last)
        except ServerBusy as busy:
            return Handed(State.DEFERRED, 0, str(busy))
        except MailError as error:
            with suppress(MailError):  # the ledger's own
                self.ledger.settle(claim, State.DEFERRED, f"not sent: {error}", self.clock.now())
            raise


def _words(
    claim: Attempt, shown: Recipients, recipients: Sequence[str], refused: Sequence[str], at: str
) -> Iterator[Word]:
    """What the mail server said of each address, before the message itself."""
    for address in recipients:
        yield Word(
            attempt=claim.id,
            place=shown.addresses.index(address),
            role=shown.role(address),
            address=digest_of_address(address),
            fate=Fate.REFUSED if address in refused else Fate.TAKEN,
            words="",
            at=at,
        )
