"""Serves the preview on this machine alone; only user of uvicorn."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from letters.errors import PreviewError
from letters.preview.app import preview
from letters.typed import Typing

HOST = "127.0.0.1"
PORT = 8343
MOST = 64  #: connections at a time; a browser keeps six
_WAITING = 64  #: that may wait to be taken, all at once, before any of them is looked at


def serve(
    root: Path,
    year: str,
    port: int | None,
    browse: bool,
    tell: Callable[[str], None],
    locked: bool = False,
    typing: Typing | None = None,
) -> None:
    """Serve a year's preview until Ctrl-C; `tell` is given the address, once it answers.

    `typing` is how commands are typed where it was started.

    Without a port, 8343 is taken or, where that is in use, another that is free. Locked, it
    answers only those who come with the token in the address. Raises PreviewError when the port
    that was asked for cannot be had.
    """
    listener, token = _listener(port), secrets.token_urlsafe() if locked else ""
    address = f"http://{HOST}:{listener.getsockname()[1]}/{quote(year)}/"
    address += f"?token={token}" if token else ""

    def ready() -> None:
        tell(address)
        # Not with a token: all users of the machine can see what a browser is started with.
        if browse and not token and _has_desktop():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app, close = preview(root, year, ready, token, typing)
    logging.getLogger("uvicorn.error").addFilter(_no_cancellation)
    config = uvicorn.Config(
        app,
        http=_Connection,
        backlog=_WAITING,
        log_level="error",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    with listener, suppress(KeyboardInterrupt):
        _Server(config, close).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the streams of events when told to stop, or it would wait for browsers to leave."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self._close = close

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._close()
        super().handle_exit(sig, frame)


class _Connection(H11Protocol):
    """A connection that ends when nothing is asked for, and when there are too many.

    Otherwise some hundred that somebody leaves open take all that the system gives to a process.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self.loop.time()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        others = [
            one
            for one in self.connections
            if isinstance(one, _Connection) and one is not self and not one.transport.is_closing()
        ]
        if len(others) >= MOST:
            idle = [one for one in others if one.cycle is None or one.cycle.response_complete]
            min(idle, key=_Connection._worth, default=self).transport.abort()

    def _worth(self) -> tuple[bool, float]:
        """Less for one that never asked for anything, and for an older one."""
        return self.cycle is not None, self._since


def _no_cancellation(record: logging.LogRecord) -> bool:
    """What was under way when the preview is ended is no error."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def _listener(port: int | None) -> socket.socket:
    for wanted in (PORT, 0) if port is None else (port,):
        # Named as TCP: only then does asyncio send small answers without waiting 40 ms for more.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
            listener.listen()  # who comes before the server takes over waits
        except OSError as error:
            listener.close()
            reason = (error.strerror or str(error)).lower()
            failure = PreviewError(
                f"port {wanted} cannot be used: {reason}; choose another with --port"
            )
        else:
            return listener
    raise failure


def _has_desktop() -> bool:
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
