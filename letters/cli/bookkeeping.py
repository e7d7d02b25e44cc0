"""The commands that show the books of what was sent, and take a person's word on a doubt."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from letters.cli.books import held_books, keep_books, open_books
from letters.cli.columns import columns
from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years, years_of
from letters.cli.face import cells, complain, echo, say, show_json
from letters.cli.frame import chosen, person, root_option, stop, told
from letters.errors import CampaignError, Severity
from letters.mail import LEDGER
from letters.wording import numbered, with_zone

if TYPE_CHECKING:
    from letters.mail.attempts import Attempt, Word
    from letters.mail.ledger import Ledger

_COLOURS = {"refused": "red", "returned": "red", "unknown": "yellow", "deferred": "yellow"}


class _Ledgers(click.Group):
    """`letters ledger YEAR` shows the books, as `show` does; the others are asked for by name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "show", self.commands["show"], args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(year) for year in years_of(ctx, incomplete)]
        return [*found, *super().shell_complete(ctx, incomplete)]


@click.group(cls=_Ledgers, subcommand_metavar="YEAR [--csv] | show | resolve | note | restore")
def ledger() -> None:
    """Show the books of what was sent: letters ledger YEAR.

    Or one letter's whole life, or take a person's word, or enter what the second witness has.
    """


@ledger.command()
@click.argument("year", shell_complete=years)
@click.argument("slug", required=False, shell_complete=slugs_of)
@root_option
@click.option("--csv", "as_csv", is_flag=True, help="Every attempt, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="What is shown, as a JSON list.")
def show(year: str, slug: str | None, root: Path, as_csv: bool, as_json: bool) -> None:
    """Show the last attempt for each authority, or all of them as CSV, or one letter's whole life."""
    if as_csv and as_json:
        raise click.UsageError("--csv and --json do not go together")
    if slug:
        if as_csv:
            raise click.UsageError("--csv is of the whole year: leave SLUG out")
        _show_life(year, slug, root, as_json)
        return
    _show_year(year, root, as_csv, as_json)


def _show_life(year: str, slug: str, root: Path, as_json: bool) -> None:
    from letters.campaign.load import load
    from letters.mail.known import known_of
    from letters.mail.life import life

    with told():
        campaign = load(root, year)
        (slug,) = chosen(campaign, (campaign.slugs_of_now.get(slug, slug),))
        moments = life(root, campaign, slug, *known_of(root, year))
        if as_json:
            show_json([{"at": moment.at, "what": moment.what} for moment in moments])
            return
        if not moments:
            say(f"{year}: nothing has happened to the letter of {slug} yet")
        for line in columns([(with_zone(one.at), one.what) for one in moments], cells()):
            echo(line)


def _show_year(year: str, root: Path, as_csv: bool, as_json: bool) -> None:
    from letters.mail.archive import records_folder, require_kept_known
    from letters.mail.attempts import Attempt

    with told():
        if there := _are_books(root, year):
            with open_books(records_folder(root, year)) as books:
                attempts, latest, words = books.attempts(), books.latest(), books.words()
        else:
            attempts, latest, words = (), {}, ()
        if there and not attempts:
            sentence = "holds no attempt: if letters were sent from here, it was emptied since"
            complain(f"records/{year}/{LEDGER} {sentence}", Severity.WARNING)
            require_kept_known(root, year, ())
        if as_csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow([field.name for field in fields(Attempt)])
            writer.writerows(astuple(attempt) for attempt in attempts)
            return
        own = {slug: [one for one in attempts if one.slug == slug] for slug in sorted(latest)}
        stands = {slug: _stands(own[slug], latest[slug], words) for slug in own}
        if as_json:
            show_json([_as_json(latest[slug], *how) for slug, how in stands.items()])
            return
        rows = []
        for slug, (at, state, said) in stands.items():
            one = latest[slug]
            issue = f"issue {one.issue}: {one.reason}" if one.issue > 1 else ""
            shown = click.style(state, fg=_COLOURS[state]) if state in _COLOURS else state
            rows.append((with_zone(at), shown, slug, "; ".join(filter(None, (issue, said)))))
        for line in columns(rows, cells()):
            echo(line)
        counts = Counter(state for _, state, _ in stands.values())
        parts = ", ".join(f"{number} {state}" for state, number in counts.items())
        say(f"{year}: {parts or ('nothing sent' if there else 'nothing was sent from here')}")


def _as_json(one: Attempt, at: str, state: str, said: str) -> dict[str, str | int]:
    return {
        "authority": one.slug,
        "state": state,
        "at": at,
        "issue": one.issue,
        "reason": one.reason,
        "said": said,
        "message_id": one.message_id,
    }


def _stands(own: Sequence[Attempt], last: Attempt, words: Sequence[Word]) -> tuple[str, str, str]:
    """Since when an authority's letter stands how, and what was said of it last.

    `returned` is no state. A copy has come back when the last message to it did.
    """
    from letters.mail.attempts import Fate, State
    from letters.mail.reached import copies_lost, missed

    if last.state is State.ACCEPTED and missed(own, words, None).executive:
        issue = {one.id for one in own if one.issue == last.issue}
        failed = (one for one in words if one.attempt in issue and one.fate is Fate.FAILED)
        *_, report = (one for one in failed if not one.place)
        return report.at, "returned", report.words
    back = [role for role, fate in copies_lost(own, words).items() if fate is Fate.FAILED]
    came = f"; a copy came back: {', '.join(back)}" if back else ""
    return last.settled_at or last.claimed_at, str(last.state), f"{last.reply}{came}"


@ledger.command()
@click.argument("year", shell_complete=years)
@click.argument("slug", shell_complete=slugs_of)
@root_option
@click.option(
    "--sent/--not-sent",
    "sent",
    default=None,
    help="Whether the authority has received the message.",
)
@click.option("--by", metavar="NAME", required=True, help="Whose word it is.")
def resolve(year: str, slug: str, root: Path, sent: bool | None, by: str) -> None:
    """Say whether a message whose fate is unknown was sent.

    Ask the authority, or whoever runs the mail server. After --not-sent the next run sends it, or
    the same one where it was sent --again or to --copies-only; after --sent nothing does.
    """
    with told():
        if sent is None:
            raise click.UsageError("say --sent or --not-sent")
        whose = person(by)
        _require_books(root, year)
        with keep_books(root, year) as books:
            known_as = _in_books(root, year, books, slug)
            attempt = books.resolve(known_as, sent, whose, datetime.now(UTC))
            echo(f"{slug}: {attempt.state}: {attempt.reply}")


@ledger.command()
@click.argument("year", shell_complete=years)
@click.argument("slug", shell_complete=slugs_of)
@root_option
@click.option("--sent-by-hand", "by_hand", is_flag=True, help="It went from a mail program.")
@click.option("--sent-by-post", "by_post", is_flag=True, help="It went as a letter on paper.")
@click.option("--bounced", is_flag=True, help="It has come back.")
@click.option("--by", metavar="NAME", required=True, help="Whose word it is.")
@click.option("--first-run", is_flag=True, help="There are no books yet: nothing was ever sent.")
def note(
    year: str,
    slug: str,
    root: Path,
    by_hand: bool,
    by_post: bool,
    bounced: bool,
    by: str,
    first_run: bool,
) -> None:
    """Enter what happened to a letter elsewhere: it was sent by hand or by post, or came back."""
    from letters.campaign.load import load
    from letters.cli.outgoing import look
    from letters.mail.approvals import load_approvals
    from letters.mail.elsewhere import note_bounced, note_sent

    with told():
        if by_hand + by_post + bounced != 1:
            raise click.UsageError("say one of --sent-by-hand, --sent-by-post and --bounced")
        whose, now = person(by), datetime.now(UTC)
        if bounced:
            campaign = load(root, year)
            chosen(campaign, (slug,))
            with keep_books(root, year, first_run) as books:
                say(note_bounced(campaign, books, slug, whose, now))
            return
        outgoing = look(root, year, (slug,), really=True)
        with keep_books(root, year, first_run) as books:
            campaign, parcel = outgoing.campaign, outgoing.parcels[slug]
            approvals, attempts, words = load_approvals(root, year), books.attempts(), books.words()
            choose = partial(outgoing.choose, approvals=approvals, attempts=attempts, words=words)
            said = note_sent(root, campaign, books, parcel, choose, by_post, whose, now)
            which = f"letter {parcel.sha256[:12]}, approved on {with_zone(approvals[slug][-1].at)}"
            say(f"{said}: {which}")


@ledger.command()
@click.argument("year", shell_complete=years)
@root_option
def restore(year: str, root: Path) -> None:
    """Enter in the books what data/YEAR/sent.yaml has and they lack.

    First bring the latest copy of the books, if there is any: it knows more.
    """
    from letters.campaign.load import require_campaign
    from letters.mail.archive import require_kept_known
    from letters.mail.elsewhere import restore as enter

    with told():
        require_campaign(root, year)
        with held_books(root, year) as (books, witness):
            entered = enter(books, witness.lines, datetime.now(UTC))
            attempts = books.attempts()
        for one in entered:
            again = ", sent again" if one.again else ""
            say(f"{one.slug} (issue {one.issue}{again}): {one.state}, {with_zone(one.settled_at)}")
        count = numbered(len(entered), "message")
        say(f"{year}: {count} entered from data/{year}/sent.yaml")
        if entered:
            say(
                "Of these the books do not know what the server said, which copies it refused, what"
                " came back since, and what a person noted (by hand, bounced): letters bounces enters"
                " again what came back"
            )
        require_kept_known(root, year, attempts)


def _in_books(root: Path, year: str, books: Ledger, slug: str) -> str:
    """Under which slug the attempt that counts for an authority stands: it may be one of before."""
    from letters.campaign.load import try_load
    from letters.mail.choice import last_attempts

    campaign, problems = try_load(root, year)
    if campaign is None and slug not in books.latest():  # who has which slugs cannot be told
        raise CampaignError(problems)
    last = last_attempts(campaign, books.attempts()) if campaign else {}
    return last[slug].slug if slug in last else slug


def _are_books(root: Path, year: str) -> bool:
    """Whether there are books of a year. Raises MailError where there must be: something was sent."""
    from letters.campaign.load import require_campaign
    from letters.mail.archive import records_folder
    from letters.mail.known import require_complete

    require_campaign(root, year)
    if (records_folder(root, year) / LEDGER).exists():
        return True
    require_complete(root, year, ())
    return False


def _require_books(root: Path, year: str) -> None:
    if not _are_books(root, year):
        place = f"records/{year}/{LEDGER}"
        stop(f"there are no books of {year} here ({place}): nothing was sent from here")
