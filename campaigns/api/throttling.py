"""At most so many requests a minute for each token and each person, counted in PostgreSQL for all processes
alike.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from rest_framework.throttling import BaseThrottle

from campaigns.models import ApiToken

REQUESTS_A_MINUTE = 600

_COUNT = """
    INSERT INTO campaigns_requestcount AS c (caller, minute, count)
    VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
    ON CONFLICT (caller) DO UPDATE
       SET count = CASE WHEN c.minute = EXCLUDED.minute THEN c.count + 1 ELSE 1 END,
           minute = EXCLUDED.minute
    RETURNING count, ceil(extract(epoch FROM minute + interval '1 minute' - statement_timestamp()))
"""


class MinuteThrottle(BaseThrottle):
    """Counts every request that was let in; the next minute begins anew."""

    _left = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [_caller(request)])
            count, left = cursor.fetchone()
        self._left = int(left)
        return int(count) <= REQUESTS_A_MINUTE

    def wait(self) -> float:
        return max(1, self._left)


def _caller(request: Any) -> str:
    if isinstance(request.auth, ApiToken):
        return f"token {request.auth.pk}"
    return f"user {request.user.pk}"
