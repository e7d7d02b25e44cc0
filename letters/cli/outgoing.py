"""What the commands that approve and send begin with: a year's letters as they would go out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from letters.cli.face import echo, say
from letters.cli.frame import chosen, stop
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.campaign.load import Campaign
    from letters.campaign.records import Approvals, Office
    from letters.check import Edition
    from letters.mail.attempts import Attempt, Word
    from letters.mail.choice import Choice, Wish
    from letters.mail.frozen import Frozen
    from letters.mail.parcels import Parcel


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A year's letters as they would go out, read once."""

    edition: Edition
    office: Office
    parcels: Mapping[str, Parcel]  #: of the letters asked for, those that are ready
    missing: Mapping[str, str]  #: the others, and why they cannot go out
    named: bool  #: whether the letters were asked for by slug
    frozen: Frozen  #: the files that all this was read from

    @property
    def root(self) -> Path:
        """The folder that holds data/ and templates/."""
        return self.edition.drafts.root

    @property
    def campaign(self) -> Campaign:
        """The year's."""
        return self.edition.campaign

    def choose(
        self,
        wish: Wish,
        approvals: Approvals | None = None,
        attempts: Sequence[Attempt] = (),
        words: Sequence[Word] = (),
    ) -> Choice:
        """Which of them a run will send, by what the books have.

        Without approvals nobody's word is needed.
        """
        from letters.mail.choice import choose
        from letters.mail.correcting import addressed_otherwise

        same = addressed_otherwise(self.edition.drafts, self.root, self.parcels, attempts)
        return choose(self.campaign, self.parcels, attempts, approvals, wish, words, same)


def look(
    root: Path,
    year: str,
    slugs: Sequence[str],
    really: bool = False,
    without: Sequence[str] = (),
    quiet: bool = False,
) -> Outgoing:
    """Read a year's letters, those named or all, and tell, unless `quiet`, which cannot go out.

    A specimen can never go out `really`. Those `without` which it is are left alone, whatever is
    wrong with them.
    """
    from letters.campaign.load import require_campaign
    from letters.check import gather
    from letters.cli.books import has_books
    from letters.errors import MailError
    from letters.mail.archive import records_folder
    from letters.mail.frozen import snapshot
    from letters.mail.office import load_office
    from letters.mail.parcels import parcels

    require_campaign(root, year)
    taken = snapshot(root, year)
    gathering = gather(root, year)
    campaign = gathering.sound().campaign
    if really and campaign.letter.specimen:
        stop(f"{year} is a specimen: its figures are invented, and it can never be sent")
    excepted = chosen(campaign, without)
    named = chosen(campaign, slugs) or campaign.statistics
    wanted = tuple(slug for slug in named if slug not in excepted)
    edition = gathering.sound_for_mail(wanted)
    office = edition.office or load_office(root)
    files = {slug: edition.files(slug) for slug in wanted}
    made = parcels(edition.drafts, office, files, wanted)
    try:
        ready = made.require_built()
    except MailError as error:
        if has_books(records_folder(root, year)):
            more = f"of letters that were sent, letters correct {year} tells what is otherwise now"
            raise MailError(f"{error}; {more}") from error
        raise
    if made.missing and not ready and not quiet:
        slug, why = next(iter(made.missing.items()))
        those = numbered(len(made.missing), "letter")
        stop(f"{those} cannot go out: {slug}: {why}; build first: letters build {year}")
    for slug, why in () if quiet else made.missing.items():
        say(f"{slug}: left out: {why}")
    frozen = taken.of_run(campaign.letter.templates, edition.drafts.names)
    return Outgoing(edition, office, ready, made.missing, bool(slugs), frozen)


@contextmanager
def building(root: Path, year: str, doing: str) -> Iterator[Path]:
    """Hold a year's build folder, so that nobody builds or approves meanwhile; gives the folder."""
    from letters.batch.store import year_folder
    from letters.campaign.load import require_campaign
    from letters.files import only_one, remove_parts
    from letters.mail.archive import records_folder

    require_campaign(root, year)
    folder = year_folder(root, year)
    with only_one(folder, f"process {os.getpid()}, {doing}"):
        remove_parts(records_folder(root, year) / "approved")  # who approves holds the build folder
        yield folder


def show_shared(parcels: Mapping[str, Parcel]) -> None:
    """Files that are with several letters: one council's may be in another's folder by mistake."""
    from letters.mail.enclosures import shared

    for sentence in shared({slug: one.envelope.enclosed for slug, one in parcels.items()}):
        echo(sentence)
