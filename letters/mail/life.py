"""One letter's whole life, as approvals, books, archive and corrections tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from letters.campaign.load import Campaign
from letters.mail.approvals import load_approvals
from letters.mail.archive import kept_path
from letters.mail.attempts import Attempt, Fate, Word
from letters.mail.choice import of_each


class Moment(NamedTuple):
    """Something that happened to a letter."""

    at: str  #: universal time, or a day
    what: str
    after: str = ""  #: when what it follows happened, whatever the clock of its own says


def life(
    root: Path, campaign: Campaign, slug: str, attempts: Sequence[Attempt], words: Sequence[Word]
) -> tuple[Moment, ...]:
    """What happened to a letter, in its order. Raises CampaignError for a file with errors."""
    own = of_each(campaign, attempts).get(slug, ())
    moments = [
        *_approved(root, campaign, slug),
        *(moment for one in own for moment in _tried(root, campaign.year, one)),
        *_corrected(campaign, slug, own),
        *(moment for word in words for moment in _heard(word, own)),
    ]
    return tuple(sorted(moments, key=lambda moment: max(moment.at, moment.after)))


def _approved(root: Path, campaign: Campaign, slug: str) -> Iterator[Moment]:
    given = load_approvals(root, campaign.year)
    for known_as in (*campaign.register[slug].formerly, slug):
        for one in given.get(known_as, ()):
            yield Moment(one.at, f"approved by {one.by}: letter {one.sha256[:12]}")


def _corrected(campaign: Campaign, slug: str, own: Sequence[Attempt]) -> Iterator[Moment]:
    """A correction has a day and no hour: it follows the letter that was wrong."""
    for one in campaign.corrections:
        for letters, what in ((one.letters, "corrected"), (one.noted, "noted")):
            if slug in letters:
                issue = letters[slug].issue
                wrong = max((try_.settled_at for try_ in own if try_.issue < issue), default="")
                yield Moment(f"{one.date}", f"{what} by {one.by} ({one.id}): {one.reason}", wrong)


def _tried(root: Path, year: str, one: Attempt) -> Iterator[Moment]:
    which = f"issue {one.issue}" + (f", sent again ({one.again})" if one.again else "")
    whom = ", to copies alone" if one.whom else ""
    why = f": {one.reason}" if one.reason else ""
    yield Moment(one.claimed_at, f"attempt {one.id}: {which}{whom}{why}")
    if one.handed_over_at:
        kept = kept_path(root, year, one)
        where = f"kept as {kept.relative_to(root)}" if kept else "not kept here"
        went = "sent by post" if one.by_post else f"message {one.message_id}"
        yield Moment(one.handed_over_at, f"attempt {one.id}: {went}, {where}")
    if one.settled_at:
        said = f": {one.reply}" if one.reply else ""
        yield Moment(one.settled_at, f"attempt {one.id}: {one.state}{said}")


def _heard(word: Word, own: Sequence[Attempt]) -> Iterator[Moment]:
    of = next((one for one in own if one.id == word.attempt), None)
    if of and word.fate is not Fate.TAKEN:
        said = f": {word.words}" if word.words else ""
        what = f"attempt {word.attempt}: {word.role}: {word.fate}{said}"
        yield Moment(word.at, what, of.settled_at or of.handed_over_at)
