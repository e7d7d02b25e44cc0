"""A message that came in, read so that nothing in it can stop the reading.

It may be cut off, garbled, in a charset that nobody knows, or made to do harm. What is read here is
text on one line without control characters; what cannot be read is "".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice

from letters.typesetting.markup import read_markup

_LONGEST_HEADER, _LONGEST_TEXT, _LONGEST_HTML = 4_000, 100_000, 20_000  #: characters that are read
_MOST_HEADERS, _MOST_HTML = 100, 10  #: headers of one name, parts
_MOST_STEPS = 50_000_000  #: the library looks at each line once for each part around it
_APART = re.compile(r'[\s<>,;"]+')  #: what stands between addresses
_NUMBER = re.compile(r"<([^<>\s]+)>")
_BODY = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)


def parse(content: bytes) -> Message | None:
    """The message that the bytes are; None when its parts are nested deeper than anybody means."""
    if content.lower().count(b"multipart/") * content.count(b"\n") > _MOST_STEPS:
        return None
    try:
        return message_from_bytes(content)
    except RecursionError:
        return None


def headers(message: Message, name: str) -> tuple[str, ...]:
    """All headers of a name, in any case; the first of very many."""
    found = (value for other, value in message.raw_items() if other.casefold() == name.casefold())
    return tuple(one_line(_decoded(value)) for value in islice(found, _MOST_HEADERS))


def header(message: Message, name: str) -> str:
    """The first header of a name, "" when there is none."""
    return next(iter(headers(message, name)), "")


def moment(text: str) -> datetime | None:
    """A date as mail has it, in universal time; None for what is none."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in a header."""
    return tuple(one for one in _APART.split(text) if "@" in one[1:-1])


def numbers_in(text: str) -> tuple[str, ...]:
    """The Message-IDs in a header, without angle brackets; those of some systems have no "@"."""
    return tuple(_NUMBER.findall(text)) or addresses_in(text)


def parts(message: Message) -> Iterator[Message]:
    """What a message holds, in order; messages in it are parts, and not looked into."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += reversed(_inside(part))
        else:
            yield part


def content(part: Message) -> bytes:
    """The bytes of a part, decoded as far as they can be."""
    if not part.is_multipart():
        return _bytes_of(part)
    again = Message()  # the library takes for messages what is encoded yet
    again["Content-Transfer-Encoding"] = header(part, "Content-Transfer-Encoding")
    source = b"\n".join(map(_source, _inside(part)))
    again.set_payload(source.decode("ascii", "surrogateescape"))
    return _bytes_of(again)


def enclosed(part: Message) -> Message | None:
    """The message, or the headers of one, that a part holds; None for one that nobody can read."""
    if part.is_multipart() and not _is_encoded(part):
        return next(iter(_inside(part)), None)
    return parse(content(part).lstrip())


def text(message: Message) -> str:
    """What a message says for itself, line by line: its plain text or, without any, its HTML's."""
    kinds: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in parts(message):
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart":  # nothing but text: it was cut off
            kind = "text/plain"
        if kind in kinds:
            kinds[kind].append(_characters(part))
    plain = "\n".join(kinds["text/plain"])[:_LONGEST_TEXT]
    if plain.strip():
        return plain
    return "\n".join(map(_words_of_html, kinds["text/html"][:_MOST_HTML]))


def one_line(words: str, longest: int = _LONGEST_HEADER) -> str:
    """Words on one line, spaced once, without anything that cannot be seen; the first of many."""
    seen = "".join(letter if letter.isprintable() else " " for letter in words[: longest * 8])
    return " ".join(seen.split())[:longest].strip()


def _inside(part: Message) -> list[Message]:
    """The parts of a part; never its text, which the library may stumble over."""
    inside = part.get_payload() if part.is_multipart() else []
    return [one for one in inside if isinstance(one, Message)]


def _is_encoded(part: Message) -> bool:
    return header(part, "Content-Transfer-Encoding").lower() in ("base64", "quoted-printable")


def _source(message: Message) -> bytes:
    """A message in a message as it was before it was parsed, but for what is nested in it."""
    lines = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
    return lines.encode("utf-8", "surrogateescape") + b"\n" + _bytes_of(message)


def _bytes_of(message: Message) -> bytes:
    found = message.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _decoded(value: str) -> str:
    """A header with its encoded words read; as it stands, when they cannot be."""
    said = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape").decode(errors="replace")
    try:
        return str(make_header(decode_header(said)))
    except (MessageError, LookupError, ValueError):
        return said


def _characters(part: Message) -> str:
    """The text of a part: in its charset, or in one that can hold anything."""
    found = content(part)[:_LONGEST_TEXT].replace(b"\r\n", b"\n")
    try:
        return found.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):
        return found.decode("utf-8", "replace")


def _words_of_html(html: str) -> str:
    body = _BODY.search(html)
    read = read_markup(html[body.end() if body else 0 :][:_LONGEST_HTML])
    return "\n".join(read.words)
