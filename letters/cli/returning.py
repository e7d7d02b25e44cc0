"""The command that enters what came back from councils' mail systems."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.books import keep_books
from letters.cli.columns import named
from letters.cli.completing import years
from letters.cli.face import cells, echo, say
from letters.cli.frame import DONE, IN_PART, root_option, told
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.returns import Returned


@click.command()
@click.argument("year", shell_complete=years)
@click.argument(
    "paths", metavar="FILE|FOLDER|MBOX...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@root_option
def bounces(year: str, paths: tuple[Path, ...], root: Path) -> None:
    """Enter in the books what came back: saved messages, a folder of them, or a mailbox file.

    Reports of delivery are matched with what was sent. Automatic replies are shown, and what is
    not understood is listed to be read. The same mail may be given again.
    """
    from letters.campaign.load import load
    from letters.mail.mailboxes import saved_mail
    from letters.mail.returns import enter

    with told():
        campaign = load(root, year)
        with keep_books(root, year) as books:
            mails = (mail for path in paths for mail in saved_mail(path))
            returned = enter(root, campaign, books, mails, datetime.now(UTC))
        _show(year, returned)
        sys.exit(IN_PART if returned.unread else DONE)


def _show(year: str, returned: Returned) -> None:
    entered = [
        (slug, f"{word.role}: {word.fate}{f': {word.words}' if word.words else ''}")
        for slug, word in returned.new
    ]
    for line in named(entered, cells()):
        echo(line)
    for reply in returned.replies:
        who = reply.slug or reply.address or "somebody"
        echo(f"{who}: {reply.kind}: {reply.subject}")
        if reply.words:
            echo(f"    {reply.words}")
    if returned.unread:
        say("To be read by a person:")
    for one in returned.unread:
        whose = f"{one.slug}: " if one.slug else ""
        echo(f"    {one.where}: {whose}{one.why}")
        if said := " | ".join(part for part in (one.sender, one.subject, one.words) if part):
            echo(f"        {said}")
    parts = [f"{len(returned.new)} entered"]
    parts += [f"{returned.known} known before"] if returned.known else []
    parts += [numbered(len(returned.replies), "reply", "replies")] if returned.replies else []
    parts += [f"{returned.of_tests} about tests"] if returned.of_tests else []
    parts += [f"{len(returned.unread)} to be read"] if returned.unread else []
    say(f"{year}: {', '.join(parts)}")
