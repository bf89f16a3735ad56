"""One private Valkey, the broker of Celery's hints. It appends to disk, so a restart keeps the queue."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from config.embedded.accounts import Account
from config.embedded.faults import ServicesUnavailableError
from config.embedded.processes import Server, start, wait_until
from config.embedded.programs import Programs

READY_SECONDS = 60


def address(sockets: Path) -> str:
    return f"redis+socket://{_socket(sockets)}"


def start_broker(home: Path, sockets: Path, *, programs: Programs, account: Account) -> Server:
    """Started inside its data folder: a path among the settings would be split at its blanks."""
    data = home / "broker"
    data.mkdir(mode=0o700, exist_ok=True)
    account.own(data)
    log = home / "broker.log"
    server = start([str(programs.broker), *_settings(sockets)], account=account, folder=data, log=log)
    wait_until(lambda: not server.alive or _answers(sockets), seconds=READY_SECONDS)
    if not server.alive:
        raise ServicesUnavailableError(f"The broker does not start. Its log says why: {log}")
    return server


def stop_broker(server: Server) -> None:
    server.end(signal.SIGTERM, signal.SIGKILL)


def _socket(sockets: Path) -> Path:
    return sockets / "broker.sock"


def _settings(sockets: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(_socket(sockets)),
        "unixsocketperm": "700",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        # Its command line is how a later process knows it again.
        "set-proc-title": "no",
    }
    return [*(part for name, value in settings.items() for part in (f"--{name}", value)), "--save", ""]


def _answers(sockets: Path) -> bool:
    """PONG, not LOADING: after a restart it first reads its file."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(_socket(sockets)))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
