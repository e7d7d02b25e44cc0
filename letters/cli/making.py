"""The commands that make and show letters."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.columns import named
from letters.cli.completing import slugs as slugs_of
from letters.cli.completing import years
from letters.cli.face import cells, complain, echo, is_terminal, next_step, say
from letters.cli.frame import DONE, FAILED, chosen, root_option, told
from letters.cli.problems import show_problems
from letters.cli.progress import progress
from letters.errors import LetterError, Place
from letters.wording import counted, numbered, series

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from letters.batch.build import Build
    from letters.batch.plan import Plan


@click.command()
@click.argument("year", shell_complete=years)
@click.argument("slugs", metavar="[SLUG]...", nargs=-1, shell_complete=slugs_of)
@root_option
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Worker processes (default: one for each core)."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on the Dask cluster with this scheduler: tcp://host:8786.",
)
@click.option("--force", is_flag=True, help="Make every letter again, changed or not.")
@click.option("--explain", is_flag=True, help="Only say which letters would be made, and why.")
@click.option(
    "--draft",
    is_flag=True,
    help="Show letters that fail, too: their pages as they came out, in build/YEAR/failed/.",
)
@click.option("--quiet", is_flag=True, help="Print failures and nothing else.")
def build(
    year: str,
    slugs: tuple[str, ...],
    root: Path,
    jobs: int | None,
    scheduler: str | None,
    force: bool,
    explain: bool,
    draft: bool,
    quiet: bool,
) -> None:
    """Make a year's letters, or those of the authorities named, in build/YEAR/letters/.

    Only what changed is made again.
    """
    from letters.batch.build import Build
    from letters.batch.store import year_folder
    from letters.check import gather
    from letters.files import only_one

    with told():
        if explain:
            edition = gather(root, year, mail=False).sound()
            _explain(Build(edition.drafts, chosen(edition.campaign, slugs), force))
            return
        at_once = 1 if slugs else 2  # they get ready while the files are read
        with _workers(jobs, scheduler, at_once) as (executor, number):
            gathering = gather(root, year, executor, mail=False)
            edition = gathering.sound(unfinished=draft)
            wanted = chosen(edition.campaign, slugs)
            with only_one(year_folder(root, year), f"process {os.getpid()}"):
                notes = gathering.unfinished
                planned = Build(edition.drafts, wanted, force, show_failed=draft, unfinished=notes)
                failed = _run(planned, year, executor, number, quiet)
        told_already = set(planned.unfinished)
        if failed and not planned.unfinished:
            told_already |= set(gathering.findings.of_letters)
        others = [one for one in gathering.problems if one not in told_already]
        if others and not quiet:
            say(f"{year}: {counted(others)}, listed by: letters check {year}", err=True)
        if not (failed or quiet):
            then = "preview" if edition.campaign.letter.specimen else "approve"
            next_step("", then, year, listing=True)
        sys.exit(FAILED if failed else DONE)


@contextmanager
def _workers(
    jobs: int | None, scheduler: str | None, at_once: int
) -> Iterator[tuple[Executor, int]]:
    """An executor and its count of workers: a cluster's, or this machine's, some of them at once."""
    if scheduler:
        from letters.batch.cluster import cluster

        with cluster(scheduler) as workers:
            yield workers
        return
    from letters.batch.pool import pool

    number = jobs or os.cpu_count() or 1
    with pool(number, at_once=at_once) as executor:
        yield executor, number


def _run(build: Build, year: str, executor: Executor, workers: int, quiet: bool) -> int:
    """Carry out a build and tell how it goes; the number of letters that failed."""
    outcomes = list(progress(build.run(executor, workers), len(build.plan.due), "letters", quiet))
    if build.unfinished:
        drafts = numbered(
            sum((build.failed / f"{one.slug}.pdf").exists() for one in outcomes), "draft"
        )
        say(f"{year}: {counted(build.unfinished)}, listed by: letters check {year}", err=True)
        if not quiet:
            say(f"{year}: {drafts} in {build.failed}, and no letter")
        return len(outcomes) or 1  # also where there is no letter yet
    failed = [outcome.error for outcome in outcomes if outcome.error]
    _show_failures(failed)
    if not quiet:
        if changed := build.plan.of_the_base:
            why = f"the base changed, which all years share: {series(changed)}"
            say(f"{year}: {why}", err=True)
        say(f"{year}: {_summary(build.plan, len(failed))} in {build.letters}")
    shown = sum((build.failed / f"{error.authority}.pdf").exists() for error in failed)
    if failed and not build.show_failed and not quiet:
        say(f"{year}: to see what failed: letters build {year} --draft", err=True)
    if shown and not quiet:
        say(f"{year}: {numbered(shown, 'draft')} of what failed in {build.failed}")
    return len(failed)


def _show_failures(errors: Sequence[LetterError]) -> None:
    if is_terminal(err=True):
        here = [
            one if error.place else replace(one, place=Place(""))
            for error in errors
            for one in error.problems
        ]
        show_problems(here, err=True, everything=True)
    else:
        for sentence in _failures(errors):
            complain(sentence, as_it_is=True)


def _failures(errors: Sequence[LetterError]) -> Iterator[str]:
    """A sentence for each failure; one that many letters share is told once."""
    shared: dict[tuple[str, str], list[str]] = {}
    for error in errors:
        for problem in error.problems:
            where = f"{problem.place}: " if error.place else ""
            shared.setdefault((where, problem.sentence), []).append(error.authority)
    for (where, sentence), slugs in shared.items():
        authorities = ", ".join(slug or "all letters" for slug in slugs[:3])
        more = f" and {len(slugs) - 3} more" if len(slugs) > 3 else ""
        yield f"{where}{authorities}{more}: {sentence}"


def _explain(build: Build) -> None:
    plan = build.plan
    rows = [(slug, "; ".join(why)) for slug, why in plan.due.items()]
    rows += [(slug, "only its HTML page") for slug in plan.html_only]
    rows += [(slug, "removed, it has left the campaign") for slug in plan.left]
    for line in named(rows, cells()):
        echo(line)
    for sentence in plan.misstated:
        echo(sentence)
    say(f"{numbered(len(plan.due), 'letter')} to make, {plan.unchanged} unchanged")


def _summary(plan: Plan, failed: int) -> str:
    """What a build did, in one line."""
    parts = [
        (len(plan.due) - failed, f"{numbered(len(plan.due) - failed, 'letter')} made"),
        (len(plan.html_only), f"{numbered(len(plan.html_only), 'HTML page')} written again"),
        (
            len(plan.left),
            f"{numbered(len(plan.left), 'letter')} removed whose authority has left the campaign",
        ),
        (len(plan.misstated), "the manifest mended"),
        (plan.unchanged, f"{plan.unchanged} unchanged"),
        (failed, f"{failed} failed"),
    ]
    if not any(number for number, _ in parts[:4]) and not failed:
        return f"nothing to do, {numbered(plan.unchanged, 'letter')} unchanged"
    return ", ".join(text for number, text in parts if number)


@click.command()
@click.argument("year", shell_complete=years)
@root_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of the address (default: 8343, or one that is free).",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--token", is_flag=True, help="Answer only who has the address, with its token.")
def preview(year: str, root: Path, port: int | None, no_browser: bool, token: bool) -> None:
    """Show a year's letters in a browser, up to date while files are edited. Ctrl-C ends it.

    The address is this machine's alone, and nothing can be changed through it.
    """
    from letters.campaign.load import require_campaign
    from letters.preview.server import serve
    from letters.typed import typing_here

    with told():
        require_campaign(root, year)
        serve(
            root.absolute(),
            year,
            port,
            not no_browser,
            lambda address: say(f"{year}: {address}  (Ctrl-C ends)"),
            locked=token,
            typing=typing_here(root),
        )


@click.command()
@root_option
def schema(root: Path) -> None:
    """Write the JSON Schemas of the data files to data/schema/, for editors."""
    from letters.campaign.schema import schemas

    folder = root / "data" / "schema"
    with told():
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in schemas().items():
            path = folder / f"{name}.schema.json"
            path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
            echo(path)
