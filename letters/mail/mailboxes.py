"""Mail that an office has saved: one message, a folder of messages, a mailbox in one file.

Nothing is lost: what cannot be read comes out, too, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path

from letters.errors import MailError
from letters.files import is_left_over
from letters.mail.parcels import MEGABYTE

LARGEST = 64 * MEGABYTE  #: bytes of a message; no report has as many

_PIECE = 1_000_000  #: bytes of a line that are read at once
_BEGINS = b"From "  #: the line before each message of a mailbox file (RFC 4155)
_MARK = b"\xef\xbb\xbf"  #: what some editors put before a text
_SEPARATOR = re.compile(rb"(?:\xef\xbb\xbf)?From (?:.*\d\d:\d\d|.*\d{4}\s*$|\S+\s*$)")
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
            raise MailError(
                f"{_shown(path)} {sentence}; name the message, folder or mailbox to be read"
            )
    except OSError as error:
        raise MailError(f"{_shown(path)} cannot be read: {error.strerror or error}") from error


def _of_folder(folder: Path) -> Iterator[Mail]:
    files = list(_files_in(folder))
    if not files:
        raise MailError(f"{_shown(folder)} holds no message; save them there, as .eml files say")
    for path in files:
        try:
            if path.is_dir():
                yield Mail(_shown(path), b"", "it is a link to a folder: name that one, too")
            elif path.exists() and not path.is_file():
                yield Mail(_shown(path), b"", "it is no file")
            else:
                yield from _of_file(path)
        except OSError as error:
            yield Mail(_shown(path), b"", f"the file cannot be read: {error.strerror or error}")


def _files_in(folder: Path) -> Iterator[Path]:
    """All files in their order; of a Maildir its messages, and nothing that is half written.

    Its folders are in it, and are such, too.
    """
    inside = sorted(folder.iterdir())
    if {"cur", "new"} <= {path.name for path in inside}:
        inside = [one for one in inside if one.name in ("cur", "new") or (one / "cur").is_dir()]
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            yield from _files_in(path)
        elif not is_left_over(path.name):
            yield path


def _of_file(path: Path) -> Iterator[Mail]:
    where = _shown(path)
    with path.open("rb") as file:
        is_mailbox = _without_mark(file.read(_PIECE)).startswith(_BEGINS)
    if is_mailbox:
        for number, raw in enumerate(_messages(path), start=1):
            unquoted = _QUOTED.sub(rb"\1", raw)
            yield as_mail(f"{where}, message {number}", unquoted)
    elif path.stat().st_size > LARGEST:
        yield as_mail(where, b"", too_large=True)
    else:
        yield as_mail(where, path.read_bytes())


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox file. One begins with a line of its own, and then a header.

    Not every program quotes lines in a message that begin with From, or leaves one empty before.
    """
    held, size, last = list[bytes](), 0, b""
    with path.open("rb") as file:
        for piece in chain(iter(partial(file.readline, _PIECE), b""), [b""]):
            if _SEPARATOR.match(last) and _HEADER.match(piece):
                if _without_mark(b"".join(held)):  # nothing stands before the first message
                    yield b"".join(held)
                held, size = [], 0
            elif size <= LARGEST:  # of a larger one just enough to know that it is
                held.append(last)
                size += len(last)
            last = piece
    yield b"".join(held)


def _without_mark(raw: bytes) -> bytes:
    return raw.removeprefix(_MARK).lstrip(b"\r\n")


def _shown(path: Path) -> str:
    """A file's name as it can be printed, whatever it is made of."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in str(path)
    )


def as_mail(where: str, raw: bytes, too_large: bool = False) -> Mail:
    """A message, or why it is none."""
    clean = _without_mark(raw)
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
