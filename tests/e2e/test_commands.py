"""The commands as a user types them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

import pytest

from tests.conftest import PROJECT
from tests.doing import edit, run

SCHEMAS = (
    "accepted", "approvals", "authorities", "brand", "contacts", "corrections", "import.lock", "import", "letter",
    "office", "peer_groups", "sent", "statistics",
)  # fmt: skip


def built(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "build" / "2024" / "letters").iterdir())


def test_build_writes_a_pdf_and_an_html_for_each_authority(small_year: Path) -> None:
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 0
    assert result.stdout == f"2024: 3 letters made in {small_year}/build/2024/letters\n"
    slugs = ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
    assert built(small_year) == [f"{slug}.{kind}" for slug in slugs for kind in ("html", "pdf")]


def test_build_makes_only_the_letters_named(small_year: Path) -> None:
    assert run("build", "2024", "birch-district-council", "--root", small_year).exit_code == 0
    assert built(small_year) == ["birch-district-council.html", "birch-district-council.pdf"]


def test_an_unknown_authority_is_a_usage_error_with_a_hint(small_year: Path) -> None:
    result = run("build", "2024", "birch-distrct-council", "--root", small_year)
    assert result.exit_code == 2
    assert 'did you mean "birch-district-council"?' in result.stderr


@pytest.mark.parametrize("command", ["check", "build"])
def test_an_unknown_year_names_the_years_there_are(small_year: Path, command: str) -> None:
    result = run(command, "2023", "--root", small_year)
    assert result.exit_code == 2
    assert "2023" in result.stderr
    assert "2024" in result.stderr


def test_one_bad_letter_does_not_stop_the_others_and_leaves_no_old_file(small_year: Path) -> None:
    run("build", "2024", "--root", small_year)
    letter = small_year / "templates/2024/letter.html.jinja"
    wide = "{% if letter.counts.upheld.value == 3 %}" + "X" * 150 + "{% endif %}"
    edit(letter, "<p>Casework", f"<p>{wide} Casework")
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert "letter.html.jinja:29:44: birch-district-council: " in result.stderr
    assert "is wider than its column" in result.stderr
    assert result.stdout == f"2024: 2 letters made, 1 failed in {small_year}/build/2024/letters\n"
    assert not [name for name in built(small_year) if name.startswith("birch")]


def test_build_refuses_data_with_errors_and_lists_them(small_year: Path) -> None:
    edit(small_year / "data" / "2024" / "statistics.yaml", "upheld: 5", "upheld: 50")
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert "data/2024/statistics.yaml:1:53: error: ashby-district-council.upheld: " in result.stderr
    assert not (small_year / "build").exists()


def test_check_is_silent_but_for_its_count_when_all_is_well(small_year: Path) -> None:
    result = run("check", "2024", "--root", small_year)
    assert (result.exit_code, result.stdout) == (0, "2024: no problems\n")


def test_check_can_print_json(small_year: Path) -> None:
    edit(small_year / "data" / "2024" / "statistics.yaml", "upheld: 5", 'upheld: "5"')
    result = run("check", "2024", "--json", "--root", small_year)
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)
    assert problem == {
        "file": "data/2024/statistics.yaml",
        "line": 1,
        "column": 53,
        "severity": "error",
        "code": "not-a-whole-number",
        "authority": "ashby-district-council",
        "field": "ashby-district-council.upheld",
        "sentence": 'expected a whole number, found "5"',
        "hint": "write it without quotes",
        "value": "5",
    }


def test_check_prints_json_whatever_is_wrong(small_year: Path) -> None:
    (small_year / "templates/base/screen.css").unlink()
    (small_year / "templates/base/common.css").write_bytes(b"\xe9")
    (small_year / "data/office.yaml").write_bytes(b"\x00")
    result = run("check", "2024", "--json", "--root", small_year)
    assert (result.exit_code, result.stderr) == (1, "")
    assert {one["file"] for one in json.loads(result.stdout)} == {
        "data/office.yaml",
        "templates/base/common.css",
        "templates/base/screen.css",
    }

    shutil.copytree(small_year / "data/2024", small_year / "data/2024 b")
    for year, status, code in (("2024 b", 1, "not-a-slug"), ("1999", 2, "no-such-campaign")):
        result = run("check", year, "--json", "--root", small_year)
        assert result.exit_code == status
        assert [one["code"] for one in json.loads(result.stdout)] == [code]


@pytest.mark.parametrize("command", ["build", "verify", "pack", "preview", "approve", "send"])
def test_a_campaign_whose_name_is_no_slug_is_refused_by_every_command(
    small_year: Path, command: str
) -> None:
    (small_year / "data/2024").rename(small_year / "data/2024é")
    result = run(command, "2024é", "--root", small_year)
    assert result.exit_code == 1
    assert "data/2024é:1:1: error: the folder of a campaign is named by a slug" in result.stderr
    assert not (small_year / "build").exists()


def test_check_tells_a_fault_of_a_template_once_with_its_line(small_year: Path) -> None:
    template = small_year / "templates" / "2024" / "letter.html.jinja"
    edit(template, "letter.facts.casework.returned", "letter.facts.casework.retuned")
    line = 1 + template.read_text(encoding="utf-8").split("retuned")[0].count("\n")
    result = run("check", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert result.stdout == (
        f"templates/2024/letter.html.jinja:{line}:98: error: the template uses a name that does not exist:"
        ' there is no "retuned"; did you mean "returned"? (3 letters, first ashby-district-council)\n'
        "2024: 1 error\n"
    )


def test_check_warns_of_a_template_that_names_one_of_another_year(small_year: Path) -> None:
    edit(
        small_year / "templates" / "2024" / "letter.html.jinja",
        "{% block title %}",
        '{# "2020/x.jinja" #}{% block title %}',
    )
    result = run("check", "2024", "--root", small_year)
    assert result.exit_code == 0
    assert (
        'letter.html.jinja:4:5: warning: this is of another year: "2020/x.jinja"' in result.stdout
    )


def test_a_fault_that_letters_share_is_told_once(small_year: Path) -> None:
    edit(
        small_year / "templates" / "2024" / "letter.html.jinja",
        "letter.signatory.name",
        "letter.signatory.nam",
    )
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert result.stderr.count("error:") == 1
    assert (
        "ashby-district-council, birch-district-council, cedar-fire-authority: the template uses"
        in result.stderr
    )


def test_a_full_disk_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "letters", "check", "2020"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            text=True,
        )
    told = (
        f"error: the disk of the output, or of {gettempdir()}, is full: No space left on device\n"
    )
    assert (done.returncode, done.stderr) == (1, told)


def test_a_missing_template_fails_each_letter_with_a_sentence(small_year: Path) -> None:
    (small_year / "templates" / "2024" / "letter.html.jinja").unlink()
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert 'cedar-fire-authority: there is no template "2024/letter.html.jinja"' in result.stderr


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(small_year: Path) -> None:
    (small_year / "build").write_text("a file is in the way")
    result = run("build", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "build" in result.stderr


def test_schema_writes_a_schema_for_each_kind_of_file(small_year: Path) -> None:
    result = run("schema", "--root", small_year)
    assert result.exit_code == 0
    names = sorted(path.name for path in (small_year / "data" / "schema").iterdir())
    assert names == [f"{name}.schema.json" for name in SCHEMAS]


def test_check_tells_broken_templates_beside_broken_data(small_year: Path) -> None:
    edit(small_year / "data/2024/statistics.yaml", "population: 51000", "population: many")
    edit(small_year / "templates/2024/letter.html.jinja", "{% extends", "{% exten")
    result = run("check", "2024", "--root", small_year)
    assert result.exit_code == 1
    assert "cedar-fire-authority.population: expected a whole number" in result.stdout
    assert 'templates/2024/letter.html.jinja:1:4: error: there is no tag "exten"' in result.stdout


def test_verify_of_a_year_that_does_not_exist_names_those_that_do(small_year: Path) -> None:
    result = run("verify", "1999", "--root", small_year)
    assert (result.exit_code, result.stderr) == (
        2,
        'error: there is no campaign "1999" under data/: there is 2024\n',
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("correct", "2024", "--by", "Ada", "--reason"), "--reason needs words, on one line"),
        (("correct", "2024", "--reason", "A.", "--by"), "--by needs words, on one line"),
        (("ledger", "resolve", "2024", "x", "--sent", "--by"), "--by needs words, on one line"),
        (("send", "2024", "x", "--really-send", "--again"), "--again needs words, on one line"),
    ],
)
@pytest.mark.parametrize("text", ["", " ", "Ada\nBob", "Ada\x07"])
def test_words_that_are_kept_are_on_one_line_that_can_be_printed(
    small_year: Path, words: tuple[str, ...], said: str, text: str
) -> None:
    done = run(*words, text, "--root", small_year)
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_an_option_is_no_person_and_no_reason(small_year: Path) -> None:
    for words in (
        ("approve", "2024", "x", "--by", "--all"),
        ("send", "2024", "x", "--again", "-a"),
    ):
        done = run(*words, "--root", small_year)
        assert (done.exit_code, f"needs words, and {words[-1]} is an option" in done.stderr) == (
            2,
            True,
        )
