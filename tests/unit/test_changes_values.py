"""What the preview's pages of changes say."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from letters.campaign.records import Approval
from letters.check import Edition, read_files
from letters.compare.comparison import Comparison, compare
from letters.compare.pictures import PageBeside, Region
from letters.compare.versions import now
from letters.errors import LettersError
from letters.preview import changes_values, letter_changes_values
from letters.preview.compared import (
    APPROVED,
    LAST_BUILD,
    SENT,
    Compared,
    Unwanted,
    labels,
    wanted_or_usual,
)
from letters.preview.compared import before as read_before
from letters.preview.page_values import Values
from letters.preview.seen import seen_keys
from letters.typesetting.raster import Box
from tests.doing import edit
from tests.paper import put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
NAMES = {ASHBY: "Ashby District Council", BIRCH: "Birch District Council", CEDAR: "Cedar"}
TEMPLATE, STATISTICS = "templates/2024/letter.html.jinja", "data/2024/statistics.yaml"
BACK = "complaints came back to us"


def edition_of(root: Path) -> Edition:
    found = read_files(root, "2024").edition
    assert found is not None
    return found


def compared(before: Edition, root: Path) -> Comparison:
    """The letters of a folder as it is, beside those of an edition of it."""
    after = edition_of(root)
    return compare(now(before.drafts), now(after.drafts), after.campaign, after.lock, root)


def overview(found: Comparison, wanted: str = APPROVED, **approvals: Any) -> Values:
    return changes_values.overview(found, NAMES, wanted, approvals)


def plain(masked: list[Values]) -> str:
    """Parts of a text, those that are masked in angles."""
    return "".join(f"<{one['text']}>" if one["mask"] else one["text"] for one in masked)


@pytest.fixture
def before(small_year: Path) -> Edition:
    edition = edition_of(small_year)
    for slug in edition.campaign.statistics:
        edition.draft(slug)  # as its templates are now
    return edition


def test_the_heading_says_how_many_letters_changed_since_when(
    before: Edition, small_year: Path
) -> None:
    assert overview(compared(before, small_year))["heading"] == (
        "No letter changed since they were approved"
    )
    edit(small_year / STATISTICS, "population: 51000", "population: 50000")
    edit(small_year / STATISTICS, "investigations: 1,", "investigations: 2,")
    found = compared(before, small_year)
    assert overview(found)["heading"] == "1 of 3 letters changed since they were approved"
    assert overview(found, LAST_BUILD)["heading"].endswith("changed since the last build")
    assert overview(found, "2023")["heading"] == "1 of 3 letters differ from 2023"
    edit(small_year / TEMPLATE, BACK, "complaints returned")
    found = compared(before, small_year)
    assert overview(found, SENT)["heading"] == "All 3 letters changed since they were sent"


def test_who_approved_is_named_and_when_they_last_did(before: Edition, small_year: Path) -> None:
    by_ada, by_bo = (
        Approval(sha256="a" * 64, envelope="b" * 64, by=name, at=f"2024-07-0{day} 10:00:00")
        for day, name in enumerate(("Ada Shore", "Bo Lake"), start=1)
    )
    values = overview(compared(before, small_year), ashby=(by_ada, by_bo), birch=(by_ada,))
    assert values["summary"] == "Approved by Ada Shore and Bo Lake, last on 2 July 2024."
    assert overview(compared(before, small_year), LAST_BUILD, ashby=(by_ada,))["summary"] == ""


def test_equal_changes_are_one_class_with_its_letters(before: Edition, small_year: Path) -> None:
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    values = overview(compared(before, small_year))
    (one,) = values["words"]
    assert (one["place"], one["count"], one["share"]) == ("Paragraph 1", "all 3 letters", 100)
    assert (plain(one["was"]), plain(one["now"])) == ("came back", "returned")
    assert plain(one["before"]).endswith("complaints")
    assert [sample["name"] for sample in one["samples"]] == list(NAMES.values())
    assert one["address"] == f"/2024/changes?with=approved&class={one['id']}"
    assert values["numbers"] == []
    assert values["outliers"] == []
    assert values["made_from"] == [
        {"words": "template 2024/letter.html.jinja changed", "count": "3 letters"}
    ]


def test_a_class_alone_shows_how_each_letter_has_it(before: Edition, small_year: Path) -> None:
    edit(small_year / TEMPLATE, "<h1>Annual letter", "<h1>Yearly letter")
    found = compared(before, small_year)
    (one,) = overview(found)["words"]
    values = changes_values.of_class(found, NAMES, one["id"], APPROVED)
    assert values is not None
    assert [letter["hunks"] for letter in values["letters"]] == [
        [{"place": found.letters[ASHBY].changes[0].place, "was": "Annual", "now": "Yearly"}]
    ] * 3
    assert changes_values.of_class(found, NAMES, "gone", APPROVED) is None


def test_a_letter_unlike_the_others_shows_its_own_figures_and_words(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    edit(small_year / STATISTICS, "investigations: 1,", "investigations: 2,")
    values = overview(compared(before, small_year))
    (one,) = values["outliers"]
    assert one["slug"] == CEDAR
    assert {"name": "investigations", "was": "1", "now": "2"} in one["figures"]
    assert all(one["seen"].split())


def test_a_letter_tells_its_words_by_blocks_and_its_figures_with_their_causes(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    found = compared(before, small_year)
    values = letter_changes_values.letter(found, ASHBY, APPROVED, {})
    assert values["told"].endswith("figures changed since it was approved.")
    row = values["rows"][0]
    assert (row["name"], row["was"], row["now"], row["difference"]) == ("Upheld", "5", "6", "+1")
    assert row["causes"][0]["place"].startswith("data/2024/statistics.yaml:1:")
    (tally,) = (one for one in values["numbers"] if one["place"] == "Upheld · tally")
    assert [(one["text"], one["mark"]) for one in tally["pieces"]] == [
        ("5", "gone"),
        ("6", "new"),
        (" upheld decisions", "equal"),
    ]


def test_a_letter_that_is_not_there_on_both_sides_says_so(
    before: Edition, small_year: Path
) -> None:
    path = small_year / STATISTICS
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    found = compared(before, small_year)
    assert found.only_before == (CEDAR,)
    values = letter_changes_values.letter(found, CEDAR, APPROVED, {})
    assert values["told"].startswith("This letter is not in")
    assert (values["changes"], values["at"]) == ((), "")


def test_changed_letters_are_turned_in_their_order_and_a_class_by_its_own(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    found = compared(before, small_year)
    (one,) = found.classes
    first, last = (
        letter_changes_values.turn(found, slug, LAST_BUILD, one.id) for slug in (ASHBY, CEDAR)
    )
    assert first["previous"] == ""
    assert first["next"] == (f"/2024/letters/{BIRCH}/changes?with=last-build&class={one.id}")
    assert first["place_in_list"] == "Letter 1 of 3 of this change."
    assert last["next"] == ""
    assert letter_changes_values.turn(found, ASHBY, LAST_BUILD, "")["place_in_list"] == (
        "Letter 1 of 3 that changed."
    )


def test_pages_tell_what_changed_on_them_and_where() -> None:
    a4 = (1000, 1415)
    box = Box(10, 20, 40, 60)
    regions = (
        Region(box, ("Rate", "64%", "here"), ("Rate", "63%", "here")),
        Region(box, ("same",), ("same",)),
        Region(box),
    )
    pages = (PageBeside(1, a4, a4), PageBeside(2, a4, a4, regions), PageBeside(3, None, a4))
    addresses = {"before": "b{}", "now": "n{}", "difference": "d{}"}
    values = letter_changes_values.pictures(pages, False, addresses)
    assert values["summary"] == "2 of 3 pages look otherwise"
    same, changed, new = values["pages"]
    assert (same["told"], same["changed"]) == ("looks the same", False)
    assert (changed["told"], changed["before"], changed["difference"]) == (
        "3 places changed", "b2", "d2",
    )  # fmt: skip
    first, second, third = changed["regions"]
    assert (first["before"], first["now"], first["only_looks"]) == ("64%", "63%", False)
    assert (first["id"], first["width"], first["height"]) == ("p2-1", 30, 40)
    assert (second["words"], second["only_looks"], third["words"]) == ("same", True, "")
    assert (new["told"], new["before"], new["now"]) == ("this page is new", "", "n3")


def test_only_what_is_known_can_be_compared_with(before: Edition, small_year: Path) -> None:
    known = labels(small_year, "2024")
    assert list(known) == [APPROVED, SENT, LAST_BUILD]
    assert wanted_or_usual(before, "sent", known) == SENT
    for other in ("", "../2024", "2024", "/etc/passwd"):
        assert wanted_or_usual(before, other, known) == LAST_BUILD


@pytest.mark.parametrize("wanted", [APPROVED, SENT, LAST_BUILD])
def test_what_is_not_there_to_be_compared_with_is_told(
    before: Edition, small_year: Path, wanted: str
) -> None:
    with pytest.raises(LettersError):
        read_before(before, wanted)
    told = asyncio.run(whole(before, small_year, wanted))
    assert isinstance(told, str)
    assert told.endswith(".")


async def whole(edition: Edition, root: Path, wanted: str) -> Comparison | str:
    kept = Compared(root, "2024")
    first = await kept.whole(edition, wanted)
    assert await kept.whole(edition, wanted) is first  # made once
    return first


def test_a_class_is_seen_only_as_long_as_all_its_letters_say_what_they_said(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")

    def keys(wanted: str = APPROVED) -> dict[str, str]:
        return dict(seen_keys(compared(before, small_year), wanted))

    first = keys()
    assert keys() == first
    assert not set(first.values()) & set(keys(SENT).values())
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    assert keys().items() > first.items()  # another change leaves what was seen
    edit(small_year / TEMPLATE, "complaints returned to us", BACK)
    edit(small_year / STATISTICS, "investigations: 9, upheld: 6", "investigations: 9, upheld: 7")
    again = keys()
    assert again.keys() == first.keys()  # the very same classes, with another number
    assert not set(again.values()) & set(first.values())


def test_a_class_that_a_letter_joins_is_not_seen_any_more(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    alone = seen_keys(compared(before, small_year), APPROVED)
    edit(small_year / STATISTICS, "investigations: 1, upheld: 0", "investigations: 1, upheld: 1")
    found = compared(before, small_year)
    joint = [one.id for one in found.classes if CEDAR in one.letters and one.id in alone]
    assert joint
    assert all(seen_keys(found, APPROVED)[one] != alone[one] for one in joint)


def test_a_change_of_a_letter_is_not_seen_before_all_letters_are_compared(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    found = compared(before, small_year)
    (one,) = found.classes
    values = letter_changes_values.letter(found, ASHBY, APPROVED, {})
    assert [change["seen"] for change in values["changes"]] == [one.id]
    values = letter_changes_values.letter(found, ASHBY, APPROVED, seen_keys(found, APPROVED))
    assert values["changes"][0]["seen"] == overview(found)["words"][0]["seen"]


def test_a_comparison_that_nobody_waits_for_any_more_is_not_made(
    before: Edition, small_year: Path
) -> None:
    put_on_paper(small_year)
    newer, shown = edition_of(small_year), list[Edition]()

    async def look() -> None:
        kept = Compared(small_year, "2024", lambda one: any(one is it for it in shown))
        shown[:] = [newer]
        outdated, wanted = (kept.whole(one, LAST_BUILD) for one in (before, newer))
        with pytest.raises(Unwanted):
            await outdated
        assert isinstance(await wanted, Comparison)
        shown[:] = [before]  # what was mended is broken again
        assert isinstance(await kept.whole(before, LAST_BUILD), Comparison)

    asyncio.run(look())


def test_what_was_built_is_read_once_for_all_that_is_edited_but_the_letters_there_are(
    before: Edition, small_year: Path
) -> None:
    put_on_paper(small_year)
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    edit(small_year / STATISTICS, "investigations: 1,", "investigations: 2,")
    reworded = edition_of(small_year)
    path = small_year / STATISTICS
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    fewer = edition_of(small_year)

    async def look() -> None:
        kept = Compared(small_year, "2024")
        first, second, third = [
            await kept.side(one, LAST_BUILD) for one in (before, reworded, fewer)
        ]
        assert second.before is first.before
        assert (second.edition, third.edition) == (reworded, fewer)
        assert third.before is not first.before

    asyncio.run(look())


def test_what_was_kept_is_read_again_once_its_files_look_otherwise(
    before: Edition, small_year: Path
) -> None:
    put_on_paper(small_year)
    page = small_year / f"build/2024/letters/{CEDAR}.html"
    whole = page.read_bytes()

    async def look() -> None:
        kept = Compared(small_year, "2024")
        for damaged in (True, False, True):
            page.write_bytes(whole + b" " * damaged)
            found = (await kept.side(before, LAST_BUILD)).of()
            assert (CEDAR in found.missing) is damaged

    asyncio.run(look())


def test_another_year_with_errors_is_told_in_one_sentence(
    before: Edition, small_year: Path
) -> None:
    copied = small_year / "data/2023"
    shutil.copytree(small_year / "data/2024", copied)
    (copied / "letter.yaml").write_text("templates: 5\n")
    with pytest.raises(LettersError, match=r"^2023: \d+ errors?, listed by: letters check 2023$"):
        read_before(before, "2023")


def test_what_only_a_letter_unlike_all_others_has_stands_there_alone_and_is_seen_there(
    before: Edition, small_year: Path
) -> None:
    edit(small_year / TEMPLATE, BACK, "complaints returned to us")
    edit(small_year / STATISTICS, "investigations: 1,", "investigations: 2,")
    found = compared(before, small_year)
    values = overview(found)
    assert len(found.classes) > 1
    (shared,) = values["words"] + values["numbers"]
    assert shared["count"] == "all 3 letters"
    (own,) = values["outliers"]
    (row,) = (one for one in values["changed"] if one["slug"] == CEDAR)
    assert {*own["seen"].split(), shared["seen"]} > set(row["seen"].split())
    edit(small_year / STATISTICS, "investigations: 2,", "investigations: 3,")
    (later,) = overview(compared(before, small_year))["outliers"]
    assert not set(own["seen"].split()) >= set(later["seen"].split())
