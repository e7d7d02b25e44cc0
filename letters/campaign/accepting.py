"""What an office has looked at and wants to keep: problems that are accepted, each with its value.

An entry of an `accepted` list silences the warnings and notices of one code about one authority (or
about none) with just this value; any other value raises them again. Errors cannot be accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from letters.campaign.records import Acceptance
from letters.errors import Place, Problem, Severity
from letters.source.scalars import as_text
from letters.wording import did_you_mean, quoted, series

REGISTER_FILE = "data/authorities.yaml"
ACCEPTED_FILE = "data/accepted.yaml"  #: for the problems of the register, in all years


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry of an `accepted` list, and where it stands."""

    code: str
    authority: str  #: "" for a problem that is about none alone
    value: str  #: "" for a problem that has none
    place: Place

    def is_about(self, problem: Problem) -> bool:
        """Whether it speaks of this problem, whatever the value."""
        of_all_years = self.place.file == ACCEPTED_FILE
        return (self.code, self.authority) == (problem.code, problem.authority) and (
            not of_all_years or problem.place.file == REGISTER_FILE
        )

    def covers(self, problem: Problem) -> bool:
        """Whether the problem is accepted by it."""
        return self.is_about(problem) and self.value == problem.value and _is_acceptable(problem)


def _is_acceptable(problem: Problem) -> bool:
    return problem.severity is not Severity.ERROR or problem.may_be_accepted


def accepted_of(entries: Sequence[Acceptance], places: Sequence[Place]) -> tuple[Accepted, ...]:
    """The entries of one list with their places."""
    return tuple(
        Accepted(one.code, one.authority or "", as_text(one.value), place)
        for one, place in zip(entries, places, strict=True)
    )


def remaining(problems: Iterable[Problem], accepted: Sequence[Accepted]) -> tuple[Problem, ...]:
    """The problems that nobody has accepted; one that was, with another value, says so."""
    return tuple(
        _with_hint(problem, accepted)
        for problem in problems
        if not any(one.covers(problem) for one in accepted)
    )


def _with_hint(problem: Problem, accepted: Sequence[Accepted]) -> Problem:
    before = next((one for one in accepted if one.is_about(problem)), None)
    if before is None or not _is_acceptable(problem):
        return problem
    was = f"with the value {before.value}" if before.value else "without a value"
    now = f"it is {problem.value} now" if problem.value else "it has none now"
    hint = f"it was accepted {was} ({before.place.file}:{before.place.line}), and {now}"
    return replace(problem, hint=f"{problem.hint}; {hint}" if problem.hint else hint)


def needless(accepted: Iterable[Accepted], problems: Sequence[Problem]) -> Iterator[Problem]:
    """What is wrong with entries that accept nothing; `problems` are all, accepted or not."""
    for one in accepted:
        about = [problem for problem in problems if one.is_about(problem)]
        if any(not _is_acceptable(problem) for problem in about):
            sentence, hint = "an error cannot be accepted", "mend it, and delete this entry"
            yield _problem(one, Severity.WARNING, "error-accepted", sentence, hint)
        elif not about and one.place.file != ACCEPTED_FILE:  # another year may have it
            codes = {problem.code for problem in problems if problem.authority == one.authority}
            sentence = f"there is no problem {quoted(one.code)} to accept here (any more)"
            others = {problem.authority for problem in problems if problem.code == one.code}
            hint = did_you_mean(one.code, sorted(codes)) or "delete this entry"
            if others:
                slugs = series(sorted(filter(None, others)), "or", most=3)
                hint = f"there is one with authority: {slugs}" if slugs else "leave authority out"
            yield _problem(one, Severity.NOTICE, "nothing-to-accept", sentence, hint)


def _problem(one: Accepted, severity: Severity, code: str, sentence: str, hint: str) -> Problem:
    return Problem(one.place, severity, code, sentence, hint, "accepted", one.authority)
