"""Where every letter stands, as people and as programs read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.doing import edit, run
from tests.paper import put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


@pytest.fixture
def built(small_year: Path) -> Path:
    put_on_paper(small_year)
    return small_year


def test_each_stage_has_its_count_and_what_is_wanted_is_named_with_the_next_command(
    built: Path,
) -> None:
    assert run("approve", "2024", ASHBY, BIRCH, "--by", "Ada", "--root", built).exit_code == 0
    edit(built / "data/office.yaml", "answers@office", "other@office")
    done = run("status", "2024", "--root", built)
    assert done.exit_code == 0
    *told, last = done.stdout.splitlines()
    assert told == [
        "2024: 3 letters",
        "",
        "     0  to mend",
        "     3  to approve",
        "     0  ready",
        "     0  sent",
        "",
        "to approve",
        f"    {ASHBY}  changed since approved",
        f"    {BIRCH}  changed since approved",
        f"    {CEDAR}",
        "",
    ]
    assert last.startswith("Next: ")
    assert last.endswith(f" approve 2024 --root {built}   (3 letters to look at and approve)")


def test_all_letters_of_one_stage_can_be_asked_for(built: Path) -> None:
    done = run("status", "2024", "--stage", "to-approve", "--root", built)
    assert done.stdout == f"2024: 3 to approve\n    {ASHBY}\n    {BIRCH}\n    {CEDAR}\n"


def test_programs_can_ask_for_the_letters_of_one_stage(built: Path) -> None:
    assert run("approve", "2024", ASHBY, "--by", "Ada", "--root", built).exit_code == 0
    said = json.loads(run("status", "2024", "--stage", "ready", "--json", "--root", built).stdout)
    assert [one["authority"] for one in said["letters"]] == [ASHBY]
    assert (said["counts"]["ready"], said["counts"]["to-approve"]) == (1, 2)


def test_a_stage_that_is_none_is_told_with_those_that_are(built: Path) -> None:
    done = run("status", "2024", "--stage", "approved", "--root", built)
    assert done.exit_code == 2
    assert 'there is no stage "approved": say one of to-mend, to-build,' in done.stderr
    near = run("status", "2024", "--stage", "redy", "--root", built).stderr
    assert near.rstrip().endswith('published; did you mean "ready"?')


def test_programs_read_each_letter_s_stage_and_the_next_command(built: Path) -> None:
    done = run("status", "2024", "--json", "--root", built)
    said = json.loads(done.stdout)
    assert said["counts"]["to-approve"] == 3
    assert said["next"]["command"] == ["approve", "2024"]
    assert said["letters"][0] == {
        "authority": ASHBY,
        "name": "Ashby District Council",
        "stage": "to-approve",
        "why": "",
        "parts": [],
        "standing": "new",
    }


def test_while_data_has_errors_the_next_command_lists_them(built: Path) -> None:
    (built / "data/2024/statistics.yaml").write_text("ashby-district-council: 7\n")
    done = run("status", "2024", "--root", built)
    assert done.exit_code == 1
    assert "where letters stand shows once they are mended" in done.stdout
    assert "    ashby-district-council  " in done.stdout, "whose error it is"
    assert "check 2024" in done.stdout.splitlines()[-1]
    said = json.loads(run("status", "2024", "--json", "--root", built).stdout)
    assert (said["letters"], said["next"]["command"]) == ([], ["check", "2024"])


def test_a_year_that_does_not_exist_is_wrong_usage(built: Path) -> None:
    assert run("status", "2031", "--root", built).exit_code == 2


def test_a_letter_whose_pages_failed_is_to_mend_until_it_is_built(small_year: Path) -> None:
    template = small_year / "templates/2024/letter.html.jinja"
    short = template.read_text()
    words = f"<p>{'word ' * 3000}</p>"
    edit(template, "<h1>", f"{{% if not letter.authority.peer_group %}}{words}{{% endif %}}<h1>")
    failed = run("build", "2024", "--root", small_year, "--jobs", "1")
    assert failed.exit_code == 1
    told = run("status", "2024", "--root", small_year).stdout
    assert "     1  to mend\n     2  to approve\n" in told
    assert f"    {CEDAR}  it has" in told and "pages, but 2 are allowed" in told
    assert " build 2024 " in told.splitlines()[-1]
    template.write_text(short)
    assert run("build", "2024", "--root", small_year, "--jobs", "1").exit_code == 0
    assert not (small_year / "build/2024/failures.json").exists()
    assert "     3  to approve" in run("status", "2024", "--root", small_year).stdout
