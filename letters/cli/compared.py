"""A comparison as lines on a terminal: what is to be looked at first comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import click

from letters.compare.change import Hunk, What
from letters.compare.classes import ChangeClass, Outlier, is_rare, shown_with_letters
from letters.compare.comparison import Comparison, LetterComparison
from letters.compare.figures import Row
from letters.compare.report import reasons
from letters.wording import numbered, quoted, series

_MOST = 40  #: classes of changes that are listed
_MOST_ALONE = 20  #: letters unlike the others that are listed
_MOST_OF_ONE = 12  #: differences of one of them
_MOST_CAUSES = 8  #: of changed letters that are listed
_SAME = (
    30  #: characters with which two texts begin, from which they are shown from where they differ
)
_WITH_FIGURES = 3  #: letters, up to which the figures of each are shown unasked


def lines(comparison: Comparison, named: bool, by_whom: str = "") -> Iterator[str]:
    """All that is told of it, figures of each letter where letters are `named` or few have others.

    `by_whom` is the sentence that says who approved the letters of then.
    """
    letters = comparison.letters
    changed = [letters[slug] for slug in comparison.changed]
    yield (
        f"{comparison.year}: {numbered(len(letters), 'letter')} compared with {comparison.beside}:"
        f" {len(changed)} changed, {len(letters) - len(changed)} as they were"
    )
    if by_whom:
        yield by_whom
    yield from _flagged(comparison)
    yield from _outliers(comparison)
    with_letters = shown_with_letters(comparison.classes, comparison.outliers, len(letters))
    shared = [one for one in comparison.classes if one.id not in with_letters]
    yield from _classes("Changes", [one for one in shared if not one.numbers_only], len(letters))
    with_figures = [one for one in changed if one.rows]
    if not named and len(with_figures) > _WITH_FIGURES:
        with_figures = []
    numbers = [one for one in shared if one.numbers_only]
    if with_figures:  # which tell the same shorter
        numbers = [one for one in numbers if not _is_told(one, letters)]
    yield from _classes("Numbers alone", numbers, len(letters))
    for one in with_figures:
        yield from _figures(one)
    yield from _made_from(comparison)


def _is_told(one: ChangeClass, letters: Mapping[str, LetterComparison]) -> bool:
    """Whether the figures of its letters tell all of a change of numbers."""
    return all(
        letters[slug].is_told(hunk)
        for slug in one.letters
        for change in letters[slug].changes
        for hunk in change.hunks
        if hunk.id == one.id
    )


def _flagged(comparison: Comparison) -> Iterator[str]:
    if flagged := comparison.flagged:
        yield ""
        yield _heading(
            f"Not explained by what letters are made from, {numbered(len(flagged), 'letter')}:"
        )
        for slug in flagged[:_MOST_ALONE]:
            yield from (f"    {slug}: {one}" for one in comparison.letters[slug].flagged)
        yield from _more(len(flagged) - _MOST_ALONE, "letter")


def _outliers(comparison: Comparison) -> Iterator[str]:
    outliers, by_id = comparison.outliers, {one.id: one for one in comparison.classes}
    if outliers:
        yield ""
        yield _heading(f"Unlike all others, {numbered(len(outliers), 'letter')}:")
    for one in outliers[:_MOST_ALONE]:
        yield _heading(f"    {one.slug}")
        for lacking in (by_id[name] for name in one.lacks):
            yield f"        without what all others have: {lacking.place}: {_of_class(lacking)}"
        yield from _own(comparison, one, by_id)
    yield from _more(len(outliers) - _MOST_ALONE, "letter")


def _own(
    comparison: Comparison, outlier: Outlier, by_id: Mapping[str, ChangeClass]
) -> Iterator[str]:
    """The differences of a letter that fewest others have, words first, but for numbers of its figures."""
    letter = comparison.letters[outlier.slug]
    found = [(by_id[hunk.id], hunk) for change in letter.changes for hunk in change.hunks]
    own = [
        (of, hunk)
        for of, hunk in found
        if of.id in outlier.odd or is_rare(of, len(comparison.letters))
    ]
    rare = [(of, hunk) for of, hunk in own if not letter.is_told(hunk)]
    rare.sort(key=lambda part: (part[0].numbers_only, len(part[0].letters)))
    for of, hunk in rare[:_MOST_OF_ONE]:
        yield f"        {hunk.place}: {_difference(hunk)}{_others_of(of, hunk)}"
    yield from _more(len(rare) - _MOST_OF_ONE, "difference", "        ")
    if letter.rows:
        figures = (f"{row.name} {_beside(row.was, row.now)}" for row in letter.rows)
        yield f"        figures: {', '.join(figures)}"
    if common := len(found) - len(own):
        yield f"        and {numbered(common, 'difference')} that most letters have, listed below"


def _others_of(of: ChangeClass, hunk: Hunk) -> str:
    """What other letters have where one has a difference, behind it."""
    if of.usual and of.usual != (hunk.was, hunk.now):
        return f"  (nearly all others: {_told(hunk.what, hunk.kind, *of.usual)})"
    others = len(of.letters) - 1
    return f"  (and in {others} more)" if others else ""


def _classes(heading: str, classes: Sequence[ChangeClass], compared: int) -> Iterator[str]:
    if classes:
        yield ""
        yield _heading(f"{heading}, by how many letters have them:")
    for one in classes[:_MOST]:
        yield f"{len(one.letters):7}  {one.place}: {_of_class(one)}"
        yield from (f"         {line}" for line in _samples(one, compared))
    yield from _more(len(classes) - _MOST, "change")


def _of_class(one: ChangeClass) -> str:
    if one.numbers_only:
        return " ".join(filter(None, (one.before, one.now, one.after)))
    around = " … ".join((one.before, one.after)) if one.before or one.after else ""
    said = _told(one.what, one.kind, one.was, one.now)
    return f"{said}  ({around.strip()})" if around else said


def _samples(one: ChangeClass, compared: int) -> Iterator[str]:
    """A few letters as they have it; their names alone where all have the same."""
    if not one.is_alike:
        width = max(len(sample.slug) for sample in one.samples)
        for sample in one.samples:
            yield f"{sample.slug:{width}}  {_difference(sample.hunk)}"
    elif len(one.letters) < compared:
        more = len(one.letters) - len(one.samples)
        names = ", ".join(sample.slug for sample in one.samples)
        yield f"{names} and {more} more" if more else names


def _difference(hunk: Hunk) -> str:
    return _told(hunk.what, hunk.kind, hunk.was, hunk.now)


def _told(what: What, kind: str, was: str, now: str) -> str:
    """A difference on one line: `"has" -> "have"`."""
    if kind == "panel":  # where it moved to are words of ours
        return f"{what} {now}" if str(what) == "moved" else str(what)
    old, new = (text.replace("\n", " / ") for text in (was, now))
    if kind == "link":  # to be read to its end
        old, new = _gone(old), _new(new)
    else:
        old, new = (
            style(quoted(text)) for style, text in zip((_gone, _new), _apart(old, new), strict=True)
        )
    if str(what) == "moved":
        return f"moved: {new}"
    if not was:
        return f"new: {new}"
    return f"{old} -> {new}" if now else f"gone: {old}"


def _apart(was: str, now: str) -> tuple[str, str]:
    """Two texts from where they begin to differ, where they would be cut before."""
    pairs = enumerate(zip(was, now, strict=False))
    same = next((at for at, (old, new) in pairs if old != new), min(len(was), len(now)))
    if was == now or same < _SAME:
        return was, now
    start = same - _SAME // 2
    return f"…{was[start:]}", f"…{now[start:]}"


def _beside(was: str, now: str) -> str:
    return f"{_gone(was)} -> {_new(now)}"


def _gone(text: str) -> str:
    return click.style(text, fg="red")


def _new(text: str) -> str:
    return click.style(text, fg="green")


def _heading(text: str) -> str:
    return click.style(text, bold=True)


def _figures(letter: LetterComparison) -> Iterator[str]:
    if not letter.rows:
        return
    yield ""
    yield _heading(f"{letter.slug}: figures")
    cells = [(row.name, row.was, row.now, row.difference) for row in letter.rows]
    widths = [max(len(one[column]) for one in cells) for column in range(4)]
    for row, (name, was, now, difference) in zip(letter.rows, cells, strict=True):
        numbers = f"{was:>{widths[1]}} -> {now:>{widths[2]}}  {difference:>{widths[3]}}"
        yield f"    {name:{widths[0]}}  {numbers}  {_why(row)}".rstrip()
    if letter.numbers:
        yield f"    {numbered(len(letter.numbers), 'place')} where only these numbers changed"


def _made_from(comparison: Comparison) -> Iterator[str]:
    """What else of changed letters may look otherwise."""
    causes = comparison.causes
    if causes:
        yield ""
        yield _heading(
            "Made from, by how many changed letters; their pages may look otherwise besides:"
        )
    for cause, slugs in list(causes.items())[:_MOST_CAUSES]:
        yield f"{len(slugs):7}  {cause}"
    yield from _more(len(causes) - _MOST_CAUSES, "cause")


def _why(row: Row) -> str:
    if row.flagged:
        return "not explained: nothing that it is worked out of changed"
    parts = list[str]()
    for cause in row.causes:
        place = f"{cause.place.file}:{cause.place.line}" if cause.place else ""
        words = cause.words if cause.kind != "data" or not place else ""
        supplied = [supply.words for supply in cause.supplies]
        parts.append(", ".join(filter(None, (place, words, *supplied))))
    return "; ".join(parts)


def notes(comparison: Comparison) -> Iterator[str]:
    """What is to be known besides: letters on one side alone, those not compared and what to do."""
    told = list(comparison.notes)
    for slugs, what in (
        (comparison.only_now, "only among those of now"),
        (comparison.only_before, f"only in {comparison.beside}"),
    ):
        if slugs:
            told.append(f"{numbered(len(slugs), 'letter')} {what}: {series(slugs)}")
    for why, those in reasons(comparison).items():
        told.append(f"{numbered(len(those), 'letter')} not compared, {why}: {series(those)}")
    if told:
        yield ""
        yield from told


def _more(number: int, noun: str, indent: str = "    ") -> Iterator[str]:
    if number > 0:
        yield f"{indent}and {numbered(number, f'more {noun}')}: --json or --report FILE has all"
