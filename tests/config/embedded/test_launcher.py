from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import dj_database_url
import psycopg
import pytest

from config.embedded.accounts import Account, service_account
from config.embedded.faults import ServicesUnavailableError
from config.embedded.launcher import running_services, start_services, stop_services
from config.embedded.processes import Server, fingerprint, wait_until
from config.embedded.record import read_record, write_record
from config.environment import ROOT
from tests.config.embedded.conftest import STARTER, clear, start_elsewhere

SECONDS = 30


def remember(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")


def remembered(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def kill(server: Server | None) -> None:
    assert server
    os.kill(server.pid, signal.SIGKILL)
    assert wait_until(lambda: not server.alive, seconds=SECONDS)


def test_a_damaged_record_names_the_file_and_the_remedy(folder: Path) -> None:
    folder.mkdir()
    (folder / "services.json").write_text("{")
    with pytest.raises(ServicesUnavailableError, match=r"services\.json is damaged.*delete it"):
        start_services(folder)
    (folder / "services.json").unlink()


def test_a_process_that_is_not_ours_is_never_signalled(folder: Path) -> None:
    start_services(folder)
    ours = read_record(folder)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        imposter = Server(stranger.pid, "1 somebody else")
        write_record(folder, type(ours)(ours.home, ours.sockets, imposter, ours.broker))
        stop_services(folder)
        assert stranger.poll() is None
        stranger.kill()
    ours.postgresql.end(signal.SIGINT)


def test_a_stranger_with_the_pid_of_a_stale_lock_does_not_stop_a_start(folder: Path) -> None:
    start_services(folder)
    record = read_record(folder)
    kill(record.postgresql)
    lock = record.home / "postgresql" / "postmaster.pid"
    lines = lock.read_text().split("\n")
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert ask(start_services(folder).database_url, "SELECT 1") == 1


def test_the_callers_own_variables_do_not_reach_the_servers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "xx_XX")
    assert ask(start_services(folder).database_url, "SHOW port") == "5432"


def test_neither_server_opens_a_port(folder: Path) -> None:
    services = start_services(folder)
    assert ask(services.database_url, "SHOW listen_addresses") == ""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(services.broker_url.removeprefix("redis+socket://"))
        line.sendall(b"CONFIG GET port\r\n")
        assert line.recv(100).endswith(b"$1\r\n0\r\n")


def test_nobody_else_may_enter_the_socket_folder(folder: Path) -> None:
    start_services(folder)
    assert read_record(folder).sockets.stat().st_mode & 0o077 == 0


def test_the_cluster_uses_the_builtin_locale(folder: Path) -> None:
    question = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'tutti'"
    assert ask(start_services(folder).database_url, question) == "b C.UTF-8"


def test_django_reads_the_address_as_a_socket_folder(folder: Path) -> None:
    parsed = dj_database_url.parse(start_services(folder).database_url)
    assert Path(parsed["HOST"]) == read_record(folder).sockets
    assert (parsed["USER"], parsed["NAME"]) == ("tutti", "tutti")


def test_a_second_start_joins_the_first(folder: Path) -> None:
    with running_services(folder, ephemeral=False) as first:
        pid = read_record(folder).postgresql.pid
        with running_services(folder, ephemeral=False) as second:
            assert second == first
        assert read_record(folder).postgresql.pid == pid
        assert ask(first.database_url, "SELECT 1") == 1


def test_servers_in_use_elsewhere_are_not_stopped(folder: Path) -> None:
    with running_services(folder, ephemeral=False) as services:
        assert not stop_services(folder)
        assert ask(services.database_url, "SELECT 1") == 1


def test_the_last_to_leave_stops_the_servers(folder: Path) -> None:
    with running_services(folder, ephemeral=False):
        record = read_record(folder)
    assert not record.postgresql.alive
    assert not record.broker.alive


def test_two_starters_at_once_start_one_pair(folder: Path) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(start_services, [folder, folder])
    assert first == second
    assert ask(first.database_url, "SELECT count(*) FROM pg_database WHERE datname = 'tutti'") == 1


def test_killed_postgresql_keeps_its_data(folder: Path) -> None:
    services = start_services(folder)
    remember(services.database_url)
    kill(read_record(folder).postgresql)
    again = start_services(folder)
    assert again == services
    assert remembered(again.database_url) == 1000


def test_a_stopped_pair_keeps_its_data(folder: Path) -> None:
    with running_services(folder, ephemeral=False) as services:
        remember(services.database_url)
    with running_services(folder, ephemeral=False) as services:
        assert remembered(services.database_url) == 1000


def test_a_swept_socket_folder_is_replaced(folder: Path) -> None:
    services = start_services(folder)
    remember(services.database_url)
    subprocess.run(["rm", "-rf", str(read_record(folder).sockets)], check=True)
    assert remembered(start_services(folder).database_url) == 1000


@pytest.mark.parametrize("name", ["x" * 60 + "/" + "y" * 60 + "/" + "z" * 60, "캠페인 묶음 '$(id)' \"q\""])
def test_servers_start_in_awkward_paths(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name
    services = start_services(directory)
    assert ask(services.database_url, "SELECT 1") == 1
    clear(directory)


def test_ephemeral_servers_leave_nothing_behind(tmp_path: Path) -> None:
    directory = tmp_path / "passing"
    with running_services(directory, ephemeral=True):
        record = read_record(directory)
    assert not any(path.exists() for path in (directory, record.home, record.sockets))


def test_a_killed_starter_leaves_no_server_and_no_ephemeral_file(tmp_path: Path) -> None:
    directory = tmp_path / "passing"
    with start_elsewhere(directory, "ephemeral") as starter:
        starter.stdout.readline()
        record = read_record(directory)
        starter.kill()
    assert wait_until(lambda: not directory.exists(), seconds=SECONDS)
    assert fingerprint(record.postgresql.pid) is None
    assert fingerprint(record.broker.pid) is None
    assert not any(path.exists() for path in (record.home, record.sockets))


def test_a_killed_starter_keeps_lasting_data(folder: Path) -> None:
    with start_elsewhere(folder, "lasting") as starter:
        remember(starter.stdout.readline().strip())
        record = read_record(folder)
        starter.kill()
    assert wait_until(lambda: fingerprint(record.postgresql.pid) is None, seconds=SECONDS)
    assert remembered(start_services(folder).database_url) == 1000


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root can show what root does")
def test_root_lends_the_servers_an_account_that_reaches_no_closed_home(tmp_path: Path) -> None:
    home = tmp_path / "closed home"
    home.mkdir(mode=0o700)
    services = start_services(home / "local")
    owner = read_record(home / "local").home.stat().st_uid
    assert owner == service_account().uid != 0
    assert ask(services.database_url, "SELECT 1") == 1
    clear(home / "local")


def reads(user: Account, path: Path) -> bool:
    asked = ["/bin/sh", "-c", 'test -r "$1"', "sh", str(path)]
    return subprocess.run(asked, cwd="/", check=False, **user.credentials).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: this user cannot become another")
def test_a_normal_user_keeps_the_data_in_the_folder_given() -> None:
    entry = next(entry for entry in pwd.getpwall() if entry.pw_uid and entry.pw_name != "nobody")
    user = Account(entry.pw_uid, entry.pw_gid, lent=True)
    if not (user.can_run(Path(sys.executable)) and reads(user, ROOT / "manage.py")):
        pytest.skip("NOT RUN: a normal user cannot reach this Python or this checkout")
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        user.own(folder)
        answer = subprocess.run(
            [sys.executable, "-c", STARTER, str(folder / "local"), "lasting"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            **user.credentials,
        )
        assert answer.stdout.startswith("postgresql://tutti@")
        assert (folder / "local" / "postgresql").stat().st_uid == user.uid
