"""One letter written and not yet typeset, by value: all its pages are made from but stationery."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from letters.errors import Spot


class Note(NamedTuple):
    """What is wrong with a letter, and where that is seen on its pages."""

    sentence: str
    text: str = ""  #: of the letter, by which it can be found where nobody knows the spots
    spots: tuple[Spot, ...] = ()


STATISTICS = "statistics.json"  #: the name under which a PDF carries its figures


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The words and figures of one letter; small, and fit to travel to another machine."""

    slug: str
    html: str  #: without styles
    statistics: Mapping[str, Any]  #: as the PDF carries them
    dated: date
    pages: range | None  #: the numbers of pages it may have; None for any
    faults: tuple[Note, ...] = ()  #: what is wrong with its words: it is made as a draft only

    @property
    def statistics_json(self) -> str:
        """The statistics as the text that the PDF carries: the same for the same values."""
        return json.dumps(self.statistics, ensure_ascii=False, indent=1) + "\n"
