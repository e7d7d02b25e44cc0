"""Handing messages to a mail server over one kept-open connection.

It goes step by step, so that it is always known whether the server can have taken the message.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from letters.campaign.records import MailServer
from letters.errors import AnsweredError
from letters.mail.attempts import State
from letters.mail.connection import PERMANENT, TRANSIENT, Access, Connection, words_of
from letters.mail.encryption import trusting
from letters.mail.login import line_of

#: Seconds to wait for an answer: of each step, and after the message (RFC 5321, 4.5.3.2: who does
#: not wait there sends twice).
_STEP, _AFTER_DATA = 300.0, 600.0

CLOSING = 421  #: the server closes the connection and wants a pause (RFC 5321, 4.2.3)
_WANTS_MORE = (530, 538)  #: encryption or a login, of any sender (RFC 3207, 4; RFC 4954, 6)
_GOING = 221  #: the server takes leave: no answer to a message
_GOOD = range(200, 300)
_LONGEST_NAME = 100  #: of a message, in reports of its delivery (RFC 3461, 4.4)


@dataclass(frozen=True, slots=True)
class Handed:
    """What the server said to one message."""

    state: State  #: accepted, refused, deferred or unknown
    code: int  #: of its answer (RFC 5321, 4.2.3), 0 where there was none
    reply: str  #: its words, on one line
    refused: tuple[str, ...] = ()  #: addresses of copies it did not take; the message went without


class Post:
    """A connection to the mail server, opened when first needed and again after it was lost."""

    def __init__(
        self,
        server: MailServer,
        password: str,
        sender: str,
        context: ssl.SSLContext | None = None,
        token: Callable[[], str] | None = None,
    ) -> None:
        """Says nothing until `open`; `context` is for servers with a certificate of their own.

        Where there is a `token`, it gives one for each connection, and no password is said.
        """
        self._access = Access(server, password, token, context or trusting())
        self._host, self._sender = server.host, sender
        self._smtp: Connection | None = None
        self._answered = False  # whether the server ever let us in
        self._used = False  # whether a message was begun on this connection

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def largest(self) -> int:
        """The largest message the server takes, in bytes, as far as it says; 0 for no limit."""
        said = self._smtp.esmtp_features.get("size", "") if self._smtp else ""
        return int(said) if said.isdecimal() else 0

    def open(self) -> None:
        """Connect, encrypt and log in, if need be. Raises ServerBusy, MailError with what to do."""
        if self._is_open():
            return
        smtp = self._access.connection(known=self._answered)
        if smtp.sock:
            smtp.sock.settimeout(_STEP)
            # the last words of a message wait for no sign that those before them arrived
            with suppress(OSError):  # lost already: what is said next tells
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._smtp, self._answered, self._used = smtp, True, False

    @property
    def _connection(self) -> Connection:
        assert self._smtp is not None, "open it first"
        return self._smtp

    def _is_open(self) -> bool:
        """Whether there is a connection; one on which the server spoke first is closed by it."""
        sock = self._smtp.sock if self._smtp else None
        if sock and select.select([sock], [], [], 0)[0]:
            self._lost()
        return self._smtp is not None

    def close(self) -> None:
        """Take leave of the server, if there is a connection."""
        smtp, self._smtp = self._smtp, None
        if smtp:
            try:
                smtp.quit()
            except OSError:
                smtp.close()

    def hand_over(
        self,
        to: str,
        copies: Sequence[str],
        message: bytes,
        name: str,
        about_to: Callable[[Sequence[str]], None],
        without_copies: bool = False,
    ) -> Handed:
        """Hand one message over; before the message itself goes `about_to` is called; it may raise.

        It is told the copies that the server refused.
        With `to` "" it goes to copies alone, to those of them that the server takes. Where it puts
        a copy off, the message waits too, unless it may go `without_copies`.
        `name` identifies the message in reports of its delivery, where the server sends such.
        Raises ServerBusy and MailError when there is no connection and none can be made.
        """
        self.open()
        used, self._used = self._used, True
        try:
            answer = self._addressed(to, copies, len(message), name, without_copies)
        except OSError as error:
            self._lost()
            if used:  # the server may have closed it while nothing was said
                return self.hand_over(to, copies, message, name, about_to, without_copies)
            why = f"the connection was lost before the message went out: {words_of(error)}"
            return Handed(State.DEFERRED, 0, why)
        if isinstance(answer, Handed):
            self._reset()
            return answer
        try:
            about_to(answer)
        except BaseException:
            self._reset()
            raise
        return self._delivered(message, answer)

    def _addressed(
        self, to: str, copies: Sequence[str], size: int, name: str, without_copies: bool
    ) -> Handed | tuple[str, ...]:
        """Name sender and recipients: the copies refused, or why the message cannot go."""
        smtp = self._connection
        reports = smtp.has_extn("dsn")
        named = [f"ENVID={_xtext(name)}"] if len(name) <= _LONGEST_NAME else []
        options = [f"size={size}"] if smtp.has_extn("size") else []
        options += ["RET=HDRS", *named] if reports else []
        code, reply = smtp.mail(self._sender, options)
        if code not in _GOOD:
            return self._not_taken(code, reply)
        if to:
            code, reply = smtp.rcpt(to, _reported(to) if reports else [])
            if code not in _GOOD:
                return self._not_taken(code, reply)
        refused = []
        for copy in copies:
            code, reply = smtp.rcpt(copy, _reported(copy) if reports else [])
            if code in TRANSIENT and not without_copies:
                said = f"{code} {line_of(reply)}, for the copy to {copy}"
                return Handed(State.DEFERRED, code, said)
            if code not in _GOOD:
                refused.append(copy)
        if not to and len(refused) == len(copies):
            return self._not_taken(code, reply)
        return tuple(refused)

    def _delivered(self, message: bytes, refused: tuple[str, ...]) -> Handed:
        smtp = self._connection
        try:
            code, reply = smtp.docmd("DATA")
            if code != 354:
                self._reset() if code in TRANSIENT or code in PERMANENT else self._lost()
                return self._not_taken(code, reply)
            smtp.send(_stuffed(message))
        # the end of the message has not left this machine
        except OSError as error:
            self._lost()
            why = f"the connection was lost while the message went out: {words_of(error)}"
            return Handed(State.DEFERRED, 0, why)
        try:
            if smtp.sock:
                smtp.sock.settimeout(_AFTER_DATA)
            code, reply = smtp.getreply()
            if smtp.sock:
                smtp.sock.settimeout(_STEP)
        except OSError as error:
            self._lost()
            why = f"the connection was lost after the message went out: {words_of(error)}"
            return Handed(State.UNKNOWN, 0, why, refused)
        if code in _GOOD and code != _GOING:
            return Handed(State.ACCEPTED, code, f"{code} {line_of(reply)}", refused)
        if code in TRANSIENT or code in PERMANENT:
            self._reset()
            return self._not_taken(code, reply)
        self._lost()
        why = f"after the message the server said what no server may say: {code} {line_of(reply)}"
        return Handed(State.UNKNOWN, code, why, refused)

    def _not_taken(self, code: int, reply: object) -> Handed:
        """What an answer other than yes means for a message. Raises AnsweredError for all of them."""
        if code in _WANTS_MORE:
            raise AnsweredError(
                f"{self._host} takes no mail so: {code} {line_of(reply)}; check security and"
                " user in data/office.yaml; nothing more is sent"
            )
        state = State.REFUSED if code in PERMANENT else State.DEFERRED
        return Handed(state, code, f"{code} {line_of(reply)}")

    def _reset(self) -> None:
        try:
            if self._smtp and self._smtp.rset()[0] not in _GOOD:
                self._lost()  # it may still hold the recipients of the message before
        except OSError:
            self._lost()

    def _lost(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp:
            smtp.close()


def _stuffed(message: bytes) -> bytes:
    """The message with its end, a line that begins with a dot told from it (RFC 5321, 4.5.2)."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _reported(address: str) -> list[str]:
    """What is wanted to be reported, and the address that reports name, however it is redirected."""
    return ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(address)}"]


def _xtext(text: str) -> str:
    """The text as parameters of a command have it (RFC 3461, 4)."""
    plain = set(range(ord("!"), ord("~") + 1)) - set(b"+=")
    return "".join(chr(byte) if byte in plain else f"+{byte:02X}" for byte in text.encode())
