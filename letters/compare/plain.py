"""A comparison as plain values, for programs: what docs/compare.md says of `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letters.compare.change import Change
from letters.compare.classes import ChangeClass
from letters.compare.comparison import Comparison, LetterComparison
from letters.compare.figures import Row

Plain = Mapping[str, Any]


def plain(comparison: Comparison) -> Plain:
    """The comparison; letters that say the same are named and no more."""
    letters = comparison.letters.values()
    return {
        "year": comparison.year,
        "beside": comparison.beside,
        "compared": len(comparison.letters),
        "changed": [_letter(one) for one in letters if one.changed],
        "unchanged": list(comparison.unchanged),
        "pages_may_differ": list(comparison.looks),
        "classes": [_class(one) for one in comparison.classes],
        "outliers": [
            {
                "authority": one.slug,
                "classes": list(one.classes),
                "lacks": list(one.lacks),
                "odd": list(one.odd),
            }
            for one in comparison.outliers
        ],
        "made_from": [
            {"words": words, "letters": list(slugs)} for words, slugs in comparison.causes.items()
        ],
        "only_now": list(comparison.only_now),
        "only_before": list(comparison.only_before),
        "not_compared": dict(comparison.missing),
        "notes": list(comparison.notes),
    }


def _letter(one: LetterComparison) -> Plain:
    return {
        "authority": one.slug,
        "name": one.name,
        "name_before": one.before.name,
        "at": one.before.at or None,
        "changes": [_change(change) for change in one.changes],
        "figures": [_row(row) for row in one.rows],
        "because_of": list(one.causes),
        "unexplained": list(one.flagged),
    }


def _change(one: Change) -> Plain:
    differences = [
        {
            "class": hunk.id,
            "what": str(hunk.what),
            "place": hunk.place,
            "was": hunk.was,
            "now": hunk.now,
        }
        for hunk in one.hunks
    ]
    return {
        "what": str(one.what),
        "place": one.place,
        "was": one.was,
        "now": one.now,
        "differences": differences,
    }


def _row(one: Row) -> Plain:
    causes = [
        {
            "kind": cause.kind,
            "words": cause.words,
            "place": str(cause.place) if cause.place else None,
            "imported_from": [supply.words for supply in cause.supplies],
        }
        for cause in one.causes
    ]
    return {
        "name": one.name,
        "was": one.was,
        "now": one.now,
        "difference": one.difference or None,
        "causes": causes,
    }


def _class(one: ChangeClass) -> Plain:
    return {
        "id": one.id,
        "what": str(one.what),
        "place": one.place,
        "was": one.was,
        "now": one.now,
        "before": one.before,
        "after": one.after,
        "numbers_only": one.numbers_only,
        "letters": list(one.letters),
    }
