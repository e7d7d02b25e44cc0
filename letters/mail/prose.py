"""Reports that a mail system wrote for people only; only user of flufl.bounce.

The library knows the sentences of dozens of mail systems. It takes any message for a report, so it
is asked only about those that a mail system wrote, and about what stands before a returned message.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from email.message import Message

from flufl.bounce import all_failures

from letters.mail.answers import is_of_people
from letters.mail.attempts import Fate
from letters.mail.delivery_status import LONGEST, Told
from letters.mail.incoming import addresses_in, header, headers, one_line

#: characters that the library is shown: some of its patterns take for ever over more
_LONGEST_TEXT, _LONGEST_LINE = 20_000, 500
_SYSTEMS = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|microsoftexchange[0-9a-f]+|mdaemon"
    r"|mail[-_.]?delivery[-_.\w]*)(?:@|$|\s)",
    re.IGNORECASE,
)
_OF_REPORTS = ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")  #: the second is empty
_FAILURE = re.compile(
    r"undeliver|returned mail|failure notice|delivery (?:status|has|report|incomplete)"
    r"|(?:delivery|delivering|mail|message)\b.{0,30}\bfail|not delivered|unzustellbar|non remis",
    re.IGNORECASE,
)
#: where a mail system's own words end: at a line that announces the message, or at its headers
_COPY = re.compile(
    r"^(?:[ \t]*--.*(?:copy|original|returned|header|message)"
    r"|(?:Return-Path|Received|Message-ID|DKIM-Signature|MIME-Version):)",
    re.IGNORECASE | re.MULTILINE,
)
_TRIED_AGAIN = re.compile(
    r"not yet been delivered|attempts will (?:continue|be made)|will be (?:retried|attempted again)"
    r"|will (?:continue|keep) (?:to )?(?:try|attempt|retry)|no action is required"
    r"|do not need to (?:resend|take any action)|(?:has been|is) delayed",
    re.IGNORECASE,
)
_NEVER_AGAIN = re.compile(r"\bno (?:\w+ ){0,3}attempts?\b[^.]*", re.IGNORECASE)
_FOR_GOOD = re.compile(
    r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])|(?<!not )(?<!not a )(?<!non-)\bpermanent|\bgiven up\b",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"(?:not|n't|n’t|unable to|failed to) (?:be |been |able to )?(?:deliver|reach)|undeliverable"
    r"|\bfailed\b|failure|\brejected\b|unknown (?:user|recipient|address)|no such|not exist"
    r"|quota exceeded|unzustellbar|non remis|(?<![\d.])5[0-7]\d[ -]",
    re.IGNORECASE,
)
_ARRIVED = re.compile(r"(?<!un)successful", re.IGNORECASE)
_NOT_PLAIN = "a mail system wrote it, and does not plainly say that it was given up"
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_LISTED = re.compile(r",(\s*\S+@[^,]+),")

# It logs whatever it stumbles over, and Python prints that where nobody listens.
logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())


def is_from_mail_system(message: Message) -> bool:
    """Whether a mail system sent the message, and no person and no person's automatic reply."""
    if any(headers(message, name) for name in _OF_REPORTS):
        return True
    if is_of_people(header(message, "Subject")):
        return False
    sender = header(message, "From")
    if _SYSTEMS.match(next(reversed(addresses_in(sender)), sender)):
        return True
    no_way_back = "<>" in headers(message, "Return-Path")
    by_machine = no_way_back or header(message, "Auto-Submitted").lower().startswith("auto-")
    return by_machine and bool(_FAILURE.match(header(message, "Subject")))


def told_in_prose(message: Message, text: str) -> tuple[Told, ...]:
    """Whom a mail system names in its words, the text of the message; without any status.

    What became of the message is what the words plainly say; else a person is to read them.
    """
    lines = _QUOTED_LINE.sub("", text[:_LONGEST_TEXT]).split("\n")
    own, end = _apart("\n".join(line[:_LONGEST_LINE] for line in lines))
    try:
        delayed, failed = all_failures(_without_copies(message, own + end))
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return ()  # what a detector stumbles over is no report that it knows
    plain = _fate(one_line(own, _LONGEST_TEXT))
    late = None if plain is Fate.FAILED else plain  # they say one thing of one, and one of another
    return tuple(
        Told((name,), fate, words=_words(own, name), why="" if fate else _NOT_PLAIN, in_prose=True)
        for fate, names in ((plain, failed - delayed), (late, delayed))
        for name in _names(names)
    )


def _fate(words: str) -> Fate | None:
    """What the words plainly say, for the library takes delays and even deliveries for failures."""
    for_good = _FOR_GOOD.search(words)
    given_up = for_good or _GIVEN_UP.search(words)
    put_off = not for_good and _TRIED_AGAIN.search(_NEVER_AGAIN.sub("", words))
    if given_up and (put_off or _ARRIVED.search(words)):
        return None
    return Fate.DELAYED if put_off else Fate.FAILED if given_up else None


def _apart(text: str) -> tuple[str, str]:
    """A mail system's own words, and the line behind them, which tells the library where to stop.

    What is returned below is left out.
    """
    copy = _COPY.search(text)
    if copy is None:
        return text, ""
    return text[: copy.start()], text[copy.start() :].partition("\n")[0]


def _without_copies(message: Message, text: str) -> Message:
    """The message as the library is to see it: its headers, and one text of its own."""
    plain = Message()
    plain["Content-Type"], plain["Content-Description"] = "text/plain", "Notification"
    # one of the detectors takes whatever stands between two commas
    plain.set_payload(_LISTED.sub(r";\1;", text))
    seen = Message()
    for name in ("From", "Subject", "X-Mailer", "X-Failed-Recipients"):
        for value in headers(message, name):
            seen[name] = value
    kind = message.get_content_type()
    seen["Content-Type"] = kind
    seen.set_payload([plain] if kind.startswith("multipart/") else plain.get_payload())
    return seen


def _names(found: Iterable[bytes]) -> tuple[str, ...]:
    names = (one.decode("ascii", "replace").strip("<>") for one in found)
    return tuple(sorted({one_line(name) for name in names if "@" in name}))


def _words(text: str, name: str) -> str:
    """What is said of an address: its line, and what follows."""
    start = max(text.lower().find(name.lower()), 0)
    return one_line(text[text.rfind("\n", 0, start) + 1 :], LONGEST)
