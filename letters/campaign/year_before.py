"""The year before: what a campaign has in common with it and is likely to change each year.

Such a thing is to be confirmed: it stops what is made and sent until it is another one, or until
`confirmed` in `letter.yaml` says, with its value, that it is the same on purpose. Specimens are
nobody's year before, and have none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from letters.campaign.check_figures import FEW
from letters.campaign.folder import home_of
from letters.campaign.reading import Reading
from letters.campaign.same import SENTENCES, Before, Same, all_the_same, counts_of, plain
from letters.errors import Place, Problem, Severity
from letters.source.places import KeyPath, Places
from letters.source.reader import Source, read
from letters.wording import did_you_mean, quoted, series


def carried_over(root: Path, reading: Reading, names: Sequence[str]) -> Iterator[Problem]:
    """What is to be confirmed of a campaign, and counts that changed more than they usually do.

    `names` are all campaigns. Nothing without an earlier one.
    """
    before = None if reading.letter.specimen else _before(root, reading, names)
    if before is None:
        return
    confirmed = reading.letter.confirmed
    found = [*all_the_same(root, reading, before)]
    left = [one for one in found if not _is_confirmed(one, confirmed)]
    counts = [one for one in left if one.name.startswith("statistics.")]
    if len(counts) > FEW:
        left = [one for one in left if one not in counts]
        found.append(many := _many(reading, counts))
        left += () if _is_confirmed(many, confirmed) else (many,)
    yield from (_to_confirm(one, before.year, confirmed) for one in left)
    yield from _needless(reading, found, confirmed)
    yield from _unusual(reading, before)


def _before(root: Path, reading: Reading, names: Sequence[str]) -> Before | None:
    """The last campaign of an earlier year that is no specimen, by its name or its letter's date."""
    year, earlier = _year_of(reading.year, reading.in_letter), list[tuple[int, str, Source]]()
    for name in names if year else ():
        letter = Source(Places(f"data/{name}/letter.yaml"))
        of = _year_of(name, letter)
        if of < year:
            letter = read(root, letter.places.file)
            of = _year_of(name, letter)
            if of and of < year and letter.at("specimen") is not True:
                earlier.append((of, name, letter))
    if not earlier:
        return None
    last = max(of for of, _, _ in earlier)
    _, name, letter = min(one for one in earlier if one[0] == last)  # 2024 before 2024-b
    return Before(
        name,
        letter,
        read(root, f"data/{name}/statistics.yaml", by_authority=True),
        read(root, home_of(root, name, "contacts.yaml"), by_authority=True, private=True),
    )


def _year_of(name: str, letter: Source) -> int:
    """By its name, else by the date of its letters; 0 when neither tells."""
    if match := re.match(r"[0-9]{4}(?![0-9])", name):
        return int(match[0])
    day = letter.at("letter_date")
    return day.year if isinstance(day, date) else 0


def _is_confirmed(one: Same, confirmed: Mapping[str, Any]) -> bool:
    if one.name == SENTENCES:
        said = confirmed.get(SENTENCES)
        texts = (plain(text).casefold() for text in (said if isinstance(said, list) else [said]))
        return one.value.casefold() in texts
    return one.name in confirmed and plain(confirmed[one.name]) == one.value


def _to_confirm(one: Same, year: str, confirmed: Mapping[str, Any]) -> Problem:
    if one.name == SENTENCES:
        hint = "write this year's; if they are right as they stand, add these words to the list"
        hint = f"{hint} `{SENTENCES}:` under `confirmed:`"
    else:
        name = one.name if re.fullmatch(r"[\w.-]+", one.name) else json.dumps(one.name)
        entry = one.written or json.dumps(one.value, ensure_ascii=False)
        hint = "write this year's; if it is right as it stands, add a line under `confirmed:`"
        hint = f"{hint} {name}: {entry}"
        if one.name in confirmed:
            hint = f"{plain(confirmed[one.name])} is confirmed, and it is {one.value}; {hint}"
    return Problem(
        one.place,
        Severity.ERROR,
        "as-the-year-before",
        f"still as in {year}: {one.shown}",
        hint,
        one.name,
        one.authority,
        one.value,
        unfinished=True,
        carried_over=year,
    )


def _many(reading: Reading, counts: Sequence[Same]) -> Same:
    slugs = [one.authority for one in counts]
    shown = f"all counts of {len(slugs)} authorities: {series(slugs, most=3)}"
    place = Place(reading.in_statistics.places.file)
    return Same("statistics", str(len(slugs)), place, shown, written=str(len(slugs)))


def _needless(
    reading: Reading, found: Sequence[Same], confirmed: Mapping[str, Any]
) -> Iterator[Problem]:
    """A notice for each confirmation of what is not the same any more, or never was."""
    names = {one.name for one in found}
    texts = {one.value.casefold(): one.value for one in found if one.name == SENTENCES}
    said = confirmed.get(SENTENCES)
    unknown: list[tuple[KeyPath, str, set[str]]] = [
        (("confirmed", name), name, names - confirmed.keys())
        for name in confirmed
        if name not in names and name != SENTENCES
    ]
    for index, text in enumerate(said if isinstance(said, list) else ()):
        if plain(text).casefold() not in texts:
            unknown.append((("confirmed", SENTENCES, index), plain(text), {*texts.values()}))
    for path, word, others in unknown:
        sentence = f"there is nothing of this name to confirm (any more): {quoted(word)}"
        hint = did_you_mean(word, sorted(others)) or "delete this entry"
        if isinstance(reading.in_letter.at(*path), dict) and path[1] == SENTENCES:
            hint = "put the whole sentence in quotes: a colon makes a key of what stands before it"
        at: Literal["key", "value"] = "key" if len(path) == 2 else "value"
        yield reading.in_letter.notice("nothing-to-confirm", path, sentence, hint, at, value=word)


def _unusual(reading: Reading, before: Before) -> Iterator[Problem]:
    """Counts that changed by more than a factor, the largest change first."""
    factor, found = reading.letter.unusual_change, []
    for slug, entry in reading.statistics.items():
        earlier = counts_of(reading, before.statistics, slug)
        for name, now in entry.items() if isinstance(earlier, dict) else ():
            then = earlier.get(name)
            if isinstance(then, int) and not isinstance(then, bool) and then >= 0:
                low, high = sorted((now, then))
                if high > factor * max(low, 1):
                    found.append((Decimal(high) / max(low, 1), slug, name, now, then))
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    hint = "right, when the year was so; a count of another authority, or a digit too many?"
    source = reading.in_statistics
    if len(found) > FEW:
        largest = [f"{slug}.{name} ({now} after {then})" for _, slug, name, now, then in found]
        change = f"more than {factor} times as large or as small as in {before.year}"
        sentence = f"{len(found)} counts are {change}: {series(largest, most=FEW)}"
        yield source.notice("many-unusual-changes", (), sentence, hint, value=str(len(found)))
        return
    for rank, (_, slug, name, now, then) in enumerate(found, 1):
        sentence = f"{now}, and {then} in {before.year}"
        problem = source.notice("unusual-change", (slug, name), sentence, hint)
        yield replace(problem, rank=rank, value=f"{now} after {then}")
