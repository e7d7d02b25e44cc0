"""Templates, strictly read: what they do wrong is told with its place; only user of jinja2."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import jinja2.ext
from jinja2 import StrictUndefined, Undefined, sandbox
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from letters.errors import Place, Problem, Severity, TemplateError
from letters.typesetting import formats
from letters.typesetting.context import Quantity
from letters.typesetting.markdown import markdown
from letters.typesetting.patience import TookTooLong, patience
from letters.typesetting.stationery import BASE, names_of, path_of

LONGEST = 5.0  #: seconds that the words of one letter may take; they take a thousandth of a second

#: The filters of templates, beside Jinja's own.
FILTERS: Mapping[str, Callable[..., str]] = {
    "day": formats.day,
    "short_day": formats.short_day,
    "number": formats.number,
    "in_words": formats.in_words,
    "plural": formats.plural,
    "listing": formats.sentence_list,
    "markdown": markdown,
}

#: what the library calls internal of functions, generators and classes; here of anything
_INSIDE = frozenset({"mro"}).union(
    sandbox.UNSAFE_FUNCTION_ATTRIBUTES,
    sandbox.UNSAFE_METHOD_ATTRIBUTES,
    sandbox.UNSAFE_GENERATOR_ATTRIBUTES,
    sandbox.UNSAFE_COROUTINE_ATTRIBUTES,
    sandbox.UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
)
_PRINTABLE = (str, int, Decimal, Quantity, Undefined)
_NAME = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\\][^\\]*")  # it stays in the folder
_FIRST_MARK = 0xF0000  #: signs that no letter has, of 130,000 that nobody has given a meaning
_MARK = re.compile("[\U000f0000-\U0010ffff]")
_TEMPLATE_NAME = re.compile(r"""["']([^"'/]+/[^"']+\.jinja)["']""")


class Templates:
    """The templates below a folder, escaping all in HTML; each is read once, when first used.

    An unknown name is an error; names are explicit ("base/...", "2020/...") and stay in the folder.
    """

    def __init__(self, folder: Path, *folders: str) -> None:
        """Take the templates below the folder; those of the folders named are read at once."""
        self._folder = folder
        self._texts: dict[str, str] = {}
        self._marks: list[tuple[str, int]] = []  # a template and a line of it for each mark
        self._own = tuple(one for one in names_of(folder, *folders) if one.endswith(".jinja"))
        self._environment = _Sandbox(
            loader=jinja2.FunctionLoader(self._source),
            undefined=_Unknown,
            autoescape=lambda name: name is None or name.endswith(".html.jinja"),
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_printable,
        )
        self._environment.globals.clear()
        del self._environment.filters["random"]
        self._environment.filters |= FILTERS
        for name in self._own:
            with suppress(Exception):  # whatever it is: `broken` tells, and who uses it
                self._environment.get_template(name)

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
        return self._environment.get_template(name).render(values)

    def written(self, name: str, slug: str, **values: object) -> str:
        """A template with the values of one authority's letter.

        Raises TemplateError, with its place, for one that is missing, broken or endless, or uses
        an unknown name.
        """
        try:
            with patience(LONGEST):
                return self._environment.get_template(name).render(values)
        except Exception as error:  # whatever a template can do wrong, the author needs its place
            raise TemplateError(slug, _sentence(error), _place(error, name)) from error

    def origin(self, name: str, values: Mapping[str, object], html: str, offset: int) -> Origin:
        """Where what stands at an offset of a finished text was written: the template's line.

        The same is written again with marks in it; where that does not give the same text, the
        template's first line stands for it.
        """
        try:
            with patience(LONGEST):
                marked = self._marking.get_template(name).render(values)
        except Exception:  # noqa: BLE001  (it was written before: the template alone is told then)
            return Origin(Place(f"templates/{name}"), "")
        text, marks = _without_marks(marked)
        before = [mark for mark in marks if mark.offset <= offset] if text == html else []
        if not before:
            return Origin(Place(f"templates/{name}"), "")
        template, line = self._marks[before[-1].number]
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
        """An error for each template of the folders named that cannot be read, used or not."""
        found = []
        for name in self._own:
            try:
                self._environment.get_template(name)
            except Exception as error:  # noqa: BLE001  (a template can upset the library anywhere)
                found.append(
                    Problem(_place(error, name), Severity.ERROR, "template", _sentence(error))
                )
        return tuple(found)

    def _source(self, name: str) -> tuple[str, str, None] | None:
        """What the library asks for: a template's text, and the name that its errors give."""
        if name not in self._texts:
            if not _NAME.fullmatch(name) or not (path := path_of(self._folder, name)).is_file():
                return None
            self._texts[name] = path.read_text(encoding="utf-8-sig")
        return self._texts[name], f"templates/{name}", None

    @cached_property
    def _marking(self) -> jinja2.Environment:
        """The same templates, their texts marked line by line."""
        marking = self._environment.overlay(extensions=[_Marks])
        marking.extensions[_Marks.identifier].places = self._marks  # type: ignore[attr-defined]
        return marking


class _Sandbox(SandboxedEnvironment):
    """Lets no template at what is inside of Python's own things, by names alone: that is quick."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _INSIDE and not attr.startswith("_")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was written: the line of a template, and what stands on it."""

    place: Place
    line: str  #: "" when only the template is known


class _Mark(NamedTuple):
    offset: int  #: in the text without marks
    number: int


class _Marks(jinja2.ext.Extension):
    """Puts a mark before each line of a template's own text: a sign that no filter changes."""

    places: list[tuple[str, int]]

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                lines = enumerate(token.value.split("\n"), start=token.lineno)
                text = "\n".join(self._mark(str(stream.name), *line) for line in lines)
                token = Token(token.lineno, "data", text)
            yield token

    def _mark(self, template: str, number: int, line: str) -> str:
        self.places.append((template, number))
        return f"{chr(_FIRST_MARK + len(self.places) - 1)}{line}"


def _without_marks(marked: str) -> tuple[str, tuple[_Mark, ...]]:
    """The text that was marked, and its marks in their order."""
    parts: list[str] = []
    marks: list[_Mark] = []
    offset = end = 0
    for match in _MARK.finditer(marked):
        parts.append(marked[end : match.start()])
        offset += len(parts[-1])
        marks.append(_Mark(offset, ord(match[0]) - _FIRST_MARK))
        end = match.end()
    return "".join((*parts, marked[end:])), tuple(marks)


def _printable(value: object) -> object:
    """What a template prints: words or a number; nothing, or a value with parts, is a mistake."""
    if isinstance(value, _PRINTABLE) and not isinstance(value, bool):
        return value
    raise ValueError(
        "there is nothing to print"
        if value is None
        else "this value has parts: name the one to print"
    )


class _Unknown(StrictUndefined):
    """An unknown name: an error wherever it is used, which says what was probably meant."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint or self._undefined_name is None:
            return str(super()._undefined_message)
        top = self._undefined_obj is missing
        known = (
            ["letter"]
            if top
            else [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        )
        near = get_close_matches(str(self._undefined_name), known, n=1)
        return f'there is no "{self._undefined_name}"' + (
            f'; did you mean "{near[0]}"?' if near else ""
        )

    def __format__(self, spec: str) -> str:
        return str(self)  # which raises


def _sentence(error: Exception) -> str:
    match error:
        case jinja2.TemplateNotFound():
            return f'there is no template "{error.name}"'
        case jinja2.TemplateSyntaxError():
            return f"the template cannot be read: {error.message}"
        case UnicodeDecodeError():
            return "the template is not UTF-8; save it again with that encoding"
        case jinja2.UndefinedError():
            return f"the template uses a name that does not exist: {error.message}"
        case TookTooLong():
            long = f"the template takes longer than {LONGEST:g} seconds for one letter"
            return f"{long}: is there a loop in a loop?"
        case ValueError():
            return str(error)
        case _:
            return f"the template fails: {type(error).__name__}: {error}"


def _place(error: Exception, name: str) -> Place:
    """Where in the templates it happened: the innermost line that the traceback passes."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Place(f"templates/{(error.name or name).removeprefix('templates/')}", error.lineno)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("templates/") and frame.filename.endswith(".jinja")
    ]
    if not frames:
        return Place(f"templates/{name}")
    return Place(frames[-1].filename, frames[-1].lineno or 1)
