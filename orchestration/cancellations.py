"""Cancelling what a stopped run has not sent.

Rows that a sender is moving at this moment are passed over, so that neither waits for the other. What comes back unsent
from such a sender is cancelled by the sweeper.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

CANCEL = """
UPDATE orchestration_message SET state = 'cancelled', finished_at = statement_timestamp()
 WHERE id IN (SELECT id FROM orchestration_message
               WHERE delivery_id = ANY(%s) AND state IN ('ready', 'failed_temporary') FOR UPDATE SKIP LOCKED)
"""

CANCELLED_LATELY = """
SELECT id FROM orchestration_delivery
 WHERE state = 'cancelled' AND settled_at > statement_timestamp() - interval '1 day'
"""


def cancel_unsent(delivery_ids: Sequence[int]) -> int:
    """Cancel every message of these deliveries that waits to be sent; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, [list(delivery_ids)])
        return int(cursor.rowcount)


def cancel_leftovers() -> int:
    """Cancel what senders gave back to deliveries that were stopped meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(CANCELLED_LATELY)
        return cancel_unsent([row[0] for row in cursor.fetchall()])
