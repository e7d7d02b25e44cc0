"""Where letters stand as it was found last, for as long as no file looks otherwise since.

It is kept beside what is built, and can be deleted. So it is told at once, as often as it is asked.
"""

from __future__ import annotations

import json
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.files import look_of, looks_below, write_whole
from letters.mail.stages import Status
from letters.version import __version__

_HERE = Path(__file__).parents[1]
_SETTLED = 50_000_000  #: nanoseconds after which a further change of a file shows in its time


def looks(root: Path, year: str, today: date) -> str:
    """A digest of how all files look from outside that where letters stand can depend on.

    Not of what is in them: of their size, their times and their numbers. "" while one of them has
    changed so lately that a further change might not show.
    """
    seen = sha256(f"{today} {__version__} {sys.version}".encode())
    newest = 0
    for name, look in _files(root, year):
        newest = max(newest, *look[:2])
        seen.update(f"{name}\0{look}\n".encode())
    return seen.hexdigest() if time.time_ns() - newest > _SETTLED else ""


def found_last(root: Path, year: str, look: str) -> Mapping[str, Any] | None:
    """What was kept while the files looked so; None for nothing."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        kept: Mapping[str, Any] = json.loads(_path(root, year).read_text(encoding="utf-8"))
        if look and kept["look"] == look:
            status: Mapping[str, Any] = kept["status"]
            Status.of_plain(status)
            return status
    return None


def keep(root: Path, year: str, look: str, status: Mapping[str, Any]) -> None:
    """Keep where letters stand, where anything was built at all; else, or where it cannot, not."""
    if look and _path(root, year).parent.is_dir():
        with suppress(OSError):
            text = json.dumps({"look": look, "status": status}, ensure_ascii=False)
            write_whole({_path(root, year): text.encode()}, private=True)


def _path(root: Path, year: str) -> Path:
    return root / "build" / year / "status.json"


def _files(root: Path, year: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The files that data, words and looks are read from, the build, the books and the engine."""
    kept = str(_path(root, year))
    for folder in ("data", "templates", "private", f"build/{year}", f"records/{year}"):
        for path, look in looks_below(root / folder):
            if path != kept:
                yield path, look
    yield from (one for one in looks_below(_HERE) if not one[0].endswith(".pyc"))
    for beside in (Path(sysconfig.get_path("purelib")), root / ".git/index"):
        with suppress(OSError):
            yield str(beside), look_of(beside.stat())
