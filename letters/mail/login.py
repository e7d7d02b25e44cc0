"""Logging in to the mail server: what is said with an access token, and why a login fails."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable

from letters.campaign.records import MailServer

#: Says a line to the server, and gives the code and the words of its answer.
Say = Callable[[str], tuple[int, bytes]]

WELCOME = 235  #: logged in (RFC 4954, 6)
_GO_ON = 334
_LONGEST_COMMAND = 510  # without its end; one that is longer is no command (RFC 4954, 4)
_BY_PASSWORD = {"CRAM-MD5", "PLAIN", "LOGIN"}  # as smtplib does it
_BY_TOKEN = "XOAUTH2"

#: What may be a piece of a secret that a server says back.
_PIECE = re.compile(r"[A-Za-z0-9+/=._~-]{16,}")


def with_token(say: Say, user: str, token: str) -> tuple[int, str]:
    """Log in with an access token (SASL XOAUTH2): the server's code and words, without the token.

    A token may be longer than a command: then it is said when the server asks for it.
    """
    secret = b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode()
    line = f"AUTH {_BY_TOKEN} {secret}"
    if len(line) > _LONGEST_COMMAND:
        code, reply = say(f"AUTH {_BY_TOKEN}")
        if code != _GO_ON:
            return code, line_of(reply)
        line = secret
    code, reply = say(line)
    words = line_of(reply)
    if code == _GO_ON:  # what is wrong; an empty line has the server end it
        code, last = say("")
        words = "; ".join(filter(None, [line_of(last), _challenge(reply)]))
    return code, _without(f"{token} {secret}", words)


def not_offered(server: MailServer, features: str | None, by_token: bool) -> str:
    """Why nobody can log in so, by what the server offers after AUTH; "" where one can."""
    offered = set((features or "").upper().split())
    where = f"{server.host} offers no login"
    another = (
        "ask who runs it for a way that needs none, such as a connector for this machine's"
        " address; then leave user out of data/office.yaml"
    )
    if not offered:
        return f"{where} on port {server.port}: check the port, or {another}"
    if by_token and _BY_TOKEN not in offered:
        return (
            f"{where} by access token ({_BY_TOKEN}) on port {server.port}, but:"
            f" {' '.join(sorted(offered))}; check host and port, or leave token_command out of"
            " data/office.yaml"
        )
    if not by_token and not offered & _BY_PASSWORD:
        instead = "; it takes access tokens: write a token_command" if _BY_TOKEN in offered else ""
        return f"{where} by password{instead}; {another}"
    return ""


def refused(server: MailServer, reply: object, by_token: bool) -> str:
    """What to do when the server does not accept the password or the token."""
    if by_token:
        return (
            f"{server.host} does not accept the access token of {server.user}"
            f" ({line_of(reply)}); check that token_command gives a token for sending by SMTP, and"
            " whether it may send as this account"
        )
    return (
        f"{server.host} does not accept the user {server.user} with this password"
        f" ({line_of(reply)}); check LETTERS_MAIL_PASSWORD, and whether this account may send by"
        " SMTP"
    )


def line_of(reply: object) -> str:
    """What a server said, on one line."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return " ".join(text.split())[:1000]


def _challenge(reply: bytes) -> str:
    """The server's reasons, which it gives as JSON, as `status 401, schemes bearer`."""
    try:
        text = b64decode(reply, validate=True).decode()
    except ValueError:
        return line_of(reply)
    try:
        reasons = json.loads(text)
    except ValueError:
        return line_of(text)
    if not isinstance(reasons, dict):
        return line_of(text)
    return line_of(", ".join(f"{name} {value}" for name, value in reasons.items()))


def _without(secrets: str, words: str) -> str:
    """The server's words without what it says back of what it was told."""
    told = secrets.casefold()

    def shown(piece: re.Match[str]) -> str:
        return "(the token)" if piece[0].strip(".").casefold() in told else piece[0]

    return _PIECE.sub(shown, words)
