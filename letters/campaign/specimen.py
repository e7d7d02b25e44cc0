"""A specimen of a year: its words with invented figures and people, so that a design can be seen.

The same register and the same year give the same bytes on every machine: each authority draws from
its own `random.Random`, seeded with a text, and only `random()` is used, which Python promises never
to change. So one authority's figures stay as they are when another joins or leaves the register.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, zip_longest
from pathlib import Path

from letters.campaign.check_register import did_not_exist
from letters.campaign.invented import (
    BEGINNINGS,
    COPIES_ONLY,
    ENDINGS,
    LARGE,
    LONG,
    NO_ENTRY,
    PARAGRAPHS,
    PEOPLE,
    POSTS,
    SMALL,
    TITLES,
    USUAL,
)
from letters.campaign.invented_figures import Counts, InventedFigures, between, handed_out, pick
from letters.campaign.load import examine, require_campaign
from letters.campaign.reading import Reading, read_campaign
from letters.campaign.records import Authority
from letters.campaign.rules import short_of
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists, write_whole
from letters.source.edits import with_values, without
from letters.source.places import KeyPath
from letters.source.reader import read
from letters.source.text import read_text

_UNTIL_THE_LETTER = timedelta(days=113)  #: from the period's end, where no date is known yet
_UNTIL_PUBLICATION = timedelta(days=7)
_MADE_BY = "Made by `letters specimen"  #: the head of figures that may be made again
_ROLES = ("Link Officer", "Monitoring Officer")
_DECLARED = ("specimen", "peer_averages", "expected", "only", "left_out", "accepted", "confirmed")


@dataclass(frozen=True, slots=True)
class Specimen:
    """What was made."""

    year: str
    like: str
    letters: int
    cases: int  #: authorities with an awkward case


def make_specimen(root: Path, like: str, letters: int | None = None) -> Specimen:
    """Write data/specimen-LIKE anew; of `like` a specimen, its own figures, people and paragraphs.

    It has so many letters, or one for each authority that exists on its date. Raises
    UnknownCampaign, CampaignError when nothing can be made, OSError.
    """
    require_campaign(root, like)
    reading = read_campaign(root, like)
    year = like if reading.letter.specimen else f"specimen-{like}"
    if problem := _in_the_way(root, year, reading, letters):
        raise CampaignError((problem,))
    making = _Making(root, year, reading, letters)
    folder, files = root / "data" / year, making.files()
    (folder / "paragraphs").mkdir(parents=True, exist_ok=True)
    write_whole({folder / name: text.encode() for name, text in files.items()})
    for path in folder.glob("paragraphs/*.md"):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    problems = examine(root, year).problems
    if any(one.severity is Severity.ERROR for one in problems):
        raise CampaignError(problems)
    letter = _with_accepted(files["letter.yaml"], year, problems)
    write_whole({folder / "letter.yaml": letter.encode()})
    return Specimen(year, like, len(making.slugs), making.cases)


def _in_the_way(root: Path, year: str, reading: Reading, letters: int | None) -> Problem | None:
    folder, most = root / "data" / year, len(reading.register)
    if exists(folder) and any(folder.iterdir()):
        statistics = read_text(root, f"data/{year}/statistics.yaml")
        ours = isinstance(statistics, str) and _MADE_BY in statistics.partition("\n\n")[0]
        if not ours or read(root, f"data/{year}/letter.yaml").at("specimen") is not True:
            sentence = "this was not made here, and nothing is written over"
            hint = "rename the folder"
            return Problem(Place(f"data/{year}"), Severity.ERROR, "no-specimen", sentence, hint)
    for source in (reading.in_letter, reading.in_authorities):
        if source.value is None and source.problems:
            return source.problems[0]
    if not reading.letter.counts:
        sentence = "there are no counts to invent numbers for"
        return reading.in_letter.error("no-counts", ("counts",), sentence, at="key")
    if letters is not None and letters > most:
        sentence = f"{letters} letters are wanted, and the register has {most} authorities"
        return Problem(Place("data/authorities.yaml"), Severity.ERROR, "too-many-letters", sentence)
    return None


class _Making:
    """The files of one specimen."""

    def __init__(self, root: Path, year: str, reading: Reading, letters: int | None) -> None:
        self._root, self._year, self._reading = root, year, reading
        self._register = reading.register
        self._day = _date_of(reading)
        self.slugs = self._chosen(letters)
        self._figures = InventedFigures(reading.letter.counts, reading.letter.measures, year)
        self._cases = handed_out(self._figures, self.slugs)
        self.cases = len(self._cases)

    def files(self) -> dict[str, str]:
        """Each file below the specimen's folder, with its text."""
        paragraphs = self._paragraphs()
        sources = {"SOURCES.md": _SOURCES.format(like=self._reading.year)}
        return {
            "letter.yaml": self._letter(),
            "statistics.yaml": self._statistics(),
            "contacts.yaml": self._contacts(),
            **({} if self._reading.letter.specimen else sources),
            **{f"paragraphs/{slug}.md": text for slug, text in paragraphs.items()},
        }

    def _chosen(self, letters: int | None) -> list[str]:
        """Those that exist on the date; of fewer the awkward ones first, of more those that ended."""
        there = [slug for slug, body in self._register.items() if not self._absent(body)]
        wanted = len(there) if letters is None else letters
        kinds = zip_longest(SMALL, LARGE, LONG, PARAGRAPHS)
        first = [*chain.from_iterable(kinds), *PEOPLE]
        known = set(there)
        order = dict.fromkeys((*(slug for slug in first if slug in known), *there))
        others = [slug for slug in self._register if slug not in known]
        others.sort(key=lambda slug: self._away(self._register[slug]))
        chosen = set([*order, *others][:wanted])
        return [slug for slug in self._register if slug in chosen]

    def _absent(self, body: Authority) -> bool:
        return bool(self._day and did_not_exist(body, self._day))

    def _away(self, body: Authority) -> int:
        """Days between an authority's time and the letter."""
        days = [
            abs((day - self._day).days) for day in (body.began, body.ended) if day and self._day
        ]
        return min(days, default=0)

    def _letter(self) -> str:
        source, letter = self._reading.in_letter, self._reading.letter
        text = read_text(self._root, source.places.file)
        if isinstance(text, Problem):
            raise CampaignError((text,))
        if letter.specimen:
            return without(text, ("accepted",))
        values: dict[KeyPath, str] = {("signatory", "name"): "Specimen Signatory"}
        if self._day:
            values[("letter_date",)] = str(self._day)
            published = letter.publication_date
            if not published or published < self._day:
                values[("publication_date",)] = str(self._day + _UNTIL_PUBLICATION)
        text = without(with_values(text, values), _DECLARED)
        body = re.sub(r"\A(?:#.*\n)*\n*", "", text)
        return _HEAD.format(like=self._reading.year) + body.rstrip("\n") + _AVERAGES

    def _statistics(self) -> str:
        """One line an authority, the numbers under each other."""
        rows = {slug: self._counts(slug) for slug in self.slugs}
        first = max(map(len, rows), default=0) + 1
        widths = {
            name: max(len(str(row[name])) for row in rows.values()) for name in self._figures.counts
        }
        lines = (
            f"{slug + ':':<{first}} "
            f"{{{', '.join(f'{name}: {row[name]:>{widths[name]}}' for name in widths)}}}"
            for slug, row in rows.items()
        )
        return self._file("statistics", "Invented numbers, one authority a line", lines)

    def _counts(self, slug: str) -> Counts:
        """An authority's case, or counts that are usual in its peer group."""
        chance = random.Random(f"{self._year}, figures, {slug}")
        group = self._register[slug].peer_group
        usual = USUAL.get(group, USUAL[None])
        if slug in self._cases:
            residents = between(chance, *usual[3:]) * 1000
            return self._figures.of(self._cases[slug], residents)
        counts = self._figures.drawn(chance, usual)
        return self._figures.at_least_one(counts) if slug in LONG else counts

    def _contacts(self) -> str:
        """A short block an authority; one of the usual roles is not known of all."""
        given = self._reading.contacts.values()
        found = Counter(copy.role for entry in given for copy in entry.copies)
        named = [role for role, _ in found.most_common(4)]
        roles = tuple(dict.fromkeys((*named, *_ROLES)))[: max(len(named), 2)]
        everywhere = len(self._reading.contacts)
        usual = [found[role] >= everywhere > 0 for role in roles]
        lines = (self._contact(slug, roles, usual) for slug in self.slugs if slug not in NO_ENTRY)
        return self._file("contacts", "Invented people; no address can be delivered to", lines)

    def _contact(self, slug: str, roles: Sequence[str], usual: Sequence[bool]) -> str:
        chance = random.Random(f"specimen 2020, people, {slug}")
        drawn = {
            "title": pick(chance, TITLES),
            "surname": pick(chance, BEGINNINGS) + pick(chance, ENDINGS),
        }
        person = PEOPLE.get(slug, drawn | {"post": pick(chance, POSTS)})
        domain = f"{short_of(slug) or slug}.example"
        copies = [
            f"{{role: {role}, email: {role.lower().replace(' ', '.')}@{domain}}}"
            for at, (role, everywhere) in enumerate(zip(roles, usual, strict=True))
            if at == 0 or everywhere or chance.random() < 1 / 3
        ]
        unnamed = {"post": "Chief Executive", "email": f"chief.executive@{domain}"}
        fields = {"title": "", "surname": "", **unnamed, **person}
        told = ", ".join(f"{name}: {value}" for name, value in fields.items() if value)
        chief = "" if slug in COPIES_ONLY else f"  chief_executive: {{{told}}}\n"
        several = "".join(f"\n    - {copy}" for copy in copies)
        return f"{slug}:\n{chief}  copies:{several if len(copies) > 1 else f' [{copies[0]}]'}"

    def _paragraphs(self) -> dict[str, str]:
        """Each goes to the council that it was written for, or to another one of its peer group."""
        there, given = set(self.slugs), dict[str, str]()
        for slug, text in PARAGRAPHS.items():
            group = self._register[slug].peer_group if slug in self._register else None
            others = (
                one
                for one in self.slugs
                if one not in PARAGRAPHS
                and one not in given
                and self._register[one].peer_group == group
            )
            if whose := slug if slug in there else next(others, ""):
                given[whose] = text
        return given

    def _file(self, kind: str, sentence: str, lines: Iterator[str]) -> str:
        head = (
            f"# yaml-language-server: $schema=../schema/{kind}.schema.json",
            f"# SPECIMEN. {sentence}. {_MADE_BY} --like {self._reading.year}`: make it again.",
            "",
        )
        return "\n".join((*head, *lines, ""))


def _date_of(reading: Reading) -> date | None:
    """The letter's date, or what it may be by the period, where it is empty."""
    letter = reading.letter
    if letter.letter_date or letter.period is None:
        return letter.letter_date
    return letter.period.end + _UNTIL_THE_LETTER


def _with_accepted(text: str, year: str, problems: Sequence[Problem]) -> str:
    """The letter's text with what its figures and people raise accepted: they are made to."""
    wanted = [
        one
        for one in problems
        if one.severity is not Severity.ERROR
        and (not one.place.file.endswith("letter.yaml") or one.code in _OF_FIGURES)
        and one.place.file.startswith(f"data/{year}/")
    ]
    if not wanted:
        return text
    lines = ["", "# Awkward cases, made to be seen.", "accepted:"]
    for one in dict.fromkeys((one.code, one.authority, one.value) for one in wanted):
        code, authority, value = one
        entry = f"code: {code}" + (f", authority: {authority}" if authority else "")
        entry += f", value: {json.dumps(value, ensure_ascii=False)}" if value else ""
        lines.append(f"  - {{{entry}, because: a case that is made to be seen}}")
    return "\n".join((text.rstrip("\n"), *lines, ""))


_OF_FIGURES = ("many-of-another-base", "average-of-one")

_HEAD = """\
# yaml-language-server: $schema=../schema/letter.schema.json
# SPECIMEN: invented figures, to try things out. Made by `letters specimen --like {like}`.

# Prints SPECIMEN across every page; a campaign with this line can never be sent.
specimen: true

"""

_AVERAGES = """

# Worked out of the invented numbers: all counts of a peer group over all its bases.
peer_averages: computed
"""

_SOURCES = """\
# The specimen: what is real and what is invented

A year like {like}, for trying things out. Every page says SPECIMEN, and nothing of it can be sent. It is made by
`letters specimen --like {like}`; whatever is written here by hand is written over when it is made again.

- **Real:** the authorities' names, codes and peer groups ([the register](../SOURCES.md)).
- **As in {like}:** words, counts and measures, dates, and the facts in `letter.yaml`.
- **Invented:** every number of an authority, every person, every e-mail address, every bespoke paragraph, the
  signatory. Nothing here says anything about a council. The poorest figures and the reproaches go to councils that
  have ended since, where there are such.
- **E-mail addresses** end in `.example`, which no mail server can deliver to.
- **Peer averages** are computed from the invented numbers.

Chance fills in most of it, within what is usual in a peer group. The awkward cases (nothing counted, one of everything,
all of it, half a per cent, hundreds and thousands, long names) are made on purpose.
"""
