"""What wants a look in each letter, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from letters.campaign.load import Campaign
from letters.campaign.records import ChiefExecutive, Contacts
from letters.errors import Place, Problem, Severity
from letters.figures import all_figures
from letters.mail.stages import Standing
from letters.preview.marks import MARKS, Mark, Tone, chips, marks_of
from tests.campaigns import authority, campaign_of


def marks(
    campaign: Campaign,
    *problems: Problem,
    lengths: Mapping[str, int] | None = None,
    pages: Mapping[str, int] | None = None,
    standings: Mapping[str, Standing] | None = None,
) -> Mapping[str, tuple[Mark, ...]]:
    figures = all_figures(campaign)
    return marks_of(campaign, figures, problems, lengths or {}, pages or {}, standings or {})


def reasons(found: tuple[Mark, ...]) -> list[tuple[str, str]]:
    return [(mark.key, mark.reason) for mark in found]


def problem(severity: Severity, slug: str) -> Problem:
    place = Place("data/2024/statistics.yaml")
    return Problem(place, severity, "odd", f"{severity} it is", authority=slug)


def test_an_ordinary_letter_has_no_marks() -> None:
    assert marks(campaign_of(authority("Ashby"))) == {"ashby": ()}


def test_errors_and_warnings_mark_the_letter_that_they_are_about_and_notices_do_not() -> None:
    found = marks(
        campaign_of(authority("Ashby"), authority("Birch")),
        problem(Severity.WARNING, "ashby"),
        problem(Severity.NOTICE, "ashby"),
        problem(Severity.ERROR, "birch"),
        problem(Severity.ERROR, ""),
        problem(Severity.ERROR, "nobody"),
    )

    assert reasons(found["ashby"]) == [("warning", "warning it is")]
    assert reasons(found["birch"]) == [("problem", "error it is")]
    assert found.keys() == {"ashby", "birch"}


def test_a_figure_without_a_base_is_marked_in_the_words_of_its_count() -> None:
    found = marks(campaign_of(authority("Ashby", upheld=0, remedied=0)))

    assert reasons(found["ashby"]) == [("zero", "no upheld decisions")]


@pytest.mark.parametrize(("upheld", "marked"), [(5, False), (4, True)])
def test_a_figure_below_its_target_is_marked(upheld: int, marked: bool) -> None:
    campaign = campaign_of(authority("Ashby", upheld=upheld))
    measures = campaign.letter.measures
    watched = measures["uphold_rate"].model_copy(update={"watch_below": 50})
    letter = campaign.letter.model_copy(update={"measures": {**measures, "uphold_rate": watched}})

    found = marks(replace(campaign, letter=letter))

    wanted = [("below", "uphold rate 40%, below 50")] if marked else []
    assert reasons(found["ashby"]) == wanted


def test_more_pages_than_standard_and_a_bespoke_paragraph_are_marked() -> None:
    campaign = replace(
        campaign_of(authority("Ashby"), authority("Birch")), paragraphs={"ashby": "x"}
    )

    found = marks(campaign, pages={"ashby": 3, "birch": 2})

    assert reasons(found["ashby"]) == [("paragraph", "a paragraph of its own"), ("long", "3 pages")]
    assert found["birch"] == ()


@pytest.mark.parametrize(
    ("contacts", "wanted"),
    [
        ({}, [("contact", "no address to send it to")]),
        ({"ashby": Contacts()}, [("contact", "no address to send it to")]),
        (
            {"ashby": Contacts(chief_executive=ChiefExecutive(email="ce@ashby.example"))},
            [("", "no name known")],
        ),
    ],
)
def test_who_cannot_be_written_to_or_named_is_marked(
    contacts: dict[str, Contacts], wanted: list[tuple[str, str]]
) -> None:
    assert (
        reasons(marks(replace(campaign_of(authority("Ashby")), contacts=contacts))["ashby"])
        == wanted
    )


@pytest.mark.parametrize(
    ("standing", "key", "weight"),
    [
        (Standing.CHANGED, "changed", 50),
        (Standing.PARTLY, "partly", 0),
        (Standing.APPROVED, "approved", 0),
    ],
)
def test_how_a_letter_stands_with_its_approvals_is_a_mark(
    standing: Standing, key: str, weight: int
) -> None:
    [mark] = marks(campaign_of(authority("Ashby")), standings={"ashby": standing})["ashby"]

    assert (mark.key, mark.reason, mark.weight) == (key, MARKS[key].label, weight)
    assert mark.tone is Tone.STATE


def test_a_letter_that_nobody_approved_has_no_mark_of_it() -> None:
    assert marks(campaign_of(authority("Ashby")), standings={"ashby": Standing.NEW})["ashby"] == ()


def rates(*upheld: int) -> Campaign:
    """Districts whose uphold rates differ and whose other figures do not."""
    letters = (authority(f"Council {number}", upheld=one) for number, one in enumerate(upheld))
    return campaign_of(*letters, measures={"uphold_rate": _uphold_rate()})


def _uphold_rate() -> object:
    return campaign_of().letter.measures["uphold_rate"]


def test_the_highest_and_the_lowest_of_a_peer_group_are_told() -> None:
    found = marks(rates(1, 2, 3, 4, 5))

    assert reasons(found["council-4"]) == [("", "highest uphold rate of 5 district authorities")]
    assert reasons(found["council-0"]) == [("", "lowest uphold rate of 5 district authorities")]
    assert found["council-2"] == ()


def test_a_small_group_has_no_extremes_and_nor_has_what_many_share() -> None:
    assert not any(marks(rates(1, 2, 3, 4)).values())
    shared = marks(rates(1, 1, 1, 1, 5))
    assert shared["council-0"] == ()
    assert reasons(shared["council-4"]) == [("", "highest uphold rate of 5 district authorities")]


def test_bodies_without_a_peer_group_are_extreme_in_nothing() -> None:
    bodies = [authority(f"Fire {number}", None, upheld=number + 1) for number in range(6)]
    found = marks(campaign_of(*bodies, measures={"uphold_rate": _uphold_rate()}))

    assert not any(found.values())


def test_the_longest_names_and_the_fullest_letters_are_told_where_there_are_many() -> None:
    bodies = [authority(f"Council{'x' * number}", None) for number in range(20)]
    campaign, slugs = campaign_of(*bodies), [f"council{'x' * number}" for number in range(20)]
    found = marks(campaign, lengths={slug: 1000 + number for number, slug in enumerate(slugs)})

    assert reasons(found[slugs[19]]) == [
        ("", "long name: 26 characters"),
        ("", "full pages: 1,019 characters"),
    ]
    assert [bool(found[slug]) for slug in slugs] == [False] * 15 + [True] * 5
    assert not any(marks(campaign_of(*bodies[:19])).values())


def test_the_weightiest_mark_comes_first() -> None:
    campaign = campaign_of(authority("Ashby", upheld=0, remedied=0))
    found = marks(
        campaign, problem(Severity.ERROR, "ashby"), standings={"ashby": Standing.CHANGED}
    )["ashby"]

    assert [mark.key for mark in found] == ["problem", "changed", "zero"]
    assert [mark.weight for mark in found] == sorted((mark.weight for mark in found), reverse=True)


def test_what_three_share_is_still_an_extreme() -> None:
    found = marks(rates(1, 1, 1, 4, 5))

    lowest = [("", "lowest uphold rate of 5 district authorities")]
    assert [reasons(found[f"council-{number}"]) for number in range(3)] == [lowest] * 3


def test_each_peer_group_has_its_own_extremes() -> None:
    districts = [authority(f"District {one}", upheld=one) for one in range(1, 6)]
    counties = [authority(f"County {one}", "county", upheld=one) for one in range(3, 8)]
    found = marks(campaign_of(*districts, *counties, measures={"uphold_rate": _uphold_rate()}))

    assert reasons(found["district-5"]) == [("", "highest uphold rate of 5 district authorities")]
    assert reasons(found["county-3"]) == [("", "lowest uphold rate of 5 county authorities")]


def test_a_figure_that_is_printed_as_its_target_and_lies_below_it_is_marked() -> None:
    campaign = campaign_of(authority("Ashby", investigations=1000, upheld=496))
    watched = campaign.letter.measures["uphold_rate"].model_copy(update={"watch_below": 50})
    letter = campaign.letter.model_copy(update={"measures": {"uphold_rate": watched}})

    found = marks(replace(campaign, letter=letter))

    assert reasons(found["ashby"]) == [("below", "uphold rate below 50, and printed as 50%")]
    assert found["ashby"][0].name == "not quite 50%"


def test_no_letter_is_long_where_no_length_is_standard() -> None:
    assert marks(campaign_of(authority("Ashby"), pages=None), pages={"ashby": 9})["ashby"] == ()


def test_a_chief_executive_with_a_name_and_no_address_cannot_be_written_to() -> None:
    contacts = {"ashby": Contacts(chief_executive=ChiefExecutive(title="Ms", surname="Oak"))}

    found = marks(replace(campaign_of(authority("Ashby")), contacts=contacts))

    assert reasons(found["ashby"]) == [("contact", "no address to send it to")]


def test_every_mark_has_its_weight() -> None:
    measures = campaign_of().letter.measures
    watched = measures["uphold_rate"].model_copy(update={"watch_below": 50})
    campaign = replace(
        campaign_of(
            authority("Ashby", upheld=0, remedied=0), measures={**measures, "uphold_rate": watched}
        ),
        contacts={},
        paragraphs={"ashby": "x"},
    )

    found = marks(
        campaign,
        problem(Severity.WARNING, "ashby"),
        problem(Severity.ERROR, "ashby"),
        pages={"ashby": 3},
        standings={"ashby": Standing.CHANGED},
    )

    assert [(mark.key, mark.weight) for mark in found["ashby"]] == [
        ("problem", 100),
        ("warning", 60),
        ("changed", 50),
        ("zero", 40),
        ("below", 35),
        ("paragraph", 30),
        ("long", 30),
        ("contact", 20),
    ]


def test_reasons_that_are_no_marks_weigh_little() -> None:
    nameless = Contacts(chief_executive=ChiefExecutive(email="ce@ashby.example"))
    campaign = replace(rates(1, 2, 3, 4, 5), contacts={"council-4": nameless})

    found = marks(campaign)["council-4"]

    assert [(mark.kind, mark.weight) for mark in found] == [
        ("highest uphold_rate", 15),
        ("no name", 5),
    ]


def test_long_names_and_full_pages_are_odd_in_ways_of_their_own() -> None:
    bodies = [authority(f"Council{'x' * number}", None) for number in range(20)]
    longest = f"council{'x' * 19}"
    lengths = {f"council{'x' * number}": 1000 + number for number in range(20)}

    found = marks(campaign_of(*bodies), lengths=lengths)[longest]

    assert [(mark.kind, mark.weight) for mark in found] == [("long name", 15), ("full pages", 15)]


def test_figures_are_odd_in_the_same_way_where_the_same_count_or_measure_is() -> None:
    measures = campaign_of().letter.measures
    watched = {
        name: measure.model_copy(update={"watch_below": 90}) for name, measure in measures.items()
    }
    bodies = [
        authority("Ashby", investigations=0, upheld=0, remedied=0),
        authority("Birch", remedied=0),
    ]

    found = marks(campaign_of(*bodies, measures=watched))

    zeros = [mark.kind for mark in found["ashby"] if mark.key == "zero"]
    below = [mark.kind for mark in found["birch"] if mark.key == "below"]
    assert len(set(zeros)) == 2, "no investigations, and nothing upheld"
    assert len(set(below)) == 3, "one of each measure"


def test_each_mark_says_what_it_is_in_a_few_words_and_of_what_sort() -> None:
    measures = campaign_of().letter.measures
    watched = measures["uphold_rate"].model_copy(update={"watch_below": 50})
    bodies = [authority(f"Council {number}", upheld=4 + number) for number in range(5)]
    campaign = replace(
        campaign_of(*bodies, measures={"uphold_rate": watched}),
        contacts={},
        paragraphs={"council-0": "x"},
    )

    found = marks(campaign, pages={"council-0": 3})["council-0"]

    assert [(mark.name, mark.tone) for mark in found] == [
        ("40% upheld", Tone.PROBLEM),
        ("own paragraph", Tone.FACT),
        ("3 pages", Tone.FACT),
        ("no address", Tone.GAP),
        ("lowest of 5", Tone.FACT),
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("printed-as-written", "code in the text"),
        ("overflow", "overflows"),
        ("same-address", "same address"),
    ],
)
def test_a_problem_is_named_by_its_code(code: str, name: str) -> None:
    fault = replace(problem(Severity.ERROR, "ashby"), code=code, sentence="x" * 600)

    [mark] = marks(campaign_of(authority("Ashby")), fault)["ashby"]

    assert (mark.name, mark.reason) == (name, "x" * 600)


def mark(short: str, key: str = "", tone: Tone = Tone.FACT) -> Mark:
    return Mark(key, short, f"{short}, in many words", 1, short, tone)


@pytest.mark.parametrize(
    ("given", "names", "more"),
    [
        ([], [], 0),
        ([mark("one"), mark("two")], ["one", "two"], 0),
        ([mark("one"), mark("two"), mark("three")], ["one", "two"], 1),
        ([mark("one"), mark("one")], ["one"], 1),
        ([mark("one", "zero"), mark("other", "zero"), mark("two")], ["one", "two"], 1),
        ([mark("x" * 40), mark("two")], ["x" * 40], 1),
        ([mark("approved", "approved", Tone.STATE), mark("one")], ["one"], 0),
    ],
)
def test_a_row_shows_two_unlike_marks_at_most_and_how_many_more_there_are(
    given: list[Mark], names: list[str], more: int
) -> None:
    shown, rest = chips(given)

    assert ([mark.name for mark in shown], rest) == (names, more)


def test_of_two_marks_that_do_not_fit_beside_each_other_a_shorter_one_takes_the_place() -> None:
    shown, more = chips([mark("x" * 19), mark("y" * 19), mark("4 pages")])

    assert ([mark.name for mark in shown], more) == (["x" * 19, "4 pages"], 1)
