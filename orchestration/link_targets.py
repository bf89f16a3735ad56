"""Where a tracked link leads for one person: its URL with the values frozen for them with the delivery.

The host is the template's own (`campaigns.content.links` sees to that), so a value can never send anybody
elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import sql

from campaigns.content.links import target_of
from orchestration.models import Delivery
from orchestration.personal_values import nested
from orchestration.working_tables import SCHEMA


def personal_target(url: str, message_id: int) -> str | None:
    """The address to send the recipient of the message to; None when the link leads nowhere safe.

    When the values are gone, as they are some time after the run, what they filled stays empty.
    """
    if "{" not in url:
        return target_of(url, {})
    return target_of(url, frozen_values(message_id))


def frozen_values(message_id: int) -> dict[str, Any]:
    """The values of the message's content as nested mappings: profile, target, variables."""
    delivery = Delivery.objects.only("values", "variables", "values_table").get(messages=message_id)
    row = _row(delivery, message_id) if delivery.values_table and delivery.values else ()
    return nested(delivery.values, row, delivery.variables)


def _row(delivery: Delivery, message_id: int) -> tuple[Any, ...]:
    columns = sql.SQL(", ").join(sql.Identifier(f"v{number}") for number in range(len(delivery.values)))
    query = sql.SQL("SELECT {columns} FROM {table} WHERE message_id = %s").format(
        columns=columns, table=sql.Identifier(SCHEMA, delivery.values_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [message_id])
        return cursor.fetchone() or ()
