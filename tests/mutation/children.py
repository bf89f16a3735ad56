"""Processes that do one thing and hand back one value, or are ended when they take too long."""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")


def in_child(work: Callable[[], Result], limit: float) -> Result | None:
    """What `work` returned in a process forked from this one, None if that ended otherwise; TimeoutError."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing)
    os.close(writing)
    _lead_a_group(child)
    try:
        return _read(reading, limit)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)


def _answer(work: Callable[[], Result], writing: int) -> None:
    """Ends without the parent's clearing up, which is the parent's to do."""
    _lead_a_group(0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with os.fdopen(writing, "wb") as stream:
            stream.write(pickle.dumps(work()))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


def _lead_a_group(process: int) -> None:
    """Said by both sides, whoever comes first, so that what the child starts ends with it."""
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(process, 0)


def _read(reading: int, limit: float) -> Result | None:
    parts = []
    while select.select([reading], [], [], limit)[0]:
        part = os.read(reading, 1 << 20)
        if not part:
            return _loaded(b"".join(parts))
        parts.append(part)
    raise TimeoutError


def _loaded(answer: bytes) -> Any:
    return pickle.loads(answer) if answer else None  # noqa: S301 - written by this process's own child
