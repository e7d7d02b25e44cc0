"""What shows of a year's letters once all of them have been written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

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
from letters.mail.approvals import Standing, standing
from letters.mail.parcels import parcels


@dataclass(frozen=True, slots=True)
class Survey:
    """What shows once every letter of an edition has been written."""

    fingerprints: Mapping[str, str]  #: by slug, of all that a letter's pages are made from
    lengths: Mapping[str, int]  #: by slug, characters of a letter's words
    pages: Mapping[str, int]  #: by slug, of the letters that the last build made as they now are
    standings: Mapping[str, Standing]  #: by slug, of the letters that somebody has approved
    problems: tuple[Problem, ...]  #: what is wrong beside what the files told by themselves


NOTHING_KNOWN = Survey({}, {}, {}, {}, ())


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
    problems = finished(gathering.with_more(findings)).problems_beside(gathering)
    fingerprints, lengths = {}, {}
    for slug in edition.campaign.statistics:
        with suppress(LetterError):  # it is among the problems
            draft = edition.draft(slug)
            fingerprints[slug] = draft.entry.fingerprint
            lengths[slug] = sum(map(len, draft.markup.words))
    built = _built(edition, fingerprints)
    pages = {slug: entry.pages for slug, entry in built.items()}
    standings = _standings(edition, built)
    return Survey(fingerprints, lengths, pages, standings, problems)


def with_styles(gathering: Gathering, found: Survey, executor: Executor) -> Survey:
    """The survey with what the renderer says of the style sheets; a worker is asked for it.

    The same as before when it says nothing, or cannot be asked now.
    """
    bundle = styles_of(gathering.sound_data())
    try:
        if bundle:
            executor.submit(typeset, bundle).result()
    except CampaignError as error:
        more = gathering.with_more(Findings(of_files=error.problems)).problems_beside(gathering)
        return replace(found, problems=(*found.problems, *more))
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


def _standings(edition: Edition, built: Collection[str]) -> Mapping[str, Standing]:
    """How letters stand with their approvals; one not built as it now is counts as changed."""
    campaign, approvals = edition.campaign, edition.approvals or {}
    found = dict.fromkeys(approvals.keys() & campaign.statistics.keys(), Standing.CHANGED)
    if edition.office is None:
        return found
    slugs = tuple(found.keys() & set(built))
    files = {slug: edition.files(slug) for slug in slugs if not edition.folders[slug].problems}
    with suppress(LettersError, OSError):  # the next build tells, or it is among the problems
        made = parcels(edition.drafts, edition.office, files, tuple(files))
        for slug, parcel in made.ready.items():
            found[slug] = standing(parcel.seal, approvals, campaign.approvers_of(slug))
    return found
