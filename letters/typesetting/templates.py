"""The templates of a folder, strictly read: what they do wrong is told with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.campaign.prose import Names, entities, placeholders, printed_doubts
from letters.errors import Place, Problem, Severity, TemplateError
from letters.source.text import blanked, decode, odd_characters, place_at, unmerged
from letters.typesetting.brand import read_looks
from letters.typesetting.folders import BASE, names_of, path_of
from letters.typesetting.language import Language, NoText, told

_NAME = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\][^\\]*")  # it stays in the folder
_TEMPLATE_NAME = re.compile(r"""["']([^"'/]+/[^"']+\.jinja)["']""")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_UNPRINTED = re.compile(r"\{#.*?#\}|<!--.*?-->|<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_LONE = re.compile(r"[{}]|<(?![A-Za-z/!]|$)")  # before a value: <{{ tag }}>
_MEANT = {
    "{": "a value stands between two braces on each side: {{ ... }}",
    "}": "a value stands between two braces on each side: {{ ... }}",
    "<": "no space follows it in a tag; write &lt; for the sign itself",
}


class Templates:
    """The templates below a folder, escaping all in HTML; each is read once, when first used.

    An unknown name is an error; names are explicit ("base/...", "2020/...") and stay in the folder.
    """

    def __init__(self, folder: Path, *folders: str) -> None:
        """Take the templates below the folder; those of the folders named are read at once."""
        self._folder = folder
        self._texts: dict[str, str] = {}
        self.looks = read_looks(folder, folders[-1]) if folders else None  #: of the last folder
        brand = self.looks.brand if self.looks else None
        self._language = Language(self._source, brand=brand)
        self._own = tuple(one for one in names_of(folder, *folders) if one.endswith(".jinja"))
        found: dict[str, Place] = {}
        for name in self._own:
            with suppress(Exception):  # whatever it is: `broken` tells, and who uses it
                self._language.parse(name)
                found = dict(self._language.pictures(name, self._texts[name])) | found
        self.pictures: Mapping[str, Place] = found  #: that templates name, and where at first
        self._language.picture.known = frozenset(found)

    def __contains__(self, name: str) -> bool:
        """Whether one of the folders named has the template."""
        return name in self._own

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of each template that could be read, by name."""
        return {
            name: sha256(self._texts[name].encode()).hexdigest() for name in sorted(self._texts)
        }

    def page(self, name: str, values: Mapping[str, Any]) -> str:
        """One of our own pages with some values: what is wrong with it is raised as it is."""
        return self._pages.written(name, values)

    def written(self, name: str, slug: str, **values: object) -> str:
        """A template with the values of one authority's letter.

        Raises TemplateError, with its place, for one that is missing, broken or endless, or uses
        an unknown name.
        """
        try:
            return self._language.written(name, values)
        except Exception as error:  # whatever a template can do wrong, the author needs its place
            failed = TemplateError.of(self._told(error, name, slug))
            failed.html = self._language.begun(name, values)
            raise failed from error

    def origin(self, name: str, values: Mapping[str, object], html: str, offset: int) -> Origin:
        """Where what stands at an offset of a finished text was written: the template's line.

        The same is written again with marks in it; where that does not give the same text, the
        template's first line stands for it.
        """
        try:
            text, marks = self._language.marked(name, values)
        except Exception:  # noqa: BLE001  (it was written before: the template alone is told then)
            return Origin(Place(f"templates/{name}"), "")
        before = [mark for mark in marks if mark.offset <= offset] if text == html else []
        if not before:
            return Origin(Place(f"templates/{name}"), "")
        _, template, line = before[-1]
        lines = self._texts.get(template, "").split("\n")
        place = Place(f"templates/{template}", line)
        return Origin(place, lines[line - 1] if line <= len(lines) else "")

    def foreign(self, folder: str) -> tuple[Problem, ...]:
        """A warning for each template of another year's that a folder's templates name."""
        return tuple(
            Problem(
                Place(f"templates/{name}", number, match.start(1) + 1),
                Severity.WARNING,
                "template-of-another-year",
                f'this is of another year: "{match[1]}"',
                f'was "{folder}/..." meant?',
                value=match[1],
            )
            for name in self._own
            if name.startswith(f"{folder}/")
            for number, line in enumerate(self._texts.get(name, "").split("\n"), start=1)
            for match in _TEMPLATE_NAME.finditer(line)
            if match[1].split("/")[0] not in (BASE, folder)
        )

    def broken(self) -> tuple[Problem, ...]:
        """An error for each thing that hinders reading a template of the folders, used or not."""
        found = list[Problem]()
        for name in self._own:
            try:
                self._language.parse(name)
            except Exception as error:  # noqa: BLE001  (a template can upset the library anywhere)
                found += self._told(error, name)
        return (*found, *self._circles(), *self._lost())

    def doubts(self) -> tuple[Problem, ...]:
        """What in the templates' own text is never or hardly meant, in their order."""
        return tuple(problem for name in self._own for problem in self._doubts(name))

    def _doubts(self, name: str) -> Iterator[Problem]:
        source, file = self._texts.get(name, ""), f"templates/{name}"
        yield from unmerged(file, source)
        yield from odd_characters(file, source, _COMMENT)
        said = _UNPRINTED.sub(blanked, source)
        lines = said.split("\n")
        with suppress(Exception):  # that it cannot be read is told
            for number, text in self._language.own_text(said):
                begins = max(0, lines[number - 1].find(text))
                place = Place(file, number, begins + 1)
                yield from _doubts_of(place, text, name.endswith(".html.jinja"))
            for place, text in self._language.texts(name, source):
                yield from (replace(doubt.at(place), place=place) for doubt in printed_doubts(text))

    def _told(self, error: Exception, name: str, slug: str = "") -> tuple[Problem, ...]:
        return tuple(
            Problem(place, Severity.ERROR, "template", sentence, hint, authority=slug)
            for place, sentence, hint in told(error, name, lambda one: self._texts.get(one, ""))
        )

    def _lost(self) -> Iterator[Problem]:
        """What stands in a template and is never printed."""
        for name in self._own:
            with suppress(Exception):  # that it cannot be read is told
                for place, sentence, hint in self._language.lost(name, self._texts[name]):
                    yield Problem(place, Severity.ERROR, "never-printed", sentence, hint)

    def naming(self, names: Iterable[str]) -> tuple[Problem, ...]:
        """A warning where a template names one authority in words that all letters share."""
        finder = Names(names)
        return tuple(
            Problem(
                place_at(f"templates/{name}", text, match.start()),
                Severity.WARNING,
                "template-names-one",
                f"this names one authority in all letters: {' '.join(match[0].split())}",
                "write {{ letter.authority.name }}",
                value=" ".join(match[0].split()),
            )
            for name in self._own
            for text in (_UNPRINTED.sub(blanked, self._texts.get(name, "")),)
            for match in finder.found(text)
        )

    def _circles(self) -> Iterator[Problem]:
        """Templates that include, extend or import themselves, by way of others too."""
        uses = dict[str, list[tuple[str, Place]]]()
        for name in self._own:
            with suppress(Exception):  # that it cannot be read is told
                uses[name] = list(self._language.uses(name, self._texts[name]))
        for name, used in uses.items():
            for other, place in used:
                if name in _reached(other, uses):
                    itself = "itself" if other == name else f'"{other}", which uses this one'
                    sentence = f"this template uses {itself}"
                    yield Problem(place, Severity.ERROR, "template", sentence, "delete one of them")

    @cached_property
    def _pages(self) -> Language:
        return Language(self._source, own=True)

    def _source(self, name: str) -> tuple[str, str, None] | None:
        """What the library asks for: a template's text, and the name that its errors give."""
        if name not in self._texts:
            if not _NAME.fullmatch(name) or not (path := path_of(self._folder, name)).is_file():
                return None
            text = decode(f"templates/{name}", path.read_bytes())
            if isinstance(text, Problem):
                raise NoText(text)
            self._texts[name] = text.replace("\r\n", "\n").replace("\r", "\n")
        return self._texts[name], f"templates/{name}", None


def _doubts_of(place: Place, text: str, is_html: bool) -> Iterator[Problem]:
    """What is wrong with a piece of a template's own text, which begins at `place`."""
    for match in _LONE.finditer(text) if is_html else _BRACE.finditer(text):
        here = replace(place, column=place.column + match.start())
        sentence = f'"{match[0]}" is printed as it is written'
        yield Problem(here, Severity.ERROR, "lone-sign", sentence, _MEANT[match[0]])
    found = entities(text, in_html=True) if is_html else printed_doubts(text, braces=False)
    yield from (doubt.at(place) for doubt in (*(placeholders(text) if is_html else ()), *found))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was written: the line of a template, and what stands on it."""

    place: Place
    line: str  #: "" when only the template is known


def _reached(name: str, uses: Mapping[str, list[tuple[str, Place]]]) -> set[str]:
    """A template and all that it uses."""
    reached, waiting = {name}, [name]
    while waiting:
        for other, _ in uses.get(waiting.pop(), ()):
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached
