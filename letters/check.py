"""One gathering of all that is wrong with a year's files, told together before anything is made.

Every command and the preview use it. Each file is read and validated once, each letter written
once; what follows from another problem waits behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from letters.batch.draft import Draft, Drafts
from letters.batch.workers import Bundle, typeset
from letters.campaign.accepting import Accepted, needless, remaining
from letters.campaign.corrections import corrections_file, last_note
from letters.campaign.in_git import private_in_git
from letters.campaign.load import Campaign, examine
from letters.campaign.lock import Lock, read_lock
from letters.campaign.markdown import blocks_of
from letters.campaign.reading import read_file
from letters.campaign.records import APPROVALS, OFFICE, Approvals, Office, Shape
from letters.campaign.sent import is_torn, read_sent
from letters.errors import (
    CampaignError,
    LetterError,
    LettersError,
    Place,
    Problem,
    Severity,
    in_order,
)
from letters.files import exists
from letters.intake.proofs import prove
from letters.mail.addresses import foreign_addresses
from letters.mail.approvals import approvals_file
from letters.mail.correcting import values_of
from letters.mail.enclosures import Folder, look_into, strangers, too_large
from letters.mail.mentions import Mentions
from letters.mail.office import OFFICE_FILE
from letters.mail.stages import Status
from letters.mail.status import status_of
from letters.mail.wants import Want, wants_of_correction, wants_of_letter, wants_of_mail
from letters.typesetting.context import addressee_of, printed_correction
from letters.typesetting.folders import BASE
from letters.typesetting.fonts import FONT, font_problems
from letters.typesetting.html import TEMPLATE
from letters.typesetting.pictures import address_of
from letters.typesetting.stationery import Stationery, read_dress
from letters.typesetting.templates import Templates
from letters.typesetting.writer import gathered, letters_of
from letters.wording import counted

T = TypeVar("T")

#: by which a file is told that is missing or broken, such as a font
_CODES_OF_FILES = ("no-such-file", "font-damaged", "file-elsewhere", "file-unreadable")

_LONGEST = 10.0  #: seconds to look through all letters when some of them fail


@dataclass(frozen=True, slots=True)
class Edition:
    """A campaign and all that its letters and e-mails are made from, as it was at one moment."""

    campaign: Campaign
    drafts: Drafts
    office: Office | None  #: None when `data/office.yaml` is missing or has errors
    approvals: Approvals | None  #: none without a file; None when it has errors
    folders: Mapping[str, Folder]  #: by slug, the files that go with each letter
    mentions: Mentions  #: looks for authorities in the names of files and in addresses
    lock: Lock = field(default_factory=Lock)  #: what was imported; nothing when it has errors

    @property
    def stationery(self) -> Stationery:
        """What its pages are dressed in."""
        return self.drafts.stationery

    def files(self, slug: str) -> tuple[Path, ...]:
        """Those that go along with a letter."""
        return self.folders[slug].files if slug in self.folders else ()

    def status(self, problems: Iterable[Problem], today: date) -> Status:
        """Where each letter stands; `problems` are those that nobody has accepted."""
        files = {slug: self.files(slug) for slug in self.campaign.statistics}
        given = self.approvals or {}
        return status_of(self.drafts, self.office, files, given, problems, today)

    def draft(self, slug: str) -> Draft:
        """One letter. Raises KeyError for an authority without statistics, and LetterError."""
        return self.drafts.draft(slug)


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems by what they stop, accepted or not."""

    of_files: tuple[Problem, ...] = ()  #: of data and looks: an error stops all letters
    of_letters: tuple[Problem, ...] = ()  #: of words: an error stops the letters that it is about
    of_mail: tuple[Problem, ...] = ()  #: an error stops what is sent, and no letter

    @property
    def all(self) -> tuple[Problem, ...]:
        """All of them, each once, in the order of the files."""
        return in_order(dict.fromkeys((*self.of_files, *self.of_letters, *self.of_mail)))

    def with_more(self, more: Findings) -> Findings:
        """These and more; of a place that has an error already nothing more is said.

        Nor of fonts when the files of fonts have errors, which say why they cannot be loaded.
        """
        errors = _errors(self.all)
        told = {one.place for one in errors}
        in_lines = {(one.place.file, one.place.line, one.code) for one in errors}
        fonts = any(
            one.code in _CODES_OF_FILES and one.place.file.startswith("templates/")
            for one in errors
        )
        new = [
            tuple(
                one
                for one in group
                if one.place not in told
                and (one.place.file, one.place.line, one.code) not in in_lines
                and not (fonts and one.code == FONT)
            )
            for group in (more.of_files, more.of_letters, more.of_mail)
        ]
        return Findings(
            (*self.of_files, *new[0]), (*self.of_letters, *new[1]), (*self.of_mail, *new[2])
        )


@dataclass(frozen=True, slots=True)
class Gathering:
    """What was read of a year's files, and all that is wrong with them."""

    edition: Edition | None  #: None with an error in the data
    findings: Findings
    accepted: tuple[Accepted, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that nobody has accepted, in the order of the files."""
        return remaining(self.findings.all, self.accepted)

    def with_more(self, more: Findings) -> Gathering:
        """The same with more that is wrong."""
        return replace(self, findings=self.findings.with_more(more))

    def problems_beside(self, before: Gathering) -> tuple[Problem, ...]:
        """The problems that were not known before."""
        known = set(before.problems)
        return tuple(problem for problem in self.problems if problem not in known)

    def sound_data(self) -> Edition:
        """The edition, for looking at letters. Raises CampaignError when the data has errors."""
        if self.edition is None:
            raise CampaignError(self.problems)
        return self.edition

    @property
    def unfinished(self) -> tuple[Problem, ...]:
        """What is to be done before letters are made, and does not hinder making drafts."""
        return tuple(one for one in self.findings.of_files if one.unfinished)

    def sound(self, unfinished: bool = False) -> Edition:
        """The edition, for making letters. Raises CampaignError when an error stops them all.

        An `unfinished` one will do for drafts: with things of the year before, say.
        """
        errors = _errors(remaining(self.findings.of_files, self.accepted))
        if any(one.stops or not unfinished for one in errors):
            raise CampaignError(self.problems)
        return self.sound_data()

    def sound_for(self, slugs: Collection[str]) -> Edition:
        """The edition, for these letters as a whole. Raises CampaignError when one cannot be made.

        Nor may anything hinder that one of them is sent.
        """
        return self._sound_but_for(slugs, (*self.findings.of_letters, *self.findings.of_mail))

    def sound_for_mail(self, slugs: Collection[str]) -> Edition:
        """The edition, for sending these letters, but for those of them that cannot be made.

        Raises CampaignError when none can, and when anything hinders that one of them is sent.
        """
        broken = _errors(self.findings.of_letters)
        left = any(not any(one.concerns((slug,)) for one in broken) for slug in slugs)
        return self._sound_but_for(slugs, (*(() if left else broken), *self.findings.of_mail))

    def _sound_but_for(self, slugs: Collection[str], found: Iterable[Problem]) -> Edition:
        edition = self.sound()
        if stopping := tuple(one for one in _errors(found) if one.concerns(slugs)):
            raise CampaignError(in_order(stopping))
        return edition


def gather(root: Path, year: str, executor: Executor | None = None, mail: bool = True) -> Gathering:
    """A year's files, and all that is wrong with them.

    What only the renderer can say of style sheets is asked of a worker of the executor, meanwhile;
    without one it is left out. Without `mail`, what only sending needs is left out. Raises
    UnknownCampaign, and CampaignError for a campaign's name that is no slug.
    """
    gathering = read_files(root, year)
    edition = gathering.edition
    if edition is None:
        return gathering
    bundle = styles_of(edition) if executor else None
    asked = executor.submit(typeset, bundle) if executor and bundle else None
    gathering = gathering.with_more(look_through(edition, mail) or Findings())
    if asked:
        gathering = gathering.with_more(told_of_styles(asked.result))
    return finished(gathering) if mail else gathering


def edition_beside(root: Path, year: str) -> Edition:
    """Another year's edition, to be compared with. Raises LettersError when its data has errors."""
    found = read_files(root, year)
    if found.edition is None:
        told = f"{year}: {counted(found.problems)}, listed by: letters check {year}"
        raise LettersError(told)
    return found.edition


def read_files(root: Path, year: str) -> Gathering:
    """A year's files, each read once, and what is wrong with them before a letter is written."""
    examined = examine(root, year)
    campaign, folder = examined.campaign, examined.templates
    drafts = Drafts(root, campaign) if campaign else None
    templates, dress = None, None
    if drafts:
        templates, dress = drafts.writer.templates, drafts.dress
    elif folder:
        templates = Templates(root / "templates", BASE, folder)
        dress = read_dress(
            root / "templates",
            folder,
            examined.specimen,
            templates.pictures.items(),
            templates.looks,
        )
    looks = (*dress.problems, *font_problems(dress.stationery)) if dress else ()
    words = (
        (*templates.broken(), *templates.doubts(), *templates.foreign(folder or ""))
        if templates
        else ()
    )
    if templates and campaign:
        words = (*words, *templates.naming(one.name for one in campaign.register.values()))
    office, office_problems = _read(root, OFFICE_FILE, OFFICE)
    approvals, approval_problems = _read(root, approvals_file(year), APPROVALS)
    lock, lock_problems = read_lock(root, year)
    of_mail = (*office_problems, *approval_problems, *lock_problems, *_of_sent(root, year))
    findings = Findings((*examined.found, *looks), words, of_mail)
    edition = None
    if campaign and drafts:
        given = approvals if approvals is not None or approval_problems else {}
        mentions = Mentions.of(campaign.register)
        folders = {slug: look_into(root, year, slug, mentions) for slug in campaign.statistics}
        edition = Edition(campaign, drafts, office, given, folders, mentions, lock or Lock())
    return Gathering(edition, findings, examined.accepted)


def _of_sent(root: Path, year: str) -> tuple[Problem, ...]:
    """What is wrong with the file of what was sent; a line that was torn the next run mends."""
    try:
        if not is_torn(root, year):
            read_sent(root, year)
    except CampaignError as error:
        return error.problems
    return ()


def look_through(
    edition: Edition, mail: bool = True, go_on: Callable[[], bool] = lambda: True
) -> Findings | None:
    """What is wrong with the words of letters and e-mails, and with what goes along with them.

    Each letter is written. None when `go_on` says that nobody wants to know any more. When some
    fail and it takes long, the others are left out: a template that is slow is so for every letter.
    """
    start, failures, wants = time.monotonic(), list[LetterError](), list[tuple[str, Want]]()
    unsaid, stale = list[Problem](), list[Problem]()
    campaign = edition.campaign
    files = {slug: folder.files for slug, folder in edition.folders.items()}
    proved = prove(edition.drafts.root, campaign, edition.lock, files if mail else {})
    beside = (*_beside_letters(edition), *proved.of_enclosures, *_in_git(edition)) if mail else ()
    left_out = list(campaign.statistics)
    while left_out and not (failures and time.monotonic() - start > _LONGEST):
        if not go_on():
            return None
        slug = left_out.pop(0)
        try:
            wants += ((slug, one) for one in _letter(edition, slug))
            unsaid += _unsaid(edition, slug)
            wants += ((slug, one) for one in _correction(edition, slug, mail))
            stale += _stale(edition, slug) if mail else ()
        except LetterError as error:
            failures.append(error)
        try:
            wants += ((slug, one) for one in (_mail(edition, slug) if mail else ()))
        except LetterError as error:
            failures.append(error)
    unsaid += _unsigned(edition) if not failures else ()
    words = (*gathered(failures), *unsaid, *_not_looked_at(campaign, left_out))
    return Findings(proved.of_figures, words, (*_wanted(campaign, wants), *stale, *beside))


def _beside_letters(edition: Edition) -> tuple[Problem, ...]:
    """What is wrong with the files that go with letters, and with addresses."""
    campaign, office = edition.campaign, edition.office
    wrong = list[Problem](foreign_addresses(campaign, edition.mentions))
    for folder in edition.folders.values():
        wrong += (*folder.problems, *folder.doubts)
    if office:
        for slug, folder in edition.folders.items():
            wrong += too_large(
                edition.drafts.root, campaign.year, slug, folder.files, office.largest_megabytes
            )
    return (*wrong, *strangers(edition.drafts.root, campaign))


def _in_git(edition: Edition) -> Iterator[Problem]:
    campaign, root = edition.campaign, edition.drafts.root
    yield from private_in_git(root, campaign.year, campaign.contacts, edition.lock.workbooks)


def _not_looked_at(campaign: Campaign, slugs: Sequence[str]) -> Iterator[Problem]:
    if slugs:
        place = Place(f"templates/{campaign.letter.templates}/{TEMPLATE}")
        sentence = f"{len(slugs)} letters were not looked at, for those before them took too long"
        hint = "mend what is told here, and check again"
        yield Problem(place, Severity.WARNING, "not-looked-at", sentence, hint)


def finished(gathering: Gathering) -> Gathering:
    """With a word on what is accepted and is not there, once all else is known and no error."""
    found = gathering.findings.all
    if gathering.edition is None:
        return gathering
    more = tuple(
        one
        for one in needless(gathering.accepted, found)
        if one.severity is Severity.WARNING or not _errors(found)
    )
    return gathering.with_more(Findings(of_files=more))


def _letter(edition: Edition, slug: str) -> Iterator[Want]:
    campaign = edition.campaign
    greeting = addressee_of(campaign.contacts.get(slug)).greeting
    yield from wants_of_letter(edition.draft(slug).markup, campaign.register[slug].name, greeting)


def _correction(edition: Edition, slug: str, mail: bool) -> Iterator[Want]:
    if correction := printed_correction(edition.campaign, slug):
        names = tuple(path.name for path in edition.files(slug))
        words = edition.drafts.mail(slug, names) if mail else None
        yield from wants_of_correction(correction, edition.draft(slug).markup, words)


def _stale(edition: Edition, slug: str) -> Iterator[Problem]:
    """An error where a letter says otherwise than its correction says that is right."""
    campaign = edition.campaign
    corrected, noted = campaign.corrected(slug), last_note(campaign.corrections, slug)
    if corrected is None or (noted and noted.issue > corrected.replacement.issue):
        return
    values = values_of(edition.draft(slug).entry.statistics)
    for name, right in corrected.replacement.new.items():
        if values.get(name) != right:
            place = Place(corrections_file(campaign.year))
            sentence = (
                f"{slug}: {corrected.correction.id} says that {name} is {right}, and the letter has"
                f" {values.get(name)}"
            )
            hint = f"letters correct {campaign.year} --write records it as it is now"
            yield Problem(place, Severity.ERROR, "correction-stale", sentence, hint, authority=slug)
            return


def _unsaid(edition: Edition, slug: str) -> Iterator[Problem]:
    """A warning where a letter does not print its bespoke paragraph: its first words are missing."""
    campaign = edition.campaign
    if (paragraph := campaign.paragraphs.get(slug)) is None:
        return
    first = next((block.text for block in blocks_of(paragraph) if block.text.strip()), "")
    if not edition.draft(slug).markup.says(" ".join(first.split()[:5])):
        place = Place(f"data/{campaign.year}/paragraphs/{slug}.md")
        sentence = "the letter does not print this paragraph"
        hint = "its template prints none: write {{ letter.paragraph | markdown }} where it belongs"
        yield Problem(place, Severity.WARNING, "paragraph-left-out", sentence, hint, authority=slug)


def _unsigned(edition: Edition) -> Iterator[Problem]:
    """A warning where the signatory has a signature, and no letter prints it."""
    campaign = edition.campaign
    if signature := campaign.letter.signatory.signature:
        letters = (edition.draft(slug).manuscript.html for slug in campaign.statistics)
        if not any(address_of(signature.file) in html for html in letters):
            place = campaign.places["letter"].value("signatory", "signature")
            sentence = "no letter prints this signature"
            hint = "write {{ picture(letter.signatory.signature) }} where it belongs"
            yield Problem(place, Severity.WARNING, "signature-left-out", sentence, hint)


def _mail(edition: Edition, slug: str) -> Iterator[Want]:
    campaign = edition.campaign
    words = edition.drafts.mail(slug, tuple(path.name for path in edition.files(slug)))
    if words is not None:
        greeting = addressee_of(campaign.contacts.get(slug)).greeting
        yield from wants_of_mail(words, campaign.register[slug].name, greeting)


def _wanted(campaign: Campaign, wants: list[tuple[str, Want]]) -> tuple[Problem, ...]:
    """A problem for each thing wanted of a template, however many letters lack it."""
    lacking: dict[Want, list[str]] = {}
    for slug, want in wants:
        lacking.setdefault(want, []).append(slug)
    return tuple(
        Problem(
            Place(f"templates/{campaign.letter.templates}/{want.template}"),
            Severity.ERROR,
            want.code,
            f"{want.sentence} ({letters_of(slugs)})",
            want.hint,
            authority=slugs[0] if len(slugs) == 1 else "",
            shared_by=tuple(slugs) if len(slugs) > 1 else (),
        )
        for want, slugs in lacking.items()
    )


def styles_of(edition: Edition) -> Bundle | None:
    """What a worker is asked to learn what the renderer says of the style sheets: no letter.

    None when it cannot be told, for one of them is missing.
    """
    stationery = edition.stationery
    try:
        for name in stationery.stylesheets:
            stationery.text(name)
    except LetterError:
        return None
    return Bundle((), stationery.digest, stationery)


def told_of_styles(result: Callable[[], object]) -> Findings:
    """What a worker's answer tells of style sheets."""
    try:
        result()
    except CampaignError as error:
        return Findings(of_files=error.problems)
    except LettersError as error:
        problem = Problem(Place(f"templates/{BASE}"), Severity.ERROR, "renderer", str(error))
        return Findings(of_files=(problem,))
    return Findings()


def _read(root: Path, file: str, shape: Shape[T]) -> tuple[T | None, tuple[Problem, ...]]:
    """A file that may be missing."""
    return read_file(root, file, shape) if exists(root / file) else (None, ())


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(one for one in problems if one.severity is Severity.ERROR)
