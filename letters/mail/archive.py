"""What was sent and what was approved, kept below `records/YEAR/` as it was; out of git.

Each message stands there as it went out, written once and never again, with the letter's page for
browsers beside it. Nobody else can read the files: they name people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any

from letters.campaign.sent import sent_file
from letters.errors import MailError
from letters.files import digest_of, write_once, write_whole
from letters.mail.attempts import Attempt
from letters.typesetting.finished import tell
from letters.typesetting.markup import Markup, read_page
from letters.wording import reason_of

_HEAD = 65536  #: bytes of a message that hold its headers
_NAME = re.compile(r".+\.[0-9]+-(?P<attempt>[0-9]{1,18})\.(?:eml|html|pdf)")


def records_folder(root: Path, year: str) -> Path:
    """Where the books and the archive of a year are."""
    return root / "records" / year


def sent_path(root: Path, year: str, attempt: Attempt, kind: str = "eml") -> Path:
    """Where the message of an attempt is kept, or the page (`html`), or the letter alone (`pdf`)."""
    name = f"{attempt.slug}.{attempt.issue}-{attempt.id}.{kind}"
    return records_folder(root, year) / "sent" / name


def keep_sent(root: Path, year: str, attempt: Attempt, files: Mapping[str, bytes]) -> None:
    """Keep what goes out, by its kind (`eml`, `html`, `pdf`), each once and for good.

    Raises MailError when one is there already, or cannot be written: then nothing must go out.
    """
    done = list[Path]()
    for kind, content in files.items():
        path = sent_path(root, year, attempt, kind)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(path, content)
            done.append(path)
        except OSError as error:
            for one in done:  # nothing goes out of it
                one.unlink(missing_ok=True)
            raise MailError(
                f"{attempt.slug}: it cannot be kept as {path}: {reason_of(error)}; nothing was sent"
                " of it, and nothing more is sent"
            ) from error


def last_number(root: Path, year: str) -> int:
    """The highest number of an attempt that anything was kept of, 0 for none."""
    folder = records_folder(root, year) / "sent"
    names = (_NAME.fullmatch(path.name) for path in folder.glob("*.*"))
    return max((int(name["attempt"]) for name in names if name), default=0)


def kept_path(root: Path, year: str, attempt: Attempt) -> Path | None:
    """Where the message of an attempt is kept, or the letter of one that went by post.

    Books that were restored have other numbers: then it is found by what it is.
    """
    own = sent_path(root, year, attempt, "pdf" if attempt.by_post else "eml")
    if own.exists():
        return own
    others = (one for one in kept_of(root, year, attempt) if one.suffix == own.suffix)
    return next((one for one in others if _what_is_kept(one) == _what_is_sent(attempt)), None)


def require_kept_known(root: Path, year: str, attempts: Iterable[Attempt]) -> None:
    """Raise MailError, with the first, when the books lack a message that is kept."""
    own, known = set[str](), set[str]()
    for one in attempts:
        own.add(f"{one.slug}.{one.issue}-{one.id}")
        known.add(_what_is_sent(one))
    paths = sorted((records_folder(root, year) / "sent").glob("*.*"))
    for path in paths:
        is_message = _NAME.fullmatch(path.name) and path.suffix in (".eml", ".pdf")
        if is_message and path.stem not in own and _what_is_kept(path) not in known:
            books = f"the books of {year} do not have it: they are older"
            if not own:
                ledger = f"records/{year}/ledger.sqlite3 is missing or holds no attempt"
                books = f"there are no books of {year} here ({ledger})"
            raise MailError(
                f"{path} is kept here as a message that went out, or was about to, and {books}. Bring"
                f" the latest books here. If they are lost, bring back the latest {sent_file(year)}"
                f" from git, and: letters ledger restore {year}. If it was never sent, move it away"
            )


def _what_is_sent(attempt: Attempt) -> str:
    """By what a kept message is known: its Message-ID; by its digest what went by post."""
    return attempt.letter if attempt.by_post else attempt.message_id


def _what_is_kept(path: Path) -> str:
    """The same of a file; "" where it cannot be read."""
    if path.suffix == ".eml":
        return str(_headers(path)["message-id"] or "")
    try:
        return digest_of(path)
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter as it was sent or approved."""

    pdf: bytes
    html: str

    @property
    def statistics(self) -> Mapping[str, Any]:
        """The figures that the PDF carries. Raises NoLetter."""
        return tell(self.pdf).statistics

    @property
    def markup(self) -> Markup:
        """What the page says."""
        return read_page(self.html)


def kept_letter(root: Path, year: str, attempt: Attempt) -> Kept | None:
    """The letter of an attempt, from its message or from what was approved; None where none is.

    It is the PDF with the digest that the books have, and no other.
    """
    for pdf, page in _places(root, year, attempt):
        try:
            found = pdf_in(pdf.read_bytes()) if pdf.suffix == ".eml" else pdf.read_bytes()
            if sha256(found).hexdigest() == attempt.letter:
                return Kept(found, page.read_text(encoding="utf-8"))
        except (OSError, UnicodeError):
            continue
    return None


def _places(root: Path, year: str, attempt: Attempt) -> Iterator[tuple[Path, Path]]:
    """Where a letter may be, and its page: first the very one, then others of the same issue."""
    paths = [sent_path(root, year, attempt), *kept_of(root, year, attempt)]
    yield from ((path, path.with_suffix(".html")) for path in dict.fromkeys(paths))
    approved = records_folder(root, year) / "approved" / f"{attempt.slug}.pdf"
    yield approved, approved.with_suffix(".html")


def kept_of(root: Path, year: str, letter: Attempt) -> tuple[Path, ...]:
    """The messages that are kept of an issue of a letter, and the letters that went by post."""
    sent = records_folder(root, year) / "sent"
    found = sorted(sent.glob(f"{letter.slug}.{letter.issue}-*.*"))
    return tuple(one for one in found if one.suffix in (".eml", ".pdf"))


def addressed(root: Path, year: str, attempt: Attempt) -> tuple[str, ...]:
    """The addresses that a kept message has, the chief executive's first; none where none is kept."""
    path = kept_path(root, year, attempt)
    kept = _headers(path) if path else EmailMessage()
    return tuple(
        one.addr_spec for name in ("to", "cc") if kept[name] for one in kept[name].addresses
    )


def _headers(message: Path) -> EmailMessage:
    """Those of a kept message, none where it cannot be read."""
    try:
        with message.open("rb") as file:
            return BytesHeaderParser(policy=default).parsebytes(file.read(_HEAD))
    except OSError:
        return EmailMessage()


def pdf_in(content: bytes) -> bytes:
    """The PDF of a kept message: its first file; b"" without one."""
    part = next(message_from_bytes(content, policy=default).iter_attachments(), None)
    found = part.get_payload(decode=True) if part else b""
    return found if isinstance(found, bytes) else b""


def approved_path(root: Path, year: str, slug: str, kind: str) -> Path:
    """Where a letter is kept as it was approved: `pdf`, `html`, and its envelope (`json`)."""
    return records_folder(root, year) / "approved" / f"{slug}.{kind}"


def keep_approved(root: Path, year: str, slug: str, files: Mapping[str, bytes]) -> None:
    """Keep a letter as it was approved last, by kind. Raises OSError."""
    paths = {approved_path(root, year, slug, kind): content for kind, content in files.items()}
    changed = {
        path: content
        for path, content in paths.items()
        if digest_of(path) != sha256(content).hexdigest()
    }
    for path in changed:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(changed, private=True)
