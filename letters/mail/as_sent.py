"""The letters that were built last, beside those that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from letters.batch.store import letter_paths, letters_folder
from letters.batch.verify import Difference
from letters.campaign.corrections import last_note
from letters.campaign.load import Campaign
from letters.errors import NoLetter
from letters.files import digest_of
from letters.mail.archive import Kept, kept_letter
from letters.mail.attempts import DOUBTFUL, Attempt
from letters.mail.choice import last_accepted, last_attempts
from letters.typesetting.finished import tell
from letters.typesetting.markup import read_page
from letters.wording import with_zone


@dataclass(frozen=True, slots=True)
class Comparison:
    """The letters that were sent, beside those that were built last."""

    letters: int  #: sent
    differing: tuple[Difference, ...]  #: one for each that is otherwise
    looks: tuple[str, ...]  #: slugs of those whose pages look otherwise, by the same words
    noted: tuple[str, ...]  #: slugs of those that differ only as a correction notes
    doubtful: tuple[str, ...]  #: slugs of those whose last message may have gone out or not
    lost: tuple[Difference, ...]  #: one for each of which nothing is kept


def compared_with_sent(root: Path, campaign: Campaign, attempts: Sequence[Attempt]) -> Comparison:
    """Which of the letters that were built last differ from those that were sent."""
    sent = last_accepted(campaign, (one for one in attempts if one.to_all))
    last = last_attempts(campaign, attempts)
    doubtful = tuple(slug for slug, one in sorted(last.items()) if one.state in DOUBTFUL)
    found, looks, noted, lost = list[Difference](), list[str](), list[str](), list[Difference]()
    for slug, one in sorted(sent.items()):
        pdf, page = letter_paths(letters_folder(root, campaign.year), slug)
        kept = kept_letter(root, campaign.year, one)
        when = f"it was sent on {with_zone(one.settled_at)} (issue {one.issue})"
        if kept is None:
            sentence = f"{slug}: what was sent on {with_zone(one.settled_at)} is not kept here"
            lost.append(Difference(sentence, slug))
        elif not pdf.exists():
            found.append(Difference(f"{slug}: it is not built now; {when}", slug))
        elif (now := digest_of(pdf)) != one.letter:
            note = last_note(campaign.corrections, slug)
            if note and note.sha256 == now:
                noted.append(slug)
            elif _says_the_same(kept, pdf, page):
                looks.append(slug)
            else:
                found.append(Difference(f"{slug}: another one is built now; {when}", slug))
    return Comparison(len(sent), tuple(found), tuple(looks), tuple(noted), doubtful, tuple(lost))


def _says_the_same(kept: Kept, pdf: Path, page: Path) -> bool:
    """Whether a letter that is built has the figures and words of one that was sent."""
    try:
        figures = tell(pdf.read_bytes()).statistics
        words = read_page(page.read_text(encoding="utf-8")).words
    except (NoLetter, OSError, UnicodeError):
        return False
    return figures == kept.statistics and words == kept.markup.words
