"""Mailings to generated people, and what the sink has of them."""

from __future__ import annotations

from collections import Counter

from django.db import connection

from campaigns.models import Campaign, ChannelConfiguration
from campaigns.publishing import publish_campaign
from config.mailbox import LOG
from orchestration.message_ids import ledger_row_of
from orchestration.models import CampaignRun
from tests.faults.installation import Installation
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, email, make_channel

PEOPLE_SQL = """
INSERT INTO person (id, name, email, language, city)
SELECT n, 'Person ' || n, 'person' || n || '@example.com', 'en', 'Busan' FROM generate_series(1, %s) AS n
"""
CONSENTS_SQL = """
INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state, changed_at)
SELECT %s, id::text, 'email', 'opted_in', now() FROM person
"""


def make_people(number: int) -> None:
    """All of them consented."""
    dimension = make_dimension()
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_SQL, [number])
        cursor.execute(CONSENTS_SQL, [dimension.pk])


def make_mailing(slug: str, *, port: int | None = None) -> Campaign:
    """A mail to everybody that needs no confirmation, through the sink at `port` or the one of an earlier mailing."""
    if not ChannelConfiguration.objects.exists():
        make_channel(provider_config={"host": "127.0.0.1", "port": port, "security": "none"})
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft(slug, [everybody, email(send_without_confirmation=True)], ["all mail"])


def publish(campaign: Campaign) -> CampaignRun:
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    return campaign.runs.get()


def arrived(house: Installation) -> Counter[int]:
    """How often the sink has each ledger row."""
    lines = (house.folder / "mail" / LOG).read_text().splitlines()
    ids = (line.split('"message_id": "')[1].split('"')[0] for line in lines)
    return Counter(filter(None, map(ledger_row_of, ids)))
