"""One letter as it would go out, as one value; it is made once and passed on.

Approving, choosing, sending, drafts and the preview all take it from here; only the interlock, the
last look at a message, does not: it reads what it needs by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.batch.draft import Drafts
from letters.batch.failures import read_failures
from letters.batch.manifest import Manifest, Origin, read_manifest
from letters.batch.plan import reasons
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.batch.verify import look_at
from letters.campaign.records import Office
from letters.errors import BuildError, LetterError, MailError
from letters.files import digest_of
from letters.mail.approvals import Seal
from letters.mail.envelope import Envelope, envelope_of
from letters.mail.office import OFFICE_FILE
from letters.typesetting.context import addressee_of
from letters.typesetting.finished import Told
from letters.wording import reason_of

MEGABYTE = 1_000_000
#: why a letter is missing that is sound, or that only the office's file hinders
NOT_BUILT, NO_OFFICE = "it is not built", f"{OFFICE_FILE}: there is no such file"
_SO = "nothing was sent of it, and nothing more is; build and approve again what has changed"


@dataclass(frozen=True)
class Parcel:
    """One letter as it would go out; the bytes of its files stay on disk until it does."""

    slug: str
    pdf: Path
    sha256: str  #: of the PDF
    size: int  #: of the PDF, in bytes
    told: Told  #: what the PDF says of itself
    statistics: Mapping[str, Any]  #: what it must say: as worked out of the data
    greeting: str  #: the line of the letter that greets its addressee, as its template writes it
    page: Path  #: the letter's HTML
    page_sha256: str
    envelope: Envelope
    origin: Origin | None = None  #: what it was made from

    @cached_property
    def digest(self) -> str:
        """SHA-256 of it all."""
        return sha256(f"{self.slug}{self.sha256}{self.envelope.digest}".encode()).hexdigest()

    @property
    def seal(self) -> Seal:
        """By what approvals and the books know it."""
        return Seal(self.slug, self.sha256, self.envelope.digest)

    @property
    def largest(self) -> tuple[str, int]:
        """The largest of its files, and how many bytes it has."""
        files = [(one.name, one.size) for one in self.envelope.enclosed]
        return max([(self.pdf.name, self.size), *files], key=lambda one: one[1])

    def contents(self) -> tuple[bytes, ...]:
        """The bytes of the PDF and of the files with it. Raises MailError, for others than then."""
        wanted = [(self.pdf, self.sha256)]
        wanted += [(one.path, one.sha256) for one in self.envelope.enclosed]
        return tuple(_same(self.slug, path, digest) for path, digest in wanted)

    def html(self) -> bytes:
        """The bytes of its HTML. Raises MailError, for others than then."""
        return _same(self.slug, self.page, self.page_sha256)


def _same(slug: str, path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MailError(
            f"{slug}: {path} cannot be read any more: {reason_of(error)}; {_SO}"
        ) from error
    if sha256(content).hexdigest() != digest:
        raise MailError(f"{slug}: {path} is not what it was when this run began; {_SO}")
    return content


@dataclass(frozen=True, slots=True)
class Parcels:
    """The parcels of some letters, and why there is none of the others."""

    ready: Mapping[str, Parcel]  #: by slug
    outdated: Mapping[str, tuple[str, ...]]  #: built otherwise than data and templates now are
    missing: Mapping[str, str]  #: those that cannot be made, or were not, and why
    #: of those missing, the ones whose pages failed when they were built last, and why
    failed: Mapping[str, str] = field(default_factory=dict)

    def require_built(self) -> Mapping[str, Parcel]:
        """Those that are ready. Raises MailError when a letter is not built as it would be now."""
        for slug, why in self.outdated.items():
            are = f"{len(self.outdated)} letters are" if len(self.outdated) > 1 else "1 letter is"
            raise MailError(
                f"{are} not built as data and templates now are: {slug} ({'; '.join(why)});"
                " build first"
            )
        return self.ready


def parcels(
    drafts: Drafts, office: Office | None, files: Mapping[str, Sequence[Path]], slugs: Sequence[str]
) -> Parcels:
    """The letters as they would go out, of those that are built as data and templates now are.

    `files` are those that go along, by slug. A letter or e-mail that cannot be written is missing.
    So is one whose files cannot be read any more; without an office's file all are. Raises MailError
    for a build that cannot be read.
    """
    year = drafts.campaign.year
    try:
        manifest = read_manifest(folder := year_folder(drafts.root, year))
    except BuildError as error:
        raise MailError(str(error)) from error
    ready, outdated, missing = dict[str, Parcel](), dict[str, tuple[str, ...]](), dict[str, str]()
    failures, failed = read_failures(folder), dict[str, str]()
    for slug in slugs:
        try:
            made = _parcel(drafts, office, manifest, slug, files.get(slug, ()))
        except LetterError as error:
            missing[slug] = error.sentence
            continue
        except OSError as error:  # it went, or was closed to us, since the folder was looked at
            missing[slug] = f"{error.filename}: {error.strerror}"
            continue
        if isinstance(made, Parcel):
            ready[slug] = made
        elif slug in manifest.letters:
            outdated[slug] = made
        else:
            failure = failures.get(slug)
            missing[slug] = NOT_BUILT
            if failure and failure.fingerprint == drafts.draft(slug).entry.fingerprint:
                failed[slug] = failure.sentence
    return Parcels(ready, outdated, missing, failed)


def _parcel(
    drafts: Drafts, office: Office | None, manifest: Manifest, slug: str, files: Sequence[Path]
) -> Parcel | tuple[str, ...]:
    """One letter's, or why it would have to be built first."""
    draft = drafts.draft(slug)
    path, page = letter_paths(letters_folder(drafts.root, drafts.campaign.year), slug)
    pdf = look_at(path)
    why = reasons(draft, manifest, drafts.setting, pdf)
    if not why and digest_of(page) != draft.entry.html_sha256:
        why = ("its page for browsers is not the one that was built",)
    if why or pdf.told is None:
        return why
    if office is None:
        raise LetterError(slug, NO_OFFICE)
    name = addressee_of(drafts.campaign.contacts.get(slug)).greeting
    return Parcel(
        slug=slug,
        pdf=pdf.path,
        sha256=pdf.sha256,
        size=pdf.bytes,
        told=pdf.told,
        statistics=draft.entry.statistics,
        greeting=draft.markup.greeting(name),
        page=page,
        page_sha256=draft.entry.html_sha256,
        envelope=envelope_of(drafts, office, slug, files),
        origin=manifest.origin(slug),
    )
