"""One campaign's folder -> Campaign, or all problems of all its files at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.campaign.check_contacts import check_contacts
from letters.campaign.check_figures import check_figures
from letters.campaign.check_letter import check_letter
from letters.campaign.check_register import check_register
from letters.campaign.check_statistics import check_statistics
from letters.campaign.reading import misnamed, read_campaign
from letters.campaign.records import Authority, Contacts, Letter
from letters.errors import CampaignError, Problem, Severity, UnknownCampaign
from letters.files import exists
from letters.source.places import Places
from letters.wording import quoted

#: What looks for problems that show only when the files of a campaign are seen together.
_CHECKS = (check_register, check_letter, check_statistics, check_contacts, check_figures)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One year's letters: register, words, and each authority's counts, contacts, paragraph."""

    year: str  #: the folder's name under data/
    letter: Letter
    register: Mapping[str, Authority]  #: by slug; more authorities than get a letter
    #: by slug, then by count; each of them gets a letter
    statistics: Mapping[str, Mapping[str, int]]
    contacts: Mapping[str, Contacts]  #: by slug; an authority may have none
    paragraphs: Mapping[str, str]  #: Markdown by slug
    places: Mapping[str, Places]  #: by file: places["statistics"].value("camden", "upheld")
    problems: tuple[Problem, ...] = ()  #: warnings and notices, in the order of the files


def campaigns(root: Path) -> tuple[str, ...]:
    """The campaigns under data/: the folders that hold a letter.yaml, sorted."""
    return tuple(
        name for name in _names(root / "data") if exists(root / "data" / name / "letter.yaml")
    )


def load(root: Path, year: str) -> Campaign:
    """The campaign. Raises CampaignError with every problem, UnknownCampaign for no folder."""
    campaign, problems = try_load(root, year)
    if campaign is None:
        raise CampaignError(problems)
    return campaign


def try_load(root: Path, year: str) -> tuple[Campaign | None, tuple[Problem, ...]]:
    """The campaign, None with any error, and all its problems. Raises UnknownCampaign."""
    if year not in campaigns(root):
        raise unknown_campaign(root, year)
    reading = read_campaign(root, year)
    wrong_in_itself = {
        problem.place for problem in reading.problems if problem.severity is Severity.ERROR
    }
    among_files = (
        problem
        for look in _CHECKS
        for problem in look(reading)
        if problem.place not in wrong_in_itself
    )
    problems = tuple(sorted({*reading.problems, *among_files}, key=_order))
    if reading.whole_letter is None or any(
        problem.severity is Severity.ERROR for problem in problems
    ):
        return None, problems
    places = {
        "authorities": reading.in_authorities.places,
        "letter": reading.in_letter.places,
        "statistics": reading.in_statistics.places,
        "contacts": reading.in_contacts.places,
    }
    campaign = Campaign(
        year=year,
        letter=reading.whole_letter,
        register=reading.register,
        statistics=reading.statistics,
        contacts=reading.contacts,
        paragraphs=reading.paragraphs,
        places=places,
        problems=problems,
    )
    return campaign, problems


def template_folder(root: Path, year: str) -> str | None:
    """The folder of words that a campaign names, also when its files have errors, or None."""
    reading = read_campaign(root, year)
    return reading.letter.templates if reading.letter.templates in reading.templates else None


def _order(problem: Problem) -> tuple[object, ...]:
    return problem.place, list(Severity).index(problem.severity), problem.field, problem.sentence


def unknown_campaign(root: Path, year: str) -> UnknownCampaign:
    """What to say of a year that does not exist: which do."""
    beginning = f"there is no campaign {quoted(year)}"
    if not exists(root / "data"):
        nowhere = f'the folder "{root}" holds no folder data/'
        return UnknownCampaign(f"{beginning}: {nowhere}; --root names the one that does")
    existing = campaigns(root)
    are = f"there {'are' if len(existing) > 1 else 'is'} {', '.join(existing)}"
    known = are if existing else "there is none yet"
    if year in _names(root / "data"):
        other = misnamed(root, f"data/{year}/letter.yaml")
        wrong = f"holds {other}, which must be called letter.yaml"
        found = wrong if other else "holds no letter.yaml"
        return UnknownCampaign(f"{beginning}: data/{year}/ {found}; {known}")
    return UnknownCampaign(f"{beginning} under data/: {known}")


def _names(folder: Path) -> list[str]:
    try:
        folders = [path.name for path in folder.iterdir() if path.is_dir()]
        return sorted(name for name in folders if not name.startswith("."))
    except OSError:
        return []
