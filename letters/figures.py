"""What a year's counts say about each authority: exact ratios, rounded half up in print only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from letters.campaign.load import Campaign
from letters.campaign.records import Measure
from letters.rounding import half_up

Figures = Mapping[str, "Figure"]  #: by measure
#: by peer group and measure; what is unknown is not there
Averages = Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure worked out for one authority; every number is exact."""

    count: int
    base: int
    stated_base: int  #: the number printed as the base: `base`, unless the campaign states another
    per: int  #: 100 for per cent, 100,000 for a rate per 100,000 residents
    decimals: int  #: places printed
    #: None when the authority has no peer group or the average is unknown
    peer_average: Fraction | None
    #: `per` x count / base; None for a base of 0: nothing by nothing is neither 0 nor 100
    value: Fraction | None
    printed: Decimal | None  #: the value half up, with so many decimals
    printed_average: Decimal | None  #: the peer average, in the same way
    average_is_exact: bool = False  #: it is worked out; a published one was rounded before

    @property
    def below_average(self) -> bool:
        """Whether it is below the peer average: see `beside_average`."""
        return self.beside_average < 0

    @property
    def above_average(self) -> bool:
        """Whether it is above the peer average: see `beside_average`."""
        return self.beside_average > 0

    @property
    def beside_average(self) -> int:
        """-1 below the peer average, 1 above it, 0 for neither or where there is nothing to compare.

        Beside a published average, which was rounded, it is as both are printed: 44.6% beside 45%
        prints as 45% beside 45%, and is not below. Beside one that is worked out it is exact.
        """
        value, average = (
            (self.value, self.peer_average)
            if self.average_is_exact
            else (self.printed, self.printed_average)
        )
        return 0 if value is None or average is None else (value > average) - (value < average)


def figures_for(campaign: Campaign, slug: str) -> Figures:
    """The figures of one authority, by measure. Raises KeyError without statistics for it."""
    return _figures(campaign, slug, peer_averages(campaign))


def all_figures(campaign: Campaign) -> Mapping[str, Figures]:
    """The figures of every authority, by slug and measure; averages are worked out once."""
    averages = peer_averages(campaign)
    return {slug: _figures(campaign, slug, averages) for slug in campaign.statistics}


def peer_averages(campaign: Campaign) -> Averages:
    """The average of each measure in each peer group: as published, or pooled over the group."""
    published = campaign.letter.peer_averages
    if published != "computed":
        return {
            group: {measure: Fraction(average) for measure, average in averages.items()}
            for group, averages in published.items()
        }
    groups = {campaign.register[slug].peer_group for slug in campaign.statistics} - {None}
    return {group: _pooled(campaign, group) for group in groups if group}


@dataclass(frozen=True, slots=True)
class Pool:
    """What the authorities of a peer group have together."""

    count: int
    base: int
    authorities: int


def pool_of(campaign: Campaign, group: str, measure: Measure) -> Pool:
    """The sums of a measure's counts and bases over a peer group's authorities."""
    members = [
        counts
        for slug, counts in (*campaign.statistics.items(), *campaign.without_letter.items())
        if campaign.register[slug].peer_group == group
    ]
    count, base = (sum(counts[name] for counts in members) for name in (measure.count, measure.of))
    return Pool(count, base, len(members))


def _pooled(campaign: Campaign, group: str) -> Mapping[str, Fraction]:
    """The sum of counts over that of bases; a measure whose bases are all 0 has no average."""
    pools = {
        name: (measure.per, pool_of(campaign, group, measure))
        for name, measure in campaign.letter.measures.items()
    }
    return {
        name: Fraction(per * pool.count, pool.base)
        for name, (per, pool) in pools.items()
        if pool.base
    }


def _figures(campaign: Campaign, slug: str, averages: Averages) -> Figures:
    counts = campaign.statistics[slug]
    known = averages.get(campaign.register[slug].peer_group or "", {})
    exact = campaign.letter.peer_averages == "computed"
    return {
        name: figure_of(measure, counts, known.get(name) if measure.compared else None, exact)
        for name, measure in campaign.letter.measures.items()
    }


def figure_of(
    measure: Measure,
    counts: Mapping[str, int],
    peer_average: Fraction | None,
    average_is_exact: bool = False,
) -> Figure:
    """A measure worked out of an authority's counts. Raises KeyError when it lacks one."""
    count, base, decimals = counts[measure.count], counts[measure.of], measure.decimals
    value = Fraction(measure.per * count, base) if base else None
    return Figure(
        count=count,
        base=base,
        stated_base=counts[measure.stated_base or measure.of],
        per=measure.per,
        decimals=decimals,
        peer_average=peer_average,
        value=value,
        printed=None if value is None else half_up(value, decimals),
        printed_average=None if peer_average is None else half_up(peer_average, decimals),
        average_is_exact=average_is_exact,
    )
