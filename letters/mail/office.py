"""How the office sends its mail: `data/office.yaml`."""

from __future__ import annotations

from pathlib import Path

from letters.campaign.reading import load_file
from letters.campaign.records import OFFICE, Office

OFFICE_FILE = "data/office.yaml"


def load_office(root: Path) -> Office:
    """How the office sends. Raises CampaignError with all problems, a missing file among them."""
    return load_file(root, OFFICE_FILE, OFFICE)
