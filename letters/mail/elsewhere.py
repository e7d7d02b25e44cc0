"""What the books did not see: letters sent by hand or by post, come back, or known to a witness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from letters.campaign.load import Campaign
from letters.campaign.sent import Sent
from letters.errors import MailError
from letters.mail import interlock
from letters.mail.archive import keep_sent
from letters.mail.attempts import (
    DOUBTFUL,
    ONCE,
    Attempt,
    Fate,
    State,
    Way,
    Word,
    digest_of_address,
    way_of,
)
from letters.mail.choice import Choice, Wish, of_each
from letters.mail.ledger import Ledger
from letters.mail.message import message, message_id
from letters.mail.parcels import Parcel
from letters.mail.reached import missed
from letters.mail.witness import lacking, message_of
from letters.wording import universal_time

#: why a letter is not entered as sent, by the place in a choice where it is
_NOT_ENTERED = {
    **dict.fromkeys(
        ("sent", "beside", "without_copy"),
        "the books have it as sent already, and it did not come back",
    ),
    "doubtful": "whether it was sent is unknown: first letters ledger resolve YEAR SLUG",
    "corrected": (
        "it has changed since it was sent, or recorded as corrected: letters correct YEAR --reason"
        " WHY --by NAME"
    ),
    "unapproved": (
        "it is not approved as it is built now: letters approve YEAR SLUG --by NAME, if it is the"
        " very letter that was sent"
    ),
    "without_address": (
        "the contacts have no address of its chief executive that it can have been sent to by hand"
    ),
}


def note_sent(
    root: Path,
    campaign: Campaign,
    books: Ledger,
    parcel: Parcel,
    choose: Callable[[Wish], Choice],
    on_paper: bool,
    by: str,
    now: datetime,
) -> str:
    """Enter that a letter was sent by hand, or by post; a sentence that says so.

    It is chosen as for sending, claimed, looked at by the interlock where there is a message, and
    kept, as if it went out. Raises MailError where sending would leave it out.
    """
    slug, seal = parcel.slug, parcel.seal
    word = f"{by} says that it was sent {'by post' if on_paper else 'by hand'}"
    wish = Wish(named=True, on_paper=on_paper)
    choice = choose(wish)
    if choice.returned:
        choice = choose(replace(wish, again=word))
    for place, why in _NOT_ENTERED.items():
        if slug in getattr(choice, place):
            raise MailError(f"{slug}: {why.replace('YEAR', campaign.year).replace('SLUG', slug)}")
    issue = choice.issues[slug]
    way = Way.POST if on_paper else Way.MAIL
    number = message_id(campaign.year, parcel, issue.number, again=issue.again, way=way)
    claim = books.claim(
        *(slug, issue.number, seal.sha256, seal.envelope, number, now, issue.reason, issue.again)
    )
    try:
        files = _files(root, campaign, parcel, claim, issue.answers, now)
        keep_sent(root, campaign.year, claim, files)
    except BaseException:
        books.settle(claim, State.DEFERRED, "not entered", now)
        raise
    books.hand_over(claim, now)
    books.settle(claim, State.ACCEPTED, word, now)
    return f"{slug}: accepted: {word}"


def _files(
    root: Path,
    campaign: Campaign,
    parcel: Parcel,
    claim: Attempt,
    answers: tuple[str, ...],
    now: datetime,
) -> dict[str, bytes]:
    """What is kept of it: the message, or, of what went by post, the letter."""
    contents, page = parcel.contents(), parcel.html()
    if claim.by_post:
        return {"pdf": contents[0], "html": page}
    data = message(parcel, contents, claim.message_id, now, answers=answers)
    interlock.require_agreement(data, claim, parcel, campaign, root, answers=answers)
    return {"eml": data, "html": page}


def note_bounced(campaign: Campaign, books: Ledger, slug: str, by: str, now: datetime) -> str:
    """Enter a person's word that a letter came back from the chief executive; a sentence.

    Raises MailError where the books have no letter that could.
    """
    own = of_each(campaign, books.attempts()).get(slug, ())
    accepted = [one for one in own if one.state is State.ACCEPTED and one.to_all]
    if any(one.state in DOUBTFUL for one in own):
        first = f"first letters ledger resolve {campaign.year} {slug}"
        raise MailError(f"{slug}: whether its last message went out is unknown: {first}")
    if not accepted:
        raise MailError(f"{slug}: the books have no letter to it that could have come back")
    if missed(own, books.words(), None).executive:
        raise MailError(f"{slug}: the books have already that it came back")
    attempt = accepted[-1]
    executive = [one for one in books.words() if one.attempt == attempt.id and not one.place]
    address = executive[-1].address if executive else digest_of_address("")
    word, at = f"{by} says that it came back", universal_time(now)
    books.hear(
        [Word(attempt.id, 0, "Chief Executive", address, Fate.FAILED, word, at, f"{by}, {at}")]
    )
    return f"{slug}: {word}"


def restore(books: Ledger, lines: Sequence[Sent], now: datetime) -> tuple[Attempt, ...]:
    """Enter what the witness has and the books lack, in its order.

    What was under way stands there as unknown: it may have gone out. Raises MailError.
    """
    entered = []
    for line in lacking(lines, books.attempts()):
        state = State(line.state)
        state = State.UNKNOWN if state is State.CLAIMED else state
        open_ = [
            one
            for one in books.attempts()
            if message_of(one) == message_of(line) and one.state in (State.CLAIMED, State.UNKNOWN)
        ]
        entered.append(_enter(books, line, state, open_[-1] if open_ else None, now))
    return tuple(entered)


def _enter(
    books: Ledger, line: Sent, state: State, there: Attempt | None, now: datetime
) -> Attempt:
    said = f"entered from the second witness, which has it as {line.state}"
    if there is None:
        own = [one for one in books.attempts() if (one.slug, one.issue) == (line.slug, line.issue)]
        again = 1 + max((one.again for one in own if one.state in ONCE), default=-1)
        return books.enter(
            Attempt(
                *(0, line.slug, line.issue, line.sha256, "", line.message_id, state),
                *(line.at, line.at, line.at, said, ""),
                again=again,
                whom="copies" if way_of(line.message_id) is Way.COPIES else "",
            )
        )
    books.settle(there, state, said, now)
    return there
