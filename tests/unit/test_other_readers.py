"""Another program's parser reads every message as ours does: one that shares no code with it."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from fast_mail_parser import parse_email

from letters.campaign.records import Authority
from letters.mail.archive import pdf_in
from letters.mail.enclosures import Enclosure
from letters.mail.envelope import Envelope, Recipients
from letters.mail.message import message, pdf_name
from letters.mail.parcels import Parcel
from letters.typesetting.finished import Told
from letters.typesetting.html import MailWords
from tests.conftest import PROJECT
from tests.unit.test_message import NOW

PDF, SHEET = b"%PDF-1.7\r\n.\r\n" + bytes(range(256)) * 40, b"PK\x03\x04\n.\n\x00\xff" * 300
ODD = (
    "Cyngor Sir Ynys Môn",
    "Łódź-upon-Æ, “the” Council",
    "名 Council",
    "A" * 180,
    "O'Neill & Sons; x=y",
)


@pytest.fixture(scope="module")
def names() -> list[str]:
    from letters.campaign.load import load

    register: Mapping[str, Authority] = load(PROJECT, "2020").register
    return [*(body.name for body in register.values()), *ODD]


def parcel(name: str) -> Parcel:
    """A letter to an authority of this name, with a file that is named after it."""
    title = f"Annual Review letter 2020: {name}"
    words = MailWords(
        f"Annual Review letter 2020: {name}",
        f"Dear Ms Brôom\n\n.The letter to {name} is attached. {'long ' * 300}\n",
        f"<p>Dear Ms Brôom</p><p>The letter to {name} &amp; more</p>\n",
    )
    envelope = Envelope(
        sender=f"Office of {name}"[:70],
        sent_from="letters@office.example",
        reply_to="answers@office.example",
        recipients=Recipients(
            "ce@x.example", tuple((f"Role {n}", f"copy-{n}@x.example") for n in range(6))
        ),
        words=words,
        enclosed=(Enclosure(Path(f"{name[:60]} – Fälle.xlsx".replace("/", "-")), "", len(SHEET)),),
    )
    told = Told(title, 3, {})
    return Parcel(
        "x", Path("x.pdf"), "", len(PDF), told, {}, "Dear Ms Brôom", Path("x.html"), "", envelope
    )


def test_it_reads_headers_words_and_files_of_a_message_to_each_authority_as_ours_does(
    names: list[str],
) -> None:
    for name in names:
        one = parcel(name)
        data = message(
            one, (PDF, SHEET), "<2@office.example>", NOW, answers=("<1@office.example>",)
        )
        ours, theirs = message_from_bytes(data, policy=default), parse_email(data)
        words = one.envelope.words
        assert words
        assert theirs.subject == ours["Subject"] == words.subject
        assert theirs.headers["In-Reply-To"] == [str(ours["In-Reply-To"])] == ["<1@office.example>"]
        assert "".join(theirs.headers["Cc"]).replace(" ", "").split(",") == [
            address.addr_spec for address in ours["Cc"].addresses
        ]
        assert theirs.headers["From"][0].startswith(
            (one.envelope.sender, f'"{one.envelope.sender}"')
        )
        assert [part.filename for part in theirs.attachments] == [
            part.get_filename() for part in ours.iter_attachments()
        ]
        assert theirs.attachments[0].filename == pdf_name(one.told.title)
        assert [part.content for part in theirs.attachments] == [PDF, SHEET]
        assert pdf_in(data) == PDF
        assert theirs.text_plain[0].replace("\r\n", "\n") == words.text
        assert theirs.text_html[0].replace("\r\n", "\n") == words.html
