"""Whether what a year's letters have in common makes sense: dates, templates, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from letters.campaign.reading import Reading
from letters.campaign.rules import NAME, Refused, spelt
from letters.errors import Problem
from letters.source.places import KeyPath, leaves
from letters.wording import did_you_mean, quoted, there_are

_LONG = 120  #: days between a letter and its publication
_OLD = 300  #: days between the period and the letter that speaks of it
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_letter(reading: Reading) -> Iterator[Problem]:
    """Every problem of `letter.yaml` as a whole, but for those of counts and measures."""
    yield from _dates(reading)
    yield from _year(reading)
    yield from _templates(reading)
    yield from _facts(reading)


def _dates(reading: Reading) -> Iterator[Problem]:
    letter = reading.letter
    period, dated, published = letter.period, letter.letter_date, letter.publication_date
    if period and period.start > period.end:
        sentence = f"the period begins on {period.start}, after its end on {period.end}"
        yield reading.in_letter.error("period-backwards", ("period", "start"), sentence)
    if period and dated and (days := (dated - period.end).days) > _OLD:
        sentence = (
            f"the period ended on {period.end}, {days} days before the letter's date, {dated}"
        )
        hint = "is it last year's?"
        yield reading.in_letter.warning("period-long-ago", ("period", "end"), sentence, hint)
    if period and dated and dated < period.end:
        sentence = f"the letter is dated {dated}, before the end of its period on {period.end}"
        yield reading.in_letter.error("letter-before-period-ends", ("letter_date",), sentence)
    if dated and published and published < dated:
        sentence = f"publication on {published} is before the letter's date, {dated}"
        path, hint = ("publication_date",), "is one of the two days mistyped?"
        yield reading.in_letter.warning("published-before-letter", path, sentence, hint)
    elif dated and published and (days := (published - dated).days) > _LONG:
        sentence = f"publication on {published} is {days} days after the letter's date, {dated}"
        path, hint = ("publication_date",), "is one of the two days mistyped?"
        yield reading.in_letter.warning("published-late", path, sentence, hint)
    if period and period.start <= period.end and period.end != _year_from(period.start):
        sentence = f"the period from {period.start} to {period.end} is no year"
        hint = f"a year from its first day ends on {_year_from(period.start)}"
        value = f"{period.start} to {period.end}"
        yield reading.in_letter.warning(
            "period-no-year", ("period", "end"), sentence, hint, value=value
        )


def _year_from(first: date) -> date:
    """The last day of the year that begins on a day."""
    next_year = first.year + 1
    day = (
        date(next_year, 3, 1)
        if (first.month, first.day) == (2, 29)
        else first.replace(year=next_year)
    )
    return day - timedelta(days=1)


def _year(reading: Reading) -> Iterator[Problem]:
    day = reading.letter.letter_date
    if day and re.fullmatch("[0-9]{4}", reading.year) and day.year != int(reading.year):
        sentence = f"the letter is dated {day}, but its campaign is {reading.year}"
        hint = "correct the date, or the folder's name"
        yield reading.in_letter.warning("letter-of-another-year", ("letter_date",), sentence, hint)


def _templates(reading: Reading) -> Iterator[Problem]:
    name, folders = reading.letter.templates, reading.templates
    if name and folders and name in folders and name != reading.year and reading.year in folders:
        sentence = f"the words are those of templates/{name}, and there is templates/{reading.year}"
        hint = f'was "{reading.year}" meant?'
        yield reading.in_letter.warning("templates-of-another", ("templates",), sentence, hint)
    if name is None or (folders and name in folders):
        return
    if folders is None:
        sentence, hint = "the folder templates/ may not be read", "look at its permissions"
    else:
        sentence = f"templates/ holds no folder of a year's words called {quoted(name)}"
        hint = did_you_mean(name, folders) or there_are(folders)
    yield reading.in_letter.error("no-such-templates", ("templates",), sentence, hint)


def _misnamed(facts: Any) -> tuple[KeyPath, ...]:
    """The keys below the top of the facts that no template can name; those of the top are told."""
    keys = (
        path[:depth] for path, _ in leaves(facts, ("facts",)) for depth in range(3, len(path) + 1)
    )
    named = (path for path in dict.fromkeys(keys) if isinstance(path[-1], str))
    return tuple(path for path in named if not re.fullmatch(NAME, str(path[-1])))


def _facts(reading: Reading) -> Iterator[Problem]:
    """What is doubtful about facts: empty ones, numbers below 0, thousands points, half links."""
    for path in _misnamed(reading.in_letter.at("facts")):
        try:
            spelt(NAME, str(path[-1]))
        except Refused as error:
            sentence = f"{error.sentence}, found {quoted(str(path[-1]))}"
            yield reading.in_letter.error(error.code, path, sentence, error.hint, "key")
    for path, value in leaves(reading.in_letter.at("facts"), ("facts",)):
        if value is None and len(path) > 1:
            sentence, hint = "expected a value, found nothing", "write one, or delete the key"
            yield reading.in_letter.error("no-value", path, sentence, hint)
        if isinstance(value, int | Decimal) and value < 0:
            sentence, hint = f"{value} is below 0", "a sign too many?"
            yield reading.in_letter.warning("fact-below-0", path, sentence, hint)
        if isinstance(value, Decimal) and _has_thousands_point(value):
            sentence = f"{value} is read as {value.normalize():f}"
            hint = f"if thousands are meant, write {int(value.scaleb(3))}"
            yield reading.in_letter.warning("thousands-point", path, sentence, hint)
        elif isinstance(value, str) and _leads_nowhere(path, value):
            sentence = f"expected a whole link, found {quoted(value)}"
            whole = f"https://{value.removeprefix('//')}"
            hint = f"write it with https:// at its beginning: {whole}"
            yield reading.in_letter.warning("half-a-link", path, sentence, hint)


def _has_thousands_point(value: Decimal) -> bool:
    return value.as_tuple().exponent == -3 and 1 <= abs(value) < 1000


def _leads_nowhere(path: KeyPath, text: str) -> bool:
    is_link = "links" in path or text.lower().startswith("www.")
    return bool(text) and is_link and not _SCHEME.match(text)
