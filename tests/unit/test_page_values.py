"""What the preview's pages say."""

from __future__ import annotations

import asyncio
import json
import shutil
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.errors import Place
from letters.mail.stages import Stage, Stand
from letters.preview import letter_values, list_values, page_values
from letters.preview.desk import Desk, Shown
from letters.preview.list_values import order_link, per_cent, reasons
from letters.preview.listing import Wanted
from letters.preview.marks import Mark, Tone
from letters.preview.page_values import Values, excerpt, query_of, wanted_from
from letters.preview.proofs import Proofs
from letters.source.excerpts import excerpt_at
from tests.conftest import PROJECT
from tests.doing import edit
from tests.paper import put_on_paper

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
    st.builds(
        Wanted,
        st.text(),
        st.text(),
        st.text(),
        st.sampled_from(["oddest", "name", "-x", "below:x"]),
        st.text(),
    )
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

    assert values["summary"] == "3 letters dated 17 July 2024. 1 of them has something to look at."
    assert [row["slug"] for row in values["rows"]] == [ASHBY, BIRCH, CEDAR]
    assert values["rows"][0]["cells"][0] == {
        "value": "56%",
        "average": "62%",
        "fill": "55.6%",
        "tick": "61.5%",
        "is_none": False,
        "is_number": True,
    }
    assert [column["label"] for column in values["columns"]] == [
        "Uphold rate",
        "Remedy rate",
        "Upheld per 100,000",
    ]
    assert values["rows"][2]["marked"] == "zero"
    assert (values["error_count"], values["remarks"]) == (0, [])


def test_the_choices_count_their_letters_and_keep_what_was_asked_for(small_year: Path) -> None:
    values = list_values.campaign(*opened(small_year), Wanted(mark="long", order="name"))

    marks, groups, orders = values["choices"]
    assert [option["label"] for option in marks["options"]] == ["any mark", "no figure (1)", "long"]
    assert marks["chosen"] == "long"
    assert [option["label"] for option in groups["options"]] == [
        "all peer groups",
        "district (2)",
        "no peer group (1)",
    ]
    assert {"value": "-uphold_rate", "label": "uphold rate, highest"} in orders["options"]
    assert {"value": "below:uphold_rate", "label": "uphold rate, far below"} in orders["options"]
    assert [row["wanted"] for row in values["rows"]] == [False, False, False]


def test_a_letter_leads_to_those_beside_it_in_the_selection(small_year: Path) -> None:
    desk, proofs = opened(small_year)
    letter = shown(desk, BIRCH)

    first = letter_values.letter(desk, proofs, ALL, BIRCH, letter, "figures")
    alone = letter_values.letter(desk, proofs, Wanted(mark="zero"), BIRCH, letter, "")

    assert first["previous"] == f"/2024/letters/{ASHBY}/figures?order=name"
    assert first["next"] == f"/2024/letters/{CEDAR}/figures?order=name"
    assert first["place_in_list"] == "District authority. Letter 2 of 3 in this selection."
    assert [tab["label"] for tab in first["tabs"] if tab["here"]] == ["Figures"]
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
        letter_values.letter(desk, proofs, ALL, BIRCH, shown(desk, BIRCH), "figures"),
    )

    for values in pages:
        assert values["home"] == "/2024%20%26%2050%25%3F/"
    addresses = [row["address"] for values in pages[:2] for row in values["rows"]]
    addresses += [pages[2][name] for name in ("previous", "next", "address")]
    addresses += [tab["address"] for tab in pages[2]["tabs"]]
    assert len(addresses) == 14
    assert all(one.startswith("/2024%20%26%2050%25%3F/letters/") for one in addresses)


def test_the_figures_are_those_of_now_while_a_template_is_broken(small_year: Path) -> None:
    desk, _ = opened(small_year)
    letter = shown(desk, ASHBY)
    edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 6")
    asyncio.run(desk.refresh())

    values = letter_values.figures(desk, letter, ASHBY)

    assert values["measures"][0][0]["working"].printed == "67%"


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


def marked(lines: list[dict[str, Any]]) -> list[str]:
    """What is marked in the lines around a place."""
    return [text for line in lines for text, is_marked in line["pieces"] if is_marked]


@pytest.mark.parametrize(
    ("line", "column", "value", "word"),
    [
        ("ashby: {upheld: 17, complied: 3}", 17, "", "17"),
        ("ashby: {upheld: 17, complied: 3}", 9, "", "upheld"),
        ('name: "Ashby  Council", code: 3', 7, "", '"Ashby  Council"'),
        ("name: Ashby District Council", 7, "Ashby District Council", "Ashby District Council"),
        ("name: Ashby District Council", 7, "14% of 11", "Ashby"),
        ("<p>{{ letter.nothing }}</p>", 14, "", "nothing"),
    ],
)
def test_the_word_that_is_meant_is_marked_or_the_value_that_stands_there(
    tmp_path: Path, line: str, column: int, value: str, word: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text(f"first: {line}\n{line}\n")

    found = excerpt(tmp_path, Place("data/a.yaml", 2, column), value)

    assert marked(found) == [word]
    assert ["".join(text for text, _ in one["pieces"]) for one in found] == [f"first: {line}", line]


def test_several_values_of_one_line_are_marked_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text("# counts\nashby: {investigations: 9, upheld: 5}\n")
    nine, five = (Place("data/a.yaml", 2, column) for column in (25, 36))

    assert marked(excerpt(tmp_path, five, also=[nine])) == ["9", "5"]
    assert marked(excerpt(tmp_path, nine, also=[nine, five])) == ["9", "5"]


def test_nothing_is_marked_where_the_file_as_a_whole_or_no_line_is_meant(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text("one: 1\n")

    assert marked(excerpt(tmp_path, Place("data/a.yaml"))) == []
    assert marked(excerpt(tmp_path, Place("data/a.yaml", 7, 3))) == []
    assert marked(excerpt(tmp_path, Place("data/a.yaml", 1, 70))) == []


@given(
    st.text(st.characters(exclude_categories=("Cc", "Zl", "Zp", "Cs")), max_size=60),
    st.integers(1, 70),
    st.text(max_size=8),
)
def test_a_marked_line_is_the_line(line: str, column: int, value: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        (Path(folder) / "data/a.yaml").write_text(f"first\n{line}\n", encoding="utf-8")
        found = excerpt(Path(folder), Place("data/a.yaml", 2, column), value)

    assert "".join(text for text, _ in found[1]["pieces"]) == line


def test_long_lines_are_cut_and_templates_are_shown_too(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.jinja").write_text("x" * 3000)

    [line] = excerpt(tmp_path, Place("templates/a.jinja"))

    assert line["text"] == "x" * 2000


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\f", "\xff"])
def test_the_lines_are_those_that_the_command_line_counts_whatever_stands_in_them(
    tmp_path: Path, sign: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.yaml").write_text(f"one{sign}\r\ntwo: 2\n", encoding="utf-8", newline="")
    place = Place("data/a.yaml", 2, 6)
    quoted = excerpt_at(tmp_path, place)

    found = excerpt(tmp_path, place)

    assert quoted and (quoted.line, found[1]["text"]) == ("two: 2", "two: 2")
    assert [line["number"] for line in found] == [1, 2]
    assert marked(found) == ["2"]


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

    stopped = "letters that it stops are shown as drafts, or as they last were"
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


def test_the_strip_counts_the_letters_of_each_stage_and_leads_to_them(small_year: Path) -> None:
    desk, proofs = opened(small_year)

    strip = list_values.campaign(desk, proofs, Wanted(mark="zero", stage="ready"))["strip"]

    assert [(stage["label"], stage["count"]) for stage in strip] == [
        ("to mend", 0),
        ("to build", 3),
        ("to approve", 0),
        ("ready", 0),
        ("sent", 0),
    ]
    assert strip[1]["address"] == "/2024/?stage=to-build&mark=zero"
    assert [stage["key"] for stage in strip if stage["here"]] == ["ready"]
    assert strip[3]["address"] == "/2024/?mark=zero", "the stage that is shown leads back to all"


def test_before_letters_are_counted_the_strip_has_the_stages_that_a_year_begins_with(
    small_year: Path,
) -> None:
    desk = Desk(small_year, "2024", "start")

    strip = list_values.campaign(desk, Proofs(small_year, "2024"), ALL)["strip"]

    assert [stage["key"] for stage in strip] == [
        "to-mend", "to-build", "to-approve", "ready", "sent",
    ]  # fmt: skip
    assert {(stage["count"], stage["empty"]) for stage in strip} == {("–", True)}


def test_a_letter_whose_pages_fail_is_to_mend_in_the_strip_and_in_the_list(
    small_year: Path,
) -> None:
    long = f"<p>{'word ' * 3000}</p><h1>"
    edit(small_year / "templates/2024/letter.html.jinja", "<h1>", long)
    desk, proofs = opened(small_year)
    desk.failures = lambda: proofs.errors

    async def prove() -> None:
        with proofs.open():
            found = await desk.letter(CEDAR)
            assert found and found.newest
            await proofs.pdf(found.newest)

    before = list_values.campaign(desk, proofs, ALL)
    asyncio.run(prove())
    values = list_values.campaign(desk, proofs, ALL)
    letter = letter_values.letter(desk, proofs, ALL, CEDAR, shown(desk, CEDAR), "")

    assert [stage["count"] for stage in before["strip"][:2]] == [0, 3]
    assert [stage["count"] for stage in values["strip"][:2]] == [1, 2]
    rows = {row["slug"]: row for row in values["rows"]}
    assert values["next_step"]["sentence"] == "1 letter with something to mend"
    assert " build 2024" in values["next_step"]["command"]
    assert (rows[CEDAR]["stage"], rows[CEDAR]["stages"]) == ("to-mend", "to-mend")
    assert "pages" in rows[CEDAR]["stage_why"]
    assert rows[ASHBY]["stage"] == "to-build"
    assert (letter["stand"].stage.key, letter["strip"]) == ("to-mend", values["strip"])


@pytest.mark.parametrize(
    ("stage", "why", "brief"),
    [
        (Stage.BUILD, "not built", "not built"),
        (
            Stage.BUILD,
            "statistics: upheld 5 -> 6; statistics: uphold_rate 1 -> 2",
            "statistics changed",
        ),
        (Stage.BUILD, "letters 0.2.0+ef9f4fb28d88 -> 0.2.0+f86ca7237aa3", "engine changed"),
        (Stage.BUILD, "template 2020/letter.html.jinja changed", "template changed"),
        (Stage.BUILD, "bespoke paragraph removed; contact changed", "paragraph changed"),
        (Stage.BUILD, "its PDF is not what was built", "its PDF is not what was built"),
        (Stage.SENT, "22 September 2020", "22 September 2020"),
        (
            Stage.MEND,
            "statistics: this is a sentence of its own",
            "statistics: this is a sentence of its own",
        ),
    ],
)
def test_why_a_letter_is_to_be_built_is_told_briefly_in_the_list(
    stage: Stage, why: str, brief: str
) -> None:
    assert list_values.briefly(Stand(stage, why)) == brief


def test_a_letter_without_marks_has_nothing_to_unfold_in_the_list(small_year: Path) -> None:
    put_on_paper(small_year)
    edit(small_year / "templates/2024/letter.html.jinja", "<h1>Annual", "<h1>Yearly")

    rows = list_values.campaign(*opened(small_year), ALL)["rows"]

    assert {row["stage"] for row in rows} == {"to-build"}
    assert [bool(row["chips"]) for row in rows] == [bool(row["reasons"]) for row in rows]
    assert not rows[0]["reasons"]


def test_every_page_has_the_strip(small_year: Path) -> None:
    desk, proofs = opened(small_year)
    letter = letter_values.letter(desk, proofs, Wanted(), CEDAR, shown(desk, CEDAR), "")

    assert [stage["count"] for stage in letter["strip"]] == [0, 3, 0, 0, 0]


def test_each_row_says_how_far_its_letter_is_and_which_version_it_is(small_year: Path) -> None:
    desk, proofs = opened(small_year)

    row = list_values.campaign(desk, proofs, Wanted(stage="to-build", order="name"))["rows"][0]

    assert desk.view.survey is not None
    assert row["version"] == desk.view.survey.fingerprints[ASHBY][:16]
    assert (row["stage"], row["stage_label"], row["wanted"]) == ("to-build", "to build", True)


def test_a_row_s_marks_are_short_and_its_reasons_whole(small_year: Path) -> None:
    edit(small_year / "data/2024/contacts.yaml", ", email: oak@ashby.example", "")

    ashby, _, cedar = list_values.campaign(*opened(small_year), ALL)["rows"]

    assert [(chip["name"], chip["tone"]) for chip in ashby["chips"]] == [("no address", "problem")]
    assert ashby["more"] == 1
    assert "no address to send it to" in ashby["reasons"]
    assert [chip["name"] for chip in cedar["chips"]] == ["no upheld decisions"]
    assert cedar["reasons"] == [], "there is no more to say"


def test_a_reason_is_told_once_and_a_very_long_one_is_cut() -> None:
    page_fault = Mark("problem", "", "x" * 600, 100, "overflows", Tone.PROBLEM)
    state = Mark("approved", "", "approved", 0, "", Tone.STATE)

    assert reasons([page_fault, page_fault, state]) == [f"{'x' * 240}…"]
    assert reasons([state], "refused by the server") == ["refused by the server"]


@pytest.mark.parametrize(
    ("share", "written"),
    [(Fraction(7, 11), "63.6%"), (Fraction(1), "100%"), (Fraction(0), "0%"), (None, "")],
)
def test_a_part_of_a_bar_is_written_as_a_percentage(share: Fraction | None, written: str) -> None:
    assert per_cent(share) == written


def test_a_column_s_head_leads_to_its_order_and_from_there_to_the_reverse() -> None:
    ways = ("-x", "x")

    first = order_link("2024", Wanted(stage="ready"), ways)
    again = order_link("2024", Wanted(order="-x"), ways)
    back = order_link("2024", Wanted(order="x"), ways)

    assert first == {"order": "-x", "address": "/2024/?stage=ready&order=-x", "sorted": ""}
    assert (again["order"], again["sorted"]) == ("x", "descending")
    assert (back["order"], back["sorted"]) == ("-x", "ascending")


def test_what_was_accepted_is_told_below_the_list(small_year: Path) -> None:
    edit(
        small_year / "data/2024/letter.yaml",
        "measures:",
        "accepted:\n  - {code: no-contact, authority: cedar-fire-authority, because: it has none}\nmeasures:",
    )
    contacts = small_year / "data/2024/contacts.yaml"
    text = contacts.read_text()
    contacts.write_text(text[: text.index("cedar-fire-authority:")])

    values = list_values.campaign(*opened(small_year), ALL)

    assert [(one["code"], one["authority"]) for one in values["accepted"]] == [
        ("no-contact", CEDAR)
    ]
    assert values["remarks"] == []


def test_notices_and_what_was_accepted_are_for_the_record(tmp_path: Path) -> None:
    for name in ("data", "templates"):
        shutil.copytree(PROJECT / name / "2020", tmp_path / name / "2020")
    shutil.copytree(PROJECT / "templates/base", tmp_path / "templates/base")
    for name in ("authorities.yaml", "peer_groups.yaml"):
        shutil.copy(PROJECT / "data" / name, tmp_path / "data")
    maidstone = "maidstone-borough-council"

    def told() -> Values:
        desk = Desk(tmp_path, "2020", "start")
        asyncio.run(desk.refresh())
        letter = shown(desk, maidstone)
        return letter_values.letter(desk, Proofs(tmp_path, "2020"), ALL, maidstone, letter, "")

    accepted = told()
    edit(tmp_path / "data/2020/letter.yaml", "value: 14% of 11", "value: 15% of 11")
    noticed = told()

    assert (accepted["quiet_heading"], accepted["notices"]) == ("1 accepted", [])
    assert accepted["accepted"][0]["place"] == "data/2020/letter.yaml:69"
    assert "14%" in accepted["accepted"][0]["sentence"]
    assert (noticed["quiet_heading"], noticed["accepted"]) == ("1 notice", [])
    assert noticed["remarks"] == accepted["remarks"] == []


def test_a_letter_knows_the_selection_with_the_versions_that_can_be_looked_at(
    small_year: Path,
) -> None:
    desk, proofs = opened(small_year)
    assert desk.view.survey is not None
    versions = desk.view.survey.fingerprints

    values = letter_values.letter(
        desk, proofs, Wanted(group="district", order="name"), BIRCH, shown(desk, BIRCH), "figures"
    )

    told = json.loads(values["selection"])
    assert told["letters"] == [[slug, versions[slug][:16]] for slug in (ASHBY, BIRCH)]
    assert told["here"] == BIRCH
    assert f"{told['before']}{ASHBY}{told['behind']}" == values["previous"]


def test_before_all_letters_are_looked_through_the_one_that_is_shown_has_its_version(
    small_year: Path,
) -> None:
    desk = Desk(small_year, "2024", "start")
    asyncio.run(desk.refresh())
    letter = shown(desk, BIRCH)
    assert letter.draft is not None

    values = letter_values.letter(desk, Proofs(small_year, "2024"), ALL, BIRCH, letter, "")

    told = dict(json.loads(values["selection"])["letters"])
    assert told[BIRCH] == letter.draft.entry.fingerprint[:16]
    assert told[ASHBY] == ""


def test_a_year_s_averages_are_worked_out_in_view(small_year: Path) -> None:
    desk, _ = opened(small_year)

    values = letter_values.figures(desk, shown(desk, ASHBY), ASHBY)

    _, average = values["measures"][0]
    one = average["working"]
    assert (one.name, one.printed) == ("average of district authorities", "62%")
    assert one.formula == "all upheld ÷ all investigations × 100"
    assert one.sum == "8 ÷ 13 × 100 = 61.538461…, 2 authorities"
    assert one.rounding == "half up to a whole number"
    assert [line["place"] for line in average["places"]] == ["data/2024/letter.yaml:18"]
    assert marked(average["places"][0]["excerpt"]) == ["computed"]
    assert average["source"] is None and not one.published


def test_values_of_one_line_are_one_place(small_year: Path) -> None:
    desk, _ = opened(small_year)

    values = letter_values.figures(desk, shown(desk, ASHBY), ASHBY)

    figure, _ = values["measures"][0]
    assert [line["place"] for line in figure["places"]] == ["data/2024/statistics.yaml:1"]
    assert marked(figure["places"][0]["excerpt"]) == ["9", "5"]
    assert [line["place"] for line in values["places"]] == [
        "data/2024/statistics.yaml:1",
        "data/authorities.yaml:1",
    ]
    assert values["member"].value == "district"
    assert [one["origin"].label for one in values["counted"]] == [
        "investigations",
        "upheld",
        "remedied",
        "population",
    ]


def test_who_is_in_no_peer_group_is_a_member_of_none(small_year: Path) -> None:
    desk, _ = opened(small_year)

    values = letter_values.figures(desk, shown(desk, CEDAR), CEDAR)

    assert values["member"] is None
    assert [len(parts) for parts in values["measures"]] == [1, 1, 1]


def test_a_published_average_says_where_it_is_written_down_that_it_was(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "tests/broken/sound", tmp_path, dirs_exist_ok=True)
    put = tmp_path / "data/2020/SOURCES.md"

    def source() -> Any:
        desk = Desk(tmp_path, "2020", "start")
        asyncio.run(desk.refresh())
        letter = shown(desk, "alder-council")
        return letter_values.figures(desk, letter, "alder-council")["measures"][0][1]["source"]

    assert source() is None
    put.write_text("## letter.yaml\n\nFrom the annual review.\n")
    assert "annual review" in source().html
