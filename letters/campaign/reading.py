"""One campaign's files as read; what is faulty is left out, so that checks can use the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from letters.campaign import records
from letters.campaign.accepting import ACCEPTED_FILE, Accepted, accepted_of
from letters.campaign.corrections import CORRECTIONS, Correction, corrections_file
from letters.campaign.folder import NAMES, home_of, in_both, out_of_reach, unknown_names
from letters.campaign.paragraphs import paragraph_files, read_paragraphs
from letters.campaign.records import (
    Acceptance,
    Directory,
    Letter,
    LetterParts,
    PeerGroups,
    Register,
    Shape,
    Statistics,
)
from letters.campaign.validation import Fault, validate
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists, is_closed
from letters.source.places import KeyPath, Places
from letters.source.reader import DEEPEST, Source, read
from letters.wording import meant, nearest

GROUPS_FILE = "data/peer_groups.yaml"

_PROSE = (("facts",), ("accepted",), ("confirmed",))  # what may be long
_ONE_LINE = "write it on one line: names are printed as they stand"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a campaign; a source has the keys of its file, good or bad."""

    year: str
    in_authorities: Source
    in_groups: Source
    in_letter: Source
    in_statistics: Source
    in_contacts: Source
    whole_letter: Letter | None  #: None when anything in letter.yaml is faulty
    letter: LetterParts
    register: Register
    groups: PeerGroups
    statistics: Statistics
    awaited: tuple[str, ...]  #: slugs that stand in statistics.yaml without a figure
    contacts: Directory
    paragraphs: Mapping[str, str]  #: by the file's name without .md
    corrections: tuple[Correction, ...]  #: of letters that were sent; none where one is faulty
    templates: tuple[str, ...] | None  #: folders that a campaign may name; None: may not be read
    accepted: tuple[Accepted, ...]  #: of letter.yaml and, for the register, of accepted.yaml
    problems: tuple[Problem, ...]  #: of each file by itself


def read_campaign(root: Path, year: str) -> Reading:
    """Every file of the campaign; whatever is wrong with one of them does not hide the others."""
    folder = f"data/{year}"
    authorities = _read(
        _required(root, "data/authorities.yaml", records.REGISTER), records.REGISTER
    )
    groups = _read(_optional(root, GROUPS_FILE, records.PEER_GROUPS), records.PEER_GROUPS)
    letter = _read(_required(root, f"{folder}/letter.yaml", records.LETTER), records.LETTER)
    in_statistics, awaited = _without_awaited(
        _required(root, f"{folder}/statistics.yaml", records.STATISTICS)
    )
    statistics = _read(in_statistics, records.STATISTICS)
    contacts = _read(_contacts(root, home_of(root, year, "contacts.yaml")), records.CONTACTS)
    kept = _read(_accepted(root), records.ACCEPTED)
    paragraphs, problems = read_paragraphs(root, f"{folder}/paragraphs")
    corrected = _read(_optional(root, corrections_file(year), CORRECTIONS), CORRECTIONS)
    files = (authorities, groups, letter, statistics, contacts, kept, corrected)
    parts = _readable(records.PARTS, letter.source.value) or LetterParts()
    return Reading(
        year=year,
        in_authorities=authorities.source,
        in_groups=groups.source,
        in_letter=letter.source,
        in_statistics=statistics.source,
        in_contacts=contacts.source,
        whole_letter=letter.record,
        letter=parts,
        register=authorities.readable or {},
        groups=groups.readable or {},
        statistics=statistics.readable or {},
        awaited=awaited,
        contacts=contacts.readable or {},
        paragraphs=paragraphs,
        corrections=corrected.record or (),
        templates=_template_folders(root),
        accepted=(
            *_with_places(parts.accepted, letter.source),
            *_with_places(kept.record.accepted if kept.record else (), kept.source),
        ),
        problems=(
            *(problem for one in files for problem in one.problems),
            *problems,
            *in_both(root, year),
            *out_of_reach(root, year),
            *unknown_names(root, year),
        ),
    )


def data_files(root: Path, year: str) -> tuple[str, ...]:
    """The names of the files that make a campaign's letters, below `root`, there or not.

    Of paragraphs those that are there. Approvals are none of them, nor what the office accepts.
    """
    folder = f"data/{year}"
    return (
        "data/authorities.yaml",
        GROUPS_FILE,
        f"{folder}/letter.yaml",
        f"{folder}/statistics.yaml",
        home_of(root, year, "contacts.yaml"),
        corrections_file(year),
        *paragraph_files(root, f"{folder}/paragraphs"),
    )


@dataclass(frozen=True, slots=True)
class _File(Generic[T]):
    source: Source
    shape: Shape[T]
    record: T | None  #: None when anything in the file is faulty
    problems: tuple[Problem, ...]

    @property
    def readable(self) -> T | None:
        """The record, or that of what is right in the file; None when there is none."""
        return self.record or _readable(self.shape, self.source.value)


def _read(source: Source, shape: Shape[T]) -> _File[T]:
    """The file's record and problems; a place is complained about once."""
    if [one.code for one in source.problems] == ["empty-file"] and shape.when_empty is not None:
        source = replace(source, value=shape.when_empty, problems=())
    if source.value is None:
        return _File(source, shape, None, source.problems)
    validated = validate(shape, source.value)
    taken = {problem.place for problem in source.problems}
    faults = (
        source.error(fault.code, fault.path, fault.sentence, fault.hint, fault.at)
        for fault in validated.faults
    )
    folded = (
        source.error("text-over-lines", path, "this text goes over several lines", _ONE_LINE)
        for path in source.over_lines
        if path and path[:1] not in _PROSE and path[-1] != "undefined"
    )
    found = list[Problem]()
    for problem in (*folded, *faults):
        if problem.place not in taken:
            taken |= {problem.place} if problem.code == "text-over-lines" else set()
            found.append(problem)
    problems = (*source.problems, *found)
    return _File(source, shape, validated.record, problems)


def read_file(root: Path, file: str, shape: Shape[T]) -> tuple[T | None, tuple[Problem, ...]]:
    """One file by itself: its record, None when anything is faulty, and its problems in order."""
    read_one = _read(_required(root, file, shape), shape)
    return read_one.record, tuple(sorted(read_one.problems, key=lambda problem: problem.place))


def read_source(
    root: Path, file: str, shape: Shape[T]
) -> tuple[T | None, Source, tuple[Problem, ...]]:
    """One file by itself: what is right of it, None for nothing, as it was read, its problems."""
    read_one = _read(_required(root, file, shape), shape)
    problems = tuple(sorted(read_one.problems, key=lambda problem: problem.place))
    return read_one.readable, read_one.source, problems


def read_what_is_sound(root: Path, file: str, shape: Shape[T]) -> T | None:
    """What is right of one file by itself, None when there is none or nothing can be read."""
    return _read(_required(root, file, shape), shape).readable


def load_file(root: Path, file: str, shape: Shape[T]) -> T:
    """The record of one file by itself. Raises CampaignError with every problem of the file."""
    record, problems = read_file(root, file, shape)
    if record is None or problems:
        raise CampaignError(problems)
    return record


def _required(root: Path, file: str, shape: Shape[Any]) -> Source:
    if exists(root / file):
        return read(root, file, shape.by_authority, shape.private)
    return _missing(root, file, Severity.ERROR, "and a campaign needs it")


def _optional(root: Path, file: str, shape: Shape[Any]) -> Source:
    return _required(root, file, shape) if exists(root / file) else Source(Places(file))


def _contacts(root: Path, file: str) -> Source:
    if exists(root / file) or (root / file).is_symlink():
        return read(root, file, by_authority=True, private=True)
    so = "so every letter will be addressed to the Chief Executive"
    return _missing(root, file, Severity.WARNING, so)


def _accepted(root: Path) -> Source:
    """What is accepted of the register; a list alone will do. The file may be missing."""
    if not exists(root / ACCEPTED_FILE):
        return Source(Places(ACCEPTED_FILE))
    source = read(root, ACCEPTED_FILE)
    if not isinstance(source.value, list):
        return source
    keys, values = (
        {("accepted", *path): mark for path, mark in marks.items()}
        for marks in (source.places.keys, source.places.values)
    )
    return replace(
        source, places=Places(ACCEPTED_FILE, keys, values), value={"accepted": source.value}
    )


def _with_places(entries: Sequence[Acceptance], source: Source) -> tuple[Accepted, ...]:
    places = [source.places.value("accepted", index) for index in range(len(entries))]
    return accepted_of(entries, places)


def _missing(root: Path, file: str, severity: Severity, so: str) -> Source:
    """A source without a value; a hint names the file beside it that has nearly its name."""
    sentence, hint = f"there is no such file, {so}", meant(misnamed(root, file))
    problem = Problem(Place(file), severity, "no-such-file", sentence, hint)
    return Source(Places(file), problems=(problem,))


def _without_awaited(source: Source) -> tuple[Source, tuple[str, ...]]:
    """Statistics without the authorities that have a line and no figure yet, and their slugs."""
    if not isinstance(source.value, dict):
        return source, ()
    awaited = tuple(slug for slug, entry in source.value.items() if not _given(entry))
    given = {slug: entry for slug, entry in source.value.items() if slug not in set(awaited)}
    return replace(source, value=given) if awaited else source, awaited


def _given(entry: Any) -> bool:
    if isinstance(entry, dict):
        return any(value is not None for value in entry.values())
    return entry is not None


def misnamed(root: Path, file: str) -> str:
    """The name beside the file's that is nearly the same and none of ours, "" for none."""
    path, known = root / file, (*NAMES, "authorities.yaml", "office.yaml")
    try:
        others = sorted(other.name for other in path.parent.iterdir() if other.name not in known)
        return nearest(path.name, tuple(others))
    except OSError:
        return ""


def _readable(shape: Shape[T], value: Any) -> T | None:
    """The record of what is right in the value; None when there is no value."""
    for _ in range(DEEPEST if value is not None else 0):
        validated = validate(shape, value)
        if validated.record is not None:
            return validated.record
        value = _without(value, {_entry(value, fault) for fault in validated.faults})
    return None


def _entry(value: Any, fault: Fault) -> KeyPath:
    """The path of the entry to leave out: a list as a whole, a parent for its missing key."""
    # half a measure would mislead the checks
    path = fault.path[:2] if fault.path[:1] == ("measures",) else fault.path
    for depth, part in enumerate(path):
        if not isinstance(value, dict) or part not in value:
            return path[:depth]
        value = value[part]
    return path


def _without(value: Any, entries: set[KeyPath], here: KeyPath = ()) -> Any:
    if here in entries:  # only the top comes here so: the rest is left out below
        return {}
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if (*here, key) not in entries}
    return {key: _without(item, entries, (*here, key)) for key, item in kept.items()}


def _template_folders(root: Path) -> tuple[str, ...] | None:
    """The folders under templates/ that hold a year's words; `base` is what they share."""
    if is_closed(root / "templates"):
        return None
    try:
        folders = [path.name for path in (root / "templates").iterdir() if path.is_dir()]
    except OSError:
        return ()
    return tuple(sorted(name for name in folders if name != "base" and not name.startswith(".")))
