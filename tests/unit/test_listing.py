"""The list of letters: searched, filtered, in order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from letters.figures import all_figures
from letters.mail.stages import Part, Stage, Stand
from letters.preview.listing import Cell, Row, Wanted, arranged, plain, rows_of
from letters.preview.marks import Mark
from tests.campaigns import authority, campaign_of


def row(
    name: str,
    *marks: tuple[str, int],
    group: str = "",
    rate: int | None = None,
    average: int | None = None,
    stand: Stand | None = None,
) -> Row:
    """A letter with marks of some kinds and weights."""
    exact, of_peers = (None if one is None else Fraction(one) for one in (rate, average))
    made = tuple(Mark(kind, kind, kind, weight) for kind, weight in marks)
    return Row(name.lower(), name, group, (Cell("rate", "", "", exact, of_peers),), made, stand)


def names(rows: list[Row]) -> str:
    return " ".join(one.name for one in rows)


def test_letters_come_by_name_whatever_their_accents() -> None:
    assert names(arranged([row("Ilkley"), row("Élan"), row("Adur")], "name")) == "Adur Élan Ilkley"


def test_letters_come_by_peer_group_and_those_without_one_last() -> None:
    rows = [
        row("D"),
        row("C", group="unitary"),
        row("B", group="county"),
        row("A", group="unitary"),
    ]

    assert names(arranged(rows, "group")) == "B A C D"


@pytest.mark.parametrize(
    ("order", "wanted"), [("rate", "C A B D"), ("-rate", "B A C D"), ("no-such-thing", "A B C D")]
)
def test_letters_come_by_a_figure_and_those_without_one_last(order: str, wanted: str) -> None:
    rows = [row("A", rate=20), row("B", rate=30), row("C", rate=10), row("D")]

    assert names(arranged(rows, order)) == wanted


@pytest.mark.parametrize(
    ("order", "wanted"), [("above:rate", "B A C D E"), ("below:rate", "C A B D E")]
)
def test_letters_come_by_how_far_they_are_from_the_average(order: str, wanted: str) -> None:
    rows = [
        row("A", rate=90, average=80),
        row("B", rate=50, average=20),
        row("C", rate=10, average=11),
        row("D", rate=99),
        row("E", average=40),
    ]

    assert names(arranged(rows, order)) == wanted


def test_distances_that_print_alike_are_told_apart() -> None:
    def thirds(name: str, value: Fraction) -> Row:
        return Row(name, name, "", (Cell("rate", "33%", "33%", value, Fraction(33)),), ())

    rows = [thirds("A", Fraction(100, 3)), thirds("B", Fraction(100, 3) + Fraction(1, 10**30))]

    assert names(arranged(rows, "above:rate")) == "B A"


def test_letters_come_by_how_far_they_are_and_those_that_nobody_knows_last() -> None:
    rows = [row("A"), *(row(stage.key, stand=Stand(stage)) for stage in sorted(Stage))]

    assert names(arranged(rows, "stage")).split() == [*(stage.key for stage in Stage), "A"]


def test_the_oddest_come_first_and_names_decide_between_equals() -> None:
    rows = [row("D"), row("C", ("x", 10)), row("B", ("x", 10), ("y", 5)), row("A", ("z", 10))]

    assert names(arranged(rows, "oddest")) == "B A C D"


def test_many_alike_prove_nothing_so_each_of_the_first_shows_something_new() -> None:
    alike = [row(f"A{number:02}", ("zero base", 40)) for number in range(20)]
    other = [row("Z1", ("bespoke paragraph", 30)), row("Z2", ("no contact", 15))]

    found = names(arranged([*alike, *other], "oddest")).split()

    assert found[:4] == ["A00", "Z1", "A01", "Z2"]
    assert sorted(found) == sorted(one.name for one in (*alike, *other))


def test_of_more_than_twenty_the_rest_comes_by_weight() -> None:
    rows = [row(f"A{number:02}", (str(number), 10 + number)) for number in range(25)]

    found = names(arranged(rows, "oddest")).split()

    assert found == [f"A{number:02}" for number in reversed(range(25))]


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (Wanted(), True),
        (Wanted(words="st helens"), True),
        (Wanted(words="HELENS unitary"), True),
        (Wanted(words="st leeds"), False),
        (Wanted(mark="zero"), True),
        (Wanted(mark="long"), False),
        (Wanted(group="unitary"), True),
        (Wanted(group="none"), False),
        (Wanted(stage="sent"), True),
        (Wanted(stage="corrected"), True),
        (Wanted(stage="ready"), False),
    ],
)
def test_a_search_finds_words_marks_groups_and_stages(wanted: Wanted, held: bool) -> None:
    stand = Stand(Stage.SENT, parts=frozenset({Part.CORRECTED}))
    assert (
        wanted.holds(row("St Helen’s-Council", ("zero", 40), group="unitary", stand=stand)) is held
    )


def test_a_letter_that_was_not_looked_through_is_at_no_stage() -> None:
    assert row("Ashby").stages == ()
    assert not Wanted(stage="to-build").holds(row("Ashby"))


def test_a_body_without_a_group_is_found_by_none() -> None:
    assert Wanted(group="none").holds(row("Cedar"))


def test_plain_words_have_no_accents_apostrophes_hyphens_or_capitals() -> None:
    assert plain("King’s Lynn  Élan-Vital") == "kings lynn elan vital"


def test_each_letter_has_a_row_with_its_figures_as_printed() -> None:
    campaign = campaign_of(
        authority("Ashby", investigations=11, upheld=7, remedied=1),
        authority("Cedar", None, investigations=0, upheld=0, remedied=0),
    )

    ashby, cedar = rows_of(campaign, all_figures(campaign), (), {}, {}, {})

    assert (ashby.slug, ashby.name, ashby.peer_group) == ("ashby", "Ashby", "district")
    assert [(cell.measure, cell.value, cell.average, cell.exact) for cell in ashby.cells] == [
        ("uphold_rate", "64%", "64%", Fraction(700, 11)),
        ("remedy_rate", "14%", "14%", Fraction(100, 7)),
        ("upheld_per_100000", "7.0", "7.0", Fraction(7)),
    ]
    assert [(cell.value, cell.average) for cell in cedar.cells] == [
        ("none", "no peers"),
        ("none", "no peers"),
        ("0.0", "no peers"),
    ]
    assert cedar.keys == ("zero",), "each mark once"
    assert cedar.oddness == 80


def test_the_same_mark_for_another_reason_is_something_new() -> None:
    def zero(name: str, count: str) -> Row:
        return Row(name, name, "", (), (Mark("zero", f"zero {count}", f"no {count}", 40),))

    rows = [zero("A", "upheld"), zero("B", "upheld"), zero("C", "investigations")]

    assert names(arranged(rows, "oddest")) == "A C B"


def test_only_the_first_twenty_are_chosen_so_that_they_differ() -> None:
    alike = [row(f"A{number:02}", ("zero base", 4000)) for number in range(22)]

    found = names(arranged([*alike, row("Z", ("no contact", 195))], "oddest")).split()

    assert found == [*(one.name for one in alike), "Z"]


@pytest.mark.parametrize(
    ("name", "words"), [("King's Lynn", "kings"), ("Kings", "king's"), ("Weißbach", "WEISSBACH")]
)
def test_a_search_minds_neither_typewriter_apostrophes_nor_sharp_s(name: str, words: str) -> None:
    assert Wanted(words=words).holds(row(name))


def test_a_search_looks_in_the_slug_too() -> None:
    assert Wanted(words="old-sarum").holds(Row("old-sarum", "Salisbury", "", (), ()))


def test_a_letter_whose_average_differs_shows_both() -> None:
    campaign = campaign_of(authority("Ashby", upheld=2), authority("Birch", upheld=8))

    cell = rows_of(campaign, all_figures(campaign), (), {}, {}, {})[0].cells[0]

    assert (cell.value, cell.average) == ("20%", "50%")


def test_a_percentage_fills_its_bar_at_100_and_a_rate_at_the_largest_there_is() -> None:
    campaign = campaign_of(
        authority("Ashby", upheld=2),
        authority("Birch", upheld=8),
        authority("Cedar", None, upheld=4),
    )

    ashby, birch, cedar = rows_of(campaign, all_figures(campaign), (), {}, {}, {})

    percent, _, rate = ashby.cells
    assert (percent.share, percent.average_share) == (Fraction(1, 5), Fraction(1, 2))
    assert (rate.share, rate.average_share) == (Fraction(1, 4), Fraction(5, 8))
    assert birch.cells[2].share == 1
    assert (cedar.cells[2].share, cedar.cells[2].average_share) == (Fraction(1, 2), None)


@pytest.mark.parametrize(
    ("value", "full", "share"), [(120, 100, 1), (-1, 100, 0), (0, 0, 0), (None, 100, None)]
)
def test_a_bar_is_never_fuller_than_full(value: int | None, full: int, share: int | None) -> None:
    exact = None if value is None else Fraction(value)

    assert Cell("rate", "", "", exact, full=Fraction(full)).share == share


def test_why_there_is_no_average_is_said_in_words() -> None:
    measure = campaign_of().letter.measures["uphold_rate"]
    alone = measure.model_copy(update={"compared": False})
    campaign = campaign_of(
        authority("Ashby"),
        authority("Cedar", None),
        measures={"uphold_rate": measure, "alone": alone},
        peer_averages={},
    )

    ashby, cedar = rows_of(campaign, all_figures(campaign), (), {}, {}, {})

    assert [cell.average for cell in ashby.cells] == ["no average", ""]
    assert [cell.average for cell in cedar.cells] == ["no peers", ""]


def test_a_figure_without_an_average_is_no_distance_from_it() -> None:
    assert Cell("rate", "", "", Fraction(5)).distance is None
    assert Cell("rate", "", "", None, Fraction(5)).distance is None
    assert Cell("rate", "", "", Fraction(5), Fraction(7)).distance == -2
