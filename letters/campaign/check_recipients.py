"""Whether those that should have figures have them, and whether it is said well who they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from letters.campaign.check_figures import FEW
from letters.campaign.check_register import did_not_exist, meant_by, unregistered
from letters.campaign.check_statistics import NO_SUCH_AUTHORITY
from letters.campaign.reading import Reading
from letters.campaign.recipients import existing, should_have_figures
from letters.errors import Problem
from letters.source.places import KeyPath
from letters.wording import did_you_mean, quoted, series, there_are

_SAY_WHO = "letter.yaml can say who gets one: `expected: all`, or `only: [...]`"


def check_recipients(reading: Reading) -> Iterator[Problem]:
    """Every problem of who gets a letter."""
    yield from _said(reading)
    yield from _conditions(reading)
    yield from _without_figures(reading)
    yield from _without_letter(reading)


def _said(reading: Reading) -> Iterator[Problem]:
    """What is wrong with `expected`, `only` and `left_out`."""
    letter, source = reading.letter, reading.in_letter
    only, day = letter.only or (), letter.letter_date
    if letter.only is not None and letter.expected is not None:
        sentence = "`expected: all` and `only` exclude each other"
        hint = "keep one of the two lines"
        yield source.error("only-beside-all", ("only",), sentence, hint, "key")
    named: list[tuple[str, KeyPath]] = [(slug, ("only", at)) for at, slug in enumerate(only)]
    named += [(slug, ("left_out", slug)) for slug in letter.left_out]
    strangers = dict(unregistered(reading, [slug for slug, _ in named]))
    for at, (slug, path) in enumerate(named):
        body = reading.register.get(slug)
        if slug in strangers:
            problem = source.error("no-such-authority", path, NO_SUCH_AUTHORITY, strangers[slug])
            yield replace(problem, authority=slug)
        elif path[0] == "only" and slug in only[:at]:
            yield source.error("named-twice", path, f"{slug} is named twice", "delete one of them")
        elif path[0] == "only" and slug in letter.left_out:
            sentence = f"{slug} is to get a letter, and is left out"
            yield source.error("only-and-left-out", path, sentence, "keep one of the two")
        elif body and day and (reason := did_not_exist(body, day)):
            hint = "it gets no letter anyway: delete it here"
            yield source.warning("named-in-vain", path, f"{slug}: {reason}", hint)


def _conditions(reading: Reading) -> Iterator[Problem]:
    names = reading.in_letter.keys("counts")
    for name in reading.letter.letter_if:
        if names is not None and name not in names:
            sentence = f"there is no count {quoted(name)}"
            hint = did_you_mean(name, names) or there_are(names)
            yield reading.in_letter.error(
                "no-such-count", ("letter_if", name), sentence, hint, "key"
            )


def _without_figures(reading: Reading) -> Iterator[Problem]:
    """Authorities that should have figures and have none."""
    given = reading.in_statistics.keys()
    if given is None:
        return
    there = {*given, *meant_by(reading, given)}
    expected = should_have_figures(reading)
    if expected is None:
        yield from _awaited(reading, reading.awaited)
        if reading.letter.letter_date:
            there |= {*reading.awaited, *reading.letter.left_out}
            yield from _undeclared(reading, [one for one in existing(reading) if one not in there])
    else:
        known, day = reading.register, reading.letter.letter_date
        wanted = [slug for slug in expected if slug in known and slug not in there]
        yield from _awaited(
            reading, [slug for slug in wanted if not (day and did_not_exist(known[slug], day))]
        )


def _awaited(reading: Reading, slugs: Sequence[str]) -> Iterator[Problem]:
    who = "or say in letter.yaml who gets no letter (`left_out:`), or who alone gets one (`only:`)"
    if len(slugs) > FEW:
        sentence = f"{len(slugs)} authorities have no figures yet: {series(slugs, most=3)}"
        count, hint = str(len(slugs)), f"write their counts; {who}"
        problem = reading.in_statistics.error(
            "many-without-figures", (), sentence, hint, value=count
        )
        yield replace(problem, unfinished=True)
        return
    for slug in slugs:
        sentence = "this authority should have figures and has none"
        hint = f"write its counts; {who}"
        problem = reading.in_statistics.error("no-figures", (slug,), sentence, hint, "key")
        yield replace(problem, unfinished=True)


def _undeclared(reading: Reading, missing: Sequence[str]) -> Iterator[Problem]:
    """Authorities without figures, where nobody has said whether they should have some."""
    if len(missing) > FEW:
        some = series(missing, most=3)
        sentence = f"{len(missing)} authorities of the register have no statistics: {some}"
        count = str(len(missing))
        yield reading.in_statistics.warning(
            "many-without-statistics", (), sentence, _SAY_WHO, value=count
        )
        return
    for slug in missing:
        sentence = f"this authority has no statistics in {reading.year}, so no letter goes to it"
        yield reading.in_authorities.warning("no-statistics", (slug,), sentence, _SAY_WHO, "key")


def _without_letter(reading: Reading) -> Iterator[Problem]:
    """Authorities with figures that `only` does not name: forgotten there, or not."""
    letter = reading.letter
    if letter.only is None:
        return
    slugs = [
        slug
        for slug in reading.statistics
        if slug not in letter.only and slug not in letter.left_out and slug in reading.register
    ]
    hint = "add it to `only` or to `left_out` in letter.yaml"
    if len(slugs) > FEW:
        sentence = f"{len(slugs)} authorities have figures and are not among those of `only`"
        count = str(len(slugs))
        yield reading.in_statistics.warning("many-not-in-only", (), sentence, hint, value=count)
        return
    for slug in slugs:
        sentence = "it has figures and gets no letter: `only` does not name it"
        yield reading.in_statistics.warning("not-in-only", (slug,), sentence, hint, "key")
