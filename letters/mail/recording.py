"""A correction, as it is recorded: `data/YEAR/corrections.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from letters.batch.draft import Drafts
from letters.campaign.corrections import (
    Correction,
    Replacement,
    Severity,
    corrections_file,
    last_note,
    text_of,
)
from letters.campaign.load import Campaign
from letters.files import write_whole
from letters.mail.correcting import Kind, Reached
from letters.typesetting.pdf import Typesetter

_UNKNOWN = "0" * 64  #: the digest of a PDF that is not made yet


@dataclass(frozen=True, slots=True)
class Account:
    """What an office says of a mistake."""

    reason: str  #: what was wrong, as the corrected letters say it
    by: str  #: who found what is right
    cause: str = ""  #: how it came about
    severity: Severity | None = None  #: None for what follows from the reach
    also: tuple[str, ...] = ()  #: why more differs than values, as the letters say it


def recorded_before(campaign: Campaign, wrong: Sequence[Reached]) -> bool:
    """Whether all of it stands in the corrections already, and waits to be sent or is noted."""
    for one in wrong:
        corrected = campaign.corrected(one.slug)
        there = corrected.replacement if corrected else None
        there = (
            there
            if there and there.issue > one.sent.issue
            else last_note(campaign.corrections, one.slug)
        )
        if there is None or _without_digest(there) != _without_digest(_replacement(one)):
            return False
    return True


def record(
    drafts: Drafts, root: Path, wrong: Sequence[Reached], account: Account, today: date
) -> Correction:
    """Record a correction, and give it.

    It takes the place of what was recorded about these letters and has not been sent. Each new
    letter is typeset, for its digest. Raises LetterError, OSError.
    """
    campaign = drafts.campaign
    note = campaign.letter.correct_averages == "note"
    own = any(one.kind is Kind.OWN for one in wrong)
    noted = [one for one in wrong if note and one.kind is Kind.AVERAGE]
    sent = [one for one in wrong if one not in noted]
    kept = tuple(
        one
        for one in (_without(before, wrong) for before in campaign.corrections)
        if one.letters or one.noted
    )
    new = Correction(
        id=f"{campaign.year}-C{_next_number(kept)}",
        date=today,
        by=account.by,
        reason=account.reason,
        severity=account.severity or ("substantive" if own else "minor"),
        also=account.also if any(one.words for one in sent) else (),
        letters={one.slug: _replacement(one) for one in sent},
        noted={one.slug: _replacement(one) for one in noted},
        **({"cause": account.cause} if account.cause else {}),
    )
    new = _with_digests(root, campaign, kept, new)
    write_whole({root / corrections_file(campaign.year): text_of((*kept, new)).encode()})
    return new


def _with_digests(
    root: Path, campaign: Campaign, kept: tuple[Correction, ...], new: Correction
) -> Correction:
    """The same with the digest of each letter as it will be built."""
    drafts = Drafts(root, replace(campaign, corrections=(*kept, new)))
    typesetter = Typesetter(drafts.stationery)

    def made(slug: str, one: Replacement) -> Replacement:
        pdf = typesetter.pdf(drafts.draft(slug).manuscript)
        return one.model_copy(update={"sha256": sha256(pdf.content).hexdigest()})

    return new.model_copy(
        update={
            "letters": {slug: made(slug, one) for slug, one in new.letters.items()},
            "noted": {slug: made(slug, one) for slug, one in new.noted.items()},
        }
    )


def _without(one: Correction, wrong: Sequence[Reached]) -> Correction:
    """A correction without those of its letters that have not been sent and are corrected anew."""
    last = {reached.slug: reached.sent.issue for reached in wrong}
    letters = {
        slug: letter
        for slug, letter in one.letters.items()
        if slug not in last or letter.issue <= last[slug]
    }
    noted = {slug: letter for slug, letter in one.noted.items() if slug not in last}
    return one.model_copy(update={"letters": letters, "noted": noted})


def _next_number(corrections: Sequence[Correction]) -> int:
    numbers = [one.id.rpartition("-C")[2] for one in corrections]
    return 1 + max((int(one) for one in numbers if one.isdecimal()), default=0)


def _replacement(one: Reached) -> Replacement:
    return Replacement(
        issue=one.sent.issue + 1,
        replaces=one.sent.letter,
        sha256=_UNKNOWN,
        old=one.old,
        new=one.new,
        printed=one.printed,
        words=one.words,
    )


def _without_digest(one: Replacement) -> Replacement:
    return one.model_copy(update={"sha256": _UNKNOWN})
