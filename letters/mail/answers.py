"""Automatic replies: what a person's mailbox answers while the person is away, or has left.

RFC 3834 says how they show themselves; older and newer programs have ways of their own.
"""

from __future__ import annotations

import re
from email.message import Message

from letters.mail.incoming import header, one_line

LONGEST = 600  #: characters that are kept of a reply

#: how the subject of a reply begins that says what it is
_PLAINLY = re.compile(
    r"(?:automatic reply|autoreply|auto-reply|auto reply|auto response|autoresponse"
    r"|out of (?:the )?office (?:auto\w*|reply)|automatische antwort|abwesenheitsnotiz"
    r"|automatyczna odpowiedź|réponse automatique|risposta automatica|respuesta automática"
    r"|ateb awtomatig)\b",
    re.IGNORECASE,
)
#: how the subjects of people's answers begin, and of what they send on
_OF_PEOPLE = re.compile(r"(?:re|aw|antw|fw|fwd|wg|sv|vs|vb|tr|rif)[ \t]*:", re.IGNORECASE)
#: what subjects say that a person could write, too
_PERHAPS = re.compile(
    r"\bout of (?:the )?office\b|\b(?:annual|maternity|sick|parental) leave\b|\bvacation\b"
    r"|\bholiday\b|\baway from\b|\bno longer (?:at|with|works?|employed)\b|\bhas left\b|\babsen"
    r"|\babwesen|\bthank you for (?:your|contacting)\b|\b(?:received|receipt)\b|\bauto\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:original message|ursprüngliche nachricht|forwarded message)"
    r"|_{10,}[ \t]*$|On .{4,80} wrote:[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def is_of_people(subject: str) -> bool:
    """Whether a message has the subject of an answer, of an automatic one or of one sent on."""
    return bool(_OF_PEOPLE.match(subject) or _PLAINLY.match(subject))


def is_automatic(message: Message) -> bool:
    """Whether a machine wrote the message in answer to another."""
    submitted = header(message, "Auto-Submitted").lower()
    if submitted.startswith("auto-replied"):
        return True
    own_ways = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")
    if any(header(message, name).lower() not in ("", "no") for name in own_ways):
        return True
    precedence = header(message, "Precedence").lower().replace("-", "_")
    if precedence == "auto_reply":
        return True
    suppresses = bool(header(message, "X-Auto-Response-Suppress"))  # Exchange's way
    if submitted.startswith("auto-") and suppresses and header(message, "In-Reply-To"):
        return True
    subject = header(message, "Subject")
    if _PLAINLY.match(subject):
        return True
    by_machine = (
        submitted.startswith("auto-")
        or precedence in ("bulk", "junk")
        or suppresses
        or header(message, "Return-Path") == "<>"
    )
    return by_machine and not header(message, "List-Id") and bool(_PERHAPS.search(subject))


def words_of(text: str) -> str:
    """What a reply says, on one line, without the message that it quotes."""
    quote = _QUOTE.search(text)
    own = _QUOTED_LINE.sub("", text[: quote.start() if quote else len(text)])
    return one_line(own or text, LONGEST)
