"""For an office that sends by hand: messages for a mail program, and a list of who gets what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.batch.store import year_folder
from letters.campaign.load import Campaign
from letters.files import remove_parts, write_whole
from letters.mail.attempts import Attempt
from letters.mail.choice import again_after, issue_after, of_each
from letters.mail.message import message, message_id, pdf_name
from letters.mail.parcels import Parcel


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """What was written."""

    folder: Path
    table: Path
    drafts: int
    without_address: tuple[str, ...]


def write_messages(
    root: Path,
    campaign: Campaign,
    parcels: Iterable[Parcel],
    attempts: Sequence[Attempt],
    now: datetime,
) -> MessageFiles:
    """Write `build/YEAR/drafts/<slug>.eml` and `build/YEAR/recipients.csv`.

    Outlook and Thunderbird open the files as messages still to be sent. Corrected letters stand
    under those that they replace, by the attempts. Raises MailError, OSError.
    """
    folder, own = year_folder(root, campaign.year), of_each(campaign, attempts)
    drafts = folder / "drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    remove_parts(drafts)
    for old in drafts.glob("*.eml"):
        old.unlink()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(
        ("slug", "name", "to", "copies", "letter", "other files", "sha256 of the letter")
    )
    written, without = 0, []
    for parcel in parcels:
        slug, envelope = parcel.slug, parcel.envelope
        if envelope.recipients is None:
            without.append(slug)
            continue
        issue = issue_after(None, campaign.corrected(slug), own.get(slug, ()))
        again = again_after(own.get(slug, ()), issue.number)
        number = message_id(campaign.year, parcel, issue.number, again=again)
        contents, answers = parcel.contents(), issue.answers
        draft = message(parcel, contents, number, now, draft=True, answers=answers)
        write_whole({drafts / f"{slug}.eml": draft}, private=True)
        to, *copies = envelope.recipients.addresses
        files = "; ".join(one.name for one in envelope.enclosed)
        name, letter = campaign.register[slug].name, pdf_name(parcel.told.title)
        writer.writerow((slug, name, to, "; ".join(copies), letter, files, parcel.sha256))
        written += 1
    path = folder / "recipients.csv"
    write_whole({path: table.getvalue().encode("utf-8-sig")}, private=True)
    return MessageFiles(drafts, path, written, tuple(without))
