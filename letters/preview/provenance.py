"""Where every number comes from: formula, exact value, rounding, file and line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from letters.campaign.load import Campaign
from letters.campaign.records import Measure
from letters.errors import Place
from letters.figures import Figure, Figures, pool_of
from letters.intake.provenance import Supply
from letters.source.places import dotted, leaves
from letters.source.scalars import as_text
from letters.typesetting.context import printed
from letters.typesetting.formats import day, number
from letters.wording import numbered, spaced

DIGITS = 6  #: of an exact value after the point; more of them show as "…"


@dataclass(frozen=True, slots=True)
class Origin:
    """One value that went into a letter, and where it stands."""

    name: str  #: as the file has it, or in words: "upheld", "facts.training.courses"
    value: str
    place: Place
    supplies: tuple[Supply, ...] = ()  #: what it was imported from

    @property
    def label(self) -> str:
        """The name in words: "facts › training › courses"."""
        return spaced(self.name.replace(".", " › "))


@dataclass(frozen=True, slots=True)
class Working:
    """How one printed number was worked out."""

    name: str  #: "uphold rate", or "average of district authorities"
    printed: str  #: "64%"; what the letter says in place of a number when there is none
    formula: str  #: "upheld ÷ investigations × 100"; "" for a number that was not worked out
    sum: str  #: the formula with its numbers: "7 ÷ 11 × 100 = 63.636363…"
    rounding: str  #: "half up to a whole number", "exact, nothing to round", or ""
    origins: tuple[Origin, ...]
    measure: str  #: whose figure or average it is: "uphold_rate"
    published: bool = False  #: an average that somebody published, which only SOURCES.md can prove

    @property
    def defined(self) -> bool:
        """Whether there is a number at all."""
        return self.printed[:1].isdigit()


def workings(campaign: Campaign, slug: str, figures: Figures) -> tuple[Working, ...]:
    """Each figure of an authority, and its average where the letter compares it with one."""
    return tuple(
        working
        for name, figure in figures.items()
        for working in _workings(campaign, slug, name, figure)
    )


def counts(
    campaign: Campaign, slug: str, supplies: Mapping[str, tuple[Supply, ...]]
) -> tuple[Origin, ...]:
    """The authority's counts as supplied, each with what it was imported from, if it was."""
    return tuple(
        replace(_count(campaign, slug, name), supplies=supplies.get(name, ()))
        for name in campaign.letter.counts
    )


def membership(campaign: Campaign, slug: str) -> Origin | None:
    """The authority's peer group, by which its averages are chosen; None for none."""
    group = campaign.register[slug].peer_group
    if not group:
        return None
    return Origin("peer group", group, campaign.places["authorities"].value(slug, "peer_group"))


def facts(campaign: Campaign) -> tuple[Origin, ...]:
    """What all letters of the year say: dates, signatory, facts."""
    letter = campaign.letter
    values = {
        "letter_date": letter.letter_date,
        "publication_date": letter.publication_date,
        "period": letter.period.model_dump(),
        "signatory": letter.signatory.model_dump(),
        "facts": letter.facts,
    }
    places = campaign.places["letter"]
    return tuple(
        Origin(dotted(path), _shown(value), places.value(*path))
        for key, part in values.items()
        for path, value in leaves(part, (key,))
    )


def _workings(campaign: Campaign, slug: str, name: str, figure: Figure) -> Iterator[Working]:
    measure, label = campaign.letter.measures[name], spaced(name)
    formula = f"{spaced(measure.count)} ÷ {spaced(measure.of)} × {number(measure.per)}"
    names = dict.fromkeys((measure.count, measure.of, measure.stated_base or measure.of))
    origins = tuple(_count(campaign, slug, count) for count in names)
    if figure.value is None:
        undefined = measure.undefined or "nothing"
        yield Working(
            label, undefined, formula, f"{figure.count} ÷ 0 is undefined", "", origins, name
        )
        return
    sum_ = f"{number(figure.count)} ÷ {number(figure.base)} × {number(figure.per)}"
    worked_out = f"{sum_} = {exact(figure.value)}"
    text = printed(figure.printed, measure) or ""
    yield Working(label, text, formula, worked_out, _rounding(figure.value, measure), origins, name)
    if figure.peer_average is not None:
        yield _average(campaign, slug, name, figure)


def _average(campaign: Campaign, slug: str, name: str, figure: Figure) -> Working:
    group = campaign.register[slug].peer_group or ""
    measure, average = campaign.letter.measures[name], figure.peer_average or Fraction(0)
    label, text = f"average of {group} authorities", printed(figure.printed_average, measure) or ""
    places = campaign.places["letter"]
    if campaign.letter.peer_averages != "computed":
        published = Origin(
            f"{label}, {spaced(name)}", exact(average), places.value("peer_averages", group, name)
        )
        return Working(label, text, "as published", "", "", (published,), name, published=True)
    pooled = pool_of(campaign, group, measure)
    formula = f"all {spaced(measure.count)} ÷ all {spaced(measure.of)} × {number(measure.per)}"
    sum_ = f"{number(pooled.count)} ÷ {number(pooled.base)} × {number(measure.per)}"
    those = numbered(pooled.authorities, "authority", "authorities")
    worked_out = f"{sum_} = {exact(average)}, {those}"
    computed = Origin("peer averages", "computed", places.value("peer_averages"))
    return Working(label, text, formula, worked_out, _rounding(average, measure), (computed,), name)


def exact(value: Fraction) -> str:
    """An exact value in decimals, cut off with "…" where they go on for long: 63.636363…, 12.5."""
    scaled = value * 10**DIGITS
    text = number(Decimal(scaled.numerator // scaled.denominator).scaleb(-DIGITS))
    return text if scaled.denominator == 1 else f"{text}…"


def _rounding(value: Fraction, measure: Measure) -> str:
    if (value * 10**measure.decimals).denominator == 1:
        return "exact, nothing to round"
    places = f"{measure.decimals} decimal place{'s' if measure.decimals > 1 else ''}"
    return f"half up to {places if measure.decimals else 'a whole number'}"


def _count(campaign: Campaign, slug: str, name: str) -> Origin:
    value = number(campaign.statistics[slug][name])
    return Origin(spaced(name), value, campaign.places["statistics"].value(slug, name))


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return number(value)
    return as_text(value) or "nothing"
