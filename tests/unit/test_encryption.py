"""What hinders an encrypted connection, told apart with real certificates and handshakes."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from letters.campaign.records import MailServer
from letters.errors import MailError
from letters.mail import connection, encryption
from letters.mail.connection import ServerBusy
from letters.mail.post import Post
from tests.scripted_server import HANG_UP, ScriptedServer, scripted

NOW, DAY = datetime.now(UTC), timedelta(days=1)
STARTTLS = {"EHLO": ["250-localhost\r\n250 STARTTLS", "250 localhost"]}

both = pytest.mark.parametrize("security", ["tls", "starttls"])


def certified(*names: str, **certificate: Any) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What shows a certificate, and what trusts who signed it."""
    authority = trustme.CA()
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*(names or ("localhost",)), **certificate).configure_cert(ours)
    theirs = encryption.trusting()
    authority.configure_trust(theirs)
    return ours, theirs


@contextmanager
def encrypted(security: str, ours: ssl.SSLContext) -> Iterator[ScriptedServer]:
    """A server that encrypts at once or when it is asked to."""
    at_once = security == "tls"
    with scripted(
        None if at_once else STARTTLS,
        context=ours if at_once else None,
        upgrade=None if at_once else ours,
    ) as server:
        yield server


def post(server: ScriptedServer, security: str, theirs: ssl.SSLContext | None = None) -> Post:
    how = MailServer.model_validate(
        {"host": "localhost", "port": server.port, "security": security, "user": "office"}
    )
    return Post(how, "password", "office@example.org", theirs)


def hindrance(server: ScriptedServer, security: str, theirs: ssl.SSLContext | None = None) -> str:
    """Why there is no connection; the password was not said."""
    with post(server, security, theirs) as opened, pytest.raises(MailError) as caught:
        opened.open()
    assert not [line for line in server.heard if line.startswith("AUTH")]
    return str(caught.value).removeprefix(f"localhost, port {server.port}")


@both
@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        ({"not_after": NOW - DAY}, "its certificate has expired: ask who runs it to renew it"),
        ({"not_before": NOW + DAY}, "its certificate is not valid yet: check this machine's clock"),
    ],
)
def test_a_certificate_that_is_not_of_today_is_told(
    certificate: dict[str, datetime], told: str, security: str
) -> None:
    ours, theirs = certified(**certificate)
    with encrypted(security, ours) as server:
        assert told in hindrance(server, security, theirs)


@both
def test_a_certificate_of_an_unknown_authority_is_told(security: str) -> None:
    ours, _ = certified()
    with encrypted(security, ours) as server:
        why = hindrance(server, security)
    assert why.startswith(": its certificate is not trusted: this machine does not know the author")
    assert "(an authority of your own is named with SSL_CERT_FILE)" in why
    assert why.endswith("(unable to get local issuer certificate); nothing was sent to it")


@both
def test_a_certificate_that_is_signed_by_itself_is_told(security: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    pair = tmp_path / "pair.pem"
    authority.private_key_pem.write_to_path(pair)
    authority.cert_pem.write_to_path(pair, append=True)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(pair)
    with encrypted(security, ours) as server:
        assert "its certificate is signed by itself" in hindrance(server, security)


@both
def test_a_certificate_for_others_is_told_with_their_names(security: str) -> None:
    ours, theirs = certified("mail.provider.example", "*.provider.example", "192.0.2.1")
    with encrypted(security, ours) as server:
        server.answers["EHLO"] = STARTTLS["EHLO"][:1]
        assert hindrance(server, security, theirs) == (
            ": its certificate is for mail.provider.example, *.provider.example and 192.0.2.1, and"
            " not for localhost: check the host, or ask who runs it; nothing was sent to it"
        )
        assert {line for line in server.heard if not line.startswith("ehlo")} <= {"STARTTLS"}


def test_names_that_cannot_be_looked_at_again_are_left_out() -> None:
    ours, theirs = certified("mail.provider.example")
    with encrypted("starttls", ours) as server:
        server.answers["greeting"] = ["220 ready", HANG_UP]
        why = hindrance(server, "starttls", theirs)
    assert why.startswith(": its certificate is for another, and not for localhost: check the host")


@both
def test_a_key_that_is_too_short_is_told(security: str) -> None:
    ours, theirs = certified(key_type=trustme.KeyType.RSA)
    theirs.set_ciphers("DEFAULT:@SECLEVEL=3")
    with encrypted(security, ours) as server:
        why = hindrance(server, security, theirs)
    assert "its certificate, or one that vouches for it, is too weak: ask who runs it for" in why
    assert "key too weak" in why


@both
def test_a_server_with_old_versions_of_tls_alone_is_told(security: str) -> None:
    ours, theirs = certified()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        ours.minimum_version = ssl.TLSVersion.TLSv1
        ours.maximum_version = ssl.TLSVersion.TLSv1_1
    ours.set_ciphers("ALL:@SECLEVEL=0")
    with encrypted(security, ours) as server:
        why = hindrance(server, security, theirs)
    assert "its TLS is of a version that is too old: ask who runs it for TLS 1.2 or later" in why


@both
def test_a_server_without_an_encryption_that_is_strong_enough_is_told(security: str) -> None:
    ours, theirs = certified()
    ours.maximum_version = ssl.TLSVersion.TLSv1_2
    ours.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    theirs.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    with encrypted(security, ours) as server:
        why = hindrance(server, security, theirs)
    assert "it knows no encryption that is strong enough for this machine: ask who runs it" in why


def test_a_server_that_begins_without_encryption_is_told_with_what_to_write() -> None:
    with scripted(STARTTLS) as server:
        why = hindrance(server, "tls")
    assert why.startswith(": it begins without encryption: write security: starttls, or check the")


def test_a_server_that_goes_on_without_encryption_is_told() -> None:
    with scripted(STARTTLS) as server:
        assert "it says STARTTLS, and then goes on without encryption" in hindrance(
            server, "starttls"
        )


def test_a_server_that_cannot_encrypt_for_now_is_busy() -> None:
    with scripted(STARTTLS | {"STARTTLS": ["454 4.7.0 later"]}) as server:
        with post(server, "starttls") as opened, pytest.raises(ServerBusy, match="answers 454"):
            opened.open()


def test_what_else_hinders_encryption_is_told_with_what_to_check() -> None:
    server = MailServer(host="localhost", security="tls")
    assert encryption.hindrance(ssl.SSLError(1, "what?"), server, ()) == (
        "it does not speak TLS so: check port and security, or ask who runs it (what?)"
    )
    unnamed = ssl.SSLError(1, "[SSL] legacy sigalg disallowed or unsupported (_ssl.c:992)")
    assert encryption.hindrance(unnamed, server, ()) == (
        "it knows no encryption that is strong enough for this machine: ask who runs it"
        " (legacy sigalg disallowed or unsupported)"
    )


def test_old_versions_of_tls_are_not_spoken_whatever_the_system_allows() -> None:
    assert encryption.trusting().minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("security", ["starttls", "none"])
def test_a_server_that_waits_for_tls_at_once_is_told_with_what_to_write(
    security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_PATIENCE", 0.2)
    ours, _ = certified()
    with encrypted("tls", ours) as server:
        why = hindrance(server, security)
    assert why.startswith(" does not greet as a mail server: ")
    assert "TLS at once, as on port 465, is like that: then write security: tls" in why


@pytest.mark.parametrize(
    "greeting", [HANG_UP, "HTTP/1.1 400 Bad Request", "\x15\x03\x01\x02\x02\x28"]
)
def test_what_is_no_greeting_is_told(greeting: str) -> None:
    with scripted({"greeting": [greeting]}) as server:
        assert hindrance(server, "starttls").startswith(" does not greet as a mail server: ")


def test_a_connection_that_is_cut_while_encryption_is_agreed_on_is_told() -> None:
    with scripted({"greeting": [HANG_UP]}) as server:
        why = hindrance(server, "tls")
    assert why.startswith(" ends the connection, or says nothing, while its encryption is agreed")
    assert "check port and security in data/office.yaml" in why


def test_a_server_that_says_nothing_while_encryption_is_agreed_on_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "_PATIENCE", 0.2)
    with scripted({"greeting": [HANG_UP]}) as server:
        server.before["greeting"] = lambda: server.dialogues[0].rfile.read()
        why = hindrance(server, "tls")
    assert why.startswith(" ends the connection, or says nothing, while its encryption is agreed")


def test_a_server_that_let_us_in_and_cuts_the_connection_later_is_busy() -> None:
    ours, theirs = certified()
    with scripted({"EHLO": ["250-localhost\r\n250 AUTH PLAIN"]}, context=ours) as server:
        with post(server, "tls", theirs) as opened:
            opened.open()
            opened.close()
            server.context, server.answers["greeting"] = None, [HANG_UP]
            with pytest.raises(ServerBusy, match="does not answer any more"):
                opened.open()
