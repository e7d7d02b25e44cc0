"""Corrections of letters that were sent: `data/YEAR/corrections.yaml`, in git, without names.

A correction is of a mistake; a letter has as many issues as were sent of it, the first and one for
each correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from typing import Annotated, Literal

from letters.campaign.records import (
    BeforeValidator,
    Digest,
    Field,
    Line,
    Record,
    Shape,
    Single,
    Slug,
    as_tuple,
)
from letters.source.written import flow

#: by the name of a count or a measure, or of a measure's average (`uphold_rate.average`)
Values = dict[str, Single]


Severity = Literal["minor", "substantive"]


class Passage(Record):
    """Words that were otherwise in the letter."""

    was: str = Field(description="As they were written.")
    now: str = Field(description="As they are right.")


class Replacement(Record):
    """One letter that was wrong, and the one that replaces it."""

    issue: Annotated[int, Field(ge=1)] = Field(
        description="The how many-eth letter of the year to the authority it is: 2, then 3."
    )
    dated: Day | None = Field(default=None, description="The day that the one it replaces bears.")
    replaces: Digest = Field(description="SHA-256 of the PDF that was sent.")
    sha256: Digest = Field(description="Of the PDF that replaces it.")
    old: Values = Field(default={}, description="Each value that was wrong.")
    new: Values = Field(default={}, description="What is right in its place.")
    printed: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Those of the values that the letter prints."
    )
    words: Annotated[tuple[Passage, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="What differs beside these values."
    )
    elsewhere: bool = Field(
        default=False, description="Whether that is more than what follows from the figures."
    )


class Correction(Record):
    """Letters that were wrong for one reason, and what is right."""

    id: Line = Field(description="By which it is known: 2020-C1.")
    date: Day = Field(description="The day on which the corrected letters are issued.")
    by: Line = Field(description="Who found what is right.")
    reason: Line = Field(description="What was wrong, as the corrected letters say it.")
    cause: Line | None = Field(default=None, description="How it came about.")
    severity: Severity = Field(
        description="substantive where a figure of an authority's own was wrong."
    )
    also: Annotated[tuple[Line, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Why more than these values differs, as the letters say it."
    )
    letters: dict[Slug, Replacement] = Field(default={}, description="Those that are replaced.")
    noted: dict[Slug, Replacement] = Field(
        default={}, description="Those that differ in an average alone, and are not sent again."
    )


CORRECTIONS: Shape[tuple[Correction, ...]] = Shape(
    Annotated[tuple[Correction, ...], BeforeValidator(as_tuple)],
    "What was wrong in letters that were sent, and what is right.",
    Correction,
    when_empty=[],
)


def corrections_file(year: str) -> str:
    """Where the corrections of a year stand, below the root folder."""
    return f"data/{year}/corrections.yaml"


@dataclass(frozen=True, slots=True)
class Corrected:
    """That a letter is a corrected one, and what it replaces."""

    correction: Correction
    replacement: Replacement
    dates: tuple[Day, ...]  #: of the letters to the authority before this one, the first one first


def last_correction(corrections: Sequence[Correction], slug: str, dated: Day) -> Corrected | None:
    """The last correction of an authority's letter, which is `dated` at first; None for none."""
    own = [one for one in corrections if slug in one.letters]
    if not own:
        return None
    likely = (dated, *(one.date for one in own[:-1]))
    dates = (one.letters[slug].dated or day for one, day in zip(own, likely, strict=True))
    return Corrected(own[-1], own[-1].letters[slug], tuple(dates))


def renamed(corrections: Sequence[Correction], now: Mapping[str, str]) -> tuple[Correction, ...]:
    """The corrections under the slugs of now, by those of before."""

    def under(letters: Mapping[str, Replacement]) -> dict[str, Replacement]:
        return {now.get(slug, slug): one for slug, one in letters.items()}

    return tuple(
        one.model_copy(update={"letters": under(one.letters), "noted": under(one.noted)})
        for one in corrections
    )


def last_note(corrections: Sequence[Correction], slug: str) -> Replacement | None:
    """What was noted last of a letter that differs in an average alone; None for nothing."""
    return next((one.noted[slug] for one in reversed(corrections) if slug in one.noted), None)


def text_of(corrections: Sequence[Correction]) -> str:
    """The corrections as their file has them, a letter a line."""
    return "\n".join((*_HEADING, *(line for one in corrections for line in _lines(one)), ""))


def _lines(one: Correction) -> Iterator[str]:
    yield f"- id: {one.id}"
    yield f"  date: {one.date}"
    yield f"  by: {flow(one.by)}"
    yield f"  reason: {flow(one.reason)}"
    yield from (f"  cause: {flow(one.cause)}",) if one.cause else ()
    yield f"  severity: {one.severity}"
    yield from (f"  also: {flow(one.also)}",) if one.also else ()
    for name, letters in (("letters", one.letters), ("noted", one.noted)):
        yield from (f"  {name}:",) if letters else ()
        for slug, letter in letters.items():
            yield f"    {slug}: {flow(letter.model_dump(exclude_defaults=True))}"


_HEADING = (
    "# yaml-language-server: $schema=../schema/corrections.schema.json",
    "# What was wrong in letters that were sent, and what is right. `letters correct` writes it.",
    "",
)
