"""What the letters of a campaign are dressed in, by value: style sheets, pictures and fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, lexists, normpath
from urllib.parse import unquote, urlsplit

from letters.errors import Place, Problem, RenderingError, Severity
from letters.files import exists, is_closed, is_left_over
from letters.source.text import decode, odd_characters, unmerged
from letters.typesetting.styles import NamedFile, Sheet, read_sheet
from letters.wording import quoted

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BASE = "base"  #: the folder below templates/ that all years share
_HOME = Path(__file__).parents[1]
#: The base that comes with the package: inside it when it was installed, beside it in a checkout.
_PACKAGED = (_HOME if (_HOME / "templates").is_dir() else _HOME.parent) / "templates" / BASE


@dataclass(frozen=True)
class Stationery:
    """What pages are dressed in, by name below templates/, and which are the style sheets."""

    files: Mapping[str, bytes]  #: the style sheets, and all that they name
    stylesheets: tuple[str, ...]  #: for paper, in the order they are applied

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it: the same for the same files, whatever their order."""
        parts = (f"{name}:{sha256(self.files[name]).hexdigest()}" for name in sorted(self.files))
        return sha256("\n".join((*self.stylesheets, *parts)).encode()).hexdigest()

    def text(self, name: str) -> str:
        """A style sheet's text. Raises RenderingError when it is missing or not UTF-8."""
        try:
            return self.files[name].decode("utf-8-sig")
        except (KeyError, UnicodeDecodeError) as error:
            sentence = "there is no such style sheet, or it is not UTF-8"
            raise RenderingError("", sentence, Place(f"templates/{name}")) from error


@dataclass(frozen=True, slots=True)
class Dress:
    """How a year's letters look, on paper and on screens, and what is wrong with the files of it."""

    stationery: Stationery
    screen: str  #: the style sheets for screens in one
    problems: tuple[Problem, ...]  #: errors that show without the renderer


def read_dress(templates: Path, folder: str, specimen: bool = False) -> Dress:
    """The style sheets of a year's folder and the files that they name, each read once."""
    reading = _Reading(templates)
    paper, screen = (
        _stylesheets(templates, folder, medium, specimen) for medium in ("print", "screen")
    )
    for name in paper:
        reading.take_sheet(name)
    stationery = Stationery(dict(sorted(reading.files.items())), paper)
    styles = "".join(reading.screen_sheet(name) for name in screen)
    return Dress(stationery, styles, tuple(dict.fromkeys(reading.problems)))


def base_folder(templates: Path) -> Path:
    """Where the base is: below `templates` where there is one, whole; else the package's own."""
    own = templates / BASE
    return own if own.is_dir() else _PACKAGED


def path_of(templates: Path, name: str) -> Path:
    """Where the file of a name such as `base/print.css` or `2020/letter.html.jinja` is."""
    folder, _, rest = name.partition("/")
    return base_folder(templates) / rest if folder == BASE else templates / name


def names_of(templates: Path, *folders: str) -> Iterator[str]:
    """The names of the files in some folders; what editors and systems leave there is none."""
    for folder in folders:
        where = base_folder(templates) if folder == BASE else templates / folder
        for path in sorted(where.rglob("*")):
            parts = path.relative_to(where).parts
            if path.is_file() and not any(is_left_over(part) for part in parts):
                yield "/".join((folder, *parts))


def _stylesheets(templates: Path, folder: str, medium: str, specimen: bool) -> tuple[str, ...]:
    """The base's sheets, the specimen's over them, and the year's own if it has one."""
    names = [f"{BASE}/common.css", f"{BASE}/{medium}.css"]
    if specimen:
        names.append(f"{BASE}/specimen.{medium}.css")
    own = f"{folder}/{medium}.css"
    return (*names, *((own,) if lexists(templates / own) else ()))


def _below(sheet: str, named: str) -> str:
    """The name below templates/ of a file that a sheet names; "" for one that is elsewhere."""
    try:
        parts = urlsplit(named)
    except ValueError:
        return ""
    name = normpath(join(dirname(sheet), unquote(parts.path)))
    return "" if parts.scheme or parts.netloc or name.startswith(("..", "/")) else name


@dataclass(slots=True)
class _Reading:
    """Reads sheets and what they name, each file once."""

    templates: Path
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take_sheet(self, name: str) -> None:
        """Take a sheet for paper, and all that it names."""
        sheet = self._sheet(name, self._text(name))
        for named in sheet.files:
            self._take(name, named)

    def screen_sheet(self, name: str) -> str:
        """A sheet for screens: it stands in each page, so it names no other file."""
        text = self._text(name)
        for named in self._sheet(name, text).files:
            sentence = f"the HTML page would need another file: {quoted(named.name)}"
            hint = "a page is one file: write the picture as data: or leave it to print.css"
            place = Place(f"templates/{name}", named.line, named.column)
            self._fault("needs-another-file", place, sentence, hint)
        if "</style" in text.lower():
            self._fault("no-css", Place(f"templates/{name}"), '"</style" would end the style sheet')
        return text

    def _sheet(self, name: str, text: str) -> Sheet:
        sheet = read_sheet(text)
        for fault in sheet.faults:
            place = Place(f"templates/{name}", fault.line, fault.column)
            self._fault("no-css", place, fault.sentence)
        return sheet

    def _take(self, sheet: str, named: NamedFile) -> None:
        place = Place(f"templates/{sheet}", named.line, named.column)
        name = _below(sheet, named.name)
        if not name:
            sentence = f"only files below templates/ may be used, found {quoted(named.name)}"
            self._fault("file-elsewhere", place, sentence, "bring the file there")
        elif name in self.files:
            return
        elif not exists(path_of(self.templates, name)):
            sentence = f"there is no templates/{name}"
            hint = "it is looked for beside this style sheet"
            if is_closed(path_of(self.templates, name).parent):
                sentence, hint = f"templates/{name} may not be read", "look at its permissions"
            self._fault("no-such-file", place, sentence, hint)
        elif name.endswith(".css"):
            self.take_sheet(name)
        else:
            self._bytes(name)

    def _text(self, name: str) -> str:
        if (content := self._bytes(name)) is None:
            return ""
        file = f"templates/{name}"
        text = decode(file, content)
        if isinstance(text, Problem):
            self.problems.append(text)
            return ""
        self.problems += (*unmerged(file, text), *odd_characters(file, text, _COMMENT))
        return text

    def _bytes(self, name: str) -> bytes | None:
        if name in self.files:
            return self.files[name]
        place = Place(f"templates/{name}")
        path = path_of(self.templates, name)
        try:
            if path.exists() and not path.is_file():
                self._fault("no-ordinary-file", place, "this is no ordinary file")
                return None
            content = path.read_bytes()
        except FileNotFoundError:
            self._fault("no-such-file", place, "there is no such style sheet", "bring it back")
            return None
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            self._fault("file-unreadable", place, f"the file cannot be read: {reason}")
            return None
        self.files[name] = content
        return content

    def _fault(self, code: str, place: Place, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(place, Severity.ERROR, code, sentence, hint))
