"""The command that approves letters."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.columns import heads
from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years
from letters.cli.face import cells, echo, next_step, say, show_json
from letters.cli.frame import DONE, FAILED, person, root_option, told
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.campaign.records import Approval, Approvals
    from letters.mail.stages import Standing


@click.command()
@click.argument("year", shell_complete=years)
@click.argument("slugs", metavar="[SLUG]...", nargs=-1, shell_complete=slugs_of)
@root_option
@click.option(
    "--all", "everything", is_flag=True, help="Approve every letter that waits for a word."
)
@click.option("--by", metavar="NAME", help="Who approves: a person's name.")
@click.option(
    "--json", "as_json", is_flag=True, help="How all letters stand, as a JSON list; approves none."
)
def approve(
    year: str, slugs: tuple[str, ...], root: Path, everything: bool, by: str | None, as_json: bool
) -> None:
    """Approve letters as they are built: those named, or --all.

    Without a name, show how all letters stand. Of those that wait for a word, and of those named,
    it is shown to whom they go, and with what; and what has changed since they were approved. An
    approval is for one PDF and for the addresses, words and files that go with it: when any of
    these changes, it counts for nothing.
    """
    from letters.mail import approvals as book
    from letters.mail.approved import keep
    from letters.mail.known import in_books
    from letters.mail.reached import came_back_from
    from letters.mail.stages import Standing

    with told():
        if as_json and (slugs or everything or by):
            raise click.UsageError(
                "--json shows how all letters stand: it goes with the year alone"
            )
        if (slugs or everything) and not (by and by.strip()):
            raise click.UsageError("an approval is a person's word: say whose, with --by NAME")
        name = person(by) if by else ""
        if by and not (slugs or everything):
            raise click.UsageError("name the letters that are approved, or say --all")
        with building(root, year, "which approves letters"):
            outgoing = look(root, year, slugs, quiet=as_json)
            campaign, seals = outgoing.campaign, [one.seal for one in outgoing.parcels.values()]
            needed, given = campaign.approvers_of, book.load_approvals(root, year)
            standings = {one.slug: book.standing(one, given, needed(one.slug)) for one in seals}
            lost = sorted(given.keys() - campaign.slugs_of_now.keys())
            if as_json:
                show_json(_as_json(outgoing, standings, lost, given))
                sys.exit(FAILED if outgoing.missing else DONE)
            shown = {
                slug: one
                for slug, one in standings.items()
                if outgoing.named or one is not Standing.APPROVED
            }
            came_back = partial(came_back_from, *in_books(root, year))
            _show_standings(outgoing, shown, lost, given, came_back)
            show_shared(outgoing.parcels)
            before = {one.slug: book.approved_by(one, given, name) for one in seals}
            _show_alike(before, name)
            new = [one for one in seals if one.slug in shown and not before[one.slug]]
            if by and not new:
                whose = by if all(before.values()) else "enough people"
                letters = numbered(len(seals), "letter")
                echo(f"{year}: {letters} approved by {whose} before, and none now")
            elif by and not _meant(len(new)):
                say(f"{year}: nothing approved")
            elif by:
                for one in new:
                    parcel = outgoing.parcels[one.slug]
                    keep(root, year, parcel, given.get(one.slug, ()), needed(one.slug))
                given = book.load_approvals(root, year)  # others may have withdrawn one meanwhile
                given = book.approved(new, given, name, datetime.now(UTC))
                book.write_approvals(root, year, given)
                standings = {one.slug: book.standing(one, given, needed(one.slug)) for one in seals}
                echo(f"{year}: {numbered(len(new), 'letter')} approved by {by}")
        say(f"{year}: {_told_standings(standings, {needed(slug) for slug in standings})}")
        next_step(*_after(year, standings, outgoing.named), listing=True)
        sys.exit(FAILED if outgoing.missing else DONE)


def _after(year: str, standings: Mapping[str, Standing], named: bool) -> tuple[str, ...]:
    """What to do next: a sentence, and the words of a command."""
    from letters.mail.stages import Standing

    if named:
        return "what still waits for a word", "approve", year
    if all(one is Standing.APPROVED for one in standings.values()):
        return "a rehearsal", "send", year
    return "or --all in place of SLUG", "approve", year, "SLUG", "--by", "NAME"


def _as_json(
    outgoing: Outgoing, standings: Mapping[str, Standing], lost: Sequence[str], given: Approvals
) -> list[dict[str, object]]:
    """How each letter stands; those that cannot go out stand as `missing`."""
    stand = {
        **{slug: str(one) for slug, one in standings.items()},
        **dict.fromkeys(outgoing.missing, "missing"),
        **dict.fromkeys(lost, "lost"),
    }
    return [
        {
            "authority": slug,
            "standing": standing,
            "needed": outgoing.campaign.approvers_of(slug) if slug in standings else 0,
            "approvals": [
                {"by": one.by, "at": one.at, "sha256": one.sha256} for one in given.get(slug, ())
            ],
        }
        for slug, standing in stand.items()
    ]


def _show_alike(approvers: Mapping[str, str], by: str) -> None:
    """Say who counts as somebody else who approved before, by a name that looks alike."""
    others = Counter(one for one in approvers.values() if one and one != by)
    for one, letters in others.items():
        echo(f"{by} counts as {one}, who approved {numbered(letters, 'letter')} before")


def _meant(letters: int) -> bool:
    """Whether it is meant, when there is somebody to ask: all was shown."""
    if not (letters and sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return click.confirm(
        f"Approve {'these' if letters > 1 else 'this'} {numbered(letters, 'letter')}?"
    )


def _show_standings(
    outgoing: Outgoing,
    standings: dict[str, Standing],
    lost: Sequence[str],
    given: Approvals,
    came_back: Callable[[str], bool],
) -> None:
    """What goes out to whom, of some letters; and what has changed since they were approved last.

    `came_back` tells whether the last message to an address did.
    """
    from letters.cli.gone_and_new import gone_and_new
    from letters.mail.approved import changes, envelope_lines

    campaign = outgoing.campaign
    head = heads(standings, cells())
    for slug, standing in standings.items():
        name = click.style(head(slug), bold=True)
        echo(f"{name} {_told_standing(standing, given.get(slug, ()))}")
        parcel = outgoing.parcels[slug]
        for line in envelope_lines(parcel):
            echo(f"    {line}")
        to = parcel.envelope.recipients
        if to and (back := [to.role(one) for one in to.addresses if came_back(one)]):
            echo(f"    something came back before from the address of: {', '.join(back)}")
        if ones := given.get(slug, ()):
            words = outgoing.edition.draft(slug).markup.words
            lines = list(changes(outgoing.root, campaign.year, parcel, words, ones))
            if lines:
                echo("    changed:")
            for line in gone_and_new(lines):
                echo(f"        {line}")
    for slug in lost:
        say(f"{slug}: lost: it was approved, and there is no such letter any more")


def _told_standing(standing: Standing, given: Sequence[Approval]) -> str:
    from letters.mail.stages import Standing

    if standing is Standing.CHANGED:
        return "changed since it was approved"
    return str(standing) if standing is Standing.NEW else f"{standing}, by {given[-1].by}"


def _told_standings(standings: dict[str, Standing], needed: set[int]) -> str:
    counts = Counter(standings.values())
    parts = ", ".join(f"{number} {standing}" for standing, number in sorted(counts.items()))
    if len(needed) > 1:
        return f"{parts} ({max(needed)} people must approve each corrected letter)"
    most = max(needed, default=1)
    return f"{parts}{f' ({most} people must approve each)' if most > 1 else ''}"
