"""Whether git keeps, or would keep, what is personal or confidential; the only caller of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from letters.campaign.folder import home_of
from letters.campaign.mapping import IMPORT, IMPORT_FILE
from letters.campaign.reading import read_what_is_sound
from letters.campaign.records import Contacts
from letters.campaign.rules import domain_of
from letters.errors import Place, Problem, Severity
from letters.files import exists
from letters.wording import numbered

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")  #: how their names end
_FOR_EXAMPLES = ("example", "test", "invalid", "example.com", "example.org", "example.net")
_PATIENCE = 10  #: seconds


def private_in_git(
    root: Path, year: str, contacts: Mapping[str, Contacts], imported: Collection[str]
) -> Iterator[Problem]:
    """A warning for real contacts, attachments and workbooks of a year that git keeps, or would.

    What `.gitignore` names is no matter; without git, or outside of a repository, nothing is. A
    workbook that was imported, or is to be, is looked for beside these folders, too. (RFC 2606: names for examples.)
    """
    file = f"data/{year}/{IMPORT_FILE}"
    mapping = read_what_is_sound(root, file, IMPORT) if exists(root / file) else None
    workbooks = {*imported, *(mapping.files if mapping else ())}
    folders = (f"data/{year}", "private")
    asked = (*folders, *(f":(glob){_escaped(name)}" for name in sorted(workbooks)))
    kept = _listed(root, ("--cached",), asked)
    would = _listed(root, ("--others", "--exclude-standard"), asked)
    for files, how in ((kept or (), "git keeps"), (would or (), "git would keep")):
        yield from _told(
            year, files, contacts, workbooks, how, home_of(root, year, "contacts.yaml")
        )


def _told(
    year: str,
    files: Sequence[str],
    contacts: Mapping[str, Contacts],
    workbooks: Collection[str],
    how: str,
    home: str,
) -> Iterator[Problem]:
    attachments = tuple(f"{folder}/{year}/attachments/" for folder in ("data", "private"))
    of_attachments = [one for one in files if one.startswith(attachments)]
    of_workbooks = [
        one
        for one in files
        if one not in of_attachments
        and (PurePosixPath(one).name in workbooks or one.lower().endswith(WORKBOOKS))
    ]
    real = home in files and any(_is_real(one) for one in contacts.values())
    groups = (
        ("contacts-in-git", [home] if real else [], "addresses of real people"),
        ("attachments-in-git", of_attachments, "what goes to one authority alone"),
        ("workbook-in-git", of_workbooks, "a workbook of the office"),
    )
    for code, found, what in groups:
        if found:
            more = f" (and {numbered(len(found) - 1, 'more file')})" if len(found) > 1 else ""
            sentence = f"this is {what}, and {how} it{more}"
            hint = f"move it to private/{year}/, and name private/ in .gitignore"
            if how == "git keeps":
                hint += "; git rm --cached takes it out, but for what was committed before"
            yield Problem(Place(found[0]), Severity.WARNING, code, sentence, hint)


def _is_real(contacts: Contacts) -> bool:
    executive = contacts.chief_executive
    emails = [executive.email] if executive and executive.email else []
    emails += [copy.email for copy in contacts.copies]
    return not all(
        f".{domain_of(one)}".endswith(tuple(f".{name}" for name in _FOR_EXAMPLES)) for one in emails
    )


def _escaped(name: str) -> str:
    return "".join(f"\\{one}" if one in "*?[]\\" else one for one in name)


def _listed(root: Path, which: Sequence[str], asked: Sequence[str]) -> Sequence[str] | None:
    """The files that git lists, below the root folder; None when git cannot be asked."""
    command = ("git", "-c", "core.fsmonitor=false", "ls-files", "-z", *which, "--", *asked)
    surroundings = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command, cwd=root, env=surroundings, capture_output=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [os.fsdecode(one) for one in done.stdout.split(b"\0") if one]
