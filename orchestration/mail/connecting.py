"""Opens a connection to a mail server: greeting, capabilities, encryption, authentication."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from orchestration.mail.wire import Dropped, Reply, Wire
from orchestration.transport import Unavailable

OK = 2
"""First digit of a reply that grants what was asked."""
MORE = 3
"""First digit of a reply that asks for more."""
PERMANENT = 5


class Security(StrEnum):
    """How the conversation is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect. Times are seconds; `final_timeout` is for the reply that decides a message's
    fate.
    """

    host: str
    port: int
    security: Security = Security.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    local_name: str = "localhost"
    connect_timeout: float = 10
    timeout: float = 20
    final_timeout: float = 30
    certificates: str = ""
    """A file with the certificate authority to trust instead of the system's."""


@dataclass(slots=True)
class Connection:
    """An open, authenticated conversation. `capabilities` holds EHLO keywords in upper case with their
    parameters.
    """

    server: Server
    wire: Wire
    capabilities: dict[str, str] = field(default_factory=dict)
    needs_reset: bool = False
    is_open: bool = True
    handed_over: int = 0

    @property
    def pipelines(self) -> bool:
        return "PIPELINING" in self.capabilities

    @property
    def takes_eight_bit(self) -> bool:
        return "8BITMIME" in self.capabilities

    @property
    def is_stale(self) -> bool:
        return not self.is_open or self.wire.has_unread

    def abandon(self) -> None:
        """Close without a word."""
        self.is_open = False
        self.wire.close()

    def close(self) -> None:
        """Say goodbye and close; does not wait for the answer."""
        if self.is_open:
            with suppress(Dropped):
                self.wire.write(b"QUIT\r\n", timeout=1)
        self.abandon()


def connect(server: Server) -> Connection:
    """Raises Unavailable."""
    wire = Wire(_socket(server))
    connection = Connection(server, wire)
    try:
        _begin(connection)
    except Dropped as drop:
        connection.abandon()
        raise Unavailable(_("The mail server could not be used: %(reason)s.") % {"reason": drop}) from drop
    except Unavailable:
        connection.abandon()
        raise
    return connection


def _socket(server: Server) -> socket.socket:
    try:
        sock = socket.create_connection((server.host, server.port), server.connect_timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, UnicodeError) as error:
        text = _(
            "The mail server %(host)s:%(port)d cannot be reached: %(reason)s. Check host, port and firewall."
        )
        raise Unavailable(text % {"host": server.host, "port": server.port, "reason": error}) from error
    return sock


def _begin(connection: Connection) -> None:
    server, wire = connection.server, connection.wire
    if server.security is Security.TLS:
        wire.encrypt(_context(server), server.host, timeout=server.connect_timeout)
    _granted(wire.reply(timeout=server.timeout), _("greeting"))
    _say_hello(connection)
    if server.security is Security.STARTTLS:
        _start_tls(connection)
    if server.username:
        _authenticate(connection)


def ask(connection: Connection, command: bytes) -> Reply:
    connection.wire.write(command + b"\r\n", timeout=connection.server.timeout)
    return connection.wire.reply(timeout=connection.server.timeout)


def _say_hello(connection: Connection) -> None:
    name = connection.server.local_name.encode("ascii")
    wire = connection.wire
    wire.write(b"EHLO " + name + b"\r\n", timeout=connection.server.timeout)
    lines = wire.reply_lines(timeout=connection.server.timeout)
    if lines[0].code // 100 == PERMANENT:
        _granted(ask(connection, b"HELO " + name), "HELO")
        connection.capabilities = {}
        return
    _granted(lines[0], "EHLO")
    keywords = (line.text.partition(" ") for line in lines[1:])
    connection.capabilities = {keyword.upper(): parameters for keyword, _blank, parameters in keywords}


def _start_tls(connection: Connection) -> None:
    if "STARTTLS" not in connection.capabilities:
        raise Unavailable(
            _("The mail server offers no STARTTLS. Choose another security, or another port."), permanent=True
        )
    _granted(ask(connection, b"STARTTLS"), "STARTTLS")
    server = connection.server
    connection.wire.encrypt(_context(server), server.host, timeout=server.connect_timeout)
    _say_hello(connection)


def _context(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.certificates or None)


def _authenticate(connection: Connection) -> None:
    if not connection.wire.is_encrypted and not _is_loopback(connection.wire):
        text = _("A password is not sent over an unencrypted connection. Choose STARTTLS or TLS.")
        raise Unavailable(text, permanent=True)
    methods = connection.capabilities.get("AUTH", "").upper().split()
    if "PLAIN" in methods:
        reply = _auth_plain(connection)
    elif "LOGIN" in methods:
        reply = _auth_login(connection)
    else:
        text = _(
            "The mail server offers neither AUTH PLAIN nor LOGIN. Remove the user name, or change the server."
        )
        raise Unavailable(text, permanent=True)
    _granted(reply, "AUTH")


def _is_loopback(wire: Wire) -> bool:
    return ipaddress.ip_address(wire.sock.getpeername()[0]).is_loopback


def _auth_plain(connection: Connection) -> Reply:
    server = connection.server
    return ask(connection, b"AUTH PLAIN " + b64encode(f"\0{server.username}\0{server.password}".encode()))


def _auth_login(connection: Connection) -> Reply:
    server = connection.server
    reply = ask(connection, b"AUTH LOGIN")
    for secret in (server.username, server.password):
        if reply.code // 100 != MORE:
            return reply
        reply = ask(connection, b64encode(secret.encode()))
    return reply


def _granted(reply: Reply, step: str) -> None:
    if reply.code // 100 != OK:
        raise Unavailable(
            _("The mail server refused at %(step)s: %(reply)s") % {"step": step, "reply": reply.line},
            code=reply.code,
            permanent=reply.code // 100 == PERMANENT,
        )
