"""The part of a delivery report that machines write for machines (RFC 3464, RFC 6533)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from letters.mail.attempts import Fate
from letters.mail.incoming import addresses_in, moment, numbers_in, one_line

LONGEST = 300  #: characters that are kept of a server's words
_LONGEST_FIELD = 2_000  #: characters that are read

_KEPT_APART = re.compile(r"\n(?:[ \t]*\n)+")
_FOLD = re.compile(r"\n[ \t]+")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}(?!\d)")
_CODED = re.compile(r"\+([0-9A-F]{2})")  # xtext (RFC 3461, 4)
_UNICODE = re.compile(r"\\x\{([0-9A-F]{1,6})\}")  # of addresses outside of ASCII (RFC 6533, 3)
_WORD = re.compile(r"[a-z][a-z /-]{0,39}")
_OF_A_RECIPIENT = ("final-recipient", "original-recipient", "action")


#: by the action of RFC 3464, 2.3.3
_FATES = {
    "failed": Fate.FAILED,
    "delayed": Fate.DELAYED,
    "relayed": Fate.HANDED_ON,
    "expanded": Fate.HANDED_ON,
    "delivered": Fate.DELIVERED,
}
#: how a status may begin beside each (RFC 3463, 3.1): what was put off too often has failed
_CLASSES = {Fate.FAILED: "45", Fate.DELAYED: "4", Fate.HANDED_ON: "2", Fate.DELIVERED: "2"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells of one recipient."""

    #: spellings of the address: as the sender had it, where that is told, then where it went last
    named: tuple[str, ...]
    fate: Fate | None  #: None when the report does not say it, or contradicts itself
    status: str = ""  #: as 5.1.1 (RFC 3463)
    words: str = ""  #: of the server, on one line
    at: datetime | None = None  #: of the last try, universal time
    why: str = ""  #: there is no fate, in a sentence without an end
    in_prose: bool = False  #: a mail system wrote it for people


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """All that the part says that matters."""

    envelope: tuple[str, ...]  #: spellings of the identifier that the sender gave the envelope
    told: tuple[Told, ...]
    original: str = ""  #: Message-ID of the message, which Google gives


def read_status(content: bytes) -> DeliveryStatus:
    """The part's blocks of fields: one about the message, one for each recipient. Never raises."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n")
    blocks = [_fields(block) for block in _KEPT_APART.split(text)]
    told = [_told(block) for block in blocks if any(name in block for name in _OF_A_RECIPIENT)]
    envelope, original = (
        next((block[name] for block in blocks if name in block), "")
        for name in ("original-envelope-id", "x-original-message-id")
    )
    number = next(iter(numbers_in(original)), "")
    return DeliveryStatus(tuple(_spellings(envelope)), tuple(told), number)


def decoded(text: str) -> str:
    """The text that xtext stands for, and what stands for letters outside of ASCII in it."""
    plain = _CODED.sub(lambda code: chr(int(code[1], 16)), text)
    return _UNICODE.sub(lambda code: chr(min(int(code[1], 16), 0x10FFFF)), plain)


def _fields(block: str) -> Mapping[str, str]:
    """The fields of a block by their names in small letters; what is there twice is joined.

    So two blocks without a line between them are never taken for one recipient's.
    """
    found: dict[str, str] = {}
    for line in _FOLD.sub(" ", block).split("\n"):
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if colon and key:
            said = one_line(value, _LONGEST_FIELD)
            found[key] = f"{found[key]} / {said}"[:_LONGEST_FIELD] if key in found else said
    return found


def _told(fields: Mapping[str, str]) -> Told:
    recipients = (fields.get(name, "") for name in ("original-recipient", "final-recipient"))
    named = [
        name for one in recipients for found in addresses_in(one) for name in _spellings(found)
    ]
    status = _STATUS.search(fields.get("status", ""))
    diagnosis = fields.get("diagnostic-code", "")
    fate, why = _fate(fields.get("action", ""), status[1] if status else "")
    return Told(
        named=tuple(dict.fromkeys(named)),
        fate=fate,
        status=status[0] if status else "",
        words=one_line(re.sub(r"^\s*[\w-]+\s*;", "", diagnosis), LONGEST),
        at=moment(fields.get("last-attempt-date", "")),
        why=why,
    )


def _fate(action: str, status: str) -> tuple[Fate | None, str]:
    """What an action means beside the first figure of a status; None and why, where they differ."""
    said = action.partition("(")[0].strip().lower()
    fate = _FATES.get(said)
    if fate is None:
        what = "nothing"
        if said:
            what = f'"{said}"' if _WORD.fullmatch(said) else "something else"
        return None, f"the report says {what} where it should say what became of the message"
    if status and status not in _CLASSES[fate]:
        return None, f'the report contradicts itself: "{said}" beside a status of {status}'
    return fate, ""


def _spellings(text: str) -> Iterator[str]:
    """A text as it stands and, where it differs, as it is without its codes."""
    if text:
        yield text
        if (plain := one_line(decoded(text))) != text:
            yield plain
