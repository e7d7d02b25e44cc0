"""Faults: where they are, what they are, and how they stop the work.

A fault in a file that somebody writes is a value with a place (`Problem`); problems are gathered
and shown together.
What stops the work is an exception, and all of ours come from one class:

    LettersError
    ├── UnknownCampaign      there is no such folder under data/
    ├── CampaignError        the files of a campaign have errors; carries every problem
    ├── InUseError           another process is at the same folder
    ├── BuildError           the build folder cannot be used, or the workers are gone
    ├── PreviewError         the preview cannot be served
    ├── NoLetter             what was taken for a letter's PDF is none
    ├── MailError            the mail cannot go out: something to mend before the next run
    │   ├── AnsweredError    by what a mail server said, in its own words
    │   ├── InterlockError   a message and what it should be do not agree; nothing more is sent
    │   └── WithdrawnError   one letter's approval is gone since it was chosen; the others go on
    └── LetterError          one letter cannot be made; names the authority
        ├── TemplateError    its words: a template is missing, broken, or uses an unknown name
        └── RenderingError   its pages: a missing asset or glyph, a warning, an overflow
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Self


class Severity(StrEnum):
    """An error stops the build, a warning needs a look, a notice is for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1, columns in characters.

    In a workbook they are the row and the column of a cell.
    """

    file: str  #: relative to the root folder, with forward slashes; a workbook's name
    sheet: str = field(default="", kw_only=True)  #: of a workbook, "" for any other file
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        if self.sheet:
            return f"{self.file}!{self.sheet}!{self.cell}"
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def cell(self) -> str:
        """The address of a cell in its sheet: C5."""
        return f"{column_letters(self.column)}{self.line}"


def column_letters(number: int) -> str:
    """The name of a sheet's column: A for 1, AA for 27."""
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = f"{chr(65 + digit)}{letters}"
    return letters


class Spot(NamedTuple):
    """Where on a letter's pages something is seen, in points from the page's lower left corner."""

    page: int  #: from 1
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in something that a person wrote: where, what was found, what to do."""

    place: Place
    severity: Severity
    code: str  #: what kind of fault, in words that stay: "upheld-over-investigations"
    sentence: str
    hint: str = ""
    field: str = ""  #: dotted path below the file's top, "" when the file as a whole is meant
    authority: str = ""  #: slug of the one authority that it is about, "" for none alone
    value: str = ""  #: what was found, by which somebody can accept just this; never personal data
    #: slugs of the authorities that it is about, where it is about several and not about all
    shared_by: tuple[str, ...] = ()
    #: an error that is right in rare cases, which somebody may accept
    may_be_accepted: bool = False
    #: an error of a year at work, such as figures awaited: it stops what is made, not what is shown
    unfinished: bool = False
    carried_over: str = ""  #: the campaign of which it has the value, where that is to be confirmed
    rank: int = 0  #: of one file, those with a rank come last, by rank

    def concerns(self, slugs: Collection[str]) -> bool:
        """Whether it is about one of these authorities, or about all."""
        about = self.shared_by or ((self.authority,) if self.authority else ())
        return not about or any(slug in slugs for slug in about)

    @property
    def stops(self) -> bool:
        """Whether letters cannot even be shown."""
        return self.severity is Severity.ERROR and not self.unfinished

    def __str__(self) -> str:
        """`file:line:column: severity: field: sentence`, and a second line where a hint helps."""
        subject = f"{self.field}: " if self.field else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.place}: {self.severity}: {subject}{self.sentence}{hint}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems as the files have them, those with a rank behind; of one place the gravest first."""
    gravity = list(Severity)

    def key(one: Problem) -> tuple[Any, ...]:
        weight = gravity.index(one.severity)
        return one.place.file, one.rank, one.place, weight, one.field, one.sentence

    return tuple(sorted(problems, key=key))


class LettersError(Exception):
    """Whatever stops the work for a reason that a person can act on, told in whole sentences."""


class UnknownCampaign(LettersError):
    """There is no such campaign; the text names those that exist."""

    def __init__(self, year: str, sentence: str) -> None:
        super().__init__(sentence)
        self.year = year

    def __reduce__(self) -> tuple[type[UnknownCampaign], tuple[str, str]]:
        return type(self), (self.year, str(self))

    @property
    def problem(self) -> Problem:
        """The same as a problem among others."""
        return Problem(Place(f"data/{self.year}"), Severity.ERROR, "no-such-campaign", str(self))


class CampaignError(LettersError):
    """The files of a campaign have errors; `problems` holds every problem, warnings too."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[CampaignError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class InUseError(LettersError):
    """Another process is at the same folder; the text names it."""


class BuildError(LettersError):
    """A year cannot be built: a worker was killed, the manifest cannot be read."""


class PreviewError(LettersError):
    """The preview cannot be served: its port is taken."""


class NoLetter(LettersError):
    """A file that was taken for a letter's PDF is none; the text says what hindered reading it."""


class MailError(LettersError):
    """The mail cannot go out: a letter is not approved, no server answers, the books are shut."""


class AnsweredError(MailError):
    """A mail server does not take what it should; its own words are in the text."""


class InterlockError(MailError):
    """A message is not what it should be; the text says what disagrees. The whole run stops."""


class WithdrawnError(MailError):
    """The approval of one letter is gone since it was chosen. The letter stays here."""


class LetterError(LettersError):
    """A letter cannot be made; `authority` is its slug, "" for all letters; `place` if known."""

    code = "letter"  #: of the problem that it is
    html = ""  #: of the letter, as far as it was written
    texts: tuple[str, ...] = ()  #: of the letter, for each problem: by it its place can be found

    def __init__(
        self,
        authority: str,
        sentence: str,
        place: Place | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{where}{authority or 'all letters'}: {sentence}")
        self.authority = authority
        self.sentence = sentence
        self.place = place
        self._problems = problems

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.authority, self.sentence, self.place, self._problems)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """The error of a letter with these problems, one at least; the first speaks for them."""
        first = problems[0]
        return cls(first.authority, first.sentence, first.place, tuple(problems))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong with the letter, as problems among others."""
        return self._problems or (self.problem,)

    @property
    def problem(self) -> Problem:
        """The same as a problem among others."""
        place = self.place or Place("templates")
        return Problem(place, Severity.ERROR, self.code, self.sentence, authority=self.authority)


class TemplateError(LetterError):
    """A letter's words cannot be written: a template is missing, broken, or uses unknown names."""

    code = "template"


class RenderingError(LetterError):
    """A letter's pages cannot be made: a missing asset or glyph, a warning, an overflow."""

    code = "rendering"
    draft = b""  #: the pages as they came out, what is wrong outlined, as PDF; b"" for none
    pages = 0  #: of the draft

    def __reduce__(self) -> tuple[Any, ...]:
        return (*super().__reduce__(), {"texts": self.texts})
