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

from letters.cli.approving import show_shared
from letters.cli.books import LEDGER, open_books
from letters.cli.frame import DONE, IN_PART, chosen, root_option, stop, told
from letters.cli.progress import progress
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.choice import Choice
    from letters.mail.ledger import Ledger
    from letters.mail.mailroom import Mailroom
    from letters.mail.post import Post
    from letters.mail.run import Clock, Result, Run

PASSWORD = "LETTERS_MAIL_PASSWORD"  #: the environment variable that holds it
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
    help="Really send although there are no books yet: nothing was ever sent.",
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
    from letters.check import gather
    from letters.mail.mailroom import Mailroom
    from letters.mail.office import load_office

    asked = {"--really-send": really_send, "--to-me": to_me, "--eml": eml}
    ways = [name for name, on in asked.items() if on]
    if len(ways) > 1 or (rehearse_faults and ways):
        names = " and ".join(ways or ["--rehearse-faults"])
        raise click.UsageError(f"{names} do not go together with another way to send")
    if not really_send and (date_is_right or first_run or reissue is not None):
        raise click.UsageError("--date-is-right, --first-run and --reissue go with --really-send")
    if eml and limit:
        raise click.UsageError("--limit does not go with --eml: name the authorities")
    if reissue is not None and not (slugs and reissue.strip() and reissue.isprintable()):
        raise click.UsageError("--reissue needs a reason, and the authorities by name")
    with told("stopped"):
        gathering = gather(root, year)
        campaign = gathering.sound().campaign
        wanted = tuple(chosen(campaign, slugs) or campaign.statistics)
        if really_send and campaign.letter.specimen:
            stop(f"{year} is a specimen: its figures are invented, and it can never be sent")
        edition = gathering.sound_for(wanted)
        room = Mailroom(edition.drafts, edition.office or load_office(root))
        room.check_built(wanted)
        if eml:
            _write_messages(room, wanted)
        elif really_send:
            named, reason = bool(slugs), reissue or ""
            sys.exit(_really_send(room, wanted, named, limit, reason, date_is_right, first_run))
        elif to_me:
            sys.exit(_send_to_tester(room, wanted, limit, to_me))
        else:
            sys.exit(_rehearse(room, wanted, limit, rehearse_faults))


def _really_send(
    room: Mailroom,
    slugs: Sequence[str],
    named: bool,
    limit: int | None,
    reason: str,
    date_is_right: bool,
    first_run: bool,
) -> int:
    from letters.files import only_one
    from letters.mail.approvals import load_approvals
    from letters.mail.choice import check_renamed, choose

    campaign, year = room.campaign, room.campaign.year
    today = datetime.now().astimezone().date()
    if today < campaign.letter.letter_date and not date_is_right:
        stop(
            f"the letters are dated {campaign.letter.letter_date}, and today is {today};"
            " if they are to go out before their date, say --date-is-right"
        )
    records = room.root / "records" / year
    if first_run and (records / LEDGER).exists():
        stop(f"there are books of {year} already, so this is no first run: leave --first-run out")
    if not (records / LEDGER).exists() and not first_run:
        stop(
            f"there are no books of {year} here (records/{year}/{LEDGER}). If letters were sent"
            " from another machine or folder, bring them here: without them councils are written"
            " to twice. If none was ever sent: --first-run"
        )
    with (
        only_one(records, f"process {os.getpid()}", "in use for sending"),
        open_books(records) as ledger,
    ):
        for attempt in ledger.recover(datetime.now(UTC)):
            click.echo(f"{attempt.slug}: {attempt.state}: {attempt.reply}")
        latest, approvals = ledger.latest(), load_approvals(room.root, year)
        choice = choose(room, slugs, latest, approvals, named, reason)
        if not named:
            check_renamed(room, ledger.latest(), choice.to_send)
        if reason and (unchanged := [slug for slug in choice.sent if slug in slugs]):
            names = ", ".join(unchanged)
            click.echo(
                f"unchanged since it was accepted, and --reissue is for corrected letters: {names}"
            )
        _show_choice(choice, year)
        results: list[Result] = []
        if choice.to_send:
            with _post(room, os.environ.get(PASSWORD, "")) as post:
                run = _make_run(room, ledger, post, choice, limit)
                run.approvals, run.reason = lambda: load_approvals(room.root, year), reason
                results = _carry_out(run, choice.to_send[:limit])
        click.echo(f"{year}: {_summary(results)}; the books are in records/{year}/{LEDGER}")
        left = len(choice.to_send) - len(results)
        if left:
            click.echo(f"{numbered(left, 'letter')} still to send: the same command carries on")
        return _status(results, choice, left)


def _send_to_tester(room: Mailroom, slugs: Sequence[str], limit: int | None, tester: str) -> int:
    from letters.campaign.rules import is_address
    from letters.mail.choice import choose

    if not is_address(tester):
        raise click.UsageError(f'"{tester}" is no e-mail address')
    with open_books(None) as ledger, _post(room, os.environ.get(PASSWORD, "")) as post:
        choice = choose(room, slugs, {}, None, True, "")
        click.echo(
            f"{room.campaign.year}: a test; every message goes to {tester} and to nobody else"
        )
        run = _make_run(room, ledger, post, choice, limit)
        run.tester = tester
        results = _carry_out(run, choice.to_send[:limit])
    click.echo(f"{room.campaign.year}: {_summary(results)}")
    return _status(results, choice, len(choice.to_send[:limit]) - len(results))


def _rehearse(room: Mailroom, slugs: Sequence[str], limit: int | None, faults: bool) -> int:
    """The same as sending, on this machine alone, with books that are forgotten."""
    from letters.batch.store import year_folder
    from letters.campaign.records import MailServer
    from letters.files import only_one
    from letters.mail.approvals import load_approvals
    from letters.mail.choice import choose
    from letters.mail.mailroom import MEGABYTE
    from letters.mail.message import message_id
    from letters.mail.post import Post
    from letters.mail.rehearsal import FAULTS, HOST, Outbox, rehearsal_server

    year, office = room.campaign.year, room.office
    folder = year_folder(room.root, year)
    with ExitStack() as stack:
        stack.enter_context(only_one(folder, f"process {os.getpid()}, which rehearses the sending"))
        choice = choose(room, slugs, {}, None, True, "")
        names = {message_id(office, year, room.mailing(slug), 1): slug for slug in choice.to_send}
        outbox = Outbox(folder / "outbox", names, faults)
        port = stack.enter_context(rehearsal_server(outbox, office.largest_megabytes * MEGABYTE))
        server = MailServer(host=HOST, port=port, security="none")
        ledger = stack.enter_context(open_books(None))
        post = stack.enter_context(Post(server, "", office.sender.email))
        click.echo(f"{year}: a rehearsal; nothing leaves this machine")
        run = _make_run(room, ledger, post, choice, limit)
        run.waits, run.seconds_between, run.tell = (0.3, 0.6, 1.2), 0.0, lambda sentence: None
        results = _carry_out(run, choice.to_send[:limit])
        approved = choose(room, choice.to_send, {}, load_approvals(room.root, year), True, "")
        if faults:
            pairs = zip(choice.to_send, FAULTS, strict=False)
            done = ", ".join(f"{slug} {fault}" for slug, fault in pairs)
            click.echo(f"{year}: this server misbehaved on purpose: {done}")
        _show_choice(choice, year)
        show_shared(room, slugs)
        click.echo(f"{year}: {_summary(results)}; the messages are in {outbox.folder}")
        _show_what_next(room, approved)
        left = len(choice.to_send[:limit]) - len(results)
        return DONE if faults else _status(results, choice, left, rehearsal=True)


def _show_what_next(room: Mailroom, approved: Choice) -> None:
    year = room.campaign.year
    if room.campaign.letter.specimen:
        click.echo(f"{year} is a specimen and can never really be sent")
        return
    if approved.unapproved:
        count = numbered(len(approved.unapproved), "letter")
        click.echo(
            f"{count} not approved yet: a real sending leaves them out (letters approve {year} ...)"
        )
    first = "" if (room.root / "records" / year / LEDGER).exists() else " --first-run"
    click.echo(f"To send for real: letters send {year} --really-send{first}")


def _write_messages(room: Mailroom, slugs: Sequence[str]) -> None:
    from letters.batch.store import year_folder
    from letters.files import only_one
    from letters.mail.by_hand import write_messages

    folder = year_folder(room.root, room.campaign.year)
    with only_one(folder, f"process {os.getpid()}, which writes drafts"):
        written = write_messages(room, slugs, datetime.now(UTC))
    for slug in written.without_address:
        click.echo(f"{slug}: no draft: the contacts have no address of its chief executive")
    year, drafts = room.campaign.year, numbered(written.drafts, "draft")
    click.echo(f"{year}: {drafts} in {written.folder}, and {written.table.name}, who gets what")


def _make_run(room: Mailroom, ledger: Ledger, post: Post, choice: Choice, limit: int | None) -> Run:
    """A run over what was chosen, as the office wants it."""
    from letters.mail.mailroom import check_sizes
    from letters.mail.run import Clock, Run

    office = room.office
    return Run(
        mailroom=room,
        ledger=ledger,
        post=post,
        clock=Clock(lambda: datetime.now(UTC), lambda seconds: True),
        seals=choice.seals,
        largest=check_sizes(room, choice.to_send[:limit], datetime.now(UTC)),
        seconds_between=60 / office.messages_a_minute,
        waits=office.waits,
        refusals_in_a_row=office.refusals_in_a_row,
        tell=click.echo,
    )


def _carry_out(run: Run, slugs: Sequence[str]) -> list[Result]:
    """Send, telling how it goes, and what was done so far when the run has to end early."""
    from letters.mail.ledger import State

    results: list[Result] = []
    with _stoppable() as run.clock:
        try:
            for result in progress(run.send(slugs), len(slugs), "messages"):
                results.append(result)
                if result.state is not State.ACCEPTED or result.refused_copies:
                    click.echo(f"{result.slug}: {_told_result(result)}")
        except Exception:
            click.echo(f"{run.mailroom.campaign.year}: {_summary(results)}")
            raise
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
    counts = Counter(result.state for result in results)
    parts = [f"{counts[state]} {text}" for state, text in words.items() if counts[state]]
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
            names = ", ".join(slugs[:5]) + (f" and {len(slugs) - 5} more" if len(slugs) > 5 else "")
            click.echo(f"{numbered(len(slugs), 'letter')} {why.replace('YEAR', year)}: {names}")


def _status(results: Sequence[Result], choice: Choice, left: int, rehearsal: bool = False) -> int:
    """0 when every letter is with the mail server, 3 when some are not or a person must decide."""
    from letters.mail.ledger import State

    open_ends = left or choice.doubtful or choice.refused or choice.unapproved or choice.corrected
    if open_ends or any(one.state is not State.ACCEPTED or one.refused_copies for one in results):
        return IN_PART
    return IN_PART if choice.without_address and not rehearsal else DONE


def _post(room: Mailroom, password: str) -> Post:
    from letters.mail.post import Post

    server = room.office.server
    if server.user and not password:
        stop(f"the password of {server.user} is wanted in the environment: {PASSWORD}")
    return Post(server, password, room.office.sender.email)


@contextmanager
def _stoppable() -> Iterator[Clock]:
    """A clock that Ctrl-C stops: the message in hand is finished, and no other is begun.

    The handler may run in the middle of the talk with the mail server, so it must neither raise nor
    wait: it notes the wish and writes a line without the help of anything that could be in use.
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

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield Clock(lambda: datetime.now(UTC), wait)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
