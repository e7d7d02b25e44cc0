"""What is read besides a campaign's own files: the office's way to send mail, and the approvals of a year."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from letters.campaign.models import APPROVALS, OFFICE, Approvals, Office, Shape
from letters.campaign.reading import read_file
from letters.errors import CampaignError, Problem
from letters.files import exists

T = TypeVar("T")

OFFICE_FILE = "data/office.yaml"


def approvals_file(year: str) -> str:
    """Where a year's approvals stand, below the root folder."""
    return f"data/{year}/approvals.yaml"


def load_office(root: Path) -> Office:
    """How the office sends its mail. Raises CampaignError with every problem of the file, also when it is missing."""
    return _loaded(root, OFFICE_FILE, OFFICE)


def load_approvals(root: Path, year: str) -> Approvals:
    """The approvals of a year, none when nothing was approved. Raises CampaignError with every problem of the file."""
    file = approvals_file(year)
    return _loaded(root, file, APPROVALS) if exists(root / file) else {}


def _loaded(root: Path, file: str, shape: Shape[T]) -> T:
    record, problems = read_file(root, file, shape)
    if record is None or problems:
        raise CampaignError(problems)
    return record


def mail_problems(root: Path, year: str) -> tuple[Problem, ...]:
    """The problems of both files, as far as they are there: letters can be made without them."""
    files = ((OFFICE_FILE, OFFICE), (approvals_file(year), APPROVALS))
    return tuple(
        problem
        for file, shape in files
        if exists(root / file)
        for problem in read_file(root, file, shape)[1]
    )
