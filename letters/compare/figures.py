"""The numbers of one letter at two moments: old, new, difference, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from letters.campaign.load import Campaign
from letters.compare.versions import Side, Version
from letters.errors import Place
from letters.intake.provenance import Supply
from letters.typesetting.formats import number
from letters.wording import series, spaced

NONE = "none"  #: in place of a number that there is not
_COMPUTED = "computed"  #: what letter.yaml says of averages that are worked out here
#: keys of a measure by which its value becomes another one
_WORKED_OUT = ("count", "of", "stated_base", "per", "decimals")
NAMED = 3  #: authorities whose counts changed, by name

Plain = Mapping[str, Any]
#: What the workbooks say of a letter's counts, by count.
Supplies = Callable[[str], Mapping[str, Sequence[Supply]]]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a number is another one."""

    kind: str  #: data, average, measure, group, engine
    words: str
    place: Place | None = None
    supplies: tuple[Supply, ...] = ()  #: what the count was imported from


@dataclass(frozen=True, slots=True)
class Row:
    """One number that is another one."""

    name: str  #: "upheld", "uphold rate", "uphold rate, average"
    was: str  #: as printed: "64%"; "none" where there was none
    now: str
    difference: str  #: "+3", "-0.5"; "" where there is none to be told
    causes: tuple[Cause, ...]

    @property
    def flagged(self) -> bool:
        """Whether it changed although nothing that it is made of did."""
        return not self.causes


@dataclass(frozen=True, slots=True)
class Groups:
    """What all letters say of the counts that averages are worked out of."""

    campaign: Campaign
    #: by peer group and count, the authorities that have another one
    changed: Mapping[tuple[str, str], Sequence[str]]
    joined: Mapping[str, Sequence[str]]  #: by peer group, the authorities that are in it now
    left: Mapping[str, Sequence[str]]  #: by peer group, those that were in it, or get no letter now
    unknown: Mapping[str, Sequence[str]]  #: by peer group, those whose letter is missing
    is_mixed: bool  #: whether letters of then are of more moments than one

    def because_of(self, group: str, counts: Iterable[str]) -> str:
        """Why an average of a group of these counts is another one; "" where nothing is known."""
        own = [slug for count in counts for slug in self.changed.get((group, count), ())]
        told = (
            (f"counts of {group} authorities changed: ", own),
            (f"new among {group} authorities: ", self.joined.get(group, ())),
            (f"no longer among {group} authorities: ", self.left.get(group, ())),
        )
        parts = ((words, list(dict.fromkeys(slugs))) for words, slugs in told if slugs)
        return "; ".join(f"{words}{series(slugs, most=NAMED)}" for words, slugs in parts)

    def changed_in(self, group: str) -> Sequence[str]:
        """The authorities of a peer group of which any count is another one, or that left it."""
        own = (slugs for (of, _), slugs in self.changed.items() if of == group)
        return tuple(dict.fromkeys(chain(*own, self.left.get(group, ()))))


def groups_of(campaign: Campaign, before: Side, now: Side) -> Groups:
    """Whose counts or peer groups changed; of a letter that is missing nobody knows."""
    then, today = before.versions, now.versions
    changed: dict[tuple[str, str], list[str]] = {}
    joined, left, unknown = (defaultdict[str, list[str]](list) for _ in range(3))
    for slug in dict.fromkeys((*before.missing, *now.missing)):
        if slug in campaign.register:
            unknown[campaign.register[slug].peer_group or ""].append(slug)
    lost = {slug for slugs in unknown.values() for slug in slugs}
    for slug in (one for one in dict.fromkeys((*today, *then)) if one not in lost):
        sides = [_counted(side[slug]) if slug in side else ("", {}) for side in (then, today)]
        (old_group, old), (new_group, new) = sides
        if old_group != new_group:
            joined[new_group].append(slug)
            left[old_group].append(slug)
            continue
        for count in dict.fromkeys((*new, *old)):
            if old.get(count) != new.get(count):
                changed.setdefault((new_group, count), []).append(slug)
    is_mixed = len({one.at for one in then.values()}) > 1
    return Groups(campaign, changed, joined, left, unknown, is_mixed)


def rows_of(before: Version, now: Version, groups: Groups, supplies: Supplies) -> tuple[Row, ...]:
    """The numbers of a letter that are others, counts first."""
    if before.statistics == now.statistics:
        return ()
    return tuple(_rows(before, now, groups, supplies))


def is_told(rows: Sequence[Row], was: str, now: str) -> bool:
    """Whether a number that changed in the words is one of the rows: "64%" to "63%"."""
    return any(one.was == was and one.now == now for one in rows)


def _rows(before: Version, now: Version, groups: Groups, supplies: Supplies) -> Iterator[Row]:
    old, new = before.statistics, now.statistics
    counts = [_part(one, "counts") for one in (old, new)]
    changed = [
        name
        for name in dict.fromkeys((*counts[1], *counts[0]))
        if counts[0].get(name) != counts[1].get(name)
    ]
    supplied = supplies(now.slug) if changed else {}
    for name in changed:
        old_count, new_count = (one.get(name) for one in counts)
        place = groups.campaign.places["statistics"].value(now.slug, name)
        causes = (Cause("data", "its data line", place, tuple(supplied.get(name, ()))),)
        shown = _shown(old_count), _shown(new_count), _difference(old_count, new_count)
        yield Row(spaced(name), *shown, causes)
    measures = [_part(one, "figures") for one in (old, new)]
    for name in dict.fromkeys((*measures[1], *measures[0])):
        was, is_ = (_plain(one.get(name)) for one in measures)
        yield from _figure(name, was, is_, set(changed), before, now, groups)


def _figure(
    name: str,
    was: Plain,
    is_: Plain,
    changed: set[str],
    before: Version,
    now: Version,
    groups: Groups,
) -> Iterator[Row]:
    if was.get("value") != is_.get("value"):
        causes = tuple(_own(name, was, is_, changed, before, now)) or _engine(before, now)
        yield _row(spaced(name), "value", was, is_, causes)
    if was.get("peer_average") != is_.get("peer_average"):
        causes = tuple(_average(name, was, is_, before, now, groups)) or _engine(before, now)
        yield _row(f"{spaced(name)}, average", "peer_average", was, is_, causes)


def _row(name: str, key: str, was: Plain, is_: Plain, causes: tuple[Cause, ...]) -> Row:
    old, new = was.get(key), is_.get(key)
    texts = _shown(old, was.get("per")), _shown(new, is_.get("per"))
    return Row(name, *texts, _difference(old, new), causes)


def _own(
    name: str, was: Plain, is_: Plain, changed: set[str], before: Version, now: Version
) -> Iterator[Cause]:
    """Why an authority's own figure is another one."""
    of = dict.fromkeys(str(one[key]) for one in (was, is_) for key in ("count", "of") if key in one)
    if names := [spaced(one) for one in of if one in changed]:
        yield Cause("data", f"{series(names)} changed")
    yield from _definition(name, was, is_, before, now)


def _definition(
    name: str, was: Plain, is_: Plain, before: Version, now: Version, *also: str
) -> Iterator[Cause]:
    if not was or not is_:
        yield Cause("measure", "the measure is new" if is_ else "there is no such measure now")
        return
    keys = [key for key in ("count", "of", "stated_base", "per") if was.get(key) != is_.get(key)]
    old, new = _letter(before), _letter(now)
    if old is not None and new is not None:
        begins = f"measures.{name}."
        found = (one for one in {*old, *new} if one in map(begins.__add__, (*_WORKED_OUT, *also)))
        keys += [one.removeprefix(begins) for one in sorted(found) if old.get(one) != new.get(one)]
    if keys := list(dict.fromkeys(keys)):
        yield Cause("measure", f"the measure's {series(keys)} changed in letter.yaml")


def _average(
    name: str, was: Plain, is_: Plain, before: Version, now: Version, groups: Groups
) -> Iterator[Cause]:
    """Why the average that a figure is compared with is another one."""
    yield from _definition(name, was, is_, before, now, "compared")
    if not was or not is_:
        return
    old_group, new_group = (_counted(one)[0] for one in (before, now))
    campaign = groups.campaign
    if old_group != new_group:
        place = campaign.places["authorities"].value(now.slug, "peer_group")
        words = f"its peer group: {old_group or NONE} -> {new_group or NONE}"
        yield Cause("group", words, place)
        return
    if (was.get("value") is None) != (is_.get("value") is None):
        yield Cause("data", "a figure that there is not is compared with none")
    were, is_computed = _letter(before), campaign.letter.peer_averages == _COMPUTED
    if were is not None and is_computed != (were.get("peer_averages") == _COMPUTED):
        ways = ("worked out", "published ones")
        of_now, of_then = ways if is_computed else reversed(ways)
        yield Cause("average", f"averages are {of_now} now, and were {of_then} then")
        return
    if not is_computed:
        key = f"peer_averages.{new_group}.{name}"
        old, new = _letter(before), _letter(now)
        if old is None or new is None or old.get(key) != new.get(key):
            place = campaign.places["letter"].value("peer_averages", new_group, name)
            yield Cause("average", f"the published average of {new_group} authorities", place)
        return
    of = dict.fromkeys(str(one[key]) for one in (was, is_) for key in ("count", "of") if key in one)
    if words := groups.because_of(new_group, of):
        yield Cause("average", words)
    elif unknown := groups.unknown.get(new_group):
        words = f"perhaps counts of authorities not compared: {series(unknown, most=NAMED)}"
        yield Cause("average", words)
    elif others := [
        slug for slug in campaign.without_letter if campaign.register[slug].peer_group == new_group
    ]:
        words = f"perhaps counts of authorities that get no letter: {series(others, most=NAMED)}"
        yield Cause("average", words)
    elif groups.is_mixed:
        words = "perhaps counts that changed in between: letters of then are of different days"
        yield Cause("average", words)


def _engine(before: Version, now: Version) -> tuple[Cause, ...]:
    """Another version of the engine, where nothing else can have been the cause."""
    settings = [one.origin.setting if one.origin else None for one in (before, now)]
    was, is_ = (one.engine.get("letters", NONE) if one else "" for one in settings)
    return (Cause("engine", f"the engine: {was} -> {is_}"),) if was and is_ and was != is_ else ()


def _letter(version: Version) -> Mapping[str, str] | None:
    """The values of letter.yaml that a letter was made with, by dotted key; None if unknown."""
    setting = version.origin.setting if version.origin else None
    return setting.letter if setting else None


def _counted(version: Version) -> tuple[str, Plain]:
    """A letter's peer group, "" for none, and its counts."""
    authority = _part(version.statistics, "authority")
    return str(authority.get("peer_group") or ""), _part(version.statistics, "counts")


def _part(statistics: Plain, key: str) -> Plain:
    return _plain(statistics.get(key))


def _plain(value: Any) -> Plain:
    return value if isinstance(value, Mapping) else {}


def _shown(value: Any, per: Any = None) -> str:
    """A number as letters print it."""
    exact = _exact(value)
    if exact is None:
        return NONE
    places = max(0, -int(exact.as_tuple().exponent))
    return f"{exact:,.{places}f}{'%' if per == 100 else ''}"


def _difference(was: Any, now: Any) -> str:
    old, new = _exact(was), _exact(now)
    if old is None or new is None or old == new:
        return ""
    text = number(abs(new - old))
    return f"+{text}" if new > old else f"-{text}"


def _exact(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
