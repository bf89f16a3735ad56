"""Lends servers to one command: `python -m config.embedded.lend [--prefix P] -- command …`.

The command finds their addresses in DATABASE_URL and BROKER_URL, each with the prefix before its name.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from config.embedded.faults import ServicesUnavailableError
from config.embedded.launcher import running_services


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded.lend")
    parser.add_argument("--prefix", default="", help="put before the names of both variables")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    arguments = parser.parse_args()
    try:
        return lend(arguments.command, prefix=arguments.prefix)
    except ServicesUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def lend(command: list[str], *, prefix: str) -> int:
    with running_services(Path(tempfile.mkdtemp(prefix="tutti-lent-")), ephemeral=True) as services:
        os.environ[f"{prefix}DATABASE_URL"] = services.database_url
        os.environ[f"{prefix}BROKER_URL"] = services.broker_url
        return subprocess.run(command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
