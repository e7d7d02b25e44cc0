"""What is taken from where in an office's workbooks: `data/YEAR/import.yaml`, and its rules."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any, Literal

from letters.campaign.records import (
    AfterValidator,
    BeforeValidator,
    Field,
    Line,
    Name,
    Record,
    Shape,
    WithJsonSchema,
    as_tuple,
    model_validator,
)
from letters.campaign.rules import Refused, one_line
from letters.source.scalars import as_text

IMPORT_FILE = "import.yaml"

_ONE_OR_MORE = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_VALUES = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1},
    ]
}


def _several(value: Any) -> Any:
    """One or a list as a tuple."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _texts(value: Any) -> Any:
    """One or a list of single values as a tuple of their texts."""
    given = _several(value)
    return tuple(one if isinstance(one, str) else as_text(one) for one in given)


def file_name(text: str) -> str:
    """The text when it can be the name of a workbook; raises Refused."""
    if text != PurePath(text).name or text.startswith(".") or "\\" in text:
        sentence = "expected the name of a file, without folders"
        hint = "workbooks are looked for in private/YEAR/, or named on the command line"
        raise Refused("not-a-file-name", sentence, hint, shows_text=True)
    if "!" in text:
        sentence = "a workbook's name may hold no !, which stands before its sheets"
        raise Refused("not-a-file-name", sentence, "give the file another name", shows_text=True)
    if signs := sorted(set(text) & set('<>:"|?*')):
        sentence = f"a file's name may hold none of these: {' '.join(signs)}"
        raise Refused("not-a-file-name", sentence, "leave them out", shows_text=True)
    return one_line(text)


Headings = Annotated[
    tuple[Line, ...], BeforeValidator(_several), Field(min_length=1), WithJsonSchema(_ONE_OR_MORE)
]
Values = Annotated[
    tuple[Line, ...], BeforeValidator(_texts), Field(min_length=1), WithJsonSchema(_VALUES)
]
FileName = Annotated[Line, AfterValidator(file_name)]
Withheld = Literal["c", "x", "z", "low", "u", "w"]  #: as statistics offices mark what is not shown


class AuthorityColumns(Record):
    """The columns that say whose a row is; where both are given they must agree."""

    name: Line | None = Field(default=None, description="The heading above its name.")
    code: Line | None = Field(default=None, description="The heading above its GSS code.")

    @model_validator(mode="after")
    def _one_of_them(self) -> AuthorityColumns:
        if self.name is None and self.code is None:
            sentence = "expected the heading of a name or a code, found none"
            raise Refused("no-authority-column", sentence, "write name: or code:, or both")
        return self

    @property
    def headings(self) -> tuple[str, ...]:
        """Those that are given."""
        return tuple(one for one in (self.name, self.code) if one)


class Source(Record):
    """What is said of every sheet."""

    file: FileName = Field(description="The workbook's name, without folders.")
    sheet: Line | None = Field(
        default=None, description="The sheet; left out: the one that has all the headings."
    )
    header: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="The row of the headings, the last one of several;"
        " left out: the first that has them all.",
    )
    authority: AuthorityColumns = Field(description="The columns that say whose a row is.")


class Figures(Source):
    """A sheet with one row an authority."""

    counts: dict[Name, Headings] = Field(
        description="By count, the heading above it; of several headings their sum."
    )
    rates: dict[Name, Line] = Field(
        default={},
        description="By measure, the heading above what is printed of it, to be compared;"
        " one that is called as the measure is compared anyway.",
    )
    suppressed: dict[str, Withheld] = Field(
        default={},
        description="What stands for a number that is not shown, and why: c confidential, x not"
        " available, z not applicable, low rounded to 0, u unreliable, w withheld.",
    )


class EnclosureColumns(Record):
    """The file with its cases that goes to each authority."""

    name: FileName = Field(description="What it is called, without its ending.")
    columns: Annotated[tuple[Line, ...], BeforeValidator(_several), Field(min_length=1)] = Field(
        description="The headings of the columns that go into it, in order."
    )

    @model_validator(mode="after")
    def _each_once(self) -> EnclosureColumns:
        names = [" ".join(one.split()).casefold() for one in self.columns]
        if len(set(names)) < len(names):
            raise Refused("column-twice", "a column stands here twice", "delete one of them")
        return self


class Cases(Source):
    """A sheet with one row a case, or an outcome: what is counted is rows."""

    counts: dict[Name, dict[Line, Values]] = Field(
        default={}, description="By count, what must stand in which column for a row to count."
    )
    enclosure: EnclosureColumns | None = Field(
        default=None, description="What each authority is sent of it."
    )


class ExecutiveColumns(Record):
    """The columns of the person the letter is addressed to."""

    title: Line | None = Field(default=None, description="The heading above Ms, Mr, Dr ...")
    surname: Line | None = Field(default=None, description="The heading above the surname.")
    post: Line | None = Field(default=None, description="The heading above the post.")
    email: Line | None = Field(default=None, description="The heading above the address.")


class People(Source):
    """A sheet with one row an authority, and who receives its letter."""

    chief_executive: ExecutiveColumns = Field(description="The columns of the chief executive.")
    copies: dict[Line, Headings] = Field(
        default={}, description="By role, the heading above the address that gets a copy."
    )


def headings_of(source: Source) -> tuple[str, ...]:
    """Every heading that a source names, each once."""
    named = list(source.authority.headings)
    if isinstance(source, Figures):
        named += [one for several in source.counts.values() for one in several]
        named += source.rates.values()
    elif isinstance(source, Cases):
        named += [one for conditions in source.counts.values() for one in conditions]
        named += source.enclosure.columns if source.enclosure else ()
    elif isinstance(source, People):
        named += source.chief_executive.model_dump(exclude_none=True).values()
        named += [one for several in source.copies.values() for one in several]
    return tuple(dict.fromkeys(named))


class ImportFile(Record):
    """What is taken from where (`import.yaml`)."""

    figures: Annotated[tuple[Figures, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Sheets with one row an authority."
    )
    cases: Annotated[tuple[Cases, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Sheets with one row a case."
    )
    contacts: Annotated[tuple[People, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Sheets that say who receives the letters."
    )

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all workbooks."""
        return tuple(one.file for one in (*self.figures, *self.cases, *self.contacts))


IMPORT: Shape[ImportFile] = Shape(ImportFile, "What is taken from where in workbooks.", ImportFile)
