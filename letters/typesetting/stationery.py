"""What the letters of a campaign are dressed in, by value: style sheets, pictures and fonts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, lexists, normpath
from urllib.parse import unquote, urlsplit

from letters.errors import Place, Problem, RenderingError, Severity
from letters.files import exists, is_closed
from letters.source.text import decode, odd_characters, unmerged
from letters.typesetting.brand import Looks, read_looks
from letters.typesetting.folders import BASE, path_of
from letters.typesetting.pictures import as_data, picture_problems
from letters.typesetting.styles import NamedFile, Sheet, read_sheet
from letters.wording import quoted, reason_of

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\:][^\\:]*/[^\\:]+")  # it stays below templates/


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
    #: by name below templates/, the pictures of letters as `data:`, for a page that is one file
    pictures: Mapping[str, str]
    problems: tuple[Problem, ...]  #: errors that show without the renderer


def read_dress(
    templates: Path,
    folder: str,
    specimen: bool = False,
    pictures: Iterable[tuple[str, Place]] = (),
    looks: Looks | None = None,
) -> Dress:
    """The looks of a year's folder, its style sheets, and the files that they name, each read once.

    `pictures` are those that letters print, by name below templates/, and where each is named; the
    brand's logo is added. `looks` are the year's, if they were read before.
    """
    looks = looks or read_looks(templates, folder)
    reading = _Reading(templates, problems=[*looks.problems])
    paper, screen = (
        _stylesheets(templates, folder, medium, specimen) for medium in ("print", "screen")
    )
    for name, text in looks.sheets.items():
        reading.files[name] = text.encode()
    for face in looks.faces:
        reading.take_named(face.file, face.place)
    for name in paper:
        reading.take_sheet(name)
    inlined = dict[str, str]()
    for name, place in dict((*pictures, *([looks.logo] if looks.logo else ()))).items():
        if (content := reading.take_named(name, place)) is not None:
            reading.problems += picture_problems(name, content, place)
            inlined[name] = as_data(name, content)
    stationery = Stationery(dict(sorted(reading.files.items())), (*looks.sheets, *paper))
    faces = _faces_for_screens(looks, reading.files)
    styles = looks.screen_sheet(faces) + "".join(map(reading.screen_sheet, screen))
    return Dress(stationery, styles, inlined, tuple(dict.fromkeys(reading.problems)))


def _faces_for_screens(looks: Looks, files: Mapping[str, bytes]) -> Mapping[str, str]:
    """The year's own fonts as `data:`, as small as will do; the base's look like those of screens."""
    if not looks.are_own:
        return {}
    from letters.typesetting.fonts import for_screens

    faces = {face.file: files[face.file] for face in looks.faces if face.file in files}
    return {name: data for name, content in faces.items() if (data := for_screens(content))}


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
        elif name.endswith(".css") and name not in self.files and self._is_there(name):
            self.take_sheet(name)
        else:
            self.take_named(name, place, "it is looked for beside this style sheet")

    def take_named(
        self, name: str, place: Place, hint: str = "its name begins below templates/"
    ) -> bytes | None:
        """Take a file by its full name, named at a place; None, and an error, when it is not there."""
        if not _NAME.fullmatch(name):
            sentence = f"only files below templates/ may be used, found {quoted(name)}"
            meant = f"write its full name, such as 2021/pictures/{name.rpartition('/')[2]}"
            self._fault("file-elsewhere", place, sentence, meant)
            return None
        if name in self.files or self._is_there(name):
            return self._bytes(name)
        sentence = f"there is no templates/{name}"
        if is_closed(path_of(self.templates, name).parent):
            sentence, hint = f"templates/{name} may not be read", "look at its permissions"
        self._fault("no-such-file", place, sentence, hint)
        return None

    def _is_there(self, name: str) -> bool:
        return exists(path_of(self.templates, name))

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
            self._fault("file-unreadable", place, f"the file cannot be read: {reason_of(error)}")
            return None
        self.files[name] = content
        return content

    def _fault(self, code: str, place: Place, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(place, Severity.ERROR, code, sentence, hint))
