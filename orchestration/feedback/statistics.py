"""What PostgreSQL's planner knows of the tables behind feedback.

Autovacuum never analyses a partitioned table as a whole, nor a table of a few dozen rows. Without that, a
rule on feedback may be planned for one row and meet a million.
"""

from __future__ import annotations

from django.db import connection
from psycopg import sql

SMALL = (
    "campaigns_campaign",
    "orchestration_activityrun",
    "orchestration_delivery",
    "orchestration_trackedlink",
)
LARGE = ("orchestration_message", "orchestration_messageevent", "orchestration_eventverdict")

_STALE = """
SELECT coalesce(parent.relname, child.relname)
FROM pg_stat_user_tables AS child
LEFT JOIN pg_inherits AS i ON i.inhrelid = child.relid
LEFT JOIN pg_class AS parent ON parent.oid = i.inhparent
WHERE coalesce(parent.relname, child.relname) = ANY(%(tables)s)
GROUP BY 1
HAVING sum(child.n_mod_since_analyze) > %(share)s * sum(child.n_live_tup)
   AND sum(child.n_mod_since_analyze) > 0
"""


def refresh_statistics() -> list[str]:
    """Analyse the small tables that changed at all, the large ones that changed by a tenth; their names."""
    stale = [*_stale(SMALL, 0.0), *_stale(LARGE, 0.1)]
    with connection.cursor() as cursor:
        for table in stale:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    return stale


def _stale(tables: tuple[str, ...], share: float) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_STALE, {"tables": list(tables), "share": share})
        return [row[0] for row in cursor.fetchall()]
