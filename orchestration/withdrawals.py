"""Somebody withdrew their consent: what is prepared for them and has not left does not leave.

The claim of a message looks at consent too. Doing both leaves no gap: whichever of the two transactions gets the
message's row first decides, and the other sees what it did.
"""

from __future__ import annotations

from django.db import connection

WITHDRAW = """
UPDATE orchestration_message AS m
   SET state = 'excluded', exclusion_reason = 'no_consent', finished_at = statement_timestamp(), due_at = NULL,
       evidence = (SELECT jsonb_build_object('consent', min(c.state), 'since', min(c.changed_at))
                     FROM campaigns_consent AS c
                    WHERE c.dimension_id = m.dimension_id AND c.recipient_key = m.recipient_key
                      AND c.channel = d.channel)
  FROM orchestration_delivery AS d
 WHERE d.id = m.delivery_id AND d.category = 'marketing' AND d.channel = %(channel)s
   AND m.dimension_id = %(dimension)s AND m.recipient_key = %(recipient)s
   AND m.state IN ('ready', 'failed_temporary') AND d.kind = 'live'
"""


def withdraw_messages(*, dimension_id: int, recipient_key: str, channel: str) -> int:
    """Exclude a person's marketing messages that have not left, in the transaction of the withdrawal; how many."""
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, {"channel": channel, "dimension": dimension_id, "recipient": recipient_key})
        return int(cursor.rowcount)
