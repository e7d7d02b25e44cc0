"""Mail that an office has saved: one message, a folder of messages, a mailbox in one file.

Nothing is lost: what cannot be read comes out, too, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from letters.errors import MailError
from letters.files import is_left_over
from letters.mail.parcels import MEGABYTE

LARGEST = 64 * MEGABYTE  #: bytes of a message; no report has as many

_PIECE = 1_000_000  #: bytes of a line that are read at once
_BEGINS = b"From "  #: the line before each message of a mailbox file (RFC 4155)
_SEPARATOR = re.compile(rb"From .*\d\d:\d\d")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ANY_QUOTED = re.compile(rb"^>+From ", re.MULTILINE)
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1")
#: what mail programs write into the head of a message that they keep
_KEPT = re.compile(
    rb"^(?:Status|X-Status|X-UID|X-Keywords|X-Mozilla-(?:Status2?|Keys)|Content-Length|Lines):"
    rb".*(?:\n[ \t].*)*\n",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Mail:
    """A message as it was saved."""

    where: str  #: its file and, in a mailbox file, its number: "returned.mbox, message 3"
    raw: bytes
    fault: str = ""  #: why there is nothing to be read, in a sentence without an end

    @cached_property
    def digest(self) -> str:
        """SHA-256, the same however it was saved.

        Ends of lines, quoted lines and the notes of mail programs make no difference.
        """
        head, gap, body = self.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        own = _KEPT.sub(b"", head + b"\n").rstrip(b"\n")
        return sha256(_ANY_QUOTED.sub(_BEGINS, own + gap + body).rstrip(b"\n")).hexdigest()


def saved_mail(path: Path) -> Iterator[Mail]:
    """Each message of a file, of a folder and those in it, or of a mailbox file.

    Raises MailError when there is nothing of that name, or it cannot be opened.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path)
        elif path.is_file():
            yield from _of_file(path)
        else:
            sentence = "is no file and no folder" if path.exists() else "is not there"
            raise MailError(f"{path} {sentence}; name the message, folder or mailbox to be read")
    except OSError as error:
        raise MailError(f"{path} cannot be read: {error.strerror or error}") from error


def _of_folder(folder: Path) -> Iterator[Mail]:
    files = [path for path in _files_in(folder) if path.is_file()]
    if not files:
        raise MailError(f"{folder} holds no message; save them there, as .eml files say")
    for path in files:
        try:
            yield from _of_file(path)
        except OSError as error:
            yield Mail(str(path), b"", f"the file cannot be read: {error.strerror or error}")


def _files_in(folder: Path) -> Iterator[Path]:
    """All files in their order; of a Maildir its messages, and nothing that is half written."""
    inside = sorted(folder.iterdir())
    if {"cur", "new"} <= {path.name for path in inside}:
        inside = [path for path in inside if path.name in ("cur", "new")]
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            yield from _files_in(path)
        elif not is_left_over(path.name):
            yield path


def _of_file(path: Path) -> Iterator[Mail]:
    with path.open("rb") as file:
        is_mailbox = file.read(len(_BEGINS)) == _BEGINS
    if is_mailbox:
        for number, raw in enumerate(_messages(path), start=1):
            unquoted = _QUOTED.sub(rb"\1", raw)
            yield _mail(f"{path}, message {number}", unquoted)
    elif path.stat().st_size > LARGEST:
        yield _mail(str(path), b"", too_large=True)
    else:
        yield _mail(str(path), path.read_bytes())


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox file. One begins behind an empty line, and with a time.

    Not every program quotes lines in a message that begin with From.
    """
    held, size, after_empty = list[bytes](), 0, True
    with path.open("rb") as file:
        file.readline()  # before the first message
        for piece in iter(partial(file.readline, _PIECE), b""):
            if after_empty and _SEPARATOR.match(piece):
                yield b"".join(held)
                held, size = [], 0
            elif size <= LARGEST:  # of a larger one just enough to know that it is
                held.append(piece)
                size += len(piece)
            after_empty = not piece.strip(b"\r\n")
    yield b"".join(held)


def _mail(where: str, raw: bytes, too_large: bool = False) -> Mail:
    clean = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if too_large or len(clean) > LARGEST:
        most = f"{LARGEST // MEGABYTE} MB"
        return Mail(where, b"", f"it is larger than {most}, and no report is")
    if not clean.strip(b"\r\n\t \0"):
        return Mail(where, b"", "it is empty")
    if clean.startswith(_OUTLOOK):
        why = "it is in Outlook's own format: attach it to a new message to yourself, and save that"
        return Mail(where, b"", f"{why} as .eml, or forward it as an attachment")
    if not _HEADER.match(clean):
        return Mail(where, b"", "it is no message: it does not begin with a header")
    return Mail(where, clean)
