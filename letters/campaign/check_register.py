"""Whether the register of authorities agrees with itself, and what it says of an authority."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from letters.campaign.reading import GROUPS_FILE, Reading
from letters.campaign.records import Authority
from letters.campaign.rules import GSS_CODE, slug_of
from letters.errors import Place, Problem, Severity
from letters.wording import (
    did_you_mean,
    hyphenated,
    meant,
    nearest_authority,
    quoted,
    series,
    there_are,
)

_CORRECT = "correct one of the two, or accept it in data/accepted.yaml"
_MOST_HINTS = 20  #: each takes a while; with more names wrong it is another file anyway


def check_register(reading: Reading) -> Iterator[Problem]:
    """Every problem of `authorities.yaml` as a whole, and of who is compared with whom."""
    yield from _entries(reading)
    yield from _names(reading)
    yield from _groups(reading)


def _entries(reading: Reading) -> Iterator[Problem]:
    """What entries say of each other, and what several of them have in common."""
    known, formers = reading.in_authorities.keys() or (), dict[str, str]()
    for slug, authority in reading.register.items():
        for index, successor in enumerate(authority.succeeded_by):
            path = (slug, "succeeded_by", index)
            if successor == slug:
                sentence = "an authority cannot succeed itself"
                yield reading.in_authorities.error("succeeds-itself", path, sentence)
            elif successor not in known:
                sentence = f"the register has no authority {quoted(successor)}"
                hint = meant(nearest_authority(successor, known))
                yield reading.in_authorities.error("unknown-successor", path, sentence, hint)
        for index, former in enumerate(authority.formerly):
            path = (slug, "formerly", index)
            if former in known:
                sentence = f"{quoted(former)} is still in the register: who had it has it no longer"
                hint = "one authority stands there once, under its present slug"
                yield reading.in_authorities.error("former-slug-still-there", path, sentence, hint)
            elif (other := formers.setdefault(former, slug)) != slug:
                sentence = f"{other} has the same; a slug was one authority's"
                yield reading.in_authorities.error("same-former-slug", path, sentence)
        if authority.began and authority.ended and authority.began > authority.ended:
            sentence = f"it ended on {authority.ended}, before it began on {authority.began}"
            yield reading.in_authorities.error("ended-before-it-began", (slug, "ended"), sentence)
    names = [(slug, body.name.casefold()) for slug, body in reading.register.items()]
    codes = [(slug, body.gss_code) for slug, body in reading.register.items()]
    yield from _repeated(reading, "name", names)
    yield from _repeated(reading, "gss_code", codes)
    yield from _also_another(reading, "also_called", {name: slug for slug, name in names})
    yield from _also_another(reading, "former_codes", {code: slug for slug, code in codes if code})


def _also_another(reading: Reading, key: str, owners: dict[str, str]) -> Iterator[Problem]:
    """Other spellings and former codes that are another authority's: nobody knows whose they are."""
    for slug, authority in reading.register.items():
        for index, said in enumerate(getattr(authority, key)):
            other = owners.setdefault(said.casefold() if key == "also_called" else said, slug)
            if other != slug:
                line = reading.in_authorities.places.key(other).line
                sentence = f"{quoted(said)} is that of {other} on line {line}, too"
                yield reading.in_authorities.error(
                    f"same-{hyphenated(key)}", (slug, key, index), sentence, "delete one of them"
                )


def _names(reading: Reading) -> Iterator[Problem]:
    """Names that are not those of their slugs: perhaps another authority's."""
    for slug, authority in reading.register.items():
        own = slug_of(authority.name)
        if own and own != slug:
            whose = f"that of {own}" if own in reading.register else f"its slug would be {own}"
            sentence = f"this name is not the slug's: {whose}"
            yield reading.in_authorities.doubt(
                "name-of-another-slug", (slug, "name"), sentence, _CORRECT
            )


def _groups(reading: Reading) -> Iterator[Problem]:
    """Peer groups that do not exist, or are not those of an authority's code."""
    named = {body.peer_group for body in reading.register.values()}
    known, groups = reading.in_groups.keys(), reading.groups
    if known is None:
        if any(named) and not reading.in_groups.problems:
            sentence = "there is no such file, so nobody sees that a peer group is a wrong one"
            hint = "write a line for each group, such as district: {codes: [E07]}"
            place = Place(reading.in_groups.places.file)
            yield Problem(place, Severity.WARNING, "no-peer-groups", sentence, hint)
        return
    strangers = dict[str, list[str]]()
    for slug in reading.in_authorities.keys() or ():
        group, code = (
            found if isinstance(found := reading.in_authorities.at(slug, key), str) else ""
            for key in ("peer_group", "gss_code")
        )
        of_code = [name for name, one in groups.items() if one.codes and code.startswith(one.codes)]
        path = (slug, "peer_group")
        if group and group not in known:
            strangers.setdefault(group, []).append(slug)
        elif not re.fullmatch(GSS_CODE, code):
            continue  # what is wrong with the code is told
        elif group in groups and group not in of_code and (of_code or groups[group].codes):
            kind = f"a code of the peer group {series(of_code)}" if of_code else "of no such group"
            sentence = f"{quoted(group)}, but the code {code} is {kind}"
            value = f"{group} {code}"
            yield reading.in_authorities.doubt(
                "peer-group-of-another-code", path, sentence, _CORRECT, value=value
            )
        elif of_code and not group:
            sentence = (
                f"its code {code} is one of the peer group {series(of_code)}, and it has none"
            )
            hint = "its letter compares it with nobody"
            yield reading.in_authorities.notice(
                "no-peer-group", (slug,), sentence, hint, "key", value=code
            )

    for group, slugs in strangers.items():
        sentence, hint = f"there is no peer group {quoted(group)}", did_you_mean(group, known)
        if len(slugs) > 1:
            sentence = f"{sentence}, and {len(slugs)} authorities name it"
            hint = hint or f"add it to {GROUPS_FILE}, or correct the names"
        path = (slugs[0], "peer_group")
        hint = hint or there_are(known)
        yield reading.in_authorities.error("no-such-peer-group", path, sentence, hint)


def _repeated(
    reading: Reading, key: str, values: Sequence[tuple[str, str | None]]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, value in values:
        if value and (other := first.setdefault(value, slug)) != slug:
            line = reading.in_authorities.places.key(other).line
            sentence, hint = f"{other} on line {line} has the same", "is one authority here twice?"
            yield reading.in_authorities.error(
                f"same-{hyphenated(key)}", (slug, key), sentence, hint
            )


def unregistered(reading: Reading, slugs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The slugs that the register lacks, each with a hint; none when it cannot be read."""
    known = reading.in_authorities.keys()
    if known is None:
        return
    there = frozenset(known)
    for number, slug in enumerate(slug for slug in slugs if slug not in there):
        if len(_several(slug, known)) > 1:
            yield slug, "write an entry for each authority: a key is one slug"
            continue
        hint = meant(nearest_authority(slug, known)) if number < _MOST_HINTS else ""
        yield slug, hint or "add it to data/authorities.yaml, or correct the slug"


def _several(key: str, known: Sequence[str]) -> list[str]:
    """The slugs that a key holds."""
    return [word for word in re.split(r"[^a-z0-9-]+|(?<=[a-z]) and ", key) if word in known]


def meant_by(reading: Reading, slugs: Sequence[str]) -> set[str]:
    """The authorities that slugs unknown to the register were probably meant to be.

    What else is wrong with them waits until the slug is right.
    """
    known = reading.in_authorities.keys() or ()
    strangers = [slug for slug, _ in unregistered(reading, slugs)]
    return {
        one
        for slug in strangers[:_MOST_HINTS]
        for one in _several(slug, known) or (nearest_authority(slug, known),)
    }


def did_not_exist(authority: Authority, day: date) -> str:
    """Why an authority gets no letter of a day, "" when it existed then."""
    if authority.began and authority.began > day:
        return f"it began on {authority.began}, after the letter's date, {day}"
    if authority.ended and authority.ended < day:
        return f"it ended on {authority.ended}, before the letter's date, {day}"
    return ""
