"""What was built and what it was made from: `build/YEAR/manifest.json`.

While a build runs, what it has finished stands in a journal beside the manifest, a line a letter.
The manifest never names a letter that is about to change; the two together are always the truth.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from letters.errors import BuildError
from letters.files import write_whole
from letters.source.places import dotted, leaves

Inputs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What letters of one build share."""

    engine: Inputs  #: versions, by name
    templates: Inputs  #: SHA-256 of each template
    stationery: Inputs  #: SHA-256 of each style sheet, picture and font
    letter: Inputs  #: the values of letter.yaml, by dotted key


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter that was built."""

    slug: str
    sha256: str  #: of the PDF
    html_sha256: str
    pages: int
    bytes: int  #: of the PDF
    fingerprint: str  #: of all that the PDF is made from
    setting: str  #: digest of the setting it was built in
    statistics: Mapping[str, Any]  #: as embedded in the PDF
    contact: str  #: digest of how it is addressed
    paragraph: str  #: digest of its bespoke paragraph, "" without one


@dataclass(slots=True)
class Manifest:
    """The letters built of one year, by slug, and the settings they were built in, by digest."""

    letters: dict[str, Entry] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a year's folder with its journal added; empty when nothing was built.

    Raises BuildError for an unreadable manifest. A torn last line of the journal is no letter.
    """
    manifest = Manifest()
    path, journal = folder / "manifest.json", _journal(folder)
    try:
        document = json.loads(_text(path) or '{"settings": {}, "letters": []}')
        manifest.settings = {
            digest: Setting(**setting) for digest, setting in document["settings"].items()
        }
        manifest.letters = {entry["slug"]: Entry(**entry) for entry in document["letters"]}
        path = journal
        for line in _lines(_text(journal)):
            if "digest" in line:
                manifest.settings[line["digest"]] = Setting(**line["setting"])
            else:
                manifest.letters[line["slug"]] = Entry(**line)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
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
        "year": year,
        "totals": {
            "letters": len(entries),
            "pages": sum(entry.pages for entry in entries),
            "bytes": sum(entry.bytes for entry in entries),
        },
        "settings": {
            digest: asdict(manifest.settings[digest])
            for digest in sorted(used & manifest.settings.keys())
        },
        "letters": [asdict(entry) for entry in entries],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    path = folder / "manifest.json"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_whole({path: text.encode()})
    _journal(folder).unlink(missing_ok=True)


class Journal:
    """The lines of a running build.

    A line outlives its process, and need not outlive a power cut: the letter is then built again.
    """

    def __init__(self, folder: Path, digest: str, setting: Setting) -> None:
        self._file: TextIO = _journal(folder).open("w", encoding="utf-8")
        self._write({"digest": digest, "setting": asdict(setting)})

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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _lines(journal: str) -> Iterator[Any]:
    for line in journal.splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # torn
            return
