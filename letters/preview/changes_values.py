"""What the page of changes says of all letters, as plain values for its template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from letters.campaign.records import Approvals
from letters.compare.change import What
from letters.compare.classes import ChangeClass, Outlier, is_rare
from letters.compare.comparison import Comparison, LetterComparison
from letters.mail.approvals import approved_by_whom
from letters.preview.changes_wording import (
    SAID,
    address_of_changed,
    address_of_changes,
    cut,
    how_much,
    is_a_moment,
    masked,
    place,
    sentence,
    since,
)
from letters.preview.compared import APPROVED
from letters.preview.page_values import Values
from letters.preview.seen import joined, keys_of_outliers, seen_keys
from letters.wording import numbered

_OWN = 3  #: changes that are shown of a letter that is unlike the others


def overview(
    found: Comparison, names: Mapping[str, str], wanted: str, approvals: Approvals
) -> Values:
    """All letters: in how many anything changed, those that changed as no other did, and how.

    `names` are those of authorities, by slug.
    """
    link = partial(_link, found.year, names, wanted)
    shown = partial(_class, found, names, wanted)
    year, classes = found.year, {one.id: one for one in found.classes}
    seen = seen_keys(found, wanted)
    outliers = keys_of_outliers(found, wanted, seen)
    shared = [
        one for one in found.classes if len(one.letters) > 1 or one.letters[0] not in outliers
    ]
    number, total = len(found.changed), len(found.letters)
    return {
        "heading": _heading(number, total, wanted, found.not_compared),
        "summary": approved_by_whom(approvals) if wanted == APPROVED and total else "",
        "outliers": [
            {
                **link(one.slug),
                **_outlier(found.letters[one.slug], one, classes, total),
                "seen": " ".join(outliers[one.slug]),
            }
            for one in found.outliers
        ],
        "words": [{**shown(one), "seen": seen[one.id]} for one in shared if not one.numbers_only],
        "numbers": [{**shown(one), "seen": seen[one.id]} for one in shared if one.numbers_only],
        "changed": [
            {
                **link(slug),
                "seen": joined(seen, found.letters[slug].classes),
                "how": how_much(found.letters[slug]),
            }
            for slug in found.changed
        ],
        "looks": [link(slug) for slug in found.looks],
        "made_from": [
            {"words": words, "count": numbered(len(slugs), "letter")}
            for words, slugs in found.causes.items()
        ],
        "flagged": [
            {**link(slug), "sentences": found.letters[slug].flagged} for slug in found.flagged
        ],
        "only_now": [link(slug) for slug in found.only_now],
        "only_before": found.only_before,
        "missing": [{**link(slug), "why": why} for slug, why in found.missing.items()],
        "notes": [sentence(note) for note in found.notes],
        "unchanged": len(found.unchanged),
        "total": total,
        "all_address": address_of_changes(year, wanted),
    }


def of_class(
    found: Comparison, names: Mapping[str, str], chosen: str, wanted: str
) -> Values | None:
    """One class: how each of its letters has it; None when there is no such class (any more)."""
    one = next((one for one in found.classes if one.id == chosen), None)
    if one is None:
        return None
    letters = [
        {
            **_link(found.year, names, wanted, slug, chosen),
            "hunks": _hunks(found.letters[slug], chosen),
        }
        for slug in one.letters
    ]
    return {**_class(found, names, wanted, one), "letters": letters}


def _heading(number: int, total: int, wanted: str, rest: int) -> str:
    if not total:
        return "No letter can be compared"
    if not is_a_moment(wanted) and number == total > 1:
        return f"All {total} letters differ from {wanted}"
    if not is_a_moment(wanted):
        return f"{number} of {numbered(total, 'letter')} differ from {wanted}"
    if not number and rest:
        those = "None of 1 letter" if total == 1 else f"None of {total} letters"
        return f"{those} changed {since(wanted)}, and {rest} cannot be compared"
    if not number:
        return f"No letter changed {since(wanted)}"
    if number == total > 1:
        return f"All {total} letters changed {since(wanted)}"
    if total == 1:
        return f"The letter changed {since(wanted)}"
    return f"{number} of {total} letters changed {since(wanted)}"


def _link(
    year: str, names: Mapping[str, str], wanted: str, slug: str, chosen: str = ""
) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": names.get(slug, slug),
        "address": address_of_changed(year, slug, wanted, chosen),
    }


def _class(
    found: Comparison, names: Mapping[str, str], wanted: str, one: ChangeClass
) -> dict[str, Any]:
    number, total = len(one.letters), len(found.letters)
    return {
        "id": one.id,
        "place": place(one.place),
        "what": SAID[one.what],
        "numbers_only": one.numbers_only,
        "before": masked(one.before),
        "was": [] if one.what is What.MOVED else masked(one.was),
        "now": masked(one.now),
        "after": masked(one.after),
        "spaced": one.after[:1] not in tuple(",.;:!?)’"),
        "number": number,
        "share": round(100 * number / total) if total else 0,
        "count": numbered(number, "letter")
        if number < total or total == 1
        else f"all {number} letters",
        "samples": [
            {
                **_link(found.year, names, wanted, sample.slug, one.id),
                "was": sample.hunk.was,
                "now": sample.hunk.now,
            }
            for sample in one.samples
        ],
        "address": address_of_changes(found.year, wanted, one.id),
    }


def _hunks(letter: LetterComparison, chosen: str) -> list[Values]:
    return [
        {"place": hunk.place, "was": "" if hunk.what is What.MOVED else hunk.was, "now": hunk.now}
        for change in letter.changes
        for hunk in change.hunks
        if hunk.id == chosen
    ]


def _outlier(
    letter: LetterComparison, outlier: Outlier, classes: Mapping[str, ChangeClass], total: int
) -> Values:
    """What is a letter's own: its figures, and its words but for what most of `total` letters have."""
    hunks = {
        hunk.id: hunk
        for change in letter.changes
        for hunk in change.hunks
        if not letter.is_told(hunk)
    }
    words = [name for name in outlier.classes if name in hunks]
    own = [name for name in words if name in outlier.odd or is_rare(classes[name], total)]
    own = own or ([] if letter.rows else words)
    return {
        "figures": [{"name": row.name, "was": row.was, "now": row.now} for row in letter.rows],
        "words": [
            {
                "place": place(hunk.place),
                "what": SAID[hunk.what],
                "was": "" if hunk.what is What.MOVED else cut(hunk.was),
                "now": cut(hunk.now),
            }
            for hunk in (hunks[name] for name in own[:_OWN])
        ],
        "more": len(own[_OWN:]),
        "lacks": [
            {
                "place": place(classes[name].place),
                "was": masked(cut(classes[name].was)),
                "now": masked(cut(classes[name].now)),
            }
            for name in outlier.lacks
            if not classes[name].numbers_only
        ],
        "same_numbers": any(classes[name].numbers_only for name in outlier.lacks),
    }
