"""Whom a letter has reached, as far as the books know: who has not got it is written to again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from letters.mail.attempts import MISSED, Attempt, Fate, State, Word, digest_of_address
from letters.mail.envelope import Recipients


@dataclass(frozen=True, slots=True)
class Missed:
    """Who has not got a letter that the mail server accepted."""

    executive: bool = False
    copies: tuple[str, ...] = ()  #: addresses, as the contacts have them now

    def __bool__(self) -> bool:
        return self.executive or bool(self.copies)


def missed(
    attempts: Iterable[Attempt], words: Iterable[Word], recipients: Recipients | None
) -> Missed:
    """Who has not got the last issue of one authority's letter, of those it is to go to now.

    A copy is one of those when its address was refused or came back, or when that was so of the
    address in whose place the contacts have another one since.
    """
    said, lost, to_all = _said_and_lost(attempts, words)
    own = [one for one in said if one.attempt == to_all and not one.place]
    copies = tuple(_copies(said, lost, recipients)) if recipients else ()
    return Missed(_came_back(own), copies)


def copies_lost(attempts: Iterable[Attempt], words: Iterable[Word]) -> Mapping[str, Fate]:
    """The roles of copies of one authority's last issue that were refused or came back.

    Of those that went to nobody since, whose place another address has not taken.
    """
    said, lost, _ = _said_and_lost(attempts, words)
    copies = (one for one in lost if one.place)
    return {one.role: one.fate for one in _without_successor(copies, said)}


def came_back_from(attempts: Iterable[Attempt], words: Iterable[Word], address: str) -> bool:
    """Whether the last message to an address came back, or went without it."""
    accepted = {one.id for one in attempts if one.state is State.ACCEPTED}
    digest = digest_of_address(address)
    return _came_back([one for one in words if one.address == digest and one.attempt in accepted])


def _said_and_lost(
    attempts: Iterable[Attempt], words: Iterable[Word]
) -> tuple[Sequence[Word], Sequence[Word], int]:
    """What was said of the last issue; for each address that missed it, which word says so.

    And the number of the last sending to all. An address that a later sending may have reached has
    not missed it: one of which the server's word is not known, for it went by post, or the books
    have it from the witness.
    """
    accepted = [one for one in attempts if one.state is State.ACCEPTED]
    issue = max((one.issue for one in accepted), default=0)
    sendings = {one.id: one for one in accepted if one.issue == issue}
    said = [one for one in words if one.attempt in sendings]
    silent = max(sendings.keys() - {one.attempt for one in said if not one.source}, default=0)
    known: dict[str, list[Word]] = {}
    for word in said:
        known.setdefault(word.address, []).append(word)
    lost = [
        max(ones, key=lambda one: (one.attempt, one.fate in MISSED))
        for ones in known.values()
        if _came_back(ones) and max(one.attempt for one in ones) >= silent
    ]
    return said, lost, max((one.id for one in sendings.values() if one.to_all), default=0)


def _copies(said: Sequence[Word], lost: Sequence[Word], recipients: Recipients) -> Iterable[str]:
    """Addresses of copies that have not got it, or that stand for one that has not."""
    now = [digest_of_address(one) for one in recipients.addresses]
    gone = [one for one in lost if one.place and one.address not in now]
    known, missing = {one.address for one in said}, {one.address for one in lost}
    new = [one for one in recipients.addresses[1:] if digest_of_address(one) not in known]
    instead = _instead(_without_successor(gone, said), new, recipients, said)
    for address in recipients.addresses[1:]:
        if digest_of_address(address) in missing or address in instead:
            yield address


def _without_successor(gone: Iterable[Word], said: Iterable[Word]) -> Sequence[Word]:
    """The addresses in whose place no other one was written to since.

    That is one of the same role, else one of a role that nobody had before.
    """
    first: dict[str, Word] = {}
    for word in sorted(said, key=lambda one: one.attempt):
        first.setdefault(word.address, word)
    found = []
    for one in sorted(gone, key=lambda one: one.attempt):
        roles = {word.role for word in first.values() if word.attempt <= one.attempt}
        later = [word for word in first.values() if word.place and word.attempt > one.attempt]
        same = [word for word in later if word.role == one.role]
        others = [word for word in later if word.role not in roles]
        if successor := next(iter([*same, *others]), None):
            del first[successor.address]
        else:
            found.append(one)
    return found


def _instead(
    gone: Iterable[Word], new: Sequence[str], recipients: Recipients, said: Sequence[Word]
) -> Collection[str]:
    """The addresses, never written to, of whom may have taken the place of one that is gone.

    They are all those of its role. Without such, all the others, where it is known that they were
    not written to: who was is what the server said.
    """
    heard = {one.attempt for one in said if not one.source}
    found = set[str]()
    for one in gone:
        same = [address for address in new if recipients.role(address) == one.role]
        found |= set(same or (new if one.attempt in heard else ()))
    return found


def _came_back(words: Sequence[Word]) -> bool:
    """Whether the last attempt at an address failed, by anybody's word.

    No other report outweighs that one, nor does any clock: it may be about another mailbox behind
    the same address, and a letter that is thought lost is looked for.
    """
    last = max((one.attempt for one in words), default=0)
    return any(one.fate in MISSED for one in words if one.attempt == last)
