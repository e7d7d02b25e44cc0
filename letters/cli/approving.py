"""The command that approves letters."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.frame import DONE, FAILED, root_option, told
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.approvals import Standing


@click.command()
@click.argument("year")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@root_option
@click.option("--all", "everything", is_flag=True, help="Approve every letter of the year.")
@click.option("--by", metavar="NAME", help="Who approves: a person's name.")
def approve(
    year: str, slugs: tuple[str, ...], root: Path, everything: bool, by: str | None
) -> None:
    """Approve letters as they are built: those named, or --all.

    Without a name, show how all letters stand. What has changed in words since a letter was
    approved is shown. An approval is for one PDF and for the addresses and files that go with it;
    when any of these changes, it counts for nothing.
    """
    from letters.mail import approvals as book
    from letters.source.text import odd_in

    with told():
        if (slugs or everything) and not (by and by.strip()):
            raise click.UsageError("an approval is a person's word: say whose, with --by NAME")
        if by and not by.isprintable():
            raise click.UsageError("a name has no characters that cannot be printed: --by NAME")
        if by and (odd := odd_in(by)):  # nor could the file be read again
            raise click.UsageError(f"--by NAME: {odd[0].sentence}")
        if by and not (slugs or everything):
            raise click.UsageError("name the letters that are approved, or say --all")
        with building(root, year, "which approves letters"):
            outgoing = look(root, year, slugs)
            campaign, seals = outgoing.campaign, [one.seal for one in outgoing.parcels.values()]
            needed, given = campaign.letter.approvers, book.load_approvals(root, year)
            standings = {one.slug: book.standing(one, given, needed) for one in seals}
            lost = [slug for slug in given if slug not in campaign.statistics]
            _show_standings(outgoing, standings, lost, approving=bool(by))
            show_shared(outgoing.parcels)
            if by:
                given = book.approved(seals, given, " ".join(by.split()), datetime.now(UTC))
                given = {slug: ones for slug, ones in given.items() if slug not in lost}
                book.write_approvals(root, year, given)
                words = {slug: outgoing.edition.draft(slug).markup.words for slug in standings}
                book.keep_words(root, year, words)
                standings = {one.slug: book.standing(one, given, needed) for one in seals}
                click.echo(f"{year}: {numbered(len(seals), 'letter')} approved by {by}")
        click.echo(f"{year}: {_told_standings(standings, needed)}")
        sys.exit(FAILED if outgoing.missing else DONE)


def _show_standings(
    outgoing: Outgoing, standings: dict[str, Standing], lost: Sequence[str], approving: bool
) -> None:
    """What has changed since it was approved; and, when nothing is being approved, what is new."""
    from letters.mail.approvals import Standing, changed_words

    year = outgoing.campaign.year
    for slug, standing in standings.items():
        if standing is Standing.CHANGED:
            click.echo(f"{slug}: changed since it was approved")
            words = outgoing.edition.draft(slug).markup.words
            for line in changed_words(outgoing.root, year, slug, words):
                click.echo(f"    {line}")
        elif standing is not Standing.APPROVED and not approving and len(standings) <= 20:
            click.echo(f"{slug}: {standing}")
    for slug in lost:
        click.echo(f"{slug}: lost: it was approved, and there is no such letter any more")


def _told_standings(standings: dict[str, Standing], needed: int) -> str:
    counts = Counter(standings.values())
    parts = ", ".join(f"{number} {standing}" for standing, number in sorted(counts.items()))
    return f"{parts}{f' ({needed} people must approve each)' if needed > 1 else ''}"
