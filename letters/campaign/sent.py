"""What was sent, as `data/YEAR/sent.yaml` has it: in git, without names and addresses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from letters.campaign.reading import load_file
from letters.campaign.records import (
    BeforeValidator,
    Digest,
    Field,
    InUniversalTime,
    Line,
    Record,
    Shape,
    Slug,
    Whole,
    as_tuple,
)
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists

#: our Message-IDs: of which year, and by which way the letter goes
NUMBER = re.compile(r"<(?:test\.)?(?P<year>[^.]*)\.[0-9]+(?:-[0-9]+)?(?P<way>[cp]?)\.")

#: by its value in a file; `claimed` where the message was about to go out
States = Literal["claimed", "accepted", "refused", "deferred", "unknown"]


class Sent(Record):
    """What became of one message (`sent.yaml`)."""

    slug: Slug = Field(description="Whose letter it was.")
    issue: Whole = Field(description="1 for the letter, 2 and more for one that corrects it.")
    state: States = Field(description="claimed before it goes out, then what became of it.")
    sha256: Digest = Field(description="Of the letter's PDF.")
    message_id: Line = Field(description="The message's Message-ID.")
    at: InUniversalTime = Field(description="When, in universal time: 2024-07-18 09:31:00.")


SENT: Shape[tuple[Sent, ...]] = Shape(
    Annotated[tuple[Sent, ...], BeforeValidator(as_tuple)],
    "What was sent, beside the books: of each message the last line counts.",
    Sent,
    when_empty=[],
)


def sent_file(year: str) -> str:
    """Where the witness of a year stands, below the root folder."""
    return f"data/{year}/sent.yaml"


def is_torn(root: Path, year: str) -> bool:
    """Whether its last line has no end, as a power cut leaves it; the next run mends that."""
    try:
        content = (root / sent_file(year)).read_bytes()
    except OSError:
        return False
    return bool(content) and not content.endswith(b"\n")


def year_of(message_id: str) -> str:
    """Of which year's letters a message is; "" for a number that is none of ours."""
    found = NUMBER.match(message_id)
    return found["year"] if found else ""


def read_sent(root: Path, year: str) -> tuple[Sent, ...]:
    """The lines of a year, none without a file. Raises CampaignError with all that is wrong."""
    file = sent_file(year)
    lines = load_file(root, file, SENT) if exists(root / file) else ()
    if other := next((one for one in lines if year_of(one.message_id) not in ("", year)), None):
        sentence = f"a letter of {year_of(other.message_id)} stands here: {other.message_id}"
        hint = f"each year has its own: bring back that of {year}, or take this one out if it was copied"
        raise CampaignError(
            (Problem(Place(file), Severity.ERROR, "sent-in-another-year", sentence, hint),)
        )
    return lines
