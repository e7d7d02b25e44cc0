"""A mail server on loopback that answers by a script, to the letter."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

HANG_UP = ""  #: in place of an answer
AS_USUAL = {
    "greeting": "220 ready",
    "EHLO": "250 localhost",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "message": "250 2.0.0 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
    "AUTH": "235 welcome",
    "STARTTLS": "220 go ahead",
}


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each verb with its answers in turn, the last of them for ever.

    "greeting" is what it says first, "response" to the line after an answer that asks for one (334),
    "message" after the message; a message is read to its end,
    but where "message" begins with `cut`: then the connection ends in the middle of it.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        answers: Mapping[str, Sequence[str]],
        context: ssl.SSLContext | None = None,
        upgrade: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.upgrade = upgrade  #: for STARTTLS
        self.before: dict[str, Callable[[], object]] = {}  #: done once, before a verb is answered
        self.dialogues: list[_Dialogue] = []
        self.answers = {verb: list(said) for verb, said in answers.items()}
        self.context = context
        self.heard: list[str] = []  #: each line, of all connections
        self.messages: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def hang_up(self, farewell: str) -> None:
        """Close the last connection while nothing is said, perhaps with a farewell."""
        last = self.dialogues[-1]
        last.wfile.write(farewell.encode())
        last.request.shutdown(socket.SHUT_RDWR)

    def answer(self, verb: str) -> str:
        self.before.pop(verb, lambda: None)()
        said = self.answers.get(verb) or [AS_USUAL.get(verb, "502 what?")]
        return said.pop(0) if len(said) > 1 else said[0]


class _Dialogue(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def setup(self) -> None:
        if self.server.context:
            self.request = self.server.context.wrap_socket(
                self.request, server_side=True, do_handshake_on_connect=False
            )
        super().setup()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()

    def handle(self) -> None:
        self.server.dialogues.append(self)
        with suppress(OSError):
            said = self._say("greeting")
            while line := self.rfile.readline():
                text = line.decode(errors="replace").strip()
                self.server.heard.append(text)
                verb = "response" if said.startswith("334") else text.split(" ")[0].upper()
                said = self._say(verb)
                if said.startswith("354"):
                    self._message()
                if verb == "STARTTLS" and self.server.upgrade:
                    self.request = self.server.upgrade.wrap_socket(self.request, server_side=True)
                    super().setup()

    def _message(self) -> None:
        if self.server.answers.get("message", ["250"])[0] == "cut":
            self.rfile.readline()
            self.server.answer("message")
            raise ConnectionError
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.messages.append(b"".join(lines))
        self._say("message")

    def _say(self, verb: str) -> str:
        said = self.server.answer(verb)
        if said == HANG_UP:
            raise ConnectionError
        self.wfile.write(f"{said}\r\n".encode())
        return said


@contextmanager
def scripted(
    answers: Mapping[str, Sequence[str]] | None = None,
    context: ssl.SSLContext | None = None,
    upgrade: ssl.SSLContext | None = None,
) -> Iterator[ScriptedServer]:
    """The server, for as long as this lasts."""
    with ScriptedServer(answers or {}, context, upgrade) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
