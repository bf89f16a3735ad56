"""The views themselves: one of messages and one of events for each dimension, in schema `feedback`.

They take no parameter: the dimension stands in them as a constant, and the recipient's key is cast back to
the type it has in the company's table, so that a rule joins it like any other column. Test runs are not in
them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from psycopg import sql

from campaigns.models import TargetingDimension
from campaigns.targeting.schema import FieldType
from orchestration.feedback.columns import EVENT_COLUMNS, KEY, MESSAGE_COLUMNS, ViewColumn

SCHEMA = "feedback"
NATIVE = {FieldType.INTEGER: "bigint", FieldType.UUID: "uuid", FieldType.TEXT: "text"}
_LONGEST_NAME = 63

# What an author does not ask for costs nothing: an unused LEFT JOIN to a unique row is planned away.
_FROM_MESSAGES = sql.SQL("""
FROM orchestration_message m
JOIN orchestration_delivery d ON d.id = m.delivery_id
JOIN campaigns_campaign c ON c.id = d.campaign_id
LEFT JOIN orchestration_activityrun r ON r.id = d.activity_run_id
WHERE m.dimension_id = {dimension} AND d.kind = 'live'
""")

# Only verdicts on software are joined, which are few, and those of the campaign's own deliveries.
_FROM_EVENTS = sql.SQL("""
FROM orchestration_messageevent e
JOIN orchestration_delivery d ON d.id = e.delivery_id
JOIN campaigns_campaign c ON c.id = d.campaign_id
LEFT JOIN orchestration_activityrun r ON r.id = d.activity_run_id
LEFT JOIN orchestration_trackedlink l ON l.delivery_id = e.delivery_id AND l.number = e.link_number
LEFT JOIN orchestration_eventverdict v
       ON v.delivery_id = e.delivery_id AND v.event_id = e.id AND v.occurred_at = e.occurred_at AND v.bot
WHERE e.dimension_id = {dimension} AND d.kind = 'live'
""")


def view_name(dimension: TargetingDimension, what: str) -> str:
    """`household_messages`; a slug too long for that gives way to the dimension's number."""
    name = f"{dimension.slug}_{what}"
    return name if len(name) <= _LONGEST_NAME else f"dimension_{dimension.pk}_{what}"


def make_views(dimension: TargetingDimension) -> None:
    """Make both views, or make them anew; a key of another type changes their columns."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        drop_views(dimension)
        cursor.execute(_create(dimension, "messages", MESSAGE_COLUMNS, _FROM_MESSAGES))
        cursor.execute(_create(dimension, "events", EVENT_COLUMNS, _FROM_EVENTS))


def drop_views(dimension: TargetingDimension) -> None:
    names = [sql.Identifier(SCHEMA, view_name(dimension, what)) for what in ("messages", "events")]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.SQL(", ").join(names)))


def _create(
    dimension: TargetingDimension, what: str, columns: Sequence[ViewColumn], source: sql.SQL
) -> sql.Composed:
    selected = [
        sql.SQL("{} AS {}").format(_expression(dimension, column), sql.Identifier(column.slug))
        for column in columns
    ]
    return sql.SQL("CREATE VIEW {view} AS SELECT {columns} {source}").format(
        view=sql.Identifier(SCHEMA, view_name(dimension, what)),
        columns=sql.SQL(", ").join(selected),
        source=source.format(dimension=sql.Literal(dimension.pk)),
    )


def _expression(dimension: TargetingDimension, column: ViewColumn) -> sql.Composable:
    """A key is cast only in rows of its own dimension, in whatever order the planner looks at conditions."""
    if column.type != KEY:
        return sql.SQL(column.sql)
    owner = column.sql.partition(".")[0]
    return sql.SQL("CASE WHEN {owner}.dimension_id = {dimension} THEN {key}::{native} END").format(
        owner=sql.Identifier(owner),
        dimension=sql.Literal(dimension.pk),
        key=sql.SQL(column.sql),
        native=sql.SQL(NATIVE[FieldType(dimension.key_field.type)]),
    )
