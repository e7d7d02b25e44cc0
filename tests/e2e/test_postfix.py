"""Letters through Postfix, which many offices have: submitted, delivered, refused, and come back."""

from __future__ import annotations

import shutil
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import put_small_year
from tests.doing import run
from tests.e2e.mail_server import USER
from tests.e2e.post_office import PostOffice, slug_of, use_server
from tests.e2e.postfix import Postfix, missing, postfix

pytestmark = [
    pytest.mark.slow,
    pytest.mark.no_cover,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
OAK, LEADER, DIRECTOR = "oak@ashby.example", "leader@ashby.example", "md@birch.example"
ELM = "elm@cedar.example"
COUNCILS = {OAK: ASHBY, LEADER: ASHBY, DIRECTOR: BIRCH, ELM: CEDAR}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, built and approved."""
    root = put_small_year(tmp_path_factory.mktemp("office"))
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    assert run("approve", "2024", "--root", root, "--all", "--by", "Ada Approver").exit_code == 0
    return root


@pytest.fixture
def root(approved: Path, tmp_path: Path) -> Path:
    """A copy of it, of the test's own."""
    return Path(shutil.copytree(approved, tmp_path / "office"))


def post_office(root: Path, server: Postfix) -> PostOffice:
    use_server(root, server.folder)
    return PostOffice(root, server.folder)


def test_each_mailbox_gets_its_own_letter_and_no_other(root: Path) -> None:
    with postfix("mail.office.example", [USER, *COUNCILS]) as server:
        here = post_office(root, server)
        done = here.send()
        assert done.returncode == 0, done.stderr + server.log()
        assert set(here.states().values()) == {"accepted"}
        for address, slug in COUNCILS.items():
            (message,) = server.wait_for_mail(address)
            assert slug_of(message) == slug
        server.wait_until_idle()
        assert [len(server.came(address)) for address in COUNCILS] == [1, 1, 1, 1]
        assert not server.came(USER)


def test_what_other_mail_systems_refuse_comes_back_is_entered_once_and_can_be_sent_again(
    root: Path,
) -> None:
    with postfix("mail.council.example", ["post@birch.example", OAK]) as councils:
        there = dict.fromkeys(("ashby.example", "birch.example"), councils.exchange)
        with postfix("mail.office.example", [USER, ELM], there) as server:
            here = post_office(root, server)
            done = here.send()
            assert done.returncode == 0, done.stderr
            assert set(here.states().values()) == {"accepted"}
            reports = server.wait_for_mail(USER, 2)
            assert set(map(returned, reports)) == {
                ("failed", LEADER, here.books()[ASHBY].message_id.strip("<>")),
                ("failed", DIRECTOR, here.books()[BIRCH].message_id.strip("<>")),
            }
            (message,) = councils.wait_for_mail(OAK)
            assert slug_of(message) == ASHBY

            mail = server.maildir(USER)
            first = run("bounces", "2024", mail, "--root", root)
            assert first.exit_code == 0, first.stdout
            said = "failed: 550 5.1.1 <{0}>: Recipient address rejected: User unknown in virtual mailbox table"
            assert sorted(first.stdout.splitlines()) == [
                "2024: 2 entered",
                f"{ASHBY}: Leader: {said.format('Leader')}",
                f"{BIRCH}: Chief Executive: {said.format('Chief Executive')}",
            ]
            again = run("bounces", "2024", mail, "--root", root)
            assert (again.exit_code, again.stdout) == (0, "2024: 0 entered, 2 known before\n")
            plain = here.send()
            assert plain.returncode == 3
            assert "1 letter returned by the chief executive's mail system" in plain.stdout
            assert "1 letter accepted, and a copy was refused or came back" in plain.stdout

            councils.open_mailboxes(LEADER, DIRECTOR)
            reason = ("--again", "The mailbox is open now", "--confirm", "1", "--date-is-right")
            done = here.send("--really-send", BIRCH, *reason)
            assert done.returncode == 0, done.stderr
            done = here.send("--really-send", ASHBY, "--copies-only")
            assert done.returncode == 0, done.stderr
            for address in (DIRECTOR, LEADER):
                (message,) = councils.wait_for_mail(address)
                assert slug_of(message) == COUNCILS[address]
            server.wait_until_idle()
            councils.wait_until_idle()
            assert [len(councils.came(one)) for one in (OAK, LEADER, DIRECTOR)] == [1, 1, 1]
            assert here.send().returncode == 0
            assert len(server.came(USER)) == 2


def test_a_report_by_a_council_about_whom_it_had_redirected_the_letter_to_is_understood(
    root: Path,
) -> None:
    with (
        postfix("inside.birch.example", ["post@inside.birch.example"]) as inside,
        postfix(
            "gateway.birch.example",
            ["post@gateway.birch.example"],
            {"inside.birch.example": inside.exchange},
            relay_domains="birch.example",
            virtual_alias_maps=f"inline:{{ {DIRECTOR}=director@inside.birch.example }}",
        ) as gateway,
        postfix(
            "mail.office.example", [USER, OAK, LEADER, ELM], {"birch.example": gateway.exchange}
        ) as server,
    ):
        gateway.relay("office.example", server.exchange)
        here = post_office(root, server)
        assert here.send().returncode == 0
        (report,) = server.wait_for_mail(USER)
        assert "gateway.birch.example" in report["From"]
        assert returned(report) == (
            "failed", DIRECTOR, here.books()[BIRCH].message_id.strip("<>"),
        )  # fmt: skip
        assert "Final-Recipient: rfc822; director@inside.birch.example\n" in report.as_string()
        shown = run("bounces", "2024", server.maildir(USER), "--root", root)
        assert shown.exit_code == 0, shown.stdout
        said = f"{BIRCH}: Chief Executive: failed: for another address: 550 5.1.1 "
        assert shown.stdout.startswith(said)
        assert "<an address>" in shown.stdout and "@" not in shown.stdout
        assert shown.stdout.endswith("2024: 1 entered\n")


def test_a_warning_of_a_delay_asks_for_nothing_until_the_letter_comes_back(root: Path) -> None:
    seconds = dict.fromkeys(
        ("delay_warning_time", "minimal_backoff_time", "maximal_backoff_time", "queue_run_delay"),
        "1s",
    )
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and it does not listen: connections are refused
        down = {"birch.example": nobody.getsockname()[1]}
        with postfix(
            "mail.office.example", [USER, OAK, LEADER, ELM], down, maximal_queue_lifetime="4s", **seconds
        ) as server:  # fmt: skip
            here = post_office(root, server)
            assert here.send().returncode == 0
            number = here.books()[BIRCH].message_id.strip("<>")
            (warning, *_) = server.wait_for_mail(USER)
            assert returned(warning) == ("delayed", DIRECTOR, number)
            shown = run("bounces", "2024", server.files(USER)[0], "--root", root)
            assert shown.exit_code == 0, shown.stdout
            assert shown.stdout.startswith(f"{BIRCH}: Chief Executive: delayed: 4.4.1 ")
            assert here.send().returncode == 0

            (_, report) = server.wait_for_mail(USER, 2)
            assert returned(report) == ("failed", DIRECTOR, number)
            shown = run("bounces", "2024", server.maildir(USER), "--root", root)
            assert shown.exit_code == 0, shown.stdout
            assert shown.stdout.startswith(f"{BIRCH}: Chief Executive: failed: 4.4.1 ")
            assert shown.stdout.endswith("2024: 1 entered, 1 known before\n")
            plain = here.send()
            assert plain.returncode == 3
            assert "1 letter returned by the chief executive's mail system" in plain.stdout


def test_a_copy_that_is_refused_at_once_is_told_and_gets_the_letter_alone_later(root: Path) -> None:
    with postfix("mail.office.example", [USER, OAK, DIRECTOR, ELM]) as server:
        here = post_office(root, server)
        done = here.send()
        assert done.returncode == 3, done.stderr
        assert f"{ASHBY}: accepted: 250 2.0.0 Ok: queued as " in done.stdout
        assert "; without a copy to: Leader\n" in done.stdout
        again = here.send()
        assert again.returncode == 3
        assert "1 letter accepted, and a copy was refused or came back" in again.stdout
        server.open_mailboxes(LEADER)
        done = here.send("--really-send", ASHBY, "--copies-only")
        assert done.returncode == 0, done.stderr
        (message,) = server.wait_for_mail(LEADER)
        assert slug_of(message) == ASHBY
        server.wait_until_idle()
        assert len(server.came(OAK)) == 1
        assert here.send().returncode == 0
        assert not server.came(USER)


def test_a_wrong_password_is_told_and_nothing_is_sent(root: Path) -> None:
    with postfix("mail.office.example", [USER, *COUNCILS]) as server:
        here = post_office(root, server)
        done = here.send(LETTERS_MAIL_PASSWORD="wrong")
        assert done.returncode == 1
        assert f"does not accept the user {USER} with this password (5.7.8 " in done.stderr
        assert here.states() == {}
        server.wait_until_idle()
        assert not any(server.came(address) for address in COUNCILS)
        assert here.send().returncode == 0


def returned(report: EmailMessage) -> tuple[str, str, str]:
    """What a report says has become of a message, and its recipient and ENVID as they were handed over."""
    (status,) = (
        part for part in report.walk() if part.get_content_type() == "message/delivery-status"
    )
    _, whole, recipient = status.walk()
    return (
        str(recipient["Action"]),
        str(recipient["Original-Recipient"]).removeprefix("rfc822;"),
        str(whole["Original-Envelope-Id"]),
    )
