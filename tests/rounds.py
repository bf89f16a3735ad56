"""How many generated cases a test tries: usually a part of those it tries with TUTTI_FAULTS=full."""

from __future__ import annotations

import os

FULL = os.environ.get("TUTTI_FAULTS") == "full"


def rounds(daily: int, full: int) -> int:
    return full if FULL else daily
