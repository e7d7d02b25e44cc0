"""The letters of two moments held against each other: words, figures, and why."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from letters.batch.draft import Drafts
from letters.campaign.load import load
from letters.campaign.lock import Lock
from letters.compare.change import What
from letters.compare.comparison import Comparison, compare
from letters.compare.figures import Row
from letters.compare.plain import plain
from letters.compare.versions import Side, last_build, now, other_year
from letters.errors import BuildError
from tests.conftest import put_small_year
from tests.doing import edit
from tests.paper import put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
STATISTICS, LETTER = "data/2024/statistics.yaml", "data/2024/letter.yaml"
TEMPLATE = "templates/2024/letter.html.jinja"
ASHBY_NAME = "Ashby District Council"


@pytest.fixture(scope="module")
def as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = put_small_year(tmp_path_factory.mktemp("built"))
    put_on_paper(root)
    return root


@pytest.fixture
def root(as_built: Path, tmp_path: Path) -> Path:
    """The small year, as if it had been built, for one test alone."""
    return Path(shutil.copytree(as_built, tmp_path, dirs_exist_ok=True))


def drafts_of(root: Path, year: str = "2024") -> Drafts:
    return Drafts(root, load(root, year))


def with_last_build(root: Path, *slugs: str) -> Comparison:
    drafts = drafts_of(root)
    campaign = drafts.campaign
    return compare(last_build(root, campaign), now(drafts), campaign, Lock(), root, slugs)


def rows(comparison: Comparison, slug: str) -> dict[str, Row]:
    return {row.name: row for row in comparison.letters[slug].rows}


def test_a_year_that_is_as_it_was_built_has_no_changes_and_reads_no_letter(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letters.compare.comparison.blocks_of", None)
    found = with_last_build(root)
    assert (found.changed, found.unchanged) == ((), (ASHBY, BIRCH, CEDAR))
    assert (found.classes, found.outliers, found.notes, found.looks) == ((), (), (), ())


def test_a_sentence_of_the_template_is_one_class_of_all_letters(root: Path) -> None:
    edit(root / TEMPLATE, "came back to us", "returned to us")
    found = with_last_build(root)
    ((one,), letter) = found.classes, found.letters[ASHBY]
    assert (one.was, one.now, one.letters) == ("came back", "returned", (ASHBY, BIRCH, CEDAR))
    assert (found.outliers, letter.rows, letter.flagged) == ((), (), ())
    assert letter.causes == ("template 2024/letter.html.jinja changed",)


def test_a_count_is_told_with_its_line_and_the_figures_that_follow_from_it(root: Path) -> None:
    edit(root / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    found = with_last_build(root)
    told = rows(found, ASHBY)
    upheld, rate = told["upheld"], told["uphold rate"]
    assert (upheld.was, upheld.now, upheld.difference) == ("5", "6", "+1")
    assert str(upheld.causes[0].place) == f"{STATISTICS}:1:53"
    assert (rate.was, rate.now, rate.difference) == ("56%", "67%", "+11")
    assert [one.words for one in rate.causes] == ["upheld changed"]


def test_an_average_names_the_authorities_whose_counts_changed(root: Path) -> None:
    edit(root / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    average = rows(with_last_build(root), BIRCH)["uphold rate, average"]
    assert (average.was, average.now) == ("62%", "69%")
    assert [one.words for one in average.causes] == [
        f"counts of district authorities changed: {ASHBY}"
    ]


def test_a_measure_that_is_defined_otherwise_is_why_its_figures_changed(root: Path) -> None:
    edit(root / LETTER, "of: population, per: 100000", "of: population, per: 10000")
    told = rows(with_last_build(root), ASHBY)["upheld per 100000"]
    assert [one.words for one in told.causes] == ["the measure's per changed in letter.yaml"]


def test_a_figure_that_changed_while_nothing_it_is_made_of_did_is_flagged(root: Path) -> None:
    drafts = drafts_of(root)
    side = last_build(root, drafts.campaign)
    version = side.versions[ASHBY]
    figures = version.statistics["figures"]
    assert isinstance(figures, dict)
    statistics = {
        **version.statistics,
        "figures": {**figures, "uphold_rate": {**figures["uphold_rate"], "value": 57}},
    }
    odd = Side("then", {ASHBY: replace(version, statistics=statistics)})
    found = compare(odd, now(drafts), drafts.campaign, Lock(), root)
    (row,) = found.letters[ASHBY].rows
    assert row.flagged
    assert found.letters[ASHBY].flagged == (
        "uphold rate is 56% and was 57%; nothing that it is worked out of changed",
    )


def test_averages_that_are_published_now_are_why_those_of_then_are_gone(root: Path) -> None:
    edit(root / LETTER, "peer_averages: computed", "peer_averages: {district: {uphold_rate: 60}}")
    found = with_last_build(root)
    average = rows(found, ASHBY)["upheld per 100000, average"]
    assert (average.now, found.flagged) == ("none", ())
    assert [one.words for one in average.causes] == [
        "averages are published ones now, and were worked out then"
    ]


def test_an_average_names_an_authority_that_left(root: Path) -> None:
    for file in ("statistics", "contacts"):
        path = root / f"data/2024/{file}.yaml"
        before, _, rest = path.read_text().partition(f"{BIRCH}:")
        path.write_text(f"{before}{CEDAR}:{rest.partition(f'{CEDAR}:')[2]}")
    found = with_last_build(root)
    average = rows(found, ASHBY)["uphold rate, average"]
    assert (found.only_before, found.flagged) == ((BIRCH,), ())
    assert [one.words for one in average.causes] == [
        f"no longer among district authorities: {BIRCH}"
    ]


def test_an_average_names_who_joined_its_group_and_whose_counts_changed_besides(root: Path) -> None:
    register = root / "data/authorities.yaml"
    edit(register, "Cedar Fire Authority", "Cedar Fire Authority, peer_group: district")
    edit(root / STATISTICS, "investigations: 4, upheld: 3", "investigations: 4, upheld: 2")
    average = rows(with_last_build(root), ASHBY)["uphold rate, average"]
    assert [one.words for one in average.causes] == [
        f"counts of district authorities changed: {BIRCH}; new among district authorities: {CEDAR}"
    ]


def test_of_an_authority_that_left_its_peer_group_no_finding_changed(root: Path) -> None:
    edit(root / "data/authorities.yaml", f"{ASHBY_NAME}, peer_group: district", ASHBY_NAME)
    letter = with_last_build(root).letters[ASHBY]
    told = {(one.place.rpartition(": ")[2], str(one.what)) for one in letter.changes}
    assert not any(kind == "finding" for kind, _ in told), told
    assert ("comparison", "gone") in told


def test_a_measure_that_is_new_needs_no_other_cause_and_one_that_nobody_prints_is_told(
    root: Path,
) -> None:
    measure = "  remedy_rate: {count: remedied, of: upheld, undefined: We upheld no complaints.}\n"
    edit(root / LETTER, measure, f"{measure}{measure.replace('remedy_rate', 'other_rate')}")
    found = with_last_build(root)
    told = rows(found, ASHBY)
    assert [one.words for one in told["other rate"].causes] == ["the measure is new"]
    assert [one.words for one in told["other rate, average"].causes] == ["the measure is new"]
    assert "2 letters have the same words, and other figures in the PDF's statistics: other" in str(
        found.notes
    )


def test_what_a_number_is_not_worked_out_of_is_no_cause_of_it(root: Path) -> None:
    edit(
        root / LETTER,
        "of: population, per: 100000",
        "of: population, undefined: Nobody, per: 100000",
    )
    drafts = drafts_of(root)
    side = last_build(root, drafts.campaign)
    version = side.versions[ASHBY]
    figures = version.statistics["figures"]
    rate = {**figures["upheld_per_100000"], "value": 9}
    statistics = {**version.statistics, "figures": {**figures, "upheld_per_100000": rate}}
    odd = Side("then", {ASHBY: replace(version, statistics=statistics)})
    found = compare(odd, now(drafts), drafts.campaign, Lock(), root)
    assert found.flagged == (ASHBY,)


def test_a_number_that_is_only_printed_otherwise_has_no_difference(root: Path) -> None:
    edit(root / LETTER, "decimals: 1", "decimals: 2")
    row = rows(with_last_build(root), CEDAR)["upheld per 100000"]
    assert (row.was, row.now, row.difference) == ("0.0", "0.00", "")


def test_an_average_is_not_flagged_where_letters_of_then_are_of_different_moments(
    root: Path,
) -> None:
    drafts = drafts_of(root)
    side = last_build(root, drafts.campaign)
    version = side.versions[ASHBY]
    figures = version.statistics["figures"]
    rate = {**figures["uphold_rate"], "peer_average": 54}
    statistics = {**version.statistics, "figures": {**figures, "uphold_rate": rate}}
    early = replace(version, statistics=statistics, at="2024-07-01 10:00:00")
    late = replace(side.versions[BIRCH], at="2024-07-02 10:00:00")
    odd = Side("then", {ASHBY: early, BIRCH: late})
    found = compare(odd, now(drafts), drafts.campaign, Lock(), root)
    (row,) = found.letters[ASHBY].rows
    assert (found.flagged, row.causes[0].words) == (
        (),
        "perhaps counts that changed in between: letters of then are of different days",
    )


def test_words_that_changed_while_nothing_they_are_made_from_did_are_flagged(root: Path) -> None:
    drafts = drafts_of(root)
    version = last_build(root, drafts.campaign).versions[ASHBY]
    text = version.html().replace("came back to us", "returned to us")
    odd = Side("then", {ASHBY: replace(version, html=lambda: text, html_sha256="")})
    found = compare(odd, now(drafts), drafts.campaign, Lock(), root)
    assert found.flagged == (ASHBY,)
    assert found.letters[ASHBY].flagged == (
        "its words changed; nothing that they are made from did",
    )


def test_words_that_the_register_or_an_exact_average_may_have_changed_are_not_flagged(
    root: Path,
) -> None:
    exact = "{% if letter.figures.uphold_rate.above_average %}<p>Above.</p>{% endif %}"
    code = "<p>{{ letter.authority.gss_code or 'no code' }}</p>"
    edit(root / TEMPLATE, "<h1>", f"{exact}{code}<h1>")
    edit(root / LETTER, "per: 100000,", "per: 100000, compared: false,")
    statistics, register = root / STATISTICS, root / "data/authorities.yaml"
    edit(statistics, "investigations: 9, upheld: 5", "investigations: 1000, upheld: 500")
    edit(statistics, "investigations: 4, upheld: 3", "investigations: 10000, upheld: 5000")
    edit(register, "Cedar Fire Authority", "Cedar Fire Authority, gss_code: E07000001")
    put_on_paper(root)
    edit(statistics, "upheld: 5000", "upheld: 4990")
    edit(register, "E07000001", "E07000002")
    found = with_last_build(root)
    assert found.flagged == ()
    perhaps = f"perhaps exact averages of district authorities: {BIRCH} changed"
    assert found.letters[ASHBY].causes == (perhaps,)
    assert found.letters[CEDAR].causes == ("perhaps data/authorities.yaml: gss_code",)


def test_a_style_sheet_changes_no_word_and_is_told_as_what_pages_look_like(root: Path) -> None:
    (root / "templates/2024/print.css").write_text("p { color: #111 }\n")
    found = with_last_build(root)
    assert (found.changed, found.looks) == ((), (ASHBY, BIRCH, CEDAR))
    (note,) = found.notes
    assert note.startswith("3 letters have the same words and are made otherwise")
    assert "file 2024/print.css" in note


def test_another_person_is_one_change_in_whatever_letters(root: Path) -> None:
    edit(root / "data/2024/contacts.yaml", "surname: Oak", "surname: Ash")
    edit(root / "data/2024/contacts.yaml", "surname: Elm", "surname: Yew")
    found = with_last_build(root)
    ((one,),) = (found.classes,)
    assert (one.was, one.now, one.letters) == ("‹person›", "‹person›", (ASHBY, CEDAR))
    assert found.letters[ASHBY].causes == ("contact changed",)


def test_another_salutation_is_one_change_whomever_it_greets(root: Path) -> None:
    edit(root / TEMPLATE, ">Dear {{", ">Good morning {{")
    found = with_last_build(root)
    (one,) = found.classes
    assert (one.was, one.now, one.letters) == ("Dear", "Good morning", (ASHBY, BIRCH, CEDAR))
    put_on_paper(root)
    edit(root / TEMPLATE, ">Good morning {{", ">Good afternoon {{")
    (one,) = with_last_build(root).classes
    assert (one.was, one.now) == ("morning", "afternoon")


def test_a_name_in_capitals_is_the_same_change_in_all_letters(root: Path) -> None:
    edit(root / TEMPLATE, "<h1>Annual letter", "<h1>{{ letter.authority.name | upper }}: letter")
    found = with_last_build(root)
    (one,) = found.classes
    assert (one.now, found.outliers) == ("‹AUTHORITY›:", ())


def test_a_renamed_authority_is_the_same_one_and_its_name_a_change(root: Path) -> None:
    edit(
        root / "data/authorities.yaml",
        "ashby-district-council: {name: Ashby District Council",
        "ashby-council: {formerly: [ashby-district-council], name: Ashby Council",
    )
    for file in ("statistics", "contacts"):
        edit(root / f"data/2024/{file}.yaml", "ashby-district-council", "ashby-council")
    found = with_last_build(root)
    assert found.changed == ("ashby-council",)
    assert (found.only_now, found.only_before) == ((), ())
    assert found.letters["ashby-council"].before.slug == ASHBY
    assert all(one.was == one.now == "‹authority›" for one in found.classes)


def test_letters_of_one_moment_alone_are_listed(root: Path) -> None:
    drafts = drafts_of(root)
    today, then = now(drafts), last_build(root, drafts.campaign)
    without = {slug: one for slug, one in today.versions.items() if slug != CEDAR}
    before = {slug: one for slug, one in then.versions.items() if slug != BIRCH}
    found = compare(Side("then", before), Side("now", without), drafts.campaign, Lock(), root)
    assert (found.only_now, found.only_before) == ((BIRCH,), (CEDAR,))


def test_a_letter_that_cannot_be_written_is_told_with_what_is_wrong(root: Path) -> None:
    edit(
        root / TEMPLATE,
        "<p>Casework",
        "{% if letter.counts.upheld.value == 5 %}{{ letter.nothing }}{% endif %}<p>Casework",
    )
    found = with_last_build(root)
    assert list(found.letters) == [BIRCH, CEDAR]
    assert found.missing[ASHBY].startswith("it cannot be written now: ")


def test_a_letter_that_is_missing_from_the_build_or_another_one_is_told(root: Path) -> None:
    folder = root / "build/2024/letters"
    (folder / f"{ASHBY}.pdf").unlink()
    with (folder / f"{BIRCH}.html").open("a") as page:
        page.write("more")
    found = with_last_build(root)
    assert found.missing == {
        ASHBY: f"build/2024/letters/{ASHBY}.pdf is missing: letters build 2024",
        BIRCH: f"build/2024/letters/{BIRCH}.html is not the one that was built: letters build 2024",
    }
    assert list(found.letters) == [CEDAR]


def test_a_year_that_was_never_built_says_what_to_do(tmp_path: Path) -> None:
    root = put_small_year(tmp_path)
    with pytest.raises(BuildError, match="build the year first"):
        last_build(root, load(root, "2024"))


def test_only_the_letters_named_are_compared(root: Path) -> None:
    edit(root / TEMPLATE, "came back to us", "returned to us")
    assert list(with_last_build(root, BIRCH).letters) == [BIRCH]


def test_another_year_is_compared_panel_by_panel(root: Path) -> None:
    shutil.copytree(root / "data/2024", root / "data/2023")
    shutil.copytree(root / "templates/2024", root / "templates/2023")
    edit(root / "data/2023/letter.yaml", '"2024"', '"2023"')
    edit(
        root / TEMPLATE,
        '("Remedied", letter.figures.remedy_rate)',
        '("Mended", letter.figures.uphold_rate)',
    )
    drafts = drafts_of(root)
    found = compare(
        other_year(drafts_of(root, "2023"), drafts.campaign),
        now(drafts),
        drafts.campaign,
        Lock(),
        root,
    )
    told = {(one.what, one.place, len(one.letters)) for one in found.classes}
    assert found.beside == "2023"
    assert {(What.NEW, 'panel "Mended"', 3), (What.GONE, 'panel "Remedied"', 3)} <= told


def test_the_plain_values_have_each_letter_that_changed_and_name_the_others(root: Path) -> None:
    edit(root / STATISTICS, "investigations: 1, upheld: 0", "investigations: 2, upheld: 0")
    told = plain(with_last_build(root))
    (letter,) = told["changed"]
    assert (told["compared"], told["unchanged"]) == (3, [ASHBY, BIRCH])
    assert letter["authority"] == CEDAR
    assert letter["figures"][0] == {
        "name": "investigations",
        "was": "1",
        "now": "2",
        "difference": "+1",
        "causes": [
            {
                "kind": "data",
                "words": "its data line",
                "place": f"{STATISTICS}:3:40",
                "imported_from": [],
            }
        ],
    }
    ids = {one["id"] for one in told["classes"]}
    differences = [one for change in letter["changes"] for one in change["differences"]]
    assert {one["class"] for one in differences} == ids
