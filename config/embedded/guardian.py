"""Outlives a starter that is killed: when the pipe from it closes, the servers it left behind are ended.

Run as `python -m config.embedded.guardian <folder> keep|remove`, standard input being the pipe.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from config.embedded.shutdown import stop_unless_used

ROOT = Path(__file__).resolve().parent.parent.parent


def start_guardian(directory: Path, *, remove: bool) -> subprocess.Popen[bytes]:
    """Closing the `stdin` of what is returned, or dying, wakes the guardian."""
    command = [
        sys.executable,
        "-m",
        "config.embedded.guardian",
        str(directory),
        "remove" if remove else "keep",
    ]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603


def dismiss_guardian(guardian: subprocess.Popen[bytes]) -> None:
    guardian.communicate()


def main() -> None:
    directory, afterwards = sys.argv[1:]
    sys.stdin.buffer.read()
    stop_unless_used(Path(directory), remove=afterwards == "remove")


if __name__ == "__main__":
    main()
