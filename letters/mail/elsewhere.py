"""What the books did not see: letters sent by hand or by post, come back, or known to a witness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from letters.campaign.load import Campaign
from letters.campaign.sent import Sent
from letters.errors import MailError
from letters.mail import interlock
from letters.mail.archive import keep_sent
from letters.mail.attempts import Attempt, Fate, State, Way, Word, digest_of_address, way_of
from letters.mail.choice import issue_after, last_attempts, of_each
from letters.mail.ledger import Ledger
from letters.mail.message import message, message_id
from letters.mail.parcels import Parcel
from letters.mail.reached import missed
from letters.mail.witness import lacking, message_of
from letters.wording import universal_time


def note_sent(
    root: Path, campaign: Campaign, books: Ledger, parcel: Parcel, how: str, by: str, now: datetime
) -> str:
    """Enter that a letter was sent `by hand` or `by post`; a sentence that says so.

    It is claimed, looked at by the interlock where there is a message, and kept, as if it went out.
    Raises MailError where the books have it as sent already and it did not come back.
    """
    slug, seal = parcel.slug, parcel.seal
    own = of_each(campaign, books.attempts()).get(slug, ())
    last = last_attempts(campaign, books.attempts()).get(slug)
    lost = missed(own, books.words(), parcel.envelope.recipients)
    corrected = campaign.corrected(slug)
    following, again = issue_after(last, corrected, own), 0
    issue = following.number
    if last and last.state is State.ACCEPTED and last.issue == issue:
        if not lost.executive:
            raise MailError(f"{slug}: the books have it as sent already, and it did not come back")
        again = 1 + max(one.again for one in own if one.issue == issue)
    way = Way.POST if how == "by post" else Way.MAIL
    number = message_id(campaign.year, parcel, issue, again=again, way=way)
    word = f"{by} says that it was sent {how}"
    claim = books.claim(
        slug,
        issue,
        seal.sha256,
        seal.envelope,
        number,
        now,
        word if again else following.reason,
        again,
    )
    try:
        files = _files(root, campaign, parcel, claim, following.answers, now, how)
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
    how: str,
) -> dict[str, bytes]:
    """What is kept of it: the message, or, of what went by post, the letter."""
    contents, page = parcel.contents(), parcel.html()
    if how == "by post":
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
    if not accepted:
        raise MailError(f"{slug}: the books have no letter to it that could have come back")
    attempt = accepted[-1]
    executive = [one for one in books.words() if one.attempt == attempt.id and not one.place]
    address = executive[-1].address if executive else digest_of_address("")
    word, at = f"{by} says that it came back", universal_time(now)
    books.hear(
        [Word(attempt.id, 0, "Chief Executive", address, Fate.FAILED, word, at, f"{by}, {at}")]
    )
    return f"{slug}: {word}"


def restore(
    books: Ledger, lines: Sequence[Sent], kept: Callable[[Sent], Sequence[int]], now: datetime
) -> tuple[Attempt, ...]:
    """Enter what the witness has and the books lack, in its order, by the numbers of what is `kept`.

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
        entered.append(_enter(books, line, state, open_[-1] if open_ else None, kept(line), now))
    return tuple(entered)


def _enter(
    books: Ledger,
    line: Sent,
    state: State,
    there: Attempt | None,
    kept: Sequence[int],
    now: datetime,
) -> Attempt:
    said = f"entered from the second witness, which has it as {line.state}"
    if there is None:
        same = [one for one in books.attempts() if (one.slug, one.issue) == (line.slug, line.issue)]
        again = 1 + max((one.again for one in same), default=-1)
        used = {one.id for one in books.attempts()}
        number = next((one for one in kept if one not in used), 0)
        return books.enter(
            Attempt(
                *(number, line.slug, line.issue, line.sha256, "", line.message_id, state),
                *(line.at, line.at, line.at, said, ""),
                again=again,
                whom="copies" if way_of(line.message_id) is Way.COPIES else "",
            )
        )
    books.settle(there, state, said, now)
    return there
