"""Makes the rows that tracking, feedback and reports stand on: a table of people, a campaign, its sends."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg import sql

from campaigns.models import Campaign, CampaignVersion, Field, Table, TargetingDimension
from orchestration.events import NewEvent, record_event
from orchestration.models import (
    ActivityRun,
    CampaignRun,
    Delivery,
    EventKind,
    ExclusionReason,
    Message,
    TrackedLink,
)

_numbers = itertools.count(1)
KEY_TYPES = {"integer": "integer", "uuid": "uuid", "text": "text"}


def make_people_table(name: str, key_type: str = "integer") -> None:
    """A real table of people, as a company would have it; one that an earlier test committed is replaced."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        cursor.execute(
            sql.SQL(
                "CREATE TABLE {name} (id {key} PRIMARY KEY, name text, email text, language text, city text)"
            ).format(name=sql.Identifier(name), key=sql.SQL(KEY_TYPES[key_type]))
        )


def make_dimension(slug: str = "person", key_type: str = "integer") -> TargetingDimension:
    make_people_table(slug, key_type)
    table = Table.objects.create(slug=slug, schema_name="public", table_name=slug, label=slug.capitalize())
    columns = [("id", key_type), ("name", "text"), ("email", "text"), ("language", "text"), ("city", "text")]
    fields = {
        column: Field.objects.create(
            table=table,
            slug=column,
            column_name=column,
            type=kind,
            label=column,
            position=position,
            key_position=1 if column == "id" else None,
        )
        for position, (column, kind) in enumerate(columns, start=1)
    }
    return TargetingDimension.objects.create(
        slug=slug,
        label=slug.capitalize(),
        table=table,
        key_field=fields["id"],
        email_field=fields["email"],
        language_field=fields["language"],
    )


def add_person(dimension: TargetingDimension, key: Any, language: str = "en", city: str = "Busan") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {table} VALUES (%s, %s, %s, %s, %s)").format(
                table=sql.Identifier(dimension.table.table_name)
            ),
            [key, f"Person {key}", f"p{key}@example.com", language, city],
        )


def make_campaign(slug: str = "", *, time_zone: str = "UTC") -> Campaign:
    slug = slug or f"campaign-{next(_numbers)}"
    return Campaign.objects.create(slug=slug, name=slug.replace("-", " "), time_zone=time_zone, state="live")


def make_run(campaign: Campaign, *, kind: str = "live") -> CampaignRun:
    version = None
    if kind == "live":
        version = campaign.versions.first() or CampaignVersion.objects.create(
            campaign=campaign, number=1, definition="{}", hash="0" * 64
        )
    return CampaignRun.objects.create(campaign=campaign, version=version, kind=kind, definition="{}")


def make_delivery(
    dimension: TargetingDimension,
    run: CampaignRun | None = None,
    *,
    activity_id: str = "mail",
    links: int = 3,
) -> Delivery:
    run = run or make_run(make_campaign())
    activity_run = ActivityRun.objects.create(run=run, activity_id=activity_id, type="email", state="sending")
    delivery = Delivery.objects.create(
        activity_run=activity_run,
        campaign=run.campaign,
        activity_id=activity_id,
        kind=run.kind,
        channel="email",
        category="marketing",
        dimension=dimension,
        configuration="marketing-mail",
        content={"subject": "Hello"},
        sender={"address": "shop@example.com"},
        state="sending" if run.kind == "live" else "tested",
    )
    for number in range(1, links + 1):
        url = f"https://shop.example.com/{number}?b=2&a=1#top"
        TrackedLink.objects.create(delivery=delivery, number=number, url=url, label=f"L{number}")
    return delivery


def make_message(delivery: Delivery, key: Any, *, state: str = "sent", **fields: Any) -> Message:
    fields.setdefault("address", f"p{key}@example.com")
    if state in ("sent", "unknown", "failed_permanent", "expired"):
        fields.setdefault("finished_at", timezone.now() - timedelta(minutes=5))
    if state == "excluded":
        fields.setdefault("exclusion_reason", ExclusionReason.NO_CONSENT)
    return Message.objects.create(
        delivery=delivery,
        dimension_id=delivery.dimension_id,
        recipient_key=str(key),
        bucket=0,
        state=state,
        **fields,
    )


def make_messages(delivery: Delivery, keys: Iterable[Any], **fields: Any) -> list[Message]:
    return [make_message(delivery, key, **fields) for key in keys]


def forget_events() -> None:
    """After a test that commits: Django empties only the tables it manages."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orchestration_messageevent, orchestration_eventverdict")


def add_event(message: Message, kind: EventKind, *, at: datetime | None = None, **fields: Any) -> None:
    record_event(
        NewEvent(
            message_id=message.pk,
            kind=kind,
            provider="test",
            provider_event_id=str(next(_numbers)),
            occurred_at=at,
            **fields,
        )
    )
