"""Between the columns that a set of people carries and the JSON kept of them beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.targeting.schema import Column, FieldType


def column_to_data(column: Column) -> dict[str, Any]:
    return {
        "slug": column.slug,
        "name": column.name,
        "type": str(column.type),
        "label": str(column.label),
        "stored_zone": column.stored_zone,
    }


def column_from_data(data: Mapping[str, Any]) -> Column:
    return Column(
        slug=data["slug"],
        name=data["name"],
        type=FieldType(data["type"]),
        label=data["label"],
        stored_zone=data.get("stored_zone", ""),
    )


def columns_from_data(listed: Iterable[Mapping[str, Any]]) -> dict[str, Column]:
    """By slug, in their order."""
    return {data["slug"]: column_from_data(data) for data in listed}
