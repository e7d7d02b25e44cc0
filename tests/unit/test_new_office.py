"""An office's own folder: what is in it, and which engine it uses."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest

from letters.campaign.load import examine, load
from letters.campaign.new_office import new_office
from letters.errors import CampaignError
from letters.packaged import packaged
from tests.conftest import PROJECT
from tests.doing import run


@pytest.fixture
def office(tmp_path: Path) -> Path:
    new_office(tmp_path / "office", "/engines/letter_engine.whl")
    return tmp_path / "office"


def test_it_has_one_sample_authority_the_register_and_a_first_year(office: Path) -> None:
    campaign = load(office, "2020")

    assert list(campaign.statistics) == ["maidstone-borough-council"]
    assert list(campaign.contacts) == ["maidstone-borough-council"]
    assert len(campaign.register) == 350
    assert campaign.peer_groups == ("county", "district", "metropolitan", "unitary", "london")
    assert examine(office, "2020").problems == ()
    assert not (office / "templates/base").exists()  # it is the engine's


def test_its_check_finds_nothing(office: Path) -> None:
    assert run("check", "2020", "--root", office).output == "2020: no problems\n"


def test_what_is_private_is_ignored_by_git_and_there(office: Path) -> None:
    ignored = (office / ".gitignore").read_text(encoding="utf-8").split()

    assert {"/private/", "/build/", "/records/", "/.venv/", "/docs"} <= set(ignored)
    assert (office / "private").is_dir()


def test_its_makefile_names_the_engine_and_has_the_targets_of_an_office(tmp_path: Path) -> None:
    new_office(tmp_path / "a", "https://engines.example/v2#egg=x")
    text = (tmp_path / "a/Makefile").read_text(encoding="utf-8")

    assert r"ENGINE := https://engines.example/v2\#egg=x" in text
    targets, own = (
        set(re.findall(r"^([a-z-]+):", one, re.MULTILINE))
        for one in (text, (PROJECT / "Makefile").read_text(encoding="utf-8"))
    )
    developers = {"test", "lint", "hooks", "format", "goldens", "pictures", "bench", "lock"}
    assert targets - {"engine"} == own - developers


def test_no_file_of_it_names_this_machine(office: Path) -> None:
    for path in office.rglob("*"):
        if path.is_file():
            assert str(PROJECT) not in path.read_text(encoding="utf-8"), path


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(CampaignError, match=r"is not empty: it holds notes\.txt"):
        new_office(tmp_path, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_git_has_begun_will_do(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert "Makefile" in new_office(tmp_path, "x")


def test_all_that_an_office_is_begun_with_comes_with_the_wheel() -> None:
    pyproject = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    source = (PROJECT / "letters/campaign/new_office.py").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:packaged|_text)\(f?"([^"{]*)', source))
    inside = re.findall(r'^"([^"]+)" = "letters/', pyproject, re.MULTILINE)

    assert named
    for name in named:
        assert any(one.startswith(name.rstrip("/")) or name.startswith(one) for one in inside), name
    for name in inside:
        assert packaged(name).exists(), name


def init(folder: Path, *arguments: str) -> tuple[int, str]:
    told = run("init", folder, *arguments)
    return told.exit_code, told.output


@pytest.mark.parametrize(
    "engine", ["https://engines.example/e.whl", "git+https://engines.example/e.git@v2"]
)
def test_an_address_is_taken_as_it_is(tmp_path: Path, engine: str) -> None:
    assert init(tmp_path / "office", "--engine", engine)[0] == 0
    assert f"ENGINE := {engine}\n" in (tmp_path / "office/Makefile").read_text(encoding="utf-8")


def test_a_wheel_is_named_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "e.whl").write_bytes(b"PK")
    monkeypatch.chdir(tmp_path)

    assert init(tmp_path / "office", "--engine", "e.whl")[0] == 0
    assert f"ENGINE := {tmp_path}/e.whl\n" in (tmp_path / "office/Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("", "there is no engine at"),
        ("folder", "holds no engine: there is no pyproject.toml in it"),
        ("file", "the engine is a wheel, a folder or an address"),
    ],
)
def test_what_is_no_engine_is_a_usage_error(tmp_path: Path, made: str, sentence: str) -> None:
    engine = tmp_path / "engine"
    if made == "folder":
        engine.mkdir()
    elif made:
        engine.write_text("x")
    status, told = init(tmp_path / "office", "--engine", str(engine))

    assert (status, sentence in told) == (2, True)
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize("sign", list("$`\"'\\"))
def test_a_name_that_a_makefile_cannot_hold_is_refused(tmp_path: Path, sign: str) -> None:
    status, told = init(tmp_path / "office", "--engine", f"https://engines.example/{sign}(id)")

    assert (status, "a Makefile cannot hold this engine's name" in told) == (2, True)


def test_an_engine_from_a_repository_is_named_with_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vcs = {"vcs": "git", "commit_id": "abc"}
    told = json.dumps({"url": "https://git.example/e.git", "vcs_info": vcs, "subdirectory": "py"})

    class Known:
        @staticmethod
        def read_text(name: str) -> str:
            return told

    monkeypatch.setattr("letters.cli.engine.distribution", lambda name: Known)
    assert init(tmp_path / "office")[0] == 0
    engine = r"git+https://git.example/e.git@abc\#subdirectory=py"
    assert f"ENGINE := {engine}\n" in (tmp_path / "office/Makefile").read_text("utf-8")


def test_without_a_name_it_is_the_engine_that_runs(tmp_path: Path) -> None:
    told = metadata.distribution("letter-engine").read_text("direct_url.json")
    assert told
    assert init(tmp_path / "office")[0] == 0
    engine = json.loads(told)["url"].removeprefix("file://")
    assert f"ENGINE := {engine}\n" in (tmp_path / "office/Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (None, "nobody knows where"),
        ('{"url": "file:///gone/e.whl"}', "came from /gone/e.whl, which is gone"),
    ],
)
def test_where_the_running_engine_came_from_may_be_unknown_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str | None, sentence: str
) -> None:
    class Unknown:
        @staticmethod
        def read_text(name: str) -> str | None:
            return told

    monkeypatch.setattr("letters.cli.engine.distribution", lambda name: Unknown)
    status, said = init(tmp_path / "office")
    assert (status, sentence in said) == (2, True)
