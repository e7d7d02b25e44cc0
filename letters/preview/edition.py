"""A year's letters as their files were at one moment: they can be shown whatever becomes of the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.batch.plan import Draft, Drafts
from letters.campaign.load import Campaign, check
from letters.errors import LetterError, Place, Problem, Severity, UnknownCampaign
from letters.typesetting.stationery import Stationery
from letters.typesetting.words import lines_of
from letters.typesetting.writer import gathered


@dataclass(frozen=True, slots=True)
class Edition:
    """A campaign and all that its letters are made from, held in memory."""

    campaign: Campaign
    drafts: Drafts

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
    problems: tuple[Problem, ...]  #: of the templates


def read_edition(root: Path, year: str) -> tuple[Edition | None, tuple[Problem, ...]]:
    """The edition of now, None when its files have an error, and every problem of the data files."""
    try:
        campaign, problems = check(root, year)
    except UnknownCampaign as error:
        return None, (Problem(Place(f"data/{year}"), Severity.ERROR, "", str(error)),)
    if campaign is None:
        return None, problems
    try:
        return Edition(campaign, Drafts(root, campaign)), problems
    except LetterError as error:
        problem = Problem(error.place or Place("templates"), Severity.ERROR, "", error.sentence)
    except OSError as error:
        place = Place(_below(root, error.filename))
        problem = Problem(place, Severity.ERROR, "", f"it cannot be read: {(error.strerror or str(error)).lower()}")
    return None, (*problems, problem)


def survey(edition: Edition, go_on: Callable[[], bool]) -> Survey | None:
    """Write every letter of an edition; None when `go_on` says that nobody wants to know any more."""
    fingerprints, lengths, errors = {}, {}, []
    for slug in edition.campaign.statistics:
        if not go_on():
            return None
        try:
            draft = edition.draft(slug)
        except LetterError as error:
            errors.append(error)
        else:
            fingerprints[slug] = draft.entry.fingerprint
            lengths[slug] = sum(map(len, lines_of(draft.manuscript.html)))
    return Survey(fingerprints, lengths, gathered(errors) + edition.drafts.writer.foreign_templates())


def _below(root: Path, name: object) -> str:
    path = Path(str(name or "templates"))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
