"""What a template may do with values, looked at where they are used; what one text may take. Pure.

Nothing is printed as an empty gap or in Python's words, and no printed number is compared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any

from letters.typesetting.context import Printed, PrintedFigure, Quantity, Question
from letters.wording import kind

MOST_ROUNDS = 100_000  #: of loops, calls and parts, for one text; a letter takes about 60
MOST_CHARACTERS = 2_000_000  #: of one text; a letter has about 14,000
_MOST_HELD = 1_000  #: values in a list that a template writes
_PRINTABLE = (int, Decimal, Quantity)
_ASK_FIRST = "ask for it with an if before it is used, or write what is printed then after an else"
#: How somebody who writes words asks about a figure.
ASK_FIGURES = "a figure is asked by .below(100), .above(100), .below_average or .above_average"
_COMPARE_COUNTS = "a count is compared by its value: letter.counts.upheld.value"


class Misuse(ValueError):
    """What a template does with a value is never meant; the hint says what to do."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class Spent(threading.local):
    """What the text that is being written has taken so far."""

    rounds = 0
    characters = 0

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Begin another text; what the one around it has taken is counted on afterwards."""
        before = self.rounds, self.characters
        self.rounds = self.characters = 0
        try:
            yield
        finally:
            self.rounds, self.characters = before

    def round(self) -> None:
        """One more round of a loop, call of a macro, or part of a page."""
        self.rounds += 1
        if self.rounds > MOST_ROUNDS:
            sentence = f"this takes more than {MOST_ROUNDS:,} rounds"
            raise Misuse(sentence, "is there a loop in a loop?")

    def make(self, characters: int) -> None:
        """So many characters more."""
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            raise Misuse(f"this makes more than {MOST_CHARACTERS:,} characters")

    def text(self, text: str) -> str:
        """A text that is made or printed."""
        self.make(str.__len__(text))
        return text


spent = Spent()


def each(values: Any, otherwise: bool) -> Iterator[Any]:
    """The entries of a list, one after the other; none where nothing is to be said."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise Misuse(f"expected a list, found {kind(values)}")
    empty = True
    for value in values:
        empty = False
        spent.round()
        if isinstance(value, str) and not is_html(value) and not str.strip(value):
            raise Misuse("a text in this list is empty, so there is nothing to print", _ASK_FIRST)
        yield value
    if empty and not otherwise:
        raise Misuse("this list is empty, so there is nothing to print", _ASK_FIRST)


def is_printed(value: object) -> bool:
    """Whether it is a number as it is printed."""
    return isinstance(value, Printed)


def is_number(value: object) -> bool:
    """Whether it is a number as it is printed, or a count, which is printed with one."""
    return isinstance(value, Printed | Quantity)


def said(value: Any, is_named: bool) -> Any:
    """What is printed: words or a number; nothing, or a value with parts, is a mistake.

    So is an empty text that is printed by its name.
    """
    if isinstance(value, str):
        if is_named and not is_html(value) and not value.strip(" \t\n"):
            raise Misuse("there is nothing to print: the text is empty", _ASK_FIRST)
        return spent.text(value)
    if isinstance(value, _PRINTABLE) and not isinstance(value, bool):
        return value
    sentence, hint = next(
        (words for kinds, words in _NOT_PRINTED.items() if isinstance(value, kinds)),
        ("this value has parts: name the one to print", ""),
    )
    raise Misuse(sentence, hint)


def is_html(value: object) -> bool:
    """Whether it is HTML, which is printed as it is."""
    return hasattr(value, "__html__")


def comparable(value: Any, how: str, *others: Any) -> Any:
    """What is compared is no number that was rounded, nor a text letter by letter.

    `others` is what stands on the left of it, if anything: things of different kinds are never the
    same, and have no order.
    """
    parts = value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(part, Quantity) for part in parts):
        raise Misuse("a count is compared by its value", _COMPARE_COUNTS)
    if any(isinstance(part, PrintedFigure | Question) for part in parts):
        raise Misuse(f"a figure is no number to compare: {ASK_FIGURES}")
    order = how not in ("eq", "ne", "in", "notin")
    if any(is_printed(one) or is_html(one) or (order and isinstance(one, str)) for one in parts):
        sentence = f"a text that is printed is no number to compare: {ASK_FIGURES}"
        raise Misuse(sentence, _COMPARE_COUNTS)
    for other in others:
        alike, both = kind(other) == kind(value), f"{kind(other)} and {kind(value)}"
        if order and not (alike and _has_order(value)):
            raise Misuse(f"{both} cannot be put in an order", _COMPARE_COUNTS)
        if how in ("eq", "ne") and not alike and value is not None and other is not None:
            raise Misuse(f"{both} are never the same", _COMPARE_COUNTS)
    return value


def _has_order(value: Any) -> bool:
    return isinstance(value, int | float | Decimal | date) and not isinstance(value, bool)


def small(values: Any) -> Any:
    """A list that is written in a template: it does not grow without end by holding itself."""
    waiting, held = [values], 0
    while waiting:
        one = waiting.pop()
        held += 1
        if held > _MOST_HELD:
            raise Misuse(f"this list holds more than {_MOST_HELD:,} values")
        if isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, dict):
            if any(map(is_printed, one)):
                raise Misuse("a text that is printed is no key")
            waiting += one.values()
    return values


#: What is said of values that are not printed as they are.
_NOT_PRINTED: Mapping[Any, tuple[str, str]] = {
    NoneType: ("there is nothing to print", _ASK_FIRST),
    float: ("a number with a point is no value of a letter", "write it in quotes"),
    bool: ("true or false is not printed", "write {% if ... %} and the words"),
    date: ("a date is printed by a filter", "write | day after it"),
    tuple | list | Generator: (
        "a list is printed by a filter",
        "write | listing after it, or a loop",
    ),
    Callable: ("this is to be called", "write () after it"),
}
