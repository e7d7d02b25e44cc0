"""Whether the figures make sense: counts against their limits, measures, bases, peer averages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from letters.campaign.reading import Reading
from letters.campaign.recipients import may_get_letter
from letters.campaign.records import Count, Measure
from letters.errors import Problem
from letters.rounding import half_up
from letters.source.places import KeyPath
from letters.wording import (
    did_you_mean,
    hyphenated,
    nearest,
    numbered,
    quoted,
    series,
    spaced,
    there_are,
)

FEW = 12  #: so many authorities with the same weakness are named one by one, more at once


def check_figures(reading: Reading) -> Iterator[Problem]:
    """Every problem of the counts, measures and averages among themselves."""
    yield from _names_in_measures(reading)
    yield from _of_themselves(reading)
    yield from _entries(reading)
    yield from _exceeded(reading)
    yield from _above_everything(reading)
    yield from _nothing_supplied(reading)
    yield from _no_words_for_nothing(reading)
    yield from _impossible_bases(reading)
    yield from _rounded_to_all_or_nothing(reading)
    yield from _averages(reading)
    yield from _missing_averages(reading)
    yield from _averages_of_one(reading)


def _names_in_measures(reading: Reading) -> Iterator[Problem]:
    names = reading.in_letter.keys("counts")
    if names is None:
        return
    for name, measure in reading.letter.measures.items():
        used = {"count": measure.count, "of": measure.of, "stated_base": measure.stated_base}
        for key, count in used.items():
            if count is not None and count not in names:
                path, sentence = ("measures", name, key), f"there is no count {quoted(count)}"
                hint = _suggestion(count, names)
                yield reading.in_letter.error("no-such-count", path, sentence, hint)


def _of_themselves(reading: Reading) -> Iterator[Problem]:
    for name, measure in reading.letter.measures.items():
        if measure.count == measure.of:
            sentence = f"this is the share of {spaced(measure.of)} in itself: always the same"
            hint = "was another count meant?"
            path = ("measures", name, "of")
            yield reading.in_letter.warning("measure-of-itself", path, sentence, hint)


def _suggestion(name: str, names: tuple[str, ...]) -> str:
    return did_you_mean(name, names) or there_are(names)


def _entries(reading: Reading) -> Iterator[Problem]:
    """Counts that the letter does not know, and counts that it wants."""
    names = reading.in_letter.keys("counts")
    if names is None:
        return
    for slug in reading.in_statistics.keys() or ():
        given = reading.in_statistics.keys(slug)
        if given is not None:
            yield from _entry(reading, slug, given, names)


def _entry(
    reading: Reading, slug: str, given: Sequence[str], names: tuple[str, ...]
) -> Iterator[Problem]:
    statistics = reading.in_statistics
    for name in given:
        if name not in names:
            sentence, hint = "letter.yaml names no such count", _suggestion(name, names)
            yield statistics.error("no-such-count", (slug, name), sentence, hint, "key")
    for name in names:
        if name not in given and name not in misspelt(given, names):
            code, sentence = f"{hyphenated(name)}-missing", "this count is missing"
            yield statistics.error(code, (slug, name), sentence, at="key")


def misspelt(given: Iterable[str], names: tuple[str, ...]) -> set[str]:
    """The names that unknown ones among the given were probably meant to be."""
    return {nearest(name, names) for name in given if name not in names}


def _exceeded(reading: Reading) -> Iterator[Problem]:
    counts = reading.letter.counts
    limited = {name: count.at_most for name, count in counts.items() if count.at_most in counts}
    for slug, entry in reading.statistics.items():
        for name, limit in limited.items():
            value, most = entry.get(name), entry.get(limit)
            if value is not None and most is not None and value > most:
                only = f"only {_counted(most, counts[limit])}"
                but = only if most else f"no {counts[limit].plural}"
                code = f"{hyphenated(name)}-over-{hyphenated(limit)}"
                sentence = f"{_counted(value, counts[name])}, but {but}"
                yield reading.in_statistics.error(code, (slug, name), sentence)


def _above_everything(reading: Reading) -> Iterator[Problem]:
    """Percentages above 100 of counts that have no limit to say that this is wrong."""
    counts = reading.letter.counts
    for name, measure in reading.letter.measures.items():
        part, base = counts.get(measure.count), counts.get(measure.of)
        if measure.per != 100 or part is None or base is None or part.at_most == measure.of:
            continue
        for slug, entry in reading.statistics.items():
            value, of = entry.get(measure.count, 0), entry.get(measure.of)
            if of is not None and value > of:
                code, path = f"{hyphenated(name)}-over-100", (slug, measure.count)
                sentence = f"{_counted(value, part)} out of {_counted(of, base)} is more than 100%"
                hint = f"if this can never be, letter.yaml can say so: at_most: {measure.of}"
                found = f"{value} of {of}"
                yield reading.in_statistics.warning(code, path, sentence, hint, value=found)


def _nothing_supplied(reading: Reading) -> Iterator[Problem]:
    statistics, given = reading.in_statistics, reading.statistics
    zeros = [slug for slug, entry in given.items() if entry and not any(entry.values())]
    slugs = [slug for slug in zeros if len(statistics.keys(slug) or ()) == len(given[slug])]
    hint = "right when there was nothing to decide about it in the period"
    if len(slugs) <= FEW:
        for slug in slugs:
            yield statistics.notice("all-counts-0", (slug,), "every count is 0", hint, "key")
    else:
        sentence = f"{len(slugs)} authorities have 0 for every count: {series(slugs, most=3)}"
        count = str(len(slugs))
        yield statistics.notice("many-with-all-counts-0", (), sentence, hint, value=count)


def _no_words_for_nothing(reading: Reading) -> Iterator[Problem]:
    for name, measure in reading.letter.measures.items():
        slugs = [slug for slug, entry in reading.statistics.items() if entry.get(measure.of) == 0]
        base = reading.letter.counts.get(measure.of)
        if slugs and base and measure.undefined is None:
            have = f"{series(slugs, most=1)} {'has' if len(slugs) == 1 else 'have'}"
            sentence = f"{have} no {base.plural}, and no words say that this is undefined"
            hint = 'add "undefined:" and the words that the letter prints in place of a figure'
            code, path = "no-words-for-nothing", ("measures", name)
            yield reading.in_letter.error(code, path, sentence, hint, "key")


def _impossible_bases(reading: Reading) -> Iterator[Problem]:
    for name, measure in reading.letter.measures.items():
        found = list(_impossible(reading, name, measure))
        if len(found) <= FEW:
            yield from found
            continue
        slugs = [problem.authority for problem in found]
        stated = reading.letter.counts[measure.stated_base or ""]
        many = f"{len(found)} authorities ({series(slugs, most=3)}) have a percentage printed"
        sentence = f"{many} that no number out of their {stated.plural} makes"
        path = ("measures", name, "stated_base")
        count = str(len(found))
        yield reading.in_letter.notice("many-of-another-base", path, sentence, value=count)


def _impossible(reading: Reading, name: str, measure: Measure) -> Iterator[Problem]:
    """The authorities whose printed percentage is no share of the base that the letter states."""
    counts = reading.letter.counts
    base, stated = counts.get(measure.of), counts.get(measure.stated_base or "")
    if measure.per != 100 or base is None or stated is None or measure.stated_base == measure.of:
        return
    wanted = (measure.count, measure.of, measure.stated_base or "")
    places = measure.decimals
    for slug, entry in reading.statistics.items():
        if any(count not in entry for count in wanted):
            continue
        value, of, total = (entry[count] for count in wanted)
        if of == 0 or value > of:
            continue
        printed = _percentage(value, of, places)
        if is_share(printed, total, places):
            continue
        shown, path = f"{printed}%", (slug, measure.count)
        none = f"no number out of {_counted(total, stated)} makes {shown}"
        sentence = f"{shown} is printed, but {none}; it is worked out of {_counted(of, base)}"
        code, found = f"{hyphenated(name)}-of-another-base", f"{shown} of {total}"
        yield reading.in_statistics.notice(code, path, sentence, value=found)


def _rounded_to_all_or_nothing(reading: Reading) -> Iterator[Problem]:
    """Percentages printed as 100% that are not all, as 0% that are not none: easily misread."""
    hint = "right, but easily misread: the words or a bespoke paragraph may say more"
    for name, measure in reading.letter.measures.items():
        base, places = reading.letter.counts.get(measure.of), measure.decimals
        if measure.per != 100 or base is None:
            continue
        for slug, entry in reading.statistics.items():
            value, of = entry.get(measure.count, 0), entry.get(measure.of, 0)
            if 0 < value < of and (printed := _percentage(value, of, places)) in (0, 100):
                code, path = f"{hyphenated(name)}-rounded-to-{printed:.0f}", (slug, measure.count)
                sentence = f"{printed:.0f}% is printed for {value} of {_counted(of, base)}"
                found = f"{value} of {of}"
                yield reading.in_statistics.notice(code, path, sentence, hint, value=found)


def _counted(value: int, count: Count) -> str:
    return numbered(value, count.singular, count.plural)


def _percentage(count: int, base: int, places: int) -> Decimal:
    return half_up(Fraction(100 * count, base), places)


def is_share(printed: Decimal, total: int, places: int) -> bool:
    """Whether a number from 0 to the total, as a percentage of it, prints so; the nearest tell."""
    nearest_below = int(printed * total / 100)
    return total > 0 and any(
        number <= total and _percentage(number, total, places) == printed
        for number in (nearest_below, nearest_below + 1)
    )


def _averages(reading: Reading) -> Iterator[Problem]:
    averages, known = reading.letter.peer_averages, reading.in_letter.keys("measures")
    if averages == "computed" or known is None:
        return
    for group, values in averages.items():
        if (groups := reading.in_groups.keys()) is not None and group not in groups:
            sentence, hint = f"there is no peer group {quoted(group)}", _suggestion(group, groups)
            path: KeyPath = ("peer_averages", group)
            yield reading.in_letter.error("no-such-peer-group", path, sentence, hint, "key")
        for name, value in values.items():
            path, measure = ("peer_averages", group, name), reading.letter.measures.get(name)
            if name not in known:
                sentence, hint = "there is no such measure", _suggestion(name, known)
                yield reading.in_letter.error("no-such-measure", path, sentence, hint, "key")
            elif measure and (sentence := _wrong_average(measure, value)):
                yield reading.in_letter.error("impossible-average", path, sentence)
            elif measure and not measure.compared:
                sentence = "this average is printed nowhere: its measure is not compared"
                hint = "delete it, or the line compared: false"
                yield reading.in_letter.warning("average-not-compared", path, sentence, hint, "key")


def _wrong_average(measure: Measure, value: Decimal) -> str:
    """What is wrong with the average of a measure, "" when nothing is."""
    if measure.per == 100 and value > 100:
        return f"expected 0 to 100, found {value}"
    if value.scaleb(measure.decimals) % 1:
        most = f"at most {numbered(measure.decimals, 'decimal place')}"
        wanted = most if measure.decimals else "a whole number"
        return f"expected {wanted}, as the figures are printed, found {value}"
    return ""


def _missing_averages(reading: Reading) -> Iterator[Problem]:
    """The averages that letters of this campaign would print."""
    measures, given = reading.in_letter.keys("measures"), reading.in_statistics.keys()
    if reading.in_letter.keys("peer_averages") is None or measures is None or given is None:
        return
    slugs = [one for one in (*given, *reading.awaited) if may_get_letter(reading.letter, one)]
    groups = {reading.register[slug].peer_group for slug in slugs if slug in reading.register}
    sentence = "this average is missing, so the letters of the group leave the comparison out"
    known = reading.in_groups.keys()
    for group in sorted(group for group in groups if group and (known is None or group in known)):
        given = reading.in_letter.keys("peer_averages", group) or ()
        alone = {name for name, one in reading.letter.measures.items() if not one.compared}
        for name in measures:
            if name not in {*given, *alone} and name not in misspelt(given, measures):
                path = ("peer_averages", group, name)
                yield reading.in_letter.warning("no-average", path, sentence, at="key")


def _averages_of_one(reading: Reading) -> Iterator[Problem]:
    """Peer groups of which one authority alone gets a letter, where averages are worked out."""
    strangers = reading.statistics.keys() - reading.register.keys()
    if reading.letter.peer_averages != "computed" or strangers:
        return
    members: dict[str, list[str]] = {}
    for slug in reading.statistics:
        if (authority := reading.register.get(slug)) and authority.peer_group:
            members.setdefault(authority.peer_group, []).append(slug)
    for group, slugs in members.items():
        if len(slugs) == 1:
            sentence = f"{slugs[0]} is alone in the peer group {group}: it is compared with itself"
            hint = "write the published averages, or take it out of the group"
            path = ("peer_averages",)
            yield reading.in_letter.warning("average-of-one", path, sentence, hint, value=group)
