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

from config.embedded.launcher import running_services


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded.lend")
    parser.add_argument("--prefix", default="", help="put before the names of both variables")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    arguments = parser.parse_args()
    with running_services(Path(tempfile.mkdtemp(prefix="tutti-lent-")), ephemeral=True) as services:
        os.environ[f"{arguments.prefix}DATABASE_URL"] = services.database_url
        os.environ[f"{arguments.prefix}BROKER_URL"] = services.broker_url
        return subprocess.run(arguments.command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
