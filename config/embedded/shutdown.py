"""Ending what a record names; light enough to be done by the guardian, which imports no database driver."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path

from config.embedded.locks import has_users, starting
from config.embedded.record import Record, read_record, write_record

FAST_THEN_HARD = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
SOFT_THEN_HARD = (signal.SIGTERM, signal.SIGKILL)


def stop_unless_used(directory: Path, *, remove: bool = False) -> bool:
    """False when another process still uses the servers. `remove` deletes their files and the folder too."""
    if not directory.exists():
        return True
    with starting(directory):
        if has_users(directory):
            return False
        record = read_record(directory)
        if record:
            stop_servers(directory, record)
        if remove:
            _remove(directory, record)
    return True


def stop_servers(directory: Path, record: Record) -> Record:
    if record.postgresql:
        record.postgresql.end(*FAST_THEN_HARD, patience=30)
    if record.broker:
        record.broker.end(*SOFT_THEN_HARD)
    shutil.rmtree(record.sockets, ignore_errors=True)
    stopped = replace(record, postgresql=None, broker=None)
    write_record(directory, stopped)
    return stopped


def _remove(directory: Path, record: Record | None) -> None:
    if record:
        shutil.rmtree(record.home, ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)
