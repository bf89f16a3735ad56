"""Knows which requests the server of the tests is still answering."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started

STILL = 0.3
"""Seconds without a request, after which none is on its way from a window that was closed."""


class Service:
    """Counts requests between their beginning and their end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._last = time.monotonic()

    def began(self, **_signal: Any) -> None:
        self._count(1)

    def ended(self, **_signal: Any) -> None:
        self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._running += step
            self._last = time.monotonic()

    def is_still(self) -> bool:
        with self._lock:
            return self._running == 0 and time.monotonic() - self._last > STILL


@contextmanager
def watched_service() -> Iterator[Service]:
    service = Service()
    request_started.connect(service.began, weak=False)
    request_finished.connect(service.ended, weak=False)
    try:
        yield service
    finally:
        request_started.disconnect(service.began)
        request_finished.disconnect(service.ended)
