"""From a campaign to manuscripts: each authority's values into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from letters.campaign.load import Campaign
from letters.errors import LetterError, Place, Problem, TemplateError
from letters.figures import all_figures
from letters.typesetting.context import embedded_statistics, letter_context
from letters.typesetting.html import MailWords, letter_words, mail_words, self_contained
from letters.typesetting.manuscript import Manuscript, statistics_json
from letters.typesetting.stationery import BASE, screen_styles
from letters.typesetting.templates import Templates


def template_problems(root: Path, campaign: Campaign) -> tuple[Problem, ...]:
    """What is wrong with a campaign's templates: each letter is written, each fault told once.

    Raises OSError when a style sheet for screens cannot be read.
    """
    writer = Writer(root, campaign)
    errors = []
    for slug in campaign.statistics:
        try:
            writer.self_contained(writer.manuscript(slug))
            writer.mail(slug)
        except TemplateError as error:
            errors.append(error)
    return gathered(errors) + writer.foreign_templates()


def broken_templates(root: Path, folder: str) -> tuple[Problem, ...]:
    """The templates of a year's folder and of the base that cannot be read, used or not."""
    return Templates(root / "templates").broken(BASE, folder)


def gathered(errors: Iterable[LetterError]) -> tuple[Problem, ...]:
    """A problem for each fault, however many letters have it."""
    faults: dict[tuple[Place | None, str], list[LetterError]] = {}
    for error in errors:
        faults.setdefault((error.place, error.sentence), []).append(error)
    return tuple(
        replace(
            same[0].problem,
            sentence=f"{sentence} ({letters_of([one.authority for one in same])})",
            authority=same[0].authority if len(same) == 1 else "",
        )
        for (_, sentence), same in faults.items()
    )


def letters_of(slugs: Sequence[str]) -> str:
    """Whose letters: the slug of one, or how many they are and the first."""
    return slugs[0] if len(slugs) == 1 else f"{len(slugs)} letters, first {slugs[0]}"


class Writer:
    """Writes the words of one campaign's letters, as templates and styles were when it was made."""

    def __init__(self, root: Path, campaign: Campaign) -> None:
        """Take the templates below `root`. Raises OSError for an unreadable screen style sheet."""
        templates = root / "templates"
        self._campaign = campaign
        self._figures = all_figures(campaign)
        self._templates = Templates(templates, BASE, campaign.letter.templates)
        self._screen = screen_styles(templates, campaign.letter)

    def manuscript(self, slug: str) -> Manuscript:
        """A letter to be typeset. Raises KeyError without statistics for it, TemplateError."""
        figures, letter = self._figures[slug], self._campaign.letter
        html = letter_words(
            letter_context(self._campaign, slug, figures), self._templates, letter.templates
        )
        statistics = statistics_json(embedded_statistics(self._campaign, slug, figures))
        return Manuscript(slug, html, statistics, letter.letter_date, self._pages(slug))

    def mail(self, slug: str, enclosures: Sequence[str] = ()) -> MailWords | None:
        """What the e-mail with a letter says, None when the year has no templates for it.

        Raises KeyError for an authority without statistics, and TemplateError.
        """
        context = letter_context(self._campaign, slug, self._figures[slug])
        return mail_words(context, self._templates, self._campaign.letter.templates, enclosures)

    def self_contained(self, manuscript: Manuscript) -> str:
        """A letter's HTML as published, with the styles for screens. Raises TemplateError."""
        try:
            return self_contained(manuscript.html, self._screen)
        except ValueError as error:
            raise TemplateError(manuscript.slug, str(error)) from error

    def foreign_templates(self) -> tuple[Problem, ...]:
        """A warning for each place where a template names one of another year's."""
        return self._templates.foreign(self._campaign.letter.templates)

    def _pages(self, slug: str) -> range | None:
        """The numbers of pages allowed: as the campaign says, one more with a paragraph."""
        standard = self._campaign.letter.pages
        if standard is None:
            return None
        return range(standard, standard + 1 + (slug in self._campaign.paragraphs))
