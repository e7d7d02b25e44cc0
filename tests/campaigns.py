"""Campaigns made for a test: the small year with other authorities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from letters.campaign.load import Campaign, load
from letters.campaign.records import Authority, ChiefExecutive, Contacts
from tests.conftest import SMALL_YEAR


def authority(
    name: str,
    group: str | None = "district",
    investigations: int = 10,
    upheld: int = 5,
    remedied: int = 1,
) -> tuple[Authority, dict[str, int]]:
    """A body for the register and its counts."""
    body = Authority.model_validate({"name": name} | ({"peer_group": group} if group else {}))
    counts = {"investigations": investigations, "upheld": upheld, "remedied": remedied}
    return body, {**counts, "population": 100_000}


def campaign_of(*bodies: tuple[Authority, dict[str, int]], **letter: Any) -> Campaign:
    """The small year with these authorities, each with a chief executive; `letter` differs so."""
    small = load(SMALL_YEAR, "2024")
    named = {body.name.lower().replace(" ", "-"): (body, counts) for body, counts in bodies}
    executive = ChiefExecutive(title="Ms", surname="Oak", email="ce@council.example")
    return replace(
        small,
        letter=small.letter.model_copy(update=letter),
        register={slug: body for slug, (body, _) in named.items()},
        statistics={slug: counts for slug, (_, counts) in named.items()},
        contacts=dict.fromkeys(named, Contacts(chief_executive=executive)),
    )
