"""What is wrong with a plain value: the validator's errors as sentences of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from letters.campaign.records import Shape
from letters.campaign.rules import Refused
from letters.source.places import KeyPath
from letters.source.scalars import QUOTES, NoSuchScalar, date_meant, resolve
from letters.source.slips import without_commas
from letters.wording import did_you_mean, found, kind, nearest, series, there_are

T = TypeVar("T")

_MISSING = "this key is missing"
_NOTHING = ("-", "–", "—", "n/a", "na", "nil", "none", "null", "unknown", "?", "..", "...")
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")
_DATE_FORM = "write it as year-month-day without quotes, such as 2020-07-29"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one path of a file's value; the file's places know where that is."""

    path: KeyPath
    code: str  #: as a problem has it
    sentence: str
    hint: str = ""
    at: Literal["key", "value"] = "value"
    meant: str = ""  #: the key that an unknown one was probably meant to be


class Validated(NamedTuple, Generic[T]):
    """A record and no faults, or None and every fault."""

    record: T | None
    faults: tuple[Fault, ...] = ()


def validate(shape: Shape[T], value: Any) -> Validated[T]:
    """The plain value as a record, or all that is wrong with it, in the order of its fields."""
    record, errors = shape.read(value)
    faults = [_fault(shape, error) for error in errors if not _is_consequence(error)]
    return Validated(record, one_fault_for_one_mistake(faults))


def _is_consequence(error: Mapping[str, Any]) -> bool:
    """Whether a list only counts as empty because of what is wrong with its entries."""
    return error["type"] == "too_short" and bool(error["input"])


def _fault(shape: Shape[Any], error: Mapping[str, Any]) -> Fault:
    """The fault for one of the validator's errors.

    Of a file with personal data, and of addresses, it says what kind of thing was found and does
    not show it.
    """
    path, value, context = error["loc"], error["input"], error.get("ctx", {})
    if error["type"] == "missing":
        return Fault(path, "missing-key", _MISSING, at="key")
    if error["type"] == "extra_forbidden":
        word, allowed = str(path[-1]), shape.keys_beside(path)
        hint, near = did_you_mean(word, allowed) or there_are(allowed), nearest(word, allowed)
        return Fault(path, "no-such-key", "there is no such key", hint, "key", near)
    at: Literal["key", "value"] = "value"
    if path[-1:] == ("[key]",):
        path, at = path[:-1], "key"
    seen = kind(value) if shape.private or "@" in str(value) else found(value)
    rule = context.get("error")
    if isinstance(rule, Refused):
        sentence = f"{rule.sentence}, found {seen}" if rule.shows_text else rule.sentence
        return Fault(path, rule.code, sentence, rule.hint, at)
    code, wanted, hint_for = _WANTED.get(error["type"], _SOMETHING_ELSE)
    is_count = shape.holds_counts and hint_for is _whole_hint
    hint = _count_hint(value) if is_count else hint_for(value)
    if error["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        hint = did_you_mean(value, choices) if isinstance(value, str) else ""
        context = {"choices": series(choices, "or")}
    return Fault(path, code, f"expected {wanted.format(**context)}, found {seen}", hint, at)


def one_fault_for_one_mistake(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults without the missing keys for which a misspelt key stands beside."""
    faults = tuple(faults)
    meant = {(*fault.path[:-1], fault.meant) for fault in faults if fault.meant}
    return tuple(fault for fault in faults if fault.sentence != _MISSING or fault.path not in meant)


def _whole_hint(value: Any) -> str:
    return _number_hint(value, (int,))


def _count_hint(value: Any) -> str:
    if value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING):
        return "write 0 where there were none; where nothing is known, leave the authority out"
    if isinstance(value, str) and value.rstrip().endswith("%"):
        return "write the count: percentages are worked out"
    return _whole_hint(value)


def _number_hint(value: Any, types: tuple[type, ...] = (int, Decimal)) -> str:
    if value is None:
        return "write it; where it is not known, delete the key"
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"write {int(value)}, without the point"
    if not isinstance(value, str):
        return ""
    if type(_resolved(value.strip())) in types:
        return "write it without quotes"
    if "," in value:
        word, hint = without_commas(value)
        return hint if type(_resolved(word)) in types else ""
    if value.strip().lower() in _NOTHING:
        return "where nothing is known, delete the key"
    if value.rstrip().endswith("%") and type(_resolved(value.rstrip(" %"))) in types:
        return f"write {value.rstrip(' %')}, without the sign"
    likely = value.strip(QUOTES).translate(_LETTERS_FOR_DIGITS)
    if likely != value and type(_resolved(likely)) in types:
        return f"write {likely}: what stands there only looks like it"
    digits = re.sub(r"(?<=[0-9])[_ '](?=[0-9])", "", value)
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        has_more = re.search("[0-9]", value) and not value.isdecimal()
        return "write the number alone" if has_more else ""
    return f"write {int(digits)}, without {'separators' if digits != value else 'leading zeros'}"


def _resolved(text: str) -> Any:
    try:
        return resolve(text)
    except NoSuchScalar:
        return None


def _text_hint(value: Any) -> str:
    if isinstance(value, dict):
        return 'put a text that holds ": " in quotes'
    return "" if value is None or isinstance(value, list) else "write it in quotes"


def _date_hint(value: Any) -> str:
    if not isinstance(value, str | int):
        return _DATE_FORM
    if isinstance(value, str) and isinstance(_resolved(value), date):
        return "write it without quotes"
    meant = date_meant(str(value))
    return f"write {meant}" if meant else _DATE_FORM


def _true_or_false_hint(value: Any) -> str:
    words = dict.fromkeys(("yes", "on", "true"), "true") | dict.fromkeys(
        ("no", "off", "false"), "false"
    )
    word = words.get(value.lower(), "") if isinstance(value, str) else ""
    return f"write {word} without quotes, in small letters" if word else ""


def _nothing(value: Any) -> str:
    return ""


#: By the validator's name of an error: our code, what was wanted, and what to do about a value.
_WANTED: Mapping[str, tuple[str, str, Callable[[Any], str]]] = {
    "int_type": ("not-a-whole-number", "a whole number", _whole_hint),
    "is_instance_of": ("not-a-number", "a number", _number_hint),
    "decimal_type": ("not-a-number", "a number", _number_hint),
    "string_type": ("not-text", "text", _text_hint),
    "date_type": ("not-a-date", "a date", _date_hint),
    "bool_type": ("not-true-or-false", "true or false", _true_or_false_hint),
    "literal_error": ("no-such-choice", "{choices}", _nothing),
    "dict_type": ("not-entries", "`key: value` entries", _nothing),
    "model_type": ("not-entries", "`key: value` entries", _nothing),
    "tuple_type": (
        "not-a-list",
        "a list",
        lambda value: "" if value is None else "put it in brackets: [...]",
    ),
    "too_short": ("empty-list", "at least one entry", _nothing),
    "greater_than_equal": ("too-small", "{ge} or more", _nothing),
    "greater_than": ("too-small", "more than {gt}", _nothing),
    "less_than_equal": ("too-large", "{le} or less", _nothing),
}
_SOMETHING_ELSE = (
    "something-else",
    "something else here",
    lambda value: "the documentation of the file's format says what",
)
