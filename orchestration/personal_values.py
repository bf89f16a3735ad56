"""The values frozen with a message, as its templates name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def nested(paths: Sequence[str], values: Sequence[Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """{"profile": {"first_name": …}, "target": {…}, "variables": {…}}; paths beyond the values stay empty."""
    found: dict[str, Any] = {"profile": {}, "target": {}, "variables": dict(variables)}
    for path, value in zip(paths, values, strict=False):
        root, _dot, name = path.partition(".")
        found[root][name] = value
    return found
