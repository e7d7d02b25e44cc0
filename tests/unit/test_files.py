"""Whole files, their digests, and one user of a folder at a time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from letters.errors import InUseError
from letters.files import digest_of, exists, only_one, remove_parts, stamp_of, write_whole

HOLDER = """
import sys
from pathlib import Path
from letters.files import only_one
with only_one(Path(sys.argv[1]), "the other"):
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_are_written_or_put_in_the_place_of_old_ones(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"a long text of before")
    write_whole({old: b"now", new: b"\0\xff"})
    assert (old.read_bytes(), new.read_bytes()) == (b"now", b"\0\xff")
    assert names(tmp_path) == ["new", "old"]


def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_bytes(b"before")
    with path.open("rb", buffering=0) as reader:
        assert reader.read(3) == b"bef"
        write_whole({path: b"after"})
        assert reader.read() == b"ore"


@pytest.mark.parametrize(("private", "mode"), [(False, 0o644), (True, 0o600)])
def test_private_files_can_be_read_by_nobody_else(tmp_path: Path, private: bool, mode: int) -> None:
    path = tmp_path / "words"
    path.write_bytes(b"before")
    path.chmod(0o666)
    write_whole({path: b"now"}, private=private)
    assert path.stat().st_mode & 0o777 == mode


def test_one_file_that_cannot_be_written_leaves_all_old_ones_and_is_named(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "nowhere" / "second"
    first.write_bytes(b"before")
    with pytest.raises(FileNotFoundError) as raised:
        write_whole({first: b"now", second: b"now"})
    assert raised.value.filename == str(second)
    assert first.read_bytes() == b"before"
    assert names(tmp_path) == ["first"]


def test_a_full_disk_leaves_the_old_file_and_no_parts(little_disk: Path) -> None:
    path = little_disk / "letter"
    path.write_bytes(b"before")
    with pytest.raises(OSError, match="No space left") as raised:
        write_whole({path: bytes(400_000)})
    assert raised.value.filename == str(path)
    assert path.read_bytes() == b"before"
    assert names(little_disk) == ["letter"]


def test_a_folder_in_the_place_of_a_file_stays_and_no_parts_are_left(tmp_path: Path) -> None:
    (tmp_path / "letter").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_whole({tmp_path / "letter": b"now"})
    assert (tmp_path / "letter").is_dir()
    assert names(tmp_path) == ["letter"]


def test_parts_that_a_killed_build_left_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".part-a1", ".part-b2", "letter.part-", ".lock", "part-c3"):
        (tmp_path / name).touch()
    remove_parts(tmp_path)
    assert names(tmp_path) == [".lock", "letter.part-", "part-c3"]


def test_the_digest_is_that_of_the_bytes_and_empty_for_no_file(tmp_path: Path) -> None:
    (tmp_path / "letter").write_bytes(b"\r\nDear")
    assert digest_of(tmp_path / "letter") == sha256(b"\r\nDear").hexdigest()
    assert digest_of(tmp_path / "none") == ""


def test_a_second_user_of_a_folder_is_told_who_the_first_is(tmp_path: Path) -> None:
    folder = tmp_path / "build" / "2020"
    with only_one(folder, "process 7"), pytest.raises(InUseError) as raised:
        with only_one(folder, "process 8"):
            raise AssertionError("never reached")
    assert str(raised.value) == f"{folder} is being built by process 7; wait for it, or stop it"


def test_what_is_being_done_to_a_folder_is_told(tmp_path: Path) -> None:
    with only_one(tmp_path, "Ada", "being sent"):
        with pytest.raises(InUseError, match="is being sent by Ada;"):
            only_one(tmp_path, "Bob", "being sent").__enter__()


def test_a_user_who_has_not_said_who_it_is_is_another_process(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InUseError, match="by another process;"):
            only_one(tmp_path, "process 8").__enter__()


def test_a_folder_is_free_after_its_user_whether_it_fails_or_not(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(tmp_path, "a user with a long name"):
        raise ZeroDivisionError
    with only_one(tmp_path, "the next"):
        assert (tmp_path / ".lock").read_text() == "the next"
    assert (tmp_path / ".lock").read_text() == ""


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        with pytest.raises(InUseError, match="by the other;"):
            only_one(tmp_path, "this one").__enter__()
        holder.kill()
        holder.wait()
        with only_one(tmp_path, "this one"):
            assert (tmp_path / ".lock").read_text() == "this one"


def test_what_may_not_be_looked_at_is_not_there(tmp_path: Path) -> None:
    assert exists(tmp_path)
    assert not exists(tmp_path / "none")
    assert not exists(tmp_path / ("x" * 300)), "the file system knows no such long names"


def test_a_stamp_tells_the_content_and_is_the_same_while_the_file_looks_the_same(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    assert stamp_of(path).content == ""
    path.write_bytes(b"one")
    first = stamp_of(path)
    assert first.content == sha256(b"one").hexdigest()
    assert stamp_of(path, first) is first
    path.write_bytes(b"two")
    second = stamp_of(path, first)
    assert second.content == sha256(b"two").hexdigest()
    path.unlink()
    assert stamp_of(path, second).content == ""


def test_of_what_is_no_file_or_cannot_be_read_a_stamp_tells_that(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"one")
    assert stamp_of(tmp_path / "pipe").content == stamp_of(tmp_path / "folder").content == "no file"
    assert stamp_of(tmp_path / "file" / "below").content not in ("", "no file")
    assert stamp_of(tmp_path / "file").content != stamp_of(tmp_path / "folder").content
