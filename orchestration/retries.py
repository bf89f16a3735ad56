"""When a message that was deferred is tried again: exponential, with full jitter, never soon, never after a day."""

from __future__ import annotations

from random import SystemRandom

FIRST_SECONDS = 30.0
MOST_SECONDS = 4 * 3600.0

_random = SystemRandom()


def retry_delay(attempts: int) -> float:
    """Seconds to wait after the `attempts`-th attempt failed."""
    ceiling = min(MOST_SECONDS, FIRST_SECONDS * 2 ** min(attempts, 20))
    return FIRST_SECONDS + _random.uniform(0, ceiling - FIRST_SECONDS)
