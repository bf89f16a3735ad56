"""How much memory a process has needed."""

from __future__ import annotations

import resource


def peak_megabytes() -> float:
    """The most that this process has had at once since it began."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
