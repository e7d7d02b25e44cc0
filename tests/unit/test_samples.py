"""An office's workbooks, as they come: what each trap in them does, cell by cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from letters.campaign.reading import read_campaign
from letters.intake.authorities import Names
from letters.intake.figure_sheets import FigureSheet, read_figures
from letters.intake.proposal import proposed
from letters.intake.tables import gathered
from letters.intake.workbooks import read
from tests.books import REGISTERED, SAMPLES, mapping, told, write_xlsx
from tests.conftest import PROJECT
from tests.whole_office import CONTACTS, FIGURES

TRAPS = read(SAMPLES / "traps.xlsx")
READING = read_campaign(PROJECT, "2020")


def traps(with_hidden: bool = False, **entry: object) -> FigureSheet:
    given = {
        "file": "traps.xlsx",
        "authority": {"name": "Authority name", "code": "GSS code"},
        "counts": {"upheld": "Upheld", "investigations": ["Upheld", "Not upheld"]},
        **entry,
    }
    (source,) = mapping(figures=[given]).figures
    return read_figures(
        TRAPS, source, Names(REGISTERED, date(2020, 7, 22)), READING.letter, with_hidden
    )


def test_each_trap_stops_or_passes_and_names_its_cell() -> None:
    found = traps()

    assert told(gathered(dict.fromkeys(found.problems))) == [
        "C6 notice number-as-text",  # "76"
        "D6 notice number-as-text",  # "1,234"
        "F6 error error-in-cell",  # a rate of #VALUE!
        "C7 notice number-as-text",  # "14" and a no-break space
        "D7 error mark-behind-number",  # 12r
        "C8 error count-withheld",  # *
        "D8 error count-withheld",  # c
        "C9 error count-withheld",  # [x]
        "D9 error count-withheld",  # ..
        "A10 error row-hidden",
        "F11 error rate-differs",  # 30%, and 2 of 5 is 40%
        "D12 error not-zero",  # −
        "C15 error mark-behind-number",  # 5, and a raised 3
        "D15 error date-as-count",
        "D16 error not-a-whole-count",  # 12.5, shown as 13
        "C17 error not-a-count",  # TRUE
        "D17 error not-a-count",  # £5
    ]


def test_what_is_no_trap_is_read() -> None:
    found = traps()

    assert {
        slug: {name: supplied.number for name, supplied in counts.items()}
        for slug, counts in found.counts.items()
        if len(counts) == 2
    } == {
        "maidstone-borough-council": {"upheld": 7, "investigations": 11},
        "kent-county-council": {"upheld": 76, "investigations": 1310},
        "london-borough-of-bromley": {"upheld": 2, "investigations": 5},
        "durham-county-council": {"upheld": 3, "investigations": 3},
    }
    assert found.counts["essex-county-council"] == {}
    assert found.counts["leeds-city-council"]["upheld"].number == 1234


def test_shorthand_is_known_once_it_is_explained() -> None:
    found = traps(suppressed={"*": "c", "c": "c", "[x]": "x", "..": "x"})

    assert [one for one in told(found.problems) if "suppressed" in one] == [
        "C8 warning count-suppressed",
        "C9 warning count-suppressed",
    ]
    assert found.withheld == {"buckinghamshire-council": "c", "medway-council": "x"}


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("Total", "E8 error error-in-cell"),  # #N/A
        ("Decided on", "G5 error date-as-count"),
        ("Uphold rate (%)", "F5 error percentage-as-count"),
        ("Note", "H4 error column-hidden"),
    ],
)
def test_a_column_that_holds_no_counts_stops(column: str, wanted: str) -> None:
    assert wanted in told(traps(counts={"upheld": column}).problems)


def test_hidden_rows_are_read_when_they_are_asked_for() -> None:
    codes = told(traps(with_hidden=True).problems)

    assert "A10 error row-hidden" not in codes
    assert "A10 error no-such-code" in codes


def test_entries_are_proposed_from_headings_and_from_what_stands_below_them() -> None:
    for name, text in (("Authority figures 2020-21", FIGURES), ("Contacts 2020-21", CONTACTS)):
        path = SAMPLES / f"{name}.xlsx"
        proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), None)
        assert (proposal.text, proposal.problems) == (text, ())


def test_which_rows_of_a_case_list_count_is_for_a_person_to_say() -> None:
    path = SAMPLES / "Remedy and compliance outcomes 2020-21.xlsx"
    proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), None)

    assert (proposal.which, proposal.entry) == ("cases", None)
    assert told(proposal.problems) == ["A3 error cases-open"]
    assert "# Result: Complied (2765), Complied late (906), Not complied (10)" in proposal.text
    assert "columns: [Case reference, Remedy, Due, Result]" in proposal.text


def test_a_heading_that_may_be_two_counts_is_left_open() -> None:
    path = SAMPLES / "Authority figures 2020-21.csv"
    proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), None)

    assert proposal.entry is None
    assert [one.code for one in proposal.problems] == ["column-unclear"] * 2
    assert "      upheld: Upheld\n" in proposal.text
    assert "      investigations:   # Upheld, Not upheld, Total," in proposal.text


def test_no_person_is_taken_for_a_heading(tmp_path: Path) -> None:
    rows = [
        ["Authority", "Surname", "Email"],
        ["Kentt", "Ashby", "ce@kentt.example"],
        ["Leeds City Council", "Birch", "ce@leeds.example"],
    ]
    path = write_xlsx(tmp_path / "People.xlsx", {"People": rows})
    proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), None)

    assert "Ashby" not in proposal.text and "surname: Surname" in proposal.text


@pytest.mark.parametrize(
    "heading",
    ["Upheld (%)", "Percent upheld", "Upheld last year", "Upheld 2019-20", "Partly upheld",
     "Upheld decisions per 100,000", "Never upheld", "Not upheld"],
)  # fmt: skip
def test_what_is_called_nearly_as_a_count_is_not_proposed(tmp_path: Path, heading: str) -> None:
    rows: list[list[object]] = [["Authority", heading], ["Kent CC", 1], ["Leeds City Council", 2]]
    path = write_xlsx(tmp_path / "F.xlsx", {"F": rows})
    proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), "figures")

    assert "      upheld:   # " in proposal.text


def test_a_workbook_without_authorities_gets_a_sentence() -> None:
    path = SAMPLES / "dates-1904.xlsx"
    proposal = proposed(path.name, read(path), READING, Names(REGISTERED, None), None)

    assert [one.code for one in proposal.problems] == ["nothing-proposed"]
