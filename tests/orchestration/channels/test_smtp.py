from __future__ import annotations

from base64 import b64encode

import pytest

from orchestration.channels import open_session
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.transport import Kind, Unavailable
from tests.orchestration.mail.fake_smtp import FakeServer, Script, serving

MESSAGE = OutgoingMessage(1, "a@shop.test", "b@example.test", b"x\r\n")


def settings_of(server: FakeServer, **changes: object) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout": 2} | changes


@pytest.mark.parametrize("stage", ["banner", "ehlo"])
@pytest.mark.parametrize("action", ["close", "reset", "hang"])
def test_a_server_that_fails_at_once_is_unavailable(stage: str, action: str) -> None:
    with serving(Script(fail_at=stage, action=action)) as server, pytest.raises(Unavailable):
        open_session("smtp", settings_of(server, timeout=0.2))


def test_a_connection_that_was_lost_is_renewed_for_the_next_batch() -> None:
    with (
        serving(Script(fail_at="rcpt", message=1)) as server,
        open_session("smtp", settings_of(server)) as session,
    ):
        assert [o.kind for o in session.send([MESSAGE, MESSAGE])] == [Kind.SENT, Kind.NOT_ATTEMPTED]
        assert not session.is_open
        assert [o.kind for o in session.send([MESSAGE])] == [Kind.SENT]
        assert (session.is_open, server.connections) == (True, 2)


def test_a_server_that_is_gone_for_good_leaves_messages_not_attempted() -> None:
    with serving(Script(fail_at="rcpt")) as server, open_session("smtp", settings_of(server)) as session:
        session.send([MESSAGE])
        server.close()
        (outcome,) = session.send([MESSAGE])
        assert outcome.kind is Kind.NOT_ATTEMPTED
        assert "cannot be reached" in outcome.reply


def test_an_idle_connection_that_the_server_closed_is_renewed_unnoticed() -> None:
    script = Script(replies={("dot", 0): b"250 ok\r\n421 4.4.2 idle too long"})
    with serving(script) as server, open_session("smtp", settings_of(server)) as session:
        assert [session.send([MESSAGE])[0].kind for _ in range(2)] == [Kind.SENT] * 2
        assert server.connections == 2


def test_a_connection_is_renewed_after_its_share_of_messages() -> None:
    with serving() as server, open_session("smtp", settings_of(server, messages_per_connection=3)) as session:
        for _ in range(4):
            session.send([MESSAGE, MESSAGE])
        assert (server.connections, len(server.taken)) == (2, 8)


def test_says_whether_the_server_takes_eight_bit() -> None:
    for takes in (True, False):
        with serving(Script(eight_bit=takes)) as server, open_session("smtp", settings_of(server)) as session:
            assert session.takes_eight_bit is takes


def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SECRET_NEWS", "s3cret")
    with serving(Script(extra=[b"AUTH PLAIN"], replies={("auth", 0): b"235 ok"})) as server:
        open_session("smtp", settings_of(server, username="user", password_env="MAIL_SECRET_NEWS")).close()  # noqa: S106
        assert server.seen[1] == b"AUTH PLAIN " + b64encode(b"\0user\0s3cret")
