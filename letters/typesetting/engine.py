"""What turns words into pages, by version: another engine may make other letters."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from letters.version import __version__

_LIBRARIES = ("WeasyPrint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "cssselect2", "Pyphen")
#: The system's libraries that set text: their files on Linux and macOS, what tells their version.
_SYSTEM = {
    "Pango": (
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
        "pango_version_string",
    ),
    "HarfBuzz": (
        ("libharfbuzz.so.0", "libharfbuzz.dylib", "libharfbuzz-0.dll"),
        "hb_version_string",
    ),
}


@cache
def engine_versions() -> Mapping[str, str]:
    """The versions of our own code (by digest), the libraries and the system's; "" for missing.

    Quick: nothing of them is imported.
    """
    code = sorted(
        path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".conf")
    )
    digest = sha256(b"".join(sha256(path.read_bytes()).digest() for path in code)).hexdigest()
    return {
        "letters": f"{__version__}+{digest[:12]}",
        **{name: _version(name) for name in _LIBRARIES},
        **{name: _system_version(*where) for name, where in _SYSTEM.items()},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _system_version(files: tuple[str, ...], function: str) -> str:
    for file in files:
        with suppress(OSError, AttributeError):
            tell = getattr(ctypes.CDLL(file), function)
            tell.restype = ctypes.c_char_p
            return str(tell().decode())
    return ""
