"""The commands: parse, call, print, exit status. Nothing else knows click or rich."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from letters import __version__
from letters.errors import CampaignError, LetterError, LettersError, Place, Problem, Severity, UnknownCampaign

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from letters.batch.build import Build, Outcome, Plan
    from letters.campaign.load import Campaign

DONE, FAILED, USAGE = 0, 1, 2  #: exit statuses
SECONDS_BETWEEN_LINES = 5  #: of progress, where there is no terminal

root_option = click.option(
    "--root",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds data/ and templates/ (default: the current one).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="letters")
def main() -> None:
    """Annual review letters: from a year's YAML files to accessible PDF and HTML.

    YEAR is a folder below data/, such as 2020 or specimen.
    """


@main.command()
@click.argument("year")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
def check(year: str, root: Path, as_json: bool) -> None:
    """List every problem of a year's files, without making a letter."""
    from letters.campaign.load import check as check_campaign
    from letters.campaign.load import template_folder
    from letters.typesetting.writer import broken_templates, template_problems

    with _told():
        campaign, problems = check_campaign(root, year)
        broken = broken_templates(root, folder) if (folder := template_folder(root, year)) else ()
        known = {problem.place for problem in broken}
        written = template_problems(root, campaign) if campaign else ()
        found = (*problems, *broken, *(problem for problem in written if problem.place not in known))
        problems = tuple(sorted(found, key=lambda problem: problem.place))
        if as_json:
            click.echo(json.dumps([_as_json(problem) for problem in problems], indent=1, ensure_ascii=False))
        else:
            for problem in problems:
                click.echo(problem)
            click.echo(f"{year}: {_counted(problems)}")
        sys.exit(FAILED if any(problem.severity is Severity.ERROR for problem in problems) else DONE)


@main.command()
@click.argument("year")
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@root_option
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@click.option("--scheduler", metavar="ADDRESS", help="Work on the Dask cluster with this scheduler: tcp://host:8786.")
@click.option("--force", is_flag=True, help="Make every letter again, changed or not.")
@click.option("--explain", is_flag=True, help="Only say which letters would be made, and why.")
@click.option("--quiet", is_flag=True, help="Print failures and nothing else.")
def build(
    year: str,
    slugs: tuple[str, ...],
    root: Path,
    jobs: int | None,
    scheduler: str | None,
    force: bool,
    explain: bool,
    quiet: bool,
) -> None:
    """Make a year's letters, or those of the authorities named, in build/YEAR/letters/.

    Only what changed is made again.
    """
    from letters.batch.build import Build
    from letters.batch.store import sole_build, year_folder
    from letters.campaign.load import load

    with _told():
        campaign = load(root, year)
        chosen = _chosen(campaign, slugs)
        if explain:
            _explain(Build(root, campaign, chosen, force))
            return
        with sole_build(year_folder(root, year), f"process {os.getpid()}"):
            planned = Build(root, campaign, chosen, force)
            with _workers(planned, jobs, scheduler) as (executor, number):
                failed = _run(planned, year, executor, number, quiet)
        if campaign.problems and not quiet:
            click.echo(f"{year}: {_counted(campaign.problems)}, listed by: letters check {year}", err=True)
        sys.exit(FAILED if failed else DONE)


@contextmanager
def _workers(build: Build, jobs: int | None, scheduler: str | None) -> Iterator[tuple[Executor, int]]:
    """An executor for the build and how many workers it has: a cluster's, or this machine's, no more than it needs."""
    if scheduler:
        from letters.batch.cluster import cluster

        with cluster(scheduler) as workers:
            yield workers
        return
    from letters.batch.workers import BUNDLE, pool

    number = max(1, min(jobs or os.cpu_count() or 1, -(-len(build.plan.due) // BUNDLE)))
    with pool(number) as executor:
        yield executor, number


def _run(build: Build, year: str, executor: Executor, workers: int, quiet: bool) -> int:
    """Carry out a build and tell how it goes; the number of letters that failed."""
    outcomes = list(_progress(build.run(executor, workers), len(build.plan.due), quiet))
    failed = [outcome.error for outcome in outcomes if outcome.error]
    for sentence in _failures(failed):
        click.echo(f"error: {sentence}", err=True)
    if not quiet:
        click.echo(f"{year}: {_summary(build.plan, len(failed))} in {build.letters}")
    return len(failed)


def _failures(errors: Sequence[LetterError]) -> Iterator[str]:
    """A sentence for each failure; one that many letters share is told once."""
    shared: dict[tuple[Place | None, str], list[LetterError]] = {}
    for error in errors:
        shared.setdefault((error.place, error.sentence), []).append(error)
    for (place, sentence), same in shared.items():
        where = f"{place}: " if place else ""
        authorities = ", ".join(error.authority for error in same[:3])
        more = f" and {len(same) - 3} more" if len(same) > 3 else ""
        yield f"{where}{authorities}{more}: {sentence}"


def _explain(build: Build) -> None:
    plan = build.plan
    for slug, why in plan.due.items():
        click.echo(f"{slug}: {'; '.join(why)}")
    for slug in plan.pages_only:
        click.echo(f"{slug}: only its HTML page")
    for slug in plan.left:
        click.echo(f"{slug}: removed, it has left the campaign")
    click.echo(f"{_number(len(plan.due), 'letter')} to make, {plan.unchanged} unchanged")


def _summary(plan: Plan, failed: int) -> str:
    """What a build did, in one line."""
    parts = [
        (len(plan.due) - failed, f"{_number(len(plan.due) - failed, 'letter')} made"),
        (len(plan.pages_only), f"{_number(len(plan.pages_only), 'HTML page')} written again"),
        (len(plan.left), f"{_number(len(plan.left), 'letter')} removed whose authority has left the campaign"),
        (plan.unchanged, f"{plan.unchanged} unchanged"),
        (failed, f"{failed} failed"),
    ]
    if not any(number for number, _ in parts[:3]) and not failed:
        return f"nothing to do, {_number(plan.unchanged, 'letter')} unchanged"
    return ", ".join(text for number, text in parts if number)


@main.command()
@click.argument("year")
@root_option
def verify(year: str, root: Path) -> None:
    """Compare every file of build/YEAR with the manifest, by SHA-256."""
    from letters.batch.verify import differences
    from letters.campaign.load import campaigns, unknown_campaign

    with _told():
        if year not in campaigns(root):
            raise unknown_campaign(root, year)
        number, found = differences(root, year)
        for difference in found:
            click.echo(difference)
        click.echo(f"{year}: {_number(number, 'letter')} in the manifest, {_number(len(found), 'difference')}")
        sys.exit(FAILED if found else DONE)


@main.command()
@click.argument("year")
@root_option
def pack(year: str, root: Path) -> None:
    """Join a year's PDFs into one for a print house, in the order of the register, with a list of page ranges.

    Each letter begins on a right-hand page. Build first: a letter that is missing or is not as built stops it.
    """
    from letters.batch.pack import pack as pack_letters
    from letters.campaign.load import load

    with _told():
        campaign = load(root, year)
        packed = pack_letters(root, campaign)
        click.echo(f"{year}: {_number(packed.letters, 'letter')} on {packed.pages} pages in {packed.path}")


@main.command()
@click.argument("year")
@root_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the address (default: 8343, or one that is free).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def preview(year: str, root: Path, port: int | None, no_browser: bool) -> None:
    """Show a year's letters in a browser, up to date while files are edited. Ctrl-C ends it.

    The address is this machine's alone, and nothing can be changed through it.
    """
    from letters.campaign.load import campaigns, unknown_campaign
    from letters.preview.server import serve

    with _told():
        if year not in campaigns(root):
            raise unknown_campaign(root, year)
        serve(
            root.absolute(), year, port, not no_browser, lambda address: click.echo(f"{year}: {address}  (Ctrl-C ends)")
        )


@main.command()
@root_option
def schema(root: Path) -> None:
    """Write the JSON Schemas of the data files to data/schema/, for editors."""
    from letters.campaign.models import schemas

    folder = root / "data" / "schema"
    with _told():
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in schemas().items():
            path = folder / f"{name}.schema.json"
            path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
            click.echo(path)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what stops a command into a sentence and an exit status."""
    try:
        yield
        sys.stdout.flush()
    except UnknownCampaign as error:
        _stop(str(error), USAGE)
    except CampaignError as error:
        click.echo(str(error), err=True)
        _stop(f"no letters: {_counted(error.problems)}", FAILED)
    except LettersError as error:
        _stop(str(error), FAILED)
    except KeyboardInterrupt:
        _stop("stopped; what is done is kept, and the next build carries on", FAILED)
    except BrokenPipeError:
        raise  # click ends quietly: nobody reads on
    except OSError as error:
        if error.filename is None:
            _forget_output()
        _stop(f"{error.filename or 'the output'}: {error.strerror or error}", FAILED)


def _forget_output() -> None:
    """Send what could not be printed nowhere, or Python would try again when it ends, and complain."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(sentence: str, status: int) -> None:
    click.echo(f"error: {sentence}", err=True)
    sys.exit(status)


def _chosen(campaign: Campaign, slugs: Sequence[str]) -> Sequence[str]:
    """The authorities named, each once; a usage error for one that the campaign does not have."""
    from letters.campaign.wording import nearest_authority

    for slug in slugs:
        if slug not in campaign.statistics:
            near = nearest_authority(slug, tuple(campaign.statistics))
            hint = f'; did you mean "{near}"?' if near else ""
            raise click.UsageError(f'the campaign {campaign.year} has no authority "{slug}"{hint}')
    return tuple(dict.fromkeys(slugs))


def _progress(outcomes: Iterator[Outcome], total: int, quiet: bool) -> Iterator[Outcome]:
    """The outcomes as they come: with a bar on a terminal, a line now and then elsewhere."""
    if quiet or not total:
        yield from outcomes
    elif sys.stderr.isatty():
        yield from _bar(outcomes, total)
    else:
        yield from _lines(outcomes, total)


def _bar(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("Letters"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, start = bar.add_task("", total=total, rate=""), time.monotonic()
        for number, outcome in enumerate(outcomes, start=1):
            bar.update(task, completed=number, rate=f"{number / (time.monotonic() - start):.0f} a second")
            yield outcome


def _lines(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    start = told = time.monotonic()
    for number, outcome in enumerate(outcomes, start=1):
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES:
            rate, told = number / (now - start), now
            left = (total - number) / rate
            click.echo(f"{number} of {total} letters, {rate:.0f} a second, {left:.0f} s left", err=True)
        yield outcome


def _counted(problems: Sequence[Problem]) -> str:
    """How many problems of each severity there are; those there are none of are left out."""
    counts = Counter(problem.severity for problem in problems)
    return ", ".join(_number(counts[severity], severity) for severity in Severity if counts[severity]) or "no problems"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _as_json(problem: Problem) -> dict[str, str | int]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "field": problem.field,
        "sentence": problem.sentence,
        "hint": problem.hint,
    }
