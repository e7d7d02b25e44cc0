"""A letter's HTML: the words of a year's templates, with one authority's values.

The HTML has no style of its own: the PDF is typeset from it. `self_contained` adds the styles for
screens and makes the file that a browser shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from letters.campaign.paragraphs import LINK
from letters.errors import Place, TemplateError
from letters.typesetting.context import LetterContext
from letters.typesetting.templates import Templates

TEMPLATE = "letter.html.jinja"  #: the template of a letter, in the year's folder
MAIL_TEMPLATES = ("email.subject.jinja", "email.text.jinja", "email.html.jinja")

_OTHER_FILE = re.compile(r"<(?:script|link|iframe|object|embed)\b|<[a-zA-Z][^<>]*\ssrc(?:set)?=")
_OTHER_STYLE = re.compile(r"@import\b|\burl\(\s*(?![\"']?data:)[^)]*\)")
_LINK = re.compile(r'\shref="([^"]*)"')
_ADDRESS = re.compile(LINK, re.IGNORECASE)


def letter_words(context: LetterContext, templates: Templates, folder: str) -> str:
    """The HTML of one letter by the template of a folder ("2020"). Raises TemplateError."""
    name = f"{folder}/{TEMPLATE}"
    html = templates.written(name, context.slug, letter=context)
    for match in _LINK.finditer(html):
        if not _ADDRESS.match(match[1]):
            nowhere = f'a link leads to "{match[1]}", which is no address of the web'
            sentence = f"{nowhere}: begin it with https://"
            raise TemplateError(context.slug, sentence, Place(f"templates/{name}"))
    return html


@dataclass(frozen=True, slots=True)
class MailWords:
    """What an e-mail says."""

    subject: str
    text: str
    html: str


def mail_words(
    context: LetterContext, templates: Templates, folder: str, enclosures: Sequence[str]
) -> MailWords | None:
    """What the e-mail with one letter says, by the templates of a folder; None when it has none.

    `enclosures` are the names of the files that go with the letter. Raises TemplateError.
    """
    names = [f"{folder}/{part}" for part in MAIL_TEMPLATES]
    if not any(name in templates for name in names):
        return None
    subject, text, html = (
        templates.written(name, context.slug, letter=context, enclosures=tuple(enclosures))
        for name in names
    )
    return MailWords(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")


def self_contained(html: str, styles: str) -> str:
    """The same HTML with a style sheet in its head.

    Raises ValueError when the two would need another file: script, picture, foreign style sheet.
    """
    if found := _OTHER_FILE.search(html) or _OTHER_STYLE.search(styles):
        raise ValueError(f"the HTML page would need another file: {found[0]}")
    return html.replace("</head>", f"<style>\n{styles}</style>\n</head>", 1)
