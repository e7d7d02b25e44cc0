"""A letter's HTML: the words of a year's templates, with one authority's values; only user of jinja2 and markdown-it.

The HTML has no style of its own: it is what the PDF is typeset from. `self_contained` adds the styles for screens and
makes the file that a browser shows.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from letters.campaign.prose import LINK
from letters.errors import Place, TemplateError
from letters.typesetting import formats
from letters.typesetting.context import LetterContext, Quantity
from letters.typesetting.patience import TookTooLong, patience
from letters.typesetting.stationery import BASE

TEMPLATE = "letter.html.jinja"  #: the template of a letter, in the year's folder
LONGEST = 5.0  #: seconds that the words of one letter may take; they take a thousandth of a second
MAIL_TEMPLATES = (
    "subject.jinja",
    "text.jinja",
    "html.jinja",
)  #: those of its e-mail, "email." before each


def environment(templates: Path) -> Environment:
    """The templates of a folder, escaping everything in HTML, with the filters of `formats` and `markdown`.

    A name that does not exist is an error; names are explicit ("base/...", "2020/...") and never leave the folder. A
    template is read when it is first used (`read_now` does it before) and never again.
    """
    made = SandboxedEnvironment(
        loader=FileSystemLoader(templates),
        undefined=_Unknown,
        autoescape=lambda name: name is None or name.endswith(".html.jinja"),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    made.globals.clear()
    del made.filters["random"]
    made.filters |= FILTERS
    return made


def read_now(environment: Environment, *folders: str) -> None:
    """Read all templates of some folders; one that is broken, or not there, is told when it is used."""
    for name in (name for folder in folders for name in _names(environment, folder)):
        with suppress(jinja2.TemplateError, ValueError, OSError):
            environment.get_template(name)


def letter_html(context: LetterContext, environment: Environment, folder: str) -> str:
    """The HTML of one letter by the template of a folder ("2020").

    Raises TemplateError, with the template's place, when it is missing, broken, endless, or uses an unknown name.
    """
    name = f"{folder}/{TEMPLATE}"
    try:
        with patience(LONGEST):
            html = environment.get_template(name).render(letter=context)
        _check_links(html)
        return html
    except Exception as error:  # whatever a template can do wrong, the author needs its place
        raise TemplateError(context.slug, _sentence(error), _place(error, name)) from error


@dataclass(frozen=True, slots=True)
class MailWords:
    """What an e-mail says."""

    subject: str
    text: str
    html: str


def mail_words(
    context: LetterContext, environment: Environment, folder: str, enclosures: Sequence[str]
) -> MailWords | None:
    """What the e-mail with one letter says, by the templates of a folder; None when it has none.

    `enclosures` are the names of the files that go with the letter. Raises TemplateError.
    """
    names = [f"{folder}/email.{part}" for part in MAIL_TEMPLATES]
    if not any(name in _names(environment, folder) for name in names):
        return None
    parts = []
    for name in names:
        try:
            with patience(LONGEST):
                parts.append(
                    environment.get_template(name).render(
                        letter=context, enclosures=tuple(enclosures)
                    )
                )
        except Exception as error:  # as above
            raise TemplateError(context.slug, _sentence(error), _place(error, name)) from error
    subject, text, html = parts
    return MailWords(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")


def foreign_templates(environment: Environment, folder: str) -> tuple[tuple[Place, str], ...]:
    """Where templates of a folder name one of another year's, and its name: left over from copying, as a rule."""
    found = []
    for name, text in _texts(environment, folder):
        for number, line in enumerate(text.splitlines(), start=1):
            for match in _TEMPLATE_NAME.finditer(line):
                if match[1].split("/")[0] not in (BASE, folder):
                    found.append((Place(f"templates/{name}", number, match.start(1) + 1), match[1]))
    return tuple(found)


def broken_templates(templates: Path, folder: str) -> tuple[tuple[Place, str], ...]:
    """Where templates of a folder and of the base cannot be read, and why; used or not."""
    made = environment(templates)
    found = []
    for name in (name for one in (BASE, folder) for name in _names(made, one)):
        try:
            made.get_template(name)
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError, OSError) as error:
            found.append((_place(error, name), _sentence(error)))
    return tuple(found)


def _names(environment: Environment, folder: str) -> list[str]:
    return [name for name in environment.list_templates(["jinja"]) if name.startswith(f"{folder}/")]


def _texts(environment: Environment, folder: str) -> Iterator[tuple[str, str]]:
    """The templates of a folder by name, those that can be read as text."""
    for name in _names(environment, folder):
        with suppress(UnicodeDecodeError, OSError):
            if environment.loader:
                yield name, environment.loader.get_source(environment, name)[0]


def self_contained(html: str, styles: str) -> str:
    """The same HTML with a style sheet in its head.

    Raises ValueError when the two would need another file: a script, a picture, a style sheet from elsewhere.
    """
    if found := _OTHER_FILE.search(html) or _OTHER_STYLE.search(styles):
        raise ValueError(f"the HTML page would need another file: {found[0]}")
    return html.replace("</head>", f"<style>\n{styles}</style>\n</head>", 1)


def markdown(text: str) -> Markup:
    """Bespoke text as HTML: paragraphs, lists, emphasis and links; all else, raw HTML too, shows as it was written."""
    return Markup(_markdown().render(text))


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with the rules of a letter's text only; links go to web and mail addresses."""
    parser = MarkdownIt("zero")
    parser.enable(["list", "emphasis", "image", "link", "autolink", "escape", "entity", "newline"])
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("paragraph_open", _paragraph_open)
    parser.add_render_rule("paragraph_close", _paragraph_close)
    parser.core.ruler.push("plain_links", _plain_links)
    return parser


def _paragraph_open(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """Inside a list there are lines instead of paragraphs, which the tags of a PDF's lists do not allow."""
    if tokens[index].level == 0:
        return "<p>"
    return "" if tokens[index - 1].type == "list_item_open" else "<br>"


def _paragraph_close(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    return "" if tokens[index].level else "</p>\n"


def _plain_links(state: StateCore) -> None:
    """Take emphasis out of links: the tags of a PDF's links hold text alone."""
    for block in state.tokens:
        inside, kept = False, []
        for token in block.children or ():
            inside = token.type == "link_open" or (inside and token.type != "link_close")
            if not (
                inside and token.type in ("em_open", "em_close", "strong_open", "strong_close")
            ):
                kept.append(token)
        if block.children is not None:
            block.children = kept


def _picture(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """A picture as it was written, for a letter has none."""
    token = tokens[index]
    return str(escape(f"![{token.content}]({token.attrs['src']})"))


#: The filters of templates, beside Jinja's own.
FILTERS: Mapping[str, Callable[..., str]] = {
    "day": formats.day,
    "short_day": formats.short_day,
    "number": formats.number,
    "in_words": formats.in_words,
    "plural": formats.plural,
    "listing": formats.listing,
    "markdown": markdown,
}


_TEMPLATE_NAME = re.compile(r"""["']([^"'/]+/[^"']+\.jinja)["']""")
_OTHER_FILE = re.compile(r"<(?:script|link|iframe|object|embed)\b|<[a-zA-Z][^<>]*\ssrc(?:set)?=")
_OTHER_STYLE = re.compile(r"@import\b|\burl\(\s*(?![\"']?data:)[^)]*\)")
_LINK = re.compile(r'\shref="([^"]*)"')
_ADDRESS = re.compile(LINK, re.IGNORECASE)


def _check_links(html: str) -> None:
    """Raise ValueError for a link that leads nowhere from a letter, or runs a program."""
    for match in _LINK.finditer(html):
        if not _ADDRESS.match(match[1]):
            raise ValueError(
                f'a link leads to "{match[1]}", which is no address of the web: begin it with https://'
            )


def _printable(value: object) -> object:
    """What a template prints, if it is words or a number; a value that is nothing, or has parts, is a mistake."""
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
    """A name that does not exist: an error wherever it is used, which says what was probably meant."""

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
            return f"the template takes longer than {LONGEST:g} seconds for one letter: is there a loop in a loop?"
        case ValueError():
            return str(error)
        case _:
            return f"the template fails: {type(error).__name__}: {error}"


def _place(error: Exception, name: str) -> Place:
    """Where in the templates it happened: the innermost line of a template that the traceback passes."""
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
