"""What all pages of the preview say, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from letters.errors import Place, Problem
from letters.mail.stages import Stage, Status, Step
from letters.preview.desk import Desk
from letters.preview.listing import ODDEST, Wanted
from letters.source import excerpts
from letters.wording import counted, numbered

Values = Mapping[str, Any]

_AROUND = 2  #: lines shown above and below a problem's
_MOST_EXCERPTS = 8
_ALWAYS = (Stage.MEND, Stage.APPROVE, Stage.READY, Stage.SENT)  #: shown when there are none, too
_AT_FIRST = (*_ALWAYS, Stage.BUILD)  #: before they are counted; mostly some are to be built
_LONGEST_LINE = 2000  #: characters of a line that are shown


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """What an address asks for; whatever it does not say is as it is at first."""
    return Wanted(
        query.get("q", ""),
        query.get("mark", ""),
        query.get("group", ""),
        query.get("order", ODDEST),
        query.get("stage", ""),
    )


def query_of(wanted: Wanted) -> str:
    """The part of an address that asks for it: "?mark=zero", or "" for what is shown at first."""
    order = "" if wanted.order == ODDEST else wanted.order
    values = {"stage": wanted.stage, "q": wanted.words, "mark": wanted.mark, "group": wanted.group}
    values["order"] = order
    given = {key: value for key, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def address_of_list(year: str) -> str:
    """Where the list of a year's letters is: "/2020/"."""
    return f"/{quote(year, safe='')}/"


def address_of_letter(year: str, slug: str) -> str:
    """Where one letter is: "/2020/letters/maidstone-borough-council"."""
    return f"{address_of_list(year)}letters/{quote(slug, safe='')}"


def version_of(fingerprint: str) -> str:
    """What tells one version of a letter's pages from another, in addresses and in what was seen."""
    return fingerprint[:16]


def frame(desk: Desk, wanted: Wanted, here: str) -> Values:
    """What every page says."""
    errors, unfinished = desk.view.errors, desk.view.unfinished
    letters = "no letters can be shown"
    if desk.view.shown:
        letters = "the letters below are as they were before"
    if desk.view.edition:
        stops = "it stops" if len(errors) == 1 else "they stop"
        letters = f"letters that {stops} are shown as drafts, or as they last were"
    return {
        "build": desk.view.build,
        "year": desk.year,
        "home": address_of_list(desk.year),
        "query": query_of(wanted),
        "wanted": wanted,
        "here": here,
        "strip": _strip(desk, wanted),
        "next_step": _next_step(desk),
        "trouble": [desk.typed(one) for one in _trouble(desk)],
        "errors": [shown_problem(desk, problem, index) for index, problem in enumerate(errors)],
        "error_count": len(errors),
        "errors_heading": f"{numbered(len(errors), 'error')}: {letters}",
        "unfinished": [
            shown_problem(desk, problem, index) for index, problem in enumerate(unfinished)
        ],
        "unfinished_heading": f"Before letters can be made: {counted(unfinished, ' and ')}",
    }


def _strip(desk: Desk, wanted: Wanted) -> list[dict[str, Any]]:
    """The stages of the year, each with how many letters are there, and what shows them alone."""
    status, home = _status(desk), address_of_list(desk.year)
    is_known = desk.status is not None
    return [
        {
            "key": kind.key,
            "label": str(kind),
            "count": count if is_known else "–",
            "empty": not count,
            "bad": kind.is_bad and count > 0,
            "here": wanted.stage == kind.key,
            "address": home
            + query_of(replace(wanted, stage="" if wanted.stage == kind.key else kind.key)),
        }
        for kind, count in status.counts.items()
        if count or kind in (_ALWAYS if is_known else _AT_FIRST) or wanted.stage == kind.key
    ]


def _next_step(desk: Desk) -> Values | None:
    """What to do next, and the command for it as it is typed here; None while that is not known."""
    errors, status = desk.view.errors, desk.status
    if errors and not (status and status.errors):  # of which where letters stand does not tell yet
        step = Step(f"{numbered(len(errors), 'error')} to mend", ("check", desk.year))
    elif status:
        step = status.next
    else:
        return None
    command = desk.typing.command(*step.command) if step.command else ""
    return {"sentence": step.sentence, "command": command}


def _trouble(desk: Desk) -> tuple[str, ...]:
    """Why where letters stand cannot be told in full."""
    return _status(desk).trouble


def _status(desk: Desk) -> Status:
    return desk.status or Status(desk.year)


def excerpt(
    root: Path, place: Place, value: str = "", also: Sequence[Place] = ()
) -> list[dict[str, Any]]:
    """The lines around a place in one of our files; none when it has none that can be read.

    In its line the word that is meant is marked, or the `value` where it is that which stands there,
    and what is at other places of that line.
    """
    ours = place.file.startswith(("data/", "templates/"))
    if not ours or (text := excerpts.text_at(root, place)) is None:
        return []
    spans = [_span(text, place, value), *(_span(text, one) for one in also)]
    return [
        {
            "number": number,
            "text": line[:_LONGEST_LINE],
            "here": number == place.line,
            "pieces": _pieces(line[:_LONGEST_LINE], spans if number == place.line else ()),
        }
        for number, line in excerpts.lines_around(text, place, _AROUND)
    ]


def _span(text: str, place: Place, value: str = "") -> tuple[int, int]:
    """Where in its line the meant word begins and ends; nowhere for a file as a whole."""
    found = excerpts.excerpt(text, place, value)
    if found is None or (place.line, place.column) == (1, 1):
        return 0, 0
    return found.start, found.end


def _pieces(line: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A line cut where what is marked in it begins and ends, each piece with whether it is marked."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if at <= start < min(end, len(line)):
            pieces += [(line[at:start], False), (line[start:end], True)]
            at = end
    return [(text, marked) for text, marked in (*pieces, (line[at:], False)) if text]


def shown_problem(desk: Desk, problem: Problem, index: int) -> dict[str, Any]:
    """A problem as a page tells it; the first few, by `index`, with the lines around their places."""
    return {
        "place": str(problem.place),
        "placed": (problem.place.line, problem.place.column)
        != (1, 1),  # else all of the file is meant
        "severity": problem.severity,
        "field": problem.field,
        "sentence": problem.sentence,
        "hint": desk.typed(problem.hint),
        "excerpt": excerpt(desk.root, problem.place, problem.value)
        if index < _MOST_EXCERPTS
        else [],
    }
