"""Where every number of a letter comes from."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from letters.campaign.load import Campaign, load
from letters.figures import figures_for
from letters.preview.provenance import Origin, Working, counts, exact, facts, membership, workings
from tests.conftest import SMALL_YEAR
from tests.doing import edit

ASHBY, BIRCH = "ashby-district-council", "birch-district-council"
CEDAR, MAIDSTONE = "cedar-fire-authority", "maidstone-borough-council"


@pytest.fixture
def small() -> Campaign:
    return load(SMALL_YEAR, "2024")


def shown(campaign: Campaign, slug: str) -> dict[str, Working]:
    return {one.name: one for one in workings(campaign, slug, figures_for(campaign, slug))}


def told(origins: tuple[Origin | None, ...]) -> list[str]:
    return [f"{one.name} {one.value} at {one.place}" for one in origins if one]


def test_a_rounded_figure_shows_its_sum_its_exact_value_and_its_rounding(small: Campaign) -> None:
    rate = shown(small, ASHBY)["uphold rate"]

    assert (rate.printed, rate.defined) == ("56%", True)
    assert rate.formula == "upheld ÷ investigations × 100"
    assert rate.sum == "5 ÷ 9 × 100 = 55.555555…"
    assert rate.rounding == "half up to a whole number"
    assert told(rate.origins) == [
        "upheld 5 at data/2024/statistics.yaml:1:53",
        "investigations 9 at data/2024/statistics.yaml:1:42",
    ]


def test_an_exact_figure_says_that_there_is_nothing_to_round(small: Campaign) -> None:
    rate = shown(small, BIRCH)["uphold rate"]

    assert (rate.printed, rate.sum) == ("75%", "3 ÷ 4 × 100 = 75")
    assert rate.rounding == "exact, nothing to round"


def test_a_rate_per_100000_says_to_how_many_places_it_is_rounded(small: Campaign) -> None:
    rate = shown(small, ASHBY)["upheld per 100000"]

    assert (rate.printed, rate.formula) == ("3.4", "upheld ÷ population × 100,000")
    assert rate.sum == "5 ÷ 147,000 × 100,000 = 3.40136…"
    assert rate.rounding == "half up to 1 decimal place"


def test_nothing_divided_by_nothing_shows_the_words_that_are_printed(small: Campaign) -> None:
    rate = shown(small, CEDAR)["remedy rate"]

    assert (rate.printed, rate.defined) == ("We upheld no complaints.", False)
    assert (rate.sum, rate.rounding) == ("0 ÷ 0 is undefined", "")


def test_an_average_that_is_computed_shows_what_it_was_pooled_from(small: Campaign) -> None:
    found = workings(small, ASHBY, figures_for(small, ASHBY))
    average = found[1]

    assert (average.name, average.printed) == ("average of district authorities", "62%")
    assert average.formula == "all upheld ÷ all investigations × 100"
    assert average.sum == "8 ÷ 13 × 100 = 61.538461…, 2 authorities"
    assert average.rounding == "half up to a whole number"
    assert told(average.origins) == ["peer averages computed at data/2024/letter.yaml:18:16"]
    assert told((membership(small, ASHBY),)) == [
        "peer group district at data/authorities.yaml:1:68"
    ]


def test_a_body_without_a_peer_group_has_no_averages(small: Campaign) -> None:
    assert [name for name in shown(small, CEDAR) if "average" in name] == []
    assert membership(small, CEDAR) is None


def test_an_average_that_was_published_has_the_place_where_it_stands(
    campaign_2020: Campaign,
) -> None:
    found = workings(campaign_2020, MAIDSTONE, figures_for(campaign_2020, MAIDSTONE))
    rate, average = found[:2]

    assert (rate.printed, rate.sum) == ("64%", "7 ÷ 11 × 100 = 63.636363…")
    assert (average.printed, average.formula, average.sum) == ("45%", "as published", "")
    (published,) = average.origins
    assert published.name == "average of district authorities, uphold rate"
    assert (published.value, average.published, rate.published) == ("45", True, False)
    assert published.place.file == "data/2020/letter.yaml" and published.place.line > 1


def test_a_base_that_is_stated_beside_the_true_one_is_among_the_origins(
    campaign_2020: Campaign,
) -> None:
    remedies = shown(campaign_2020, MAIDSTONE)["satisfactory remedy rate"]

    assert remedies.sum == "1 ÷ 7 × 100 = 14.285714…"
    assert [one.name for one in remedies.origins] == [
        "satisfactory remedies",
        "upheld",
        "investigations",
    ]


def test_every_count_has_its_place_as_it_was_supplied(small: Campaign) -> None:
    assert (
        told(counts(small, ASHBY, {}))[3] == "population 147,000 at data/2024/statistics.yaml:1:81"
    )


def test_every_fact_of_the_year_has_its_place_one_by_one(small_year: Path) -> None:
    edit(small_year / "data/2024/letter.yaml", "returned: 1203", "returned: 1203, launched: false")
    found = {one.name: one for one in facts(load(small_year, "2024"))}

    assert found["letter_date"].value == "17 July 2024"
    assert str(found["period.start"].place) == "data/2024/letter.yaml:4:17"
    assert found["signatory.posts.1"].value == "Ombudsman of the Example"
    assert found["facts.casework.paused.2"].value == "April"
    assert found["facts.casework.returned"].value == "1,203"
    assert found["facts.casework.launched"].value == "false"
    assert found["facts.casework.paused.2"].label == "facts › casework › paused › 2"
    assert found["letter_date"].label == "letter date"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(700, 11), "63.636363…"),
        (Fraction(25, 2), "12.5"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(1, 3_000_000), "0…"),
        (Fraction(1234567, 1), "1,234,567"),
    ],
)
def test_exact_values_go_on_where_they_do(value: Fraction, text: str) -> None:
    assert exact(value) == text


def test_an_average_has_a_rounding_of_its_own(small: Campaign) -> None:
    rate, average = workings(small, BIRCH, figures_for(small, BIRCH))[:2]

    assert rate.rounding == "exact, nothing to round"
    assert average.rounding == "half up to a whole number"


def test_an_average_of_nothing_is_an_average(small_year: Path) -> None:
    edit(small_year / "data/2024/statistics.yaml", "remedied: 2", "remedied: 0")
    campaign = load(small_year, "2024")

    average = workings(campaign, ASHBY, figures_for(campaign, ASHBY))[3]

    assert (average.name, average.printed) == ("average of district authorities", "0%")
    assert average.sum == "0 ÷ 8 × 100 = 0, 2 authorities"


def test_an_average_counts_the_authorities_of_its_own_group_only(small_year: Path) -> None:
    cedar = "name: Cedar Fire Authority"
    edit(small_year / "data/authorities.yaml", cedar, f"{cedar}, peer_group: district")
    campaign = load(small_year, "2024")

    average = workings(campaign, ASHBY, figures_for(campaign, ASHBY))[1]

    assert average.sum == "8 ÷ 14 × 100 = 57.142857…, 3 authorities"


def test_a_half_is_rounded_and_places_are_counted(small_year: Path) -> None:
    edit(small_year / "data/2024/statistics.yaml", "investigations: 9", "investigations: 40")
    half = load(small_year, "2024")
    edit(small_year / "data/2024/letter.yaml", "decimals: 1", "decimals: 2")
    fine = load(small_year, "2024")

    assert shown(half, ASHBY)["uphold rate"].sum == "5 ÷ 40 × 100 = 12.5"
    assert shown(half, ASHBY)["uphold rate"].rounding == "half up to a whole number"
    assert shown(half, ASHBY)["uphold rate"].printed == "13%"
    assert shown(fine, ASHBY)["upheld per 100000"].rounding == "half up to 2 decimal places"


def test_a_published_average_is_found_to_the_column() -> None:
    campaign = load(SMALL_YEAR.parent / "broken" / "sound", "2020")

    average = workings(campaign, "alder-council", figures_for(campaign, "alder-council"))[1]

    assert told(average.origins) == [
        "average of district authorities, uphold rate 45 at data/2020/letter.yaml:13:27"
    ]


def test_a_stated_base_is_no_part_of_the_formula(campaign_2020: Campaign) -> None:
    remedies = shown(campaign_2020, MAIDSTONE)["satisfactory remedy rate"]

    assert remedies.formula == "satisfactory remedies ÷ upheld × 100"


def test_nothing_is_said_where_the_campaign_has_no_words_for_it(small: Campaign) -> None:
    silent = {
        name: measure.model_copy(update={"undefined": None})
        for name, measure in small.letter.measures.items()
    }
    letter = small.letter.model_copy(update={"measures": silent})

    rate = shown(replace(small, letter=letter), CEDAR)["remedy rate"]

    assert (rate.printed, rate.defined) == ("nothing", False)
