"""What a shell completes: the years that there are, and the authorities of one."""

from __future__ import annotations

import re
from pathlib import Path

import click

_SLUG = re.compile(r"^([a-z0-9][a-z0-9-]*):", re.MULTILINE)


def years(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The folders below data/ that hold a letter.yaml."""
    return years_of(context, begun)


def years_of(context: click.Context, begun: str) -> list[str]:
    """The same, where no argument asks; none where they cannot be read."""
    try:
        found = (path.parent.name for path in _data(context).glob("*/letter.yaml"))
        return sorted(name for name in found if name.startswith(begun))
    except OSError:
        return []


def slugs(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """The authorities of the year that was typed, or else of the register, not named before.

    They are looked for in the file's text, for a file with an error has them, too.
    """
    data, year = _data(context), str(context.params.get("year"))
    typed = context.params.get(parameter.name or "") or ()
    named = (typed,) if isinstance(typed, str) else typed
    for file in (data / year / "statistics.yaml", data / "authorities.yaml"):
        try:
            found = _SLUG.findall(file.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        return [slug for slug in found if slug.startswith(begun) and slug not in named]
    return []


def _data(context: click.Context) -> Path:
    return Path(context.params.get("root") or ".") / "data"
