"""Puts the feedback views of a dimension into the catalogue, linked both ways, and takes them out again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Field, Link, Table, TargetingDimension
from campaigns.naming import slug_of
from campaigns.targeting.schema import Cardinality, FieldType
from orchestration.feedback.columns import EVENT_COLUMNS, KEY, MESSAGE_COLUMNS, ViewColumn
from orchestration.feedback.views import NATIVE, SCHEMA, drop_views, make_views, view_name

MESSAGES = "messages"
EVENTS = "events"


@transaction.atomic
def register_feedback(dimension: TargetingDimension) -> tuple[Table, Table]:
    """Make the dimension's views and register them: messages, events. Repeating it changes nothing."""
    make_views(dimension)
    messages = _table(dimension, MESSAGES, _("%(people)s: messages"), MESSAGE_COLUMNS)
    events = _table(dimension, EVENTS, _("%(people)s: opens, clicks and other events"), EVENT_COLUMNS)
    key = dimension.key_field.slug
    people = dimension.table
    _link_both_ways(people, messages, key, "recipient", names=(MESSAGES, dimension.slug))
    _link_both_ways(people, events, key, "recipient", names=("message_events", dimension.slug))
    _link_both_ways(messages, events, "message", "message", names=(EVENTS, "message"))
    return messages, events


@transaction.atomic
def unregister_feedback(dimension: TargetingDimension) -> None:
    Table.objects.filter(
        schema_name=SCHEMA,
        table_name__in=[view_name(dimension, what) for what in (MESSAGES, EVENTS)],
        origin=Table.Origin.SYSTEM,
    ).delete()
    drop_views(dimension)


def feedback_tables(dimension: TargetingDimension) -> tuple[Table, Table]:
    """The registered tables of messages and of events; DoesNotExist before they are registered."""
    of = {table.table_name: table for table in Table.objects.filter(schema_name=SCHEMA)}
    try:
        return of[view_name(dimension, MESSAGES)], of[view_name(dimension, EVENTS)]
    except KeyError as missing:
        raise Table.DoesNotExist(str(missing)) from None


def _table(dimension: TargetingDimension, what: str, label: str, columns: Sequence[ViewColumn]) -> Table:
    name = view_name(dimension, what)
    taken = Table.objects.exclude(schema_name=SCHEMA, table_name=name).values_list("slug", flat=True)
    table, _made = Table.objects.update_or_create(
        schema_name=SCHEMA,
        table_name=name,
        defaults={
            "slug": slug_of(name, taken=set(taken)),
            "label": (label % {"people": dimension.label})[:200],
            "description": _("Recorded while messages are sent and read; always up to date."),
            "origin": Table.Origin.SYSTEM,
            "kind": Table.Kind.VIEW,
        },
    )
    for position, column in enumerate(columns, start=1):
        _field(dimension, table, column, position)
    table.fields.exclude(slug__in=[column.slug for column in columns]).delete()
    return table


def _field(dimension: TargetingDimension, table: Table, column: ViewColumn, position: int) -> None:
    kind = FieldType(dimension.key_field.type if column.type == KEY else column.type)
    Field.objects.update_or_create(
        table=table,
        slug=column.slug,
        defaults={
            "column_name": column.slug,
            "type": kind.value,
            "database_type": NATIVE[kind] if column.type == KEY else "",
            "label": str(column.label),
            "nullable": column.nullable,
            "position": position,
            "key_position": 1 if position == 1 else None,
            "enumeration": {value: str(label) for value, label in column.enumeration.items()},
        },
    )


def _link_both_ways(one: Table, many: Table, left: str, right: str, *, names: tuple[str, str]) -> None:
    """`names` are the slugs wanted for the way there and the way back; a known link keeps its own."""
    there = _link(one, many, [[left, right]], names[0], Cardinality.MANY)
    back = _link(many, one, [[right, left]], names[1], Cardinality.ONE)
    Link.objects.filter(pk=there.pk).exclude(inverse=back).update(inverse=back)
    Link.objects.filter(pk=back.pk).exclude(inverse=there).update(inverse=there)


def _link(source: Table, target: Table, on: list[list[str]], slug: str, cardinality: Cardinality) -> Link:
    known = Link.objects.filter(source=source, target=target, on=on, cardinality=cardinality).first()
    return known or Link.objects.create(
        source=source,
        target=target,
        on=on,
        cardinality=cardinality,
        slug=slug_of(slug, taken=set(source.links.values_list("slug", flat=True))),
        label=target.label,
    )
