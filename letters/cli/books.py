"""The commands that show the books of what was sent, and take a person's word on a doubt."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.frame import chosen, person, root_option, stop, told
from letters.errors import CampaignError, MailError
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.attempts import Attempt, Word
    from letters.mail.ledger import Ledger
    from letters.mail.witness import SentFile

LEDGER = "ledger.sqlite3"  #: below records/YEAR/


class _Ledgers(click.Group):
    """`letters ledger YEAR` shows the books, as `show` does; the others are asked for by name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "show", self.commands["show"], args


@click.group(cls=_Ledgers, subcommand_metavar="YEAR [--csv] | show | resolve | note | restore")
def ledger() -> None:
    """Show the books of what was sent: letters ledger YEAR.

    Or one letter's whole life, or take a person's word, or enter what the second witness has.
    """


@ledger.command()
@click.argument("year")
@click.argument("slug", required=False)
@root_option
@click.option("--csv", "as_csv", is_flag=True, help="Every attempt, as CSV.")
def show(year: str, slug: str | None, root: Path, as_csv: bool) -> None:
    """Show the last attempt for each authority, or all of them as CSV, or one letter's whole life."""
    if slug:
        if as_csv:
            raise click.UsageError("--csv is of the whole year: leave SLUG out")
        _show_life(year, slug, root)
        return
    _show_year(year, root, as_csv)


def _show_life(year: str, slug: str, root: Path) -> None:
    from letters.campaign.load import load
    from letters.mail.choice import slugs_of_now
    from letters.mail.life import life

    with told():
        campaign = load(root, year)
        (slug,) = chosen(campaign, (slugs_of_now(campaign).get(slug, slug),))
        for moment in life(root, campaign, slug, *known_of(root, year)):
            click.echo(f"{moment.at:19}  {moment.what}")


def _show_year(year: str, root: Path, as_csv: bool) -> None:
    from letters.mail.archive import require_kept_known
    from letters.mail.attempts import Attempt

    with told():
        _require_books(root, year)
        with open_books(root / "records" / year) as books:
            attempts, latest, words = books.attempts(), books.latest(), books.words()
        if not attempts:
            sentence = "holds no attempt: if letters were sent from here, it was emptied since"
            click.echo(f"warning: records/{year}/{LEDGER} {sentence}", err=True)
            require_kept_known(root, year, ())
        if as_csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow([field.name for field in fields(Attempt)])
            writer.writerows(astuple(attempt) for attempt in attempts)
            return
        counts = Counter[str]()
        for slug in sorted(latest):
            one = latest[slug]
            own = [other for other in attempts if other.slug == slug]
            at, state, said = _stands(own, one, words)
            counts[state] += 1
            issue = f" (issue {one.issue}: {one.reason})" if one.issue > 1 else ""
            click.echo(f"{at}  {state:8}  {slug}{issue}  {said}")
        parts = ", ".join(f"{number} {state}" for state, number in counts.items())
        click.echo(f"{year}: {parts or 'nothing sent'}")


def _stands(own: Sequence[Attempt], last: Attempt, words: Sequence[Word]) -> tuple[str, str, str]:
    """Since when an authority's letter stands how, and what was said of it last.

    `returned` is no state. A copy has come back when the last message to it did.
    """
    from letters.mail.attempts import Fate, State
    from letters.mail.reached import copies_back, missed

    if last.state is State.ACCEPTED and missed(own, words, None).executive:
        issue = {one.id for one in own if one.issue == last.issue}
        failed = (one for one in words if one.attempt in issue and one.fate is Fate.FAILED)
        *_, report = (one for one in failed if not one.place)
        return report.at, "returned", report.words
    back = copies_back(own, words)
    came = f"; a copy came back: {', '.join(back)}" if back else ""
    return last.settled_at or last.claimed_at, str(last.state), f"{last.reply}{came}"


@ledger.command()
@click.argument("year")
@click.argument("slug")
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
            click.echo(f"{slug}: {attempt.state}: {attempt.reply}")


@ledger.command()
@click.argument("year")
@click.argument("slug")
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
                click.echo(note_bounced(campaign, books, slug, whose, now))
            return
        outgoing = look(root, year, (slug,), really=True)
        with keep_books(root, year, first_run) as books:
            campaign, parcel = outgoing.campaign, outgoing.parcels[slug]
            approvals, attempts, words = load_approvals(root, year), books.attempts(), books.words()
            choose = partial(outgoing.choose, approvals=approvals, attempts=attempts, words=words)
            said = note_sent(root, campaign, books, parcel, choose, by_post, whose, now)
            which = f"letter {parcel.sha256[:12]}, approved on {approvals[slug][-1].at}"
            click.echo(f"{said}: {which}")


@ledger.command()
@click.argument("year")
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
            click.echo(f"{one.slug} (issue {one.issue}{again}): {one.state}, {one.settled_at}")
        count = numbered(len(entered), "message")
        click.echo(f"{year}: {count} entered from data/{year}/sent.yaml")
        if entered:
            click.echo(
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


def _require_books(root: Path, year: str) -> None:
    from letters.campaign.load import require_campaign

    require_campaign(root, year)
    if not (root / "records" / year / LEDGER).exists():
        _require_complete(root, year, ())
        place = f"records/{year}/{LEDGER}"
        stop(f"there are no books of {year} here ({place}): nothing was sent from here")


def has_books(records: Path) -> bool:
    """Whether there are books of a year that hold an attempt, or that cannot be read."""
    if not (records / LEDGER).exists():
        return False
    try:
        with open_books(records) as books:
            return bool(books.attempts())
    except MailError:
        return True


def in_books(root: Path, year: str) -> tuple[tuple[Attempt, ...], tuple[Word, ...]]:
    """What the books of a year have, none where there are none: attempts, and of addresses."""
    records = root / "records" / year
    if not (records / LEDGER).exists():
        return (), ()
    with open_books(records) as books:
        return books.attempts(), books.words()


def known_of(root: Path, year: str) -> tuple[tuple[Attempt, ...], tuple[Word, ...]]:
    """The same. Raises MailError where they lack what the witness has, or the archive."""
    attempts, words = in_books(root, year)
    _require_complete(root, year, attempts)
    return attempts, words


def _require_complete(root: Path, year: str, attempts: Sequence[Attempt]) -> None:
    """Raise MailError where the books lack what the witness has, or the archive."""
    from letters.campaign.sent import read_sent
    from letters.mail.archive import require_kept_known
    from letters.mail.witness import require_known

    require_known(year, read_sent(root, year), attempts)
    require_kept_known(root, year, attempts)


def _require_begun(year: str, first_run: bool | None) -> None:
    """Stop where there are no books of what was sent before, unless they may begin."""
    if first_run:
        return
    here = f"there are no books of {year} here (records/{year}/{LEDGER} is missing or holds no attempt)"
    if first_run is None:
        stop(f"{here}: bring them here from where letters were sent")
    stop(
        f"{here}. If letters were sent before, from here or from another machine or folder, bring"
        " the books here: without them councils are written to twice. If none was ever sent:"
        " --first-run"
    )


@contextmanager
def keep_books(root: Path, year: str, first_run: bool | None = None) -> Iterator[Ledger]:
    """A year's books, to write in them: held for one user, and with all that the witness has.

    `first_run` is whether they are to be begun, None where that is no choice.

    What a dead sender left open is settled, and told; what the witness lacks is added to it. Raises
    MailError where the books lack what the witness has, InUseError while letters go out, and stops
    where there are no books, or unexpectedly some.
    """
    if not (root / "records" / year / LEDGER).exists():
        _require_complete(root, year, ())
        _require_begun(year, first_run)
    with held_books(root, year) as (books, witness):
        _require_complete(root, year, books.attempts())
        if first_run and books.attempts():
            sentence = "so this is no first run: leave --first-run out"
            stop(f"there are books of {year} already, {sentence}")
        if not books.attempts():
            _require_begun(year, first_run)
        for attempt in books.recover(datetime.now(UTC)):
            click.echo(f"{attempt.slug}: {attempt.state}: {attempt.reply}")
        if added := witness.complete(books.attempts()):
            lines = numbered(added, "line")
            click.echo(f"data/{year}/sent.yaml: {lines} added that the books have")
        yield books


@contextmanager
def held_books(root: Path, year: str) -> Iterator[tuple[Ledger, SentFile]]:
    """A year's books and their witness as they are, held for one user. Raises InUseError."""
    from letters.files import only_one, remove_parts
    from letters.mail.archive import last_number
    from letters.mail.witness import SentFile

    records = root / "records" / year
    with only_one(records, f"process {os.getpid()}", "in use for sending"):
        remove_parts(records / "sent")
        witness = SentFile(root, year)
        with open_books(records, witness, last_number(root, year)) as books:
            yield books, witness


@contextmanager
def open_books(
    records: Path | None, witness: SentFile | None = None, used: int = 0
) -> Iterator[Ledger]:
    """The ledger in a year's records, begun if need be; None for one that is forgotten."""
    from letters.campaign.sent import year_of
    from letters.mail.ledger import Ledger

    books = Ledger(records / LEDGER if records else None, _say, witness=witness, used=used)
    try:
        years = {year_of(one.message_id) for one in books.attempts()} - {""}
        if records and (others := sorted(years - {records.name})):
            raise MailError(
                f"the ledger {records / LEDGER} has letters of {others[0]}: these are the books of"
                f" another year. Bring those of {records.name} here"
            )
        yield books
    finally:
        books.close()


def _say(sentence: str) -> None:
    with suppress(OSError):  # nobody may be there to read it, and the books matter more
        click.echo(sentence, err=True)
