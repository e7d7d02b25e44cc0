"""The command that tells where every letter of a year stands, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from letters.cli.columns import columns
from letters.cli.completing import years
from letters.cli.face import cells, command, complain, echo, next_step, say, show_json
from letters.cli.frame import DONE, FAILED, root_option, told
from letters.errors import Problem, Severity
from letters.wording import counted, did_you_mean, numbered

if TYPE_CHECKING:
    from letters.mail.stages import Part, Stage, Status

_FEW = 5  #: letters of a kind that are named, unless more of that kind are asked for


def _stages(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """What --stage can be that begins so."""
    return [name for name in _kinds() if name.startswith(begun)]


@click.command()
@click.argument("year", shell_complete=years)
@root_option
@click.option(
    "--stage",
    metavar="STAGE",
    shell_complete=_stages,
    help="Name all letters of this one: to-approve, sent ...",
)
@click.option("--json", "as_json", is_flag=True, help="Print where each letter stands as JSON.")
def status(year: str, root: Path, stage: str | None, as_json: bool) -> None:
    """Tell where every letter of a year stands, and what to do next.

    Each is to mend, to build, to approve, ready or sent; or it was refused, came back, or nobody
    knows whether it went out. Exit status 1 when that cannot be told, or not in full.
    """
    from letters.mail.stages import Status

    with told():
        kind = _kind(stage) if stage else None
        plain = _plain(year, root, as_json)
        if plain is None:
            sys.exit(FAILED)
        found = Status.of_plain(plain)
        if as_json:
            show_json(plain if kind is None else _of_kind(plain, kind))
        else:
            _show(found, kind)
        sys.exit(FAILED if found.trouble else DONE)


def _show(found: Status, kind: Stage | Part | None) -> None:
    """Of one kind all letters; else how many there are of each, and what to do next."""
    for sentence in found.trouble:
        complain(sentence)
    if kind:
        _show_kind(found, kind, found.of(kind))
        return
    _show_all(found)
    say("")
    next_step(found.next.sentence, *found.next.command)


def _plain(year: str, root: Path, as_json: bool) -> Mapping[str, Any] | None:
    """Where letters stand, as it was found last or is now; None where that cannot be told."""
    from letters.mail.found_last import found_last, keep, looks

    today = datetime.now().astimezone().date()
    look = looks(root, year, today)
    if kept := found_last(root, year, look):
        return kept
    from letters.batch.pool import pool
    from letters.check import gather

    with pool(1) as executor:
        gathering = gather(root, year, executor)
    if gathering.edition is None:
        _show_stopped(year, gathering.problems, as_json)
        return None
    found = gathering.edition.status(gathering.problems, today)
    register = gathering.edition.campaign.register
    plain = found.plain({slug: register[slug].name for slug in found.letters})
    if not found.trouble and looks(root, year, today) == look:  # nothing has changed meanwhile
        keep(root, year, look, plain)
    return plain


def _kind(name: str) -> Stage | Part:
    """The stage or part of a name. A usage error, with all of them, for another one."""
    known = _kinds()
    if found := known.get("-".join(name.lower().split())):
        return found
    near = did_you_mean(name, known)
    raise click.UsageError(
        f'there is no stage "{name}": say one of {", ".join(known)}{near and f"; {near}"}'
    )


def _kinds() -> dict[str, Stage | Part]:
    """Stages and parts, by their names."""
    from letters.mail.stages import Part, Stage

    return {one.key: one for one in (*Stage, *Part)}


def _of_kind(plain: Mapping[str, Any], kind: Stage | Part) -> Mapping[str, Any]:
    """The same with the letters of one stage or part alone; counts are of all."""
    own = [one for one in plain["letters"] if kind.key in (one["stage"], *one["parts"])]
    return {**plain, "letters": own}


def _show_stopped(year: str, problems: Sequence[Problem], as_json: bool) -> None:
    """That nothing can be told before the data are mended."""
    from letters.mail.stages import Status

    errors = sum(one.severity is Severity.ERROR for one in problems)
    step = f"{counted(problems)}; where letters stand shows once they are mended"
    if as_json:
        plain = Status(year, trouble=(step,), errors=errors).plain({})
        plain["next"] = {"sentence": step, "command": ["check", year]}
        show_json(plain)
        return
    say(f"{year}: {step}")
    hindering = [one for one in problems if one.severity is Severity.ERROR][:_FEW]
    rows = [(f"    {one.authority or one.place}", one.sentence) for one in hindering]
    for line in columns(rows, cells()):
        say(line)
    next_step("", "check", year)


def _show_all(found: Status) -> None:
    """How many letters there are at each stage; those are named of which something is wanted."""
    from letters.mail.stages import Part, Stage

    counts, quiet, by_post = found.counts, (Stage.READY, Stage.SENT), Part.BY_POST
    say(f"{found.year}: {numbered(len(found.letters), 'letter')}\n")
    for stage in Stage:
        if counts[stage] or stage in (Stage.MEND, Stage.APPROVE, *quiet):
            parts = [f"{counts[one]} {one}" for one in Part if counts[one] and one is not by_post]
            beside = f"   {', '.join(parts)}" if parts and stage is Stage.SENT else ""
            number = click.style(
                f"{counts[stage]:6}",
                bold=bool(counts[stage]) or None,
                dim=True if not counts[stage] else None,
            )
            say(f"{number}  {_coloured(stage, counts[stage])}{beside}")
    open_ = [one for one in Stage if one not in quiet]
    kinds: tuple[Stage | Part, ...] = (*open_, Part.CHANGED, by_post)
    for kind in kinds:
        slugs = found.of(kind)
        telling = sorted(slugs, key=lambda slug: not found.letters[slug].why)
        if slugs:
            say("")
            _show_kind(found, kind, telling, _FEW)


def _show_kind(found: Status, kind: Stage | Part, slugs: Sequence[str], most: int = 0) -> None:
    """The letters of a kind, and why they are; of more than `most` the first ones."""
    shown = slugs[:most] if most else slugs
    say(_coloured(kind, len(slugs)) if most else f"{found.year}: {len(slugs)} {kind}")
    rows = [(f"    {slug}", found.letters[slug].why.split("\n")[0]) for slug in shown]
    for line in columns(rows, cells()):
        echo(line)
    if len(slugs) > len(shown):
        more = command("status", found.year, "--stage", kind.key)
        echo(f"    and {len(slugs) - len(shown)} more: {more}")


def _coloured(kind: Stage | Part, count: int) -> str:
    from letters.mail.stages import Stage

    colour = "red" if kind.is_bad else "green" if kind in (Stage.READY, Stage.SENT) else None
    return click.style(str(kind), fg=colour, bold=True if colour else None) if count else str(kind)
