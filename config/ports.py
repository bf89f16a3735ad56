"""Finding a loopback port that nobody listens on."""

from __future__ import annotations

import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"
TRIES = 100


def free_port(wanted: int) -> int:
    """The wanted one, or the next free above it; OSError when a hundred are taken."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if _is_free(port):
            return port
    raise OSError(
        f"No free port from {wanted} to {wanted + TRIES - 1} on {LOOPBACK}; name another with --port."
    )


def answers(port: int) -> bool:
    with closing(socket.socket()) as line:
        line.settimeout(1)
        return line.connect_ex((LOOPBACK, port)) == 0


def _is_free(port: int) -> bool:
    """Bound, not merely connected to: a listener on every interface refuses the bind as well."""
    with closing(socket.socket()) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
