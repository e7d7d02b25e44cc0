"""Whether what a year's letters have in common makes sense: dates, templates, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from letters.campaign.reading import Reading
from letters.errors import Problem
from letters.source.places import KeyPath, leaves
from letters.wording import did_you_mean, quoted, there_are

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
    if period and dated and dated < period.end:
        sentence = f"the letter is dated {dated}, before the end of its period on {period.end}"
        yield reading.in_letter.error("letter-before-period-ends", ("letter_date",), sentence)
    if dated and published and published < dated:
        sentence = f"publication on {published} is before the letter's date, {dated}"
        yield reading.in_letter.error("published-before-letter", ("publication_date",), sentence)


def _year(reading: Reading) -> Iterator[Problem]:
    day = reading.letter.letter_date
    if day and re.fullmatch("[0-9]{4}", reading.year) and day.year != int(reading.year):
        sentence = f"the letter is dated {day}, but its campaign is {reading.year}"
        hint = "correct the date, or the folder's name"
        yield reading.in_letter.warning("letter-of-another-year", ("letter_date",), sentence, hint)


def _templates(reading: Reading) -> Iterator[Problem]:
    name, folders = reading.letter.templates, reading.templates
    if name is None or name in folders:
        return
    hint = did_you_mean(name, folders) or there_are(folders)
    sentence = f"templates/ holds no folder of a year's words called {quoted(name)}"
    yield reading.in_letter.error("no-such-templates", ("templates",), sentence, hint)


def _facts(reading: Reading) -> Iterator[Problem]:
    """A warning for each number with a thousands point, and for each link that leads nowhere."""
    for path, value in leaves(reading.in_letter.at("facts"), ("facts",)):
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
