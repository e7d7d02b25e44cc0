"""Invented numbers that fit a year's counts: their limits, their sums, and what is awkward about them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from letters.campaign.invented import LARGE, LONG, SMALL
from letters.campaign.records import Count, Measure

Counts = Mapping[str, int]

_LARGE = 100  #: a case of more goes to a large authority
_SHARE_WATCHED = 99.6  #: per cent, of a count that is nearly always all of its base


class Case(NamedTuple):
    """What is awkward about an authority's numbers."""

    size: int  #: of each count that nothing limits
    share: Fraction = Fraction(1, 2)  #: of its limit, for each count that has one
    watched: Fraction = Fraction(1)  #: the same for counts that are nearly always all of it
    others: Counts = {}  # noqa: RUF012  (nobody changes it)
    residents: int | None = None


class InventedFigures:
    """How the counts of a year hang together, by their limits and sums, and numbers that fit."""

    def __init__(
        self, counts: Mapping[str, Count], measures: Mapping[str, Measure], seed: str
    ) -> None:
        self.counts = tuple(counts)
        self.sums = {name: count.sum_of for name, count in counts.items() if count.sum_of}
        rates = {measure.of for measure in measures.values() if measure.per > 100}
        limits = {
            name: count.at_most
            for name, count in counts.items()
            if count.at_most in counts and name not in (self.sums.get(count.at_most or "") or ())
        }  # no part is more than its sum anyway
        free = [name for name in counts if name not in limits and name not in self.sums]
        self.residents = [name for name in free if name in rates]
        self.roots = [name for name in free if name not in rates]
        #: from the root down: what comes first limits what comes after
        self.limited: dict[str, str] = {}
        while new := {
            name: limit
            for name, limit in limits.items()
            if limit
            and name not in self.limited
            and limit not in limits.keys() - self.limited.keys()
        }:
            self.limited |= new
        self.watched = {
            measure.count
            for measure in measures.values()
            if measure.watch_below and self.limited.get(measure.count) == measure.of
        }
        chance = random.Random(f"{seed}, counts")
        #: of each root beside the first, and per cent of each limited count beside the first
        self._size = {name: 0.5 + chance.random() for name in self.roots}
        self._share = {name: between(chance, 8, 30) for name in self.limited}

    def drawn(self, chance: random.Random, usual: tuple[int, int, int, int, int]) -> Counts:
        """Numbers as an authority of a peer group has them."""
        fewest, most, share, *thousands = usual
        size = between(chance, fewest, most)
        sizes = {
            name: size
            if at == 0
            else round(size * self._size[name] * (0.8 + 0.4 * chance.random()))
            for at, name in enumerate(self.roots)
        }
        shares = {}
        for at, name in enumerate(self.limited):
            typical = share if at == 0 else self._share[name]
            if name in self.watched:
                shares[name] = _SHARE_WATCHED
            else:
                shares[name] = max(0, min(100, between(chance, typical - 6, typical + 6)))
        residents = between(chance, *thousands) * 1000 + between(chance, 0, 999)
        return self._whole(sizes, lambda name, limit: _some(chance, limit, shares[name]), residents)

    def of(self, case: Case, residents: int) -> Counts:
        """The numbers of a case; what it says nothing of has its size, or its share of its limit."""
        sizes = {name: case.others.get(name, case.size) for name in self.roots}

        def part(name: str, limit: int) -> int:
            share = case.watched if name in self.watched else case.share
            return min(limit, case.others.get(name, int(limit * share)))

        return self._whole(sizes, part, case.residents or residents)

    def at_least_one(self, counts: Counts) -> Counts:
        """The same with no 0 in it."""
        roots = {name: max(counts[name], 2 + len(self.limited)) for name in self.roots}

        def part(name: str, limit: int) -> int:
            missing = counts[self.limited[name]] - counts[name]
            wanted = limit - missing if name in self.watched else counts[name]
            return min(limit, max(1, wanted))

        return self._whole(roots, part, max((counts[one] for one in self.residents), default=0))

    def _whole(self, sizes: Counts, part: Callable[[str, int], int], residents: int) -> Counts:
        found = dict(sizes) | dict.fromkeys(self.residents, residents)
        open_ones = {**self.limited, **dict.fromkeys(self.sums, "")}
        while open_ones:  # a limit may be a sum, and a part of a sum may have a limit
            ready = [
                name
                for name, limit in open_ones.items()
                if limit in found or (not limit and all(one in found for one in self.sums[name]))
            ]
            if not ready:  # in a circle, which `check` tells
                return {name: found.get(name, 0) for name in self.counts}
            for name in ready:
                limit = open_ones.pop(name)
                found[name] = (
                    part(name, found[limit])
                    if limit
                    else sum(found[one] for one in self.sums[name])
                )
        return {name: found[name] for name in self.counts}

    def cases(self) -> Iterator[Case]:
        """The awkward ones, as far as this year's counts can have them."""
        yield Case(0)
        for name in self.roots if len(self.roots) > 1 else ():
            yield Case(5, Fraction(1), others={name: 0})
        for name in self.limited:
            yield Case(4, others={name: 0})
        yield Case(1, Fraction(1))
        yield Case(6, Fraction(1))
        for size in (8, 16):  # 12.5%, which prints 13%
            yield Case(size, Fraction(1, 8))
        if self.residents:  # 9 of 400,000 are 2.25 of 100,000
            yield Case(18, residents=400_000)
        yield Case(200, Fraction(199, 200), Fraction(199, 200))
        for name, limit in self.limited.items():  # less than half a per cent, and more than none
            others = {name: 1} if limit in self.roots else {limit: 206, name: 1}
            yield Case(300, Fraction(2, 3), others=others)
        yield Case(1287, Fraction(2, 3), Fraction(49, 50))


def handed_out(figures: InventedFigures, slugs: Sequence[str]) -> Mapping[str, Case]:
    """Each awkward case to an authority: those kept for it first, then others in their order."""
    there, kept = set(slugs), {*SMALL, *LARGE, *LONG}
    others = iter([slug for slug in slugs if slug not in kept])
    small, large = (iter([slug for slug in some if slug in there]) for some in (SMALL, LARGE))
    given = {}
    for case in figures.cases():
        slug = next(large if case.size > _LARGE else small, None) or next(others, None)
        if slug is not None:
            given[slug] = case
    return given


def between(chance: random.Random, low: int, high: int) -> int:
    """A whole number from the low to the high one, both included."""
    return low + int(chance.random() * (high - low + 1))


def _some(chance: random.Random, number: int, per_cent: float) -> int:
    """So many of a number as a coin that falls on one side in `per_cent` of throws would give."""
    return sum(chance.random() * 100 < per_cent for _ in range(number))


def pick(chance: random.Random, things: Sequence[str]) -> str:
    """One of the things."""
    return things[between(chance, 0, len(things) - 1)]
