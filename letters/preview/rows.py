"""The campaign's letters as a list to proof-read from: figures, marks, and how odd each letter is. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from letters.campaign.load import Campaign
from letters.errors import Problem, Severity
from letters.figures import Figures, all_figures
from letters.mail.approvals import Standing
from letters.typesetting.context import printed

ODDEST, BY_NAME, BY_GROUP = (
    "oddest",
    "name",
    "group",
)  #: orders; the others are a measure's name, "-" before it or not

_FIRST = 20  #: of the oddest, chosen so that they differ
_FEW = 3  #: authorities that may share an extreme of their peer group before it is nothing special
_SMALLEST_GROUP = 5  #: authorities, to speak of extremes
_LONGEST = 5  #: names and letters that count as the longest

#: The marks that a letter can carry: what they are called, and how much each adds to its oddness.
MARKS: Mapping[str, tuple[str, int]] = {
    "problem": ("problem", 100),
    "warning": ("warning", 60),
    "zero": ("zero base", 40),
    "below": ("below target", 35),
    "long": ("more pages", 30),
    "paragraph": ("bespoke paragraph", 30),
    "contact": ("no contact", 20),
    "changed": ("changed since approved", 50),
    "partly": ("partly approved", 0),
    "approved": ("approved", 0),
}
_KEYS = {Standing.CHANGED: "changed", Standing.PARTLY: "partly", Standing.APPROVED: "approved"}
_EXTREME, _LONG_NAME, _FULL = 15, 15, 15


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a letter that wants a look."""

    key: str  #: of MARKS, "" for a reason that is no mark
    kind: str  #: the same for letters that are odd in the same way
    reason: str  #: "no upheld decisions"
    weight: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the list."""

    measure: str
    value: str  #: "64%", "–" when there is none
    average: str  #: "45%", "" when there is none
    exact: Fraction | None


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in the list."""

    slug: str
    name: str
    peer_group: str  #: "" for none
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The marks it carries, each once."""
        return tuple(dict.fromkeys(mark.key for mark in self.marks if mark.key))

    @property
    def oddness(self) -> int:
        """How much its marks and reasons weigh together."""
        return sum(mark.weight for mark in self.marks)

    @property
    def search_text(self) -> str:
        """What a search looks in: name, slug and peer group, plain small letters."""
        return plain(f"{self.name} {self.slug} {self.peer_group}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters are wanted, and in what order."""

    words: str = ""
    mark: str = ""
    group: str = ""
    order: str = ODDEST

    def holds(self, row: Row) -> bool:
        """Whether a letter is wanted."""
        text = row.search_text
        return (
            all(word in text for word in plain(self.words).split())
            and (not self.mark or self.mark in row.keys)
            and (not self.group or self.group == (row.peer_group or "none"))
        )


def rows_of(
    campaign: Campaign,
    problems: Sequence[Problem],
    lengths: Mapping[str, int],
    pages: Mapping[str, int],
    standings: Mapping[str, Standing],
) -> tuple[Row, ...]:
    """A row for each letter, in the order of the campaign.

    By slug, as far as they are known: `lengths` are the characters of each letter's words, `pages` its pages, and
    `standings` how it stands with its approvals.
    """
    figures = all_figures(campaign)
    found: dict[str, list[Mark]] = {slug: [] for slug in figures}
    for slug, mark in (
        *_problems(campaign, problems),
        *_figures(campaign, figures),
        *_extremes(campaign, figures),
        *_letters(campaign, pages),
        *_longest(campaign, lengths),
        *(
            (slug, _mark(_KEYS[one], MARKS[_KEYS[one]][0]))
            for slug, one in standings.items()
            if one in _KEYS
        ),
    ):
        if slug in found:
            found[slug].append(mark)
    return tuple(
        Row(
            slug,
            campaign.register[slug].name,
            campaign.register[slug].peer_group or "",
            _cells(campaign, figures[slug]),
            tuple(sorted(found[slug], key=lambda mark: -mark.weight)),
        )
        for slug in figures
    )


def arranged(rows: Iterable[Row], order: str) -> list[Row]:
    """The rows in an order; of equals the names decide. An order that does not exist is that of the names.

    The oddest come first: the first of them so that each shows what those before it do not, the others by weight.
    """
    by_name = sorted(rows, key=lambda row: plain(row.name))
    if order == ODDEST:
        return _oddest(by_name)
    if order == BY_GROUP:
        return sorted(by_name, key=lambda row: row.peer_group or "~")
    measure, sign = order.removeprefix("-"), -1 if order.startswith("-") else 1

    def value(row: Row) -> tuple[bool, Fraction]:
        exact = next((cell.exact for cell in row.cells if cell.measure == measure), None)
        return exact is None, sign * (exact or Fraction(0))

    return sorted(by_name, key=value)


def _oddest(rows: list[Row]) -> list[Row]:
    """Of what many letters have in common, each further one counts less: twenty like one another prove nothing."""
    rest = sorted(rows, key=lambda row: -row.oddness)
    first: list[Row] = []
    seen: Counter[str] = Counter()
    while rest and len(first) < _FIRST:
        row = max(
            rest, key=lambda row: sum(mark.weight / (1 + seen[mark.kind]) for mark in row.marks)
        )
        if not row.marks:
            break
        rest.remove(row)
        first.append(row)
        seen.update(mark.kind for mark in row.marks)
    return [*first, *rest]


def plain(text: str) -> str:
    """Small letters without accents, apostrophes or hyphens, so that a search finds what is meant."""
    letters = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(
        letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’"
    )
    return " ".join(kept.replace("-", " ").split())


def _cells(campaign: Campaign, figures: Figures) -> tuple[Cell, ...]:
    measures = campaign.letter.measures
    return tuple(
        Cell(
            name,
            printed(figure.printed, measures[name]) or "–",
            printed(figure.printed_average, measures[name]) or "",
            figure.value,
        )
        for name, figure in figures.items()
    )


def _mark(key: str, reason: str, of: str = "") -> Mark:
    return Mark(key, f"{key} {of}", reason, MARKS[key][1])


def _problems(campaign: Campaign, problems: Sequence[Problem]) -> Iterator[tuple[str, Mark]]:
    """The problems that are about one authority, by their field or by their file."""
    keys = {Severity.ERROR: "problem", Severity.WARNING: "warning"}
    for problem in problems:
        folder, _, file = problem.place.file.rpartition("/")
        slug = (
            file.removesuffix(".md")
            if folder.endswith("/paragraphs")
            else problem.field.split(".")[0]
        )
        if problem.severity in keys:
            yield slug, _mark(keys[problem.severity], problem.sentence.partition(", so ")[0])


def _figures(campaign: Campaign, figures: Mapping[str, Figures]) -> Iterator[tuple[str, Mark]]:
    letter = campaign.letter
    for slug, measures in figures.items():
        for name, figure in measures.items():
            measure = letter.measures[name]
            if figure.value is None:
                yield slug, _mark("zero", f"no {letter.counts[measure.of].plural}", measure.of)
            elif measure.watch_below is not None and figure.value < measure.watch_below:
                value = printed(figure.printed, measure)
                yield (
                    slug,
                    _mark("below", f"{_words(name)} {value}, below {measure.watch_below}", name),
                )


def _extremes(campaign: Campaign, figures: Mapping[str, Figures]) -> Iterator[tuple[str, Mark]]:
    """The highest and the lowest of each measure in each peer group, unless many share it."""
    groups: dict[tuple[str, str], list[tuple[Fraction, str]]] = defaultdict(list)
    for slug, measures in figures.items():
        peers = campaign.register[slug].peer_group
        for name, figure in measures.items():
            if peers and figure.value is not None:
                groups[peers, name].append((figure.value, slug))
    for (group, name), values in groups.items():
        if len(values) < _SMALLEST_GROUP:
            continue
        for word, extreme in (("highest", max(values)[0]), ("lowest", min(values)[0])):
            holders = [slug for value, slug in values if value == extreme]
            if len(holders) <= _FEW:
                for slug in holders:
                    reason = f"{word} {_words(name)} of {len(values)} {group} authorities"
                    yield slug, Mark("", f"{word} {name}", reason, _EXTREME)


def _letters(campaign: Campaign, pages: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    standard = campaign.letter.pages
    for slug in campaign.statistics:
        if slug in campaign.paragraphs:
            yield slug, _mark("paragraph", "bespoke paragraph")
        if standard and pages.get(slug, 0) > standard:
            yield slug, _mark("long", f"{pages[slug]} pages")
        contacts = campaign.contacts.get(slug)
        if not (contacts and contacts.chief_executive and contacts.chief_executive.email):
            yield slug, _mark("contact", "no address to send it to")
        elif not contacts.chief_executive.surname:
            yield slug, Mark("", "no name", "no name known", 5)


def _longest(campaign: Campaign, lengths: Mapping[str, int]) -> Iterator[tuple[str, Mark]]:
    names = {slug: len(campaign.register[slug].name) for slug in campaign.statistics}
    for slug in _top(names):
        yield slug, Mark("", "long name", f"long name: {names[slug]} characters", _LONG_NAME)
    for slug in _top(lengths):
        yield slug, Mark("", "full pages", f"full pages: {lengths[slug]:,} characters", _FULL)


def _top(numbers: Mapping[str, int]) -> list[str]:
    """The few with the highest numbers; none where there are few altogether."""
    if len(numbers) < 4 * _LONGEST:
        return []
    return sorted(numbers, key=lambda slug: -numbers[slug])[:_LONGEST]


def _words(name: str) -> str:
    return name.replace("_", " ")
