"""What came back, entered in the books: of each address what became of its message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from letters.campaign.load import Campaign
from letters.mail.archive import addressed
from letters.mail.attempts import Attempt, Fate, Word, digest_of_address
from letters.mail.choice import of_each
from letters.mail.envelope import Recipients, recipients_of
from letters.mail.ledger import Ledger
from letters.mail.mailboxes import Mail
from letters.mail.matching import Finding, Reply, Sent, Unread, match
from letters.mail.reports import reports_of
from letters.wording import TIME, universal_time


@dataclass(frozen=True, slots=True)
class Returned:
    """What some saved mail comes to."""

    new: tuple[tuple[str, Word], ...]  #: slug and what was entered, in the order of the mail
    known: int  #: words that were in the books already
    replies: tuple[Reply, ...]
    unread: tuple[Unread, ...]
    of_tests: int  #: reports about messages to a tester


def enter(
    root: Path, campaign: Campaign, books: Ledger, mails: Iterable[Mail], now: datetime
) -> Returned:
    """Enter what saved mail says of the messages that were sent; the same mail once only.

    Raises MailError for mail or books that cannot be read.
    """
    attempts = {one.id: one for one in books.attempts()}
    recipients = {
        one.id: to
        for one in attempts.values()
        if one.handed_over_at
        and not one.by_post
        and (to := _recipients(root, campaign, one, books.words()))
    }
    sent = [_sent(attempts[number], to, books.words()) for number, to in recipients.items()]
    known = {(one.attempt, one.place, one.source) for one in books.words()}
    new, again, tests = list[tuple[str, Word]](), 0, 0
    replies, unread = list[Reply](), list[Unread]()
    for mail in _each_once(mails):
        for report in reports_of(mail):
            matched = match(report, sent)
            replies += matched.replies
            unread += matched.unread
            tests += matched.is_of_a_test
            for finding in matched.findings:
                word = _word(finding, recipients[finding.attempt], report.digest, now)
                if (word.attempt, word.place, word.source) in known:
                    again += 1
                else:
                    known.add((word.attempt, word.place, word.source))
                    new.append((finding.slug, word))
    books.hear(word for _, word in new)
    return Returned(tuple(new), again, tuple(replies), tuple(unread), tests)


def _each_once(mails: Iterable[Mail]) -> Iterator[Mail]:
    """The mail without what was saved twice; nobody knows that of what cannot be read."""
    seen = set[str]()
    for mail in mails:
        if mail.fault or mail.digest not in seen:
            yield mail
        seen.add(mail.digest)


def _recipients(
    root: Path, campaign: Campaign, attempt: Attempt, words: Sequence[Word]
) -> Recipients | None:
    """To whom a message was addressed, as it is kept, else as the contacts are now."""
    roles = {word.place: word.role for word in words if word.attempt == attempt.id}
    slugs = [slug for slug, own in of_each(campaign, [attempt]).items() if own]
    now = recipients_of(campaign.contacts.get(slugs[0])) if slugs else None
    to, *copies = addressed(root, campaign.year, attempt) or ("",)
    if not to:
        return now
    others = now.addresses if now else ()

    def role(place: int, address: str) -> str:
        """As the books have it, else as the contacts do, by the address or in their order."""
        if place in roles or now is None:
            return roles.get(place, "copy")
        if address not in others and len(others) == 1 + len(copies):
            address = others[place]
        return now.role(address) if address in others else "copy"

    named = ((role(place, one), one) for place, one in enumerate(copies, start=1))
    return Recipients(to, tuple(named))


def _sent(attempt: Attempt, to: Recipients, words: Sequence[Word]) -> Sent:
    """A message as reports are matched with it: with those addresses alone that it went to.

    Those are what the mail server said; where nobody knows its word, all of them.
    """
    said = [one for one in words if one.attempt == attempt.id and not one.source]
    taken = {one.address for one in said if one.fate is not Fate.REFUSED}
    went = tuple(one for one in to.addresses if not said or digest_of_address(one) in taken)
    at = datetime.strptime(attempt.handed_over_at, TIME).replace(tzinfo=UTC)
    return Sent(attempt.slug, attempt.issue, attempt.id, attempt.message_id, at, went)


def _word(finding: Finding, to: Recipients, digest: str, now: datetime) -> Word:
    said = finding.words
    if finding.status and finding.status not in said:
        said = f"{finding.status} {said}".strip()
    if finding.for_another:
        said = f"for another address: {said}"
    return Word(
        attempt=finding.attempt,
        place=to.addresses.index(finding.address),
        role=to.role(finding.address),
        address=digest_of_address(finding.address),
        fate=finding.fate,
        words=to.without_addresses(said),
        at=universal_time(min(finding.at or now, now)),
        source=digest,
    )
