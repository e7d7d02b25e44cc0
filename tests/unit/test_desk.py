"""What the preview shows while files change, and who is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from letters.check import Findings, Gathering
from letters.errors import Place, Problem, Severity
from letters.preview.desk import Desk, Shown, View
from letters.preview.edition import NOTHING_KNOWN, read_now
from tests.conftest import put_small_year
from tests.doing import edit

ASHBY, BIRCH, CEDAR = ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
STATISTICS, TEMPLATE = "data/2024/statistics.yaml", "templates/2024/letter.html.jinja"
LIMIT = 30.0  #: seconds for what takes a fraction of one


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> View:
    """The small year as it is, looked through; it can be shown without its files."""
    root = put_small_year(tmp_path_factory.mktemp("sound"))
    return look(desk_at(root))


def desk_at(root: Path, view: View | None = None) -> Desk:
    """A desk that has read nothing yet, or one with the view of before."""
    desk = Desk(root, "2024", "start")
    desk.view = view or desk.view
    return desk


async def looked_through(desk: Desk) -> View:
    await desk.refresh()
    await desk.settled(LIMIT)
    return desk.view


def look(desk: Desk) -> View:
    """The view once the files have been read and all letters looked through."""
    return asyncio.run(looked_through(desk))


def letter(desk: Desk, slug: str) -> Shown:
    shown = asyncio.run(desk.letter(slug))
    assert shown is not None
    return shown


def html(shown: Shown) -> str:
    assert shown.draft is not None
    return shown.draft.html.decode()


def places(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem.place) for problem in problems]


def fails_for(root: Path, slug: str) -> None:
    """The template names something that does not exist, in the letter of one authority alone."""
    code = f'{{% if letter.slug == "{slug}" %}}{{{{ letter.nothing }}}}{{% endif %}}<h1>'
    edit(root / TEMPLATE, "<h1>", code)


def test_before_anything_is_read_there_is_nothing_to_show(small_year: Path) -> None:
    desk = desk_at(small_year)
    assert (desk.view.shown, desk.view.survey, desk.view.problems) == (None, None, ())
    assert asyncio.run(desk.letter(ASHBY)) is None


def test_sound_files_are_shown_looked_through_and_kept_as_the_last_sound_ones(sound: View) -> None:
    assert sound.edition is not None
    assert sound.shown is sound.sound is sound.edition
    assert sound.survey is not None
    assert [*sound.survey.fingerprints] == [ASHBY, BIRCH, CEDAR]
    assert sound.errors == ()


def test_letters_can_be_seen_before_all_have_been_looked_through(small_year: Path) -> None:
    desk = desk_at(small_year)
    asyncio.run(desk.refresh())
    assert desk.view.shown is not None
    assert (desk.view.survey, desk.view.sound) == (None, None)
    assert "Dear Mr Oak" in html(letter(desk, ASHBY))


def test_waiting_for_all_letters_has_a_limit(small_year: Path) -> None:
    desk = desk_at(small_year)

    async def impatient() -> None:
        await desk.settled(LIMIT)  # nothing is under way
        await desk.refresh()
        await desk.settled(0)

    asyncio.run(impatient())
    assert desk.view.edition is not None
    assert desk.view.survey is None


def test_a_change_of_the_files_shows_in_the_letters(small_year: Path, sound: View) -> None:
    desk = desk_at(small_year, sound)
    assert "Dear Mr Oak" in html(letter(desk, ASHBY))
    edit(small_year / "data/2024/contacts.yaml", "Oak", "Ash")
    asyncio.run(desk.refresh())
    assert "Dear Mr Ash" in html(letter(desk, ASHBY))


def test_the_letter_is_the_one_that_a_build_would_make(small_year: Path, sound: View) -> None:
    edition = read_now(small_year, "2024").edition
    assert edition is not None
    assert letter(desk_at(small_year, sound), CEDAR).draft == edition.draft(CEDAR)


def test_broken_data_show_their_errors_above_the_letters_of_before(
    small_year: Path, sound: View
) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    desk = desk_at(small_year, sound)
    broken = look(desk)
    assert broken.edition is None
    assert broken.shown is broken.sound is sound.edition
    assert places(broken.errors) == [f"{STATISTICS}:1:53"]
    assert "5 upheld decisions" in html(letter(desk, ASHBY))
    assert broken.survey is not None and sound.survey is not None
    assert broken.survey.fingerprints == sound.survey.fingerprints


def test_mended_data_show_the_letters_of_now(small_year: Path, sound: View) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    desk = desk_at(small_year, sound)
    asyncio.run(desk.refresh())
    edit(small_year / STATISTICS, "upheld: 15", "upheld: 6")
    mended = look(desk)
    assert mended.errors == ()
    assert mended.shown is mended.sound is mended.edition is not sound.edition
    assert "6 upheld decisions" in html(letter(desk, ASHBY))


def test_data_that_were_never_sound_show_their_errors_and_no_letter(small_year: Path) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    desk = desk_at(small_year)
    view = look(desk)
    assert (view.shown, view.survey) == (None, None)
    assert places(view.errors) == [f"{STATISTICS}:1:53"]
    assert asyncio.run(desk.letter(ASHBY)) is None


def test_files_that_are_gone_leave_what_was_shown(small_year: Path, sound: View) -> None:
    for folder in ("data", "templates"):
        shutil.rmtree(small_year / folder)
    desk = desk_at(small_year, sound)
    view = look(desk)
    assert view.edition is None
    assert [one.code for one in view.errors] == ["no-such-campaign"]
    assert "Dear Managing Director" in html(letter(desk, BIRCH))


def test_a_letter_whose_template_fails_is_as_it_last_was_and_the_others_are_of_now(
    small_year: Path, sound: View
) -> None:
    edit(small_year / TEMPLATE, "<h1>Annual letter", "<h1>Changed letter")
    fails_for(small_year, BIRCH)
    desk = desk_at(small_year, sound)
    view = look(desk)
    birch, ashby = letter(desk, BIRCH), letter(desk, ASHBY)
    assert view.shown is view.edition is not view.sound
    assert birch.edition is view.sound is sound.edition
    assert "<h1>Annual letter 2024" in html(birch)
    (fault,) = birch.faults
    assert (fault.place, fault.authority) == (Place(TEMPLATE, 12, 59), BIRCH)
    assert 'there is no "nothing"' in fault.sentence
    assert (ashby.edition, ashby.faults) == (view.edition, ())
    assert "<h1>Changed letter 2024" in html(ashby)
    assert view.errors[0].place == fault.place


def test_a_letter_that_was_never_sound_has_nothing_but_its_fault(small_year: Path) -> None:
    fails_for(small_year, BIRCH)
    desk = desk_at(small_year)
    view = look(desk)
    assert view.sound is None
    birch = letter(desk, BIRCH)
    assert (birch.edition, birch.draft) == (view.edition, None)
    (fault,) = birch.faults
    assert fault.place == Place(TEMPLATE, 12, 59)


def test_what_has_an_error_in_a_template_does_not_become_the_last_sound_edition(
    small_year: Path, sound: View
) -> None:
    fails_for(small_year, BIRCH)
    desk = desk_at(small_year, sound)
    assert look(desk).sound is sound.edition
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
    asyncio.run(desk.refresh())
    assert desk.view.shown is sound.edition


def test_an_authority_that_has_just_come_has_no_letter_of_before(
    small_year: Path, sound: View
) -> None:
    for file, entry in (
        ("data/authorities.yaml", "{name: Oak Council, peer_group: district}"),
        ("data/2024/contacts.yaml", "{chief_executive: {email: oak@oak.example}}"),
        (STATISTICS, "{investigations: 2, upheld: 1, remedied: 1, population: 5000}"),
    ):
        text = (small_year / file).read_text()
        (small_year / file).write_text(f"{text}oak-council: {entry}\n")
    fails_for(small_year, "oak-council")
    desk = desk_at(small_year, sound)
    asyncio.run(desk.refresh())
    oak = letter(desk, "oak-council")
    assert oak.draft is None
    assert [fault.authority for fault in oak.faults] == ["oak-council"]


def test_an_authority_that_there_is_not_has_no_letter(small_year: Path, sound: View) -> None:
    assert asyncio.run(desk_at(small_year, sound).letter("oak-council")) is None


def test_problems_are_in_the_order_of_the_files_whatever_found_them(sound: View) -> None:
    def problem(file: str, line: int, severity: Severity) -> Problem:
        return Problem(Place(file, line), severity, "odd", "it is odd")

    data = (problem("data/b.yaml", 2, Severity.WARNING), problem("templates/x", 9, Severity.ERROR))
    found = (problem("data/a.yaml", 7, Severity.ERROR), problem("templates/x", 3, Severity.NOTICE))
    now = Gathering(sound.edition, Findings(data))
    view = View("1", now, survey=replace(NOTHING_KNOWN, problems=found))
    assert places(view.problems) == [
        "data/a.yaml:7:1",
        "data/b.yaml:2:1",
        "templates/x:3:1",
        "templates/x:9:1",
    ]
    assert places(view.errors) == ["data/a.yaml:7:1", "templates/x:9:1"]


def test_of_two_changes_one_after_the_other_the_letters_of_the_second_are_looked_through(
    small_year: Path,
) -> None:
    desk = desk_at(small_year)

    async def hurried() -> None:
        await desk.refresh()
        fails_for(small_year, BIRCH)
        await looked_through(desk)

    asyncio.run(hurried())
    assert desk.view.survey is not None
    assert [*desk.view.survey.fingerprints] == [ASHBY, CEDAR]
    assert places(desk.view.errors) == [f"{TEMPLATE}:12:59"]


def builds_of(desk: Desk, doing: Callable[[], Awaitable[object]], listeners: int = 1) -> list[str]:
    """The builds that listeners are told of, all the same ones, until the desk closes.

    They listen before something is done, and are told of the present build at once.
    """

    async def told() -> list[list[str]]:
        builds = [desk.builds() for _ in range(listeners)]
        heard = [[await anext(one)] for one in builds]
        await doing()
        desk.close()
        for one, its in zip(builds, heard, strict=True):
            its += [build async for build in one]
        return heard

    one, *others = asyncio.run(told())
    assert others == [one] * (listeners - 1)
    return one


def test_every_listener_is_told_the_present_build_and_each_that_follows(small_year: Path) -> None:
    desk = desk_at(small_year)

    async def read_then_break() -> None:
        await looked_through(desk)
        edit(small_year / STATISTICS, "upheld: 5", "upheld: 15")
        await desk.refresh()

    told = builds_of(desk, read_then_break, listeners=2)
    assert len(set(told)) == 4, "at first, the files, what the letters tell, the errors"
    assert len(told) == 4
    assert told[-1] == desk.view.build


def test_letters_that_are_as_they_were_are_told_of_once(small_year: Path, sound: View) -> None:
    desk = desk_at(small_year, sound)
    told = builds_of(desk, lambda: looked_through(desk))
    assert len(told) == 2, "before, and the files; the letters tell nothing new"
    assert desk.view.sound is desk.view.edition is not sound.edition


def test_what_letters_tell_when_they_are_looked_through_is_told_of(
    small_year: Path, sound: View
) -> None:
    fails_for(small_year, BIRCH)
    desk = desk_at(small_year, sound)
    assert len(builds_of(desk, lambda: looked_through(desk))) == 3


def test_something_beside_the_files_can_be_told_of(small_year: Path, sound: View) -> None:
    desk = desk_at(small_year, sound)

    async def tell() -> None:
        desk.tell()

    assert builds_of(desk, tell) == [sound.build, desk.view.build]
    assert desk.view.build != sound.build
    assert (desk.view.edition, desk.view.survey) == (sound.edition, sound.survey)


def test_who_has_left_hinders_nobody(small_year: Path) -> None:
    desk = desk_at(small_year)

    async def leave_and_tell() -> None:
        async for _ in (left := desk.builds()):
            break
        del left
        desk.tell()

    assert len(builds_of(desk, leave_and_tell)) == 2


def test_the_builds_of_two_runs_of_the_preview_differ(small_year: Path) -> None:
    one, other = (Desk(small_year, "2024", start) for start in ("one", "other"))
    assert one.view.build != other.view.build
