"""The letter engine: one year's statistics and words in, accessible letters out.

The public names, for use without the commands:

    campaign = letters.load(Path("."), "2020")
    figures = letters.figures_for(campaign, "maidstone-borough-council")
    html = letters.letter_html(Path("."), campaign, "maidstone-borough-council")
    letters.write_pdf(Path("."), campaign, "maidstone-borough-council", Path("maidstone.pdf"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from letters.errors import (
    CampaignError,
    LetterError,
    LettersError,
    Place,
    Problem,
    RenderingError,
    Severity,
    TemplateError,
    UnknownCampaign,
)

if TYPE_CHECKING:
    from letters.campaign.load import Campaign, load
    from letters.figures import figures_for
    from letters.typesetting.press import letter_html, write_pdf

__version__ = "0.1.0"

__all__ = [
    "Campaign",
    "CampaignError",
    "LetterError",
    "LettersError",
    "Place",
    "Problem",
    "RenderingError",
    "Severity",
    "TemplateError",
    "UnknownCampaign",
    "figures_for",
    "letter_html",
    "load",
    "write_pdf",
]

_HOMES = {
    "Campaign": "letters.campaign.load",
    "load": "letters.campaign.load",
    "figures_for": "letters.figures",
    "letter_html": "letters.typesetting.press",
    "write_pdf": "letters.typesetting.press",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that `letters --help` waits for nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
