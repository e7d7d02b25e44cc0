"""The command that sends letters, or rehearses it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.books import LEDGER, has_books, no_books, open_books
from letters.cli.frame import DONE, IN_PART, root_option, stop, told
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.cli.progress import progress
from letters.wording import numbered, series

if TYPE_CHECKING:
    from letters.campaign.records import Office
    from letters.mail.choice import Choice
    from letters.mail.ledger import Ledger
    from letters.mail.post import Post
    from letters.mail.rehearsal import Outbox
    from letters.mail.run import Clock, Result

PASSWORD = "LETTERS_MAIL_PASSWORD"  #: the environment variable that holds it
_TOLD = 5  #: letters that are told by name when many have the same answer
_STOPPING = b"stopping: the message in hand is finished first\n"


@click.command()
@click.argument("year")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@root_option
@click.option("--limit", type=click.IntRange(min=1), help="Send no more than so many messages.")
@click.option(
    "--to-me", metavar="ADDRESS", help="A test: really send, but everything to this address alone."
)
@click.option(
    "--really-send", is_flag=True, help="Send to the councils. What is sent cannot be unsent."
)
@click.option(
    "--date-is-right", is_flag=True, help="Really send although the letter's date is still to come."
)
@click.option(
    "--reissue", metavar="REASON", help="Send corrected letters, by SLUG, to who has the old ones."
)
@click.option(
    "--first-run",
    is_flag=True,
    help="Really send although no attempt is in the books: nothing was ever sent.",
)
@click.option(
    "--rehearse-faults", is_flag=True, help="Rehearse with a mail server that misbehaves."
)
@click.option(
    "--eml",
    is_flag=True,
    help="Only write drafts to open in a mail program, and a list of who gets what.",
)
def send(
    year: str,
    slugs: tuple[str, ...],
    root: Path,
    limit: int | None,
    to_me: str | None,
    really_send: bool,
    date_is_right: bool,
    reissue: str | None,
    first_run: bool,
    rehearse_faults: bool,
    eml: bool,
) -> None:
    """Send a year's letters, or those of the authorities named.

    Without --really-send it is a rehearsal. A rehearsal does all that sending does, with a mail
    server on this machine that sends nothing to anybody.
    """
    asked = {"--really-send": really_send, "--to-me": to_me, "--eml": eml}
    ways = [name for name, on in asked.items() if on]
    ways += ["--rehearse-faults"] if rehearse_faults else []
    if len(ways) > 1:
        raise click.UsageError(f"{series(ways)} do not go together: each is a way to send")
    if not really_send and (date_is_right or first_run or reissue is not None):
        raise click.UsageError("--date-is-right, --first-run and --reissue go with --really-send")
    if eml and limit:
        raise click.UsageError("--limit does not go with --eml: name the authorities")
    if reissue is not None and not (slugs and reissue.strip() and reissue.isprintable()):
        raise click.UsageError("--reissue needs a reason, and the authorities by name")
    with told("stopped"):
        if eml:
            status = _write_messages(root, year, slugs)
        elif really_send:
            outgoing = look(root, year, slugs, really=True)
            status = _really_send(outgoing, limit, reissue or "", date_is_right, first_run)
        elif to_me:
            status = _send_to_tester(look(root, year, slugs), limit, to_me)
        else:
            status = _rehearse(root, year, slugs, limit, rehearse_faults)
        sys.exit(status)


def _really_send(
    outgoing: Outgoing, limit: int | None, reason: str, date_is_right: bool, first_run: bool
) -> int:
    from letters.files import only_one
    from letters.mail.approvals import load_approvals
    from letters.mail.choice import check_renamed, choose

    campaign, year, root = outgoing.campaign, outgoing.campaign.year, outgoing.root
    today = datetime.now().astimezone().date()
    if today < campaign.letter.letter_date and not date_is_right:
        stop(
            f"the letters are dated {campaign.letter.letter_date}, and today is {today};"
            " if they are to go out before their date, say --date-is-right"
        )
    records = root / "records" / year
    if not first_run and not (records / LEDGER).exists():
        stop(no_books(year))
    with (
        only_one(records, f"process {os.getpid()}", "in use for sending"),
        open_books(records) as ledger,
    ):
        if first_run and ledger.attempts():
            stop(
                f"there are books of {year} already, so this is no first run: leave --first-run out"
            )
        if not first_run and not ledger.attempts():
            stop(no_books(year))
        for attempt in ledger.recover(datetime.now(UTC)):
            click.echo(f"{attempt.slug}: {attempt.state}: {attempt.reply}")
        attempts, approvals = ledger.attempts(), load_approvals(root, year)
        choice = choose(campaign, outgoing.parcels, attempts, approvals, outgoing.named, reason)
        check_renamed(campaign, attempts, choice.to_send, outgoing.named)
        if reason and choice.sent:
            names = ", ".join(choice.sent)
            click.echo(
                f"unchanged since it was accepted, and --reissue is for corrected letters: {names}"
            )
        _show_choice(choice, year)
        show_shared(outgoing.parcels)
        results: list[Result] = []
        if choice.to_send:
            with _post(outgoing.office) as post:
                results = _carry_out(outgoing, ledger, post, choice, limit, approved=True)
        click.echo(f"{year}: {_summary(results)}; the books are in records/{year}/{LEDGER}")
        left = len(choice.to_send) - len(results)
        if left:
            without = ", without --first-run" if first_run else ""
            click.echo(
                f"{numbered(left, 'letter')} still to send: the same command carries on{without}"
            )
        return _status(results, choice, left + len(outgoing.missing))


def _send_to_tester(outgoing: Outgoing, limit: int | None, tester: str) -> int:
    from letters.campaign.rules import is_address
    from letters.mail.choice import choose

    if not is_address(tester):
        raise click.UsageError(f'"{tester}" is no e-mail address')
    year = outgoing.campaign.year
    with open_books(None) as ledger, _post(outgoing.office) as post:
        choice = choose(outgoing.campaign, outgoing.parcels, (), None, True, "")
        click.echo(f"{year}: a test; every message goes to {tester} and to nobody else")
        results = _carry_out(outgoing, ledger, post, choice, limit, tester=tester)
    _show_choice(choice, year)
    click.echo(f"{year}: {_summary(results)}")
    left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
    return _status(results, choice, left)


def _rehearse(root: Path, year: str, slugs: Sequence[str], limit: int | None, faults: bool) -> int:
    """The same as sending, on this machine alone, with books that are forgotten."""
    from letters.campaign.records import MailServer
    from letters.mail.approvals import load_approvals
    from letters.mail.choice import choose
    from letters.mail.message import message_id
    from letters.mail.parcels import MEGABYTE
    from letters.mail.post import Post
    from letters.mail.rehearsal import HOST, Outbox, rehearsal_server

    with building(root, year, "which rehearses the sending") as folder, ExitStack() as stack:
        outgoing = look(root, year, slugs)
        campaign, office, parcels = outgoing.campaign, outgoing.office, outgoing.parcels
        choice = choose(campaign, parcels, (), None, True, "")
        names = {message_id(year, parcels[slug], 1): slug for slug in choice.to_send}
        outbox = Outbox(folder / "outbox", names, faults)
        port = stack.enter_context(rehearsal_server(outbox, office.largest_megabytes * MEGABYTE))
        server = MailServer(host=HOST, port=port, security="none")
        ledger = stack.enter_context(open_books(None))
        post = stack.enter_context(Post(server, "", office.sender.email))
        click.echo(f"{year}: a rehearsal; nothing leaves this machine")
        try:
            results = _carry_out(outgoing, ledger, post, choice, limit, quick=True)
        finally:
            _show_faults(year, ledger, outbox)
        _show_choice(choice, year)
        show_shared(parcels)
        click.echo(f"{year}: {_summary(results)}; the messages are in {outbox.folder}")
        given = load_approvals(root, year)
        _show_what_next(outgoing, choose(campaign, parcels, (), given, True, ""))
        left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
        return DONE if faults else _status(results, choice, left, rehearsal=True)


def _show_faults(year: str, ledger: Ledger, outbox: Outbox) -> None:
    """What the rehearsal's server did on purpose: it met the attempts in their order."""
    pairs = zip(ledger.attempts(), outbox.done, strict=False)
    if done := [f"{attempt.slug} {fault}" for attempt, fault in pairs if fault]:
        click.echo(f"{year}: this server misbehaved on purpose: {', '.join(done)}")


def _show_what_next(outgoing: Outgoing, approved: Choice) -> None:
    year = outgoing.campaign.year
    if outgoing.campaign.letter.specimen:
        click.echo(f"{year} is a specimen and can never really be sent")
        return
    if approved.unapproved:
        count = numbered(len(approved.unapproved), "letter")
        click.echo(
            f"{count} not approved yet: a real sending leaves them out (letters approve {year} ...)"
        )
    first = "" if has_books(outgoing.root / "records" / year) else " --first-run"
    click.echo(f"To send for real: letters send {year} --really-send{first}")


def _write_messages(root: Path, year: str, slugs: Sequence[str]) -> int:
    from letters.mail.by_hand import write_messages

    with building(root, year, "which writes drafts"):
        outgoing = look(root, year, slugs)
        now = datetime.now(UTC)
        written = write_messages(root, outgoing.campaign, outgoing.parcels.values(), now)
    for slug in written.without_address:
        click.echo(f"{slug}: no draft: the contacts have no address of its chief executive")
    drafts = numbered(written.drafts, "draft")
    click.echo(f"{year}: {drafts} in {written.folder}, and {written.table.name}, who gets what")
    return IN_PART if outgoing.missing else DONE


def _carry_out(
    outgoing: Outgoing,
    ledger: Ledger,
    post: Post,
    choice: Choice,
    limit: int | None,
    approved: bool = False,
    tester: str = "",
    quick: bool = False,
) -> list[Result]:
    """Send, telling how it goes, and what was done so far when the run has to end early."""
    from letters.mail.ledger import State
    from letters.mail.message import largest_of
    from letters.mail.run import Pace, Run, pace_of

    slugs, office = choice.to_send[:limit], outgoing.office
    year = outgoing.campaign.year
    results: list[Result] = []
    untold = 0
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
            approved=approved,
            tester=tester,
            tell=(lambda sentence: None) if quick else click.echo,
        )
        try:
            for result in progress(run.send(slugs), len(slugs), "messages"):
                results.append(result)
                same = [
                    one for one in results if (one.state, one.reply) == (result.state, result.reply)
                ]
                if result.state is State.DEFERRED and len(same) > _TOLD:
                    untold += 1
                elif result.state is not State.ACCEPTED or result.refused_copies:
                    click.echo(f"{result.slug}: {_told_result(result)}")
        except Exception:
            click.echo(f"{year}: {_summary(results)}")
            raise
    if untold:
        click.echo(f"and {numbered(untold, 'more letter')} put off with the same answer")
    return results


def _told_result(result: Result) -> str:
    copies = ", ".join(result.refused_copies)
    return f"{result.state}: {result.reply}{f'; without a copy to: {copies}' if copies else ''}"


def _summary(results: Sequence[Result]) -> str:
    from letters.mail.ledger import State

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


def _show_choice(choice: Choice, year: str) -> None:
    """What a run leaves out, and what can be done about it."""
    left_out = (
        (choice.sent, "accepted before"),
        (
            choice.corrected,
            "accepted before and changed since:"
            " letters send YEAR SLUG --really-send --reissue REASON",
        ),
        (
            choice.doubtful,
            "unknown, and left alone: letters ledger resolve YEAR SLUG takes your word for it",
        ),
        (choice.refused, "refused before, and nothing has changed since: name it to try again"),
        (choice.unapproved, "not approved, and left out"),
        (choice.without_address, "without an address of the chief executive, and left out"),
    )
    for slugs, why in left_out:
        if slugs:
            more = f" and {len(slugs) - _TOLD} more" if len(slugs) > _TOLD else ""
            names = f"{', '.join(slugs[:_TOLD])}{more}"
            click.echo(f"{numbered(len(slugs), 'letter')} {why.replace('YEAR', year)}: {names}")


def _status(results: Sequence[Result], choice: Choice, left: int, rehearsal: bool = False) -> int:
    """0 when every letter is with the mail server, 3 when some are not or a person must decide."""
    from letters.mail.ledger import State

    open_ends = left or choice.doubtful or choice.refused or choice.unapproved or choice.corrected
    if open_ends or any(one.state is not State.ACCEPTED or one.refused_copies for one in results):
        return IN_PART
    return IN_PART if choice.without_address and not rehearsal else DONE


def _post(office: Office) -> Post:
    """A way to the office's server; the password comes from the environment."""
    from letters.mail.post import Post

    server, password = office.server, os.environ.get(PASSWORD, "")
    if server.user and not password:
        stop(f"the password of {server.user} is wanted in the environment: {PASSWORD}")
    return Post(server, password, office.sender.email)


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
