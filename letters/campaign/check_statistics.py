"""Whether the authorities with statistics are registered, and exist."""

from __future__ import annotations

from collections.abc import Iterator

from letters.campaign.check_register import did_not_exist, unregistered
from letters.campaign.reading import Reading
from letters.campaign.records import Authority
from letters.errors import Problem
from letters.wording import series

NO_SUCH_AUTHORITY = "the register has no such authority"


def check_statistics(reading: Reading) -> Iterator[Problem]:
    """The authorities with statistics that are not registered, or did not exist on its date."""
    slugs = (*(reading.in_statistics.keys() or ()), *reading.awaited)
    for slug, hint in unregistered(reading, slugs):
        yield reading.in_statistics.error(
            "no-such-authority", (slug,), NO_SUCH_AUTHORITY, hint, "key"
        )
    for slug in slugs:
        authority, day = reading.register.get(slug), reading.letter.letter_date
        if (
            authority
            and day
            and not reading.letter.specimen
            and (reason := did_not_exist(authority, day))
        ):
            has_ended = authority.ended and authority.ended < day
            hint = _successors(reading, authority) if has_ended else ""
            code = "authority-ended" if has_ended else "authority-not-begun"
            yield reading.in_statistics.error(code, (slug,), reason, hint, "key")


def _successors(reading: Reading, authority: Authority) -> str:
    names = [
        reading.register[slug].name for slug in authority.succeeded_by if slug in reading.register
    ]
    return f"its place was taken by {series(names)}" if names else ""
