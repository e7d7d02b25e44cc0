"""How the office sends its mail, `data/office.yaml`; and the problems of files only mail needs."""

from __future__ import annotations

from pathlib import Path

from letters.campaign.reading import load_file, read_file
from letters.campaign.records import APPROVALS, OFFICE, Office
from letters.errors import Problem
from letters.files import exists
from letters.mail.approvals import approvals_file

OFFICE_FILE = "data/office.yaml"


def load_office(root: Path) -> Office:
    """How the office sends. Raises CampaignError with all problems, a missing file among them."""
    return load_file(root, OFFICE_FILE, OFFICE)


def mail_problems(root: Path, year: str) -> tuple[Problem, ...]:
    """The problems of both files, as far as they are there: letters can be made without them."""
    files = ((OFFICE_FILE, OFFICE), (approvals_file(year), APPROVALS))
    return tuple(
        problem
        for file, shape in files
        if exists(root / file)
        for problem in read_file(root, file, shape)[1]
    )
