"""Serves the preview on this machine alone; only user of uvicorn."""

from __future__ import annotations

import asyncio
import logging
import os
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

from letters.errors import PreviewError
from letters.preview.app import preview

HOST = "127.0.0.1"
PORT = 8343


def serve(
    root: Path, year: str, port: int | None, browse: bool, tell: Callable[[str], None]
) -> None:
    """Serve a year's preview until Ctrl-C; `tell` is given the address, once it answers.

    Without a port, 8343 is taken or, where that is in use, another that is free. Raises
    PreviewError when the port that was asked for cannot be had.
    """
    listener = _listener(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/{quote(year)}/"

    def ready() -> None:
        tell(address)
        if browse and _has_desktop():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app, close = preview(root, year, ready)
    logging.getLogger("uvicorn.error").addFilter(_no_cancellation)
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="on", timeout_graceful_shutdown=1
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
