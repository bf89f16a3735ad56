"""What a server refuses for good while it takes messages: an event, and for a dead mailbox a suppressed address."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

RECORD = """
INSERT INTO orchestration_messageevent
       (message_id, delivery_id, dimension_id, recipient_key, kind, occurred_at, recorded_at,
        provider, provider_event_id, method, user_agent, detail)
SELECT m.id, m.delivery_id, m.dimension_id, m.recipient_key, 'bounced', statement_timestamp(), statement_timestamp(),
       'submission', 'bounced-' || m.id, '', '', jsonb_build_object('code', m.reply_code, 'reply', m.reply)
  FROM orchestration_message AS m
 WHERE m.id = ANY(%(messages)s)
ON CONFLICT DO NOTHING
"""

SUPPRESS = """
INSERT INTO campaigns_suppression (channel, address, reason, note, created_at)
SELECT DISTINCT d.channel, lower(m.address), 'hard_bounce', m.reply, statement_timestamp()
  FROM orchestration_message AS m JOIN orchestration_delivery AS d ON d.id = m.delivery_id
 WHERE m.id = ANY(%(messages)s) AND m.reply ~ '^5\\d\\d[ -]5\\.1\\.(1|2|6|10)\\M'
ON CONFLICT DO NOTHING
"""
"""5.1.1, 5.1.2, 5.1.6 and 5.1.10 say that there is no such mailbox or domain; a refusal of policy (5.7) never suppresses."""


def record_bounces(bounced: Sequence[int]) -> None:
    """Append a bounced event for each of these messages, in the transaction that settles them."""
    if not bounced:
        return
    messages = {"messages": list(bounced)}
    with connection.cursor() as cursor:
        cursor.execute(RECORD, messages)
        cursor.execute(SUPPRESS, messages)
