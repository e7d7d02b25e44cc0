"""What was built and what it was made from: `build/YEAR/manifest.json`.

While a build runs, what it has finished stands in a journal beside the manifest, a line a letter.
The manifest never names a letter that is about to change; the two together are always the truth.
Both are believed only as far as they are what a build writes: files are removed by what they name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TextIO, TypeAlias, TypeVar

from letters.campaign.records import Digest, Shape, Slug, Whole
from letters.errors import BuildError
from letters.files import write_whole
from letters.source.places import dotted, leaves
from letters.wording import found

FORMAT = 2  #: of the manifest and its journal; older ones count as empty

Inputs: TypeAlias = Mapping[str, str]
Single: TypeAlias = str | int | bool | None
Statistics: TypeAlias = Mapping[str, Single | Mapping[str, Single | Mapping[str, Single]]]

T = TypeVar("T")


class _Checked:
    """A record that is looked into although it is one already: what is in it may be anything."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"revalidate_instances": "always"}


@dataclass(frozen=True, slots=True)
class Setting(_Checked):
    """What letters of one build share."""

    engine: Inputs  #: versions, by name
    templates: Inputs  #: SHA-256 of each template
    stationery: Inputs  #: SHA-256 of each style sheet, picture and font
    letter: Inputs  #: the values of letter.yaml, by dotted key


@dataclass(frozen=True, slots=True)
class Entry(_Checked):
    """One letter that was built."""

    slug: Slug
    sha256: Digest  #: of the PDF
    html_sha256: Digest
    pages: Whole
    bytes: Whole  #: of the PDF
    fingerprint: str  #: of all that the PDF is made from
    setting: str  #: digest of the setting it was built in
    statistics: Statistics  #: as embedded in the PDF
    contact: str  #: digest of how it is addressed
    paragraph: str  #: digest of its bespoke paragraph, "" without one


class Origin(NamedTuple):
    """What a letter was made from."""

    entry: Entry
    setting: Setting | None  #: None where it is not known


@dataclass(slots=True)
class Manifest:
    """The letters built of one year, by slug, and the settings they were built in, by digest."""

    letters: dict[str, Entry] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    misstated: tuple[str, ...] = ()  #: what is wrong with its year or its totals, as sentences
    outdated: tuple[str, ...] = ()  #: slugs of the letters that one of an older format names

    def origin(self, slug: str) -> Origin:
        """What a letter was made from. Raises KeyError for one that it does not name."""
        entry = self.letters[slug]
        return Origin(entry, self.settings.get(entry.setting))


@dataclass(frozen=True, slots=True)
class _Document(_Checked):
    format: int
    settings: dict[Digest, dict[str, Any]]
    letters: list[dict[str, Any]]
    year: Any = None  # this and the totals are told when they are wrong: a build mends them
    totals: Any = None


@dataclass(frozen=True, slots=True)
class _Heading(_Checked):
    """The first line of the journal."""

    format: int
    digest: Digest
    setting: dict[str, Any]


_DOCUMENT: Shape[_Document] = Shape(_Document, "The manifest.")
_HEADING: Shape[_Heading] = Shape(_Heading, "The first line of the journal.")
_ENTRY: Shape[Entry] = Shape(Entry, "One letter that was built.")
_SETTING: Shape[Setting] = Shape(Setting, "What letters of one build share.")
_SLUG: Shape[str] = Shape(Slug, "What files are named after.")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a year's folder with its journal added; empty when nothing was built.

    One of an older format is empty, too, but for the slugs that it names. Raises BuildError for
    one that is damaged or of a newer format. A torn last line of the journal is no letter.
    """
    manifest = Manifest()
    for path, add in ((folder / "manifest.json", _add_document), (_journal(folder), _add_journal)):
        try:
            add(manifest, path)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BuildError(
                f"{path} is none of ours, or damaged; delete it and build again"
            ) from error
    return manifest


def write_manifest(folder: Path, year: str, manifest: Manifest, order: Iterable[str]) -> None:
    """Write the manifest, letters in the order given and then the others, and end the journal."""
    slugs = dict.fromkeys((*order, *sorted(manifest.letters)))
    entries = [manifest.letters[slug] for slug in slugs if slug in manifest.letters]
    used = {entry.setting for entry in entries}
    document = {
        "format": FORMAT,
        "year": year,
        "totals": _totals(entries),
        "settings": {
            digest: asdict(manifest.settings[digest])
            for digest in sorted(used & manifest.settings.keys())
        },
        "letters": entries,
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, default=asdict) + "\n"
    path = folder / "manifest.json"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_whole({path: text.encode()})
    _journal(folder).unlink(missing_ok=True)


def unfinished(folder: Path) -> bool:
    """Whether a build of the year runs, or did not end: its journal is there."""
    return _journal(folder).exists()


class Journal:
    """The lines of a running build.

    A line outlives its process, and need not outlive a power cut: the letter is then built again.
    """

    def __init__(self, folder: Path, digest: str, setting: Setting) -> None:
        self._file: TextIO = _journal(folder).open("w", encoding="utf-8")
        self._write({"format": FORMAT, "digest": digest, "setting": asdict(setting)})

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, entry: Entry) -> None:
        """Note a letter that is finished."""
        self._write(asdict(entry))

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


def made_from(value: Any) -> Origin:
    """What a letter was made from, as it was kept beside it: `entry` and `setting`.

    Raises ValueError, KeyError or TypeError for anything else.
    """
    entry = _checked(_ENTRY, Entry(**value["entry"]))
    return Origin(entry, _checked(_SETTING, Setting(**value["setting"])))


def flat(value: Any) -> dict[str, str]:
    """Nested values by dotted key, as text; a list is one value."""
    return {
        dotted(path): ", ".join(map(str, one)) if isinstance(one, list | tuple) else _text_of(one)
        for path, one in leaves(value, into_lists=False)
    }


def _text_of(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _journal(folder: Path) -> Path:
    return folder / "manifest.journal"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _add_document(manifest: Manifest, path: Path) -> None:
    if not (content := _content(path)):
        return
    value = _decoded(content)
    if not _of_this_format(value, path):
        manifest.outdated = _slugs(value["letters"])
        return
    document = _checked(_DOCUMENT, _Document(**value))
    entries = [_checked(_ENTRY, Entry(**one)) for one in document.letters]
    manifest.letters = {entry.slug: entry for entry in entries}
    manifest.settings = {
        digest: _checked(_SETTING, Setting(**one)) for digest, one in document.settings.items()
    }
    manifest.misstated = tuple(
        f"{path}: {sentence}"
        for sentence in (*_repeated(entries), *_misstated(document, path.parent.name, manifest))
    )


def _add_journal(manifest: Manifest, path: Path) -> None:
    lines = _lines(_content(path))
    for first in islice(lines, 1):
        if not _of_this_format(first, path):
            manifest.outdated = (*manifest.outdated, *_slugs(lines if first["digest"] else ()))
            return
        heading = _checked(_HEADING, _Heading(**first))
        manifest.settings[heading.digest] = _checked(_SETTING, Setting(**heading.setting))
    for line in lines:
        entry = _checked(_ENTRY, Entry(**line))
        manifest.letters[entry.slug] = entry


def _of_this_format(value: Any, path: Path) -> bool:
    """False for an older one, which has no number. Raises BuildError for a newer one."""
    number = value.get("format", 1)
    if type(number) is not int or number < 1:
        raise ValueError(f"{found(number)} is no number of a format")
    if number > FORMAT:
        raise BuildError(
            f"{path} is of format {number}, and this version of letters knows {FORMAT}: use the"
            " newer version that built it, or delete it and build again"
        )
    return number == FORMAT


def _slugs(entries: Iterable[Any]) -> tuple[str, ...]:
    """What an older format names, as far as files can have been named so."""
    slugs = (_SLUG.read(entry["slug"])[0] for entry in entries)
    return tuple(slug for slug in slugs if slug)


def _checked(shape: Shape[T], record: T) -> T:
    """The record, when all in it is as its type says; raises ValueError."""
    checked, errors = shape.read(record)
    if checked is None:
        raise ValueError("; ".join(str(error["msg"]) for error in errors))
    return checked


def _repeated(entries: Sequence[Entry]) -> Iterator[str]:
    counts = Counter(entry.slug for entry in entries)
    yield from (f"{slug} stands in it {count} times" for slug, count in counts.items() if count > 1)


def _misstated(document: _Document, year: str, manifest: Manifest) -> Iterator[str]:
    totals = document.totals if isinstance(document.totals, dict) else {}
    right = _totals(manifest.letters.values())
    for name, stated, true in (
        ("year", document.year, year),
        *((f"totals.{name}", totals.get(name), number) for name, number in right.items()),
    ):
        if (type(stated), stated) != (type(true), true):
            yield f"{name} is {found(stated)}, and {found(true)} is right"


def _totals(entries: Collection[Entry]) -> dict[str, int]:
    return {
        "letters": len(entries),
        "pages": sum(entry.pages for entry in entries),
        "bytes": sum(entry.bytes for entry in entries),
    }


def _decoded(content: bytes) -> Any:
    """JSON that can be written again. Raises ValueError, also for half a surrogate pair."""
    value = json.loads(content.decode())
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _lines(journal: bytes) -> Iterator[Any]:
    *whole, last = journal.split(b"\n")
    yield from map(_decoded, whole)
    try:
        value = _decoded(last)
    except ValueError:  # torn, or nothing
        return
    yield value
