"""Appends what providers and recipients' software tell about a message, and makes the months it is kept in.

An event never changes the message it belongs to: what a report calls delivered or bounced is read from
both. Who caused an open or a click is decided in `orchestration.verdicts`; hits on links and pixels arrive
by `orchestration.tracking`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from orchestration.models import EventKind, Message, MessageEvent

OWN = "tutti"
"""The provider of what Tutti sees itself."""

_RECORD = """
INSERT INTO orchestration_messageevent
    (message_id, delivery_id, dimension_id, recipient_key, kind, occurred_at, provider, provider_event_id,
     link_number, method, ip, user_agent, detail)
SELECT m.id, m.delivery_id, m.dimension_id, m.recipient_key, %(kind)s,
       coalesce(%(occurred_at)s::timestamptz, statement_timestamp()), %(provider)s, %(provider_event_id)s,
       %(link_number)s, %(method)s, %(ip)s::inet, %(user_agent)s, %(detail)s::jsonb
FROM orchestration_message m
JOIN orchestration_delivery d ON d.id = m.delivery_id
WHERE m.id = %(message_id)s
  AND coalesce(%(occurred_at)s::timestamptz, statement_timestamp())
      BETWEEN d.created_at - interval '1 day' AND statement_timestamp() + interval '1 day'
ON CONFLICT (provider, provider_event_id, occurred_at) DO NOTHING
"""

_RECORD_CLICK = """
WITH target AS (
    SELECT m.id, m.delivery_id, m.dimension_id, m.recipient_key, l.url
    FROM orchestration_message m
    JOIN orchestration_trackedlink l ON l.delivery_id = m.delivery_id AND l.number = %(link_number)s
    WHERE m.id = %(message_id)s
), recorded AS (
    INSERT INTO orchestration_messageevent
        (message_id, delivery_id, dimension_id, recipient_key, kind, occurred_at, provider, provider_event_id,
         link_number, method, ip, user_agent, detail)
    SELECT id, delivery_id, dimension_id, recipient_key, %(kind)s,
           coalesce(%(occurred_at)s::timestamptz, statement_timestamp()), %(provider)s, %(provider_event_id)s,
           %(link_number)s, %(method)s, %(ip)s::inet, %(user_agent)s, %(detail)s::jsonb
    FROM target
    ON CONFLICT (provider, provider_event_id, occurred_at) DO NOTHING
)
SELECT url FROM target
"""

_STRAYS = """
SELECT (SELECT count(*) FROM orchestration_messageevent_default)
     + (SELECT count(*) FROM orchestration_eventverdict_default)
"""


class EventRefused(ValueError):  # noqa: N818 - names what happened
    """The event belongs to no message, or happened at a time at which it cannot have happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One thing to record.

    `provider_event_id` and `occurred_at` together tell a repeated report from a new one, so a provider that
    repeats itself must give both the same twice. Without `occurred_at` (aware) the database's clock is
    taken.
    """

    message_id: int
    kind: EventKind
    provider: str
    provider_event_id: str
    occurred_at: datetime | None = None
    link_number: int | None = None
    method: str = ""
    ip: str | None = None
    user_agent: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        return {
            "message_id": self.message_id,
            "kind": str(self.kind),
            "provider": self.provider,
            "provider_event_id": self.provider_event_id,
            "occurred_at": self.occurred_at,
            "link_number": self.link_number,
            "method": self.method,
            "ip": self.ip,
            "user_agent": self.user_agent,
            "detail": json.dumps(self.detail),
        }


def record_event(event: NewEvent) -> bool:
    """Append the event; False when it was there already. EventRefused says what is wrong with any other."""
    if event.occurred_at is not None and timezone.is_naive(event.occurred_at):
        raise EventRefused(_("The time of an event needs a time zone: give an aware date and time."))
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, event.parameters())
        if cursor.rowcount:
            return True
    _refuse_impossible(event)
    return False


def record_click(event: NewEvent) -> str | None:
    """Append a hit on a tracked link, and answer the link's target; None when there is no such link."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD_CLICK, event.parameters())
        row = cursor.fetchone()
    return row[0] if row else None


def hit_id(
    kind: EventKind, *, message_id: int, link_number: int | None, origin: str, received_ns: int
) -> str:
    """The provider event id of a hit of our own: the same hit replayed keeps it, the next hit gets another.

    `origin` is the address and the agent it came from, `received_ns` the moment its request arrived.
    """
    told = json.dumps([str(kind), message_id, link_number, origin, received_ns])
    return blake2b(told.encode(), digest_size=16).hexdigest()


def make_event_months(months: int = 4) -> int:
    """Make the tables of this month and the next ones ahead of time; how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT orchestration_make_event_months(now(), %s)", [months])
        return int(cursor.fetchone()[0])


def stray_events() -> int:
    """Rows in the default partitions, which should hold none: their month was not made in time."""
    with connection.cursor() as cursor:
        cursor.execute(_STRAYS)
        return int(cursor.fetchone()[0])


def _refuse_impossible(event: NewEvent) -> None:
    if not Message.objects.filter(pk=event.message_id).exists():
        raise EventRefused(
            _("There is no message %(id)s: check the identifier that was given back.")
            % {"id": event.message_id}
        )
    if event.occurred_at and not MessageEvent.objects.filter(
        provider=event.provider, provider_event_id=event.provider_event_id, occurred_at=event.occurred_at
    ):
        raise EventRefused(
            _("%(time)s lies before the message or in the future: check the clock and zone of %(provider)s.")
            % {"time": event.occurred_at, "provider": event.provider}
        )
