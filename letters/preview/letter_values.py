"""What each view of one letter says, as plain values for its template."""

from __future__ import annotations

from contextlib import suppress

from letters.check import Edition
from letters.errors import LetterError, LettersError, Severity
from letters.intake.provenance import supplies_of
from letters.mail.approvals import Standing, standing
from letters.mail.approved import changes
from letters.mail.envelope import Envelope, envelope_of, size_shown
from letters.mail.message import pdf_name
from letters.mail.parcels import Parcel, parcels
from letters.preview import provenance
from letters.preview.desk import Desk, Shown, View
from letters.preview.list_values import listed
from letters.preview.listing import Wanted
from letters.preview.page_values import Values, address_of_letter, frame, query_of, shown_problem
from letters.preview.proofs import Proofs
from letters.typesetting.html import MailWords

TABS = (("", "Letter"), ("pages", "Pages"), ("email", "E-mail"), ("figures", "Figures"))


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
        "remarks": [shown_problem(desk.root, problem, 0) for problem in (*faults, *own)],
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
