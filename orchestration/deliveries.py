"""Preparing a delivery: the ledger is written before anything is sent, in the transaction of its activity.

One INSERT … SELECT decides for everybody who was targeted: ready, or excluded with the first reason that applies and what
it was found in. Whoever was targeted has exactly one row, so that population = ready + excluded, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from sqlglot import exp

from campaigns.models import ChannelConfiguration, TargetingDimension
from orchestration.channel_types import ChannelType, People, channel_type
from orchestration.compilation import Arrival, CompileContext, key_of, with_dimension
from orchestration.exceptions import ActivityFailed, ConservationBroken
from orchestration.models import Delivery, TrackedLink
from orchestration.working_tables import SCHEMA, create_working_table, relation, table_name

BUCKET_SIZE = 500
MOST_BUCKETS = 256

PREPARE = sql.SQL(
    """
WITH targeted AS (
    SELECT p.key, p.key::text AS recipient_key, t.{key} IS NULL AS missing, {address} AS address,
           {malformed} AS malformed
      FROM {population} AS p LEFT JOIN {dimension} AS t ON t.{key} = p.key {joined}
), judged AS (
    SELECT g.key, g.recipient_key, g.address, lower(g.address) COLLATE "C" AS folded,
           CASE WHEN g.missing THEN 'not_in_dimension'
                WHEN g.address = '' THEN 'no_address'
                WHEN g.malformed THEN 'malformed_address'
                WHEN s.id IS NOT NULL THEN 'suppressed'
                WHEN %(marketing)s AND c.state IS DISTINCT FROM 'opted_in' THEN 'no_consent'
                ELSE '' END AS reason,
           CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('suppression', s.reason, 'since', s.created_at)
                WHEN %(marketing)s AND c.state IS DISTINCT FROM 'opted_in'
                THEN jsonb_build_object('consent', c.state, 'since', c.changed_at) END AS evidence
      FROM targeted AS g
      LEFT JOIN campaigns_suppression AS s ON s.channel = %(channel)s AND s.address = lower(g.address)
      LEFT JOIN campaigns_consent AS c
             ON c.dimension_id = %(dimension)s AND c.channel = %(channel)s AND c.recipient_key = g.recipient_key
), ranked AS (
    SELECT j.*, row_number() OVER same AS copy, first_value(j.key) OVER same AS owner
      FROM judged AS j
    WINDOW same AS (PARTITION BY j.folded, j.reason = '' ORDER BY j.key)
), decided AS (
    SELECT r.key, r.recipient_key, r.address,
           CASE WHEN r.reason = '' AND r.copy > 1 AND %(one_per_address)s THEN 'duplicate_address' ELSE r.reason END
           AS reason,
           CASE WHEN r.reason IN ('suppressed', 'no_consent') THEN r.evidence
                WHEN r.reason = '' AND r.copy > 1 AND %(one_per_address)s
                THEN jsonb_build_object('owner', r.owner::text) END AS evidence
      FROM ranked AS r
)
INSERT INTO orchestration_message
       (delivery_id, dimension_id, recipient_key, entity_key, bucket, address, state, exclusion_reason,
        evidence, epoch, attempts, reply)
SELECT %(delivery)s, %(dimension)s, d.recipient_key, '',
       mod(('x' || substr(md5(d.recipient_key), 1, 7))::bit(28)::integer, %(buckets)s),
       left(d.address, 320), CASE WHEN d.reason = '' THEN 'ready' ELSE 'excluded' END, d.reason, d.evidence,
       0, 0, ''
  FROM decided AS d
 ORDER BY d.key
"""
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a channel activity wants sent.

    `values` are the paths its content uses, such as `profile.first_name` (a column of the dimension) or
    `target.last_amount` (a column added on the way); `links` are (number, URL, label).
    """

    channel: str
    configuration: str
    category: str
    content: Mapping[str, Any]
    values: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[tuple[int, str, str], ...] = ()
    one_per_address: bool = True
    send_without_confirmation: bool = False
    retry_hours: int = 24


def prepare_delivery(context: CompileContext, order: Order) -> Delivery:
    """Write the delivery and its ledger for the inbound population; in a test run nothing of it is claimable."""
    arrival = context.population()
    delivery = _create_delivery(context, order, arrival)
    _write_ledger(context, order, arrival, delivery)
    if delivery.kind == Delivery.Kind.LIVE:
        _write_values(context, order, arrival, delivery)
        _write_buckets(delivery)
    TrackedLink.objects.bulk_create(
        TrackedLink(delivery=delivery, number=number, url=url, label=text[:200])
        for number, url, text in order.links
    )
    return delivery


def _create_delivery(context: CompileContext, order: Order, arrival: Arrival) -> Delivery:
    channel = channel_type(order.channel)
    configuration = configuration_of(order.configuration, channel=order.channel)
    return Delivery.objects.create(
        activity_run_id=context.activity_run_id,
        campaign_id=context.campaign_id,
        activity_id=context.activity_id,
        label=context.label,
        kind=Delivery.Kind.TEST if context.is_test else Delivery.Kind.LIVE,
        channel=order.channel,
        category=order.category,
        dimension=_addressable(context, arrival, channel),
        configuration=configuration.slug,
        content=dict(order.content),
        values=list(order.values),
        variables=dict(order.variables),
        sender=channel.frozen_sender(configuration),
        values_table="" if context.is_test else table_name("v", f"a{context.activity_run_id}"),
        state=_first_state(context, order),
        give_up_at=None,
        retry_hours=order.retry_hours,
        buckets_made=min(MOST_BUCKETS, max(1, arrival.row_count // BUCKET_SIZE)),
        targeted=arrival.row_count,
    )


def _first_state(context: CompileContext, order: Order) -> str:
    if context.is_test:
        return "tested"
    return "sending" if order.send_without_confirmation or context.recurring else "awaiting_confirmation"


def configuration_of(slug: str, *, channel: str) -> ChannelConfiguration:
    """The enabled channel configuration of this name; raises ActivityFailed."""
    found = ChannelConfiguration.objects.filter(slug=slug, channel=channel, enabled=True).first()
    if found is None:
        raise ActivityFailed(
            _(
                "The channel configuration “%(slug)s” does not exist or is switched off. Choose another in the activity,"
                " or have an administrator enable it."
            )
            % {"slug": slug}
        )
    return found


def _addressable(context: CompileContext, arrival: Arrival, channel: type[ChannelType]) -> TargetingDimension:
    if not getattr(context.world.dimensions[arrival.dimension], channel.role):
        said = str(channel.lacks_address) % {"slug": arrival.dimension}
        raise ActivityFailed(f"{said} {_('Put a change of dimension before this activity.')}")
    return TargetingDimension.objects.get(slug=arrival.dimension)


def _write_ledger(context: CompileContext, order: Order, arrival: Arrival, delivery: Delivery) -> None:
    people = _people(context, order, arrival)
    configuration = configuration_of(order.configuration, channel=order.channel)
    read = channel_type(order.channel).addresses(people, configuration)
    names = {
        "population": people.population,
        "dimension": people.dimension,
        "key": people.key,
        "address": read.address,
        "malformed": read.malformed,
        "joined": read.joined,
    }
    values: dict[str, Any] = {
        "marketing": order.category == Delivery.Category.MARKETING,
        "channel": order.channel,
        "dimension": delivery.dimension_id,
        "delivery": delivery.pk,
        "buckets": delivery.buckets_made,
        "one_per_address": order.one_per_address,
    }
    with connection.cursor() as cursor:
        cursor.execute(PREPARE.format(**names), values)
        written = cursor.rowcount
    if written != arrival.row_count:
        raise ConservationBroken(
            f"{arrival.row_count} people were targeted, but {written} rows written to the ledger."
        )


def _people(context: CompileContext, order: Order, arrival: Arrival) -> People:
    table = context.table_of(arrival.dimension)
    role = getattr(context.world.dimensions[arrival.dimension], channel_type(order.channel).role)
    return People(
        population=sql.Identifier(SCHEMA, arrival.table_name),
        dimension=sql.Identifier(table.schema, table.name),
        key=sql.Identifier(context.key_column(arrival.dimension).name),
        address=sql.Identifier(table.columns[role].name),
    )


def _write_values(context: CompileContext, order: Order, arrival: Arrival, delivery: Delivery) -> None:
    """Freeze the values that the content uses, one row for each ready message, found by the message's id."""
    projections = [
        exp.alias_(_value(context, arrival, path), f"v{number}", quoted=True)
        for number, path in enumerate(order.values)
    ]
    message = exp.to_table("orchestration_message").as_("m", table=True)
    key = exp.cast(key_of("p"), exp.DataType.Type.TEXT)
    select = (
        exp.select(exp.column("id", table="m").as_("message_id", quoted=True), *projections)
        .from_(relation(arrival.table_name))
        .join(message, on=exp.EQ(this=exp.column("recipient_key", table="m"), expression=key))
        .where(exp.EQ(this=exp.column("delivery_id", table="m"), expression=exp.Literal.number(delivery.pk)))
        .where(exp.EQ(this=exp.column("state", table="m"), expression=exp.Literal.string("ready")))
    )
    create_working_table(delivery.values_table, with_dimension(select, context, arrival), key=("message_id",))


def _value(context: CompileContext, arrival: Arrival, path: str) -> exp.Expression:
    """The column behind `profile.…` or `target.…`; anything else is not of this person."""
    root, _dot, slug = path.partition(".")
    if root == "target" and slug in arrival.columns:
        return exp.column(arrival.columns[slug].name, table="p", quoted=True)
    table = context.table_of(arrival.dimension)
    if root == "profile" and slug in table.columns:
        return exp.column(table.columns[slug].name, table="t", quoted=True)
    raise ActivityFailed(
        _(
            "The content uses “%(path)s”, which is not known at this point of the campaign. Add it by an enrichment, or"
            " take it out of the content."
        )
        % {"path": path}
    )


def _write_buckets(delivery: Delivery) -> None:
    """One lease for each bucket that has something to send."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orchestration_deliverybucket (delivery_id, bucket, epoch)"
            " SELECT DISTINCT delivery_id, bucket, 0 FROM orchestration_message"
            " WHERE delivery_id = %s AND state = 'ready'",
            [delivery.pk],
        )
