"""What a mark of a change as seen holds for: no longer than all of it stays as it is. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from letters.compare.comparison import Comparison, LetterComparison

_DIGITS = 16  #: hexadecimal, of a digest


def seen_keys(found: Comparison, wanted: str) -> Mapping[str, str]:
    """By class: what it is, beside what, and a digest of what each of its letters said and says.

    `approved/43ea9b0e9765/…`: the digest is another one as soon as one of its letters says something
    else there, and when a letter joins it or leaves.
    """
    said: dict[str, list[str]] = defaultdict(list)
    for slug, letter in found.letters.items():
        for change in letter.changes:
            for hunk in change.hunks:
                said[hunk.id] += (slug, change.place, hunk.was, hunk.now)
    return {name: f"{wanted}/{name}/{_digest(all_of_it)}" for name, all_of_it in said.items()}


def keys_of_outliers(
    found: Comparison, wanted: str, seen: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    """By letter unlike all others, what a mark of it as seen holds for: all that it said and says.

    And the classes that it alone has, which `seen` has the keys of.
    """
    alone = {one.id for one in found.classes if len(one.letters) == 1}
    return {
        one.slug: (
            f"{wanted}/{one.slug}/{_digest(_said(found.letters[one.slug]))}",
            *(seen[name] for name in one.classes if name in alone),
        )
        for one in found.outliers
    }


def _said(letter: LetterComparison) -> Iterator[str]:
    for change in letter.changes:
        yield from (change.place, change.was, change.now)
    for row in letter.rows:
        yield from (row.name, row.was, row.now)


def joined(keys: Mapping[str, str], classes: Iterable[str]) -> str:
    """The keys of some classes with a space between them; a class without one counts as never seen."""
    return " ".join(keys.get(one, one) for one in dict.fromkeys(classes))


def _digest(texts: Iterable[str]) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:_DIGITS]
