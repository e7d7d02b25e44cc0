"""One authority's message: its bytes, its headers, and what goes along with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.load import Campaign
from letters.campaign.records import Contacts, Copy
from letters.errors import MailError
from letters.mail.enclosures import Enclosure, look_into, shared
from letters.mail.envelope import Envelope, Recipients, recipients_of
from letters.mail.mentions import Mentions
from letters.mail.message import largest_of, message, message_id, pdf_name, size_of
from letters.mail.parcels import Parcel
from letters.typesetting.finished import Told
from letters.typesetting.html import MailWords

MAIDSTONE, CALDERDALE = "maidstone-borough-council", "calderdale-metropolitan-borough-council"
NOW = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)
PDF = b"%PDF-1.7"
NUMBER = "<1@office.example>"


def enclosed(name: str, content: bytes = b"x") -> Enclosure:
    return Enclosure(Path(name), sha256(content).hexdigest(), len(content))


def parcel(*files: Enclosure, title: str = "Letter 2020: Maidstone", **envelope: object) -> Parcel:
    """A parcel to Maidstone; its PDF is none, for nobody opens it here."""
    beside = Envelope(
        sender="Office",
        sent_from="letters@office.example",
        reply_to="answers@office.example",
        recipients=Recipients(
            "ce@maidstone.example", (("Link Officer", "link@maidstone.example"),)
        ),
        words=MailWords("The letter", "Dear Ms Broom\n", "<p>Dear Ms Broom</p>\n"),
        enclosed=files,
    )
    told, digest = Told(title, 3, {}), sha256(PDF).hexdigest()
    return Parcel(
        MAIDSTONE,
        Path("build/letter.pdf"),
        digest,
        len(PDF),
        told,
        {},
        "Dear Ms Broom",
        Path("build/letter.html"),
        "",
        replace(beside, **envelope),  # type: ignore[arg-type]
    )


def about(subject: str) -> MailWords:
    return MailWords(subject, "Dear Ms Broom\n", "<p>Dear Ms Broom</p>\n")


def written(one: Parcel, *contents: bytes, tester: str = "", draft: bool = False) -> bytes:
    return message(one, (PDF, *contents), NUMBER, NOW, tester, draft)


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)


def lines_of(data: bytes, header: str) -> list[str]:
    """A header as it is on the wire, line by line."""
    text = f"\r\n{data.decode('ascii')}"
    found = text[text.index(f"\r\n{header}: ") + 2 :].split("\r\n")
    return found[: next(i for i, line in enumerate(found) if i and not line.startswith(" "))]


def test_a_message_has_both_forms_of_its_words_the_letter_and_the_files() -> None:
    contents = (b"\x00\xff confidential", b"a\nb\n.\nc")
    files = (enclosed("Übersicht – Fälle.xlsx", contents[0]), enclosed("notes.txt", contents[1]))
    mail = parsed(written(parcel(*files), *contents))
    assert (mail["From"], mail["To"], mail["Cc"]) == (
        "Office <letters@office.example>", "ce@maidstone.example", "link@maidstone.example",
    )  # fmt: skip
    assert (mail["Reply-To"], mail["Subject"]) == ("answers@office.example", "The letter")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain and html
    assert (plain.get_content().strip(), html.get_content().strip()) == (
        "Dear Ms Broom",
        "<p>Dear Ms Broom</p>",
    )
    found = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    ]
    assert found == [
        ("Letter 2020 - Maidstone.pdf", "application/pdf", PDF),
        (
            files[0].name,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            contents[0],
        ),
        ("notes.txt", "application/octet-stream", contents[1]),
    ]


def test_a_message_made_twice_is_the_same() -> None:
    assert written(parcel()) == written(parcel())


def test_a_message_to_a_tester_goes_to_nobody_else() -> None:
    mail = parsed(written(parcel(), tester="me@office.example"))
    assert (mail["To"], mail["Cc"]) == ("me@office.example", None)


def test_no_line_of_a_body_is_longer_than_the_standard_allows() -> None:
    content = bytes(range(256)) * 9
    words = MailWords(
        "The letter", f"{'A long line with an é. ' * 30}\n", f"<p>{'Another é. ' * 30}</p>\n"
    )
    data = written(parcel(enclosed("cases.xlsx", content), words=words), content)
    body = data.partition(b"\r\n\r\n")[2]
    assert (
        max(len(line) for line in body.splitlines() if not line.startswith(b"Content-")) <= 76
    )  # RFC 2045, 6.7


def test_a_draft_opens_as_a_message_to_be_sent() -> None:
    assert parsed(written(parcel(), draft=True))["X-Unsent"] == "1"
    assert parsed(written(parcel()))["X-Unsent"] is None


def test_machines_are_asked_not_to_answer_what_a_machine_sends() -> None:
    mail = parsed(written(parcel()))
    assert mail["Auto-Submitted"] == "auto-generated"  # RFC 3834, 5
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply", "reports of failures are wanted"
    assert parsed(written(parcel(), draft=True))["Auto-Submitted"] is None, "a person sends it"


@pytest.mark.parametrize(
    "ending", ["\nBcc: x@evil.example", "\r\nBcc: x@evil.example", "\r\n\r\nwords"]
)
def test_a_second_line_in_a_header_is_refused(ending: str) -> None:
    with pytest.raises(
        MailError, match="maidstone-borough-council: a header of the message cannot be written"
    ):
        written(parcel(words=about(f"The letter{ending}")))


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("words", "there is no e-mail: the year's templates have none of email.subject"),
        ("recipients", "the contacts have no address of its chief executive"),
    ],
)
def test_without_words_or_an_address_there_is_no_message(missing: str, sentence: str) -> None:
    one = parcel()
    with pytest.raises(MailError, match=f"{MAIDSTONE}: {sentence}"):
        written(replace(one, envelope=replace(one.envelope, **{missing: None})))  # type: ignore[arg-type]


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])


@given(st.text(PRINTABLE, min_size=1, max_size=120).filter(str.strip))
def test_any_name_arrives_in_the_subject_and_in_a_file_s_name(name: str) -> None:
    subject = " ".join(f"Letter to {name}".split())
    file = enclosed(f"cases {name.replace('/', '-')}.xlsx")
    data = written(parcel(file, words=about(subject)), b"x")
    mail = parsed(data)
    assert str(mail["Subject"]) == subject
    assert [part.get_filename() for part in mail.iter_attachments()][1] == file.name
    first, *_ = lines_of(data, "Subject")
    assert first.removeprefix("Subject: ").strip(), "no reader shows an empty line"
    words = [word for word in data.decode("ascii").split() if word.startswith("=?")]
    assert all(len(word) <= 75 for word in words)  # RFC 2047, 2


@given(st.text(PRINTABLE, min_size=1, max_size=90).filter(str.strip))
def test_any_name_arrives_as_that_of_the_sender(name: str) -> None:
    sender = " ".join(name.split())
    data = written(parcel(sender=sender))
    name_read, address = parseaddr(message_from_bytes(data, policy=compat32)["From"])
    assert str(make_header(decode_header(name_read))) == sender
    assert address == "letters@office.example"
    assert all(len(line) <= 78 or " " not in line[1:] for line in lines_of(data, "From")[1:])


def test_a_long_ascii_name_of_a_file_is_in_one_piece_between_quotes() -> None:
    title = "Annual Review letter 2020: Calderdale Metropolitan Borough Council"
    data = written(parcel(title=title))
    assert (
        b"Content-Disposition: attachment;\r\n"
        b' filename="Annual Review letter 2020 - Calderdale Metropolitan Borough Council.pdf"\r\n'
    ) in data
    assert b"filename*" not in data and b"name*0" not in data


def test_a_name_that_no_line_can_hold_arrives_all_the_same() -> None:
    name = f"{'ü' * 200}.xlsx"
    data = written(parcel(enclosed(name)), b"x")
    assert [part.get_filename() for part in parsed(data).iter_attachments()][1] == name
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


def test_a_name_with_accents_is_there_for_old_readers_and_for_new_ones() -> None:
    data = written(parcel(enclosed("Fälle für Ashby.xlsx")), b"x")
    assert b" filename*=utf-8''F%C3%A4lle%20f%C3%BCr%20Ashby.xlsx\r\n" in data  # RFC 2231, 4
    assert b' name="=?utf-8?q?F=C3=A4lle_f=C3=BCr_Ashby=2Exlsx?="\r\n' in data


@pytest.mark.parametrize(
    "name",
    [
        "Borough Council of King's Lynn & West Norfolk",
        "Bournemouth, Christchurch and Poole Council",
        "City of Bradford Metropolitan District Council",
        "North West Leicestershire District Council",
    ],
)
def test_a_subject_begins_on_its_first_line(name: str) -> None:
    subject = f"Annual Review letter 2020: {name}"
    first, *more = lines_of(written(parcel(words=about(subject))), "Subject")
    assert first.startswith("Subject: Annual Review letter 2020: ")
    assert "".join((first, *more)) == f"Subject: {subject}"


def test_a_sender_s_name_with_a_comma_is_quoted() -> None:
    assert lines_of(written(parcel(sender="Ombudsman, Local")), "From") == [
        'From: "Ombudsman, Local" <letters@office.example>'
    ]


def test_a_message_id_stays_with_its_content() -> None:
    one = message_id("2020", parcel(), 1)
    assert one == message_id("2020", parcel(), 1)
    assert one.endswith("@office.example>")
    others = {
        message_id("2020", parcel(), 2),
        message_id("2020", parcel(), 1, test=True),
        message_id("2020", replace(parcel(), sha256="0" * 64), 1),
        message_id("2020", parcel(words=about("Other words")), 1),
        message_id("2020", parcel(enclosed("a")), 1),
        message_id("2020", parcel(recipients=Recipients("other@maidstone.example")), 1),
        message_id("2020", parcel(reply_to=""), 1),
    }
    assert len({one, *others}) == 8


def test_the_size_of_a_message_is_known_before_it_is_made() -> None:
    for size in (1, 2, 3, 56, 57, 58, 12_345):
        content = bytes(size)
        one = parcel(enclosed("cases.xlsx", content))
        made = message(one, (PDF, content), message_id("2020", one, 1), NOW)
        assert size_of(one, "2020", NOW) == len(made)


def test_the_largest_message_is_found_and_one_above_the_limit_is_told() -> None:
    small, large = parcel(), parcel(enclosed("cases.xlsx", bytes(740_000)))
    assert largest_of([small, large], "2020", 2, NOW) == size_of(large, "2020", NOW)
    assert largest_of([], "2020", 2, NOW) == 0
    with pytest.raises(
        MailError, match=r"the message has 1\.0 MB, .* allows 1; its largest file is"
    ):
        largest_of([small, large], "2020", 1, NOW)


def test_bytes_that_changed_since_the_parcel_was_made_are_no_longer_its_contents(
    tmp_path: Path,
) -> None:
    pdf, file = tmp_path / "letter.pdf", tmp_path / "cases.xlsx"
    pdf.write_bytes(PDF)
    file.write_bytes(b"x")
    one = replace(parcel(replace(enclosed("cases.xlsx"), path=file)), pdf=pdf)
    assert one.contents() == (PDF, b"x")
    file.write_bytes(b"y")
    with pytest.raises(MailError, match=r"cases\.xlsx is not what it was when this run began"):
        one.contents()
    file.unlink()
    with pytest.raises(MailError, match=r"cases\.xlsx cannot be read any more: no such file"):
        one.contents()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (
            "Annual Review letter 2020: Maidstone Council",
            "Annual Review letter 2020 - Maidstone Council.pdf",
        ),
        ("Letter: King's Lynn / Wisbech", "Letter - King's Lynn - Wisbech.pdf"),
        ('Letter "x" <y>', "Letter - x - y.pdf"),
        ("\xa0Letter\xa0", "Letter.pdf"),
    ],
)
def test_the_pdf_is_named_for_people(title: str, name: str) -> None:
    assert pdf_name(title) == name


def test_who_receives_it_is_the_chief_executive_and_all_copies_each_once() -> None:
    contacts = Contacts.model_validate({"chief_executive": {"email": "a@b.example"}}, strict=False)
    copies = tuple(
        Copy(role=role, email=email)
        for role, email in (("Link", "c@b.example"), ("Monitor", "c@b.example"))
    )
    found = recipients_of(contacts.model_copy(update={"copies": copies}))
    assert found and found.addresses == ("a@b.example", "c@b.example")
    assert recipients_of(Contacts()) is None
    assert recipients_of(None) is None


@pytest.mark.parametrize("role", ["Leader\\Mayor", "A\\1", "A\\g<0>"])
def test_a_role_is_shown_as_it_is_written(role: str) -> None:
    recipients = Recipients("ce@a.example", ((role, "copy@a.example"),))
    assert recipients.without_addresses("550 <copy@a.example> unknown") == f"550 <{role}> unknown"


def test_of_a_long_answer_no_part_of_an_address_is_left() -> None:
    said = f"550 {'x' * 190} ada.approver@office.example"
    assert Recipients("ce@a.example").without_addresses(said) == f"550 {'x' * 190} an ad"


def test_what_a_server_says_shows_roles_in_the_place_of_addresses() -> None:
    said = "550 5.1.1 <CE@maidstone.example>: unknown; try link@maidstone.example or other@maidstone.example"
    recipients = parcel().envelope.recipients
    assert recipients and recipients.without_addresses(said) == (
        "550 5.1.1 <Chief Executive>: unknown; try Link Officer or an address"
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\nb.xlsx", "attachment-name"),
        (" a.xlsx", "attachment-name"),
        ("=?utf-8?q?x?=.xlsx", "attachment-name"),
        ("caf\udce9.xlsx", "attachment-name"),
        ("~$cases.xlsx", "attachment-open"),
    ],
)
def test_a_file_whose_name_mail_cannot_carry_is_refused(
    tmp_path: Path, campaign_2020: Campaign, name: str, code: str
) -> None:
    folder = tmp_path / "data/2020/attachments" / MAIDSTONE
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    found = look_into(tmp_path, "2020", MAIDSTONE, Mentions.of(campaign_2020.register))
    assert (found.files, [one.code for one in found.problems]) == ((), [code])


def test_a_file_that_is_named_after_another_council_stays_and_one_that_may_be_is_doubted(
    tmp_path: Path, campaign_2020: Campaign
) -> None:
    folder = tmp_path / "data/2020/attachments" / MAIDSTONE
    folder.mkdir(parents=True)
    for name in ("Adur cases.xlsx", "Cases of Adur District Council.xlsx", "cases.xlsx"):
        (folder / name).write_bytes(b"x")

    found = look_into(tmp_path, "2020", MAIDSTONE, Mentions.of(campaign_2020.register))

    where = f"data/2020/attachments/{MAIDSTONE}"
    assert found.files == (folder / "Adur cases.xlsx", folder / "cases.xlsx")
    assert [str(one) for one in found.problems] == [
        f"{where}/Cases of Adur District Council.xlsx:1:1: error: its name speaks of"
        " Adur District Council, but it would go to Maidstone Borough Council"
    ]
    (doubt,) = found.doubts
    assert (doubt.code, doubt.authority) == ("attachment-perhaps-of-another", MAIDSTONE)
    assert doubt.value == "Adur cases.xlsx"
    assert str(doubt) == (
        f"{where}/Adur cases.xlsx:1:1: warning: its name may speak of"
        " Adur District Council, and it would go to Maidstone Borough Council\n"
        "    hint: move it to whose it is, or give it another name; if it is right, accept this"
    )


def test_links_to_another_council_s_files_are_refused(
    tmp_path: Path, campaign_2020: Campaign
) -> None:
    folder = tmp_path / "data/2020/attachments"
    mentions = Mentions.of(campaign_2020.register)
    (folder / CALDERDALE).mkdir(parents=True)
    (folder / CALDERDALE / "cases.xlsx").write_bytes(b"x")
    (folder / MAIDSTONE).symlink_to(folder / CALDERDALE)
    found = look_into(tmp_path, "2020", MAIDSTONE, mentions)
    assert (found.files, [one.code for one in found.problems]) == ((), ["attachments-elsewhere"])
    (folder / MAIDSTONE).unlink()
    (folder / MAIDSTONE).mkdir()
    (folder / MAIDSTONE / "cases.xlsx").symlink_to(folder / CALDERDALE / "cases.xlsx")
    found = look_into(tmp_path, "2020", MAIDSTONE, mentions)
    assert (found.files, [one.code for one in found.problems]) == ((), ["attachment-elsewhere"])


def test_the_same_file_with_several_letters_is_asked_about_with_all_their_names() -> None:
    same = (enclosed("cases.xlsx"), enclosed("again.xlsx"))
    other = (enclosed("cases.xlsx", b"y"), enclosed("twice.xlsx", b"y"))
    (sentence,) = shared({"camden": same, "barnet": same[1:], "ealing": same, "brent": other})
    assert sentence == (
        "the same file is with the letters of camden (cases.xlsx), barnet (again.xlsx) and"
        " ealing (cases.xlsx): right?"
    )
