"""What every way of sending does: a run that can be stopped, told as it goes and when it is over."""

from __future__ import annotations

import os
import signal
import textwrap
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from letters.cli.columns import heads
from letters.cli.face import cells, echo, say
from letters.cli.frame import DONE, IN_PART
from letters.cli.outgoing import Outgoing
from letters.cli.progress import progress
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.choice import Choice, Wish
    from letters.mail.ledger import Ledger
    from letters.mail.post import Post
    from letters.mail.run import Clock, Result

TOLD = 5  #: letters that are told by name when many have the same answer
_STOPPING = b"stopping: the message in hand is finished first\n"


def carry_out(
    outgoing: Outgoing,
    ledger: Ledger,
    post: Post,
    choice: Choice,
    limit: int | None,
    really: bool = False,
    tester: str = "",
    quick: bool = False,
) -> list[Result]:
    """Send, telling how it goes, and what was done so far when the run has to end early."""
    from letters.mail.attempts import State
    from letters.mail.message import largest_of
    from letters.mail.run import Pace, Run, pace_of

    slugs, office = choice.to_send[:limit], outgoing.office
    year = outgoing.campaign.year
    results: list[Result] = []
    answers = Counter[str]()  # of letters put off
    head = heads(slugs, cells())
    ones = [outgoing.parcels[slug] for slug in slugs]
    with _stoppable() as clock:
        run = Run(
            root=outgoing.root,
            campaign=outgoing.campaign,
            frozen=outgoing.frozen,
            parcels=outgoing.parcels,
            issues=choice.issues,
            ledger=ledger,
            post=post,
            clock=clock,
            pace=Pace(0, (0.3, 0.6, 1.2), office.refusals_in_a_row) if quick else pace_of(office),
            largest=largest_of(ones, year, office.largest_megabytes, clock.now()),
            really=really,
            tester=tester,
            tell=(lambda sentence: None) if quick else echo,
        )
        try:
            for result in progress(run.send(slugs), len(slugs), "messages"):
                results.append(result)
                answers[result.reply] += result.put_off
                told = not result.put_off or answers[result.reply] <= TOLD
                if told and (result.state is not State.ACCEPTED or result.refused_copies):
                    echo(f"{head(result.slug)} {_told_result(result)}")
        except Exception:
            say(f"{year}: {summary(results)}")
            raise
    if more := sum(max(0, number - TOLD) for number in answers.values()):
        say(f"and {numbered(more, 'more letter')} put off with the same answer")
    return results


def _told_result(result: Result) -> str:
    copies = ", ".join(result.refused_copies)
    return f"{result.state}: {result.reply}{f'; without a copy to: {copies}' if copies else ''}"


def summary(results: Sequence[Result]) -> str:
    """How many letters came out how, on one line."""
    from letters.mail.attempts import State

    words = {
        State.ACCEPTED: "accepted by the mail server",
        State.REFUSED: "refused",
        State.DEFERRED: "put off, to be tried again",
        State.UNKNOWN: "unknown: see letters ledger resolve --help",
    }
    counts = Counter(result.state for result in results if not result.stays)
    parts = [f"{counts[state]} {text}" for state, text in words.items() if counts[state]]
    if withdrawn := sum(result.stays for result in results):
        parts.append(f"{withdrawn} left out, for the approval was withdrawn")
    return ", ".join(parts) or "nothing sent"


def show_choice(choice: Choice, year: str, wish: Wish) -> None:
    """What a run leaves out, and what can be done about it."""
    sent, asked_again = "accepted before", wish.again or wish.copies_only
    if wish.copies_only:
        sent = "not to be sent again: the books have no copy that was refused or came back"
    elif wish.again:
        sent = (
            "not to be sent again: no report that it came back is in the books (letters bounces"
            " YEAR, or letters ledger note YEAR SLUG --bounced)"
        )
    left_out = (
        (choice.sent, sent),
        (
            choice.beside,
            "accepted before; only the address, the e-mail or the files with it have changed since, and"
            " it is not sent again",
        ),
        (
            choice.returned,
            "returned by the chief executive's mail system: letters send YEAR SLUG --really-send --again"
            " REASON, once the address is right",
        ),
        (
            choice.without_copy,
            "accepted, and a copy was refused or came back: letters send YEAR SLUG --really-send"
            " --copies-only, once its address is right",
        ),
        (choice.untried, "never tried, and left for a run without --only-failed"),
        (
            choice.corrected,
            "accepted before and changed since: letters correct YEAR --reason WHY --by NAME",
        ),
        (
            choice.doubtful,
            "unknown, and left alone: letters ledger resolve YEAR SLUG takes your word for it",
        ),
        (choice.refused, "refused before, and nothing has changed since: name it to try again"),
        (choice.unapproved, "not approved, and left out: letters approve YEAR SLUG --by NAME"),
        (
            choice.without_address,
            "without an address of the chief executive, and left out: write it in the contacts",
        ),
    )
    for slugs, why in left_out:
        if slugs:
            many = not asked_again and slugs in (choice.sent, choice.untried)
            some = slugs[:TOLD] if many else slugs
            more = f" and {len(slugs) - TOLD} more" if len(some) < len(slugs) else ""
            names = f"{', '.join(some)}{more}"
            said = f"{numbered(len(slugs), 'letter')} {why.replace('YEAR', year)}:"
            if (wide := cells()) is None:
                say(f"{said} {names}")
                continue
            say(said)
            for line in textwrap.wrap(names, wide - 4, break_on_hyphens=False):
                echo(f"    {line}")


def open_ends(choice: Choice) -> Sequence[Sequence[str]]:
    """The letters of a run that are left out, and that a person must see to."""
    return (
        *(choice.doubtful, choice.refused, choice.unapproved, choice.corrected),
        *(choice.returned, choice.without_copy),
    )


def status_of(results: Sequence[Result], choice: Choice, left: int, rehearsal: bool = False) -> int:
    """0 when every letter is with the mail server, 3 when some are not or a person must decide."""
    from letters.mail.attempts import State

    if (
        left
        or any(open_ends(choice))
        or any(one.state is not State.ACCEPTED or one.refused_copies for one in results)
    ):
        return IN_PART
    return IN_PART if choice.without_address and not rehearsal else DONE


@contextmanager
def _stoppable() -> Iterator[Clock]:
    """A clock that Ctrl-C stops: the message in hand is finished, and no other is begun.

    So do the signals that end a process, also when its terminal is closed; one that is ignored,
    as `nohup` has it, goes on being ignored. The handler may run in the middle of the talk with the
    mail server, so it must neither raise nor wait: it notes the wish and writes a line without the
    help of anything that could be in use.
    """
    from letters.mail.run import Clock

    wishes: list[int] = []

    def note(number: int, frame: object) -> None:
        if not wishes:
            with suppress(OSError):
                os.write(2, _STOPPING)
        wishes.append(number)

    def wait(seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not wishes and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        return not wishes

    before = {
        number: signal.signal(number, note)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield Clock(lambda: datetime.now(UTC), wait)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
