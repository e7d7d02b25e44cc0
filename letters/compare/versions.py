"""One letter at one moment, and all letters of one: as they would be now, were built, or are in another year.

What was approved or sent comes from `letters.mail.versions` as the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.batch.draft import Drafts
from letters.batch.manifest import Entry, Manifest, Origin, read_manifest, unfinished
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.batch.verify import built_manifest
from letters.campaign.load import Campaign
from letters.errors import BuildError, LetterError
from letters.files import digest_of, shown
from letters.typesetting.context import addressee_of
from letters.typesetting.markup import Markup, read_markup, without_styles
from letters.typesetting.pictures import in_one_file


@dataclass(frozen=True, slots=True)
class Version:
    """One letter at one moment."""

    slug: str  #: of the authority, as it was then
    name: str  #: of the authority, as it was then
    statistics: Mapping[str, Any]  #: as its PDF carries them
    html: Callable[[], str]  #: its HTML: a page, or what a page is made from. Raises OSError
    html_sha256: str = ""  #: of its page, "" where it is not known: equal ones are not read
    sha256: str = ""  #: of its PDF, "" where it has none yet
    #: the bytes of its PDF, None where it has none yet. Raises OSError, LettersError
    pdf: Callable[[], bytes] | None = None
    origin: Origin | None = None  #: what it was made from, None where it is not known
    at: str = ""  #: when that was, as it is told: "2020-07-22 09:30:00"; "" for now
    read: Callable[[], Markup] | None = None  #: what its HTML says, where that is known already
    addressee: str = ""  #: whom it greets, "" where that is not known

    def bare(self) -> str:
        """Its HTML without styles. Raises OSError, and UnicodeError."""
        return without_styles(self.html())

    def markup(self) -> Markup:
        """What its HTML says. Raises OSError, and UnicodeError."""
        return self.read() if self.read else read_markup(self.bare())


@dataclass(frozen=True, slots=True)
class Side:
    """The letters of one moment: one side of a comparison."""

    title: str  #: "what was approved"
    versions: Mapping[str, Version]  #: by slug of now
    #: by slug of now, why there is none, where there should be one: "it is not kept here"
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  #: what is to be known of all of them, as sentences


def now(drafts: Drafts) -> Side:
    """The letters as data and templates now make them; one that cannot be written is missing.

    Each has the PDF that was built last where it would be made the same now.
    """
    root, campaign = drafts.root, drafts.campaign
    try:
        built = read_manifest(year_folder(root, campaign.year)).letters
    except BuildError:
        built = {}
    versions, missing = dict[str, Version](), dict[str, str]()
    for slug in campaign.statistics:
        try:
            draft = drafts.draft(slug)
        except LetterError as error:
            missing[slug] = f"it cannot be written now: {error.sentence}"
            continue
        entry, same = draft.entry, built.get(slug)
        is_built = same is not None and same.fingerprint == entry.fingerprint
        pdf, _ = letter_paths(letters_folder(root, campaign.year), slug)
        versions[slug] = Version(
            slug=slug,
            name=campaign.register[slug].name,
            statistics=entry.statistics,
            html=partial(_bare_html, drafts, slug),
            html_sha256=entry.html_sha256,
            sha256=same.sha256 if same and is_built else "",
            pdf=partial(same_bytes, pdf, same.sha256) if same and is_built else None,
            origin=Origin(entry, drafts.setting),
            read=partial(_markup, drafts, slug),
            addressee=addressee_of(campaign.contacts.get(slug)).greeting,
        )
    return Side(f"{campaign.year} as data and templates now make it", versions, missing)


def last_build(root: Path, campaign: Campaign) -> Side:
    """The letters that were built last. Raises BuildError when there are none to be read."""
    folder, letters = year_folder(root, campaign.year), letters_folder(root, campaign.year)
    manifest = built_manifest(folder)
    here = campaign.slugs_of_now
    versions, missing = dict[str, Version](), dict[str, str]()
    for slug, entry in manifest.letters.items():
        pdf, page = letter_paths(letters, slug)
        if fault := _fault(entry, pdf, page):
            missing[here.get(slug, slug)] = f"{fault}: letters build {campaign.year}"
        else:
            versions[here.get(slug, slug)] = _built(manifest, entry, pdf, page)
    notes = (
        (f"the last build has not ended: letters build {campaign.year}",)
        if unfinished(folder)
        else ()
    )
    return Side("the last build", versions, missing, notes)


def other_year(drafts: Drafts, campaign: Campaign) -> Side:
    """The letters of another year as its data and templates now make them, beside those of a campaign."""
    side = now(drafts)
    names = dict(campaign.slugs_of_now)
    for known_as, slug in drafts.campaign.slugs_of_now.items():  # where the other year is the later
        if known_as in campaign.statistics:
            names[slug] = known_as
    return Side(
        drafts.campaign.year,
        {names.get(slug, slug): one for slug, one in side.versions.items()},
        {names.get(slug, slug): why for slug, why in side.missing.items()},
        side.notes,
    )


def _fault(entry: Entry, pdf: Path, page: Path) -> str:
    """What is wrong with the files of a letter that was built, "" for nothing."""
    where = f"build/{page.parent.parent.name}/letters"
    if absent := [path.name for path in (pdf, page) if not path.exists()]:
        return f"{where}/{absent[0]} is missing"
    if pdf.stat().st_size != entry.bytes:
        return f"{where}/{pdf.name} is not the one that was built"
    if digest_of(page) != entry.html_sha256:
        return f"{where}/{page.name} is not the one that was built"
    return ""


def _built(manifest: Manifest, entry: Entry, pdf: Path, page: Path) -> Version:
    return Version(
        slug=entry.slug,
        name=name_in(entry.statistics),
        statistics=entry.statistics,
        html=partial(page.read_text, encoding="utf-8"),
        html_sha256=entry.html_sha256,
        sha256=entry.sha256,
        pdf=partial(same_bytes, pdf, entry.sha256),
        origin=manifest.origin(entry.slug),
    )


def same_bytes(path: Path, digest: str) -> bytes:
    """The bytes of a PDF of this digest. Raises BuildError for others, and OSError."""
    content = path.read_bytes()
    if sha256(content).hexdigest() != digest:
        told = "is not what it was when it was made: bring it back, or build again"
        raise BuildError(f"{shown(path)} {told}")
    return content


def name_in(statistics: Mapping[str, Any]) -> str:
    """The authority's name, as the figures of a letter have it; "" where they have none."""
    authority = statistics.get("authority")
    return str(authority.get("name", "")) if isinstance(authority, Mapping) else ""


def _bare_html(drafts: Drafts, slug: str) -> str:
    return in_one_file(drafts.draft(slug).manuscript.html, drafts.dress.pictures)


def _markup(drafts: Drafts, slug: str) -> Markup:
    return drafts.draft(slug).markup
