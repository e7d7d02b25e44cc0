"""A real mail server in a process of its own, with STARTTLS and AUTH, which does to messages what a test asks for.

    python -m tests.e2e.mail_server FOLDER '{"refuse": ["a@b.example"]}'

It writes its port to FOLDER/port, and each message that it takes to FOLDER/taken before it says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import threading
from base64 import b64decode
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "letters@office.example", "correct horse"
TOKEN = "eyJ0." * 700  #: as long as some are, longer than a command


class Dialogue(SMTP):
    line_length_limit = 12_288  # what is said to log in may be that long (RFC 4954, 4)


class Server(Controller):
    def factory(self) -> SMTP:
        return Dialogue(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Mailboxes:
    """Takes messages; `wishes` say which it does not."""

    def __init__(self, folder: Path, wishes: dict[str, Any]) -> None:
        self.folder, self.wishes = folder, wishes
        self.deferrals: dict[str, int] = dict(wishes.get("defer", {}))
        (folder / "taken").mkdir(exist_ok=True)
        self.numbers = count(1 + len(list((folder / "taken").glob("*.eml"))))

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        await self.pause("EHLO")
        return responses

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        """Whether it is the token; if not, the reasons are answered before the refusal."""
        said = (arguments[1:] and b64decode(arguments[1])) or await server.challenge_auth("")
        if said == f"user={USER}\1auth=Bearer {TOKEN}\1\1".encode():
            return AuthResult(success=True)
        await server.challenge_auth('{"status": "401", "schemes": "bearer"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        await self.pause("MAIL")
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.pause("RCPT")
        if address in self.wishes.get("refuse", []):
            return "550 5.1.1 No such mailbox"
        if self.deferrals.get(address, 0) > 0:
            self.deferrals[address] -= 1
            return "451 4.7.1 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self.pause("received")
        name = f"{next(self.numbers):04}"
        (self.folder / "taken" / f"{name}.eml").write_bytes(envelope.original_content or b"")
        (self.folder / "taken" / f"{name}.json").write_text(
            json.dumps([envelope.mail_from, *envelope.rcpt_tos])
        )
        await self.pause("taken")
        if envelope.rcpt_tos[0] in self.wishes.get("drop after data", []) and server.transport:
            server.transport.close()
        if envelope.rcpt_tos[0] in self.wishes.get("refuse data", []):
            return "554 5.7.1 Looks like spam"
        return str(self.wishes.get("answers", {}).get(envelope.rcpt_tos[0], "250 2.0.0 Taken"))

    async def pause(self, step: str) -> None:
        """Where the test wants to, wait until it says to go on."""
        if self.wishes.get("pause") == step and not (self.folder / "go").exists():
            (self.folder / "paused").touch()
            while not (self.folder / "go").exists():
                await asyncio.sleep(0.02)


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


def main() -> None:
    folder, wishes = Path(sys.argv[1]), json.loads(sys.argv[2])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    server = Server(
        Mailboxes(folder, wishes), hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True,
        auth_required=True, authenticator=authenticate, data_size_limit=50_000_000,
    )  # fmt: skip
    server.start()
    (folder / "process").write_text(str(os.getpid()))
    (folder / "port.part").write_text(str(server.port))
    (folder / "port.part").rename(folder / "port")
    threading.Event().wait()


if __name__ == "__main__":
    main()
