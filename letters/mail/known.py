"""What is known of what was sent: a year's books, read without holding or changing them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from letters.campaign.sent import read_sent, year_of
from letters.errors import MailError
from letters.mail import LEDGER
from letters.mail.archive import records_folder, require_kept_known
from letters.mail.attempts import Attempt, Word
from letters.mail.ledger import read
from letters.mail.witness import require_known


def in_books(root: Path, year: str) -> tuple[tuple[Attempt, ...], tuple[Word, ...]]:
    """What the books of a year have, none where there are none: attempts, and of addresses.

    Raises MailError for books that cannot be read, and for those of another year.
    """
    path = records_folder(root, year) / LEDGER
    if not path.exists():
        return (), ()
    attempts, words = read(path)
    require_year(path, attempts)
    return attempts, words


def known_of(root: Path, year: str) -> tuple[tuple[Attempt, ...], tuple[Word, ...]]:
    """The same. Raises MailError where they lack what the witness has, or the archive, too."""
    attempts, words = in_books(root, year)
    require_complete(root, year, attempts)
    return attempts, words


def require_complete(root: Path, year: str, attempts: Sequence[Attempt]) -> None:
    """Raise MailError where the books lack what the witness has, or the archive."""
    require_known(year, read_sent(root, year), attempts)
    require_kept_known(root, year, attempts)


def require_year(path: Path, attempts: Sequence[Attempt]) -> None:
    """Raise MailError where the books in a year's folder have letters of another year."""
    others = {year_of(one.message_id) for one in attempts} - {"", path.parent.name}
    if others:
        raise MailError(
            f"the ledger {path} has letters of {min(others)}: these are the books of"
            f" another year. Bring those of {path.parent.name} here"
        )
