"""All that a template may see of one letter, as plain values. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, Literal, NoReturn

from letters.campaign.corrections import last_note
from letters.campaign.load import Campaign
from letters.campaign.records import (
    Authority,
    ChiefExecutive,
    Contacts,
    Count,
    Letter,
    Measure,
    Period,
    Signatory,
)
from letters.figures import Figure, Figures
from letters.typesetting.charts import Bar, Ring, bar, ring
from letters.typesetting.formats import day, number, plural
from letters.wording import spaced

#: Of the figures that an authority has; "nothing" when it has none.
Compared = Literal["all", "some", "none", "nothing"]


class Printed(str):
    """A number as it is printed, rounded: text to print, and nothing to compare or take apart."""

    __slots__ = ()

    def _whole(self, *arguments: Any) -> NoReturn:
        raise ValueError("a printed number is not taken apart: it is text, and rounded")

    __getitem__ = __iter__ = __len__ = _whole

    def __bool__(self) -> bool:
        return True

    def _not_asked(self) -> NoReturn:
        raise ValueError("a printed number is not asked: ask the figure itself, without .value")

    below, above = property(_not_asked), property(_not_asked)
    below_average, above_average = property(_not_asked), property(_not_asked)


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a figure is below, or above, a number; it is asked by calling it: `.below(100)`."""

    name: Literal["below", "above"]
    value: Fraction | None  #: of the figure, exact; None where there is none

    def __call__(self, *numbers: Any) -> bool:
        """Whether it is so of the exact value; False where there is none."""
        match numbers:
            case (int() | float() | Decimal() as number,) if not isinstance(number, bool):
                other = Fraction(str(number))
            case _:
                ways = f".{self.name}(100) or .{self.name}_average"
                raise ValueError(f".{self.name}(...) asks about one number: write {ways}")
        if self.value is None:
            return False
        return self.value < other if self.name == "below" else self.value > other

    def __bool__(self) -> bool:
        raise ValueError(f".{self.name} asks about a number: write .{self.name}(100)")


@dataclass(frozen=True, slots=True)
class Addressee:
    """The person a letter is addressed to."""

    name: str | None  #: title and surname, None when no name is known
    post: str  #: as in the address, "Chief Executive" unless the contacts say otherwise

    @property
    def greeting(self) -> str:
        """Whom the letter greets: the name, or the post where no name is known."""
        return self.name or self.post


@dataclass(frozen=True, slots=True)
class Quantity:
    """One count of an authority and the words that go with it."""

    value: int
    noun: str  #: singular for 1, plural for every other number

    @property
    def number(self) -> Printed:
        """The value as printed, with commas between thousands."""
        return Printed(number(self.value))

    def __str__(self) -> str:
        return f"{self.number} {self.noun}"

    def __bool__(self) -> bool:
        raise ValueError("a count is neither true nor false: ask for its value, as in `.value > 0`")


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """One measure of an authority, as printed."""

    value: Printed | None  #: "64%" or, where `per` is not 100, "3.4"; None when the base is 0
    #: of similar authorities, in the same form; None when there is none or it is unknown
    average: Printed | None
    undefined: str | None  #: the campaign's words for a base of 0
    count: Quantity
    base: Quantity  #: the base as stated in print
    #: the ring chart of a percentage; None for other measures and where the base is 0
    ring: Ring | None
    bar: Bar | None  #: the bar chart of any measure; None where the base is 0
    below: Question  #: `.below(100)`: of the exact value, not of the printed one
    above: Question  #: `.above(0)`, in the same way
    #: as both are printed where the average is published, exact where it is worked out; False where
    #: one of them is missing
    below_average: bool
    above_average: bool

    def __bool__(self) -> bool:
        raise ValueError("a figure is neither true nor false: ask for its value, or .below(100)")


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """A value that was wrong, as both letters print it."""

    name: str  #: what it is, beginning with a capital letter
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class PrintedCorrection:
    """What a letter that replaces another one says of that."""

    id: str
    issued: date
    replaces: tuple[str, ...]  #: the dates of all letters that it replaces, as printed
    reason: str
    values: tuple[CorrectedValue, ...]  #: what was written and what is right
    also: tuple[str, ...]  #: why more than values differs; none where nothing else does


@dataclass(frozen=True, slots=True)
class LetterContext:
    """One letter's values, the only thing that a template sees (as `letter`)."""

    slug: str
    authority: Authority
    addressee: Addressee
    letter_date: date
    publication_date: date
    period: Period
    signatory: Signatory
    facts: SimpleNamespace  #: the campaign's facts: `letter.facts.training.courses`
    counts: SimpleNamespace  #: by name, each a `Quantity`
    figures: SimpleNamespace  #: by measure, each a `PrintedFigure`
    compared: Compared  #: how many of its figures stand beside an average of similar authorities
    paragraph: str | None  #: bespoke text for this authority, Markdown
    correction: PrintedCorrection | None  #: of a letter that replaces one that was wrong
    specimen: bool


def letter_context(campaign: Campaign, slug: str, figures: Figures) -> LetterContext:
    """The context of one authority's letter. Raises KeyError without statistics for it."""
    letter = campaign.letter
    quantities = {
        name: _quantity(campaign.statistics[slug][name], letter.counts[name])
        for name in letter.counts
    }
    return LetterContext(
        slug=slug,
        authority=campaign.register[slug],
        addressee=addressee_of(campaign.contacts.get(slug)),
        letter_date=letter.letter_date,
        publication_date=letter.publication_date,
        period=letter.period,
        signatory=letter.signatory,
        facts=_named(letter.facts),
        counts=SimpleNamespace(**quantities),
        figures=SimpleNamespace(
            **{
                name: printed_figure(figure, letter.measures[name], quantities)
                for name, figure in figures.items()
            }
        ),
        compared=_compared(figures, letter.measures),
        paragraph=campaign.paragraphs.get(slug),
        correction=printed_correction(campaign, slug),
        specimen=letter.specimen,
    )


def embedded_statistics(campaign: Campaign, slug: str, figures: Figures) -> Mapping[str, Any]:
    """What the PDF carries as `statistics.json`: the counts, and each figure as printed."""
    letter, authority = campaign.letter, campaign.register[slug]
    return {
        "authority": {"slug": slug, "name": authority.name, "peer_group": authority.peer_group},
        "campaign": campaign.year,
        "specimen": letter.specimen,
        **_replaces(campaign, slug),
        "letter_date": letter.letter_date.isoformat(),
        "period": {"start": letter.period.start.isoformat(), "end": letter.period.end.isoformat()},
        "counts": {name: campaign.statistics[slug][name] for name in letter.counts},
        "figures": {
            name: {
                "count": letter.measures[name].count,
                "of": letter.measures[name].of,
                "stated_base": letter.measures[name].stated_base or letter.measures[name].of,
                "per": figure.per,
                "value": _plain(figure.printed, figure.decimals),
                "peer_average": None
                if figure.value is None
                else _plain(figure.printed_average, figure.decimals),
            }
            for name, figure in figures.items()
        },
    }


def _replaces(campaign: Campaign, slug: str) -> dict[str, Any]:
    """Of a corrected letter, what it replaces."""
    if not (one := campaign.corrected(slug)):
        return {}
    replaced = one.replacement
    return {
        "replaces": {
            "correction": one.correction.id,
            "issue": replaced.issue,
            "issued": one.correction.date.isoformat(),
            "sha256": replaced.replaces,
        }
    }


def printed_correction(campaign: Campaign, slug: str) -> PrintedCorrection | None:
    """What a corrected letter says of that; None of one that is the first."""
    if not (one := campaign.corrected(slug)):
        return None
    replaced, noted = one.replacement, last_note(campaign.corrections, slug)
    right = replaced.new
    if noted and noted.issue > replaced.issue:  # its own average has changed since
        right = right | noted.new
    values = [
        CorrectedValue(
            _name_of_value(campaign.letter, name),
            _stated(name, replaced.old[name]),
            _stated(name, right[name]),
        )
        for name in replaced.printed
        if name in replaced.old and name in right and replaced.old[name] != right[name]
    ]
    words = [CorrectedValue("Words", passage.was, passage.now) for passage in replaced.words]
    return PrintedCorrection(
        id=one.correction.id,
        issued=one.correction.date,
        replaces=tuple(day(one) for one in one.dates),
        reason=one.correction.reason,
        values=(*values, *words),
        also=one.correction.also if replaced.elsewhere else (),
    )


def _stated(name: str, value: object) -> str:
    """A value as letters print it; of one that they cannot print, that there is none."""
    if value is None:
        return "no comparison" if "." in name else "no figure"
    return number(value) if isinstance(value, int) else str(value)


def _name_of_value(letter: Letter, name: str) -> str:
    """What a value of a correction is called in print: that of a count, a measure, an average."""
    measure, _, average = name.partition(".")
    text = letter.counts[name].plural if name in letter.counts else spaced(measure)
    text = re.sub(r"\b[0-9]{4,}\b", lambda found: number(int(found[0])), text)
    return f"{text[:1].upper()}{text[1:]}{', average of similar authorities' if average else ''}"


def _compared(figures: Figures, measures: Mapping[str, Measure]) -> Compared:
    wanted = (figure for name, figure in figures.items() if measures[name].compared)
    defined = [figure for figure in wanted if figure.value is not None]
    known = [figure for figure in defined if figure.peer_average is not None]
    if not defined:
        return "nothing"
    return "all" if len(known) == len(defined) else "some" if known else "none"


def addressee_of(contacts: Contacts | None) -> Addressee:
    """Whom an authority's letter is addressed to."""
    executive = (contacts and contacts.chief_executive) or ChiefExecutive()
    title, surname = executive.title, executive.surname
    return Addressee(f"{title} {surname}" if title and surname else None, executive.post)


def _quantity(value: int, count: Count) -> Quantity:
    return Quantity(value, plural(value, count.singular, count.plural))


def printed(value: Decimal | None, measure: Measure) -> str | None:
    """A rounded value as printed: "64%" or, where `per` is not 100, "3.4"; None for None.

    It has the measure's decimal places, always: "4.0".
    """
    if value is None:
        return None
    return f"{value:,.{measure.decimals}f}" + ("%" if measure.per == 100 else "")


def printed_figure(
    figure: Figure, measure: Measure, quantities: Mapping[str, Quantity]
) -> PrintedFigure:
    """A figure as a template sees it; `quantities` are the authority's counts by name."""
    drawn = figure.per == 100 and figure.value is not None
    average = None if figure.peer_average is None else float(figure.peer_average)
    texts = (printed(figure.printed, measure), printed(figure.printed_average, measure))
    shown, shown_average = (None if text is None else Printed(text) for text in texts)
    return PrintedFigure(
        value=shown,
        average=shown_average,
        undefined=measure.undefined,
        count=quantities[measure.count],
        base=quantities[measure.stated_base or measure.of],
        ring=ring(float(figure.value or 0), average, texts[0] or "") if drawn else None,
        bar=_bar(figure, average),
        below=Question("below", figure.value),
        above=Question("above", figure.value),
        below_average=figure.below_average,
        above_average=figure.above_average,
    )


def _bar(figure: Figure, average: float | None) -> Bar | None:
    if figure.value is None:
        return None
    drawn = bar(float(figure.value), average, 100.0 if figure.per == 100 else None)
    return replace(drawn, end=Printed(drawn.end))


def _plain(value: Decimal | None, decimals: int) -> int | str | None:
    """A whole number as one; any other as text, so that no reader makes a binary fraction of it."""
    if value is None:
        return None
    return f"{value:.{decimals}f}" if decimals else int(value)


def _named(value: Any) -> Any:
    """Mappings as objects, so that a fact called `items` or `count` is never taken for a method."""
    if isinstance(value, Mapping):
        return SimpleNamespace(**{key: _named(item) for key, item in value.items()})
    return tuple(_named(item) for item in value) if isinstance(value, list) else value
