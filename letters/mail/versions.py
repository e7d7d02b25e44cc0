"""The letters of a year as they were approved, and as they were sent, to be compared with those of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.campaign.load import Campaign
from letters.campaign.records import Approval, Approvals
from letters.compare.versions import Side, Version, name_in, same_bytes
from letters.errors import MailError, NoLetter
from letters.files import digest_of, shown
from letters.mail.approvals import is_for
from letters.mail.approved import Approved, Damaged, kept_with, last_approved
from letters.mail.archive import Kept, kept_letter, kept_of
from letters.mail.attempts import DOUBTFUL, Attempt, State
from letters.mail.choice import last_accepted, last_attempts
from letters.mail.pages import says_the_same
from letters.typesetting.finished import tell
from letters.wording import reason_of

_NOT_KEPT = "what was {0} is not kept on this machine: bring records/{1}/{0} here"


def approved_versions(root: Path, campaign: Campaign, approvals: Approvals) -> Side:
    """The letters that enough people approved last. Raises MailError when there is none."""
    year = campaign.year
    versions, missing = dict[str, Version](), dict[str, str]()
    for slug, named in _approved_as(campaign, approvals).items():
        given, is_here = approvals.get(named, ()), slug in campaign.statistics
        try:
            if kept := last_approved(root, year, named, given):
                versions[slug] = _approved(kept, given)
            elif is_here:
                missing[slug] = _not_approved(year, campaign.approvers_of(slug), given)
        except Damaged as error:
            missing[slug] = f"what was approved is damaged: {error}"
        except OSError as error:
            missing[slug] = f"what was approved cannot be read: {reason_of(error)}"
        except NoLetter as error:
            missing[slug] = f"what was approved cannot be read: {error}"
    if not any(approvals.values()):
        raise MailError(
            f"nothing of {year} is approved yet: letters approve {year} shows how it stands"
        )
    return Side("what was approved", versions, missing)


def _approved_as(campaign: Campaign, approvals: Approvals) -> Mapping[str, str]:
    """Under which slug each letter was approved: those of now, and those of who left since."""
    found = dict[str, str]()
    for slug in campaign.statistics:
        known = (slug, *campaign.register[slug].formerly)
        found[slug] = next((one for one in known if approvals.get(one)), slug)
    left = (one for one in approvals if one not in campaign.slugs_of_now and approvals[one])
    return found | {one: one for one in left}


def sent_versions(root: Path, campaign: Campaign, attempts: Sequence[Attempt]) -> Side:
    """The letters that the mail server accepted last. Raises MailError when there is none."""
    year = campaign.year
    to_all = [one for one in attempts if one.to_all and one.state is State.ACCEPTED]
    left = sorted(
        (one for one in to_all if one.slug not in campaign.slugs_of_now), key=lambda one: one.weight
    )
    sent = {**last_accepted(campaign, to_all), **{one.slug: one for one in left}}
    last = last_attempts(campaign, attempts)
    if not sent:
        raise MailError(f"nothing of {year} is sent yet: letters ledger {year} shows what is")
    versions, missing = dict[str, Version](), dict[str, str]()
    for slug in dict.fromkeys((*campaign.statistics, *sent)):
        attempt = sent.get(slug)
        kept = kept_letter(root, year, attempt) if attempt else None
        try:
            approved = kept_with(root, year, attempt.slug, attempt.letter) if attempt else None
            if attempt and kept and _is_its_page(kept, approved):
                versions[slug] = _sent(root, year, attempt, kept, approved)
            elif attempt:
                missing[slug] = _not_kept(root, year, attempt, kept)
            else:
                missing[slug] = _not_sent(year, last.get(slug))
        except NoLetter as error:
            missing[slug] = f"what was sent cannot be read: {error}"
    return Side("what was sent", versions, missing)


def _approved(kept: Approved, given: Sequence[Approval]) -> Version:
    origin = kept.origin
    statistics = origin.entry.statistics if origin else tell(kept.pdf.read_bytes()).statistics
    return Version(
        slug=kept.seal.slug,
        name=name_in(statistics),
        statistics=statistics,
        html=partial(kept.page.read_text, encoding="utf-8"),
        html_sha256=digest_of(kept.page),
        sha256=kept.seal.sha256,
        pdf=partial(same_bytes, kept.pdf, kept.seal.sha256),
        origin=origin,
        at=max((one.at for one in given if is_for(one, kept.seal)), default=""),
    )


def _not_approved(year: str, needed: int, given: Sequence[Approval]) -> str:
    if not given:
        return f"it is not approved yet: letters approve {year} SLUG --by NAME"
    if needed > 1:
        return f"it is not approved by enough people, or {_NOT_KEPT.format('approved', year)}"
    return _NOT_KEPT.format("approved", year)


def _is_its_page(kept: Kept, approved: Approved | None) -> bool:
    """Whether the page beside a letter that was sent is that letter's: as approved, or by its words."""
    if approved and sha256(kept.html.encode()).hexdigest() == digest_of(approved.page):
        return True
    return says_the_same(kept.html, kept.pdf)


def _not_kept(root: Path, year: str, attempt: Attempt, kept: Kept | None) -> str:
    """Why a letter that was sent cannot be compared."""
    path = next(iter(kept_of(root, year, attempt)), None)
    if path is None:
        return _NOT_KEPT.format("sent", year)
    page = path.with_suffix(".html")
    if not page.exists():
        return f"the page of what was sent is missing: bring {shown(page)} back"
    which = shown(page) if kept else f"{shown(path)}, or its page,"
    return f"what was sent is damaged: {which} is not what was kept: bring it back"


def _sent(
    root: Path, year: str, attempt: Attempt, kept: Kept, approved: Approved | None
) -> Version:
    origin = approved.origin if approved else None
    statistics: Mapping[str, Any] = origin.entry.statistics if origin else kept.statistics
    kept_page = kept.html  # and not its PDF: all letters of a year are held
    return Version(
        slug=attempt.slug,
        name=name_in(statistics),
        statistics=statistics,
        html=lambda: kept_page,
        html_sha256=sha256(kept.html.encode()).hexdigest(),
        sha256=attempt.letter,
        pdf=partial(_pdf, root, year, attempt),
        origin=origin,
        at=attempt.settled_at,
    )


def _pdf(root: Path, year: str, attempt: Attempt) -> bytes:
    """The PDF of what was sent. Raises MailError where it is not kept any more."""
    if (kept := kept_letter(root, year, attempt)) is None:
        raise MailError(f"{attempt.slug}: {_not_kept(root, year, attempt, kept)}")
    return kept.pdf


def _not_sent(year: str, last: Attempt | None) -> str:
    if last and last.state in DOUBTFUL:
        return f"whether it was sent is unknown: letters ledger resolve {year} SLUG"
    return f"it is not sent yet: letters send {year}"
