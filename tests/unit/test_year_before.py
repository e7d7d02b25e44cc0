"""What is still as in the year before: told until it changes, or until somebody confirms it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from letters.campaign.load import examine
from letters.errors import Severity
from letters.wording import counted
from tests.doing import edit, run
from tests.second_year import (
    CALDERDALE,
    LINKS,
    MAIDSTONE,
    STATISTICS,
    begin_2021,
    confirm,
    project_of_2020,
    to_confirm,
    write_2021,
)

FACTS = (
    "facts.seminars.places", "facts.seminars.delegates", "facts.seminars.authorities",
    "facts.training.courses", "facts.training.more_than_last_year", "facts.training.people", *LINKS,
)  # fmt: skip
SENTENCES = 12


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """2020, and 2021 as it is begun."""
    return begin_2021(project_of_2020(tmp_path, authorities=14))


@pytest.fixture
def written(root: Path) -> Path:
    """2020, and 2021 with nothing left but three links and the contacts."""
    write_2021(root)
    return root


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """2020, and 2021 copied by hand with two dates changed."""
    root = project_of_2020(tmp_path, authorities=14)
    for folder in ("data", "templates"):
        shutil.copytree(root / folder / "2020", root / folder / "2021")
    edit(root / "data/2021/letter.yaml", "letter_date: 2020-", "letter_date: 2021-")
    edit(root / "data/2021/letter.yaml", "publication_date: 2020-", "publication_date: 2021-")
    return root


def names(root: Path) -> list[str]:
    return [one.field for one in to_confirm(root)]


def test_a_year_just_begun_is_to_confirm_all_that_is_2020_s(root: Path) -> None:
    assert sorted(set(names(root))) == sorted(("contacts", "signatory.name", "sentences", *FACTS))
    assert names(root).count("sentences") == SENTENCES


def test_a_copy_by_hand_is_told_all_that_a_new_year_is_and_what_that_leaves_empty(
    copied: Path,
) -> None:
    groups = ("peer_averages.district", "peer_averages.metropolitan", "peer_averages.unitary")
    counts = (f"statistics.{MAIDSTONE}", f"statistics.{CALDERDALE}")
    assert sorted(set(names(copied))) == sorted(
        (
            "contacts", "signatory.name", "sentences", *FACTS,
            "templates", "period", "sources", *groups, *counts,
        )
    )  # fmt: skip
    assert names(copied).count("sentences") == SENTENCES


def test_each_thing_has_its_place_and_last_year_s_value(root: Path) -> None:
    found = {one.field: one for one in to_confirm(root)}
    delegates = found["facts.seminars.delegates"]

    assert str(delegates.place) == "data/2021/letter.yaml:25:71"
    assert delegates.sentence == "still as in 2020: 178"
    assert delegates.hint.endswith("under `confirmed:` facts.seminars.delegates: 178")
    assert (delegates.severity, delegates.value) == (Severity.ERROR, "178")
    launched = next(one for one in to_confirm(root) if "launched last year" in one.value)
    assert str(launched.place) == "templates/2021/letter.html.jinja:81:217"


def test_what_is_changed_is_not_told(written: Path) -> None:
    assert sorted(names(written)) == ["contacts", *LINKS]


def test_what_is_confirmed_is_not_told(root: Path) -> None:
    confirm(root, to_confirm(root))

    assert to_confirm(root) == ()
    assert not [one for one in examine(root, "2021").problems if one.code == "nothing-to-confirm"]


def test_a_copy_is_silent_once_all_is_confirmed(copied: Path) -> None:
    confirm(copied, to_confirm(copied))

    assert to_confirm(copied) == ()


def test_a_confirmation_is_for_its_value_alone(written: Path) -> None:
    confirm(written, to_confirm(written))
    with (written / "data/2021/letter.yaml").open("a", encoding="utf-8") as file:
        file.write("  facts.training.courses: 117\n")
    edit(written / "data/2021/letter.yaml", "courses: 131", "courses: 118")

    [told] = to_confirm(written)
    assert (told.field, told.hint.partition(";")[0]) == (
        "facts.training.courses",
        "117 is confirmed, and it is 118",
    )


def test_a_confirmation_of_nothing_is_a_notice(written: Path) -> None:
    confirm(written, to_confirm(written))
    with (written / "data/2021/letter.yaml").open("a", encoding="utf-8") as file:
        file.write("  facts.training.people: 1400\n  sentences: [Nobody says this in 2021.]\n")

    found = [one for one in examine(written, "2021").problems if one.code == "nothing-to-confirm"]
    assert [one.value for one in found] == ["facts.training.people", "Nobody says this in 2021."]


def write(file: str, text: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")

    return do


def change(old: str, new: str, file: str = "letter.yaml") -> Callable[[Path], None]:
    return lambda root: edit(root / "data/2021" / file, old, new)


def add(words: str, file: str = "letter.html.jinja") -> Callable[[Path], None]:
    """Put some words into a template of both years."""

    def do(root: Path) -> None:
        for year in ("2020", "2021"):
            path = root / "templates" / year / file
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("<h2>", f"{words}\n<h2>", 1), encoding="utf-8")

    return do


def both(*files: tuple[str, ...], text: str) -> Callable[[Path], None]:
    def do(root: Path) -> None:
        for file in files:
            write("/".join(file), text)(root)

    return do


LONG = (
    "We thank the council for its prompt replies, and hope that they will be as prompt in future."
)

#: each kind of thing that a year may have of the one before, and the name that it is told by
KINDS = [
    (change("letter_date: 2021-07-21", "letter_date: 2020-07-22"), "letter_date"),
    (change("date: 2021-07-28", "date: 2020-07-29"), "publication_date"),
    (change("start: 2020-04-01", "start: 2019-04-01"), "period.start"),
    (change("end: 2021-03-31", "end: 2020-03-31"), "period.end"),
    (change("{start: 2020-04-01, end: 2021", "{start: 2019-04-01, end: 2020"), "period"),
    (change("Dana Example", "Michael King"), "signatory.name"),
    (change("places: [York, Exeter]", "places: [London, Bristol, Leeds, Birmingham]"), FACTS[0]),
    (change("courses: 131", "courses: 118"), "facts.training.courses"),
    (change("51, compliance_rate: 98, satisfactory_remedy_rate: 13}\n  met", "45}\n  met"), "peer_averages.district"),
    (change(STATISTICS[MAIDSTONE], "investigations: 11, upheld: 7, compliance_outcomes: 6, complied: 6,"
            " satisfactory_remedies: 1", "statistics.yaml"), f"statistics.{MAIDSTONE}"),
    (add("<p>In 2019 we moved.</p>"), "sentences"),
    (add("<p>We met on 4 May.</p>"), "sentences"),
    (add("<p>We met <b>two</b> of them.</p>"), "sentences"),
    (add("<p>This was new last year.</p>"), "sentences"),
    (add('{% set note = "as they were last year" %}<p>{{ note }}.</p>'), "sentences"),
    (add('<img alt="Our work in 2020" src="x.png">'), "sentences"),
    (add("<p>We met 4 times.</p>", "email.html.jinja"), ""),
    (both(("data/2020/paragraphs", f"{MAIDSTONE}.md"), ("data/2021/paragraphs", f"{MAIDSTONE}.md"), text="Well done."),
     f"paragraphs.{MAIDSTONE}"),
    (both(("data/2020/paragraphs", f"{CALDERDALE}.md"), ("data/2021/paragraphs", f"{MAIDSTONE}.md"), text=LONG),
     f"paragraphs.{MAIDSTONE}"),
    (both(("data/2020/attachments", MAIDSTONE, "cases.txt"), ("data/2021/attachments", CALDERDALE, "list.txt"),
          text="a"), f"attachments.{CALDERDALE}/list.txt"),
    (both(("data/2020/attachments", MAIDSTONE, "cases.txt"), ("private/2021/attachments", MAIDSTONE, "cases.txt"),
          text="a"), f"attachments.{MAIDSTONE}/cases.txt"),
    (both(("data/2020", "SOURCES.md"), ("data/2021", "SOURCES.md"), text="Where it is from.\n"), "sources"),
    (both(("templates/2020", "signature.svg"), ("templates/2021", "signature.svg"), text="<svg/>"), ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "name"),
    KINDS,
    ids=[f"{at}-{name or 'nothing'}" for at, (_, name) in enumerate(KINDS)],
)
def test_no_kind_of_thing_is_missed(
    written: Path, change: Callable[[Path], None], name: str
) -> None:
    before = names(written)
    change(written)

    assert sorted(names(written)) == sorted((*before, *([name] if name else [])))
    confirm(written, to_confirm(written))
    assert to_confirm(written) == ()


def test_another_year_s_words_are_told_one_by_one(written: Path) -> None:
    edit(written / "data/2021/letter.yaml", 'templates: "2021"', 'templates: "2020"')

    assert "templates" in names(written)
    assert names(written).count("sentences") == SENTENCES


def test_the_signature_of_another_person_is_told(written: Path) -> None:
    for year in ("2020", "2021"):
        write(f"templates/{year}/signature.svg", "<svg/>")(written)
        letter = written / f"data/{year}/letter.yaml"
        edit(letter, "  posts:", f"  signature: {year}/signature.svg\n  posts:")

    assert "signatory.signature" in names(written)
    edit(written / "data/2021/letter.yaml", "Dana Example", "Michael King")
    assert "signatory.signature" not in names(written)


def test_words_of_letter_yaml_that_are_of_a_year_are_told(written: Path) -> None:
    for year in ("2020", "2021"):
        edit(written / f"data/{year}/letter.yaml", "upheld in this period", "upheld in 2020")

    assert "measures.satisfactory_remedy_rate.undefined" in names(written)


def test_one_changed_contact_is_enough(written: Path) -> None:
    edit(written / "data/2021/contacts.yaml", "surname: Broom", "surname: Oak")

    assert "contacts" not in names(written)


def test_the_same_counts_of_many_authorities_are_one_line(written: Path) -> None:
    register = (written / "data/authorities.yaml").read_text(encoding="utf-8")
    slugs = [line.partition(":")[0] for line in register.splitlines()[2:15]]
    lines = "".join(f"{slug}: {{{STATISTICS[MAIDSTONE]}}}\n" for slug in slugs)
    for year in ("2020", "2021"):
        with (written / f"data/{year}/statistics.yaml").open("a", encoding="utf-8") as file:
            file.write(lines)

    told = [one for one in to_confirm(written) if one.field.startswith("statistics")]
    assert [(one.field, one.value) for one in told] == [("statistics", "13")]
    confirm(written, to_confirm(written))
    assert to_confirm(written) == ()


def test_a_specimen_is_nobody_s_year_before_and_has_none(copied: Path) -> None:
    edit(copied / "data/2020/letter.yaml", "pages: 3", "pages: 3\nspecimen: true")
    assert to_confirm(copied) == ()
    edit(copied / "data/2020/letter.yaml", "specimen: true", "specimen: false")
    edit(copied / "data/2021/letter.yaml", "pages: 3", "pages: 3\nspecimen: true")
    assert to_confirm(copied) == ()


def test_the_year_before_is_the_last_earlier_one(copied: Path) -> None:
    for name, day in (("2019", "2019-07-22"), ("review", "2018-07-22"), ("2021-b", "2021-07-22")):
        shutil.copytree(copied / "data/2020", copied / "data" / name)
        edit(copied / f"data/{name}/letter.yaml", "letter_date: 2020-07-22", f"letter_date: {day}")

    assert {one.carried_over for one in to_confirm(copied)} == {"2020"}
    assert {one.carried_over for one in to_confirm(copied, "2021-b")} == {"2020"}
    assert {one.carried_over for one in to_confirm(copied, "2019")} == {"review"}
    assert to_confirm(copied, "review") == ()


def test_a_copy_of_a_year_that_is_not_the_last_is_told_of_that_year(written: Path) -> None:
    confirm(written, to_confirm(written))
    for folder in ("data", "templates"):
        shutil.copytree(written / folder / "2020", written / folder / "2022")
    letter = written / "data/2022/letter.yaml"
    edit(letter, "letter_date: 2020-", "letter_date: 2022-")
    edit(letter, "publication_date: 2020-", "publication_date: 2022-")

    told = to_confirm(written, "2022")
    assert {one.carried_over for one in told} == {"2020", "2021"}
    of_2020 = {one.field for one in told if one.carried_over == "2020"}
    assert {
        "period",
        "templates",
        "sources",
        "signatory.name",
        "facts.seminars.delegates",
    } <= of_2020
    assert {"sentences", "peer_averages.district", f"statistics.{MAIDSTONE}"} <= of_2020
    assert "facts.training.more_than_last_year" not in of_2020  # 47 may be so by chance
    confirm(written, told, "2022")
    assert to_confirm(written, "2022") == ()


def test_words_taken_from_another_year_s_template_are_told(written: Path) -> None:
    (written / "templates/2021/letter.html.jinja").write_text(
        '{% extends "2020/letter.html.jinja" %}\n', encoding="utf-8"
    )

    told = [one for one in to_confirm(written) if one.field == "sentences"]
    assert len(told) == SENTENCES
    assert {one.place.file for one in told} == {"templates/2020/letter.html.jinja"}


def test_a_comma_and_a_capital_make_no_other_sentence_and_no_other_name(root: Path) -> None:
    edit(
        root / "templates/2021/letter.html.jinja",
        "Earlier this year, we held",
        "Earlier this Year we held",
    )
    edit(root / "data/2021/letter.yaml", "name: Michael King", "name: Michael KING")

    assert names(root).count("sentences") == SENTENCES
    assert "signatory.name" in names(root)


def test_a_sentence_in_two_templates_is_told_once_with_both_places(root: Path) -> None:
    [told] = [one for one in to_confirm(root) if "below 100%" in one.value]

    assert told.place.file == "templates/2021/letter.html.jinja"
    assert "(they stand in templates/2021/statistics.html.jinja:" in told.hint


def test_confirmations_may_be_entries_of_entries_and_in_any_order(copied: Path) -> None:
    district = "{satisfactory_remedy_rate: 20, compliance_rate: 99.0, uphold_rate: 45}"
    with (copied / "data/2021/letter.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "confirmed:\n  facts: {training: {courses: 118}}\n"
            f"  peer_averages.district: {district}\n"
        )

    assert not {"facts.training.courses", "peer_averages.district"} & set(names(copied))
    found = [one for one in examine(copied, "2021").problems if one.code == "nothing-to-confirm"]
    assert found == []


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("[A word: and more]", "put the whole sentence in quotes"),
        ("Nobody says this.", "delete it"),
        ("[We focus our statistics on those three key areas]", "did you mean "),
    ],
)
def test_a_sentence_confirmed_in_vain_has_a_hint(root: Path, said: str, hint: str) -> None:
    with (root / "data/2021/letter.yaml").open("a", encoding="utf-8") as file:
        file.write(f"confirmed:\n  sentences: {said}\n")

    [told] = [one for one in examine(root, "2021").problems if one.code == "nothing-to-confirm"]
    assert hint in told.hint


def test_the_counts_of_an_authority_are_known_by_its_former_slug(written: Path) -> None:
    edit(written / "data/2020/statistics.yaml", MAIDSTONE, "old-maidstone-council")
    edit(written / "data/2021/statistics.yaml", STATISTICS[MAIDSTONE], "investigations: 11, upheld: 7,"
         " compliance_outcomes: 6, complied: 6, satisfactory_remedies: 1")  # fmt: skip
    edit(written / "data/authorities.yaml", "name: Maidstone Borough Council,",
         "name: Maidstone Borough Council, formerly: [old-maidstone-council],")  # fmt: skip

    assert f"statistics.{MAIDSTONE}" in names(written)


def test_an_earlier_year_that_is_broken_is_read_as_far_as_it_goes(copied: Path) -> None:
    write("data/2020/statistics.yaml", "{[")(copied)
    (copied / "data/2020/contacts.yaml").unlink()

    assert "facts.training.people" in names(copied)
    assert not [name for name in names(copied) if name.startswith(("statistics", "contacts"))]


def test_counts_that_changed_much_are_notices_the_largest_first(written: Path) -> None:
    statistics = written / "data/2021/statistics.yaml"
    edit(statistics, "investigations: 22, upheld: 13", "investigations: 58, upheld: 43")
    edit(statistics, "satisfactory_remedies: 2", "satisfactory_remedies: 5")

    found = [one for one in examine(written, "2021").problems if one.code == "unusual-change"]
    assert [(one.authority, one.field.partition(".")[2], one.value) for one in found] == [
        (MAIDSTONE, "satisfactory_remedies", "5 after 1"),
        (CALDERDALE, "upheld", "43 after 14"),
        (CALDERDALE, "investigations", "58 after 19"),
    ]
    edit(written / "data/2021/letter.yaml", "only:", "unusual_change: 3.06\nonly:")
    found = [one for one in examine(written, "2021").problems if one.code == "unusual-change"]
    assert [one.value for one in found] == ["5 after 1", "43 after 14"]


def test_many_changed_counts_are_one_notice(written: Path) -> None:
    register = (written / "data/authorities.yaml").read_text(encoding="utf-8")
    slugs = [line.partition(":")[0] for line in register.splitlines()[2:15]]
    for year, number in (("2020", 10), ("2021", 40)):
        counts = (
            f"investigations: {number}, upheld: 5, compliance_outcomes: 5, complied: 5,"
            " satisfactory_remedies: 1"
        )
        with (written / f"data/{year}/statistics.yaml").open("a", encoding="utf-8") as file:
            file.writelines(f"{slug}: {{{counts}}}\n" for slug in slugs)
        edit(written / f"data/{year}/letter.yaml", "only: [", f"only: [{', '.join(slugs)}, ")

    found = examine(written, "2021").problems
    [many] = [one for one in found if "unusual" in one.code]
    assert many.sentence.startswith(
        "13 counts are more than 3 times as large or as small as in 2020"
    )
    assert many.value == "13"


def test_check_counts_what_is_to_be_confirmed(written: Path) -> None:
    told = run("check", "2021", "--root", written)

    assert told.exit_code == 1
    assert told.output.splitlines()[-1] == "2021: 4 things of 2020 to confirm"
    confirm(written, to_confirm(written))
    told = run("check", "2021", "--root", written)
    assert (told.exit_code, told.output) == (0, "2021: no problems\n")
    assert counted(to_confirm(written)) == "no problems"
