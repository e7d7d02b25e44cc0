"""Facts of a year that are read otherwise than they were probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from letters.campaign.reading import Reading
from letters.errors import Problem, Severity
from letters.source.places import KeyPath, leaves
from letters.wording import quoted

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_facts(reading: Reading) -> Iterator[Problem]:
    """A warning for each number with a thousands point, and for each link that leads nowhere."""
    for path, value in leaves(reading.in_letter.at("facts"), ("facts",)):
        if (
            isinstance(value, Decimal)
            and value.as_tuple().exponent == -3
            and 1 <= abs(value) < 1000
        ):
            sentence = f"{value} is read as {value.normalize():f}"
            hint = f"if thousands are meant, write {int(value.scaleb(3))}"
        elif (
            isinstance(value, str) and value and _is_link(path, value) and not _SCHEME.match(value)
        ):
            sentence = f"expected a whole link, found {quoted(value)}"
            hint = f"write it with https:// at its beginning: https://{value.removeprefix('//')}"
        else:
            continue
        yield reading.in_letter.problem(Severity.WARNING, path, sentence, hint)


def _is_link(path: KeyPath, text: str) -> bool:
    return "links" in path or text.lower().startswith("www.")
