"""The books of what was sent, as commands hold them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from letters.cli.face import echo, say
from letters.cli.frame import stop
from letters.errors import MailError
from letters.mail import LEDGER
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.ledger import Ledger
    from letters.mail.witness import SentFile


def has_books(records: Path) -> bool:
    """Whether there are books of a year that hold an attempt, or that cannot be read."""
    if not (records / LEDGER).exists():
        return False
    try:
        with open_books(records) as books:
            return bool(books.attempts())
    except MailError:
        return True


def _require_begun(year: str, first_run: bool | None) -> None:
    """Stop where there are no books of what was sent before, unless they may begin."""
    if first_run:
        return
    here = f"there are no books of {year} here (records/{year}/{LEDGER} is missing or holds no attempt)"
    if first_run is None:
        stop(f"{here}: bring them here from where letters were sent")
    stop(
        f"{here}. If letters were sent before, from here or from another machine or folder, bring"
        " the books here: without them councils are written to twice. If none was ever sent:"
        " --first-run"
    )


@contextmanager
def keep_books(root: Path, year: str, first_run: bool | None = None) -> Iterator[Ledger]:
    """A year's books, to write in them: held for one user, and with all that the witness has.

    `first_run` is whether they are to be begun, None where that is no choice.

    What a dead sender left open is settled, and told; what the witness lacks is added to it. Raises
    MailError where the books lack what the witness has, InUseError while letters go out, and stops
    where there are no books, or unexpectedly some.
    """
    from letters.mail.archive import records_folder
    from letters.mail.known import require_complete

    if not (records_folder(root, year) / LEDGER).exists():
        require_complete(root, year, ())
        _require_begun(year, first_run)
    with held_books(root, year) as (books, witness):
        require_complete(root, year, books.attempts())
        if first_run and books.attempts():
            sentence = "so this is no first run: leave --first-run out"
            stop(f"there are books of {year} already, {sentence}")
        if not books.attempts():
            _require_begun(year, first_run)
        for attempt in books.recover(datetime.now(UTC)):
            echo(f"{attempt.slug}: {attempt.state}: {attempt.reply}")
        if added := witness.complete(books.attempts()):
            lines = numbered(added, "line")
            say(f"data/{year}/sent.yaml: {lines} added that the books have")
        yield books


@contextmanager
def held_books(root: Path, year: str) -> Iterator[tuple[Ledger, SentFile]]:
    """A year's books and their witness as they are, held for one user. Raises InUseError."""
    from letters.files import only_one, remove_parts
    from letters.mail.archive import last_number, records_folder
    from letters.mail.witness import SentFile

    records = records_folder(root, year)
    with only_one(records, f"process {os.getpid()}", "in use for sending"):
        remove_parts(records / "sent")
        witness = SentFile(root, year)
        with open_books(records, witness, last_number(root, year)) as books:
            yield books, witness


@contextmanager
def open_books(
    records: Path | None, witness: SentFile | None = None, used: int = 0
) -> Iterator[Ledger]:
    """The ledger in a year's records, begun if need be; None for one that is forgotten."""
    from letters.mail.known import require_year
    from letters.mail.ledger import Ledger

    books = Ledger(records / LEDGER if records else None, _say, witness=witness, used=used)
    try:
        if records:
            require_year(records / LEDGER, books.attempts())
        yield books
    finally:
        books.close()


def _say(sentence: str) -> None:
    with suppress(OSError):  # nobody may be there to read it, and the books matter more
        say(sentence, err=True)
