"""Pieces of sentences about problems: what was found, what was probably meant, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from letters.errors import Problem, Severity

_LONGEST_QUOTE = 60
#: words that names of councils share
WHAT_COUNCILS_ARE_CALLED = frozenset(
    "and authority borough city combined corporation council county district london"
    " metropolitan of royal the".split()
)


def quoted(text: str) -> str:
    """The text between double quotes, on one line, cut when it is long."""
    line = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return f'"{line}"' if len(line) <= _LONGEST_QUOTE else f'"{line[:_LONGEST_QUOTE]}…"'


def reason_of(error: OSError) -> str:
    """What the system says against a file, as the end of a sentence."""
    return (error.strerror or "unknown reason").lower()


def kind(value: Any) -> str:
    """What sort of thing a plain value is, without showing it, which may be personal data."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    names = {
        str: "text",
        date: "a date",
        int | Decimal: "a number",
        dict | SimpleNamespace: "`key: value` entries",
    }
    return next(
        (name for type_, name in names.items() if isinstance(value, type_)), "a value with parts"
    )


def found(value: Any) -> str:
    """A plain value in a sentence: text in quotes, numbers and dates as written, or its kind."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return kind(value) if value is None or isinstance(value, dict | list | tuple) else str(value)


def series(names: Sequence[str], link: str = "and", most: int = 12) -> str:
    """`a, b and c`; of more than `most` names the first ones and how many more there are."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} {link} {names[-1]}" if len(names) > 1 else "".join(names)


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return f"{text[:1].upper()}{text[1:]}"


def numbered(number: int, singular: str, plural: str = "") -> str:
    """The number and its noun: 1 letter, 2 letters; the plural where an s will not do."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def counted(problems: Iterable[Problem], link: str = ", ") -> str:
    """How many problems of each kind there are: first what is to be confirmed of the year before.

    Kinds that there are none of are left out; "no problems" for none at all.
    """
    carried, counts = Counter[str](), Counter[Severity]()
    for problem in problems:
        if problem.carried_over:
            carried[problem.carried_over] += 1
        else:
            counts[problem.severity] += 1
    parts = [
        *(
            numbered(n, f"thing of {y} to confirm", f"things of {y} to confirm")
            for y, n in carried.items()
        ),
        *(numbered(counts[severity], severity) for severity in Severity if counts[severity]),
    ]
    return link.join(parts) or "no problems"


def spaced(name: str) -> str:
    """A name of a count or measure as words: uphold rate."""
    return name.replace("_", " ")


def hyphenated(name: str) -> str:
    """A name of a count or measure as a part of a problem's code: uphold-rate."""
    return name.replace("_", "-")


TIME = "%Y-%m-%d %H:%M:%S"  #: how the books write a moment


def universal_time(moment: datetime) -> str:
    """A moment as the books have it: 2020-07-22 09:30:00, universal time."""
    return moment.astimezone(UTC).strftime(TIME)


def with_zone(at: str) -> str:
    """A moment of the books as people are shown it: 2020-07-22 09:30:00 UTC. A day alone stays."""
    return f"{at} UTC" if ":" in at else at


def there_are(names: Sequence[str]) -> str:
    """A hint that names everything there is, "" when there is nothing."""
    return f"there {'is only' if len(names) == 1 else 'are'} {series(names)}" if names else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint that names the choice most like the word, or "" when none is like it."""
    return meant(nearest(word, tuple(choices)))


def meant(choice: str) -> str:
    """A hint that asks whether this was meant, "" for ""."""
    return f"did you mean {quoted(choice)}?" if choice else ""


@lru_cache(maxsize=256)
def nearest(word: str, choices: tuple[str, ...], likeness: float = 0.7) -> str:
    """The choice most like the word: the only one it begins, or one spelt much like it; or ""."""
    begun = [choice for choice in choices if len(word) > 2 and choice.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    return next(iter(get_close_matches(word.lower(), choices, n=1, cutoff=likeness)), "")


@lru_cache(maxsize=256)
def nearest_authority(slug: str, slugs: tuple[str, ...]) -> str:
    """The slug whose place is spelt most like this one's; words of all councils hardly count."""
    places = {other: _place(other) for other in slugs}
    place = nearest(_place(slug), tuple(sorted(set(places.values()))), 0.75)
    if not place:
        return nearest(slug, slugs, 0.9)
    return get_close_matches(
        slug, [other for other in slugs if places[other] == place], n=1, cutoff=0
    )[0]


def _place(slug: str) -> str:
    return "-".join(word for word in slug.split("-") if word not in WHAT_COUNCILS_ARE_CALLED)
