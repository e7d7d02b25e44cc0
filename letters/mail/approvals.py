"""Who approved which letter, and what changed since: an approval is for one PDF and envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path

from letters.campaign.reading import load_file, read_what_is_sound
from letters.campaign.records import APPROVALS, Approval, Approvals
from letters.errors import MailError
from letters.files import exists, write_whole
from letters.mail.look_alikes import alike, different
from letters.mail.stages import Standing
from letters.typesetting.formats import day
from letters.wording import series, universal_time

_NAMED = 3  #: people who approved, by name; of more the first ones
_HEADING = """\
# yaml-language-server: $schema=../schema/approvals.schema.json
# Who approved which letter; `letters approve` writes it. An approval is for one PDF and one \
envelope: once either
# changes it counts for nothing. Of each letter the last ones count, if they are for the same; those before stay to tell
# who approved what was sent.

"""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is approved: one PDF, known by its hash, and one envelope."""

    slug: str
    sha256: str
    envelope: str


def standing(seal: Seal, approvals: Approvals, needed: int) -> Standing:
    """How a letter stands; approvals of one person count once."""
    given = approvals.get(seal.slug, ())
    people = different(one.by for one in _for(seal, given))
    if people >= needed:
        return Standing.APPROVED
    if people:
        return Standing.PARTLY
    return Standing.CHANGED if given else Standing.NEW


def approved(seals: Sequence[Seal], approvals: Approvals, by: str, now: datetime) -> Approvals:
    """The approvals with a person's for some letters; those of what these were before are kept.

    What the person approved as it is stays as it was approved.
    """
    at = universal_time(now)
    changed = dict(approvals)
    for seal in seals:
        if not approved_by(seal, approvals, by):
            new = Approval(sha256=seal.sha256, envelope=seal.envelope, by=by, at=at)
            changed[seal.slug] = (*approvals.get(seal.slug, ()), new)
    return changed


def approved_by(seal: Seal, approvals: Approvals, by: str) -> str:
    """The name by which a person approved a letter as it is, or one that looks alike; "" for none."""
    given = _for(seal, approvals.get(seal.slug, ()))
    return next((one.by for one in given if alike(one.by, by)), "")


def _for(seal: Seal, given: Sequence[Approval]) -> tuple[Approval, ...]:
    """The approvals that count for a letter: the last ones, with none for another one after them."""
    return tuple(takewhile(lambda one: is_for(one, seal), reversed(given)))[::-1]


def is_for(one: Approval, seal: Seal) -> bool:
    """Whether an approval is for just this PDF and envelope."""
    return (one.sha256, one.envelope) == (seal.sha256, seal.envelope)


def approved_by_whom(approvals: Approvals) -> str:
    """Who approved letters, and when somebody last did, as a sentence; "" where nobody has."""
    given = [one for own in approvals.values() for one in own]
    if not given:
        return ""
    people = list(dict.fromkeys(one.by for one in given))
    last = date.fromisoformat(max(one.at for one in given).partition(" ")[0])
    return f"Approved by {series(people, most=_NAMED)}, last on {day(last)}."


def approvals_file(year: str) -> str:
    """Where a year's approvals stand, below the root folder."""
    return f"data/{year}/approvals.yaml"


def load_approvals(root: Path, year: str) -> Approvals:
    """A year's approvals, none without a file. Raises CampaignError with all its problems."""
    file = approvals_file(year)
    return load_file(root, file, APPROVALS) if exists(root / file) else {}


def own_approvals(root: Path, year: str, slug: str) -> tuple[Approval, ...]:
    """One letter's approvals as the file is now, whatever is wrong with those of others.

    Raises MailError when the file is gone or nothing can be read of it.
    """
    file, so = approvals_file(year), "nothing was sent of it, and the run stops"
    if not exists(root / file):
        raise MailError(f"{slug}: its approval was withdrawn; {so}: {file} is gone")
    given = read_what_is_sound(root, file, APPROVALS)
    if given is None:
        raise MailError(f"{slug}: nobody can tell whether it is approved; {so}: mend {file}")
    return given.get(slug, ())


def write_approvals(root: Path, year: str, approvals: Approvals) -> None:
    """Write a year's approvals, by slug, whole or not at all. Raises OSError."""
    lines = [_HEADING]
    for slug in sorted(approvals):
        lines.append(f"{slug}:\n")
        for one in approvals[slug]:
            quoted = one.by.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'  - {{by: "{quoted}", at: "{one.at}", sha256: "{one.sha256}",\n')
            lines.append(f'     envelope: "{one.envelope}"}}\n')
    write_whole({root / approvals_file(year): "".join(lines).encode()})
