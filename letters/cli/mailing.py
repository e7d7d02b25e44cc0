"""The command that sends letters, or rehearses it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.books import LEDGER, has_books, no_books, open_books
from letters.cli.frame import DONE, IN_PART, root_option, stop, told
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.cli.running import carry_out, show_choice, status_of, summary
from letters.wording import numbered, series

if TYPE_CHECKING:
    from letters.mail.choice import Choice
    from letters.mail.ledger import Ledger
    from letters.mail.post import Post
    from letters.mail.rehearsal import Outbox
    from letters.mail.run import Result

PASSWORD = "LETTERS_MAIL_PASSWORD"  #: the environment variable that holds it


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
        show_choice(choice, year)
        show_shared(outgoing.parcels)
        results: list[Result] = []
        if choice.to_send:
            with _post(outgoing) as post:
                results = carry_out(outgoing, ledger, post, choice, limit, approved=True)
        click.echo(f"{year}: {summary(results)}; the books are in records/{year}/{LEDGER}")
        left = len(choice.to_send) - len(results)
        if left:
            without = ", without --first-run" if first_run else ""
            click.echo(
                f"{numbered(left, 'letter')} still to send: the same command carries on{without}"
            )
        return status_of(results, choice, left + len(outgoing.missing))


def _send_to_tester(outgoing: Outgoing, limit: int | None, tester: str) -> int:
    from letters.campaign.rules import is_address
    from letters.mail.choice import choose

    if not is_address(tester):
        raise click.UsageError(f'"{tester}" is no e-mail address')
    year = outgoing.campaign.year
    with open_books(None) as ledger, _post(outgoing) as post:
        choice = choose(outgoing.campaign, outgoing.parcels, (), None, True, "")
        click.echo(f"{year}: a test; every message goes to {tester} and to nobody else")
        results = carry_out(outgoing, ledger, post, choice, limit, tester=tester)
    show_choice(choice, year)
    click.echo(f"{year}: {summary(results)}")
    left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
    return status_of(results, choice, left)


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
            results = carry_out(outgoing, ledger, post, choice, limit, quick=True)
        finally:
            _show_faults(year, ledger, outbox)
        show_choice(choice, year)
        show_shared(parcels)
        click.echo(f"{year}: {summary(results)}; the messages are in {outbox.folder}")
        given = load_approvals(root, year)
        _show_what_next(outgoing, choose(campaign, parcels, (), given, True, ""))
        left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
        return DONE if faults else status_of(results, choice, left, rehearsal=True)


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


def _post(outgoing: Outgoing) -> Post:
    """A way to the office's server, with what it takes to log in there."""
    from letters.mail.access_token import access_token
    from letters.mail.post import Post

    server, sender = outgoing.office.server, outgoing.office.sender.email
    if server.token_command:
        return Post(
            server, "", sender, token=partial(access_token, server.token_command, outgoing.root)
        )
    return Post(server, _password(server.user) if server.user else "", sender)


def _password(user: str) -> str:
    """From the environment, or else from the keyboard, where there is one."""
    if password := os.environ.get(PASSWORD, ""):
        return password
    if not sys.stdin.isatty():
        stop(f"the password of {user} is wanted in the environment: {PASSWORD}")
    try:
        return str(click.prompt(f"Password of {user} (it is not shown)", hide_input=True, err=True))
    except click.Abort:
        stop(f"no password of {user} was given; nothing was sent")
