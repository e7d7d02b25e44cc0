"""A connection to the mail server: made, encrypted and logged in; only user of smtplib."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from letters.campaign.records import MailServer
from letters.errors import AnsweredError, MailError
from letters.mail import encryption, login
from letters.mail.login import line_of

_PATIENCE = 60.0  #: seconds to wait for each answer of a new connection (RFC 5321, 4.5.3.2)

TRANSIENT, PERMANENT = range(400, 500), range(500, 600)  #: codes of answers other than yes

Connection = smtplib.SMTP  #: its errors are all OSErrors


class ServerBusy(Exception):
    """The server wants no connection now; it may later."""


@dataclass(frozen=True, slots=True)
class Access:
    """How the server is reached: encrypted as it wants, with a password or with tokens."""

    server: MailServer
    password: str = field(repr=False)
    token: Callable[[], str] | None  #: gives an access token, for each connection a new one
    context: ssl.SSLContext  #: what certificates are checked against

    def connection(self, known: bool) -> Connection:
        """One that messages can be handed over on. Raises MailError with what to do.

        Raises ServerBusy where it may work later: a server that is `known`, for it let us in
        before, is not wrongly set up when it does not answer, and neither is what gives tokens.
        """
        token = self._token(known)  # first: few servers wait long for a login
        try:
            smtp = self._connected()
        except smtplib.SMTPConnectError as error:
            raise self._turned_away(error, known) from error
        except (OSError, ValueError) as error:
            raise self._unreachable(error, known, greeted=False) from error
        try:
            self._let_in(smtp, token, known)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _token(self, known: bool) -> str:
        try:
            return self.token() if self.token else ""
        except MailError as error:
            if known:
                raise ServerBusy(str(error)) from error
            raise

    def _connected(self) -> Connection:
        host, port = self.server.host, self.server.port
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=self.context)
        return smtplib.SMTP(host, port, timeout=_PATIENCE)

    def _let_in(self, smtp: Connection, token: str, known: bool) -> None:
        server = self.server
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                self._encrypt(smtp)
            if server.user:
                self._log_in(smtp, server.user, token)
        except smtplib.SMTPResponseException as error:
            raise self._trouble(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise self._unreachable(error, known) from error

    def _encrypt(self, smtp: Connection) -> None:
        try:
            smtp.starttls(context=self.context)
            smtp.ehlo()
        except smtplib.SMTPNotSupportedError as error:
            raise MailError(
                f"{self.server.host} offers no STARTTLS on port {self.server.port}:"
                " check port and security in data/office.yaml"
            ) from error

    def _log_in(self, smtp: Connection, user: str, token: str) -> None:
        server, by_token = self.server, self.token is not None
        if why := login.not_offered(server, smtp.esmtp_features.get("auth"), by_token):
            raise MailError(why)
        try:
            if by_token:
                code, words = login.with_token(smtp.docmd, user, token)
                if code != login.WELCOME:
                    raise smtplib.SMTPAuthenticationError(code, words)
            else:
                smtp.login(user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code in TRANSIENT:
                raise self._trouble(error.smtp_code, error.smtp_error) from error
            raise AnsweredError(login.refused(server, error.smtp_error, by_token)) from error
        except UnicodeError as error:
            raise MailError(
                "the user or the password holds a character that a mail server's login cannot take"
            ) from error
        except ValueError as error:
            raise AnsweredError(
                f"{server.host} asks for the login as no mail server may: {error}"
            ) from error

    def _turned_away(self, error: smtplib.SMTPConnectError, known: bool) -> Exception:
        if error.smtp_code in TRANSIENT or error.smtp_code in PERMANENT:
            return self._trouble(error.smtp_code, error.smtp_error)
        return self._unreachable(error, known, greeted=False)

    def _trouble(self, code: int, reply: object) -> Exception:
        words = f"{self.server.host} answers {code} {line_of(reply)}"
        return (
            ServerBusy(words)
            if code in TRANSIENT
            else AnsweredError(f"{words}; nothing more is sent")
        )

    def _unreachable(self, error: Exception, known: bool, greeted: bool = True) -> Exception:
        server = self.server
        where = f"{server.host}, port {server.port}"
        if isinstance(error, ssl.SSLError) and not encryption.was_cut(error):
            names = self._names() if encryption.is_for_another(error) else ()
            why = encryption.hindrance(error, server, names)
            return MailError(f"{where}: {why}; nothing was sent to it")
        if isinstance(error, socket.gaierror | UnicodeError):
            return MailError(
                f"{server.host} is not to be found: check the host in data/office.yaml,"
                " and the network"
            )
        if known:
            return ServerBusy(f"{where} does not answer any more: {words_of(error)}")
        return MailError(f"{where} {self._silence(error, greeted)}")

    def _silence(self, error: Exception, greeted: bool) -> str:
        """What it looks like when a server that never let us in does not answer as it should."""
        words, security = words_of(error), self.server.security
        if security != "none" and encryption.was_cut(error):
            return (
                "ends the connection, or says nothing, while its encryption is agreed on: check port"
                " and security in data/office.yaml, or ask who runs it"
            )
        if security != "tls" and not greeted and isinstance(error, smtplib.SMTPException):
            return (
                f"does not greet as a mail server: {words}; one that expects TLS at once, as on"
                " port 465, is like that: then write security: tls in data/office.yaml; otherwise"
                " check host and port"
            )
        return (
            f"does not answer as a mail server: {words}; check host, port and security in"
            " data/office.yaml"
        )

    def _names(self) -> tuple[str, ...]:
        """Whom the server's certificate is for, looked at again without wanting a name.

        It must be signed by somebody who is trusted, or it is not shown. Nothing is said but what
        asks for encryption.
        """
        trusted = b"".join(self.context.get_ca_certs(binary_form=True))
        with suppress(OSError, ValueError):
            context = encryption.trusting(trusted)
            context.check_hostname = False
            access = Access(self.server, "", None, context)
            with closing(access._connected()) as smtp:
                if self.server.security == "starttls":
                    smtp.starttls(context=context)
                assert isinstance(smtp.sock, ssl.SSLSocket)
                shown: dict[str, Any] = smtp.sock.getpeercert() or {}
                return tuple(name for _, name in shown.get("subjectAltName", ()))
        return ()


def words_of(error: Exception) -> str:
    """What the system, or Python, says of an error, on one line."""
    return line_of(getattr(error, "strerror", None) or str(error) or type(error).__name__)
