"""How a spreadsheet shows a number or a date, by its number format. Pure.

As far as an office's workbooks use it: sections, conditions, words in quotes, thousands, decimals,
per cent, days and months. What goes beyond (fractions, powers of ten) is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*(?:.|$)|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<digits>[0#?.,%]+)|(?P<power>[eE][+-])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_CURRENCY = re.compile(r"\$([^-]*)")
_OF_DATES = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]'
    r"|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|am/pm|a/p)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_GENERAL_PLACES = 9  #: decimals that a cell without a format has room for
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


@lru_cache(maxsize=8192)  # a sheet has many cells with the same
def shown_number(value: int | Decimal, number_format: str) -> str | None:
    """A number as a cell of this format shows it; None for a format that is beyond this."""
    number = Decimal(value)
    section, shows_sign = _section_for(number, _sections(number_format or "General"))
    try:
        text = _filled(abs(number) if shows_sign else number, section)
    except InvalidOperation:  # of more digits than can be rounded
        text = "#####"
    return text


def holds(operator: str, number: Decimal, *bounds: Decimal) -> bool:
    """Whether a condition of formats (`<`, `>=`, `between` ...) holds for a number."""
    first, last = bounds[0], bounds[-1]
    return {
        "<": number < first,
        "<=": number <= first,
        ">": number > first,
        ">=": number >= first,
        "=": number == first,
        "<>": number != first,
        "between": first <= number <= last,
        "notBetween": not first <= number <= last,
    }[operator]


def _sections(number_format: str) -> list[str]:
    """The parts of a format, between its semicolons."""
    found, at = list[str](), 0
    while match := _SECTION.match(number_format, at):
        found.append(match[0])
        at = match.end() + 1
        if number_format[match.end() : at] != ";":
            break
    return found


def _section_for(number: Decimal, sections: Sequence[str]) -> tuple[str, bool]:
    """The part of a format that a number is shown by, and whether it shows its sign itself."""
    conditions = [_condition(one) for one in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or holds(condition.operator, number, condition.bound):
                return section, False
        return '"#####"', False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    return (sections[2] if number == 0 and len(sections) > 2 else sections[0]), False


class _Condition(NamedTuple):
    operator: str
    bound: Decimal


def _condition(section: str) -> _Condition | None:
    for match in _TOKEN.finditer(section):
        if found := _CONDITION.fullmatch(match["bracket"] or ""):
            return _Condition(found[1], Decimal(found[2]))
    return None


def _filled(number: Decimal, section: str) -> str | None:
    """A number in the place of a section's digits, None for a format that is beyond this."""
    parts, masks = list[str](), list[int]()
    for match in _TOKEN.finditer(section):
        bracket, digits, other = match["bracket"], match["digits"], match["other"]
        if match["power"] or other == "/":
            return None
        if match["general"] or other == "@":  # of a format for text a number is shown as it is
            masks.append(len(parts))
            parts.append("")
        elif digits and (set(digits) & set("0#?") or masks):
            masks.append(len(parts))
            parts.append(digits)
        elif bracket is not None:
            symbol = _CURRENCY.match(bracket)
            parts.append(symbol[1] if symbol else "")
        else:
            parts.append(match["quoted"] or match["escaped"] or digits or other or "")
    percent = "".join(parts).count("%")
    if masks:
        if any(set(parts[at]) & set("0#?") for at in masks[1:]):
            if any(set(parts[at]) - set("0#?") for at in masks):
                return None
            _in_groups(number, parts, masks)
        else:
            parts[masks[0]] = _number(number.scaleb(2 * percent), parts[masks[0]])
        if number < 0 and masks[0]:  # the sign stands before everything
            parts[masks[0]] = parts[masks[0]].removeprefix("-")
            parts.insert(0, "-")
    return "".join(parts).strip()


def _in_groups(number: Decimal, parts: list[str], masks: Sequence[int]) -> None:
    """Put a number's digits, from the last one, into several groups of places: 00 000 000."""
    digits = f"{abs(number):.0f}"
    for at in reversed(masks):
        filled = ""
        for place in reversed(parts[at]):
            filled = (digits[-1:] or ("0" if place == "0" else "")) + filled
            digits = digits[:-1]
        parts[at] = filled
    parts[masks[0]] = digits + parts[masks[0]]


def _number(number: Decimal, mask: str) -> str:
    """Digits by a mask such as #,##0.00 or 0%; by none as a cell without a format has them."""
    if not mask:
        return _general(number)
    signs = "%" * mask.count("%")
    before, _, after = mask.replace("%", "").partition(".")
    scale = len(before) - len(before.rstrip(","))
    number = number.scaleb(-3 * scale)
    places = sum(one in "0#?" for one in after)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    while decimals.endswith("0") and after.rstrip(",")[len(decimals) - 1 : len(decimals)] == "#":
        decimals = decimals[:-1]
    whole = whole.lstrip("0").rjust(before.count("0"), "0")
    if "," in before.rstrip(","):
        whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", whole)
    point = "." if "." in mask else ""
    sign = "-" if rounded < 0 else ""
    return f"{sign}{whole}{point}{decimals}{signs}"


def _general(number: Decimal) -> str:
    if number == number.to_integral_value():
        return f"{number:.0f}"
    return f"{number:.{_GENERAL_PLACES}f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=8192)
def shown_date(value: date, number_format: str) -> str:
    """A date as a cell of this format shows it in Britain: 31/03/2020; with a time, if it has one.

    A format that says more than days, months and years is passed over: 2020-03-31.
    """
    pattern = _sections(number_format)[0]
    if number_format.lower() in ("mm-dd-yy", "m/d/yyyy", "m/d/yy"):  # "the short date", wherever
        pattern = "dd/mm/yyyy"
    afternoons = bool(re.search("am/pm|a/p", pattern, re.IGNORECASE))
    text, at_hours = "", False
    for match in _OF_DATES.finditer(pattern):
        if name := (match["date"] or "").lower():
            is_minutes = at_hours and name in ("m", "mm")
            at_hours = name[0] == "h"
            text += _part(value, "min" if is_minutes else name, afternoons)
        else:
            text += match["quoted"] or match["escaped"] or match["other"] or ""
    return " ".join(text.split())


def _part(value: date, name: str, afternoons: bool) -> str:
    at = value.time() if isinstance(value, datetime) else time()
    month, day = _MONTHS.split()[value.month - 1], _DAYS.split()[value.weekday()]
    afternoon = "PM" if at.hour > 11 else "AM"
    hour = (at.hour + 11) % 12 + 1 if afternoons else at.hour
    known = {
        "d": f"{value.day}",
        "dd": f"{value.day:02}",
        "ddd": day[:3],
        "dddd": day,
        "m": f"{value.month}",
        "mm": f"{value.month:02}",
        "mmm": month[:3],
        "mmmm": month,
        "yy": f"{value.year % 100:02}",
        "min": f"{at.minute:02}",
        "h": f"{hour}",
        "hh": f"{hour:02}",
        "s": f"{at.second}",
        "ss": f"{at.second:02}",
        "am/pm": afternoon,
        "a/p": afternoon[0],
        "mmmmm": month[0],
    }
    return known.get(name) or (f"{value.year}" if name[0] == "y" else "")
