"""Which letters a run will send, and why it leaves out the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from letters.campaign.records import Approvals
from letters.errors import MailError
from letters.mail.approvals import Seal, Standing, standing
from letters.mail.ledger import Attempt, State
from letters.mail.mailroom import Mailroom
from letters.mail.message import recipients_of


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters of a run, by what will be done with them."""

    seals: Mapping[str, Seal]  #: all of them, as they were looked at
    to_send: tuple[str, ...]
    sent: tuple[str, ...] = ()  #: accepted before
    corrected: tuple[str, ...] = ()  #: accepted before, and changed since
    doubtful: tuple[str, ...] = ()  #: unknown: a person must say
    refused: tuple[str, ...] = ()  #: refused before, and nothing has changed since
    unapproved: tuple[str, ...] = ()
    without_address: tuple[str, ...] = ()


def choose(
    mailroom: Mailroom,
    slugs: Sequence[str],
    latest: Mapping[str, Attempt],
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> Choice:
    """Which of the letters a run will send, and why it leaves out the others.

    Without approvals (None) nobody's word is needed: in rehearsals and tests. With `named`, letters
    asked for by slug, those are tried again that were refused before.
    """
    found: dict[str, list[str]] = {one.name: [] for one in fields(Choice) if one.name != "seals"}
    seals = {slug: mailroom.seal(slug) for slug in slugs}
    for slug, seal in seals.items():
        found[_place(mailroom, seal, latest.get(slug), approvals, named, reason)].append(slug)
    return Choice(seals, **{key: tuple(values) for key, values in found.items()})


def _place(
    mailroom: Mailroom,
    seal: Seal,
    last: Attempt | None,
    approvals: Approvals | None,
    named: bool,
    reason: str,
) -> str:
    same = last is not None and (last.letter, last.envelope) == (seal.sha256, seal.envelope)
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if last and last.state is State.ACCEPTED and (same or not reason):
        return "sent" if same else "corrected"
    if last and last.state is State.REFUSED and same and not named:
        return "refused"
    if recipients_of(mailroom.campaign.contacts.get(seal.slug)) is None:
        return "without_address"
    needed = mailroom.campaign.letter.approvers
    if approvals is not None and standing(seal, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


def check_renamed(
    mailroom: Mailroom, latest: Mapping[str, Attempt], to_send: Sequence[str]
) -> None:
    """Raise MailError when a letter may have gone out under another slug, before a renaming."""
    gone = [
        attempt.slug
        for attempt in latest.values()
        if attempt.slug not in mailroom.campaign.statistics
        and attempt.state in (State.ACCEPTED, State.UNKNOWN)
    ]
    new = [slug for slug in to_send if slug not in latest]
    if gone and new:
        raise MailError(
            f"the ledger has a letter to {gone[0]}, which the campaign no longer has: is it one of"
            f" {', '.join(new[:3])}{' ...' if len(new) > 3 else ''} under another name?"
            " Name the letters that are to be sent"
        )
