"""What shows of a year's letters once all of them have been written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import year_folder
from letters.batch.workers import typeset
from letters.check import (
    Edition,
    Findings,
    Gathering,
    finished,
    look_through,
    read_files,
    styles_of,
)
from letters.errors import (
    BuildError,
    CampaignError,
    LetterError,
    LettersError,
    Problem,
    UnknownCampaign,
)
from letters.mail.stages import Stage, Stand, Status

_GONE_OUT = (Stage.SENT, Stage.UNKNOWN, Stage.BOUNCED)  # whatever becomes of their pages


@dataclass(frozen=True, slots=True)
class Survey:
    """What shows once every letter of an edition has been written."""

    fingerprints: Mapping[str, str]  #: by slug, of all that a letter's pages are made from
    lengths: Mapping[str, int]  #: by slug, characters of a letter's words
    pages: Mapping[str, int]  #: by slug, of the letters that the last build made as they now are
    status: Status | None  #: where each letter stands; None while that is not known
    problems: tuple[Problem, ...]  #: what is wrong beside what the files told by themselves

    @property
    def stands(self) -> Mapping[str, Stand]:
        """Where each letter stands, by slug, as far as that is known."""
        return self.status.letters if self.status else {}

    def with_failures(
        self, errors: Mapping[str, LetterError], problems: Iterable[Problem] = ()
    ) -> Self:
        """The same, with letters to mend whose pages fail, or that an error of the files hinders.

        `errors` are by fingerprint, `problems` the errors of the files as they are now.
        """
        told = {
            slug: one.sentence for one in problems for slug in one.shared_by or (one.authority,)
        }
        failed = {
            slug: (why, "check")
            for slug in self.stands
            if (why := told.get(slug) or told.get("", ""))
        }
        failed |= {
            slug: (errors[key].problems[0].sentence, "build")
            for slug, key in self.fingerprints.items()
            if key in errors
        }
        if not failed or self.status is None:
            return self
        letters = dict(self.stands)
        for slug, (why, told_by) in failed.items():
            if slug in letters and letters[slug].stage not in _GONE_OUT:
                letters[slug] = replace(letters[slug], stage=Stage.MEND, why=why, told_by=told_by)
        return replace(self, status=replace(self.status, letters=letters))


NOTHING_KNOWN = Survey({}, {}, {}, None, ())


def read_now(root: Path, year: str) -> Gathering:
    """A year's files as they are, each read once, before a letter is written."""
    try:
        return read_files(root, year)
    except UnknownCampaign as error:
        return Gathering(None, Findings((error.problem,)))


def survey(gathering: Gathering, go_on: Callable[[], bool] = lambda: True) -> Survey | None:
    """Write every letter of an edition; None when `go_on` says that nobody wants to know.

    Raises CampaignError when the files give no edition.
    """
    edition = gathering.sound_data()
    if (findings := look_through(edition, go_on=go_on)) is None:
        return None
    full = finished(gathering.with_more(findings))
    problems = full.problems_beside(gathering)
    fingerprints, lengths = {}, {}
    for slug in edition.campaign.statistics:
        with suppress(LetterError):  # it is among the problems
            draft = edition.draft(slug)
            fingerprints[slug] = draft.entry.fingerprint
            lengths[slug] = sum(map(len, draft.markup.words))
    built = _built(edition, fingerprints)
    pages = {slug: entry.pages for slug, entry in built.items()}
    status = _status(edition, full.problems)
    return Survey(fingerprints, lengths, pages, status, problems)


def _status(edition: Edition, problems: Iterable[Problem]) -> Status:
    return edition.status(problems, datetime.now().astimezone().date())


def with_styles(gathering: Gathering, found: Survey, executor: Executor) -> Survey:
    """The survey with what the renderer says of the style sheets; a worker is asked for it.

    The same as before when it says nothing, or cannot be asked now.
    """
    bundle = styles_of(gathering.sound_data())
    try:
        if bundle:
            executor.submit(typeset, bundle).result()
    except CampaignError as error:
        full = gathering.with_more(Findings(of_files=error.problems))
        problems = (*found.problems, *full.problems_beside(gathering))
        status = _status(gathering.sound_data(), (*gathering.problems, *problems))
        return replace(found, problems=problems, status=status)
    except (LettersError, OSError, MemoryError, RuntimeError):  # a misfortune: pages tell of it
        pass
    return found


def _built(edition: Edition, fingerprints: Mapping[str, str]) -> Mapping[str, Entry]:
    """The letters of the last build that are as they would be made now."""
    try:
        folder = year_folder(edition.drafts.root, edition.campaign.year)
        entries = read_manifest(folder).letters
    except (BuildError, OSError):  # the next build tells
        return {}
    return {
        slug: entry
        for slug, entry in entries.items()
        if entry.fingerprint == fingerprints.get(slug)
    }
