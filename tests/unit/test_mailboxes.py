"""Saved mail: whatever an office keeps it in, each message comes out once, or says why not."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.errors import MailError
from letters.mail import mailboxes
from letters.mail.mailboxes import Mail, saved_mail
from letters.mail.reports import reports_of
from tests.returned_mail import EXCHANGE, EXIM, LEFT, delivery_report, message

NEVER = PermissionError(13, "Permission denied")


def saved(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(path: Path) -> list[tuple[str, bytes]]:
    """The messages of a file or folder, all of which can be read."""
    found = list(saved_mail(path))
    assert [one.fault for one in found] == [""] * len(found)
    return [(one.where.removeprefix(f"{path}"), one.raw) for one in found]


def fault(path: Path) -> str:
    (one,) = saved_mail(path)
    assert one.raw == b""
    return one.fault


@pytest.mark.parametrize("name", ["returned.eml", "returned"])
def test_a_file_of_one_message_is_read_as_it_is(tmp_path: Path, name: str) -> None:
    assert read(saved(tmp_path / name, EXCHANGE)) == [("", EXCHANGE)]


def test_a_folder_is_read_with_those_in_it_and_without_what_systems_leave(tmp_path: Path) -> None:
    for name, content in (
        ("b.eml", EXIM),
        ("a/c.eml", LEFT),
        (".DS_Store", b"x"),
        ("b.eml~", b"x"),
    ):
        saved(tmp_path / name, content)
    assert read(tmp_path) == [("/a/c.eml", LEFT), ("/b.eml", EXIM)]


def test_a_maildir_is_read_without_its_own_notes(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(EXIM)
    saved(tmp_path / "box/tmp/half", b"Subject: ha")
    saved(tmp_path / "box/dovecot-uidlist", b"3 V1")
    assert [raw for _, raw in read(tmp_path / "box")] == [EXIM]


def test_the_folders_of_a_maildir_are_read_too(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(EXIM)
    box.add_folder("Reports").add(LEFT)
    assert sorted(raw for _, raw in read(tmp_path / "box")) == sorted([EXIM, LEFT])


def test_a_link_to_a_folder_or_to_nothing_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    (saved(folder / "a.eml", EXIM), saved(tmp_path / "other/b.eml", LEFT))
    (folder / "b").symlink_to(tmp_path / "other")
    (folder / "c.eml").symlink_to(tmp_path / "nowhere")
    assert [one.fault for one in saved_mail(folder)] == [
        "",
        "it is a link to a folder: name that one, too",
        "the file cannot be read: No such file or directory",
    ]


def test_any_name_of_a_file_can_be_printed(tmp_path: Path) -> None:
    for name in (b"a\n2024: 9 entered\x1b[31m.eml", b"best\xe4tigung.eml"):
        (tmp_path / os.fsdecode(name)).write_bytes(EXIM)
    found = [one.where.removeprefix(f"{tmp_path}/") for one in saved_mail(tmp_path)]
    assert found == ["a\\n2024: 9 entered\\x1b[31m.eml", "best\\udce4tigung.eml"]


def test_a_mailbox_file_is_read_message_by_message(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "returned.mbox")
    for one in (EXIM, LEFT):
        box.add(one)
    box.close()
    found = read(tmp_path / "returned.mbox")
    assert [where for where, _ in found] == [", message 1", ", message 2"]
    assert [raw.strip() for _, raw in found] == [EXIM.strip(), LEFT.strip()]


def test_a_line_that_begins_with_from_does_not_end_a_message(tmp_path: Path) -> None:
    body = message("\nThe letter\n\nFrom now on write to me.\n\nFrom here it goes on.\n")
    content = (
        b"From - Thu Jul 23 08:15:00 2020\n" + body + b"\nFrom x Thu Jul 23 08:16:00 2020\n" + EXIM
    )
    found = read(saved(tmp_path / "Inbox", content))
    assert [raw.rstrip() for _, raw in found] == [body.rstrip(), EXIM.rstrip()]


def test_a_line_with_a_time_that_no_header_follows_does_not_end_a_message(tmp_path: Path) -> None:
    body = message("\nThe letter\n\nFrom Monday 10:30 we are closed.\n\nBye\n")
    ((_, raw),) = read(saved(tmp_path / "Inbox", b"From - Thu Jul 23 08:15:00 2020\n" + body))
    assert raw == body


@pytest.mark.parametrize(
    ("beginning", "line", "between"),
    [
        (b"", b"From - Thu Jul 23 08:15:00 2020\n", b""),
        (b"", b"From - Thu Jul 23 08:15:00 2020\r\n", b" \r\n"),
        (b"", b"From MAILER-DAEMON\n", b"\n"),
        (b"", b"From MAILER-DAEMON Thu Jul 23 2020\n", b""),
        (b"\n\n", b"From - Thu Jul 23 08:15:00 2020\n", b"\n"),
        (b"\xef\xbb\xbf", b"From - Thu Jul 23 08:15:00 2020\n", b"\n"),
        (b"\xef\xbb\xbf\n", b"From - Thu Jul 23 08:15:00 2020\n", b"\n"),
    ],
)
def test_no_message_of_a_mailbox_file_is_lost(
    tmp_path: Path, beginning: bytes, line: bytes, between: bytes
) -> None:
    path = saved(
        tmp_path / "Inbox", beginning + between.join(line + one for one in (EXIM, LEFT, EXIM))
    )
    assert [raw.strip() for _, raw in read(path)] == [EXIM.strip(), LEFT.strip(), EXIM.strip()]


def test_quoted_lines_of_a_mailbox_file_are_as_they_were(tmp_path: Path) -> None:
    body = message("\n>From here\n>>From there\n> From me\n")
    ((_, raw),) = read(saved(tmp_path / "Inbox", b"From - Thu Jul 23 08:15:00 2020\n" + body))
    assert raw.endswith(b"\nFrom here\n>From there\n> From me\n")


SAVED_OTHERWISE: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda raw: raw,
    "lines ended by CR LF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "an empty line at the end": lambda raw: raw + b"\n",
    "the notes of a mail program": lambda raw: (
        b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\n" + raw
    ),
    "a mark of its coding": lambda raw: b"\xef\xbb\xbf" + raw,
    "a mailbox file": lambda raw: (
        b"From - Thu Jul 23 08:15:00 2020\nStatus: RO\n" + raw.replace(b"\nFrom ", b"\n>From ")
    ),
}


@pytest.mark.parametrize("way", SAVED_OTHERWISE)
def test_a_report_has_one_digest_however_it_was_saved(tmp_path: Path, way: str) -> None:
    raw = message("\nWords\nFrom here on.\n")
    path = saved(tmp_path / "returned", SAVED_OTHERWISE[way](raw))
    (one,) = saved_mail(path)
    assert one.digest == Mail("", raw).digest


def test_other_reports_have_other_digests() -> None:
    raws = (EXIM, LEFT, EXCHANGE, EXIM + b"x", EXIM.replace(b"Mail", b"mail"))
    assert len({Mail("", raw).digest for raw in (*raws, delivery_report())}) == len(raws) + 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\r\n\n", "it is empty"),
        (b"From - Thu Jul 23 08:15:00 2020\n", "it is no message: it does not begin with a header"),
        (b"%PDF-1.7", "it is no message: it does not begin with a header"),
        ("Hello\n".encode("utf-16"), "it is no message: it does not begin with a header"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512),
            "it is in Outlook's own format: attach it to a new message to yourself, and save that"
            " as .eml, or forward it as an attachment",
        ),
    ],
)
def test_what_is_no_message_says_so(tmp_path: Path, content: bytes, why: str) -> None:
    assert fault(saved(tmp_path / "x.eml", content)) == why


@pytest.mark.parametrize("beginning", [b"", b"From - Thu Jul 23 08:15:00 2020\n"])
def test_what_is_too_large_to_be_a_report_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(mailboxes, "LARGEST", 2_000_000)
    path = saved(tmp_path / "x", beginning + EXIM + b"x" * 4_000_000)
    assert fault(path) == "it is larger than 2 MB, and no report is"


def test_a_large_message_hides_none_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "LARGEST", 2_000)
    line = b"From - Thu Jul 23 08:15:00 2020\n"
    path = saved(tmp_path / "x", line + EXIM + b"x\n" * 4_000 + b"\n" + line + LEFT)
    assert [(one.fault != "", one.raw) for one in saved_mail(path)] == [(True, b""), (False, LEFT)]


def test_a_file_that_cannot_be_read_is_listed_among_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (saved(tmp_path / "a.eml", EXIM), saved(tmp_path / "b.eml", LEFT))
    opened = Path.open

    def refuse(path: Path, mode: str = "r") -> object:
        if path.name == "a.eml":
            raise NEVER
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refuse)
    assert [(one.fault, one.raw) for one in saved_mail(tmp_path)] == [
        ("the file cannot be read: Permission denied", b""),
        ("", LEFT),
    ]
    with pytest.raises(MailError, match=r"a\.eml cannot be read: Permission denied"):
        list(saved_mail(tmp_path / "a.eml"))


def test_a_name_of_nothing_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="returned is not there; name the message, folder or"):
        list(saved_mail(tmp_path / "returned"))
    with pytest.raises(MailError, match=f"{tmp_path} holds no message"):
        list(saved_mail(tmp_path))
    with pytest.raises(MailError, match="/dev/null is no file and no folder"):
        list(saved_mail(Path("/dev/null")))


@given(st.binary(max_size=300), st.booleans())
def test_any_file_is_read_without_trouble(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, is_mailbox: bool
) -> None:
    beginning = b"From - Thu Jul 23 08:15:00 2020\n" if is_mailbox else b""
    path = saved(tmp_path_factory.getbasetemp() / "any", beginning + content)
    found = [report for mail in saved_mail(path) for report in reports_of(mail)]
    assert found and all(one.where for one in found)
