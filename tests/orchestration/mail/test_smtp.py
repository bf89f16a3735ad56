from __future__ import annotations

import pytest

from orchestration.mail.connecting import Connection, Server, connect
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.smtp import send_batch, stuffed
from orchestration.transport import Kind, Stage, Unavailable
from tests.orchestration.mail.fake_smtp import STAGES, FakeServer, Script, serving

SENT, TEMPORARY, PERMANENT = Kind.SENT, Kind.FAILED_TEMPORARY, Kind.FAILED_PERMANENT
UNKNOWN, NOT_ATTEMPTED = Kind.UNKNOWN, Kind.NOT_ATTEMPTED
SMALL = b"Subject: %d\r\n\r\nbody\r\n"


def opened(server: FakeServer, **changes: object) -> Connection:
    return connect(
        Server(**({"host": "127.0.0.1", "port": server.port, "timeout": 5, "final_timeout": 5} | changes))
    )  # type: ignore[arg-type]


def batch(count: int, content: bytes = SMALL) -> list[OutgoingMessage]:
    data = [content % number if b"%d" in content else content for number in range(count)]
    return [OutgoingMessage(n, "news@shop.test", f"p{n}@example.test", data[n]) for n in range(count)]


def kinds(server: FakeServer, messages: list[OutgoingMessage], **changes: object) -> list[Kind]:
    connection = opened(server, **changes)
    try:
        return [outcome.kind for outcome in send_batch(connection, messages)]
    finally:
        connection.close()


AT_THE_FAILURE = {
    "mail": NOT_ATTEMPTED,
    "rcpt": NOT_ATTEMPTED,
    "data": NOT_ATTEMPTED,
    "body": UNKNOWN,
    "dot": UNKNOWN,
    "reply": SENT,
}
"""`body`: a small content was handed to the network whole before the server went, so nobody can tell."""


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
@pytest.mark.parametrize("action", ["close", "hang", "reset"])
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in ("banner", "ehlo")])
@pytest.mark.parametrize("message", [0, 1, 2])
def test_a_server_lost_at_any_step_leaves_the_exact_class(
    stage: str, action: str, message: int, *, pipelining: bool
) -> None:
    script = Script(fail_at=stage, action=action, message=message, pipelining=pipelining)
    with serving(script) as server:
        found = kinds(server, batch(3), timeout=0.2, final_timeout=0.2)
        taken = {int(content.split(b"\r\n")[0].split()[1]) for content in server.taken}
    assert found == [SENT] * message + [AT_THE_FAILURE[stage]] + [NOT_ATTEMPTED] * (2 - message)
    assert taken == {number for number, kind in enumerate(found) if kind is SENT}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
@pytest.mark.parametrize("action", ["close", "hang", "reset"])
def test_a_content_cut_off_on_its_way_is_not_attempted(action: str, *, pipelining: bool) -> None:
    script = Script(fail_at="body", action=action, message=1, pipelining=pipelining)
    large = OutgoingMessage(1, "news@shop.test", "p@example.test", (b"y" * 900 + b"\r\n") * 20_000)
    small = batch(1)
    with serving(script) as server:
        assert kinds(server, [*small, large, *small], timeout=1) == [SENT, NOT_ATTEMPTED, NOT_ATTEMPTED]
        assert len(server.dots) == 1


@pytest.mark.parametrize("action", ["close", "hang", "reset"])
@pytest.mark.parametrize("stage", ["banner", "ehlo"])
def test_a_server_lost_before_the_first_message_is_unavailable(stage: str, action: str) -> None:
    with serving(Script(fail_at=stage, action=action)) as server, pytest.raises(Unavailable):
        opened(server, timeout=0.2)


REFUSALS = [
    ("mail", b"451 4.3.0 later", TEMPORARY),
    ("mail", b"550 5.1.8 bad sender", PERMANENT),
    ("rcpt", b"450 4.2.1 busy", TEMPORARY),
    ("rcpt", b"550 5.1.1 no such user", PERMANENT),
    ("data", b"451 4.7.1 greylisted", TEMPORARY),
    ("data", b"554 5.7.1 policy", PERMANENT),
    ("dot", b"452 4.3.1 full", TEMPORARY),
    ("dot", b"554 5.7.1 spam", PERMANENT),
]


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
@pytest.mark.parametrize(("step", "reply", "kind"), REFUSALS)
@pytest.mark.parametrize("message", [0, 1, 2])
def test_a_refusal_concerns_its_message_only(
    step: str, reply: bytes, kind: Kind, message: int, *, pipelining: bool
) -> None:
    script = Script(replies={(step, message): reply}, pipelining=pipelining)
    with serving(script) as server:
        connection = opened(server)
        outcomes = send_batch(connection, batch(3)) + send_batch(connection, batch(1))
        connection.close()
        assert (server.connections, len(server.taken)) == (1, 3)
    assert [outcome.kind for outcome in outcomes] == [SENT] * message + [kind] + [SENT] * (3 - message)
    refused = outcomes[message]
    assert (refused.code, refused.reply) == (int(reply[:3]), reply.decode())
    assert refused.stage == (Stage.CONTENT if step == "dot" else Stage(step))


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
def test_all_refused_recipients_in_a_row(*, pipelining: bool) -> None:
    script = Script(replies={("rcpt", n): b"550 5.1.1 none" for n in range(10)}, pipelining=pipelining)
    with serving(script) as server:
        assert kinds(server, batch(10)) == [PERMANENT] * 10
        assert server.seen.count(b"RSET") == 9


def test_content_asked_for_after_a_refused_recipient_is_given_to_nobody() -> None:
    with serving(
        Script(replies={("rcpt", 0): b"550 no", ("data", 0): b"354 go", ("dot", 0): b"554 none"})
    ) as server:
        assert kinds(server, batch(2)) == [PERMANENT, SENT]
        assert server.dots[0] == b""


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("mail", [SENT, NOT_ATTEMPTED, NOT_ATTEMPTED]),
        ("rcpt", [SENT, NOT_ATTEMPTED, NOT_ATTEMPTED]),
        ("data", [SENT, NOT_ATTEMPTED, NOT_ATTEMPTED]),
        ("dot", [SENT, TEMPORARY, NOT_ATTEMPTED]),
    ],
)
def test_a_closing_server_is_no_judgement_before_the_dot(
    step: str, expected: list[Kind], *, pipelining: bool
) -> None:
    with serving(Script(replies={(step, 1): b"421 4.3.2 shutting down"}, pipelining=pipelining)) as server:
        assert kinds(server, batch(3)) == expected


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"hello", b"2", b"2x0 ok", b"250_ok", b"9" * 10_000, b"250-a\r\n" * 200, b"150 wait", b"\xff\xfe"],
)
@pytest.mark.parametrize(
    ("step", "kind"), [("mail", NOT_ATTEMPTED), ("data", NOT_ATTEMPTED), ("dot", UNKNOWN)]
)
def test_a_reply_that_is_not_smtp_ends_the_conversation(step: str, nonsense: bytes, kind: Kind) -> None:
    with serving(Script(replies={(step, 0): nonsense})) as server:
        assert kinds(server, batch(2), timeout=1, final_timeout=1) == [kind, NOT_ATTEMPTED]


def test_a_refused_reset_ends_the_conversation() -> None:
    with serving(Script(replies={("rcpt", 0): b"550 no", ("rset", 0): b"500 what"})) as server:
        assert kinds(server, batch(2)) == [PERMANENT, NOT_ATTEMPTED]


def test_replies_of_many_lines_are_joined() -> None:
    with serving(Script(replies={("dot", 0): b"250-2.0.0 queued\r\n250 as 7"})) as server:
        connection = opened(server)
        (outcome,) = send_batch(connection, batch(1))
        connection.close()
    assert (outcome.code, outcome.reply) == (250, "250 2.0.0 queued as 7")


def test_a_pipelined_content_shares_its_write_with_the_next_envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[bytes] = []
    with serving() as server:
        connection = opened(server)
        original = connection.wire.write
        monkeypatch.setattr(
            connection.wire, "write", lambda data, **rest: (writes.append(data), original(data, **rest))
        )
        send_batch(connection, batch(3))
        connection.close()
    assert len([data for data in writes if data not in (b"", b"QUIT\r\n")]) == 4
    assert writes[1].startswith(b"Subject: 0")
    assert writes[1].endswith(b".\r\nMAIL FROM:<news@shop.test>\r\nRCPT TO:<p1@example.test>\r\nDATA\r\n")


@pytest.mark.parametrize(
    "content",
    [
        b".\r\n",
        b"..\r\n",
        b"a\r\n.\r\nb\r\n",
        b".a\r\n..b\r\n...\r\n",
        b"\r\n.\r\n.\r\n",
        b"no end",
        b"x\r\n.",
    ],
)
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
def test_dots_arrive_as_they_were(content: bytes, *, pipelining: bool) -> None:
    with serving(Script(pipelining=pipelining)) as server:
        assert kinds(server, batch(2, content)) == [SENT, SENT]
        ended = content if content.endswith(b"\r\n") else content + b"\r\n"
        assert server.taken == [ended, ended]


@pytest.mark.parametrize(
    "data", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\n", b"\n.\r\n", b"a\r\r\n", b"a\n\r\r\n"]
)
def test_bare_line_breaks_are_refused_before_anything_is_sent(data: bytes) -> None:
    with pytest.raises(ValueError, match="bare"):
        stuffed(data)


@pytest.mark.parametrize(
    "address", ["a@b.test>\r\nRCPT TO:<x@y.test", "a b@c.test", "<a@b.test>", "é@b.test", "", "a"]
)
def test_an_envelope_cannot_be_broken_out_of(address: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        OutgoingMessage(1, "news@shop.test", address, b"")


def test_a_batch_is_bounded() -> None:
    with serving() as server:
        connection = opened(server)
        with pytest.raises(ValueError, match="at most 10"):
            send_batch(connection, batch(11))
        connection.close()


def test_eight_bit_contents_are_announced_or_kept_back() -> None:
    contents = batch(1, "é\r\n".encode()) + batch(1)
    with serving() as server:
        assert kinds(server, contents) == [SENT, SENT]
        assert server.seen[1:5:3] == [
            b"MAIL FROM:<news@shop.test> BODY=8BITMIME",
            b"MAIL FROM:<news@shop.test>",
        ]
    with serving(Script(eight_bit=False)) as server:
        assert kinds(server, contents) == [NOT_ATTEMPTED, SENT]


def test_a_connection_that_ended_while_idle_is_stale() -> None:
    with serving(Script(fail_at="reply")) as server:
        connection = opened(server)
        assert not connection.is_stale
        send_batch(connection, batch(1))
        server.close()
        while not connection.is_stale:
            pass
        connection.close()
