"""What hinders an encrypted connection to the mail server, in sentences that say what to do."""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence

from letters.campaign.records import MailServer
from letters.wording import series

_ANOTHER_NAME = {62, 64}  #: of a host, of an address
_ASK = "ask who runs it"

#: What is wrong with a certificate, by OpenSSL's number (X509_V_ERR_...), and what to do.
_CERTIFICATES = {
    9: f"its certificate is not valid yet: check this machine's clock, or {_ASK}",
    10: f"its certificate has expired: {_ASK} to renew it, or check this machine's clock",
    18: f"its certificate is signed by itself, so that nobody vouches for it: {_ASK} for one of a"
    " certificate authority, or name this one in SSL_CERT_FILE",
    **dict.fromkeys(
        (2, 19, 20, 21),
        "its certificate is not trusted: this machine does not know the authority that signed it"
        " (an authority of your own is named with SSL_CERT_FILE), or the server leaves out the"
        f" certificates between: {_ASK}",
    ),
    **dict.fromkeys(
        (66, 67, 68),
        f"its certificate, or one that vouches for it, is too weak: {_ASK} for one with a longer"
        " key and a newer signature",
    ),
}

_WITHOUT_TLS = {
    "WRONG_VERSION_NUMBER",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
    "HTTP_REQUEST",
}
_TOO_OLD = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "UNSAFE_LEGACY_RENEGOTIATION")
_TOO_WEAK = ("HANDSHAKE_FAILURE", "INSUFFICIENT_SECURITY", "KEY_TOO_SMALL", "SIGNATURE", "SIGALG")


def trusting(authorities: bytes | None = None) -> ssl.SSLContext:
    """What servers' certificates are checked against, this machine's authorities or those given.

    TLS before 1.2 is not spoken, whatever a system's own settings allow (RFC 8996).
    """
    context = ssl.create_default_context(cadata=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_for_another(error: Exception) -> bool:
    """Whether the certificate is good, but for another host than the one wanted."""
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _ANOTHER_NAME


def was_cut(error: Exception) -> bool:
    """Whether the connection ended while its encryption was agreed on, for no reason given."""
    if isinstance(error, TimeoutError):
        return "handshake" in str(error)
    cut = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    return isinstance(error, (*cut, ConnectionResetError, BrokenPipeError))


def hindrance(error: ssl.SSLError, server: MailServer, names: Sequence[str]) -> str:
    """What is wrong and what to do; `names` are those of a certificate that is for another."""
    if is_for_another(error):
        whom = f"for {series(names)}" if names else "for another"
        return f"its certificate is {whom}, and not for {server.host}: check the host, or {_ASK}"
    if isinstance(error, ssl.SSLCertVerificationError):
        said = f"its certificate is not trusted: {_ASK}"
        return f"{_CERTIFICATES.get(error.verify_code, said)} ({error.verify_message})"
    reason = _reason(error)
    return f"{_of_handshake(reason, server)} ({reason.replace('_', ' ').lower()})"


def _reason(error: ssl.SSLError) -> str:
    """OpenSSL's name for it, or its words in that form: Python does not know all names."""
    if name := getattr(error, "reason", None):
        return str(name)
    words = re.sub(r"^\[[^]]*\] | \(_ssl\.c:\d+\)$", "", str(error.args[-1] if error.args else ""))
    return words.replace(" ", "_").upper() or "NO_REASON_GIVEN"


def _of_handshake(reason: str, server: MailServer) -> str:
    if reason in _WITHOUT_TLS and server.security == "tls":
        return "it begins without encryption: write security: starttls, or check the port"
    if reason in _WITHOUT_TLS:
        return f"it says STARTTLS, and then goes on without encryption: {_ASK}"
    if any(part in reason for part in _TOO_OLD):
        return f"its TLS is of a version that is too old: {_ASK} for TLS 1.2 or later"
    if any(part in reason for part in _TOO_WEAK):
        return f"it knows no encryption that is strong enough for this machine: {_ASK}"
    return f"it does not speak TLS so: check port and security, or {_ASK}"
