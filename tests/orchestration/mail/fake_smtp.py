"""A mail server for tests that can fail at any step, in any way, at any message; it remembers what it took.

It is a plain socket server, one thread a connection, written without any SMTP library.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")
STAGES = ("banner", "ehlo", "mail", "rcpt", "data", "body", "dot", "reply")
"""Where it fails: before it answers the step; `body` is amid the content, `reply` just after answering."""


class Gone(Exception):  # noqa: N818
    """The server has left this conversation."""


@dataclass
class Script:
    """`fail_at` and `action` (close, hang, reset) at message `message`; `replies` replaces answers by step
    and message.
    """

    fail_at: str = ""
    action: str = "close"
    message: int = 0
    pipelining: bool = True
    eight_bit: bool = True
    replies: dict[tuple[str, int], bytes] = field(default_factory=dict)
    extra: list[bytes] = field(default_factory=list)
    tls: str = ""
    host: str = "127.0.0.1"
    greeting: bytes = b"220 fake ESMTP"


class FakeServer:
    """Listens on a free port of the loopback. `taken` are the contents it has answered 250 to, `seen` all
    commands.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.taken: list[bytes] = []
        self.dots: list[bytes] = []
        self.seen: list[bytes] = []
        self.connections = 0
        self.released = threading.Event()
        self.listener = socket.create_server((script.host, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        conversation = _Conversation(self, sock)
        try:
            conversation.run()
        except (Gone, OSError):
            conversation.sock.close()

    def close(self) -> None:
        self.released.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class _Conversation:
    def __init__(self, server: FakeServer, sock: socket.socket) -> None:
        self.server, self.script = server, server.script
        self.sock = sock
        self.buffer = b""
        self.message = -1

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def run(self) -> None:
        if self.script.tls == "tls":
            self._encrypt()
        self._maybe_fail("banner")
        self._say(self.script.greeting)
        while True:
            self._command(self._line())

    def _command(self, line: bytes) -> None:
        self.server.seen.append(line)
        verb = line.split(b" ")[0].upper().decode()
        if verb in ("MAIL", "RCPT", "DATA"):
            self.message += verb == "MAIL"
            self._step(verb.lower())
        elif verb == "EHLO":
            self._maybe_fail("ehlo")
            self._say(self.script.replies.get(("ehlo", 0), self._hello()))
        elif verb == "STARTTLS":
            self._say(self.script.replies.get(("starttls", 0), b"220 go"))
            self._encrypt()
        elif verb == "QUIT":
            raise Gone
        else:
            self._say(self.script.replies.get((verb.lower(), max(self.message, 0)), b"250 ok"))

    def _hello(self) -> bytes:
        words = [b"fake", *([b"PIPELINING"] if self.script.pipelining else [])]
        words += [b"8BITMIME"] if self.script.eight_bit else []
        words += [b"STARTTLS"] if self.script.tls == "starttls" else []
        words += self.script.extra
        return b"\r\n".join(b"250-" + word for word in words[:-1]) + b"\r\n250 " + words[-1]

    def _step(self, step: str) -> None:
        self._maybe_fail(step)
        default = b"354 go" if step == "data" else b"250 2.1.0 ok"
        answer = self.script.replies.get((step, self.message), default)
        if self._was_refused_before(step) and (step, self.message) not in self.script.replies:
            answer = b"503 5.5.1 no valid recipient"
        self._say(answer)
        if step == "data" and answer.startswith(b"354"):
            self._content()

    def _was_refused_before(self, step: str) -> bool:
        earlier = {"mail": (), "rcpt": ("mail",), "data": ("mail", "rcpt")}[step]
        answers = (self.script.replies.get((step, self.message), b"2") for step in earlier)
        return any(not answer.startswith(b"2") for answer in answers)

    def _content(self) -> None:
        if self._fails("body"):
            self._receive()
            self._fail()
        self.buffer = b"\r\n" + self.buffer
        while b"\r\n.\r\n" not in self.buffer:
            self._receive()
        whole, _, rest = self.buffer.partition(b"\r\n.\r\n")
        self.buffer = rest
        content = (whole + b"\r\n").replace(b"\r\n..", b"\r\n.")[2:]
        self.server.dots.append(content)
        self._maybe_fail("dot")
        answer = self.script.replies.get(("dot", self.message), b"250 2.0.0 queued")
        if answer.startswith(b"250"):
            self.server.taken.append(content)
        self._say(answer)
        self._maybe_fail("reply")

    def _say(self, answer: bytes) -> None:
        self.sock.sendall(answer + b"\r\n")

    def _line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self._receive()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def _receive(self) -> None:
        received = self.sock.recv(4096)
        if not received:
            raise Gone
        self.buffer += received

    def _fails(self, stage: str) -> bool:
        early = stage in ("banner", "ehlo")
        return self.script.fail_at == stage and (early or self.script.message == self.message)

    def _maybe_fail(self, stage: str) -> None:
        if self._fails(stage):
            self._fail()

    def _fail(self) -> None:
        if self.script.action == "hang":
            self.server.released.wait(60)
        elif self.script.action == "reset":
            time.sleep(0.02)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        raise Gone


@contextmanager
def serving(script: Script | None = None) -> Iterator[FakeServer]:
    server = FakeServer(script or Script())
    try:
        yield server
    finally:
        server.close()
