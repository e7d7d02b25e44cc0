"""One campaign's folder -> Campaign, or all problems of all its files at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from letters.campaign.accepting import Accepted, remaining
from letters.campaign.check_contacts import check_contacts
from letters.campaign.check_corrections import check_corrections
from letters.campaign.check_counts import check_counts
from letters.campaign.check_figures import check_figures
from letters.campaign.check_letter import check_letter
from letters.campaign.check_paragraphs import check_paragraphs
from letters.campaign.check_recipients import check_recipients
from letters.campaign.check_register import check_register
from letters.campaign.check_statistics import check_statistics
from letters.campaign.check_texts import check_texts
from letters.campaign.corrections import Corrected, Correction, last_correction, renamed
from letters.campaign.reading import Reading, misnamed, read_campaign
from letters.campaign.recipients import with_letter
from letters.campaign.records import Authority, Contacts, Letter
from letters.campaign.rules import SLUG, Refused, spelt
from letters.campaign.year_before import carried_over
from letters.errors import CampaignError, Place, Problem, Severity, UnknownCampaign, in_order
from letters.files import exists, is_closed
from letters.source.places import Places
from letters.wording import quoted

#: What looks for problems that show only when the files of a campaign are seen together.
_CHECKS = (
    check_register,
    check_letter,
    check_texts,
    check_statistics,
    check_recipients,
    check_paragraphs,
    check_contacts,
    check_counts,
    check_figures,
    check_corrections,
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One year's letters: register, words, and each authority's counts, contacts, paragraph."""

    year: str  #: the folder's name under data/
    letter: Letter
    register: Mapping[str, Authority]  #: by slug; more authorities than get a letter
    peer_groups: tuple[str, ...]  #: all that there are, in the order of their file
    #: by slug, then by count; each of them gets a letter
    statistics: Mapping[str, Mapping[str, int]]
    #: of authorities that get none, and count in averages all the same
    without_letter: Mapping[str, Mapping[str, int]]
    awaited: tuple[
        str, ...
    ]  #: slugs of those that have a line in statistics.yaml and no figure yet
    contacts: Mapping[str, Contacts]  #: by slug; an authority may have none
    paragraphs: Mapping[str, str]  #: Markdown by slug
    corrections: tuple[Correction, ...]  #: of letters that were sent, in their order
    places: Mapping[str, Places]  #: by file: places["statistics"].value("camden", "upheld")
    problems: tuple[Problem, ...] = ()  #: warnings and notices, in the order of the files

    @property
    def slugs_of_now(self) -> Mapping[str, str]:
        """Under which slug it has an authority, by that and by its slugs of before."""
        return {
            one: slug for slug in self.statistics for one in (slug, *self.register[slug].formerly)
        }

    def corrected(self, slug: str) -> Corrected | None:
        """What an authority's letter replaces; None where it is the first one."""
        return last_correction(self.corrections, slug, self.letter.letter_date)

    def approvers_of(self, slug: str) -> int:
        """How many people must approve a letter: of a corrected one always two."""
        return max(self.letter.approvers, 2 if self.corrected(slug) else 1)


@dataclass(frozen=True, slots=True)
class Examined:
    """A year's data files as read: the campaign, None with an error that stops, and all problems."""

    campaign: Campaign | None
    templates: str | None  #: the folder of words that it names, also with errors; None for none
    specimen: bool
    found: tuple[Problem, ...]  #: every problem, accepted or not, in the order of the files
    accepted: tuple[Accepted, ...]  #: what the office has looked at and wants to keep

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that nobody has accepted, in the order of the files."""
        return remaining(self.found, self.accepted)


def campaigns(root: Path) -> tuple[str, ...]:
    """The campaigns under data/: the folders that hold a letter.yaml and are slugs, sorted."""
    return tuple(name for name in _with_letter(root) if re.fullmatch(SLUG, name))


def require_campaign(root: Path, year: str) -> None:
    """Raise UnknownCampaign, which names those that exist, or CampaignError for a name no slug."""
    if year in _with_letter(root):
        try:
            spelt(SLUG, year)
        except Refused as error:
            raise CampaignError((_misnamed_year(year, error),)) from error
        return
    raise unknown_campaign(root, year)


def load(root: Path, year: str) -> Campaign:
    """The campaign. Raises CampaignError with every problem, UnknownCampaign for no folder."""
    campaign, problems = try_load(root, year)
    if campaign is None:
        raise CampaignError(problems)
    return campaign


def try_load(root: Path, year: str) -> tuple[Campaign | None, tuple[Problem, ...]]:
    """The campaign, None with any error, and its problems but for those that are accepted.

    Raises UnknownCampaign, and CampaignError for a folder's name that is no slug.
    """
    examined = examine(root, year)
    return examined.campaign, examined.problems


def examine(root: Path, year: str) -> Examined:
    """A year's data files, each read once. Raises as `require_campaign` does."""
    require_campaign(root, year)
    reading = read_campaign(root, year)
    earlier = carried_over(root, reading, [name for name in campaigns(root) if name != year])
    found = _problems(reading, tuple(earlier))
    named = reading.letter.templates
    campaign = None
    left = remaining(found, reading.accepted)
    if reading.whole_letter and not any(one.stops for one in left):
        campaign = _campaign(reading, reading.whole_letter, left)
    folder = named if named in (reading.templates or ()) else None
    specimen = reading.letter.specimen
    return Examined(campaign, folder, specimen, found, reading.accepted)


def _problems(reading: Reading, carried: Sequence[Problem]) -> tuple[Problem, ...]:
    """All of them in the order of the files; what follows from another one waits behind it.

    What is still the year before's tells more than a doubt about the same place.
    """
    wrong_in_itself = {
        problem.place for problem in reading.problems if problem.severity is Severity.ERROR
    }
    among_files = [
        problem
        for look in _CHECKS
        for problem in look(reading)
        if problem.place not in wrong_in_itself
    ]
    strangers = {one.authority for one in among_files if one.code == "no-such-authority"}
    still = {problem.place for problem in carried if problem.unfinished}
    found = (
        problem
        for problem in (*reading.problems, *among_files, *carried)
        if problem.severity is Severity.ERROR
        or (problem.authority not in strangers and problem.place not in still)
    )
    return in_order(dict.fromkeys(found))


def _campaign(reading: Reading, letter: Letter, problems: tuple[Problem, ...]) -> Campaign:
    statistics = with_letter(reading)
    others = reading.statistics.keys() - statistics.keys()
    return Campaign(
        year=reading.year,
        letter=letter,
        register=reading.register,
        peer_groups=tuple(reading.groups) or _groups_named(reading),
        statistics=statistics,
        without_letter={
            slug: reading.statistics[slug] for slug in reading.statistics if slug in others
        },
        awaited=reading.awaited,
        contacts=reading.contacts,
        paragraphs=reading.paragraphs,
        corrections=renamed(
            reading.corrections,
            {
                old: slug
                for slug, body in reading.register.items()
                for old in body.formerly
                if slug in statistics
            },
        ),
        places={
            "authorities": reading.in_authorities.places,
            "letter": reading.in_letter.places,
            "statistics": reading.in_statistics.places,
            "contacts": reading.in_contacts.places,
        },
        problems=problems,
    )


def _groups_named(reading: Reading) -> tuple[str, ...]:
    """The peer groups that the register names, for want of a file of them."""
    groups = (authority.peer_group for authority in reading.register.values())
    return tuple(dict.fromkeys(group for group in groups if group))


def unknown_campaign(root: Path, year: str) -> UnknownCampaign:
    """What to say of a year that does not exist: which do."""
    beginning = f"there is no campaign {quoted(year)}"
    if not exists(root / "data"):
        nowhere = f'the folder "{root}" holds no folder data/'
        return UnknownCampaign(year, f"{beginning}: {nowhere}; --root names the one that does")
    for closed in ("data", f"data/{year}"):
        if is_closed(root / closed):
            may_not = f"{closed}/ may not be read; look at the folder's permissions"
            return UnknownCampaign(year, f"{beginning} to be seen: {may_not}")
    existing = campaigns(root)
    are = f"there {'are' if len(existing) > 1 else 'is'} {', '.join(existing)}"
    known = are if existing else "there is none yet"
    if year in _names(root / "data"):
        other = misnamed(root, f"data/{year}/letter.yaml")
        wrong = f"holds {other}, which must be called letter.yaml"
        found = wrong if other else "holds no letter.yaml"
        return UnknownCampaign(year, f"{beginning}: data/{year}/ {found}; {known}")
    return UnknownCampaign(year, f"{beginning} under data/: {known}")


def _misnamed_year(year: str, error: Refused) -> Problem:
    sentence = (
        f"the folder of a campaign is named by a slug: {error.sentence}, found {quoted(year)}"
    )
    hint = error.hint or "give the folder another name, such as 2024"
    return Problem(Place(f"data/{year}"), Severity.ERROR, error.code, sentence, hint)


def _with_letter(root: Path) -> list[str]:
    return [name for name in _names(root / "data") if exists(root / "data" / name / "letter.yaml")]


def _names(folder: Path) -> list[str]:
    try:
        folders = [path.name for path in folder.iterdir() if path.is_dir()]
        return sorted(name for name in folders if not name.startswith("."))
    except OSError:
        return []
