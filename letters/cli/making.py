"""The commands that check, make and show letters."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters.cli.frame import DONE, FAILED, USAGE, chosen, root_option, told
from letters.cli.progress import progress
from letters.errors import CampaignError, LetterError, Problem, Severity, UnknownCampaign
from letters.wording import counted, numbered, series

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from letters.batch.build import Build
    from letters.batch.plan import Plan


@click.command()
@click.argument("year")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
def check(year: str, root: Path, as_json: bool) -> None:
    """List every problem of a year's files, without making a letter."""
    from letters.batch.pool import pool
    from letters.check import gather

    with told():
        status = FAILED
        try:
            with pool(1) as executor:
                problems = gather(root, year, executor).problems
        except CampaignError as error:
            problems = error.problems
        except UnknownCampaign as error:
            if not as_json:
                raise
            problems, status = (error.problem,), USAGE
        if as_json:
            listed = [_as_json(problem) for problem in problems]
            click.echo(json.dumps(listed, indent=1, ensure_ascii=False))
        else:
            for problem in problems:
                click.echo(problem)
            click.echo(f"{year}: {counted(problems)}")
        errors = any(problem.severity is Severity.ERROR for problem in problems)
        sys.exit(status if errors else DONE)


@click.command()
@click.argument("year")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
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
            click.echo(f"{year}: {counted(others)}, listed by: letters check {year}", err=True)
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
        click.echo(
            f"{year}: {counted(build.unfinished)}, listed by: letters check {year}", err=True
        )
        if not quiet:
            click.echo(f"{year}: {drafts} in {build.failed}, and no letter")
        return len(outcomes) or 1  # also where there is no letter yet
    failed = [outcome.error for outcome in outcomes if outcome.error]
    for sentence in _failures(failed):
        click.echo(f"error: {sentence}", err=True)
    if not quiet:
        if changed := build.plan.of_the_base:
            why = f"the base changed, which all years share: {series(changed)}"
            click.echo(f"{year}: {why}", err=True)
        click.echo(f"{year}: {_summary(build.plan, len(failed))} in {build.letters}")
    shown = sum((build.failed / f"{error.authority}.pdf").exists() for error in failed)
    if failed and not shown and not quiet:
        click.echo(f"{year}: to see what failed: letters build {year} --draft", err=True)
    if shown and not quiet:
        click.echo(f"{year}: {numbered(shown, 'draft')} of what failed in {build.failed}")
    return len(failed)


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
    for slug, why in plan.due.items():
        click.echo(f"{slug}: {'; '.join(why)}")
    for slug in plan.html_only:
        click.echo(f"{slug}: only its HTML page")
    for slug in plan.left:
        click.echo(f"{slug}: removed, it has left the campaign")
    for sentence in plan.misstated:
        click.echo(sentence)
    click.echo(f"{numbered(len(plan.due), 'letter')} to make, {plan.unchanged} unchanged")


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
@click.argument("year")
@root_option
@click.option("--sent", is_flag=True, help="Compare with what was sent, instead.")
def verify(year: str, root: Path, sent: bool) -> None:
    """Compare every file of build/YEAR with the manifest, by SHA-256; or with what was sent."""
    from letters.batch.verify import differences
    from letters.campaign.load import try_load

    if sent:
        _verify_sent(year, root)
        return
    with told():
        campaign, _ = try_load(root, year)
        number, found = differences(root, year, campaign.statistics if campaign else ())
        for difference in found:
            click.echo(difference)
        letters, count = numbered(number, "letter"), numbered(len(found), "difference")
        click.echo(f"{year}: {letters} in the manifest, {count}")
        if campaign is None:
            unsure = "whether letters of the year are missing cannot be told: its data has errors"
            click.echo(f"{year}: {unsure}, listed by: letters check {year}", err=True)
        sys.exit(FAILED if found or campaign is None else DONE)


def _verify_sent(year: str, root: Path) -> None:
    """Which of the letters that were built last differ from those that were sent."""
    from letters.campaign.load import load
    from letters.cli.books import known_of
    from letters.mail.as_sent import compared_with_sent

    with told():
        campaign = load(root, year)
        attempts, _ = known_of(root, year)
        compared = compared_with_sent(root, campaign, attempts)
        for sentence in (*compared.differing, *compared.lost):
            click.echo(sentence)
        for slug in compared.doubtful:
            click.echo(f"{slug}: whether its last message went out is unknown")
        if compared.looks:
            letters = numbered(len(compared.looks), "letter")
            click.echo(
                f"{letters} look otherwise, by the same words and figures: a mark in a chart, say"
            )
        if compared.noted:
            letters = numbered(len(compared.noted), "letter")
            click.echo(f"{letters} with averages of now, as data/{year}/corrections.yaml notes")
        number = len(compared.differing)
        differ = f"{number} {'differs' if number == 1 else 'differ'}"
        letters = numbered(compared.letters, "letter")
        rest = f", {len(compared.doubtful)} unknown" if compared.doubtful else ""
        rest += f", {len(compared.lost)} not kept here" if compared.lost else ""
        click.echo(f"{year}: {letters} sent, {differ} from those that were built last{rest}")
        sys.exit(FAILED if compared.differing or compared.doubtful or compared.lost else DONE)


@click.command()
@click.argument("year")
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
        click.echo(
            f"{year}: {numbered(packed.letters, 'letter')} on {packed.pages} pages in {packed.path}"
        )


@click.command()
@click.argument("year")
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

    with told():
        require_campaign(root, year)
        serve(
            root.absolute(),
            year,
            port,
            not no_browser,
            lambda address: click.echo(f"{year}: {address}  (Ctrl-C ends)"),
            locked=token,
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
            click.echo(path)


def _as_json(problem: Problem) -> dict[str, str | int]:
    return {
        "file": problem.place.file,
        **({"sheet": problem.place.sheet} if problem.place.sheet else {}),
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "code": problem.code,
        "authority": problem.authority,
        "field": problem.field,
        "sentence": problem.sentence,
        "hint": problem.hint,
        "value": problem.value,
    }
