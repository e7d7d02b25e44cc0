"""What is wrong with a plain value, in the words of the field: the validator's errors as our own sentences."""

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
from letters.source.scalars import NoSuchScalar, resolve
from letters.source.slips import without_commas
from letters.wording import did_you_mean, found, kind, nearest, series, there_are

T = TypeVar("T")

_MISSING = "this key is missing"
_DATE_FORM = "write it as year-month-day without quotes, such as 2020-07-29"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one path of a file's value; the file's places know where that is."""

    path: KeyPath
    sentence: str
    hint: str = ""
    at: Literal["key", "value"] = "value"
    meant: str = ""  #: the key that an unknown one was probably meant to be


class Validated(NamedTuple, Generic[T]):
    """A record and no faults, or None and every fault."""

    record: T | None
    faults: tuple[Fault, ...] = ()


def validate(shape: Shape[T], value: Any) -> Validated[T]:
    """The plain value as a record, or everything that is wrong with it, in the order of the record's fields."""
    record, errors = shape.read(value)
    faults = (
        fault_from(
            error["type"],
            error["loc"],
            error["input"],
            error.get("ctx", {}),
            shape.keys_beside(error["loc"]),
            shape.private,
        )
        for error in errors
    )
    return Validated(record, one_fault_for_one_mistake(faults))


def fault_from(
    error: str,
    path: KeyPath,
    value: Any,
    context: Mapping[str, Any],
    allowed: tuple[str, ...],
    private: bool,
) -> Fault:
    """The fault for one of the validator's errors; `allowed` are the keys that may stand at the path.

    With `private` the sentence says what kind of thing was found and does not show it.
    """
    if error == "missing":
        return Fault(path, _MISSING, at="key")
    if error == "extra_forbidden":
        word = str(path[-1])
        hint = did_you_mean(word, allowed) or there_are(allowed)
        return Fault(path, "there is no such key", hint, "key", nearest(word, allowed))
    at: Literal["key", "value"] = "value"
    if path[-1:] == ("[key]",):
        path, at = path[:-1], "key"
    seen = kind(value) if private else found(value)
    rule = context.get("error")
    if isinstance(rule, Refused):
        return Fault(
            path,
            f"{rule.sentence}, found {seen}" if rule.shows_text else rule.sentence,
            rule.hint,
            at,
        )
    wanted, hint = _WANTED.get(error, _fitting)(value, context)
    return Fault(path, f"expected {wanted}, found {seen}", hint, at)


def one_fault_for_one_mistake(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults without the missing keys for which a misspelt key stands beside."""
    faults = tuple(faults)
    meant = {(*fault.path[:-1], fault.meant) for fault in faults if fault.meant}
    return tuple(fault for fault in faults if fault.sentence != _MISSING or fault.path not in meant)


def _whole(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "a whole number", _number_hint(value, (int,))


def _number(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "a number", _number_hint(value, (int, Decimal))


def _number_hint(value: Any, types: tuple[type, ...]) -> str:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"write {int(value)}, without the point"
    if not isinstance(value, str):
        return ""
    if type(_resolved(value.strip())) in types:
        return "write it without quotes"
    if "," in value:
        word, hint = without_commas(value)
        return hint if type(_resolved(word)) in types else ""
    digits = re.sub(r"(?<=[0-9])[_ '](?=[0-9])", "", value)
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        return ""
    return f"write {int(digits)}, without {'separators' if digits != value else 'leading zeros'}"


def _resolved(text: str) -> Any:
    try:
        return resolve(text)
    except NoSuchScalar:
        return None


def _text(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(value, dict):
        return "text", 'put a text that holds ": " in quotes'
    return "text", "" if value is None or isinstance(value, list) else "write it in quotes"


def _date(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    quoted = isinstance(value, str) and isinstance(_resolved(value), date)
    return "a date", "write it without quotes" if quoted else _DATE_FORM


def _true_or_false(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    words = {
        "yes": "true",
        "on": "true",
        "true": "true",
        "no": "false",
        "off": "false",
        "false": "false",
    }
    word = words.get(value.lower(), "") if isinstance(value, str) else ""
    return "true or false", f"write {word} without quotes, in small letters" if word else ""


def _one_of(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    choices = re.findall(r"'([^']*)'", context["expected"])
    return series(choices, "or"), did_you_mean(value, choices) if isinstance(value, str) else ""


def _entries(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "`key: value` entries", ""


def _list(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "a list", "put it in brackets: [...]"


def _not_empty(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "at least one entry", ""


def _at_least(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return f"{context['ge']} or more", ""


def _at_most(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return f"{context['le']} or less", ""


def _fitting(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    return "something else here", "the documentation of the file's format says what"


_WANTED: Mapping[str, Callable[[Any, Mapping[str, Any]], tuple[str, str]]] = {
    "int_type": _whole,
    "is_instance_of": _number,
    "decimal_type": _number,
    "string_type": _text,
    "date_type": _date,
    "bool_type": _true_or_false,
    "literal_error": _one_of,
    "dict_type": _entries,
    "model_type": _entries,
    "tuple_type": _list,
    "too_short": _not_empty,
    "greater_than_equal": _at_least,
    "less_than_equal": _at_most,
}
