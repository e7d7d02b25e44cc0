"""A sheet with a row an authority: its counts, its totals, its printed rates, whose rows they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from letters.campaign.records import LetterParts, Measure
from letters.intake.authorities import Names
from letters.intake.cells import Kind, Sheet
from letters.intake.figure_sheets import FigureSheet, read_figures
from letters.intake.rates import wrong_rate
from tests.books import NAMES, REGISTERED, cell, mapping, sheet, told

HEAD = ["Authority", "GSS code", "Upheld", "Not upheld", "Total", "Uphold rate"]
KENT = ["Kent County Council", "E10000016", 3, 2, 5]
LEEDS = ["Leeds City Council", "E08000035", 1, 3, 4]
LETTER = LetterParts(
    measures={
        "uphold_rate": Measure(count="upheld", of="investigations"),
        "upheld_per_resident": Measure(count="upheld", of="population", per=100000, decimals=1),
    }
)


def read(*rows: Sequence[Any], names: Names = NAMES, **entry: Any) -> FigureSheet:
    hidden = entry.pop("hidden", False)
    of_sheet = {key: entry.pop(key) for key in ("hidden_rows", "plain") if key in entry}
    given = {
        "authority": {"name": "Authority", "code": "GSS code"},
        "counts": {"upheld": "Upheld", "investigations": "Total"},
        **entry,
    }
    (source,) = mapping(figures=[given]).figures
    one: Sheet = sheet(HEAD, *rows, **of_sheet)
    return read_figures([one], source, names, LETTER, hidden)


def counts(found: FigureSheet) -> dict[str, dict[str, int]]:
    return {
        slug: {name: supplied.number for name, supplied in own.items()}
        for slug, own in found.counts.items()
    }


def test_each_row_gives_an_authority_s_counts_with_their_cells() -> None:
    found = read(KENT, LEEDS)

    assert counts(found) == {
        "kent-county-council": {"upheld": 3, "investigations": 5},
        "leeds-city-council": {"upheld": 1, "investigations": 4},
    }
    assert [place.cell for place in found.counts["leeds-city-council"]["upheld"].cells] == ["C3"]
    assert not found.problems


def test_a_list_of_headings_is_their_sum() -> None:
    found = read(KENT, counts={"investigations": ["Upheld", "Not upheld"]})

    supplied = found.counts["kent-county-council"]["investigations"]
    assert (supplied.number, [place.cell for place in supplied.cells]) == (5, ["C2", "D2"])


@pytest.mark.parametrize("name", ["Total", "England", "Grand total"])
def test_totals_are_left_out_and_held_against_the_rows(name: str) -> None:
    right = read(KENT, LEEDS, [name, None, 4, 5, 9])
    assert (len(right.counts), right.totals, right.problems) == (2, 2, ())

    wrong = read(KENT, LEEDS, [name, None, 4, 5, 10])
    assert told(wrong.problems) == ["E4 error total-differs"]
    assert wrong.problems[0].sentence == "the total is 10, and the rows above add up to 9"


def test_a_last_row_that_is_the_sum_is_a_total_whatever_it_is_called() -> None:
    found = read(KENT, LEEDS, [None, None, 4, 5, 9])
    assert (len(found.counts), found.totals, found.problems) == (2, 2, ())
    assert told(read(KENT, LEEDS, ["All of it", None, 4, 5, 9]).problems) == [
        "A4 error authority-unknown"  # of two rows it may be one more
    ]
    others = [["Arun", None, 1, 1, 2], ["Adur", None, 1, 1, 2], ["Ashford", None, 1, 1, 2]]
    found = read(KENT, LEEDS, *others, ["All of it", None, 7, 8, 15], ["Source: us"])
    assert (len(found.counts), found.totals) == (5, 2)
    assert told(found.problems) == ["A7 warning row-taken-for-total", "A8 notice row-passed-over"]

    found = read(KENT, LEEDS, ["All of it", None, 4, 5, 8])
    assert told(found.problems) == ["A4 error authority-unknown"]
    assert told(read(KENT, [None, None, 4, 5, 8]).problems) == ["A3 error no-authority"]


def test_a_total_may_stand_above_and_headings_may_come_again() -> None:
    found = read(["England", None, 4, 5, 9], KENT, HEAD, LEEDS)
    assert (len(found.counts), found.totals, found.problems) == (2, 2, ())

    found = read(["England", None, 4, 5, 10], KENT, LEEDS)
    assert told(found.problems) == ["E2 error total-differs"]


def test_a_column_is_taken_once() -> None:
    twice = read(KENT, counts={"investigations": ["Total", "total"]})
    assert told(twice.problems) == ["E1 error column-twice"]
    both = read(KENT, counts={"investigations": "Total", "upheld": "Total"})
    assert told(both.problems) == ["E1 warning column-of-two-counts"]


def test_a_column_of_rates_gives_no_counts() -> None:
    one = sheet(["Authority", "Upheld (%)"], ["Kent CC", 64])
    (source,) = mapping(
        figures=[{"authority": {"name": "Authority"}, "counts": {"upheld": "Upheld (%)"}}]
    ).figures

    assert told(read_figures([one], source, NAMES, LETTER).problems) == ["B1 error rate-as-count"]


def test_a_row_like_the_only_one_above_or_of_nothing_is_no_total() -> None:
    assert told(read(KENT, ["Leedss", None, 3, 2, 5]).problems) == ["A3 error authority-unknown"]
    zeros = [[*one[:2], 0, 0, 0] for one in (KENT, LEEDS)]
    found = read(*zeros, ["Leedss", None, 0, 0, 0])
    assert told(found.problems) == ["A4 error authority-unknown"]


def test_a_total_has_the_rows_of_nobody_too() -> None:
    found = read(["Kentt", None, 1, 1, 2], KENT, ["Total", None, 4, 3, 7])

    assert told(found.problems) == ["A2 error authority-unknown"]


def test_a_total_that_passes_over_numbers_stored_as_text_is_told() -> None:
    found = read([*KENT[:2], "3", 2, 5], LEEDS, ["Total", None, 1, 5, 9])

    assert told(found.problems) == ["C2 notice number-as-text", "C4 warning total-without-texts"]
    assert found.problems[1].sentence == "this total passes over what is stored as text in C2"


@pytest.mark.parametrize(
    "formula", ["=SUM(C2:D2)", "=SUM($C$2,D2)", "of:=SUM([.C2:.D2])", "=SUBTOTAL(9,C2:D2)"]
)
def test_a_sum_that_passes_over_a_number_stored_as_text_is_no_count(formula: str) -> None:
    found = read([*KENT[:3], "2", cell(3, formula=formula)])

    assert told(found.problems) == ["E2 error sum-without-texts"]
    assert found.problems[0].sentence == "this sum passes over what is stored as text in D2"


@pytest.mark.parametrize(
    "formula",
    [
        "=C2+D2",
        "=SUM(C2:C2)",
        "=SUM(Other!C2:D2)",
        "=SUM('An Other'!D2)",
        "=SUM(C2,D20)",
        "=SUM(C2)+D2",
        "=SUMIFS(C2:C9,D2:D9,1)",
        "of:=SUM([$Other.C2:.D2])",
    ],
)
def test_a_formula_that_counts_it_or_looks_elsewhere_is_no_matter(formula: str) -> None:
    assert not read([*KENT[:3], "2", cell(5, formula=formula)]).problems
    assert not read([*KENT[:3], "0", cell(3, formula="=SUM(C2:D2)")]).problems


def test_a_total_of_error_stops_and_none_is_checked_where_a_number_is_unknown() -> None:
    bad = cell("#REF!", kind=Kind.ERROR)
    assert told(read(KENT, ["Total", None, bad, 2, 5]).problems) == ["C3 error error-in-cell"]

    hidden = read([*KENT[:2], "*", 2, 5], LEEDS, ["Total", None, 9, 5, 9], suppressed={"*": "c"})
    assert told(hidden.problems) == ["C2 warning count-suppressed"]


def test_no_letter_is_made_of_a_suppressed_count() -> None:
    found = read([*KENT[:2], "[C]", 2, 5], LEEDS, suppressed={"[c]": "c"})

    assert list(found.counts) == ["leeds-city-council"]
    assert found.withheld == {"kent-county-council": "c"}
    assert "the number is not shown (confidential)" in found.problems[0].sentence


def test_a_hidden_row_stops_and_is_not_read() -> None:
    rows = ([*KENT[:1], "E07999999", 3, 2, 5], LEEDS, ["Total", None, 4, 5, 9])
    found = read(*rows, hidden_rows=frozenset((2,)))

    assert told(found.problems) == ["A2 error row-hidden"]
    assert list(found.counts) == ["leeds-city-council"]


def test_an_authority_stands_there_once() -> None:
    found = read(KENT, LEEDS, ["Kent CC", "E10000016", 1, 1, 2])

    assert told(found.problems) == ["A4 error authority-twice"]
    assert found.problems[0].sentence == "Kent County Council is in row 2, too"


def test_code_and_name_that_disagree_stop() -> None:
    found = read(["Kent County Council", "E08000035", 3, 2, 5])

    assert told(found.problems) == ["A2 error code-of-another"]
    assert not found.counts


def test_a_name_that_only_its_code_explains_is_worth_a_look() -> None:
    found = read(["BCP Council", "E06000058", 3, 2, 5])

    assert told(found.problems) == ["A2 notice known-by-code"]
    assert "bournemouth-christchurch-and-poole-council" in found.counts


def test_a_remark_in_the_table_is_passed_over_and_an_authority_without_numbers_is_not() -> None:
    found = read(KENT, ["Source: our own records"], ["Leeds City Council"])

    assert told(found.problems) == [
        "A3 notice row-passed-over",
        "C4 error count-empty",
        "E4 error count-empty",
    ]


def test_an_authority_that_had_ended_is_left_out_with_a_word_on_who_came_after() -> None:
    names = Names(REGISTERED, date(2021, 7, 21))
    found = read(
        ["Corby Borough Council", "E07000150", 3, 2, 5],
        KENT,
        ["Total", None, 6, 4, 10],
        names=names,
    )

    assert list(found.counts) == ["kent-county-council"]
    assert told(found.problems) == ["A2 warning authority-left-out"]
    assert "its place was taken by North Northamptonshire Council" in found.problems[0].sentence
    assert found.totals == 2


def test_a_name_that_could_not_be_worked_out_stops() -> None:
    bad = cell("#N/A", kind=Kind.ERROR)

    assert told(read([bad, "E10000016", 3, 2, 5]).problems) == ["A2 error error-in-cell"]


@pytest.mark.parametrize(
    ("value", "more"),
    [
        (Decimal("0.6"), {"shown": "60%"}),
        (Decimal("0.6000001"), {"shown": "60%"}),
        (Decimal("60.0"), {"heading": "Uphold rate (%)"}),
        (60, {"heading": "Uphold rate (per cent)"}),
        (60, {}),
        ("60%", {}),
        (60, {"shown": "60%"}),
        ("60.0 %", {}),
    ],
)
def test_a_printed_rate_that_is_right_is_no_matter(value: Any, more: dict[str, Any]) -> None:
    heading = more.get("heading", "Uphold rate")
    rate = cell(value, **{key: said for key, said in more.items() if key != "heading"})
    (source,) = mapping(
        figures=[
            {
                "authority": {"name": "Authority"},
                "counts": {"upheld": "Upheld", "investigations": "Total"},
            }
        ]
    ).figures
    one = sheet([*HEAD[:5], heading], [*KENT, rate])

    found = read_figures([one], source, NAMES, LETTER)

    assert (found.problems, found.rates) == ((), 1)


@pytest.mark.parametrize(
    ("value", "more", "code"),
    [
        (Decimal("0.61"), {"shown": "61%"}, "rate-differs"),
        (Decimal("0.6"), {}, "rate-unclear"),
        (1, {}, "rate-unclear"),
        ("about 60", {}, "rate-unclear"),
        (date(2020, 3, 31), {}, "rate-unclear"),
        ("#DIV/0!", {"kind": Kind.ERROR}, "error-in-cell"),
        ("x", {"kind": Kind.UNCOMPUTED}, "formula-uncomputed"),
    ],
)
def test_a_printed_rate_that_is_wrong_or_unclear_is_an_error(
    value: Any, more: dict[str, Any], code: str
) -> None:
    found = read([*KENT, cell(value, **more)])

    assert told(found.problems) == [f"F2 error {code}"]


@pytest.mark.parametrize(
    ("count", "base", "given", "is_right"),
    [
        (5, 40, Decimal("0.13"), True),  # 12.5, half up
        (5, 40, Decimal("0.12"), False),
        (5, 40, Decimal("0.125"), True),
        (29, 200, Decimal("0.145"), True),
        (29, 200, Decimal("0.15"), True),
        (29, 200, Decimal("0.14"), False),
        (7, 11, Decimal("0.6363636363636364"), True),
        (7, 11, Decimal("0.636"), True),
        (0, 4, 0, True),
        (4, 4, 1, True),
        (23, 40, Decimal("0.5749999999999999"), True),  # 57.5, as a machine has it
    ],
)
def test_rates_are_compared_half_up(
    count: int, base: int, given: Decimal | int, is_right: bool
) -> None:
    rate = cell(given, shown=f"{given * 100}%")

    wrong = wrong_rate(rate, LETTER.measures["uphold_rate"], count, base, False)

    assert (wrong is None) == is_right


@pytest.mark.parametrize(
    ("value", "more", "is_right"),
    [
        (0, {"shown": "0%"}, True),
        ("-", {}, True),
        ("#DIV/0!", {"kind": Kind.ERROR}, True),
        (1, {"shown": "100%"}, False),
        ("100%", {}, False),
    ],
)
def test_of_nothing_there_is_no_rate(value: Any, more: dict[str, Any], is_right: bool) -> None:
    found = read([*KENT[:2], 0, 0, 0, cell(value, **more)])

    assert (not found.problems) == is_right


def test_a_rate_may_be_called_otherwise_and_be_one_of_another_base() -> None:
    entry: dict[str, Any] = {
        "rates": {"upheld_per_resident": "Uphold rate"},
        "counts": {"upheld": "Upheld", "population": "Total"},
    }
    assert not read(["Kent", None, 34, 0, 1000000, Decimal("3.4")], **entry).problems
    assert told(read(["Kent", None, 34, 0, 1000000, Decimal("3.5")], **entry).problems) == [
        "F2 error rate-differs"
    ]


def test_a_heading_that_is_missing_stops_before_any_row() -> None:
    found = read(KENT, counts={"upheld": "Upheld cases"})

    assert told(found.problems) == ["A1 error no-such-column"]
    assert found.table is None
