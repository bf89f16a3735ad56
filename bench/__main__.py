"""`python -m bench`: every ratio of one run, each beside its committed baseline, on servers of its own.

TUTTI_BENCH_SCALE (default 1) scales all sizes. Names of parts (`flow`, `operations`, `import`, `sending`) as arguments
leave the others out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.report import report
from bench.services import lasting_services

PARTS = {"flow": "flow", "operations": "operations", "import": "import_csv", "sending": "sending"}
"""The module of each, by its name as an argument."""


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - PARTS.keys():
        sys.stderr.write(f"There is no part {', '.join(sorted(unknown))}; choose among {', '.join(PARTS)}.\n")
        return 2
    with lasting_services() as environment:
        figures = {part: figures_of(part, environment) for part in PARTS if part in wanted}
    print(report(figures))
    return 0


def figures_of(part: str, environment: Mapping[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", f"bench.{PARTS[part]}"]
    answer = subprocess.run(
        command,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise SystemExit(f"{part} ended with {answer.returncode}; what it said stands above.")
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
