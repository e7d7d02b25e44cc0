"""What was imported, and where it came from: `data/YEAR/import.lock.yaml`.

It has no name of a person and no reference of a case: row numbers, addresses of cells, digests. What
was imported of contacts is kept apart, as digests below private/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from letters.campaign.mapping import AuthorityColumns, Values
from letters.campaign.reading import load_file, read_file
from letters.campaign.records import (
    AfterValidator,
    BeforeValidator,
    Digest,
    Field,
    Name,
    Record,
    Shape,
    Slug,
    Whole,
    as_tuple,
)
from letters.campaign.rules import Refused
from letters.errors import Problem
from letters.files import digest_of, exists
from letters.source.written import flow, quoted_yaml

LOCK_FILE = "import.lock.yaml"

Texts = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


_ROWS = re.compile(r"(?:[0-9]{1,6}(?:-[0-9]{1,6})?(?:, (?!$)|$))*")


def _row_numbers(text: str) -> str:
    if not _ROWS.fullmatch(text):
        raise Refused("not-row-numbers", "expected row numbers, such as 12, 77, 90-92", _AGAIN)
    return text


_AGAIN = "import again, which writes this file anew"
Rows = Annotated[str, AfterValidator(_row_numbers)]


class LockedCount(Record):
    """One count as it was imported; several places say that all of them agreed."""

    value: Whole = Field(description="The number.")
    cells: Texts = Field(
        default=(),
        description="By source the cell that it stood in, as file!sheet!cell, or their sum.",
    )
    rows: dict[str, Rows] = Field(
        default={}, description="By case list, the numbers of the rows that were counted."
    )


class LockedEnclosure(Record):
    """One file that was made for an authority."""

    list: str = Field(description="The case list that it was made from.")
    rows: Rows = Field(description="The numbers of the rows that are in it, in order.")
    sha256: Digest = Field(description="Of the file.")


class LockedAuthority(Record):
    """What was imported for one authority."""

    counts: dict[Name, LockedCount] = Field(default={}, description="By name.")
    enclosures: dict[str, LockedEnclosure] = Field(default={}, description="By file name.")


class LockedList(Record):
    """A case list, and how its rows were counted."""

    authority: AuthorityColumns = Field(description="The columns that said whose a row was.")
    columns: Texts = Field(default=(), description="The columns that went into enclosures.")
    counts: dict[Name, dict[str, Values]] = Field(
        default={}, description="By count, what had to stand in which column."
    )


class Lock(Record):
    """What was imported for a year (`import.lock.yaml`)."""

    workbooks: dict[str, Digest] = Field(
        default={}, description="SHA-256 of each workbook, by its name."
    )
    lists: dict[str, LockedList] = Field(
        default={}, description="The case lists, each as file!sheet."
    )
    authorities: dict[Slug, LockedAuthority] = Field(default={}, description="By slug.")


class LockedContact(Record):
    """One authority's contacts as they were imported."""

    row: str = Field(description="The row that they stood in, as file!sheet!cell.")
    sha256: Digest = Field(description="Of the entry.")


LOCK: Shape[Lock] = Shape(Lock, "What was imported, and where it came from.", Lock)
CONTACTS_LOCK: Shape[dict[str, LockedContact]] = Shape(
    dict[Slug, LockedContact],
    "Which contacts were imported.",
    LockedContact,
    by_authority=True,
    private=True,
    when_empty={},
)


def lock_file(year: str) -> str:
    """Where the lock of a year is, below the root folder."""
    return f"data/{year}/{LOCK_FILE}"


def contacts_lock_file(year: str) -> str:
    """Where it is written down which contacts were imported."""
    return f"private/{year}/contacts.lock.yaml"


def load_lock(root: Path, year: str) -> Lock:
    """The lock of a year, an empty one where nothing was imported. Raises CampaignError."""
    file = lock_file(year)
    return load_file(root, file, LOCK) if exists(root / file) else Lock()


def lock_now(root: Path, year: str) -> Lock:
    """The same as the file is now; it is understood once as long as it stays so."""
    return _understood(root, year, digest_of(root / lock_file(year)))


@lru_cache(maxsize=2)
def _understood(root: Path, year: str, digest: str) -> Lock:
    return load_lock(root, year)


def read_lock(root: Path, year: str) -> tuple[Lock | None, tuple[Problem, ...]]:
    """The lock of a year, an empty one where nothing was imported, or what is wrong with it."""
    file = lock_file(year)
    return read_file(root, file, LOCK) if exists(root / file) else (Lock(), ())


def load_contacts_lock(root: Path, year: str) -> Mapping[str, LockedContact]:
    """Which contacts were imported, by slug. Raises CampaignError."""
    file = contacts_lock_file(year)
    return load_file(root, file, CONTACTS_LOCK) if exists(root / file) else {}


def lock_text(lock: Lock) -> str:
    """The lock as its file has it, one count a line."""
    return "\n".join((*_lines(lock), ""))


def _lines(lock: Lock) -> Iterator[str]:
    yield "# yaml-language-server: $schema=../schema/import.lock.schema.json"
    yield "# Where each imported number comes from. `letters import` writes this file: do not change it by hand."
    yield "# A row number or an address is one of the workbook with this SHA-256."
    yield ""
    yield "workbooks:" if lock.workbooks else "workbooks: {}"
    for name, digest in sorted(lock.workbooks.items()):
        yield f"  {quoted_yaml(name)}: {digest}"
    yield "lists:" if lock.lists else "lists: {}"
    for name, one in sorted(lock.lists.items()):
        yield f"  {quoted_yaml(name)}:"
        yield f"    authority: {flow(one.authority.model_dump(exclude_none=True))}"
        yield f"    columns: {flow(one.columns)}"
        yield "    counts:" if one.counts else "    counts: {}"
        yield from (f"      {count}: {flow(wanted)}" for count, wanted in one.counts.items())
    yield "authorities:" if lock.authorities else "authorities: {}"
    for slug, authority in sorted(lock.authorities.items()):
        yield f"  {slug}:"
        yield "    counts:" if authority.counts else "    counts: {}"
        for count, locked in authority.counts.items():
            parts: dict[str, Any] = {"value": locked.value}
            parts |= {"cells": locked.cells} if locked.cells else {}
            parts |= {"rows": locked.rows} if locked.rows else {}
            yield f"      {count}: {flow(parts)}"
        yield from ("    enclosures:",) if authority.enclosures else ()
        for name, enclosure in sorted(authority.enclosures.items()):
            yield f"      {quoted_yaml(name)}: {flow(enclosure.model_dump())}"


def contacts_lock_text(locked: Mapping[str, LockedContact]) -> str:
    """The digests of imported contacts as their file has them."""
    head = "# Which contacts `letters import` wrote, by which it knows those that were changed by hand."
    lines = (f"{slug}: {flow(one.model_dump())}" for slug, one in sorted(locked.items()))
    return "\n".join((head, *lines, ""))


def digest_of_entry(entry: Any) -> str:
    """SHA-256 of a plain value, whatever the order of its keys."""
    return sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()
