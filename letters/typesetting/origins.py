"""Where something that a letter says was written: in a template, or in a file of the data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import unquote

from letters.campaign.load import Campaign
from letters.errors import Place
from letters.source.places import leaves
from letters.source.scalars import as_text
from letters.typesetting.templates import Origin


def home_of(campaign: Campaign, slug: str, text: str, origin: Origin) -> Place:
    """Where a piece of one authority's letter was written.

    It stands in the template's line as it is, or came there as a value of letter.yaml, the register
    or the contacts, or with the authority's paragraph; else the template's line stands for it.
    """
    place = origin.place
    for wanted in dict.fromkeys((text, unquote(text), text[:4] if text[:1] == "<" else text)):
        if wanted and (column := origin.line.lower().find(wanted.lower())) >= 0:
            return Place(place.file, place.line, column + 1)
    data = tuple(_data(campaign, slug))
    same = (where for where, value in data if value == text)
    holding = (where for where, value in data if _is_telling(text) and text in value)
    return next(chain(same, _in_paragraph(campaign, slug, text), holding), place)


def _is_telling(text: str) -> bool:
    """Whether a part of a value can only be meant: not the x of Chief Executive."""
    return len(text) > 5 or not text.isascii()


def _data(campaign: Campaign, slug: str) -> Iterator[tuple[Place, str]]:
    """The values of the data that an authority's letter may show, and where they stand."""
    contacts = campaign.contacts.get(slug)
    for file, path, value in (
        ("letter", (), campaign.letter.model_dump()),
        ("authorities", (slug,), campaign.register[slug].model_dump()),
        ("contacts", (slug,), contacts.model_dump() if contacts else {}),
    ):
        for where, one in leaves(value, path):
            yield campaign.places[file].value(*where), as_text(one)


def _in_paragraph(campaign: Campaign, slug: str, text: str) -> Iterator[Place]:
    paragraph, file = (
        campaign.paragraphs.get(slug, ""),
        f"data/{campaign.year}/paragraphs/{slug}.md",
    )
    for number, line in enumerate(paragraph.split("\n"), start=1):
        for wanted in dict.fromkeys((text, unquote(text))):
            if wanted and wanted in line:
                yield Place(file, number, line.find(wanted) + 1)
