"""Why the words of a letter are others: what changed of what they are made from, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from letters.batch.manifest import Origin
from letters.batch.plan import changed_setting, changed_words
from letters.compare.change import Change
from letters.compare.figures import NAMED, Groups, Row
from letters.compare.versions import Version, name_in
from letters.typesetting.formats import day
from letters.wording import series


class Causes:
    """What changed between two moments; what all letters share is looked into once."""

    def __init__(self) -> None:
        self._shared = dict[tuple[str, str], tuple[str, ...]]()

    def of(self, before: Version, now: Version) -> tuple[str, ...]:
        """What changed of what a letter is made from, but for figures; none where it is not known."""
        was, is_ = name_in(before.statistics), name_in(now.statistics)
        name = (f"data/authorities.yaml: name {was} -> {is_}",) if was != is_ else ()
        if before.origin is None or now.origin is None:
            return name
        own = changed_words(before.origin.entry, now.origin.entry)
        return (*name, *own, *self._of_all(before.origin, now.origin))

    def _of_all(self, old: Origin, new: Origin) -> tuple[str, ...]:
        key = old.entry.setting, new.entry.setting
        if key[0] == key[1] or old.setting is None or new.setting is None:
            return ()
        if key not in self._shared:
            self._shared[key] = tuple(changed_setting(old.setting, new.setting))
        return self._shared[key]


def looks_otherwise(before: Version, now: Version) -> bool | None:
    """Whether a letter of the same words is made otherwise; None where it is not known."""
    if before.origin and now.origin:
        return before.origin.entry.fingerprint != now.origin.entry.fingerprint
    if before.sha256 and now.sha256:
        return before.sha256 != now.sha256
    return None


def perhaps(now: Version, changes: Sequence[Change], groups: Groups) -> Iterator[str]:
    """What may be why words changed of which nothing else is known: letters can print this, too.

    That is what the register has of the authority, where just that is new in the words; and averages
    before they are rounded, where counts of its peer group changed.
    """
    authority = groups.campaign.register[now.slug]
    kept = authority.model_dump(exclude={"name", "peer_group"}, exclude_none=True)
    for key, value in kept.items():
        texts = [_said(one) for one in (value if isinstance(value, tuple | list) else (value,))]
        if any(text in one.now and text not in one.was for text in texts for one in changes):
            yield f"perhaps data/authorities.yaml: {key}"
    group = authority.peer_group
    if group and (whose := groups.changed_in(group)):
        yield f"perhaps exact averages of {group} authorities: {series(whose, most=NAMED)} changed"


def _said(value: object) -> str:
    return day(value) if isinstance(value, date) else str(value)


def are_unexplained(
    before: Version, now: Version, changes: Sequence[Change], causes: Sequence[str]
) -> bool:
    """Whether words changed although nothing that they are made from did, as far as that is known."""
    old, new = before.origin, now.origin
    same = old is not None and new is not None and _shared_by(old) == _shared_by(new)
    return bool(changes and same and not causes)


def unexplained(
    before: Version,
    now: Version,
    changes: Sequence[Change],
    rows: Sequence[Row],
    causes: Sequence[str],
) -> Iterator[str]:
    """What changed in a letter although nothing that it is made from did, as sentences."""
    for row in rows:
        if row.flagged:
            yield f"{row.name} is {row.now} and was {row.was}; nothing that it is worked out of changed"
    if are_unexplained(before, now, changes, causes):
        yield "its words changed; nothing that they are made from did"


def _shared_by(origin: Origin) -> tuple[object, ...]:
    return origin.entry.statistics, origin.entry.setting
