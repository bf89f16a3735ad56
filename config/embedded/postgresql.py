"""One private PostgreSQL cluster: made, started on a Unix socket alone, its database created."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.accounts import Account
from config.embedded.faults import ServicesUnavailableError
from config.embedded.processes import NAP, Server, fingerprint, plain_environment, start
from config.embedded.programs import Programs

NAME = "tutti"
PORT = 5432
ATTEMPTS = 10
READY_SECONDS = 120
MIB = 1024 * 1024


def address(sockets: Path) -> str:
    """The socket folder stands percent-encoded where a host would: libpq and Django both read that."""
    host = str(sockets).replace("/", "%2F")
    return f"postgresql://{NAME}@{host}:{PORT}/{NAME}"


def start_postgresql(
    home: Path, sockets: Path, *, programs: Programs, account: Account, lasting: bool
) -> Server:
    data = home / "postgresql"
    if not data.exists():
        _create_cluster(data, programs=programs, account=account, lasting=lasting)
    _remove_stale_lock(data)
    server = _start_patiently(data, sockets, programs=programs, account=account, lasting=lasting)
    _create_database(sockets)
    return server


def stop_postgresql(server: Server) -> None:
    """Fast, then immediate: sessions are cut, nothing committed is lost."""
    server.end(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, patience=30)


def _create_cluster(data: Path, *, programs: Programs, account: Account, lasting: bool) -> None:
    """Made aside and renamed, so that a kill in the middle leaves no half cluster to start from."""
    draft = data.with_name(f"{data.name}.new-{os.getpid()}")
    command = [
        str(programs.initdb),
        f"--pgdata={draft}",
        f"--username={NAME}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    answer = subprocess.run(  # noqa: S603
        [*command, "--no-sync"] if not lasting else command,
        cwd="/",
        env=plain_environment(),
        check=False,
        capture_output=True,
        text=True,
        **account.credentials,
    )
    if answer.returncode:
        raise ServicesUnavailableError(
            f"initdb could not make a cluster in {data.parent}: {answer.stderr.strip()}"
        )
    draft.rename(data)


def _remove_stale_lock(data: Path) -> None:
    """After a crash a stranger may have the pid in the lock; PostgreSQL would refuse to start for good."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if str(data) not in (fingerprint(pid) or ""):
        lock.unlink()


def _start_patiently(
    data: Path, sockets: Path, *, programs: Programs, account: Account, lasting: bool
) -> Server:
    """Sessions of a killed server hold its shared memory for a moment; a start meanwhile is refused."""
    log = data.parent / "postgresql.log"
    command = [str(programs.postgres), "-D", str(data), *_settings(sockets, lasting=lasting)]
    for _ in range(ATTEMPTS):
        server = start(command, account=account, folder=data, log=log)
        if _becomes_ready(server, data):
            return server
        time.sleep(1)
    raise ServicesUnavailableError(f"PostgreSQL does not start. Its log says why: {log}\n{_tail(log)}")


def _becomes_ready(server: Server, data: Path) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while server.alive and time.monotonic() < deadline:
        if _says_ready(server, data):
            return True
        time.sleep(NAP)
    return False


def _says_ready(server: Server, data: Path) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(server.pid) and any(line.strip() == "ready" for line in lines[1:])


def _settings(sockets: Path, *, lasting: bool) -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "100",
        "shared_buffers": f"{_bounded(memory // 16, least=128, most=1024 if lasting else 128)}MB",
        "effective_cache_size": f"{_bounded(memory // 2, least=256, most=16384)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{_bounded(memory // 64, least=64, most=256)}MB",
        "max_wal_size": "4GB" if lasting else "1GB",
        # Lower, the planner reads half a table through an index: four times slower than a plain scan.
        "random_page_cost": "4",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_parallel_workers_per_gather": "2",
    }
    if not lasting:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _bounded(value: int, *, least: int, most: int) -> int:
    return max(least, min(value, most))


def _create_database(sockets: Path) -> None:
    maintenance = address(sockets).rpartition("/")[0] + "/postgres"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
