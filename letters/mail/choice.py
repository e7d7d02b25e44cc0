"""Which letters a run will send, and why it leaves out the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from letters.campaign.corrections import Corrected, last_note
from letters.campaign.load import Campaign
from letters.campaign.records import Approvals
from letters.errors import MailError
from letters.mail.approvals import Seal, standing
from letters.mail.attempts import ONCE, Attempt, State, Way, Word
from letters.mail.parcels import Parcel
from letters.mail.reached import Missed, missed
from letters.mail.stages import Standing


@dataclass(frozen=True, slots=True)
class Issue:
    """The how many-eth letter of the year to an authority it is."""

    number: int = 1  #: 2 and more when a corrected one follows
    reason: str = ""  #: why it follows, or is sent again
    again: int = 0  #: 1 and more when the same letter is sent again
    copies: tuple[str, ...] = ()  #: addresses that it goes to alone; none where it goes to all
    answers: tuple[str, ...] = ()  #: Message-IDs of those that it follows, the first one first

    @property
    def way(self) -> Way:
        """By which way a run sends it."""
        return Way.COPIES if self.copies else Way.MAIL


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a run, beside that it sends what was not sent."""

    named: bool = False  #: letters asked for by slug are tried again that were refused before
    again: str = ""  #: why letters that came back are sent again
    copies_only: bool = False  #: only to copies that have not got theirs
    only_failed: bool = False  #: only what was tried and not sent
    on_paper: bool = False  #: letters go by post, and need no address


@dataclass(frozen=True, slots=True)
class Choice:
    """The letters of a run, by what will be done with them."""

    issues: Mapping[str, Issue]  #: of those to send, by slug
    to_send: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()  #: accepted before, and come back from the chief executive
    without_copy: tuple[str, ...] = ()  #: accepted before; a copy was refused or came back
    untried: tuple[str, ...] = ()  #: never tried, in a run that is only for what was
    sent: tuple[str, ...] = ()  #: accepted before
    beside: tuple[str, ...] = ()  #: accepted before; only what goes with it has changed since
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
    wish: Wish,
    words: Iterable[Word] = (),
    same: Collection[str] = (),
) -> Choice:
    """Which of the parcels a run will send, and why it leaves out the others.

    Without approvals (None) nobody's word is needed: in rehearsals and tests. `words` are what is
    known of addresses. `same` are slugs of letters that differ from those that were accepted only
    in the person whom they address.
    """
    found: dict[str, list[str]] = {one.name: [] for one in fields(Choice) if one.name != "issues"}
    attempts = tuple(attempts)
    last = last_attempts(campaign, attempts)
    accepted = last_accepted(campaign, attempts)
    said, own = tuple(words), of_each(campaign, attempts)
    lost = {
        slug: missed(own.get(slug, ()), said, parcel.envelope.recipients)
        for slug, parcel in parcels.items()
    }
    for slug, parcel in parcels.items():
        tried = (last.get(slug), accepted.get(slug))
        place = _place(campaign, parcel, *tried, lost[slug], approvals, wish, slug in same)
        found[place].append(slug)
    issues = {
        slug: _issue(last.get(slug), campaign.corrected(slug), own.get(slug, ()), lost[slug], wish)
        for slug in found["to_send"]
    }
    return Choice(issues, **{key: tuple(values) for key, values in found.items()})


def _issue(
    last: Attempt | None,
    corrected: Corrected | None,
    own: Sequence[Attempt],
    lost: Missed,
    wish: Wish,
) -> Issue:
    if not (last and (wish.again or wish.copies_only)):
        return issue_after(last, corrected, own)
    again = again_after(own, last.issue)
    copies = lost.copies if wish.copies_only else ()
    answers = issue_after(last, corrected, own).answers
    return Issue(last.issue, wish.again or "a copy had not got it", again, copies, answers)


def _place(
    campaign: Campaign,
    parcel: Parcel,
    last: Attempt | None,
    accepted: Attempt | None,
    lost: Missed,
    approvals: Approvals | None,
    wish: Wish,
    same: bool,
) -> str:
    seal, corrected = parcel.seal, campaign.corrected(parcel.slug)
    noted = _is_noted(campaign, seal)
    as_it_was = same or noted or (accepted is not None and accepted.letter == seal.sha256)
    if last and last.state is State.UNKNOWN:
        return "doubtful"
    if wish.again or wish.copies_only:
        wanted = lost.copies if wish.copies_only else lost.executive
        if not (wanted and accepted):
            return "sent"
        if not as_it_was:
            return "corrected"
        return _with_word(campaign, parcel, approvals, wish)
    follows = accepted and corrected and corrected.replacement.issue > accepted.issue
    if follows:
        if corrected and corrected.replacement.sha256 != seal.sha256:
            return "corrected"
    elif accepted and not as_it_was:
        return "corrected"
    elif lost.executive:
        return "returned"
    elif lost.copies:
        return "without_copy"
    elif accepted:
        return "sent" if same or noted or _is_of(accepted, seal) else "beside"
    named = wish.named or wish.only_failed
    if last and last.state is State.REFUSED and _is_of(last, seal) and not named:
        return "refused"
    if wish.only_failed and (last is None or last.state is State.ACCEPTED):
        return "untried"
    return _with_word(campaign, parcel, approvals, wish)


def _with_word(campaign: Campaign, parcel: Parcel, approvals: Approvals | None, wish: Wish) -> str:
    """Whether a letter can go: with an address, and with somebody's word where it is needed."""
    seal = parcel.seal
    if parcel.envelope.recipients is None and not wish.on_paper:
        return "without_address"
    needed = campaign.approvers_of(parcel.slug)
    if approvals is not None and standing(seal, approvals, needed) is not Standing.APPROVED:
        return "unapproved"
    return "to_send"


def _is_noted(campaign: Campaign, seal: Seal) -> bool:
    """Whether a letter differs from the one that was sent only as a correction notes."""
    noted = last_note(campaign.corrections, seal.slug)
    return noted is not None and noted.sha256 == seal.sha256


def _is_of(attempt: Attempt, seal: Seal) -> bool:
    """Whether an attempt was made with just this PDF and envelope.

    Of one that was entered from the second witness nobody knows the envelope.
    """
    return attempt.letter == seal.sha256 and attempt.envelope in ("", seal.envelope)


def issue_after(
    last: Attempt | None, corrected: Corrected | None, own: Sequence[Attempt] = ()
) -> Issue:
    """The next issue: the one that a correction says, else the same until it is accepted.

    A corrected letter stands under those that it replaces.
    """
    if corrected is None:
        return Issue(last.issue if last else 1)
    number = corrected.replacement.issue
    before = {
        one.issue: one.message_id
        for one in own
        if one.state is State.ACCEPTED and one.issue < number and one.to_all and not one.by_post
    }
    answers = tuple(before[issue] for issue in sorted(before))
    return Issue(number, corrected.correction.reason, answers=answers)


def again_after(own: Iterable[Attempt], issue: int) -> int:
    """Which sending the next one of an issue is: 0 until one was accepted, then 1 and more."""
    tries = [one for one in own if one.issue == issue]
    if not any(one.state is State.ACCEPTED for one in tries):
        return 0
    return 1 + max(one.again for one in tries)


def last_accepted(campaign: Campaign, attempts: Iterable[Attempt]) -> Mapping[str, Attempt]:
    """The last issue of each authority's letter that the mail server accepted."""
    return last_attempts(campaign, (one for one in attempts if one.state is State.ACCEPTED))


def last_attempts(campaign: Campaign, attempts: Iterable[Attempt]) -> Mapping[str, Attempt]:
    """The attempt that counts for each authority, of those under its slug and its slugs of before.

    That is one of the highest issue: the one that went out, or may have, else the last.
    """
    own = of_each(campaign, attempts)
    return {slug: max(ones, key=lambda one: one.weight) for slug, ones in own.items()}


def of_each(campaign: Campaign, attempts: Iterable[Attempt]) -> Mapping[str, Sequence[Attempt]]:
    """The attempts of each authority, those under its slug and its slugs of before."""
    now = campaign.slugs_of_now
    found: dict[str, list[Attempt]] = {}
    for one in attempts:
        if slug := now.get(one.slug, ""):
            found.setdefault(slug, []).append(one)
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
