"""Whom an audience of listed members gives: those whose row is there, those whose row is gone, everybody else."""

from __future__ import annotations

from typing import Any

from tests.oracle_activities.lookup import KEYS, Rows

People = dict[Any, dict[str, Any]]


def read(rows: Rows, table: str, members: People, kept: list[str]) -> tuple[People, People, People]:
    """The people of `main`, `missing` and `complement`."""
    keys = {row[KEYS[table]] for row in rows[table]}
    carried = {key: {name: values[name] for name in kept} for key, values in members.items()}
    main = {key: values for key, values in carried.items() if key in keys}
    missing = {key: values for key, values in carried.items() if key not in keys}
    return main, missing, {key: {} for key in keys if key not in main}
