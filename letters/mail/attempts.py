"""An attempt to hand a message over, what became of it, and what is known of each address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from letters.campaign.sent import NUMBER


class State(StrEnum):
    """What became of an attempt; nobody can know that a message was delivered."""

    CLAIMED = "claimed"  #: under way
    ACCEPTED = "accepted"  #: the mail server took it
    REFUSED = "refused"  #: the mail server will not take it
    DEFERRED = "deferred"  #: not sent; another attempt may be made
    UNKNOWN = "unknown"  #: it may have been taken or not: a person must decide


class Way(StrEnum):
    """By which way a letter went, as the number in its Message-ID ends: the witness has no other."""

    MAIL = ""  #: to all by e-mail
    COPIES = "c"  #: to copies alone
    POST = "p"  #: on paper


def way_of(message_id: str) -> Way:
    """By which way the letter with a Message-ID went."""
    found = NUMBER.match(message_id)
    return Way(found["way"]) if found else Way.MAIL


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at handing a message to the mail server."""

    id: int
    slug: str
    issue: int  #: 1 for the letter, 2 and more when a corrected one follows
    letter: str  #: SHA-256 of the PDF
    envelope: str  #: digest of who receives it and of what goes with it
    message_id: str
    state: State
    claimed_at: str  #: universal time
    handed_over_at: str  #: when the message itself began to go out, "" when it did not
    settled_at: str
    reply: str  #: of the server, or why it was not sent
    reason: str  #: why it is sent again
    again: int = 0  #: 1 and more when the same issue was sent again, because it came back
    whom: str = ""  #: "" for all, "copies" when the chief executive was not written to again

    @property
    def weight(self) -> tuple[int, bool, int]:
        """By which of an authority's attempts one counts: the last issue's that went out, or may.

        Without such a one it is the last.
        """
        return self.issue, self.state in ONCE, self.id

    @property
    def to_all(self) -> bool:
        """Whether it was to the chief executive, too."""
        return not self.whom

    @property
    def by_post(self) -> bool:
        """Whether it went on paper."""
        return way_of(self.message_id) is Way.POST


#: what is known of an attempt, from little to much
WEIGHTS = (State.CLAIMED, State.DEFERRED, State.REFUSED, State.UNKNOWN, State.ACCEPTED)
DOUBTFUL = (State.CLAIMED, State.UNKNOWN)  #: it may have gone out
ONCE = (State.CLAIMED, State.ACCEPTED, State.UNKNOWN)  #: there is one such attempt of an issue


class Fate(StrEnum):
    """What is known of one address that a message went to."""

    TAKEN = "taken"  #: the mail server took the address, and nothing came back since
    REFUSED = "refused"  #: the mail server did not take it; the message went without
    FAILED = "failed"  #: a mail system gave it up
    DELAYED = "delayed"  #: it is tried again
    HANDED_ON = "handed on"  #: to a system that sends no reports, or to a list; no more is known
    DELIVERED = "delivered"  #: it lies in a mailbox


MISSED = (Fate.REFUSED, Fate.FAILED)  #: who has not got the message


@dataclass(frozen=True, slots=True)
class Word:
    """What the mail server, a report or a person said about one address of an attempt.

    The address itself is not kept: its digest tells whether it is still that of the contacts.
    """

    attempt: int  #: its id
    place: int  #: 0 for the chief executive, then the copies in their order
    role: str
    address: str  #: its digest
    fate: Fate
    words: str  #: roles in place of addresses
    at: str  #: universal time
    source: str = ""  #: SHA-256 of the report, "" for the mail server, a person's name for theirs


def digest_of_address(address: str) -> str:
    """By what the books know an address, however its letters are written."""
    return sha256(address.casefold().encode()).hexdigest()
