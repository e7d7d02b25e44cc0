"""Whether the contacts agree with the statistics and among themselves."""

from __future__ import annotations

from collections.abc import Iterator

from letters.campaign.check_figures import FEW
from letters.campaign.check_register import meant_by, unregistered
from letters.campaign.check_statistics import NO_SUCH_AUTHORITY
from letters.campaign.reading import Reading
from letters.campaign.records import ChiefExecutive
from letters.errors import Problem
from letters.wording import series


def check_contacts(reading: Reading) -> Iterator[Problem]:
    """Every problem of who stands in `contacts.yaml`, and how people are addressed."""
    yield from _contacts(reading)
    yield from _without_contact(reading)
    yield from _salutations(reading)
    yield from _shared_addresses(reading)


def _contacts(reading: Reading) -> Iterator[Problem]:
    """Contacts that no letter goes to."""
    slugs, given = reading.in_contacts.keys() or (), reading.in_statistics.keys()
    strangers = dict(unregistered(reading, slugs))
    for slug, hint in strangers.items():
        yield reading.in_contacts.error(
            "no-such-authority", (slug,), NO_SUCH_AUTHORITY, hint, "key"
        )
    known = {*strangers, *(given or ()), *meant_by(reading, given or ())}
    for slug in slugs if given is not None else ():
        if slug not in known:
            sentence = (
                f"this authority has no statistics in {reading.year}, so no letter goes to it"
            )
            yield reading.in_contacts.warning("contact-for-nobody", (slug,), sentence, at="key")


def _without_contact(reading: Reading) -> Iterator[Problem]:
    known, slugs = reading.in_contacts.keys(), reading.in_statistics.keys() or ()
    if known is None:
        return
    strangers = dict(unregistered(reading, slugs))
    there = {*known, *strangers, *meant_by(reading, known)}
    missing = [slug for slug in slugs if slug not in there]
    if len(missing) > FEW:
        sentence = (
            f"{len(missing)} authorities with statistics have no contact: {series(missing, most=3)}"
        )
        hint = "their letters are addressed to the Chief Executive"
        count = str(len(missing))
        yield reading.in_contacts.warning("many-without-contact", (), sentence, hint, value=count)
        return
    for slug in missing:
        sentence = (
            "this authority has no contact, so its letter is addressed to the Chief Executive"
        )
        hint = f"add it to {reading.in_contacts.places.file}"
        yield reading.in_statistics.warning("no-contact", (slug,), sentence, hint, "key")


def _salutations(reading: Reading) -> Iterator[Problem]:
    for slug, contacts in reading.contacts.items():
        person, path = contacts.chief_executive or ChiefExecutive(), (slug, "chief_executive")
        if person.title and reading.in_contacts.at(*path, "surname") is None:
            says = f"the letter then greets the {person.post}"
            sentence, hint = (
                "a title without a surname",
                f"add the surname, or delete the title: {says}",
            )
            yield reading.in_contacts.error("title-alone", (*path, "title"), sentence, hint)
        if person.surname and reading.in_contacts.at(*path, "title") is None:
            sentence = "a surname without a title"
            hint = "add the title, such as Ms or Mr, or delete the surname"
            yield reading.in_contacts.error("surname-alone", (*path, "surname"), sentence, hint)


def _shared_addresses(reading: Reading) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, contacts in reading.contacts.items():
        email = contacts.chief_executive and contacts.chief_executive.email
        if email and (other := first.setdefault(email.casefold(), slug)) != slug:
            path = (slug, "chief_executive", "email")
            sentence = f"the chief executive of {other} has the same address"
            hint = "right when one person serves both"
            yield reading.in_contacts.notice("same-address", path, sentence, hint, value=other)
