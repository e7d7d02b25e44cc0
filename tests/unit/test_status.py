"""Where each letter of a year stands: each is at one stage, and the next command is told."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from letters.batch.failures import Failure, write_failures
from letters.batch.manifest import read_manifest, write_manifest
from letters.check import Edition, gather
from letters.mail.approvals import approved, load_approvals, write_approvals
from letters.mail.archive import keep_sent
from letters.mail.attempts import Attempt, Fate, State, Word, digest_of_address
from letters.mail.ledger import Ledger
from letters.mail.stages import Part, Stage, Stand, Standing, Status, Step
from letters.mail.witness import SentFile
from tests.doing import edit, run
from tests.paper import parcels_of, put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)
BEFORE, AFTER = date(2024, 7, 18), date(2024, 7, 25)  # the day on which letters are published is 24


@pytest.fixture
def built(small_year: Path) -> Path:
    put_on_paper(small_year)
    return small_year


def status(root: Path, today: date = BEFORE) -> Status:
    gathering = gather(root, "2024")
    return gathering.sound_data().status(gathering.problems, today)


def edition(root: Path) -> Edition:
    return gather(root, "2024").sound_data()


def stages(root: Path) -> dict[str, Stage]:
    return {slug: one.stage for slug, one in status(root).letters.items()}


def approve(root: Path, *slugs: str, by: str = "Ada") -> None:
    seals = [parcels_of(root)[slug].seal for slug in slugs]
    write_approvals(root, "2024", approved(seals, load_approvals(root, "2024"), by, NOW))


@contextmanager
def books(root: Path) -> Iterator[Ledger]:
    ledger = Ledger(root / "records/2024/ledger.sqlite3")
    try:
        yield ledger
    finally:
        ledger.close()


def send(root: Path, slug: str, state: State, reply: str = "250 Taken") -> Attempt:
    """An attempt with the letter as it is built, which is kept."""
    parcel = parcels_of(root)[slug]
    seal = parcel.seal
    with books(root) as ledger:
        claim = ledger.claim(slug, 1, seal.sha256, seal.envelope, f"<{slug}@x>", NOW)
        keep_sent(root, "2024", claim, {"pdf": parcel.contents()[0], "html": parcel.html()})
        ledger.hand_over(claim, NOW)
        ledger.settle(claim, state, reply, NOW)
        return ledger.attempts()[-1]


def come_back(
    root: Path, sent: Attempt, place: int, role: str, address: str, fate: Fate = Fate.FAILED
) -> None:
    with books(root) as ledger:
        digest = digest_of_address(address)
        ledger.hear([Word(sent.id, place, role, digest, fate, "550", "2024-07-19", "Ada")])


def test_what_is_built_and_sound_waits_for_an_approval(built: Path) -> None:
    found = status(built)
    assert found.letters == dict.fromkeys((ASHBY, BIRCH, CEDAR), Stand(Stage.APPROVE))
    assert found.counts[Stage.APPROVE] == 3
    assert sum(found.counts[stage] for stage in Stage) == 3
    assert found.next == Step("3 letters to look at and approve", ("approve", "2024"))


def test_what_is_not_built_is_to_be_built(small_year: Path) -> None:
    found = status(small_year)
    assert found.letters[ASHBY] == Stand(Stage.BUILD, "it is not built")
    assert found.next == Step("3 letters to make", ("build", "2024"))


def test_what_is_built_otherwise_is_to_be_built_again_and_why_is_told(built: Path) -> None:
    edit(built / "data/2024/contacts.yaml", "surname: Oak", "surname: Elm")
    assert status(built).letters[ASHBY] == Stand(Stage.BUILD, "contact changed")
    assert stages(built)[BIRCH] is Stage.APPROVE


def test_an_error_in_one_letter_s_files_leaves_the_others_where_they_are(built: Path) -> None:
    folder = built / "data/2024/attachments" / ASHBY
    folder.mkdir(parents=True)
    (folder / "empty.xlsx").touch()
    found = status(built)
    assert found.letters[ASHBY].stage is Stage.MEND
    assert "empty" in found.letters[ASHBY].why
    assert found.letters[BIRCH].stage is Stage.APPROVE
    assert found.next == Step("1 letter with something to mend", ("check", "2024"))


def test_an_error_that_is_about_no_letter_alone_hinders_all_that_have_not_gone_out(
    built: Path,
) -> None:
    send(built, ASHBY, State.ACCEPTED)
    (built / "data/office.yaml").write_text("sender: nobody\n")
    assert stages(built) == {ASHBY: Stage.SENT, BIRCH: Stage.MEND, CEDAR: Stage.MEND}


def test_an_approved_letter_is_ready_until_something_of_it_changes(built: Path) -> None:
    approve(built, ASHBY)
    found = status(built)
    assert found.letters[ASHBY] == Stand(Stage.READY, "by Ada", standing=Standing.APPROVED)
    edit(built / "data/office.yaml", "answers@office", "other@office")
    assert status(built).letters[ASHBY] == Stand(
        Stage.APPROVE, "changed since approved", standing=Standing.CHANGED
    )


def test_where_two_people_must_approve_one_is_named_and_waited_for(built: Path) -> None:
    letter = built / "data/2024/letter.yaml"
    letter.write_text(f"{letter.read_text()}approvers: 2\n")
    put_on_paper(built)
    approve(built, ASHBY)
    assert status(built).letters[ASHBY] == Stand(
        Stage.APPROVE, "approved by Ada; 2 people must", standing=Standing.PARTLY
    )


def test_once_all_are_approved_the_next_thing_is_to_send(built: Path) -> None:
    approve(built, ASHBY, BIRCH, CEDAR)
    assert status(built).next == Step("3 letters to rehearse, then send", ("send", "2024"))


@pytest.mark.parametrize(
    ("state", "stage", "why"),
    [
        (State.ACCEPTED, Stage.SENT, "18 July 2024"),
        (State.UNKNOWN, Stage.UNKNOWN, "said so"),
        (State.REFUSED, Stage.REFUSED, "said so"),
        (State.DEFERRED, Stage.READY, "by Ada"),
    ],
)
def test_what_was_tried_stands_as_the_books_have_it(
    built: Path, state: State, stage: Stage, why: str
) -> None:
    approve(built, ASHBY)
    send(built, ASHBY, state, "said so")
    assert status(built).letters[ASHBY] == Stand(stage, why, standing=Standing.APPROVED)


def test_of_what_nobody_knows_is_asked_before_anything_else(built: Path) -> None:
    send(built, ASHBY, State.UNKNOWN)
    assert status(built).next.command == ("ledger", "2024")


def test_a_letter_that_came_back_is_no_longer_among_those_sent(built: Path) -> None:
    sent = send(built, ASHBY, State.ACCEPTED)
    come_back(built, sent, 0, "Chief Executive", "oak@ashby.example")
    assert status(built).letters[ASHBY] == Stand(Stage.BOUNCED, "it came back")


def test_nor_is_one_of_which_a_copy_came_back(built: Path) -> None:
    sent = send(built, ASHBY, State.ACCEPTED)
    come_back(built, sent, 1, "Leader", "leader@ashby.example")
    assert status(built).letters[ASHBY] == Stand(Stage.BOUNCED, "a copy came back: Leader")


def test_nor_is_one_of_which_a_copy_was_refused_until_the_contacts_want_none(built: Path) -> None:
    sent = send(built, ASHBY, State.ACCEPTED)
    come_back(built, sent, 1, "Leader", "leader@ashby.example", Fate.REFUSED)
    found = status(built)
    assert found.letters[ASHBY] == Stand(Stage.BOUNCED, "a copy was refused: Leader")
    shutil.rmtree(built / "build")  # nor does it hang on the build
    assert status(built).letters[ASHBY] == found.letters[ASHBY]
    put_on_paper(built)
    copies = "  copies: [{role: Leader, email: leader@ashby.example}]\n"
    edit(built / "data/2024/contacts.yaml", copies, "")
    assert status(built).letters[ASHBY].stage is Stage.SENT


def test_letters_whose_pages_failed_when_they_were_built_are_to_mend_until_they_change(
    built: Path,
) -> None:
    entry = edition(built).draft(CEDAR).entry
    manifest = read_manifest(built / "build/2024")
    del manifest.letters[CEDAR]  # as a build does
    write_manifest(built / "build/2024", "2024", manifest, manifest.letters)
    why = "it has 3 pages, but 2 are allowed"
    write_failures(built / "build/2024", {CEDAR: Failure(entry.fingerprint, why)})
    found = status(built)
    assert found.letters[CEDAR] == Stand(Stage.MEND, why, told_by="build")
    assert found.next == Step("1 letter with something to mend", ("build", "2024"))
    assert Status.of_plain(found.plain(dict.fromkeys(found.letters, ""))) == found
    edit(built / "data/2024/statistics.yaml", "investigations: 1,", "investigations: 2,")
    assert status(built).letters[CEDAR] == Stand(Stage.BUILD, "it is not built")


def test_without_the_office_s_file_what_is_built_waits_for_approval_and_says_so(
    built: Path,
) -> None:
    (built / "data/office.yaml").unlink()
    why = "data/office.yaml: there is no such file"
    assert status(built).letters[ASHBY] == Stand(Stage.APPROVE, why)
    assert status(built).next.command == ("approve", "2024")
    shutil.rmtree(built / "build")
    assert stages(built)[ASHBY] is Stage.BUILD


def test_what_was_sent_stays_so_when_the_build_is_deleted(built: Path) -> None:
    send(built, ASHBY, State.ACCEPTED)
    for path in (built / "build/2024").rglob("*.*"):
        path.unlink()
    found = status(built)
    assert (found.letters[ASHBY].stage, found.letters[ASHBY].parts) == (Stage.SENT, frozenset())
    assert found.letters[BIRCH].stage is Stage.BUILD


def test_a_figure_that_changed_since_its_letter_was_sent_is_told(built: Path) -> None:
    send(built, ASHBY, State.ACCEPTED)
    edit(built / "data/2024/statistics.yaml", "upheld: 5", "upheld: 4")
    found = status(built).letters[ASHBY]
    assert found.stage is Stage.SENT
    assert found.parts == {Part.CHANGED}
    put_on_paper(built)  # built anew, it is still not what was sent
    assert status(built).letters[ASHBY].parts == {Part.CHANGED}
    shutil.rmtree(built / "build")  # nor is it where nothing is built
    assert status(built).letters[ASHBY].parts == {Part.CHANGED}


def test_what_was_sent_and_is_not_kept_here_is_told_so_and_raises_no_alarm(built: Path) -> None:
    send(built, ASHBY, State.ACCEPTED)
    for path in (built / "records/2024/sent").iterdir():
        path.unlink()
    assert status(built).letters[ASHBY] == Stand(Stage.SENT, "18 July 2024")
    edit(built / "data/2024/statistics.yaml", "upheld: 5", "upheld: 4")
    lost = "18 July 2024; what was sent is not kept here"
    assert status(built).letters[ASHBY] == Stand(Stage.SENT, lost)


def test_a_letter_that_a_correction_replaces_goes_the_whole_way_again(built: Path) -> None:
    approve(built, ASHBY)
    send(built, ASHBY, State.ACCEPTED)
    edit(built / "data/2024/statistics.yaml", "upheld: 5", "upheld: 4")
    words = ("--reason", "The number of upheld cases was wrong.", "--by", "Ada", "--write")
    assert run("correct", "2024", *words, "--root", built).exit_code == 0
    assert status(built).letters[ASHBY].stage is Stage.BUILD
    put_on_paper(built)  # it is not the PDF whose digest the correction has
    assert status(built).letters[ASHBY] == Stand(
        Stage.MEND, "it is otherwise than its correction has it", standing=Standing.CHANGED
    )


def test_looks_that_changed_since_letters_were_sent_raise_no_alarm(built: Path) -> None:
    send(built, ASHBY, State.ACCEPTED)
    style = built / "templates/base/print.css"
    style.write_text(f"{style.read_text()}\n/* a word */\n")
    template = built / "templates/2024/letter.html.jinja"
    template.write_text(f"{template.read_text()}{{# a word #}}\n")
    assert status(built).letters[ASHBY] == Stand(Stage.SENT, "18 July 2024")


def test_letters_that_were_sent_count_as_published_from_the_day_that_they_name(built: Path) -> None:
    send(built, ASHBY, State.ACCEPTED)
    assert status(built, AFTER).of(Part.PUBLISHED) == (ASHBY,)
    assert status(built, BEFORE).of(Part.PUBLISHED) == ()


def test_a_letter_without_an_address_is_to_mend_until_the_office_has_accepted_that(
    built: Path,
) -> None:
    contacts, letter = built / "data/2024/contacts.yaml", built / "data/2024/letter.yaml"
    edit(contacts, ", email: oak@ashby.example", "")
    found = status(built)
    assert found.letters[ASHBY] == Stand(Stage.MEND, "no address")
    accepted = (
        f"accepted:\n  - {{code: no-address, authority: {ASHBY}, because: it goes by post}}\n"
    )
    letter.write_text(f"{letter.read_text()}{accepted}")
    assert status(built).letters[ASHBY] == Stand(Stage.APPROVE, "", frozenset({Part.BY_POST}))


def test_books_that_lack_what_the_witness_has_are_told_and_the_rest_shows(built: Path) -> None:
    sent = send(built, ASHBY, State.ACCEPTED)
    SentFile(built, "2024").note(sent)
    (built / "records/2024/ledger.sqlite3").unlink()
    found = status(built)
    assert len(found.trouble) == 1
    assert "lack 1 message that data/2024/sent.yaml has" in found.trouble[0]
    assert found.next.command == ()
    assert found.letters[BIRCH].stage is Stage.APPROVE


def test_books_that_cannot_be_read_are_told(built: Path) -> None:
    ledger = built / "records/2024/ledger.sqlite3"
    ledger.parent.mkdir(parents=True)
    ledger.write_bytes(b"no books at all, but long enough to be looked into" * 20)
    approve(built, ASHBY)
    found = status(built)
    [sentence] = found.trouble
    assert "cannot be used" in sentence
    assert found.letters[ASHBY].stage is Stage.UNKNOWN, "it may have gone out"
    assert found.letters[BIRCH].stage is Stage.APPROVE


def test_books_that_another_program_keeps_locked_are_waited_for_a_moment_and_told(
    built: Path,
) -> None:
    send(built, ASHBY, State.ACCEPTED)
    viewer = sqlite3.connect(built / "records/2024/ledger.sqlite3", isolation_level=None)
    viewer.execute("BEGIN EXCLUSIVE")
    [sentence] = status(built).trouble
    viewer.close()
    assert "it is locked by another program" in sentence
    assert status(built).letters[ASHBY].stage is Stage.SENT


def test_looking_neither_changes_the_books_nor_begins_any(built: Path) -> None:
    status(built)
    assert not (built / "records").exists()
    send(built, ASHBY, State.ACCEPTED)
    ledger = built / "records/2024/ledger.sqlite3"
    before = ledger.read_bytes()
    status(built)
    assert ledger.read_bytes() == before
    assert {path.name for path in ledger.parent.iterdir()} == {"ledger.sqlite3", "sent"}


def test_a_build_that_cannot_be_read_is_told(built: Path) -> None:
    (built / "build/2024/manifest.json").write_text("{")
    found = status(built)
    assert "manifest.json is none of ours" in found.trouble[0]


def test_when_all_is_sent_the_proof_of_it_comes_next(built: Path) -> None:
    for slug in (ASHBY, BIRCH, CEDAR):
        send(built, slug, State.ACCEPTED)
    assert status(built).next.command == ("verify", "2024", "--sent")


def test_stages_have_names_for_addresses_and_options() -> None:
    assert [one.key for one in (Stage.MEND, Part.CHANGED)] == ["to-mend", "changed-since-sent"]
