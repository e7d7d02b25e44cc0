"""Postfix on this machine alone: with a configuration, a queue, ports and mailboxes of its own, never the system's.

All of that lies in one folder, which is not one of pytest's: theirs are closed to the user that Postfix runs as.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import trustme

from tests.doing import wait_for
from tests.e2e.mail_server import PASSWORD, USER

_SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"  #: where programs for administrators are, too

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
smtputf8_enable = no
biff = no

virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{folder}/configuration/mailboxes
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
virtual_minimum_uid = {owner}
virtual_mailbox_limit = 0

transport_maps = texthash:{folder}/configuration/transport
smtp_tls_security_level = none
smtp_host_lookup = native

smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.pem
smtpd_tls_auth_only = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/configuration/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
"""

#: 127.0.0.1:{submission} is for those who log in, 127.0.0.1:{exchange} for other mail systems.
_MASTER = """\
127.0.0.1:{submission} inet n - n - - smtpd
    -o smtpd_tls_security_level=encrypt
    -o smtpd_sasl_auth_enable=yes
    -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{exchange} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

#: Below the configuration, in sasl/: Debian's Postfix looks there, whatever cyrus_sasl_config_path says.
_SASL = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/data/passwords
mech_list: PLAIN LOGIN
"""


@dataclass(frozen=True)
class Postfix:
    """One that runs."""

    folder: Path
    exchange: int  #: its port for other mail systems

    def open_mailboxes(self, *addresses: str) -> None:
        """Add mailboxes; they are there from now on."""
        _write_mailboxes(self.folder, [*_mailboxes(self.folder), *addresses])
        self._reload()

    def relay(self, domain: str, port: int) -> None:
        """Have what is for a domain go to a port of this machine, too, from now on."""
        with (self.folder / "configuration/transport").open("a") as file:
            file.write(_route(domain, port))
        self._reload()

    def _reload(self) -> None:
        """Have no process left that has read the tables as they were."""
        before = self._processes()
        _do(self.folder, "reload")
        wait_for(lambda: not before & self._processes())

    def _processes(self) -> set[Path]:
        """Those that look something up in tables."""
        master = (self.folder / "queue/pid/master.pid").read_text().strip()
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it is over
                name, rest = (process / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
                if rest.split()[1] == master and name in ("smtpd", "virtual", "trivial-rewrite"):
                    found.add(process)
        return found

    def maildir(self, address: str) -> Path:
        return self.folder / "mail" / _place(address)

    def files(self, address: str) -> list[Path]:
        """The messages in a mailbox, oldest first."""
        found = self.maildir(address).glob("new/*")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def came(self, address: str) -> list[EmailMessage]:
        """The same, read."""
        return [
            message_from_bytes(path.read_bytes(), policy=default) for path in self.files(address)
        ]

    def wait_for_mail(self, address: str, number: int = 1) -> list[EmailMessage]:
        wait_for(lambda: len(self.files(address)) >= number)
        return self.came(address)

    def wait_until_idle(self) -> None:
        """Until it has nothing more to deliver."""
        ways = ("incoming", "active") * 2  # twice: a report about what was active is incoming
        queues = [self.folder / "queue" / name for name in ways]
        wait_for(lambda: not any(path.is_file() for one in queues for path in one.rglob("*")))
        assert not any(path.is_file() for path in (self.folder / "queue/deferred").rglob("*"))

    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""


def missing() -> str:
    """Why Postfix cannot be started here, in a sentence without an end; "" if it can."""
    if not (shutil.which("postfix", path=_SYSTEM) and shutil.which("saslpasswd2", path=_SYSTEM)):
        return "postfix, sasl2-bin and libsasl2-modules are not installed"
    return "Postfix is started by root only" if os.geteuid() else ""


@contextmanager
def postfix(
    name: str, mailboxes: Sequence[str], elsewhere: Mapping[str, int] | None = None, **settings: str
) -> Iterator[Postfix]:
    """Postfix with these mailboxes, and settings as in main.cf.

    What is for the domains `elsewhere` goes to these ports of this machine.

    Its folder is like that of `tests.e2e.post_office.mail_server`: with its port and authority.pem.
    """
    with tempfile.TemporaryDirectory(prefix="postfix-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        submission, exchange = free_ports(2)
        _configure(folder, name, mailboxes, submission, exchange, elsewhere or {})
        with (folder / "configuration/main.cf").open("a") as main:
            main.writelines(f"{key} = {value}\n" for key, value in settings.items())
        (folder / "port").write_text(str(submission))
        server = Postfix(folder, exchange)
        try:
            _do(folder, "start")
            wait_for(lambda: _listens(submission) and _listens(exchange))
            yield server
        finally:
            if _command(folder, "status").returncode == 0:
                _do(folder, "stop")
            logging.getLogger(name).warning(server.log())  # which pytest shows if the test fails


def _configure(
    folder: Path,
    name: str,
    mailboxes: Sequence[str],
    submission: int,
    exchange: int,
    elsewhere: Mapping[str, int],
) -> None:
    for made in ("configuration/sasl", "queue", "data", "mail"):
        (folder / made).mkdir(parents=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate = authority.issue_cert("localhost").private_key_and_cert_chain_pem
    certificate.write_to_path(folder / "server.pem")
    user, realm = USER.split("@")
    subprocess.run(
        ["saslpasswd2", "-c", "-p", "-f", str(folder / "data/passwords"), "-u", realm, user],
        input=PASSWORD, text=True, check=True, env=_environment(),
    )  # fmt: skip
    for own in ("data", "data/passwords", "mail"):
        shutil.chown(folder / own, "postfix")
    _write_mailboxes(folder, mailboxes)
    routes = (_route(domain, port) for domain, port in elsewhere.items())
    (folder / "configuration/transport").write_text("".join(routes))
    domains = " ".join(sorted({address.split("@")[1] for address in mailboxes}))
    owner = (folder / "mail").stat().st_uid
    main = _MAIN.format(folder=folder, name=name, domains=domains, owner=owner)
    (folder / "configuration/main.cf").write_text(main)
    master = _MASTER.format(submission=submission, exchange=exchange)
    (folder / "configuration/master.cf").write_text(master)
    (folder / "configuration/sasl/smtpd.conf").write_text(_SASL.format(folder=folder))


def _command(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["postfix", "-c", str(folder / "configuration"), command],
        capture_output=True, text=True, env=_environment(), timeout=60,
    )  # fmt: skip


def _do(folder: Path, command: str) -> None:
    done = _command(folder, command)
    assert done.returncode == 0, done.stderr


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{_SYSTEM}"}


def _place(address: str) -> str:
    """Where a mailbox is, as a Maildir."""
    user, domain = address.split("@")
    return f"{domain}/{user}/"


def _route(domain: str, port: int) -> str:
    return f"{domain} smtp:[127.0.0.1]:{port}\n"


def _mailboxes(folder: Path) -> list[str]:
    lines = (folder / "configuration/mailboxes").read_text().splitlines()
    return [line.split()[0] for line in lines]


def _write_mailboxes(folder: Path, addresses: Sequence[str]) -> None:
    text = "".join(f"{address} {_place(address)}\n" for address in addresses)
    (folder / "configuration/mailboxes").write_text(text)


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return not one.connect_ex(("127.0.0.1", port))
