"""Problems as a command lists them: on a terminal the gravest first, with the line that is meant.

Elsewhere they are printed as programs know them: `file:line:column: severity: ...`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from letters.cli.face import COLOURS, as_typed, echo, given, is_terminal, say, severity_word, width
from letters.errors import Problem, Severity
from letters.wording import counted

MOST = 20  #: problems that are listed on a terminal, unless all are asked for
_MOST_PLACES = 6  #: where one problem stands several times
_WIDEST = 100  #: cells of a sentence: longer lines are hard to read
_INDENT = "    "

Groups = list[list[Problem]]


def show_problems(problems: Sequence[Problem], err: bool = False, everything: bool = False) -> None:
    """Print problems: on a terminal the gravest first, with the line that is meant.

    A command in a hint is put as it can be typed; what is quoted from a file stays as it is.
    """
    if not is_terminal(err):
        for problem in problems:
            echo(replace(problem, hint=as_typed(problem.hint)), err)
        return
    groups, left, held = _sorted_out(problems, everything)
    for line in _listing(groups, given().get("root", Path()), width()):
        echo(line, err)
    if left:
        say(f"and {counted(left)} more", err=err)
    if held:
        say(f"held back, for it may follow from the errors: {counted(held)}", err=err)
    if left or held:
        say(f"    all of it: letters check {given().get('year', 'YEAR')} --all\n", err=err)


def _listing(groups: Groups, root: Path, wide: int) -> Iterator[str]:
    """Problems on lines of so many cells, a blank line behind each."""
    for group in groups:
        yield from _told(group, root, wide)
        yield ""


def _sorted_out(
    problems: Sequence[Problem], everything: bool
) -> tuple[Groups, list[Problem], list[Problem]]:
    """What is listed, the gravest first and alike ones together; what is too much; what is held back."""
    held = [] if everything else held_back(problems)
    waiting, gravity = set(map(id, held)), list(Severity)
    groups = _alike(
        sorted(
            (one for one in problems if id(one) not in waiting),
            key=lambda one: (gravity.index(one.severity), not one.stops),
        )
    )
    most = len(groups) if everything else MOST
    return groups[:most], [one for group in groups[most:] for one in group], held


def held_back(problems: Iterable[Problem]) -> list[Problem]:
    """Those that wait until the errors are mended: notices, and warnings that may follow from one."""
    problems = tuple(problems)
    errors = [one for one in problems if one.severity is Severity.ERROR]
    lines = {_line(one) for one in errors}
    authorities = {one.authority for one in errors if one.authority}

    def waits(one: Problem) -> bool:
        if one.severity is Severity.WARNING:
            return one.authority in authorities or _line(one) in lines
        return one.severity is Severity.NOTICE

    return [one for one in problems if waits(one)] if errors else []


def _line(problem: Problem) -> tuple[str, str, int]:
    return problem.place.file, problem.place.sheet, problem.place.line


def _alike(problems: Iterable[Problem]) -> Groups:
    """The same said of several places of a file, together, in the order of the first ones."""
    groups = dict[tuple[str, ...], list[Problem]]()
    for one in problems:
        key = (one.severity, one.code, one.place.file, one.place.sheet, one.sentence, one.hint)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _told(group: Sequence[Problem], root: Path, wide: int) -> Iterator[str]:
    """One problem, the first of those that are alike."""
    one, *others = group
    narrow = min(wide, _WIDEST)
    subject = one.field or one.authority
    said = f"{subject}: {one.sentence}" if subject else one.sentence
    start, *rest = _wrapped(f"{one.severity}: {said}", "", narrow)
    start = start.replace(f"{one.severity}:", severity_word(one.severity), 1)
    if subject:
        start = start.replace(f"{subject}:", click.style(f"{subject}:", bold=True), 1)
    yield start
    yield from rest
    if one.place.file:
        where = one.place.file if _is_whole(one) else str(one.place)
        yield f"{_INDENT}{click.style(where, dim=True)}"
    yield from _excerpt(one, root, wide)
    if places := list(dict.fromkeys(_where(other) for other in others)):
        more = len(places) - _MOST_PLACES
        known = [*places[:_MOST_PLACES], *([f"{more} more"] if more > 0 else [])]
        yield from _wrapped(f"also: {', '.join(known)}", _INDENT, narrow)
    if one.hint:
        first, *rest = _hint(f"hint: {one.hint}", narrow)
        yield first.replace("hint:", click.style("hint:", fg="green"), 1)
        yield from rest


def _excerpt(problem: Problem, root: Path, wide: int) -> Iterator[str]:
    """The line that is meant, marked; nothing for a file as a whole."""
    from letters.cli.marked import marked
    from letters.source.excerpts import excerpt_at

    place = problem.place
    if _is_whole(problem):
        return
    if found := excerpt_at(root, place, problem.value):
        number = str(place.line)
        line, marks = marked(found, wide - len(number) - len(_INDENT) - 3)
        bar = click.style("|", dim=True)
        yield f"{_INDENT}{click.style(number, dim=True)} {bar} {line}"
        mark = click.style(marks.strip(), fg=COLOURS[problem.severity], bold=True)
        yield f"{_INDENT}{' ' * len(number)} {bar} {marks[: -len(marks.strip())]}{mark}"


def _is_whole(problem: Problem) -> bool:
    """Whether a file as a whole is meant, or a folder."""
    place = problem.place
    return not (place.sheet or problem.field) and (place.line, place.column) == (1, 1)


def _where(problem: Problem) -> str:
    """In the same file."""
    place = problem.place
    at = place.cell if place.sheet else f"line {place.line}"
    subject = problem.field or problem.authority
    return f"{subject} ({at})" if subject else at


def _hint(text: str, wide: int) -> list[str]:
    """On lines that are no longer, but for what is to be typed, which is left whole.

    A terminal breaks it, and gives it back in one piece.
    """
    from letters.typed import tells_command

    return [f"{_INDENT}{as_typed(text)}"] if tells_command(text) else _wrapped(text, _INDENT, wide)


def _wrapped(text: str, indent: str, wide: int) -> list[str]:
    """On lines that are no longer, but for words that are; what goes on is set in."""
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(
            part,
            wide,
            initial_indent=indent,
            subsequent_indent=f"{indent}{_INDENT}",
            break_long_words=False,
            break_on_hyphens=False,
        )
        or [""]
    ]
