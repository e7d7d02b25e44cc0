"""Who should have figures and who gets a letter: what `letter.yaml` says, of those that exist."""

from __future__ import annotations

from collections.abc import Mapping

from letters.campaign.check_register import did_not_exist
from letters.campaign.reading import Reading
from letters.campaign.records import LetterParts, Statistics


def existing(reading: Reading) -> tuple[str, ...]:
    """The authorities of the register that exist on the letter's date; all without a date."""
    day = reading.letter.letter_date
    return tuple(
        slug for slug, body in reading.register.items() if not (day and did_not_exist(body, day))
    )


def should_have_figures(reading: Reading) -> tuple[str, ...] | None:
    """The authorities that `letter.yaml` expects figures of; None where it does not say.

    Without a letter's date nobody knows who exists then, so all that have a line are expected.
    """
    letter = reading.letter
    if letter.only is not None:
        named = letter.only
    elif letter.expected is None:
        return None
    elif letter.letter_date is None:
        named = (*reading.statistics, *reading.awaited)
    else:
        named = existing(reading)
    return tuple(dict.fromkeys(slug for slug in named if slug not in letter.left_out))


def with_letter(reading: Reading) -> Statistics:
    """The figures of the authorities that get a letter."""
    return {
        slug: counts
        for slug, counts in reading.statistics.items()
        if gets_letter(reading.letter, slug, counts)
    }


def gets_letter(letter: LetterParts, slug: str, counts: Mapping[str, int]) -> bool:
    """Whether an authority with these counts gets a letter, by `only`, `left_out`, `letter_if`."""
    enough = all(
        counts[name] >= bound.at_least for name, bound in letter.letter_if.items() if name in counts
    )
    return enough and may_get_letter(letter, slug)


def may_get_letter(letter: LetterParts, slug: str) -> bool:
    """Whether `only` and `left_out` let an authority have one, whatever its counts."""
    return (letter.only is None or slug in letter.only) and slug not in letter.left_out
