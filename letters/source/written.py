"""Plain values written as YAML on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from letters.source.scalars import as_text, is_text

_PLAIN = re.compile(r"[A-Za-z][\w .()&/+'’-]*(?<! )")


def flow(value: Any) -> str:
    """A plain value as YAML on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{quoted_yaml(str(key))}: {flow(part)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    return quoted_yaml(value) if isinstance(value, str) else as_text(value)


def quoted_yaml(text: str) -> str:
    """A text as YAML, without quotes where it can do without."""
    plain = (
        _PLAIN.fullmatch(text) and is_text(text) and text.isascii() and text.lower() not in _TAKEN
    )
    return text if plain else json.dumps(text, ensure_ascii=False)


#: what other readers of YAML take for true, false or nothing
_TAKEN = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
