"""A correction, as it is recorded: `data/YEAR/corrections.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    text_of,
)
from letters.campaign.load import Campaign
from letters.files import write_whole
from letters.mail.correcting import Kind, Reach, Reached
from letters.typesetting.pdf import Typesetter

_UNKNOWN = "0" * 64  #: the digest of a PDF that is not made yet

Letters = Mapping[str, Replacement]  #: by slug


@dataclass(frozen=True, slots=True)
class Account:
    """What an office says of a mistake."""

    reason: str  #: what was wrong, as the corrected letters say it
    by: str  #: who found what is right
    cause: str = ""  #: how it came about
    severity: Severity | None = None  #: None for what follows from the reach
    also: tuple[str, ...] = ()  #: why more differs than values, as the letters say it


def recorded(
    campaign: Campaign, reach: Reach, account: Account, today: date
) -> tuple[Correction, ...]:
    """The corrections of a year, with all that is wrong in letters that were sent.

    What was sent stays as it was. What waits to be sent, and is wrong as it stands there, stays
    too; it takes a new account and date where nothing else is new. What is wrong otherwise than it
    stands there is a correction of its own, and what is wrong no more is taken out. The digest of
    a letter that is new is not known yet.
    """
    note = campaign.letter.correct_averages == "note"
    wrong = {one.slug: one for one in reach.wrong}
    noted = {slug for slug, one in wrong.items() if note and one.of_average}
    kept = tuple(
        one.model_copy(
            update={
                "letters": _standing(one.letters, reach, wrong.keys() - noted),
                "noted": _standing(one.noted, reach, noted),
            }
        )
        for one in campaign.corrections
    )
    kept = tuple(one for one in kept if one.letters or one.noted)
    there = {slug for one in kept for slug in _waiting(one, reach)}
    fresh = [one for slug, one in wrong.items() if slug not in there]
    if not fresh:
        return tuple(
            _told_anew(one, account, today) if len(_waiting(one, reach)) == _size(one) else one
            for one in kept
        )
    own = any(one.kind is Kind.OWN for one in fresh)
    new = Correction(
        id=f"{campaign.year}-C{_next_number(kept)}",
        date=today,
        by=account.by,
        reason=account.reason,
        severity=account.severity or ("substantive" if own else "minor"),
        also=account.also if any(one.elsewhere for one in fresh) else (),
        letters={one.slug: replacement(one) for one in fresh if one.slug not in noted},
        noted={one.slug: replacement(one) for one in fresh if one.slug in noted},
        **({"cause": account.cause} if account.cause else {}),
    )
    return (*kept, new)


def waiting(corrections: Sequence[Correction], reach: Reach) -> Mapping[str, tuple[int, int]]:
    """How many letters each correction has to be sent again, and noted, that were not sent since."""
    found = {}
    for one in corrections:
        open_ = _waiting(one, reach)
        again = sum(slug in one.letters for slug in open_)
        if open_:
            found[one.id] = (again, len(open_) - again)
    return found


def with_digests(
    drafts: Drafts, root: Path, corrections: tuple[Correction, ...], reach: Reach
) -> tuple[Correction, ...]:
    """The same with the digest of each letter that waits as it will be built. Raises LetterError."""
    anew = Drafts(root, replace(drafts.campaign, corrections=corrections))
    typesetter = Typesetter(anew.stationery)

    def made(letters: Mapping[str, Replacement], open_: Collection[str]) -> Letters:
        return {
            slug: one.model_copy(update={"sha256": _digest(anew, typesetter, slug)})
            if slug in open_
            else one
            for slug, one in letters.items()
        }

    return tuple(
        one.model_copy(
            update={
                "letters": made(one.letters, _waiting(one, reach)),
                "noted": made(one.noted, _waiting(one, reach)),
            }
        )
        for one in corrections
    )


def record(root: Path, year: str, corrections: Sequence[Correction]) -> None:
    """Write a year's corrections; without any there is no file. Raises OSError."""
    path = root / corrections_file(year)
    if corrections:
        write_whole({path: text_of(corrections).encode()})
    else:
        path.unlink(missing_ok=True)


def replacement(one: Reached) -> Replacement:
    """A letter that is wrong, as it is recorded before its digest is known."""
    return Replacement(
        issue=one.sent.issue + 1,
        dated=one.dated,
        replaces=one.sent.letter,
        sha256=_UNKNOWN,
        old=one.old,
        new=one.new,
        printed=one.printed,
        words=one.words,
        elsewhere=one.elsewhere,
    )


def _digest(drafts: Drafts, typesetter: Typesetter, slug: str) -> str:
    return sha256(typesetter.pdf(drafts.draft(slug).manuscript).content).hexdigest()


def _standing(letters: Letters, reach: Reach, wanted: Collection[str]) -> Letters:
    """Those of a correction's letters that stay: sent since, or wrong as they stand there."""
    wrong = {one.slug: replacement(one) for one in reach.wrong if one.slug in wanted}
    return {
        slug: one
        for slug, one in letters.items()
        if not _is_open(slug, one, reach)
        or one.model_copy(update={"sha256": _UNKNOWN}) == wrong.get(slug)
    }


def _waiting(one: Correction, reach: Reach) -> frozenset[str]:
    return frozenset(
        slug
        for letters in (one.letters, one.noted)
        for slug, letter in letters.items()
        if _is_open(slug, letter, reach)
    )


def _is_open(slug: str, letter: Replacement, reach: Reach) -> bool:
    """Whether the letter has not been sent since."""
    return slug in reach.letters and letter.issue > reach.letters[slug].sent.issue


def _size(one: Correction) -> int:
    return len(one.letters) + len(one.noted)


def _told_anew(one: Correction, account: Account, today: date) -> Correction:
    """A correction that nothing was sent of, as it is told now; what is not told anew stays."""
    told = {"cause": account.cause, "severity": account.severity, "also": account.also}
    elsewhere = any(letter.elsewhere for letter in one.letters.values())
    changed = {
        name: value for name, value in told.items() if value and (name != "also" or elsewhere)
    }
    return one.model_copy(
        update={"date": today, "by": account.by, "reason": account.reason, **changed}
    )


def _next_number(corrections: Sequence[Correction]) -> int:
    numbers = [one.id.rpartition("-C")[2] for one in corrections]
    return 1 + max((int(one) for one in numbers if one.isdecimal()), default=0)
