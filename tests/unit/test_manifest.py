"""The manifest: what is read is what a build wrote, or it is told; files are removed by what it names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.batch.manifest import (
    FORMAT,
    Entry,
    Journal,
    Manifest,
    Setting,
    read_manifest,
    unfinished,
    write_manifest,
)
from letters.errors import BuildError

DAMAGED = "is none of ours, or damaged; delete it and build again"
SHARED = "5" * 64  #: digest of the setting
SETTING = Setting({"WeasyPrint": "70.0"}, {"a.jinja": "1"}, {"a.css": "2"}, {"pages": "2"})
STATISTICS: Mapping[str, Any] = {
    "authority": {"slug": "ashby", "peer_group": None},
    "counts": {"upheld": 3},
}
ASHBY = Entry("ashby", "a" * 64, "b" * 64, 2, 900, "c" * 64, SHARED, STATISTICS, "d" * 64, "")
BIRCH = replace(ASHBY, slug="birch", pages=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A year's folder with a manifest of two letters."""
    folder = tmp_path / "2024"
    folder.mkdir()
    manifest = Manifest({"birch": BIRCH, "ashby": ASHBY}, {SHARED: SETTING})
    write_manifest(folder, "2024", manifest, ("ashby", "birch"))
    return folder


def change(folder: Path, what: Callable[[Any], object]) -> None:
    """Change the document in the manifest, as somebody with an editor does."""
    document = json.loads((folder / "manifest.json").read_text())
    what(document)
    (folder / "manifest.json").write_text(json.dumps(document))


def change_first(folder: Path, **values: Any) -> None:
    change(folder, lambda document: document["letters"][0].update(values))


def test_what_is_written_is_read(folder: Path) -> None:
    assert read_manifest(folder) == Manifest({"ashby": ASHBY, "birch": BIRCH}, {SHARED: SETTING})
    assert json.loads((folder / "manifest.json").read_text())["format"] == FORMAT


def test_nothing_there_is_an_empty_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == Manifest()


def test_the_journal_adds_to_the_manifest_until_it_is_written_anew(folder: Path) -> None:
    assert not unfinished(folder)
    with Journal(folder, "6" * 64, SETTING) as journal:
        journal.add(replace(ASHBY, pages=4, setting="6" * 64))
    assert unfinished(folder)
    manifest = read_manifest(folder)
    assert manifest.letters["ashby"].pages == 4
    assert manifest.settings.keys() == {SHARED, "6" * 64}
    write_manifest(folder, "2024", manifest, ())
    assert not unfinished(folder)
    assert read_manifest(folder) == manifest


@pytest.mark.parametrize(
    "values",
    [
        {"slug": "../../../victim"},
        {"slug": "/etc/victim"},
        {"slug": ""},
        {"slug": None},
        {"slug": "Ashby"},
        {"sha256": "a" * 63},
        {"sha256": "../" * 21 + "a"},
        {"html_sha256": 5},
        {"pages": "3"},
        {"pages": 3.0},
        {"pages": True},
        {"pages": -1},
        {"bytes": None},
        {"statistics": []},
        {"statistics": {"counts": {"upheld": [3]}}},
        {"statistics": {"a": {"b": {"c": {"d": 1}}}}},
        {"statistics": {"half": "\ud83d"}},
        {"fingerprint": 7},
        {"setting": None},
        {"remark": "of mine"},
    ],
    ids=str,
)
def test_a_letter_otherwise_than_a_build_writes_it_is_damage(
    folder: Path, values: dict[str, Any]
) -> None:
    change_first(folder, **values)
    with pytest.raises(BuildError, match=f"manifest.json {DAMAGED}"):
        read_manifest(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"letters": {}},
        {"letters": "ashby"},
        {"letters": [[]]},
        {"letters": None},
        {"settings": []},
        {"settings": {"of today": {}}},
        {"settings": {SHARED: {"engine": {}}}},
        {"settings": {SHARED: {"engine": [], "templates": {}, "stationery": {}, "letter": {}}}},
        {"format": "2"},
        {"format": True},
        {"format": 0},
        {"format": None},
        {"remark": "of mine"},
    ],
    ids=str,
)
def test_a_manifest_otherwise_than_a_build_writes_it_is_damage(
    folder: Path, values: dict[str, Any]
) -> None:
    change(folder, lambda document: document.update(values))
    with pytest.raises(BuildError, match=f"manifest.json {DAMAGED}"):
        read_manifest(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]",
        b"{}",
        b"null",
        b"letters",
        b"\xff\xfe",
        b"9" * 5000,
    ],
    ids=lambda content: repr(content[:9]),
)
@pytest.mark.parametrize("name", ["manifest.json", "manifest.journal"])
def test_what_is_no_manifest_at_all_is_damage(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content + b"\n")
    with pytest.raises(BuildError, match=f"{name} {DAMAGED}"):
        read_manifest(tmp_path)


@given(
    content=st.binary(max_size=60)
    | st.text(alphabet='[]{}"format:2, slug', max_size=40).map(str.encode)
)
def test_whatever_a_manifest_holds_it_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("manifest.json", "manifest.journal"):
        (folder / name).write_bytes(content)
        try:
            assert read_manifest(folder).letters == {}
        except BuildError:
            (folder / name).unlink()


def journal(folder: Path) -> list[str]:
    """The lines of a journal with one letter."""
    with Journal(folder, SHARED, SETTING) as written:
        written.add(replace(ASHBY, pages=4))
    return (folder / "manifest.journal").read_text().splitlines(keepends=True)


def test_a_torn_last_line_of_the_journal_is_a_letter_not_built(folder: Path) -> None:
    first, second = journal(folder)
    for length in range(len(second) - 1):
        (folder / "manifest.journal").write_text(first + second[:length])
        assert read_manifest(folder).letters["ashby"].pages == 2
    (folder / "manifest.journal").write_bytes(first.encode() + bytes(4096))  # after a power cut
    assert read_manifest(folder).letters["ashby"].pages == 2
    (folder / "manifest.journal").write_text(first[:20])
    assert read_manifest(folder).letters.keys() == {"ashby", "birch"}


def test_a_line_separator_in_a_name_ends_no_line_of_the_journal(folder: Path) -> None:
    named = replace(ASHBY, statistics={"name": "Ashby\u2028Council"})
    with Journal(folder, SHARED, SETTING) as written:
        written.add(named)
    assert read_manifest(folder).letters["ashby"] == named


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        '{"slug": "ashby"}',
        json.dumps({**asdict(ASHBY), "slug": "../../../victim"}),
        json.dumps({**asdict(ASHBY), "pages": "3"}),
        "[" * 100_000,
    ],
    ids=lambda line: line[:20],
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_whole_line_of_the_journal_that_no_build_writes_is_damage(
    folder: Path, line: str, end: str
) -> None:
    journal(folder)
    with (folder / "manifest.journal").open("a") as file:
        file.write(line + end)
    with pytest.raises(BuildError, match=f"manifest.journal {DAMAGED}"):
        read_manifest(folder)


def test_a_torn_line_with_others_behind_it_is_damage(folder: Path) -> None:
    first, second = journal(folder)
    (folder / "manifest.journal").write_text(first + second[:40] + "\n" + second)
    with pytest.raises(BuildError, match=f"manifest.journal {DAMAGED}"):
        read_manifest(folder)


def as_before(document: Any) -> None:
    """As versions wrote it that knew no formats."""
    del document["format"]


def test_a_manifest_of_an_older_format_names_letters_and_knows_none(folder: Path) -> None:
    change(folder, as_before)
    assert read_manifest(folder) == Manifest(outdated=("ashby", "birch"))


def test_an_older_format_may_hold_anything_and_only_slugs_count(folder: Path) -> None:
    change_first(folder, slug="../../../victim", pages="3", remark=[])
    change(folder, as_before)
    assert read_manifest(folder).outdated == ("birch",)


def test_a_journal_of_an_older_format_names_letters_and_knows_none(folder: Path) -> None:
    heading, line = journal(folder)
    old = {name: value for name, value in json.loads(heading).items() if name != "format"}
    (folder / "manifest.journal").write_text(json.dumps(old) + "\n" + line)
    manifest = read_manifest(folder)
    assert manifest.outdated == ("ashby",)
    assert manifest.letters["ashby"] == ASHBY


@pytest.mark.parametrize("name", ["manifest.json", "manifest.journal"])
def test_a_newer_format_is_told(folder: Path, name: str) -> None:
    journal(folder)
    path = folder / name
    path.write_text(path.read_text().replace('"format": 2', '"format": 3'))
    sentence = f"{name} is of format 3, and this version of letters knows 2: use the newer version"
    with pytest.raises(BuildError, match=sentence):
        read_manifest(folder)


def test_a_wrong_year_or_total_is_told_and_written_right_again(folder: Path) -> None:
    path = folder / "manifest.json"
    right = path.read_text()
    change(
        folder,
        lambda document: document.update(
            year="2023", totals={"letters": 2, "pages": "5", "bytes": 1800.0}
        ),
    )
    manifest = read_manifest(folder)
    assert manifest.misstated == (
        f'{path}: year is "2023", and "2024" is right',
        f'{path}: totals.pages is "5", and 5 is right',
        f"{path}: totals.bytes is 1800.0, and 1800 is right",
    )
    assert manifest.letters == {"ashby": ASHBY, "birch": BIRCH}
    write_manifest(folder, "2024", manifest, ("ashby", "birch"))
    assert path.read_text() == right
    assert read_manifest(folder).misstated == ()


@pytest.mark.parametrize("totals", [None, [], 3, {}])
def test_totals_that_are_none_are_wrong(folder: Path, totals: object) -> None:
    change(folder, lambda document: document.update(totals=totals))
    assert len(read_manifest(folder).misstated) == 3


def test_totals_are_those_of_the_manifest_whatever_the_journal_adds(folder: Path) -> None:
    journal(folder)
    assert read_manifest(folder).misstated == ()


def test_a_letter_that_stands_there_twice_is_told(folder: Path) -> None:
    change(folder, lambda document: document["letters"].append(document["letters"][0]))
    path = folder / "manifest.json"
    assert read_manifest(folder).misstated == (f"{path}: ashby stands in it 2 times",)
