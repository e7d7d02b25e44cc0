"""Sending, with a real mail server, and with everything that goes wrong on the way."""

from __future__ import annotations

import os
import pty
import random
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.conftest import PROJECT, put_small_year
from tests.doing import edit, run, wait_for
from tests.e2e.mail_server import TOKEN
from tests.e2e.post_office import Opened, PostOffice, opens
from tests.e2e.terminal import take_terminal

SLOW = pytest.mark.slow
pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
APPROVE = "letters approve 2024 SLUG --by NAME"  # what to do about what nobody approved
MORE = [f"elm-{number:02}" for number in range(9)]
ALL = {ASHBY, BIRCH, CEDAR, *MORE}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year with some more councils, built and approved."""
    root = put_small_year(tmp_path_factory.mktemp("office"))
    for slug in MORE:
        for file, line in (
            ("authorities", f"{slug}: {{name: {slug.title()}, peer_group: unitary}}\n"),
            (
                "2024/statistics",
                f"{slug}: {{investigations: 9, upheld: 4, remedied: 0, population: 5000}}\n",
            ),
            ("2024/contacts", f"{slug}: {{chief_executive: {{email: ce@{slug}.example}}}}\n"),
        ):
            with (root / "data" / f"{file}.yaml").open("a") as opened:
                opened.write(line)
    assert run("build", "2024", "--root", root, "--jobs", "2").exit_code == 0
    assert run("approve", "2024", "--root", root, "--all", "--by", "Ada Approver").exit_code == 0
    return root


@pytest.fixture
def office(approved: Path, tmp_path: Path) -> Opened:
    """Opens the office, with a mail server that does what is wished for."""
    return opens(approved, tmp_path)


def test_each_council_gets_exactly_its_own_letter(office: Opened) -> None:
    with office() as here:
        folder = here.root / "data/2024/attachments" / ASHBY
        folder.mkdir(parents=True)
        (folder / "Fälle für Ashby.xlsx").write_bytes(b"confidential")
        run("approve", "2024", ASHBY, "--root", here.root, "--by", "Ada Approver")
        done = here.send()
        assert done.returncode == 0
        assert "12 accepted by the mail server" in done.stdout
        assert here.received() == dict.fromkeys(ALL, 1)
        assert set(here.states().values()) == {"accepted"}
        (envelope, message), *_ = here.taken()
        assert envelope == ["letters@office.example", "oak@ashby.example", "leader@ashby.example"]
        assert (message["To"], message["Cc"]) == ("oak@ashby.example", "leader@ashby.example")
        assert message["Reply-To"] == "answers@office.example"
        assert message["Subject"] == "Annual letter 2024 to Ashby District Council"
        names = [part.get_filename() for part in message.iter_attachments()]
        assert names == ["Annual letter to Ashby District Council.pdf", "Fälle für Ashby.xlsx"]
        body = message.get_body(("plain",))
        assert body and "Dear Mr Oak" in body.get_content()


def test_sent_again_nothing_goes_out(office: Opened) -> None:
    with office() as here:
        here.send()
        again = here.send()
        assert again.returncode == 0
        assert "12 letters accepted before" in again.stdout
        assert here.received() == dict.fromkeys(ALL, 1)


def test_a_limit_sends_some_and_the_next_run_carries_on(office: Opened) -> None:
    with office() as here:
        some = here.send("--really-send", "--limit", "5")
        assert some.returncode == 3
        carries_on = "7 letters still to send: the same command carries on, without --first-run"
        assert carries_on in some.stdout
        assert sum(here.received().values()) == 5
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_what_is_not_approved_stays_here(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "md@birch2.example")
        done = here.send()
        assert done.returncode == 3
        assert f"1 letter not approved, and left out: {APPROVE}: {BIRCH}" in done.stdout
        assert here.received() == dict.fromkeys(ALL - {BIRCH}, 1)


def test_letters_that_are_not_built_as_the_data_now_is_stop_the_run(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/2024/statistics.yaml", "population: 51000", "population: 51001")
        done = here.send()
        assert done.returncode == 1
        assert (
            f"1 letter is not built as data and templates now are: {CEDAR} (statistics: population"
            in done.stderr
        )
        assert not here.taken()


@pytest.mark.parametrize(
    "step",
    ["RCPT", "taken", *(pytest.param(step, marks=SLOW) for step in ("EHLO", "MAIL", "received"))],
)
def test_killed_at_any_step_of_the_dialogue_no_council_gets_two(office: Opened, step: str) -> None:
    with office(pause=step) as here:
        with here.sending() as sender:
            wait_for((here.server / "paused").exists)
            sender.kill()
        (here.server / "go").touch()
        done = here.send()
        assert max(here.received().values()) == 1
        states = here.states()
        doubtful = {slug for slug, state in states.items() if state == "unknown"}
        if step in ("received", "taken"):
            assert doubtful == {ASHBY}
            assert done.returncode == 3
            assert f"{ASHBY}: unknown: the sender died while the message went out" in done.stdout
        else:
            assert not doubtful
            assert done.returncode == 0
        assert all(
            here.received()[slug] == 1 for slug, state in states.items() if state == "accepted"
        )
        assert set(states) == ALL


@pytest.mark.slow
def test_killed_at_random_over_and_over_no_council_gets_two_and_every_doubt_is_in_the_books(
    office: Opened,
) -> None:
    with office() as here:
        edit(here.root / "data/office.yaml", "60000", "600")  # a message in a tenth of a second
        taken, kills = here.server / "taken", [0]
        while kills[-1] < len(ALL) - 1:
            with here.sending() as sender:
                wait_for(lambda: len(list(taken.iterdir())) > 2 * kills[-1])
                with suppress(subprocess.TimeoutExpired):
                    sender.wait(timeout=random.random() / 10)  # at no particular moment
                sender.kill()
            kills.append(len(here.taken()))
        assert len([sent for sent in kills if 0 < sent < len(ALL)]) >= 3, kills
        here.send()
        received, states = here.received(), here.states()
        assert max(received.values()) == 1
        assert set(states) == ALL
        assert all(received[slug] == 1 for slug, state in states.items() if state == "accepted")
        assert {
            slug for slug, number in received.items() if states[slug] not in ("accepted", "unknown")
        } == set()


def test_two_senders_at_once_are_one(office: Opened) -> None:
    with office(pause="MAIL") as here, here.sending() as first:
        wait_for((here.server / "paused").exists)
        second = here.send()
        assert second.returncode == 1
        assert f"in use for sending by process {first.pid}" in second.stderr
        (here.server / "go").touch()
        assert first.wait(timeout=60) == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_a_server_that_dies_after_the_data_leaves_a_doubt_that_a_person_resolves(
    office: Opened,
) -> None:
    with office(drop_after_data=["md@birch.example"]) as here:
        done = here.send()
        assert done.returncode == 3
        assert (
            f"{BIRCH}: unknown: the connection was lost after the message went out" in done.stdout
        )
        assert here.states()[BIRCH] == "unknown"
        again = here.send()
        assert again.returncode == 3
        assert (
            "1 letter unknown, and left alone: letters ledger resolve 2024 SLUG takes your word"
            in again.stdout
        )
        assert here.received() == dict.fromkeys(ALL, 1)
        resolved = run(
            "ledger", "resolve", "2024", BIRCH, "--sent", "--by", "Ada", "--root", here.root
        )
        assert resolved.stdout.startswith(f"{BIRCH}: accepted: Ada says that it was sent")
        assert here.send().returncode == 0
        assert here.received()[BIRCH] == 1


def test_a_doubt_resolved_as_not_sent_is_sent(office: Opened) -> None:
    with office(pause="received") as here, here.sending("--really-send", BIRCH) as sender:
        wait_for((here.server / "paused").exists)
        sender.kill()
    with office() as here:
        assert here.send("--really-send", BIRCH).returncode == 3
        run("ledger", "resolve", "2024", BIRCH, "--not-sent", "--by", "Ada", "--root", here.root)
        assert here.send("--really-send", BIRCH).returncode == 0
        assert here.states() == {BIRCH: "accepted"}


def test_a_refused_copy_does_not_hide_that_the_letter_was_accepted(office: Opened) -> None:
    with office(refuse=["leader@ashby.example"]) as here:
        done = here.send("--really-send", ASHBY)
        assert done.returncode == 3
        assert "accepted: 250 2.0.0 Taken; without a copy to: Leader" in done.stdout
        attempt = here.books()[ASHBY]
        assert (attempt.state, attempt.reply) == ("accepted", "250 2.0.0 Taken; refused: Leader")
        assert here.taken()[0][0] == ["letters@office.example", "oak@ashby.example"]


def test_what_the_server_puts_off_is_tried_again_and_then_left_to_the_next_run(
    office: Opened,
) -> None:
    with office(defer={"md@birch.example": 2, "elm@cedar.example": 3}) as here:
        done = here.send()
        assert done.returncode == 3
        assert f"{CEDAR}: deferred: 451 4.7.1 Greylisted" in done.stdout
        assert here.states()[BIRCH] == "accepted"
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_a_refused_letter_is_tried_again_only_when_something_changed_or_it_is_named(
    office: Opened,
) -> None:
    with office(refuse=["md@birch.example"]) as here:
        assert f"{BIRCH}: refused: 550 5.1.1 No such mailbox" in here.send().stdout
        assert "1 letter refused before, and nothing has changed since" in here.send().stdout
        assert "refused: 550" in here.send("--really-send", BIRCH).stdout
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "director@birch.example")
        run("approve", "2024", BIRCH, "--root", here.root, "--by", "Ada Approver")
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_several_refusals_in_a_row_stop_the_run(office: Opened) -> None:
    with office(refuse_data=[f"ce@{slug}.example" for slug in MORE]) as here:
        done = here.send()
        assert done.returncode == 1
        assert (
            "3 messages in a row were not accepted, the last with: 554 5.7.1 Looks like spam"
            in done.stderr
        )
        assert sorted(here.states().values()) == ["accepted"] * 3 + ["refused"] * 3


def test_a_wrong_password_stops_the_run_with_what_to_do(office: Opened) -> None:
    with office() as here:
        done = here.send(LETTERS_MAIL_PASSWORD="wrong")
        assert done.returncode == 1
        assert "does not accept the user letters@office.example with this password" in done.stderr
        assert "check LETTERS_MAIL_PASSWORD" in done.stderr
        assert "wrong" not in done.stderr.replace("with this password", "")
        assert here.states() == {}


def use_token(root: Path, token: str) -> None:
    """Have a script of the office's own give this token, in place of a password."""
    script = root / "private/token"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\necho {token}\n")
    script.chmod(0o755)
    user = "user: letters@office.example"
    edit(root / "data/office.yaml", user, f"{user}, token_command: [private/token]")


def test_letters_go_out_with_an_access_token_and_without_a_password(office: Opened) -> None:
    with office() as here:
        use_token(here.root, TOKEN)
        done = here.send(LETTERS_MAIL_PASSWORD="")
        assert done.returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)
        assert TOKEN not in done.stdout + done.stderr


def test_an_access_token_that_is_refused_stops_the_run_with_what_to_do(office: Opened) -> None:
    with office() as here:
        use_token(here.root, "abc.secret")
        done = here.send(LETTERS_MAIL_PASSWORD="")
        assert done.returncode == 1
        assert (
            "localhost does not accept the access token of letters@office.example (5.7.8"
            " Authentication credentials invalid; status 401, schemes bearer); check that"
        ) in done.stderr
        assert "abc.secret" not in done.stdout + done.stderr
        assert here.states() == {}


def test_a_certificate_that_is_not_trusted_stops_the_run(office: Opened) -> None:
    with office() as here:
        done = here.send(SSL_CERT_FILE="/dev/null")
        assert done.returncode == 1
        assert "not trusted" in done.stderr
        assert here.states() == {}


def test_a_server_that_is_not_there_stops_the_run(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/office.yaml", (here.server / "port").read_text(), "9")
        done = here.send()
        assert done.returncode == 1
        assert "localhost, port 9 does not answer as a mail server" in done.stderr


def test_a_server_that_is_lost_is_waited_for_and_told_once_for_all(office: Opened) -> None:
    with office(pause="received") as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        os.kill(int((here.server / "process").read_text()), signal.SIGKILL)
        output, _ = sender.communicate(timeout=60)
        assert sender.returncode == 3
        assert output.count("does not answer any more: Connection refused") == 5
        assert "and 6 more letters put off with the same answer" in output
        assert "11 put off, to be tried again, 1 unknown" in output


def test_what_a_server_wants_of_any_sender_is_booked_against_no_council(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/office.yaml", "user: letters@office.example", "security: none")
        done = here.send()
        assert done.returncode == 1
        assert "localhost takes no mail so: 530 Must issue a STARTTLS command first" in done.stderr
        edit(here.root / "data/office.yaml", "security: none", "user: letters@office.example")
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_without_books_nothing_goes_out_unless_nothing_was_ever_sent(office: Opened) -> None:
    with office() as here:
        here.send()
        shutil.rmtree(here.root / "records")
        done = here.send("--really-send", "--first-run")
        assert done.returncode == 1
        assert "the books of 2024 lack 12 messages that data/2024/sent.yaml has" in done.stderr
        assert f"    {ASHBY} (issue 1): accepted at 20" in done.stderr
        (here.root / "data/2024/sent.yaml").unlink()
        done = without_first_run(here)
        assert done.returncode == 1
        assert "there are no books of 2024 here" in done.stderr
        assert here.received() == dict.fromkeys(ALL, 1)


def without_first_run(here: PostOffice) -> subprocess.CompletedProcess[str]:
    return without(here, "--first-run")


def without(here: PostOffice, option: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [word for word in here.command("--really-send") if word != option],
        capture_output=True, text=True, cwd=PROJECT, env=here.environment,
    )  # fmt: skip


def test_books_that_were_emptied_are_no_books(office: Opened) -> None:
    with office() as here:
        here.send("--really-send", "--limit", "5")
        ledger = here.root / "records/2024/ledger.sqlite3"
        ledger.write_bytes(b"")
        assert "the books of 2024 lack 5 messages" in without_first_run(here).stderr
        (here.root / "data/2024/sent.yaml").unlink()
        for _ in range(2):  # the second time they are a database with nothing in it
            done = without_first_run(here)
            assert done.returncode == 1
            assert "ledger.sqlite3 is missing or holds no attempt" in done.stderr
        assert sum(here.received().values()) == 5
        shown = run("ledger", "2024", "--root", here.root)
        assert "holds no attempt: if letters were sent from here, it was emptied" in shown.stderr


def test_a_first_run_that_came_to_nothing_may_be_the_first_run_again(office: Opened) -> None:
    with office() as here:
        first = here.send("--really-send", "--first-run", LETTERS_MAIL_PASSWORD="")
        assert first.returncode == 1
        assert "the password of letters@office.example is wanted" in first.stderr
        assert here.send("--really-send", "--first-run", "--limit", "1").returncode == 3
        again = here.send("--really-send", "--first-run")
        assert again.returncode == 1
        assert "there are books of 2024 already, so this is no first run" in again.stderr


def truncate(ledger: Path, older: Path) -> None:
    ledger.write_bytes(b"")


def move_over(ledger: Path, older: Path) -> None:
    older.rename(ledger)


def copy_over(ledger: Path, older: Path) -> None:
    shutil.copyfile(older, ledger)


def delete(ledger: Path, older: Path) -> None:
    shutil.rmtree(ledger.parent)


STEPS = ("MAIL", "RCPT", "received", "taken")
MISHAPS = (truncate, move_over, copy_over, delete)
#: some of them, before and after the message has gone out; all others are heavy tests
QUICK = ((truncate, "taken"), (move_over, "RCPT"), (delete, "taken"))


@pytest.mark.parametrize(
    ("mishap", "step"),
    [
        pytest.param(mishap, step, marks=[] if (mishap, step) in QUICK else [SLOW])
        for mishap in MISHAPS
        for step in STEPS
    ],
)
def test_books_that_are_lost_while_a_message_is_under_way_name_it_and_nobody_gets_two(
    office: Opened, mishap: Callable[[Path, Path], None], step: str
) -> None:
    with office() as here:
        here.send("--really-send", "--limit", "2")
        ledger, older = here.root / "records/2024/ledger.sqlite3", here.root / "older.sqlite3"
        shutil.copyfile(ledger, older)
        here.send("--really-send", "--limit", "2")
    with office(pause=step) as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        mishap(ledger, older)
        (here.server / "go").touch()
        output, errors = sender.communicate(timeout=60)
        assert sender.returncode == 1
        assert "What this run knows stands in it again" in errors
        sent = len(here.taken())
        if step in ("MAIL", "RCPT"):
            assert sent == 4
            assert f"error: {MORE[1]}: the ledger" in errors
        else:
            number = str(here.taken()[-1][1]["Message-ID"])
            assert sent == 5
            assert f"{MORE[1]}: the message {number} is accepted: 250 2.0.0 Taken." in errors
            assert "1 accepted by the mail server" in output and "nothing sent" not in output
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)
        assert set(here.states().values()) == {"accepted"}


@pytest.mark.slow
def test_books_that_somebody_looks_at_are_waited_for(office: Opened) -> None:
    with office(pause="received") as here, here.sending("--really-send", BIRCH) as sender:
        wait_for((here.server / "paused").exists)
        ledger = here.root / "records/2024/ledger.sqlite3"
        with closing(sqlite3.connect(ledger, isolation_level=None)) as viewer:
            viewer.execute("BEGIN")
            viewer.execute("SELECT * FROM attempts").fetchall()
            (here.server / "go").touch()
            assert sender.stderr is not None
            assert "is locked by another program, such as a viewer; waiting" in next(sender.stderr)
            viewer.execute("COMMIT")
        output, _ = sender.communicate(timeout=60)
        assert sender.returncode == 0
        assert "1 accepted by the mail server" in output
        assert here.states() == {BIRCH: "accepted"}


def test_an_authority_that_was_renamed_after_sending_is_asked_about(office: Opened) -> None:
    with office() as here:
        here.send()
        rename(here)
        for options in ((), ("birch-borough-council",)):
            done = here.send("--really-send", *options)
            assert done.returncode == 1
            assert (
                f"the ledger has a letter to {BIRCH}, which the campaign no longer" in done.stderr
            )
        assert here.received() == dict.fromkeys(ALL, 1)


def rename(here: PostOffice, register: str = "") -> None:
    """Give Birch another name and slug, of which the register may tell."""
    edit(here.root / "data/authorities.yaml", "Birch District", "Birch Borough")
    for file in ("authorities.yaml", "2024/statistics.yaml", "2024/contacts.yaml"):
        edit(here.root / "data" / file, BIRCH, "birch-borough-council")
    if register:
        edit(here.root / "data/authorities.yaml", "Birch Borough Council,", register)
    run("build", "2024", "--root", here.root)
    run("approve", "2024", "--all", "--root", here.root, "--by", "Ada Approver")


FORMERLY = f"Birch Borough Council, formerly: [{BIRCH}],"


def test_an_authority_with_a_slug_of_before_is_never_written_to_twice(office: Opened) -> None:
    with office() as here:
        here.send()
        rename(here, FORMERLY)
        for options in ((), ("birch-borough-council",)):
            done = here.send("--really-send", *options)
            assert done.returncode == 3
            assert "1 letter accepted before and changed since" in done.stdout
        assert here.received() == dict.fromkeys(ALL, 1)


def test_a_doubt_under_the_slug_of_before_is_resolved_under_the_new_one(office: Opened) -> None:
    with office(drop_after_data=["md@birch.example"]) as here:
        here.send("--really-send", BIRCH)
        rename(here, FORMERLY)
        done = here.send("--really-send", "birch-borough-council")
        assert "1 letter unknown, and left alone" in done.stdout
        resolved = run(
            "ledger", "resolve", "2024", "birch-borough-council", "--sent", "--by", "Ada",
            "--root", here.root,
        )  # fmt: skip
        assert resolved.exit_code == 0
        assert here.states() == {BIRCH: "accepted"}


def test_a_letter_that_cannot_be_built_holds_back_no_other(office: Opened) -> None:
    with office() as here:
        edit(
            here.root / "templates/2024/letter.html.jinja",
            "<h1>",
            f"{{% if letter.slug == '{BIRCH}' %}}{'toowide' * 60}{{% endif %}}"
            f"{{% if letter.slug == '{CEDAR}' %}}{{{{ letter.nothing }}}}{{% endif %}}<h1>",
        )
        run("build", "2024", "--root", here.root)
        approved = run("approve", "2024", "--all", "--root", here.root, "--by", "Ada Approver")
        assert approved.exit_code == 1
        assert f"{BIRCH}: left out: it is not built" in approved.stdout
        assert f"{CEDAR}: left out: the template uses a name that does not" in approved.stdout
        assert "10 letters approved by Ada Approver" in approved.stdout
        done = here.send()
        assert done.returncode == 3
        assert here.received() == dict.fromkeys(ALL - {BIRCH, CEDAR}, 1)
        alone = here.send("--really-send", BIRCH)
        assert alone.returncode == 1
        assert f"1 letter cannot go out: {BIRCH}: it is not built; build first" in alone.stderr


def test_a_letter_without_an_address_holds_back_no_other(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/2024/contacts.yaml", ", email: md@birch.example", "")
        run("build", "2024", "--root", here.root)
        run("approve", "2024", "--all", "--root", here.root, "--by", "Ada Approver")
        done = here.send()
        assert done.returncode == 3
        assert (
            f"without an address of the chief executive, and left out: write it in the contacts: {BIRCH}"
            in done.stdout
        )
        assert here.received() == dict.fromkeys(ALL - {BIRCH}, 1)


@pytest.mark.parametrize("step", [pytest.param("EHLO", marks=SLOW), "taken"])
def test_an_address_that_is_corrected_while_letters_go_out_stops_the_run_after_the_message_in_hand(
    office: Opened, step: str
) -> None:
    with office(pause=step) as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        edit(here.root / "data/2024/contacts.yaml", "md@birch.example", "director@birch.example")
        (here.server / "go").touch()
        output, errors = sender.communicate(timeout=60)
        assert sender.returncode == 1
        assert "error: data/2024/contacts.yaml has changed since this run began" in errors
        sent = {} if step == "EHLO" else {ASHBY: 1}  # before it nothing is in hand
        assert here.received() == sent
        assert ("1 accepted" in output) is bool(sent)
        run("approve", "2024", BIRCH, "--root", here.root, "--by", "Ada Approver")
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)
        birch = [envelope for envelope, message in here.taken() if "Birch" in message["Subject"]]
        assert birch == [["letters@office.example", "director@birch.example"]]


def test_other_words_in_the_e_mail_void_the_approvals(office: Opened) -> None:
    with office() as here:
        edit(here.root / "templates/2024/email.text.jinja", "is attached", "is all wrong")
        done = here.send()
        assert done.returncode == 3
        assert "12 letters not approved, and left out" in done.stdout
        assert not here.taken()


def test_an_approval_that_is_withdrawn_while_letters_go_out_counts(office: Opened) -> None:
    with office(pause="received") as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        (here.root / "data/2024/approvals.yaml").unlink()
        (here.server / "go").touch()
        _, errors = sender.communicate(timeout=60)
        assert sender.returncode == 1
        assert f"{BIRCH}: its approval was withdrawn; nothing was sent of it" in errors
        assert here.received() == {ASHBY: 1}


@pytest.mark.parametrize(
    ("answer", "state"),
    [("251 fine", "accepted"), ("354 go on", "unknown"), ("199 what", "unknown")],
)
def test_whatever_the_server_says_after_the_message_nothing_is_sent_twice(
    office: Opened, answer: str, state: str
) -> None:
    with office(answers={"md@birch.example": answer}) as here:
        here.send("--really-send", BIRCH)
        assert here.states() == {BIRCH: state}
        here.send("--really-send", BIRCH)
        assert here.received() == {BIRCH: 1}


def test_a_copy_that_is_put_off_does_not_keep_the_letter_back_for_ever(office: Opened) -> None:
    with office(defer={"leader@ashby.example": 99}) as here:
        done = here.send("--really-send", ASHBY)
        assert done.returncode == 3
        assert here.books()[ASHBY].reply == "250 2.0.0 Taken; refused: Leader"


def test_neither_books_nor_output_hold_addresses(office: Opened) -> None:
    with office(refuse=["md@birch.example", "leader@ashby.example"]) as here:
        done = here.send()
        books = run("ledger", "2024", "--csv", "--root", here.root).stdout
        for text in (done.stdout, done.stderr, books):
            assert "@ashby" not in text and "@birch" not in text


def test_a_test_goes_to_the_tester_alone_and_into_no_books(office: Opened) -> None:
    with office() as here:
        done = here.send("--to-me", "me@office.example", "--limit", "3")
        assert done.returncode == 0
        assert [recipients for (_, *recipients), _ in here.taken()] == [["me@office.example"]] * 3
        assert all(message["Cc"] is None for _, message in here.taken())
        assert not (here.root / "records/2024/ledger.sqlite3").exists()


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, *(pytest.param(one, marks=SLOW) for one in (signal.SIGTERM, signal.SIGHUP))],
)
def test_a_signal_that_ends_finishes_the_message_in_hand_and_stops(
    office: Opened, number: signal.Signals
) -> None:
    with office(pause="received") as here, here.sending() as sender:
        wait_for((here.server / "paused").exists)
        sender.send_signal(number)
        assert sender.stderr is not None
        assert next(sender.stderr) == "stopping: the message in hand is finished first\n"
        (here.server / "go").touch()
        output, errors = sender.communicate(timeout=60)
        assert sender.returncode == 3
        assert "Traceback" not in errors
        assert "1 accepted by the mail server" in output
        assert here.received() == {ASHBY: 1}
        assert here.states() == {ASHBY: "accepted"}


def test_a_terminal_that_is_closed_leaves_no_doubt(office: Opened) -> None:
    with office(pause="received") as here:
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            here.command("--really-send"), stdin=theirs, stdout=theirs, stderr=theirs,
            cwd=PROJECT, env=here.environment, preexec_fn=take_terminal, start_new_session=True,
        ) as sender:  # fmt: skip
            os.close(theirs)
            wait_for((here.server / "paused").exists)
            os.close(ours)
            (here.server / "go").touch()
            sender.wait(timeout=60)
        assert here.received() == {ASHBY: 1}
        assert here.states() == {ASHBY: "accepted"}


def test_who_ignores_the_end_of_its_terminal_goes_on(office: Opened) -> None:
    with office(pause="received") as here:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup has it
        try:
            with here.sending() as sender:
                wait_for((here.server / "paused").exists)
                sender.send_signal(signal.SIGHUP)
                (here.server / "go").touch()
                sender.communicate(timeout=60)
        finally:
            signal.signal(signal.SIGHUP, before)
        assert sender.returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_what_cannot_be_written_in_the_books_is_not_sent(office: Opened, little_disk: Path) -> None:
    with office() as here:
        (here.root / "records").rename(here.root / "kept")
        (here.root / "records").symlink_to(little_disk)
        assert here.send("--really-send", "--limit", "1").returncode == 3
        filling = little_disk / "filling"
        with filling.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 1024):
                    pass
            except OSError:
                pass
        before = here.received()
        done = here.send()
        assert done.returncode == 1
        assert "nothing more is sent" in done.stderr
        assert here.received() == before
        filling.unlink()
        (here.root / "records").unlink()
        shutil.copytree(little_disk, here.root / "records")
        assert here.send().returncode == 0
        assert here.received() == dict.fromkeys(ALL, 1)


def test_files_swapped_between_councils_stop_the_run_or_lose_their_approval(office: Opened) -> None:
    with office() as here:
        attachments = here.root / "data/2024/attachments"
        for slug in (BIRCH, CEDAR):
            (attachments / slug).mkdir(parents=True)
            (attachments / slug / "cases.xlsx").write_text(f"confidential: {slug}")
        run("approve", "2024", "--all", "--root", here.root, "--by", "Ada Approver")
        (attachments / BIRCH).rename(attachments / "x")
        (attachments / CEDAR).rename(attachments / BIRCH)
        (attachments / "x").rename(attachments / CEDAR)
        assert (
            f"2 letters not approved, and left out: {APPROVE}: {BIRCH}, {CEDAR}"
            in here.send().stdout
        )
        (attachments / BIRCH / "cases.xlsx").rename(
            attachments / BIRCH / "cases of Cedar Fire Authority.xlsx"
        )
        done = here.send()
        assert done.returncode == 1
        assert (
            "its name speaks of Cedar Fire Authority, but it would go to Birch District Council"
            in done.stderr
        )


def test_letters_swapped_on_disk_stop_the_run(office: Opened) -> None:
    with office() as here:
        letters = here.root / "build/2024/letters"
        (letters / f"{BIRCH}.pdf").rename(letters / "x.pdf")
        (letters / f"{CEDAR}.pdf").rename(letters / f"{BIRCH}.pdf")
        (letters / "x.pdf").rename(letters / f"{CEDAR}.pdf")
        done = here.send()
        assert done.returncode == 1
        assert "its PDF is not the one that was built" in done.stderr
        assert not here.taken()


def test_contacts_swapped_between_councils_lose_their_approval(office: Opened) -> None:
    with office() as here:
        contacts = here.root / "data/2024/contacts.yaml"
        edit(contacts, "ce@elm-00.example", "nobody@elm.example")
        edit(contacts, "ce@elm-01.example", "ce@elm-00.example")
        edit(contacts, "nobody@elm.example", "ce@elm-01.example")
        done = here.send()
        assert done.returncode == 3
        assert f"2 letters not approved, and left out: {APPROVE}: elm-00, elm-01" in done.stdout


def test_before_the_letter_s_date_nothing_goes_out_unless_the_date_is_right(office: Opened) -> None:
    with office() as here:
        letter = here.root / "data/2024/letter.yaml"
        edit(letter, "letter_date: 2024-07-17", "letter_date: 2097-07-17")
        edit(letter, "publication_date: 2024-07-24", "publication_date: 2097-07-24")
        run("build", "2024", "--root", here.root)
        run("approve", "2024", "--all", "--root", here.root, "--by", "Ada Approver")
        done = without(here, "--date-is-right")
        assert done.returncode == 1
        assert "the letters are dated 2097-07-17, and today is" in done.stderr
        assert here.send("--really-send", "--date-is-right", "--limit", "1").returncode == 3
        assert len(here.taken()) == 1


def test_a_specimen_can_never_be_sent(office: Opened) -> None:
    with office() as here:
        edit(here.root / "data/2024/letter.yaml", "pages: 2", "pages: 2\nspecimen: true")
        run("build", "2024", "--root", here.root)
        done = here.send()
        assert done.returncode == 1
        assert (
            "2024 is a specimen: its figures are invented, and it can never be sent" in done.stderr
        )
