"""What the list of letters and the contact sheet say, as plain values for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from letters.errors import LetterError, Problem, Severity
from letters.mail.stages import Stage, Stand
from letters.preview.desk import Desk, View
from letters.preview.edition import NOTHING_KNOWN
from letters.preview.listing import (
    BY_GROUP,
    BY_NAME,
    BY_STAGE,
    FAR_ABOVE,
    FAR_BELOW,
    HIGHEST,
    LOWEST,
    ODDEST,
    Cell,
    Row,
    Wanted,
    arranged,
    rows_of,
)
from letters.preview.marks import MARKS, Mark, Tone, chips
from letters.preview.page_values import (
    Values,
    address_of_letter,
    address_of_list,
    frame,
    query_of,
    shown_problem,
    version_of,
)
from letters.preview.proofs import Proofs
from letters.typesetting.formats import day
from letters.wording import capital, counted, numbered, spaced

_WAYS = (
    (HIGHEST, "highest"),
    (LOWEST, "lowest"),
    (FAR_ABOVE, "far above"),
    (FAR_BELOW, "far below"),
)
_LONGEST_WHY = 22  #: characters that the column of the state has room for
#: what has changed, by the first word of why a letter is to be built
_CHANGED = {
    "statistics:": "statistics",
    "letter.yaml:": "letter.yaml",
    "template": "template",
    "file": "file",
    "contact": "contact",
    "bespoke": "paragraph",
    "letters": "engine",
}
_LONGEST_REASON = 240  #: characters; a letter's own page has all of them


def listed(view: View, proofs: Proofs, order: str) -> tuple[Row, ...]:
    """The rows of what is shown, in an order; none when there is nothing to show."""
    return _listed(view, proofs, proofs.made, order)


@lru_cache(maxsize=8)
def _listed(view: View, proofs: Proofs, made: int, order: str) -> tuple[Row, ...]:
    """They stay the same until the view changes or one more proof is finished.

    What proofs tell is shown and does not change the order, which would turn under a reader's hands;
    but letters that fail come first.
    """
    if view.shown is None:
        return ()
    survey, campaign = view.survey or NOTHING_KNOWN, view.shown.campaign
    figures = view.shown.drafts.writer.figures
    known, errors = proofs.pages, proofs.errors
    proofed = {slug: known[key] for slug, key in survey.fingerprints.items() if key in known}
    failed = tuple(
        _first_of(errors[key], slug) for slug, key in survey.fingerprints.items() if key in errors
    )
    plain = arranged(
        rows_of(campaign, figures, view.problems, survey.lengths, survey.pages, survey.stands),
        order,
    )
    pages = {**survey.pages, **proofed}
    known_now = (*view.problems, *failed)
    stands = survey.with_failures(errors, view.errors).stands
    full = rows_of(campaign, figures, known_now, survey.lengths, pages, stands)
    shown = {row.slug: row for row in full}
    rows = [shown[row.slug] for row in plain]
    if order == ODDEST:  # what fails comes first, whenever that shows
        rows.sort(key=lambda row: "problem" not in row.keys)
    return tuple(rows)


def _first_of(error: LetterError, slug: str) -> Problem:
    """The first thing that is wrong with a letter's pages, and how many more there are."""
    first, *others = error.problems
    more = f"; and {numbered(len(others), 'fault')} more" if others else ""
    return replace(first, authority=slug, sentence=f"{first.sentence}{more}")


def campaign(desk: Desk, proofs: Proofs, wanted: Wanted) -> Values:
    """The list of letters."""
    view = desk.view
    rows = listed(view, proofs, wanted.order)
    remarks = [problem for problem in view.problems if problem.severity is not Severity.ERROR]
    return {
        **frame(desk, wanted, "campaign"),
        "summary": _summary(view, rows),
        "choices": _choices(view, rows, wanted),
        "columns": _columns(desk.year, view, wanted),
        "rows": [_row(desk, row, wanted) for row in rows],
        "remarks": [shown_problem(desk, problem, index) for index, problem in enumerate(remarks)],
        "remarks_heading": counted(remarks, " and "),
        "accepted": [
            {"code": one.code, "authority": one.authority, "place": str(one.place)}
            for one in (view.now.accepted if view.now else ())
        ],
    }


def sheet(desk: Desk, proofs: Proofs, wanted: Wanted) -> Values:
    """The contact sheet: the same letters, as pictures."""
    view = desk.view
    rows = listed(view, proofs, wanted.order)
    return {
        **frame(desk, wanted, "sheet"),
        "choices": _choices(view, rows, wanted),
        "rows": [_row(desk, row, wanted) for row in rows],
    }


def _columns(year: str, view: View, wanted: Wanted) -> list[dict[str, Any]]:
    """The heads of the columns of figures: what each is, and the orders that it leads to."""
    measures = view.shown.campaign.letter.measures if view.shown else {}
    return [
        {
            "label": capital(in_words(name)),
            "figure": order_link(year, wanted, (f"{HIGHEST}{name}", f"{LOWEST}{name}")),
            "distance": order_link(year, wanted, (f"{FAR_BELOW}{name}", f"{FAR_ABOVE}{name}"))
            if measure.compared
            else None,
        }
        for name, measure in measures.items()
    ]


def order_link(year: str, wanted: Wanted, orders: tuple[str, str]) -> dict[str, str]:
    """A link to the first of two orders that are each other's reverse, or to the other one from it.

    `sorted` says which of them the list is in, in the words of `aria-sort`, "" for neither.
    """
    first, second = orders
    order = second if wanted.order == first else first
    descends = wanted.order.startswith((HIGHEST, FAR_ABOVE))
    return {
        "order": order,
        "address": address_of_list(year) + query_of(replace(wanted, order=order)),
        "sorted": ("descending" if descends else "ascending") if wanted.order in orders else "",
    }


def _row(desk: Desk, row: Row, wanted: Wanted) -> dict[str, Any]:
    versions = desk.view.survey.fingerprints if desk.view.survey else {}
    shown, more = chips(row.marks)
    why = row.stand.why if row.stand else ""
    told = reasons(row.marks, why if len(why) > _LONGEST_WHY else "")
    is_more = shown and (more or len(why) > _LONGEST_WHY or any(mark.short for mark in shown))
    return {
        "slug": row.slug,
        "address": address_of_letter(desk.year, row.slug),
        "version": version_of(versions.get(row.slug, "")),
        "name": row.name,
        "group": row.peer_group,
        "text": row.search_text,
        "marked": " ".join(row.keys),
        "wanted": wanted.holds(row),
        "cells": [_cell(cell) for cell in row.cells],
        "chips": [{"name": mark.name, "tone": mark.tone, "key": mark.key} for mark in shown],
        "more": more,
        "reasons": told if is_more else [],
        "stage": row.stand.stage.key if row.stand else "",
        "stages": " ".join(row.stages),
        "stage_label": str(row.stand.stage) if row.stand else "",
        "stage_why": why,
        "stage_briefly": briefly(row.stand) if row.stand else "",
    }


@lru_cache(maxsize=8192)  # of each letter and measure
def _cell(cell: Cell) -> Values:
    return {
        "value": cell.value,
        "average": cell.average,
        "fill": per_cent(cell.share),
        "tick": per_cent(cell.average_share),
        "is_none": cell.exact is None,
        "is_number": cell.exact_average is not None,
    }


def briefly(stand: Stand) -> str:
    """Why a letter is where it is, as far as the column of the state has room for it.

    What makes it to be built: "statistics changed", where it would be told value by value.
    """
    if stand.stage is not Stage.BUILD or len(stand.why) <= _LONGEST_WHY:
        return stand.why
    what = _CHANGED.get(stand.why.split()[0])
    return f"{what} changed" if what else stand.why


def per_cent(share: Fraction | None) -> str:
    """A part of a bar as its picture wants it: "63.6%", "" for none."""
    return "" if share is None else f"{float(100 * share):.3g}%"


def reasons(marks: Sequence[Mark], why: str = "") -> list[str]:
    """What marks say in full, and `why` the letter is where it is; a very long one is cut."""
    said = (why, *(mark.reason for mark in marks if mark.tone is not Tone.STATE))
    told = dict.fromkeys(filter(None, said))
    return [
        one if len(one) <= _LONGEST_REASON else f"{one[:_LONGEST_REASON].rstrip()}…" for one in told
    ]


def _choices(view: View, rows: Sequence[Row], wanted: Wanted) -> list[dict[str, Any]]:
    """The lists to choose from above the letters, with how many letters each choice has."""
    marks, groups = (
        Counter(key for row in rows for key in row.keys),
        Counter(row.peer_group for row in rows),
    )
    mark_options = [("", "any mark")] + [
        (key, f"{mark.label} ({marks[key]})") for key, mark in MARKS.items() if marks[key]
    ]
    known = view.shown.campaign.peer_groups if view.shown else ()
    group_options = [("", "all peer groups")] + [
        (name, f"{name} ({groups[name]})") for name in known if groups[name]
    ]
    group_options += [("none", f"no peer group ({groups['']})")] if groups[""] else []
    measures = view.shown.campaign.letter.measures if view.shown else None
    orders = [(ODDEST, "oddest first"), (BY_NAME, "name"), (BY_GROUP, "peer group")]
    orders += [
        (f"{before}{name}", f"{in_words(name)}, {word}")
        for name, measure in (measures or {}).items()
        for before, word in _WAYS
        if measure.compared or ":" not in before
    ]
    orders.append((BY_STAGE, "state"))
    return [
        _choice("Mark", "mark", mark_options, wanted.mark),
        _choice("Peer group", "group", group_options, wanted.group),
        _choice("Order", "order", orders, wanted.order),
    ]


def _choice(
    label: str, name: str, options: Iterable[tuple[str, str]], chosen: str
) -> dict[str, Any]:
    values = [{"value": value, "label": text} for value, text in options]
    if chosen not in [option["value"] for option in values]:
        values.append({"value": chosen, "label": chosen})
    return {"label": label, "name": name, "options": values, "chosen": chosen}


def _summary(view: View, rows: Sequence[Row]) -> str:
    if view.shown is None:
        return "No letters can be shown before the errors above are mended."
    letter = view.shown.campaign.letter
    marked = sum(1 for row in rows if any(mark.weight for mark in row.marks if mark.key))
    letters = f"{numbered(len(rows), 'letter')} dated {day(letter.letter_date)}"
    return f"{letters}. {marked or 'None'} of them {'has' if marked == 1 else 'have'} something to look at."


def in_words(measure: str) -> str:
    """A measure's name as words, its large numbers with commas: upheld per 100,000."""
    words = spaced(measure).split()
    return " ".join(f"{int(word):,}" if word.isdecimal() else word for word in words)
