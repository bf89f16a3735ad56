"""Which processes make up an installation, and their commands; `compose.yaml` runs the same ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from config import queues

CELERY = ("celery", "--quiet", "-A", "config.celery")
WORKER = (*CELERY, "worker", "--without-gossip", "--without-mingle")
LIMITS = ("--soft-time-limit", "150", "--time-limit", "180")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Command:
    """A Python module with arguments, under the name its log lines carry."""

    name: str
    module: tuple[str, ...]

    @property
    def line(self) -> list[str]:
        return [sys.executable, "-m", *self.module]


def commands(*, port: int, sink_port: int | None = None) -> tuple[Command, ...]:
    """In the order of their start; they are stopped in the opposite order. Without a port, no sink."""
    return (
        *((Command("sink", sink(port=sink_port)),) if sink_port else ()),
        Command("web", web(host=LOOPBACK, port=port)),
        Command("engine", engine()),
        Command("sender", sender()),
        Command("beat", beat()),
    )


def sink(*, port: int) -> tuple[str, ...]:
    """Keeps all mail and sends none on: for trying Tutti out, never for production."""
    return ("django", "sink", "--port", str(port))


def web(*, host: str, port: int) -> tuple[str, ...]:
    """Each blocking thread may hold a database connection: 2 x 4 of the server's 100."""
    threads = ("--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws")
    return (
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        *threads,
        "config.wsgi:application",
    )


def engine() -> tuple[str, ...]:
    """Without a time limit: a statement over millions of rows takes what it takes, and can be cancelled."""
    return (*WORKER, "-n", "engine@%h", "-Q", queues.ENGINE, "-c", "2")


def sender() -> tuple[str, ...]:
    return (*WORKER, "-n", "sender@%h", "-Q", f"{queues.EMAIL},{queues.DEFAULT}", "-c", "2", *LIMITS)


def beat() -> tuple[str, ...]:
    return (*CELERY, "beat", "--pidfile=")
