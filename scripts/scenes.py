"""Folders in a state worth showing: what the pictures of the documentation show.

Most are of the specimen year: what it says of councils and people is invented, and each page of its letters says so.
Nothing in the project's own folder is changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from letters.campaign.load import load
from letters.campaign.records import Approval, Contacts
from letters.mail.approvals import load_approvals
from letters.mail.attempts import Attempt, Fate, State, Word, digest_of_address
from letters.mail.ledger import Ledger
from tests import whole_office
from tests.doing import edit
from tests.second_year import begin_2021, project_of_2020, write_2021

ROOT = Path(__file__).resolve().parent.parent
YEAR = "specimen"
ADA = "Ada Lovelace"

#: when she approved, and when messages went out: pictures made on another day are the same
_APPROVED, _SENT = "2020-03-31 16:20:00", datetime(2020, 4, 1, 7, 30, tzinfo=UTC)
_NOT_YET = 24  #: letters that nobody has approved
_SENT_FIRST = 180  #: letters of the others that have been handed over

_STATISTICS, _CONTACTS = f"data/{YEAR}/statistics.yaml", f"data/{YEAR}/contacts.yaml"
_WORDS = "templates/2020/letter.html.jinja"


def environment() -> dict[str, str]:
    """Where this project's engine is typed as `letters`, whichever folder is the current one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETTERS_")}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT)}


def typed(*words: str) -> list[str]:
    """A command of ours, to be run in a scene."""
    return [sys.executable, "-m", "letters", *words]


def make_scenes(folder: Path) -> Mapping[str, Path]:
    """All scenes, each a folder below this one, by name."""
    built = folder / "built"
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, built / name, ignore=shutil.ignore_patterns("approvals.yaml"))
    kept = ROOT / "build" / YEAR
    if kept.is_dir():  # what is up to date in it is not made again
        shutil.copytree(kept, built / "build" / YEAR)
    _run(built, "build", YEAR)
    scenes = {"sending": _sending, "changed": _changed, "mistaken": _mistaken}
    for name, change in scenes.items():
        change(Path(shutil.copytree(built, folder / name)))
    others = {"begun": _begun, "imported": _imported}
    for name, make in others.items():
        (folder / name / "data").mkdir(parents=True)
        make(folder / name)
    return {name: folder / name for name in (*scenes, *others)}


def _sending(root: Path) -> None:
    """Half of the letters are sent, some were refused or came back, and some wait for a word."""
    slugs = [path.stem for path in sorted((root / f"build/{YEAR}/letters").glob("*.pdf"))]
    waiting = {*slugs[:: len(slugs) // _NOT_YET][:_NOT_YET], "trafford-council"}
    _approve(root, *(slug for slug in slugs if slug not in waiting))
    approvals = load_approvals(root, YEAR)
    by_mail = [slug for slug, one in load(root, YEAR).contacts.items() if _has_address(one)]
    by_mail = [slug for slug in by_mail if slug in approvals]
    fates = {by_mail[9]: State.REFUSED, by_mail[40]: State.UNKNOWN}
    for number, slug in enumerate(by_mail[:_SENT_FIRST]):
        attempt = _send(root, approvals[slug][-1], slug, fates.get(slug, State.ACCEPTED))
        if number in (22, 101):
            _come_back(root, attempt)
    for slug in (by_mail[-4], by_mail[-30]):  # somebody else is chief executive since
        _edit_line(root / _CONTACTS, slug, r"surname: [^,]*", "surname: Byron-Marsh", below=1)
    _edit_line(root / _CONTACTS, by_mail[-12], r", email: [^,}]*", "", below=1)
    _run(root, "build", YEAR)


def _changed(root: Path) -> None:
    """Ada approved all letters; since then words of all of them, some figures and a paragraph changed."""
    _approve(root, "--all")
    edit(root / _WORDS, "courses, training more than", "courses, and trained more than")
    edit(
        root / _WORDS,
        "your authority with similar types",
        "your authority with those of similar types",
    )
    _edit_line(root / _STATISTICS, "oxford-city-council", r"(upheld: +)\d+", r"\g<1>7")
    paragraph = root / f"data/{YEAR}/paragraphs/bolton-metropolitan-borough-council.md"
    text = paragraph.read_text(encoding="utf-8").rstrip()
    paragraph.write_text(f"{text} I am grateful for that.\n", encoding="utf-8")


def _mistaken(root: Path) -> None:
    """Two slips of the pen in the figures."""
    _edit_line(root / _STATISTICS, "oxford-city-council", r"upheld: +\d+", "upheld: 6%")
    _edit_line(root / _STATISTICS, "ipswich-borough-council", r"(upheld: +)\d+", r"\g<1>80")


def _begun(root: Path) -> None:
    """A new year whose words are written, and whose figures are still those of the year before."""
    begin_2021(project_of_2020(root))
    write_2021(root)
    shutil.copy(root / "data/2020/statistics.yaml", root / "data/2021")


def _imported(root: Path) -> None:
    """A year whose figures came out of workbooks."""
    whole_office.whole_office(root)
    whole_office.says(root, whole_office.FIGURES, whole_office.CASES, whole_office.CONTACTS)
    _run(root, "import", "2021", "--write", *whole_office.ACCEPTED)


def _approve(root: Path, *which: str) -> None:
    """As Ada does, at a moment that stays the same."""
    _run(root, "approve", YEAR, *which, "--by", ADA)
    path = root / f"data/{YEAR}/approvals.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'at: "[^"]*"', f'at: "{_APPROVED}"', text), encoding="utf-8")


def _send(root: Path, approval: Approval, slug: str, state: State) -> Attempt:
    """Enter in the books that a letter was handed over as it was approved; nothing goes out."""
    ledger = Ledger(root / f"records/{YEAR}/ledger.sqlite3")
    said = {
        State.ACCEPTED: "250 2.0.0 Ok: queued",
        State.REFUSED: "550 5.1.1 no such mailbox",
        State.UNKNOWN: "the connection was lost before the server answered",
    }
    try:
        message = f"<{slug}@ombudsman.example>"
        claim = ledger.claim(slug, 1, approval.sha256, approval.envelope, message, _SENT)
        ledger.hand_over(claim, _SENT)
        ledger.settle(claim, state, said[state], _SENT)
        return ledger.attempts()[-1]
    finally:
        ledger.close()


def _come_back(root: Path, sent: Attempt) -> None:
    """Enter that a message came back from the chief executive."""
    ledger = Ledger(root / f"records/{YEAR}/ledger.sqlite3")
    digest = digest_of_address("chief.executive@council.example")
    try:
        ledger.hear(
            [Word(sent.id, 0, "Chief Executive", digest, Fate.FAILED, "550", "2020-04-02", ADA)]
        )
    finally:
        ledger.close()


def _has_address(contacts: Contacts) -> bool:
    return bool(contacts.chief_executive and contacts.chief_executive.email)


def _edit_line(path: Path, slug: str, pattern: str, new: str, below: int = 0) -> None:
    """Change something in the line of an authority, or so many below it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{slug}:")) + below
    changed = re.sub(pattern, new, lines[at])
    assert changed != lines[at], f"{path.name}: {slug} has no {pattern}"
    lines[at] = changed
    path.write_text("\n".join(lines), encoding="utf-8")


def _run(root: Path, *words: str) -> None:
    """A command that ends well."""
    command = typed(*words)
    done = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"letters {words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
