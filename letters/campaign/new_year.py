"""A new year's folders out of an earlier year's: what changes every year is left empty.

What cannot be left empty, such as words and facts, `year_before` asks about until somebody has
confirmed it. What is about single letters (approvals, paragraphs, attachments) is not taken over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from letters.campaign.check_register import did_not_exist
from letters.campaign.folder import home_of
from letters.campaign.load import require_campaign
from letters.campaign.mapping import IMPORT_FILE
from letters.campaign.reading import Reading, read_campaign
from letters.campaign.rules import SLUG, Refused, spelt
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import exists, is_left_over, write_folders
from letters.source.edits import with_comments, with_entry, with_values, without
from letters.source.places import KeyPath, leaves
from letters.source.reader import Source, parse
from letters.source.text import read_text
from letters.wording import quoted

_OF_ONE_YEAR = ("accepted", "confirmed", "left_out", "only", "expected", "specimen")
_EXPECTED = """\
# Who gets a letter: every authority that exists on its date. `left_out: {slug: reason}` names those that get none.
expected: all

"""
#: how files of templates hold remarks that nobody prints
_REMARKS = re.compile(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|^\s*#.*?$", re.DOTALL | re.MULTILINE)
_MONTHS = "January February March April May June July August September October November December"
_FIRST, _LAST = 1900, 2199  #: years that a campaign may be named after
_OF_SPECIMENS = re.compile(r"^#.*specimen.*\n", re.MULTILINE | re.IGNORECASE)
_TEXTS = (".jinja", ".css", ".yaml", ".svg")


@dataclass(frozen=True, slots=True)
class NewYear:
    """What was made for a new year."""

    year: str
    earlier: str  #: the campaign that it was made from
    period: tuple[date, date] | None  #: first and last day; None when the earlier year had none
    authorities: int  #: that have a line in statistics.yaml
    ended: int  #: authorities of the earlier year that do not exist any more
    contacts: str  #: the file that they are in, "" for none
    templates: int  #: files
    imports: bool  #: whether it has an import.yaml
    specimen: bool  #: whether the earlier one is one: nothing is taken over that is invented


def new_year(root: Path, year: str, earlier: str) -> NewYear:
    """Write data/YEAR and templates/YEAR, made from an earlier campaign's, and nothing else.

    Raises UnknownCampaign, and CampaignError when the earlier one cannot be read or anything of the
    new one is there already; OSError. Then nothing is written.
    """
    require_campaign(root, earlier)
    if problem := _in_the_way(root, year, earlier):
        raise CampaignError((problem,))
    reading = read_campaign(root, earlier)
    if unread := tuple(problem for source in _sources(reading) for problem in _unreadable(source)):
        raise CampaignError(unread)
    making = _Making(root, year, reading)
    write_folders(making.folders, making.private)
    return making.made


def _sources(reading: Reading) -> tuple[Source, ...]:
    return reading.in_letter, reading.in_statistics, reading.in_authorities, reading.in_contacts


def _unreadable(source: Source) -> tuple[Problem, ...]:
    """Why nothing can be taken from a file; that there is no contacts.yaml is no reason."""
    errors = tuple(one for one in source.problems if one.severity is Severity.ERROR)
    if source.value is not None and not isinstance(source.value, dict):
        sentence = "expected `key: value` entries"
        return (Problem(Place(source.places.file), Severity.ERROR, "not-entries", sentence),)
    return errors if source.value is None else ()


def _in_the_way(root: Path, year: str, earlier: str) -> Problem | None:
    """What hinders that a year of this name is made, None for nothing."""
    place = Place(f"data/{year}")
    try:
        spelt(SLUG, year)
    except Refused as error:
        sentence = f"a new year is named by a slug: {error.sentence}, found {quoted(year)}"
        return Problem(place, Severity.ERROR, error.code, sentence, error.hint)
    if year in ("base", "schema"):
        sentence, hint = f"no year is called {year}: a folder of ours is", "choose another name"
        return Problem(place, Severity.ERROR, "name-taken", sentence, hint)
    if (of := _year_in(year)) and not _FIRST <= of <= _LAST:
        sentence = f"expected a year from {_FIRST} to {_LAST}, found {of}"
        return Problem(place, Severity.ERROR, "no-such-year", sentence)
    if _years_between(earlier, year) < 0:
        sentence = f"{year} is before {earlier}, and a new year comes after the one it is made from"
        return Problem(place, Severity.ERROR, "year-before", sentence)
    for there in (f"data/{year}", f"templates/{year}", f"private/{year}/contacts.yaml"):
        if exists(root / there):
            sentence = "this is there already, and nothing is written over"
            hint = f"go on with it: letters check {year}; or delete it to begin anew from {earlier}"
            return Problem(Place(there), Severity.ERROR, "year-there-already", sentence, hint)
    return None


class _Making:
    """The files of one new year, as they are to be written."""

    def __init__(self, root: Path, year: str, reading: Reading) -> None:
        self._root, self._year, self._reading = root, year, reading
        self._earlier = reading.year
        self._folder = reading.letter.templates or reading.year
        self._years = _years_between(reading.year, year)
        self._named = _named(reading.year)
        day = reading.letter.letter_date
        self._day = _later(day, self._years) if day else None
        self._renamed_to = {
            former: slug for slug, body in reading.register.items() for former in body.formerly
        }
        self._slugs = [
            slug
            for slug, body in reading.register.items()
            if not (did_not_exist(body, self._day) if self._day else body.ended)
        ]

        data = {
            "letter.yaml": self._letter().encode(),
            "statistics.yaml": self._statistics().encode(),
            "SOURCES.md": self._sources().encode(),
        }
        data |= {IMPORT_FILE: mapping.encode()} if (mapping := self._mapping()) else {}
        contacts, where = self._contacts(), home_of(root, reading.year, "contacts.yaml")
        where = f"{where.partition('/')[0]}/{year}/contacts.yaml" if contacts else ""
        if where.startswith("data/"):
            data["contacts.yaml"] = contacts.encode()
        templates = dict(self._templates())
        if not templates:
            sentence = f"there are no words to make {year} from in templates/{self._folder}"
            path = ("templates",)
            raise CampaignError((reading.in_letter.error("no-such-templates", path, sentence),))
        #: by folder, the files to be in it; those of the data, which make it a year, come last
        self.folders: Mapping[Path, Mapping[str, bytes]] = {
            root / "templates" / year: templates,
            root / "data" / year: data,
        }
        #: what is to be kept from others
        self.private = {root / where: contacts.encode()} if where.startswith("private/") else {}
        period, there = reading.letter.period, set(self._slugs)
        self.made = NewYear(
            year,
            reading.year,
            (_later(period.start, self._years), _later(period.end, self._years))
            if period
            else None,
            len(self._slugs),
            sum(self._renamed_to.get(slug, slug) not in there for slug in reading.statistics),
            where,
            len(templates),
            IMPORT_FILE in data,
            reading.letter.specimen,
        )

    def _letter(self) -> str:
        reading, text = self._reading, self._text(f"data/{self._earlier}/letter.yaml")
        values = dict(self._emptied())
        values[("templates",)] = f'"{self._year}"'
        if reading.letter.period:
            for name in ("start", "end"):
                day = getattr(reading.letter.period, name)
                values[("period", name)] = _later(day, self._years).isoformat()
        own = f"{self._folder}/"
        for path, value in leaves(reading.in_letter.value):
            is_file = isinstance(value, str) and (self._root / "templates" / value).is_file()
            if is_file and value.startswith(own):
                values[path] = json.dumps(f"{self._year}/{value.removeprefix(own)}")
        text = without(with_values(text, values), _OF_ONE_YEAR)
        if reading.letter.specimen:
            text = _OF_SPECIMENS.sub("", text)
        there = parse("letter.yaml", text).value
        before = "facts" if reading.in_letter.at("facts") is not None else "counts"
        if not isinstance(there, dict) or there.keys() & set(_OF_ONE_YEAR) or before not in there:
            raise CampaignError((self._not_by_lines(reading.in_letter.places.file),))
        text = with_entry(text, _EXPECTED, before)
        return with_comments(text, self._named, self._year)

    def _not_by_lines(self, file: str) -> Problem:
        sentence = f"this is written in a way that {self._year} cannot be made from"
        hint = "write each entry on a line of its own, from the first column"
        return Problem(Place(file), Severity.ERROR, "not-by-lines", sentence, hint)

    def _emptied(self) -> Iterator[tuple[KeyPath, str]]:
        """What is another one each year; of a specimen all that is invented, too."""
        source = self._reading.in_letter
        yield ("letter_date",), ""
        yield ("publication_date",), ""
        names = ["peer_averages"] if isinstance(source.at("peer_averages"), dict) else []
        names += ["facts", "signatory"] if self._reading.letter.specimen else []
        for name in names:
            for path, _ in leaves(source.at(name), (name,), into_lists=False):
                yield path, ""

    def _statistics(self) -> str:
        counts = ", ".join(f"{name}: " for name in self._reading.in_letter.keys("counts") or ())
        head = (
            "# yaml-language-server: $schema=../schema/statistics.schema.json",
            f"# The numbers of each authority in {self._year}, one authority a line; 0 where there were none.",
            "",
        )
        return "\n".join((*head, *(f"{slug}: {{{counts}}}" for slug in self._slugs), ""))

    def _contacts(self) -> str:
        """Those of the authorities that are still there; "" for none, or invented ones."""
        source = self._reading.in_contacts
        if source.value is None or self._reading.letter.specimen:
            return ""
        text, there = self._text(source.places.file), set(self._slugs)
        for former, slug in self._renamed_to.items():
            text = re.sub(rf"^{former}:", f"{slug}:", text, flags=re.MULTILINE)
        given = parse(source.places.file, text, by_authority=True).value or {}
        gone = [slug for slug in given if slug not in there]
        text = without(text, gone)
        if set(gone) & set(parse(source.places.file, text, by_authority=True).value or {}):
            raise CampaignError((self._not_by_lines(source.places.file),))
        return with_comments(text, self._named, self._year)

    def _mapping(self) -> str:
        """`import.yaml` with the years in names of workbooks moved on; "" where there is none."""
        file = f"data/{self._earlier}/{IMPORT_FILE}"
        if not exists(self._root / file) or self._reading.letter.specimen:
            return ""
        text = self._text(file)
        named = {
            path: json.dumps(_moved_on(value, self._years), ensure_ascii=False)
            for path, value in leaves(parse(file, text).value or {})
            if isinstance(value, str) and _moved_on(value, self._years) != value
        }
        return with_comments(with_values(text, named), self._named, self._year)

    def _sources(self) -> str:
        source = self._reading.in_letter
        facts = [
            ".".join(map(str, path)) for path, _ in leaves(source.at("facts"), into_lists=False)
        ]
        groups = source.keys("peer_averages") or ()
        rows = ("letter_date", "publication_date", "period", "signatory", *facts)
        lines = (
            f"# Where the figures of {self._year} come from",
            "",
            "For each value: the document that it was taken from, its date, and who compared it.",
            "",
            "## statistics.yaml",
            "",
            "| counts | source |",
            "|---|---|",
            *(f"| {name} | |" for name in source.keys("counts") or ()),
            "",
            "## letter.yaml",
            "",
            "| what | source |",
            "|---|---|",
            *(f"| {name} | |" for name in rows),
            *(f"| averages: {group} | |" for group in groups),
            "",
            "## contacts.yaml",
            "",
            "Who keeps the names and addresses, and when they were last asked for.",
            "",
        )
        return "\n".join(lines)

    def _templates(self) -> Iterator[tuple[str, bytes]]:
        """The files of the year's words and looks, with its names put in the place of the other's."""
        folder = self._root / "templates" / self._folder
        for path in sorted(folder.rglob("*")) if self._folder != "base" else ():
            parts = path.relative_to(folder).parts
            if path.is_file() and not any(is_left_over(part) for part in parts):
                content = path.read_bytes()
                if path.suffix in _TEXTS:
                    name = path.relative_to(self._root).as_posix()
                    content = self._renamed(self._text(name), folder).encode()
                yield "/".join(parts), content

    def _renamed(self, text: str, folder: Path) -> str:
        def other(match: re.Match[str]) -> str:
            name = match["name"].rstrip(".")
            return f"{self._year}/{match['name']}" if (folder / name).is_file() else match[0]

        own = re.escape(self._folder)
        text = re.sub(rf"(?<![\w./-]){own}/(?P<name>[\w./-]+)", other, text)
        return _REMARKS.sub(lambda remark: self._named.sub(self._year, remark[0]), text)

    def _text(self, file: str) -> str:
        text = read_text(self._root, file)
        if isinstance(text, Problem):
            raise CampaignError((text,))
        return text


def _moved_on(name: str, years: int) -> str:
    """A name with its years some years later: Complaints decided 2020-21, 2021-22."""

    def later(found: re.Match[str]) -> str:
        first, last = int(found["first"]), found["last"]
        if not last:
            return f"{first + years}"
        if int(last) != (first + 1) % 100:  # a month, say
            return f"{first + years}{found['to']}{last}"
        return f"{first + years}{found['to']}{(int(last) + years) % 100:02}"

    return re.sub(
        r"(?<![0-9])(?P<first>(?:19|20|21)[0-9]{2})(?:(?P<to>[-–/_])(?P<last>[0-9]{2}))?(?![0-9])",
        later,
        name,
    )


def _years_between(earlier: str, year: str) -> int:
    """By how many years a campaign is later, as far as their names tell; else one."""
    first, second = _year_in(earlier), _year_in(year)
    return second - first if first and second else 1


def _year_in(name: str) -> int:
    """The year that a campaign's name begins or ends with; 0 for none."""
    match = re.match(r"(?:.*-)?([0-9]{4})(?![0-9])", name)
    return int(match[1]) if match else 0


def _named(year: str) -> re.Pattern[str]:
    """The name of a year as a word of its own, and not the year of a date."""
    months = "".join(rf"(?<!{month} )" for month in _MONTHS.split())
    return re.compile(rf"(?<![\w-]){months}{re.escape(year)}(?![\w-])")


def _later(day: date, years: int) -> date:
    """The same day some years later; the last day of February stays the last one."""
    if (day.month, (day + timedelta(days=1)).day) == (2, 1):
        return date(day.year + years, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year + years)
