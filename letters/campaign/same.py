"""What a campaign has in common with an earlier one, of what is likely to change each year."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from letters.campaign.folder import home_of
from letters.campaign.paragraphs import paragraph_files
from letters.campaign.reading import Reading
from letters.campaign.sentences import is_of_a_year, sentences
from letters.errors import Place
from letters.files import is_left_over
from letters.source.places import KeyPath, leaves
from letters.source.reader import Source, read
from letters.source.scalars import as_text
from letters.source.text import place_at, read_text
from letters.wording import quoted

SENTENCES = "sentences"  #: the name in `confirmed` of the list of them
_LONG = 12  #: words: a paragraph as long as this is hardly the same by chance
#: numbers that one meets again by chance, and a count that one hardly does
_SMALL, _LARGE = re.compile(r"[0-9]{1,2}|true|false"), re.compile(r": [1-9][0-9]")
_NAMED = re.compile(r"""["']((?!base/)[\w-]+/[\w./-]+\.jinja)["']""")
_HOLDING = 12  #: digits of a digest, to tell files apart


@dataclass(frozen=True)
class Before:
    """What is wanted of an earlier campaign, as it was read, right or wrong."""

    root: Path
    year: str
    letter: Source

    @cached_property
    def statistics(self) -> Source:
        """Its figures, read when they are asked for."""
        return read(self.root, f"data/{self.year}/statistics.yaml", by_authority=True)

    @cached_property
    def contacts(self) -> Source:
        """Its contacts, in the same way."""
        file = home_of(self.root, self.year, "contacts.yaml")
        return read(self.root, file, by_authority=True, private=True)


class Same(NamedTuple):
    """Something that is as it was in the year before."""

    name: str  #: dotted; `sentences` for one of a template
    value: str  #: what it is, in the words that a confirmation has
    place: Place
    shown: str  #: the same for a sentence
    authority: str = ""
    written: str = ""  #: the value as YAML, where it is not the text itself
    others: tuple[Place, ...] = ()  #: where it stands, too
    raw: Any = None  #: the value itself, where there is one


def all_the_same(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """Everything that a campaign has in common with the year before and is likely to change."""
    yield from _letter(reading, before.letter)
    yield from _signature(root, reading, before.letter)
    yield from _averages(reading.in_letter, before.letter)
    yield from _texts(reading.in_letter, before.letter)
    yield from _counts(reading, before.statistics)
    yield from _contacts(reading, before.contacts)
    yield from _beside(root, reading, before)


def the_same_as_long_ago(
    root: Path, reading: Reading, before: Before, told: Collection[tuple[str, str]]
) -> Iterator[Same]:
    """The same of a year before the last, but for what may well be the same again by chance.

    Its figures are looked at when it has anything else in common that is not `told` already, by
    name and value, of a later year.
    """
    found = [*_letter(reading, before.letter), *_averages(reading.in_letter, before.letter)]
    letter = [
        one
        for one in found
        if not _SMALL.fullmatch(one.value) and (one.name, one.value) not in told
    ]
    yield from letter
    yield from _templates(root, reading, before) if not letter else ()
    if letter:
        yield from _signature(root, reading, before.letter)
        yield from (one for one in _counts(reading, before.statistics) if _LARGE.search(one.value))
        yield from _beside(root, reading, before)


def _beside(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """What stands in files of its own."""
    yield from _sources(root, reading, before)
    yield from _templates(root, reading, before)
    yield from _paragraphs(root, reading, before)
    yield from _attachments(root, reading, before)


def words_of(text: str) -> str:
    """The words of a text alone, by which two are the same whatever their commas and capitals."""
    return " ".join(re.findall(r"[\w%£$€]+", text.casefold()))


def _spelt_alike(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and words_of(one) == words_of(other)


def plain(value: Any) -> str:
    """A value in words, the same for a mapping or a list however it is written."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {plain(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    return " ".join(as_text(value).split())


def counts_of(reading: Reading, before: Source, slug: str) -> Any:
    """What the earlier statistics have of an authority, also under a slug that it had before."""
    body = reading.register.get(slug)
    names = (slug, *(body.formerly if body else ()))
    return next((found for name in names if (found := before.at(name)) is not None), None)


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
        then = before.at(*path)
        if value not in (None, [], {}) and (value == then or _spelt_alike(value, then)):
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
        then = counts_of(reading, before, slug)
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
        words_of(sentence.text)
        for _, text in _template_texts(root, other)
        for sentence in sentences(text)
        if is_of_a_year(sentence.text)
    }
    told = dict[str, Same]()
    for file, text in _template_texts(root, folder) if known else ():
        for sentence in sentences(text):
            words = words_of(sentence.text)
            if words in known:
                place = place_at(file, text, sentence.offset)
                shown = json.dumps(sentence.text, ensure_ascii=False)
                one = told.setdefault(words, Same(SENTENCES, sentence.text, place, shown))
                if one.place != place:
                    told[words] = one._replace(others=(*one.others, place))
    yield from told.values()


def _template_texts(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Each template of a folder, and of other years' that these name; what all share is none."""
    paths = sorted((root / "templates" / folder).rglob("*.jinja"))
    names = [one.relative_to(root).as_posix() for one in paths if not is_left_over(one.name)]
    for file in names:  # it grows
        if isinstance(text := read_text(root, file), str):
            named = (f"templates/{name}" for name in _NAMED.findall(text))
            names += [one for one in dict.fromkeys(named) if one not in names]
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
            found = re.search(r"\s+".join(map(re.escape, first.split())), text)
            place = place_at(file, text, found.start() if found else 0)
            yield Same(f"paragraphs.{slug}", value, place, quoted(first), slug)


def _blocks(text: str) -> list[str]:
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _attachments(root: Path, reading: Reading, before: Before) -> Iterator[Same]:
    """Files with a letter that went with some letter of the year before: by what they hold."""
    then = _files_below(root / home_of(root, before.year, "attachments"))
    where = home_of(root, reading.year, "attachments")
    now = _files_below(root / where) if then else []
    sizes = {path.stat().st_size for path in then} & {path.stat().st_size for path in now}
    known = {_digest(path) for path in then if path.stat().st_size in sizes}
    for path in now:
        if path.stat().st_size in sizes and (digest := _digest(path)) in known:
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
    name, text = ".".join(map(str, path)), plain(value)
    return Same(name, text, place, shown or text, written=_yaml(value), raw=value)


def _yaml(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_yaml(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else as_text(value)
