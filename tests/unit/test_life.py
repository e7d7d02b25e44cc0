"""A letter's whole life is told in the order in which one thing followed from another."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from letters.campaign.corrections import Correction, Replacement
from letters.campaign.load import load
from letters.mail.attempts import Attempt, Fate, State, Word
from letters.mail.life import life
from tests.conftest import SMALL_YEAR

ASHBY = "ashby-district-council"
DAY = "2024-07-18"


def tried(number: int, issue: int, hour: str) -> Attempt:
    at = f"{DAY} {hour}:00"
    return Attempt(
        *(number, ASHBY, issue, "1" * 64, "a" * 64, f"<{number}@office>", State.ACCEPTED),
        *(at, at, at, "250 Taken", ""),
    )


def test_a_correction_of_the_same_day_and_a_report_with_a_slow_clock_follow_what_they_are_about(
    tmp_path: Path,
) -> None:
    root = Path(shutil.copytree(SMALL_YEAR, tmp_path / "year"))
    replaced = Replacement(issue=2, replaces="1" * 64, sha256="2" * 64)
    correction = Correction(
        id="2024-C1", date=date(2024, 7, 18), by="Ada", reason="A case too many.",
        severity="minor", letters={ASHBY: replaced},
    )  # fmt: skip
    campaign = replace(load(root, "2024"), corrections=(correction,))
    slow = Word(
        *(1, 0, "Chief Executive", "d" * 64, Fate.FAILED, "550 no such user"),
        *(f"{DAY} 07:59:00", "hash"),
    )
    told = life(root, campaign, ASHBY, [tried(1, 1, "08:00"), tried(2, 2, "12:00")], [slow])
    shown = [moment.what.partition(",")[0] for moment in told]
    assert shown == [
        "attempt 1: issue 1",
        "attempt 1: message <1@office>",
        "attempt 1: accepted: 250 Taken",
        "corrected by Ada (2024-C1): A case too many.",
        "attempt 1: Chief Executive: failed: 550 no such user",
        "attempt 2: issue 2",
        "attempt 2: message <2@office>",
        "attempt 2: accepted: 250 Taken",
    ]
