"""The permission matrix as it is written down: who gets which status at which route."""

from __future__ import annotations

from pathlib import Path

from tests.config.admin.offices import ROLES

MATRIX = Path(__file__).with_name("permission_matrix.txt")


def expected() -> dict[tuple[str, str], dict[str, int]]:
    """Statuses by role, for each (route, method)."""
    lines = (line.split() for line in MATRIX.read_text().splitlines() if line and not line.startswith("#"))
    return {(name, method): dict(zip(ROLES, map(int, codes), strict=True)) for name, method, *codes in lines}
