"""The letters of two moments held against each other: which changed, how, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from letters.campaign.load import Campaign
from letters.campaign.lock import Lock
from letters.compare.blocks import Block, addressee_in, blocks_of
from letters.compare.causes import Causes, are_unexplained, looks_otherwise, perhaps, unexplained
from letters.compare.change import Change, Hunk, What
from letters.compare.classes import ChangeClass, Outlier, classes_of, outliers_of
from letters.compare.figures import Groups, Row, Supplies, groups_of, is_told, rows_of
from letters.compare.masks import Masks
from letters.compare.versions import Side, Version
from letters.compare.words import changes
from letters.intake.provenance import supplies_of
from letters.wording import series

_TOLD = 6  #: files and values that are named in a note


@dataclass(frozen=True, slots=True)
class LetterComparison:
    """One letter at two moments."""

    slug: str  #: of now
    name: str  #: of the authority, now
    before: Version
    now: Version
    changes: tuple[Change, ...] = ()  #: of its words, in their order
    rows: tuple[Row, ...] = ()  #: the numbers that are others
    causes: tuple[str, ...] = ()  #: what changed of what it is made from, as far as it is known
    #: whether its PDF is made otherwise although it says the same; None where it is not known
    looks: bool | None = False
    flagged: tuple[str, ...] = ()  #: what changed and cannot be explained, as sentences

    @property
    def changed(self) -> bool:
        """Whether it says anything else, in words or figures."""
        return bool(self.changes or self.rows)

    @property
    def is_counted(self) -> bool:
        """Whether a count of its own is another one, and not an average alone."""
        return any(
            cause.kind == "data" and cause.place for row in self.rows for cause in row.causes
        )

    @property
    def numbers(self) -> tuple[Change, ...]:
        """The changes in which only numbers differ that the rows tell."""
        return tuple(one for one in self.changes if all(map(self.is_told, one.hunks)))

    def is_told(self, hunk: Hunk) -> bool:
        """Whether a difference is a number that the rows tell."""
        return hunk.what is What.CHANGED and is_told(self.rows, hunk.was, hunk.now)

    @property
    def classes(self) -> tuple[str, ...]:
        """The ids of the classes of its changes."""
        return tuple(dict.fromkeys(hunk.id for one in self.changes for hunk in one.hunks))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The letters of a year beside those of another moment."""

    year: str
    title: str  #: what is compared
    beside: str  #: with what: "what was approved"
    letters: Mapping[str, LetterComparison]  #: by slug of now, all that are there on both sides
    classes: tuple[ChangeClass, ...]  #: those of most letters first
    outliers: tuple[Outlier, ...]
    only_now: tuple[str, ...]  #: slugs of letters that there were not then
    only_before: tuple[str, ...]  #: slugs of letters that there are not now
    missing: Mapping[str, str]  #: letters that cannot be compared, and why
    notes: tuple[str, ...]  #: what else is to be known, as sentences

    @property
    def changed(self) -> tuple[str, ...]:
        """The slugs of the letters that say anything else."""
        return tuple(slug for slug, one in self.letters.items() if one.changed)

    @property
    def unchanged(self) -> tuple[str, ...]:
        """The slugs of the letters that say the same."""
        return tuple(slug for slug, one in self.letters.items() if not one.changed)

    @property
    def looks(self) -> tuple[str, ...]:
        """The slugs of letters that say the same, and whose pages may look otherwise."""
        return tuple(slug for slug, one in self.letters.items() if not one.changed and one.looks)

    @property
    def causes(self) -> Mapping[str, tuple[str, ...]]:
        """What changed of what changed letters are made from, with their slugs; of most letters first."""
        found: dict[str, list[str]] = {}
        for slug in self.changed:
            for cause in self.letters[slug].causes:
                found.setdefault(cause, []).append(slug)
        order = sorted(found.items(), key=lambda one: -len(one[1]))
        return {cause: tuple(slugs) for cause, slugs in order}

    @property
    def not_compared(self) -> int:
        """How many letters there are of one moment alone, or that cannot be compared."""
        return len(self.missing) + len(self.only_now) + len(self.only_before)

    @property
    def flagged(self) -> tuple[str, ...]:
        """The slugs of letters in which something changed that cannot be explained."""
        return tuple(slug for slug, one in self.letters.items() if one.flagged)


def compare(
    before: Side, now: Side, campaign: Campaign, lock: Lock, root: Path, slugs: Collection[str] = ()
) -> Comparison:
    """Hold the letters of two moments against each other: those of some authorities, or all.

    A letter whose HTML cannot be read is missing. Classes and outliers are of the letters that are
    compared.
    """
    wanted = [slug for slug in dict.fromkeys((*now.versions, *before.versions)) if _in(slug, slugs)]
    missing = {
        slug: why
        for slug, why in chain(before.missing.items(), now.missing.items())
        if _in(slug, slugs)
    }
    groups, causes = groups_of(campaign, before, now), Causes()
    supplies = partial(supplies_of, root, campaign.year, lock)
    found = dict[str, LetterComparison]()
    for slug in (one for one in wanted if one in before.versions and one in now.versions):
        pair = before.versions[slug], now.versions[slug]
        try:
            found[slug] = _letter(slug, *pair, groups, supplies, causes)
        except (OSError, UnicodeError) as error:
            missing[slug] = f"it cannot be read: {getattr(error, 'strerror', '') or error}"
    said = {slug: one.changes for slug, one in found.items()}
    classes = classes_of(said)
    return Comparison(
        year=campaign.year,
        title=now.title,
        beside=before.title,
        letters=found,
        classes=classes,
        outliers=outliers_of(
            said,
            classes,
            lambda slug, hunk: found[slug].is_told(hunk),
            {slug for slug, one in found.items() if one.is_counted},
        ),
        only_now=_only(now, before, missing, slugs),
        only_before=_only(before, now, missing, slugs),
        missing=missing,
        notes=(*before.notes, *now.notes, *_notes(found)),
    )


def _in(slug: str, slugs: Collection[str]) -> bool:
    return not slugs or slug in slugs


def _only(
    side: Side, other: Side, missing: Mapping[str, str], slugs: Collection[str]
) -> tuple[str, ...]:
    return tuple(
        slug
        for slug in side.versions
        if slug not in other.versions and slug not in missing and _in(slug, slugs)
    )


def _letter(
    slug: str, before: Version, now: Version, groups: Groups, supplies: Supplies, causes: Causes
) -> LetterComparison:
    said, rows = _changes(before, now), rows_of(before, now, groups, supplies)
    why = causes.of(before, now)
    if are_unexplained(before, now, said, why):
        why = tuple(perhaps(now, said, groups))
    return LetterComparison(
        slug=slug,
        name=now.name,
        before=before,
        now=now,
        changes=said,
        rows=rows,
        causes=why,
        looks=False if said or rows else looks_otherwise(before, now),
        flagged=tuple(unexplained(before, now, said, rows, why)),
    )


def _changes(before: Version, now: Version) -> tuple[Change, ...]:
    """What is otherwise in the words; a letter of the same page is not read."""
    if before.html_sha256 and before.html_sha256 == now.html_sha256:
        return ()
    old, new = before.bare(), now.bare()
    if old == new:
        return ()
    blocks = blocks_of(before.markup()), blocks_of(now.markup())
    return changes(*blocks, _masks(blocks, before, now))


def _masks(sides: Sequence[Sequence[Block]], before: Version, now: Version) -> Masks:
    people = dict.fromkeys(addressee_in(one, now.addressee) for one in sides)
    names = tuple(dict.fromkeys(filter(None, (now.name, before.name))))
    return Masks(names, tuple(filter(None, people)), (now.slug, before.slug))


def _notes(letters: Mapping[str, LetterComparison]) -> Iterator[str]:
    """What is to be known of letters whose words are the same."""
    same = [one for one in letters.values() if not one.changed]
    if looks := [one for one in same if one.looks]:
        why = dict.fromkeys(cause for one in looks for cause in one.causes)
        because = f": {series(list(why), most=_TOLD)}" if why else ""
        made = (
            "are made otherwise, so that their"
            if len(looks) > 1
            else "is made otherwise, so that its"
        )
        yield f"{_letters(len(looks))} and {made} pages may look otherwise{because}"
    if silent := [one for one in letters.values() if one.rows and not one.changes]:
        names = dict.fromkeys(row.name for one in silent for row in one.rows)
        told = "and other figures in the PDF's statistics"
        yield f"{_letters(len(silent))}, {told}: {series(list(names), most=_TOLD)}"
    if unknown := [one for one in same if one.looks is None]:
        yield f"{_letters(len(unknown))}; whether pages look the same is known once the year is built"


def _letters(number: int) -> str:
    return f"{number} letters have the same words" if number > 1 else "1 letter has the same words"
