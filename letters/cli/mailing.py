"""The command that sends letters, for real, to a tester, or as drafts; or rehearses it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.books import keep_books, open_books
from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years
from letters.cli.face import say
from letters.cli.frame import DONE, IN_PART, line, root_option, stop, told
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.cli.rehearsing import rehearse
from letters.cli.running import carry_out, show_choice, status_of, summary
from letters.mail import LEDGER
from letters.wording import numbered, series

if TYPE_CHECKING:
    from letters.campaign.load import Campaign
    from letters.mail.choice import Wish
    from letters.mail.ledger import Ledger
    from letters.mail.post import Post
    from letters.mail.run import Result

PASSWORD = "LETTERS_MAIL_PASSWORD"  #: the environment variable that holds it


@click.command()
@click.argument("year", shell_complete=years)
@click.argument("slugs", metavar="[SLUG]...", nargs=-1, shell_complete=slugs_of)
@root_option
@click.option("--limit", type=click.IntRange(min=1), help="Send no more than so many messages.")
@click.option(
    "--except",
    "without",
    metavar="SLUG",
    multiple=True,
    shell_complete=slugs_of,
    help="Leave this one alone.",
)
@click.option("--only-failed", is_flag=True, help="Only letters that were tried and not sent.")
@click.option(
    "--to-me", metavar="ADDRESS", help="A test: really send, but everything to this address alone."
)
@click.option(
    "--really-send", is_flag=True, help="Send to the councils. What is sent cannot be unsent."
)
@click.option(
    "--confirm",
    "number",
    metavar="N",
    type=click.IntRange(min=1),
    help="Really send so many letters, without asking: for scripts.",
)
@click.option(
    "--date-is-right",
    is_flag=True,
    help="Really send before the letter's date, or after the day of publication.",
)
@click.option(
    "--again",
    metavar="REASON",
    help="Send letters that came back, by SLUG, once more, unchanged, to those with copies too.",
)
@click.option(
    "--copies-only",
    is_flag=True,
    help="Send letters, by SLUG, to the copies alone that were refused or came back.",
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
    without: tuple[str, ...],
    only_failed: bool,
    to_me: str | None,
    really_send: bool,
    number: int | None,
    date_is_right: bool,
    again: str | None,
    copies_only: bool,
    first_run: bool,
    rehearse_faults: bool,
    eml: bool,
) -> None:
    """Send a year's letters, or those of the authorities named.

    Without --really-send it is a rehearsal. A rehearsal does all that sending does, with a mail
    server on this machine that sends nothing to anybody.
    """
    from letters.mail.choice import Wish

    asked = {"--really-send": really_send, "--to-me": to_me, "--eml": eml}
    ways = [name for name, on in asked.items() if on]
    ways += ["--rehearse-faults"] if rehearse_faults else []
    if len(ways) > 1:
        raise click.UsageError(f"{series(ways)} do not go together: each is a way to send")
    if not really_send and (date_is_right or first_run or number):
        raise click.UsageError("--date-is-right, --first-run and --confirm go with --really-send")
    if eml and (limit or without or only_failed):
        raise click.UsageError(
            "--limit, --except and --only-failed do not go with --eml: name the authorities"
        )
    if (to_me or eml) and (again is not None or copies_only):
        raise click.UsageError("--again and --copies-only go to the authorities alone")
    if again is not None and copies_only:
        raise click.UsageError("--again goes to all, and --copies-only to copies: say one of them")
    if again is not None and not slugs:
        raise click.UsageError("--again needs a reason, and the authorities by name")
    if copies_only and not slugs:
        raise click.UsageError("--copies-only needs the authorities by name")
    reason = line("--again", again) if again is not None else ""
    wish = Wish(named=bool(slugs), again=reason, copies_only=copies_only, only_failed=only_failed)
    with told("stopped"):
        if eml:
            status = _write_messages(root, year, slugs)
        elif really_send:
            outgoing = look(root, year, slugs, really=True, without=without)
            status = _really_send(outgoing, wish, limit, number, date_is_right, first_run, without)
        elif to_me:
            outgoing = look(root, year, slugs, without=without)
            status = _send_to_tester(outgoing, limit, to_me)
        else:
            status = rehearse(root, year, slugs, limit, rehearse_faults, wish, without)
        sys.exit(status)


def _really_send(
    outgoing: Outgoing,
    wish: Wish,
    limit: int | None,
    number: int | None,
    date_is_right: bool,
    first_run: bool,
    without: Sequence[str],
) -> int:
    from letters.cli.confirming import confirm, require_in_time, require_real
    from letters.mail.approvals import load_approvals
    from letters.mail.choice import check_renamed
    from letters.mail.reached import came_back_from

    campaign, year, root = outgoing.campaign, outgoing.campaign.year, outgoing.root
    with keep_books(root, year, first_run) as ledger:
        attempts, approvals = ledger.attempts(), load_approvals(root, year)
        choice = outgoing.choose(wish, approvals, attempts, ledger.words())
        check_renamed(campaign, attempts, choice.to_send, outgoing.named)
        show_choice(choice, year, wish)
        show_shared(outgoing.parcels)
        results: list[Result] = []
        if slugs := choice.to_send[:limit]:
            require_real(outgoing, choice, slugs)
            if not date_is_right:
                require_in_time(outgoing, choice, slugs)
            came_back = partial(came_back_from, attempts, ledger.words())
            confirm(outgoing, choice, slugs, number, came_back)
            with _post(outgoing) as post:
                results = carry_out(outgoing, ledger, post, choice, limit, really=True)
        say(f"{year}: {summary(results)}; the books are in records/{year}/{LEDGER}")
        left = len(choice.to_send) - sum(not one.put_off for one in results)
        if left:
            but = ", without --first-run" if first_run else ""
            say(f"{numbered(left, 'letter')} still to send: the same command carries on{but}")
        alone = [
            slug for slug in dict.fromkeys(without) if not _is_with_server(campaign, ledger, slug)
        ]
        if alone and not outgoing.named:
            letters = numbered(len(alone), "letter")
            say(f"{letters} left alone by --except, and not done: {', '.join(alone)}")
            left += len(alone)
        left += len(choice.untried) + len(outgoing.missing)
        left += len(choice.sent) if wish.again or wish.copies_only else 0  # asked for, and not done
        return status_of(results, choice, left)


def _is_with_server(campaign: Campaign, ledger: Ledger, slug: str) -> bool:
    """Whether nothing is left to be done for an authority's letter, by what the books have."""
    from letters.mail.attempts import State
    from letters.mail.choice import issue_after, last_attempts, of_each
    from letters.mail.envelope import recipients_of
    from letters.mail.reached import missed

    last = last_attempts(campaign, ledger.attempts()).get(slug)
    own = of_each(campaign, ledger.attempts()).get(slug, ())
    due = issue_after(last, campaign.corrected(slug)).number
    if last is None or last.state is not State.ACCEPTED or last.issue < due:
        return False
    return not missed(own, ledger.words(), recipients_of(campaign.contacts.get(slug)))


def _send_to_tester(outgoing: Outgoing, limit: int | None, tester: str) -> int:
    from letters.campaign.rules import is_address
    from letters.mail.choice import Wish

    if not is_address(tester):
        raise click.UsageError(f'"{tester}" is no e-mail address')
    year = outgoing.campaign.year
    with open_books(None) as ledger, _post(outgoing) as post:
        wish = Wish(named=True)
        choice = outgoing.choose(wish)
        say(f"{year}: a test; every message goes to {tester} and to nobody else")
        results = carry_out(outgoing, ledger, post, choice, limit, tester=tester)
    show_choice(choice, year, wish)
    say(f"{year}: {summary(results)}")
    left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
    return status_of(results, choice, left)


def _write_messages(root: Path, year: str, slugs: Sequence[str]) -> int:
    from letters.mail.by_hand import write_messages
    from letters.mail.known import known_of

    with building(root, year, "which writes drafts"):
        outgoing = look(root, year, slugs)
        attempts, _ = known_of(root, year)
        written = write_messages(
            root, outgoing.campaign, outgoing.parcels.values(), attempts, datetime.now(UTC)
        )
    for slug in written.without_address:
        say(f"{slug}: no draft: the contacts have no address of its chief executive")
    drafts = numbered(written.drafts, "draft")
    say(f"{year}: {drafts} in {written.folder}, and {written.table.name}, who gets what")
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
