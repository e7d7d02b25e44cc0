"""How the commands look on a terminal, and that elsewhere they print what programs know."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import click
import click.testing
import pytest

from letters.cli import face
from letters.cli.frame import told
from letters.cli.problems import MOST, held_back, show_problems
from letters.errors import AnsweredError, Place, Problem, Severity
from tests.doing import edit, run
from tests.e2e.terminal import seen

ASHBY, BIRCH = "ashby-district-council", "birch-district-council"
STATISTICS = "data/2024/statistics.yaml"


def problem(severity: Severity, line: int = 1, authority: str = "", hint: str = "") -> Problem:
    place = Place(STATISTICS, line=line, column=2)
    return Problem(place, severity, "code", "it is wrong", hint, authority=authority)


ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a terminal of 80 columns without colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")


def printed(
    capsys: pytest.CaptureFixture[str], *problems: Problem, everything: bool = False
) -> str:
    show_problems(problems, everything=everything)
    return capsys.readouterr().out


def test_notices_and_what_may_follow_from_an_error_wait_for_it() -> None:
    error = problem(ERROR, 3, ASHBY)
    of_the_same = problem(WARNING, 9, ASHBY)
    at_the_place = problem(WARNING, 3)
    other, notice = problem(WARNING, 4, BIRCH), problem(NOTICE, 5, BIRCH)
    assert held_back([notice, of_the_same, error, at_the_place, other]) == [
        notice, of_the_same, at_the_place,
    ]  # fmt: skip
    assert held_back([notice, of_the_same, other]) == []


@pytest.mark.usefixtures("terminal")
def test_the_gravest_come_first_and_what_waits_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ones = (problem(NOTICE, 1), problem(WARNING, 2), problem(ERROR, 3))
    said = printed(capsys, *ones)
    assert re.findall("^(error|warning|notice):", said, re.MULTILINE) == ["error", "warning"]
    assert "held back, for it may follow from the errors: 1 notice\n" in said
    assert "letters check YEAR --all" in said
    all_of_it = printed(capsys, *ones, everything=True)
    assert re.findall("^(error|warning|notice):", all_of_it, re.MULTILINE) == [
        "error", "warning", "notice",
    ]  # fmt: skip
    assert "held back" not in all_of_it


@pytest.mark.usefixtures("terminal")
def test_the_same_in_several_places_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, *(problem(ERROR, line, f"a-{line}") for line in range(1, 12)))
    assert said.count("it is wrong") == 1
    assert "also: a-2 (line 2), a-3 (line 3), a-4 (line 4), a-5 (line 5)," in said
    assert "4 more" in said


@pytest.mark.usefixtures("terminal")
def test_of_very_many_the_first_are_listed_and_the_others_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    many = [problem(ERROR, line, hint=f"{line}") for line in range(1, 61)]
    said = printed(capsys, *many)
    assert said.count("it is wrong") == MOST
    assert f"and {60 - MOST} errors more\n" in said and "--all" in said
    assert printed(capsys, *many, everything=True).count("it is wrong") == 60


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "place",
    [
        Place("data/2024/gone.yaml", line=3, column=7),
        Place("Figures.xlsx", sheet="Figures", line=3, column=7),
        Place("data", line=3),
        Place("", line=1),
        Place("nul\0", line=3),
    ],
)
def test_where_no_line_can_be_quoted_the_sentence_and_the_place_are_told(
    capsys: pytest.CaptureFixture[str], place: Place
) -> None:
    said = printed(capsys, Problem(place, ERROR, "code", "it is wrong", "mend it"))
    assert said.startswith("error: it is wrong\n")
    assert "|" not in said and "hint: mend it\n" in said
    assert (str(place) in said) == bool(place.file)


def test_without_a_terminal_problems_are_the_lines_that_programs_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ones = (problem(NOTICE, 1, hint="mend it"), problem(ERROR, 3))
    assert printed(capsys, *ones) == f"{ones[0]}\n{ones[1]}\n"


def test_a_command_in_an_error_is_as_it_is_typed_here(small_year: Path) -> None:
    @click.command()
    @click.option("--root", type=click.Path(path_type=Path))
    def failing(root: Path) -> None:
        face.complain("first: letters ledger restore 2024")

    said = click.testing.CliRunner().invoke(failing, ["--root", str(small_year)]).stderr
    assert said == f"error: first: letters ledger restore 2024 --root {small_year}\n"


@pytest.mark.parametrize("environment", [{}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}])
def test_a_hint_s_command_can_be_typed_also_in_a_pipe_and_what_is_quoted_stays(
    small_year: Path, environment: dict[str, str]
) -> None:
    said = 'it says "letters check 2024"'

    @click.command()
    @click.option("--root", type=click.Path(path_type=Path))
    def listing(root: Path) -> None:
        one = Problem(Place("a"), ERROR, "code", said, hint="go on with: letters check 2024")
        show_problems([one])

    runner = click.testing.CliRunner(env=environment)
    shown = runner.invoke(listing, ["--root", str(small_year)]).stdout
    assert said in shown
    assert f"hint: go on with: letters check 2024 --root {small_year}\n" in shown


def test_what_others_wrote_is_printed_as_it_is(small_year: Path) -> None:
    foreign = "550 letters send 3 people mad: letters check 2024"

    @click.command()
    @click.option("--root", type=click.Path(path_type=Path))
    def telling(root: Path) -> None:
        face.echo(foreign)
        with told():
            raise AnsweredError(foreign)

    done = click.testing.CliRunner().invoke(telling, ["--root", str(small_year)])
    assert (done.exit_code, done.stdout, done.stderr) == (1, f"{foreign}\n", f"error: {foreign}\n")


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        (
            ("to look at", "approve", "2024"),
            "Next: letters approve 2024 --root {}   (to look at)\n",
        ),
        (("", "build", "2024"), "Next: letters build 2024 --root {}\n"),
        (
            ("mend it, then letters check 2024",),
            "Next: mend it, then letters check 2024 --root {}\n",
        ),
    ],
)
def test_what_to_do_next_is_said_in_a_pipe_too_but_not_below_a_listing(
    small_year: Path, said: tuple[str, ...], printed: str
) -> None:
    @click.command()
    @click.option("--root", type=click.Path(path_type=Path))
    def telling(root: Path) -> None:
        face.next_step(*said)
        face.next_step(*said, listing=True)

    runner = click.testing.CliRunner()
    asked = ["--root", str(small_year)]
    assert runner.invoke(telling, asked).stdout == printed.format(small_year)
    assert runner.invoke(telling, asked, env=SEEN).stdout == 2 * printed.format(small_year)


@pytest.mark.parametrize(
    ("variables", "colours", "face_of_a_terminal"),
    [
        ({}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
    ],
)
def test_colours_can_be_refused_and_asked_for(
    small_year: Path, variables: dict[str, str], colours: bool, face_of_a_terminal: bool
) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 64%")
    said = run("check", "2024", "--root", small_year, env=variables).stdout
    assert ("\x1b[" in said) == colours
    assert said.startswith(STATISTICS) == (not face_of_a_terminal)


def test_on_a_terminal_check_quotes_the_line_with_a_caret_and_says_what_to_do(
    small_year: Path,
) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 64%")
    command = [sys.executable, "-m", "letters", "check", "2024", "--root", str(small_year)]
    for columns in (80, 120):
        status, shown = seen(command, os.environ | {"TERM": "xterm-256color"}, columns)
        assert status == 1
        assert "\x1b[31m" in shown
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
        (marks,) = [line for line in plain if line.endswith("^^^")]
        quoted = plain[plain.index(marks) - 1]
        assert quoted[marks.index("^") : len(marks)] == "64%"
        assert len(quoted) <= columns
        assert plain[0].startswith("error: ")
        assert plain[-1] == f"Next: mend the errors, then letters check 2024 --root {small_year}"


def test_the_places_of_problems_stay_json_for_programs(small_year: Path) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 64%")
    said = run("check", "2024", "--json", "--root", small_year, env={"FORCE_COLOR": "1"}).stdout
    assert json.loads(said)[0]["value"] == "64%"


SEEN = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "80"}


def test_what_stops_a_command_has_the_same_face_and_the_last_line_says_what_to_do(
    small_year: Path,
) -> None:
    edit(small_year / STATISTICS, "upheld: 5", "upheld: 64%")
    done = run("build", "2024", "--root", small_year, env=SEEN)
    assert done.exit_code == 1
    assert done.stderr.startswith("error: ashby-district-council.upheld: expected a whole number")
    assert "^^^\n    hint: write the count" in done.stderr
    assert done.stdout == ""
    assert done.stderr.endswith(
        "error: stopped: 1 error\n"
        f"Next: mend the errors, then letters check 2024 --root {small_year}\n"
    )


def test_letters_that_fail_are_told_with_the_line_of_the_template(small_year: Path) -> None:
    letter = small_year / "templates/2024/letter.html.jinja"
    edit(
        letter, "{{ letter.authority.name }}", "{{ letter.authority.name if 1 else x }}{{ 1 // 0 }}"
    )
    done = run("build", "2024", "--root", small_year, env=SEEN)
    assert done.exit_code == 1
    assert "error: " in done.stderr and " | " in done.stderr


@pytest.mark.usefixtures("terminal")
def test_a_command_in_a_hint_is_in_one_piece_however_long_the_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hint = "what is right as it stands now is recorded, once it was looked at: letters check 2024"
    assert f"    hint: {hint}\n" in printed(capsys, problem(ERROR, hint=hint))
    others = (
        "what is right as it stands now is recorded, once it was looked at by two people at once"
    )
    assert others not in printed(capsys, problem(ERROR, hint=others))
