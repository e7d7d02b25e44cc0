"""Which letters the last build could not lay out, and why: `build/YEAR/failures.json`.

It is kept so that where letters stand can be told without laying them out again, and can be deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from letters.files import write_whole

FAILURES = "failures.json"


class Failure(NamedTuple):
    """Why a letter has no pages."""

    fingerprint: str  #: of all that it is made from; another one may fare better
    sentence: str


def read_failures(folder: Path) -> Mapping[str, Failure]:
    """By slug; none where none is kept, or what is kept is not ours."""
    try:
        kept = json.loads(_path(folder).read_text(encoding="utf-8"))
        return {str(slug): Failure(*map(str, one)) for slug, one in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_failures(folder: Path, failures: Mapping[str, Failure]) -> None:
    """Keep them; without any there is no file. Raises OSError."""
    if failures:
        text = json.dumps(failures, ensure_ascii=False, indent=1) + "\n"
        write_whole({_path(folder): text.encode()})
    else:
        _path(folder).unlink(missing_ok=True)


def _path(folder: Path) -> Path:
    return folder / FAILURES
