"""Whole files, their digests, and one user of a folder at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from letters.errors import InUseError

_LEFT_OVER = re.compile(
    r"^[.~#]|~$|\.(?:orig|rej|bak|tmp|swp|swo)$|^(?:thumbs\.db|desktop\.ini)$", re.IGNORECASE
)
_TEMPORARY = ".part-"  # how the names of files begin that are being written


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes; "" when there is no such file."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def shown(path: Path) -> str:
    """A file that we made, as a sentence names it: "build/2024/letters/camden.pdf"."""
    return "/".join(path.parts[-4:])


def looks_below(
    folder: Path, seen: set[tuple[int, int]] | None = None
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """How all that is below a folder looks from outside, by path, in an order that stays.

    Also by way of links, once each of those `seen`; nothing without the folder. Of a folder only
    that it is there: its times change with what is kept in it.
    """
    seen = set() if seen is None else seen
    with suppress(OSError):
        here = folder.stat()
        if (here.st_dev, here.st_ino) in seen:
            return  # a link that leads back
        seen.add((here.st_dev, here.st_ino))
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            try:
                found, is_folder = entry.stat(), entry.is_dir()
            except OSError:  # a link that leads nowhere
                found, is_folder = entry.stat(follow_symlinks=False), False
            if is_folder:
                yield entry.path, (0, 0)
                yield from looks_below(Path(entry.path), seen)
            else:
                yield entry.path, look_of(found)


def look_of(found: os.stat_result) -> tuple[int, ...]:
    """How a file looks from outside; its times come first."""
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size, found.st_mode)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's content, and by what it shows from outside that it may have another one."""

    look: tuple[int, ...]
    content: str  #: SHA-256, "" when there is no such file


def stamp_of(path: Path, before: Stamp | None = None) -> Stamp:
    """The stamp of a file as it is now; it is read only if it looks otherwise than it did before.

    Of what is no file or cannot be read it tells that, in place of a digest.
    """
    try:
        found = path.stat()
    except OSError as error:
        return Stamp((), "" if isinstance(error, FileNotFoundError) else str(error.errno))
    look = (
        found.st_mode,
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )
    if before and before.look == look:
        return before
    try:
        return Stamp(look, digest_of(path) if stat.S_ISREG(found.st_mode) else "no file")
    except OSError as error:
        return Stamp(look, str(error.errno))


def write_whole(files: Mapping[Path, bytes], private: bool = False) -> None:
    """Write files so that each is always the old one or the new one, whole, even if power fails.

    Private ones can be read by nobody else. Raises OSError and leaves the old files, when one
    cannot be written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            parts[path] = _written(path, content, 0o600 if private else 0o644)
        for path, part in parts.items():
            _put(part, path)
    except BaseException:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()
        raise


def write_once(path: Path, content: bytes) -> None:
    """Write a file that is never written again and nobody else can read, and have it on disk.

    Raises FileExistsError when it is there already, OSError when it cannot be written; then nothing
    is left.
    """
    part = _written(path, content, 0o400)
    try:
        _put_once(part, path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def _put_once(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a share that knows no second name of a file
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.rename(path)


def append(path: Path, content: bytes) -> None:
    """Add to the end of a file, and have it on disk. Raises OSError, and leaves nothing of it."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        before = os.fstat(handle).st_size
        try:
            if os.write(handle, content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, so that they are there after a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_folders(
    folders: Mapping[Path, Mapping[str, bytes]], private: Mapping[Path, bytes] | None = None
) -> None:
    """Write new folders, each whole or not at all; the last one is there when all are.

    Private files, which nobody else can read, are written before. Folders above are made. Raises
    FileExistsError for a folder that is there already, OSError when something cannot be written;
    then nothing is left.
    """
    parts, done = dict[Path, Path](), list[Path]()
    try:
        for folder, files in folders.items():
            folder.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_TEMPORARY))
            parts[folder] = part
            part.chmod(0o755)
            for name, content in files.items():
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole({part / name: content})
        for path, content in (private or {}).items():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole({path: content}, private=True)
            done.append(path)
        for folder, part in parts.items():
            if exists(folder):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
            _put(part, folder)
            done.append(folder)
    except BaseException:
        for path in (*parts.values(), *done):
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def _put(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def remove_parts(folder: Path) -> None:
    """Remove what a program that was killed had begun to write. Hold the folder for one user."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        path.unlink(missing_ok=True)


@contextmanager
def only_one(folder: Path, who: str, doing: str = "being built") -> Iterator[None]:
    """Hold a folder for one user; raises InUseError, naming the other, when another holds it.

    The lock goes with the process, however it ends: there is nothing to clean up by hand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            other = lock.read().strip() or "another process"
            raise InUseError(f"{folder} is {doing} by {other}; wait for it, or stop it") from error
        with suppress(OSError):  # of a full disk: it is only for the other to tell
            lock.truncate(0)
            os.write(lock.fileno(), who.encode())
        yield
        lock.truncate(0)


def _written(path: Path, content: bytes, mode: int) -> Path:
    """A temporary file beside the path, safely on disk."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return part


def is_left_over(name: str) -> bool:
    """Whether a file's name is one that editors and systems leave behind, and nobody means."""
    return bool(_LEFT_OVER.search(name))


def exists(path: Path) -> bool:
    """Whether there is anything of that name; what may not be looked at counts as not there."""
    try:
        return path.exists()
    except OSError:
        return False


def is_closed(folder: Path) -> bool:
    """Whether there is a folder that may not be looked into."""
    return exists(folder) and folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK)
