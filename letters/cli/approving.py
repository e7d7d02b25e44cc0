"""The command that approves letters."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.frame import chosen, root_option, told
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.approvals import Standing
    from letters.mail.mailroom import Mailroom


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
    from letters.batch.store import year_folder
    from letters.check import gather
    from letters.files import only_one
    from letters.mail import approvals as book
    from letters.mail.approvals import load_approvals
    from letters.mail.mailroom import Mailroom
    from letters.mail.office import load_office

    with told():
        if (slugs or everything) and not (by and by.strip()):
            raise click.UsageError("an approval is a person's word: say whose, with --by NAME")
        if by and not by.isprintable():
            raise click.UsageError("a name has no characters that cannot be printed: --by NAME")
        if by and not (slugs or everything):
            raise click.UsageError("name the letters that are approved, or say --all")
        gathering = gather(root, year)
        campaign = gathering.sound().campaign
        wanted = chosen(campaign, slugs) or tuple(campaign.statistics)
        edition = gathering.sound_for(wanted)
        room = Mailroom(edition.drafts, edition.office or load_office(root))
        with only_one(year_folder(root, year), f"process {os.getpid()}, which approves letters"):
            room.check_built(wanted)
            given = load_approvals(root, year)
            needed = campaign.letter.approvers
            standings = {slug: book.standing(room.seal(slug), given, needed) for slug in wanted}
            lost = [slug for slug in given if slug not in campaign.statistics]
            _show_standings(room, standings, lost, approving=bool(by))
            show_shared(room, wanted)
            if by:
                seals = [room.seal(slug) for slug in wanted]
                given = book.approved(seals, given, " ".join(by.split()), datetime.now(UTC))
                given = {slug: ones for slug, ones in given.items() if slug not in lost}
                book.write_approvals(root, year, given)
                book.keep_words(root, year, {slug: room.words(slug) for slug in wanted})
                standings = {one.slug: book.standing(one, given, needed) for one in seals}
                click.echo(f"{year}: {numbered(len(wanted), 'letter')} approved by {by}")
        click.echo(f"{year}: {_told_standings(standings, needed)}")


def _show_standings(
    room: Mailroom, standings: dict[str, Standing], lost: Sequence[str], approving: bool
) -> None:
    """What has changed since it was approved; and, when nothing is being approved, what is new."""
    from letters.mail.approvals import Standing, changed_words

    for slug, standing in standings.items():
        if standing is Standing.CHANGED:
            click.echo(f"{slug}: changed since it was approved")
            for line in changed_words(room.root, room.campaign.year, slug, room.words(slug)):
                click.echo(f"    {line}")
        elif standing is not Standing.APPROVED and not approving and len(standings) <= 20:
            click.echo(f"{slug}: {standing}")
    for slug in lost:
        click.echo(f"{slug}: lost: it was approved, and there is no such letter any more")


def show_shared(room: Mailroom, slugs: Sequence[str]) -> None:
    """Files that are with several letters: one council's may be in another's folder by mistake."""
    from letters.mail.enclosures import shared

    for sentence in shared({slug: room.enclosed(slug) for slug in slugs}):
        click.echo(sentence)


def _told_standings(standings: dict[str, Standing], needed: int) -> str:
    counts = Counter(standings.values())
    parts = ", ".join(f"{number} {standing}" for standing, number in sorted(counts.items()))
    return f"{parts}{f' ({needed} people must approve each)' if needed > 1 else ''}"
