"""The year before: what a campaign has in common with it and is likely to change each year.

Such a thing is to be confirmed: it stops what is made and sent until it is another one, or until
`confirmed` in `letter.yaml` says, with its value, that it is the same on purpose. Specimens are
nobody's year before, and have none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from letters.campaign.check_figures import FEW
from letters.campaign.reading import Reading
from letters.campaign.same import (
    SENTENCES,
    Before,
    Same,
    all_the_same,
    counts_of,
    plain,
    the_same_as_long_ago,
    words_of,
)
from letters.errors import Place, Problem, Severity
from letters.source.places import KeyPath, Places, leaves
from letters.source.reader import Source, read
from letters.wording import did_you_mean, nearest, quoted, series


def carried_over(root: Path, reading: Reading, names: Sequence[str]) -> Iterator[Problem]:
    """What is to be confirmed of a campaign, and counts that changed more than they usually do.

    `names` are all campaigns. Nothing without an earlier one; what is as in several is told of the
    last of them.
    """
    earlier = [] if reading.letter.specimen else _earlier(root, reading, names)
    if not earlier:
        return
    confirmed = _flat(reading.letter.confirmed)
    found, told = list[Same](), set[tuple[str, str]]()
    for before in earlier:
        if before is earlier[0]:
            same = all_the_same(root, reading, before)
        else:
            same = the_same_as_long_ago(root, reading, before, told)
        new = [one for one in same if (one.name, one.value) not in told]
        told |= {(one.name, one.value) for one in new}
        found += new
        left = [one for one in new if not _is_confirmed(one, confirmed)]
        counts = [one for one in left if one.name.startswith("statistics.")]
        if len(counts) > FEW:
            left = [one for one in left if one not in counts]
            found.append(many := _many(reading, counts))
            left += () if _is_confirmed(many, confirmed) else (many,)
        yield from (_to_confirm(one, before.year, confirmed) for one in left)
    yield from _needless(reading, found)
    yield from _unusual(reading, earlier[0])


def _earlier(root: Path, reading: Reading, names: Sequence[str]) -> list[Before]:
    """The campaigns of earlier years that are no specimens, the last one first.

    By their names or the dates of their letters; of one year, 2024 comes before 2024-b.
    """
    year, earlier = _year_of(reading.year, reading.in_letter), list[tuple[int, str, Source]]()
    for name in names if year else ():
        letter = Source(Places(f"data/{name}/letter.yaml"))
        of = _year_of(name, letter)
        if of < year:
            letter = read(root, letter.places.file)
            of = _year_of(name, letter)
            if of and of < year and letter.at("specimen") is not True:
                earlier.append((-of, name, letter))
    earlier.sort(key=lambda one: one[:2])
    return [Before(root, name, letter) for _, name, letter in earlier]


def _flat(confirmed: Mapping[str, Any]) -> dict[str, Any]:
    """What is confirmed by dotted names, also where it is written in entries of entries."""
    flat = dict(confirmed)
    for path, value in leaves(confirmed, into_lists=False):
        flat.setdefault(".".join(map(str, path)), value)
    return flat


def _year_of(name: str, letter: Source) -> int:
    """By its name, else by the date of its letters; 0 when neither tells."""
    if match := re.match(r"[0-9]{4}(?![0-9])", name):
        return int(match[0])
    day = letter.at("letter_date")
    return day.year if isinstance(day, date) else 0


def _is_confirmed(one: Same, confirmed: Mapping[str, Any]) -> bool:
    if one.name == SENTENCES:
        said = confirmed.get(SENTENCES)
        texts = (words_of(plain(text)) for text in (said if isinstance(said, list) else [said]))
        return words_of(one.value) in texts
    said = confirmed.get(one.name)
    return said is not None and (said == one.raw or plain(said) == one.value)


def _to_confirm(one: Same, year: str, confirmed: Mapping[str, Any]) -> Problem:
    if one.name == SENTENCES:
        hint = "write this year's; if they are right as they stand, add these words to the list"
        hint = f"{hint} `{SENTENCES}:` under `confirmed:`"
        if one.others:
            hint += f" (they stand in {series(list(map(str, one.others)))}, too)"
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


def _needless(reading: Reading, found: Sequence[Same]) -> Iterator[Problem]:
    """A notice for each confirmation of what is not the same any more, or never was."""
    confirmed = reading.letter.confirmed
    names = {one.name for one in found}
    texts = {words_of(one.value): one.value for one in found if one.name == SENTENCES}
    said = confirmed.get(SENTENCES)
    for name in confirmed:
        if name not in names and name != SENTENCES and not _within(name, names):
            sentence = f"nothing of this name is as it was before: {quoted(name)}"
            hint = did_you_mean(name, sorted(names - confirmed.keys())) or "delete this entry"
            path: KeyPath = ("confirmed", name)
            yield reading.in_letter.notice(
                "nothing-to-confirm", path, sentence, hint, "key", value=name
            )
    entries = said if isinstance(said, list) else [said] if said is not None else []
    for index, text in enumerate(entries):
        words = plain(text)
        if words_of(words) in texts:
            continue
        sentence = f"no template says this as it was before: {quoted(words)}"
        near = nearest(words, tuple(texts.values()))
        hint = f"did you mean {json.dumps(near, ensure_ascii=False)}?" if near else "delete it"
        if isinstance(text, Mapping):
            hint = "put the whole sentence in quotes: a colon makes a key of what stands before it"
        path = ("confirmed", SENTENCES, *((index,) if isinstance(said, list) else ()))
        yield reading.in_letter.notice("nothing-to-confirm", path, sentence, hint, value=words)


def _within(name: str, names: Iterable[str]) -> bool:
    return any(other.startswith(f"{name}.") for other in names)


def _unusual(reading: Reading, before: Before) -> Iterator[Problem]:
    """Counts that changed by more than a factor, the largest change first."""
    factor, found, statistics = reading.letter.unusual_change, [], before.statistics
    for slug, entry in reading.statistics.items():
        earlier = counts_of(reading, statistics, slug)
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
