"""A mail server that delivers nothing: it keeps every message for the mailbox page, and is reached from
loopback only.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from config.mailbox import MailStore
from config.ports import LOOPBACK, free_port

RECORD = "sink.json"
MOST_BYTES = 32 * 1024 * 1024

logging.getLogger("mail.log").setLevel(logging.WARNING)


class Keeper:
    """What the server does with a message: keep it, then say so."""

    def __init__(self, store: MailStore) -> None:
        self.store = store

    async def handle_EHLO(  # noqa: N802 - the server's naming
        self, server: SMTP, session: SmtpSession, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Commands are read line by line from a buffer, so that they may come in groups."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        try:
            self.store.keep(
                envelope.original_content or b"",
                sender=envelope.mail_from or "",
                recipients=envelope.rcpt_tos,
            )
        except OSError as error:
            return f"452 4.3.1 The sink cannot write: {error.strerror}"
        return "250 2.0.0 Kept"


async def serve(folder: Path, *, port: int, ready: Callable[[int], Any]) -> None:
    """Serves until the process is told to stop; `ready` gets the port, the wanted or the next free one."""
    store = MailStore(folder)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await _listen(store, port)
    try:
        bound = server.sockets[0].getsockname()[1]
        (folder / RECORD).write_text(json.dumps({"host": LOOPBACK, "port": bound}) + "\n")
        ready(bound)
        await stop.wait()
    finally:
        server.close()
        store.close()


async def _listen(store: MailStore, port: int) -> asyncio.Server:
    """Another process may take the free port before this one does: then the next is tried."""
    loop = asyncio.get_running_loop()
    while True:
        wanted = free_port(port)
        try:
            return await loop.create_server(lambda: protocol(store), LOOPBACK, wanted)
        except OSError:
            port = wanted + 1


def protocol(store: MailStore) -> SMTP:
    return SMTP(
        Keeper(store),
        hostname="sink.localhost",
        ident="ESMTP sink, nothing leaves",
        data_size_limit=MOST_BYTES,
        loop=asyncio.get_running_loop(),
    )


def recorded_port(folder: Path) -> int | None:
    """Where the sink of this folder last listened; None when there is no record."""
    try:
        return int(json.loads((folder / RECORD).read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
