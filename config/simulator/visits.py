"""Makes the visits, each at its time and from its own loopback address, and writes down who each truly was."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from config.simulator.habits import Visit

WORKERS = 24


def make_visits(visits: Sequence[Visit], *, truth: Path, began: float | None = None) -> int:
    """Make every visit `after` seconds past `began` (time.monotonic, now by default); how many were answered.

    `truth` gets one JSON line for each visit that was answered: url, method, address, agent, who it was. Only
    what judges the product may read it.
    """
    start = time.monotonic() if began is None else began
    lock = threading.Lock()
    with truth.open("a", encoding="utf-8") as file, ThreadPoolExecutor(WORKERS) as pool:

        def make(visit: Visit) -> int:
            time.sleep(max(0.0, start + visit.after - time.monotonic()))
            if not _request(visit):
                return 0
            with lock:
                file.write(json.dumps(_told(visit)) + "\n")
            return 1

        return sum(pool.map(make, visits))


def _request(visit: Visit) -> bool:
    """Redirects are not followed: where they lead is no concern of a simulation."""
    parts = urlsplit(visit.url)
    line = HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=20, source_address=(visit.address, 0)
    )
    try:
        line.request(visit.method, parts.path, headers={"User-Agent": visit.agent})
        answer = line.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return False
    else:
        return answer.status < HTTPStatus.BAD_REQUEST
    finally:
        line.close()


def _told(visit: Visit) -> dict[str, str]:
    return {
        "url": visit.url,
        "method": visit.method,
        "address": visit.address,
        "agent": visit.agent,
        "truth": visit.truth,
        "habit": visit.habit,
    }


def read_truth(path: Path) -> Iterable[dict[str, str]]:
    """The lines of the file of truth, for whoever may read it."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)
