"""English: what differs from Django's own."""

from __future__ import annotations

DATETIME_FORMAT = "N j, Y, P T"
MONTH_DAY_FORMAT = "N j"
SHORT_DATETIME_FORMAT = "m/d/Y P T"
