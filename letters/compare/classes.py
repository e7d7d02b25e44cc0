"""Equal changes of many letters as one: what a proof-reader looks at, once. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from letters.compare.change import Change, Hunk, What
from letters.compare.masks import AUTHORITY, IN_CAPITALS, PERSON

SAMPLES = 3  #: that are shown of a class
_NEARLY_ALL = 0.75  #: of letters that say the same, from which another number is told
_FEW, _MANY = 3, 10  #: letters, from which to lack what all others have says something


class Sample(NamedTuple):
    """A change as one letter has it."""

    slug: str
    change: Change
    hunk: Hunk

    @property
    def said(self) -> tuple[str, str]:
        """What it says there, masked or not."""
        return self.hunk.was, self.hunk.now


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """Changes that are equal but for numbers and whose letter it is."""

    id: str  #: 12 hexadecimal digits of what it changes: the same in another comparison
    what: What
    kind: str  #: of the block: "paragraph"; "panel" for a whole one
    place: str  #: where it stands in most of its letters: "paragraph 3"
    was: str  #: masked; "" for what is new
    now: str  #: masked; "" for what is gone
    before: str  #: the words before it, masked
    after: str  #: the words behind it, masked
    letters: tuple[str, ...]  #: slugs, in the order of the year
    samples: tuple[Sample, ...]  #: as some letters have it, that differ in what is masked
    #: what nearly all of many letters say there, old and new; None where they differ
    usual: tuple[str, str] | None = None

    @property
    def numbers_only(self) -> bool:
        """Whether only numbers differ."""
        names = any(mask in self.was for mask in (AUTHORITY, IN_CAPITALS, PERSON))
        return self.what is What.CHANGED and self.was == self.now and not names

    @property
    def is_alike(self) -> bool:
        """Whether its letters have the very same words, as far as its samples tell."""
        if self.kind == "panel":
            return True
        said = {one.said for one in self.samples}
        return len(said) == 1 and said == {(self.was, self.now)}


@dataclass(frozen=True, slots=True)
class Outlier:
    """A letter that changed as no other did."""

    slug: str
    classes: tuple[str, ...]  #: ids of its classes, those of fewest letters first
    lacks: tuple[str, ...]  #: ids of the classes that all other letters have
    #: ids of classes in which it says something else than nearly all others: another number
    odd: tuple[str, ...] = ()


def classes_of(letters: Mapping[str, Sequence[Change]]) -> tuple[ChangeClass, ...]:
    """The classes of all changes, by slug: those of most letters first, of as many by place."""
    found: dict[str, list[Sample]] = defaultdict(list)
    for slug, changes in letters.items():
        for change in changes:
            for hunk in change.hunks:
                found[hunk.id].append(Sample(slug, change, hunk))
    classes = [_class(name, samples) for name, samples in found.items()]
    return tuple(sorted(classes, key=lambda one: (-len(one.letters), one.numbers_only)))


def outliers_of(
    letters: Mapping[str, Sequence[Change]],
    classes: Sequence[ChangeClass],
    is_told: Callable[[str, Hunk], bool] = lambda slug, hunk: False,
    counted: Collection[str] = (),
) -> tuple[Outlier, ...]:
    """The letters whose set of classes is their own, in their order.

    However many numbers of a letter changed, they count as one, and as another one in letters that
    are `counted` otherwise than in those whose averages followed. A letter that alone lacks what all
    others have is one, too; of numbers only among many. So is one that says another number where
    nearly all of many say the same, but for such as `is_told` tells to be known from the figures.
    `letters` are all that were compared, those without a change as well.
    """
    size = {one.id: len(one.letters) for one in classes}
    words = {one.id for one in classes if not one.numbers_only}
    own = {
        slug: dict.fromkeys(hunk.id for change in changes for hunk in change.hunks)
        for slug, changes in letters.items()
    }
    numbers = {slug: "counts" if slug in counted else "numbers" for slug in own}
    kinds = {
        slug: frozenset(one if one in words else numbers[slug] for one in ids)
        for slug, ids in own.items()
    }
    times = Counter(kinds.values())
    almost_all = [
        one
        for one in classes
        if len(one.letters) == len(letters) - 1
        and len(letters) >= (_MANY if one.numbers_only else _FEW)
    ]
    found, odd = list[Outlier](), _odd(letters, classes, is_told)
    for slug, ids in own.items():
        lacks = tuple(one.id for one in almost_all if one.id not in ids)
        if lacks or slug in odd or (ids and times[kinds[slug]] == 1 and len(letters) > 1):
            rarest = sorted(ids, key=lambda one: size[one])
            found.append(Outlier(slug, tuple(rarest), lacks, tuple(odd.get(slug, ()))))
    return tuple(found)


def _odd(
    letters: Mapping[str, Sequence[Change]],
    classes: Sequence[ChangeClass],
    is_told: Callable[[str, Hunk], bool],
) -> Mapping[str, Sequence[str]]:
    """By letter, the classes in which nearly all of many letters say the same, and it does not."""
    many = {one.id: one.usual for one in classes if one.usual}
    found: dict[str, list[str]] = {}
    for slug, changes in letters.items():
        for hunk in (hunk for change in changes for hunk in change.hunks):
            usual = many.get(hunk.id)
            if usual and (hunk.was, hunk.now) != usual and not is_told(slug, hunk):
                found.setdefault(slug, []).append(hunk.id)
    return found


def shown_with_letters(
    classes: Sequence[ChangeClass], outliers: Sequence[Outlier], compared: int
) -> frozenset[str]:
    """The ids of classes that stand with their letters alone: few have them, all of them outliers."""
    unlike = {one.slug for one in outliers}
    return frozenset(
        one.id for one in classes if is_rare(one, compared) and unlike.issuperset(one.letters)
    )


def is_rare(one: ChangeClass, compared: int) -> bool:
    """Whether at most half of the letters that were compared have a change."""
    return 2 * len(one.letters) <= compared


def _class(name: str, all_of_it: Sequence[Sample]) -> ChangeClass:
    first = all_of_it[0]
    place, _ = Counter(one.hunk.place for one in all_of_it).most_common(1)[0]
    said = Counter(one.said for one in all_of_it)
    usual, times = said.most_common(1)[0]
    is_usual = len(all_of_it) >= _MANY and times >= _NEARLY_ALL * len(all_of_it)
    return ChangeClass(
        id=name,
        what=first.hunk.what,
        kind=first.hunk.kind,
        place=place,
        was=first.hunk.masked_was,
        now=first.hunk.masked_now,
        before=first.hunk.before,
        after=first.hunk.after,
        letters=tuple(dict.fromkeys(one.slug for one in all_of_it)),
        samples=_samples(all_of_it, said),
        usual=usual if is_usual and len(said) > 1 else None,
    )


def _samples(all_of_it: Sequence[Sample], said: Counter[tuple[str, str]]) -> tuple[Sample, ...]:
    """A few letters that differ in what is masked: one as most have it, then the rarest; then others."""
    first = dict[tuple[str, str], Sample]()
    for one in all_of_it:
        first.setdefault(one.said, one)
    usual = said.most_common(1)[0][0]
    rarest = sorted(first, key=lambda one: (one != usual, said[one]))
    order = dict[str, Sample]()
    for one in (*(first[said] for said in rarest), *all_of_it):
        order.setdefault(one.slug, one)
    return tuple(islice(order.values(), SAMPLES))
