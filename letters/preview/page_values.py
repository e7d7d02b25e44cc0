"""What all pages of the preview say, and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from letters.errors import Place, Problem
from letters.preview.desk import Desk
from letters.preview.listing import ODDEST, Wanted
from letters.source.text import read_text
from letters.wording import counted, numbered

Values = Mapping[str, Any]

_AROUND = 2  #: lines shown above and below a problem's
_MOST_EXCERPTS = 8


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """What an address asks for; whatever it does not say is as it is at first."""
    return Wanted(
        query.get("q", ""),
        query.get("mark", ""),
        query.get("group", ""),
        query.get("order", ODDEST),
    )


def query_of(wanted: Wanted) -> str:
    """The part of an address that asks for it: "?mark=zero", or "" for what is shown at first."""
    order = "" if wanted.order == ODDEST else wanted.order
    values = {"q": wanted.words, "mark": wanted.mark, "group": wanted.group, "order": order}
    given = {key: value for key, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def address_of_list(year: str) -> str:
    """Where the list of a year's letters is: "/2020/"."""
    return f"/{quote(year, safe='')}/"


def address_of_letter(year: str, slug: str) -> str:
    """Where one letter is: "/2020/letters/maidstone-borough-council"."""
    return f"{address_of_list(year)}letters/{quote(slug, safe='')}"


def frame(desk: Desk, wanted: Wanted, here: str) -> Values:
    """What every page says."""
    errors, unfinished = desk.view.errors, desk.view.unfinished
    letters = "no letters can be shown"
    if desk.view.shown:
        letters = "the letters below are as they were before"
    if desk.view.edition:
        letters = "letters that it stops are as they were before, if they were ever sound"
    return {
        "build": desk.view.build,
        "year": desk.year,
        "home": address_of_list(desk.year),
        "query": query_of(wanted),
        "wanted": wanted,
        "here": here,
        "errors": [
            shown_problem(desk.root, problem, index) for index, problem in enumerate(errors)
        ],
        "error_count": len(errors),
        "errors_heading": f"{numbered(len(errors), 'error')}: {letters}",
        "unfinished": [
            shown_problem(desk.root, problem, index) for index, problem in enumerate(unfinished)
        ],
        "unfinished_heading": f"Before letters can be made: {counted(unfinished, ' and ')}",
    }


def excerpt(root: Path, place: Place) -> list[dict[str, Any]]:
    """The lines around a place in one of our files; none when it has none that can be read."""
    text = read_text(root, place.file) if place.file.startswith(("data/", "templates/")) else None
    lines = text.splitlines() if isinstance(text, str) else []
    first = max(0, place.line - 1 - _AROUND)
    return [
        {"number": number, "text": line[:2000], "here": number == place.line}
        for number, line in enumerate(lines[first : place.line + _AROUND], start=first + 1)
    ]


def shown_problem(root: Path, problem: Problem, index: int) -> dict[str, Any]:
    """A problem as a page tells it; the first few, by `index`, with the lines around their places."""
    return {
        "place": str(problem.place),
        "severity": problem.severity,
        "field": problem.field,
        "sentence": problem.sentence,
        "hint": problem.hint,
        "excerpt": excerpt(root, problem.place) if index < _MOST_EXCERPTS else [],
    }
