from __future__ import annotations

import socket
from base64 import b64encode

import pytest

from orchestration.mail.connecting import Security, Server, connect
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.smtp import send_batch
from orchestration.transport import Kind, Unavailable
from tests.orchestration.mail.fake_smtp import CERTIFICATE, FakeServer, Script, serving

MESSAGE = OutgoingMessage(1, "a@shop.test", "b@example.test", b"x\r\n")
PLAIN = b64encode(b"\0user\0s3cret")


def server_of(fake: FakeServer, **changes: object) -> Server:
    return Server(**({"host": "127.0.0.1", "port": fake.port, "timeout": 2, "connect_timeout": 2} | changes))  # type: ignore[arg-type]


def sends(server: Server) -> Kind:
    connection = connect(server)
    try:
        return send_batch(connection, [MESSAGE])[0].kind
    finally:
        connection.close()


def test_nobody_listening_is_unavailable_and_says_where() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port} cannot be reached"):
        connect(Server("127.0.0.1", port))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "a..b", "x" * 300])
def test_a_host_that_is_none_is_unavailable(host: str) -> None:
    with pytest.raises(Unavailable):
        connect(Server(host or "\u0000", 25))


@pytest.mark.parametrize(("greeting", "permanent"), [(b"554 go away", True), (b"421 busy", False)])
def test_a_refused_greeting_says_whether_waiting_helps(greeting: bytes, *, permanent: bool) -> None:
    with serving(Script(greeting=greeting)) as fake, pytest.raises(Unavailable) as refused:
        connect(server_of(fake))
    assert (refused.value.permanent, refused.value.code) == (permanent, int(greeting[:3]))


def test_a_server_without_ehlo_is_spoken_to_in_the_old_way() -> None:
    with serving(Script(replies={("ehlo", 0): b"500 what"})) as fake:
        connection = connect(server_of(fake))
        assert not connection.pipelines
        assert send_batch(connection, [MESSAGE])[0].kind is Kind.SENT
        connection.close()
        assert b"HELO localhost" in fake.seen


@pytest.mark.parametrize(("security", "tls"), [(Security.TLS, "tls"), (Security.STARTTLS, "starttls")])
def test_encrypted_servers_are_verified_and_used(security: Security, tls: str) -> None:
    with serving(Script(tls=tls)) as fake:
        assert sends(server_of(fake, security=security, certificates=str(CERTIFICATE))) is Kind.SENT
        with pytest.raises(Unavailable, match=r"(?i)certificate"):
            connect(server_of(fake, security=security))


def test_a_certificate_for_another_name_is_refused() -> None:
    with (
        serving(Script(tls="tls", host="127.0.0.2")) as fake,
        pytest.raises(Unavailable, match=r"(?i)ip address"),
    ):
        connect(server_of(fake, host="127.0.0.2", security=Security.TLS, certificates=str(CERTIFICATE)))


def test_a_server_without_starttls_is_not_used_unencrypted() -> None:
    with serving() as fake, pytest.raises(Unavailable, match="no STARTTLS") as refused:
        connect(server_of(fake, security=Security.STARTTLS))
    assert refused.value.permanent


def test_what_was_said_before_the_encryption_is_not_believed() -> None:
    injected = Script(tls="starttls", replies={("starttls", 0): b"220 go\r\n250 injected"})
    with serving(injected) as fake, pytest.raises(Unavailable, match="before the encryption"):
        connect(server_of(fake, security=Security.STARTTLS, certificates=str(CERTIFICATE)))


@pytest.mark.parametrize(
    ("offer", "replies", "commands"),
    [
        (b"AUTH LOGIN PLAIN", {("auth", 0): b"235 ok"}, [b"AUTH PLAIN " + PLAIN]),
        (
            b"AUTH LOGIN",
            {
                ("auth", 0): b"334 VXNlcm5hbWU6",
                (b64encode(b"user").decode().lower(), 0): b"334 UGFzc3dvcmQ6",
                (b64encode(b"s3cret").decode().lower(), 0): b"235 ok",
            },
            [b"AUTH LOGIN", b64encode(b"user"), b64encode(b"s3cret")],
        ),
    ],
)
def test_authenticates(offer: bytes, replies: dict[tuple[str, int], bytes], commands: list[bytes]) -> None:
    with serving(Script(extra=[offer], replies=replies)) as fake:
        connect(server_of(fake, username="user", password="s3cret")).close()  # noqa: S106 - a test's
        assert fake.seen[1 : 1 + len(commands)] == commands


def test_a_refused_password_is_permanent_and_does_not_appear() -> None:
    with serving(Script(extra=[b"AUTH PLAIN"], replies={("auth", 0): b"535 5.7.8 bad credentials"})) as fake:
        server = server_of(fake, username="user", password="s3cret")  # noqa: S106
        with pytest.raises(Unavailable, match="535") as refused:
            connect(server)
    assert refused.value.permanent
    assert "s3cret" not in f"{refused.value} {server!r}"


def test_no_method_to_authenticate_is_refused() -> None:
    with serving() as fake, pytest.raises(Unavailable, match="AUTH PLAIN"):
        connect(server_of(fake, username="user", password="s3cret"))  # noqa: S106


def test_a_password_does_not_leave_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.mail.connecting._is_loopback", lambda _wire: False)
    with serving(Script(extra=[b"AUTH PLAIN"])) as fake:
        with pytest.raises(Unavailable, match="unencrypted"):
            connect(server_of(fake, username="user", password="s3cret"))  # noqa: S106
        assert not any(line.startswith(b"AUTH") for line in fake.seen)
