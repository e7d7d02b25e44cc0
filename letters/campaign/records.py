"""The records of a campaign and their rules; the only user of pydantic. Every record is frozen.

Other rooms that have files of their own build their records of what is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args

from pydantic import AfterValidator as AfterValidator
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Tag,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic import BeforeValidator as BeforeValidator
from pydantic import Field as Field
from pydantic import WithJsonSchema as WithJsonSchema
from pydantic import model_validator as model_validator

from letters.campaign.rules import (
    CODE_PREFIX,
    COLOUR,
    DIGEST,
    DOMAIN,
    FAMILY,
    GSS_CODE,
    HEIGHT,
    NAME,
    SLUG,
    address,
    in_universal_time,
    is_this_machine,
    one_line,
    single,
    spelt,
)
from letters.campaign.rules import Refused as Refused
from letters.source.places import KeyPath

T_co = TypeVar("T_co", covariant=True)


def as_tuple(value: Any) -> Any:
    """A list as a tuple, as frozen records have it; anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def _as_decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _spelt(pattern: str) -> tuple[AfterValidator, Any]:
    return AfterValidator(partial(spelt, pattern)), Field(
        json_schema_extra={"pattern": f"^{pattern}$"}
    )


Slug = Annotated[str, *_spelt(SLUG)]
Name = Annotated[str, *_spelt(NAME)]  #: of a count, a measure or a fact
GssCode = Annotated[str, *_spelt(GSS_CODE)]
CodePrefix = Annotated[str, *_spelt(CODE_PREFIX)]
Line = Annotated[str, AfterValidator(one_line), Field(json_schema_extra={"minLength": 1})]
InUniversalTime = Annotated[str, AfterValidator(in_universal_time)]
Email = Annotated[str, AfterValidator(address), Field(json_schema_extra={"format": "email"})]
Domain = Annotated[str, *_spelt(DOMAIN)]
Digest = Annotated[str, *_spelt(DIGEST)]
Colour = Annotated[str, *_spelt(COLOUR)]
Family = Annotated[str, *_spelt(FAMILY)]
Height = Annotated[str, *_spelt(HEIGHT)]
Whole = Annotated[int, Field(ge=0)]
Single = Annotated[
    Any, AfterValidator(single), WithJsonSchema({"type": ["string", "boolean", "number", "null"]})
]
Average = Annotated[
    Decimal,
    BeforeValidator(_as_decimal),
    Field(ge=0),
    WithJsonSchema({"type": "number", "minimum": 0}),
]

Change = Annotated[
    Decimal,
    BeforeValidator(_as_decimal),
    Field(gt=1),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 1}),
]

# how the validator names the two ways; never shown
_COMPUTED, _PUBLISHED = ("(computed)", "(published)")


def _way_of_averages(value: Any) -> str:
    return _COMPUTED if isinstance(value, str) else _PUBLISHED


Averages = Annotated[
    Annotated[Literal["computed"], Tag(_COMPUTED)]
    | Annotated[dict[Name, dict[Name, Average]], Tag(_PUBLISHED)],
    Discriminator(_way_of_averages),
]


class Record(BaseModel):
    """A frozen record that refuses unknown keys and wrong types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    if_nothing: ClassVar[str] = "write one, or delete the key"  #: what to do about an empty key

    @field_validator("*", mode="before")
    @classmethod
    def _is_given(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse an empty key where one may be left out: nobody knows which was meant."""
        if value is None and not cls.model_fields[str(info.field_name)].is_required():
            sentence = "expected a value, found nothing"
            raise Refused("no-value", sentence, cls.if_nothing)
        return value


class Authority(Record):
    """A council or other body, as the register knows it (`data/authorities.yaml`)."""

    name: Line = Field(description="The official name, as printed.")
    peer_group: Name | None = Field(
        default=None,
        description="The authorities it is compared with, as peer_groups.yaml names them;"
        " left out for a body that is compared with none.",
    )
    gss_code: GssCode | None = Field(
        default=None, description="The code of the Office for National Statistics."
    )
    began: date | None = Field(
        default=None, description="The first day it existed, where that matters."
    )
    ended: date | None = Field(default=None, description="The last day it existed.")
    succeeded_by: Annotated[tuple[Slug, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="The slugs of the authorities that took over from it."
    )
    formerly: Annotated[tuple[Slug, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="The slugs it had before: a letter sent to one was sent to it."
    )
    also_called: Annotated[tuple[Line, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Other spellings of its name, as workbooks have them."
    )
    former_codes: Annotated[tuple[GssCode, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Codes that the Office for National Statistics gave it before."
    )
    mail_domains: Annotated[tuple[Domain, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="The only domains its letter may be e-mailed to; left out: any."
    )


class PeerGroup(Record):
    """Authorities that are compared with each other (`data/peer_groups.yaml`)."""

    codes: Annotated[tuple[CodePrefix, ...], BeforeValidator(as_tuple)] = Field(
        default=(),
        description="How the codes of the Office for National Statistics begin that its authorities"
        " have; left out: nothing is known of them.",
    )


class Period(Record):
    """The time the figures are about; both days belong to it."""

    start: date = Field(description="The first day.")
    end: date = Field(description="The last day.")


class Picture(Record):
    """A picture of a year: a file below templates/, and the words in its place."""

    file: Line = Field(
        description="SVG, PNG or JPEG, by its full name below templates/: 2021/pictures/logo.svg."
    )
    alt: Line = Field(description="What somebody hears or reads who does not see it.")
    height: Height = Field(default="14mm", description="How high it is printed: 14mm.")


def _as_signature(value: Any, info: ValidationInfo) -> Any:
    """Of a signature that is the name of a file, the words in its place are whose it is."""
    if isinstance(value, str):
        return {"file": value, "alt": f"Signature of {info.data.get('name')}"}
    return value


class Signatory(Record):
    """The person who signs."""

    name: Line = Field(description="The name below the signature.")
    posts: Annotated[tuple[Line, ...], Field(min_length=1), BeforeValidator(as_tuple)] = Field(
        description="The posts below the name, one a line."
    )
    signature: (
        Annotated[Picture, BeforeValidator(_as_signature, json_schema_input_type=str | Picture)]
        | None
    ) = Field(
        default=None,
        description="This person's signature, scanned, for templates that print it:"
        " a file below templates/, or a picture with words of its own.",
    )


class Fonts(Record):
    """The faces of one family of fonts, each a file below templates/."""

    family: Family = Field(description="The name of the family.")
    regular: Line = Field(
        description="The upright face: TTF, OTF, WOFF or WOFF2: 2021/fonts/Name-Regular.ttf."
    )
    bold: Line = Field(description="The bold face, for headings and figures.")
    italic: Line = Field(description="The italic face, for emphasis in paragraphs.")
    bold_italic: Line = Field(description="The bold italic face.")


class BrandFile(Record):
    """How a year looks (`brand.yaml` beside its templates); what is left out is the base's."""

    if_nothing: ClassVar[str] = (
        'a # begins a remark: write a colour in quotes, "#3d2059"; or delete the key'
    )

    accent: Colour | None = Field(
        default=None,
        description="The main colour, of headings, bands and charts; 4.5 to 1 against white.",
    )
    shade: Colour | None = Field(
        default=None,
        description="A lighter one, of lines and what is beside the main thing; 3 to 1.",
    )
    tint: Colour | None = Field(
        default=None, description="The lightest one, the ground of numbers: text stands on it."
    )
    fonts: Fonts | None = Field(
        default=None, description="The family of all words, on paper and on screens."
    )
    logo: Picture | None = Field(
        default=None, description="A picture in place of the office's name above the letter."
    )


class Count(Record):
    """A whole number that the office supplies for each authority, and its name in words."""

    singular: Line = Field(description="What one of them is called: detailed investigation.")
    plural: Line = Field(description="What several or none are called: detailed investigations.")
    at_most: Name | None = Field(default=None, description="The count that it can never exceed.")
    sum_of: Annotated[tuple[Name, ...], Field(min_length=2), BeforeValidator(as_tuple)] | None = (
        Field(default=None, description="The counts that it is the sum of, always.")
    )


class Measure(Record):
    """How a figure is worked out: `count` / `of` x `per`, printed with `decimals` places."""

    count: Name = Field(description="The count above the line.")
    of: Name = Field(description="The count below the line: the base.")
    stated_base: Name | None = Field(
        default=None,
        description="The count that the letter prints as the base, where that is not `of`.",
    )
    per: Annotated[int, Field(ge=1)] = Field(
        default=100, description="100 for a percentage, 100000 for a rate."
    )
    decimals: Annotated[int, Field(ge=0, le=6)] = Field(
        default=0, description="Decimal places, rounded half up."
    )
    undefined: Line | None = Field(
        default=None, description="The words printed when the base is 0."
    )
    compared: bool = Field(
        default=True, description="Whether it is compared with an average of similar authorities."
    )
    watch_below: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="A figure below this is marked in the preview, for proof-readers to look at.",
    )


class Bound(Record):
    """What a count must be for an authority to get a letter."""

    at_least: Whole = Field(description="The smallest number with which it gets one.")


class Acceptance(Record):
    """A problem that the office has looked at and wants to keep (`accepted`)."""

    code: Line = Field(description="The problem's code, as `letters check --json` gives it.")
    authority: Slug | None = Field(
        default=None, description="The authority that it is about; left out for all, or none."
    )
    value: Single = Field(
        default=None,
        description="What was found, as `letters check --json` gives it:"
        " any other value raises the problem again.",
    )
    because: Line = Field(description="Why it is right all the same.")


Acceptances = Annotated[tuple[Acceptance, ...], BeforeValidator(as_tuple)]


class AcceptedFile(Record):
    """What the office accepts of the register (`data/accepted.yaml`)."""

    accepted: Acceptances = Field(description="The problems that are accepted.")


class Letter(Record):
    """What one year's letters have in common (`letter.yaml`)."""

    templates: Line = Field(description="The folder under templates/ that holds the year's words.")
    specimen: bool = Field(
        default=False,
        description="Whether the figures are invented: SPECIMEN on every page, never sent.",
    )
    letter_date: date = Field(description="The date on the letter.")
    publication_date: date = Field(description="The day the figures are published.")
    period: Period = Field(description="The time the figures are about.")
    signatory: Signatory = Field(description="The person who signs.")
    correct_averages: Literal["reissue", "note"] = Field(
        default="reissue",
        description="Whether a letter that a correction changes in an average of others alone is"
        " sent again, or that is only noted.",
    )
    pages: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="The pages of a standard letter; a bespoke paragraph may add one."
    )
    approvers: Annotated[int, Field(ge=1, le=5)] = Field(
        default=1,
        description="How many different people must approve a letter before it may be sent.",
    )
    expected: Literal["all"] | None = Field(
        default=None,
        description="all: every authority that exists on the letter's date should have figures.",
    )
    only: Annotated[tuple[Slug, ...], Field(min_length=1), BeforeValidator(as_tuple)] | None = (
        Field(default=None, description="The only authorities that get a letter, in place of all.")
    )
    left_out: dict[Slug, Line] = Field(
        default={}, description="The authorities that get no letter, and why."
    )
    letter_if: dict[Name, Bound] = Field(
        default={}, description="What an authority's counts must be for it to get a letter."
    )
    facts: dict[Name, Any] = Field(default={}, description="Whatever the year's templates use.")
    counts: dict[Name, Count] = Field(
        description="The whole numbers that each authority has in statistics.yaml."
    )
    measures: dict[Name, Measure] = Field(
        description="The figures that are worked out of the counts."
    )
    peer_averages: Averages = Field(
        description="The published average of each measure for each peer group,"
        " or the one word: computed."
    )
    accepted: Acceptances = Field(
        default=(), description="The problems that the office has looked at and wants to keep."
    )
    confirmed: dict[str, Any] = Field(
        default={},
        description="What is the same as the year before on purpose: each by its name, with its"
        " value; sentences of templates in a list under `sentences`.",
    )
    unusual_change: Change = Field(
        default=Decimal(3),
        description="The factor beyond which a count that changed since the year before is told.",
    )


class LetterParts(BaseModel):
    """What could be read of a `letter.yaml` with faults: for checks that need only a part."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    templates: Line | None = None
    specimen: bool = False
    letter_date: date | None = None
    publication_date: date | None = None
    period: Period | None = None
    counts: dict[Name, Count] = {}
    measures: dict[Name, Measure] = {}
    peer_averages: Averages = {}
    accepted: Acceptances = ()
    expected: Literal["all"] | None = None
    only: Annotated[tuple[Slug, ...], BeforeValidator(as_tuple)] | None = None
    left_out: dict[Slug, Line] = {}
    letter_if: dict[Name, Bound] = {}
    confirmed: dict[str, Any] = {}
    unusual_change: Change = Decimal(3)


class ChiefExecutive(Record):
    """The person the letter is addressed to; without a surname it greets the post."""

    title: Line | None = Field(
        default=None, description="Ms, Mr, Dr ...; together with the surname."
    )
    surname: Line | None = Field(default=None, description="Left out when nobody is known.")
    post: Line = Field(default="Chief Executive", description="The post, as the envelope says it.")
    email: Email | None = Field(
        default=None, description="The work address that the letter is sent to."
    )


class Copy(Record):
    """A person or role that receives a copy."""

    role: Line = Field(
        description="Why this address gets a copy: Link Officer, Monitoring Officer ..."
    )
    email: Email = Field(description="The work address that the copy is sent to.")


class Contacts(Record):
    """Who at one authority receives the letter (`contacts.yaml`)."""

    chief_executive: ChiefExecutive | None = Field(
        default=None, description="The person the letter is addressed to."
    )
    copies: Annotated[tuple[Copy, ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="Everybody else who receives it."
    )


class Approval(Record):
    """A named person's word that one letter may go out as it is (`approvals.yaml`)."""

    sha256: Digest = Field(description="Of the PDF that was approved.")
    envelope: Digest = Field(
        description="Digest of who receives it and of the files that go with it."
    )
    by: Line = Field(description="Who approved it.")
    at: Line = Field(description="When, in universal time.")


class Sender(Record):
    """Who the messages come from."""

    name: Line = Field(description="The name that mail programs show.")
    email: Email = Field(
        description="The address they are sent from; reports of what cannot be delivered come here."
    )


class MailServer(Record):
    """The server that messages are handed to."""

    host: Line = Field(description="Its name, as its certificate has it.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=587, description="587 for starttls, 465 for tls."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection is encrypted; none only inside your own network.",
    )
    user: Line | None = Field(
        default=None,
        description="The account; its password comes from the environment, LETTERS_MAIL_PASSWORD,"
        " or from the keyboard.",
    )
    token_command: (
        Annotated[tuple[Line, ...], Field(min_length=1), BeforeValidator(as_tuple)] | None
    ) = Field(
        default=None,
        description="A command and its words that prints an access token for the account (XOAUTH2),"
        " in place of a password; run in the folder that holds data/.",
    )

    @model_validator(mode="after")
    def _secrets_are_kept(self) -> MailServer:
        if self.security == "none" and self.user and not is_this_machine(self.host):
            secret = "access token" if self.token_command else "password"
            raise Refused(
                "password-in-clear",
                f"without encryption the {secret} of the user would go over the network in clear",
                "write security: starttls or tls, or leave user out",
            )
        return self

    @model_validator(mode="after")
    def _tokens_are_for_somebody(self) -> MailServer:
        if self.token_command and not self.user:
            raise Refused(
                "token-without-user",
                "token_command gives an access token, and there is no user that it is for",
                "write the account as user",
            )
        return self


class Office(Record):
    """How the office sends its mail (`data/office.yaml`)."""

    sender: Sender = Field(description="Who the messages come from.")
    reply_to: Email | None = Field(
        default=None, description="Where answers go; left out: to the sender."
    )
    server: MailServer = Field(description="The server that messages are handed to.")
    messages_a_minute: Annotated[int, Field(ge=1)] = Field(default=20, description="The pace.")
    largest_megabytes: Annotated[int, Field(ge=1)] = Field(
        default=20, description="The largest message to send."
    )
    waits: Annotated[tuple[Whole, ...], BeforeValidator(as_tuple)] = Field(
        default=(60, 300, 900),
        description="Seconds before each further try of what the server put off.",
    )
    refusals_in_a_row: Annotated[int, Field(ge=1)] = Field(
        default=3, description="So many refused messages, one after the other, stop the run."
    )


Register = dict[Slug, Authority]
PeerGroups = dict[Name, PeerGroup]
Approvals = dict[Slug, Annotated[tuple[Approval, ...], BeforeValidator(as_tuple)]]
Statistics = dict[Slug, dict[Name, Whole]]
Directory = dict[Slug, Contacts]


@dataclass(frozen=True)
class Shape(Generic[T_co]):
    """What one kind of file holds."""

    type: Any  #: of its value, for the validator
    description: str  #: for editors
    record: type[Record] | None = None  #: what its entries are, or what it is as a whole
    by_authority: bool = False  #: its top keys are slugs of authorities
    private: bool = False  #: holds personal data: sentences never show what was found
    when_empty: Any = None  #: the value of a file with nothing in it; None: there must be something

    @property
    def holds_counts(self) -> bool:
        """Whether its values are counts of authorities."""
        return self.by_authority and self.record is None

    @cached_property
    def _adapter(self) -> TypeAdapter[T_co]:
        return TypeAdapter(self.type)

    def read(self, value: Any) -> tuple[T_co | None, tuple[Mapping[str, Any], ...]]:
        """The value as a record, or None and the validator's errors, their paths the file's."""
        try:
            return self._adapter.validate_python(value, strict=True), ()
        except ValidationError as error:
            errors = error.errors(include_url=False)
        return None, tuple(
            {
                **one,
                "loc": tuple(part for part in one["loc"] if part not in (_COMPUTED, _PUBLISHED)),
            }
            for one in errors
        )

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the value, as the validator's library makes it."""
        return self._adapter.json_schema()

    def keys_beside(self, path: KeyPath) -> tuple[str, ...]:
        """The keys that may stand where the path's last key stands; none where any may."""
        record: type[BaseModel] | None = self.record
        for part in path[:-1]:
            if record and part in record.model_fields:
                record = _record_in(record.model_fields[str(part)].annotation)
        return tuple(record.model_fields) if record else ()


REGISTER: Shape[Register] = Shape(
    Register, "Every authority by its slug, for all years.", Authority, by_authority=True
)
PEER_GROUPS: Shape[PeerGroups] = Shape(
    PeerGroups, "The peer groups, by the name that the register has for them.", PeerGroup
)
LETTER: Shape[Letter] = Shape(Letter, "What one year's letters have in common.", Letter)
PARTS: Shape[LetterParts] = Shape(LetterParts, "What could be read of a letter.yaml.")
STATISTICS: Shape[Statistics] = Shape(
    Statistics, "Each authority's counts, by its slug.", by_authority=True
)
CONTACTS: Shape[Directory] = Shape(
    Directory, "Who receives the letters, by slug.", Contacts, by_authority=True, private=True
)
ACCEPTED: Shape[AcceptedFile] = Shape(
    AcceptedFile, "The problems of the register that the office accepts.", AcceptedFile
)
APPROVALS: Shape[Approvals] = Shape(
    Approvals, "The approvals of each letter, by slug.", Approval, by_authority=True, when_empty={}
)
BRAND: Shape[BrandFile] = Shape(BrandFile, "How a year's letters look.", BrandFile, when_empty={})
OFFICE: Shape[Office] = Shape(Office, "How the office sends its mail.", Office)


def _record_in(annotation: Any) -> type[BaseModel] | None:
    """The record class inside a type such as `dict[Name, Count]` or `Period | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((record for part in get_args(annotation) if (record := _record_in(part))), None)
