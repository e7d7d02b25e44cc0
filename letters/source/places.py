"""Where the keys and values of one file stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from letters.errors import Place

KeyPath: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]  #: line and column, from 1


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys and values of one file stand; a `Place` is made when it is asked for."""

    file: str
    keys: Mapping[KeyPath, Position] = field(default_factory=dict)
    values: Mapping[KeyPath, Position] = field(default_factory=dict)

    def key(self, *path: str | int) -> Place:
        """The place of the path's last key; of its nearest parent's when the file lacks it."""
        mark = self.keys.get(path) or self.values.get(path)
        return Place(self.file, *mark) if mark else self._parent(path)

    def value(self, *path: str | int) -> Place:
        """The place of the path's value; of its nearest parent's key when the file lacks it."""
        mark = self.values.get(path)
        return Place(self.file, *mark) if mark else self._parent(path)

    def _parent(self, path: KeyPath) -> Place:
        return self.key(*path[:-1]) if len(path) > 1 else Place(self.file)


def dotted(path: KeyPath) -> str:
    """The path as people read it: `camden.copies.1.email`; the entries of a list count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def leaves(
    value: Any, path: KeyPath = (), into_lists: bool = True
) -> Iterator[tuple[KeyPath, Any]]:
    """The single values in a value, each with its path; a list is one of them unless asked into."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, (*path, key), into_lists)
    elif into_lists and isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index), into_lists)
    else:
        yield path, value
