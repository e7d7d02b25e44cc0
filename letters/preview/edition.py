"""A year's letters as their files were at one moment, whatever becomes of the files."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from letters.batch.draft import Draft, Drafts
from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import year_folder
from letters.campaign.load import Campaign, template_folder, try_load
from letters.errors import (
    BuildError,
    CampaignError,
    LetterError,
    LettersError,
    Place,
    Problem,
    Severity,
    UnknownCampaign,
)
from letters.mail.approvals import Seal, Standing, lines_of, load_approvals, standing
from letters.mail.mailroom import Mailroom
from letters.mail.office import load_office, mail_problems
from letters.typesetting.stationery import Stationery
from letters.typesetting.writer import broken_templates, gathered

_LONGEST = 10.0  #: seconds to look through all letters when some of them fail


@dataclass(frozen=True, slots=True)
class Edition:
    """A campaign and all that its letters are made from, held in memory."""

    campaign: Campaign
    drafts: Drafts
    told: frozenset[Place]  #: of templates that cannot be read, which are among its problems

    @property
    def stationery(self) -> Stationery:
        """What its pages are dressed in."""
        return self.drafts.stationery

    def draft(self, slug: str) -> Draft:
        """One letter. Raises KeyError for an authority without statistics, and TemplateError."""
        return self.drafts.draft(slug)


@dataclass(frozen=True, slots=True)
class Survey:
    """What shows once every letter of an edition has been written."""

    fingerprints: Mapping[str, str]  #: by slug, of all that a letter's pages are made from
    lengths: Mapping[str, int]  #: by slug, characters of a letter's words
    pages: Mapping[str, int]  #: by slug, of the letters that the last build made as they now are
    standings: Mapping[str, Standing]  #: by slug, of the letters that somebody has approved
    problems: tuple[Problem, ...]  #: of the templates


NOTHING_KNOWN = Survey({}, {}, {}, {}, ())


def read_edition(root: Path, year: str) -> tuple[Edition | None, tuple[Problem, ...]]:
    """The edition of now, None with an error in its files, and every problem of the data."""
    try:
        campaign, problems = try_load(root, year)
    except UnknownCampaign as error:
        return None, (
            Problem(Place(f"data/{year}"), Severity.ERROR, "no-such-campaign", str(error)),
        )
    folder = campaign.letter.templates if campaign else template_folder(root, year)
    broken = broken_templates(root, folder) if folder else ()
    problems = (*problems, *broken, *mail_problems(root, year))
    if campaign is None:
        return None, problems
    try:
        return Edition(
            campaign, Drafts(root, campaign), frozenset(problem.place for problem in broken)
        ), problems
    except LetterError as error:
        problem = error.problem
    except OSError as error:
        place = Place(_below(root, error.filename))
        problem = Problem(
            place,
            Severity.ERROR,
            "file-unreadable",
            f"it cannot be read: {(error.strerror or str(error)).lower()}",
        )
    return None, (*problems, problem)


def survey(root: Path, edition: Edition, go_on: Callable[[], bool]) -> Survey | None:
    """Write every letter of an edition; None when `go_on` says that nobody wants to know."""
    fingerprints, lengths, start = {}, {}, time.monotonic()
    errors: list[LetterError] = []
    for slug in edition.campaign.statistics:
        if not go_on():
            return None
        if errors and time.monotonic() - start > _LONGEST:
            break  # a template that takes long takes long for every letter
        try:
            draft = edition.draft(slug)
            edition.drafts.writer.mail(slug)
        except LetterError as error:
            errors.append(error)
        else:
            fingerprints[slug] = draft.entry.fingerprint
            lengths[slug] = sum(map(len, lines_of(draft.manuscript.html)))
    problems = gathered(errors) + edition.drafts.writer.foreign_templates()
    problems = tuple(problem for problem in problems if problem.place not in edition.told)
    built = _built(root, edition, fingerprints)
    pages = {slug: entry.pages for slug, entry in built.items()}
    return Survey(fingerprints, lengths, pages, _standings(root, edition, built), problems)


def _built(root: Path, edition: Edition, fingerprints: Mapping[str, str]) -> Mapping[str, Entry]:
    """The letters of the last build that are as they would be made now."""
    try:
        entries = read_manifest(year_folder(root, edition.campaign.year)).letters
    except (BuildError, OSError):  # the next build tells
        return {}
    return {
        slug: entry
        for slug, entry in entries.items()
        if entry.fingerprint == fingerprints.get(slug)
    }


def _standings(root: Path, edition: Edition, built: Mapping[str, Entry]) -> Mapping[str, Standing]:
    """How letters stand with their approvals; one not built as it now is counts as changed."""
    campaign = edition.campaign
    try:
        approvals = load_approvals(root, campaign.year)
    except CampaignError:  # told among the problems
        return {}
    found = dict.fromkeys(approvals.keys() & campaign.statistics.keys(), Standing.CHANGED)
    with suppress(CampaignError, LettersError, OSError):  # told elsewhere
        room = Mailroom(root, campaign, load_office(root))
        for slug in found.keys() & built.keys():
            seal = Seal(slug, built[slug].sha256, room.envelope(slug))
            found[slug] = standing(seal, approvals, campaign.letter.approvers)
    return found


def _below(root: Path, name: object) -> str:
    path = Path(str(name or "templates"))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
