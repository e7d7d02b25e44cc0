"""Real letters, with and without what they share: not a byte differs, whatever was made before."""

import gc
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from weasyprint.css import AnonymousStyle
from weasyprint.formatting_structure.boxes import Box

from letters.batch.pool import pool
from letters.batch.workers import Bundle, typeset
from letters.campaign.load import Campaign, load
from letters.errors import RenderingError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.sharing import Shared
from letters.typesetting.stationery import Stationery, read_dress
from letters.typesetting.writer import Writer
from tests.conftest import PROJECT

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

SAMPLE = 12  #: letters of the specimen year
WITHOUT = "LETTERS_WITHOUT_SHARING"


def stationery(campaign: Campaign) -> Stationery:
    letter = campaign.letter
    return read_dress(PROJECT / "templates", letter.templates, letter.specimen).stationery


def typesetter(campaign: Campaign) -> Typesetter:
    return Typesetter(stationery(campaign))


def shares(typesetter: Typesetter) -> bool:
    return isinstance(typesetter._fonts, Shared)


def manuscripts(campaign: Campaign, step: int) -> Iterator[Manuscript]:
    writer = Writer(PROJECT, campaign)
    for slug in tuple(campaign.statistics)[::step]:
        yield writer.manuscript(slug, writer.words(slug))


@pytest.mark.parametrize(
    ("year", "step"),
    [
        ("2020", 1),
        ("specimen", 343 // SAMPLE),
        pytest.param("specimen", 1, marks=pytest.mark.slow, id="specimen-all"),
    ],
)
def test_each_letter_is_the_same_bytes_with_and_without_sharing_and_in_any_order(
    year: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = load(PROJECT, year)
    letters = list(manuscripts(campaign, step))
    monkeypatch.delenv(WITHOUT, raising=False)
    shared = typesetter(campaign)
    assert shares(shared)
    monkeypatch.setenv(WITHOUT, "1")
    alone = typesetter(campaign)
    assert not shares(alone)
    random.Random(year).shuffle(letters)
    for letter in letters:
        assert shared.pdf(letter) == alone.pdf(letter), letter.slug


@pytest.mark.slow
def test_letters_that_fail_leave_nothing_to_those_that_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    specimen = load(PROJECT, "specimen")
    letters = list(manuscripts(specimen, 343 // 4))
    monkeypatch.setenv(WITHOUT, "1")
    wanted = {letter.slug: typesetter(specimen).pdf(letter) for letter in letters}
    monkeypatch.delenv(WITHOUT)
    shared = typesetter(specimen)
    chance = random.Random(12)
    for number in range(12):
        letter = chance.choice(letters)
        if number % 3 == 1:
            wrong = letter.html.replace("</h1>", "\u65e5</h1>", 1)
            complaint = "unsupported by fonts"
        elif number % 3 == 2:
            wrong = letter.html.replace("<h3>", f"<h3>{'Complaints ' * 300}", 1)
            complaint = "panel|page"
        else:
            assert shared.pdf(letter) == wanted[letter.slug]
            continue
        with pytest.raises(RenderingError, match=complaint):
            shared.pdf(replace(letter, html=wrong))
        assert shares(shared)
        assert shared.pdf(letter) == wanted[letter.slug]


def looked_through(bundles: list[Bundle]) -> list[tuple[set[int], int]]:
    """In a worker, for each bundle: generations that are looked through, and what letters left."""
    typeset(bundles[0])  # with its stationery
    generations, found = set[int](), list[tuple[set[int], int]]()
    gc.callbacks.append(lambda _, told: generations.add(told["generation"]))
    for bundle in bundles:
        generations.clear()
        typeset(bundle)
        left = sum(issubclass(type(one), Box | AnonymousStyle) for one in gc.get_objects())
        found.append((set(generations), left))
    return found


def test_clearing_up_takes_no_longer_with_more_that_is_kept_and_leaves_nothing() -> None:
    specimen = load(PROJECT, "specimen")
    letters = list(manuscripts(specimen, 343 // 3))
    wrong = replace(letters[0], html=letters[0].html.replace("</h1>", "\u65e5</h1>", 1))
    paper = stationery(specimen)
    good, bad = (Bundle(some, paper.digest, paper) for some in (tuple(letters), (wrong, wrong)))
    with pool(1, "fork") as executor:
        found = executor.submit(looked_through, [good, bad, good, good, bad]).result()
    assert [generations for generations, _ in found] == [{0}, {2}, {0}, {0}, {2}]
    assert found[0][1] == found[2][1] == found[3][1]
    assert found[1][1] == found[4][1] <= found[0][1]
