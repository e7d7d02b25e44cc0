"""Files that come with the engine: inside the package when it was installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_HOME = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent


def packaged(name: str) -> Path:
    """Where a file or folder is, by its name in the engine's checkout: `templates/base`."""
    return _HOME / name
