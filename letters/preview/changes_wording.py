"""How the pages of changes put what changed, and their addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from letters.compare.change import What
from letters.compare.comparison import LetterComparison
from letters.preview.compared import APPROVED, LAST_BUILD, SENT
from letters.preview.page_values import Values, address_of_letter, address_of_list
from letters.typesetting.formats import day
from letters.wording import capital, numbered

_SINCE = {
    APPROVED: "since they were approved",
    SENT: "since they were sent",
    LAST_BUILD: "since the last build",
}
_MASK = re.compile(r"(‹[^›]*›)")
_PANEL = re.compile(r'^panel "(.+)": ')
_WORDS = 14  #: of a text that are shown
#: what became of a block, in a word; "" where its words tell
SAID = {What.NEW: "new", What.GONE: "gone", What.MOVED: "moved", What.CHANGED: ""}


def address_of_changes(year: str, wanted: str, chosen: str = "") -> str:
    """Where the changes of a year are, or those of one class: "/2020/changes?with=approved"."""
    query = {"with": wanted} | ({"class": chosen} if chosen else {})
    return f"{address_of_list(year)}changes?{urlencode(query)}"


def address_of_changed(year: str, slug: str, wanted: str, chosen: str = "") -> str:
    """Where the changes of one letter are: "/2020/letters/ashby/changes?with=approved"."""
    query = {"with": wanted} | ({"class": chosen} if chosen else {})
    return f"{address_of_letter(year, slug)}/changes?{urlencode(query)}"


def since(wanted: str) -> str:
    """The end of a sentence about letters that changed."""
    return _SINCE.get(wanted, f"beside {wanted}")


def is_a_moment(wanted: str) -> bool:
    """Whether letters are compared with those of a moment of their own year, not of another year."""
    return wanted in _SINCE


def day_of(at: str) -> str:
    """The day of a moment of the books, or of a day: 31 March 2020; "" for none."""
    return day(date.fromisoformat(at.partition(" ")[0])) if at else ""


def choices(year: str, labels: Mapping[str, str], wanted: str, slug: str = "") -> list[Values]:
    """What letters can be compared with, as links; on a letter's page to its own changes."""
    return [
        {
            "label": label,
            "address": address_of_changed(year, slug, name)
            if slug
            else address_of_changes(year, name),
            "here": name == wanted,
        }
        for name, label in labels.items()
    ]


def how_much(letter: LetterComparison) -> str:
    """How much of a letter changed: "2 places, 3 figures"."""
    parts = [numbered(len(letter.changes), "place")] if letter.changes else []
    parts += [numbered(len(letter.rows), "figure")] if letter.rows else []
    return ", ".join(parts)


def masked(text: str) -> list[Values]:
    """A text in parts, those that stand for something else marked."""
    return [
        {
            "text": part.strip("‹›") if _MASK.fullmatch(part) else part,
            "mask": bool(_MASK.fullmatch(part)),
        }
        for part in _MASK.split(text)
        if part
    ]


def place(place: str) -> str:
    """Where a change stands, as a heading: `Complaints upheld · finding`."""
    return capital(_PANEL.sub(r"\1 · ", place))


def cut(text: str) -> str:
    """The first words of a text."""
    return shortened(text.split())


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{capital(text)}." if not text.endswith(".") else capital(text)


def shortened(words: Sequence[str]) -> str:
    """The first of some words, with a sign where there are more."""
    text = " ".join(words[:_WORDS])
    return f"{text} …" if len(words) > _WORDS else text
