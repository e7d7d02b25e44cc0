"""The year before: what a campaign has in common with it and is likely to change each year.

Such a thing is to be confirmed: it stops what is made and sent until it is another one, or until
`confirmed` in `letter.yaml` says, with its value, that it is the same on purpose. Specimens are
nobody's year before, and have none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from letters.campaign.check_figures import FEW
from letters.campaign.folder import home_of
from letters.campaign.paragraphs import paragraph_files
from letters.campaign.reading import Reading
from letters.campaign.sentences import is_of_a_year, sentences
from letters.errors import Place, Problem, Severity
from letters.files import is_left_over
from letters.source.places import KeyPath, Places, leaves
from letters.source.reader import Source, read
from letters.source.scalars import as_text
from letters.source.text import place_at, read_text
from letters.wording import did_you_mean, quoted, series

SENTENCES = "sentences"  #: the name in `confirmed` of the list of them
_LONG = 12  #: words: a paragraph as long as this is hardly the same by chance
_HOLDING = 12  #: digits of a digest, to tell files apart


@dataclass(frozen=True, slots=True)
class Before:
    """What is wanted of an earlier campaign, as it was read, right or wrong."""

    year: str
    letter: Source
    statistics: Source
    contacts: Source


class Same(NamedTuple):
    """Something that is as it was in the year before."""

    name: str  #: dotted; `sentences` for one of a template
    value: str  #: what it is, in the words that a confirmation has
    place: Place
    shown: str  #: the same for a sentence
    authority: str = ""
    written: str = ""  #: the value as YAML, where it is not the text itself


def carried_over(root: Path, reading: Reading, names: Sequence[str]) -> Iterator[Problem]:
    """What is to be confirmed of a campaign, and counts that changed more than they usually do.

    `names` are all campaigns. Nothing without an earlier one.
    """
    before = None if reading.letter.specimen else _before(root, reading, names)
    if before is None:
        return
    confirmed = reading.letter.confirmed
    found = [*_all_the_same(root, reading, before)]
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


def _all_the_same(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    yield from _letter(reading, before.letter)
    yield from _signature(root, reading, before.letter)
    yield from _averages(reading.in_letter, before.letter)
    yield from _texts(reading.in_letter, before.letter)
    yield from _counts(reading, before.statistics)
    yield from _contacts(reading, before.contacts)
    yield from _sources(root, reading, before)
    yield from _templates(root, reading, before)
    yield from _paragraphs(root, reading, before)
    yield from _attachments(root, reading, before)


def _letter(reading: Reading, before: Source) -> Iterator[Same]:
    """The folder of words, dates, period, signatory and facts."""
    source = reading.in_letter
    single: list[KeyPath] = [
        ("templates",),
        ("letter_date",),
        ("publication_date",),
        ("signatory", "name"),
    ]
    period = source.at("period")
    if isinstance(period, dict) and period and period == before.at("period"):
        single.append(("period",))
    else:
        single += [("period", "start"), ("period", "end")]
    single += [path for path, _ in leaves(source.at("facts"), ("facts",), into_lists=False)]
    for path in single:
        value = source.at(*path)
        if value not in (None, [], {}) and value == before.at(*path):
            yield _same(source, path, value)


def _signature(root: Path, reading: Reading, before: Source) -> Iterator[Same]:
    """The scanned signature of another person: the year before's under a new name."""
    name, path = ("signatory", "name"), ("signatory", "signature")
    files = []
    for source in (reading.in_letter, before):
        picture = source.at(*path)
        file = picture.get("file") if isinstance(picture, dict) else picture
        files.append(_digest(root / "templates" / file) if isinstance(file, str) else "")
    if files[0] and files[0] == files[1] and reading.in_letter.at(*name) != before.at(*name):
        yield _same(reading.in_letter, path, files[0], "the signature")


def _averages(source: Source, before: Source) -> Iterator[Same]:
    """The groups all of whose averages are as they were."""
    for group in source.keys("peer_averages") or ():
        now, then = (one.at("peer_averages", group) for one in (source, before))
        both = _of_both(now, then)
        if both and all(now[name] == then[name] for name in both):
            yield _same(source, ("peer_averages", group), {name: now[name] for name in both})


def _texts(source: Source, before: Source) -> Iterator[Same]:
    """Words of `letter.yaml` that are true of one year, such as those for a base of 0."""
    for top in ("counts", "measures"):
        for path, value in leaves(source.at(top), (top,)):
            is_text = isinstance(value, str) and path[-1] in ("singular", "plural", "undefined")
            if is_text and is_of_a_year(value) and value == before.at(*path):
                yield _same(source, path, value)


def _counts(reading: Reading, before: Source) -> Iterator[Same]:
    """The authorities all of whose counts are as they were."""
    for slug, now in reading.statistics.items():
        then = before.at(slug)
        both = _of_both(now, then)
        if both and all(now[name] == then[name] for name in both):
            same = _same(
                reading.in_statistics, (slug,), {name: now[name] for name in both}, at_key=True
            )
            yield same._replace(name=f"statistics.{slug}", authority=slug)


def _contacts(reading: Reading, before: Source) -> Iterator[Same]:
    """The contacts, when not one of them has changed."""
    there = [slug for slug in reading.in_contacts.keys() or () if before.at(slug) is not None]
    if there and all(reading.in_contacts.at(slug) == before.at(slug) for slug in there):
        shown = f"all contacts ({len(there)})"
        place = Place(reading.in_contacts.places.file)
        yield Same("contacts", str(len(there)), place, shown, written=str(len(there)))


def _sources(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    file = f"data/{reading.year}/SOURCES.md"
    digest = _digest(root / file)
    if digest and digest == _digest(root / "data" / before.year / "SOURCES.md"):
        yield Same("sources", digest, Place(file), "every word of it")


def _templates(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """Sentences of the year's templates that speak of a year, and are its templates' word for word."""
    folder, other = reading.letter.templates, before.letter.at("templates")
    if folder is None or not isinstance(other, str):
        return
    known = {
        sentence.text.casefold()
        for _, text in _template_texts(root, other)
        for sentence in sentences(text)
        if is_of_a_year(sentence.text)
    }
    told = set[str]()
    for file, text in _template_texts(root, folder) if known else ():
        for sentence in sentences(text):
            words = sentence.text.casefold()
            if words in known and words not in told:
                told.add(words)
                place = place_at(file, text, sentence.offset)
                shown = json.dumps(sentence.text, ensure_ascii=False)
                yield Same(SENTENCES, sentence.text, place, shown)


def _template_texts(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "templates" / folder).rglob("*.jinja")):
        file = path.relative_to(root).as_posix()
        if not is_left_over(path.name) and isinstance(text := read_text(root, file), str):
            yield file, text


def _paragraphs(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """Bespoke paragraphs that are of the year before, as a whole or in a long part, of whomever."""
    wholes, parts = set[str](), set[str]()
    for file in paragraph_files(root, f"data/{before.year}/paragraphs"):
        if isinstance(text := read_text(root, file), str):
            wholes.add(" ".join(text.split()))
            parts |= set(_blocks(text))
    for slug, text in reading.paragraphs.items():
        long = [one for one in _blocks(text) if len(one.split()) >= _LONG and one in parts]
        if long or " ".join(text.split()) in wholes:
            file = f"data/{reading.year}/paragraphs/{slug}.md"
            first = long[0] if long else " ".join(text.split())
            value = sha256(text.encode()).hexdigest()[:_HOLDING]
            offset = max(text.find(first.split()[0]), 0)
            for match in re.finditer(re.escape(first).replace(r"\ ", r"\s+"), text):
                offset = match.start()
                break
            yield Same(
                f"paragraphs.{slug}", value, place_at(file, text, offset), quoted(first), slug
            )


def _blocks(text: str) -> list[str]:
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _attachments(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """Files with a letter that went with some letter of the year before: by what they hold."""
    then = dict[int, list[Path]]()
    for path in _files_below(root / home_of(root, before.year, "attachments")):
        then.setdefault(path.stat().st_size, []).append(path)
    where = home_of(root, reading.year, "attachments")
    for path in _files_below(root / where) if then else ():
        others = then.get(path.stat().st_size, ())
        if others and (digest := _digest(path)) in map(_digest, others):
            name = path.relative_to(root / where).as_posix()
            slug = name.partition("/")[0]
            yield Same(f"attachments.{name}", digest, Place(f"{where}/{name}"), "this file", slug)


def _files_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*/*")) if path.is_file() and path.name[0] != "."]


def _digest(path: Path) -> str:
    """Enough of a file's SHA-256 to tell it from others; "" when it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()[:_HOLDING]
    except OSError:
        return ""


def _of_both(now: Any, then: Any) -> list[str]:
    """The names that have a value in two mappings."""
    if not isinstance(now, Mapping) or not isinstance(then, Mapping):
        return []
    return [name for name, value in now.items() if value is not None and then.get(name) is not None]


def _same(source: Source, path: KeyPath, value: Any, shown: str = "", at_key: bool = False) -> Same:
    place = source.places.key(*path) if at_key else source.places.value(*path)
    name, text = ".".join(map(str, path)), _plain(value)
    return Same(name, text, place, shown or text, written=_yaml(value))


def _plain(value: Any) -> str:
    """A value in words, the same for a mapping or a list however it is written."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return " ".join(as_text(value).split())


def _yaml(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_yaml(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else as_text(value)


def _is_confirmed(one: Same, confirmed: Mapping[str, Any]) -> bool:
    if one.name == SENTENCES:
        said = confirmed.get(SENTENCES)
        texts = (_plain(text).casefold() for text in (said if isinstance(said, list) else [said]))
        return one.value.casefold() in texts
    return one.name in confirmed and _plain(confirmed[one.name]) == one.value


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
            hint = f"{_plain(confirmed[one.name])} is confirmed, and it is {one.value}; {hint}"
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
        if _plain(text).casefold() not in texts:
            unknown.append((("confirmed", SENTENCES, index), _plain(text), {*texts.values()}))
    for path, word, others in unknown:
        sentence = f"there is nothing of this name to confirm (any more): {quoted(word)}"
        hint = did_you_mean(word, sorted(others)) or "delete this entry"
        at = "key" if len(path) == 2 else "value"
        yield reading.in_letter.notice("nothing-to-confirm", path, sentence, hint, at, value=word)


def _unusual(reading: Reading, before: Before) -> Iterator[Problem]:
    """Counts that changed by more than a factor, the largest change first."""
    factor, found = reading.letter.unusual_change, []
    for slug, entry in reading.statistics.items():
        for name, now in entry.items():
            then = before.statistics.at(slug, name)
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
