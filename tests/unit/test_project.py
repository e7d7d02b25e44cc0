"""The promises that the project's own files make to a newcomer."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from letters.cli import main

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced_commands(text: str) -> list[str]:
    """The commands in a Markdown text's code blocks, one a line or joined by &&; a `$` may stand before them."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [
        command.removeprefix("$ ")
        for block in blocks
        for command in re.split(r"\n|\s*&&\s*", block)
    ]


def locked_requirements(lock: str) -> list[str]:
    """Every requirement with its hashes, as one line."""
    lines = read(lock).replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def canonical_name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_no_greeting_stands_in_python() -> None:
    for path in (ROOT / "letters").rglob("*.py"):
        assert "Dear" not in path.read_text(encoding="utf-8"), path


def test_every_make_command_of_the_readme_is_a_target() -> None:
    commands = [
        command for command in fenced_commands(read("README.md")) if command.startswith("make ")
    ]
    words = {word for command in commands for word in shlex.split(command, comments=True)[1:]}
    asked_for = {word for word in words if "=" not in word}
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert {"letters", "test"} <= asked_for <= targets


def test_every_letters_command_of_the_readme_exists() -> None:
    pattern = re.compile(r"(?:\S*/)?(?:python3? -m )?letters ([a-z]+)")
    matches = [pattern.match(command) for command in fenced_commands(read("README.md"))]
    assert {match[1] for match in matches if match} <= set(main.commands)


def test_every_make_target_for_a_person_is_in_the_help() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)
    listed = re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE)
    assert phony is not None
    assert {*listed, "year"} == set(phony[1].split())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_one_version_and_a_hash(lock: str) -> None:
    pinned_and_hashed = re.compile(r"[^ ]+==[^ *]+ .*--hash=sha256:[0-9a-f]{64}")
    requirements = locked_requirements(lock)
    assert (
        requirements and [line for line in requirements if not pinned_and_hashed.match(line)] == []
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_name_no_address_and_no_place_to_download_from(lock: str) -> None:
    telltale = re.compile(r"://|--(?:extra-)?index|--find-links|file:| @ | /\w")
    assert [line for line in read(lock).splitlines() if telltale.search(line)] == []


def test_every_direct_dependency_is_locked() -> None:
    pyproject = tomllib.loads(read("pyproject.toml"))
    groups = pyproject["dependency-groups"]
    direct = [*pyproject["project"]["dependencies"], *groups["build"], *groups["dev"]]
    assert groups["build"] == pyproject["build-system"]["requires"]
    locked = {canonical_name(line) for lock in LOCKS for line in locked_requirements(lock)}
    assert {canonical_name(requirement) for requirement in direct} <= locked


def test_the_two_locks_agree_on_versions() -> None:
    runtime, development = (
        {line.split()[0] for line in locked_requirements(lock)} for lock in LOCKS
    )
    names = {canonical_name(line) for line in runtime}
    assert {line for line in development if canonical_name(line) in names} <= runtime


def test_the_code_and_the_fonts_come_with_their_licences() -> None:
    assert "MIT License" in read("LICENSE")
    assert [
        path.name
        for path in (ROOT / "templates/base/fonts").iterdir()
        if "LICENSE" in path.name.upper()
    ]
