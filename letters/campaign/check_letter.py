"""Whether what a year's letters have in common makes sense: dates, the folder of the words, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from letters.campaign.reading import Reading
from letters.errors import Problem, Severity
from letters.source.places import KeyPath, leaves
from letters.wording import did_you_mean, quoted, there_are


def check_letter(reading: Reading) -> Iterator[Problem]:
    """Every problem of `letter.yaml` that needs more than one of its values, but for counts and measures."""
    yield from _dates(reading)
    yield from _year(reading)
    yield from _templates(reading)
    yield from _facts(reading)


def _dates(reading: Reading) -> Iterator[Problem]:
    letter = reading.letter
    if letter.period and letter.period.start > letter.period.end:
        sentence = (
            f"the period begins on {letter.period.start}, after its end on {letter.period.end}"
        )
        yield reading.in_letter.problem(Severity.ERROR, ("period", "start"), sentence)
    if letter.period and letter.letter_date and letter.letter_date < letter.period.end:
        sentence = f"the letter is dated {letter.letter_date}, before the end of its period on {letter.period.end}"
        yield reading.in_letter.problem(Severity.ERROR, ("letter_date",), sentence)
    if (
        letter.letter_date
        and letter.publication_date
        and letter.publication_date < letter.letter_date
    ):
        sentence = f"publication on {letter.publication_date} is before the letter's date, {letter.letter_date}"
        yield reading.in_letter.problem(Severity.ERROR, ("publication_date",), sentence)


def _year(reading: Reading) -> Iterator[Problem]:
    day = reading.letter.letter_date
    if day and re.fullmatch("[0-9]{4}", reading.year) and day.year != int(reading.year):
        sentence = f"the letter is dated {day}, but its campaign is {reading.year}"
        yield reading.in_letter.problem(
            Severity.WARNING, ("letter_date",), sentence, "correct the date, or the folder's name"
        )


def _templates(reading: Reading) -> Iterator[Problem]:
    name, folders = reading.letter.templates, reading.templates
    if name is None or name in folders:
        return
    hint = did_you_mean(name, folders) or there_are(folders)
    sentence = f"templates/ holds no folder of a year's words called {quoted(name)}"
    yield reading.in_letter.problem(Severity.ERROR, ("templates",), sentence, hint)


def _facts(reading: Reading) -> Iterator[Problem]:
    """A warning for each number with a thousands point, and for each link that leads nowhere."""
    for path, value in leaves(reading.in_letter.at("facts"), ("facts",)):
        if (
            isinstance(value, Decimal)
            and value.as_tuple().exponent == -3
            and 1 <= abs(value) < 1000
        ):
            sentence = f"{value} is read as {value.normalize():f}"
            hint = f"if thousands are meant, write {int(value.scaleb(3))}"
        elif (
            isinstance(value, str) and value and _is_link(path, value) and not _SCHEME.match(value)
        ):
            sentence = f"expected a whole link, found {quoted(value)}"
            hint = f"write it with https:// at its beginning: https://{value.removeprefix('//')}"
        else:
            continue
        yield reading.in_letter.problem(Severity.WARNING, path, sentence, hint)


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _is_link(path: KeyPath, text: str) -> bool:
    return "links" in path or text.lower().startswith("www.")
