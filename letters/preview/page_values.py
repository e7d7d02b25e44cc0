"""What each page of the preview says, as plain values for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from letters.check import Edition
from letters.errors import LetterError, LettersError, Place, Problem, Severity
from letters.intake.provenance import supplies_of
from letters.mail.approvals import Standing, standing
from letters.mail.approved import changes
from letters.mail.envelope import Envelope, envelope_of, size_shown
from letters.mail.message import pdf_name
from letters.mail.parcels import Parcel, parcels
from letters.preview import provenance
from letters.preview.desk import Desk, Shown, View
from letters.preview.edition import NOTHING_KNOWN
from letters.preview.listing import BY_GROUP, BY_NAME, ODDEST, Row, Wanted, arranged, rows_of
from letters.preview.marks import MARKS
from letters.preview.proofs import Proofs
from letters.source.text import read_text
from letters.typesetting.formats import day
from letters.typesetting.html import MailWords
from letters.wording import counted, numbered, spaced

Values = Mapping[str, Any]

TABS = (("", "Letter"), ("pages", "Pages"), ("email", "E-mail"), ("figures", "Figures"))
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
        "errors": [_problem(desk.root, problem, index) for index, problem in enumerate(errors)],
        "error_count": len(errors),
        "errors_heading": f"{numbered(len(errors), 'error')}: {letters}",
        "unfinished": [
            _problem(desk.root, problem, index) for index, problem in enumerate(unfinished)
        ],
        "unfinished_heading": f"Before letters can be made: {counted(unfinished, ' and ')}",
    }


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
        "remarks": [_problem(desk.root, problem, index) for index, problem in enumerate(remarks)],
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


def letter(desk: Desk, proofs: Proofs, wanted: Wanted, slug: str, shown: Shown, tab: str) -> Values:
    """What every view of one letter says. Raises KeyError when it is no longer in the list."""
    rows = listed(desk.view, proofs, wanted.order)
    row = {row.slug: row for row in rows}[slug]
    chosen = [one.slug for one in rows if wanted.holds(one) or one.slug == slug]
    index, query = chosen.index(slug), query_of(wanted)
    beside = {"previous": chosen[:index][-1:], "next": chosen[index + 1 :][:1]}
    group = f"{row.peer_group.capitalize()} authority" if row.peer_group else "In no peer group"
    selection = " in this selection" if query else ""
    told = {problem.place for problem in desk.view.errors}
    faults = [fault for fault in shown.faults if fault.place not in told]
    own = [
        problem
        for problem in desk.view.problems
        if problem.severity is not Severity.ERROR and problem.authority == slug
    ]
    return {
        **frame(desk, wanted, "letter"),
        "slug": slug,
        "name": row.name,
        "place_in_list": f"{group}. Letter {index + 1} of {len(chosen)}{selection}.",
        "marks": row.marks,
        **{
            key: "".join(f"{_view(desk.year, other, tab)}{query}" for other in others)
            for key, others in beside.items()
        },
        "tabs": [
            {
                "address": f"{_view(desk.year, slug, name)}{query}",
                "label": label,
                "here": name == tab,
            }
            for name, label in TABS
        ],
        "remarks": [_problem(desk.root, problem, 0) for problem in (*faults, *own)],
        "address": f"{address_of_letter(desk.year, slug)}/",
    }


def _view(year: str, slug: str, tab: str) -> str:
    return address_of_letter(year, slug) + (f"/{tab}" if tab else "")


def figures(view: View, shown: Shown, slug: str) -> Values:
    """Where every number comes from: those of now, also while a template is broken.

    The first time it reads the workbook of a case list, if it is at hand.
    """
    now = view.shown
    edition = now if now and slug in now.campaign.statistics else shown.edition
    campaign, figures = edition.campaign, edition.drafts.writer.figures[slug]
    return {
        "workings": provenance.workings(campaign, slug, figures),
        "counts": provenance.counts(
            campaign, slug, supplies_of(edition.drafts.root, campaign.year, edition.lock, slug)
        ),
        "facts": provenance.facts(campaign),
    }


def email(shown: Shown, slug: str) -> Values:
    """The message as it would go out, as far as it can be made; reads the files with it."""
    edition, missing = shown.edition, []
    envelope, fault = _envelope(edition, slug)
    if envelope.recipients is None:
        missing.append("The contacts have no address of its chief executive, so it cannot be sent.")
    if edition.office is None:
        missing.append("data/office.yaml is missing or has errors, so there is no sender.")
    missing += [f"{one.place.file}: {one.sentence}" for one in edition.folders[slug].problems]
    missing += [fault] if fault else []
    words, parcel = envelope.words, _parcel(edition, slug)
    if words is None and not fault:
        templates = "the templates email.subject, email.text and email.html are missing"
        missing.append(f"There are no words for it: {templates}.")
    return {
        "missing": missing,
        "sender": f"{envelope.sender} <{envelope.sent_from}>" if envelope.sent_from else "",
        "reply_to": envelope.reply_to,
        "to": envelope.recipients.to if envelope.recipients else "",
        "copies": [
            {"role": role, "address": address}
            for role, address in (envelope.recipients.copies if envelope.recipients else ())
        ],
        "subject": words.subject if words else "",
        "text": words.text if words else "",
        "pdf": _letter_file(parcel),
        "files": [{"name": one.name, "size": size_shown(one.size)} for one in envelope.enclosed],
        "changed": _changed(edition, slug, parcel),
    }


def _parcel(edition: Edition, slug: str) -> Parcel | None:
    """A letter as it would go out; None where it is not built as it would be now."""
    if edition.office is None:
        return None
    with suppress(LettersError, OSError):  # what hinders it is told elsewhere
        files = {slug: edition.files(slug)}
        return parcels(edition.drafts, edition.office, files, (slug,)).ready.get(slug)
    return None


def _letter_file(parcel: Parcel | None) -> Values | None:
    """The PDF as it would be called, and its size."""
    if parcel is None:
        return None
    return {"name": pdf_name(parcel.told.title), "size": size_shown(parcel.size)}


def _changed(edition: Edition, slug: str, parcel: Parcel | None) -> list[str]:
    """What has changed since the letter was approved."""
    given = (edition.approvals or {}).get(slug, ())
    needed = edition.campaign.approvers_of(slug)
    if parcel is None or standing(parcel.seal, {slug: given}, needed) is Standing.APPROVED:
        return []
    words, root = edition.draft(slug).markup.words, edition.drafts.root
    return list(changes(root, edition.campaign.year, parcel, words, given))


def shown_mail(shown: Shown, slug: str) -> MailWords | None:
    """What the e-mail says, None when it cannot be written."""
    return _envelope(shown.edition, slug)[0].words


def _envelope(edition: Edition, slug: str) -> tuple[Envelope, str]:
    """What goes along with a letter, as far as it can be made, and what hinders the rest."""
    files, fault = edition.files(slug), ""
    for along, written in ((files, True), (files, False), ((), False)):
        try:
            return envelope_of(edition.drafts, edition.office, slug, along, written), fault
        except LetterError as error:
            fault = str(error)
        except OSError as error:  # a file that went since the folder was looked at
            fault = f"{error.filename}: {error.strerror}"
    raise AssertionError("without words and files it can always be made")


def excerpt(root: Path, place: Place) -> list[dict[str, Any]]:
    """The lines around a place in one of our files; none when it has none that can be read."""
    text = read_text(root, place.file) if place.file.startswith(("data/", "templates/")) else None
    lines = text.splitlines() if isinstance(text, str) else []
    first = max(0, place.line - 1 - _AROUND)
    return [
        {"number": number, "text": line[:2000], "here": number == place.line}
        for number, line in enumerate(lines[first : place.line + _AROUND], start=first + 1)
    ]


def _problem(root: Path, problem: Problem, index: int) -> dict[str, Any]:
    return {
        "place": str(problem.place),
        "severity": problem.severity,
        "field": problem.field,
        "sentence": problem.sentence,
        "hint": problem.hint,
        "excerpt": excerpt(root, problem.place) if index < _MOST_EXCERPTS else [],
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
