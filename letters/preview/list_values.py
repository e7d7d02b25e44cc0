"""What the list of letters and the contact sheet say, as plain values for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from letters.errors import LetterError, Problem, Severity
from letters.preview.desk import Desk, View
from letters.preview.edition import NOTHING_KNOWN
from letters.preview.listing import BY_GROUP, BY_NAME, ODDEST, Row, Wanted, arranged, rows_of
from letters.preview.marks import MARKS
from letters.preview.page_values import Values, address_of_letter, frame, shown_problem
from letters.preview.proofs import Proofs
from letters.typesetting.formats import day
from letters.wording import counted, numbered, spaced


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
        rows_of(campaign, figures, view.problems, survey.lengths, survey.pages, survey.standings),
        order,
    )
    pages = {**survey.pages, **proofed}
    known_now = (*view.problems, *failed)
    full = rows_of(campaign, figures, known_now, survey.lengths, pages, survey.standings)
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
    shown = view.shown
    measures = [_capital(spaced(name)) for name in shown.campaign.letter.measures] if shown else []
    return {
        **frame(desk, wanted, "campaign"),
        "heading": "Specimen letters"
        if shown and shown.campaign.letter.specimen
        else f"Letters of {desk.year}",
        "summary": _summary(view, rows),
        "choices": _choices(view, rows, wanted),
        "measures": measures,
        "rows": [_row(desk.year, row, wanted, measures) for row in rows],
        "remarks": [
            shown_problem(desk.root, problem, index) for index, problem in enumerate(remarks)
        ],
        "remarks_heading": counted(remarks, " and "),
    }


def sheet(desk: Desk, proofs: Proofs, wanted: Wanted) -> Values:
    """The contact sheet: the same letters, as pictures."""
    view = desk.view
    rows = listed(view, proofs, wanted.order)
    versions = view.survey.fingerprints if view.survey else {}
    return {
        **frame(desk, wanted, "sheet"),
        "choices": _choices(view, rows, wanted),
        "rows": [
            {**_row(desk.year, row, wanted, []), "version": versions.get(row.slug, "")[:16]}
            for row in rows
        ],
    }


def _row(year: str, row: Row, wanted: Wanted, measures: Sequence[str]) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "address": address_of_letter(year, row.slug),
        "name": row.name,
        "group": row.peer_group,
        "text": row.search_text,
        "marked": " ".join(row.keys),
        "wanted": wanted.holds(row),
        "cells": [
            {"label": label, "value": cell.value, "average": cell.average}
            for label, cell in zip(measures, row.cells, strict=False)
        ],
        "marks": row.marks,
    }


def _choices(view: View, rows: Sequence[Row], wanted: Wanted) -> list[dict[str, Any]]:
    """The lists to choose from above the letters, with how many letters each choice has."""
    marks, groups = (
        Counter(key for row in rows for key in row.keys),
        Counter(row.peer_group for row in rows),
    )
    mark_options = [("", "any")] + [
        (key, f"{label} ({marks[key]})") for key, (label, _) in MARKS.items() if marks[key]
    ]
    known = view.shown.campaign.peer_groups if view.shown else ()
    group_options = [("", "all")] + [
        (name, f"{name} ({groups[name]})") for name in known if groups[name]
    ]
    group_options += [("none", f"none ({groups['']})")] if groups[""] else []
    measures = view.shown.campaign.letter.measures if view.shown else ()
    orders = [(ODDEST, "oddest first"), (BY_NAME, "name"), (BY_GROUP, "peer group")]
    orders += [
        (f"{sign}{name}", f"{spaced(name)}, {word} first")
        for name in measures
        for sign, word in (("-", "highest"), ("", "lowest"))
    ]
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
    return (
        f"{numbered(len(rows), 'letter')} dated {day(letter.letter_date)}, {marked} of them marked."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
