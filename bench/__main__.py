"""`python -m bench`: every ratio of one run, each beside its committed baseline, on servers of its own.

TUTTI_BENCH_SCALE (default 1) scales all sizes, TUTTI_BENCH_ROUNDS (default 4) says how often each side is measured.
Names of parts as arguments leave the others out. The part `growth`, which runs only when it is named, does flow and
operations at the size asked for and at ten times that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from bench.report import report
from bench.services import lasting_services

PARTS = {
    "flow": "flow",
    "operations": "operations",
    "difference": "difference",
    "composing": "composing",
    "import": "import_csv",
    "canvas": "canvas",
    "sending": "sending",
}
"""The module of each, by its name as an argument."""
GROWTH = "growth"
GROWING = ("flow", "operations")
TIMES = 10


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - {*PARTS, GROWTH}:
        known = ", ".join((*PARTS, GROWTH))
        sys.stderr.write(f"There is no part {', '.join(sorted(unknown))}; choose among {known}.\n")
        return 2
    figures: dict[str, Any] = {}
    try:
        measure(wanted, figures)
    finally:
        # What was measured before a part failed took its time too.
        print(report(figures))
    return 0


def measure(wanted: Iterable[str], figures: dict[str, Any]) -> None:
    if GROWTH in wanted:
        grown: dict[int, dict[str, Any]] = {1: {}, TIMES: {}}
        for times, found in grown.items():
            measure_parts(GROWING, found, times=times)
        figures[GROWTH] = grown
    if others := [part for part in PARTS if part in wanted]:
        measure_parts(others, figures)


def measure_parts(parts: Iterable[str], figures: dict[str, Any], *, times: int = 1) -> None:
    """Each on servers of their own, at so many times the size asked for."""
    scale = float(os.environ.get("TUTTI_BENCH_SCALE", "1")) * times
    with lasting_services() as environment:
        scaled = {**environment, "TUTTI_BENCH_SCALE": str(scale)}
        for part in parts:
            figures[part] = figures_of(part, scaled)


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
