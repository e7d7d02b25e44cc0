"""Which letters a run will send, and why it leaves out the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from letters.campaign.load import Campaign
from letters.campaign.records import Approvals
from letters.errors import MailError
from letters.mail.approvals import Standing, standing
from letters.mail.ledger import ONCE, Attempt, State
from letters.mail.parcels import Parcel


@dataclass(frozen=True, slots=True)
class Issue:
    """The how many-eth letter of the year to an authority it is."""

    number: int = 1  #: 2 and more when a corrected one follows
    reason: str = ""  #: why it follows


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
    last = last_attempts(campaign, attempts)
    for slug, parcel in parcels.items():
        place = _place(campaign, parcel, last.get(slug), approvals, named, reason)
        found[place].append(slug)
    issues = {slug: issue_after(last.get(slug), reason) for slug in found["to_send"]}
    return Choice(issues, **{key: tuple(values) for key, values in found.items()})


def _place(
    campaign: Campaign,
    parcel: Parcel,
    last: Attempt | None,
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> str:
    seal = parcel.seal
    same = last is not None and (last.letter, last.envelope) == (seal.sha256, seal.envelope)
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if last and last.state is State.ACCEPTED and (same or not reason):
        return "sent" if same else "corrected"
    if last and last.state is State.REFUSED and same and not named:
        return "refused"
    if parcel.envelope.recipients is None:
        return "without_address"
    needed = campaign.letter.approvers
    if approvals is not None and standing(seal, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


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
        slug = now.get(one.slug, "")
        if slug and (slug not in found or _weight(one) >= _weight(found[slug])):
            found[slug] = one
    return found


def _weight(attempt: Attempt) -> tuple[int, bool, int]:
    return attempt.issue, attempt.state in ONCE, attempt.id


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
    known = {*campaign.statistics}
    known |= {old for body in campaign.register.values() for old in body.formerly}
    for slug in dict.fromkeys(one.slug for one in attempts if one.state in ONCE):
        body = campaign.register.get(slug)
        if slug not in known and not (body and body.ended):
            yield slug
