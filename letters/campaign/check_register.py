"""Whether the register of authorities agrees with itself, and what it says of an authority."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from letters.campaign.reading import Reading
from letters.campaign.records import Authority
from letters.errors import Problem
from letters.wording import hyphenated, meant, nearest_authority, quoted

_MOST_HINTS = 20  #: each takes a while; with more names wrong it is another file anyway


def check_register(reading: Reading) -> Iterator[Problem]:
    """Every problem of `authorities.yaml` that needs more than one of its entries."""
    known, formers = reading.in_authorities.keys() or (), dict[str, str]()
    for slug, authority in reading.register.items():
        for index, successor in enumerate(authority.succeeded_by):
            path = (slug, "succeeded_by", index)
            if successor == slug:
                sentence = "an authority cannot succeed itself"
                yield reading.in_authorities.error("succeeds-itself", path, sentence)
            elif successor not in known:
                sentence = f"the register has no authority {quoted(successor)}"
                hint = meant(nearest_authority(successor, known))
                yield reading.in_authorities.error("unknown-successor", path, sentence, hint)
        for index, former in enumerate(authority.formerly):
            path = (slug, "formerly", index)
            if former in known:
                sentence = f"{quoted(former)} is still in the register: who had it has it no longer"
                hint = "one authority stands there once, under its present slug"
                yield reading.in_authorities.error("former-slug-still-there", path, sentence, hint)
            elif (other := formers.setdefault(former, slug)) != slug:
                sentence = f"{other} has the same; a slug was one authority's"
                yield reading.in_authorities.error("same-former-slug", path, sentence)
        if authority.began and authority.ended and authority.began > authority.ended:
            sentence = f"it ended on {authority.ended}, before it began on {authority.began}"
            yield reading.in_authorities.error("ended-before-it-began", (slug, "ended"), sentence)
    names = [(slug, body.name.casefold()) for slug, body in reading.register.items()]
    codes = [(slug, body.gss_code) for slug, body in reading.register.items()]
    yield from _repeated(reading, "name", names)
    yield from _repeated(reading, "gss_code", codes)


def _repeated(
    reading: Reading, key: str, values: Sequence[tuple[str, str | None]]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, value in values:
        if value and (other := first.setdefault(value, slug)) != slug:
            line = reading.in_authorities.places.key(other).line
            sentence, hint = f"{other} on line {line} has the same", "is one authority here twice?"
            yield reading.in_authorities.error(
                f"same-{hyphenated(key)}", (slug, key), sentence, hint
            )


def unregistered(reading: Reading, slugs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The slugs that the register lacks, each with a hint; none when it cannot be read."""
    known = reading.in_authorities.keys()
    if known is None:
        return
    for number, slug in enumerate(slug for slug in slugs if slug not in known):
        hint = meant(nearest_authority(slug, known)) if number < _MOST_HINTS else ""
        yield slug, hint or "add it to data/authorities.yaml, or correct the slug"


def meant_by(reading: Reading, slugs: Sequence[str]) -> set[str]:
    """The authorities that slugs unknown to the register were probably meant to be.

    What else is wrong with them waits until the slug is right.
    """
    known = reading.in_authorities.keys() or ()
    strangers = [slug for slug, _ in unregistered(reading, slugs)]
    return {nearest_authority(slug, known) for slug in strangers[:_MOST_HINTS]}


def did_not_exist(authority: Authority, day: date) -> str:
    """Why an authority gets no letter of a day, "" when it existed then."""
    if authority.began and authority.began > day:
        return f"it began on {authority.began}, after the letter's date, {day}"
    if authority.ended and authority.ended < day:
        return f"it ended on {authority.ended}, before the letter's date, {day}"
    return ""
