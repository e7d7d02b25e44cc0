"""The command that compares the letters of now with those of another moment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.columns import wrapped
from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years
from letters.cli.face import cells, echo, next_step, say, show_json
from letters.cli.frame import DONE, chosen, root_option, stop, told
from letters.wording import did_you_mean, numbered, series

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from letters.check import Edition
    from letters.compare.comparison import Comparison
    from letters.compare.versions import Side

_WAYS = ("approved", "sent", "last-build")


def _ways(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem | str]:
    """What letters can be compared with that begins so."""
    found = years(context, parameter, incomplete)
    others = [one for one in found if one != context.params.get("year")]
    return [*(one for one in _WAYS if one.startswith(incomplete)), *others]


@click.command()
@click.argument("year", shell_complete=years)
@click.argument("slugs", metavar="[SLUG]...", nargs=-1, shell_complete=slugs_of)
@root_option
@click.option(
    "--with",
    "beside",
    metavar="WHAT",
    default="",
    shell_complete=_ways,
    help="approved, sent, last-build, or another year; always said.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as one HTML file, to be read in a browser or handed on.",
)
def compare(
    year: str, slugs: tuple[str, ...], root: Path, beside: str, as_json: bool, report: Path | None
) -> None:
    """Tell which letters changed, and how: all of them, or those of the authorities named.

    What data and templates now make is held against what was approved, sent or built last, or
    against another year. Changes that are equal in many letters are told once; letters unlike the
    others come first.
    """
    from letters.check import read_files
    from letters.cli.compared import lines, notes
    from letters.compare import comparison as comparing
    from letters.compare.plain import plain
    from letters.compare.versions import now
    from letters.mail.approvals import approved_by_whom, load_approvals
    from letters.typed import tells_command

    with told():
        _require_known(root, year, beside)
        edition = read_files(root, year).sound_data()
        wanted = chosen(edition.campaign, slugs)
        before, today = _side(root, edition, beside), now(edition.drafts)
        if not today.versions:
            stop(f"no letter of {year} can be written now: letters check {year} tells why")
        found = comparing.compare(before, today, edition.campaign, edition.lock, root, wanted)
        by_whom = ""
        if beside == "approved" and found.letters:
            by_whom = approved_by_whom(load_approvals(root, year))
        if report:
            _write(report, found)
        if as_json:
            show_json(plain(found))
        else:
            for line in lines(found, bool(slugs), by_whom):  # words of letters stay as they are
                for part in wrapped(line, cells()):
                    echo(part)
            for line in notes(found):  # a command is not broken
                for part in (line,) if tells_command(line) else wrapped(line, cells()):
                    say(part)
        if not found.letters:
            stop(f"{year}: no letter could be compared with {found.beside}")
        if not as_json:
            _show_what_next(found, beside, slugs, report)
        sys.exit(DONE)


def _require_known(root: Path, year: str, beside: str) -> None:
    """A usage error for something that letters are not compared with."""
    from letters.campaign.load import campaigns, require_campaign

    require_campaign(root, year)
    known = (*_WAYS, *(one for one in campaigns(root) if one != year))
    if not beside:
        raise click.UsageError(f"say what letters are compared with: --with {series(known, 'or')}")
    if beside == year:
        raise click.UsageError(f"--with {beside}: that is the year itself")
    if beside not in known:
        near = did_you_mean(beside, known)
        near = f"; {near}" if near else ""
        raise click.UsageError(
            f"--with {beside}: letters are compared with {series(known, 'or')}{near}"
        )


def _side(root: Path, edition: Edition, beside: str) -> Side:
    """The letters of then."""
    from letters.check import edition_beside
    from letters.compare.versions import last_build, other_year
    from letters.mail.approvals import load_approvals
    from letters.mail.known import known_of
    from letters.mail.versions import approved_versions, sent_versions

    campaign = edition.campaign
    if beside == "approved":
        return approved_versions(root, campaign, load_approvals(root, campaign.year))
    if beside == "sent":
        return sent_versions(root, campaign, known_of(root, campaign.year)[0])
    if beside == "last-build":
        return last_build(root, campaign)
    return other_year(edition_beside(root, beside).drafts, campaign)


def _write(path: Path, comparison: Comparison) -> None:
    from letters.compare.report import report
    from letters.files import write_whole

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole({path: report(comparison).encode()})


def _show_what_next(
    comparison: Comparison, beside: str, slugs: Sequence[str], written: Path | None
) -> None:
    year = comparison.year
    if written:
        say(f"\nWritten to {written}: it is one file and needs no other")
    elif comparison.changed:
        say("")
        words = ("compare", year, *slugs, "--with", beside, "--report", "changes.html")
        next_step("to read it in a browser, or hand it on", *words)
    else:
        say(f"\n{year}: {_as_it_was(comparison)}")


def _as_it_was(comparison: Comparison) -> str:
    """That no letter changed, as far as they were compared."""
    rest = comparison.not_compared
    if looks := len(comparison.looks):
        looks_ = f"; look at the pages of {numbered(looks, 'letter')}: they may look otherwise"
    else:
        looks_ = ""
    if not rest:
        return f"no letter says anything else{looks_}"
    those = numbered(len(comparison.letters), "letter")
    say_ = "says" if len(comparison.letters) == 1 else "say"
    return f"{those} {say_} the same; {rest} could not be compared{looks_}"
