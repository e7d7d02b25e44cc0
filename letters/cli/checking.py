"""The command that lists what is wrong in a year's files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from letters.cli.completing import years
from letters.cli.face import next_step, say, show_json
from letters.cli.frame import DONE, FAILED, USAGE, root_option, told
from letters.cli.problems import show_problems
from letters.errors import CampaignError, Problem, Severity, UnknownCampaign
from letters.wording import counted


@click.command()
@click.argument("year", shell_complete=years)
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="On a terminal, too, list what is held back while there are errors.",
)
def check(year: str, root: Path, as_json: bool, everything: bool) -> None:
    """List every problem of a year's files, without making a letter.

    On a terminal errors come first, with the line that is meant, and what may follow from them is
    held back. Elsewhere it is a line for each problem, in the order of the files.
    """
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
            show_json([_as_json(problem) for problem in problems])
        else:
            show_problems(problems, everything=everything)
            say(f"{year}: {counted(problems)}")
            next_step(*_after_check(year, problems), listing=True)
        errors = any(problem.severity is Severity.ERROR for problem in problems)
        sys.exit(status if errors else DONE)


def _after_check(year: str, problems: Sequence[Problem]) -> tuple[str, ...]:
    """What to do next: a sentence, and the words of a command."""
    if any(problem.severity is Severity.ERROR for problem in problems):
        return (f"mend the errors, then letters check {year}",)
    return "", "build", year


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
