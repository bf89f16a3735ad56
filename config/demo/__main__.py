"""Brings up an installation, unless one runs in this folder, has the story told in it, and stays until Ctrl-C.

Without a terminal it ends after the story, so that a script can run it; DEMO_STAY=1 makes it stay.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from dotenv import dotenv_values

from config.environment import LOCAL, ROOT, RUN_FILE

START_SECONDS = 180
LOG = LOCAL / "demo.log"


def main() -> int:
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    with installation() as started:
        if not started:
            sys.stderr.write(f"The installation did not start; {LOG} says why.\n")
            return 1
        status = subprocess.run([sys.executable, "manage.py", "tell_demo"], cwd=ROOT, check=False).returncode
        if status == 0:
            stay() if stays() else say("It ends with this program; `make run` brings it back as it is.")
        return status


@contextmanager
def installation() -> Iterator[bool]:
    """Whether one answers: that which runs already, or one of our own that ends with the block."""
    if answers():
        yield True
        return
    process = start()
    try:
        yield wait_for(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def start() -> subprocess.Popen[bytes]:
    say("Starting PostgreSQL, a broker, workers, beat, the web server and a mail sink …")
    with LOG.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_for(process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers():
            return True
        time.sleep(0.2)
    return False


def answers() -> bool:
    """Whether the installation of this folder serves its health page and the mail sink listens."""
    base = dotenv_values(RUN_FILE).get("PUBLIC_BASE_URL") if RUN_FILE.exists() else None
    if not base or urlsplit(base).scheme != "http" or not Path(LOCAL / "mail" / "sink.json").exists():
        return False
    try:
        with urlopen(f"{base}/health/", timeout=2) as answer:  # noqa: S310 - loopback, checked above
            return bool(answer.status == 200)  # noqa: PLR2004
    except (URLError, OSError):
        return False


def stays() -> bool:
    return sys.stdin.isatty() or os.environ.get("DEMO_STAY") == "1"


def stay() -> None:
    say("It keeps running until Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        say("\nStopping …")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
