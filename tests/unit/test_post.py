"""Handing messages over, step by step, to servers that do what servers do."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import trustme

from letters.campaign.records import MailServer
from letters.errors import MailError
from letters.mail.attempts import State
from letters.mail.connection import ServerBusy
from letters.mail.post import CLOSING, Handed, Post
from tests.scripted_server import HANG_UP, ScriptedServer, scripted

MESSAGE = b"Subject: x\r\n\r\n.begins with a dot\r\n" + b"x" * 70 + b"\r\n"
OFFICE, TO, COPY = "office@example.org", "ce@ashby.example", "leader@ashby.example"


def post(server: ScriptedServer, **settings: object) -> Post:
    how = MailServer.model_validate(
        {"host": "localhost", "port": server.port, "security": "none", **settings}
    )
    return Post(how, "password", OFFICE)


def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What shows the certificate of localhost, and what trusts it."""
    authority = trustme.CA()
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(ours)
    theirs = ssl.create_default_context()
    authority.configure_trust(theirs)
    return ours, theirs


def ready(refused: Sequence[str]) -> None:
    """Nothing hinders the message."""


def handed(server: ScriptedServer, *copies: str, last: bool = False) -> Handed:
    """What becomes of one message; `post` asks before the message itself goes out."""
    with post(server) as opened:
        return opened.hand_over(TO, copies, MESSAGE, "2024.1", ready, without_copies=last)


def test_a_message_arrives_byte_for_byte_and_the_answer_has_its_code() -> None:
    with scripted() as server:
        assert handed(server, COPY) == Handed(State.ACCEPTED, 250, "250 2.0.0 taken")
        assert server.heard[1:] == [
            f"mail FROM:<{OFFICE}>",
            f"rcpt TO:<{TO}>",
            f"rcpt TO:<{COPY}>",
            "DATA",
            "quit",
        ]
        [message] = server.messages
        assert message == MESSAGE.replace(b"\r\n.", b"\r\n..")


def test_implicit_tls_is_spoken_from_the_first_byte() -> None:
    ours, theirs = certified()
    with scripted(context=ours) as server:
        how = MailServer(host="localhost", port=server.port, security="tls")
        with Post(how, "", OFFICE, theirs) as opened:
            done = opened.hand_over(TO, (), MESSAGE, "2024.1", ready)
        assert (done.state, done.code) == (State.ACCEPTED, 250)
        with (
            Post(how, "", OFFICE) as suspicious,
            pytest.raises(MailError, match="its certificate is not trusted"),
        ):
            suspicious.open()


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ("451 4.3.0 later", State.DEFERRED, 451),
        ("421 4.3.2 closing", State.DEFERRED, CLOSING),
        ("552 5.3.4 too big", State.REFUSED, 552),
    ],
)
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "message"])
def test_what_a_server_puts_off_or_refuses_has_its_code_at_every_step(
    step: str, answer: str, state: State, code: int
) -> None:
    with scripted({step: [answer]}) as server:
        assert handed(server) == Handed(state, code, answer)


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("MAIL", HANG_UP, State.DEFERRED),
        ("RCPT", HANG_UP, State.DEFERRED),
        ("DATA", HANG_UP, State.DEFERRED),
        ("message", "cut", State.UNKNOWN),
        ("message", HANG_UP, State.UNKNOWN),
    ],
)
def test_a_connection_lost_before_the_message_is_no_doubt_and_after_it_is_one(
    step: str, answer: str, state: State
) -> None:
    with scripted({step: [answer]}) as server:
        done = handed(server)
    assert (done.state, done.code) == (state, 0)
    assert done.reply.startswith("the connection was lost")


def test_an_answer_that_no_server_may_give_after_a_message_leaves_a_doubt() -> None:
    with scripted({"message": ["354 more"]}) as server:
        done = handed(server)
    assert (done.state, done.code) == (State.UNKNOWN, 354)


def test_a_copy_that_is_put_off_puts_the_message_off_but_for_the_last_time() -> None:
    with scripted({"RCPT": ["250 ok", "450 4.2.1 full", "250 ok", "450 4.2.1 full"]}) as server:
        first, last = handed(server, COPY), handed(server, COPY, last=True)
    assert (first.state, first.code) == (State.DEFERRED, 450)
    assert (last.state, last.refused) == (State.ACCEPTED, (COPY,))


def test_a_server_that_wants_no_connection_is_busy_and_not_at_fault() -> None:
    with (
        scripted({"greeting": ["421 4.3.2 too many connections"]}) as server,
        post(server) as opened,
        pytest.raises(ServerBusy, match="answers 421"),
    ):
        opened.open()
    with scripted({"greeting": ["554 go away"]}) as server, post(server) as opened:
        with pytest.raises(MailError, match="answers 554 go away; nothing more is sent"):
            opened.open()


def test_a_server_that_offers_no_login_at_all_is_told() -> None:
    with scripted() as server, post(server, user="office") as opened:
        with pytest.raises(
            MailError, match=r"offers no login on port .*: check the port, or ask who"
        ):
            opened.open()


def test_a_server_that_offers_no_login_by_password_is_told() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH GSSAPI"]}) as server:
        with post(server, user="office") as opened, pytest.raises(MailError, match="by password"):
            opened.open()


def test_a_server_without_starttls_is_not_one_without_a_login() -> None:
    with scripted() as server, post(server, security="starttls", user="office") as opened:
        with pytest.raises(
            MailError, match=r"offers no STARTTLS on port .*: check port and security"
        ):
            opened.open()


def test_a_server_without_a_login_after_starttls_is_not_one_without_starttls() -> None:
    ours, theirs = certified()
    with scripted(
        {"EHLO": ["250-localhost\r\n250 STARTTLS", "250 localhost"]}, upgrade=ours
    ) as server:
        how = MailServer(host="localhost", port=server.port, security="starttls", user="office")
        with Post(how, "password", OFFICE, theirs) as opened:
            with pytest.raises(MailError, match="offers no login on port"):
                opened.open()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ("535 5.7.8 no", MailError, "does not accept the user office with this password"),
        ("454 4.7.0 later", ServerBusy, "answers 454"),
    ],
)
def test_a_login_that_fails_says_whether_it_may_work_later(
    answer: str, error: type[Exception], words: str
) -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH PLAIN"], "AUTH": [answer]}) as server:
        with post(server, user="office") as opened, pytest.raises(error, match=words):
            opened.open()


@pytest.mark.parametrize(
    ("features", "largest"),
    [("250 SIZE 35882577", 35_882_577), ("250 SIZE", 0), ("250 SIZE \u00b2", 0), ("250 HELP", 0)],
)
def test_the_largest_message_is_as_the_server_says(features: str, largest: int) -> None:
    with scripted({"EHLO": [f"250-localhost\r\n{features}"]}) as server, post(server) as opened:
        assert opened.largest == 0
        opened.open()
        assert opened.largest == largest


def test_reports_are_asked_for_where_the_server_sends_them() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250-SIZE 1000\r\n250 DSN"]}) as server:
        handed(server)
        assert server.heard[1:3] == [
            f"mail FROM:<{OFFICE}> size={len(MESSAGE)} RET=HDRS ENVID=2024.1",
            f"rcpt TO:<{TO}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;{TO}",
        ]


def test_what_means_something_in_a_command_is_written_otherwise_in_its_parameters() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 DSN"]}) as server, post(server) as opened:
        copy = "a+b=c@ashby.example"
        opened.hand_over(TO, (copy,), MESSAGE, "2024+1 \u00e9@x", ready)
        assert server.heard[1].endswith("ENVID=2024+2B1+20+C3+A9@x")
        assert server.heard[3] == (
            f"rcpt TO:<{copy}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@ashby.example"
        )


def test_a_name_that_is_too_long_for_reports_is_left_out() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 DSN"]}) as server, post(server) as opened:
        opened.hand_over(TO, (), MESSAGE, "x" * 101, ready)
        assert server.heard[1] == f"mail FROM:<{OFFICE}> RET=HDRS"


def test_what_cannot_be_noted_in_the_books_does_not_go_out() -> None:
    def refuse(refused: Sequence[str]) -> None:
        raise MailError("the ledger cannot be used")

    with scripted() as server, post(server) as opened:
        with pytest.raises(MailError, match="the ledger"):
            opened.hand_over(TO, (), MESSAGE, "2024.1", refuse)
        assert "DATA" not in server.heard
        assert opened.hand_over(TO, (), MESSAGE, "2024.1", ready).state is State.ACCEPTED


def test_a_server_that_is_not_there_is_told_with_what_to_check(tmp_path: Path) -> None:
    with scripted() as server:
        gone = post(server)
    with pytest.raises(MailError, match="does not answer as a mail server"):
        gone.open()


def test_a_host_that_no_host_can_have_is_not_to_be_found() -> None:
    how = MailServer(host="mail..example", security="none")
    with Post(how, "", OFFICE) as opened, pytest.raises(MailError, match="is not to be found"):
        opened.open()


def test_a_password_that_cannot_be_said_is_told_without_being_shown() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH PLAIN"]}) as server:
        how = MailServer(host="localhost", port=server.port, security="none", user="office")
        with Post(how, "geheimnis\u00df", OFFICE) as opened:
            with pytest.raises(MailError, match="a character that a mail server's") as caught:
                opened.open()
    assert "geheim" not in str(caught.value)


def test_a_server_that_was_there_and_does_not_come_back_is_busy_and_not_wrongly_set_up() -> None:
    with scripted() as server:
        opened = post(server)
        opened.open()
        opened.close()
    with pytest.raises(ServerBusy, match="does not answer any more"):
        opened.open()


def test_a_server_that_does_not_know_what_data_are_gets_no_message() -> None:
    with scripted({"DATA": ["250 ok"]}) as server:
        done = handed(server)
        assert (done.state, done.code, server.messages) == (State.DEFERRED, 250, [])


# A connection that is kept open -------------------------------------------------------------------------------------


def twice(server: ScriptedServer, between: Callable[[], object]) -> tuple[Handed, Handed]:
    """What becomes of two messages on a connection that is kept open between them."""
    with post(server) as opened:
        first = opened.hand_over(TO, (), MESSAGE, "2024.1", ready)
        between()
        return first, opened.hand_over(TO, (), MESSAGE, "2024.2", ready)


@pytest.mark.parametrize("farewell", ["", "421 4.4.2 idle for too long\r\n"])
def test_a_connection_that_the_server_closed_while_idle_costs_no_try(farewell: str) -> None:
    with scripted() as server:
        done = twice(server, lambda: server.hang_up(farewell))
        assert [one.state for one in done] == [State.ACCEPTED] * 2
        assert len(server.messages) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_connection_that_ends_when_the_next_message_begins_costs_no_try(step: str) -> None:
    with scripted({step: ["250 ok", HANG_UP, "250 ok"]}) as server:
        done = twice(server, lambda: None)
        assert [one.state for one in done] == [State.ACCEPTED] * 2
        assert len(server.messages) == 2


def test_a_new_connection_that_ends_at_once_too_costs_the_try() -> None:
    with scripted({"MAIL": ["250 ok", HANG_UP]}) as server:
        _, second = twice(server, lambda: None)
        assert (second.state, second.code) == (State.DEFERRED, 0)
        assert len([line for line in server.heard if line.startswith("mail")]) == 3


def test_a_connection_that_no_message_was_begun_on_costs_the_try_when_it_ends() -> None:
    with scripted({"MAIL": [HANG_UP, "250 ok"]}) as server, post(server) as opened:
        opened.open()
        first = opened.hand_over(TO, (), MESSAGE, "2024.1", ready)
        assert (first.state, first.code) == (State.DEFERRED, 0)
        assert opened.hand_over(TO, (), MESSAGE, "2024.1", ready).state is State.ACCEPTED


def test_a_server_that_is_busy_on_an_open_connection_is_believed() -> None:
    with scripted({"MAIL": ["250 ok", "421 4.7.0 too fast", "250 ok"]}) as server:
        _, second = twice(server, lambda: None)
        assert second == Handed(State.DEFERRED, CLOSING, "421 4.7.0 too fast")


def test_a_message_that_may_have_arrived_on_an_old_connection_is_never_sent_again() -> None:
    with scripted({"message": ["250 ok", HANG_UP]}) as server:
        _, second = twice(server, lambda: None)
        assert second.state is State.UNKNOWN
        assert len(server.messages) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    "answer", ["530 Must issue a STARTTLS command first", "538 5.7.11 Encrypt"]
)
def test_a_server_that_wants_encryption_or_a_login_is_no_refusal_of_a_letter(
    answer: str, step: str
) -> None:
    with scripted({step: [answer]}) as server:
        with pytest.raises(MailError, match=f"takes no mail so: {answer}; check security and user"):
            handed(server)
        assert server.messages == []


def test_recipients_of_a_message_that_a_server_does_not_forget_get_no_other_message() -> None:
    puts_off = {"RCPT": ["250 ok", "451 later", "250 ok"], "RSET": ["502 what?"]}
    with scripted(puts_off) as server, post(server) as opened:
        first = opened.hand_over(TO, (COPY,), MESSAGE, "2024.1", ready)
        second = opened.hand_over("ce@birch.example", (), MESSAGE, "2024.2", ready)
        assert (first.state, second.state) == (State.DEFERRED, State.ACCEPTED)
        assert len([line for line in server.heard if line.startswith("ehlo")]) == 2, "a new one"


def test_a_server_that_takes_leave_after_a_message_has_not_said_that_it_took_it() -> None:
    with scripted({"message": ["221 bye"]}) as server:
        assert handed(server).state is State.UNKNOWN


@pytest.mark.parametrize("answer", ["334 abc", "334 =", "334 \u00b2"])
def test_a_login_that_is_asked_for_as_none_may_is_told(answer: str) -> None:
    answers = {"EHLO": ["250-localhost\r\n250 AUTH CRAM-MD5"], "AUTH": [answer]}
    with scripted(answers) as server, post(server, user="office") as opened:
        with pytest.raises((MailError, ServerBusy)):
            opened.open()
