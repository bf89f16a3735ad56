"""A gateway as there are many: a real HTTP server that does what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCEPTED = 202


@dataclass
class Asked:
    """One request, as it arrived."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Gateway:
    """`script` says what happens to the n-th request; others are accepted. *silent* takes it and never answers, *cut*
    takes it and resets the connection, *drip* answers a byte at a time, *half* ends in the middle of its answer.
    """

    script: dict[int, int | str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    closes: bool = False
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/messages?key=1"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway: Gateway

    def setup(self) -> None:
        super().setup()
        self.gateway.connections += 1

    def log_message(self, *_words: Any) -> None:
        """Tests read what was asked instead."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(self.gateway.asked)
        self.gateway.asked.append(Asked(self.path, dict(self.headers), json.loads(body)))
        does = self.gateway.script.get(number, ACCEPTED)
        if isinstance(does, int):
            self._answer(does)
        else:
            getattr(self, f"_{does}")()

    def _answer(self, status: int) -> None:
        words = f'{{"status": {status}}}'.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(words)))
        if self.gateway.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(words)

    def _silent(self) -> None:
        self.gateway.released.wait(20)
        self.close_connection = True

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _drip(self) -> None:
        self.close_connection = True
        for byte in b"HTTP/1.1 202 Accepted\r\nX: " + b"x" * 200:
            if self.gateway.released.wait(0.1):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def _half(self) -> None:
        self.send_response(ACCEPTED)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.close_connection = True

    def _idle(self) -> None:
        """Answers, and ends the connection without having said so."""
        self._answer(ACCEPTED)
        self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_about: Any) -> None:
        """A connection that was cut is what some tests want."""


@contextmanager
def serving(script: dict[int, int | str] | None = None) -> Iterator[Gateway]:
    gateway = Gateway(script or {})
    server = Server(("127.0.0.1", 0), type("H", (Handler,), {"gateway": gateway}))
    gateway.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
