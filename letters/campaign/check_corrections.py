"""Whether the corrections of letters that were sent go together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from letters.campaign.corrections import corrections_file
from letters.campaign.reading import Reading
from letters.errors import Place, Problem, Severity
from letters.wording import meant, nearest_authority, quoted


def check_corrections(reading: Reading) -> Iterator[Problem]:
    """Every problem of the corrections as a whole."""
    place = Place(corrections_file(reading.year))
    known = {*reading.register}.union(*(body.formerly for body in reading.register.values()))
    ids = Counter(one.id for one in reading.corrections)
    for name in (name for name, times in ids.items() if times > 1):
        sentence = f"{name} is there {ids[name]} times"
        hint = "each correction has an id of its own: take out what was copied"
        yield Problem(place, Severity.ERROR, "correction-twice", sentence, hint)
    for name in ids:
        other = re.fullmatch(r"(.+)-C[0-9]+", name)
        if other and other[1] != reading.year:
            sentence = f"{name} is a correction of letters of {other[1]}"
            hint = f"each year has its own: take out what was copied; those of {reading.year} come by letters correct"
            yield Problem(place, Severity.ERROR, "correction-of-another-year", sentence, hint)
    last = dict[str, int]()
    for one in reading.corrections:
        for slug, letter in (*one.letters.items(), *one.noted.items()):
            if slug not in known:
                sentence = f"{one.id}: there is no authority {quoted(slug)}"
                hint = meant(nearest_authority(slug, tuple(reading.register)))
                yield Problem(place, Severity.ERROR, "unknown-authority", sentence, hint)
            if lost := [
                name for name in letter.printed if name not in letter.old.keys() & letter.new
            ]:
                sentence = f"{one.id}: {slug}: {lost[0]} is printed, and is not both old and new"
                hint = "write both values, or take the name out"
                yield Problem(
                    place, Severity.ERROR, "correction-incomplete", sentence, hint, authority=slug
                )
        for slug, letter in one.letters.items():
            if letter.issue <= last.get(slug, 1):
                sentence = f"{one.id}: the letter to {slug} has issue {letter.issue} already"
                hint = "the first letter is issue 1, and each that replaces one has the next number"
                yield Problem(
                    place, Severity.ERROR, "correction-twice", sentence, hint, authority=slug
                )
            last[slug] = letter.issue
