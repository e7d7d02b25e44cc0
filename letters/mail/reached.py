"""Whom a letter has reached, as far as the books know: who has not got it is written to again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from letters.mail.attempts import MISSED, Attempt, State, Word, digest_of_address
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
    accepted = [one for one in attempts if one.state is State.ACCEPTED]
    issue = max((one.issue for one in accepted), default=0)
    sendings = {one.id: one for one in accepted if one.issue == issue}
    said = [one for one in words if one.attempt in sendings]
    to_all = max((one.id for one in sendings.values() if one.to_all), default=0)
    own = [one for one in said if one.attempt == to_all and not one.place]
    silent = max(sendings.keys() - {one.attempt for one in said if not one.source}, default=0)
    copies = tuple(_copies(said, recipients, silent)) if recipients else ()
    return Missed(_came_back(own), copies)


def came_back_from(attempts: Iterable[Attempt], words: Iterable[Word], address: str) -> bool:
    """Whether the last message to an address came back, or went without it."""
    accepted = {one.id for one in attempts if one.state is State.ACCEPTED}
    digest = digest_of_address(address)
    return _came_back([one for one in words if one.address == digest and one.attempt in accepted])


def _copies(said: Sequence[Word], recipients: Recipients, silent: int) -> Iterable[str]:
    """Addresses of copies that have not got it, unless a later sending may have reached them.

    That is the last one of which the server's word is not known: it went by post, or the books have
    it from the witness.
    """
    before = _in_whose_place(said, recipients)
    for address in recipients.addresses[1:]:
        digest = digest_of_address(address)
        known = [one for one in said if one.address == digest]
        known = known or [one for one in said if one.address == before.get(digest)]
        if _came_back(known) and max(one.attempt for one in known) >= silent:
            yield address


def _in_whose_place(said: Sequence[Word], recipients: Recipients) -> Mapping[str, str]:
    """By digests, in whose place each address stands that the contacts have instead of another.

    It was not written to before that other one was given up. Those of one role are told first, then
    in their order: somebody else may have taken over.
    """
    roles = {digest_of_address(one): recipients.role(one) for one in recipients.addresses}
    first, last = dict[str, int](), dict[str, Word]()
    for word in sorted(said, key=lambda one: one.attempt):
        first.setdefault(word.address, word.attempt)
        last[word.address] = word
    gone = [one for one in last.values() if one.place and one.address not in roles]
    gone.sort(key=lambda one: (-one.attempt, one.place))
    found: dict[str, str] = {}
    for same_role in (True, False):
        for old in (one for one in gone if one.address not in found.values()):
            for new in list(roles)[1:]:
                later = first.get(new, old.attempt + 1) > old.attempt
                if new not in found and later and (roles[new] == old.role or not same_role):
                    found[new] = old.address
                    break
    return found


def _came_back(words: Sequence[Word]) -> bool:
    """Whether the last attempt at an address failed, by anybody's word.

    No other report outweighs that one, nor does any clock: it may be about another mailbox behind
    the same address, and a letter that is thought lost is looked for.
    """
    last = max((one.attempt for one in words), default=0)
    return any(one.fate in MISSED for one in words if one.attempt == last)
