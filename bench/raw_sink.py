"""A mail server that counts messages and throws them away: the fastest a benchmark's far side can be in
Python.

Run as a program it prints its port, then serves until it is killed; a connection's QUIT is answered with the
count.
"""

from __future__ import annotations

import asyncio
import sys

END = b"\r\n.\r\n"
HELLO = b"250-raw\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
ANSWERS = {b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"DATA": b"354 go\r\n", b"RSET": b"250 ok\r\n"}


class RawSink(asyncio.Protocol):
    """Commands are answered in the order they came, contents only looked at for their end."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer = bytearray(b"\r\n")
        self.in_content = False
        self.looked = 0
        self.transport.write(b"220 raw\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = bytearray()
        while self._content(answers) if self.in_content else self._command(answers):
            pass
        if answers:
            self.transport.write(bytes(answers))

    def _content(self, answers: bytearray) -> bool:
        end = self.buffer.find(END, max(0, self.looked - len(END)))
        if end < 0:
            self.looked = len(self.buffer)
            return False
        del self.buffer[: end + len(END) - 2]
        self.in_content, self.looked = False, 0
        RawSink.taken += 1
        answers += b"250 ok\r\n"
        return True

    def _command(self, answers: bytearray) -> bool:
        """The buffer begins with the line break that ended what came before."""
        end = self.buffer.find(b"\r\n", 2)
        if end < 0:
            return False
        verb = bytes(self.buffer[2:6]).upper()
        del self.buffer[:end]
        answers += self._answer(verb)
        self.in_content = verb == b"DATA"
        return True

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            return HELLO
        if verb == b"QUIT":
            return b"221 %d\r\n" % RawSink.taken
        return ANSWERS.get(verb, b"250 ok\r\n")


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(RawSink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        sys.exit(0)
