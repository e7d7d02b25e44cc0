"""Whether the authorities with statistics are those that get a letter."""

from __future__ import annotations

from collections.abc import Iterator

from letters.campaign.check_figures import FEW
from letters.campaign.check_register import did_not_exist, meant_by, unregistered
from letters.campaign.reading import Reading
from letters.campaign.records import Authority
from letters.errors import Problem
from letters.wording import series

NO_SUCH_AUTHORITY = "the register has no such authority"


def check_statistics(reading: Reading) -> Iterator[Problem]:
    """Every problem of who stands in `statistics.yaml` and who does not."""
    yield from _statistics(reading)
    yield from _without_statistics(reading)


def _statistics(reading: Reading) -> Iterator[Problem]:
    """Authorities with statistics that are not registered, or did not exist on its date."""
    slugs = reading.in_statistics.keys() or ()
    for slug, hint in unregistered(reading, slugs):
        yield reading.in_statistics.error(
            "no-such-authority", (slug,), NO_SUCH_AUTHORITY, hint, "key"
        )
    for slug in slugs:
        authority, day = reading.register.get(slug), reading.letter.letter_date
        if authority and day and (reason := did_not_exist(authority, day)):
            has_ended = authority.ended and authority.ended < day
            hint = _successors(reading, authority) if has_ended else ""
            code = "authority-ended" if has_ended else "authority-not-begun"
            yield reading.in_statistics.error(code, (slug,), reason, hint, "key")


def _successors(reading: Reading, authority: Authority) -> str:
    names = [
        reading.register[slug].name for slug in authority.succeeded_by if slug in reading.register
    ]
    return f"its place was taken by {series(names)}" if names else ""


def _without_statistics(reading: Reading) -> Iterator[Problem]:
    given, day = reading.in_statistics.keys(), reading.letter.letter_date
    if given is None or day is None:
        return
    existing = [
        slug for slug, authority in reading.register.items() if not did_not_exist(authority, day)
    ]
    there = {*given, *meant_by(reading, given)}
    missing = [slug for slug in existing if slug not in there]
    if len(missing) > FEW:
        some = series(missing, most=3)
        sentence = f"{len(missing)} authorities of the register have no statistics: {some}"
        count = str(len(missing))
        yield reading.in_statistics.warning("many-without-statistics", (), sentence, value=count)
        return
    for slug in missing:
        sentence = f"this authority has no statistics in {reading.year}, so no letter goes to it"
        yield reading.in_authorities.warning("no-statistics", (slug,), sentence, at="key")
