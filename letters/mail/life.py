"""One letter's whole life, as approvals, books, archive and corrections tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from letters.batch.store import letter_paths, letters_folder
from letters.campaign.load import Campaign
from letters.errors import NoLetter
from letters.files import digest_of
from letters.mail.approvals import load_approvals
from letters.mail.archive import Kept, kept_letter, sent_path
from letters.mail.attempts import Attempt, Fate, State, Word
from letters.mail.choice import last_attempts, of_each
from letters.typesetting.finished import tell
from letters.typesetting.markup import read_markup


class Moment(NamedTuple):
    """Something that happened to a letter."""

    at: str  #: universal time
    what: str


def life(
    root: Path, campaign: Campaign, slug: str, attempts: Sequence[Attempt], words: Sequence[Word]
) -> tuple[Moment, ...]:
    """What happened to a letter, in its order. Raises CampaignError for a file with errors."""
    own = of_each(campaign, attempts).get(slug, ())
    moments = [
        *_approved(root, campaign.year, slug),
        *(moment for one in own for moment in _tried(root, campaign.year, one)),
        *(moment for word in words for moment in _heard(word, own)),
    ]
    return tuple(sorted(moments, key=lambda moment: moment.at))


def _approved(root: Path, year: str, slug: str) -> Iterator[Moment]:
    for one in load_approvals(root, year).get(slug, ()):
        yield Moment(one.at, f"approved by {one.by}: letter {one.sha256[:12]}")


def _tried(root: Path, year: str, one: Attempt) -> Iterator[Moment]:
    which = f"issue {one.issue}" + (f", sent again ({one.again})" if one.again else "")
    whom = ", to copies alone" if one.whom else ""
    why = f": {one.reason}" if one.reason else ""
    yield Moment(one.claimed_at, f"attempt {one.id}: {which}{whom}{why}")
    if one.handed_over_at:
        kept = [
            path for kind in ("eml", "pdf") if (path := sent_path(root, year, one, kind)).exists()
        ]
        where = f"kept as {kept[0].relative_to(root)}" if kept else "not kept here"
        yield Moment(one.handed_over_at, f"attempt {one.id}: handed over {one.message_id}, {where}")
    if one.settled_at:
        said = f": {one.reply}" if one.reply else ""
        yield Moment(one.settled_at, f"attempt {one.id}: {one.state}{said}")


def _heard(word: Word, own: Sequence[Attempt]) -> Iterator[Moment]:
    if word.fate is not Fate.TAKEN and any(one.id == word.attempt for one in own):
        said = f": {word.words}" if word.words else ""
        yield Moment(word.at, f"attempt {word.attempt}: {word.role}: {word.fate}{said}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The letters that were sent, beside those that were built last."""

    letters: int  #: sent
    differing: tuple[str, ...]  #: a sentence for each that is otherwise, or cannot be compared
    looks: tuple[str, ...]  #: slugs of those whose pages look otherwise, by the same words


def compared_with_sent(root: Path, campaign: Campaign, attempts: Sequence[Attempt]) -> Comparison:
    """Which of the letters that were built last differ from those that were sent."""
    accepted = [one for one in attempts if one.state is State.ACCEPTED and one.to_all]
    sent = last_attempts(campaign, accepted)
    found, looks = [], []
    for slug, one in sorted(sent.items()):
        pdf, page = letter_paths(letters_folder(root, campaign.year), slug)
        kept = kept_letter(root, campaign.year, one)
        when = f"it was sent on {one.settled_at} (issue {one.issue})"
        if kept is None:
            found.append(f"{slug}: what was sent on {one.settled_at} is not kept here")
        elif not pdf.exists():
            found.append(f"{slug}: it is not built now; {when}")
        elif digest_of(pdf) != one.letter:
            if _says_the_same(kept, pdf, page):
                looks.append(slug)
            else:
                found.append(f"{slug}: another one is built now; {when}")
    return Comparison(len(sent), tuple(found), tuple(looks))


def _says_the_same(kept: Kept, pdf: Path, page: Path) -> bool:
    """Whether a letter that is built has the figures and words of one that was sent."""
    try:
        figures = tell(pdf.read_bytes()).statistics
        words = read_markup(page.read_text(encoding="utf-8")).words
    except (NoLetter, OSError, UnicodeError):
        return False
    return figures == tell(kept.pdf).statistics and words == read_markup(kept.html).words
