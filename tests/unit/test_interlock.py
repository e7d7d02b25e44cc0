"""The last look at a message: whatever does not agree stops the run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest

from letters.campaign.corrections import Correction, Replacement
from letters.campaign.load import Campaign, load
from letters.errors import InterlockError, MailError, WithdrawnError
from letters.figures import figures_for
from letters.intake.enclosures import enclosure_bytes
from letters.mail.approvals import Seal, approved, load_approvals, write_approvals
from letters.mail.attempts import Attempt, State
from letters.mail.enclosures import enclosure
from letters.mail.envelope import Envelope, Recipients, recipients_of
from letters.mail.interlock import (
    require_agreement,
    require_approval,
    require_recipients,
    stands_in,
)
from letters.mail.message import message
from letters.mail.parcels import Parcel
from letters.typesetting.context import embedded_statistics
from letters.typesetting.finished import read_back, tell
from letters.typesetting.html import MailWords
from letters.typesetting.manuscript import STATISTICS
from letters.typesetting.markup import read_markup
from tests.doing import edit
from tests.press import MadeLetter, Press

MAIDSTONE, CALDERDALE = "maidstone-borough-council", "calderdale-metropolitan-borough-council"
TEXT = "Dear Ms Broom, here is the letter to Maidstone Borough Council.\n"
WORDS = MailWords("Letter to Maidstone Borough Council", TEXT, f"<p>{TEXT}</p>\n")
NOW = datetime(2020, 7, 22, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Ready:
    """Maidstone's true parcel, ready to go, and what its message must agree with."""

    root: Path
    campaign: Campaign
    parcel: Parcel

    @property
    def claim(self) -> Attempt:
        seal = self.parcel.seal
        return Attempt(
            1, MAIDSTONE, 1, seal.sha256, seal.envelope, "<1@x>", State.CLAIMED, "", "", "", "", ""
        )

    def check(
        self,
        sent: Parcel | None = None,
        contents: tuple[bytes, ...] = (),
        claim: Attempt | None = None,
        campaign: Campaign | None = None,
        tester: str = "",
        to: str = "",
    ) -> None:
        """Have a message of the parcel sent looked at, as if it were that of Maidstone's own."""
        made = sent or self.parcel
        data = message(made, contents or made.contents(), "<1@x>", NOW, to or tester)
        require_agreement(
            data, claim or self.claim, self.parcel, campaign or self.campaign, self.root, tester
        )

    def with_envelope(self, **changes: object) -> Parcel:
        """Its parcel with another envelope."""
        envelope = replace(self.parcel.envelope, **changes)  # type: ignore[arg-type]
        return replace(self.parcel, envelope=envelope)


@pytest.fixture
def ready(tmp_path: Path, campaign_2020: Campaign, letters_2020: Mapping[str, MadeLetter]) -> Ready:
    pdf, file = tmp_path / "letter.pdf", tmp_path / "data/2020/attachments" / MAIDSTONE / "own.xlsx"
    pdf.write_bytes(letters_2020[MAIDSTONE].pdf)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"own")
    told = tell(pdf.read_bytes())
    figures = figures_for(campaign_2020, MAIDSTONE)
    statistics = embedded_statistics(campaign_2020, MAIDSTONE, figures)
    recipients = recipients_of(campaign_2020.contacts[MAIDSTONE])
    envelope = Envelope(
        "Office", "letters@office.example", "", recipients, WORDS, (enclosure(file),)
    )
    read = enclosure(pdf)
    return Ready(
        tmp_path,
        campaign_2020,
        Parcel(
            MAIDSTONE,
            pdf,
            read.sha256,
            read.size,
            told,
            statistics,
            "Dear Ms Broom",
            pdf,
            "",
            envelope,
        ),
    )


def with_letter(ready: Ready, pdf: bytes) -> Parcel:
    """Maidstone's parcel with another PDF in it."""
    path = ready.root / "other.pdf"
    path.write_bytes(pdf)
    read = enclosure(path)
    return replace(ready.parcel, pdf=path, sha256=read.sha256, size=read.size)


def test_a_message_that_agrees_with_all_passes(ready: Ready) -> None:
    ready.check()


def test_a_message_to_a_tester_passes_when_it_goes_to_the_tester_alone(ready: Ready) -> None:
    ready.check(tester="me@office.example")
    with pytest.raises(InterlockError, match="not addressed as the contacts"):
        ready.check(tester="me@office.example", to="other@office.example")


def test_another_council_s_pdf_is_stopped_even_when_the_claim_is_for_it(
    ready: Ready, letters_2020: Mapping[str, MadeLetter]
) -> None:
    other = with_letter(ready, letters_2020[CALDERDALE].pdf)
    with pytest.raises(
        InterlockError, match="the PDF in the message is not the one that the ledger's claim"
    ):
        ready.check(other)
    with pytest.raises(
        InterlockError, match="the figures in the PDF are those of Calderdale Metropolitan Borough"
    ):
        ready.check(other, claim=replace(ready.claim, letter=other.sha256))


def test_what_is_no_pdf_is_stopped(ready: Ready) -> None:
    other = with_letter(ready, b"something else")
    with pytest.raises(InterlockError, match="this is no letter's PDF"):
        ready.check(other, claim=replace(ready.claim, letter=other.sha256))


def test_another_council_s_parcel_is_stopped(ready: Ready) -> None:
    with pytest.raises(InterlockError, match=f"the parcel is that of {MAIDSTONE}"):
        ready.check(claim=replace(ready.claim, slug=CALDERDALE))


def test_figures_that_the_data_does_not_give_are_stopped_whatever_the_pdf_says(
    ready: Ready,
) -> None:
    with pikepdf.open(ready.parcel.pdf) as pdf:
        statistics = json.loads(pdf.attachments[STATISTICS].get_file().read_bytes())
        statistics["counts"]["upheld"] += 1
        pdf.attachments[STATISTICS] = json.dumps(statistics).encode()
        pdf.save(forged := ready.root / "forged.pdf")
    other = with_letter(ready, forged.read_bytes())
    other = replace(other, told=tell(forged.read_bytes()))
    with pytest.raises(InterlockError, match="not those that the data gives"):
        replace(ready, parcel=other).check()


def test_a_title_or_a_file_name_of_another_council_is_stopped(ready: Ready) -> None:
    renamed = ready.campaign.register[MAIDSTONE].model_copy(update={"name": "Medway Council"})
    campaign = replace(ready.campaign, register={**ready.campaign.register, MAIDSTONE: renamed})
    with pytest.raises(
        InterlockError, match=r'the title of the PDF is "Annual Review letter 2020: Maidstone'
    ):
        ready.check(campaign=campaign)
    other = replace(ready.parcel, told=replace(ready.parcel.told, title="other"))
    with pytest.raises(InterlockError, match=r'the PDF is called "other\.pdf"'):
        ready.check(other)


def test_another_person_s_salutation_is_stopped(ready: Ready) -> None:
    other = replace(ready.parcel, greeting="Dear Ms Broomfield")
    with pytest.raises(InterlockError, match="does not greet the person whom the contacts name"):
        replace(ready, parcel=other).check()


def test_contacts_that_name_another_person_are_asked_and_not_the_parcel(ready: Ready) -> None:
    own = ready.campaign.contacts[MAIDSTONE]
    assert own.chief_executive
    another = own.chief_executive.model_copy(update={"surname": "Another"})
    contacts = own.model_copy(update={"chief_executive": another})
    campaign = replace(ready.campaign, contacts={**ready.campaign.contacts, MAIDSTONE: contacts})
    with pytest.raises(InterlockError, match="does not greet the person whom the contacts name"):
        ready.check(campaign=campaign)


def test_another_council_s_address_is_stopped(ready: Ready) -> None:
    other = ready.with_envelope(recipients=Recipients("chief.executive@calderdale.example"))
    with pytest.raises(InterlockError, match="not addressed as the contacts of this authority say"):
        ready.check(other)
    swapped = replace(
        ready.campaign,
        contacts={**ready.campaign.contacts, MAIDSTONE: ready.campaign.contacts[CALDERDALE]},
    )
    with pytest.raises(InterlockError, match="not addressed as the contacts of this authority say"):
        ready.check(campaign=swapped)


def test_a_copy_in_the_place_of_the_chief_executive_is_stopped(ready: Ready) -> None:
    recipients = ready.parcel.envelope.recipients
    assert recipients and recipients.copies
    ((role, address), *others) = recipients.copies
    changed = Recipients(address, ((role, recipients.to), *others))
    with pytest.raises(InterlockError, match="not addressed as the contacts of this authority say"):
        ready.check(ready.with_envelope(recipients=changed))


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "Somebody"},
        {"sent_from": "somebody@office.example"},
        {"reply_to": "somebody@office.example"},
        {"words": replace(WORDS, subject=f"{WORDS.subject}!")},
        {"words": replace(WORDS, text=f"{WORDS.text}And more.\n")},
        {"words": replace(WORDS, html=f"{WORDS.html}<p>And more.</p>\n")},
    ],
)
def test_what_differs_in_the_message_from_what_was_claimed_and_approved_is_stopped(
    ready: Ready, changes: dict[str, object]
) -> None:
    other = ready.with_envelope(**changes)
    for claim in (ready.claim, replace(ready.claim, envelope=other.envelope.digest)):
        with pytest.raises(
            InterlockError, match="the addresses, words or files of the message have changed since"
        ):
            ready.check(other, claim=claim)


def test_files_that_are_not_those_of_the_folder_as_it_is_now_are_stopped(ready: Ready) -> None:
    folder = ready.root / "data/2020/attachments" / MAIDSTONE
    contents, own = ready.parcel.contents(), folder / "own.xlsx"

    def stopped(what: str = "own.xlsx") -> None:
        sentence = "the files in the message are not those of this authority's folder"
        with pytest.raises(InterlockError, match=f"{sentence}: {what}"):
            ready.check(contents=contents)

    (folder / "more.xlsx").write_bytes(b"more")
    stopped("more.xlsx")
    (folder / "more.xlsx").unlink()
    (folder / "~$own.xlsx").write_bytes(b"Ada has it open")
    (folder / ".DS_Store").write_bytes(b"x")
    ready.check(contents=contents)
    own.write_bytes(b"another's")
    stopped()
    own.write_bytes(b"own")
    shutil.copytree(folder, folder.parent / CALDERDALE)
    own.unlink()
    stopped()
    own.symlink_to(folder.parent / CALDERDALE / "own.xlsx")
    stopped()
    shutil.rmtree(folder)
    folder.symlink_to(folder.parent / CALDERDALE)
    stopped(f"{folder} is a link")


def test_files_in_the_message_beside_those_of_the_folder_are_stopped(ready: Ready) -> None:
    for files in ((), (*ready.parcel.envelope.enclosed, enclosure(ready.parcel.pdf))):
        with pytest.raises(
            InterlockError,
            match="the files in the message are not those of this authority's folder",
        ):
            ready.check(ready.with_envelope(enclosed=files))


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
        ready.check(ready.with_envelope(words=words))


def test_the_whole_run_is_said_to_stop(ready: Ready) -> None:
    with pytest.raises(
        InterlockError, match=r"^maidstone-.*Nothing was sent of this message, and the run stops"
    ):
        ready.check(claim=replace(ready.claim, envelope="0" * 64))


# The approval -------------------------------------------------------------------------------------------------------


def approve(ready: Ready, *seals: Seal) -> Path:
    """Ada's word for each of these, and for nothing else; the file that has it."""
    write_approvals(ready.root, "2020", approved(seals, {}, "Ada", NOW))
    return ready.root / "data/2020/approvals.yaml"


def test_a_letter_is_approved_as_long_as_the_file_says_so_now(ready: Ready) -> None:
    seal = ready.parcel.seal
    approve(ready, seal)
    require_approval(ready.claim, ready.campaign, ready.root)
    for other in (
        [replace(seal, sha256="0" * 64)],
        [replace(seal, envelope="0" * 64)],
        [replace(seal, slug=CALDERDALE)],
    ):
        approve(ready, *other)
        with pytest.raises(WithdrawnError, match=f"{MAIDSTONE}: its approval was withdrawn"):
            require_approval(ready.claim, ready.campaign, ready.root)


def test_where_the_file_of_approvals_is_gone_the_run_stops(ready: Ready) -> None:
    approve(ready, ready.parcel.seal).unlink()
    with pytest.raises(MailError, match=r"approval was withdrawn; .* run stops: .* is gone"):
        require_approval(ready.claim, ready.campaign, ready.root)


def test_a_file_of_approvals_with_nothing_in_it_has_none(ready: Ready) -> None:
    write_approvals(ready.root, "2020", {})
    assert load_approvals(ready.root, "2020") == {}
    with pytest.raises(WithdrawnError):
        require_approval(ready.claim, ready.campaign, ready.root)


@pytest.mark.parametrize("text", ["a: [", "\x00"])
def test_where_no_approval_can_be_read_the_run_stops(ready: Ready, text: str) -> None:
    approve(ready, ready.parcel.seal).write_text(text)
    with pytest.raises(MailError, match=r"nobody can tell whether it is approved; .* run stops"):
        require_approval(ready.claim, ready.campaign, ready.root)


def test_what_is_wrong_with_another_letter_s_approval_is_no_matter(ready: Ready) -> None:
    file = approve(ready, ready.parcel.seal)
    file.write_text(f"{file.read_text()}{CALDERDALE}:\n  - {{by: Ada, sha256: abc}}\nx: 1\n")
    require_approval(ready.claim, ready.campaign, ready.root)


# The greeting in a PDF ----------------------------------------------------------------------------------------------


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


LOCK = """\
workbooks: {{Cases.xlsx: {digest}}}
lists:
  "Cases.xlsx!Cases":
    authority: {{name: Authority}}
    columns: [Reference, Decision]
    counts:
      upheld: {{Decision: [Upheld]}}
authorities:
  maidstone-borough-council:
    counts:
      upheld: {{value: 7, rows: {{"Cases.xlsx!Cases": "2-8"}}}}
    enclosures:
      own.xlsx: {{list: "Cases.xlsx!Cases", rows: "2-8", sha256: {digest}}}
"""


def with_cases(ready: Ready, upheld: int, made: bool = True) -> None:
    """Maidstone's own file holds so many cases; it is the one that was made, or another."""
    rows = [[str(number), "Upheld"] for number in range(upheld)] + [["x", "Not upheld"]]
    content = enclosure_bytes("Own", "Maidstone", ["Reference", "Decision"], rows)
    path = ready.root / "data/2020/attachments" / MAIDSTONE / "own.xlsx"
    path.write_bytes(content)
    envelope = replace(ready.parcel.envelope, enclosed=(enclosure(path),))
    object.__setattr__(ready, "parcel", replace(ready.parcel, envelope=envelope))
    digest = sha256(content).hexdigest() if made else "0" * 64
    (ready.root / "data/2020/import.lock.yaml").write_text(LOCK.format(digest=digest))


def test_cases_that_are_those_that_were_counted_pass(ready: Ready) -> None:
    with_cases(ready, upheld=7)

    ready.check()


@pytest.mark.parametrize(
    ("upheld", "made", "words"),
    [
        (6, True, "the letter says 7 upheld, and in own.xlsx there are 6 rows"),
        (7, False, "own.xlsx is not the file that was made for this authority"),
    ],
)
def test_cases_that_are_not_stop_the_run(ready: Ready, upheld: int, made: bool, words: str) -> None:
    with_cases(ready, upheld, made)

    with pytest.raises(InterlockError, match=words):
        ready.check()


def test_what_was_imported_and_cannot_be_read_stops_the_run(ready: Ready) -> None:
    (ready.root / "data/2020/import.lock.yaml").write_text("lists: 7\n")

    with pytest.raises(InterlockError, match="what was imported cannot be read"):
        ready.check()


# Whom the mail server is told, and corrected letters ----------------------------------------------------------------


def of_copies(ready: Ready) -> Attempt:
    return replace(ready.claim, whom="copies")


def test_the_mail_server_is_told_the_authority_s_own_addresses_and_no_other(ready: Ready) -> None:
    recipients = ready.parcel.envelope.recipients
    assert recipients
    to, *copies = recipients.addresses
    require_recipients(ready.claim, (to, *copies), ready.campaign)
    require_recipients(of_copies(ready), copies[:1], ready.campaign)
    require_recipients(ready.claim, ("me@office.example",), ready.campaign, "me@office.example")


@pytest.mark.parametrize("told", ["nobody", "fewer", "another", "copy first", "tester"])
def test_other_addresses_than_those_are_stopped(ready: Ready, told: str) -> None:
    recipients = ready.parcel.envelope.recipients
    assert recipients
    to, *copies = recipients.addresses
    wrong = {
        "nobody": (),
        "fewer": (to,),
        "another": (to, *copies, "x@calderdale.example"),
        "copy first": (*copies, to),
        "tester": ("me@office.example",),
    }[told]
    with pytest.raises(InterlockError, match="would not go to whom the contacts of this authority"):
        require_recipients(ready.claim, wrong, ready.campaign)


@pytest.mark.parametrize("told", ["nobody", "executive", "another"])
def test_what_is_for_copies_alone_goes_to_no_other(ready: Ready, told: str) -> None:
    recipients = ready.parcel.envelope.recipients
    assert recipients
    to, *copies = recipients.addresses
    wrong = {"nobody": (), "executive": (to,), "another": (*copies, "x@calderdale.example")}[told]
    with pytest.raises(InterlockError, match="would not go to whom the contacts of this authority"):
        require_recipients(of_copies(ready), wrong, ready.campaign)


def test_a_test_that_does_not_say_so_is_stopped(ready: Ready) -> None:
    own = message(ready.parcel, ready.parcel.contents(), "<1@x>", NOW)
    recipients = ready.parcel.envelope.recipients
    assert recipients
    to_tester = re.sub(rb"(?m)^(To|Cc): .*\r\n( .*\r\n)*", b"", own)
    data = b"To: me@office.example\r\n" + to_tester
    with pytest.raises(InterlockError, match="does not say that this is a test, and for whom"):
        require_agreement(
            data, ready.claim, ready.parcel, ready.campaign, ready.root, "me@office.example"
        )


def corrected(ready: Ready, issue: int = 2) -> Campaign:
    letter = Replacement(issue=issue, replaces="d" * 64, sha256=ready.parcel.sha256)
    one = Correction(
        id="2020-C1", date=NOW.date(), by="Ada", reason="Wrong.", severity="minor",
        letters={MAIDSTONE: letter},
    )  # fmt: skip
    return replace(ready.campaign, corrections=(one,))


def test_a_letter_that_is_corrected_must_be_the_one_that_replaces_and_say_so(ready: Ready) -> None:
    with pytest.raises(InterlockError, match=r"claim is for issue 1, and the corrections have 2"):
        ready.check(campaign=corrected(ready))
    second = replace(ready.claim, issue=2)
    with pytest.raises(InterlockError, match="does not replace the one that the correction says"):
        ready.check(claim=second, campaign=corrected(ready))


def test_what_is_no_correction_must_not_pass_for_one(ready: Ready) -> None:
    with pytest.raises(InterlockError, match=r"claim is for issue 2, and the corrections have 1"):
        ready.check(claim=replace(ready.claim, issue=2))
    words = replace(WORDS, subject=f"Corrected: {WORDS.subject}")
    parcel = ready.with_envelope(words=words)
    changed = replace(ready, parcel=parcel)
    with pytest.raises(InterlockError, match=r"only the subject of a corrected letter begins with"):
        changed.check()
    data = message(ready.parcel, ready.parcel.contents(), "<1@x>", NOW, answers=("<0@x>",))
    with pytest.raises(InterlockError, match="a corrected letter, and no other, stands under"):
        require_agreement(data, ready.claim, ready.parcel, ready.campaign, ready.root)
