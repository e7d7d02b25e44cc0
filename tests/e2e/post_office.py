"""An office with letters that are built and approved, and a mail server to send them to."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import pairwise
from pathlib import Path
from typing import Any

import trustme

from letters.mail.attempts import Attempt
from letters.mail.ledger import Ledger
from tests.conftest import PROJECT
from tests.doing import run, said_in, wait_for
from tests.e2e.mail_server import PASSWORD


@dataclass(frozen=True)
class PostOffice:
    """The office's folder, and its mail server."""

    root: Path
    server: Path  #: folder of the mail server

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LETTERS_MAIL_PASSWORD": PASSWORD,
            "SSL_CERT_FILE": str(self.server / "authority.pem"),
        }

    @property
    def place(self) -> tuple[str, str]:
        """The end of each command: in which folder."""
        return "--root", str(self.root)

    @property
    def begun(self) -> bool:
        """Whether the books hold an attempt."""
        ledger = self.root / "records/2024/ledger.sqlite3"
        return ledger.exists() and bool(self.books())

    def number(self, options: Sequence[str]) -> int:
        """How many letters a run with these options would send, by what the books say."""
        names = [one for one in options if not one.startswith("-")]
        words = dict(pairwise(options))
        values = {words.get(one, "") for one in ("--limit", "--again", "--except")}
        named = [one for one in names if one not in values]
        books = self.books() if self.begun else {}
        states = {
            slug: "unknown" if one.state == "claimed" and one.handed_over_at else str(one.state)
            for slug, one in books.items()
        }
        done = ("accepted", "unknown") if named else ("accepted", "unknown", "refused")
        slugs = named or [path.stem for path in (self.root / "build/2024/letters").glob("*.pdf")]
        again = {"--again", "--copies-only"} & set(options)
        left = [one for one in slugs if again or states.get(one) not in done]
        return max(1, min(len(left), int(words.get("--limit", "999"))))

    def words(self, *options: str) -> list[str]:
        """What is typed after `letters`."""
        first = []
        if "--really-send" in options:
            first = [] if self.begun else ["--first-run"]
            first += [] if "--confirm" in options else ["--confirm", str(self.number(options))]
            first += [] if "--date-is-right" in options else ["--date-is-right"]
        return ["send", "2024", "--root", str(self.root), *options, *first]

    def command(self, *options: str) -> list[str]:
        """The command, for a process of its own."""
        return [sys.executable, "-m", "letters", *self.words(*options)]

    def send(self, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command `letters send`, in this process; nothing that it prints is a traceback."""
        words = self.words(*(options or ("--really-send",)))
        result = run(*words, env=self.environment | environment)
        said = (said_in(self.root, one) for one in (result.stdout, result.stderr))
        done = subprocess.CompletedProcess(words, result.exit_code, *said)
        right = re.search(r"this run sends (\d+) letters?, and --confirm says", done.stderr)
        if right and "--confirm" not in options:  # what the books alone do not tell
            return self.send(*(options or ("--really-send",)), "--confirm", right[1], **environment)
        return done

    @contextmanager
    def sending(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """The same, under way."""
        with subprocess.Popen(
            self.command(*(options or ("--really-send",))),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT, env=self.environment,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def taken(self) -> list[tuple[list[str], EmailMessage]]:
        """What the server took: sender and recipients, and the message."""
        found = []
        for path in sorted((self.server / "taken").glob("*.json")):
            message = message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
            found.append((json.loads(path.read_text()), message))
        return found

    def received(self) -> Counter[str]:
        """How many messages each authority got, by the slug in the figures of the PDF that came."""
        return Counter(slug_of(message) for _, message in self.taken())

    def books(self) -> dict[str, Attempt]:
        """The last attempt for each authority."""
        ledger = Ledger(self.root / "records/2024/ledger.sqlite3")
        try:
            return dict(ledger.latest())
        finally:
            ledger.close()

    def states(self) -> dict[str, str]:
        return {slug: str(attempt.state) for slug, attempt in self.books().items()}


def slug_of(message: EmailMessage) -> str:
    from letters.typesetting.finished import tell

    pdf = next(message.iter_attachments()).get_payload(decode=True)
    assert isinstance(pdf, bytes)
    return str(tell(pdf).statistics["authority"]["slug"])


@contextmanager
def mail_server(folder: Path, **wishes: Any) -> Iterator[Path]:
    """A mail server in a process of its own; its folder."""
    folder.mkdir(exist_ok=True)
    for left in ("port", "go", "paused"):
        (folder / left).unlink(missing_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        folder / "server.pem"
    )
    wishes = {name.replace("_", " "): value for name, value in wishes.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.mail_server", str(folder), json.dumps(wishes)],
        cwd=PROJECT,
    ) as process:
        try:
            wait_for((folder / "port").exists)
            yield folder
        finally:
            process.kill()


def trusted(server: Path) -> ssl.SSLContext:
    """What trusts the server's certificate, and no other."""
    return ssl.create_default_context(cafile=server / "authority.pem")


Opened = Callable[..., AbstractContextManager[PostOffice]]


def opens(kept: Path, folder: Path, took: Path | None = None) -> Opened:
    """Opens a copy of an office in a folder, each time with a mail server that does as is wished.

    The server took before what stands in `took`.
    """

    @contextmanager
    def opened(**wishes: Any) -> Iterator[PostOffice]:
        root = folder / "office"
        if not root.exists():
            shutil.copytree(kept, root)
            if took:
                shutil.copytree(took, folder / "server")
        with mail_server(folder / "server", **wishes) as server:
            use_server(root, server)
            yield PostOffice(root, server)

    return opened


def use_server(root: Path, server: Path) -> None:
    """Write the server's port into the office's file."""
    office = root / "data/office.yaml"
    port = (server / "port").read_text()
    office.write_text(re.sub(r"port: [0-9]+", f"port: {port}", office.read_text()))
