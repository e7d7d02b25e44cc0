"""Real letters, with and without what they share: not a byte differs, whatever was made before."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from letters.campaign.load import Campaign, load
from letters.errors import RenderingError
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.sharing import Shared
from letters.typesetting.stationery import read_dress
from letters.typesetting.writer import Writer
from tests.conftest import PROJECT

SAMPLE = 12  #: letters of the specimen year
WITHOUT = "LETTERS_WITHOUT_SHARING"


def typesetter(campaign: Campaign) -> Typesetter:
    letter = campaign.letter
    return Typesetter(
        read_dress(PROJECT / "templates", letter.templates, letter.specimen).stationery
    )


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
