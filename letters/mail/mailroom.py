"""What would go out of one year: each letter's PDF, envelope, words and files, as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from letters.batch.build import Build
from letters.batch.draft import Drafts
from letters.batch.manifest import Entry, read_manifest
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.campaign.records import Office
from letters.errors import MailError
from letters.mail import interlock
from letters.mail.approvals import Seal
from letters.mail.enclosures import Enclosure, enclosures
from letters.mail.message import Mailing, envelope, message, pdf_name, recipients_of
from letters.typesetting.context import addressee_of
from letters.typesetting.finished import read_back

MEGABYTE = 1_000_000


class Mailroom:
    """Makes a year's messages and tells how its letters stand; takes built letters as on disk."""

    def __init__(self, drafts: Drafts, office: Office) -> None:
        """Take the last build. Raises BuildError and OSError."""
        self.root, self.campaign, self.office = drafts.root, drafts.campaign, office
        year = self.campaign.year
        self._folder = letters_folder(self.root, year)
        self._entries: Mapping[str, Entry] = read_manifest(year_folder(self.root, year)).letters
        self._drafts = drafts

    def seal(self, slug: str) -> Seal:
        """What is approved: PDF and envelope. Raises KeyError when not built, and MailError."""
        return Seal(slug, self._entries[slug].sha256, self.envelope(slug))

    def envelope(self, slug: str) -> str:
        """Digest of all sent beside the PDF. Raises MailError, and TemplateError for the words."""
        enclosed = self.enclosed(slug)
        words = self._drafts.writer.mail(slug, tuple(one.name for one in enclosed))
        recipients = recipients_of(self.campaign.contacts.get(slug))
        return envelope(self.office, recipients, words, enclosed)

    def enclosed(self, slug: str) -> tuple[Enclosure, ...]:
        """The files that go with a letter, as they are now. Raises MailError."""
        return enclosures(self.root, self.campaign.year, slug, self.campaign.register)

    def mailing(self, slug: str) -> Mailing:
        """All that goes to one authority. Raises MailError, and TemplateError for the e-mail."""
        recipients = recipients_of(self.campaign.contacts.get(slug))
        if recipients is None:
            raise MailError(f"{slug}: the contacts have no address of its chief executive")
        enclosed = self.enclosed(slug)
        words = self._drafts.writer.mail(slug, tuple(one.name for one in enclosed))
        if words is None:
            folder = self.campaign.letter.templates
            raise MailError(
                f"templates/{folder}/ has no e-mail:"
                " email.subject.jinja, email.text.jinja, email.html.jinja"
            )
        pdf = letter_paths(self._folder, slug)[0].read_bytes()
        return Mailing(slug, recipients, words, pdf, pdf_name(read_back(pdf).title), enclosed)

    def expected(self, slug: str, tester: str = "") -> interlock.Expected:
        """What the message must agree with, read anew."""
        draft = self._drafts.draft(slug)
        name = addressee_of(self.campaign.contacts.get(slug)).greeting
        return interlock.Expected(
            addressee=name,
            greeting=draft.markup.greeting(name),
            statistics=draft.manuscript.statistics,
            enclosures=self.enclosed(slug),
            envelope=self.envelope(slug),
            to_tester=tester,
        )

    def words(self, slug: str) -> tuple[str, ...]:
        """What a letter says, a paragraph a line. Raises TemplateError."""
        return self._drafts.draft(slug).markup.words

    def check_built(self, slugs: Sequence[str]) -> None:
        """Raise MailError unless every letter is built as data and templates now are."""
        plan = Build(self._drafts, tuple(slugs)).plan
        if plan.due:
            slug, why = next(iter(plan.due.items()))
            count = f"{len(plan.due)} letters are" if len(plan.due) > 1 else "1 letter is"
            raise MailError(
                f"{count} not built as data and templates now are: {slug} ({'; '.join(why)});"
                " build first"
            )


def check_sizes(mailroom: Mailroom, slugs: Sequence[str], now: datetime) -> int:
    """The bytes of the largest message. Raises MailError for the first above the office's limit."""
    most, found = mailroom.office.largest_megabytes * MEGABYTE, 0
    for slug in slugs:
        mailing = mailroom.mailing(slug)
        size = len(message(mailroom.office, mailing, "<size@check>", now))
        if size > most:
            name, bytes_ = mailing.largest
            raise MailError(
                f"{slug}: the message has {size / MEGABYTE:.1f} MB, and data/office.yaml allows"
                f" {mailroom.office.largest_megabytes}; its largest file is {name},"
                f" {bytes_ / MEGABYTE:.1f} MB"
            )
        found = max(found, size)
    return found
