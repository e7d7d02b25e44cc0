"""For an office that sends by hand: messages for a mail program, and a list of who gets what."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.batch.store import year_folder
from letters.files import write_whole
from letters.mail.mailroom import Mailroom
from letters.mail.message import message, message_id, recipients_of


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """What was written."""

    folder: Path
    table: Path
    drafts: int
    without_address: tuple[str, ...]


def write_messages(room: Mailroom, slugs: Sequence[str], now: datetime) -> MessageFiles:
    """Write `build/YEAR/drafts/<slug>.eml` and `build/YEAR/recipients.csv`.

    Outlook and Thunderbird open the files as messages still to be sent. Raises MailError, OSError.
    """
    folder = year_folder(room.root, room.campaign.year)
    drafts = folder / "drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    for old in drafts.glob("*.eml"):
        old.unlink()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(
        ("slug", "name", "to", "copies", "letter", "other files", "sha256 of the letter")
    )
    without = []
    for slug in slugs:
        if recipients_of(room.campaign.contacts.get(slug)) is None:
            without.append(slug)
            continue
        mailing = room.mailing(slug)
        number = message_id(room.office, room.campaign.year, mailing, 1)
        draft = message(room.office, mailing, number, now, draft=True)
        write_whole({drafts / f"{slug}.eml": draft}, private=True)
        to, *copies = mailing.recipients.addresses
        files = "; ".join(one.name for one in mailing.enclosures)
        name = room.campaign.register[slug].name
        writer.writerow(
            (slug, name, to, "; ".join(copies), mailing.pdf_name, files, mailing.letter)
        )
    path = folder / "recipients.csv"
    write_whole({path: table.getvalue().encode("utf-8-sig")}, private=True)
    return MessageFiles(drafts, path, len(slugs) - len(without), tuple(without))
