"""`python -m config.run`: a whole installation on this machine alone, from nothing, until Ctrl-C.

Brings PostgreSQL and a broker unless DATABASE_URL and BROKER_URL name real ones, prepares the database, and
supervises the children. While it runs, `.local/run.env` holds its settings, so that `manage.py` in another
terminal finds them.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dotenv import dotenv_values

from config.children import Command, commands
from config.embedded.faults import ServicesUnavailableError
from config.embedded.launcher import running_services, start_services
from config.environment import LOCAL, ROOT, RUN_FILE
from config.ports import LOOPBACK, answers, free_port
from config.supervisor import Supervisor

SERVICES = {"DATABASE_URL", "BROKER_URL"}
SINK = "SMTP_HOST"
SINK_PORT = 2525
KEY_BYTES = 48


def main() -> int:
    wanted = _arguments().port
    try:
        return run(wanted)
    except (ServicesUnavailableError, OSError) as error:
        return complain(str(error))


def run(wanted: int) -> int:
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        if not stack.enter_context(only_one(LOCAL / "run.lock")):
            return complain(f"Tutti already runs in this folder; its address is in {RUN_FILE}.")
        chosen = given_settings()
        port = free_port(wanted)
        if port != wanted:
            print(f"Port {wanted} is taken; using {port}.", flush=True)  # noqa: T201
        own = stack.enter_context(embedded_settings(needed=bool(SERVICES - chosen.keys())))
        settings = {**own, **defaults(port), **sink_settings(chosen), **chosen}
        stack.enter_context(published(settings))
        os.environ.update(settings, DJANGO_SETTINGS_MODULE="config.settings")
        sink_port = None if SINK in chosen else int(settings["SMTP_PORT"])
        return prepare() or supervise(commands(port=port, sink_port=sink_port), port, embedded=bool(own))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.run", description="Runs Tutti on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the next free one is taken (default 8000)")
    return parser.parse_args()


def given_settings() -> dict[str, str]:
    """What the environment and `.env` say; empty values say nothing."""
    known = {**dotenv_values(ROOT / ".env"), **os.environ}
    names = {line.partition("=")[0] for line in (ROOT / ".env.example").read_text().splitlines()}
    return {name: value for name, value in known.items() if name in names and value}


@contextmanager
def embedded_settings(*, needed: bool) -> Iterator[dict[str, str]]:
    if not needed:
        yield {}
        return
    with running_services(LOCAL, ephemeral=False) as services:
        yield {"DATABASE_URL": services.database_url, "BROKER_URL": services.broker_url}


def defaults(port: int) -> dict[str, str]:
    return {"SECRET_KEY": kept_secret(LOCAL / "secret.key"), "PUBLIC_BASE_URL": f"http://{LOOPBACK}:{port}"}


def sink_settings(chosen: dict[str, str]) -> dict[str, str]:
    """Whoever names a mail server of their own gets no sink."""
    return {} if SINK in chosen else {SINK: LOOPBACK, "SMTP_PORT": str(free_port(SINK_PORT))}


def kept_secret(path: Path) -> str:
    """The same at every start: sessions and links already sent stay valid."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(KEY_BYTES))
    return path.read_text().strip()


@contextmanager
def published(settings: dict[str, str]) -> Iterator[None]:
    write_private(RUN_FILE, "".join(f"{name}='{value}'\n" for name, value in sorted(settings.items())))
    try:
        yield
    finally:
        RUN_FILE.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """False when another process holds it; the kernel lets go when the holder dies."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def prepare() -> int:
    command = [sys.executable, "manage.py", "prepare", "--first-admin", "--verbosity", "0"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603


def supervise(children: tuple[Command, ...], port: int, *, embedded: bool) -> int:
    supervisor = Supervisor(children, upkeep=restart_dead_services if embedded else None)
    supervisor.listen_to_signals()
    threading.Thread(target=announce, args=(supervisor, port), daemon=True).start()
    supervisor.run()
    return 0


def restart_dead_services() -> None:
    start_services(LOCAL)


def announce(supervisor: Supervisor, port: int) -> None:
    while not answers(port):
        time.sleep(0.1)
    supervisor.say("tutti", f"ready at http://{LOOPBACK}:{port}/ (Ctrl-C ends it)")


def complain(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
