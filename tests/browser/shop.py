"""The tables, files, audiences and channels that the spring campaign is about."""

from __future__ import annotations

from django.db import connection

from campaigns.audiences import Description, add_audience
from campaigns.dimensions import register_dimension
from campaigns.files.store import keep_upload
from campaigns.member_lists import put_members
from campaigns.models import Audience, Table
from campaigns.schema_registration import register_schema
from tests.browser.market import build_tables
from tests.orchestration.engine import make_channel
from tests.orchestration.texting import make_sms_channel

GUESTS = "number,email\n" + "".join(f"{n},h{n}@example.com\n" for n in (3, 7, 11, 90))
"""One of them nobody knows."""
SILENT = (5, 6)
"""Households that have consented to nothing."""

CONSENTS = """
    INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state, changed_at)
    SELECT %s, h.id::text, c.channel, 'opted_in', now()
      FROM market.household AS h, (VALUES ('email'), ('sms')) AS c (channel) WHERE h.id <> ALL(%s)
"""


def _table(name: str) -> Table:
    table = Table.objects.get(schema_name="market", table_name=name)
    table.label = f"{name.capitalize()}s"
    table.save()
    return table


def open_shop(port: int) -> None:
    """Households are people; mails go to the sink at `port`, texts into a file."""
    build_tables()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE market.household ADD phone text")
        cursor.execute("UPDATE market.household SET phone = '010-2000-' || lpad(id::text, 4, '0')")
    register_schema("market")
    roles = {"email": "email", "phone": "phone"}
    dimension = register_dimension("household", _table("household"), label="Households", fields=roles)
    register_dimension("purchase", _table("purchase"), label="Purchases")
    with connection.cursor() as cursor:
        cursor.execute(CONSENTS, [dimension.pk, list(SILENT)])
    best = add_audience(Description("best", "Best households", "household"), Audience.Origin.IMPORTED)
    put_members(best, [1, 2, 3, 4])
    keep_upload("guests.csv", [GUESTS.encode()])
    make_channel(provider_config={"host": "127.0.0.1", "port": port, "security": "none"})
    make_sms_channel(provider_config={"folder": "spring"})
