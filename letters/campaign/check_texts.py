"""Whether the names, nouns and facts that letters print say what they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from letters.campaign.prose import Names, printed_doubts
from letters.campaign.reading import Reading
from letters.errors import Problem
from letters.source.places import KeyPath, leaves
from letters.source.reader import Source

_LINK = re.compile(r"(?:https?://|mailto:)\S+")
_NO_NAME = re.compile(r"[*_#|<>@{}\[\]=;:]")
_NO_SURNAME = re.compile(r"[*_#|<>@{}\[\]=;:,/()0-9]")
_NOBODY = frozenset("- -- n/a nobody none name surname tba tbc tbd unknown vacant vacancy".split())


class _Printed(NamedTuple):
    """A text that a letter prints."""

    source: Source
    path: KeyPath
    text: str


def check_texts(reading: Reading) -> Iterator[Problem]:
    """Every problem of a text that is printed as it is."""
    for source, path, text in _printed(reading):
        if not _LINK.fullmatch(text):
            for doubt in printed_doubts(text):
                value = "" if source.private else doubt.value
                yield source.problem(
                    doubt.severity, doubt.code, path, doubt.sentence, doubt.hint, value=value
                )
    yield from _facts(reading)
    yield from _nouns(reading)
    yield from _signs_in_names(reading)


def _printed(reading: Reading) -> Iterator[_Printed]:
    letter, contacts = reading.in_letter, reading.in_contacts
    for key in ("facts", "signatory", "counts", "measures"):
        for path, value in leaves(letter.at(key), (key,)):
            named = path[-1] in ("singular", "plural", "undefined")
            if isinstance(value, str) and (key in ("facts", "signatory") or named):
                yield _Printed(letter, path, value)
    for slug, authority in reading.register.items():
        yield _Printed(reading.in_authorities, (slug, "name"), authority.name)
    for slug in contacts.keys() or ():
        for key in ("title", "surname", "post"):
            value = contacts.at(slug, "chief_executive", key)
            if isinstance(value, str):
                yield _Printed(contacts, (slug, "chief_executive", key), value)


def _facts(reading: Reading) -> Iterator[Problem]:
    """Facts with spaces around them, those that stand twice in a list, and names of authorities."""
    names = Names(authority.name for authority in reading.register.values())
    for path, value in leaves(reading.in_letter.at("facts"), ("facts",), into_lists=False):
        texts = [
            one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)
        ]
        for text in texts:
            if text and not text.strip():
                sentence, hint = "this text is blank", 'write "" for none, or the words'
                yield reading.in_letter.error("blank-text", path, sentence, hint)
            elif text != text.strip():
                sentence, hint = "a space begins or ends this text", "delete it"
                yield reading.in_letter.warning("space-at-the-edge", path, sentence, hint)
            if match := next(names.found(text), None):
                sentence, hint = f"this names one authority: {match[0]}", "all letters may print it"
                yield reading.in_letter.notice(
                    "fact-names-one", path, sentence, hint, value=match[0]
                )
        if len(set(texts)) < len(texts):
            twice = next(one for one in texts if texts.count(one) > 1)
            sentence, hint = "the same stands twice in this list", "delete one"
            yield reading.in_letter.warning("same-twice", path, sentence, hint, value=twice)


def _nouns(reading: Reading) -> Iterator[Problem]:
    """Nouns whose two forms are the same, or in each other's place."""
    for name, count in reading.letter.counts.items():
        if count.singular == count.plural or count.singular == f"{count.plural}s":
            sentence = "the plural is no plural of the singular"
            hint = "are the two in each other's place?"
            path = ("counts", name, "plural")
            yield reading.in_letter.warning("plural-doubtful", path, sentence, hint)


def _signs_in_names(reading: Reading) -> Iterator[Problem]:
    """Signs that no name has, and words for nobody in the place of a surname."""
    for slug, authority in reading.register.items():
        if match := _NO_NAME.search(authority.name):
            sentence = f'a name holds no "{match[0]}"'
            yield reading.in_authorities.warning(
                "sign-in-name", (slug, "name"), sentence, value=match[0]
            )
    for slug, contacts in reading.contacts.items():
        surname, path = (contacts.chief_executive and contacts.chief_executive.surname) or "", (
            slug, "chief_executive", "surname",
        )  # fmt: skip
        if next(printed_doubts(surname), None):
            continue
        if surname.casefold() in _NOBODY:
            sentence = "this stands for nobody, and the letter greets by it"
            hint = "where nobody is known, leave out title and surname: the post is greeted"
            yield reading.in_contacts.warning("nobody", path, sentence, hint)
        elif match := _NO_SURNAME.search(surname):
            sentence, hint = f'a surname holds no "{match[0]}"', "leave the surname alone"
            yield reading.in_contacts.warning("sign-in-name", path, sentence, hint)
        elif _is_in_one_case(surname):
            sentence = "the surname is written in small letters or in capitals alone"
            yield reading.in_contacts.warning("surname-in-one-case", path, sentence, "is it so?")


def _is_in_one_case(surname: str) -> bool:
    """Of a surname of one word; ffoulkes and the like begin so."""
    is_small = surname.islower() and not surname.startswith("ff")
    return surname.isalpha() and (is_small or (surname.isupper() and len(surname) > 3))
