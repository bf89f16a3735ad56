"""Two locks of one folder: `starting` admits one starter or stopper, `users` counts who needs the servers.

The kernel drops both when their holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def starting(directory: Path) -> Iterator[None]:
    handle = _open(directory / "starting.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def join_users(directory: Path) -> int:
    """A handle that counts as one user until it is closed."""
    handle = _open(directory / "users.lock")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def has_users(directory: Path) -> bool:
    handle = _open(directory / "users.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
