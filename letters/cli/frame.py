"""What the commands share: the options, how they end, and how they count."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from letters.cli.face import complain, next_step
from letters.cli.problems import show_problems
from letters.errors import AnsweredError, CampaignError, LettersError, UnknownCampaign
from letters.version import __version__
from letters.wording import counted

if TYPE_CHECKING:
    from letters.campaign.load import Campaign

DONE, FAILED, USAGE, IN_PART = 0, 1, 2, 3  #: exit statuses

root_option = click.option(
    "--root",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that holds data/ and templates/ (default: the current one).",
)


class _InOrder(click.Group):
    """Lists the commands as they follow each other in an office's work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="letters")
def main() -> None:
    """Annual review letters: from a year's YAML to accessible PDF and HTML, and to the mail server.

    YEAR is a folder below data/, such as 2020 or specimen.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # what a terminal has no letters for is no error
        sys.stdout.reconfigure(errors="backslashreplace")


#: What may have gone wrong where the system names no file.
_WITHOUT_FILE = {
    errno.ENOSPC: f"the disk of the output, or of {os.environ.get('TMPDIR', '/tmp')}, is full",
    errno.EMFILE: "the system lets this command open too few files (ulimit -n)",
}


@contextmanager
def told(
    interrupted: str = "stopped; what is done is kept, and the next build carries on",
) -> Iterator[None]:
    """Turn what stops a command into a sentence and an exit status."""
    try:
        yield
        if sys.stdout is not None:  # a closed one is none
            sys.stdout.flush()
    except UnknownCampaign as error:
        stop(str(error), USAGE)
    except CampaignError as error:
        year = _checked_year()
        show_problems(error.problems, err=True, everything=not year)
        complain(f"stopped: {counted(error.problems)}")
        then = f"mend the errors, then letters check {year}" if year else "mend the errors"
        next_step(then, err=True)  # the output may be for a program
        sys.exit(FAILED)
    except AnsweredError as error:
        complain(str(error), as_it_is=True)
        sys.exit(FAILED)
    except LettersError as error:
        stop(str(error))
    except KeyboardInterrupt:
        stop(interrupted)
    except BrokenPipeError:
        raise  # click ends quietly: nobody reads on
    except OSError as error:
        if error.filename is None:
            _forget_output()
        where = error.filename or _WITHOUT_FILE.get(error.errno or 0, "the output")
        stop(f"{where}: {error.strerror or error}")


def _checked_year() -> str:
    """The year of which `check` would list what a command found, "" where it is not of one's files."""
    context = click.get_current_context(silent=True)
    if context is None or context.command.name in ("init", "new", "import", "specimen"):
        return ""
    return str(context.params.get("year", ""))


def stop(sentence: str, status: int = FAILED) -> NoReturn:
    """End with a sentence and an exit status."""
    complain(sentence)
    sys.exit(status)


def chosen(campaign: Campaign, slugs: Sequence[str]) -> Sequence[str]:
    """The authorities named, each once; a usage error for one that the campaign does not have."""
    from letters.wording import nearest_authority

    for slug in slugs:
        if slug not in campaign.statistics:
            near = nearest_authority(slug, tuple(campaign.statistics))
            hint = f'; did you mean "{near}"?' if near else ""
            if now := campaign.slugs_of_now.get(slug):
                hint = f'; it is "{now}" now'
            raise click.UsageError(f'the campaign {campaign.year} has no authority "{slug}"{hint}')
    return tuple(dict.fromkeys(slugs))


def line(option: str, text: str) -> str:
    """Words on one line, without further spaces.

    A usage error for none, and for characters with which a file of ours could not be read again.
    """
    from letters.source.text import odd_in

    words = " ".join(text.split())
    if odd := odd_in(words):
        raise click.UsageError(f"{option}: {odd[0].sentence}")
    if words.startswith("-"):
        raise click.UsageError(f"{option} needs words, and {words} is an option")
    if not (words and words.isprintable()) or len(text.strip().splitlines()) > 1:
        raise click.UsageError(f"{option} needs words, on one line")
    return words


def person(name: str) -> str:
    """Whose word it is, as `line` gives it. A usage error where it is nobody's name."""
    words = line("--by", name)
    if not any(map(str.isalpha, words)):
        raise click.UsageError("say whose word it is: a person's name has letters: --by NAME")
    return words


def _forget_output() -> None:
    """Send what could not be printed nowhere, or Python tries again when it ends, and complains."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
