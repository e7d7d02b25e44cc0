"""The archive: what was sent is kept once and for good, for its owner alone."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from letters.errors import MailError
from letters.mail.archive import keep_sent, kept_letter, last_number, sent_path
from letters.mail.attempts import Attempt, State

PDF = b"%PDF the letter"


def attempt(number: int = 1, letter: bytes = PDF) -> Attempt:
    digest = sha256(letter).hexdigest()
    return Attempt(number, "camden", 1, digest, "", "<1@x>", State.ACCEPTED, "", "", "", "", "")


def test_what_is_kept_stays_as_it_is(tmp_path: Path) -> None:
    keep_sent(tmp_path, "2020", attempt(), {"pdf": PDF, "html": b"<p>page"})
    path = tmp_path / "records/2020/sent/camden.1-1.pdf"
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (PDF, 0o400)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(
        MailError, match=r"camden: it cannot be kept as .*camden\.1-1\.pdf: file exists"
    ):
        keep_sent(tmp_path, "2020", attempt(), {"pdf": b"another"})
    assert path.read_bytes() == PDF
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "camden.1-1.html",
        "camden.1-1.pdf",
    ]


def test_where_a_part_cannot_be_kept_nothing_is(tmp_path: Path, little_disk: Path) -> None:
    (tmp_path / "records").symlink_to(little_disk)
    with pytest.raises(MailError, match=r"no space left on device; nothing was sent of it"):
        keep_sent(tmp_path, "2020", attempt(), {"pdf": PDF, "html": b"x" * 1_000_000})
    assert list((little_disk / "2020/sent").iterdir()) == []


def test_the_highest_number_of_an_attempt_is_known_without_books(tmp_path: Path) -> None:
    assert last_number(tmp_path, "2020") == 0
    for number in (3, 12, 7):
        keep_sent(tmp_path, "2020", attempt(number), {"pdf": PDF})
    for other in ("note.txt", f"camden.1-{10**20}.eml"):  # which no books can have given
        (tmp_path / "records/2020/sent" / other).touch()
    assert last_number(tmp_path, "2020") == 12


def test_a_letter_is_found_by_what_the_books_say_of_it_and_no_other_passes_for_it(
    tmp_path: Path,
) -> None:
    keep_sent(tmp_path, "2020", attempt(), {"pdf": PDF, "html": b"<p>page"})
    kept = kept_letter(tmp_path, "2020", attempt())
    assert kept and (kept.pdf, kept.html) == (PDF, "<p>page")
    assert kept_letter(tmp_path, "2020", attempt(9)), "books that were restored count anew"
    assert kept_letter(tmp_path, "2020", attempt(letter=b"another")) is None
    path = sent_path(tmp_path, "2020", attempt(), "pdf")
    path.unlink()
    path.write_bytes(b"forged")
    assert kept_letter(tmp_path, "2020", attempt()) is None
