"""What the preview's pages say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.errors import Place
from letters.preview import letter_values, list_values, page_values
from letters.preview.desk import Desk, Shown
from letters.preview.listing import Wanted
from letters.preview.page_values import excerpt, query_of, wanted_from
from letters.preview.proofs import Proofs
from tests.doing import edit

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
ALL = Wanted(order="name")


def opened(root: Path) -> tuple[Desk, Proofs]:
    """The desk of the small year, its letters looked through."""
    desk = Desk(root, "2024", "start")

    async def read() -> None:
        await desk.refresh()
        await desk.settled(30)

    asyncio.run(read())
    return desk, Proofs(root, "2024")


def shown(desk: Desk, slug: str) -> Shown:
    found = asyncio.run(desk.letter(slug))
    assert found is not None
    return found


@given(
    st.builds(Wanted, st.text(), st.text(), st.text(), st.sampled_from(["oddest", "name", "-x"]))
)
@example(Wanted("oddest", "oddest", "oddest"))
def test_what_is_wanted_goes_through_an_address_unharmed(wanted: Wanted) -> None:
    assert wanted_from(dict(parse_qsl(query_of(wanted).removeprefix("?")))) == wanted


def test_what_is_shown_at_first_needs_no_address() -> None:
    assert query_of(Wanted()) == ""
    assert query_of(Wanted(mark="zero", order="name")) == "?mark=zero&order=name"


def test_a_place_is_shown_with_the_lines_around_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text("one\ntwo\nthree\nfour\nfive\n")

    found = excerpt(tmp_path, Place("data/a.yaml", 2, 1))

    assert [(line["number"], line["text"], line["here"]) for line in found] == [
        (1, "one", False),
        (2, "two", True),
        (3, "three", False),
        (4, "four", False),
    ]


@pytest.mark.parametrize("file", ["data/gone.yaml", "../secret", "build/x.yaml"])
def test_nothing_is_shown_of_what_is_none_of_our_files(tmp_path: Path, file: str) -> None:
    assert excerpt(tmp_path, Place(file)) == []


def test_the_list_has_a_row_a_letter_and_says_how_many_are_marked(small_year: Path) -> None:
    values = list_values.campaign(*opened(small_year), ALL)

    assert values["summary"] == "3 letters dated 17 July 2024, 1 of them marked."
    assert [row["slug"] for row in values["rows"]] == [ASHBY, BIRCH, CEDAR]
    assert values["rows"][0]["cells"][0] == {
        "label": "Uphold rate",
        "value": "56%",
        "average": "62%",
    }
    assert values["rows"][2]["marked"] == "zero"
    assert (values["error_count"], values["remarks"]) == (0, [])


def test_the_choices_count_their_letters_and_keep_what_was_asked_for(small_year: Path) -> None:
    values = list_values.campaign(*opened(small_year), Wanted(mark="long", order="name"))

    marks, groups, orders = values["choices"]
    assert [option["label"] for option in marks["options"]] == ["any", "zero base (1)", "long"]
    assert marks["chosen"] == "long"
    assert [option["label"] for option in groups["options"]] == ["all", "district (2)", "none (1)"]
    assert {"value": "-uphold_rate", "label": "uphold rate, highest first"} in orders["options"]
    assert [row["wanted"] for row in values["rows"]] == [False, False, False]


def test_a_letter_leads_to_those_beside_it_in_the_selection(small_year: Path) -> None:
    desk, proofs = opened(small_year)
    letter = shown(desk, BIRCH)

    first = letter_values.letter(desk, proofs, ALL, BIRCH, letter, "pages")
    alone = letter_values.letter(desk, proofs, Wanted(mark="zero"), BIRCH, letter, "")

    assert first["previous"] == f"/2024/letters/{ASHBY}/pages?order=name"
    assert first["next"] == f"/2024/letters/{CEDAR}/pages?order=name"
    assert first["place_in_list"] == "District authority. Letter 2 of 3 in this selection."
    assert [tab["label"] for tab in first["tabs"] if tab["here"]] == ["Pages"]
    assert {alone["previous"], alone["next"]} == {f"/2024/letters/{CEDAR}?mark=zero", ""}


def test_a_letter_that_has_left_the_list_is_a_key_error(small_year: Path) -> None:
    desk, proofs = opened(small_year)
    letter = shown(desk, CEDAR)
    statistics = small_year / "data/2024/statistics.yaml"
    lines = statistics.read_text().splitlines(keepends=True)
    statistics.write_text("".join(line for line in lines if not line.startswith(CEDAR)))
    asyncio.run(desk.refresh())

    with pytest.raises(KeyError, match=CEDAR):
        letter_values.letter(desk, proofs, ALL, CEDAR, letter, "")


def test_year_and_slug_are_quoted_in_every_address(small_year: Path) -> None:
    year = "2024 & 50%?"
    assert page_values.address_of_list(year) == "/2024%20%26%2050%25%3F/"
    assert page_values.address_of_letter(year, "a/b") == "/2024%20%26%2050%25%3F/letters/a%2Fb"

    desk, proofs = opened(small_year)
    desk.year = year
    pages = (
        list_values.campaign(desk, proofs, ALL),
        list_values.sheet(desk, proofs, ALL),
        letter_values.letter(desk, proofs, ALL, BIRCH, shown(desk, BIRCH), "pages"),
    )

    for values in pages:
        assert values["home"] == "/2024%20%26%2050%25%3F/"
    addresses = [row["address"] for values in pages[:2] for row in values["rows"]]
    addresses += [pages[2][name] for name in ("previous", "next", "address")]
    addresses += [tab["address"] for tab in pages[2]["tabs"]]
    assert len(addresses) == 13
    assert all(one.startswith("/2024%20%26%2050%25%3F/letters/") for one in addresses)


def test_the_figures_are_those_of_now_while_a_template_is_broken(small_year: Path) -> None:
    desk, _ = opened(small_year)
    letter = shown(desk, ASHBY)
    edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 6")
    asyncio.run(desk.refresh())

    values = letter_values.figures(desk.view, letter, ASHBY)

    assert values["workings"][0].printed == "67%"


def email(root: Path, slug: str) -> dict[str, Any]:
    desk, _ = opened(root)
    return dict(letter_values.email(shown(desk, slug), slug))


def test_the_message_is_shown_as_it_would_go_out(small_year: Path) -> None:
    files = small_year / "data/2024/attachments" / ASHBY
    files.mkdir(parents=True)
    (files / "cases.xlsx").write_bytes(b"x" * 12_345)

    values = email(small_year, ASHBY)

    assert values["missing"] == []
    assert (values["to"], values["copies"]) == (
        "oak@ashby.example",
        [{"role": "Leader", "address": "leader@ashby.example"}],
    )
    assert values["files"] == [{"name": "cases.xlsx", "size": "12 kB"}]
    assert "Ashby District Council" in values["subject"] + values["text"]


def test_what_keeps_a_message_from_going_out_is_said(small_year: Path) -> None:
    edit(small_year / "data/2024/contacts.yaml", ", email: oak@ashby.example", "")
    (small_year / "data/office.yaml").unlink()
    for template in (small_year / "templates/2024").glob("email.*"):
        template.unlink()
    files = small_year / "data/2024/attachments" / ASHBY
    files.mkdir(parents=True)
    (files / "empty.xlsx").write_bytes(b"")

    values = email(small_year, ASHBY)

    assert [sentence.split(",")[0].split(":")[0] for sentence in values["missing"]] == [
        "The contacts have no address of its chief executive",
        "data/office.yaml is missing or has errors",
        f"data/2024/attachments/{ASHBY}/empty.xlsx",
        "There are no words for it",
    ]
    assert (values["to"], values["sender"], values["files"]) == ("", "", [])


def test_broken_data_leave_the_letters_as_they_were_and_say_so(small_year: Path) -> None:
    desk, proofs = opened(small_year)
    edit(small_year / "data/2024/statistics.yaml", "upheld: 5", 'upheld: "5"')
    asyncio.run(desk.refresh())

    values = list_values.campaign(desk, proofs, ALL)

    assert values["errors_heading"] == "1 error: the letters below are as they were before"
    assert values["errors"][0]["excerpt"][0]["here"]
    assert len(values["rows"]) == 3


def test_a_template_that_breaks_for_one_letter_leaves_that_one_as_it_was(small_year: Path) -> None:
    desk, _ = opened(small_year)
    template = small_year / "templates/2024/letter.html.jinja"
    broken = "{% if letter.counts.upheld.value == 5 %}{{ letter.nothing }}{% endif %}<p>Casework"
    edit(template, "<p>Casework", broken)
    asyncio.run(desk.refresh())

    ashby, birch = shown(desk, ASHBY), shown(desk, BIRCH)

    (fault,) = ashby.faults
    assert 'no "nothing"' in fault.sentence
    assert fault.authority == ASHBY
    assert ashby.draft is not None and ashby.edition is not birch.edition
    assert not birch.faults
    assert asyncio.run(desk.letter("nobody")) is None


def test_who_listens_hears_of_each_change_until_the_desk_closes(small_year: Path) -> None:
    desk = Desk(small_year, "2024", "start")
    heard: list[str] = []

    async def listen() -> None:
        async for build in desk.builds():
            heard.append(build)

    async def change() -> None:
        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        desk.tell()
        desk.tell()
        desk.close()
        await listening

    asyncio.run(change())
    assert heard == ["start.1", "start.2", "start.3"]


def test_long_lines_are_cut_and_templates_are_shown_too(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.jinja").write_text("x" * 3000)

    [line] = excerpt(tmp_path, Place("templates/a.jinja"))

    assert line["text"] == "x" * 2000


def test_a_file_that_is_there_and_none_of_ours_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")

    assert excerpt(tmp_path, Place("secret")) == []


def test_of_many_errors_the_first_eight_show_their_lines(small_year: Path) -> None:
    statistics = small_year / "data/2024/statistics.yaml"
    for count in ("investigations", "upheld", "remedied", "population"):
        edit(statistics, f"{count}: ", f"{count}: -", -1)
    desk, proofs = opened(small_year)

    values = list_values.campaign(desk, proofs, ALL)

    assert values["error_count"] == 9
    assert [bool(error["excerpt"]) for error in values["errors"]] == [True] * 8 + [False]
    assert values["errors_heading"] == "9 errors: no letters can be shown"
    assert values["summary"] == "No letters can be shown before the errors above are mended."


def test_a_letter_among_all_letters_is_in_no_selection(small_year: Path) -> None:
    desk, proofs = opened(small_year)

    values = letter_values.letter(desk, proofs, Wanted(), CEDAR, shown(desk, CEDAR), "")

    assert values["place_in_list"] == "In no peer group. Letter 1 of 3."


def test_an_error_in_one_letter_leaves_the_list_of_now(small_year: Path) -> None:
    broken = "{% if letter.counts.upheld.value == 5 %}{{ letter.nothing }}{% endif %}<p>Casework"
    edit(small_year / "templates/2024/letter.html.jinja", "<p>Casework", broken)

    heading = list_values.campaign(*opened(small_year), ALL)["errors_heading"]

    stopped = "letters that it stops are as they were before, if they were ever sound"
    assert heading == f"1 error: {stopped}"


def test_remarks_are_told_on_the_list_and_beside_the_letter_that_they_are_about(
    small_year: Path,
) -> None:
    contacts = small_year / "data/2024/contacts.yaml"
    text = contacts.read_text()
    contacts.write_text(text[: text.index("cedar-fire-authority:")])
    desk, proofs = opened(small_year)

    listed = list_values.campaign(desk, proofs, ALL)
    remarks = {
        slug: letter_values.letter(desk, proofs, ALL, slug, shown(desk, slug), "")["remarks"]
        for slug in (BIRCH, CEDAR)
    }

    assert listed["remarks_heading"] == "1 warning"
    assert len(listed["remarks"]) == 1
    assert remarks == {BIRCH: [], CEDAR: listed["remarks"]}
