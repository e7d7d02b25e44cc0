"""Whether the counts of a year agree among themselves: their limits and their sums."""

from __future__ import annotations

from collections.abc import Iterator

from letters.campaign.reading import Reading
from letters.campaign.records import Count
from letters.errors import Problem
from letters.wording import did_you_mean, hyphenated, quoted, series, spaced, there_are


def check_counts(reading: Reading) -> Iterator[Problem]:
    """Every problem of limits and sums, and of numbers that are not the sum they should be."""
    yield from _limits(reading)
    yield from _sums(reading)


def _limits(reading: Reading) -> Iterator[Problem]:
    names, counts = reading.in_letter.keys("counts") or (), reading.letter.counts
    for name, count in counts.items():
        path, circle = ("counts", name, "at_most"), _circle(counts, name)
        if count.at_most and count.at_most not in names:
            sentence = f"there is no count {quoted(count.at_most)}"
            hint = did_you_mean(count.at_most, names)
            yield reading.in_letter.error("no-such-count", path, sentence, hint)
        elif circle == (name,):
            sentence = "a count cannot be its own limit"
            yield reading.in_letter.error("limit-in-a-circle", path, sentence, "delete this")
        elif circle and name == next(other for other in counts if other in circle):
            sentence = f"{series(circle)} limit each other in a circle"
            hint = "delete one of these limits"
            yield reading.in_letter.error("limit-in-a-circle", path, sentence, hint)


def _sums(reading: Reading) -> Iterator[Problem]:
    """Counts that are no sum of their parts, and parts that there are none of."""
    names, counts = reading.in_letter.keys("counts") or (), reading.letter.counts
    for name, count in counts.items():
        parts, path, wrong = count.sum_of or (), ("counts", name, "sum_of"), list[Problem]()
        for index, part in enumerate(parts):
            here = (*path, index)
            if part not in names:
                sentence, hint = (
                    f"there is no count {quoted(part)}",
                    did_you_mean(part, names) or there_are(names),
                )
                wrong.append(reading.in_letter.error("no-such-count", here, sentence, hint))
            elif part in parts[:index] or name in _below(counts, part):
                sentence, hint = "a count is summed up once, and not in itself", "delete it"
                wrong.append(reading.in_letter.error("sum-of-itself", here, sentence, hint))
        yield from wrong
        for slug, entry in reading.statistics.items() if parts and not wrong else ():
            value, given = entry.get(name), [entry[part] for part in parts if part in entry]
            if value is not None and len(given) == len(parts) and value != sum(given):
                sentence = f"{value} is not the sum of {series([spaced(one) for one in parts])}"
                hint = f"{' + '.join(map(str, given))} is {sum(given)}"
                code = f"{hyphenated(name)}-no-sum"
                yield reading.in_statistics.error(code, (slug, name), sentence, hint)


def _below(counts: dict[str, Count], name: str) -> set[str]:
    """A count and all that it is the sum of, however deep."""
    found, new = set[str](), {name}
    while new - found:
        found |= new
        new = {part for one in new if one in counts for part in counts[one].sum_of or ()}
    return found


def _circle(counts: dict[str, Count], name: str) -> tuple[str, ...]:
    """The counts that lead from the count back to itself, each limited by the next; or none."""
    chain = [name]
    while (count := counts.get(chain[-1])) and count.at_most and count.at_most not in chain:
        chain.append(count.at_most)
    return tuple(chain) if count and count.at_most == name else ()
