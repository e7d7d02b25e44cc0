"""Logging in with an access token, to servers that take it or say why not."""

from __future__ import annotations

import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable
from itertools import count

import pytest

from letters.campaign.records import MailServer
from letters.errors import MailError
from letters.mail.connection import ServerBusy
from letters.mail.post import Post
from tests.scripted_server import ScriptedServer, scripted

USER, TOKEN = "letters@office.example", "ya29.c2VjcmV0LXRva2Vu-_secret"
LONG = "eyJ0" * 800
OFFERED = {"EHLO": ["250-localhost\r\n250 AUTH LOGIN XOAUTH2"]}


def post(server: ScriptedServer, token: Callable[[], str] = lambda: TOKEN) -> Post:
    how = MailServer(host="localhost", port=server.port, security="none", user=USER)
    return Post(how, "", "office@example.org", token=token)


def secret(token: str) -> str:
    return b64encode(f"user={USER}\1auth=Bearer {token}\1\1".encode()).decode()


def refusal(server: ScriptedServer, token: str = TOKEN) -> str:
    """Why the server does not let us in; the token is nowhere, not even in a traceback."""
    with post(server, lambda: token) as opened, pytest.raises((MailError, ServerBusy)) as caught:
        opened.open()
    told = "".join(traceback.format_exception(caught.value))
    assert token not in told and secret(token)[:40] not in told
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_token_is_said_in_one_line_with_the_user() -> None:
    with scripted(OFFERED) as server, post(server) as opened:
        opened.open()
        assert server.heard[1:] == [f"AUTH XOAUTH2 {secret(TOKEN)}"]


def test_a_token_longer_than_a_command_is_said_when_the_server_asks_for_it() -> None:
    answers = {**OFFERED, "AUTH": ["334 "], "response": ["235 welcome"]}
    with scripted(answers) as server, post(server, lambda: LONG) as opened:
        opened.open()
        assert server.heard[1:] == ["AUTH XOAUTH2", secret(LONG)]


def test_each_connection_gets_a_token_of_its_own_before_it_is_made() -> None:
    numbers = count(1)
    with scripted(OFFERED) as server:
        with post(server, lambda: f"token{next(numbers)}-{len(server.dialogues)}") as opened:
            opened.open()
            opened.open()
            opened.close()
            opened.open()
        said = [b64decode(line.split()[-1]) for line in server.heard if line.startswith("AUTH")]
    assert [b"token1-0" in said[0], b"token2-1" in said[1], len(said)] == [True, True, 2]


@pytest.mark.parametrize("token", [TOKEN, LONG])
def test_a_token_that_is_refused_is_told_with_the_reasons_that_the_server_gives(token: str) -> None:
    reasons = b64encode(b'{"status":"401","schemes":"bearer","scope":"https://mail.x/"}').decode()
    steps = {"AUTH": ["334 "], "response": [f"334 {reasons}", "535 5.7.3 no"]}
    if token == TOKEN:
        steps = {"AUTH": [f"334 {reasons}"], "response": ["535 5.7.3 no"]}
    with scripted(OFFERED | steps) as server:
        assert refusal(server, token) == (
            f"AnsweredError: localhost does not accept the access token of {USER} (5.7.3 no; status"
            " 401, schemes bearer, scope https://mail.x/); check that token_command gives a token"
            " for sending by SMTP, and whether it may send as this account"
        )
        assert server.heard[-1] == "", "the reasons are answered by an empty line"


@pytest.mark.parametrize(
    ("challenge", "shown"),
    [
        (b64encode(b"expired").decode(), "(no; expired)"),
        (b64encode(b"[401]").decode(), "(no; [401])"),
        ("not base64!", "(no; not base64!)"),
        (b64encode(b"\xff").decode(), "(no; /w==)"),
        ("", "(no)"),
    ],
)
def test_reasons_that_are_given_otherwise_are_shown_as_they_are(challenge: str, shown: str) -> None:
    answers = OFFERED | {"AUTH": [f"334 {challenge}"], "response": ["535 no"]}
    with scripted(answers) as server:
        assert shown in refusal(server)


def test_a_token_that_is_refused_at_once_or_for_now_is_told_apart() -> None:
    with scripted(OFFERED | {"AUTH": ["535 5.7.8 bad"]}) as server:
        assert refusal(server).startswith(
            "AnsweredError: localhost does not accept the access token"
        )
    with scripted(OFFERED | {"AUTH": ["454 4.7.0 later"]}) as server:
        assert refusal(server) == "ServerBusy: localhost answers 454 4.7.0 later"
    with scripted(OFFERED | {"AUTH": ["504 5.5.4 what"]}) as server:
        assert "(5.5.4 what)" in refusal(server, LONG), "of a token that was not even said"


@pytest.mark.parametrize("cut", [None, 60])
def test_a_server_that_says_back_what_it_was_told_does_not_have_the_token_shown(
    cut: int | None,
) -> None:
    answers = OFFERED | {"AUTH": [f"500 what? 'AUTH XOAUTH2 {secret(TOKEN)[:cut]}...' {TOKEN}"]}
    with scripted(answers) as server:
        assert "(what? 'AUTH XOAUTH2 (the token)' (the token))" in refusal(server)


def test_a_server_that_takes_no_tokens_is_told_with_what_it_takes() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH PLAIN LOGIN"]}) as server:
        assert (
            f"offers no login by access token (XOAUTH2) on port {server.port}, but: LOGIN PLAIN;"
            " check host and port, or leave token_command out"
        ) in refusal(server)
    with scripted() as server:
        assert "offers no login on port" in refusal(server)


def test_a_server_that_takes_tokens_alone_is_told_to_who_has_a_password() -> None:
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH XOAUTH2"]}) as server:
        how = MailServer(host="localhost", port=server.port, security="none", user=USER)
        with Post(how, "password", "office@example.org") as opened:
            with pytest.raises(MailError, match="by password; it takes access tokens: write a"):
                opened.open()


def test_a_command_that_gives_no_token_stops_at_first_and_later_is_waited_for() -> None:
    tokens = iter([TOKEN])

    def token() -> str:
        for one in tokens:
            return one
        raise MailError("no token now")

    with scripted(OFFERED) as server:
        with post(server, token) as opened:
            opened.open()
            opened.close()
            with pytest.raises(ServerBusy, match="no token now"):
                opened.open()
        with post(server, token) as anew, pytest.raises(MailError, match="no token now"):
            anew.open()
        assert len(server.dialogues) == 1
