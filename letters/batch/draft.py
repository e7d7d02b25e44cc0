"""Each letter as it would be now: its words, its HTML page, its entry in the manifest."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from letters.batch.manifest import Entry, Setting, flat
from letters.batch.shelf import Shelf
from letters.campaign.load import Campaign
from letters.errors import LetterError, Problem, RenderingError, Severity
from letters.typesetting.engine import engine_versions
from letters.typesetting.fonts import characters_of, without_glyph
from letters.typesetting.html import LetterWords, MailWords, self_contained
from letters.typesetting.manuscript import Manuscript, Note
from letters.typesetting.markup import Markup, read_markup
from letters.typesetting.stationery import Dress, Stationery
from letters.typesetting.writer import Writer


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter as it would be now."""

    manuscript: Manuscript
    markup: Markup  #: what its HTML says
    entry: Entry  #: as the manifest will have it, without what only the PDF tells
    dress: Dress

    @property
    def html(self) -> bytes:
        """The file for browsers."""
        return self_contained(self.manuscript.html, self.markup, self.dress).encode()


class Drafts:
    """The drafts of one campaign and their e-mails, each written once when it is asked for, if it can be."""

    def __init__(self, root: Path, campaign: Campaign) -> None:
        """Read templates, style sheets and fonts below `root`; `dress` has what is wrong."""
        self.root, self.campaign = root, campaign
        self.writer = Writer(root, campaign)
        self.dress: Dress = self.writer.dress()
        self.setting = self._setting()
        self.digest = _digest(
            self.setting.engine,
            self.setting.templates,
            self.setting.stationery,
            self.setting.letter,
        )
        self._characters = characters_of(self.stationery)
        self._written: Shelf[tuple[Manuscript, Markup, Entry]] = Shelf()
        self._mailed: Shelf[MailWords | None] = Shelf()
        self._failed: dict[str, LetterError] = {}

    @property
    def stationery(self) -> Stationery:
        """What the pages are dressed in."""
        return self.dress.stationery

    @property
    def names(self) -> frozenset[str]:
        """Below templates/, all that was read: templates, style sheets, and what these name."""
        return frozenset((*self.writer.templates.digests, *self.stationery.files))

    def draft(self, slug: str) -> Draft:
        """One letter as it would be now.

        Raises KeyError without statistics for it, TemplateError, and RenderingError for a character
        that no font has.
        """
        if slug in self._failed:
            raise self._failed[slug].with_traceback(None)
        if slug not in self._written:
            try:
                self._written.put(slug, self._write(slug))
            except LetterError as error:
                self._failed[slug] = error
                raise
        return Draft(*self._written.get(slug), self.dress)

    def failed(self, slug: str) -> Draft | None:
        """A letter whose words are wrong, as far as they were written; its pages are a draft only.

        None when nothing was written, or nothing is wrong. Raises KeyError without statistics for it.
        """
        try:
            self.draft(slug)
        except LetterError as error:
            if not error.html.strip():
                return None
            texts = chain(error.texts or (_end_of(error.html),), repeat(""))
            faults = tuple(
                Note(problem.sentence, text)
                for problem, text in zip(error.problems, texts, strict=False)
            )
            words = LetterWords(error.html, read_markup(error.html))
            manuscript = replace(self.writer.manuscript(slug, words), faults=faults)
            entry = self._entry(manuscript, words.markup)
            return Draft(manuscript, words.markup, entry, self.dress)
        return None

    def placed(self, error: LetterError) -> LetterError:
        """The same error of a letter's pages, with the places where what is wrong was written."""
        if not isinstance(error, RenderingError) or not error.texts:
            return error
        words = self.writer.words(error.authority)
        problems = tuple(
            replace(problem, place=self.writer.place_of(error.authority, words, text))
            for problem, text in zip(error.problems, error.texts, strict=True)
        )
        return RenderingError(error.authority, error.sentence, problems[0].place, problems)

    def mail(self, slug: str, enclosures: Sequence[str] = ()) -> MailWords | None:
        """What the e-mail with a letter and files of these names says; None without templates.

        Raises KeyError for an authority without statistics, and TemplateError.
        """
        key = "/".join((slug, *enclosures))  # no file's name holds a slash
        if key not in self._mailed:
            self._mailed.put(key, self.writer.mail(slug, enclosures))
        return self._mailed.get(key)

    def _write(self, slug: str) -> tuple[Manuscript, Markup, Entry]:
        words = self.writer.words(slug)
        if missing := tuple(self._without_glyph(slug, words)):
            failed = RenderingError.of(missing)
            failed.html, failed.texts = words.html, tuple(one.value for one in missing)
            raise failed
        manuscript = self.writer.manuscript(slug, words)
        return manuscript, words.markup, self._entry(manuscript, words.markup)

    def _without_glyph(self, slug: str, words: LetterWords) -> Iterator[Problem]:
        said = "\n".join(line.words for line in words.markup.lines if not line.is_description)
        for one in without_glyph(said, self._characters) if self._characters else ():
            name = unicodedata.name(one, "no name").lower()
            sentence = f'no font has the character "{one}" (U+{ord(one):04X}, {name})'
            place = self.writer.place_of(slug, words, one)
            hint = "write it in words, or bring a font that has it"
            yield Problem(
                place, Severity.ERROR, "no-glyph", sentence, hint, authority=slug, value=one
            )

    def _entry(self, manuscript: Manuscript, markup: Markup) -> Entry:
        slug, pages = manuscript.slug, manuscript.pages
        contacts, paragraph = self.campaign.contacts.get(slug), self.campaign.paragraphs.get(slug)
        executive = contacts.chief_executive if contacts else None
        page = self_contained(manuscript.html, markup, self.dress)
        made_from = (
            manuscript.html,
            manuscript.statistics,
            [pages.start, pages.stop] if pages else None,
            *([manuscript.faults] if manuscript.faults else []),
            self.stationery.digest,
            self.setting.engine,
        )
        return Entry(
            slug=slug,
            sha256="",
            html_sha256=sha256(page.encode()).hexdigest(),
            pages=0,
            bytes=0,
            fingerprint=_digest(*made_from),
            setting=self.digest,
            statistics=manuscript.statistics,
            contact=_digest(
                executive.model_dump(include={"title", "surname", "post"}) if executive else None
            ),
            paragraph=_digest(paragraph) if paragraph else "",
        )

    def _setting(self) -> Setting:
        letter = self.campaign.letter.model_dump(mode="json", exclude={"accepted"})
        return Setting(
            engine=engine_versions(),
            templates={
                name: digest
                for name, digest in self.writer.templates.digests.items()
                if not name.rpartition("/")[2].startswith("email.")
            },
            stationery={
                name: sha256(content).hexdigest() for name, content in self.stationery.files.items()
            },
            letter=dict(flat(letter)),
        )


def _end_of(html: str) -> str:
    """The last words of what was written, by which it is found on the pages."""
    lines = read_markup(html).lines
    return lines[-1].words[-40:] if lines else ""


def _digest(*values: Any) -> str:
    return sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
