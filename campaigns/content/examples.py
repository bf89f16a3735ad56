"""What a column that is made in the flow holds where no run has made it yet: one example for each type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.targeting.schema import FieldType

EXAMPLES: Mapping[FieldType, Any] = {
    FieldType.TEXT: "Example",
    FieldType.INTEGER: 3,
    FieldType.DECIMAL: Decimal("12.50"),
    FieldType.FLOAT: 1.5,
    FieldType.BOOLEAN: True,
    FieldType.DATE: date(2018, 1, 31),
    FieldType.DATETIME: datetime(2018, 1, 31, 9, 30, tzinfo=UTC),
    FieldType.UUID: UUID(int=1),
    FieldType.JSON: [],
}
