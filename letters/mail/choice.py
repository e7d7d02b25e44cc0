"""Which letters a run will send, and why it leaves out the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from letters.campaign.load import Campaign
from letters.campaign.records import Approvals
from letters.errors import MailError
from letters.mail.approvals import Seal, Standing, standing
from letters.mail.attempts import ONCE, Attempt, State
from letters.mail.parcels import Parcel


@dataclass(frozen=True, slots=True)
class Issue:
    """The how many-eth letter of the year to an authority it is."""

    number: int = 1  #: 2 and more when a corrected one follows
    reason: str = ""  #: why it follows, or is sent again
    again: int = 0  #: 1 and more when the same letter is sent again
    copies: tuple[str, ...] = ()  #: addresses that it goes to alone; none where it goes to all
    answers: tuple[str, ...] = ()  #: Message-IDs of those that it follows, the first one first


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters of a run, by what will be done with them."""

    issues: Mapping[str, Issue]  #: of those to send, by slug
    to_send: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()  #: accepted before
    corrected: tuple[str, ...] = ()  #: accepted before, and changed since
    doubtful: tuple[str, ...] = ()  #: unknown: a person must say
    refused: tuple[str, ...] = ()  #: refused before, and nothing has changed since
    unapproved: tuple[str, ...] = ()
    without_address: tuple[str, ...] = ()


def choose(
    campaign: Campaign,
    parcels: Mapping[str, Parcel],
    attempts: Iterable[Attempt],
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> Choice:
    """Which of the parcels a run will send, and why it leaves out the others.

    Without approvals (None) nobody's word is needed: in rehearsals and tests. With `named`, letters
    asked for by slug, those are tried again that were refused before.
    """
    found: dict[str, list[str]] = {one.name: [] for one in fields(Choice) if one.name != "issues"}
    attempts = tuple(attempts)
    last = last_attempts(campaign, attempts)
    accepted = last_attempts(campaign, (one for one in attempts if one.state is State.ACCEPTED))
    for slug, parcel in parcels.items():
        tried = (last.get(slug), accepted.get(slug))
        found[_place(campaign, parcel, *tried, approvals, named, reason)].append(slug)
    issues = {slug: issue_after(last.get(slug), reason) for slug in found["to_send"]}
    return Choice(issues, **{key: tuple(values) for key, values in found.items()})


def _place(
    campaign: Campaign,
    parcel: Parcel,
    last: Attempt | None,
    accepted: Attempt | None,
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> str:
    seal = parcel.seal
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if accepted and _is_of(accepted, seal):  # also when a correction came to nothing since
        return "sent"
    if last and last.state is State.ACCEPTED and not reason:
        return "corrected"
    if last and last.state is State.REFUSED and _is_of(last, seal) and not named:
        return "refused"
    if parcel.envelope.recipients is None:
        return "without_address"
    needed = campaign.letter.approvers
    if approvals is not None and standing(seal, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


def _is_of(attempt: Attempt, seal: Seal) -> bool:
    """Whether an attempt was made with just this PDF and envelope."""
    return (attempt.letter, attempt.envelope) == (seal.sha256, seal.envelope)


def issue_after(last: Attempt | None, reason: str) -> Issue:
    """The next issue: the same until it is accepted, then a further one if there is a reason."""
    if last is None:
        return Issue()
    further = bool(reason) and last.state is State.ACCEPTED
    number = last.issue + 1 if further else last.issue
    return Issue(number, (reason or last.reason) if number > 1 else "")


def last_attempts(campaign: Campaign, attempts: Iterable[Attempt]) -> Mapping[str, Attempt]:
    """The attempt that counts for each authority, of those under its slug and its slugs of before.

    That is one of the highest issue: the one that went out, or may have, else the last.
    """
    now = {slug: slug for slug in campaign.statistics}
    for slug in campaign.statistics:
        now |= dict.fromkeys(campaign.register[slug].formerly, slug)
    found: dict[str, Attempt] = {}
    for one in attempts:
        if slug := now.get(one.slug, ""):
            found[slug] = max(one, found.get(slug, one), key=lambda one: one.weight)
    return found


def check_renamed(
    campaign: Campaign, attempts: Sequence[Attempt], to_send: Sequence[str], named: bool
) -> None:
    """Raise MailError when a letter may have gone out under another slug, before a renaming.

    To letters that are named it matters only where the register does not know the other slug.
    """
    gone = [slug for slug in _gone(campaign, attempts) if not (named and slug in campaign.register)]
    last = last_attempts(campaign, attempts)
    new = [slug for slug in to_send if slug not in last]
    if gone and new:
        raise MailError(
            f"the ledger has a letter to {gone[0]}, which the campaign no longer has: is it one of"
            f" {', '.join(new[:3])}{' ...' if len(new) > 3 else ''} under another name? Then write"
            f" formerly: [{gone[0]}] there, in data/authorities.yaml, and it is not written to"
            f" twice; if it is another one, {_what_else(campaign, gone[0])}"
        )


def _what_else(campaign: Campaign, slug: str) -> str:
    if slug in campaign.register:
        return "name the letters that are to be sent"
    return f"bring {slug} back there, with the day on which it ended"


def _gone(campaign: Campaign, attempts: Iterable[Attempt]) -> Iterator[str]:
    """Slugs of the books that no letter goes to, though the register does not say that they ended.

    A letter went to them once, or may have, whatever became of a later one.
    """
    now = {old: slug for slug, body in campaign.register.items() for old in body.formerly}
    for slug in dict.fromkeys(one.slug for one in attempts if one.state in ONCE):
        present = now.get(slug, slug)
        body = campaign.register.get(present)
        if present not in campaign.statistics and not (body and body.ended):
            yield slug
