"""A comparison as one HTML file that needs no other, to be handed to somebody else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from letters.compare.change import Change, Mark, What
from letters.compare.comparison import Comparison, LetterComparison
from letters.typesetting.templates import Templates

_TEMPLATES = Path(__file__).parent / "templates"
_MANY = 10  #: letters, from which a change of most of them is not shown again in each


def report(comparison: Comparison) -> str:
    """The page: letters unlike the others first, then classes of changes, then each letter."""
    styles = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    by_id = {one.id: one for one in comparison.classes}
    often = {
        one.id
        for one in comparison.classes
        if len(one.letters) >= _MANY and 2 * len(one.letters) > len(comparison.letters)
    }
    odd = {one.slug: one.odd for one in comparison.outliers}
    values = {
        "comparison": comparison,
        "styles": styles,
        "by_id": by_id,
        "shared": [one for one in comparison.classes if len(one.letters) > 1],
        "outliers": [
            (one, _shown(comparison.letters[one.slug], often.difference(one.odd)))
            for one in comparison.outliers
        ],
        "changed": [
            _shown(comparison.letters[slug], often.difference(odd.get(slug, ())))
            for slug in comparison.changed
        ],
        "flagged": [comparison.letters[slug] for slug in comparison.flagged],
        "alike": {one.id for one in comparison.classes if one.is_alike},
        "made_from": comparison.causes,
        "missing": reasons(comparison),
        "mark": Mark,
        "what": What,
    }
    return Templates(_TEMPLATES).page("report.html.jinja", values)


class Shown(NamedTuple):
    """A letter without the changes that most letters have: these stand once, above."""

    letter: LetterComparison
    changes: Sequence[Change]
    numbers: Sequence[Change]  #: that its figures tell, too
    left_out: int


def _shown(letter: LetterComparison, often: Collection[str]) -> Shown:
    numbers = letter.numbers
    others = [one for one in letter.changes if one not in numbers]
    own = [one for one in others if any(hunk.id not in often for hunk in one.hunks)]
    return Shown(letter, own, numbers, len(others) - len(own))


def reasons(comparison: Comparison) -> dict[str, list[str]]:
    """The letters that are not compared, by why."""
    found: dict[str, list[str]] = {}
    for slug, why in comparison.missing.items():
        found.setdefault(why, []).append(slug)
    return found
