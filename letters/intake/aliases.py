"""Spellings of authorities' names that a person has confirmed, written into the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from letters.campaign.accepting import REGISTER_FILE
from letters.campaign.reading import load_file
from letters.campaign.records import REGISTER, Authority
from letters.campaign.rules import Refused, one_line
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import write_whole
from letters.intake.authorities import Names, NotKnown, is_of_all, is_total
from letters.intake.cells import same_words
from letters.intake.edited import not_by_lines, sound_text
from letters.source.edits import with_values
from letters.source.reader import parse, spans
from letters.source.written import flow
from letters.wording import meant, nearest_authority, quoted


def accept(root: Path, spellings: Mapping[str, str]) -> tuple[str, ...]:
    """Write spellings, each with its slug, under `also_called`; those that were not there already.

    Raises CampaignError when a slug is unknown, when a spelling is another authority's, or when the
    register has errors.
    """
    register = load_file(root, REGISTER_FILE, REGISTER)
    new = dict[str, list[str]]()
    for name, slug in spellings.items():
        problem = _wrong(register, name, slug)
        if problem:
            raise CampaignError((problem,))
        body = register[slug]
        if same_words(name) not in {same_words(one) for one in (body.name, *body.also_called)}:
            new.setdefault(slug, []).append(name)
    if new:
        text = sound_text(root, REGISTER_FILE, "")
        expected = parse(REGISTER_FILE, text).value
        for slug, names in new.items():
            all_names = [*register[slug].also_called, *names]
            text = _with_names(text, slug, all_names)
            expected[slug]["also_called"] = all_names
        if parse(REGISTER_FILE, text).value != expected:
            raise not_by_lines(REGISTER_FILE)
        write_whole({root / REGISTER_FILE: text.encode()})
    return tuple(name for names in new.values() for name in names)


def _wrong(register: Mapping[str, Authority], name: str, slug: str) -> Problem | None:
    place = Place(REGISTER_FILE)
    if slug not in register:
        sentence = f"the register has no authority {quoted(slug)}"
        hint = meant(nearest_authority(slug, tuple(register)))
        return Problem(place, Severity.ERROR, "no-such-authority", sentence, hint)
    try:
        one_line(name)
    except Refused as error:
        return Problem(place, Severity.ERROR, error.code, error.sentence, error.hint)
    if is_total(name, "") or is_of_all(name):
        sentence = f"{quoted(name)} is no authority's name"
        return Problem(place, Severity.ERROR, "name-of-none", sentence)
    try:
        other, _ = Names(register, None).of(name)
    except NotKnown:
        return None
    if other != slug:
        sentence = f"{quoted(name)} is what {other} is called"
        return Problem(place, Severity.ERROR, "name-of-another", sentence)
    return None


def _with_names(text: str, slug: str, names: Sequence[str]) -> str:
    """The register with all other names of an authority."""
    there = spans(text)
    if (slug, "also_called") in there:
        return with_values(text, {(slug, "also_called"): flow(names)})
    entry = there[slug,]
    before, after = text[: entry.end].rstrip(), text[entry.end :]
    tail = text[len(before) : entry.end]
    if text[entry.value] == "{":
        return f"{before[:-1].rstrip().rstrip(',')}, also_called: {flow(names)}}}{tail}{after}"
    return f"{before}\n  also_called: {flow(names)}{tail}{after}"
