"""What an import would change, beside what is there; what a person changed since is left alone.

A number, a contact or an enclosure that is not as it was imported was changed by hand. It stays,
unless its authority is named to be overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from letters.campaign.lock import Lock, LockedAuthority, LockedList, lock_file, lock_text
from letters.campaign.mapping import IMPORT, IMPORT_FILE
from letters.files import exists, remove_parts, write_whole
from letters.intake.changed_contacts import ChangedContacts
from letters.intake.changed_enclosures import ChangedEnclosures
from letters.intake.changed_figures import Change, ChangedFigures
from letters.intake.edited import ByHand, if_other, not_by_lines
from letters.intake.sources import Intake
from letters.source.edits import with_values
from letters.source.places import KeyPath
from letters.source.reader import parse
from letters.source.text import read_text
from letters.source.written import quoted_yaml


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import changes, and the files as they would be then."""

    #: by slug and count: those that get their first figures
    new: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    changed: tuple[Change, ...] = ()  #: the biggest first
    #: those that are in no workbook any more, with what goes
    gone: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()  #: slugs whose contacts are new or changed
    contacts_gone: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()  #: whose, one for each file to be written
    enclosures_gone: tuple[str, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    files: Mapping[Path, bytes] = field(default_factory=dict)  #: to be written
    private: Mapping[Path, bytes] = field(default_factory=dict)  #: to be kept from others
    removed: tuple[Path, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether all files are already as they would be."""
        return not (self.files or self.private or self.removed)


def changes(root: Path, intake: Intake, overwrite: Collection[str] = ()) -> Changes:
    """What would change. Raises CampaignError when a file that is there cannot be edited."""
    figures = ChangedFigures(root, intake, overwrite)
    contacts = ChangedContacts(root, intake, overwrite)
    enclosures = ChangedEnclosures(root, intake, overwrite)
    lock = _lock(intake, figures, enclosures)
    files = {
        **figures.files,
        **_mapping(root, intake),
        **if_other(root / lock_file(intake.year), lock_text(lock) if lock != Lock() else ""),
    }
    return Changes(
        new=figures.new,
        changed=tuple(sorted(figures.changed, key=lambda one: one.size, reverse=True)),
        gone=figures.gone,
        contacts=tuple(contacts.changed),
        contacts_gone=tuple(contacts.gone),
        enclosures=tuple(path.parent.name for path in enclosures.files),
        enclosures_gone=tuple(path.parent.name for path in enclosures.removed),
        by_hand=(*figures.by_hand, *contacts.by_hand, *enclosures.by_hand),
        files=files,
        private={**enclosures.files, **contacts.files},
        removed=(*enclosures.removed, *contacts.removed),
    )


def write(changed: Changes) -> None:
    """Write and remove what is to be changed: what is private first, and the lock last of all.

    Whenever it is interrupted, importing once more completes it: what the lock does not say yet is
    as it would be, or is done again. Raises OSError.
    """
    for folder in {path.parent for path in (*changed.private, *changed.files)}:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_parts(folder)  # of an import that was killed
    write_whole(changed.private, private=True)
    for path in changed.removed:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # of a folder that has more in it
            path.parent.rmdir()
    write_whole(changed.files)


def _lock(intake: Intake, figures: ChangedFigures, enclosures: ChangedEnclosures) -> Lock:
    """What was imported, as it is to be written down; as it was, when only contacts were read."""
    before = intake.lock
    used = {one.file for one in (*intake.mapping.figures, *intake.mapping.cases)}
    if not used:
        return before
    workbooks = {**before.workbooks, **intake.workbooks}
    lists = {
        one.name: LockedList(
            authority=one.source.authority,
            columns=one.source.enclosure.columns if one.source.enclosure else (),
            counts=one.source.counts,
        )
        for one in intake.lists
        if one.table
    }
    unread = used - intake.workbooks.keys()
    kept = {name: one for name, one in before.lists.items() if name.partition("!")[0] in unread}
    slugs = sorted({*intake.counts, *enclosures.locked, *(one.slug for one in figures.by_hand)})
    authorities = {
        slug: LockedAuthority(
            counts=dict(figures.locked(slug)), enclosures=enclosures.locked.get(slug, {})
        )
        for slug in slugs
    }
    return Lock(
        workbooks={name: digest for name, digest in workbooks.items() if name in used},
        lists=kept | lists,
        authorities={
            slug: one for slug, one in authorities.items() if one.counts or one.enclosures
        },
    )


def _mapping(root: Path, intake: Intake) -> dict[Path, bytes]:
    """`import.yaml` with what was proposed, or with another name of a workbook."""
    file = f"data/{intake.year}/{IMPORT_FILE}"
    path = root / file
    text = read_text(root, file) if exists(path) else _MAPPING_HEAD
    assert isinstance(text, str), "it was read before"
    there = parse(file, text).value or {}
    renamed = dict[KeyPath, str]()
    for kind in ("figures", "cases", "contacts"):
        for index, entry in enumerate(there.get(kind) or ()):
            name = getattr(intake.mapping, kind)[index].file
            if entry["file"] != name:
                renamed[kind, index, "file"] = quoted_yaml(name)
    edited = with_values(text, renamed)
    for proposal in intake.proposals:
        edited = _with_source(edited, proposal.which, proposal.text)
    if edited == text:
        return {}
    if IMPORT.read(parse(file, edited).value)[0] != intake.mapping:
        raise not_by_lines(file)
    return if_other(path, edited)


_MAPPING_HEAD = """\
# yaml-language-server: $schema=../schema/import.schema.json
# What is taken from where in the office's workbooks; they are looked for in private/, or named on the command line.

"""


def _with_source(text: str, kind: str, entry: str) -> str:
    """The text with one source more, at the end of those of its kind."""
    value = parse("", text).value or {}
    if kind not in value:
        return f"{text.rstrip()}\n\n{entry}" if value else f"{text}{entry}"
    lines = text.splitlines(keepends=True)
    there = list(value)
    after = there[there.index(kind) + 1 :]
    at = next(
        (number for number, line in enumerate(lines) if after and line.startswith(f"{after[0]}:")),
        len(lines),
    )
    while at and (lines[at - 1].startswith("#") or not lines[at - 1].strip()):
        at -= 1
    return "".join((*lines[:at], *entry.splitlines(keepends=True)[1:], *lines[at:]))
