"""Whether a campaign's files agree: the register, the dates, who has statistics, contacts, a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from letters.campaign.facts import check_facts
from letters.campaign.reading import Reading
from letters.campaign.records import Authority, ChiefExecutive
from letters.campaign.sense import FEW, check_figures
from letters.errors import Place, Problem, Severity
from letters.wording import (
    did_you_mean,
    listing,
    meant,
    nearest_authority,
    quoted,
    there_are,
)

_STRANGER = "the register has no such authority"
_MOST_HINTS = 20  #: to look for the name that was meant takes a while; with so many wrong it is another file anyway


def check_reading(reading: Reading) -> Iterator[Problem]:
    """Every problem that shows only when the files of a campaign are seen together."""
    yield from _register(reading)
    yield from _dates(reading)
    yield from _year(reading)
    yield from _templates(reading)
    yield from check_facts(reading)
    yield from _statistics(reading)
    yield from _without_statistics(reading)
    yield from _contacts(reading)
    yield from _without_contact(reading)
    yield from _salutations(reading)
    yield from _shared_addresses(reading)
    yield from _paragraphs(reading)
    yield from check_figures(reading)


def _register(reading: Reading) -> Iterator[Problem]:
    known = reading.in_authorities.keys() or ()
    for slug, authority in reading.register.items():
        for index, successor in enumerate(authority.succeeded_by):
            path = (slug, "succeeded_by", index)
            if successor == slug:
                yield reading.in_authorities.problem(
                    Severity.ERROR, path, "an authority cannot succeed itself"
                )
            elif successor not in known:
                sentence = f"the register has no authority {quoted(successor)}"
                hint = meant(nearest_authority(successor, known))
                yield reading.in_authorities.problem(Severity.ERROR, path, sentence, hint)
        if authority.began and authority.ended and authority.began > authority.ended:
            sentence = f"it ended on {authority.ended}, before it began on {authority.began}"
            yield reading.in_authorities.problem(Severity.ERROR, (slug, "ended"), sentence)
    yield from _repeated(
        reading, "name", [(slug, body.name.casefold()) for slug, body in reading.register.items()]
    )
    yield from _repeated(
        reading, "gss_code", [(slug, body.gss_code) for slug, body in reading.register.items()]
    )


def _repeated(
    reading: Reading, key: str, values: Sequence[tuple[str, str | None]]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, value in values:
        if value and (other := first.setdefault(value, slug)) != slug:
            line = reading.in_authorities.places.key(other).line
            yield reading.in_authorities.problem(
                Severity.ERROR,
                (slug, key),
                f"{other} on line {line} has the same",
                "is one authority here twice?",
            )


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


def _statistics(reading: Reading) -> Iterator[Problem]:
    """Authorities with statistics that the register does not have, or that did not exist at the letter's date."""
    slugs = reading.in_statistics.keys() or ()
    for slug, hint in _strangers(reading, slugs):
        yield reading.in_statistics.problem(Severity.ERROR, (slug,), _STRANGER, hint, "key")
    for slug in slugs:
        authority, day = reading.register.get(slug), reading.letter.letter_date
        if authority and day and (reason := _did_not_exist(authority, day)):
            hint = (
                _successors(reading, authority) if authority.ended and authority.ended < day else ""
            )
            yield reading.in_statistics.problem(Severity.ERROR, (slug,), reason, hint, "key")


def _strangers(reading: Reading, slugs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The slugs that the register does not have, each with a hint; none when the register cannot be read."""
    known = reading.in_authorities.keys()
    if known is None:
        return
    for number, slug in enumerate(slug for slug in slugs if slug not in known):
        hint = meant(nearest_authority(slug, known)) if number < _MOST_HINTS else ""
        yield slug, hint or "add it to data/authorities.yaml, or correct the slug"


def _did_not_exist(authority: Authority, day: date) -> str:
    if authority.began and authority.began > day:
        return f"it began on {authority.began}, after the letter's date, {day}"
    if authority.ended and authority.ended < day:
        return f"it ended on {authority.ended}, before the letter's date, {day}"
    return ""


def _successors(reading: Reading, authority: Authority) -> str:
    names = [
        reading.register[slug].name for slug in authority.succeeded_by if slug in reading.register
    ]
    return f"its place was taken by {listing(names)}" if names else ""


def _without_statistics(reading: Reading) -> Iterator[Problem]:
    given, day = reading.in_statistics.keys(), reading.letter.letter_date
    if given is None or day is None:
        return
    existing = [
        slug for slug, authority in reading.register.items() if not _did_not_exist(authority, day)
    ]
    missing = [slug for slug in existing if slug not in given]
    if len(missing) > FEW:
        sentence = f"{len(missing)} authorities of the register have no statistics: {listing(missing, most=3)}"
        yield reading.in_statistics.problem(Severity.WARNING, (), sentence)
        return
    for slug in missing:
        sentence = f"this authority has no statistics in {reading.year}, so no letter goes to it"
        yield reading.in_authorities.problem(Severity.WARNING, (slug,), sentence, at="key")


def _contacts(reading: Reading) -> Iterator[Problem]:
    """Contacts that no letter goes to."""
    slugs, given = reading.in_contacts.keys() or (), reading.in_statistics.keys()
    strangers = dict(_strangers(reading, slugs))
    for slug, hint in strangers.items():
        yield reading.in_contacts.problem(Severity.ERROR, (slug,), _STRANGER, hint, "key")
    for slug in slugs:
        if given is not None and slug not in given and slug not in strangers:
            sentence = (
                f"this authority has no statistics in {reading.year}, so no letter goes to it"
            )
            yield reading.in_contacts.problem(Severity.WARNING, (slug,), sentence, at="key")


def _without_contact(reading: Reading) -> Iterator[Problem]:
    known, slugs = reading.in_contacts.keys(), reading.in_statistics.keys() or ()
    if known is None:
        return
    strangers = dict(_strangers(reading, slugs))
    missing = [slug for slug in slugs if slug not in known and slug not in strangers]
    if len(missing) > FEW:
        sentence = f"{len(missing)} authorities with statistics have no contact: {listing(missing, most=3)}"
        hint = "their letters are addressed to the Chief Executive"
        yield reading.in_contacts.problem(Severity.WARNING, (), sentence, hint)
        return
    for slug in missing:
        sentence = (
            "this authority has no contact, so its letter is addressed to the Chief Executive"
        )
        hint = f"add it to {reading.in_contacts.places.file}"
        yield reading.in_statistics.problem(Severity.WARNING, (slug,), sentence, hint, "key")


def _salutations(reading: Reading) -> Iterator[Problem]:
    for slug, contacts in reading.contacts.items():
        person, path = contacts.chief_executive or ChiefExecutive(), (slug, "chief_executive")
        if person.title and reading.in_contacts.at(*path, "surname") is None:
            hint = (
                f'add the surname, or delete the title: the letter then says "Dear {person.post}"'
            )
            yield reading.in_contacts.problem(
                Severity.ERROR, (*path, "title"), "a title without a surname", hint
            )
        if person.surname and reading.in_contacts.at(*path, "title") is None:
            hint = "add the title, such as Ms or Mr, or delete the surname"
            yield reading.in_contacts.problem(
                Severity.ERROR, (*path, "surname"), "a surname without a title", hint
            )


def _shared_addresses(reading: Reading) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, contacts in reading.contacts.items():
        email = contacts.chief_executive and contacts.chief_executive.email
        if email and (other := first.setdefault(email.casefold(), slug)) != slug:
            yield reading.in_contacts.problem(
                Severity.NOTICE,
                (slug, "chief_executive", "email"),
                f"the chief executive of {other} has the same address",
                "right when one person serves both",
            )


def _paragraphs(reading: Reading) -> Iterator[Problem]:
    known = reading.in_statistics.keys()
    if known is None:
        return
    for slug in reading.paragraphs:
        if slug not in known:
            place = Place(f"data/{reading.year}/paragraphs/{slug}.md")
            sentence = f"a paragraph for nobody: {quoted(slug)} has no statistics in {reading.year}"
            hint = "add its statistics, or delete the file"
            if slug not in reading.register:
                hint = meant(nearest_authority(slug, known)) or hint
            yield Problem(place, Severity.ERROR, "", sentence, hint)
