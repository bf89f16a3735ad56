"""A campaign that texts people whose numbers a test chooses, driven as workers would drive it."""

from __future__ import annotations

from typing import Any

from django.db import connection

from campaigns.models import Campaign, ChannelConfiguration, Consent, Field, TargetingDimension
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun, Delivery, Message
from orchestration.occurrences import launch_due
from orchestration.sending import drain_bucket
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, work_off

TEXT = "Hi {{ profile.name }}. {{ opt_out_text }}"


def make_phone_dimension(*numbers: str | None, consented: bool = True) -> TargetingDimension:
    """People with the keys 0, 1, … and these telephone numbers."""
    dimension = make_dimension()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person ADD phone text")
    dimension.phone_field = Field.objects.create(
        table=dimension.table, slug="phone", column_name="phone", type="text", label="Phone", position=9
    )
    dimension.save()
    for key, number in enumerate(numbers):
        add_phone(dimension, key, number, consented=consented)
    return dimension


def add_phone(dimension: TargetingDimension, key: int, number: str | None, *, consented: bool = True) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO person VALUES (%s, %s, %s, 'en', 'Busan', %s)",
            [key, f"Person {key}", f"p{key}@example.com", number],
        )
    if consented:
        Consent.objects.create(dimension=dimension, recipient_key=str(key), channel="sms", state="opted_in")


def make_sms_channel(slug: str = "texts", **fields: Any) -> ChannelConfiguration:
    given = {
        "provider": "sms_file",
        "sender_address": "Shop",
        "message_domain": "sms.example.com",
        "default_region": "KR",
        "opt_out_text": "Reply STOP",
        **fields,
    }
    return ChannelConfiguration.objects.create(slug=slug, name=slug, channel="sms", **given)


def sms(activity_id: str = "text", **config: Any) -> dict[str, Any]:
    return {
        "id": activity_id,
        "type": "sms",
        "config": {"channel": "texts", "content": {"text": TEXT}, **config},
    }


def texting(slug: str = "texting", **config: Any) -> Campaign:
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft(slug, [everybody, sms(**{"send_without_confirmation": True, **config})], ["all text"])


def run_live(campaign: Campaign) -> CampaignRun:
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    launch_due(campaign.pk)
    return work_off(campaign.runs.get())


def drain(campaign: Campaign) -> list[Message]:
    """Whatever is due in the campaign's buckets, sent; all of its messages, by key."""
    delivery = Delivery.objects.get(campaign=campaign)
    for bucket in delivery.buckets.order_by("pk"):
        drain_bucket(bucket.pk)
    return list(delivery.messages.order_by("recipient_key"))
