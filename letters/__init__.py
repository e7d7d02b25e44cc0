"""The letter engine: one year's statistics and words in, accessible letters out.

The public names, for use without the commands:

    campaign = letters.load(Path("."), "2020")
    figures = letters.figures_for(campaign, "maidstone-borough-council")
    html = letters.letter_html(Path("."), campaign, "maidstone-borough-council")
    letters.write_pdf(Path("."), campaign, "maidstone-borough-council", Path("maidstone.pdf"))

What stops the work is a `letters.LettersError`; its kinds are in `letters.errors`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own would be an import, and all of this is imported on first use

if TYPE_CHECKING:
    from typing import Any

    from letters.campaign.load import Campaign as Campaign
    from letters.campaign.load import load as load
    from letters.errors import CampaignError as CampaignError
    from letters.errors import LetterError as LetterError
    from letters.errors import LettersError as LettersError
    from letters.errors import Place as Place
    from letters.errors import Problem as Problem
    from letters.errors import RenderingError as RenderingError
    from letters.errors import Severity as Severity
    from letters.errors import TemplateError as TemplateError
    from letters.errors import UnknownCampaign as UnknownCampaign
    from letters.figures import figures_for as figures_for
    from letters.typesetting.single import letter_html as letter_html
    from letters.typesetting.single import write_pdf as write_pdf
    from letters.version import __version__ as __version__

_HOMES = {
    "Campaign": "letters.campaign.load",
    "load": "letters.campaign.load",
    "CampaignError": "letters.errors",
    "LetterError": "letters.errors",
    "LettersError": "letters.errors",
    "Place": "letters.errors",
    "Problem": "letters.errors",
    "RenderingError": "letters.errors",
    "Severity": "letters.errors",
    "TemplateError": "letters.errors",
    "UnknownCampaign": "letters.errors",
    "figures_for": "letters.figures",
    "letter_html": "letters.typesetting.single",
    "write_pdf": "letters.typesetting.single",
    "__version__": "letters.version",
}


def __getattr__(name: str) -> Any:
    """Import on first use: the commands, which need none of these at once, wait for nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, too, which are not there before their first use."""
    return sorted({*globals(), *_HOMES})
