"""What happens to a letter after "send": kept, witnessed, come back, sent again, entered by hand."""

from __future__ import annotations

import os
import pty
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from letters.files import digest_of
from tests import returned_mail
from tests.conftest import PROJECT, put_small_year
from tests.doing import edit, run, said_in, wait_for
from tests.e2e.post_office import Opened, PostOffice, opens

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
ALL = {ASHBY, BIRCH, CEDAR}
BACK = ("--bounced", "--by", "Ada")


def slowly(*values: object) -> Any:
    """A parameter of the heavy tests alone."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, built and approved."""
    root = put_small_year(tmp_path_factory.mktemp("office"))
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    assert run("approve", "2024", "--root", root, "--all", "--by", "Ada Approver").exit_code == 0
    return root


@pytest.fixture
def office(approved: Path, tmp_path: Path) -> Opened:
    """Opens the office, with a mail server that does what is wished for."""
    return opens(approved, tmp_path)


def ledger(here: PostOffice, *words: str) -> tuple[int, str]:
    done = run("ledger", *words, "--root", here.root)
    return done.exit_code, said_in(here.root, done.stdout + done.stderr)


# The archive --------------------------------------------------------------------------------------------------------


def test_each_message_is_kept_as_it_went_out_for_its_owner_alone(office: Opened) -> None:
    with office() as here:
        here.send()
        folder = here.root / "records/2024/sent"
        assert sorted(path.name for path in folder.iterdir()) == [
            f"{slug}.1-{number}.{kind}"
            for number, slug in enumerate((ASHBY, BIRCH, CEDAR), start=1)
            for kind in ("eml", "html")
        ]
        taken = [path.read_bytes() for path in sorted((here.server / "taken").glob("*.eml"))]
        assert [path.read_bytes() for path in sorted(folder.glob("*.eml"))] == taken
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o400, path
        page = here.root / f"build/2024/letters/{BIRCH}.html"
        assert (folder / f"{BIRCH}.1-2.html").read_bytes() == page.read_bytes()


def test_what_a_killed_program_had_begun_to_write_does_no_harm_and_is_removed(
    office: Opened,
) -> None:
    with office() as here:
        here.send("--really-send", ASHBY)
        names = ("records/2024/sent", "records/2024/approved", "build/2024/drafts", "data/2024")
        parts = [here.root / name / ".part-x1" for name in names]
        for part in parts:
            part.parent.mkdir(exist_ok=True)
            part.write_bytes(b"half a letter")
        assert run("check", "2024", "--root", here.root).exit_code == 0
        assert here.send("--really-send", BIRCH).returncode == 0
        assert run("approve", "2024", "--root", here.root).exit_code == 0
        assert run("send", "2024", "--eml", "--root", here.root).exit_code == 0
        assert [part for part in parts if part.exists()] == [here.root / "data/2024/.part-x1"]


def test_what_is_approved_is_kept_with_its_page(office: Opened) -> None:
    with office() as here:
        for kind in ("pdf", "html"):
            kept = here.root / f"records/2024/approved/{BIRCH}.{kind}"
            built = here.root / f"build/2024/letters/{BIRCH}.{kind}"
            assert kept.read_bytes() == built.read_bytes()
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_building_again_changes_nothing_that_was_sent_and_verify_tells_what_differs(
    office: Opened,
) -> None:
    with office() as here:
        here.send()
        folder = here.root / "records/2024/sent"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        same = run("verify", "2024", "--sent", "--root", here.root)
        assert (same.exit_code, same.stdout) == (
            0,
            "2024: 3 letters sent, 0 differ from those that were built last\n",
        )
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 52000")
        run("build", "2024", "--root", here.root)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        differ = run("verify", "2024", "--sent", "--root", here.root)
        assert differ.exit_code == 1
        assert f"{CEDAR}: " in differ.stdout and ASHBY not in differ.stdout
        assert "2024: 3 letters sent, 1 differs from those that were built last" in differ.stdout
        shutil.move(here.root / "records", here.root / "elsewhere")
        lost = run("verify", "2024", "--sent", "--root", here.root)
        assert (lost.exit_code, lost.stdout) == (1, "")
        assert "the books of 2024 lack 3 messages" in lost.stderr


def test_a_letter_whose_fate_is_unknown_is_none_that_differs_and_not_well_either(
    office: Opened,
) -> None:
    with office(drop_after_data=["md@birch.example"]) as here:
        here.send()
        said = run("verify", "2024", "--sent", "--root", here.root)
        assert (said.exit_code, said.stdout) == (
            1,
            f"{BIRCH}: whether its last message went out is unknown\n"
            "2024: 2 letters sent, 0 differ from those that were built last, 1 unknown\n",
        )


def test_a_letter_s_whole_life_is_told_in_its_order(office: Opened) -> None:
    with office(defer={"md@birch.example": 1}) as here:
        here.send()
        status, said = ledger(here, "show", "2024", BIRCH)
        assert status == 0
        told = [line.partition(" UTC  ")[2] for line in said.splitlines()]
        assert told[0].startswith("approved by Ada Approver: letter ")
        assert told[1:3] == ["attempt 2: issue 1", "attempt 2: deferred: 451 4.7.1 Greylisted"]
        assert told[3] == "attempt 4: issue 1"
        assert f"kept as records/2024/sent/{BIRCH}.1-4.eml" in told[4]
        assert told[5] == "attempt 4: accepted: 250 2.0.0 Taken"


# The second witness -------------------------------------------------------------------------------------------------


def test_books_from_an_older_backup_stop_the_run_with_the_list_until_they_are_brought_up(
    office: Opened,
) -> None:
    with office() as here:
        here.send("--really-send", "--limit", "1")
        shutil.copytree(here.root / "records", here.root / "backup")
        here.send("--really-send", "--limit", "1")
        shutil.rmtree(here.root / "records")
        (here.root / "backup").rename(here.root / "records")
        done = here.send()
        assert done.returncode == 1
        assert "the books of 2024 lack 1 message that data/2024/sent.yaml has:" in done.stderr
        assert f"    {BIRCH} (issue 1): accepted at 20" in done.stderr
        assert sum(here.received().values()) == 2
        status, said = ledger(here, "restore", "2024")
        assert status == 0
        assert said.startswith(f"{BIRCH} (issue 1): accepted, 20")
        assert "2024: 1 message entered from data/2024/sent.yaml\n" in said
        assert "letters bounces enters again what came back" in said
        done = here.send()
        assert done.returncode == 0, done.stderr
        assert here.received() == dict.fromkeys(ALL, 1)


def test_lost_books_are_restored_from_the_witness_and_nobody_gets_two(office: Opened) -> None:
    with office(refuse=["elm@cedar.example"]) as here:
        here.send()
        before = here.states()
        shutil.rmtree(here.root / "records/2024")
        assert ledger(here, "restore", "2024")[0] == 0
        assert here.states() == before
        assert "1 letter refused before" in here.send().stdout
        assert "2 letters accepted before" in here.send().stdout
        assert sum(here.received().values()) == 2


def test_a_line_of_the_witness_that_a_power_cut_tore_hinders_nobody(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", "--limit", "2")
        with (here.root / "data/2024/sent.yaml").open("a") as file:
            file.write(f"- {{slug: {CEDAR}, issue: 1, sta")
        assert run("check", "2024", "--root", here.root).exit_code == 0
        done = here.send()
        assert done.returncode == 0, done.stderr
        assert here.received() == dict.fromkeys(ALL, 1)


def test_what_was_under_way_when_the_books_were_lost_is_restored_as_a_doubt(office: Opened) -> None:
    with office(pause="received") as here, here.sending("--really-send", BIRCH) as sender:
        wait_for((here.server / "paused").exists)
        sender.kill()
    with office() as here:
        shutil.rmtree(here.root / "records")
        assert "(issue 1): claimed at" in here.send().stderr
        assert f"{BIRCH} (issue 1): unknown" in ledger(here, "restore", "2024")[1]
        here.send()
        assert here.received()[BIRCH] <= 1
        assert here.states()[BIRCH] == "unknown"


def test_another_machine_with_the_data_and_without_the_books_sends_nothing(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", "--limit", "2")
        shutil.move(here.root / "records", here.root / "elsewhere")
        done = here.send("--really-send", "--first-run")
        assert done.returncode == 1
        assert "the books of 2024 lack 2 messages" in done.stderr
        assert sum(here.received().values()) == 2


def test_a_rehearsal_says_how_to_send_only_what_would_go(office: Opened) -> None:
    nothing = "Nothing is left to be sent for real: letters ledger 2024 has how all stand\n"
    with office() as here:
        here.send("--really-send", "--limit", "2")
        assert here.send("--root", str(here.root)).stdout.endswith(
            "To send for real: letters send 2024 --really-send\n"
        )
        for some in ((CEDAR,), ("--except", BIRCH), ("--limit", "1")):
            assert here.send(*some).stdout.endswith(
                "To send for real: the same with --really-send\n"
            )
        here.send()
        assert here.send("--limit", "1").stdout.endswith(nothing)
        assert here.send(BIRCH, "--again", "The mailbox was full").stdout.endswith(nothing)
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        assert here.send(BIRCH, "--again", "The mailbox was full").stdout.endswith(
            "To send for real: the same with --really-send\n"
        )


def test_a_rehearsal_without_the_books_of_what_was_sent_does_not_say_how_to_send(
    office: Opened,
) -> None:
    with office() as here:
        here.send()
        shutil.move(here.root / "records", here.root / "elsewhere")
        done = here.send("--limit", "1")
        assert (done.returncode, "To send for real" in done.stdout) == (0, False)
        assert "the books of 2024 lack 3 messages" in done.stderr


@pytest.mark.parametrize("step", ["RCPT", slowly("received"), "taken"])
def test_a_witness_that_is_lost_while_a_message_is_under_way_lets_nobody_get_two(
    office: Opened, step: str
) -> None:
    with office() as here:
        here.send("--really-send", ASHBY)
    with office(pause=step) as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        (here.root / "data/2024/sent.yaml").unlink()
        (here.server / "go").touch()
        _, errors = sender.communicate(timeout=60)
        if step == "RCPT":  # before the hand-over
            assert sender.returncode == 1
            assert f"error: {BIRCH}: data/2024/sent.yaml has changed since this run" in errors
        else:
            assert sender.returncode == 0, errors
    with office() as here:
        done = here.send()
        assert done.returncode == 0, done.stderr
        assert here.received() == dict.fromkeys(ALL, 1)
        text = (here.root / "data/2024/sent.yaml").read_text()
        assert all(text.count(f"slug: {slug}, issue: 1, state: accepted") == 1 for slug in ALL)


# What is asked before -----------------------------------------------------------------------------------------------


def test_without_a_terminal_the_number_of_letters_must_be_said(office: Opened) -> None:
    with office() as here:
        words = [*here.command("--really-send", "--limit", "2", "--confirm", "2")]
        at = words.index("--confirm")
        done = subprocess.run(
            words[:at] + words[at + 2 :], capture_output=True, text=True, cwd=PROJECT,
            env=here.environment, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 2
        assert "this run sends 2 letters, and there is no terminal to ask on" in done.stderr
        assert "say --confirm 2; nothing was sent" in done.stderr
        assert "Letters    2\n" in done.stdout
        assert "First      Ashby District Council\n" in done.stdout
        assert not here.taken()


def test_another_number_of_letters_than_the_run_has_sends_nothing(office: Opened) -> None:
    with office() as here:
        done = here.send("--really-send", "--limit", "2", "--confirm", "3")
        assert done.returncode == 2
        assert "this run sends 2 letters, and --confirm says 3; nothing was sent" in done.stderr
        assert not here.taken()
        assert here.send("--really-send", "--limit", "2", "--confirm", "2").returncode == 3
        assert len(here.taken()) == 2


@pytest.mark.parametrize(("typed", "sent"), [("3", 3), ("2", 0), slowly("", 0), slowly("yes", 0)])
def test_on_a_terminal_the_number_of_letters_is_typed(
    office: Opened, typed: str, sent: int
) -> None:
    with office() as here:
        words = [*here.command("--really-send", "--confirm", "3")]
        at = words.index("--confirm")
        keyboard, terminal = pty.openpty()
        with subprocess.Popen(
            words[:at] + words[at + 2 :], stdin=terminal, stdout=terminal, stderr=terminal,
            cwd=PROJECT, env=here.environment,
        ) as process:  # fmt: skip
            os.close(terminal)
            said = b""
            while b"type the number of letters" not in said:
                said += os.read(keyboard, 4096)
            os.write(keyboard, f"{typed}\n".encode())
            with pytest.raises(OSError):  # its end
                while True:
                    said += os.read(keyboard, 4096)
        os.close(keyboard)
        assert process.returncode == (0 if sent else 2), said
        assert len(here.taken()) == sent


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ("host: localhost", "host: mail.office.gov.uk"),
            "the sender's address is at office.example",
        ),
        (
            ("letters@office.example}", "letters@office.gov.uk}"),
            f"{ASHBY}: an address is at ashby.example, which is for examples",
        ),
    ],
)
def test_addresses_that_lead_nowhere_are_for_a_server_on_this_machine_alone(
    office: Opened, change: tuple[str, str], sentence: str
) -> None:
    with office() as here:
        text = (here.root / "data/office.yaml").read_text()
        file = here.root / "data/office.yaml"
        file.write_text(text.replace("host: localhost", "host: mail.office.gov.uk"))
        file.write_text(file.read_text().replace(*change))
        run("approve", "2024", "--all", "--by", "Ada", "--root", here.root)
        done = here.send()
        assert done.returncode == 1
        assert sentence in done.stderr


def test_the_sample_of_the_office_s_file_is_told(office: Opened) -> None:
    with office() as here:
        shutil.copyfile(PROJECT / "data/office.yaml", here.root / "data/office.yaml")
        run("approve", "2024", "--all", "--by", "Ada", "--root", here.root)
        done = here.send()
        assert done.returncode == 1
        assert "data/office.yaml is the sample that came with the project" in done.stderr


def test_first_letters_after_the_day_of_publication_are_asked_about(office: Opened) -> None:
    with office() as here:
        words = [word for word in here.command("--really-send") if word != "--date-is-right"]
        done = subprocess.run(
            words, capture_output=True, text=True, cwd=PROJECT, env=here.environment
        )
        assert done.returncode == 1
        assert "the letters say that they are published on 2024-07-24, and today is" in done.stderr
        assert not here.taken()


def test_a_test_says_so_in_its_subject_and_for_whom_it_is(office: Opened) -> None:
    with office() as here:
        assert here.send("--to-me", "me@office.example").returncode == 0
        subjects = [str(message["Subject"]) for _, message in here.taken()]
        assert subjects[1] == (
            "TEST, for md@birch.example: Annual letter 2024 to Birch District Council"
        )
        assert not (here.root / "records/2024/sent").exists()
        assert not (here.root / "data/2024/sent.yaml").exists()


def test_one_that_is_excepted_stays_here(office: Opened) -> None:
    with office() as here:
        done = here.send("--really-send", "--except", BIRCH)
        assert done.returncode == 3
        assert f"1 letter left alone by --except, and not done: {BIRCH}\n" in done.stdout
        assert here.received() == {ASHBY: 1, CEDAR: 1}
        assert here.send("--really-send", "--except", "nobody").returncode == 2


@pytest.mark.parametrize(
    "wishes",
    [
        {"refuse": ["md@birch.example"]},
        {"drop_after_data": ["md@birch.example"]},
        {"refuse": ["leader@ashby.example"]},
    ],
    ids=["refused", "unknown", "a copy refused"],
)
def test_one_that_is_excepted_and_not_with_the_mail_server_is_told_by_the_exit_status(
    office: Opened, wishes: dict[str, list[str]]
) -> None:
    excepted = ("--except", BIRCH, "--except", ASHBY)
    with office(**wishes) as here:
        here.send()
    with office() as here:
        assert here.send("--really-send", *excepted).returncode == 3
        assert here.send("--really-send", CEDAR).returncode == 0


def test_one_that_is_excepted_and_came_back_is_told_by_the_exit_status(office: Opened) -> None:
    with office() as here:
        here.send()
        assert here.send("--really-send", "--except", BIRCH).returncode == 0
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        assert here.send("--really-send", "--except", BIRCH).returncode == 3


def test_only_what_failed_is_tried_again(office: Opened) -> None:
    with office(refuse=["md@birch.example"]) as here:
        here.send("--really-send", BIRCH)
    with office() as here:
        done = here.send("--really-send", "--only-failed", "--confirm", "1")
        assert done.returncode == 3
        assert (
            f"2 letters never tried, and left for a run without --only-failed: {ASHBY}"
            in done.stdout
        )
        assert here.received() == {BIRCH: 1}


# Sending again ------------------------------------------------------------------------------------------------------


def test_a_letter_that_came_back_goes_out_once_more_unchanged_and_only_when_it_is_asked_for(
    office: Opened,
) -> None:
    with office() as here:
        here.send()
        early = here.send("--really-send", BIRCH, "--again", "The mailbox was full")
        assert (
            "1 letter not to be sent again: no report that it came back is in the books (letters"
            f" bounces 2024, or letters ledger note 2024 SLUG --bounced): {BIRCH}\n"
        ) in early.stdout
        assert ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")[0] == 0
        plain = here.send()
        assert plain.returncode == 3
        assert (
            "1 letter returned by the chief executive's mail system: letters send 2024 SLUG"
            in plain.stdout
        )
        assert here.received() == dict.fromkeys(ALL, 1)
        done = here.send("--really-send", BIRCH, "--again", "The mailbox was full")
        assert done.returncode == 0, done.stderr
        assert here.received() == {ASHBY: 1, BIRCH: 2, CEDAR: 1}
        numbers = [str(one["Message-ID"]) for _, one in here.taken() if "Birch" in one["Subject"]]
        assert len(set(numbers)) == 2
        assert here.send().returncode == 0
        assert here.received()[BIRCH] == 2
        assert here.books()[BIRCH].reason == "The mailbox was full"


def test_of_a_letter_put_off_when_it_was_sent_again_it_is_said_that_the_same_command_tries_it(
    office: Opened,
) -> None:
    again = ("--really-send", BIRCH, "--again", "The mailbox was full")
    with office() as here:
        here.send()
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
    with office(defer={"md@birch.example": 99}) as here:
        done = here.send(*again)
        assert "2024: 1 put off, to be tried again; the books are in" in done.stdout
        assert done.stdout.endswith("1 letter still to send: the same command carries on\n")
        assert done.returncode == 3
    with office() as here:
        assert here.send().returncode == 3
        assert here.received()[BIRCH] == 1
        assert here.send(*again).returncode == 0
        assert here.received()[BIRCH] == 2


@pytest.mark.parametrize("way", ["", "--sent-by-post"])
def test_an_address_that_a_letter_came_back_from_is_named_until_it_is_another(
    office: Opened, way: str
) -> None:
    notice = "    something came back before from the address of: Chief Executive\n"
    with office() as here:
        here.send()
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        if way:
            ledger(here, "note", "2024", BIRCH, way, "--by", "Ada")
        else:
            again = here.send("--really-send", BIRCH, "--again", "Full", "--confirm", "2")
            assert f"Came back  from the same address before: {BIRCH}\n" in again.stdout
            assert "Again      1 letter\n" in again.stdout
        edit(here.root / "templates/2024/email.text.jinja", "is attached", "is here")
        run("build", "2024", "--root", here.root)
        shown = run("approve", "2024", "--root", here.root).stdout
        assert shown.count(notice) == 1
        assert notice in shown.partition(f"{BIRCH}: ")[2].partition(f"{CEDAR}: ")[0]
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "director@birch.example")
        assert notice not in run("approve", "2024", "--root", here.root).stdout
        shutil.move(here.root / "records/2024/ledger.sqlite3", here.root / "elsewhere")
        assert run("approve", "2024", "--root", here.root).exit_code == 0


def test_a_letter_that_came_back_goes_to_the_corrected_address_once_it_is_approved(
    office: Opened,
) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "director@birch.example")
        again = ("--really-send", BIRCH, "--again", "The address was wrong")
        said = here.send(*again).stdout
        assert f"not approved, and left out: letters approve 2024 SLUG --by NAME: {BIRCH}" in said
        run("approve", "2024", BIRCH, "--by", "Ada", "--root", here.root)
        assert here.send(*again).returncode == 0
        assert here.taken()[-1][0][1] == "director@birch.example"
        assert here.send().returncode == 0


def test_a_letter_that_came_back_and_has_changed_since_is_to_be_corrected(office: Opened) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", CEDAR, "--bounced", "--by", "Ada")
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 52000")
        run("build", "2024", "--root", here.root)
        run("approve", "2024", CEDAR, "--by", "Ada", "--root", here.root)
        done = here.send("--really-send", CEDAR, "--again", "The mailbox was full")
        assert done.returncode == 3
        assert f"changed since: letters correct 2024 --reason WHY --by NAME: {CEDAR}" in done.stdout
        assert "no report" not in done.stdout


def test_a_letter_that_came_back_goes_to_who_follows_in_the_post(office: Opened) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", CEDAR, "--bounced", "--by", "Ada")
        edit(here.root / "data/2024/contacts.yaml", "surname: Elm", "surname: Fir")
        run("build", "2024", "--root", here.root)
        run("approve", "2024", CEDAR, "--by", "Ada", "--root", here.root)
        done = here.send("--really-send", CEDAR, "--again", "Dr Elm has left")
        assert done.returncode == 0, done.stdout + done.stderr
        body = here.taken()[-1][1].get_body(("plain",))
        assert body and "Dear Dr Fir" in body.get_content()
        assert here.send().returncode == 0


def test_another_name_in_the_address_makes_no_letter_wrong(office: Opened) -> None:
    with office() as here:
        here.send()
        edit(here.root / "data/2024/contacts.yaml", "surname: Elm", "surname: Fir")
        run("build", "2024", "--root", here.root)
        done = here.send()
        assert (done.returncode, here.received()) == (0, dict.fromkeys(ALL, 1))
        assert "3 letters accepted before" in done.stdout


def test_another_address_makes_no_letter_wrong_and_nothing_is_sent_again(office: Opened) -> None:
    with office() as here:
        here.send()
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "ceo@birch.example")
        done = here.send()
        assert (done.returncode, here.received()) == (0, dict.fromkeys(ALL, 1))
        assert "1 letter accepted before; only the address, the e-mail or the files" in done.stdout
        status, said = ledger(here, "note", "2024", BIRCH, "--sent-by-hand", "--by", "Ada")
        assert (status, "the books have it as sent already" in said) == (1, True)
        assert "letters correct" not in done.stdout


def test_a_refused_copy_is_known_where_nobody_knows_whether_the_message_arrived(
    office: Opened,
) -> None:
    wishes = {"refuse": ["leader@ashby.example"], "drop after data": ["oak@ashby.example"]}
    with office(**wishes) as here:
        done = here.send("--really-send", ASHBY)
        assert here.states() == {ASHBY: "unknown"}
        assert "without a copy to: Leader" in done.stdout
        assert ledger(here, "resolve", "2024", ASHBY, "--sent", "--by", "Ada")[0] == 0
        assert ": Leader: refused" in ledger(here, "show", "2024", ASHBY)[1]
        done = here.send("--really-send", ASHBY)
        assert "1 letter accepted, and a copy was refused or came back" in done.stdout
    with office(**{"drop after data": ["leader@ashby.example"]}) as here:
        here.send("--really-send", ASHBY, "--copies-only")
        assert ledger(here, "resolve", "2024", ASHBY, "--sent", "--by", "Ada")[0] == 0
        assert here.send("--really-send", ASHBY).returncode == 0


def test_books_that_are_restored_find_what_is_kept_and_whom_it_went_to(office: Opened) -> None:
    with office(**{"drop after data": ["oak@ashby.example"]}) as here:
        here.send("--really-send", ASHBY)
        here.send("--really-send", CEDAR)
        ledger(here, "note", "2024", CEDAR, "--bounced", "--by", "Ada")
        ledger(here, "note", "2024", CEDAR, "--sent-by-post", "--by", "Ada")
        here.send()
        ledger(here, "resolve", "2024", ASHBY, "--sent", "--by", "Ada")
        show = [ledger(here, "show", "2024", slug)[1] for slug in sorted(ALL)]
        (here.root / "records/2024/ledger.sqlite3").unlink()
        assert ledger(here, "restore", "2024")[0] == 0
        for slug, before in zip(sorted(ALL), show, strict=True):
            now = [
                line.split(", ")[-1] for line in kept_lines(ledger(here, "show", "2024", slug)[1])
            ]
            assert now == [line.split(", ")[-1] for line in kept_lines(before)]
        edit(here.root / "data/2024/contacts.yaml", "leader@ashby.example", "lead@ashby.example")
        report = returned_mail.delivery_report(returned_mail.block(returned_mail.CE))
        mail = here.root / "report.eml"
        mail.write_bytes(about(here, report, ASHBY, "leader@ashby.example"))
        entered = run("bounces", "2024", mail, "--root", here.root)
        assert entered.stdout.startswith(f"{ASHBY}: Leader: failed: ")
        run("approve", "2024", ASHBY, "--by", "Ada", "--root", here.root)
        assert here.send("--really-send", ASHBY, "--copies-only").returncode == 0
        assert here.taken()[-1][0][1:] == ["lead@ashby.example"]


def kept_lines(life: str) -> list[str]:
    return [line for line in life.splitlines() if "kept as" in line]


def test_a_message_that_is_kept_and_that_the_books_lack_stops_the_run(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", ASHBY)
        witness = here.root / "data/2024/sent.yaml"
        older = witness.read_text()
        here.send("--really-send", CEDAR)
        (here.root / "records/2024/ledger.sqlite3").unlink()
        witness.write_text(older)
        for done in (ledger(here, "restore", "2024"), ledger(here, "note", "2024", BIRCH, *BACK)):
            assert done[0] == 1
            assert f"{CEDAR}.1-2.eml is kept here as a message that went out" in done[1]
        assert here.send("--really-send", "--confirm", "2").returncode == 1
        assert here.received()[CEDAR] == 1
        (here.root / f"records/2024/sent/{CEDAR}.1-2.eml").unlink()
        assert here.send().returncode == 0


def test_where_messages_are_kept_no_run_is_the_first_one(office: Opened) -> None:
    with office() as here:
        here.send()
        (here.root / "records/2024/ledger.sqlite3").unlink()
        (here.root / "data/2024/sent.yaml").unlink()
        for options in ((), ("--first-run",)):
            done = here.send("--really-send", "--confirm", "3", *options)
            assert done.returncode == 1
            assert f"{ASHBY}.1-1.eml is kept here as a message that went out" in done.stderr
            assert "letters ledger restore 2024" in done.stderr
        for words in (["2024"], ["restore", "2024"], ["2024"]):
            status, said = ledger(here, *words)
            assert (status, "is kept here as a message that went out" in said) == (1, True)
        assert here.received() == dict.fromkeys(ALL, 1)


def test_the_books_and_the_witness_of_another_year_are_not_taken(office: Opened) -> None:
    with office() as here:
        here.send()
        for what in ("data", "records"):
            shutil.copytree(here.root / what / "2024", here.root / what / "2025")
        status, said = ledger(here, "2025")
        assert status == 1
        assert "ledger.sqlite3 has letters of 2024: these are the books of another year" in said
        edit(here.root / "data/2024/sent.yaml", "<2024.", "<2023.", times=6)
        foreign = "data/2024/sent.yaml:1:1: error: a letter of 2023 stands here: <2023.1."
        assert foreign in run("check", "2024", "--root", here.root).stdout
        assert foreign in here.send("--really-send", "--confirm", "1").stderr


def test_a_refused_copy_is_not_forgotten_and_goes_to_the_copy_alone(office: Opened) -> None:
    with office(refuse=["leader@ashby.example"]) as here:
        here.send()
        again = here.send()
        assert again.returncode == 3
        assert "1 letter accepted, and a copy was refused or came back" in again.stdout
        edit(here.root / "data/2024/contacts.yaml", "leader@ashby.example", "lead@ashby.example")
        run("approve", "2024", ASHBY, "--by", "Ada", "--root", here.root)
        done = here.send("--really-send", ASHBY, "--copies-only")
        assert done.returncode == 0, done.stderr
        assert here.taken()[-1][0] == ["letters@office.example", "lead@ashby.example"]
        assert here.send().returncode == 0
        assert here.received()[ASHBY] == 2


def test_books_that_are_restored_send_no_copy_twice(office: Opened) -> None:
    """The witness has that the letter went to the copies alone, and the same reports come again."""
    with office() as here:
        here.send()
        back = here.root / "private/returned"
        back.mkdir(parents=True)
        for address in ("leader@ashby.example", "oak@ashby.example"):
            report = about(here, returned_mail.delivery_report(), ASHBY, address)
            (back / f"{address}.eml").write_bytes(report)
        assert run("bounces", "2024", back, "--root", here.root).exit_code == 0
        here.send("--really-send", ASHBY, "--copies-only")
        assert here.received()[ASHBY] == 2
        shutil.rmtree(here.root / "records")
        assert ledger(here, "restore", "2024")[0] == 0
        for mail in sorted(back.iterdir()):
            assert run("bounces", "2024", mail, "--root", here.root).exit_code == 0
        done = here.send()
        assert "1 letter returned by the chief executive's mail system" in done.stdout
        here.send("--really-send", ASHBY, "--copies-only")
        assert here.received()[ASHBY] == 2


def test_where_no_copy_is_missing_none_is_written_to(office: Opened) -> None:
    with office() as here:
        here.send()
        done = here.send("--really-send", ASHBY, "--copies-only")
        assert "the books have no copy that was refused or came back" in done.stdout
        assert here.received() == dict.fromkeys(ALL, 1)


@pytest.mark.parametrize("step", [slowly("RCPT"), slowly("received"), "taken"])
def test_killed_while_it_is_sent_again_it_is_never_sent_twice(office: Opened, step: str) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
    again = ("--really-send", BIRCH, "--again", "The mailbox was full")
    with office(pause=step) as here, here.sending(*again) as sender:
        wait_for((here.server / "paused").exists)
        sender.kill()  # and, as this office closes, the server: it takes nothing any more
    with office() as here:
        done = here.send(*again)
        assert here.received()[BIRCH] == (1 if step == "received" else 2)
        assert done.returncode == (0 if step == "RCPT" else 3)
        assert here.states()[BIRCH] == ("accepted" if step == "RCPT" else "unknown")


# What a person enters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("how", "kind"), [("--sent-by-hand", "eml"), ("--sent-by-post", "pdf")])
def test_what_was_sent_otherwise_is_entered_kept_and_never_sent_again(
    office: Opened, how: str, kind: str
) -> None:
    with office() as here:
        words = ("note", "2024", BIRCH, how, "--by", "Ada", "--first-run")
        status, said = ledger(here, *words)
        assert status == 0
        assert f"{BIRCH}: accepted: Ada says that it was sent {how[7:].replace('-', ' ')}" in said
        assert (here.root / f"records/2024/sent/{BIRCH}.1-1.{kind}").exists()
        assert here.send().returncode == 0
        assert here.received() == {ASHBY: 1, CEDAR: 1}
        status, said = ledger(here, *words[:-1])
        assert status == 1
        assert "the books have it as sent already, and it did not come back" in said
        told = "sent by post, kept as" if how == "--sent-by-post" else "message <2024.1."
        assert told in ledger(here, "show", "2024", BIRCH)[1]


@pytest.mark.parametrize("how", ["--sent-by-hand", "--sent-by-post"])
def test_only_the_letter_that_is_approved_as_it_is_built_now_is_entered(
    office: Opened, how: str
) -> None:
    """A draft was made of one, and the data changed: nobody has a word for the other."""
    with office() as here:
        words = ("note", "2024", CEDAR, how, "--by", "Ada", "--first-run")
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 52000")
        status, said = ledger(here, *words)
        assert (status, "build first" in said) == (1, True)
        run("build", "2024", "--root", here.root)
        status, said = ledger(here, *words)
        assert status == 1
        assert (
            f"error: {CEDAR}: it is not approved as it is built now: letters approve 2024 {CEDAR}"
            " --by NAME, if it is the very letter that was sent\n"
        ) in said
        assert not (here.root / "data/2024/sent.yaml").exists()
        run("approve", "2024", CEDAR, "--by", "Bob", "--root", here.root)
        status, said = ledger(here, *words)
        letter = digest_of(here.root / f"build/2024/letters/{CEDAR}.pdf")
        assert status == 0
        assert f" {how[7:].replace('-', ' ')}: letter {letter[:12]}, approved on 20" in said


def test_what_changed_after_it_came_back_is_not_entered_as_sent_once_more(office: Opened) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", CEDAR, "--bounced", "--by", "Ada")
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 52000")
        run("build", "2024", "--root", here.root)
        run("approve", "2024", CEDAR, "--by", "Ada", "--root", here.root)
        status, said = ledger(here, "note", "2024", CEDAR, "--sent-by-post", "--by", "Ada")
        assert status == 1
        assert "it has changed since it was sent, or recorded as corrected: letters correct" in said


@pytest.mark.parametrize("renamed", [False, True])
def test_a_letter_whose_fate_is_unknown_is_not_entered_before_that_is_resolved(
    office: Opened, renamed: bool
) -> None:
    with office(drop_after_data=["md@birch.example"]) as here:
        here.send()
        slug = BIRCH
        if renamed:
            slug = "birch-town-council"
            for name in ("authorities", "2024/statistics", "2024/contacts"):
                edit(here.root / f"data/{name}.yaml", f"{BIRCH}:", f"{slug}:")
            edit(
                here.root / "data/authorities.yaml",
                "name: Birch District Council",
                f"formerly: [{BIRCH}], name: Birch Town Council",
            )
            run("build", "2024", "--root", here.root)
            run("approve", "2024", slug, "--by", "Ada", "--root", here.root)
        status, said = ledger(here, "note", "2024", slug, "--sent-by-post", "--by", "Ada")
        assert status == 1
        assert f"{slug}: whether it was sent is unknown: first letters ledger resolve 2024" in said
        assert ledger(here, "resolve", "2024", slug, "--not-sent", "--by", "Ada")[0] == 0
        assert ledger(here, "note", "2024", slug, "--sent-by-post", "--by", "Ada")[0] == 0


@pytest.mark.parametrize(("how", "status"), [("--sent-by-hand", 1), ("--sent-by-post", 0)])
def test_a_letter_without_an_address_is_entered_as_sent_by_post_and_by_no_mail_program(
    office: Opened, how: str, status: int
) -> None:
    with office() as here:
        edit(here.root / "data/2024/contacts.yaml", ", email: elm@cedar.example", "")
        words = ("note", "2024", CEDAR, how, "--by", "Ada", "--first-run")
        found, said = ledger(here, *words)
        assert (found, "it is not approved as it is built now" in said) == (1, not status)
        run("approve", "2024", CEDAR, "--by", "Ada", "--root", here.root)
        found, said = ledger(here, *words)
        assert (found, "the contacts have no address of its chief executive" in said) == (
            status,
            bool(status),
        )


def test_a_draft_has_the_number_by_which_it_is_entered_once_it_was_sent(office: Opened) -> None:
    with office() as here:
        here.send()
        ledger(here, "note", "2024", BIRCH, *BACK)
        assert run("send", "2024", BIRCH, "--eml", *here.place).exit_code == 0
        draft = message_from_bytes((here.root / f"build/2024/drafts/{BIRCH}.eml").read_bytes())
        ledger(here, "note", "2024", BIRCH, "--sent-by-hand", "--by", "Ada")
        assert here.books()[BIRCH].message_id == draft["Message-ID"]
        assert ledger(here, "note", "2024", BIRCH, *BACK)[0] == 0
        status, said = ledger(here, "note", "2024", BIRCH, *BACK)
        assert (status, "the books have already that it came back" in said) == (1, True)


def test_what_has_changed_is_told_as_changed_whatever_came_back(office: Opened) -> None:
    with office(refuse=["leader@ashby.example"]) as here:
        here.send()
        ledger(here, "note", "2024", CEDAR, *BACK)
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 52000")
        run("build", "2024", *here.place)
        assert f"changed since: letters correct 2024 --reason WHY --by NAME: {CEDAR}" in (
            here.send().stdout
        )
        assert "2 letters wait for a person" in run("send", "2024", *here.place).stdout


def test_nobody_s_word_is_taken_on_what_was_never_sent(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", ASHBY)
        status, said = ledger(here, "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        assert status == 1
        assert f"{BIRCH}: the books have no letter to it that could have come back" in said
        assert ledger(here, "note", "2024", BIRCH, "--by", "Ada")[0] == 2
        for words in (("--bounced", "--sent-by-post", "--by", "Ada"), ("--bounced", "--by", ".")):
            assert ledger(here, "note", "2024", ASHBY, *words)[0] == 2
        assert ledger(here, "resolve", "2024", ASHBY, "--sent", "--by", ".")[0] == 2


def test_a_report_that_names_no_message_is_about_none_that_went_by_post(
    office: Opened, tmp_path: Path
) -> None:
    with office() as here:
        here.send("--really-send", ASHBY)
        ledger(here, "note", "2024", BIRCH, "--sent-by-post", "--by", "Ada")
        for slug, address, status in (
            (BIRCH, "md@birch.example", 3),
            (ASHBY, "oak@ashby.example", 0),
        ):
            nameless = returned_mail.delivery_report(returned="")
            mail = tmp_path / f"{slug}.eml"
            mail.write_bytes(about(here, nameless, ASHBY, address))
            assert run("bounces", "2024", mail, "--root", here.root).exit_code == status


def test_a_kept_message_reads_as_the_one_that_was_taken(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", CEDAR)
        kept = here.root / f"records/2024/sent/{CEDAR}.1-1.eml"
        message = message_from_bytes(kept.read_bytes(), policy=default)
        assert message["Message-ID"] == here.taken()[0][1]["Message-ID"]


# What comes back ----------------------------------------------------------------------------------------------------


def about(here: PostOffice, report: bytes, slug: str, *addresses: str) -> bytes:
    """A report in the form of some mail system, about what was sent to an authority."""
    number = next(
        str(one["Message-ID"]).strip("<>")
        for _, one in here.taken()
        if slug.split("-")[0].title() in str(one["Subject"])
    )
    text = report.decode().replace(returned_mail.ID, number)
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    text = text.replace(returned_mail.DATE, now)
    for before, after in zip((returned_mail.CE, returned_mail.LINK), addresses, strict=False):
        text = text.replace(before, after)
    return text.encode()


@pytest.mark.parametrize(
    "report",
    [
        returned_mail.delivery_report(),
        slowly(returned_mail.EXCHANGE),
        slowly(returned_mail.EXIM),
        slowly(returned_mail.QMAIL),
    ],
)
def test_a_bounce_is_entered_once_and_asks_for_the_letter_to_be_sent_again(
    office: Opened, tmp_path: Path, report: bytes
) -> None:
    with office() as here:
        here.send()
        mail = tmp_path / "report.eml"
        mail.write_bytes(about(here, report, BIRCH, "md@birch.example"))
        first = run("bounces", "2024", mail, "--root", here.root)
        assert first.exit_code == 0, first.stdout
        assert first.stdout.startswith(f"{BIRCH}: Chief Executive: failed: ")
        assert "md@birch" not in first.stdout
        assert first.stdout.endswith("2024: 1 entered\n")
        again = run("bounces", "2024", mail, "--root", here.root)
        assert again.stdout == "2024: 0 entered, 1 known before\n"
        plain = here.send()
        assert plain.returncode == 3
        assert "1 letter returned by the chief executive's mail system" in plain.stdout
        assert ": Chief Executive: failed: " in ledger(here, "show", "2024", BIRCH)[1]
        assert here.send("--really-send", BIRCH, "--again", "Full").returncode == 0
        assert here.received()[BIRCH] == 2


def test_a_copy_that_came_back_is_sent_to_alone(office: Opened, tmp_path: Path) -> None:
    with office() as here:
        here.send()
        report = returned_mail.delivery_report(returned_mail.block(returned_mail.CE))
        mail = tmp_path / "report.eml"
        mail.write_bytes(about(here, report, ASHBY, "leader@ashby.example"))
        shown = run("bounces", "2024", mail, "--root", here.root)
        assert shown.stdout.startswith(f"{ASHBY}: Leader: failed: ")
        done = here.send("--really-send", ASHBY, "--copies-only")
        assert done.returncode == 0, done.stderr
        assert here.taken()[-1][0] == ["letters@office.example", "leader@ashby.example"]


def test_what_machines_answer_is_shown_and_what_is_not_understood_is_left_to_be_read(
    office: Opened, tmp_path: Path
) -> None:
    with office() as here:
        here.send()
        folder = tmp_path / "inbox"
        folder.mkdir()
        (folder / "1.eml").write_bytes(about(here, returned_mail.LEFT, BIRCH, "md@birch.example"))
        (folder / "2.eml").write_bytes(
            about(here, returned_mail.ANSWER_THAT_QUOTES, BIRCH, "md@birch.example")
        )
        shown = run("bounces", "2024", folder, "--root", here.root)
        assert shown.exit_code == 3
        assert f"{BIRCH}: automatic reply: " in shown.stdout
        assert "To be read by a person:" in shown.stdout
        assert shown.stdout.endswith("2024: 0 entered, 1 reply, 1 to be read\n")
        assert here.send().returncode == 0


def test_whatever_mail_and_its_files_are_called_is_entered_once_and_printed(
    office: Opened, tmp_path: Path
) -> None:
    with office() as here:
        here.send()
        folder = tmp_path / "inbox"
        folder.mkdir()
        left = returned_mail.LEFT.replace(b"I have", "🎄 I have".encode())
        dated = returned_mail.delivery_report().replace(
            returned_mail.DATE.encode(), b"Fri, 27 Nov 2099 14:00:00 +0000"
        )
        reply, report = (about(here, raw, BIRCH, "md@birch.example") for raw in (left, dated))
        for name, raw in ((b"best\xe4tigung", reply), (b"again", reply), (b"a\nb", report)):
            (folder / os.fsdecode(name + b".eml")).write_bytes(raw)
        (folder / os.fsdecode(b"\xe4.eml")).write_bytes(b"\n")
        shown = subprocess.run(
            [sys.executable, "-m", "letters", "bounces", "2024", folder, "--root", here.root],
            env={**os.environ, "PYTHONIOENCODING": "cp1252"},
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert shown.returncode == 3, shown.stderr
        assert "    \\U0001f384 I have left the council." in shown.stdout
        assert "inbox/\\udce4.eml: it is empty" in shown.stdout
        assert shown.stdout.endswith("2024: 1 entered, 1 reply, 1 to be read\n")
        assert "2099" not in ledger(here, "show", "2024", BIRCH)[1]


def test_mail_that_is_not_there_is_told(office: Opened, tmp_path: Path) -> None:
    with office() as here:
        here.send("--really-send", BIRCH)
        shown = run("bounces", "2024", tmp_path / "nowhere", "--root", here.root)
        assert shown.exit_code == 1
        assert "nowhere" in shown.stderr and "Traceback" not in shown.stderr
