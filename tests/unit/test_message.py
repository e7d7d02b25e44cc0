"""One authority's message, and the last look at it before it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.load import Campaign, load
from letters.campaign.records import Contacts, Copy, MailServer, Office, Sender
from letters.errors import InterlockError, MailError
from letters.figures import figures_for
from letters.mail.enclosures import Enclosure, enclosures, shared, spoken_of
from letters.mail.interlock import Expected, require_agreement, stands_in
from letters.mail.ledger import Attempt, State
from letters.mail.message import (
    Mailing,
    Recipients,
    envelope,
    message,
    message_id,
    pdf_name,
    recipients_of,
)
from letters.typesetting.context import embedded_statistics
from letters.typesetting.finished import read_back
from letters.typesetting.html import MailWords
from letters.typesetting.markup import read_markup
from tests.doing import edit
from tests.press import MadeLetter, Press

MAIDSTONE, CALDERDALE = "maidstone-borough-council", "calderdale-metropolitan-borough-council"
TEXT = "Dear Ms Broom, here is the letter to Maidstone Borough Council.\n"
NOW = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)
OFFICE = Office(
    sender=Sender(name="Office", email="letters@office.example"),
    reply_to="answers@office.example",
    server=MailServer(host="localhost"),
)


def mailing(pdf: bytes = b"%PDF-1.7", subject: str = "The letter", *enclosed: Enclosure) -> Mailing:
    recipients = Recipients("ce@maidstone.example", (("Link Officer", "link@maidstone.example"),))
    words = MailWords(subject, "Dear Ms Broom\n", "<p>Dear Ms Broom</p>\n")
    return Mailing(MAIDSTONE, recipients, words, pdf, "Letter 2020 - Maidstone.pdf", enclosed)


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)


def test_a_message_has_both_forms_of_its_words_the_letter_and_the_files() -> None:
    enclosed = (
        Enclosure("Übersicht – Fälle.xlsx", b"\x00\xff confidential"),
        Enclosure("notes.txt", b"a\nb\n.\nc"),
    )
    mail = parsed(
        message(OFFICE, mailing(b"%PDF-1.7", "The letter", *enclosed), "<1@office.example>", NOW)
    )
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
    files = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    ]
    assert files == [
        ("Letter 2020 - Maidstone.pdf", "application/pdf", b"%PDF-1.7"),
        (
            enclosed[0].name,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            enclosed[0].content,
        ),
        ("notes.txt", "application/octet-stream", b"a\nb\n.\nc"),
    ]


def test_a_message_made_twice_is_the_same() -> None:
    assert message(OFFICE, mailing(), "<1@office.example>", NOW) == message(
        OFFICE, mailing(), "<1@office.example>", NOW
    )


def test_no_line_of_a_body_is_longer_than_the_standard_allows() -> None:
    enclosed = Enclosure("cases.xlsx", bytes(range(256)) * 9)
    words = MailWords(
        "The letter", f"{'A long line with an é. ' * 30}\n", f"<p>{'Another é. ' * 30}</p>\n"
    )
    data = message(
        OFFICE,
        replace(mailing(b"%PDF" * 99, "x", enclosed), words=words),
        "<1@office.example>",
        NOW,
    )
    body = data.partition(b"\r\n\r\n")[2]
    assert (
        max(len(line) for line in body.splitlines() if not line.startswith(b"Content-")) <= 76
    )  # RFC 2045, 6.7


def test_a_draft_opens_as_a_message_to_be_sent() -> None:
    assert (
        parsed(message(OFFICE, mailing(), "<1@office.example>", NOW, draft=True))["X-Unsent"] == "1"
    )
    assert parsed(message(OFFICE, mailing(), "<1@office.example>", NOW))["X-Unsent"] is None


@pytest.mark.parametrize(
    "ending", ["\nBcc: x@evil.example", "\r\nBcc: x@evil.example", "\r\n\r\nwords"]
)
def test_a_second_line_in_a_header_is_refused(ending: str) -> None:
    with pytest.raises(
        MailError, match="maidstone-borough-council: a header of the message cannot be written"
    ):
        message(OFFICE, mailing(subject=f"The letter{ending}"), "<1@office.example>", NOW)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
        str.strip
    )
)
def test_any_name_arrives_in_the_subject_and_in_a_file_s_name(name: str) -> None:
    subject = " ".join(f"Letter to {name}".split())
    enclosed = Enclosure(f"cases {name.replace('/', '-')}.xlsx", b"x")
    mail = parsed(message(OFFICE, mailing(b"%PDF", subject, enclosed), "<1@office.example>", NOW))
    assert " ".join(str(mail["Subject"]).split()) == subject
    assert [part.get_filename() for part in mail.iter_attachments()][1] == enclosed.name


def test_a_message_id_stays_with_its_content() -> None:
    one = message_id(OFFICE, "2020", mailing(), 1)
    assert one == message_id(OFFICE, "2020", mailing(), 1)
    assert one.endswith("@office.example>")
    others = {
        message_id(OFFICE, "2020", mailing(), 2),
        message_id(OFFICE, "2020", mailing(b"%PDF-other"), 1),
        message_id(OFFICE, "2020", mailing(b"%PDF-1.7", "Other words"), 1),
        message_id(OFFICE, "2020", mailing(b"%PDF-1.7", "The letter", Enclosure("a", b"b")), 1),
    }
    assert len({one, *others}) == 5


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (
            "Annual Review letter 2020: Maidstone Council",
            "Annual Review letter 2020 - Maidstone Council.pdf",
        ),
        ("Letter: King's Lynn / Wisbech", "Letter - King's Lynn - Wisbech.pdf"),
        ('Letter "x" <y>', "Letter - x - y.pdf"),
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


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("cases.xlsx", ""),
        ("Maidstone Borough Council cases.xlsx", ""),
        ("maidstone-borough-council.xlsx", ""),
        (
            "calderdale-metropolitan-borough-council_2020.xlsx",
            "Calderdale Metropolitan Borough Council",
        ),
        ("Cases of KENT COUNTY COUNCIL.xlsx", "Kent County Council"),
    ],
)
def test_a_file_that_speaks_of_another_authority_is_known_by_its_name(
    campaign_2020: Campaign, file: str, other: str
) -> None:
    assert spoken_of(file, MAIDSTONE, campaign_2020.register) == other


def test_what_a_server_says_shows_roles_in_the_place_of_addresses() -> None:
    said = "550 5.1.1 <CE@maidstone.example>: unknown; try link@maidstone.example or other@maidstone.example"
    assert mailing().recipients.without_addresses(said) == (
        "550 5.1.1 <Chief Executive>: unknown; try Link Officer or an address"
    )


@pytest.mark.parametrize(
    "name", ["a\nb.xlsx", " a.xlsx", "=?utf-8?q?x?=.xlsx", "~$cases.xlsx", "caf\udce9.xlsx"]
)
def test_a_file_whose_name_mail_cannot_carry_is_refused(
    tmp_path: Path, campaign_2020: Campaign, name: str
) -> None:
    folder = tmp_path / "data/2020/attachments" / MAIDSTONE
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    with pytest.raises(
        MailError, match=r"give the file another one|while somebody has the file open"
    ):
        enclosures(tmp_path, "2020", MAIDSTONE, campaign_2020.register)


def test_links_to_another_council_s_files_are_refused(
    tmp_path: Path, campaign_2020: Campaign
) -> None:
    folder = tmp_path / "data/2020/attachments"
    (folder / CALDERDALE).mkdir(parents=True)
    (folder / CALDERDALE / "cases.xlsx").write_bytes(b"x")
    (folder / MAIDSTONE).symlink_to(folder / CALDERDALE)
    with pytest.raises(MailError, match="is a link"):
        enclosures(tmp_path, "2020", MAIDSTONE, campaign_2020.register)
    (folder / MAIDSTONE).unlink()
    (folder / MAIDSTONE).mkdir()
    (folder / MAIDSTONE / "cases.xlsx").symlink_to(folder / CALDERDALE / "cases.xlsx")
    with pytest.raises(MailError, match="is no file of its own"):
        enclosures(tmp_path, "2020", MAIDSTONE, campaign_2020.register)


def test_the_same_file_with_two_letters_is_asked_about() -> None:
    same = (Enclosure("cases.xlsx", b"x"),)
    (sentence,) = shared(
        {"camden": same, "barnet": same, "brent": (Enclosure("cases.xlsx", b"y"),)}
    )
    assert (
        sentence
        == "the same file is with the letters of camden (cases.xlsx), barnet (cases.xlsx): right?"
    )


# The interlock ------------------------------------------------------------------------------------------------------


class Ready:
    """Maidstone's true message, ready to go, and what it must agree with."""

    def __init__(self, campaign: Campaign, letters: Mapping[str, MadeLetter]) -> None:
        self.campaign = campaign
        recipients = recipients_of(campaign.contacts[MAIDSTONE])
        assert recipients
        name = "Annual Review letter 2020 - Maidstone Borough Council.pdf"
        words = MailWords("Letter to Maidstone Borough Council", *(TEXT, f"<p>{TEXT}</p>"))
        enclosed = (Enclosure("cases.xlsx", b"own"),)
        self.mailing = Mailing(MAIDSTONE, recipients, words, letters[MAIDSTONE].pdf, name, enclosed)
        statistics = embedded_statistics(campaign, MAIDSTONE, figures_for(campaign, MAIDSTONE))
        sealed = envelope(OFFICE, recipients, words, enclosed)
        self.expected = Expected("Ms Broom", "Dear Ms Broom", statistics, enclosed, sealed)
        self.claim = Attempt(
            1, MAIDSTONE, 1, self.mailing.letter, sealed, "<1@x>", State.CLAIMED, *[""] * 5
        )

    def check(self, mailing: Mailing | None = None, **changes: object) -> None:
        given: dict[str, object] = {
            "claim": self.claim,
            "campaign": self.campaign,
            "expected": self.expected,
        } | changes
        data = message(OFFICE, mailing or self.mailing, "<1@x>", NOW)
        require_agreement(given["claim"], given["campaign"], given["expected"], data)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def ready(campaign_2020: Campaign, letters_2020: Mapping[str, MadeLetter]) -> Ready:
    return Ready(campaign_2020, letters_2020)


def test_a_message_that_agrees_with_all_passes(ready: Ready) -> None:
    ready.check()


def test_another_council_s_pdf_is_stopped_even_when_the_claim_is_for_it(
    ready: Ready, letters_2020: Mapping[str, MadeLetter]
) -> None:
    other = replace(ready.mailing, pdf=letters_2020[CALDERDALE].pdf)
    with pytest.raises(
        InterlockError, match="the PDF in the message is not the one that the ledger's claim"
    ):
        ready.check(other)
    with pytest.raises(
        InterlockError, match="the figures in the PDF are those of Calderdale Metropolitan Borough"
    ):
        ready.check(other, claim=replace(ready.claim, letter=other.letter))


def test_what_is_no_pdf_is_stopped(ready: Ready) -> None:
    other = replace(ready.mailing, pdf=b"something else")
    with pytest.raises(InterlockError, match="this is no letter's PDF"):
        ready.check(other, claim=replace(ready.claim, letter=other.letter))


def test_figures_that_the_data_no_longer_gives_are_stopped(ready: Ready) -> None:
    statistics = {**ready.expected.statistics, "counts": {}}
    with pytest.raises(InterlockError, match="not those that the data now gives"):
        ready.check(expected=replace(ready.expected, statistics=statistics))


def test_a_title_or_a_file_name_of_another_council_is_stopped(ready: Ready) -> None:
    renamed = ready.campaign.register[MAIDSTONE].model_copy(update={"name": "Medway Council"})
    campaign = replace(ready.campaign, register={**ready.campaign.register, MAIDSTONE: renamed})
    with pytest.raises(
        InterlockError, match=r'the title of the PDF is "Annual Review letter 2020: Maidstone'
    ):
        ready.check(campaign=campaign)
    with pytest.raises(InterlockError, match=r'the PDF is called "other\.pdf"'):
        ready.check(replace(ready.mailing, pdf_name="other.pdf"))


def test_another_person_s_salutation_is_stopped(ready: Ready) -> None:
    with pytest.raises(InterlockError, match="does not greet the person whom the contacts name"):
        ready.check(expected=replace(ready.expected, greeting="Ms Broomfield"))


def test_another_council_s_address_is_stopped(ready: Ready) -> None:
    other = replace(ready.mailing, recipients=Recipients("chief.executive@calderdale.example"))
    with pytest.raises(InterlockError, match="not addressed as the contacts of this authority say"):
        ready.check(other)
    swapped = replace(
        ready.campaign,
        contacts={**ready.campaign.contacts, MAIDSTONE: ready.campaign.contacts[CALDERDALE]},
    )
    with pytest.raises(InterlockError, match="not addressed as the contacts of this authority say"):
        ready.check(campaign=swapped)


def test_addresses_that_changed_since_the_claim_are_stopped(ready: Ready) -> None:
    with pytest.raises(
        InterlockError, match="the addresses, words or files of the message have changed since"
    ):
        ready.check(claim=replace(ready.claim, envelope="0" * 64))


def test_files_of_another_folder_are_stopped(ready: Ready) -> None:
    for enclosed in (
        (),
        (Enclosure("cases.xlsx", b"another's"),),
        (*ready.mailing.enclosures, Enclosure("x", b"y")),
    ):
        with pytest.raises(
            InterlockError,
            match="the files in the message are not those of this authority's folder",
        ):
            ready.check(replace(ready.mailing, enclosures=enclosed))


@pytest.mark.parametrize(
    ("domains", "passes"),
    [((), True), (("maidstone.example",), True), (("example.gov.uk",), False)],
)
def test_an_address_must_be_in_the_domains_that_the_register_allows(
    ready: Ready, domains: tuple[str, ...], passes: bool
) -> None:
    limited = ready.campaign.register[MAIDSTONE].model_copy(update={"mail_domains": domains})
    campaign = replace(ready.campaign, register={**ready.campaign.register, MAIDSTONE: limited})
    if passes:
        ready.check(campaign=campaign)
        return
    with pytest.raises(
        InterlockError, match=r"an address is at maidstone\.example, and the register allows only"
    ):
        ready.check(campaign=campaign)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (
            MailWords("Letter to Maidstone Borough Council", "Dear Mr Oak\n", f"<p>{TEXT}</p>"),
            "do not greet the person",
        ),
        (
            MailWords("Letter to Kent", TEXT, f"<p>{TEXT}</p>"),
            "do not name this authority in subject and text",
        ),
        (
            MailWords("Letter to Maidstone Borough Council", TEXT, "<p>Dear Ms Broom</p>"),
            "do not name this authority",
        ),
    ],
)
def test_words_for_another_council_are_stopped(ready: Ready, words: MailWords, fault: str) -> None:
    with pytest.raises(InterlockError, match=fault):
        ready.check(replace(ready.mailing, words=words))


def test_the_whole_run_is_said_to_stop(ready: Ready) -> None:
    with pytest.raises(
        InterlockError, match=r"^maidstone-.*Nothing was sent of this message, and the run stops"
    ):
        ready.check(claim=replace(ready.claim, envelope="0" * 64))


@pytest.mark.parametrize(
    ("found", "stands"),
    [
        (["Dear Ms Broom"], True),
        (["x", "Dear Ms", "Broom", "y"], True),
        (["Dear  Ms  Broom "], True),
        (["Dear Ms Broomfield"], False),
        (["Dear Ms Broom-", "Smith"], False),
        (["Dear Ms Broom and all"], False),
        (["Hello", "Ms Broom"], False),
        ([], False),
    ],
)
def test_a_greeting_stands_in_a_pdf_whole_on_one_line_or_on_a_few(
    found: list[str], stands: bool
) -> None:
    assert stands_in("Dear Ms Broom", found) is stands


def test_a_greeting_that_breaks_after_a_hyphen_is_no_false_alarm(
    small_year: Path, tmp_path: Path
) -> None:
    surname = "-".join(["Featherstone", "Haugh", "Cholmondeley"] * 4)
    edit(small_year / "data/2024/contacts.yaml", "surname: Oak", f"surname: {surname}")
    letter = Press(small_year, load(small_year, "2024")).make("ashby-district-council")
    text = read_back(letter.pdf).text
    assert f"Dear Mr {surname}" not in text, "or this would prove nothing"
    greeting = read_markup(letter.html).greeting(f"Mr {surname}")
    assert greeting == f"Dear Mr {surname}"
    assert stands_in(greeting, text.splitlines())
    assert not stands_in(greeting.replace("Haugh", "Hugh", 1), text.splitlines())
