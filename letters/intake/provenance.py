"""Where an imported number comes from, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from letters.wording import series


def conditions_in_words(conditions: Mapping[str, Sequence[str]]) -> str:
    """Which rows count: ` where Decision is Upheld or Not Upheld`; "" for all."""
    parts = [f"{heading} is {series(list(values), 'or')}" for heading, values in conditions.items()]
    return f" where {series(parts)}" if parts else ""
