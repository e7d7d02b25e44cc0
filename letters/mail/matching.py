"""Which letter a report is about, and which of its recipients; nothing is guessed.

A report names a message by the Message-ID of what was returned, by the name of its envelope, or as
the one that it answers. Only one that names none is matched by its recipient and the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unicodedata import normalize

from letters.mail.attempts import Fate
from letters.mail.delivery_status import Told, decoded
from letters.mail.reports import Kind, Report

AFTER = timedelta(days=10)  #: within which reports come: systems try for five days, mostly
_CLOCKS = timedelta(hours=1)  #: by which those of two systems may differ
_OURS = re.compile(r"(test\.)?([\w-]+)\.\d+(?:-\d+)?\.[0-9a-f]{24}@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out, or may have."""

    slug: str
    issue: int  #: as in the ledger
    attempt: int  #: its number in the ledger
    message_id: str
    sent_at: datetime
    addresses: tuple[str, ...]  #: that it went to, the chief executive's first

    @property
    def letter(self) -> tuple[str, int]:
        """What it carried: several attempts may have been made at one letter."""
        return self.slug, self.issue


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a letter for one of its recipients, as a report has it."""

    slug: str
    issue: int
    attempt: int
    address: str  #: as the message had it
    fate: Fate
    status: str  #: as 5.1.1, "" when the report has none
    words: str  #: of the mail system; they may hold addresses
    at: datetime | None  #: universal time
    for_another: bool = False  #: the report is about another address, which this one leads to


@dataclass(frozen=True, slots=True)
class Reply:
    """What a machine wrote for somebody: an automatic reply, a read receipt."""

    kind: Kind
    slug: str  #: "" when nobody knows which letter it answers
    address: str  #: that it came from
    subject: str
    words: str  #: they may hold addresses
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Unread:
    """What is left for a person to read."""

    where: str
    why: str  #: in a sentence without an end, and without addresses
    sender: str
    subject: str
    words: str  #: the first ones; they may hold addresses
    slug: str = ""  #: of the letter that it is about, where that is known


@dataclass(frozen=True, slots=True)
class Matched:
    """All that a report comes to; nothing at all for one that is of no matter."""

    findings: tuple[Finding, ...] = ()
    replies: tuple[Reply, ...] = ()
    unread: tuple[Unread, ...] = ()
    is_of_a_test: bool = False  #: about a message that went to a tester


def match(report: Report, sent: Sequence[Sent]) -> Matched:
    """What a report says of the messages that were sent."""
    itself, _ = _named([[_key(report.number)]], sent)
    if itself:
        why = "it is the letter itself, as it went out"
        return Matched(unread=(_unread(report, why, itself.slug),))
    marks = _marks(report)
    named, why = _named(marks, sent)
    of_a_test = not named and not why and _is_of_a_test(marks)
    if report.kind is Kind.OTHER:
        why = f"it is about a test: {report.why}" if of_a_test else report.why
        return Matched(unread=(_unread(report, why, _slug(named)),))
    if of_a_test:
        return Matched(is_of_a_test=True)
    if report.kind is Kind.DELIVERY:
        return _delivery(report, named, why, sent)
    if not any(marks):
        named = _only(_fitting([report.sender], report.at, sent))
    reply = Reply(report.kind, _slug(named), report.sender, report.subject, report.words, report.at)
    return Matched(replies=(reply,))


def _delivery(report: Report, named: Sent | None, why: str, sent: Sequence[Sent]) -> Matched:
    if named and report.returned and _key(report.returned) != _key(named.message_id):
        named = None  # what came back is surer than what it is said to answer
    if not named and not why:
        why = _unknown(report)
    findings, unread = list[Finding](), list[Unread]()
    for told in report.told:
        fitting = [] if named or why else _fitting(told.named, told.at, sent)
        letter = named or _only(fitting)
        found = why or _finding(told, letter, fitting, sent)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            unread.append(_unread(report, found, _slug(letter), told.words))
    of_each = dict[tuple[str, int, str], list[Finding]]()
    for one in dict.fromkeys(findings):
        of_each.setdefault((one.slug, one.issue, one.address), []).append(one)
    sure = list[Finding]()
    for first, *others in of_each.values():
        if all(one.fate == first.fate for one in others):
            sure.append(replace(first, words=" / ".join(one.words for one in (first, *others))))
        else:
            why = "the report says different things of one recipient"
            unread += (_unread(report, why, one.slug, one.words) for one in (first, *others))
    return Matched(tuple(sure), unread=tuple(dict.fromkeys(unread)))


def _finding(
    told: Told, letter: Sent | None, fitting: Sequence[Sent], sent: Sequence[Sent]
) -> Finding | str:
    """What became of it for a recipient, or why that cannot be said.

    Without a letter it says how many were `fitting`.
    """
    if told.fate is None:
        return told.why
    if letter is None:
        number = len({one.letter for one in fitting})
        went = f"{number} letters went" if number else "no letter went"
        return f"it names no message, and {went} to this address in the days before it"
    address = _recipient(told, letter, sent)
    if not address:
        return "it is about this letter, and about an address that the letter did not go to"
    return Finding(
        *letter.letter,
        letter.attempt,
        address,
        told.fate,
        told.status,
        told.words,
        told.at,
        for_another=_key(address) not in _spelled_as_last(told),
    )


def _recipient(told: Told, letter: Sent, sent: Sequence[Sent]) -> str:
    """The address of the letter's that is meant; "" when that is not sure.

    The sender's own spelling comes first. A council may forward, or write an address anew: then it
    is the only one that the letter went to, if there is one only and the other is not in our books.
    What is written for people is about the address that it shows, and no other.
    """
    own = {_key(address): address for address in letter.addresses}
    for name in told.named:
        if _key(name) in own:
            return own[_key(name)]
    books = {_key(address) for one in sent for address in one.addresses}
    known_elsewhere = any(_key(name) in books for name in told.named)
    is_anew = bool(told.named) and not told.in_prose and not known_elsewhere
    return letter.addresses[0] if is_anew and len(own) == 1 else ""


def _spelled_as_last(told: Told) -> set[str]:
    """The address where the message went last, in all its spellings."""
    last = decoded(told.named[-1])
    return {_key(name) for name in told.named if decoded(name) == last}


def _marks(report: Report) -> tuple[tuple[str, ...], ...]:
    """By what a report names a message, the surest first."""
    returned = (report.returned,) if report.returned else ()
    last = 1 if report.kind is Kind.DELIVERY else None  # further up its thread are other messages
    kinds = (returned, report.envelope, report.answers[:last])
    return tuple(tuple(_key(one) for one in kind) for kind in kinds)


def _named(marks: Iterable[Iterable[str]], sent: Sequence[Sent]) -> tuple[Sent | None, str]:
    """The message that a report names; none, and why, when it names two letters."""
    by_number = {_key(one.message_id): one for one in sorted(sent, key=lambda one: one.attempt)}
    found = [next((by_number[mark] for mark in kind if mark in by_number), None) for kind in marks]
    letters = [one for one in found if one]
    if len({one.letter for one in letters}) > 1:
        return None, "it names one letter in one place, and another one in another"
    return (letters[0] if letters else None), ""


def _unknown(report: Report) -> str:
    """Why a report that names a message is about none of those sent; "" when it names none."""
    marks = (report.returned,) if report.returned else report.answers
    ours = next((one for mark in (*marks, *report.envelope) if (one := _OURS.match(mark))), None)
    if ours:
        return f"it is about a message of {ours[2]} that is not among those sent"
    if any(marks):
        return "it is about a message that is none of those sent"
    return "" if report.returned is None else "what came back has no Message-ID, and ours have one"


def _is_of_a_test(marks: Iterable[Iterable[str]]) -> bool:
    found = (_OURS.match(mark) for kind in marks for mark in kind)
    return any(one[1] for one in found if one)


def _fitting(names: Iterable[str], at: datetime | None, sent: Sequence[Sent]) -> list[Sent]:
    """The messages to an address that a report of that time can be about."""
    wanted = {_key(name) for name in names}
    return [
        one
        for one in sent
        if at is not None
        and one.sent_at - _CLOCKS <= at <= one.sent_at + AFTER
        and any(_key(address) in wanted for address in one.addresses)
    ]


def _only(messages: Sequence[Sent]) -> Sent | None:
    """The last message, if all carry one letter."""
    if len({one.letter for one in messages}) != 1:
        return None
    return max(messages, key=lambda one: one.attempt)


def _key(name: str) -> str:
    """An address or a Message-ID as it is compared: in one case, without angle brackets."""
    return normalize("NFC", name.strip().strip("<>")).casefold()


def _slug(letter: Sent | None) -> str:
    return letter.slug if letter else ""


def _unread(report: Report, why: str, slug: str, words: str = "") -> Unread:
    return Unread(report.where, why, report.sender, report.subject, words or report.words, slug)
