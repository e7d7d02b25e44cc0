"""A letter's HTML: the words of a year's templates, with one authority's values.

The HTML has no style of its own: the PDF is typeset from it. `self_contained` adds the styles for
screens and makes the file that a browser shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape

from letters.errors import Place, Problem, Severity, TemplateError
from letters.typesetting.context import LetterContext
from letters.typesetting.elements import wrong_words
from letters.typesetting.markup import NOTHING_SAID, Fault, Markup, read_markup
from letters.typesetting.pictures import SCHEME, in_one_file
from letters.typesetting.stationery import Dress
from letters.typesetting.templates import Origin, Templates

TEMPLATE = "letter.html.jinja"  #: the template of a letter, in the year's folder
MAIL_TEMPLATES = ("email.subject.jinja", "email.text.jinja", "email.html.jinja")

_BLOCK = re.compile(r"<(?:p|h[1-6]|li|td|th|dt|dd|address|div|section)\b")
_TAG = re.compile(r"<[^>]*>?")
_ENOUGH = 24  #: characters, to find a paragraph by

#: Where a fault of a template was written, from the template's line that has it.
Home = Callable[[str, Fault, Callable[[], Origin]], Place]


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a letter says."""

    html: str  #: without styles
    markup: Markup


@dataclass(frozen=True, slots=True)
class MailWords:
    """What an e-mail says."""

    subject: str
    text: str
    html: str
    markup: Markup = NOTHING_SAID  #: of the HTML


def letter_words(
    context: LetterContext, templates: Templates, folder: str, home: Home
) -> LetterWords:
    """The words of one letter by the template of a folder ("2020").

    Raises TemplateError with every fault of its tags and links, and without a head for its styles.
    """
    name = f"{folder}/{TEMPLATE}"
    values: dict[str, object] = {"letter": context}
    html = templates.written(name, context.slug, **values)
    markup = read_markup(html)
    origin = partial(templates.origin, name, values, html)
    _require_sound(context.slug, name, markup.faults, origin, home, html)
    if markup.head_ends is None:
        sentence = "the HTML has no </head>, before which the styles for screens go"
        raise TemplateError(context.slug, sentence, Place(f"templates/{name}"))
    return LetterWords(html, markup)


def mail_words(
    context: LetterContext, templates: Templates, folder: str, enclosures: Sequence[str], home: Home
) -> MailWords | None:
    """What the e-mail with one letter says, by the templates of a folder; None when it has none.

    `enclosures` are the names of the files that go with the letter. Raises TemplateError with every
    fault of its HTML.
    """
    names = [f"{folder}/{part}" for part in MAIL_TEMPLATES]
    if not any(name in templates for name in names):
        return None
    values: dict[str, object] = {"letter": context, "enclosures": tuple(enclosures)}
    subject, text, html = (templates.written(name, context.slug, **values) for name in names)
    markup = read_markup(html)
    for name, said in zip(names, (subject, text), strict=False):
        faults = [
            Fault(*wrong[:3], said.find(wrong.text), wrong.text) for wrong in wrong_words(said)
        ]
        _require_sound(
            context.slug, name, faults, partial(templates.origin, name, values, said), home
        )
    origin = partial(templates.origin, names[2], values, html)
    faults = list(markup.faults)
    if (start := html.find(SCHEME)) >= 0:
        sentence = "an e-mail holds no pictures: many programs do not show them"
        faults.append(Fault("picture-in-mail", sentence, "delete it", start, SCHEME))
    _require_sound(context.slug, names[2], faults, origin, home)
    return MailWords(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n", markup)


def self_contained(html: str, markup: Markup, dress: Dress) -> str:
    """A letter's HTML with the style sheets for screens in its head and its pictures in it."""
    end = markup.head_ends
    body = in_one_file(html[end:], dress.pictures)
    return f"{html[:end]}<style>\n{dress.screen}</style>\n{body}"


def _require_sound(
    slug: str,
    name: str,
    faults: Sequence[Fault],
    origin: Callable[[int], Origin],
    home: Home,
    html: str = "",
) -> None:
    if faults:
        failed = TemplateError.of(
            [
                Problem(
                    home(name, fault, partial(origin, fault.offset)),
                    Severity.ERROR,
                    fault.code,
                    fault.sentence,
                    fault.hint,
                    authority=slug,
                )
                for fault in faults
            ]
        )
        failed.html = html
        failed.texts = tuple(_words_around(html, fault.offset) for fault in faults)
        raise failed


def _words_around(html: str, offset: int) -> str:
    """How the paragraph begins, or the heading, in which something stands: by that it is found."""
    begins = max((match.start() for match in _BLOCK.finditer(html, 0, offset + 4)), default=0)
    return " ".join(unescape(_TAG.sub(" ", html[begins : offset + 400])).split())[:_ENOUGH].strip()
