"""Counts into figures: exact, half up when printed, undefined without a base."""

import ast
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.load import Campaign, load
from letters.campaign.records import Measure
from letters.figures import Figure, all_figures, figure_of, figures_for, peer_averages
from letters.rounding import half_up
from letters.typesetting.context import letter_context
from tests.conftest import PROJECT, SMALL_YEAR

counts = st.integers(min_value=0, max_value=10**6)


def percentage(count: int, base: int) -> Figure:
    return figure_of(Measure(count="upheld", of="all"), {"upheld": count, "all": base}, None)


@pytest.mark.parametrize(
    ("count", "base", "printed"),
    [
        (7, 11, 64),
        (1, 7, 14),
        (14, 19, 74),
        (5, 40, 13),
        (2, 16, 13),
        (1, 200, 1),
        (1, 201, 0),
        (199, 200, 100),
    ],
)
def test_a_percentage_is_rounded_half_up(count: int, base: int, printed: int) -> None:
    assert percentage(count, base).printed == printed


def test_nothing_divided_by_nothing_is_undefined() -> None:
    assert percentage(0, 0).value is None
    assert percentage(0, 0).printed is None


def test_the_value_is_exact() -> None:
    assert percentage(7, 11).value == Fraction(700, 11)


def test_a_rate_per_100000_has_its_decimals() -> None:
    rate = Measure(count="upheld", of="people", per=100_000, decimals=1)
    assert figure_of(rate, {"upheld": 5, "people": 147_000}, None).printed == Decimal("3.4")


@given(counts, counts)
def test_a_part_of_a_whole_prints_0_to_100(one: int, other: int) -> None:
    count, base = min(one, other), max(one, other) or 1
    printed = percentage(count, base).printed
    assert printed is not None
    assert 0 <= printed <= 100
    assert printed == int(printed)


@given(st.decimals(min_value=0, max_value=10**6, places=6), st.integers(min_value=0, max_value=5))
def test_half_up_agrees_with_decimal_arithmetic(value: Decimal, places: int) -> None:
    assert half_up(Fraction(value), places) == value.quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
    )


@given(counts, st.integers(min_value=1, max_value=10**6), st.integers(min_value=0, max_value=4))
def test_printing_moves_a_value_by_half_a_unit_at_the_most(
    count: int, base: int, places: int
) -> None:
    exact = Fraction(100 * count, base)
    error = Fraction(half_up(exact, places)) - exact
    assert -Fraction(1, 2) < error * 10**places <= Fraction(1, 2)


@given(st.integers(min_value=0, max_value=10**6))
def test_every_exact_half_goes_up(whole: int) -> None:
    assert half_up(Fraction(2 * whole + 1, 2)) == whole + 1


def with_statistics(campaign: Campaign, rows: dict[str, dict[str, int]]) -> Campaign:
    return replace(campaign, statistics=rows)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    root = tmp_path_factory.mktemp("small")
    (root / "templates" / "2024").mkdir(parents=True)
    (root / "data").symlink_to(SMALL_YEAR / "data")
    return load(root, "2024")


rows = st.fixed_dictionaries(
    {"investigations": counts, "upheld": counts, "remedied": counts, "population": counts}
)


@given(ashby=rows, birch=rows, cedar=rows)
def test_a_computed_average_pools_the_group_and_no_one_else(
    campaign: Campaign, ashby: dict[str, int], birch: dict[str, int], cedar: dict[str, int]
) -> None:
    year = with_statistics(
        campaign,
        {
            "ashby-district-council": ashby,
            "birch-district-council": birch,
            "cedar-fire-authority": cedar,
        },
    )
    averages = peer_averages(year)
    assert set(averages) == {"district"}
    base = ashby["investigations"] + birch["investigations"]
    pooled = Fraction(100 * (ashby["upheld"] + birch["upheld"]), base) if base else None
    assert averages["district"].get("uphold_rate") == pooled
    assert all(
        figure.peer_average is None for figure in figures_for(year, "cedar-fire-authority").values()
    )


@given(one=st.tuples(counts, counts), other=st.tuples(counts, counts))
def test_a_pooled_average_lies_between_the_group_s_own_figures(
    campaign: Campaign, one: tuple[int, int], other: tuple[int, int]
) -> None:
    rows = [
        {"investigations": max(pair), "upheld": min(pair), "remedied": 0, "population": 1}
        for pair in (one, other)
    ]
    year = with_statistics(
        campaign, dict(zip(("ashby-district-council", "birch-district-council"), rows, strict=True))
    )
    figures = [row["uphold_rate"] for row in all_figures(year).values()]
    values = [figure.value for figure in figures if figure.value is not None]
    average = figures[0].peer_average
    assert (average is None) == (not values)
    assert average is None or min(values) <= average <= max(values)


def test_published_averages_are_taken_as_they_are(campaign_2020: Campaign) -> None:
    figures = figures_for(campaign_2020, "maidstone-borough-council")
    assert [figure.printed_average for figure in figures.values()] == [45, 99, 20]


def test_the_stated_base_is_what_the_campaign_says(campaign_2020: Campaign) -> None:
    figure = figures_for(campaign_2020, "maidstone-borough-council")["satisfactory_remedy_rate"]
    assert (figure.printed, figure.base, figure.stated_base) == (Decimal(14), 7, 11)


def test_one_authority_s_figures_are_those_among_all(specimen: Campaign) -> None:
    slug = (
        "leeds-city-council"
        if "leeds-city-council" in specimen.statistics
        else next(iter(specimen.statistics))
    )
    assert figures_for(specimen, slug) == all_figures(specimen)[slug]


def test_no_measure_or_count_is_named_in_python(campaign_2020: Campaign) -> None:
    names = {*campaign_2020.letter.measures, *campaign_2020.letter.counts}
    for path in (PROJECT / "letters").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert getattr(node, "value", None) not in names, f"{path}: a string"
            assert getattr(node, "attr", None) not in names, f"{path}: an attribute"
            assert getattr(node, "arg", None) not in names, f"{path}: an argument"


@pytest.mark.parametrize(
    ("count", "base", "average", "is_exact", "beside"),
    [
        (446, 1000, 45, False, 0),  # prints 45% beside 45%
        (446, 1000, 45, True, -1),
        (444, 1000, 45, False, -1),  # 44%
        (454, 1000, 45, False, 0),
        (454, 1000, 45, True, 1),
        (455, 1000, 45, False, 1),  # 46%
        (0, 5, 0, False, 0),
        (0, 0, 45, False, 0),
        (0, 0, 45, True, 0),
        (3, 5, None, False, 0),
    ],
)
def test_it_stands_beside_a_published_average_as_printed_and_beside_a_computed_one_exactly(
    count: int, base: int, average: int | None, is_exact: bool, beside: int
) -> None:
    measure = Measure(count="upheld", of="all")
    known = None if average is None else Fraction(average)
    figure = figure_of(measure, {"upheld": count, "all": base}, known, is_exact)
    assert figure.beside_average == beside
    assert (figure.below_average, figure.above_average) == (beside < 0, beside > 0)


def test_only_averages_that_are_worked_out_are_exact(campaign_2020: Campaign) -> None:
    small = load(SMALL_YEAR, "2024")
    for campaign, is_exact in ((campaign_2020, False), (small, True)):
        figures = [one for of in all_figures(campaign).values() for one in of.values()]
        assert {one.average_is_exact for one in figures} == {is_exact}


def test_a_measure_that_is_not_compared_has_no_average_and_is_not_counted_as_one_that_lacks_it() -> (
    None
):
    small = load(SMALL_YEAR, "2024")
    rate = small.letter.measures["upheld_per_100000"].model_copy(update={"compared": False})
    measures = {**small.letter.measures, "upheld_per_100000": rate}
    campaign = replace(small, letter=small.letter.model_copy(update={"measures": measures}))
    figures = figures_for(campaign, "ashby-district-council")
    assert figures["upheld_per_100000"].peer_average is None
    assert figures["uphold_rate"].peer_average is not None
    context = letter_context(campaign, "ashby-district-council", figures)
    assert context.compared == "all"
