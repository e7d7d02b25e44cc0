"""Which engine an office's folder is to use: the one that is named, or the one that runs."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def engine_of(named: str | None) -> str:
    """What pip installs; a file or folder by its whole path. A usage error for what is not there."""
    if named is None:
        return _running()
    if signs := sorted(set(named) & set("$`\"'\\\n")):
        raise click.UsageError(
            f"a Makefile cannot hold this engine's name: {' '.join(signs)} is in it"
        )
    if _ADDRESS.match(named):
        return named
    path = Path(named).expanduser().absolute()
    if path.is_file() and path.suffix != ".whl":
        raise click.UsageError(
            f"the engine is a wheel, a folder or an address, and no file like {named}"
        )
    if path.is_dir() and not (path / "pyproject.toml").is_file():
        raise click.UsageError(
            f"the folder {named} holds no engine: there is no pyproject.toml in it"
        )
    if not path.exists():
        raise click.UsageError(f"there is no engine at {named}")
    return str(path)


def _running() -> str:
    """Where this engine was installed from, as pip has written down (PEP 610)."""
    try:
        told = distribution("letter-engine").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    known = json.loads(told) if told else {}
    address = str(known.get("url", ""))
    if address.startswith("file://"):
        path = Path(unquote(urlsplit(address).path))
        if path.exists():
            return str(path)
        raise click.UsageError(
            f"this engine came from {path}, which is gone: say --engine PATH or URL"
        )
    if not address:
        raise click.UsageError("nobody knows where this engine came from: say --engine PATH or URL")
    part = f"#subdirectory={known['subdirectory']}" if "subdirectory" in known else ""
    if "vcs_info" in known:
        address = f"{known['vcs_info']['vcs']}+{address}@{known['vcs_info']['commit_id']}"
    return address + part
