"""A year's letters as their files were at one moment, and what all of them tell when written."""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from letters.batch.store import year_folder
from letters.campaign.load import load
from letters.check import Edition
from letters.errors import Place, Problem, Severity, TemplateError
from letters.mail.approvals import approved, load_approvals, write_approvals
from letters.mail.stages import Stage, Standing
from letters.preview import edition as editions
from letters.preview.edition import Survey, read_now
from tests.doing import edit
from tests.paper import parcels_of, put_on_paper

ASHBY, BIRCH, CEDAR = ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
STATISTICS, LETTER = "data/2024/statistics.yaml", "data/2024/letter.yaml"
TEMPLATE = "templates/2024/letter.html.jinja"
NOW = datetime(2024, 7, 1, 9, 30, tzinfo=UTC)


def read(root: Path) -> Edition:
    """The edition of now, which has no problems."""
    found, problems = read_edition(root)
    assert problems == ()
    assert found is not None
    return found


def read_edition(root: Path, year: str = "2024") -> tuple[Edition | None, tuple[Problem, ...]]:
    """The edition of now, and what is wrong before a letter is written."""
    now = read_now(root, year)
    return now.edition, now.problems


def survey(root: Path) -> Survey:
    found = editions.survey(read_now(root, "2024"))
    assert found is not None
    return found


def standings(root: Path) -> dict[str, Standing]:
    """How the letters that somebody approved stand."""
    stands = survey(root).stands.items()
    return {slug: one.standing for slug, one in stands if one.standing is not Standing.NEW}


def listing(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


def approve(root: Path, *slugs: str, by: str = "Ada") -> None:
    seals = [parcels_of(root)[slug].seal for slug in slugs]
    write_approvals(root, "2024", approved(seals, load_approvals(root, "2024"), by, NOW))


def test_sound_files_are_an_edition_that_writes_letters(small_year: Path) -> None:
    edition = read(small_year)
    assert edition.campaign == load(small_year, "2024")
    assert b"Dear Mr Oak" in edition.draft(ASHBY).html
    assert edition.stationery.stylesheets[1:] == ("base/common.css", "base/print.css")


def test_an_edition_knows_no_letter_of_an_authority_without_statistics(small_year: Path) -> None:
    with pytest.raises(KeyError):
        read(small_year).draft("oak-council")


def test_an_edition_stays_as_it_was_whatever_becomes_of_the_files(small_year: Path) -> None:
    edition = read(small_year)
    before = edition.draft(ASHBY)
    shutil.rmtree(small_year / "templates")
    shutil.rmtree(small_year / "data")
    assert edition.draft(ASHBY) == before


def test_a_warning_comes_with_the_edition(small_year: Path) -> None:
    register = small_year / "data/authorities.yaml"
    register.write_text(f"{register.read_text()}oak-council: {{name: Oak Council}}\n")
    edition, problems = read_edition(small_year)
    assert edition is not None
    assert [(one.severity, one.place) for one in problems] == [
        (Severity.WARNING, Place("data/authorities.yaml", 4, 1))
    ]


def test_an_error_of_the_data_leaves_no_edition(small_year: Path) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    edition, problems = read_edition(small_year)
    assert edition is None
    assert problems[0].place == Place(STATISTICS, 1, 53)
    assert problems[0].authority == ASHBY


def test_a_year_that_is_not_there_is_a_problem_of_its_folder(small_year: Path) -> None:
    edition, (problem,) = read_edition(small_year, "1999")
    assert edition is None
    assert (problem.place, problem.code) == (Place("data/1999"), "no-such-campaign")
    assert problem.sentence == 'there is no campaign "1999" under data/: there is 2024'


def test_the_files_of_the_mail_are_looked_at_too(small_year: Path) -> None:
    edit(small_year / "data/office.yaml", "messages_a_minute: 60000", "messages_a_minute: 0")
    edition, problems = read_edition(small_year)
    assert edition is not None, "letters can be made without them"
    assert [one.place for one in problems] == [Place("data/office.yaml", 4, 20)]


def test_a_template_that_cannot_be_read_is_told_before_a_letter_is_written(
    small_year: Path,
) -> None:
    (small_year / TEMPLATE).write_text("one\n{% if %}")
    edition, problems = read_edition(small_year)
    assert edition is not None
    assert [one.place for one in problems] == [Place(TEMPLATE, 2, 7)]


def test_broken_templates_are_told_beside_broken_data(small_year: Path) -> None:
    (small_year / TEMPLATE).write_text("{% if %}")
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    edition, problems = read_edition(small_year)
    assert edition is None
    assert [one.place.file for one in problems] == [STATISTICS, TEMPLATE]


def test_a_style_sheet_that_is_not_there_is_told_by_its_file(small_year: Path) -> None:
    (small_year / "templates/base/screen.css").unlink()
    edition, (problem,) = read_edition(small_year)
    assert edition is not None
    assert str(problem) == (
        "templates/base/screen.css:1:1: error: there is no such style sheet\n    hint: bring it back"
    )


def test_a_style_sheet_in_another_encoding_is_told_by_its_file(small_year: Path) -> None:
    (small_year / "templates/base/screen.css").write_bytes(b"/* caf\xe9 */")
    edition, (problem,) = read_edition(small_year)
    assert edition is not None
    assert problem.place == Place("templates/base/screen.css", 1, 7)
    assert problem.sentence == "the byte 0xE9 is not UTF-8"


def test_a_survey_tells_of_every_letter(small_year: Path) -> None:
    edition = read(small_year)
    found = survey(small_year)
    slugs = [ASHBY, BIRCH, CEDAR]
    assert [*found.fingerprints] == [*found.lengths] == slugs
    assert found.fingerprints == {slug: edition.draft(slug).entry.fingerprint for slug in slugs}
    assert len(set(found.fingerprints.values())) == 3
    assert all(400 < length < 600 for length in found.lengths.values())
    assert (found.pages, found.problems) == ({}, ())


def test_a_longer_letter_has_more_characters_by_as_many(small_year: Path) -> None:
    before = survey(small_year).lengths
    edit(small_year / TEMPLATE, "Casework was paused", "Casework was <b>much</b> paused")
    now = survey(small_year).lengths
    assert {slug: now[slug] - before[slug] for slug in now} == dict.fromkeys(now, 5)


def test_a_survey_that_nobody_wants_to_know_any_more_is_none(small_year: Path) -> None:
    answers = iter((True, True, False))
    now = read_now(small_year, "2024")
    assert editions.survey(now, lambda: next(answers)) is None


def test_a_template_that_fails_for_all_is_told_once(small_year: Path) -> None:
    edit(small_year / TEMPLATE, "letter.letter_date |", "letter.leter_date |")
    found = survey(small_year)
    (problem,) = found.problems
    assert problem.place == Place(TEMPLATE, 10, 27)
    assert problem.sentence.endswith(f"(3 letters, first {ASHBY})")
    assert problem.authority == ""
    assert (found.fingerprints, found.lengths) == ({}, {})


def only_for(root: Path, slug: str, code: str) -> None:
    """The letter of one authority has something that the others have not."""
    condition = f'{{% if letter.slug == "{slug}" %}}{code}{{% endif %}}'
    edit(root / TEMPLATE, "{% block letter %}", f"{{% block letter %}}{condition}")


def test_a_template_that_fails_for_one_names_it_and_tells_of_the_others(small_year: Path) -> None:
    only_for(small_year, BIRCH, "{{ letter.nothing }}")
    edition = read(small_year)
    with pytest.raises(TemplateError):
        edition.draft(BIRCH)
    found = survey(small_year)
    (problem,) = found.problems
    assert (problem.authority, problem.place) == (BIRCH, Place(TEMPLATE, 9, 77))
    assert [*found.fingerprints] == [ASHBY, CEDAR]


def test_the_words_of_the_e_mail_are_looked_through_too(small_year: Path) -> None:
    (small_year / "templates/2024/email.text.jinja").write_text("{{ letter.nothing }}")
    (problem,) = survey(small_year).problems
    assert problem.place == Place("templates/2024/email.text.jinja", 1, 11)


def test_what_the_edition_has_told_is_not_told_again(small_year: Path) -> None:
    (small_year / TEMPLATE).write_text("one\n{% if %}")
    edition, (problem,) = read_edition(small_year)
    assert edition is not None
    assert problem.place == Place(TEMPLATE, 2, 7)
    assert survey(small_year).problems == ()


def test_a_template_of_another_year_is_a_warning(small_year: Path) -> None:
    other = small_year / "templates/2023/parts.html.jinja"
    other.parent.mkdir()
    other.write_text("")
    edit(small_year / TEMPLATE, "<h1>", '{% include "2023/parts.html.jinja" %}<h1>')
    _, (problem,) = read_edition(small_year)
    assert (problem.severity, problem.place) == (Severity.WARNING, Place(TEMPLATE, 12, 13))
    assert problem.sentence == 'this is of another year: "2023/parts.html.jinja"'


def test_pages_are_known_of_letters_that_the_last_build_made_as_they_now_are(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    assert survey(small_year).pages == {ASHBY: 1, BIRCH: 2, CEDAR: 3}
    edit(small_year / STATISTICS, "upheld: 3", "upheld: 2")
    assert survey(small_year).pages == {CEDAR: 3}, "Ashby's average changed too"


def test_a_manifest_that_cannot_be_read_is_as_if_nothing_was_built(small_year: Path) -> None:
    put_on_paper(small_year)
    (year_folder(small_year, "2024") / "manifest.json").write_text("{")
    assert survey(small_year).pages == {}


def test_a_letter_that_is_built_and_approved_as_it_now_is_is_approved(small_year: Path) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY, BIRCH)
    assert standings(small_year) == {ASHBY: Standing.APPROVED, BIRCH: Standing.APPROVED}


def test_a_letter_that_needs_two_people_is_partly_approved_by_one(small_year: Path) -> None:
    edit(small_year / LETTER, "pages: 2", "pages: 2\napprovers: 2")
    put_on_paper(small_year)
    approve(small_year, ASHBY, BIRCH)
    approve(small_year, BIRCH, by="Bob")
    assert standings(small_year) == {ASHBY: Standing.PARTLY, BIRCH: Standing.APPROVED}


def test_an_approved_letter_that_is_not_built_as_it_now_is_counts_as_changed(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY, CEDAR)
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 6")
    assert standings(small_year) == {ASHBY: Standing.CHANGED, CEDAR: Standing.APPROVED}
    shutil.rmtree(small_year / "build")
    assert standings(small_year) == {ASHBY: Standing.CHANGED, CEDAR: Standing.CHANGED}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/office.yaml", "name: Office", "name: The Office"),
        ("data/2024/contacts.yaml", "leader@ashby", "head@ashby"),
        ("templates/2024/email.text.jinja", "is attached", "comes with this"),
    ],
)
def test_a_change_of_what_goes_out_beside_the_pdf_counts_as_well(
    small_year: Path, file: str, old: str, new: str
) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY)
    edit(small_year / file, old, new)
    assert standings(small_year) == {ASHBY: Standing.CHANGED}


def test_without_an_office_what_was_approved_counts_as_changed(small_year: Path) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY)
    (small_year / "data/office.yaml").unlink()
    assert standings(small_year) == {ASHBY: Standing.CHANGED}


def test_an_approval_of_a_letter_that_is_no_longer_in_the_year_is_passed_over(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY, CEDAR)
    for file in (STATISTICS, "data/2024/contacts.yaml"):
        kept = (small_year / file).read_text().partition("cedar-fire-authority")[0]
        (small_year / file).write_text(kept)
    assert standings(small_year) == {ASHBY: Standing.APPROVED}


def test_approvals_that_cannot_be_read_are_none(small_year: Path) -> None:
    put_on_paper(small_year)
    approve(small_year, ASHBY)
    (small_year / "data/2024/approvals.yaml").write_text("ashby-district-council: Ada\n")
    edition, problems = read_edition(small_year)
    assert edition is not None
    assert [one.place.file for one in problems] == ["data/2024/approvals.yaml"]
    assert standings(small_year) == {}


class Unlucky(ThreadPoolExecutor):
    """Workers that are killed, or whose disk is full."""

    def submit(self, *_: object, **__: object) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed


def test_what_the_renderer_says_of_style_sheets_comes_after_the_survey(small_year: Path) -> None:
    edit(small_year / "templates/base/print.css", ".date {", ".date { colour: red;")
    now = read_now(small_year, "2024")
    found = editions.survey(now)
    assert found is not None
    assert found.problems == ()
    with ThreadPoolExecutor(1) as executor:
        full = editions.with_styles(now, found, executor)
        (problem,) = full.problems
        assert full.status is not None
        assert full.status.errors == 1
        assert problem.place == Place("templates/base/print.css", 21, 9)
        edit(small_year / "templates/base/print.css", "colour", "color")
        sound = read_now(small_year, "2024")
        assert editions.with_styles(sound, found, executor) is found
    assert editions.with_styles(now, found, Unlucky(1)) is found, "a misfortune is no problem"


def test_an_error_of_the_files_has_its_letter_to_mend_or_all_that_have_not_gone_out(
    small_year: Path,
) -> None:
    put_on_paper(small_year)
    found, about = survey(small_year), Place(STATISTICS, 1)
    one = Problem(about, Severity.ERROR, "no-number", "not a whole number", authority=ASHBY)
    of_one = found.with_failures({}, (one,)).stands
    assert (of_one[ASHBY].stage, of_one[ASHBY].why) == (Stage.MEND, "not a whole number")
    assert of_one[BIRCH] == found.stands[BIRCH]
    of_all = found.with_failures({}, (replace(one, authority=""),)).stands
    assert {stand.stage for stand in of_all.values()} == {Stage.MEND}
    assert found.with_failures({}) is found
