"""Hands a micro-batch of messages to a mail server and says of each what became of it, or that it cannot be
known.

With PIPELINING (RFC 2920) the content of one message and the envelope of the next leave in one write. A
message is *unknown* only between its final dot and the reply to it, and at any time that is true of one at
the most.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.mail.connecting import MORE, OK, PERMANENT, Connection
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.wire import Dropped, Reply
from orchestration.transport import MICRO_BATCH, Kind, Outcome, Stage, not_attempted

CLOSING = 421
"""The server ends the conversation; before the final dot that is no judgement of the message at hand."""
TEMPORARY = 4
RESET = b"RSET\r\n"
STAGES = (Stage.MAIL, Stage.RCPT, Stage.DATA)
GRANTED = {Stage.MAIL: OK, Stage.RCPT: OK, Stage.DATA: MORE}
KINDS = {OK: Kind.SENT, TEMPORARY: Kind.FAILED_TEMPORARY, PERMANENT: Kind.FAILED_PERMANENT}
SEVEN_BIT_ONLY = "the server takes 7-bit messages only"


def send_batch(connection: Connection, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
    """One outcome for each message, in their order.

    Never raises for what the server does; a connection that ends or makes no sense is closed, and what had
    not been handed over is *not attempted*. `data` with bare CR or LF is a programming error: ValueError.
    """
    if len(messages) > MICRO_BATCH:
        raise ValueError(f"A batch has at most {MICRO_BATCH} messages.")
    batch = _Batch(connection, messages)
    try:
        batch.run()
    except Dropped as drop:
        connection.abandon()
        batch.stop(str(drop))
    return [outcome or not_attempted(batch.reason) for outcome in batch.outcomes]


def stuffed(data: bytes) -> bytes:
    """`data` as it travels: dots at the beginning of lines doubled, the final dot at its end.

    Bare line breaks are refused, because servers disagree where a message ends after them.
    """
    if not data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r"):
        raise ValueError("A message has bare CR or LF.")
    first = b"." if data.startswith(b".") else b""
    last = b".\r\n" if data.endswith(b"\r\n") or not data else b"\r\n.\r\n"
    return first + data.replace(b"\r\n.", b"\r\n..") + last


class _Batch:
    """The conversation about one batch. `at_stake` is the message past its final dot without a reply."""

    def __init__(self, connection: Connection, messages: Sequence[OutgoingMessage]) -> None:
        self.connection = connection
        self.messages = messages
        self.contents = [stuffed(message.data) for message in messages]
        self.outcomes: list[Outcome | None] = [None] * len(messages)
        self.at_stake: int | None = None
        self.reason = ""

    def run(self) -> None:
        accepted: int | None = None
        for index in self._sendable():
            commands = self._envelope(index)
            if self.connection.pipelines:
                self._write(accepted, b"".join(commands))
                accepted = self._judge(index, [self._reply() for _ in commands])
            else:
                self._write(accepted, b"")
                accepted = self._judge(index, self._step_by_step(commands))
        self._write(accepted, b"")

    def stop(self, reason: str) -> None:
        self.reason = reason
        if self.at_stake is not None:
            self.outcomes[self.at_stake] = Outcome(Kind.UNKNOWN, None, reason, Stage.CONTENT)

    def _sendable(self) -> list[int]:
        if self.connection.takes_eight_bit:
            return list(range(len(self.messages)))
        plain = [index for index, message in enumerate(self.messages) if message.data.isascii()]
        for index in set(range(len(self.messages))) - set(plain):
            self.outcomes[index] = not_attempted(SEVEN_BIT_ONLY)
        return plain

    def _envelope(self, index: int) -> list[bytes]:
        message = self.messages[index]
        body = b"" if message.data.isascii() else b" BODY=8BITMIME"
        commands = [
            b"MAIL FROM:<%s>%s\r\n" % (message.sender.encode("ascii"), body),
            b"RCPT TO:<%s>\r\n" % message.recipient.encode("ascii"),
            b"DATA\r\n",
        ]
        return [RESET, *commands] if self.connection.needs_reset else commands

    def _write(self, accepted: int | None, following: bytes) -> None:
        """The content of the message whose envelope was accepted, if any, and what may follow it in one
        write.
        """
        content = b"" if accepted is None else self.contents[accepted]
        try:
            self.connection.wire.write(content + following, timeout=self.connection.server.timeout)
        except Dropped as drop:
            self.at_stake = accepted if drop.accepted >= len(content) else None
            raise
        if accepted is not None:
            self.at_stake = accepted
            self._settle(accepted)

    def _settle(self, index: int) -> None:
        reply = self.connection.wire.reply(timeout=self.connection.server.final_timeout)
        kind = KINDS.get(reply.code // 100)
        if kind is None:
            raise Dropped(f"the server answered {reply.line} to a message")
        self.at_stake = None
        self.outcomes[index] = Outcome(kind, reply.code, reply.line, Stage.CONTENT)
        self.connection.handed_over += 1
        if reply.code == CLOSING:
            raise Dropped(reply.line)

    def _reply(self) -> Reply:
        reply = self.connection.wire.reply(timeout=self.connection.server.timeout)
        if reply.code == CLOSING:
            raise Dropped(reply.line)
        return reply

    def _step_by_step(self, commands: Sequence[bytes]) -> list[Reply]:
        """Replies up to the first refusal."""
        replies: list[Reply] = []
        for command in commands:
            self.connection.wire.write(command, timeout=self.connection.server.timeout)
            replies.append(self._reply())
            if replies[-1].code // 100 not in (OK, MORE):
                break
        return replies

    def _judge(self, index: int, replies: list[Reply]) -> int | None:
        """`index` when its content may follow; otherwise its outcome is what the first refusal says."""
        if self.connection.needs_reset:
            self._reset_was_granted(replies.pop(0))
        by_stage = dict(zip(STAGES, replies, strict=False))
        for stage, reply in by_stage.items():
            if reply.code // 100 != GRANTED[stage]:
                self._refuse(index, stage, reply, by_stage.get(Stage.DATA))
                return None
        return index

    def _reset_was_granted(self, reply: Reply) -> None:
        if reply.code // 100 != OK:
            raise Dropped(reply.line)
        self.connection.needs_reset = False

    def _refuse(self, index: int, stage: Stage, reply: Reply, data: Reply | None) -> None:
        kind = KINDS.get(reply.code // 100)
        if kind is None or kind is Kind.SENT:
            raise Dropped(f"the server answered {reply.line} at {stage}")
        self.outcomes[index] = Outcome(kind, reply.code, reply.line, stage)
        self.connection.needs_reset = True
        if data is not None and data.code // 100 == MORE:
            self._withdraw(stage)

    def _withdraw(self, stage: Stage) -> None:
        """A server may ask for content though it refused the recipient: it gets an empty one, for nobody."""
        if stage is not Stage.RCPT:
            raise Dropped("the server asked for a message it had refused")
        self.connection.wire.write(b".\r\n", timeout=self.connection.server.timeout)
        self._reply()
