"""Drives a run in a test as workers would, in this process: executes what is pending until nothing is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from campaigns.document import Document, parse_document
from campaigns.drafts import save_draft
from campaigns.models import Campaign, ChannelConfiguration
from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, CampaignRun, Population

HTML = """<p>Hello {{ profile.name }} <a href="https://shop.example.com/a">Look</a>
<a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}</p>"""


def make_channel(slug: str = "marketing-mail", **fields: Any) -> ChannelConfiguration:
    return ChannelConfiguration.objects.create(
        slug=slug,
        name=slug,
        sender_address="shop@example.com",
        message_domain="mail.example.com",
        postal_address="1 Main Street",
        **fields,
    )


def draft(slug: str, activities: list[dict[str, Any]], arrows: list[str], **more: Any) -> Campaign:
    """A saved draft; arrows are written `source.port target`."""
    return save_draft(None, document_drawn(slug, activities, arrows, **more))


def document_drawn(slug: str, activities: list[dict[str, Any]], arrows: list[str], **more: Any) -> Document:
    transitions = []
    for arrow in arrows:
        start, target = arrow.split()
        source, _dot, port = start.partition(".")
        transitions.append({"from": source, "to": target, **({"port": port} if port else {})})
    data = {
        "tutti": 1,
        "campaign": {"slug": slug, "name": slug.title()},
        "activities": activities,
        "transitions": transitions,
        **more,
    }
    return parse_document(data)


def email(activity_id: str = "mail", **config: Any) -> dict[str, Any]:
    content = {"subject": "Hello {{ profile.name }}", "html": HTML}
    return {
        "id": activity_id,
        "type": "email",
        "config": {"channel": "marketing-mail", "content": content, **config},
    }


def backdate(campaign: Campaign, ago: timedelta) -> None:
    """As if its versions had been published earlier; the trigger that keeps them as they are looks away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE campaigns_campaignversion SET published_at = published_at - %s WHERE campaign_id = %s",
            [ago, campaign.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def work_off(run: CampaignRun) -> CampaignRun:
    """Execute pending activities, one after the other, until none is."""
    while pending := run.activity_runs.filter(state="pending").order_by("pk").first():
        execute_activity(pending.pk)
    run.refresh_from_db()
    return run


def counts(run: CampaignRun) -> dict[str, int | None]:
    """Rows by `activity.port`."""
    rows = Population.objects.filter(activity_run__run=run).select_related("activity_run")
    return {f"{row.activity_run.activity_id}.{row.port}": row.row_count for row in rows}


def problems(run: CampaignRun) -> dict[str, str]:
    return dict(ActivityRun.objects.filter(run=run).exclude(problem="").values_list("activity_id", "problem"))
