"""Whether the contacts agree with the statistics and among themselves."""

from __future__ import annotations

from collections.abc import Iterator

from letters.campaign.check_figures import FEW
from letters.campaign.check_register import meant_by, unregistered
from letters.campaign.check_statistics import NO_SUCH_AUTHORITY
from letters.campaign.reading import Reading
from letters.campaign.recipients import should_have_figures, with_letter
from letters.campaign.records import ChiefExecutive
from letters.errors import Problem
from letters.wording import series

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend cllr councillor"
    " baroness".split()
)

_NO_SURNAMES = frozenset("mr mrs ms miss mx dr cllr".split())  # of titles; Lord and Dean are some


def check_contacts(reading: Reading) -> Iterator[Problem]:
    """Every problem of who stands in `contacts.yaml`, and how people are addressed."""
    yield from _contacts(reading)
    yield from _without_contact(reading)
    yield from _without_address(reading)
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
    known |= {*reading.awaited, *reading.letter.left_out, *(should_have_figures(reading) or ())}
    for slug in slugs if given is not None else ():
        if slug not in known:
            sentence = (
                f"this authority has no statistics in {reading.year}, so no letter goes to it"
            )
            yield reading.in_contacts.warning("contact-for-nobody", (slug,), sentence, at="key")


def _with_letter(reading: Reading) -> list[str]:
    """Those with statistics, right or wrong, but for those that get no letter."""
    without = reading.statistics.keys() - with_letter(reading).keys()
    return [slug for slug in reading.in_statistics.keys() or () if slug not in without]


def _without_contact(reading: Reading) -> Iterator[Problem]:
    known, slugs = reading.in_contacts.keys(), _with_letter(reading)
    if known is None:
        return
    strangers = dict(unregistered(reading, slugs))
    given = {slug for slug in known if reading.in_contacts.at(slug) != {}}
    there = {*given, *strangers, *meant_by(reading, known)}
    missing = [slug for slug in slugs if slug not in there]
    if len(missing) > FEW:
        sentence = (
            f"{len(missing)} authorities with statistics have no contact: {series(missing, most=3)}"
        )
        hint = "their letters are addressed to the Chief Executive"
        count = str(len(missing))
        yield reading.in_contacts.warning("many-without-contact", (), sentence, hint, value=count)
        return
    so = "so its letter is addressed to the Chief Executive"
    for slug in missing:
        if slug in known:
            sentence, hint = f"this contact is empty, {so}", "write who it is, or delete it"
            yield reading.in_contacts.warning("no-contact", (slug,), sentence, hint, "key")
            continue
        sentence = f"this authority has no contact, {so}"
        hint = f"add it to {reading.in_contacts.places.file}"
        yield reading.in_statistics.warning("no-contact", (slug,), sentence, hint, "key")


def _without_address(reading: Reading) -> Iterator[Problem]:
    """Letters that cannot go out by e-mail."""
    contacts, given = reading.in_contacts, _with_letter(reading)
    entries = [slug for slug in given if isinstance(contacts.at(slug), dict) and contacts.at(slug)]
    missing = [
        slug for slug in entries if "email" not in (contacts.at(slug, "chief_executive") or ())
    ]
    hint = "add it, or send this letter by hand"
    if len(missing) > FEW:
        sentence = f"{len(missing)} contacts have no address of a chief executive: "
        sentence += series(missing, most=3)
        count = str(len(missing))
        yield contacts.warning("many-without-address", (), sentence, hint, value=count)
        return
    for slug in missing:
        sentence = "the chief executive has no address, so this letter does not go out by e-mail"
        yield contacts.warning("no-address", (slug,), sentence, hint, "key")


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
        has_title = reading.in_contacts.at(*path, "title") is not None
        first, *others = (person.surname or "").replace(".", "").lower().split() or [""]
        begins = first in (_TITLES if others else _NO_SURNAMES)
        if person.surname and not has_title:
            sentence = "a surname without a title"
            hint = "add the title, such as Ms or Mr, or delete the surname"
            hint = "move the title that begins it to `title`" if begins else hint
            yield reading.in_contacts.error("surname-alone", (*path, "surname"), sentence, hint)
        elif begins:
            sentence = "the surname begins with a title, and the letter greets with both"
            hint = "leave the title to `title`"
            yield reading.in_contacts.warning(
                "title-in-surname", (*path, "surname"), sentence, hint
            )


def _shared_addresses(reading: Reading) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, contacts in reading.contacts.items():
        email = contacts.chief_executive and contacts.chief_executive.email
        if email and (other := first.setdefault(email.casefold(), slug)) != slug:
            path = (slug, "chief_executive", "email")
            sentence = f"the chief executive of {other} has the same address"
            hint = "right when one person serves both"
            yield reading.in_contacts.notice("same-address", path, sentence, hint, value=other)
