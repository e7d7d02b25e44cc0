"""The commands that look at what was built, and join it for a print house."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from letters.cli.completing import years
from letters.cli.face import echo, say, show_json
from letters.cli.frame import DONE, FAILED, root_option, told
from letters.wording import numbered


@click.command()
@click.argument("year", shell_complete=years)
@root_option
@click.option("--sent", is_flag=True, help="Compare with what was sent, instead.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as a JSON list.")
def verify(year: str, root: Path, sent: bool, as_json: bool) -> None:
    """Compare every file of build/YEAR with the manifest, by SHA-256; or with what was sent."""
    from letters.batch.verify import differences
    from letters.campaign.load import try_load

    if sent:
        _verify_sent(year, root, as_json)
        return
    with told():
        campaign, _ = try_load(root, year)
        number, found = differences(root, year, campaign.statistics if campaign else ())
        if as_json:
            show_json([one._asdict() for one in found])
        else:
            for one in found:
                echo(one.sentence)
            letters, count = numbered(number, "letter"), numbered(len(found), "difference")
            say(f"{year}: {letters} in the manifest, {count}")
        if campaign is None:
            unsure = "whether letters of the year are missing cannot be told: its data has errors"
            say(f"{year}: {unsure}, listed by: letters check {year}", err=True)
        sys.exit(FAILED if found or campaign is None else DONE)


def _verify_sent(year: str, root: Path, as_json: bool) -> None:
    """Which of the letters that were built last differ from those that were sent."""
    from letters.batch.verify import Difference
    from letters.campaign.load import load
    from letters.mail.as_sent import compared_with_sent
    from letters.mail.known import known_of

    with told():
        campaign = load(root, year)
        attempts, _ = known_of(root, year)
        compared = compared_with_sent(root, campaign, attempts)
        doubts = (
            Difference(f"{slug}: whether its last message went out is unknown", slug)
            for slug in compared.doubtful
        )
        found = (*compared.differing, *compared.lost, *doubts)
        if as_json:
            show_json([one._asdict() for one in found])
            sys.exit(FAILED if found else DONE)
        for one in found:
            echo(one.sentence)
        if compared.looks:
            letters = numbered(len(compared.looks), "letter")
            say(f"{letters} look otherwise, by the same words and figures: a mark in a chart, say")
        if compared.noted:
            letters = numbered(len(compared.noted), "letter")
            say(f"{letters} with averages of now, as data/{year}/corrections.yaml notes")
        number = len(compared.differing)
        differ = f"{number} {'differs' if number == 1 else 'differ'}"
        letters = numbered(compared.letters, "letter")
        rest = f", {len(compared.doubtful)} unknown" if compared.doubtful else ""
        rest += f", {len(compared.lost)} not kept here" if compared.lost else ""
        say(f"{year}: {letters} sent, {differ} from those that were built last{rest}")
        sys.exit(FAILED if found else DONE)


@click.command()
@click.argument("year", shell_complete=years)
@root_option
def pack(year: str, root: Path) -> None:
    """Join a year's PDFs into one for a print house, in the register's order, and list page ranges.

    Each letter begins on a right-hand page. Build first: a letter that is missing or is not as
    built stops it.
    """
    from letters.batch.pack import pack as pack_letters
    from letters.check import gather

    with told():
        gathering = gather(root, year, mail=False)
        edition = gathering.sound_for(gathering.sound().campaign.statistics)
        packed = pack_letters(edition.drafts)
        say(
            f"{year}: {numbered(packed.letters, 'letter')} on {packed.pages} pages in {packed.path}"
        )
