"""Templates, strictly read: what they do wrong is told with its place; only user of jinja2."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from letters.errors import Place, Problem, Severity, TemplateError
from letters.typesetting import formats
from letters.typesetting.context import Quantity
from letters.typesetting.markdown import markdown
from letters.typesetting.patience import TookTooLong, patience
from letters.typesetting.stationery import BASE, base_folder

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

_TEMPLATE_NAME = re.compile(r"""["']([^"'/]+/[^"']+\.jinja)["']""")


class Templates:
    """The templates below a folder, escaping all in HTML; each is read once, when first used.

    An unknown name is an error; names are explicit ("base/...", "2020/...") and stay in the folder.
    """

    def __init__(self, folder: Path, *read_now: str) -> None:
        """Take the templates below the folder; those of the folders named are read at once."""
        self._environment = SandboxedEnvironment(
            loader=_loader(folder),
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
        self._found = tuple(self._environment.list_templates(["jinja"]))
        for name in self._names(*read_now):
            with suppress(jinja2.TemplateError, ValueError, OSError):  # it is told when it is used
                self._environment.get_template(name)

    def __contains__(self, name: str) -> bool:
        return name in self._found

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

    def foreign(self, folder: str) -> tuple[Problem, ...]:
        """A warning for each template of another year's that a folder's templates name."""
        return tuple(
            Problem(
                Place(f"templates/{name}", number, match.start(1) + 1),
                Severity.WARNING,
                "template-of-another-year",
                f'this is of another year: "{match[1]}"',
                f'was "{folder}/..." meant?',
            )
            for name, text in self._texts(folder)
            for number, line in enumerate(text.splitlines(), start=1)
            for match in _TEMPLATE_NAME.finditer(line)
            if match[1].split("/")[0] not in (BASE, folder)
        )

    def broken(self, *folders: str) -> tuple[Problem, ...]:
        """An error for each template of some folders that cannot be read, used or not."""
        found = []
        for name in self._names(*folders):
            try:
                self._environment.get_template(name)
            except (jinja2.TemplateSyntaxError, UnicodeDecodeError, OSError) as error:
                found.append(
                    Problem(_place(error, name), Severity.ERROR, "template", _sentence(error))
                )
        return tuple(found)

    def _names(self, *folders: str) -> list[str]:
        return [name for folder in folders for name in self._found if name.startswith(f"{folder}/")]

    def _texts(self, folder: str) -> Iterator[tuple[str, str]]:
        """The templates of a folder by name, those that can be read as text."""
        for name in self._names(folder):
            with suppress(UnicodeDecodeError, OSError):
                if self._environment.loader:
                    yield name, self._environment.loader.get_source(self._environment, name)[0]


def _loader(folder: Path) -> ChoiceLoader:
    base = PrefixLoader({BASE: FileSystemLoader(base_folder(folder))})
    return ChoiceLoader([base, FileSystemLoader(folder)])


def _printable(value: object) -> object:
    """What a template prints: words or a number; nothing, or a value with parts, is a mistake."""
    if isinstance(value, str | int | Decimal | Quantity | Undefined) and not isinstance(
        value, bool
    ):
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
        return Place(f"templates/{error.name or name}", error.lineno)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(".jinja")
    ]
    if not frames:
        return Place(f"templates/{name}")
    parts = Path(frames[-1].filename).parts
    below = len(parts) - parts[::-1].index("templates") if "templates" in parts else -2
    return Place("/".join(("templates", *parts[below:])), frames[-1].lineno or 1)
