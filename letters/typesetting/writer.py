"""From a campaign to manuscripts: each authority's values into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from letters.campaign.corrections import Correction
from letters.campaign.load import Campaign
from letters.errors import LetterError, Place, Problem
from letters.figures import Figures, all_figures
from letters.typesetting.context import LetterContext, embedded_statistics, letter_context
from letters.typesetting.folders import BASE
from letters.typesetting.html import (
    TEMPLATE,
    Home,
    LetterWords,
    MailWords,
    letter_words,
    mail_words,
)
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.markup import Fault, Markup
from letters.typesetting.origins import home_of
from letters.typesetting.stationery import Dress, read_dress
from letters.typesetting.templates import Origin, Templates


def gathered(errors: Iterable[LetterError]) -> tuple[Problem, ...]:
    """A problem for each fault, however many letters have it."""
    faults: dict[tuple[Place, str], list[Problem]] = {}
    for error in errors:
        for problem in error.problems:
            faults.setdefault((problem.place, problem.sentence), []).append(problem)
    return tuple(_shared(same) for same in faults.values())


def _shared(same: Sequence[Problem]) -> Problem:
    """The problem that several letters have, or one."""
    slugs = tuple(dict.fromkeys(problem.authority for problem in same))
    sentence = f"{same[0].sentence} ({letters_of(slugs)})"
    if len(slugs) == 1:
        return replace(same[0], sentence=sentence)
    return replace(same[0], sentence=sentence, authority="", shared_by=slugs)


def letters_of(slugs: Sequence[str]) -> str:
    """Whose letters: the slug of one, or how many they are and the first."""
    return slugs[0] if len(slugs) == 1 else f"{len(slugs)} letters, first {slugs[0]}"


class Writer:
    """Writes the words of one campaign's letters, as its templates were when it was made."""

    def __init__(self, root: Path, campaign: Campaign) -> None:
        """Take the templates below `root`; what is wrong with one is told when it is used."""
        self._campaign, self._folder = campaign, campaign.letter.templates
        self.figures: Mapping[str, Figures] = all_figures(campaign)  #: of all letters, by slug
        self._homes: dict[tuple[str, str, str], Place] = {}
        self._home_of_templates = root / "templates"
        self.templates = Templates(self._home_of_templates, BASE, self._folder)

    def dress(self) -> Dress:
        """What the letters are dressed in, with the pictures that their templates print."""
        letter, pictures = self._campaign.letter, dict(self.templates.pictures)
        if letter.signatory.signature:
            place = self._campaign.places["letter"].value("signatory", "signature", "file")
            pictures.setdefault(letter.signatory.signature.file, place)
        return read_dress(
            self._home_of_templates,
            self._folder,
            letter.specimen,
            pictures.items(),
            self.templates.looks,
        )

    def words(self, slug: str) -> LetterWords:
        """What a letter says. Raises KeyError without statistics for it, and TemplateError."""
        return letter_words(self._context(slug), self.templates, self._folder, self._home(slug))

    def manuscript(self, slug: str, words: LetterWords) -> Manuscript:
        """A letter of these words, ready to be typeset."""
        statistics = embedded_statistics(self._campaign, slug, self.figures[slug])
        dated = self._campaign.letter.letter_date
        return Manuscript(slug, words.html, statistics, dated, self._pages(slug))

    def mail(self, slug: str, enclosures: Sequence[str] = ()) -> MailWords | None:
        """What the e-mail with a letter says, None when the year has no templates for it.

        Raises KeyError for an authority without statistics, and TemplateError.
        """
        return mail_words(
            self._context(slug), self.templates, self._folder, enclosures, self._home(slug)
        )

    def place_of(self, slug: str, words: LetterWords, text: str) -> Place:
        """Where a piece of a letter's words was written: in a template, or in the data."""
        name, html = f"{self._folder}/{TEMPLATE}", words.html
        beginnings = (text, _escaped(text), " ".join(text.split()[:3]))
        start = next((at for one in beginnings if one and (at := html.find(one)) >= 0), -1)
        if start < 0:
            return Place(f"templates/{name}")
        origin = self.templates.origin(name, {"letter": self._context(slug)}, html, start)
        return home_of(self._campaign, slug, text, origin)

    def with_figures(
        self,
        slug: str,
        counts: Mapping[str, int],
        figures: Figures,
        corrections: tuple[Correction, ...],
    ) -> Markup:
        """What a letter would say by other counts, figures and corrections than the campaign's.

        Raises TemplateError.
        """
        other = replace(
            self._campaign,
            statistics={**self._campaign.statistics, slug: counts},
            corrections=corrections,
        )
        context = letter_context(other, slug, figures)
        return letter_words(context, self.templates, self._folder, self._home(slug)).markup

    def _context(self, slug: str) -> LetterContext:
        return letter_context(self._campaign, slug, self.figures[slug])

    def _home(self, slug: str) -> Home:
        """Where a fault was written; of one that all letters share it is looked for once."""

        def home(name: str, fault: Fault, origin: Callable[[], Origin]) -> Place:
            key = (name, fault.sentence, fault.text)
            own = fault.text in self._campaign.paragraphs.get(slug, "")
            if own or key not in self._homes:
                place = home_of(self._campaign, slug, fault.text, origin())
                if own:
                    return place
                self._homes[key] = place
            return self._homes[key]

        return home

    def _pages(self, slug: str) -> range | None:
        """The numbers of pages allowed: as the campaign says, and one more for a paragraph.

        So it is for what was corrected.
        """
        standard = self._campaign.letter.pages
        if standard is None:
            return None
        more = (slug in self._campaign.paragraphs) + bool(self._campaign.corrected(slug))
        return range(standard, standard + 1 + more)


def _escaped(text: str) -> str:
    """The text as templates escape it."""
    return escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
