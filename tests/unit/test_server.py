"""The server of the preview: whom it answers when many come, and what it tells the terminal."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from letters.preview.server import MOST
from tests.conftest import PROJECT

FILES = 256  #: that the preview may have open
MANY = 400  #: connections: more than that
LIMIT = 30.0  #: seconds for what takes a moment; nobody who asks for nothing is kept longer than 5


@dataclass(frozen=True)
class Running:
    """A preview in a process of its own."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), LIMIT)

    def ask(self, path: str = "/static/icon.svg", over: HTTPConnection | None = None) -> int:
        """The status of the answer, on a connection of its own or on one that there is."""
        connection = over or HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("GET", path, headers={} if over else {"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def end(self) -> str:
        """What it has written to its error output, once Ctrl-C has ended it."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=LIMIT)[1]


@contextmanager
def running(root: Path, *options: str) -> Iterator[Running]:
    limited = ["sh", "-c", f'ulimit -n {FILES} && exec "$@"', "sh", sys.executable, "-m", "letters"]
    command = [*limited, "preview", "2024", "--root", str(root), "--no-browser", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.fullmatch(r"2024: (http://127\.0\.0\.1:\d+/\S+)  \(Ctrl-C ends\)\n", line)
            assert found, line
            yield Running(process, found[1])
        finally:
            process.kill()


@pytest.fixture
def server(small_year: Path) -> Iterator[Running]:
    with running(small_year) as started:
        yield started


@pytest.mark.parametrize("sent", [b"", b"GET /2024/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"])
def test_who_asks_is_answered_however_many_connections_are_open_and_ask_for_nothing(
    server: Running, sent: bytes
) -> None:
    with ExitStack() as stack:
        events = stack.enter_context(closing(HTTPConnection("127.0.0.1", server.port)))
        events.request("GET", "/events")
        assert events.getresponse().status == 200
        earlier = stack.enter_context(closing(HTTPConnection("127.0.0.1", server.port)))
        for number in range(MANY):
            idle = stack.enter_context(server.connect())
            with suppress(ConnectionError):  # closed at once
                idle.sendall(sent)
            if number % 10 == 0:  # not faster than it can be answered
                assert server.ask(over=earlier) == 200
                assert earlier.sock, "it is still the same connection"
        assert server.ask(over=earlier) == 200
        assert server.ask() == server.ask("/2024/") == 200
        assert events.sock
        events.sock.setblocking(False)
        with pytest.raises(BlockingIOError):  # neither closed nor reset
            while events.sock.recv(1000):
                pass
    assert server.end() == ""


def test_a_connection_that_asks_for_nothing_is_closed(server: Running) -> None:
    with server.connect() as idle:
        assert idle.recv(1) == b""
    assert server.end() == ""


def test_with_all_connections_at_work_one_more_is_closed_until_one_of_them_ends(
    server: Running,
) -> None:
    with ExitStack() as stack:
        at_work = [stack.enter_context(server.connect()) for _ in range(MOST)]
        for one in at_work:
            one.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for one in at_work:
            assert one.recv(12) == b"HTTP/1.1 200"
        with pytest.raises(ConnectionError):
            server.ask()
        at_work[0].close()
        answered = False
        while not answered:  # the server has yet to notice
            with suppress(ConnectionError):
                answered = server.ask() == 200
    assert server.end() == ""


def test_without_a_token_the_address_holds_none(server: Running) -> None:
    assert server.address.endswith("/2024/")
    assert server.ask("/2024/") == 200


def test_with_a_token_the_address_alone_opens_the_preview(small_year: Path) -> None:
    with running(small_year, "--token") as server:
        path, _, token = server.address.partition("?token=")
        assert len(token) >= 43
        assert [server.ask(one) for one in ("/2024/", "/events", "/static/icon.svg")] == [403] * 3
        connection = HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
        with closing(connection):
            connection.request("GET", f"/2024/?token={token}")
            answer = connection.getresponse()
            answer.read()
            cookie = answer.headers["Set-Cookie"]
            assert (answer.status, answer.headers["Location"]) == (307, "/2024/")
            assert cookie.startswith(f"letters-preview-{server.port}={token};")
            connection.request("GET", "/2024/", headers={"Cookie": cookie.partition(";")[0]})
            assert connection.getresponse().status == 200
        assert path == f"http://127.0.0.1:{server.port}/2024/"
        assert server.end() == ""
