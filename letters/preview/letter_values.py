"""What each view of one letter says, as plain values for its template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from letters.check import Edition
from letters.errors import LetterError, LettersError, Problem, Severity
from letters.intake.around import around
from letters.intake.provenance import supplies_of
from letters.mail.approvals import standing
from letters.mail.approved import changes
from letters.mail.envelope import Envelope, envelope_of, size_shown
from letters.mail.message import pdf_name
from letters.mail.parcels import Parcel, parcels
from letters.mail.stages import Standing
from letters.preview import provenance
from letters.preview.desk import Desk, Shown
from letters.preview.list_values import listed
from letters.preview.listing import Wanted
from letters.preview.marks import Tone
from letters.preview.page_values import (
    Values,
    address_of_letter,
    address_of_list,
    excerpt,
    frame,
    query_of,
    shown_problem,
    version_of,
)
from letters.preview.proofs import Proofs
from letters.preview.provenance import Origin, Working
from letters.preview.sources import source_of
from letters.typesetting.html import MailWords
from letters.wording import counted

#: views by what their address ends with, in the order of the keys 1, 2, 3 ...
TABS = (
    ("", "Pages"),
    ("html", "Screen"),
    ("email", "E-mail"),
    ("figures", "Figures"),
    ("changes", "Changes"),
)


def letter(desk: Desk, proofs: Proofs, wanted: Wanted, slug: str, shown: Shown, tab: str) -> Values:
    """What every view of one letter says. Raises KeyError when it is no longer in the list."""
    rows = listed(desk.view, proofs, wanted.order)
    row = {row.slug: row for row in rows}[slug]
    chosen = [one.slug for one in rows if wanted.holds(one) or one.slug == slug]
    index, query = chosen.index(slug), query_of(wanted)
    beside = {"previous": chosen[:index][-1:], "next": chosen[index + 1 :][:1]}
    group = f"{row.peer_group.capitalize()} authority" if row.peer_group else "In no peer group"
    selection = " in this selection" if query else ""
    remarks, quiet = _remarks(desk, slug, shown)
    told = [mark for mark in row.marks if mark.tone is not Tone.STATE]  # which the stage tells
    return {
        **frame(desk, wanted, "letter"),
        "slug": slug,
        "name": row.name,
        "place_in_list": f"{group}. Letter {index + 1} of {len(chosen)}{selection}.",
        "stand": row.stand,
        "marks": list({mark.key or mark.name: mark for mark in reversed(told)}.values())[::-1],
        "reasons": [mark.reason for mark in told],
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
        "remarks": [shown_problem(desk, problem, n) for n, problem in enumerate(remarks)],
        "remarks_heading": counted(remarks, " and "),
        **_quiet(desk, slug, quiet),
        "address": f"{address_of_letter(desk.year, slug)}/",
        "selection": _selection(desk, shown, slug, chosen, f"{tab and '/'}{tab}{query}"),
    }


def _remarks(desk: Desk, slug: str, shown: Shown) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with a letter and is not told above already, and what is for the record."""
    told = {problem.place for problem in desk.view.errors}
    faults = [fault for fault in shown.faults if fault.place not in told]
    own = [one for one in desk.view.problems if one.authority == slug]
    warnings = [one for one in own if one.severity is Severity.WARNING]
    return [*faults, *warnings], [one for one in own if one.severity is Severity.NOTICE]


def _quiet(desk: Desk, slug: str, notices: list[Problem]) -> Values:
    """Notices, and what somebody has accepted: told in one line, and in full on demand."""
    now = desk.view.now
    accepted = [
        {"sentence": one.sentence, "place": f"{by.place.file}:{by.place.line}"}
        for one in (now.findings.all if now else ())
        if one.authority == slug
        for by in (now.accepted if now else ())
        if by.covers(one)
    ]
    headings = [counted(notices)] if notices else []
    headings += [f"{len(accepted)} accepted"] if accepted else []
    return {
        "notices": [shown_problem(desk, problem, n) for n, problem in enumerate(notices)],
        "accepted": accepted,
        "quiet_heading": ", ".join(headings),
    }


def _selection(desk: Desk, shown: Shown, slug: str, chosen: Sequence[str], view: str) -> str:
    """What the browser needs to find the next letter that was not looked at, as JSON.

    `letters` are the selection in order, each with its version; `before` and `behind` a slug make
    the address of the same view of that letter.
    """
    survey, newest = desk.view.survey, shown.newest
    known = dict(survey.fingerprints) if survey else {}
    if newest:
        known[slug] = newest.entry.fingerprint
    letters = [[one, version_of(known.get(one, ""))] for one in chosen]
    before = f"{address_of_list(desk.year)}letters/"
    told = {"here": slug, "letters": letters, "before": before, "behind": view}
    return json.dumps(told)


def _view(year: str, slug: str, tab: str) -> str:
    return address_of_letter(year, slug) + (f"/{tab}" if tab else "")


def figures(desk: Desk, shown: Shown, slug: str) -> Values:
    """Where every number comes from: those of now, also while a template is broken.

    The first time it reads the workbooks that numbers were imported from, if they are at hand.
    """
    view, root = desk.view, desk.root
    now = view.shown
    edition = now if now and slug in now.campaign.statistics else shown.edition
    campaign, figures = edition.campaign, edition.drafts.writer.figures[slug]
    year, lock = campaign.year, edition.lock
    counts = provenance.counts(campaign, slug, supplies_of(root, year, lock, slug))
    cells = around(root, year, lock, slug)
    member, name = provenance.membership(campaign, slug), campaign.register[slug].name
    measures = dict[str, list[Values]]()
    for one in provenance.workings(campaign, slug, figures):
        measures.setdefault(one.measure, []).append(_working(desk, one, member))
    return {
        "measures": list(measures.values()),
        "places": _by_line(root, [*counts, *([member] if member else [])]),
        "counted": [
            {"origin": one, "cells": cells.get(count, ())}
            for count, one in zip(campaign.letter.counts, counts, strict=True)
        ],
        "member": member,
        "facts": _by_line(root, provenance.facts(campaign)),
        "source_of_counts": source_of(root, year, counts[0].place, name.casefold())
        if counts
        else None,
        "sources_file": f"data/{year}/SOURCES.md",
        "sources": f"{address_of_list(desk.year)}sources",
    }


def _working(desk: Desk, one: Working, member: Origin | None) -> Values:
    root, place, group = desk.root, one.origins[0].place, member.value if member else ""
    return {
        "working": one,
        "places": _by_line(root, one.origins),
        "source": source_of(root, desk.year, place, group) if one.published else None,
    }


def _by_line(root: Path, origins: Iterable[Origin]) -> list[Values]:
    """The origins by the line that they stand in, each line once, with the lines around it."""
    lines = dict[tuple[str, int], list[Origin]]()
    for one in origins:
        lines.setdefault((one.place.file, one.place.line), []).append(one)
    return [
        {
            "place": f"{file}:{line}",
            "origins": held,
            "excerpt": excerpt(root, held[0].place, also=[one.place for one in held[1:]]),
        }
        for (file, line), held in lines.items()
    ]


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
