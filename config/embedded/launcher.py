"""The way into this package: starts, finds again and stops both servers of one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from config.embedded import broker, postgresql
from config.embedded.accounts import Account, service_account
from config.embedded.guardian import dismiss_guardian, start_guardian
from config.embedded.locks import join_users, starting
from config.embedded.places import is_private, lasting_home, passing_home, sockets_folder
from config.embedded.programs import usable_programs
from config.embedded.record import Record, read_record, write_record
from config.embedded.shutdown import stop_servers, stop_unless_used


@dataclass(frozen=True)
class Services:
    """Addresses of the running servers, as `DATABASE_URL` and `BROKER_URL` want them."""

    database_url: str
    broker_url: str


@contextmanager
def running_services(directory: Path, *, ephemeral: bool) -> Iterator[Services]:
    """Starts the servers of `directory`, or joins those that run; the last to leave stops them.

    Ephemeral ones keep nothing: no fsync, their files and `directory` itself deleted at the end, also when
    this process is killed. ServicesUnavailableError says what to do.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    guardian = start_guardian(directory, remove=ephemeral)
    with starting(directory):
        user = join_users(directory)
        services = None
        try:
            services = _ensure(directory, lasting=not ephemeral)
        finally:
            if services is None:
                os.close(user)
    try:
        yield services
    finally:
        os.close(user)
        stop_unless_used(directory, remove=ephemeral)
        dismiss_guardian(guardian)


def start_services(directory: Path) -> Services:
    """Starts what does not run of a lasting pair, at the addresses it had; cheap when both run."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with starting(directory):
        return _ensure(directory, lasting=True)


def stop_services(directory: Path) -> bool:
    """False when another process still uses them, and then nothing is stopped."""
    return stop_unless_used(directory)


def _ensure(directory: Path, *, lasting: bool) -> Services:
    record = read_record(directory)
    if record is None or not record.complete or not record.sockets.exists():
        record = _start_missing(directory, record, lasting=lasting)
    return Services(postgresql.address(record.sockets), broker.address(record.sockets))


def _start_missing(directory: Path, known: Record | None, *, lasting: bool) -> Record:
    """Recorded after each server, so that a kill in between leaves none unknown."""
    account = service_account()
    record = _reusable(directory, known, account) or _fresh(directory, account, lasting=lasting)
    write_record(directory, record)
    programs = usable_programs(record.home, account)
    if record.postgresql is None:
        server = postgresql.start_postgresql(
            record.home, record.sockets, programs=programs, account=account, lasting=lasting
        )
        record = replace(record, postgresql=server)
        write_record(directory, record)
    if record.broker is None:
        server = broker.start_broker(record.home, record.sockets, programs=programs, account=account)
        record = replace(record, broker=server)
        write_record(directory, record)
    return record


def _fresh(directory: Path, account: Account, *, lasting: bool) -> Record:
    home = lasting_home(directory, account) if lasting else passing_home(account)
    return Record(home, sockets_folder(account))


def _reusable(directory: Path, known: Record | None, account: Account) -> Record | None:
    """A server whose socket folder was swept away runs on unheard: it is ended and starts in a new one."""
    if known is None:
        return None
    if is_private(known.sockets, account):
        return known.without_the_dead()
    return replace(stop_servers(directory, known), sockets=sockets_folder(account))
