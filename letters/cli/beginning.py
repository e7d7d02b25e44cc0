"""The commands that begin something: an office's folder, a new year, a specimen."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from letters.cli.columns import columns
from letters.cli.completing import years
from letters.cli.face import cells, echo, next_step, say
from letters.cli.frame import root_option, told
from letters.wording import numbered


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--engine",
    metavar="PATH|URL",
    help="The engine that it uses: a wheel, a folder with its source, or an address (default: this one).",
)
def init(folder: Path, engine: str | None) -> None:
    """Make an office's own FOLDER: its data and words, and a Makefile that installs the engine.

    It holds one authority's letter as a sample, and keeps what is private out of git.
    """
    from letters.campaign.new_office import YEAR, new_office
    from letters.cli.engine import engine_of

    with told():
        used = engine_of(engine)
        new_office(folder, used)
    echo(f"{folder}: an office's folder, with the year {YEAR} as a sample; the engine is {used}")
    next_step(f"cd {shlex.quote(str(folder))} && make letters YEAR={YEAR}   (README.md tells more)")


@click.command()
@click.argument("year", shell_complete=years)
@click.option(
    "--from",
    "earlier",
    shell_complete=years,
    required=True,
    metavar="YEAR",
    help="The year to make it from.",
)
@root_option
def new(year: str, earlier: str, root: Path) -> None:
    """Begin a new year: its folders below data/ and templates/, made from an earlier year's.

    Dates, figures and averages are left empty. What else is the earlier year's, `check` asks about
    until it is changed or confirmed. Nothing that is there is written over.
    """
    from letters.campaign.new_year import new_year
    from letters.typesetting.formats import day

    with told():
        made = new_year(root, year, earlier)
    lasts = " to ".join(day(one) for one in made.period) if made.period else "empty"
    gone = (
        f"; {numbered(made.ended, 'authority has', 'authorities have')} ended" if made.ended else ""
    )
    lines = (
        (f"data/{year}/letter.yaml", f"period {lasts}; dates and averages are to be filled in"),
        (
            f"data/{year}/statistics.yaml",
            f"a line for each of {made.authorities} authorities{gone}",
        ),
        (
            f"data/{year}/import.yaml" if made.imports else "",
            "what is taken from where in workbooks; look at their names",
        ),
        (f"data/{year}/SOURCES.md", "where each figure comes from, to be filled in"),
        (made.contacts, f"as in {earlier}, but for authorities that have ended"),
        (
            f"templates/{year}/",
            f"{numbered(made.templates, 'file')}, with {year} where {earlier} stood",
        ),
    )
    say(f"{year}: made from {earlier}")
    for line in columns([(f"  {file}", what) for file, what in lines if file], cells()):
        echo(line)
    left = "approvals, paragraphs, attachments, and what was accepted, confirmed or left out"
    say(f"  not taken over: {left}")
    still = "" if made.specimen else f", and what is still {earlier}'s"
    say(f"  letters preview {year} shows the letters meanwhile (docs/new-year.md)")
    next_step(f"lists what is to be filled in{still}", "check", year)


@click.command()
@click.option(
    "--like",
    shell_complete=years,
    required=True,
    metavar="YEAR",
    help="The year whose words and counts it has.",
)
@click.option(
    "--letters",
    type=click.IntRange(min=1),
    help="How many (default: one for each authority that exists on the letter's date).",
)
@root_option
def specimen(like: str, letters: int | None, root: Path) -> None:
    """Make a year's specimen: its words with invented figures, to see a design before there are any.

    It is data/specimen-YEAR, made anew each time. Every page says SPECIMEN, and it can never be sent.
    """
    from letters.campaign.specimen import make_specimen

    with told():
        made = make_specimen(root, like, letters)
    awkward = numbered(made.cases, "awkward case")
    say(f"{made.year}: {numbered(made.letters, 'letter')} like {like}, {awkward} among them")
    next_step("", "preview", made.year)
