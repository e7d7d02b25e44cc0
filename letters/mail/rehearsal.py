"""A mail server for rehearsals on this machine: takes all, sends nothing; only user of aiosmtpd.

Asked to, it misbehaves as real servers do, so that an office can see what it would be told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from letters.files import remove_parts, write_whole

HOST = "127.0.0.1"
_SLOW = 2.0  #: seconds that a slow answer takes

#: What the server does to the messages in turn; those after these are taken without ado.
FAULTS = (
    "greylisted",
    "refused",
    "copy refused",
    "dropped after the data",
    "slow",
    "too many connections",
)


@dataclass
class Outbox:
    """Writes each message as a file; the names come from the Message-IDs that are expected."""

    folder: Path
    names: Mapping[str, str]  #: by Message-ID, the slug
    faults: bool = False
    #: what was done on purpose to each message that was begun, "" for nothing
    done: list[str] = field(default_factory=list, init=False)
    #: recipients in the order they were first named
    _met: list[str] = field(default_factory=list, init=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Let a message begin, or turn its sender away."""
        self.done.append("")
        fault = self._fault(len(self._met))
        if fault == "too many connections" and fault not in self.done:
            return self._do(fault, "421 4.3.2 Too many connections, come later")
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if not envelope.rcpt_tos and address not in self._met:
            self._met.append(address)
        fault = self._fault(self._met.index(envelope.rcpt_tos[0] if envelope.rcpt_tos else address))
        if envelope.rcpt_tos and fault == "copy refused":
            return self._do(fault, "550 5.1.1 No such user here")
        if fault == "refused":
            return self._do(fault, "550 5.7.1 This mailbox takes no mail from outside")
        if fault == "greylisted" and fault not in self.done:
            return self._do(fault, "451 4.7.1 Greylisted, come back later")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message."""
        content = envelope.original_content or b""
        number = "".join(str(message_from_bytes(content, policy=default)["Message-ID"]).split())
        try:
            name = self.names.get(number, number.strip("<>"))
            write_whole({self.folder / f"{name}.eml": content}, private=True)
        except OSError as error:
            return f"452 4.3.1 The outbox cannot be written: {error.strerror}"
        taken, fault = "250 2.0.0 Taken", self._fault(self._met.index(envelope.rcpt_tos[0]))
        if fault == "dropped after the data" and server.transport:
            server.transport.close()
            return self._do(fault, taken)
        if fault == "slow":
            await asyncio.sleep(_SLOW)
            return self._do(fault, f"{taken}, and sent to nobody")
        return f"{taken}, and sent to nobody"

    def _do(self, fault: str, answer: str) -> str:
        """Note what is done to the message in hand; the answer."""
        self.done[-1] = fault
        return answer

    def _fault(self, number: int) -> str:
        return FAULTS[number] if self.faults and number < len(FAULTS) else ""


class _Server(Controller):
    """Begins at a port that is free, which the library cannot."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def rehearsal_server(outbox: Outbox, largest: int) -> Iterator[int]:
    """Run a server that fills the outbox with messages up to `largest` bytes; gives its port."""
    # the library's; what happens is told by the answers
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    outbox.folder.mkdir(parents=True, exist_ok=True)
    remove_parts(outbox.folder)
    for old in outbox.folder.glob("*.eml"):
        old.unlink()
    server = _Server(
        outbox,
        hostname=HOST,
        port=0,
        data_size_limit=largest,
        enable_SMTPUTF8=False,
        server_hostname="rehearsal",
    )
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
