"""Approvals: the last ones count, those before are kept to tell who said what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from letters.campaign.records import Approvals
from letters.mail.approvals import Seal, approved, load_approvals, standing, write_approvals
from letters.mail.stages import Standing

SLUG = "ashby-district-council"
FIRST, OTHER = Seal(SLUG, "1" * 64, "a" * 64), Seal(SLUG, "2" * 64, "a" * 64)
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)


def given(*words: tuple[Seal, str]) -> Approvals:
    """What is in the file after some people approved, one after the other."""
    approvals: Approvals = {}
    for seal, by in words:
        approvals = approved([seal], approvals, by, NOW)
    return approvals


@pytest.mark.parametrize(
    ("words", "seal", "expected"),
    [
        ([], FIRST, Standing.NEW),
        ([(FIRST, "Ada")], FIRST, Standing.PARTLY),
        ([(FIRST, "Ada"), (FIRST, "Bob")], FIRST, Standing.APPROVED),
        ([(FIRST, "Ada"), (FIRST, "ADA")], FIRST, Standing.PARTLY),
        ([(FIRST, "Ada"), (OTHER, "Bob")], OTHER, Standing.PARTLY),
        ([(FIRST, "Ada"), (FIRST, "Bob")], OTHER, Standing.CHANGED),
        # somebody approved another one since: what it was before counts for nothing any more
        ([(FIRST, "Ada"), (FIRST, "Bob"), (OTHER, "Ada")], FIRST, Standing.CHANGED),
        ([(FIRST, "Ada"), (OTHER, "Ada"), (FIRST, "Bob")], FIRST, Standing.PARTLY),
    ],
)
def test_only_words_for_what_was_approved_last_count(
    words: list[tuple[Seal, str]], seal: Seal, expected: Standing
) -> None:
    assert standing(seal, given(*words), needed=2) is expected


def test_who_approved_what_a_letter_was_before_is_kept(tmp_path: Path) -> None:
    approvals = given((FIRST, "Ada"), (OTHER, "Bob"), (OTHER, "Bob"), (OTHER, "Ada"))
    (tmp_path / "data/2024").mkdir(parents=True)
    write_approvals(tmp_path, "2024", approvals)
    read = load_approvals(tmp_path, "2024")[SLUG]
    assert [(one.by, one.sha256[0]) for one in read] == [("Ada", "1"), ("Bob", "2"), ("Ada", "2")]
