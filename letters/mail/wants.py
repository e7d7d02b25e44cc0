"""What the interlock wants of words and addresses, told before a message is made.

A message goes out only when letter and e-mail greet the person whom the contacts name and speak of
the authority that they go to (docs/templates.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from letters.typesetting.context import PrintedCorrection
from letters.typesetting.html import TEMPLATE, MailWords
from letters.typesetting.markup import Markup, greeting_in, names

_STOPS = "the message could not go out"
_NAME, _GREETING = "{{ letter.authority.name }}", "{{ letter.addressee.greeting }}"


CORRECTED = "Corrected:"  #: how the subject of an e-mail with a corrected letter begins


class Want(NamedTuple):
    """Something that is wanted of the words and is not there."""

    template: str  #: the file of the year's folder that must say it
    code: str
    sentence: str
    hint: str


def wants_of_letter(letter: Markup, own: str, greeting: str) -> Iterator[Want]:
    """What is wanted of a letter: the authority's own name in its title, and a greeting."""
    if not names(letter.title, own):
        sentence = f"the title does not name the authority, so {_STOPS}"
        yield Want(TEMPLATE, "title-without-name", sentence, _write(_NAME, "the block title"))
    if not letter.greeting(greeting):
        sentence = f"no line greets the addressee, so {_STOPS}"
        where = 'a paragraph of the class "greeting"'
        yield Want(TEMPLATE, "letter-without-greeting", sentence, _write(_GREETING, where))


def wants_of_mail(mail: MailWords, own: str, greeting: str) -> Iterator[Want]:
    """What is wanted of an e-mail: the name in subject and bodies, the greeting in both bodies."""
    text, page = mail.text.splitlines(), mail.markup
    for file, part, said, greeted in (
        ("email.subject.jinja", "subject", mail.subject, True),
        ("email.text.jinja", "text", mail.text, bool(greeting_in(text, greeting))),
        ("email.html.jinja", "HTML", " ".join(page.words), bool(page.greeting(greeting))),
    ):
        if not names(said, own):
            sentence = f"the e-mail's {part} does not name the authority, so {_STOPS}"
            yield Want(file, "email-without-name", sentence, _write(_NAME))
        if not greeted:
            sentence = f"the e-mail's {part} does not greet the addressee, so {_STOPS}"
            where = "a line that begins with the greeting"
            yield Want(file, "email-without-greeting", sentence, _write(_GREETING, where))


def wants_of_correction(
    correction: PrintedCorrection, letter: Markup, mail: MailWords | None
) -> Iterator[Want]:
    """What is wanted of a corrected letter and its e-mail: that they say so, and what is right."""
    said = [text for value in correction.values for text in (value.was, value.now)]
    if not all(letter.says(one) for one in ("Corrected letter", *said)):
        sentence = "the letter does not say what was corrected"
        yield Want(TEMPLATE, "correction-unsaid", sentence, _CORRECTION)
    if mail is None:
        return
    if not mail.subject.startswith(CORRECTED):
        sentence = f'the subject of a corrected letter\'s e-mail does not begin with "{CORRECTED}"'
        hint = "write {% if letter.correction %}Corrected: {% endif %} before it"
        yield Want("email.subject.jinja", "correction-unsaid", sentence, hint)
    for part, words in (("text", mail.text), ("html", " ".join(mail.markup.words))):
        if "corrected" not in words.casefold():
            sentence = "the e-mail does not say that the letter is a corrected one"
            hint = "print {{ letter.correction }} as templates/2020 does"
            yield Want(f"email.{part}.jinja", "correction-unsaid", sentence, hint)


_CORRECTION = (
    "print {{ letter.correction }} as templates/2020 does: Corrected letter, its date, and a table of"
    " values"
)


def _write(name: str, where: str = "") -> str:
    return f"write {name}{f' in {where}' if where else ''}"
