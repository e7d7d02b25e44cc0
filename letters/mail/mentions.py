"""Which authorities a text speaks of: the name of a file, or the domain of an address.

What counts are whole words, and of names that overlap the longest: "South Norfolk" says nothing of
Norfolk, and "Derbyshire Dales" nothing of Derbyshire.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from letters.campaign.records import Authority
from letters.campaign.rules import domain_of
from letters.mail.known_as import AND, KINDS, KnownAs, known_as, run_together, together, words_of
from letters.wording import series

#: a short name in one word with its kind, as domains have it: adurdc, cityofyork, lbcamden
_WITH_KIND = re.compile(
    rf"(?:(?:london|royal)?boroughof|cityof|lb|rb)?(.+?)(?:{'|'.join(KINDS)}){{0,3}}"
)


class Mention(NamedTuple):
    """A name of another authority in a text."""

    name: str  #: the official one; of several that are known by the same words all, with "or"
    certain: bool  #: a full name, a slug, a code or a domain; a short name may mean something else


class _Run(NamedTuple):
    """Words of a text that follow one another and are what somebody is known as."""

    start: int  #: among the words
    end: int
    key: str  #: the name, run together
    length: int  #: in letters, with the kind behind it
    meant: Mapping[str, bool]  #: by slug, who may be meant, and whether that is certain

    @property
    def certain(self) -> bool:
        return any(self.meant.values())

    def overlaps(self, other: _Run) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Mentions:
    """Looks for the authorities of a register in texts."""

    register: Mapping[str, Authority]
    _known: KnownAs
    _longest: int  #: stretch of words that may be a name
    _domains: frozenset[str]  #: of the register, run together

    @classmethod
    def of(cls, register: Mapping[str, Authority]) -> Mentions:
        """To be made once for all texts."""
        known, longest = known_as(register)
        longest += 1  # for the s of King's
        domains = (one for body in register.values() for one in body.mail_domains)
        return cls(register, known, longest, frozenset(map(run_together, domains)))

    def in_file_name(self, name: str, own: str) -> Mention | None:
        """Another authority that a file's name speaks of, whoever else it speaks of."""
        return self._of_others(_longest_of(self._runs(words_of(name)), own), own)

    def in_domain(self, address: str, own: str) -> Mention | None:
        """Another authority whose the domain of an address is, or that it speaks of.

        None where it speaks of the authority itself, too: adur-worthing.gov.uk.
        """
        domain = domain_of(address)
        runs = list(self._runs(words_of(domain)))
        names = _longest_of((run for run in runs if run.key not in self._domains), own)
        if any(own in run.meant for run in names):
            return None
        runs = [run for run in _longest_of(runs, own) if not self._is_part(run, domain, own)]
        return self._of_others(runs, own)

    def _is_part(self, run: _Run, domain: str, own: str) -> bool:
        """Whether a name is a part of one's own, and the domain says more than it.

        For Newcastle-under-Lyme newcastle-staffs.gov.uk is its own, newcastle.gov.uk the city's.
        """
        if run.key not in run_together(own):
            return False
        return all(self._meant(run_together(label)) is not run.meant for label in domain.split("."))

    def _of_others(self, runs: Iterable[_Run], own: str) -> Mention | None:
        others = [run for run in runs if own not in run.meant]
        if not others:
            return None
        best = max(others, key=lambda run: (run.certain, run.length))
        names = [self.register[slug].name for slug in best.meant]
        return Mention(series(names, "or"), best.certain)

    def _runs(self, typed: Sequence[str]) -> Iterator[_Run]:
        """Every name that stands in a text, with the kind behind it.

        A single word without a capital, where others have one, is a word: "Notes on reading".
        """
        words = [word.casefold() for word in typed]
        in_sentence = any(word[0].isupper() and word[1:].islower() for word in typed)
        for start, end in self._stretches(words):
            key, alone = together(words[start:end]), end == start + 1
            meant = self._meant(key) if alone else self._known.get(key)
            if not meant:
                continue
            behind = list(takewhile(KINDS.__contains__, words[end:]))
            run = _Run(start, end + len(behind), key, len("".join((key, *behind))), meant)
            a_word = alone and not behind and in_sentence and not typed[start][0].isupper()
            if run.certain or not a_word:
                yield run

    def _stretches(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                if AND not in (words[start], words[end - 1]):
                    yield start, end

    def _meant(self, word: str) -> Mapping[str, bool] | None:
        """Who may be meant by one word, which may say the kind, too."""
        if (meant := self._known.get(word)) is not None:
            return meant
        match = _WITH_KIND.fullmatch(word)
        return self._known.get(match[1]) if match else None


def _longest_of(runs: Iterable[_Run], own: str) -> Sequence[_Run]:
    """Of runs that overlap the longest, and one's own before others of its length."""
    chosen = list[_Run]()
    for run in sorted(runs, key=lambda run: (-run.length, not run.certain, own not in run.meant)):
        if not any(run.overlaps(one) for one in chosen):
            chosen.append(run)
    return chosen
