"""The command that corrects letters which were sent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.completing import years
from letters.cli.face import as_typed, complain, echo, say
from letters.cli.frame import DONE, FAILED, line, person, root_option, told
from letters.cli.outgoing import building
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.campaign.corrections import Correction, Severity
    from letters.campaign.load import Campaign
    from letters.mail.correcting import Reach, Reached
    from letters.mail.recording import Account


@click.command()
@click.argument("year", shell_complete=years)
@root_option
@click.option("--reason", metavar="WHAT", required=True, help="What was wrong, as letters say it.")
@click.option("--by", metavar="NAME", required=True, help="Who found what is right.")
@click.option("--cause", metavar="HOW", help="How it came about; for the file alone.")
@click.option(
    "--severity",
    type=click.Choice(["minor", "substantive"]),
    help="Of the mistake (default: substantive where figures of an authority's own were wrong).",
)
@click.option(
    "--also", metavar="WHY", multiple=True, help="Why more differs than values, as letters say it."
)
@click.option("--write", is_flag=True, help="Record it, in data/YEAR/corrections.yaml.")
def correct(
    year: str,
    root: Path,
    reason: str,
    by: str,
    cause: str | None,
    severity: Severity | None,
    also: tuple[str, ...],
    write: bool,
) -> None:
    """Correct letters that were sent, once the data are mended: show the reach, then --write it.

    The letters of now are held against those that were sent. Corrected letters are then built,
    approved by two people and sent as others are.
    """
    from letters.mail.recording import Account

    with told():
        account = Account(
            line("--reason", reason),
            person(by),
            line("--cause", cause) if cause else "",
            severity,
            tuple(line("--also", one) for one in also),
        )
        with building(root, year, "which corrects letters"):
            sys.exit(_correct(root, year, account, write))


def _correct(root: Path, year: str, account: Account, write: bool) -> int:
    from letters.check import gather
    from letters.mail.correcting import reach_of
    from letters.mail.known import known_of
    from letters.mail.recording import record, recorded, with_digests

    edition = gather(root, year, mail=False).sound()
    campaign = edition.campaign
    attempts, _ = known_of(root, year)
    reach = reach_of(edition.drafts, root, attempts)
    _show_reach(campaign, reach)
    if fault := _hindrance(campaign, reach, account, write):
        complain(fault, as_it_is=True)
        return FAILED
    today = datetime.now().astimezone().date()
    after = recorded(campaign, reach, account, today)
    if write:
        after = with_digests(edition.drafts, root, after, reach)
    if write and after != campaign.corrections:
        record(root, year, after)
    _show_recorded(campaign, reach, after, write)
    return DONE


def _hindrance(campaign: Campaign, reach: Reach, account: Account, write: bool) -> str:
    """Why nothing can be recorded, its commands as they are typed; "" where it can."""
    year = campaign.year
    if reach.not_kept:
        return (
            f"{numbered(len(reach.not_kept), 'letter')} cannot be compared, for what was sent is not"
            f" kept here: {', '.join(reach.not_kept)}. Bring records/{year}/sent here from where they"
            " were sent"
        )
    if reach.unknown and write:
        return as_typed(
            f"whether these went out is unknown, and with it what is to be corrected:"
            f" {', '.join(reach.unknown)}. First: letters ledger resolve {year} SLUG"
        )
    elsewhere = [one for one in reach.wrong if one.elsewhere and not _is_told(campaign, one)]
    return _told_elsewhere(elsewhere) if elsewhere and not account.also else ""


def _is_told(campaign: Campaign, one: Reached) -> bool:
    """Whether it was said before why more differs in a letter than follows from its values."""
    corrected = campaign.corrected(one.slug)
    return bool(
        corrected and corrected.correction.also and corrected.replacement.words == one.words
    )


def _show_recorded(
    campaign: Campaign, reach: Reach, after: Sequence[Correction], written: bool
) -> None:
    from letters.mail.recording import waiting

    year, changed = campaign.year, tuple(after) != campaign.corrections
    open_ = waiting(after, reach)
    for one in campaign.corrections if changed else ():
        if one.id not in {other.id for other in after}:
            gone = "taken out" if written else "to be taken out with --write"
            say(f"{year}: {one.id} {gone}: nothing of it is wrong any more")
    for name, (again, noted) in open_.items():
        letters = f"{numbered(again, 'letter')} to be sent again, {noted} noted"
        where = f" in data/{year}/corrections.yaml" if written or not changed else ""
        say(f"{year}: {name}{where}: {letters}")
    then = "no letter is to be sent"
    if any(again for again, _ in open_.values()):
        then = (
            f"letters build {year}, letters approve {year} by two people, letters send {year}, and"
            f" letters send {year} --really-send"
        )
    if not open_ and not reach.unknown:
        say(f"{year}: no printed word of a letter that was sent is wrong: nothing to correct")
    elif changed and not written:
        say(f"To record it: the same with --write; then {then}")
    elif changed:
        say(f"Then {then}")
    elif open_:
        say(f"{year}: all of this is recorded already; {then}")


def _show_reach(campaign: Campaign, reach: Reach) -> None:
    from letters.mail.correcting import Kind
    from letters.typesetting.formats import day

    year, letter = campaign.year, campaign.letter
    say(
        f"{year}: {numbered(len(reach.letters) + len(reach.not_kept), 'letter')} sent,"
        f" {len(reach.not_sent)} not sent"
    )
    for kind in Kind:
        say(f"    {len(reach.of(kind)):4}  {kind}")
    if reach.left_out:
        names = ", ".join(reach.left_out)
        say(f"    {len(reach.left_out):4}  sent, and without a letter now: {names}")
    if reach.unknown:
        say(f"    {len(reach.unknown):4}  unknown: letters ledger resolve {year} SLUG, first")
    if reach.wrong and datetime.now().astimezone().date() > letter.publication_date:
        passed = day(letter.publication_date)
        say(f"    published on {passed}: what is published is to be replaced, too")
    if letter.correct_averages == "note" and reach.of(Kind.AVERAGE):
        say("    those where only an average changed are noted, and not sent again")
    for one in reach.of(Kind.OWN, Kind.AVERAGE):
        values = [f"{name} {one.old[name]} -> {one.new[name]}" for name in one.old]
        turned = [] if one.elsewhere else [f'"{words.was}" -> "{words.now}"' for words in one.words]
        echo(f"{one.slug}: {', '.join((*values, *turned))}")


def _told_elsewhere(letters: Sequence[Reached]) -> str:
    """The places where letters differ beside what follows from their values, each told once."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in letters:
        for passage in one.words:
            places.setdefault((passage.was, passage.now), []).append(one.slug)
    lines = ["more differs from what was sent than follows from values of the data:"]
    for (was, now), slugs in places.items():
        whose = slugs[0] if len(slugs) == 1 else f"{len(slugs)} letters, first {slugs[0]}"
        lines += [
            f"    {whose}",
            f"        was: {was or 'nothing'}",
            f"        now: {now or 'nothing'}",
        ]
    return "\n".join((*lines, '    hint: take it back, or say why, as letters will: --also "..."'))
