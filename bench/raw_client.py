"""Throws ready bytes at the raw sink: `python -m bench.raw_client PORT COUNT ceiling|prerendered`.

`ceiling` writes a hundred messages at once and reads their answers after, which is as fast as the sink can be fed;
`prerendered` hands ready messages to the project's own SMTP client. Prints a line when ready, begins at a line on
standard input, and prints another when done.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator

import django

django.setup()

from bench.letter import BASE, HTML, SENDER, SUBJECT, TEXT, values_of  # noqa: E402
from campaigns.content.email_content import EmailContent  # noqa: E402
from orchestration.mail.connecting import Server, connect  # noqa: E402
from orchestration.mail.messages import Encoding, Letter, Sender, compile_message  # noqa: E402
from orchestration.mail.outgoing import OutgoingMessage  # noqa: E402
from orchestration.mail.smtp import send_batch, stuffed  # noqa: E402
from orchestration.transport import MICRO_BATCH, Kind  # noqa: E402

CHUNK = 100
ANSWERS = 4
"""Lines that the sink answers to one message: to MAIL, RCPT, DATA and its end."""


def ready_messages(count: int) -> Iterator[OutgoingMessage]:
    content = EmailContent(subject=SUBJECT, html=HTML, text=TEXT)
    sender = Sender(SENDER, "Shop", postal_address="1 Market Street")
    template = compile_message(content, sender, base_url=BASE, marketing=True)
    for number in range(count):
        letter = Letter(number, f"<1.{number}@shop.example>", f"p{number}@example.com", values_of(number))
        data = template.build(letter, encoding=Encoding.EIGHT_BIT)
        yield OutgoingMessage(number, SENDER, letter.address, data)


def ceiling(port: int, count: int) -> Callable[[], None]:
    chunk = b"".join(_conversation(message) for message in ready_messages(CHUNK))
    connection = socket.create_connection(("127.0.0.1", port))
    _read_lines(connection, 1)

    def work() -> None:
        for _ in range(count // CHUNK):
            connection.sendall(chunk)
            _read_lines(connection, ANSWERS * CHUNK)

    return work


def _conversation(message: OutgoingMessage) -> bytes:
    envelope = f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{message.recipient}>\r\nDATA\r\n"
    return envelope.encode() + stuffed(message.data)


def _read_lines(connection: socket.socket, lines: int) -> None:
    while lines > 0:
        answer = connection.recv(65536)
        if not answer:
            raise SystemExit("The sink hung up.")
        lines -= answer.count(b"\n")


def prerendered(port: int, count: int) -> Callable[[], None]:
    messages = list(ready_messages(count))
    connection = connect(Server("127.0.0.1", port))

    def work() -> None:
        for start in range(0, count, MICRO_BATCH):
            outcomes = send_batch(connection, messages[start : start + MICRO_BATCH])
            if any(outcome.kind is not Kind.SENT for outcome in outcomes):
                raise SystemExit(f"The sink answered {outcomes}.")

    return work


def main() -> None:
    port, count, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    work = {"ceiling": ceiling, "prerendered": prerendered}[mode](port, count)
    print("ready", flush=True)
    if sys.stdin.readline():
        work()
        print("done", flush=True)


if __name__ == "__main__":
    main()
