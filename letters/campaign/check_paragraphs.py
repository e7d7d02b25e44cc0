"""Whether the bespoke paragraphs are for somebody, and speak of the authority they go to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from letters.campaign.prose import Names
from letters.campaign.reading import Reading
from letters.campaign.recipients import with_letter
from letters.errors import Place, Problem, Severity
from letters.source.text import place_at
from letters.wording import meant, nearest_authority, quoted


def check_paragraphs(reading: Reading) -> Iterator[Problem]:
    """Every problem of the paragraphs as a whole."""
    yield from _for_nobody(reading)
    yield from _of_others(reading)


def _for_nobody(reading: Reading) -> Iterator[Problem]:
    known = reading.in_statistics.keys()
    if known is None:
        return
    without = reading.statistics.keys() - with_letter(reading).keys()
    for slug in reading.paragraphs:
        place = Place(_file(reading, slug))
        if slug in without:
            sentence, hint = "a paragraph for nobody: no letter goes to it", "delete the file"
            yield Problem(
                place, Severity.ERROR, "paragraph-for-nobody", sentence, hint, authority=slug
            )
        elif slug not in known and slug not in reading.awaited:
            sentence = f"a paragraph for nobody: {quoted(slug)} has no statistics in {reading.year}"
            hint = "add its statistics, or delete the file"
            if slug not in reading.register:
                hint = meant(nearest_authority(slug, known)) or hint
            yield Problem(
                place, Severity.ERROR, "paragraph-for-nobody", sentence, hint, authority=slug
            )


def _of_others(reading: Reading) -> Iterator[Problem]:
    """A notice where a paragraph names another authority by its full name, once for each."""
    names = Names(authority.name for authority in reading.register.values())
    for slug, typed in reading.paragraphs.items():
        text = unicodedata.normalize("NFC", typed)
        own = reading.register.get(slug)
        told = {unicodedata.normalize("NFC", own.name).casefold()} if own else set[str]()
        for match in names.found(text):
            name = " ".join(match[0].split())
            if name.casefold() not in told:
                told.add(name.casefold())
                place = place_at(_file(reading, slug), text, match.start())
                sentence = f"this names another authority: {name}"
                hint = "right where it is meant; is this the right file?"
                yield Problem(
                    place, Severity.NOTICE, "names-another", sentence, hint,
                    authority=slug, value=name,
                )  # fmt: skip


def _file(reading: Reading, slug: str) -> str:
    return f"data/{reading.year}/paragraphs/{slug}.md"
