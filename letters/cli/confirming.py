"""What is asked before letters really go out: whether all is meant, and how many they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from letters.campaign.rules import domain_of, is_this_machine
from letters.cli.columns import columns
from letters.cli.face import cells, echo
from letters.cli.frame import USAGE, stop
from letters.cli.outgoing import Outgoing
from letters.mail.choice import Choice
from letters.mail.office import OFFICE_FILE
from letters.typesetting.formats import day
from letters.wording import numbered

#: domains that lead nowhere (RFC 2606, 2 and 3)
_NOWHERE = ("example", "invalid", "test", "example.com", "example.org", "example.net")


def require_real(outgoing: Outgoing, choice: Choice, slugs: Sequence[str]) -> None:
    """Stop where the office's file is the sample, or addresses lead nowhere.

    A mail server on this machine may be told anything: it is there to try things.
    """
    office = outgoing.office
    if is_this_machine(office.server.host):
        return
    if _is_sample(outgoing.root):
        stop(
            f"{OFFICE_FILE} is the sample that came with the project: write in it who sends, and"
            " which mail server takes the messages (docs/sending.md)"
        )
    if _leads_nowhere(office.sender.email):
        stop(
            f"the sender's address is at {domain_of(office.sender.email)}, which is for examples and"
            f" leads nowhere: correct {OFFICE_FILE}"
        )
    for slug in slugs:
        to = outgoing.parcels[slug].envelope.recipients
        for address in choice.issues[slug].copies or (to.addresses if to else ()):
            if _leads_nowhere(address):
                stop(
                    f"{slug}: an address is at {domain_of(address)}, which is for examples and leads"
                    " nowhere: correct the contacts"
                )


def require_in_time(outgoing: Outgoing, choice: Choice, slugs: Sequence[str]) -> None:
    """Stop where letters would go out before their date, or first ones after their publication.

    So it is where corrected letters say that they are issued on another day.
    """
    letter, today = outgoing.campaign.letter, datetime.now().astimezone().date()
    if today < letter.letter_date:
        stop(
            f"the letters are dated {letter.letter_date}, and today is {today};"
            " if they are to go out before their date, say --date-is-right"
        )
    for slug in slugs:
        corrected = outgoing.campaign.corrected(slug)
        if corrected and not choice.issues[slug].again and corrected.correction.date != today:
            stop(
                f"{slug}: the corrected letter says that it is issued on {corrected.correction.date},"
                f" and today is {today}: letters correct {outgoing.campaign.year} with --write dates"
                " it anew, to be built and approved; if it is to go out all the same, say"
                " --date-is-right"
            )
    issues = [choice.issues[slug] for slug in slugs]
    first = any(one.number == 1 and not one.again for one in issues)
    if first and today > letter.publication_date:
        stop(
            f"the letters say that they are published on {letter.publication_date}, and today is"
            f" {today}; if they are to go out all the same, say --date-is-right"
        )


def confirm(
    outgoing: Outgoing,
    choice: Choice,
    slugs: Sequence[str],
    number: int | None,
    came_back: Callable[[str], bool],
) -> None:
    """Show what is about to happen, and have the number of letters said, or typed on a terminal.

    `came_back` tells whether the last message to an address did. A usage error where another number
    is said, or none and nobody can be asked.
    """
    for each in _summary(outgoing, choice, slugs, came_back):
        echo(each)
    if number is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            f"this run sends {numbered(len(slugs), 'letter')}, and there is no terminal to ask on:"
            f" if that is right, say --confirm {len(slugs)}; nothing was sent"
        )
    if number is not None and number != len(slugs):
        raise click.UsageError(
            f"this run sends {numbered(len(slugs), 'letter')}, and --confirm says {number};"
            " nothing was sent"
        )
    if number is None:
        said = click.prompt(
            f"To send, type the number of letters ({len(slugs)})", default="", show_default=False
        )
        if said.strip() != str(len(slugs)):
            stop("that is not the number of letters; nothing was sent", USAGE)


def _summary(
    outgoing: Outgoing, choice: Choice, slugs: Sequence[str], came_back: Callable[[str], bool]
) -> list[str]:
    office, campaign = outgoing.office, outgoing.campaign
    to = [outgoing.parcels[slug].envelope.recipients for slug in slugs]
    issues = [choice.issues[slug] for slug in slugs]
    back = [
        slug
        for slug, one, issue in zip(slugs, to, issues, strict=True)
        if one and any(map(came_back, issue.copies or one.addresses))
    ]
    copies = [
        len(issue.copies) if issue.copies else len(one.addresses) - 1
        for one, issue in zip(to, issues, strict=True)
        if one
    ]
    executives = sum(not issue.copies for issue in issues)
    server = office.server
    user = f", as {server.user}" if server.user else ""
    minutes = len(slugs) / office.messages_a_minute
    end = datetime.now().astimezone() + timedelta(minutes=minutes)
    names = [campaign.register[slug].name for slug in (slugs[0], slugs[-1])]
    rows = {
        "Letters": str(len(slugs)),
        "Addresses": f"{executives + sum(copies)}: {numbered(executives, 'chief executive')},"
        f" {numbered(sum(copies), 'copy', 'copies')}",
        "From": outgoing.parcels[slugs[0]].envelope.shown_sender,
        "Server": f"{server.host}, port {server.port}, {server.security}{user}",
        "First": names[0],
        "Last": names[1],
        "Published": day(campaign.letter.publication_date),
        "Pace": f"{office.messages_a_minute} a minute; the last at about {end:%H:%M %Z}",
    }
    corrected = sum(issue.number > 1 for issue in issues)
    again = sum(bool(issue.again) for issue in issues)
    rows |= {"Corrected": numbered(corrected, "letter")} if corrected else {}
    alone = executives < len(slugs)
    whom = ", to copies too, as before" if sum(copies) and not alone else ""
    rows |= {"Again": f"{numbered(again, 'letter')}{whom}"} if again else {}
    rows |= {"Came back": f"from the same address before: {', '.join(back)}"} if back else {}
    title = f"{campaign.year}: about to be sent for real"
    return [title, *columns([(f"    {name}", value) for name, value in rows.items()], cells())]


def _is_sample(root: Path) -> bool:
    from letters.packaged import packaged

    try:
        return (root / OFFICE_FILE).read_bytes() == packaged(OFFICE_FILE).read_bytes()
    except OSError:
        return False


def _leads_nowhere(address: str) -> bool:
    domain = domain_of(address)
    return any(domain == one or domain.endswith(f".{one}") for one in _NOWHERE)
