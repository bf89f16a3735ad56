"""A socket to a mail server: whole writes that know how far they got, whole replies within a time limit."""

from __future__ import annotations

import select
import socket
import ssl
import time
from dataclasses import dataclass

from orchestration.transport import REPLY_LENGTH

LONGEST_LINE = 4_096
MOST_LINES = 100
CHUNK = 64 * 1024


class Dropped(Exception):  # noqa: N818 - names what happened
    """The conversation cannot go on: closed, reset, silent for too long, or not SMTP. `accepted` bytes of a
    write left.
    """

    def __init__(self, reason: str, *, accepted: int = 0) -> None:
        super().__init__(reason)
        self.accepted = accepted


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer."""

    code: int
    text: str

    @property
    def line(self) -> str:
        return f"{self.code} {self.text}".strip()[:REPLY_LENGTH]


class Wire:
    """Not thread-safe. After Dropped it is of no further use: later replies could answer earlier commands."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = b""

    @property
    def is_encrypted(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    @property
    def has_unread(self) -> bool:
        """Whether the server has said or done something unasked, as when it ends an idle connection."""
        return bool(self.buffer) or bool(select.select([self.sock], [], [], 0)[0])

    def write(self, data: bytes, *, timeout: float) -> None:
        """All of `data`, or Dropped with the number of bytes that may have left."""
        view, sent, deadline = memoryview(data), 0, time.monotonic() + timeout
        while sent < len(data):
            chunk = view[sent : sent + CHUNK]
            try:
                self.sock.settimeout(_remaining(deadline))
                sent += self.sock.send(chunk)
            except (OSError, ValueError) as error:
                raise Dropped(
                    _reason(error), accepted=sent + (len(chunk) if self.is_encrypted else 0)
                ) from error

    def reply(self, *, timeout: float) -> Reply:
        """The next reply, its lines joined."""
        lines = self.reply_lines(timeout=timeout)
        return lines[0] if len(lines) == 1 else Reply(lines[-1].code, " ".join(line.text for line in lines))

    def reply_lines(self, *, timeout: float) -> list[Reply]:
        """The next reply line by line, as EHLO needs it."""
        deadline, lines = time.monotonic() + timeout, []
        for _ in range(MOST_LINES):
            line = self._line(deadline)
            code, more = _parsed(line)
            lines.append(Reply(code, line[4:].decode("utf-8", "replace").strip()))
            if not more:
                return lines
        raise Dropped("the reply has too many lines")

    def _line(self, deadline: float) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > LONGEST_LINE:
                raise Dropped("the reply has too long a line")
            self.buffer += self._received(deadline)
        line, self.buffer = self.buffer[:end], self.buffer[end + 1 :]
        return line.rstrip(b"\r")

    def _received(self, deadline: float) -> bytes:
        try:
            self.sock.settimeout(_remaining(deadline))
            received = self.sock.recv(CHUNK)
        except (OSError, ValueError) as error:
            raise Dropped(_reason(error)) from error
        if not received:
            raise Dropped("the server closed the connection")
        return received

    def encrypt(self, context: ssl.SSLContext, host: str, *, timeout: float) -> None:
        """Anything the server said before the handshake is not to be believed after it."""
        if self.buffer:
            raise Dropped("the server sent data before the encryption began")
        try:
            self.sock.settimeout(timeout)
            self.sock = context.wrap_socket(self.sock, server_hostname=host)
        except (OSError, ValueError) as error:
            raise Dropped(_reason(error)) from error

    def close(self) -> None:
        try:
            self.sock.close()
        except OSError:
            return


def _parsed(line: bytes) -> tuple[int, bool]:
    if len(line) < 3 or not line[:3].isdigit() or line[3:4] not in (b"", b" ", b"-"):  # noqa: PLR2004 - three digits
        raise Dropped("the server's reply is not SMTP")
    return int(line[:3]), line[3:4] == b"-"


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    return f"{type(error).__name__}: {error}"[:REPLY_LENGTH]
