"""A sheet with a row a case: whose rows they are, which count, and what is odd about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from letters.intake.authorities import Names
from letters.intake.case_lists import CaseList, read_cases
from letters.intake.cells import Kind
from letters.intake.provenance import conditions_in_words
from tests.books import NAMES, REGISTERED, cell, mapping, sheet, told

HEAD = ["Reference", "Authority", "Decision", "Remedy"]
COUNTS = {
    "investigations": {"Decision": ["Upheld", "Not Upheld"]},
    "upheld": {"Decision": "Upheld"},
    "satisfactory_remedies": {"Decision": "Upheld", "Remedy": "Yes"},
}


def read(*rows: Sequence[Any], names: Names = NAMES, **more: Any) -> CaseList:
    of_sheet = {key: more.pop(key) for key in ("hidden_rows",) if key in more}
    given = {"authority": {"name": "Authority"}, "counts": COUNTS, **more}
    (source,) = mapping(cases=[given]).cases
    return read_cases([sheet(HEAD, *rows, **of_sheet)], source, names)


ROWS = (
    ["1", "Kent CC", "Upheld", "Yes"],
    ["2", "Leeds City Council", "Not Upheld"],
    ["3", "Kent County Council", "upheld ", "No"],
    ["4", "Kent CC", "Advice Given"],
)


def test_rows_are_counted_by_what_stands_in_their_columns() -> None:
    found = read(*ROWS)

    assert found.rows == {"kent-county-council": (2, 4, 5), "leeds-city-council": (3,)}
    assert found.counted == {
        "investigations": {"kent-county-council": (2, 4), "leeds-city-council": (3,)},
        "upheld": {"kent-county-council": (2, 4), "leeds-city-council": ()},
        "satisfactory_remedies": {"kent-county-council": (2,), "leeds-city-council": ()},
    }
    assert (found.problems, found.whole) == ((), True)
    assert found.values["Decision", "Advice Given"] == 1


def test_without_conditions_every_row_counts() -> None:
    assert read(*ROWS, counts={"decided": {}}).counted["decided"]["kent-county-council"] == (
        2,
        4,
        5,
    )


def test_a_number_or_true_may_be_a_condition() -> None:
    rows = (["1", "Kent CC", 2020, True], ["2", "Kent CC", 2021, False])
    found = read(*rows, counts={"a": {"Decision": 2020}, "b": {"Remedy": "true"}})

    assert found.counted["a"]["kent-county-council"] == (2,)
    assert found.counted["b"]["kent-county-council"] == (2,)


def test_rows_of_nobody_are_told_once_for_each_name() -> None:
    found = read(
        *ROWS,
        ["5", "Kentt", "Upheld", "No"],
        ["6", "Kentt", "Upheld", "No"],
        ["7", None, "Upheld", "No"],
    )

    assert told(found.problems) == ["B6 error authority-unknown", "B8 error no-authority"]
    assert found.problems[0].sentence.endswith("(2 rows)")
    assert not found.whole


def test_hidden_rows_stop_and_the_list_is_not_whole() -> None:
    found = read(*ROWS, hidden_rows=frozenset((3,)))

    assert told(found.problems)[0] == "B3 error row-hidden"
    assert not found.whole


def test_a_value_that_no_count_names_but_nearly_is_a_doubt() -> None:
    rows = (["5", "Kent CC", "Uphled", "No"], ["6", "Kent CC", "Upheld - late", "No"])
    found = read(*ROWS, *rows)

    assert told(found.problems) == ["C1 warning value-unknown", "C1 warning value-unknown"]
    assert found.problems[0].sentence == (
        '"Uphled" in the column "Decision" counts for nothing (1 row), and is much like "upheld"'
    )


def test_an_empty_condition_is_a_doubt_where_others_are_filled() -> None:
    many = [[str(number), "Kent CC", "Upheld", "Yes"] for number in range(20)]
    found = read(*many, ["x", "Kent CC", None, "Yes"], ["y", "Kent CC", "Upheld", None])

    assert told(found.problems)[:2] == [
        "C22 warning condition-empty",
        "D23 warning condition-empty",
    ]
    assert found.problems[0].sentence.endswith(
        "the row does not count as investigations, upheld or satisfactory remedies"
    )


def test_a_value_that_denies_another_is_none_that_is_misspelt() -> None:
    rows = (["1", "Kent CC", "Complied"], ["2", "Kent CC", "Not complied"])

    assert not read(*rows, counts={"complied": {"Decision": "Complied"}, "due": {}}).problems


def test_where_most_are_empty_an_empty_condition_says_that_it_does_not_hold() -> None:
    rows = [
        [str(number), "Kent CC", "Upheld", "Yes" if number < 3 else None] for number in range(20)
    ]

    assert not read(*rows, counts={"a": {"Remedy": "Yes"}}).problems


def test_errors_in_columns_that_are_used_stop() -> None:
    bad = cell("#N/A", kind=Kind.ERROR)
    found = read(*ROWS, ["5", "Kent CC", bad, "No"], [bad, "Kent CC", "Upheld", "No"])
    assert told(found.problems) == ["C6 error error-in-cell"]

    enclosure = {"name": "Cases", "columns": ["Reference"]}
    found = read(*ROWS, [bad, "Kent CC", "Upheld", "No"], enclosure=enclosure)
    assert told(found.problems) == ["A6 error error-in-cell"]


def test_a_condition_that_no_row_can_meet_is_a_doubt() -> None:
    found = read(*ROWS, counts={"upheld": {"Remedy": "Y"}})

    assert told(found.problems) == ["D1 warning value-of-no-row"]
    assert found.problems[0].sentence == (
        'no row says "Y" in the column "Remedy", so upheld is 0 for all'
    )


def test_a_case_that_two_authorities_have_is_a_doubt() -> None:
    rows = [[str(number), "Kent CC", "Upheld", "Yes"] for number in range(30)]
    sent = {"name": "Cases", "columns": ["Reference"]}
    found = read(*rows, ["7", "Leeds City Council", "Upheld", "Yes"], enclosure=sent)

    assert "A32 warning case-of-two" in told(found.problems)
    sent = {"name": "Cases", "columns": ["Decision", "Reference"]}
    found = read(*rows, ["7", "Leeds City Council", "Upheld", "Yes"], enclosure=sent)
    assert "A32 warning case-of-two" not in told(found.problems)


def test_a_note_below_the_list_is_passed_over() -> None:
    found = read(*ROWS, [None, "Source: our own records"])

    assert told(found.problems) == ["B6 notice row-passed-over"]
    assert found.whole


def test_the_same_row_twice_is_a_doubt() -> None:
    found = read(*ROWS, ["1", "Kent CC", "Upheld", "Yes"])

    assert told(found.problems) == ["B6 warning row-twice"]
    assert found.problems[0].sentence == "this row is the same as row 2 in every column"


def test_a_row_that_says_how_many_cases_there_are_is_left_out_and_held_against_them() -> None:
    assert not read(*ROWS, [4, "Total"]).problems
    assert told(read(*ROWS, [5, "Total"]).problems) == ["A6 error total-differs"]
    assert not read(*ROWS, [None, "Total"]).problems


def test_rows_of_an_authority_that_had_ended_are_left_out_with_a_word() -> None:
    names = Names(REGISTERED, date(2021, 7, 21))
    found = read(*ROWS, ["5", "Corby Borough Council", "Upheld", "No"], names=names)

    assert told(found.problems) == ["B6 warning authority-left-out"]
    assert "Corby Borough Council (1 row): it ended on 2021-03-31" in found.problems[0].sentence
    assert "corby-borough-council" not in found.rows and found.whole


def test_conditions_are_told_in_words() -> None:
    assert conditions_in_words({}) == ""
    assert conditions_in_words({"Decision": ["Upheld"]}) == " where Decision is Upheld"
    assert conditions_in_words({"Decision": ["Upheld", "Not Upheld"], "Remedy": ["Yes"]}) == (
        " where Decision is Upheld or Not Upheld and Remedy is Yes"
    )
